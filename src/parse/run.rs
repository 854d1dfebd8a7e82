//! Pieces of a file joined to one text that knows where each of them came from.

use std::ops::Range;

/// Joined text.
#[derive(Debug, Default)]
pub(super) struct Run {
    /// The text.
    pub text: String,
    /// `(offset in text, where it came from, whether it is the same bytes)`, in order.
    pieces: Vec<(usize, Range<usize>, bool)>,
}

impl Run {
    /// Appends `text`, which came from `range`.
    pub fn push(&mut self, text: &str, range: Range<usize>, is_verbatim: bool) {
        if !text.is_empty() {
            self.pieces.push((self.text.len(), range, is_verbatim));
            self.text.push_str(text);
        }
    }

    /// Where a part of the text came from.
    pub fn source_of(&self, range: Range<usize>) -> Range<usize> {
        if range.is_empty() {
            let at = self.place(range.start, false);
            return at..at;
        }
        let start = self.place(range.start, false);
        start..self.place(range.end, true).max(start)
    }

    fn place(&self, offset: usize, is_end: bool) -> usize {
        let next = self
            .pieces
            .partition_point(|(start, ..)| if is_end { *start < offset } else { *start <= offset });
        let Some((start, range, is_verbatim)) = next.checked_sub(1).and_then(|last| self.pieces.get(last))
        else {
            return self.pieces.first().map_or(0, |(_, range, _)| range.start);
        };
        match (is_verbatim, is_end) {
            (true, _) => (range.start + (offset - start)).min(range.end),
            (false, true) => range.end,
            (false, false) => range.start,
        }
    }
}
