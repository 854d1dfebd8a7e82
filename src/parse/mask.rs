//! The text that the Markdown parser sees, and what it must be made into again.
//!
//! In: the text of a file. Out: a copy of the same length, byte for byte, in which front matter and
//! dialect marks are spaces and characters that must stay literal are stand-ins, and the list of
//! what was replaced. Not here: what is replaced (`dialect`, `literal`), and putting it back
//! (`events`).

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::markdown::{Mark, MarkKind};

/// What a character that must stay literal looks like to the Markdown parser.
const STAND_IN: u8 = b'x';

/// A replaced part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Patch {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What comes out in its place.
    pub kind: PatchKind,
}

/// What comes out in the place of a replaced part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PatchKind {
    /// The source, and nothing in it is an emoji or an address.
    Literal,
    /// The source, as a part of the text around it.
    Plain,
    /// Nothing.
    Dropped,
}

/// The text while it is being masked.
pub(super) struct Mask<'a> {
    /// The file's text.
    pub source: &'a str,
    /// Where the body is.
    pub body: Range<usize>,
    /// Code blocks and spans of code, sorted. Nothing in them is replaced.
    pub code: Vec<Range<usize>>,
    /// Headings, sorted.
    pub headings: Vec<Range<usize>>,
    /// What the marks ask for.
    pub marks: Vec<Mark>,
    text: Vec<u8>,
    patches: Vec<Patch>,
    lines: Vec<usize>,
    blank_lines: Vec<usize>,
}

impl<'a> Mask<'a> {
    /// Masks everything outside the body.
    pub fn new(source: &'a str, body: Range<usize>) -> Self {
        let mut text = source.as_bytes().to_vec();
        for byte in text[..body.start].iter_mut().filter(|byte| **byte != b'\n') {
            *byte = b' ';
        }
        for byte in text[body.end..].iter_mut().filter(|byte| **byte != b'\n') {
            *byte = b' ';
        }
        let mut lines = vec![0];
        let mut blank_lines = Vec::new();
        for (at, _) in text.iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
            if text[lines[lines.len() - 1]..at].trim_ascii_start().is_empty() {
                blank_lines.push(lines[lines.len() - 1]);
            }
            lines.push(at + 1);
        }
        Self {
            source,
            body,
            lines,
            blank_lines,
            code: Vec::new(),
            headings: Vec::new(),
            marks: Vec::new(),
            text,
            patches: Vec::new(),
        }
    }

    /// Finds code and headings by a first pass of the parser.
    pub fn find_code(&mut self, options: Options) {
        let Ok(text) = std::str::from_utf8(&self.text) else { return };
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            match event {
                Event::Code(_) | Event::Start(Tag::CodeBlock(_)) => self.code.push(range),
                Event::Start(Tag::Heading { .. }) => self.headings.push(range),
                _ => {}
            }
        }
    }

    /// The text as masked so far.
    pub fn bytes(&self) -> &[u8] {
        &self.text
    }

    /// Whether the byte at `at` is code.
    pub fn in_code(&self, at: usize) -> bool {
        self.code_at(at).is_some()
    }

    /// The code that holds the byte at `at`.
    pub fn code_at(&self, at: usize) -> Option<&Range<usize>> {
        let next = self.code.partition_point(|range| range.end <= at);
        self.code.get(next).filter(|range| range.start <= at)
    }

    /// Whether any of `range` is code.
    pub fn has_code(&self, range: Range<usize>) -> bool {
        let next = self.code.partition_point(|code| code.end <= range.start);
        self.code.get(next).is_some_and(|code| code.start < range.end)
    }

    /// The first `needle` at or after `from` in the body.
    pub fn find(&self, needle: &str, from: usize) -> Option<usize> {
        let needle = needle.as_bytes();
        let (first, text) = (needle.first()?, self.text.get(..self.body.end)?);
        let mut at = from;
        loop {
            at += text.get(at..)?.iter().position(|byte| byte == first)?;
            if text[at..].starts_with(needle) {
                return Some(at);
            }
            at += 1;
        }
    }

    /// The line that holds the byte at `at`, without its line end; what is in the body of it.
    pub fn line(&self, at: usize) -> Range<usize> {
        let next = self.lines.partition_point(|start| *start <= at);
        let start = self.lines[next - 1].max(self.body.start.min(at));
        let end = self.lines.get(next).map_or(self.text.len(), |next| next - 1);
        start..end.min(self.body.end).max(start)
    }

    /// Whether a blank line of the source starts within `range`.
    pub fn has_blank_line(&self, range: Range<usize>) -> bool {
        let next = self.blank_lines.partition_point(|start| *start <= range.start);
        self.blank_lines.get(next).is_some_and(|start| *start < range.end)
    }

    /// Makes `range` spaces, line ends kept; nothing comes out of it.
    pub fn blank(&mut self, range: Range<usize>) {
        self.fill(range.clone(), b' ');
        self.patches.push(Patch { start: range.start, end: range.end, kind: PatchKind::Dropped });
    }

    /// Makes `range` stand-ins of which nothing comes out: where spaces would mean something.
    pub fn drop_quietly(&mut self, range: Range<usize>) {
        self.fill(range.clone(), STAND_IN);
        self.patches.push(Patch { start: range.start, end: range.end, kind: PatchKind::Dropped });
    }

    /// Makes `range` stand-ins that come out as they were written.
    pub fn keep(&mut self, range: Range<usize>, kind: PatchKind) {
        self.fill(range.clone(), STAND_IN);
        self.patches.push(Patch { start: range.start, end: range.end, kind });
    }

    /// Joins the line after the line end at `at` to the one before.
    pub fn join_lines(&mut self, at: usize) {
        if self.text[at] == b'\n' {
            self.text[at] = b' ';
        }
    }

    /// Notes what a mark asks for.
    pub fn mark(&mut self, range: Range<usize>, kind: MarkKind) {
        self.marks.push(Mark { span: range.into(), kind });
    }

    fn fill(&mut self, range: Range<usize>, with: u8) {
        for byte in self.text[range].iter_mut().filter(|byte| **byte != b'\n') {
            *byte = with;
        }
    }

    /// The masked text, the marks in the order of the text, and the patches, sorted and apart.
    pub fn finish(mut self) -> (String, Vec<Mark>, Vec<Patch>) {
        self.marks.sort_by_key(|mark| mark.span);
        self.patches.sort_by_key(|patch| (patch.start, usize::MAX - patch.end));
        let mut apart: Vec<Patch> = Vec::with_capacity(self.patches.len());
        for patch in self.patches {
            if apart.last().is_none_or(|last| last.end <= patch.start) {
                apart.push(patch);
            }
        }
        // Whole characters were replaced by ASCII, so this cannot fail.
        let text = String::from_utf8(self.text).unwrap_or_else(|_| self.source.to_owned());
        (text, self.marks, apart)
    }
}
