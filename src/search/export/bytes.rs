//! The bytes that exported files are made of: numbers, columns, sorted keys, checked and compressed
//! bodies.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use crate::search::index::Fault;

/// Appends a number: seven bits a byte, the lowest first, the eighth says that more follow.
pub fn number(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push((value & 0x7F) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a text: its length in bytes, and the bytes.
pub fn text(out: &mut Vec<u8>, value: &str) {
    number(out, value.len() as u32);
    out.extend_from_slice(value.as_bytes());
}

/// Appends a text as what it shares with another, in bytes, and the rest.
pub fn text_after(out: &mut Vec<u8>, before: &str, value: &str) {
    let shared = shared(before, value);
    number(out, shared as u32);
    text(out, &value[shared..]);
}

/// Appends sorted document numbers: how many, the first, and how many are left out before each next.
pub fn documents(out: &mut Vec<u8>, ids: &[u32]) {
    number(out, ids.len() as u32);
    gaps(out, ids.iter().copied());
}

/// Appends the first of some rising numbers, and how many are left out before each next.
pub fn gaps(out: &mut Vec<u8>, ids: impl Iterator<Item = u32>) {
    let mut next = 0;
    for id in ids {
        number(out, id - next);
        next = id + 1;
    }
}

/// Appends numbers that never fall, each as what it is more than the one before.
pub fn steps(out: &mut Vec<u8>, numbers: &[u32]) {
    let mut last = 0;
    for next in numbers {
        number(out, next - last);
        last = *next;
    }
}

/// Appends columns, each with its length in bytes before it.
pub fn columns(out: &mut Vec<u8>, columns: &[&[u8]]) {
    for column in columns {
        number(out, column.len() as u32);
        out.extend_from_slice(column);
    }
}

/// How many bytes two texts share at their beginning, in whole characters.
pub fn shared(a: &str, b: &str) -> usize {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    (0..=same).rev().find(|at| b.is_char_boundary(*at)).unwrap_or_default()
}

/// The least beginning of `key` that is greater than all keys before it.
pub fn separator(before: &str, key: &str) -> String {
    let shared = shared(before, key);
    let next = key[shared..].chars().next().map_or(0, char::len_utf8);
    key[..shared + next].to_owned()
}

/// FNV-1a of 32 bits: tells cut and changed bodies, and titles, apart; no proof against an attacker.
pub fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// A body as raw deflate. The same body gives the same bytes.
pub fn deflate(body: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body)?;
    Ok(encoder.finish()?)
}

/// A table's files under construction: bodies and the keys that they begin with.
#[derive(Default)]
pub struct Shards {
    /// The body of each file.
    pub bodies: Vec<Vec<u8>>,
    /// The least key that leads to each file.
    pub firsts: Vec<String>,
}

/// Sorted keys of one file, each as what differs from the one before.
#[derive(Default)]
pub struct Keys {
    /// How many.
    pub count: u32,
    bytes: Vec<u8>,
    last: String,
}

impl Keys {
    /// Adds a key.
    pub fn add(&mut self, key: &str) {
        text_after(&mut self.bytes, &self.last, key);
        key.clone_into(&mut self.last);
        self.count += 1;
    }
}

impl Shards {
    /// Ends a file: the number of keys, a column of them, and other columns. What comes next begins
    /// with `next`.
    pub fn end(&mut self, keys: &mut Keys, others: &[&[u8]], next: Option<&str>) {
        if self.firsts.is_empty() {
            self.firsts.push(String::new());
        }
        let mut body = Vec::new();
        number(&mut body, keys.count);
        columns(&mut body, &[&keys.bytes]);
        columns(&mut body, others);
        self.bodies.push(body);
        self.firsts.extend(next.map(|next| separator(&keys.last, next)));
        *keys = Keys::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_separator_parts_what_is_before_from_what_comes_after() {
        for (before, key, expected) in
            [("", "abc", "a"), ("abc", "abd", "abd"), ("ab", "abc", "abc"), ("a", "日本", "日")]
        {
            assert_eq!(separator(before, key), expected, "{before} {key}");
        }
    }

    #[test]
    fn numbers_take_as_few_bytes_as_they_need() {
        for (value, bytes) in
            [(0, vec![0]), (127, vec![127]), (128, vec![128, 1]), (16_384, vec![128, 128, 1])]
        {
            let mut out = Vec::new();
            number(&mut out, value);
            assert_eq!(out, bytes);
        }
    }
}
