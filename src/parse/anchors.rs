//! Heading ids by GitHub's and kramdown's rules.
//!
//! In: the texts of a page's headings and the ids written by hand. Out: ids, unique on the page.
//! Not here: finding headings (`collect`), resolving fragments (`model`).

use std::collections::{HashMap, HashSet};

use super::Heading;
use crate::config::HeadingIds;

/// Ids that the theme uses for itself. A heading or anchor with one of these gets a prefix.
pub const RESERVED_IDS: &[&str] =
    &["hits", "in-this-section", "linked-from", "links", "main", "q", "search", "side", "toc"];

/// The theme's icons, whose ids begin with `i-`.
const ICONS: &[&str] = &[
    "alert",
    "article",
    "broken",
    "copy",
    "edit",
    "folder",
    "important",
    "job",
    "menu",
    "module",
    "note",
    "opening",
    "path",
    "runbook",
    "search",
    "theme",
    "tip",
    "toc",
    "warn",
];

/// Beginnings of ids that the theme numbers: search hits, steps, footnotes.
const RESERVED_STARTS: &[&str] = &["hit-", "step-", "fn-", "fnref-"];

const PREFIX: &str = "h-";

/// The id as it is published: with a prefix if the theme needs it for itself.
pub fn published_id(id: &str) -> String {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_numbered = |start: &str| {
        let rest = id.strip_prefix(start).unwrap_or_default();
        // A note that is referred to again has `fnref-1-2`.
        match rest.split_once('-').filter(|_| start == "fnref-") {
            Some((note, time)) => is_number(note) && is_number(time),
            None => is_number(rest),
        }
    };
    let is_icon = || id.strip_prefix("i-").is_some_and(|name| ICONS.contains(&name));
    if RESERVED_IDS.contains(&id) || is_icon() || RESERVED_STARTS.iter().any(|start| is_numbered(start)) {
        format!("{PREFIX}{id}")
    } else {
        id.to_owned()
    }
}

/// The id that GitHub and GitLab give a heading with this text: lower case, spaces to `-`,
/// everything but letters, digits, `-` and `_` dropped. Not yet unique.
pub fn github_id(text: &str) -> String {
    let mut id = String::with_capacity(text.len());
    for c in text.trim().chars().flat_map(char::to_lowercase) {
        match c {
            ' ' | '-' => id.push('-'),
            '_' => id.push(c),
            c if is_word(c) => id.push(c),
            _ => {}
        }
    }
    id
}

/// Ruby's `\p{Word}`: letters, marks, digits and connecting punctuation.
fn is_word(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(
            c,
            '\u{203F}' | '\u{2040}' | '\u{2054}' | '\u{FE33}' | '\u{FE34}' | '\u{FE4D}'
                ..='\u{FE4F}' | '\u{FF3F}'
        )
        || unicode_normalization::char::is_combining_mark(c)
}

/// The id that kramdown gives a heading with this source: everything before the first ASCII letter
/// dropped, then all but ASCII letters, digits, spaces and `-`, spaces to `-`, lower case. Not yet
/// unique.
pub fn kramdown_id(text: &str) -> String {
    let start = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    text[start..]
        .trim_end()
        .chars()
        .filter_map(|c| match c {
            ' ' | '-' => Some('-'),
            c if c.is_ascii_alphanumeric() => Some(c.to_ascii_lowercase()),
            _ => None,
        })
        .collect()
}

/// What the ids of a heading are made of.
#[derive(Clone, Debug, Default)]
pub(super) struct HeadingName {
    /// Its id written by hand.
    pub by_hand: Option<String>,
    /// Its text, emoji as short codes where they are written so.
    pub text: String,
    /// Its source, attributes left out.
    pub source: String,
}

/// Gives every heading its id and the other ids that lead to it.
pub(super) fn name_headings(headings: &mut [Heading], names: &[HeadingName], rule: HeadingIds) {
    let by_hand = names.iter().filter_map(|name| name.by_hand.as_deref());
    let reserved: HashSet<String> = by_hand.map(str::to_owned).collect();
    let github = unique(names, |name| github_id(&name.text));
    let kramdown = unique(names, |name| kramdown_id(&name.source));
    let plain = unique(names, |name| kramdown_id(&name.text));
    let (first, others) = match rule {
        HeadingIds::Github => (github, [kramdown, plain]),
        HeadingIds::Kramdown => (kramdown, [github, plain]),
    };
    // Ids by hand may repeat (a finding says so); the later ones are numbered like the rest.
    let mut used: HashSet<String> = HashSet::new();
    let mut next: HashMap<String, u32> = HashMap::new();
    for ((heading, name), id) in headings.iter_mut().zip(names).zip(&first) {
        let wanted = published_id(name.by_hand.as_deref().unwrap_or(id));
        let is_free = |id: &str| !used.contains(id) && (name.by_hand.is_some() || !reserved.contains(id));
        heading.id = if is_free(&wanted) {
            wanted
        } else {
            let count = next.entry(wanted.clone()).or_insert(0);
            loop {
                *count += 1;
                let numbered = published_id(&format!("{wanted}-{count}"));
                if is_free(&numbered) {
                    break numbered;
                }
            }
        };
        used.insert(heading.id.clone());
    }
    used.extend(reserved);
    for (index, heading) in headings.iter_mut().enumerate() {
        let candidates = others.iter().chain(std::iter::once(&first)).map(|ids| published_id(&ids[index]));
        for id in candidates {
            if used.insert(id.clone()) {
                heading.other_ids.push(id);
            }
        }
    }
}

/// Ids that count their repetitions: `a`, `a-1`, `a-2`.
fn unique(names: &[HeadingName], id: impl Fn(&HeadingName) -> String) -> Vec<String> {
    let mut used: HashSet<String> = HashSet::new();
    let mut next: HashMap<String, u32> = HashMap::new();
    let mut ids = Vec::with_capacity(names.len());
    for name in names {
        let mut wanted = id(name);
        if wanted.is_empty() {
            "section".clone_into(&mut wanted);
        }
        let mut unique = wanted.clone();
        if used.contains(&unique) {
            let count = next.entry(wanted.clone()).or_insert(0);
            while used.contains(&unique) {
                *count += 1;
                unique = format!("{wanted}-{count}");
            }
        }
        used.insert(unique.clone());
        ids.push(unique);
    }
    ids
}
