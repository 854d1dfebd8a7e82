//! Front matter that only the whole site can judge.
//!
//! In: the site. Out: findings about references to pages that do not exist or are of another kind.
//! Not here: what a page's own front matter shows (`parse`), and its review (`freshness::review`).

use crate::config::kinds::FieldType;
use crate::diagnostic::rules::front_matter::WRONG_TYPE;
use crate::diagnostic::rules::links::BROKEN_LINK;
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::names::PageNames;
use crate::model::{Page, Site};
use crate::source::Span;
use crate::yaml::Node;

/// Fields that name a page: it must exist, and be of the kind that the field asks for.
pub fn check_references(site: &Site) -> Vec<Diagnostic> {
    let by_name = PageNames::new(site);
    let mut findings = Vec::new();
    for page in &site.pages {
        let Some(kind) = site.config.kinds.find(&page.kind) else { continue };
        for (key, node) in &page.parsed.front.fields {
            let Some(field) = kind.keys().find(|field| field.name == key.value) else { continue };
            let wanted = match &field.kind {
                FieldType::Page(wanted) => wanted,
                FieldType::List(of) => match of.as_ref() {
                    FieldType::Page(wanted) => wanted,
                    _ => continue,
                },
                _ => continue,
            };
            for item in node.items() {
                findings.extend(check_reference(site, page, &key.value, item, wanted.as_deref(), &by_name));
            }
        }
    }
    findings
}

fn check_reference(
    site: &Site,
    page: &Page,
    key: &str,
    item: &Node,
    wanted: Option<&str>,
    by_name: &PageNames,
) -> Option<Diagnostic> {
    let written = item.text()?.trim();
    // Another site is not ours to judge.
    if written.contains("://") || site.config.elsewhere.iter().any(|(glob, _)| glob.is_match(written)) {
        return None;
    }
    let bare = written.split(['#', '?']).next().unwrap_or(written);
    let found = by_name.find(written, Some(page)).map(|page| &site.pages[page]);
    let Some(target) = found else {
        let message = format!("`{key}` names the page `{written}`, which does not exist");
        let finding =
            Diagnostic::new(&BROKEN_LINK, message).at(&page.parsed.file, item.span, "").leads_to(bare);
        let known = site.pages.iter().map(|page| page.parsed.content_path.as_str());
        return Some(match nearest(bare.trim_start_matches('/'), known) {
            Some(near) => finding.help(format!("did you mean `/{near}`?")),
            None => {
                finding.help("write its path from the content directory, such as `/runbooks/disk-full.md`")
            }
        });
    };
    let wanted = wanted.filter(|wanted| *wanted != target.kind)?;
    let message =
        format!("`{key}` takes a page of kind `{wanted}`, and `{written}` is of kind `{}`", target.kind);
    let place = target.parsed.front.span;
    let remark = format!("of kind `{}`", target.kind);
    let start = place.start as usize;
    Some(
        Diagnostic::new(&WRONG_TYPE, message)
            .at(&page.parsed.file, item.span, "")
            .and(&target.parsed.file, Span::new(start, start), remark)
            .help(format!("name a page of kind `{wanted}`")),
    )
}
