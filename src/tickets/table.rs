//! CSV exports, and records whose columns the config names.
//!
//! In: rows as they stream, with a header. Out: tickets. Commas, semicolons and tabs are told apart by
//! the header; quotes, line ends in cells and cells that look like formulas are plain text.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, Read};

use csv::{ByteRecord, ReaderBuilder};
use serde_json::Value;

use super::Ticket;
use super::read::{Bad, Broken, Sink};
use super::systems::{self, Parsed, System};
use crate::config::tickets::{COLUMNS, Column, TicketSource};
use crate::diagnostic::nearest;

/// Reads a table. `head` is its beginning.
pub(super) fn read_table(input: impl Read, head: &[u8], sink: &mut Sink<'_>) -> Result<(), Broken> {
    let input = Watched { input, quotes: Cell::new(0), last: Cell::new(b'\n') };
    let mut reader = ReaderBuilder::new().flexible(true).delimiter(delimiter(head)).from_reader(input);
    let header = reader.byte_headers().map_err(|error| broken(&error))?.clone();
    let columns = Columns::of(&header, sink.source, sink.system)?;
    let mut row = ByteRecord::new();
    // A row that does not fit may be the cut end of the file; that shows when there is no next.
    let mut misfit: Option<(u64, usize)> = None;
    let mut line = 1;
    loop {
        let more = reader.read_byte_record(&mut row).map_err(|error| broken(&error))?;
        if !more {
            break;
        }
        if let Some((line, cells)) = misfit.take() {
            sink.put(line, Err(misfitting(cells, header.len())))?;
        }
        line = row.position().map_or(line, csv::Position::line);
        let is_empty = |cell: &[u8]| cell.is_empty();
        if row.len() < header.len() || row.iter().skip(header.len()).any(|cell| !is_empty(cell)) {
            misfit = Some((line, row.len()));
            continue;
        }
        let mut parsed = columns.ticket(&row, sink);
        if let (Ok(Some(ticket)), Some(links)) = (&mut parsed, &sink.links) {
            for cell in &row {
                links.find_in(&String::from_utf8_lossy(cell), ticket);
            }
        }
        sink.put(line, parsed)?;
    }
    let end = reader.get_ref();
    let is_open = end.quotes.get() % 2 == 1;
    let is_torn = end.last.get() != b'\n' && end.last.get() != b'\r';
    match misfit {
        Some((line, _)) if is_open || is_torn => Err(Broken::cut(line)),
        Some((line, cells)) => sink.put(line, Err(misfitting(cells, header.len()))),
        None if is_open && is_torn => Err(Broken::cut(line)),
        None => Ok(()),
    }
}

fn misfitting(cells: usize, expected: usize) -> Bad {
    Bad::Record(format!("it has {cells} cells where the header has {expected}"))
}

fn broken(error: &csv::Error) -> Broken {
    let line = error.position().map_or(1, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::Io(error) => Broken::unreadable(line, error),
        _ => Broken::unreadable(line, &io::Error::other(error.to_string())),
    }
}

/// The character that stands between the columns of the header.
fn delimiter(head: &[u8]) -> u8 {
    let mut quoted = false;
    let header = head.iter().take_while(|byte| {
        quoted ^= **byte == b'"';
        quoted || **byte != b'\n'
    });
    let header: Vec<u8> = header.copied().collect();
    let count = |delimiter: u8| {
        let mut quoted = false;
        let outside = header.iter().filter(|byte| {
            quoted ^= **byte == b'"';
            !quoted && **byte == delimiter
        });
        outside.count()
    };
    // The first of equals, so a table of one column has commas.
    [b',', b';', b'\t', b'|'].into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

/// Bytes that pass, and how they end.
struct Watched<R> {
    input: R,
    quotes: Cell<u64>,
    last: Cell<u8>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        let passed = &buffer[..read];
        self.quotes.set(self.quotes.get() + memchr::memchr_iter(b'"', passed).count() as u64);
        self.last.set(passed.last().copied().unwrap_or(self.last.get()));
        Ok(read)
    }
}

/// Which cells of a row hold what.
struct Columns {
    places: Vec<(Column, Vec<usize>)>,
}

impl Columns {
    fn of(header: &ByteRecord, source: &TicketSource, system: &System) -> Result<Self, Broken> {
        let names: Vec<String> =
            header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
        let mapped = |column: Column| source.mapping.iter().find(|(known, _)| *known == column);
        let mut places = Vec::new();
        for (word, column, _) in COLUMNS {
            let wanted: Vec<&str> = match mapped(*column) {
                Some((_, names)) => names.iter().map(String::as_str).collect(),
                None => system.names_of(*column).to_vec(),
            };
            let place_of = |name: &str| -> Vec<usize> {
                let same = |(_, known): &(usize, &String)| known.eq_ignore_ascii_case(name);
                names.iter().enumerate().filter(same).map(|(place, _)| place).collect()
            };
            let mut found: Vec<usize> = wanted.iter().flat_map(|name| place_of(name)).collect();
            if *column != Column::Tags {
                found.truncate(1);
            }
            let is_needed = matches!(column, Column::Id | Column::Created) || mapped(*column).is_some();
            if found.is_empty() && is_needed {
                return Err(missing_column(word, &wanted, &names));
            }
            places.push((*column, found));
        }
        Ok(Self { places })
    }

    fn ticket<'r>(&self, row: &'r ByteRecord, sink: &Sink<'_>) -> Parsed<'r> {
        let cells = |column: Column| -> Vec<Cow<'r, str>> {
            let places = self.places.iter().find(|(known, _)| *known == column);
            let places = places.map(|(_, places)| places.as_slice()).unwrap_or_default();
            let cells = places.iter().filter_map(|place| row.get(*place));
            cells.filter(|cell| !cell.is_empty()).map(String::from_utf8_lossy).collect()
        };
        from_columns(cells, sink.source, sink.system)
    }
}

fn missing_column(word: &str, wanted: &[&str], names: &[String]) -> Broken {
    let wanted_names: Vec<String> = wanted.iter().map(|name| format!("`{name}`")).collect();
    let near = wanted.iter().find_map(|name| nearest(name, names.iter().map(String::as_str)));
    let help = if let Some(near) = near {
        format!("did you mean its column `{near}`?")
    } else {
        let shown: Vec<String> = names.iter().take(30).map(|name| format!("`{name}`")).collect();
        format!("its columns are {}", shown.join(", "))
    };
    let message = format!("has no column {} for `{word}`", wanted_names.join(" or "));
    Broken { line: 1, message, help }
}

/// A ticket of texts by column.
fn from_columns<'r>(
    cells: impl Fn(Column) -> Vec<Cow<'r, str>>,
    source: &TicketSource,
    system: &System,
) -> Parsed<'r> {
    let cell = |column: Column| cells(column).into_iter().next().filter(|text| !text.trim().is_empty());
    let Some(id) = cell(Column::Id) else { return Err(Bad::Record("it has no id".into())) };
    let time = |column, name| systems::optional_time(cell(column), name, source);
    let solved = time(Column::Solved, "time of solving")?;
    let status = cell(Column::Status);
    let tags = cells(Column::Tags).into_iter().flat_map(|cell| split(cell, system.separators)).collect();
    Ok(Some(Ticket {
        id: trimmed(id),
        created: systems::required_time(cell(Column::Created), "time of creation", source)?,
        updated: time(Column::Updated, "the time of the last change")?,
        solved,
        status: systems::status(status.as_deref().unwrap_or_default(), solved, system),
        tags,
        url: cell(Column::Url).map(trimmed),
        problem: cell(Column::Problem).map(trimmed),
        requester: cell(Column::Requester).map(trimmed),
        organisation: cell(Column::Organisation).map(trimmed),
        reopened: cell(Column::Reopened).is_some_and(|text| systems::is_yes(&text)),
        satisfaction: cell(Column::Satisfaction).and_then(|text| systems::satisfaction(&text)),
        linked_articles: Vec::new(),
    }))
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

fn split<'r>(cell: Cow<'r, str>, separators: &[char]) -> Vec<Cow<'r, str>> {
    let parts = |text: &str| -> Vec<String> {
        let parts = text.split(separators).map(str::trim).filter(|tag| !tag.is_empty());
        parts.map(str::to_owned).collect()
    };
    match cell {
        Cow::Borrowed(text) => {
            let parts = text.split(separators).map(str::trim).filter(|tag| !tag.is_empty());
            parts.map(Cow::Borrowed).collect()
        }
        Cow::Owned(text) => parts(&text).into_iter().map(Cow::Owned).collect(),
    }
}

/// A JSON record of a table: its columns are members, `a.b` a member of a member.
pub(super) fn record<'r>(text: &'r str, source: &TicketSource) -> Parsed<'r> {
    let record: Value = serde_json::from_str(text).map_err(systems::no_json)?;
    let texts = |column: Column| -> Vec<Cow<'r, str>> {
        let names = source.mapping.iter().find(|(known, _)| *known == column);
        let names = names.map(|(_, names)| names.as_slice()).unwrap_or_default();
        names.iter().filter_map(|name| member(&record, name)).flat_map(texts_of).map(Cow::Owned).collect()
    };
    from_columns(texts, source, &systems::TABLE)
}

fn member<'v>(record: &'v Value, name: &str) -> Option<&'v Value> {
    record.get(name).or_else(|| name.split('.').try_fold(record, |value, part| value.get(part)))
}

fn texts_of(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Bool(value) => vec![value.to_string()],
        Value::Array(values) => values.iter().flat_map(texts_of).collect(),
        Value::Null | Value::Object(_) => Vec::new(),
    }
}
