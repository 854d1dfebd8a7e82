//! What a broken link was probably meant to be.
//!
//! In: an address or path at which nothing stands, or a fragment that no heading has. Out: the
//! nearest things there are. The work is bounded: candidates come from tables by file name and by
//! folder, never from the whole site, and only those made of nearly the same letters are compared
//! letter by letter. So ten thousand broken links take about a second.

use std::collections::BTreeMap;

use strsim::{damerau_levenshtein, levenshtein};

use crate::model::tags::tag_slug;
use crate::model::urls::FileName;
use crate::model::{Page, Site};

/// Most candidates that are looked at for one link.
const CANDIDATES: usize = 200;
/// Most of them that are compared letter by letter.
const COMPARED: usize = 20;

/// Pages and files by name and by folder.
pub(super) struct Nearest<'s> {
    entries: Vec<Entry<'s>>,
    by_name: BTreeMap<String, Vec<usize>>,
    /// By first letter and length of the name.
    by_shape: BTreeMap<(char, usize), Vec<usize>>,
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
    name: String,
    letters: Letters,
}

impl<'s> Entry<'s> {
    fn new(path: &'s str, url: &'s str, page: Option<&'s Page>) -> Self {
        let name = name(path);
        Self { path, url, page, letters: Letters::of(&name), name }
    }
}

impl<'s> Nearest<'s> {
    pub fn new(site: &'s Site) -> Self {
        let pages = site.pages.iter();
        let pages = pages.map(|page| Entry::new(&page.parsed.content_path, &page.url, Some(page)));
        let assets = site.assets.iter();
        let assets = assets.map(|asset| Entry::new(asset.url.trim_start_matches('/'), &asset.url, None));
        let entries: Vec<Entry<'s>> = pages.chain(assets).collect();
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut by_shape: BTreeMap<(char, usize), Vec<usize>> = BTreeMap::new();
        let mut by_folder: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (id, entry) in entries.iter().enumerate() {
            by_name.entry(entry.name.clone()).or_default().push(id);
            by_folder.entry(parent(entry.path)).or_default().push(id);
            if let Some(first) = entry.name.chars().next() {
                by_shape.entry((first, entry.name.chars().count())).or_default().push(id);
            }
        }
        let mut by_title: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (id, page) in site.pages.iter().enumerate() {
            by_title.entry(tag_slug(&page.title)).or_default().push(id);
        }
        Self { entries, by_name, by_shape, by_title, by_folder }
    }

    /// The page or file that `wanted`, a path from the root of the site, most probably means: the
    /// same name elsewhere, a like name in the same folder, a folder's page of one of its folders'
    /// names, a like name anywhere, the same title.
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
        // An address tells nothing of the file behind it, except that it is a page.
        let is_address = !wanted.rsplit('/').next().unwrap_or_default().contains('.');
        let same_sort = |id: &usize| {
            let entry = &self.entries[*id];
            let same = if is_address {
                entry.page.is_some()
            } else {
                stands_for_folder(entry.path) == is_folder_page
            };
            fits(id) && same
        };
        let beside = self.by_folder.get(parent(wanted)).into_iter().flatten().copied().filter(same_sort);
        if let Some(best) = self.most_alike(&name, beside.take(CANDIDATES)) {
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
        let first = name.chars().next()?;
        let length = name.chars().count();
        let shapes = self.by_shape.range((first, length.saturating_sub(2))..=(first, length + 2));
        let near = shapes.flat_map(|(_, ids)| ids).copied().filter(same_sort);
        let title = tag_slug(&name);
        let titled = self.by_title.get(&title).filter(|_| !title.is_empty());
        let titled = titled.into_iter().flatten().copied().filter(fits);
        self.most_alike(&name, near.take(CANDIDATES))
            .or_else(|| self.closest(wanted, &titled.take(COMPARED).collect::<Vec<_>>()))
    }

    /// The one whose name is nearest to `name`, if it is near enough to be meant.
    fn most_alike(&self, name: &str, ids: impl Iterator<Item = usize>) -> Option<&Entry<'s>> {
        let letters = Letters::of(name);
        let limit = limit(name);
        let near = ids.filter(|id| letters.differ(&self.entries[*id].letters) <= 2 * limit);
        let ranked = near.take(COMPARED).map(|id| (damerau_levenshtein(name, &self.entries[id].name), id));
        ranked.filter(|(distance, _)| *distance <= limit).min().map(|(_, id)| &self.entries[id])
    }

    /// Of several, the one with the path that differs least.
    fn closest(&self, wanted: &str, ids: &[usize]) -> Option<&Entry<'s>> {
        let distance = |id: usize| levenshtein(wanted, self.entries[id].path);
        ids.iter().take(COMPARED).map(|id| (distance(*id), *id)).min().map(|(_, id)| &self.entries[id])
    }
}

/// The last part without its endings, in lower case; for a folder's own page the folder's.
fn name(path: &str) -> String {
    let file = FileName::of(path);
    let stem = file.stem(file.is_index() || file.is_readme());
    let last = stem.rsplit('/').next().unwrap_or_default();
    last.strip_suffix(".html").unwrap_or(last).to_lowercase()
}

/// The folder in which the page stands that a path means: a folder's own page stands in the one above.
fn parent(path: &str) -> &str {
    let file = FileName::of(path);
    if file.is_index() || file.is_readme() { folder(folder(path)) } else { folder(path) }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether a path means a folder: its page's name says so, or it has no ending.
fn stands_for_folder(path: &str) -> bool {
    let file = FileName::of(path);
    file.is_index() || file.is_readme() || !path.rsplit('/').next().unwrap_or_default().contains('.')
}

/// How many letters of a name may differ for it to be meant. One letter of two is another name.
fn limit(name: &str) -> usize {
    match name.chars().count() {
        0..=2 => 0,
        length => (length / 4).max(1),
    }
}

/// How often each letter stands in a name: a bound of the edit distance that costs next to nothing.
struct Letters([u8; 40]);

impl Letters {
    fn of(name: &str) -> Self {
        let mut counts = [0u8; 40];
        for letter in name.chars() {
            let place = match letter {
                'a'..='z' => letter as usize - 'a' as usize,
                '0'..='9' => 26 + letter as usize - '0' as usize,
                _ => 36 + letter as usize % 4,
            };
            counts[place] = counts[place].saturating_add(1);
        }
        Self(counts)
    }

    /// At most twice the edit distance.
    fn differ(&self, other: &Self) -> usize {
        self.0.iter().zip(&other.0).map(|(a, b)| usize::from(a.abs_diff(*b))).sum()
    }
}

/// The ids of a page that are nearest to a fragment, at most three, the nearest first; and whether
/// the first is near enough to be meant. A heading has several ids, of which the nearest counts.
pub(super) fn nearest_ids<'s>(page: &'s Page, fragment: &str) -> (Vec<&'s str>, bool) {
    let headings = page.parsed.headings.iter();
    let headings = headings.map(|heading| {
        std::iter::once(&heading.id).chain(&heading.other_ids).map(String::as_str).collect::<Vec<_>>()
    });
    let anchors = page.parsed.anchors.iter().map(|anchor| vec![anchor.value.as_str()]);
    let wanted: String = fragment.to_lowercase().chars().take(200).collect();
    let letters = Letters::of(&wanted);
    let likeness = |id: &str| {
        let lower = id.to_lowercase();
        let is_part = contains_word(&lower, &wanted) || contains_word(&wanted, &lower);
        if is_part { 0 } else { letters.differ(&Letters::of(&lower)) }
    };
    let mut near: Vec<(usize, Vec<&str>)> = headings
        .chain(anchors)
        .filter_map(|mut ids| {
            ids.retain(|id| !id.is_empty());
            Some((ids.iter().map(|id| likeness(id)).min()?, ids))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    near.truncate(COMPARED);
    let ranked = near
        .into_iter()
        .filter_map(|(_, ids)| ids.into_iter().map(|id| (rank(&wanted, &id.to_lowercase()), id)).min());
    let mut ranked: Vec<(usize, &str)> = ranked.collect();
    ranked.sort_unstable();
    let is_near = ranked.first().is_some_and(|(rank, _)| *rank <= limit(&wanted));
    (ranked.into_iter().take(3).map(|(_, id)| id).collect(), is_near)
}

/// Edit distance, less where one is a part of the other: headings grow and shrink at their ends.
fn rank(wanted: &str, id: &str) -> usize {
    let distance = damerau_levenshtein(wanted, id);
    if contains_word(id, wanted) || contains_word(wanted, id) { distance.div_ceil(4) } else { distance }
}

fn contains_word(long: &str, short: &str) -> bool {
    short.len() >= 4
        && long.match_indices(short).any(|(at, _)| {
            let before = long[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
            let after = long[at + short.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
            before && after
        })
}
