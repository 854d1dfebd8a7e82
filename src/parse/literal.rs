//! Characters that Markdown must not read: template tags, dollars that are no formula, the stars and
//! underscores of bare addresses, braces that end a heading, brackets that are no wiki link.

use std::ops::Range;

use super::mask::{Mask, PatchKind};

/// How long a template tag may be, in bytes.
const LONGEST_TAG: usize = 4096;

/// A template tag of another tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TemplateTag {
    /// Where it stands.
    pub range: Range<usize>,
    /// Whether another tool would have run it or put something in its place; `{{ name }}` alone is
    /// how alerts are written about.
    pub is_code: bool,
}

/// Keeps ERB, Liquid, Jinja and Hugo tags as they are written.
pub(super) fn keep_template_tags(mask: &mut Mask<'_>) -> Vec<TemplateTag> {
    const KINDS: [(&str, &str); 3] = [("<%", "%>"), ("{%", "%}"), ("{{", "}}")];
    let mut next_close: [Option<usize>; 3] = [Some(0); 3];
    let mut tags = Vec::new();
    let mut at = mask.body.start;
    while let Some(offset) = mask.bytes()[at..mask.body.end].iter().position(|b| matches!(b, b'<' | b'{')) {
        at += offset;
        if let Some(code) = mask.code_at(at) {
            at = code.end.min(mask.body.end);
            continue;
        }
        let here = &mask.bytes()[at..mask.body.end];
        let Some(kind) = KINDS.iter().position(|(open, _)| here.starts_with(open.as_bytes())) else {
            at += 1;
            continue;
        };
        let close = KINDS[kind].1;
        if next_close[kind].is_some_and(|known| known < at + 2) {
            next_close[kind] = mask.find(close, at + 2);
        }
        let end = next_close[kind].map(|end| end + close.len());
        let Some(end) = end.filter(|end| end - at <= LONGEST_TAG && !mask.in_code(end - 1)) else {
            at += 2;
            continue;
        };
        let more = mask.bytes()[end..mask.body.end].iter().take_while(|b| kind == 2 && **b == b'}').count();
        let range = at..end + more;
        if kind > 0 && mask.has_blank_line(range.clone()) {
            at += 2;
            continue;
        }
        let third = mask.bytes()[at + 2];
        let is_code = kind < 2 || matches!(third, b'<' | b'%');
        mask.keep(range.clone(), PatchKind::Literal);
        at = range.end;
        tags.push(TemplateTag { range, is_code });
    }
    tags
}

/// Keeps the dollars that open or close no formula.
///
/// A formula opens before a character that is no space and not behind a letter or digit; it closes
/// at the very next dollar, which must not follow a space nor stand before a letter or digit. So
/// `$HOME/bin:$PATH` and `$5 to $10` are text.
pub(super) fn keep_dollars(mask: &mut Mask<'_>) {
    let text = mask.bytes();
    let dollars: Vec<usize> = (mask.body.clone())
        .filter(|at| text[*at] == b'$' && !is_escaped(text, *at) && !mask.in_code(*at))
        .collect();
    let mut literal = Vec::new();
    let mut at = 0;
    while let Some(&open) = dollars.get(at) {
        let double = dollars.get(at + 1) == Some(&(open + 1));
        let width = if double { 2 } else { 1 };
        let close = dollars.get(at + width).copied().filter(|close| {
            let inside = &text[open + width..*close];
            if double {
                dollars.get(at + 3) == Some(&(close + 1))
                    && !mask.has_blank_line(open..*close)
                    && inside.iter().any(|byte| !byte.is_ascii_whitespace())
            } else {
                is_formula(mask, open, *close)
            }
        });
        if close.is_some() {
            at += 2 * width;
        } else {
            literal.push(open..open + width);
            at += width;
        }
    }
    for range in literal {
        mask.keep(range, PatchKind::Plain);
    }
}

fn is_formula(mask: &Mask<'_>, open: usize, close: usize) -> bool {
    let text = mask.bytes();
    let inside = &text[open + 1..close];
    let (Some(first), Some(last)) = (inside.first(), inside.last()) else { return false };
    let before = open.checked_sub(1).map_or(b' ', |at| text[at]);
    let after = text.get(close + 1).copied().unwrap_or(b' ');
    if before.is_ascii_alphanumeric() || after.is_ascii_alphanumeric() || after == b'$' {
        return false;
    }
    if let Some(code) = mask.code_at(open + 1) {
        // GitLab's form, $`…`$.
        return code.start == open + 1 && code.end == close;
    }
    !first.is_ascii_whitespace()
        && !last.is_ascii_whitespace()
        && !matches!(last, b'"' | b'\'' | b'/' | b':' | b'=' | b'(')
        && !mask.has_blank_line(open..close)
        && !mask.has_code(open..close)
}

/// Keeps the characters of bare addresses that would be read as emphasis.
pub(super) fn keep_addresses(mask: &mut Mask<'_>) {
    let mut found: Vec<usize> = Vec::new();
    for needle in ["://", "www."] {
        let mut from = mask.body.start;
        while let Some(at) = mask.find(needle, from) {
            from = at + needle.len();
            let start = if needle == "www." { at } else { scheme_start(mask.bytes(), at) };
            if !mask.in_code(at) && start < from - 3 && starts_address(mask.bytes(), start) {
                let end = address_end(&mask.bytes()[..mask.body.end], from);
                let signs = (from..end).filter(|at| matches!(mask.bytes()[*at], b'*' | b'_' | b'~' | b'$'));
                found.extend(signs);
                from = end.max(from);
            }
        }
    }
    for at in found {
        mask.keep(at..at + 1, PatchKind::Plain);
    }
}

fn scheme_start(text: &[u8], colon: usize) -> usize {
    let before = &text[..colon];
    ["https", "http", "ftp"]
        .iter()
        .find(|scheme| before.ends_with(scheme.as_bytes()))
        .map_or(colon, |scheme| colon - scheme.len())
}

/// GFM: at the start of a line, after a space or one of `*`, `_`, `~`, `(`.
fn starts_address(text: &[u8], start: usize) -> bool {
    let Some(before) = start.checked_sub(1).map(|at| text[at]) else { return true };
    if before == b' ' {
        let label = text[..start].trim_ascii_end();
        return !label.ends_with(b"]:");
    }
    match before {
        b'(' => !text[..start - 1].ends_with(b"]"),
        b'\n' | b'\t' | b'*' | b'_' | b'~' => true,
        _ => false,
    }
}

fn address_end(text: &[u8], from: usize) -> usize {
    let stop = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'<' | b'|' | b'[' | b']');
    let mut end = text[from..].iter().position(stop).map_or(text.len(), |length| from + length);
    let is_trailing = |byte: u8| {
        matches!(byte, b'?' | b'!' | b'.' | b',' | b':' | b'*' | b'_' | b'~' | b'\'' | b'"' | b')' | b';')
    };
    while end > from && is_trailing(text[end - 1]) {
        end -= 1;
    }
    end
}

/// Keeps braces at the end of a heading that are no attributes: `GET /users/{id}`.
pub(super) fn keep_heading_braces(mask: &mut Mask<'_>) {
    for range in mask.headings.clone() {
        let text = &mask.bytes()[range.clone()];
        let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let trimmed = line.trim_ascii_end();
        let mut without = trimmed.len();
        while without > 0 && trimmed[without - 1] == b'#' {
            without -= 1;
        }
        let trimmed = trimmed[..without].trim_ascii_end();
        if !trimmed.ends_with(b"}") {
            continue;
        }
        let Some(open) = trimmed.iter().rposition(|byte| *byte == b'{') else { continue };
        let inside = String::from_utf8_lossy(&trimmed[open + 1..trimmed.len() - 1]).into_owned();
        let is_attribute = |word: &str| {
            let name = |rest: &str| !rest.is_empty() && !rest.contains(['{', '}']);
            word.strip_prefix(['#', '.']).is_some_and(name)
                || word.split_once('=').is_some_and(|(key, _)| {
                    !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                })
        };
        let mut words = inside.split_ascii_whitespace().peekable();
        if words.peek().is_none() || !words.all(is_attribute) {
            let end = range.start + trimmed.len();
            mask.keep(range.start + open..range.start + open + 1, PatchKind::Plain);
            mask.keep(end - 1..end, PatchKind::Plain);
        }
    }
}

/// Keeps double brackets that are no wiki link: `[[ -f x ]]` and `[[1]](target)`.
pub(super) fn keep_brackets(mask: &mut Mask<'_>) {
    let mut from = mask.body.start;
    while let Some(open) = mask.find("[[", from) {
        from = open + 2;
        if mask.in_code(open) {
            continue;
        }
        let rest = &mask.bytes()[from..mask.body.end];
        let Some(length) = rest.iter().position(|byte| matches!(byte, b'[' | b']' | b'\n')) else { continue };
        if !rest[length..].starts_with(b"]]") {
            continue;
        }
        let close = from + length;
        let after = mask.bytes().get(close + 2).copied().unwrap_or(b' ');
        let is_spaced = rest[..length].first().is_none_or(u8::is_ascii_whitespace);
        if is_spaced || matches!(after, b'(' | b'[' | b':') {
            mask.keep(open + 1..open + 2, PatchKind::Plain);
            mask.keep(close..close + 1, PatchKind::Plain);
        }
        from = close + 2;
    }
}

fn is_escaped(text: &[u8], at: usize) -> bool {
    let slashes = text[..at].iter().rev().take(64).take_while(|byte| **byte == b'\\').count();
    slashes % 2 == 1
}
