//! The tags of a template, read just far enough to know what they name.
//!
//! In: a template's text. Out: its tags with their words and places. tera parses the template
//! itself; this reader exists for what tera does not say: where `safe` is used, where a loop
//! begins, which templates are named. Not here: whether any of it is allowed (`lint`, `budget`).

use std::ops::Range;

/// `{{ … }}` or `{% … %}`; comments and raw sections are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag<'t> {
    /// The whole tag, braces included.
    pub span: Range<usize>,
    /// Whether it is `{% … %}`.
    pub is_block: bool,
    /// Whether it ends in `-}}` or `-%}` and so eats the blanks behind it.
    pub trims_after: bool,
    /// What stands in it.
    pub words: Vec<Word<'t>>,
}

/// One word of a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word<'t> {
    /// As written; a string without its quotes.
    pub text: &'t str,
    /// Where, quotes included.
    pub span: Range<usize>,
    /// Whether it is a string.
    pub quoted: bool,
}

impl<'t> Tag<'t> {
    /// The first word of a block tag: `for`, `include` …
    pub fn keyword(&self) -> Option<&'t str> {
        self.is_block.then(|| self.words.first()).flatten().map(|word| word.text)
    }

    /// The string behind the keyword: the template that `include` and `extends` name.
    pub fn name(&self) -> Option<&Word<'t>> {
        self.words.get(1).filter(|word| word.quoted)
    }
}

/// Reads the tags of a template. A tag that is not closed ends the reading: tera will say so.
pub(super) fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|found| at + found) {
        let is_block = match text.as_bytes().get(open + 1) {
            Some(b'{') => false,
            Some(b'%') => true,
            Some(b'#') => {
                let Some(end) = text[open..].find("#}") else { break };
                at = open + end + 2;
                continue;
            }
            _ => {
                at = open + 1;
                continue;
            }
        };
        let Some(tag) = read_tag(text, open, is_block) else { break };
        at = tag.span.end;
        if tag.keyword() == Some("raw") {
            let Some(end) = end_of_raw(text, at) else { break };
            at = end;
        } else {
            tags.push(tag);
        }
    }
    tags
}

fn end_of_raw(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(open) = text[at..].find("{%").map(|found| at + found) {
        let inner = text[open + 2..].trim_start_matches('-').trim_start();
        if inner.starts_with("endraw") {
            return text[open..].find("%}").map(|end| open + end + 2);
        }
        at = open + 2;
    }
    None
}

fn read_tag(text: &str, open: usize, is_block: bool) -> Option<Tag<'_>> {
    let bytes = text.as_bytes();
    let close: &[u8] = if is_block { b"%}" } else { b"}}" };
    let mut at = open + 2;
    if bytes.get(at) == Some(&b'-') {
        at += 1;
    }
    let mut words = Vec::new();
    // Braces of maps inside the tag.
    let mut depth = 0usize;
    loop {
        let byte = *bytes.get(at)?;
        let ends = |at: usize| bytes.get(at..at + 2) == Some(close);
        if depth == 0 && (ends(at) || (byte == b'-' && ends(at + 1))) {
            let trims_after = byte == b'-';
            let end = at + 2 + usize::from(trims_after);
            return Some(Tag { span: open..end, is_block, trims_after, words });
        }
        let start = at;
        match byte {
            b'"' | b'\'' | b'`' => {
                at += 1;
                while *bytes.get(at)? != byte {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                words.push(Word { text: text.get(start + 1..at)?, span: start..at + 1, quoted: true });
                at += 1;
            }
            byte if byte.is_ascii_whitespace() => at += 1,
            byte if is_word(byte) => {
                at += bytes[at..].iter().take_while(|byte| is_word(**byte)).count();
                words.push(Word { text: &text[start..at], span: start..at, quoted: false });
            }
            byte => {
                match byte {
                    b'{' => depth += 1,
                    b'}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                at += 1;
                words.push(Word { text: &text[start..at], span: start..at, quoted: false });
            }
        }
    }
}

/// Letters of any script are words, so that a slice never cuts one in two.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Vec<&str>> {
        tags(text).iter().map(|tag| tag.words.iter().map(|word| word.text).collect()).collect()
    }

    #[test]
    fn tags_are_found_and_comments_and_raw_sections_are_not() {
        assert_eq!(words("a {{ x | safe }} b"), [["x", "|", "safe"]]);
        assert_eq!(words("{# {{ no }} #}{%- if a -%}{{b}}"), [vec!["if", "a"], vec!["b"]]);
        assert_eq!(words("{% raw %}{{ no }}{%- endraw -%}{{ yes }}"), [["yes"]]);
        assert_eq!(words(r#"{{ "}} \" %}" ~ x }}"#), [[r#"}} \" %}"#, "~", "x"]]);
        assert_eq!(words("{{ {'a': {'b': 1}} }}{{ z }}").last(), Some(&vec!["z"]));
        assert_eq!(words("{ a {{ open"), Vec::<Vec<&str>>::new());
        assert_eq!(words("é{{ naïve }}é"), [["naïve"]]);
    }

    #[test]
    fn a_tag_knows_its_keyword_its_name_and_what_it_trims() {
        let tags = tags("{%- include 'a.html' -%}{{ include }}");
        assert_eq!(tags[0].keyword(), Some("include"));
        assert_eq!(tags[0].name().map(|name| name.text), Some("a.html"));
        assert!(tags[0].trims_after);
        assert_eq!(tags[1].keyword(), None);
    }
}
