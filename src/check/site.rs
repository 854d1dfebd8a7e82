//! Pages that nobody finds or that do not say what they are.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::{links::ORPHAN_PAGE, markdown::NO_TITLE};
use crate::model::titles::written_title;
use crate::model::{Page, Site};
use crate::source::Span;

/// Findings about pages as a whole.
pub fn check_pages(site: &Site) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for page in &site.pages {
        findings.extend(check_title(page));
        if site.pages.len() > 1 {
            findings.extend(check_orphan(page));
        }
    }
    findings
}

/// A page whose title had to be made of its file name. An empty page has a finding of its own.
fn check_title(page: &Page) -> Option<Diagnostic> {
    let is_empty = page.parsed.file.slice(page.parsed.body).trim().is_empty();
    if is_empty || written_title(&page.parsed).is_some() {
        return None;
    }
    Some(
        Diagnostic::new(&NO_TITLE, format!("the page has no title; its file name gives `{}`", page.title))
            .at(&page.parsed.file, Span::default(), "")
            .help("start the page with `# A title`, or add `title:` to its front matter"),
    )
}

fn check_orphan(page: &Page) -> Option<Diagnostic> {
    let is_entrance = page.is_section_page || matches!(page.url.as_str(), "/" | "/404.html" | "/404/");
    if is_entrance || !page.backlinks.is_empty() {
        return None;
    }
    Some(
        Diagnostic::new(&ORPHAN_PAGE, "no other page links to this page")
            .at(&page.parsed.file, Span::default(), "")
            .help("link to it from a page where readers would look for it"),
    )
}
