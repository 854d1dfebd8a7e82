//! The words that stand in the pages, for completing and for mending what was typed.
//!
//! In: the surface forms of all pages, counted. Out: words that begin with some letters, or the word
//! that was meant by one that stands nowhere. On disk: one `word⇥pages` a line, sorted.

use std::cmp::Reverse;
use std::collections::HashMap;

/// The words that stand in the pages, sorted.
#[derive(Debug, Default)]
pub struct Lexicon {
    text: String,
    /// `(start, end, pages)` of each word in `text`.
    words: Vec<(u32, u32, u32)>,
}

/// A word and in how many pages it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known<'a> {
    /// The word, normalised.
    pub word: &'a str,
    /// In how many pages it stands.
    pub pages: u32,
}

/// Fewer edits, the same first letter, more pages: the least is the nearest.
type Nearness = (usize, bool, Reverse<u32>);

impl Lexicon {
    /// Writes a lexicon.
    pub fn write(counts: HashMap<String, u32>) -> String {
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_unstable();
        let mut text = String::new();
        for (word, pages) in counts {
            text.push_str(&word);
            text.push('\t');
            text.push_str(&pages.to_string());
            text.push('\n');
        }
        text
    }

    /// Reads what [`Lexicon::write`] wrote; lines of any other form are left out.
    pub fn read(text: String) -> Self {
        let mut words = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            if let Some((word, pages)) = line.trim_end().split_once('\t')
                && let Ok(pages) = pages.parse()
            {
                words.push((at as u32, (at + word.len()) as u32, pages));
            }
            at += line.len();
        }
        Self { text, words }
    }

    fn get(&self, index: usize) -> Known<'_> {
        let (start, end, pages) = self.words[index];
        Known { word: &self.text[start as usize..end as usize], pages }
    }

    /// All words, sorted.
    pub fn iter(&self) -> impl Iterator<Item = Known<'_>> {
        (0..self.words.len()).map(|index| self.get(index))
    }

    /// The place of a word among all.
    pub fn find(&self, word: &str) -> Option<usize> {
        let of = |(start, end, _): &(u32, u32, u32)| &self.text[*start as usize..*end as usize];
        self.words.binary_search_by(|entry| of(entry).cmp(word)).ok()
    }

    /// The words that begin with `prefix`, in the most pages first, at most `limit`.
    pub fn completions(&self, prefix: &str, limit: usize) -> Vec<Known<'_>> {
        let start =
            self.words.partition_point(|(start, end, _)| &self.text[*start as usize..*end as usize] < prefix);
        let all = (start..self.words.len()).map(|index| self.get(index));
        let mut found: Vec<_> = all.take_while(|known| known.word.starts_with(prefix)).collect();
        found.sort_by(|a, b| b.pages.cmp(&a.pages).then(a.word.cmp(b.word)));
        found.truncate(limit);
        found
    }

    /// The word that was most likely meant by `word`, which stands nowhere: one edit away from
    /// three letters on, two from seven, none where there is a digit; a wrong first letter is the only
    /// edit. Among several the nearest, then one with the same first letter, then the one in the most pages, then the alphabet.
    pub fn nearest(&self, word: &str) -> Option<&str> {
        let letters: Vec<char> = word.chars().collect();
        if !letters.iter().all(|c| c.is_alphabetic()) {
            return None;
        }
        let allowed = match letters.len() {
            0..=2 => return None,
            3..=6 => 1,
            _ => 2,
        };
        let mut best: Option<(Nearness, Known<'_>)> = None;
        let mut candidate = Vec::new();
        for index in 0..self.words.len() {
            let known = self.get(index);
            // A character is one to four bytes, so this is only a cheap first look.
            if known.word.len() + allowed < letters.len() || known.word.len() > 4 * (letters.len() + allowed)
            {
                continue;
            }
            candidate.clear();
            candidate.extend(known.word.chars());
            if !candidate.iter().all(|c| c.is_alphabetic()) {
                continue;
            }
            let other_first = letters[0] != candidate[0];
            let within = best.as_ref().map_or(allowed, |(key, _)| key.0);
            let within = if other_first { within.min(1) } else { within };
            let Some(distance) = distance(&letters, &candidate, within) else { continue };
            let key = (distance, other_first, Reverse(known.pages));
            if distance > 0 && best.as_ref().is_none_or(|(other, _)| key < *other) {
                best = Some((key, known));
            }
        }
        best.map(|(_, known)| known.word)
    }
}

/// The number of insertions, deletions, replacements and swaps of neighbours between two words, if
/// it is at most `within`, which is at most 2: no table is needed for so few.
fn distance(a: &[char], b: &[char], within: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > within {
        return None;
    }
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    if a.is_empty() || b.is_empty() {
        return Some(a.len() + b.len());
    }
    let rest = within.checked_sub(1)?;
    let swapped = a.len() > 1 && b.len() > 1 && a[0] == b[1] && a[1] == b[0];
    [
        distance(&a[1..], &b[1..], rest),
        distance(&a[1..], b, rest),
        distance(a, &b[1..], rest),
        swapped.then(|| distance(&a[2..], &b[2..], rest)).flatten(),
    ]
    .into_iter()
    .flatten()
    .min()
    .map(|edits| edits + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon(words: &[(&str, u32)]) -> Lexicon {
        Lexicon::read(Lexicon::write(
            words.iter().map(|(word, pages)| ((*word).to_owned(), *pages)).collect(),
        ))
    }

    #[test]
    fn a_word_is_mended_within_its_number_of_edits() {
        let lexicon = lexicon(&[("cat", 1), ("certificate", 3), ("postgres", 9), ("queue", 2), ("x509", 1)]);
        for (typed, meant) in [
            ("certificte", Some("certificate")),
            ("certifcte", Some("certificate")),
            ("crtifcte", None),
            ("psotgres", Some("postgres")),
            ("qeue", Some("queue")),
            ("qeuu", None),
            ("cta", Some("cat")),
            ("ca", None),
            ("x50", None),
            ("x508", None),
        ] {
            assert_eq!(lexicon.nearest(typed), meant, "{typed}");
        }
    }

    #[test]
    fn the_nearer_then_the_same_first_letter_then_the_more_frequent_word_wins() {
        let lexicon = lexicon(&[("node", 1), ("mode", 9), ("nodes", 1), ("note", 2), ("nose", 2)]);
        assert_eq!(lexicon.nearest("noxe"), Some("nose"));
        assert_eq!(lexicon.nearest("lode"), Some("mode"));
        assert_eq!(
            lexicon.completions("no", 3).iter().map(|k| k.word).collect::<Vec<_>>(),
            ["nose", "note", "node"]
        );
    }
}
