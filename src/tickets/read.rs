//! One export → tickets, and a report.
//!
//! In: the bytes of an export, packed or not, and its entry in the config. Out: tickets in the store,
//! and a [`Report`] that counts and names each record that was skipped; or, for what is no whole
//! export, why it is [`Broken`]. Not here: what the members of a system's records are called
//! (`systems`).

use std::borrow::Cow;
use std::io::{self, Cursor, Read};

use super::split::Records;
use super::store::tail;
use super::systems::{Parsed, System, system};
use super::unpack::unpack;
use super::{Ticket, Tickets, table};
use crate::config::tickets::{TicketSource, TicketSystem};

/// Skipped records that are named; the rest is counted.
pub const MAX_NAMED: usize = 20;
/// Bytes looked at to find out what an export is.
const HEAD: u64 = 64 << 10;
/// Records in an export of GitHub unless more are asked for.
const GITHUB_LIMIT: usize = 30;

/// What an export held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Tickets that were read, copies included.
    pub tickets: usize,
    /// Records that are no tickets and not meant to be, such as pull requests.
    pub left_out: usize,
    /// Records that could not be read.
    pub skipped: usize,
    /// The first of them, with what is wrong.
    pub named: Vec<Skipped>,
    /// It has exactly as many records as the system gives when nobody asks for more.
    pub maybe_limited: Option<usize>,
}

/// A record that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The line that it begins in, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub why: String,
}

/// Why an export cannot be used at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Where it shows, from 1.
    pub line: u64,
    /// After the path of the export: `ends in the middle of a record`.
    pub message: String,
    /// The way out.
    pub help: String,
}

/// Why a record does not become a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bad {
    /// It is skipped.
    Record(String),
    /// No record of this export can be trusted.
    Export(String, String),
}

impl Broken {
    fn new(line: u64, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { line, message: message.into(), help: help.into() }
    }

    pub(super) fn cut(line: u64) -> Self {
        Self::new(
            line,
            "ends in the middle: its last record or list is never closed",
            "export it again; a download that was cut off looks like this",
        )
    }

    pub(super) fn html(line: u64) -> Self {
        Self::new(
            line,
            "is a page of HTML and no export",
            "sign in, or use an API token, and export it again; an error page is often saved under the name of an export",
        )
    }

    pub(super) fn endless(line: u64) -> Self {
        Self::new(
            line,
            "has a record of more than 64 MiB",
            "an export has one record for each ticket; see whether a quote or bracket is missing",
        )
    }

    pub(super) fn unreadable(line: u64, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                Self::new(line, "is packed and ends too early", "copy or export it again")
            }
            _ => Self::new(line, format!("cannot be read: {error}"), "copy or export it again"),
        }
    }
}

/// Reads an export into the store. `base_url` is the address of the site: links to it are kept.
pub fn read_export(
    input: impl Read,
    source: &TicketSource,
    base_url: Option<&str>,
    tickets: &mut Tickets,
) -> Result<Report, Broken> {
    let mut input = unpack(input).map_err(|error| Broken::unreadable(1, &error))?;
    let mut head = Vec::new();
    (&mut input).take(HEAD).read_to_end(&mut head).map_err(|error| Broken::unreadable(1, &error))?;
    if head.starts_with(&[0xEF, 0xBB, 0xBF]) {
        head.drain(..3);
    }
    let first = head.iter().find(|byte| !byte.is_ascii_whitespace());
    refuse_other_files(&head, first)?;
    let is_json = matches!(first, Some(b'{' | b'['));
    let system = system(source.system);
    let mut sink = Sink {
        source,
        system,
        links: base_url.map(Links::new),
        tickets,
        report: Report::default(),
        answer: None,
    };
    let input = Cursor::new(head.clone()).chain(input);
    if is_json {
        read_json(input, &mut sink)?;
    } else {
        table::read_table(input, &head, &mut sink)?;
    }
    sink.finish()
}

fn refuse_other_files(head: &[u8], first: Option<&u8>) -> Result<(), Broken> {
    let what = match head {
        _ if first.is_none() => return Err(Broken::new(1, "is empty", "export it again")),
        _ if first == Some(&b'<') => return Err(Broken::html(1)),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
            return Err(Broken::new(1, "is UTF-16", "save it as UTF-8"));
        }
        [b'P', b'K', 3, 4, ..] => "a ZIP archive or a workbook",
        [b'%', b'P', b'D', b'F', ..] => "a PDF",
        _ if head.contains(&0) => "not a text",
        _ => return Ok(()),
    };
    Err(Broken::new(1, format!("is {what} and no export"), "unpack it, or save it as CSV or JSON"))
}

fn read_json(input: impl Read, sink: &mut Sink<'_>) -> Result<(), Broken> {
    let mut records = Records::new(input);
    let parse = sink.system.record;
    while let Some(record) = records.next_record()? {
        let line = record.line;
        let parsed = match record_text(record.bytes) {
            Ok(text) => parse(text, sink.source).map(|ticket| ticket.map(|ticket| (ticket, text))),
            Err(why) => Err(Bad::Record(why)),
        };
        match parsed {
            Ok(Some((mut ticket, text))) => {
                if let Some(links) = &sink.links {
                    links.find_in(text, &mut ticket);
                }
                sink.take(ticket);
            }
            Ok(None) => sink.report.left_out += 1,
            Err(bad) => {
                if sink.report.tickets + sink.report.skipped == 0 {
                    sink.answer = error_answer(record.bytes);
                }
                sink.refuse(line, bad)?;
            }
        }
    }
    Ok(())
}

/// The text of a record, if every part of it is text. Half a surrogate pair is none, and a parser that
/// skips what it does not need would not notice.
fn record_text(bytes: &[u8]) -> Result<&str, String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| format!("it is not UTF-8 at byte {} of the record", error.valid_up_to()))?;
    match find_lone_surrogate(text) {
        Some(escape) => Err(format!("`{escape}` is half of a character")),
        None => Ok(text),
    }
}

fn find_lone_surrogate(text: &str) -> Option<&str> {
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', text.get(at..)?.as_bytes()) {
        at += found;
        match surrogate(text, at) {
            Some(0xD800..=0xDBFF) if matches!(surrogate(text, at + 6), Some(0xDC00..=0xDFFF)) => at += 12,
            Some(0xD800..=0xDFFF) => return text.get(at..at + 6),
            // The escaped character may be a backslash itself.
            _ => at += 1 + text[at + 1..].chars().next().map_or(1, char::len_utf8),
        }
    }
    None
}

fn surrogate(text: &str, at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
    u16::from_str_radix(digits, 16).ok()
}

/// What an API says instead of giving tickets.
fn error_answer(record: &[u8]) -> Option<String> {
    let answer: serde_json::Value = serde_json::from_slice(record).ok()?;
    let said = ["error", "message", "errors", "errorMessages", "description"]
        .into_iter()
        .find_map(|member| answer.get(member))?;
    let said = match said {
        serde_json::Value::String(said) => said.clone(),
        other => other.to_string(),
    };
    Some(shortened(&said))
}

/// A value for a message, at most so long that a line of a terminal holds it.
pub(super) fn shortened(text: &str) -> String {
    let line: String = text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.len() < text.len() { format!("{line}…") } else { line }
}

/// Where tickets go.
pub(super) struct Sink<'s> {
    pub source: &'s TicketSource,
    pub system: &'static System,
    pub links: Option<Links>,
    tickets: &'s mut Tickets,
    report: Report,
    /// What the first record says, if it is no ticket but an error.
    answer: Option<String>,
}

impl Sink<'_> {
    /// What a parser made of a row.
    pub fn put(&mut self, line: u64, parsed: Parsed<'_>) -> Result<(), Broken> {
        match parsed {
            Ok(Some(ticket)) => self.take(ticket),
            Ok(None) => self.report.left_out += 1,
            Err(bad) => self.refuse(line, bad)?,
        }
        Ok(())
    }

    fn take(&mut self, mut ticket: Ticket<'_>) {
        (self.system.complete)(&mut ticket);
        if let Some(template) = &self.source.url {
            ticket.url = Some(Cow::Owned(template.replace("{id}", tail(&ticket.id))));
        }
        self.tickets.add(&ticket);
        self.report.tickets += 1;
    }

    fn refuse(&mut self, line: u64, bad: Bad) -> Result<(), Broken> {
        match bad {
            Bad::Export(message, help) => return Err(Broken { line, message, help }),
            Bad::Record(why) => {
                self.report.skipped += 1;
                if self.report.named.len() < MAX_NAMED {
                    self.report.named.push(Skipped { line, why });
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Report, Broken> {
        let Self { mut report, system, answer, source, .. } = self;
        if let (0, Some(first)) = (report.tickets, report.named.first()) {
            let message = match answer.filter(|_| report.skipped == 1) {
                Some(said) => format!("is an answer with an error and no export: `{said}`"),
                None => format!("holds no ticket of {}: in the first record, {}", system.name, first.why),
            };
            let help = format!(
                "export it again, or see whether it is from `{}`, as the config says",
                source.system.word()
            );
            return Err(Broken { line: first.line, message, help });
        }
        let rows = report.tickets + report.left_out + report.skipped;
        if source.system == TicketSystem::Github && rows == GITHUB_LIMIT {
            report.maybe_limited = Some(rows);
        }
        Ok(report)
    }
}

/// Finds links to pages of the site in what a ticket says.
pub(super) struct Links {
    plain: String,
    /// As some systems write it in JSON.
    escaped: String,
}

impl Links {
    fn new(base_url: &str) -> Self {
        Self { plain: base_url.to_owned(), escaped: base_url.replace('/', "\\/") }
    }

    /// Adds the links in a text that may be JSON.
    pub fn find_in(&self, text: &str, ticket: &mut Ticket<'_>) {
        for base in [&self.plain, &self.escaped] {
            for at in memchr::memmem::find_iter(text.as_bytes(), base.as_bytes()) {
                let rest = text[at..].replace("\\/", "/");
                let end = rest.find(|c: char| c.is_whitespace() || "\"\\<>()[]{}'|`?#,;*".contains(c));
                let url = rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', ':', '!']).to_owned();
                if !ticket.linked_articles.iter().any(|known| *known == url) {
                    ticket.linked_articles.push(Cow::Owned(url));
                }
            }
        }
        ticket.linked_articles.sort_unstable();
    }
}
