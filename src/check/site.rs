//! Pages that nobody finds or that do not say what they are.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::{links::ORPHAN_PAGE, markdown::NO_TITLE};
use crate::model::titles::{first_heading, written_title};
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
    let heading = first_heading(&page.parsed);
    let is_title = heading.is_some_and(|heading| heading.text.trim() == page.title);
    if is_empty || is_title || written_title(&page.parsed).is_some() {
        return None;
    }
    let why = match heading {
        Some(heading) => {
            format!("the page begins with `{}`, which is no title", heading.text.trim())
        }
        None => "the page has no title".to_owned(),
    };
    let span = heading.map_or(Span::default(), |heading| {
        let text = page.parsed.file.slice(heading.span).trim_end();
        Span { end: heading.span.start + text.len() as u32, ..heading.span }
    });
    Some(
        Diagnostic::new(&NO_TITLE, format!("{why}; its file name gives `{}`", page.title))
            .at(&page.parsed.file, span, "")
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
