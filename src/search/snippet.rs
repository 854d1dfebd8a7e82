//! Which section of a page to show, and which words of it.
//!
//! In: a document that fits and the terms that were looked for. Out: the section and a [`Snippet`].

use std::collections::HashMap;
use std::ops::Range;

use super::Snippet;
use super::document::{Document, Section};
use super::plan::Plan;
use super::tokens::{Analyzer, Role};

/// About so many characters.
const LENGTH: usize = 160;

/// No more text of a page than this is looked through.
const MAX_TEXT_BYTES: usize = 256 << 10;

/// What a word in a heading counts beside one in the text under it.
const IN_HEADING: f32 = 2.0;

/// What a phrase counts beside all words of the query together.
const PHRASE: f32 = 10.0;

/// What terms to look for and how much each says.
#[derive(Default)]
pub struct Sought {
    terms: HashMap<String, usize>,
    prefixes: Vec<(String, usize)>,
    weights: Vec<f32>,
    /// Phrases that the page must hold: their terms, at least two, and the number they count as.
    phrases: Vec<(Vec<(usize, String)>, usize)>,
    /// What terms and prefixes begin with.
    first: Vec<char>,
}

/// A place in a text and the number of the term that stands there.
struct Match {
    range: Range<usize>,
    term: usize,
}

/// The section to show.
pub struct Shown<'a> {
    /// `None`: the top of the page.
    pub section: Option<&'a Section>,
    /// Words of it.
    pub snippet: Snippet,
}

impl Sought {
    /// From a plan; `rarity` says how much a term tells pages apart.
    pub fn new(plan: &Plan, rarity: impl Fn(&str) -> f32) -> Self {
        let mut sought = Self::default();
        for word in &plan.words {
            let share = 1.0 / word.parts.len().max(1) as f32;
            let parts = word.parts.iter().map(|term| (term, share));
            let wholes =
                word.whole.iter().chain(&word.completions).chain(&word.joined).map(|term| (term, 1.0));
            for (term, share) in wholes.chain(parts) {
                let next = sought.weights.len();
                if *sought.terms.entry(term.clone()).or_insert(next) == next {
                    sought.weights.push(rarity(term) * share);
                }
            }
            if let Some(prefix) = &word.prefix {
                sought.prefixes.push((prefix.clone(), sought.weights.len()));
                sought.weights.push(rarity(prefix));
            }
        }
        // Where a phrase stands is always worth more than where its words stand apart.
        let all: f32 = sought.weights.iter().sum();
        for phrase in plan.must.iter().filter(|phrase| phrase.terms.len() > 1) {
            sought.phrases.push((phrase.terms.clone(), sought.weights.len()));
            sought.weights.push(PHRASE * all);
        }
        let wanted = sought.terms.keys().chain(sought.prefixes.iter().map(|(prefix, _)| prefix));
        sought.first = wanted.filter_map(|text| text.chars().next()).collect();
        sought
    }

    /// Whether a token that begins so may be sought. Folding and stemming may change the first
    /// letter of a token, but not if it is one of ASCII.
    fn may_begin(&self, first: char) -> bool {
        !first.is_ascii() || self.first.contains(&first.to_ascii_lowercase())
    }

    fn matches(&self, text: &str, analyzer: &mut Analyzer) -> Vec<Match> {
        let mut found = Vec::new();
        analyzer.each_if(text, &|first| self.may_begin(first), &mut |token| {
            let begins =
                |(prefix, term): &(String, usize)| token.surface.starts_with(prefix).then_some(*term);
            let term = self.terms.get(&token.term).copied().or_else(|| self.prefixes.iter().find_map(begins));
            found.extend(term.map(|term| Match { range: token.range.clone(), term }));
        });
        if !self.phrases.is_empty() {
            found.extend(self.phrase_matches(text, analyzer));
            found.sort_by_key(|found| found.range.start);
        }
        found
    }

    fn phrase_matches(&self, text: &str, analyzer: &mut Analyzer) -> Vec<Match> {
        let mut tokens = analyzer.tokens(text);
        tokens.retain(|token| token.role != Role::Whole);
        let mut found = Vec::new();
        for (terms, number) in &self.phrases {
            let Some((first, _)) = terms.first() else { continue };
            for (index, start) in tokens.iter().enumerate() {
                // Tokens are in the order of their positions, so one walk finds all terms.
                let mut rest = tokens[index..].iter();
                let mut stands = |(at, term): &(usize, String)| {
                    let position = start.position + (at - first) as u32;
                    rest.find(|token| token.position >= position)
                        .filter(|token| token.position == position && token.term == *term)
                };
                let last = terms.iter().try_fold(start, |_, term| stands(term));
                found.extend(
                    last.map(|last| Match { range: start.range.start..last.range.end, term: *number }),
                );
            }
        }
        found
    }

    /// The section of a document that fits best, and a snippet of it.
    pub fn show<'a>(&self, document: &'a Document, analyzer: &mut Analyzer) -> Shown<'a> {
        let mut left = MAX_TEXT_BYTES;
        let mut best: Option<(f32, usize, String, Vec<Match>)> = None;
        for (index, section) in document.sections.iter().enumerate() {
            let text = one_line(&section.text, left);
            left -= text.len();
            let matches = self.matches(&text, analyzer);
            let heading = if is_top(document, index) { &document.title } else { &section.heading };
            let score = self.score(&self.matches(heading, analyzer), &matches);
            if best.as_ref().is_none_or(|(other, ..)| score > *other) {
                best = Some((score, index, text, matches));
            }
        }
        let Some((_, index, mut text, mut matches)) = best else {
            return Shown { section: None, snippet: Snippet::default() };
        };
        if text.is_empty() {
            // A heading right above another: show what comes below.
            let below = document.sections[index..].iter().find(|section| !section.text.trim().is_empty());
            text = one_line(below.map_or(&document.description, |section| &section.text), MAX_TEXT_BYTES);
            matches = self.matches(&text, analyzer);
        }
        let section = (!is_top(document, index)).then(|| &document.sections[index]);
        Shown { section, snippet: self.snippet(&text, &matches) }
    }

    fn score(&self, heading: &[Match], text: &[Match]) -> f32 {
        let mut counts = vec![0.0_f32; self.weights.len()];
        for found in text {
            counts[found.term] += 1.0;
        }
        let mut shares: Vec<f32> = counts.iter().map(|count| count / (count + 1.0)).collect();
        let mut named = vec![false; self.weights.len()];
        for found in heading {
            if !std::mem::replace(&mut named[found.term], true) {
                shares[found.term] += IN_HEADING;
            }
        }
        let sum = |share: &dyn Fn(usize) -> f32| -> f32 {
            self.weights.iter().enumerate().map(|(term, weight)| share(term) * weight).sum()
        };
        let coverage =
            sum(&|term| f32::from(u8::from(shares[term] > 0.0))) / sum(&|_| 1.0).max(f32::MIN_POSITIVE);
        sum(&|term| shares[term]) * coverage
    }

    fn snippet(&self, text: &str, matches: &[Match]) -> Snippet {
        let window = self.window(text, matches);
        let start = if window.start > 0 { "… " } else { "" };
        let end = if window.end < text.len() { " …" } else { "" };
        let mut marks: Vec<(usize, usize)> = Vec::new();
        for found in matches.iter().filter(|m| window.start <= m.range.start && m.range.end <= window.end) {
            let shift = |at: usize| at - window.start + start.len();
            let (from, to) = (shift(found.range.start), shift(found.range.end));
            match marks.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => marks.push((from, to)),
            }
        }
        Snippet { text: format!("{start}{}{end}", text[window].trim()), marks }
    }

    /// The stretch of about [`LENGTH`] characters whose words say most; the first of equals.
    fn window(&self, text: &str, matches: &[Match]) -> Range<usize> {
        let mut best = (0.0, 0..0);
        for (index, first) in matches.iter().enumerate() {
            let mut seen = vec![false; self.weights.len()];
            let mut score = 0.0;
            let mut end = first.range.end;
            for found in matches[index..].iter().take(LENGTH) {
                if found.range.end > first.range.start + LENGTH {
                    break;
                }
                end = end.max(found.range.end);
                if !std::mem::replace(&mut seen[found.term], true) {
                    score += self.weights[found.term];
                }
            }
            if score > best.0 {
                best = (score, first.range.start..end);
            }
        }
        widen(text, best.1)
    }
}

/// Whether a section is the top of the page: what comes before the first heading, or under a first
/// heading that is the title.
fn is_top(document: &Document, index: usize) -> bool {
    let section = &document.sections[index];
    let before = &document.sections[..index];
    section.id.is_empty()
        || (section.heading.trim() == document.title.trim()
            && before.iter().all(|earlier| earlier.id.is_empty()))
}

/// Text on one line, at most `limit` bytes of it.
fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if line.len() + word.len() >= limit {
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().filter(|c| !c.is_control()));
    }
    line
}

/// Adds what stands around a stretch, whole words, a third before and the rest after.
fn widen(text: &str, core: Range<usize>) -> Range<usize> {
    let spare = LENGTH.saturating_sub(text[core.clone()].chars().count());
    let before = text[..core.start].char_indices().rev().take(spare / 3).last();
    let mut start = before.map_or(core.start, |(at, _)| at);
    if start > 0 {
        // To the next word, unless the text is written without spaces.
        start = text[start..core.start].find(' ').map_or(start, |space| start + space + 1);
    }
    let left = spare.saturating_sub(text[start..core.start].chars().count());
    let mut end = text[core.end..].char_indices().nth(left).map_or(text.len(), |(at, _)| core.end + at);
    if end < text.len() {
        end = text[core.end..end].rfind(' ').map_or(end, |space| core.end + space);
    }
    start..end
}
