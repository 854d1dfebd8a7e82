//! What machines read: the sitemap, the feed, `robots.txt`.

use std::fmt::Write as _;

use serde::Serialize;
use tera::Context;

use super::dates::Dated;
use super::{BuildStamp, Links};
use crate::model::outputs::SITEMAP_ENTRIES;
use crate::model::{Output, Site};

/// Newest pages in the feed.
const FEED_ENTRIES: usize = 20;
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

/// `sitemap.xml`: every address, or where the parts are if they are too many for one file.
pub(super) fn sitemap(site: &Site) -> (&'static str, Context) {
    let parts = site.outputs.iter().filter(|(_, output)| matches!(output, Output::SitemapPart(_)));
    let parts: Vec<String> = parts.map(|(url, _)| absolute(site, url)).collect();
    if parts.is_empty() {
        return sitemap_part(site, 0);
    }
    let mut context = Context::new();
    context.insert("parts", &parts);
    ("sitemap-index.xml", context)
}

/// Pages and the lists that stand in for folders without one, in the order of their addresses: as
/// many as one file may hold.
pub(super) fn sitemap_part(site: &Site, part: usize) -> (&'static str, Context) {
    let entries = site.outputs.iter().filter_map(|(url, output)| {
        let changed = match output {
            // What search engines shall leave out is not offered to them either.
            Output::Page(page) if super::opening::is_closed(&site.pages[*page], &site.today) => return None,
            Output::Page(page) => site.pages[*page].git.as_ref().map(|git| git.changed.as_str()),
            Output::Home | Output::Section(_) => None,
            _ => return None,
        };
        Some((url, changed))
    });
    let entries = entries.skip(part * SITEMAP_ENTRIES).take(SITEMAP_ENTRIES);
    let entries = entries.map(|(url, changed)| SitemapEntry { url: absolute(site, url), changed });
    let mut context = Context::new();
    context.insert("entries", &entries.collect::<Vec<_>>());
    ("sitemap.xml", context)
}

fn absolute(site: &Site, url: &str) -> String {
    site.addresses.absolute(url).unwrap_or_else(|| site.addresses.href("/", url, None))
}

/// The newest of `by_date`, which holds the pages with a date, newest first.
pub(super) fn feed(site: &Site, links: &Links<'_>, stamp: &BuildStamp, by_date: &[Dated]) -> Context {
    let address = |url: &str| site.addresses.absolute(url).unwrap_or_else(|| links.to(url));
    let entries: Vec<FeedEntry> = by_date
        .iter()
        .take(FEED_ENTRIES)
        .map(|dated| {
            let page = &site.pages[dated.page];
            FeedEntry {
                id: id_of(site, &page.url, &page.parsed.content_path),
                title: printable(&page.title),
                updated: format!("{}T00:00:00Z", dated.date),
                author: printable(&dated.by),
                url: address(&page.url),
                summary: printable(&page.description),
            }
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
