//! Tags and kinds: which are in use, and by which pages.
//!
//! In: pages. Out: tags with one address each, synonyms of the config replaced; kinds with their
//! pages. Not here: which kinds there are (`config::kinds`).

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::owners::Owner;
use super::{KindPages, OwnerPages, Page, PageId, Tag};
use crate::config::Config;
use crate::config::names::find_address_problem;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::front_matter::INVALID_TAG;

/// Longest part of an address that a tag may make, in characters.
const SLUG_CHARS: usize = 100;
/// Whose pages are that have no owner.
pub const NOBODY: &str = "nobody";

/// Collects the tags of all pages and gives each page its own.
pub(super) fn build_tags(pages: &mut [Page], config: &Config, findings: &mut Vec<Diagnostic>) -> Vec<Tag> {
    let synonyms: BTreeMap<String, &str> =
        config.tag_synonyms.iter().map(|(from, to)| (tag_slug(from), to.as_str())).collect();
    let mut tags: BTreeMap<String, Tag> = BTreeMap::new();
    let mut of_page: Vec<Vec<String>> = Vec::with_capacity(pages.len());
    for (id, page) in pages.iter().enumerate() {
        let mut slugs = Vec::new();
        for written in &page.parsed.front.tags {
            let slug = tag_slug(&written.value);
            let name = synonyms.get(&slug).copied().unwrap_or(written.value.trim());
            let slug = tag_slug(name);
            if let Some(why) = find_problem(&slug) {
                findings.push(
                    Diagnostic::new(&INVALID_TAG, format!("the tag `{}` {why}", shown(&written.value)))
                        .at(&page.parsed.file, written.span, "")
                        .help("use a short tag with letters or digits"),
                );
                continue;
            }
            if slugs.contains(&slug) {
                continue;
            }
            let tag = tags.entry(slug.clone()).or_insert_with(|| Tag {
                name: name.to_owned(),
                slug: slug.clone(),
                pages: Vec::new(),
            });
            tag.pages.push(id);
            slugs.push(slug);
        }
        of_page.push(slugs);
    }
    let ids: BTreeMap<String, usize> = tags.keys().cloned().zip(0..).collect();
    for (page, slugs) in pages.iter_mut().zip(of_page) {
        page.tags = slugs.iter().map(|slug| ids[slug]).collect();
        page.tags.sort_unstable();
    }
    let mut tags: Vec<Tag> = tags.into_values().collect();
    for tag in &mut tags {
        sort_by_title(&mut tag.pages, pages);
    }
    tags
}

/// The part of an address that a tag makes: NFC, small letters and digits, `-` for everything
/// between; `c++` and `c#` keep their difference in words. May be empty.
pub fn tag_slug(tag: &str) -> String {
    let mut slug = String::new();
    for letter in tag.nfc() {
        match letter {
            _ if letter.is_alphanumeric() => slug.extend(letter.to_lowercase()),
            '+' if !slug.is_empty() => slug.push_str("-plus-"),
            '#' if !slug.is_empty() => slug.push_str("-sharp-"),
            _ => slug.push('-'),
        }
    }
    slug.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-").nfc().collect()
}

fn find_problem(slug: &str) -> Option<String> {
    if slug.is_empty() {
        return Some("has neither letter nor digit".into());
    }
    if slug.chars().count() > SLUG_CHARS || slug.len() > 2 * SLUG_CHARS {
        return Some("is too long for an address".into());
    }
    find_address_problem(slug).map(|why| format!("cannot be an address: {why}"))
}

fn shown(tag: &str) -> String {
    if tag.chars().count() > 40 { tag.chars().take(40).chain(['…']).collect() } else { tag.to_owned() }
}

/// The kinds in use, in the order of the config's table.
pub(super) fn build_kinds(pages: &[Page], config: &Config) -> Vec<KindPages> {
    let mut by_kind: BTreeMap<&str, Vec<PageId>> = BTreeMap::new();
    for (id, page) in pages.iter().enumerate() {
        by_kind.entry(&page.kind).or_default().push(id);
    }
    let place = |kind: &str| config.kinds.all.iter().position(|known| known.name == kind);
    let mut kinds: Vec<KindPages> = by_kind
        .into_iter()
        .map(|(kind, mut ids)| {
            sort_by_title(&mut ids, pages);
            KindPages { kind: kind.to_owned(), pages: ids }
        })
        .collect();
    kinds.sort_by_key(|pages| place(&pages.kind).unwrap_or(usize::MAX));
    kinds
}

/// The owners of all pages by their addresses. Names that make the same address are one owner.
/// Empty if no page has an owner; else what has none is `nobody`'s.
pub(super) fn build_owned(pages: &[Page], known: &BTreeMap<String, Owner>) -> Vec<OwnerPages> {
    let mut owned: BTreeMap<String, OwnerPages> = BTreeMap::new();
    let mut add = |key: &str, name: &str, page: PageId| {
        let slug = tag_slug(key);
        if find_problem(&slug).is_none() {
            let entry = owned.entry(slug.clone());
            let new = || OwnerPages { name: name.to_owned(), slug, pages: Vec::new() };
            let pages = &mut entry.or_insert_with(new).pages;
            if pages.last() != Some(&page) {
                pages.push(page);
            }
        }
    };
    if pages.iter().all(|page| page.owners.is_empty()) {
        return Vec::new();
    }
    for (id, page) in pages.iter().enumerate() {
        for owner in &page.owners {
            add(owner, known.get(owner).map_or(owner, |known| &known.name), id);
        }
        if page.owners.is_empty() {
            add(NOBODY, "Nobody", id);
        }
    }
    let mut owned: Vec<OwnerPages> = owned.into_values().collect();
    for owner in &mut owned {
        sort_by_title(&mut owner.pages, pages);
    }
    owned
}

fn sort_by_title(ids: &mut [PageId], pages: &[Page]) {
    ids.sort_by_cached_key(|id| (pages[*id].title.to_lowercase(), *id));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_makes_a_stable_part_of_an_address() {
        for (tag, slug) in [
            ("Kubernetes", "kubernetes"),
            ("on call/nights", "on-call-nights"),
            ("  a -- b ", "a-b"),
            ("c++", "c-plus-plus"),
            ("C#", "c-sharp"),
            ("#sev1", "sev1"),
            ("Straße", "straße"),
            ("ÉTÉ", "été"),
            ("e\u{301}te\u{301}", "été"),
            ("日本語", "日本語"),
            ("🔥", ""),
            ("---", ""),
        ] {
            assert_eq!(tag_slug(tag), slug, "{tag}");
        }
    }
}
