//! The words behind the language of a code fence.
//!
//! `parse` reports a word that nearly is one of ours, `render` reads the values. Not here: names of
//! languages (`languages`), and what the words do (`render::code`).

use std::ops::Range;

use crate::diagnostic::nearest;

/// Words that stand before `=` and a value, or alone.
const WORDS: &[&str] =
    &["danger", "file", "filename", "hl_lines", "linenos", "lines", "name", "numbers", "on", "title", "wrap"];

/// Words of other tools that are near to one of ours and mean something else.
const OTHERS: &[&str] = &["line", "linenums"];

/// The places of the words of an info string; blanks, commas and braces part them, quotes keep them
/// together.
pub fn split(info: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut quote = None;
    for (at, c) in info.char_indices() {
        let word = &info[start..at];
        // A comma in `lines=1,3` belongs to the value.
        let parts = matches!(c, ' ' | '\t' | '{' | '}') || (c == ',' && !word.contains('='));
        if quote == Some(c) {
            quote = None;
        } else if quote.is_none() && matches!(c, '"' | '\'') && word.ends_with('=') {
            quote = Some(c);
        } else if quote.is_none() && parts {
            words.push(start..at);
            start = at + c.len_utf8();
        }
    }
    words.push(start..info.len());
    words.retain(|word| !word.is_empty());
    words
}

/// The word of ours that was meant by one that is none: `title` for `titel`.
pub fn meant(word: &str) -> Option<&'static str> {
    if word.len() > 20 || WORDS.contains(&word) || OTHERS.contains(&word) {
        return None;
    }
    nearest(word, WORDS.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_values_keep_their_words_together() {
        for (info, expected) in [
            ("", &[][..]),
            ("rust,ignore", &["rust", "ignore"]),
            ("sh title=\"a b, c\" wrap", &["sh", "title=\"a b, c\"", "wrap"]),
            ("{.py lines=1,3-4}", &[".py", "lines=1,3-4"]),
            ("sh  title='é", &["sh", "title='é"]),
        ] {
            let words: Vec<&str> = split(info).into_iter().map(|word| &info[word]).collect();
            assert_eq!(words, expected, "{info}");
        }
    }

    #[test]
    fn a_slip_is_told_from_a_word_of_another_tool() {
        for (word, expected) in [
            ("titel", Some("title")),
            ("Title", Some("title")),
            ("wrpa", Some("wrap")),
            ("dangr", Some("danger")),
            ("title", None),
            ("linenums", None),
            ("ignore", None),
            ("mode", None),
            ("copy", None),
            ("x", None),
        ] {
            assert_eq!(meant(word), expected, "{word}");
        }
    }
}
