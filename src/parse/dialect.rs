//! The marks of kramdown and GitLab that are no Markdown: attribute lists, tables of contents,
//! options, comments. They are honoured where [`MarkKind`] has a word for them, and never printed.

use std::ops::Range;

use super::markdown::MarkKind;
use super::mask::Mask;

/// How long a mark may be, in bytes.
const LONGEST_TAG: usize = 1000;

/// Masks every mark outside code.
pub(super) fn mask_marks(mask: &mut Mask<'_>) {
    mask_toc_lines(mask);
    let mut comment_may_close = true;
    let mut at = mask.body.start;
    while let Some(open) = mask.find("{:", at) {
        at = open + 2;
        if mask.in_code(open) || mask.bytes()[..open].ends_with(b"\\") {
            continue;
        }
        let end = mask_extension(mask, open, &mut comment_may_close).or_else(|| mask_attributes(mask, open));
        at = end.unwrap_or(at);
    }
}

/// `[[_TOC_]]` and `[TOC]`, alone on a line.
fn mask_toc_lines(mask: &mut Mask<'_>) {
    for needle in ["[[_TOC_]]", "[TOC]"] {
        let mut at = mask.body.start;
        while let Some(open) = mask.find(needle, at) {
            at = open + needle.len();
            let line = mask.line(open);
            if !mask.in_code(open) && mask.bytes()[line].trim_ascii() == needle.as_bytes() {
                mask.blank(open..at);
                mask.mark(open..at, MarkKind::Toc);
            }
        }
    }
}

/// The text from `open` on, as far as a mark may reach.
fn tag_text<'m>(mask: &Mask<'m>, open: usize) -> &'m str {
    let mut end = mask.body.end.min(open + LONGEST_TAG);
    while !mask.source.is_char_boundary(end) {
        end -= 1;
    }
    &mask.source[open..end]
}

/// `{::options …/}`, `{::comment}…{:/comment}`, `{::nomarkdown}`, `{:/}`: where it ends.
fn mask_extension(mask: &mut Mask<'_>, open: usize, comment_may_close: &mut bool) -> Option<usize> {
    let rest = tag_text(mask, open);
    let inner = rest.strip_prefix("{:/").or_else(|| rest.strip_prefix("{::"))?;
    let name_end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(inner.len());
    let name = &inner[..name_end];
    let is_close = rest.starts_with("{:/");
    let is_known = matches!(name, "comment" | "nomarkdown" | "options") || (is_close && name.is_empty());
    if !is_known {
        return None;
    }
    let length = inner[name_end..].find(['}', '{'])?;
    let end = open + 3 + name_end + length + 1;
    if !inner[name_end + length..].starts_with('}') {
        return None;
    }
    let is_alone = rest[..end - open].ends_with("/}");
    let mut range = open..end;
    if name == "comment" && !is_close && !is_alone && *comment_may_close {
        let close = mask.find("{:/", end).filter(|close| {
            [&b"{:/}"[..], b"{:/comment}"].iter().any(|tag| mask.bytes()[*close..].starts_with(tag))
        });
        match close {
            Some(close) => {
                let length = mask.bytes()[close..].iter().position(|byte| *byte == b'}')?;
                range.end = close + length + 1;
            }
            None => *comment_may_close = false,
        }
    }
    blank_extension(mask, range.clone());
    mask.mark(range.clone(), MarkKind::Dropped);
    Some(range.end)
}

/// Blanks an extension. Spaces before the rest of a line would make it an indented code block.
fn blank_extension(mask: &mut Mask<'_>, range: Range<usize>) {
    let last_line = mask.line(range.end - 1);
    let start = last_line.start.max(range.start);
    let before = &mask.bytes()[last_line.start..start];
    let leads = before.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'>'))
        && !mask.bytes()[range.end..last_line.end.max(range.end)].trim_ascii().is_empty();
    if leads {
        if range.start < start {
            mask.blank(range.start..start);
        }
        mask.drop_quietly(start..range.end);
    } else {
        mask.blank(range);
    }
}

/// `{: .class #id key="v"}`, `{:toc}` and `{:name: …}`: where it ends.
fn mask_attributes(mask: &mut Mask<'_>, open: usize) -> Option<usize> {
    let line = mask.line(open);
    let list = AttributeList::parse(tag_text(mask, open))?;
    let range = open..open + list.length;
    if mask.has_blank_line(range.clone()) {
        return None;
    }
    // A list that far from the start of its line is not alone there, whatever comes before.
    let near = line.start.max(open.saturating_sub(LONGEST_TAG));
    let before = &mask.bytes()[near..open];
    let is_alone = near == line.start
        && range.end <= line.end
        && before.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'>'))
        && mask.bytes()[range.end..line.end].trim_ascii().is_empty();
    if list.is_definition {
        if !is_alone {
            return None;
        }
        mask.blank(range.clone());
        mask.mark(range.clone(), MarkKind::Dropped);
        return Some(range.end);
    }
    if list.is_toc && is_alone {
        let from = toc_list_line(mask, line.start);
        if let Some(item) = from.clone() {
            mask.blank(item);
        }
        mask.blank(range.clone());
        mask.mark(from.map_or(range.start, |item| item.start)..range.end, MarkKind::Toc);
        return Some(range.end);
    }
    // A bare word is a reference to a definition in kramdown, and in prose as likely Elixir.
    let follows_mark =
        before.last().is_some_and(|byte| matches!(byte, b')' | b']' | b'*' | b'_' | b'`' | b'>'));
    if list.has_bare_word && !is_alone && !follows_mark {
        return None;
    }
    if is_after_list_marker(before) {
        // Spaces here would make the rest of the line an indented code block.
        mask.drop_quietly(range.clone());
    } else {
        mask.blank(range.clone());
        if is_alone {
            keep_list_tight(mask, line);
        }
    }
    mask.mark(range.clone(), MarkKind::Attributes { id: list.id, classes: list.classes });
    Some(range.end)
}

/// The list item on the line before, which `{:toc}` replaces.
fn toc_list_line(mask: &Mask<'_>, line_start: usize) -> Option<Range<usize>> {
    let before = mask.line(line_start.checked_sub(1)?);
    let text = &mask.bytes()[before.clone()];
    let indent = text.len() - text.trim_ascii_start().len();
    (starts_with_list_marker(text.trim_ascii_start()) && before.start >= mask.body.start)
        .then_some(before.start + indent..before.end)
}

/// A masked line between two items would be a blank one, and so make the list loose.
fn keep_list_tight(mask: &mut Mask<'_>, line: Range<usize>) {
    let Some(newline) = line.start.checked_sub(1).filter(|at| *at >= mask.body.start) else { return };
    let before = mask.line(newline);
    let after = if line.end < mask.body.end { mask.line(line.end + 1) } else { return };
    let marks = |range: Range<usize>| {
        let text = &mask.bytes()[range];
        let content = text.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'>'));
        content.map_or(&text[..0], |start| &text[start..]).to_vec()
    };
    if marks(before).is_empty() || !starts_with_list_marker(&marks(after)) {
        return;
    }
    mask.blank(line);
    mask.join_lines(newline);
}

fn is_after_list_marker(before: &[u8]) -> bool {
    let before = before.trim_ascii_start();
    starts_with_list_marker(before)
        && before.iter().all(|byte| byte.is_ascii_digit() || b"-*+.) \t".contains(byte))
}

fn starts_with_list_marker(text: &[u8]) -> bool {
    let digits = text.iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
    let marker = match text.get(digits) {
        Some(b'-' | b'*' | b'+') => digits == 0,
        Some(b'.' | b')') => (1..10).contains(&digits),
        _ => false,
    };
    marker && text.get(digits + 1).is_none_or(|byte| matches!(byte, b' ' | b'\t'))
}

/// What stands between `{:` and `}`.
#[derive(Debug, Default, PartialEq, Eq)]
struct AttributeList {
    length: usize,
    id: Option<String>,
    classes: Vec<String>,
    is_toc: bool,
    is_definition: bool,
    has_bare_word: bool,
}

impl AttributeList {
    /// Reads a list that `text` starts with; `None` if it is none.
    fn parse(text: &str) -> Option<Self> {
        let mut list = Self::default();
        let mut rest = text.strip_prefix("{:")?;
        if let Some((name, after)) = rest.split_once(':')
            && !name.is_empty()
            && name.chars().all(is_name)
        {
            list.is_definition = true;
            rest = after;
        }
        let mut is_empty = true;
        loop {
            rest = rest.trim_start_matches([' ', '\t', '\n']);
            if let Some(after) = rest.strip_prefix('}') {
                list.length = text.len() - after.len();
                return (!is_empty || list.is_definition).then_some(list);
            }
            is_empty = false;
            rest = list.read_word(rest)?;
        }
    }

    fn read_word<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        if let Some(rest) = text.strip_prefix('.') {
            let (name, rest) = split_name(rest.trim_start_matches(['\n', ' ']))?;
            self.classes.push(name.to_owned());
            return Some(rest);
        }
        if let Some(rest) = text.strip_prefix('#') {
            let (name, rest) = split_name(rest)?;
            self.id = Some(name.to_owned());
            return Some(rest);
        }
        let (name, rest) = split_name(text)?;
        let Some(value) = rest.strip_prefix('=') else {
            match name {
                "toc" => self.is_toc = true,
                "no_toc" => self.classes.push(name.to_owned()),
                _ => self.has_bare_word = true,
            }
            return Some(rest);
        };
        let first = value.chars().next()?;
        let (value, rest) = if matches!(first, '"' | '\'' | '“' | '”') {
            let quoted = &value[first.len_utf8()..];
            let end = quoted.find(if first.is_ascii() { first } else { '”' })?;
            let close = quoted[end..].chars().next().map_or(1, char::len_utf8);
            (&quoted[..end], &quoted[end + close..])
        } else {
            let end = value.find([' ', '\t', '\n', '}', '{'])?;
            value.split_at(end)
        };
        match name {
            "id" => self.id = Some(value.to_owned()),
            "class" => self.classes.extend(value.split_ascii_whitespace().map(str::to_owned)),
            _ => {}
        }
        Some(rest)
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

fn split_name(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !is_name(c) && c != ':').unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}
