//! Jobs: their descriptions, the sections that they must have, and skills that cannot be learned well.

use std::collections::BTreeMap;

use strsim::damerau_levenshtein;

use crate::diagnostic::rules::jobs::{MISSING_SECTION, MISSPELT_SECTION, REPEATED_DESCRIPTION, STALE_SKILL};
use crate::diagnostic::{Diagnostic, nearest};
use crate::freshness::{Freshness, State};
use crate::model::{Page, PageId, Site};
use crate::parse::Heading;

/// Sections that jobs usually have beside those of their outline.
const USUAL: [&str; 4] = ["Job Grade", "Performance Indicators", "Career Ladder", "Hiring Process"];
/// Letters that may differ in a misspelt heading.
const LETTERS: usize = 2;

/// Findings about jobs and openings as pages.
pub fn check_jobs(site: &Site) -> Vec<Diagnostic> {
    let mut findings = check_descriptions(site);
    for page in &site.pages {
        let Some(kind) = site.config.kinds.find(&page.kind).filter(|kind| !kind.outline.is_empty()) else {
            continue;
        };
        findings.extend(check_headings(page, &kind.outline));
        // A page above others is their list.
        let below = site.sections.get(page.section).map_or(0, |section| section.page_count);
        if !page.is_section_page || below <= 1 {
            findings.extend(check_outline(page, &kind.outline));
        }
    }
    findings
}

fn check_descriptions(site: &Site) -> Vec<Diagnostic> {
    let mut first: BTreeMap<(&str, String), &Page> = BTreeMap::new();
    let mut findings = Vec::new();
    for page in site.pages.iter().filter(|page| matches!(page.kind.as_str(), "job" | "opening")) {
        let Some(said) = &page.parsed.front.description else { continue };
        let words = said.value.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let Some(other) = first.get(&(page.kind.as_str(), words.clone())) else {
            first.insert((&page.kind, words), page);
            continue;
        };
        let place = other.parsed.front.description.as_ref().map(|said| said.span).unwrap_or_default();
        let message = format!("“{}” has this description too", other.title);
        findings.push(
            Diagnostic::new(&REPEATED_DESCRIPTION, message)
                .at(&page.parsed.file, said.span, "")
                .and(&other.parsed.file, place, "first here")
                .help(format!("say what is different about this {}", page.kind)),
        );
    }
    findings
}

/// Headings that are nearly the usual ones.
fn check_headings(page: &Page, outline: &[String]) -> Vec<Diagnostic> {
    let usual: &[&str] = if page.kind == "job" { &USUAL } else { &[] };
    let sections: Vec<&str> = outline.iter().map(String::as_str).chain(usual.iter().copied()).collect();
    let mut findings = Vec::new();
    for heading in &page.parsed.headings {
        let words = words(&heading.text);
        let meant = sections.iter().find(|section| !holds(&words, section) && is_misspelt(&words, section));
        findings.extend(meant.map(|section| misspelt(page, heading, section)));
    }
    findings
}

/// Sections of the outline that no heading holds, misspelt or not.
fn check_outline(page: &Page, outline: &[String]) -> Option<Diagnostic> {
    let headings: Vec<Vec<String>> =
        page.parsed.headings.iter().map(|heading| words(&heading.text)).collect();
    let is_there =
        |section: &str| headings.iter().any(|words| holds(words, section) || is_misspelt(words, section));
    let missing: Vec<&str> =
        outline.iter().map(String::as_str).filter(|section| !is_there(section)).collect();
    let first = missing.first()?;
    let message = match missing[..] {
        [one] => format!("the section “{one}” is missing"),
        _ => format!("the sections “{}” are missing", missing.join("”, “")),
    };
    let place = page.parsed.front.title.as_ref().map(|title| title.span).unwrap_or_default();
    let finding = Diagnostic::new(&MISSING_SECTION, message).at(&page.parsed.file, place, "");
    let headings = page.parsed.headings.iter().map(|heading| heading.text.as_str());
    Some(match nearest(first, headings) {
        Some(near) => finding.help(format!("is “{near}” meant to be it?")),
        None => finding.help(format!("add a heading such as `## {first}`")),
    })
}

fn holds(words: &[String], section: &str) -> bool {
    words.join(" ").contains(&section.to_lowercase())
}

fn misspelt(page: &Page, heading: &Heading, section: &str) -> Diagnostic {
    let text = page.parsed.file.slice(heading.span);
    let line = text.lines().next().unwrap_or_default().trim_end();
    let place = crate::source::Span { end: heading.span.start + line.len() as u32, ..heading.span };
    Diagnostic::new(&MISSPELT_SECTION, format!("“{}” is nearly “{section}”", heading.text.trim()))
        .at(&page.parsed.file, place, "")
        .help(format!("write “{section}”"))
}

/// The words of a heading in small letters, without marks around them.
fn words(text: &str) -> Vec<String> {
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect()
}

/// Whether the last words of a heading are a section's but for a letter or two. One more or one less
/// at the end is another number of the word, and no fault.
fn is_misspelt(words: &[String], section: &str) -> bool {
    let section = section.to_lowercase();
    let count = section.split(' ').count();
    let Some(from) = words.len().checked_sub(count) else { return false };
    let tail = words[from..].join(" ");
    let is_number = tail.starts_with(section.as_str()) || section.starts_with(tail.as_str());
    !is_number && damerau_levenshtein(&tail, &section) <= LETTERS.min(section.chars().count() / 4)
}

/// Skills that a job requires and that only pages teach which nobody can trust.
pub fn check_stale_skills(site: &Site, freshness: &Freshness) -> Vec<Diagnostic> {
    let state = |page: PageId| freshness.articles.get(page).map(|article| article.state);
    let is_stale = |page: &PageId| matches!(state(*page), Some(State::Broken | State::Doubtful));
    let mut findings = Vec::new();
    for (id, page) in site.pages.iter().enumerate().filter(|(_, page)| page.kind == "job") {
        for skill in &site.graph.of_page[id].requires {
            let teachers: Vec<PageId> = site.graph.teachers(&skill.name, skill.level).collect();
            let Some(first) = teachers.first().filter(|_| teachers.iter().all(&is_stale)) else {
                continue;
            };
            let word = state(*first).map(State::word).unwrap_or_default();
            let path = &site.pages[*first].parsed.content_path;
            let who = match teachers.len() {
                1 => format!("only `{path}` teaches `{}`, and it is {word}", skill.name),
                many => {
                    format!("all {many} modules that teach `{}` are doubtful, the first `{path}`", skill.name)
                }
            };
            let why = freshness.articles[*first].reasons.iter().find(|reason| reason.state.is_some());
            let finding = Diagnostic::new(&STALE_SKILL, who).at(&page.parsed.file, skill.span, "");
            findings.push(match why {
                Some(reason) => finding.help(format!("`{path}` {}", reason.message)),
                None => finding,
            });
        }
    }
    findings
}
