//! What is wrong with a YAML text, in words for people.
//!
//! In: the parser's error kinds and places. Out: [`Problem`]s, placed where a person would look
//! (an unclosed quote at its opening, not at the end of the file) and with the mended line as help
//! where one can be guessed.

use serde_saphyr::granit_parser::{ErrorKind, ScanError};

use crate::source::Span;

/// Longest line that a help text repeats whole.
const MAX_QUOTED_LINE: usize = 80;

/// One fault; its span counts from the start of the piece.
pub(super) struct Problem {
    pub message: String,
    pub label: String,
    pub help: Vec<String>,
    pub span: Span,
}

impl Problem {
    fn new(span: Span, message: impl Into<String>) -> Self {
        Self { message: message.into(), label: String::new(), help: Vec::new(), span }
    }

    fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}

pub(super) fn tag(text: &str, span: Span) -> Problem {
    let written = text.get(span.range()).unwrap_or_default();
    Problem::new(span, format!("the YAML tag `{written}` is not supported"))
        .label("a tag")
        .help("leave it out; quote a text that begins with `!`")
}

pub(super) fn second_document(span: Span) -> Problem {
    Problem::new(span, "a second YAML document starts here")
        .label("second document")
        .help("put everything into the first document")
}

pub(super) fn too_deep(span: Span) -> Problem {
    Problem::new(span, format!("nested more than {} levels deep", super::MAX_DEPTH)).help("use fewer levels")
}

pub(super) fn too_many_copies(span: Span) -> Problem {
    Problem::new(span, "the aliases here stand for too much text")
        .label("one alias too many")
        .help("write the values out instead of repeating them by alias")
}

pub(super) fn self_reference(text: &str, span: Span) -> Problem {
    let written = text.get(span.range()).unwrap_or_default();
    Problem::new(span, format!("the alias `{written}` stands inside the value it refers to"))
        .label("refers to itself")
        .help("write the value out instead")
}

pub(super) fn no_key(span: Span) -> Problem {
    Problem::new(span, "there is no key before the `:`").help("write `key: value`")
}

pub(super) fn complex_key(text: &str, span: Span) -> Problem {
    let problem = Problem::new(span, "a key must be a text, not a list or a group of keys");
    match Entry::at(text, span.start as usize).and_then(|entry| entry.quoted()) {
        Some(line) => problem.help(format!("if a text was meant, quote it: `{line}`")),
        None => problem.help("write `key: value`; quote a text that begins with `[` or `{`"),
    }
}

pub(super) fn merge_of_scalars(span: Span) -> Problem {
    Problem::new(span, "`<<` takes in a group of keys, and this is none")
        .help("name the anchor of a group of keys, as in `<<: *defaults`")
}

pub(super) fn tab(text: &str, at: usize) -> Problem {
    let from = line_start(text, at);
    let line_with_tab = lines(text, from).find_map(|(start, line)| {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        line[..indent].find('\t').map(|tab| (start + tab, start + indent))
    });
    let (start, end) = line_with_tab.unwrap_or((at, at + 1));
    Problem::new(Span::new(start, end), "a tab in the indentation")
        .label("a tab")
        .help("indent with spaces; YAML does not allow tabs here")
}

/// The parser's error. `last` is where the last thing started that it had understood.
pub(super) fn of_scan_error(text: &str, error: &ScanError, last: usize) -> Problem {
    let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let rest = Span::new(at, at + text[at..].lines().next().unwrap_or_default().trim_end().len());
    match error.kind() {
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => unclosed_quote(rest),
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            after_quote(text, at, last)
        }
        ErrorKind::UnclosedFlowCollection { open } => unclosed_bracket(Span::new(at, at + 1), *open),
        ErrorKind::MappingValueNotAllowed
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::FlowMappingValueAdjacentCollection => colon(text, at),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => no_colon(text, at),
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::InvalidIndentation
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::InvalidQuotedScalarIndent => out_of_place(text, at, rest),
        ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabInPlainScalar
        | ErrorKind::TabAtBlockScalarStart => tab(text, at),
        ErrorKind::UnexpectedCharacter { character } => character_problem(text, at, *character),
        ErrorKind::UnknownAnchor => {
            let name = rest_of_word(text, at);
            let problem =
                Problem::new(name, "an alias to an anchor that does not exist").label("no such anchor");
            quote_help(problem, text, at, "quote a text that begins with `*`")
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape => escape(text, at, rest),
        ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent => {
            let problem = Problem::new(rest, "text may not follow `|` or `>` on the same line");
            quote_help(problem, text, at, "begin the text on the next line, indented")
        }
        ErrorKind::BlockSequenceEntryNotAllowed => {
            let problem = Problem::new(rest, "a list may not begin on the line of its key");
            quote_help(problem, text, at, "begin the list on the next line")
        }
        ErrorKind::CommentNotSeparated => {
            Problem::new(rest, "a comment needs a space before its `#`").help("put a space before the `#`")
        }
        ErrorKind::DirectiveDisallowed => {
            Problem::new(rest, "YAML directives are not supported").help("leave the line out")
        }
        ErrorKind::RecursionLimitExceeded => too_deep(Span::new(at, at)),
        _ => Problem::new(rest, format!("this is not valid YAML: {}", error.info()))
            .help("quote the value if it is meant as text"),
    }
}

fn unclosed_quote(rest: Span) -> Problem {
    Problem::new(rest, "this quote is never closed")
        .label("opened here")
        .help("close it at the end of the value")
}

fn unclosed_bracket(span: Span, open: char) -> Problem {
    let close = if open == '[' { ']' } else { '}' };
    Problem::new(span, format!("this `{open}` is never closed"))
        .label("opened here")
        .help(format!("close it with `{close}`, or quote the value if it is meant as text"))
}

/// Text behind a closing quote: either the value holds quotes, or an earlier quote was left open
/// and ends at the next one, lines below.
fn after_quote(text: &str, at: usize, last: usize) -> Problem {
    let token_start = |(position, character): &(usize, char)| {
        matches!(character, '"' | '\'')
            && text[..last + position].ends_with([' ', '\t', '\n', '[', '{', ',', ':'])
    };
    let opening = text.get(last..at).and_then(|piece| piece.char_indices().find(token_start));
    if let Some((position, _)) = opening {
        let start = last + position;
        if text[start..at].contains('\n') {
            let end = start + text[start..].lines().next().unwrap_or_default().trim_end().len();
            return unclosed_quote(Span::new(start, end));
        }
    }
    let end = at + text[at..].lines().next().unwrap_or_default().trim_end().len();
    let problem =
        Problem::new(Span::new(at, end), "text stands behind the closing quote").label("not in quotes");
    quote_help(problem, text, at, "quote the whole value")
}

/// A `:` that makes no key where it stands.
fn colon(text: &str, at: usize) -> Problem {
    if let Some((position, open)) = open_bracket(text, at) {
        if text[position..at].contains('\n') {
            return unclosed_bracket(Span::new(position, position + 1), open);
        }
        let problem =
            Problem::new(character(text, at), format!("this does not belong into the `{open}` before it"));
        return quote_help(problem, text, at, "separate entries by `,` and quote texts that hold `:`");
    }
    let Some(entry) = Entry::at(text, at) else {
        return Problem::new(character(text, at), "a `:` that follows no key").help("write `key: value`");
    };
    if at > entry.value.start as usize && entry.value.start < entry.value.end {
        let problem = Problem::new(entry.value, "a value that holds `: ` must be quoted")
            .label("reads as a second key");
        return quote_help(problem, text, at, "quote it");
    }
    let above = text[..entry.key.start as usize].trim_end();
    let above = &above[line_start(above, above.len())..];
    let problem = Problem::new(entry.key, "a key cannot stand here").label("unexpected key");
    match above.split_once(':') {
        Some((key, value)) if !value.starts_with(' ') && !value.is_empty() => {
            problem.help(format!("put a space behind the colon above: `{}: {value}`", key.trim_start()))
        }
        _ => problem.help("begin it below the first letter of the keys that it stands beside"),
    }
}

/// A line that is neither a key nor the continuation of a value.
fn no_colon(text: &str, at: usize) -> Problem {
    let start = line_start(text, at);
    let line = text[start..].lines().next().unwrap_or_default();
    let indent = line.len() - line.trim_start().len();
    let problem =
        Problem::new(Span::new(start + indent, start + line.trim_end().len()), "this line has no `key: `");
    match line.trim().split_once(':') {
        Some((key, value)) if !value.is_empty() && !key.contains(' ') => {
            problem.help(format!("put a space behind the colon: `{key}: {value}`"))
        }
        _ => problem.help("write `key: value`, or indent the line if it continues the value above"),
    }
}

fn out_of_place(text: &str, at: usize, rest: Span) -> Problem {
    let start = line_start(text, at);
    if text[start..at].trim().is_empty() {
        return Problem::new(rest, "this line does not fit the indentation above it")
            .help("give it the same indentation as the entries that it stands beside");
    }
    let problem = Problem::new(rest, "text stands behind a finished value").label("unexpected");
    quote_help(problem, text, at, "quote the whole value")
}

fn character_problem(text: &str, at: usize, character: char) -> Problem {
    let found = text[at..].find(character).map_or(at, |position| at + position);
    let span = Span::new(found, (found + character.len_utf8()).min(text.len()));
    if character.is_control() {
        return Problem::new(span, format!("the control character U+{:04X}", character as u32))
            .help("delete it, or write it as an escape in double quotes");
    }
    let shown = if character == '`' { "a backtick".to_owned() } else { format!("`{character}`") };
    let problem = Problem::new(span, format!("a value cannot begin with {shown}"));
    quote_help(problem, text, at, "quote the value")
}

/// `at` is the opening quote.
fn escape(text: &str, at: usize, rest: Span) -> Problem {
    let known = |next: char| "0abt\tnvfre \"/\\N_LPxuU\n".contains(next);
    let mut characters = text[at..].char_indices();
    let mut place = rest;
    while let Some((position, character)) = characters.next() {
        if character != '\\' {
            continue;
        }
        let next = characters.next().map_or(' ', |(_, next)| next);
        if !known(next) {
            place = Span::new(at + position, at + position + 1 + next.len_utf8());
            break;
        }
    }
    Problem::new(place, "an escape that YAML does not know")
        .label("in double quotes `\\` begins an escape")
        .help("write `\\\\` for a backslash, or use single quotes")
}

fn quote_help(problem: Problem, text: &str, at: usize, otherwise: &str) -> Problem {
    match Entry::at(text, at).and_then(|entry| entry.quoted()) {
        Some(line) => problem.help(format!("quote it: `{line}`")),
        None => problem.help(otherwise),
    }
}

/// The `key: value` of one line.
struct Entry<'t> {
    text: &'t str,
    key: Span,
    value: Span,
}

impl<'t> Entry<'t> {
    /// The entry on the line of a byte; `- ` before the key is passed over.
    fn at(text: &'t str, at: usize) -> Option<Self> {
        let start = line_start(text, at);
        let line = text[start..].lines().next()?.trim_end();
        let key_at = line.len() - line.trim_start_matches([' ', '\t', '-']).len();
        let colon = key_at + line[key_at..].find(':')?;
        let after = &line[colon + 1..];
        let value_at = colon + 1 + (after.len() - after.trim_start().len());
        Some(Self {
            text,
            key: Span::new(start + key_at, start + colon),
            value: Span::new(start + value_at, start + line.len()),
        })
    }

    /// The line with its value in quotes, if it is short and the value is one of plain text.
    fn quoted(&self) -> Option<String> {
        let key = self.text.get(self.key.range())?;
        let value = self.text.get(self.value.range())?;
        let value = value.split(" #").next()?.trim_end();
        let bare = value.trim_matches(['"', '\'']);
        if bare.is_empty() || key.len() + value.len() > MAX_QUOTED_LINE || value.contains(['`', '\\']) {
            return None;
        }
        let inner = if value.matches(['"', '\'']).count() > 2 { bare } else { value };
        if !inner.contains('"') {
            return Some(format!("{key}: \"{inner}\""));
        }
        Some(format!("{key}: '{}'", inner.replace('\'', "''")))
    }
}

/// The bracket that is open at `at`, quoted texts passed over.
fn open_bracket(text: &str, at: usize) -> Option<(usize, char)> {
    let mut open = Vec::new();
    let mut quote = None;
    for (position, character) in text[..at].char_indices() {
        if let Some(mark) = quote {
            quote = (mark != character).then_some(mark);
            continue;
        }
        match character {
            // A quote begins a text only where a value can begin; `it's` holds an apostrophe.
            '"' | '\'' if text[..position].ends_with([' ', '[', '{', ',']) => quote = Some(character),
            '[' | '{' if !open.is_empty() || text[..position].ends_with([' ', '\n']) => {
                open.push((position, character));
            }
            ']' | '}' => {
                open.pop();
            }
            _ => {}
        }
    }
    open.pop()
}

/// The one character at `at`, which may be of several bytes.
fn character(text: &str, at: usize) -> Span {
    Span::new(at, at + text[at..].chars().next().map_or(0, char::len_utf8))
}

fn rest_of_word(text: &str, at: usize) -> Span {
    let word = text[at..].split([' ', ',', ']', '}', '\n']).next().unwrap_or_default();
    Span::new(at, at + word.len())
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

fn lines(text: &str, from: usize) -> impl Iterator<Item = (usize, &str)> {
    text[from..].split_inclusive('\n').scan(from, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line.trim_end_matches('\n')))
    })
}
