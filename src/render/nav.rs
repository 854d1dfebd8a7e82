//! The navigation beside the text, rendered once for each folder.
//!
//! In: the site and where a page stands. Out: HTML with the current page marked. The folders above
//! are open, those at the top are listed, and of a folder with more than [`WINDOW`] entries only the
//! part around the page is shown, so that the size of the site stays linear in its pages.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use tera::Context;

use super::context::NavEntry;
use super::theme::{Theme, html};
use super::trust::StateMark;
use super::{Links, NAV};
use crate::diagnostic::Diagnostic;
use crate::model::{Child, PageId, SectionId, Site};

/// Entries of one folder that are shown at once.
const WINDOW: usize = 100;
/// Folders deeper than this are not opened one inside the other.
const MAX_DEPTH: usize = 32;
/// Around the number of an entry where its mark may go; control characters that no title holds.
const MARK: char = '\u{2}';

/// Which navigation: the folder, the part of its entries, how deep the page's address is.
type Key = (SectionId, usize, usize);

/// The navigation of every folder, rendered when first needed.
#[derive(Debug)]
pub struct Navigation {
    /// Of each page, its place among its folder's entries.
    places: Vec<usize>,
    /// Of each folder, its place among the entries of the folder above it.
    section_places: Vec<usize>,
    rendered: RwLock<BTreeMap<Key, Arc<Rendered>>>,
    /// Of each page, a warning that it cannot be trusted.
    warnings: Vec<Option<StateMark>>,
}

/// HTML in pieces: between two pieces stands the mark of an entry, if that one is current.
#[derive(Debug)]
struct Rendered {
    pieces: Vec<String>,
    /// The entry between each piece and the next.
    marks: Vec<Entry>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    Page(PageId),
    Section(SectionId),
}

impl Navigation {
    /// Prepares the navigation of a site.
    pub fn new(site: &Site) -> Self {
        let mut places = vec![0; site.pages.len()];
        let mut section_places = vec![0; site.sections.len()];
        for section in &site.sections {
            for (place, child) in section.children.iter().enumerate() {
                match child {
                    Child::Page(page) => places[*page] = place,
                    Child::Section(section) => section_places[*section] = place,
                }
            }
        }
        Self { places, section_places, rendered: RwLock::default(), warnings: Vec::new() }
    }

    /// Marks pages that cannot be trusted; before anything is rendered.
    pub fn mark_pages(&mut self, warnings: Vec<Option<StateMark>>) {
        self.warnings = warnings;
    }

    /// The navigation on a page.
    pub fn of_page(
        &self,
        site: &Site,
        theme: &Theme,
        links: &Links<'_>,
        page: PageId,
    ) -> Result<String, Box<Diagnostic>> {
        let at = &site.pages[page];
        if at.is_section_page {
            return self.of_section(site, theme, links, at.section);
        }
        let part = self.places[page] / WINDOW;
        Ok(self.rendered(site, theme, links, at.section, part)?.with(Entry::Page(page)))
    }

    /// The navigation on the list of a folder; of the root for what stands in no folder.
    pub fn of_section(
        &self,
        site: &Site,
        theme: &Theme,
        links: &Links<'_>,
        section: SectionId,
    ) -> Result<String, Box<Diagnostic>> {
        // A folder that holds its own page only is one page among those of the folder above.
        let (shown, part) = match site.sections.get(section) {
            Some(folder) if folder.children.is_empty() => {
                (folder.parent.unwrap_or(section), self.section_places[section] / WINDOW)
            }
            _ => (section, 0),
        };
        Ok(self.rendered(site, theme, links, shown, part)?.with(Entry::Section(section)))
    }

    fn rendered(
        &self,
        site: &Site,
        theme: &Theme,
        links: &Links<'_>,
        section: SectionId,
        part: usize,
    ) -> Result<Arc<Rendered>, Box<Diagnostic>> {
        let key = (section, part, links.depth());
        if let Some(known) = self.rendered.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(known));
        }
        // Two threads may both do this; they make the same.
        let mut entries = entries(site, links, section, part);
        for entry in &mut entries {
            entry.state = entry.page.and_then(|page| *self.warnings.get(page)?);
        }
        let mut context = Context::new();
        context.insert("entries", &entries);
        let what =
            format!("the navigation of `{}`", site.sections.get(section).map_or("/", |s| s.url.as_str()));
        let rendered = Arc::new(Rendered::new(&theme.render(NAV, &context, &what, site.pages.len())?));
        let mut known = self.rendered.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(known.entry(key).or_insert(rendered)))
    }
}

impl Rendered {
    fn new(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut marks = Vec::new();
        for (at, part) in text.split(MARK).enumerate() {
            match (at % 2, part.split_at_checked(1)) {
                (0, _) => pieces.push(part.to_owned()),
                (_, Some(("p", id))) => marks.extend(id.parse().ok().map(Entry::Page)),
                (_, Some((_, id))) => marks.extend(id.parse().ok().map(Entry::Section)),
                (_, None) => {}
            }
        }
        Self { pieces, marks }
    }

    fn with(&self, current: Entry) -> String {
        let mut html = String::with_capacity(self.pieces.iter().map(String::len).sum::<usize>() + 20);
        for (at, piece) in self.pieces.iter().enumerate() {
            html.push_str(piece);
            if self.marks.get(at) == Some(&current) {
                html.push_str(" aria-current=\"page\"");
            }
        }
        html
    }
}

fn mark(entry: Entry) -> tera::Value {
    html(&match entry {
        Entry::Page(id) => format!("{MARK}p{id}{MARK}"),
        Entry::Section(id) => format!("{MARK}s{id}{MARK}"),
    })
}

/// The entries for pages of one part of a folder.
fn entries(site: &Site, links: &Links<'_>, section: SectionId, part: usize) -> Vec<NavEntry> {
    let mut chain = vec![section];
    while let Some(parent) = site.sections.get(chain[chain.len() - 1]).and_then(|s| s.parent) {
        chain.push(parent);
    }
    chain.truncate(MAX_DEPTH);
    chain.reverse();
    let mut entries = Vec::new();
    if !site.sections.is_empty() {
        add_children(site, links, &chain, part, &mut entries);
    }
    entries
}

/// Adds what the first folder of `chain` shows. The recursion is as deep as the chain is long.
fn add_children(
    site: &Site,
    links: &Links<'_>,
    chain: &[SectionId],
    part: usize,
    entries: &mut Vec<NavEntry>,
) {
    let Some((section, below)) = chain.split_first() else { return };
    let at = &site.sections[*section];
    let open = below.first().copied();
    let shown: Vec<Child> = match open {
        None => at.children.iter().skip(part * WINDOW).take(WINDOW).copied().collect(),
        // Above the page's own folder: at the top all folders, further down only the way.
        Some(open) if at.parent.is_none() => {
            around(at.children.iter().filter(|c| matches!(c, Child::Section(_))), open)
        }
        Some(open) => vec![Child::Section(open)],
    };
    let left_out = open.is_none() && at.children.len() > shown.len();
    for child in shown {
        match child {
            Child::Page(id) => {
                let page = &site.pages[id];
                entries.push(entry(&page.title, links.to(&page.url), Entry::Page(id)));
            }
            Child::Section(id) => {
                let folder = &site.sections[id];
                let is_open = open == Some(id);
                let mut new = entry(&folder.title, links.to(&folder.url), Entry::Section(id));
                new.folder = !folder.children.is_empty();
                new.count = folder.page_count;
                new.open = is_open;
                entries.push(new);
                if is_open {
                    add_children(site, links, below, part, entries);
                    if let Some(last) = entries.last_mut() {
                        last.ends.push(true);
                    }
                }
            }
        }
    }
    if left_out {
        let title = format!("All {} pages", at.page_count);
        let url = if at.parent.is_none() { links.to("/search/") } else { links.to(&at.url) };
        let mut rest = entry(&title, url, Entry::Section(*section));
        rest.current = html("");
        rest.rest = true;
        entries.push(rest);
    }
}

/// The folders around the open one.
fn around<'c>(folders: impl Iterator<Item = &'c Child>, open: SectionId) -> Vec<Child> {
    let folders: Vec<Child> = folders.copied().collect();
    let place = folders.iter().position(|child| *child == Child::Section(open)).unwrap_or_default();
    let start = place / WINDOW * WINDOW;
    folders.into_iter().skip(start).take(WINDOW).collect()
}

fn entry(title: &str, url: String, current: Entry) -> NavEntry {
    NavEntry {
        title: title.replace(MARK, ""),
        url,
        current: mark(current),
        page: if let Entry::Page(page) = current { Some(page) } else { None },
        state: None,
        folder: false,
        open: false,
        rest: false,
        count: 0,
        ends: Vec::new(),
    }
}
