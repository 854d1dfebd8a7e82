//! JSON records of an export, one at a time.
//!
//! In: bytes as they stream. Out: the bytes of one record after the other with the line it begins in,
//! whether the export is an array, an object that holds one (`{"tickets": […]}`, also several after
//! another, as an incremental export has its pages), or one object after the other (NDJSON). Only the
//! record at hand is in memory. A record with a line end inside a text ends there, so that one torn
//! line costs one record. Not here: what a record says.

use std::io::Read;

use super::Broken;

/// Members that hold the records of an export.
pub(super) const HOLDERS: &[&str] =
    &["tickets", "issues", "incidents", "result", "results", "records", "data"];

/// Largest record.
const MAX_RECORD: usize = 64 << 20;
/// Bytes read at a time.
const CHUNK: usize = 256 << 10;

/// The bytes of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'b> {
    /// From its first brace to its last.
    pub bytes: &'b [u8],
    /// The line that it begins in, from 1.
    pub line: u64,
}

/// Takes an export apart.
#[derive(Debug)]
pub struct Records<R> {
    input: R,
    /// `buffer[start..end]` is read and not yet used up.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// The line at `start`.
    line: u64,
    /// Length of the record that was handed out last.
    given: usize,
    place: Place,
    /// Whether the first object is known to be a record and not to hold them.
    plain: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Outside of everything.
    Top,
    /// In an array of records; whether an object holds the array.
    List { held: bool },
    /// In an object, after its records.
    After,
}

/// Where a value ends, counted from its start.
enum End {
    /// One past its last byte.
    At(usize),
    /// It holds records, the first of which may begin here.
    Holds(usize),
}

impl<R: Read> Records<R> {
    /// Begins at the first byte of an export.
    pub fn new(input: R) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            start: 0,
            end: 0,
            line: 1,
            given: 0,
            place: Place::Top,
            plain: false,
        }
    }

    /// The next record; `None` after the last of a whole export.
    pub fn next_record(&mut self) -> Result<Option<Record<'_>>, Broken> {
        self.skip(self.given);
        self.given = 0;
        loop {
            let Some(first) = self.skip_blanks()? else {
                return if self.place == Place::Top { Ok(None) } else { Err(Broken::cut(self.line)) };
            };
            let length = match (self.place, first) {
                (Place::After, _) => {
                    let End::At(length) = self.find_end(1, false)? else { continue };
                    self.skip(length);
                    self.place = Place::Top;
                    continue;
                }
                (Place::List { held }, b']') => {
                    self.skip(1);
                    self.place = if held { Place::After } else { Place::Top };
                    continue;
                }
                (Place::List { .. }, b',') => {
                    self.skip(1);
                    continue;
                }
                (Place::Top, b'[') => {
                    self.skip(1);
                    self.place = Place::List { held: false };
                    continue;
                }
                (Place::Top, b'{') => match self.find_end(0, !self.plain)? {
                    End::Holds(records) => {
                        self.skip(records);
                        self.place = Place::List { held: true };
                        continue;
                    }
                    End::At(length) => {
                        self.plain = true;
                        length
                    }
                },
                (Place::List { .. }, b'{' | b'[') => match self.find_end(0, false)? {
                    End::At(length) | End::Holds(length) => length,
                },
                (Place::Top, b'<') => return Err(Broken::html(self.line)),
                (Place::Top, _) => self.find_any(b"\n")?,
                (Place::List { .. }, _) => self.find_any(b"\n,]")?,
            };
            self.given = length;
            return Ok(Some(Record {
                bytes: &self.buffer[self.start..self.start + length],
                line: self.line,
            }));
        }
    }

    /// The line that was reached.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Uses up bytes.
    fn skip(&mut self, length: usize) {
        let used = &self.buffer[self.start..self.start + length];
        self.line += memchr::memchr_iter(b'\n', used).count() as u64;
        self.start += length;
    }

    /// Uses up blanks; the byte after them.
    fn skip_blanks(&mut self) -> Result<Option<u8>, Broken> {
        loop {
            let blank = |byte: &u8| byte.is_ascii_whitespace();
            let rest = self.rest();
            let blanks = rest.iter().position(|byte| !blank(byte)).unwrap_or(rest.len());
            self.skip(blanks);
            if let Some(byte) = self.rest().first() {
                return Ok(Some(*byte));
            }
            if !self.read_more()? {
                return Ok(None);
            }
        }
    }

    /// Reads on; false at the end of the export.
    fn read_more(&mut self) -> Result<bool, Broken> {
        if self.end - self.start > MAX_RECORD {
            return Err(Broken::endless(self.line));
        }
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            // Twice as much for a record of twice the size, so that a long one is not copied often.
            self.buffer.resize((2 * self.end).max(CHUNK), 0);
        }
        loop {
            match self.input.read(&mut self.buffer[self.end..]) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Broken::unreadable(self.line, &error)),
                Ok(read) => {
                    self.end += read;
                    return Ok(read > 0);
                }
            }
        }
    }

    /// What is read and not yet used up.
    fn rest(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// The byte at a distance from the start; `None` at the end of the export.
    fn peek(&mut self, at: usize) -> Result<Option<u8>, Broken> {
        while self.start + at >= self.end {
            if !self.read_more()? {
                return Ok(None);
            }
        }
        Ok(Some(self.buffer[self.start + at]))
    }

    /// The distance of the next of some bytes, or of the end.
    fn find_any(&mut self, stops: &[u8]) -> Result<usize, Broken> {
        let mut at = 0;
        while let Some(byte) = self.peek(at)? {
            if stops.contains(&byte) {
                break;
            }
            at += 1;
        }
        Ok(at)
    }

    /// Where the value ends that is `depth` brackets deep at the start. With `watch`, whether it is an
    /// object that holds records.
    fn find_end(&mut self, mut depth: usize, watch: bool) -> Result<End, Broken> {
        let mut at = 0;
        // The last text directly in the object, without its quotes.
        let mut key = 0..0;
        while let Some(byte) = self.peek(at)? {
            match byte {
                b'"' => {
                    let Some(end) = self.find_quote(at + 1)? else { return Err(Broken::cut(self.line)) };
                    if self.buffer[self.start + end] == b'\n' {
                        // A text that was never closed: the record ends with its line.
                        return Ok(End::At(end));
                    }
                    if depth == 1 {
                        key = at + 1..end;
                    }
                    at = end;
                }
                b'[' if watch && depth == 1 && self.names_records(&key) => {
                    let mut first = at + 1;
                    while self.peek(first)?.is_some_and(|byte| byte.is_ascii_whitespace()) {
                        first += 1;
                    }
                    if matches!(self.peek(first)?, Some(b'{' | b']')) {
                        return Ok(End::Holds(at + 1));
                    }
                    depth += 1;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(End::At(at + 1));
                    }
                }
                b',' if depth == 1 => key = 0..0,
                _ => {}
            }
            at += 1;
        }
        Err(Broken::cut(self.line))
    }

    fn names_records(&self, key: &std::ops::Range<usize>) -> bool {
        let key = &self.buffer[self.start + key.start..self.start + key.end];
        HOLDERS.iter().any(|holder| holder.as_bytes() == key)
    }

    /// The distance of the quote that closes a text, or of a line end in it, which no text can hold.
    fn find_quote(&mut self, mut at: usize) -> Result<Option<usize>, Broken> {
        loop {
            let rest = self.rest().get(at..).unwrap_or_default();
            match memchr::memchr3(b'"', b'\\', b'\n', rest) {
                Some(found) if rest[found] == b'\\' => at += found + 2,
                Some(found) => return Ok(Some(at + found)),
                None => {
                    at = at.max(self.end - self.start);
                    if !self.read_more()? {
                        return Ok(None);
                    }
                }
            }
        }
    }
}
