//! What machines read: the sitemap, the feed, `robots.txt`.

use std::fmt::Write as _;

use serde::Serialize;
use tera::Context;

use super::{BuildStamp, Links};
use crate::model::{Output, PageId, Site};

/// Newest pages in the feed.
const FEED_ENTRIES: usize = 20;
/// What the sitemap protocol allows in one file.
const SITEMAP_ENTRIES: usize = 50_000;
/// What an Atom feed says when nothing is dated: RFC 4287 wants some date.
const NO_DATE: &str = "1970-01-01T00:00:00Z";

#[derive(Debug, Serialize)]
struct SitemapEntry<'s> {
    url: String,
    changed: Option<&'s str>,
}

#[derive(Debug, Serialize)]
struct Feed {
    id: String,
    title: String,
    subtitle: String,
    updated: String,
    home: String,
    url: Option<String>,
    entries: Vec<FeedEntry>,
}

#[derive(Debug, Serialize)]
struct FeedEntry {
    id: String,
    title: String,
    updated: String,
    author: String,
    url: String,
    summary: String,
}

/// Pages and the lists that stand in for folders without one, in the order of their addresses.
pub(super) fn sitemap(site: &Site) -> Context {
    let entries = site.outputs.iter().filter_map(|(url, output)| {
        let changed = match output {
            Output::Page(page) => site.pages[*page].git.as_ref().map(|git| git.changed.as_str()),
            Output::Home | Output::Section(_) => None,
            _ => return None,
        };
        let url = site.addresses.absolute(url).unwrap_or_else(|| site.addresses.href("/", url, None));
        Some(SitemapEntry { url, changed })
    });
    let mut context = Context::new();
    context.insert("entries", &entries.take(SITEMAP_ENTRIES).collect::<Vec<_>>());
    context
}

/// The newest of `by_date`, which holds the pages with a date, newest first.
pub(super) fn feed(site: &Site, links: &Links<'_>, stamp: &BuildStamp, by_date: &[PageId]) -> Context {
    let address = |url: &str| site.addresses.absolute(url).unwrap_or_else(|| links.to(url));
    let entries: Vec<FeedEntry> = by_date
        .iter()
        .take(FEED_ENTRIES)
        .filter_map(|id| {
            let page = &site.pages[*id];
            let git = page.git.as_ref()?;
            Some(FeedEntry {
                id: id_of(site, &page.url, &page.parsed.content_path),
                title: printable(&page.title),
                updated: format!("{}T00:00:00Z", git.changed),
                author: printable(&git.changed_by),
                url: address(&page.url),
                summary: printable(&page.description),
            })
        })
        .collect();
    let built = stamp.built.get(..16).map(|time| format!("{}:00Z", time.replace(' ', "T")));
    let updated = entries.first().map(|entry| entry.updated.clone()).or(built);
    let feed = Feed {
        id: id_of(site, "/", ""),
        title: printable(&site.config.title),
        subtitle: printable(&site.config.description),
        updated: updated.unwrap_or_else(|| NO_DATE.to_owned()),
        home: address("/"),
        url: site.addresses.absolute("/feed.xml"),
        entries,
    };
    let mut context = Context::new();
    context.insert("feed", &feed);
    context
}

/// `robots.txt`: everything may be read, and where the sitemap is.
pub(super) fn robots(site: &Site) -> Context {
    let mut context = Context::new();
    let sitemap = site.outputs.contains_key("/sitemap.xml").then(|| site.addresses.absolute("/sitemap.xml"));
    context.insert("sitemap", &sitemap.flatten());
    context
}

/// An id that stays: the absolute address, else a UUID (version 8) made of the site and the path.
fn id_of(site: &Site, url: &str, path: &str) -> String {
    if let Some(url) = site.addresses.absolute(url) {
        return url;
    }
    let hash = blake3::hash(format!("{}\0{path}", site.config.title).as_bytes());
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&hash.as_bytes()[..16]);
    bytes[6] = (bytes[6] & 0x0F) | 0x80;
    bytes[8] = (bytes[8] & 0x3F) | 0x80;
    let mut id = String::from("urn:uuid:");
    for (at, byte) in bytes.iter().enumerate() {
        let dash = if matches!(at, 4 | 6 | 8 | 10) { "-" } else { "" };
        // Writing to a String cannot fail.
        let _ = write!(id, "{dash}{byte:02x}");
    }
    id
}

/// Without the control characters that XML has no way to write.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}')).collect()
}
