//! Links of a page: which parsed link an event is, and what its target is written as.

use std::collections::BTreeMap;

use pulldown_cmark::LinkType;

use super::escape;
use crate::model::{Broken, Page, PageId, Site, Target};
use crate::parse::allowed;
use crate::source::Span;

/// What is written for a link or image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Href {
    /// On this site: encoded, not yet escaped.
    Internal(String),
    /// Another site's, or a scheme such as `mailto:`; encoded, not yet escaped.
    External(String),
    /// Leads nowhere; where the page at least is there, its address.
    Dead(Option<String>),
    /// Must not be followed: only the text is shown.
    Unsafe,
}

/// Links of one page by their place.
#[derive(Debug)]
pub(super) struct Links<'s> {
    site: &'s Site,
    page: &'s Page,
    id: PageId,
    from: &'s str,
    /// Start of the link → index into `parsed.links`; several links may start at one place.
    by_start: BTreeMap<u32, Vec<usize>>,
    /// Start of the destination of links in raw HTML → index.
    raw_by_target: BTreeMap<u32, usize>,
}

impl<'s> Links<'s> {
    /// The links of page `id`, to be written into the page at `from`.
    pub(super) fn new(site: &'s Site, id: PageId, from: &'s str) -> Self {
        let page = &site.pages[id];
        let mut by_start = BTreeMap::<u32, Vec<usize>>::new();
        let mut raw_by_target = BTreeMap::new();
        for (index, link) in page.parsed.links.iter().enumerate() {
            use crate::parse::LinkForm::{Html, HtmlImage};
            if matches!(link.form, Html | HtmlImage) {
                raw_by_target.insert(link.target_span.start, index);
            } else {
                by_start.entry(link.span.start).or_default().push(index);
            }
        }
        Self { site, page, id, from, by_start, raw_by_target }
    }

    /// What to write for the Markdown link or image at `span`. A link that the parser did not
    /// report (it never should happen) is judged by its scheme alone.
    pub(super) fn resolve(&self, span: Span, image: bool, kind: LinkType, target: &str) -> Href {
        let starting = self.by_start.get(&span.start).map(Vec::as_slice).unwrap_or_default();
        let links = &self.page.parsed.links;
        let same_kind = || starting.iter().filter(|index| links[**index].form.is_image() == image);
        let found = same_kind().find(|index| links[**index].span == span).or_else(|| same_kind().next());
        if let Some(target) = found.and_then(|index| self.page.links.get(*index)) {
            return self.href(target);
        }
        let safe = if image { allowed::image_is_safe(target) } else { allowed::scheme_is_safe(target) };
        if !safe {
            return Href::Unsafe;
        }
        let mailto = if kind == LinkType::Email && !target.starts_with("mailto:") { "mailto:" } else { "" };
        Href::External(format!("{mailto}{}", escape::url(target)))
    }

    /// Width and height of the image of this site at `span`.
    pub(super) fn pixels(&self, span: Span) -> Option<(u32, u32)> {
        let starting = self.by_start.get(&span.start)?;
        let links = &self.page.parsed.links;
        let index = starting.iter().find(|index| links[**index].form.is_image())?;
        match self.page.links.get(*index)? {
            Target::Asset(asset) => self.site.assets.get(*asset)?.file.pixels,
            _ => None,
        }
    }

    /// What to write for a destination in raw HTML that starts within `span` of the file.
    pub(super) fn resolve_raw(&self, span: Span) -> Option<(Span, Href)> {
        let (_, index) = self.raw_by_target.range(span.start..span.end).next()?;
        let target = self.page.links.get(*index)?;
        Some((self.page.parsed.links[*index].target_span, self.href(target)))
    }

    fn href(&self, target: &Target) -> Href {
        let site = self.site;
        let to = |url: &str| Href::Internal(site.addresses.href(self.from, url, None));
        match target {
            Target::Page { page, fragment } => Href::Internal(self.page_href(*page, fragment.as_deref())),
            Target::Section(id) => {
                site.sections.get(*id).map_or(Href::Dead(None), |section| to(&section.url))
            }
            Target::Asset(id) => site.assets.get(*id).map_or(Href::Dead(None), |asset| to(&asset.url)),
            Target::Generated(url) => to(url),
            Target::External(url) | Target::Scheme(url) => Href::External(escape::url(url).into_owned()),
            Target::Broken(Broken::UnsafeScheme { .. }) => Href::Unsafe,
            Target::Broken(Broken::Fragment { page, .. }) => Href::Dead(Some(self.page_href(*page, None))),
            Target::Broken(_) => Href::Dead(None),
        }
    }

    fn page_href(&self, page: PageId, fragment: Option<&str>) -> String {
        match (fragment, self.site.pages.get(page)) {
            (Some(fragment), _) if page == self.id && self.page.url == self.from => {
                escape::fragment(fragment)
            }
            (fragment, Some(page)) => self.site.addresses.href(self.from, &page.url, fragment),
            (_, None) => String::new(),
        }
    }
}

impl Href {
    /// The attributes of an `<a>`, with a leading space; `None` if there must be no `<a>`.
    pub(super) fn attributes(&self) -> Option<String> {
        Some(match self {
            Self::External(href) if href.starts_with("http:") || href.starts_with("https:") => {
                format!(" href=\"{}\" rel=\"noopener\"", escape::text(href))
            }
            Self::Internal(href) | Self::External(href) => format!(" href=\"{}\"", escape::text(href)),
            Self::Dead(None) => " class=\"dead\"".to_owned(),
            Self::Dead(Some(href)) => format!(" class=\"dead\" href=\"{}\"", escape::text(href)),
            Self::Unsafe => return None,
        })
    }
}
