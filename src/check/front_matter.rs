//! Front matter that only the whole site can judge.
//!
//! In: the site. Out: findings about references to pages that do not exist or are of another kind.
//! Not here: what a page's own front matter shows (`parse`), and its review (`freshness::review`).

use std::collections::BTreeMap;

use crate::config::kinds::FieldType;
use crate::diagnostic::rules::front_matter::WRONG_TYPE;
use crate::diagnostic::rules::links::BROKEN_LINK;
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::{Page, Site};
use crate::source::Span;
use crate::yaml::Node;

/// Fields that name a page: it must exist, and be of the kind that the field asks for.
pub fn check_references(site: &Site) -> Vec<Diagnostic> {
    let by_name = names(site);
    let mut findings = Vec::new();
    for page in &site.pages {
        let Some(kind) = site.config.kinds.find(&page.kind) else { continue };
        for (key, node) in &page.parsed.front.fields {
            let Some(field) = kind.keys().find(|field| field.name == key.value) else { continue };
            let wanted = match &field.kind {
                FieldType::Page(wanted) => wanted,
                FieldType::List(of) => match of.as_ref() {
                    FieldType::Page(wanted) => wanted,
                    _ => continue,
                },
                _ => continue,
            };
            for item in node.items() {
                findings.extend(check_reference(site, page, &key.value, item, wanted.as_deref(), &by_name));
            }
        }
    }
    findings
}

fn check_reference(
    site: &Site,
    page: &Page,
    key: &str,
    item: &Node,
    wanted: Option<&str>,
    by_name: &BTreeMap<String, &Page>,
) -> Option<Diagnostic> {
    let written = item.text()?.trim();
    // Another site is not ours to judge.
    if written.contains("://") || site.config.elsewhere.iter().any(|(glob, _)| glob.is_match(written)) {
        return None;
    }
    let bare = written.split(['#', '?']).next().unwrap_or(written);
    let folder = page.parsed.content_path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let found = if bare.starts_with('/') {
        by_name.get(&normal(bare))
    } else {
        by_name.get(&normal(&format!("{folder}/{bare}"))).or_else(|| by_name.get(&normal(bare)))
    };
    let Some(target) = found else {
        let message = format!("`{key}` names the page `{written}`, which does not exist");
        let finding =
            Diagnostic::new(&BROKEN_LINK, message).at(&page.parsed.file, item.span, "").leads_to(bare);
        let known = by_name.values().map(|page| page.parsed.content_path.as_str());
        return Some(match nearest(bare.trim_start_matches('/'), known) {
            Some(near) => finding.help(format!("did you mean `/{near}`?")),
            None => {
                finding.help("write its path from the content directory, such as `/runbooks/disk-full.md`")
            }
        });
    };
    let wanted = wanted.filter(|wanted| *wanted != target.kind)?;
    let message =
        format!("`{key}` takes a page of kind `{wanted}`, and `{written}` is of kind `{}`", target.kind);
    let place = target.parsed.front.span;
    let remark = format!("of kind `{}`", target.kind);
    let start = place.start as usize;
    Some(
        Diagnostic::new(&WRONG_TYPE, message)
            .at(&page.parsed.file, item.span, "")
            .and(&target.parsed.file, Span::new(start, start), remark)
            .help(format!("name a page of kind `{wanted}`")),
    )
}

/// Every way to name a page: its address, its path with and without endings, its id.
fn names(site: &Site) -> BTreeMap<String, &Page> {
    let mut names = BTreeMap::new();
    for page in &site.pages {
        let path = &page.parsed.content_path;
        let mut add = |name: &str| {
            names.entry(normal(name)).or_insert(page);
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
    for redirect in &site.redirects {
        names.entry(normal(&redirect.from)).or_insert(&site.pages[redirect.to]);
    }
    names
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
