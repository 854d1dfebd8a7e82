//! Markdown pages and the home page: what their templates are told.

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tera::Context;

use super::code::Field;
use super::context::{Fields, HomeContext, LinkEntry, PageContext, Row, TocEntry, Var, View};
use super::dates::Dated;
use super::facts::facts;
use super::html::{BodyHtml, render_body};
use super::theme::html as safe;
use super::{Links, Renderer};
use crate::diagnostic::Diagnostic;
use crate::model::outputs::tag_address;
use crate::model::{Child, Page, PageId, SectionId, Site, Target};
use crate::parse::Heading;

/// Rows of a list on the home page.
const HOME_ROWS: usize = 8;
/// Names of alerts that the home page shows.
const EXAMPLES: usize = 2;
/// Texts of links that a backlink shows.
const BACKLINK_TEXTS: usize = 3;
/// Authors that a page names.
const AUTHORS: usize = 4;
/// A path in an address: all but these is encoded.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A template and what it is told.
pub(super) type Filled = (&'static str, Context);

impl Renderer<'_> {
    /// A Markdown page; the root's own page may ask to be shown as the home page.
    pub(super) fn page(&self, links: &Links<'_>, id: PageId) -> Result<Filled, Box<Diagnostic>> {
        let page = &self.site.pages[id];
        let is_root = page.is_section_page && page.section == 0;
        if is_root && page.parsed.front.layout.as_ref().is_some_and(|layout| layout.value == "home") {
            return self.home(links, Some(id));
        }
        let body = render_body(self.site, id, &page.url);
        let nav = self.nav.of_page(self.site, &self.theme, links, id)?;
        let mut context = Self::base(&nav);
        let mut view = self.view(&page.title, &page.url);
        // A description made of the first sentence would stand there twice.
        view.lead = page.parsed.front.description.as_ref().map(|said| said.value.clone()).unwrap_or_default();
        view.description.clone_from(&page.description);
        view.menu.clone_from(&page.kind);
        context.insert("crumbs", &self.crumbs_of(links, page));
        let mut told = self.page_context(links, id);
        told.vars = body.fields.iter().map(var).collect();
        told.steps = body.steps;
        told.code = body.html.contains("<figure class=\"cmd");
        let mut toc = toc(page, &body);
        let template = match page.kind.as_str() {
            "path" => self.fill_path(links, id, (&mut told, &mut toc), &mut context),
            "module" => self.fill_module(links, id, (&mut told, &mut toc), &mut context),
            "job" => self.fill_job(links, id, (&mut told, &mut toc), &mut context),
            "opening" => {
                view.hidden = self.fill_opening(links, id, &mut told, &mut context, &body.html);
                "opening.html"
            }
            _ => "page.html",
        };
        context.insert("view", &view);
        context.insert("page", &told);
        let (children, all) = self.children_of(links, page);
        context.insert("children", &children);
        context.insert("children_title", if all { "In this section" } else { "Also in this section" });
        context.insert("toc", &toc);
        context.insert_value("content", safe(&body.html));
        Ok((template, context))
    }

    /// The home page, above the text of the root's own page if that asks for it.
    pub(super) fn home(&self, links: &Links<'_>, page: Option<PageId>) -> Result<Filled, Box<Diagnostic>> {
        let site = self.site;
        let nav = match page {
            Some(page) => self.nav.of_page(site, &self.theme, links, page)?,
            None => self.nav.of_section(site, &self.theme, links, 0)?,
        };
        let mut context = Self::base(&nav);
        let mut view = self.view("Home", "/");
        view.window_title.clone_from(&site.config.title);
        view.description.clone_from(&site.config.description);
        context.insert("view", &view);
        context.insert("home", &self.home_context(links));
        if let Some(page) = page {
            context.insert_value("content", safe(&render_body(site, page, "/").html));
        }
        Ok(("home.html", context))
    }

    /// What stands at `url`, so far as its title says it.
    pub(super) fn view(&self, title: &str, url: &str) -> View {
        let site = &self.site.config.title;
        let window_title = if title == site { title.to_owned() } else { format!("{title} · {site}") };
        View {
            title: title.to_owned(),
            window_title,
            canonical: self.site.addresses.absolute(url),
            ..View::default()
        }
    }

    fn page_context<'a>(&'a self, links: &Links<'_>, id: PageId) -> PageContext<'a> {
        let site = self.site;
        let page = &site.pages[id];
        let link = |id: PageId| LinkEntry {
            title: site.pages[id].title.clone(),
            url: links.to(&site.pages[id].url),
        };
        let git = page.git.as_ref();
        let trust = self.trust(links, id);
        let mut facts = facts(site, &self.names, links, page);
        if trust.is_some() {
            // The strip above says who owns it.
            facts.retain(|fact| fact.form != "owners");
        }
        let path = page.parsed.file.path();
        let path_in_repository = format!("{}{path}", site.path_in_repository);
        let encoded = || utf8_percent_encode(&path_in_repository, PATH).to_string();
        PageContext {
            title: &page.title,
            description: &page.description,
            kind: &page.kind,
            kind_label: label(site, &page.kind),
            path,
            tags: page
                .tags
                .iter()
                .map(|tag| LinkEntry {
                    title: site.tags[*tag].name.clone(),
                    url: links.to(&tag_address(&site.tags[*tag])),
                })
                .collect(),
            owners: &page.owners,
            trust,
            facts,
            vars: Vec::new(),
            steps: 0,
            code: false,
            backlinks: page
                .backlinks
                .iter()
                .map(|link| {
                    let mut row = self.row(links, link.page);
                    let texts = link.texts.iter().filter(|text| **text != page.title && !text.is_empty());
                    row.note = texts.take(BACKLINK_TEXTS).map(String::as_str).collect::<Vec<_>>().join(", ");
                    row
                })
                .collect(),
            along: String::new(),
            previous: page.previous.map(link),
            next: page.next.map(link),
            edit_url: site.config.edit_url.as_ref().map(|url| url.replace("{path}", &encoded())),
            changed: git.map(|git| git.changed.as_str()),
            changed_by: git.map(|git| git.changed_by.as_str()),
            authors: git.map(|git| git.authors.as_slice()).unwrap_or_default(),
            authors_line: git.and_then(|git| authors_line(&git.authors, &git.changed_by)),
            words: page.parsed.words,
            fields: Fields(&page.parsed.front.fields),
            extra: Fields(&page.parsed.front.extra),
        }
    }

    fn home_context(&self, links: &Links<'_>) -> HomeContext {
        let site = self.site;
        let alerts = site.pages.iter().filter(|page| page.kind == "runbook").filter_map(|page| {
            let alerts = page.parsed.front.fields.iter().find(|(key, _)| key.value == "alerts")?;
            facts_text(&alerts.1)
        });
        let top = site.sections.first().map(|root| root.children.as_slice()).unwrap_or_default();
        let folders = top.iter().filter(|child| matches!(child, Child::Section(_)));
        let paths = site.kinds.iter().find(|kind| kind.kind == "path");
        let not_home = |dated: &&Dated| site.pages[dated.page].url != "/";
        let (attention, attention_all) = self.attention(links);
        HomeContext {
            attention,
            attention_all,
            examples: alerts.take(EXAMPLES).collect(),
            sections: folders.take(HOME_ROWS).map(|child| self.child_row(links, *child)).collect(),
            recent: self
                .by_date
                .iter()
                .filter(not_home)
                .take(HOME_ROWS)
                .map(|page| self.dated_row(links, page))
                .collect(),
            paths: paths.map_or_else(Vec::new, |kind| {
                let row = |page: &PageId| Row { note: self.list_note(*page), ..self.row(links, *page) };
                kind.pages.iter().take(HOME_ROWS).map(row).collect()
            }),
            all_paths: paths
                .filter(|kind| kind.pages.len() > HOME_ROWS)
                .map(|kind| links.to(&crate::model::outputs::kind_address(kind))),
        }
    }

    /// The folders above a page; a folder's own page is not above itself.
    fn crumbs_of(&self, links: &Links<'_>, page: &Page) -> Vec<LinkEntry> {
        if !page.is_section_page {
            return self.crumbs(links, Some(page.section));
        }
        match self.site.sections.get(page.section).and_then(|section| section.parent) {
            Some(parent) => self.crumbs(links, Some(parent)),
            None => Vec::new(),
        }
    }

    /// Home, then the folders down to `section`.
    pub(super) fn crumbs(&self, links: &Links<'_>, section: Option<SectionId>) -> Vec<LinkEntry> {
        let mut crumbs = Vec::new();
        let mut at = section;
        while let Some(section) = at.and_then(|id| self.site.sections.get(id)) {
            if section.parent.is_some() {
                crumbs.push(LinkEntry { title: section.title.clone(), url: links.to(&section.url) });
            }
            at = section.parent;
        }
        crumbs.push(LinkEntry { title: "Home".to_owned(), url: links.to("/") });
        crumbs.reverse();
        crumbs
    }

    /// What a folder holds that its page does not link to; whether that is all of it.
    fn children_of(&self, links: &Links<'_>, page: &Page) -> (Vec<Row>, bool) {
        let section = self.site.sections.get(page.section).filter(|_| page.is_section_page);
        let children = section.map(|section| section.children.as_slice()).unwrap_or_default();
        let linked: BTreeSet<Child> = page.links.iter().filter_map(|link| self.linked(link)).collect();
        let rows = children.iter().filter(|child| !linked.contains(child));
        let rows: Vec<Row> = rows.map(|child| self.child_row(links, *child)).collect();
        let all = rows.len() == children.len();
        (rows, all)
    }

    /// The entry of a folder that a link leads to.
    fn linked(&self, link: &Target) -> Option<Child> {
        match link {
            Target::Page { page, .. } => {
                let target = &self.site.pages[*page];
                Some(if target.is_section_page { Child::Section(target.section) } else { Child::Page(*page) })
            }
            Target::Section(section) => Some(Child::Section(*section)),
            _ => None,
        }
    }

    /// A line for an entry of a folder.
    pub(super) fn child_row(&self, links: &Links<'_>, child: Child) -> Row {
        match child {
            Child::Page(page) => {
                let mut row = self.row(links, page);
                row.text.clone_from(&self.site.pages[page].description);
                row
            }
            Child::Section(section) => {
                let section = &self.site.sections[section];
                let text = section.page.map(|page| self.site.pages[page].description.clone());
                Row {
                    title: section.title.clone(),
                    url: links.to(&section.url),
                    kind: "Folder".to_owned(),
                    icon: "folder",
                    note: plural(section.page_count, "page"),
                    text: text.unwrap_or_default(),
                    ..Row::default()
                }
            }
        }
    }

    /// A line for a page: title and kind.
    pub(super) fn row(&self, links: &Links<'_>, page: PageId) -> Row {
        let state = self.verdicts.as_ref().and_then(|verdicts| verdicts.mark(page));
        let page = &self.site.pages[page];
        Row {
            title: page.title.clone(),
            url: links.to(&page.url),
            kind: label(self.site, &page.kind).to_owned(),
            icon: icon(&page.kind),
            state,
            ..Row::default()
        }
    }

    fn dated_row(&self, links: &Links<'_>, dated: &Dated) -> Row {
        Row { date: dated.date.clone(), note: dated.by.clone(), ..self.row(links, dated.page) }
    }
}

fn var(field: &Field) -> Var {
    Var {
        key: field.key.clone(),
        name: field.label.clone(),
        hint: field.hint.clone(),
        example: field.example.clone(),
        pattern: field.pattern.clone(),
        secret: field.secret,
    }
}

/// The headings of the two uppermost levels that the body shows.
fn toc(page: &Page, body: &BodyHtml) -> Vec<TocEntry> {
    if page.parsed.front.toc == Some(false) {
        return Vec::new();
    }
    let shown: Vec<&Heading> = page
        .parsed
        .headings
        .iter()
        .skip(usize::from(body.title_left_out))
        .filter(|heading| !heading.no_toc && !heading.text.trim().is_empty())
        .collect();
    let Some(top) = shown.iter().map(|heading| heading.level).min() else { return Vec::new() };
    let mut toc: Vec<TocEntry> = Vec::new();
    for heading in shown.into_iter().filter(|heading| heading.level <= top + 1) {
        let url = format!("#{}", utf8_percent_encode(&heading.id, PATH));
        match toc.last_mut() {
            Some(above) if heading.level > top => {
                above.children.push(LinkEntry { title: heading.text.clone(), url });
            }
            _ => toc.push(TocEntry { title: heading.text.clone(), url, children: Vec::new() }),
        }
    }
    toc
}

/// The first text of a field.
fn facts_text(node: &crate::yaml::Node) -> Option<String> {
    match &node.value {
        crate::yaml::Value::List(list) => list.first()?.text().map(str::to_owned),
        _ => node.text().map(str::to_owned),
    }
}

fn authors_line(authors: &[String], last: &str) -> Option<String> {
    let others: Vec<&str> = authors.iter().map(String::as_str).filter(|author| *author != last).collect();
    let more = others.len().saturating_sub(AUTHORS);
    let named = others.get(..AUTHORS.min(others.len())).filter(|named| !named.is_empty())?.join(", ");
    Some(if more > 0 {
        format!("Also by {named} and {}", plural(more, "other"))
    } else {
        format!("Also by {named}")
    })
}

/// `1 page`, `2 pages`.
pub(super) fn plural(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// A kind for people.
pub(super) fn label<'s>(site: &'s Site, kind: &'s str) -> &'s str {
    site.config.kinds.find(kind).map_or(kind, |known| &known.label)
}

/// The icon of a kind; kinds of the config look like articles.
pub(super) fn icon(kind: &str) -> &'static str {
    match kind {
        "runbook" => "runbook",
        "module" => "module",
        "path" => "path",
        "job" => "job",
        "opening" => "opening",
        _ => "article",
    }
}

/// When to use a kind.
pub(super) fn hint(kind: &str) -> &'static str {
    match kind {
        "runbook" => "Something is down",
        "article" => "A question to answer",
        "module" => "Learn one thing",
        "path" => "Learn in an order",
        "job" => "Roles",
        "opening" => "Open positions",
        _ => "",
    }
}
