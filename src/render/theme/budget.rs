//! What a template may spend: steps, bytes of one value, bytes of output.
//!
//! tera bounds recursion, but not how often a loop runs or how long a value grows. Templates get a
//! count of their own: behind each tag that repeats or enters something, and behind each that sets a
//! value, a call of [`COUNT`] is written into the text before tera sees it. [`Counted`] remembers
//! where, so that places in errors are those of the file.

use std::cell::Cell;
use std::io::{self, Write};

use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use super::scan::Tag;

/// The function that counts.
pub(super) const COUNT: &str = "__docent_count";
/// Steps of one rendering, besides [`STEPS_PER_PAGE`].
const STEPS: u64 = 200_000;
/// Further steps for each page of the site: lists of all pages grow with it.
const STEPS_PER_PAGE: u64 = 100;
/// Bytes of a text, or entries of a list, that a template may keep in a variable.
const VALUE: usize = 8 << 20;
/// Bytes that one rendering may write.
const OUTPUT: usize = 256 << 20;
/// Numbers that one `range` may give.
const RANGE: i64 = 10_000;

thread_local! {
    /// Steps left in the rendering on this thread; a rendering never changes threads.
    static LEFT: Cell<u64> = const { Cell::new(0) };
}

/// A template's text with the counting in it.
#[derive(Debug)]
pub(super) struct Counted {
    /// What tera reads.
    pub text: String,
    /// Places in the original text and the length of what was written there, in order.
    inserted: Vec<(usize, usize)>,
}

impl Counted {
    /// Writes the counting into a template.
    pub fn new(text: &str, tags: &[Tag<'_>]) -> Self {
        let mut counted = Self { text: String::with_capacity(text.len() + 1024), inserted: Vec::new() };
        let mut done = 0;
        // Names of `{% set name %}` sections that are open.
        let mut sections = Vec::new();
        for tag in tags {
            let word = |at: usize| tag.words.get(at).map(|word| word.text);
            let value = match tag.keyword() {
                Some("for" | "component" | "include" | "block") => String::new(),
                Some("set" | "set_global") if word(2) == Some("=") => word(1).unwrap_or_default().to_owned(),
                Some("set" | "set_global") => {
                    sections.push(word(1).unwrap_or_default());
                    continue;
                }
                Some("endset") => sections.pop().unwrap_or_default().to_owned(),
                _ => continue,
            };
            let argument = if value.is_empty() { value } else { format!("value={value}") };
            let trim = if tag.trims_after { "-" } else { "" };
            let call = format!("{{{{ {COUNT}({argument}) {trim}}}}}");
            counted.text.push_str(&text[done..tag.span.end]);
            counted.text.push_str(&call);
            counted.inserted.push((tag.span.end, call.len()));
            done = tag.span.end;
        }
        counted.text.push_str(&text[done..]);
        counted
    }

    /// The place in the original text of a byte of the counted one.
    pub fn original(&self, byte: usize) -> usize {
        let mut added = 0;
        for (place, length) in &self.inserted {
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

    /// Whether a byte of the counted text belongs to the counting.
    pub fn is_counting(&self, byte: usize) -> bool {
        let mut added = 0;
        self.inserted.iter().any(|(place, length)| {
            let start = place + added;
            added += length;
            (start..start + length).contains(&byte)
        })
    }
}

/// Gives a template engine the counting, and a `range` that is counted.
pub(super) fn register(tera: &mut Tera) {
    tera.register_function(COUNT, count);
    tera.register_function("range", range);
}

/// Starts a rendering.
pub(super) fn start(pages: usize) {
    LEFT.set(STEPS + STEPS_PER_PAGE * pages as u64);
}

fn spend(steps: u64) -> TeraResult<()> {
    match LEFT.get().checked_sub(steps) {
        Some(left) => {
            LEFT.set(left);
            Ok(())
        }
        None => Err(Error::message("the template takes too many steps: a loop runs too often")),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the signature is tera's")]
fn count(kwargs: Kwargs, _: &State<'_>) -> TeraResult<&'static str> {
    spend(1)?;
    let size = kwargs.get::<&Value>("value")?.and_then(Value::len).unwrap_or_default();
    if size > VALUE {
        return Err(Error::message(format!("the value grew to {size}, over the limit of {VALUE}")));
    }
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
    spend(numbers.unsigned_abs())?;
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
        let text = "ab{% for x in y -%} {{ x }}{% endfor %}{% set a = 1 %}z";
        let counted = Counted::new(text, &tags(text));
        assert!(counted.text.contains("-%}{{ __docent_count() -}} {{ x }}"), "{}", counted.text);
        assert!(counted.text.ends_with("{{ __docent_count(value=a) }}z"), "{}", counted.text);
        for (byte, letter) in counted.text.char_indices() {
            if !counted.is_counting(byte) {
                assert_eq!(text[counted.original(byte)..].chars().next(), Some(letter));
            }
        }
    }
}
