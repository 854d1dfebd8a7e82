//! Where in a link its destination stands, to the character.

use std::ops::Range;

/// The destination of an inline link or image whose text ends at or after `text_end`. `link` is the
/// whole link. Without one (`[]()`), the empty place where it would be.
pub(super) fn inline(source: &str, link: Range<usize>, text_end: usize) -> Range<usize> {
    let from = text_end.clamp(link.start, link.end);
    let Some(open) = source[from..link.end].find("](") else { return link };
    bare(source, from + open + 2, link.end.saturating_sub(1))
}

/// The destination of a reference definition.
pub(super) fn definition(source: &str, definition: Range<usize>) -> Range<usize> {
    let bytes = source.as_bytes();
    let mut at = definition.start;
    while at + 1 < definition.end && !(bytes[at] == b']' && bytes[at + 1] == b':') {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    bare(source, (at + 2).min(definition.end), definition.end)
}

/// The destination that starts at or after `from`, angle brackets left out.
fn bare(source: &str, from: usize, limit: usize) -> Range<usize> {
    let bytes = source.as_bytes();
    let mut at = from.min(limit);
    let mut in_line_start = false;
    while at < limit {
        match bytes[at] {
            b'\n' => in_line_start = true,
            b' ' | b'\t' => {}
            // The mark of a quote at the start of a continued line.
            b'>' if in_line_start => {}
            _ => break,
        }
        at += 1;
    }
    let start = at;
    if bytes.get(start) == Some(&b'<') && start < limit {
        at += 1;
        while at < limit && bytes[at] != b'>' {
            at += if bytes[at] == b'\\' { 2 } else { 1 };
        }
        return start + 1..at.min(limit);
    }
    let mut depth = 0usize;
    while at < limit {
        match bytes[at] {
            b'\\' if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => at += 1,
            b'(' => depth += 1,
            b')' if depth == 0 => break,
            b')' => depth -= 1,
            byte if byte.is_ascii_whitespace() => break,
            _ => {}
        }
        at += 1;
    }
    start..at.min(limit)
}
