//! Text, byte spans and the positions people read.
//!
//! In: the bytes of a file. Out: a [`SourceFile`], UTF-8 text with `\n` line ends, and for any
//! byte offset of it the line, column and byte *of the file on disk*. Not here: reading files
//! (`discover`) and turning a [`DecodeProblem`] into a finding (`discover`).

use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A byte range of a [`SourceFile`]'s text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte, counted from 0.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span `start..end`, in bytes.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end.max(start) as u32 }
    }

    /// The same span as a range, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether it holds no byte.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// Whether `other` lies within it.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// A value and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub span: Span,
}

/// A place in a file as people and editors name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode code points, from 1.
    pub column: u32,
    /// Byte of the file on disk, from 0 (a BOM and `\r` count).
    pub byte: u32,
}

/// What was wrong with a file's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeProblem {
    /// Bytes that are not UTF-8; replaced by U+FFFD in the text.
    NotUtf8 {
        /// The U+FFFD in the text.
        span: Span,
        /// The bytes on disk.
        bytes: Vec<u8>,
    },
    /// The file starts with a UTF-16 byte order mark; the text is empty.
    Utf16,
    /// A NUL byte; replaced by U+FFFD in the text.
    Nul {
        /// The U+FFFD in the text.
        span: Span,
    },
}

/// One text file: its path, its text and its line index.
#[derive(Debug, Default)]
pub struct SourceFile {
    path: String,
    text: String,
    /// `(offset in text, offset on disk)`, sorted: from the first the two run side by side.
    shifts: Vec<(u32, u32)>,
    /// Lines of the file before the text.
    lines_before: u32,
    lines: OnceLock<Vec<u32>>,
    /// Code points before each [`BLOCK`] of the text; only for long lines.
    blocks: OnceLock<Vec<u32>>,
}

/// Bytes between two counts of code points.
const BLOCK: usize = 1024;

/// Code points are the bytes that do not continue one.
fn code_points(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80).count() as u32
}

impl SourceFile {
    /// A file whose text is already UTF-8 with `\n` line ends. `path` is relative to the knowledge
    /// base, with `/` between its parts.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), ..Self::default() }
    }

    /// Whether both were made of the same bytes under the same path.
    pub fn is_same(&self, other: &Self) -> bool {
        let of = |file: &Self| (file.lines_before, file.text.len());
        of(self) == of(other)
            && self.path == other.path
            && self.shifts == other.shifts
            && self.text == other.text
    }

    /// Lines above the text, which are not kept.
    pub fn lines_before(&self) -> u32 {
        self.lines_before
    }

    /// A file that was too large to be kept, of which only the number of a line is known.
    pub fn at_line(path: impl Into<String>, line: u32) -> Self {
        Self { path: path.into(), lines_before: line.saturating_sub(1), ..Self::default() }
    }

    /// Decodes the bytes of a file: drops a UTF-8 BOM, makes `\r\n` and `\r` into `\n`, NUL and
    /// bytes that are not UTF-8 into U+FFFD. Never fails; says what it met.
    pub fn decode(path: impl Into<String>, bytes: Vec<u8>) -> (Self, Vec<DecodeProblem>) {
        let path = path.into();
        if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
            return (Self::new(path, ""), vec![DecodeProblem::Utf16]);
        }
        if !bytes.starts_with(&[0xEF, 0xBB, 0xBF]) && !bytes.iter().any(|b| matches!(b, b'\r' | 0)) {
            match String::from_utf8(bytes) {
                Ok(text) => return (Self::new(path, text), Vec::new()),
                Err(error) => return Self::decode_slowly(path, &error.into_bytes()),
            }
        }
        Self::decode_slowly(path, &bytes)
    }

    fn decode_slowly(path: String, bytes: &[u8]) -> (Self, Vec<DecodeProblem>) {
        let mut text = String::with_capacity(bytes.len());
        let mut shifts = Vec::new();
        let mut problems = Vec::new();
        let mut at = 0usize;
        if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
            at = 3;
            shifts.push((0, 3));
        }
        for chunk in bytes[at..].utf8_chunks() {
            let mut rest = chunk.valid();
            while let Some(stop) = rest.find(['\r', '\0']) {
                text.push_str(&rest[..stop]);
                at += stop;
                let here = text.len();
                if rest.as_bytes()[stop] == 0 {
                    text.push('\u{FFFD}');
                    problems.push(DecodeProblem::Nul { span: Span::new(here, text.len()) });
                    at += 1;
                    rest = &rest[stop + 1..];
                } else {
                    text.push('\n');
                    let width = if rest[stop + 1..].starts_with('\n') { 2 } else { 1 };
                    at += width;
                    rest = &rest[stop + width..];
                }
                shifts.push((text.len() as u32, at as u32));
            }
            text.push_str(rest);
            at += rest.len();
            if !chunk.invalid().is_empty() {
                let here = text.len();
                text.push('\u{FFFD}');
                at += chunk.invalid().len();
                shifts.push((text.len() as u32, at as u32));
                problems.push(DecodeProblem::NotUtf8 {
                    span: Span::new(here, text.len()),
                    bytes: chunk.invalid().to_vec(),
                });
            }
        }
        (Self { path, text, shifts, ..Self::default() }, problems)
    }

    /// The path relative to the knowledge base, with `/` between its parts.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text, with `\n` line ends.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text under `span`; empty where the span is not in the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Line, column and byte on disk of a byte offset of the text.
    pub fn position(&self, offset: u32) -> Position {
        let offset = offset.min(self.text.len() as u32);
        let lines = self.lines();
        let line = lines.partition_point(|start| *start <= offset) - 1;
        let start = lines[line];
        let column = if offset - start < BLOCK as u32 {
            code_points(&self.text.as_bytes()[start as usize..offset as usize])
        } else {
            self.code_points_before(offset) - self.code_points_before(start)
        };
        Position {
            line: self.lines_before + line as u32 + 1,
            column: column + 1,
            byte: self.byte_on_disk(offset),
        }
    }

    /// The text of a line (counted from 1), without its line end.
    pub fn line(&self, line: u32) -> &str {
        let lines = self.lines();
        let Some(start) = lines.get(line.saturating_sub(1) as usize) else { return "" };
        let end = lines.get(line as usize).map_or(self.text.len(), |next| *next as usize - 1);
        &self.text[*start as usize..end]
    }

    /// The line that holds a byte offset of the text, without its line end, in a time that does not
    /// grow with the line.
    pub fn line_range(&self, offset: usize) -> Range<usize> {
        let lines = self.lines();
        let next = lines.partition_point(|start| *start as usize <= offset);
        let end = lines.get(next).map_or(self.text.len(), |next| *next as usize - 1);
        lines[next - 1] as usize..end
    }

    fn byte_on_disk(&self, offset: u32) -> u32 {
        let after = self.shifts.partition_point(|(text, _)| *text <= offset);
        match after.checked_sub(1).map(|last| self.shifts[last]) {
            Some((text, disk)) => disk + (offset - text),
            None => offset,
        }
    }

    /// Code points before a byte offset, in a time that does not grow with the offset.
    fn code_points_before(&self, offset: u32) -> u32 {
        let bytes = self.text.as_bytes();
        let blocks = self.blocks.get_or_init(|| {
            let mut sum = 0;
            let ends = bytes.chunks(BLOCK).map(|block| {
                sum += code_points(block);
                sum
            });
            std::iter::once(0).chain(ends).collect()
        });
        let block = offset as usize / BLOCK;
        blocks[block] + code_points(&bytes[block * BLOCK..offset as usize])
    }

    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(ends.map(|(at, _)| at as u32 + 1)).collect()
        })
    }
}

/// A source file that findings, pages and labels share.
pub type SharedFile = Arc<SourceFile>;

#[cfg(test)]
mod tests {
    use super::*;

    fn places(bytes: &[u8]) -> (String, Vec<(u32, u32, u32)>) {
        let (file, _) = SourceFile::decode("a.md", bytes.to_vec());
        let all = file.text().char_indices().map(|(at, _)| file.position(at as u32));
        (file.text().to_owned(), all.map(|p| (p.line, p.column, p.byte)).collect())
    }

    #[test]
    fn columns_count_code_points_and_bytes_count_the_file_on_disk() {
        assert_eq!(places("é\nb".as_bytes()), ("é\nb".into(), vec![(1, 1, 0), (1, 2, 2), (2, 1, 3)]));
        assert_eq!(
            places(b"a\r\nb\rc"),
            ("a\nb\nc".into(), vec![(1, 1, 0), (1, 2, 1), (2, 1, 3), (2, 2, 4), (3, 1, 5)])
        );
        assert_eq!(places(b"\xEF\xBB\xBFa"), ("a".into(), vec![(1, 1, 3)]));
        assert_eq!(places(b"a\0b"), ("a\u{FFFD}b".into(), vec![(1, 1, 0), (1, 2, 1), (1, 3, 2)]));
    }

    #[test]
    fn columns_in_a_very_long_line_are_the_same_as_in_a_short_one() {
        let text = "ab\n".to_owned() + &"é".repeat(5000) + "\nc";
        let file = SourceFile::new("a.md", text.as_str());
        for (count, (at, _)) in text[3..].char_indices().enumerate().take(5001) {
            let position = file.position(3 + at as u32);
            assert_eq!((position.line, position.column), (2, count as u32 + 1));
        }
        assert_eq!(file.position(text.len() as u32).column, 2);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_replaced_and_named() {
        let (file, problems) = SourceFile::decode("a.md", b"ok \xE2\x80 no".to_vec());
        assert_eq!(file.text(), "ok \u{FFFD} no");
        assert_eq!(problems, [DecodeProblem::NotUtf8 { span: Span::new(3, 6), bytes: vec![0xE2, 0x80] }]);
        assert_eq!(file.position(6).byte, 5);
        assert_eq!(SourceFile::decode("a.md", b"\xFF\xFEa\0".to_vec()).1, [DecodeProblem::Utf16]);
    }
}
