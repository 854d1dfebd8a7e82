//! What a template may spend: steps, bytes of one value, bytes of all values together, output.
//!
//! tera bounds recursion, but not how often a loop runs or how far a value grows. Templates get a
//! count of their own: filters written into the text before tera sees it. [`REPEAT`] stands behind
//! each tag that repeats or enters something, [`KEEP`] behind each that sets a value and at each that
//! writes one (a section of `set` keeps what is written in it), [`LOOK`] where a value gets a new
//! name. [`Counted`] remembers where, so that places in errors are those of the file. Inside one
//! expression, `lint` bounds how many values are joined and [`super::growth`] what a filter makes.

use std::cell::Cell;
use std::io::{self, Write};

use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use super::scan::Tag;
use crate::source::Span;

/// Counts a step and the bytes of the section that begins.
const REPEAT: &str = "__docent_repeat";
/// Counts the bytes of a value that is kept or written.
const KEEP: &str = "__docent_keep";
/// Refuses a value that is too large.
const LOOK: &str = "__docent_look";
/// Steps of one rendering, besides [`STEPS_PER_PAGE`].
const STEPS: u64 = 200_000;
/// Further steps for each page of the site: lists of all pages grow with it.
const STEPS_PER_PAGE: u64 = 100;
/// Bytes of one value, written out, besides [`VALUE_PER_PAGE`].
const VALUE: u64 = 4 << 20;
const VALUE_PER_PAGE: u64 = 1 << 10;
/// Bytes that one rendering may keep and write in all, besides [`BYTES_PER_PAGE`].
const BYTES: u64 = 64 << 20;
const BYTES_PER_PAGE: u64 = 4 << 10;
/// What an entry of a list or map counts, besides what is in it.
const ENTRY: u64 = 32;
/// Entries that may be looked at in one step.
const ENTRIES_PER_STEP: u64 = 16;
/// Bytes that one rendering may write.
const OUTPUT: usize = 256 << 20;
/// Numbers that one `range` may give.
const RANGE: i64 = 10_000;

/// What is left to a rendering.
#[derive(Clone, Copy, Debug, Default)]
struct Left {
    steps: u64,
    bytes: u64,
    /// The most that one value may have; this does not shrink.
    value: u64,
}

thread_local! {
    /// Of the rendering on this thread; a rendering never changes threads.
    static LEFT: Cell<Left> = const { Cell::new(Left { steps: 0, bytes: 0, value: 0 }) };
}

/// A template's text with the counting in it.
#[derive(Debug)]
pub(super) struct Counted {
    /// What tera reads.
    pub text: String,
    /// What was written there, in order.
    inserted: Vec<Inserted>,
}

#[derive(Debug)]
struct Inserted {
    /// Place in the original text.
    place: usize,
    length: usize,
    /// The tag that is counted.
    tag: Span,
}

impl Counted {
    /// Writes the counting into a template; `length` tells how long another template is.
    pub fn new(text: &str, tags: &[Tag<'_>], length: impl Fn(&str) -> usize) -> Self {
        let mut counted = Self { text: String::with_capacity(text.len() * 2), inserted: Vec::new() };
        let bodies = bodies(tags);
        let mut done = 0;
        // Names of `{% set name %}` sections that are open.
        let mut sections = Vec::new();
        for (at, tag) in tags.iter().enumerate() {
            let word = |at: usize| tag.words.get(at).map(|word| word.text).unwrap_or_default();
            let mut calls = Vec::new();
            match tag.keyword() {
                Some(keyword @ ("for" | "component" | "include" | "block")) => {
                    let bytes = if keyword == "include" { length(word(1)) } else { bodies[at] };
                    calls.push(format!("{bytes} | {REPEAT}"));
                    let names = if keyword == "for" { loop_names(tag) } else { parameters(tag) };
                    calls.extend(names.into_iter().map(|name| format!("{name} | {LOOK}")));
                }
                Some("set" | "set_global") if word(2) == "=" => {
                    calls.push(format!("{} | {KEEP}(quiet=true)", word(1)));
                }
                Some("set" | "set_global") => sections.push(word(1)),
                Some("endset") => {
                    calls.extend(sections.pop().map(|name| format!("{name} | {KEEP}(quiet=true)")));
                }
                None if is_path(tag) => {
                    let path: String = tag.words.iter().map(|word| word.text).collect();
                    calls.push(format!("{path} | {KEEP}(quiet=true)"));
                }
                // Components count themselves, and so does what `super()` writes.
                None if matches!(word(0), "<" | "super" | "") => {}
                None => {
                    let (from, to) = (tag.words[0].span.start, tag.words[tag.words.len() - 1].span.end);
                    counted.insert(text, done..from, "(", tag);
                    counted.insert(text, from..to, &format!(") | {KEEP}"), tag);
                    done = to;
                }
                _ => {}
            }
            for call in calls {
                let trim = if tag.trims_after { "-" } else { "" };
                counted.insert(text, done..tag.span.end, &format!("{{{{ {call} {trim}}}}}"), tag);
                done = tag.span.end;
            }
        }
        counted.text.push_str(&text[done..]);
        counted
    }

    /// Copies the next part of the original text and writes something behind it.
    fn insert(&mut self, text: &str, part: std::ops::Range<usize>, what: &str, tag: &Tag<'_>) {
        let place = part.end;
        self.text.push_str(&text[part]);
        self.text.push_str(what);
        self.inserted.push(Inserted { place, length: what.len(), tag: tag.span.clone().into() });
    }

    /// The place in the original text of a byte of the counted one.
    pub fn original(&self, byte: usize) -> usize {
        let mut added = 0;
        for Inserted { place, length, .. } in &self.inserted {
            if place + added >= byte {
                break;
            }
            if byte < place + added + length {
                return *place;
            }
            added += length;
        }
        byte - added
    }

    /// The tag that is counted by this byte of the counted text, if it belongs to the counting.
    pub fn counting(&self, byte: usize) -> Option<Span> {
        let mut added = 0;
        let found = self.inserted.iter().find(|it| {
            let start = it.place + added;
            added += it.length;
            (start..start + it.length).contains(&byte)
        })?;
        Some(found.tag)
    }
}

/// By tag: how long the section is that it opens.
fn bodies(tags: &[Tag<'_>]) -> Vec<usize> {
    let mut lengths = vec![0; tags.len()];
    let mut open: Vec<(usize, &str)> = Vec::new();
    for (at, tag) in tags.iter().enumerate() {
        match tag.keyword() {
            Some(keyword @ ("for" | "component" | "block")) => open.push((at, keyword)),
            Some("endfor" | "endcomponent" | "endblock") => {
                if let Some((start, _)) = open.pop() {
                    lengths[start] = tag.span.start.saturating_sub(tags[start].span.end);
                }
            }
            _ => {}
        }
    }
    lengths
}

/// `a` of `{% for a in b %}`, `k` and `v` of `{% for k, v in b %}`.
fn loop_names<'t>(tag: &Tag<'t>) -> Vec<&'t str> {
    let words = tag.words[1..].iter().map(|word| word.text);
    words.take_while(|word| *word != "in").filter(|word| *word != ",").collect()
}

/// `a` and `b` of `{% component name(a: string, b=1) %}`.
fn parameters<'t>(tag: &Tag<'t>) -> Vec<&'t str> {
    let mut names = Vec::new();
    if tag.keyword() != Some("component") {
        return names;
    }
    let mut depth = 0usize;
    for pair in tag.words.windows(2) {
        match pair[0].text {
            _ if pair[0].quoted => continue,
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_name = !pair[1].quoted && pair[1].text.starts_with(|c: char| c.is_alphabetic() || c == '_');
        if depth == 1 && is_name && matches!(pair[0].text, "(" | ",") {
            names.push(pair[1].text);
        }
    }
    names
}

/// Whether a tag writes a variable or a field of one and nothing else.
fn is_path(tag: &Tag<'_>) -> bool {
    let is_name = |text: &str| text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    tag.words.len() % 2 == 1
        && tag
            .words
            .iter()
            .enumerate()
            .all(|(at, word)| !word.quoted && if at % 2 == 0 { is_name(word.text) } else { word.text == "." })
}

/// Gives a template engine the counting, and a `range` that is counted.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter(REPEAT, repeat);
    tera.register_filter(KEEP, keep);
    tera.register_filter(LOOK, look);
    tera.register_function("range", range);
}

/// Starts a rendering.
pub(super) fn start(pages: usize) {
    let pages = pages as u64;
    LEFT.set(Left {
        steps: STEPS + STEPS_PER_PAGE * pages,
        bytes: BYTES + BYTES_PER_PAGE * pages,
        value: VALUE + VALUE_PER_PAGE * pages,
    });
}

fn spend(steps: u64, bytes: u64) -> TeraResult<()> {
    let left = LEFT.get();
    let Some(steps) = left.steps.checked_sub(steps) else {
        return Err(Error::message("the template takes too many steps: a loop runs too often"));
    };
    let Some(bytes) = left.bytes.checked_sub(bytes) else {
        return Err(Error::message("the template makes more text than the limit for one page"));
    };
    LEFT.set(Left { steps, bytes, ..left });
    Ok(())
}

/// Refuses a text that would have so many bytes.
pub(super) fn bound(bytes: usize) -> TeraResult<()> {
    let limit = LEFT.get().value;
    if bytes as u64 > limit {
        return Err(Error::message(format!("the value grew over the limit of {limit} bytes")));
    }
    Ok(())
}

/// Bytes of a value when it is written out, counted until they are over the limit. What stands in
/// a value twice counts twice, though tera keeps it once.
pub(super) fn measure(value: &Value) -> TeraResult<u64> {
    let limit = LEFT.get().value;
    let (mut bytes, mut entries) = (0, 0);
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        bytes += ENTRY;
        entries += 1;
        if let Some(list) = value.as_array() {
            bytes += ENTRY * list.len() as u64;
            if bytes <= limit {
                open.extend(list);
            }
        } else if let Some(map) = value.as_map() {
            bytes += 2 * ENTRY * map.len() as u64;
            if bytes <= limit {
                open.extend(map.values());
            }
        } else {
            bytes += value.len().unwrap_or_default() as u64;
        }
        if bytes > limit {
            spend(entries / ENTRIES_PER_STEP, 0)?;
            return Err(Error::message(format!("the value grew over the limit of {limit} bytes")));
        }
    }
    spend(entries / ENTRIES_PER_STEP, 0)?;
    Ok(bytes)
}

fn repeat(bytes: u64, _: Kwargs, _: &State<'_>) -> TeraResult<&'static str> {
    spend(1, bytes)?;
    Ok("")
}

#[expect(clippy::needless_pass_by_value, reason = "the signature is tera's")]
fn keep(value: &Value, kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    spend(0, measure(value)?)?;
    Ok(if kwargs.get::<bool>("quiet")?.is_some() { Value::from("") } else { value.clone() })
}

fn look(value: &Value, _: Kwargs, _: &State<'_>) -> TeraResult<&'static str> {
    measure(value)?;
    Ok("")
}

#[expect(clippy::needless_pass_by_value, reason = "the signature is tera's")]
fn range(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Vec<i64>> {
    let start = kwargs.get::<i64>("start")?.unwrap_or_default();
    let end = kwargs.must_get::<i64>("end")?;
    let step = kwargs.get::<i64>("step_by")?.unwrap_or(1);
    if step <= 0 {
        return Err(Error::message("`step_by` of `range` must be above 0"));
    }
    let numbers = end.saturating_sub(start).max(0) / step;
    if numbers > RANGE {
        return Err(Error::message(format!(
            "`range` would give {numbers} numbers, over the limit of {RANGE}"
        )));
    }
    spend(numbers.unsigned_abs(), 0)?;
    Ok((start..end).step_by(usize::try_from(step).unwrap_or(usize::MAX)).collect())
}

/// A buffer that refuses to grow over the limit.
#[derive(Debug, Default)]
pub(super) struct Output {
    /// What was written.
    pub bytes: Vec<u8>,
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > OUTPUT {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::scan::tags;
    use super::*;

    #[test]
    fn places_in_the_counted_text_are_those_of_the_file() {
        let text = "ab{% for x in y -%} {{ x }}{{- x ~ '}' -}}{% endfor %}{% set a = 1 %}z";
        let counted = Counted::new(text, &tags(text), |_| 0);
        let with = "-%}{{ 23 | __docent_repeat -}}{{ x | __docent_look -}} {{ x }}{{ x | __docent_keep(quiet=true) }}";
        assert!(counted.text.contains(with), "{}", counted.text);
        assert!(counted.text.contains("{{- (x ~ '}') | __docent_keep -}}"), "{}", counted.text);
        assert!(counted.text.ends_with("{{ a | __docent_keep(quiet=true) }}z"), "{}", counted.text);
        for (byte, letter) in counted.text.char_indices() {
            if counted.counting(byte).is_none() {
                assert_eq!(text[counted.original(byte)..].chars().next(), Some(letter));
            }
        }
    }

    #[test]
    fn the_parameters_of_a_component_are_known() {
        let text = "{% component a.b(x, y: string, z={'k': [1, q]}, w='a,b') %}";
        assert_eq!(parameters(&tags(text)[0]), ["x", "y", "z", "w"]);
    }
}
