//! The lexicon as files: words for completing and for mending.

use std::collections::BTreeMap;

use super::bytes::{Keys, Shards, number, shared, text};
use crate::search::lexicon::{Known, Lexicon};
use crate::search::plan::MAX_COMPLETIONS;

/// Beginnings of words that more files of words begin with have their completions listed.
pub const LISTED_OVER: usize = 2;

/// The tables of words.
pub struct Words {
    /// Every word, in how many pages it stands, and its term.
    pub all: Shards,
    /// Words without their first letter, and the letters and numbers of pages.
    pub rests: Shards,
    /// Beginnings of many words, and the completions of each.
    pub beginnings: Shards,
}

/// Makes the tables. `terms` has the term of each word of the lexicon.
pub fn words(lexicon: &Lexicon, terms: &[String], shard: usize) -> Words {
    let (all, firsts) = all(lexicon, terms, shard);
    let beginnings = beginnings(lexicon, terms, &all, &firsts, shard);
    Words { rests: rests(lexicon, shard), beginnings, all }
}

/// Also the word that each file begins with.
fn all(lexicon: &Lexicon, terms: &[String], shard: usize) -> (Shards, Vec<String>) {
    let (mut shards, mut firsts) = (Shards::default(), Vec::new());
    let (mut keys, mut values, mut size) = (Keys::default(), Vec::new(), 0);
    for (known, term) in lexicon.iter().zip(terms) {
        if size > shard {
            shards.end(&mut keys, &[&values], Some(known.word));
            (values, size) = (Vec::new(), 0);
        }
        if keys.count == 0 {
            firsts.push(known.word.to_owned());
        }
        keys.add(known.word);
        number(&mut values, known.pages);
        term_of(&mut values, known.word, term);
        size += 4 + known.word.len() / 2;
    }
    shards.end(&mut keys, &[&values], None);
    (shards, firsts)
}

/// 0 for the word itself, else one more than what it shares, and the rest.
fn term_of(out: &mut Vec<u8>, word: &str, term: &str) {
    if word == term {
        number(out, 0);
    } else {
        let shared = shared(word, term);
        number(out, shared as u32 + 1);
        text(out, &term[shared..]);
    }
}

fn rests(lexicon: &Lexicon, shard: usize) -> Shards {
    let mut rests: BTreeMap<&str, Vec<(char, u32)>> = BTreeMap::new();
    for Known { word, pages } in lexicon.iter() {
        let mut letters = word.chars();
        if let Some(first) = letters.next().filter(|_| word.chars().all(char::is_alphabetic)) {
            rests.entry(letters.as_str()).or_default().push((first, pages));
        }
    }
    let (mut shards, mut keys, mut values, mut size) = (Shards::default(), Keys::default(), Vec::new(), 0);
    for (rest, letters) in rests {
        if size > shard {
            shards.end(&mut keys, &[&values], Some(rest));
            (values, size) = (Vec::new(), 0);
        }
        keys.add(rest);
        number(&mut values, letters.len() as u32);
        for (letter, pages) in letters {
            number(&mut values, u32::from(letter));
            number(&mut values, pages);
        }
        size += 4 + rest.len() / 2;
    }
    shards.end(&mut keys, &[&values], None);
    shards
}

fn beginnings(lexicon: &Lexicon, terms: &[String], all: &Shards, firsts: &[String], shard: usize) -> Shards {
    let mut listed = std::collections::BTreeSet::new();
    for first in firsts {
        let ends = first.char_indices().map(|(at, c)| at + c.len_utf8());
        listed.extend(ends.map(|end| &first[..end]).filter(|start| files(all, start) > LISTED_OVER));
    }
    let (mut shards, mut keys, mut values) = (Shards::default(), Keys::default(), Vec::new());
    for start in listed {
        if values.len() > shard {
            shards.end(&mut keys, &[&values], Some(start));
            values = Vec::new();
        }
        keys.add(start);
        let completions = lexicon.completions(start, MAX_COMPLETIONS);
        number(&mut values, completions.len() as u32);
        for known in completions {
            text(&mut values, &known.word[start.len()..]);
            let term = lexicon.find(known.word).and_then(|at| terms.get(at)).map_or(known.word, |term| term);
            term_of(&mut values, known.word, term);
        }
    }
    shards.end(&mut keys, &[&values], None);
    shards
}

/// How many files may hold words that begin so.
fn files(all: &Shards, start: &str) -> usize {
    let from = all.firsts.partition_point(|first| first.as_str() <= start).saturating_sub(1);
    let to = all.firsts.partition_point(|first| first.as_str() <= start || first.starts_with(start));
    to - from
}
