//! What a broken link was probably meant to be.
//!
//! In: an address or path at which nothing stands, or a fragment that no heading has. Out: the
//! nearest things there are. The work is bounded: candidates come from tables by file name and by
//! folder, never from the whole site.

use std::collections::BTreeMap;

use crate::diagnostic::nearest;
use crate::model::tags::tag_slug;
use crate::model::urls::FileName;
use crate::model::{Page, Site};

/// Most candidates that are compared letter by letter.
const CANDIDATES: usize = 200;

/// Pages and files by name and by folder.
pub(super) struct Nearest<'s> {
    entries: Vec<Entry<'s>>,
    by_name: BTreeMap<String, Vec<usize>>,
    by_title: BTreeMap<String, Vec<usize>>,
    by_folder: BTreeMap<&'s str, Vec<usize>>,
}

/// A page or file that may have been meant.
pub(super) struct Entry<'s> {
    /// Relative to the content directory, or a static file's address without its first slash.
    pub path: &'s str,
    /// Its address.
    pub url: &'s str,
    /// The page that it is, if it is one.
    pub page: Option<&'s Page>,
}

impl<'s> Nearest<'s> {
    pub fn new(site: &'s Site) -> Self {
        let pages = site.pages.iter().map(|page| Entry {
            path: &page.parsed.content_path,
            url: &page.url,
            page: Some(page),
        });
        let assets = site.assets.iter().map(|asset| Entry {
            path: asset.url.trim_start_matches('/'),
            url: &asset.url,
            page: None,
        });
        let entries: Vec<Entry<'s>> = pages.chain(assets).collect();
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut by_folder: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (id, entry) in entries.iter().enumerate() {
            by_name.entry(name(entry.path)).or_default().push(id);
            by_folder.entry(folder(entry.path)).or_default().push(id);
        }
        let mut by_title: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (id, page) in site.pages.iter().enumerate() {
            by_title.entry(tag_slug(&page.title)).or_default().push(id);
        }
        Self { entries, by_name, by_title, by_folder }
    }

    /// The page or file that `wanted`, a path from the root of the site, most probably means: the
    /// same name elsewhere, a folder's page of one of its folders' names, a like name in the same
    /// folder, a like name anywhere, the same title.
    pub fn find(&self, wanted: &str, is_image: bool) -> Option<&Entry<'s>> {
        let wanted = wanted.trim_matches('/');
        let is_folder_page = stands_for_folder(wanted);
        let name = name(wanted);
        let fits = |id: &usize| !(is_image && self.entries[*id].page.is_some());
        let named = |name: &str| -> Vec<usize> {
            self.by_name.get(name).into_iter().flatten().copied().filter(fits).collect()
        };
        if let Some(best) = self.closest(wanted, &named(&name)) {
            return Some(best);
        }
        if is_folder_page {
            let above = wanted.rsplit('/').skip(1).map(str::to_lowercase);
            let pages = above.map(|folder| {
                let ids = named(&folder).into_iter();
                ids.filter(|id| stands_for_folder(self.entries[*id].path)).collect::<Vec<_>>()
            });
            if let Some(best) = pages.take(8).find_map(|ids| self.closest(wanted, &ids)) {
                return Some(best);
            }
        }
        let alike = |id: &usize| fits(id) && stands_for_folder(self.entries[*id].path) == is_folder_page;
        let beside = self.by_folder.get(folder(wanted)).into_iter().flatten().filter(|id| alike(id));
        let beside: BTreeMap<String, usize> =
            beside.take(CANDIDATES).map(|id| (self::name(self.entries[*id].path), *id)).collect();
        if let Some(like) = nearest(&name, beside.keys().map(String::as_str)) {
            return Some(&self.entries[beside[like]]);
        }
        let first = name.chars().next()?;
        let names = self.by_name.range(first.to_string()..).take_while(|(other, _)| other.starts_with(first));
        let names = names.map(|(other, _)| other.as_str());
        let near = names.filter(|other| other.len().abs_diff(name.len()) <= 2).take(CANDIDATES);
        let like: Vec<usize> =
            nearest(&name, near).map(named).unwrap_or_default().into_iter().filter(alike).collect();
        let titled = self.by_title.get(&tag_slug(&name)).into_iter().flatten().copied().filter(fits);
        self.closest(wanted, &like).or_else(|| self.closest(wanted, &titled.collect::<Vec<_>>()))
    }

    /// Of several, the one with the path that differs least.
    fn closest(&self, wanted: &str, ids: &[usize]) -> Option<&Entry<'s>> {
        let distance = |id: usize| strsim::levenshtein(wanted, self.entries[id].path);
        ids.iter().take(CANDIDATES).map(|id| (distance(*id), *id)).min().map(|(_, id)| &self.entries[id])
    }
}

/// The last part without its endings, in lower case; for a folder's own page the folder's.
fn name(path: &str) -> String {
    let file = FileName::of(path);
    let stem = file.stem(file.is_index() || file.is_readme());
    let last = stem.rsplit('/').next().unwrap_or_default();
    last.strip_suffix(".html").unwrap_or(last).to_lowercase()
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether a path means a folder: its page's name says so, or it has no ending.
fn stands_for_folder(path: &str) -> bool {
    let file = FileName::of(path);
    file.is_index() || file.is_readme() || !path.rsplit('/').next().unwrap_or_default().contains('.')
}

/// The ids of a page that are nearest to a fragment, at most three, the nearest first; and whether
/// the first is near enough to be meant.
pub(super) fn nearest_ids<'s>(page: &'s Page, fragment: &str) -> (Vec<&'s str>, bool) {
    let ids = page.parsed.headings.iter().map(|heading| heading.id.as_str());
    let ids = ids.chain(page.parsed.anchors.iter().map(|anchor| anchor.value.as_str()));
    let wanted = fragment.to_lowercase();
    let mut ranked: Vec<(usize, &str)> = ids
        .filter(|id| !id.is_empty())
        .take(10 * CANDIDATES)
        .map(|id| (rank(&wanted, &id.to_lowercase()), id))
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.dedup_by(|a, b| a.1 == b.1);
    let best: Vec<&str> = ranked.iter().take(3).map(|(_, id)| *id).collect();
    let is_near = best.first().is_some_and(|best| {
        nearest(fragment, [*best]).is_some() || contains_word(best, &wanted) || contains_word(&wanted, best)
    });
    (best, is_near)
}

/// Edit distance, less where one is a part of the other: headings grow and shrink at their ends.
fn rank(wanted: &str, id: &str) -> usize {
    let distance = strsim::damerau_levenshtein(wanted, id);
    if contains_word(id, wanted) || contains_word(wanted, id) { distance / 3 } else { distance }
}

fn contains_word(long: &str, short: &str) -> bool {
    short.len() >= 4
        && long.match_indices(short).any(|(at, _)| {
            let before = long[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
            let after = long[at + short.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
            before && after
        })
}
