//! How good search is: queries with their right pages → ranks, and the shares that follow from them.
//!
//! In: an [`Index`] and [`Question`]s, read from a file (`queries`) or made of the site itself: what its
//! links call a page, or its titles with a slip. Out: an [`Evaluation`]. The same site gives the same
//! queries in the same order. Not here: how it is printed.

use std::collections::{BTreeMap, BTreeSet};

use super::Index;
use super::document::Document;
use super::queries::{Least, Question};
use crate::model::{PageId, Site, Target};
use crate::parse::LinkForm;

/// How far down a right page counts.
const DEPTH: usize = 10;

/// A text that stands for more pages than this names none of them.
const MAX_PAGES: usize = 3;

/// Fewest letters of a text that names something.
const MIN_LETTERS: usize = 3;

/// Fewest letters of a word that gets a slip; of a shorter one too little is left.
const MIN_SLIP: usize = 5;

/// Most bytes of a text: more than that no search looks at, and no key of YAML holds.
const MAX_BYTES: usize = 1_000;

/// What people write on links instead of a name.
const NAMELESS: &[&str] = &[
    "above",
    "below",
    "click here",
    "details",
    "docs",
    "documentation",
    "example",
    "guide",
    "here",
    "issue",
    "link",
    "more",
    "page",
    "read more",
    "see below",
    "see here",
    "source",
    "that page",
    "this",
    "this doc",
    "this document",
    "this guide",
    "this link",
    "this page",
    "this runbook",
    "this section",
];

/// A part of the queries that links make, by a hash of each text, so that it never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// The half that nothing is tuned on.
    HeldOut,
    /// The other.
    Training,
}

impl Half {
    /// Whether a text belongs to it, without regard to case and to space around it.
    pub fn holds(self, text: &str) -> bool {
        let is_even = blake3::hash(plain(text).as_bytes()).as_bytes()[0].is_multiple_of(2);
        is_even == (self == Self::HeldOut)
    }
}

fn plain(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Texts of links and the pages that they lead to. Texts that name no page in particular are left out.
pub fn known_items(site: &Site, half: Option<Half>) -> Vec<Question> {
    let mut items: BTreeMap<String, BTreeSet<PageId>> = BTreeMap::new();
    for (from, page) in site.pages.iter().enumerate() {
        for (link, target) in page.parsed.links.iter().zip(&page.links) {
            let Target::Page { page: to, .. } = target else { continue };
            let is_named =
                !link.form.is_image() && link.form != LinkForm::Autolink && link.text != link.target;
            if *to != from && is_named {
                items.entry(plain(&link.text)).or_default().insert(*to);
            }
        }
    }
    let says_enough = |text: &str| {
        let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
        letters >= MIN_LETTERS
            && text.len() <= MAX_BYTES
            && !NAMELESS.contains(&text)
            && !text.contains("://")
            && !text.starts_with("www.")
    };
    items
        .into_iter()
        .filter(|(text, pages)| pages.len() <= MAX_PAGES && says_enough(text))
        .filter(|(text, _)| half.is_none_or(|half| half.holds(text)))
        .map(|(text, pages)| Question { text, pages: pages.into_iter().collect() })
        .collect()
}

/// The title of each page, its longest word with one letter left out, added, replaced or swapped.
pub fn mistyped_titles(site: &Site) -> Vec<Question> {
    let mut pages: BTreeMap<String, Vec<PageId>> = BTreeMap::new();
    for (id, page) in site.pages.iter().enumerate() {
        pages.entry(plain(&page.title)).or_default().push(id);
    }
    let slips =
        pages.into_iter().filter(|(title, _)| title.len() < MAX_BYTES).filter_map(|(title, pages)| {
            let words = title.split(|letter: char| !letter.is_ascii_alphabetic());
            let longest = words.max_by_key(|word| word.len()).filter(|word| word.len() >= MIN_SLIP)?;
            let chance = blake3::hash(title.as_bytes());
            let text = title.replacen(longest, &mistyped(longest, chance.as_bytes()), 1);
            Some(Question { text, pages })
        });
    slips.collect()
}

/// One edit of a word of ASCII letters; `chance` says which.
fn mistyped(word: &str, chance: &[u8]) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = usize::from(chance[0]) % letters.len();
    let other = |not: char| ('a'..='z').filter(|letter| *letter != not).nth(usize::from(chance[1]) % 25);
    match chance[2] % 4 {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, other(letters[at]).unwrap_or('x')),
        2 if at + 1 < letters.len() && letters[at] != letters[at + 1] => letters.swap(at, at + 1),
        _ => letters[at] = other(letters[at]).unwrap_or('x'),
    }
    letters.into_iter().collect()
}

/// The documents of a site, without those texts of links that are asked: so a query is measured as if
/// nobody had linked with its words yet.
pub fn unseen(site: &Site, queries: &[Question]) -> Vec<Document> {
    let asked: BTreeSet<&str> = queries.iter().map(|query| query.text.as_str()).collect();
    let mut documents: Vec<Document> = site.pages.iter().map(|page| Document::of(site, page)).collect();
    for document in &mut documents {
        document.link_texts.retain(|text| !asked.contains(plain(text).as_str()));
    }
    documents
}

/// What a query found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Rank of the first right page among ten.
    pub rank: Option<usize>,
    /// Path of the first page that was found, if it is a wrong one.
    pub wrong: Option<String>,
}

/// What all queries found.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// One for each query.
    pub answers: Vec<Answer>,
    /// Mean of 1 ÷ rank, 0 where no right page is among ten.
    pub mrr: f64,
    /// Share of queries whose first page is right.
    pub success_1: f64,
    /// Share of queries with a right page among ten.
    pub success_10: f64,
}

/// Asks each query.
pub fn evaluate(index: &Index, site: &Site, queries: &[Question]) -> Evaluation {
    let answers: Vec<Answer> = queries.iter().map(|query| ask(index, site, query)).collect();
    let share = |worth: &dyn Fn(usize) -> f64| {
        let sum: f64 = answers.iter().filter_map(|answer| answer.rank).map(worth).sum();
        if answers.is_empty() { 0.0 } else { sum / answers.len() as f64 }
    };
    let (mrr, success_1) = (share(&|rank| 1.0 / rank as f64), share(&|rank| f64::from(u8::from(rank == 1))));
    let success_10 = share(&|_| 1.0);
    Evaluation { answers, mrr, success_1, success_10 }
}

fn ask(index: &Index, site: &Site, query: &Question) -> Answer {
    let right: Vec<&str> = query.pages.iter().map(|page| site.pages[*page].parsed.file.path()).collect();
    let hits = index.search(&query.text, DEPTH).hits;
    let is_right = |path: &str| right.contains(&path);
    Answer {
        rank: hits.iter().find(|hit| is_right(&hit.path)).map(|hit| hit.rank),
        wrong: hits.first().map(|hit| hit.path.clone()).filter(|path| !is_right(path)),
    }
}

impl Evaluation {
    /// The measures with their names, and what must be reached of each.
    pub fn measures(&self, least: &Least) -> [(&'static str, f64, Option<f64>); 3] {
        [
            ("mrr", self.mrr, least.mrr),
            ("success_1", self.success_1, least.success_1),
            ("success_10", self.success_10, least.success_10),
        ]
    }
}
