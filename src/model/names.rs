//! Every way to name a page in front matter: its address, its path with and without endings, its
//! id and those that it had.

use std::collections::BTreeMap;

use super::{Page, PageId, Site};
use crate::yaml::Node;

/// Pages by all their names.
#[derive(Clone, Debug, Default)]
pub struct PageNames(BTreeMap<String, PageId>);

impl PageNames {
    /// The names of all pages, and of the old addresses that lead to them.
    pub fn new(site: &Site) -> Self {
        let mut names = BTreeMap::new();
        for (id, page) in site.pages.iter().enumerate() {
            let path = &page.parsed.content_path;
            let mut add = |name: &str| {
                names.entry(normal(name)).or_insert(id);
            };
            add(path);
            add(&page.url);
            add(page.url.trim_end_matches(".html"));
            let name_at = path.rfind('/').map_or(0, |slash| slash + 1);
            let stem = path[name_at..].find('.').map_or(path.as_str(), |dot| &path[..name_at + dot]);
            add(stem);
            if let Some(id) = &page.parsed.front.id {
                add(&id.value);
            }
        }
        for (id, page) in site.pages.iter().enumerate() {
            let former = page.parsed.front.field("former_ids").map(Node::items).unwrap_or_default();
            for former in former.iter().filter_map(Node::text) {
                names.entry(normal(former.trim())).or_insert(id);
            }
        }
        for redirect in &site.redirects {
            names.entry(normal(&redirect.from)).or_insert(redirect.to);
        }
        Self(names)
    }

    /// The page that a value means: from the content directory, or from the folder of the page that
    /// it stands on.
    pub fn find(&self, written: &str, on: Option<&Page>) -> Option<PageId> {
        let bare = written.split(['#', '?']).next().unwrap_or(written);
        if let Some(page) = on.filter(|_| !bare.starts_with('/')) {
            let folder = page.parsed.content_path.rsplit_once('/').map_or("", |(folder, _)| folder);
            if let Some(found) = self.0.get(&normal(&format!("{folder}/{bare}"))) {
                return Some(*found);
            }
        }
        self.0.get(&normal(bare)).copied()
    }
}

/// Without slashes at its ends, `.` and `..` resolved.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}
