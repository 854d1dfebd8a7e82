//! Generated lists: folders, tags, kinds, all pages; redirects and the page for wrong addresses.

use std::collections::BTreeMap;

use serde::Serialize;
use tera::Context;
use unicode_normalization::UnicodeNormalization;

use super::context::{PageGroup, TagEntry, TagGroup};
use super::pages::{Filled, plural};
use super::{Links, Renderer};
use crate::diagnostic::Diagnostic;
use crate::model::outputs::{kind_address, tag_address};
use crate::model::{PageId, SectionId, TagId};

/// Letters up to here have a group of their own; scripts with thousands of signs share one.
const LAST_LETTER: char = '\u{58F}';

/// `target` of `redirect.html`.
#[derive(Debug, Serialize)]
struct Target<'s> {
    title: &'s str,
    url: String,
    canonical: Option<String>,
}

impl Renderer<'_> {
    /// The list of a folder without a page of its own.
    pub(super) fn section(&self, links: &Links<'_>, id: SectionId) -> Result<Filled, Box<Diagnostic>> {
        let section = &self.site.sections[id];
        let mut context = self.list(links, Some(id))?;
        let mut view = self.view(&section.title, &section.url);
        view.lead = plural(section.page_count, "page");
        let rows: Vec<_> = section.children.iter().map(|child| self.child_row(links, *child)).collect();
        context.insert("view", &view);
        context.insert("crumbs", &self.crumbs(links, section.parent));
        context.insert("rows", &rows);
        Ok(("section.html", context))
    }

    /// All tags by letter.
    pub(super) fn tags(&self, links: &Links<'_>) -> Result<Filled, Box<Diagnostic>> {
        let mut groups: BTreeMap<Letter, Vec<(String, TagEntry)>> = BTreeMap::new();
        for tag in &self.site.tags {
            let url = links.to(&tag_address(tag));
            let entry = TagEntry { title: tag.name.clone(), url, count: tag.pages.len() };
            groups.entry(Letter::of(&tag.name)).or_default().push((tag.name.to_lowercase(), entry));
        }
        let groups: Vec<TagGroup> = groups
            .into_iter()
            .map(|(letter, mut tags)| {
                tags.sort_by(|a, b| (&a.0, &a.1.url).cmp(&(&b.0, &b.1.url)));
                TagGroup { title: letter.title(), tags: tags.into_iter().map(|(_, tag)| tag).collect() }
            })
            .collect();
        let mut context = self.list(links, None)?;
        let mut view = self.view("Tags", "/tags/");
        "tags".clone_into(&mut view.menu);
        context.insert("view", &view);
        context.insert("crumbs", &self.crumbs(links, None));
        context.insert("groups", &groups);
        Ok(("tags.html", context))
    }

    /// The pages of a tag.
    pub(super) fn tag(&self, links: &Links<'_>, id: TagId) -> Result<Filled, Box<Diagnostic>> {
        let tag = &self.site.tags[id];
        let mut view = self.view(&format!("Tagged {}", tag.name), &tag_address(tag));
        "tags".clone_into(&mut view.menu);
        let mut crumbs = self.crumbs(links, None);
        crumbs.push(super::context::LinkEntry { title: "Tags".to_owned(), url: links.to("/tags/") });
        let mut context = self.list_of(links, &tag.pages)?;
        view.lead = plural(tag.pages.len(), "page");
        context.insert("view", &view);
        context.insert("crumbs", &crumbs);
        Ok(("tag.html", context))
    }

    /// The pages of a kind.
    pub(super) fn kind(&self, links: &Links<'_>, id: usize) -> Result<Filled, Box<Diagnostic>> {
        let kind = &self.site.kinds[id];
        let known = self.site.config.kinds.find(&kind.kind);
        let mut view = self.view(known.map_or(&kind.kind, |known| &known.plural), &kind_address(kind));
        view.menu.clone_from(&kind.kind);
        view.lead = plural(kind.pages.len(), "page");
        let mut context = self.list_of(links, &kind.pages)?;
        context.insert("view", &view);
        context.insert("crumbs", &self.crumbs(links, None));
        Ok(("kind.html", context))
    }

    /// Every page, A to Z.
    pub(super) fn all_pages(&self, links: &Links<'_>) -> Result<Filled, Box<Diagnostic>> {
        let mut groups: BTreeMap<Letter, Vec<(String, PageId)>> = BTreeMap::new();
        for (id, page) in self.site.pages.iter().enumerate() {
            groups.entry(Letter::of(&page.title)).or_default().push((page.title.to_lowercase(), id));
        }
        let groups: Vec<PageGroup> = groups
            .into_iter()
            .map(|(letter, mut pages)| {
                pages.sort();
                let rows = pages.iter().map(|(_, id)| {
                    let mut row = self.row(links, *id);
                    let page = &self.site.pages[*id];
                    let mut folder = self.site.sections.get(page.section);
                    if page.is_section_page {
                        folder = folder.and_then(|own| self.site.sections.get(own.parent?));
                    }
                    let above_root = folder.filter(|folder| folder.parent.is_some());
                    row.note = above_root.map(|folder| folder.title.clone()).unwrap_or_default();
                    row
                });
                PageGroup { title: letter.title(), id: letter.id(), rows: rows.collect() }
            })
            .collect();
        let mut context = self.list(links, None)?;
        let mut view = self.view("All pages", "/search/");
        view.lead = format!(
            "{}, A to Z. The browser’s own find works on this list.",
            plural(self.site.pages.len(), "page")
        );
        context.insert("view", &view);
        context.insert("crumbs", &self.crumbs(links, None));
        context.insert("groups", &groups);
        Ok(("all.html", context))
    }

    /// The page for addresses that lead nowhere.
    pub(super) fn not_found(&self, links: &Links<'_>) -> Result<Filled, Box<Diagnostic>> {
        let mut context = self.list(links, None)?;
        let mut view = self.view("There is no page at this address", "/404.html");
        "It was never published, or it has moved and left no note.".clone_into(&mut view.lead);
        view.canonical = None;
        view.hidden = true;
        context.insert("view", &view);
        context.insert("crumbs", &self.crumbs(links, None));
        Ok(("404.html", context))
    }

    /// An old address that leads on.
    pub(super) fn redirect(&self, links: &Links<'_>, id: usize) -> Filled {
        let page = &self.site.pages[self.site.redirects[id].to];
        let mut context = Context::new();
        let canonical = self.site.addresses.absolute(&page.url);
        context.insert("target", &Target { title: &page.title, url: links.to(&page.url), canonical });
        ("redirect.html", context)
    }

    /// A list whose rows are these pages.
    pub(super) fn list_of(&self, links: &Links<'_>, pages: &[PageId]) -> Result<Context, Box<Diagnostic>> {
        let mut context = self.list(links, None)?;
        let rows: Vec<_> = pages
            .iter()
            .map(|id| {
                let mut row = self.row(links, *id);
                row.kind.clear();
                row.note = self.list_note(*id);
                row.text.clone_from(&self.site.pages[*id].description);
                row
            })
            .collect();
        context.insert("rows", &rows);
        Ok(context)
    }

    /// What all lists have: the navigation, with a folder marked if the list is one's.
    pub(super) fn list(
        &self,
        links: &Links<'_>,
        section: Option<SectionId>,
    ) -> Result<Context, Box<Diagnostic>> {
        let nav = self.nav.of_section(self.site, &self.theme, links, section.unwrap_or(0))?;
        Ok(Self::base(&nav))
    }
}

/// What a title is filed under; the order is that of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Letter {
    Digit,
    Of(char),
    Other,
}

impl Letter {
    /// The first letter or digit of a title, without accents.
    fn of(title: &str) -> Self {
        let first = title.nfd().find(|c| c.is_alphanumeric());
        match first {
            Some(c) if c.is_numeric() => Self::Digit,
            Some(c) if c <= LAST_LETTER => c.to_uppercase().next().map_or(Self::Other, Self::Of),
            _ => Self::Other,
        }
    }

    fn title(self) -> String {
        match self {
            Self::Digit => "0–9".to_owned(),
            Self::Of(c) => c.to_string(),
            Self::Other => "Other".to_owned(),
        }
    }

    fn id(self) -> String {
        match self {
            Self::Digit => "digits".to_owned(),
            Self::Of(c) => format!("letter-{}", c.to_lowercase()),
            Self::Other => "other".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_filed_under_their_first_letter() {
        for (title, expected) in [
            ("Disk", "D"),
            ("`élan`", "E"),
            ("9 lives", "0–9"),
            ("жизнь", "Ж"),
            ("数据库", "Other"),
            ("!", "Other"),
            ("", "Other"),
        ] {
            assert_eq!(Letter::of(title).title(), expected, "{title}");
        }
    }
}
