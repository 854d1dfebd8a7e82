//! [`Site`] → the HTML of one address, when asked for it.
//!
//! In: the site, the theme, one address. Out: the bytes that stand there. Not here: which addresses
//! exist (`model`) and where they are written (`publish`).

pub(crate) mod clean;
pub mod code;
pub mod context;
mod dates;
mod facts;
mod feeds;
mod freshness;
mod graph;
pub mod html;
mod lists;
mod nav;
mod opening;
mod pages;
mod shared;
mod sparks;
pub mod theme;
mod training;
mod trust;

use tera::Context;

use crate::diagnostic::{self, Diagnostic};
use crate::discover::ThemeFile;
use crate::freshness::Freshness;
use crate::freshness::summary::Badge;
use crate::model::names::PageNames;
use crate::model::{Output, Site};
use dates::Dated;
use nav::Navigation;
pub(crate) use shared::Links;
use shared::Shared;
use theme::{Theme, html as safe};
use trust::Verdicts;

/// The template of the navigation.
const NAV: &str = "components/nav.html";
/// The folder of the output that holds the theme's files.
const FILES: &str = "docent";
/// Where the icons of a page go, which are known when the rest of it is there.
const SPRITE: &str = "\u{3}sprite\u{3}";

/// What the foot of every page and `build.json` say of the build; nothing that differs between two
/// builds of the same sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildStamp {
    /// `YYYY-MM-DD HH:MM UTC` of the revision or `SOURCE_DATE_EPOCH`; empty if neither is known.
    pub built: String,
    /// Short hash of the revision; empty if there is none.
    pub revision: String,
    /// Hash of everything that was built.
    pub build_id: String,
}

/// The theme's file that browsers run beside the pages: it has to stand above all that it answers for.
const WORKER: &str = "worker.js";
/// What stands in its place where readers may not keep the site: it takes kept copies away.
const WORKER_OFF: &str = "worker-off.js";

/// Output paths of the theme's own files.
pub fn theme_file_names(theme: &[ThemeFile]) -> Vec<String> {
    let below = theme::file_names(theme).filter(|name| ![WORKER, WORKER_OFF].contains(name));
    below.map(|name| format!("{FILES}/{name}")).collect()
}

pub use theme::names::check_theme_names;

/// One finding for each place: a template that fails, fails on page after page. The first page is
/// named, the others are counted.
pub fn one_per_place(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostic::sort(&mut findings);
    let mut kept: Vec<(Diagnostic, usize)> = Vec::new();
    for finding in findings {
        let place = |it: &Diagnostic| it.primary.as_ref().map(|at| (at.file.path().to_owned(), at.span));
        match kept.last_mut() {
            Some((last, more)) if place(last).is_some() && place(last) == place(&finding) => *more += 1,
            _ => kept.push((finding, 0)),
        }
    }
    let told = |(finding, more): (Diagnostic, usize)| match more {
        0 => finding,
        1 => finding.help("one more page fails here"),
        more => finding.help(format!("{more} more pages fail here")),
    };
    kept.into_iter().map(told).collect()
}

/// Renders addresses of one site.
#[derive(Debug)]
pub struct Renderer<'s> {
    site: &'s Site,
    stamp: BuildStamp,
    theme: Theme,
    nav: Navigation,
    names: PageNames,
    shared: Shared,
    /// Pages with a date, newest first, then by address.
    by_date: Vec<Dated>,
    /// How far the pages can be trusted, if that was judged.
    verdicts: Option<Verdicts<'s>>,
}

impl<'s> Renderer<'s> {
    /// Loads the theme; its findings mean that nothing can be built.
    pub fn new(site: &'s Site, theme: &[ThemeFile], stamp: BuildStamp) -> Result<Self, Vec<Diagnostic>> {
        let theme = Theme::new(theme)?;
        Ok(Self {
            site,
            stamp,
            nav: Navigation::new(site),
            names: PageNames::new(site),
            shared: Shared::new(&theme, site.addresses.portable),
            theme,
            by_date: dates::pages_by_date(site),
            verdicts: None,
        })
    }

    /// Shows how far pages can be trusted.
    #[must_use]
    pub fn with_freshness(mut self, freshness: &'s Freshness) -> Self {
        let verdicts = Verdicts::new(freshness);
        self.nav.mark_pages((0..self.site.pages.len()).map(|page| verdicts.warning(page)).collect());
        self.verdicts = Some(verdicts);
        self
    }

    /// The bytes at `url`, which is a key of [`Site::outputs`] and not an asset.
    pub fn render(&self, url: &str, output: Output) -> Result<Vec<u8>, Box<Diagnostic>> {
        let links = Links::new(&self.site.addresses, url);
        let (template, mut context) = match output {
            Output::Page(page) => self.page(&links, page)?,
            Output::Home => self.home(&links, None)?,
            Output::Section(section) => self.section(&links, section)?,
            Output::Tags => self.tags(&links)?,
            Output::Tag(tag) => self.tag(&links, tag)?,
            Output::Kind(kind) => self.kind(&links, kind)?,
            Output::Freshness => self.freshness(&links)?,
            Output::Queue => self.queue(&links)?,
            Output::Skills => self.skills(&links)?,
            Output::Owners => self.owners(&links)?,
            Output::Owner(owner) => self.owner(&links, owner)?,
            Output::Badge => return Ok(self.badge().to_svg().into_bytes()),
            Output::BadgeData => return Ok(self.badge().to_json().into_bytes()),
            Output::AllPages => self.all_pages(&links)?,
            Output::NotFound => self.not_found(&links)?,
            Output::Redirect(redirect) => self.redirect(&links, redirect),
            Output::Sitemap => feeds::sitemap(self.site),
            Output::SitemapPart(part) => feeds::sitemap_part(self.site, part),
            Output::Feed => ("feed.xml", feeds::feed(self.site, &links, &self.stamp, &self.by_date)),
            Output::Robots => ("robots.txt", feeds::robots(self.site)),
            Output::Asset(_) => return Ok(Vec::new()),
        };
        context
            .insert_value("site", self.shared.site(self.site, &self.stamp, &links, self.verdicts.as_ref()));
        context.insert_value("sprite", safe(SPRITE));
        let what = match output {
            Output::Page(page) => format!("`{}`", self.site.pages[page].parsed.file.path()),
            _ => format!("`{url}`"),
        };
        let text = self.theme.render(template, &context, &what, self.site.pages.len())?;
        Ok(self.with_icons(text).into_bytes())
    }

    fn badge(&self) -> Badge {
        self.verdicts.as_ref().map_or_else(Badge::unjudged, |verdicts| Badge::of(verdicts.freshness))
    }

    /// The theme's own files: output path and bytes, sorted by path.
    pub fn theme_files(&self) -> Vec<(String, Vec<u8>)> {
        let worker = if self.site.config.offline { WORKER } else { WORKER_OFF };
        let path = |name: &str| match name {
            WORKER | WORKER_OFF => (name == worker).then(|| WORKER.to_owned()),
            _ => Some(format!("{FILES}/{name}")),
        };
        let files = self
            .theme
            .files(self.site.addresses.portable)
            .filter_map(|(name, bytes)| Some((path(name)?, bytes.to_vec())));
        let mut files: Vec<_> = files.collect();
        files.sort();
        files
    }

    /// Puts the icons that a page uses, and no others, where the template wants them.
    fn with_icons(&self, text: String) -> String {
        const USE: &str = "<use href=\"#i-";
        if !text.contains(SPRITE) {
            return text;
        }
        let names = text.match_indices(USE).filter_map(|(at, _)| text[at + USE.len()..].split('"').next());
        let names: std::collections::BTreeSet<&str> = names.collect();
        let symbols: String = names.into_iter().filter_map(|name| self.theme.icon(name)).collect();
        let sprite = format!("<svg width=\"0\" height=\"0\" hidden>{symbols}</svg>");
        text.replacen(SPRITE, &sprite, 1)
    }

    /// A context that holds what every page has; `view` and the navigation are added by the caller.
    fn base(nav: &str) -> Context {
        let mut context = Context::new();
        context.insert_value("nav", safe(nav));
        context.insert_value("content", safe(""));
        context.insert("toc", &[(); 0]);
        context.insert("crumbs", &[(); 0]);
        context
    }
}
