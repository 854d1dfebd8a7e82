//! What tera says, as findings about the theme's own files.
//!
//! tera gives a place for a wrong syntax and for a failure while rendering; names that do not exist
//! it reports as printed text, many at once. Both become findings with the place in the file as it
//! is on disk.

use std::error::Error as _;
use std::io;

use tera::ErrorKind;

use super::budget::Counted;
use super::{Compiled, top};
use crate::diagnostic::rules::config::TEMPLATE_ERROR;
use crate::diagnostic::{Diagnostic, nearest};
use crate::source::{SharedFile, Span};

/// Findings for one error about the template `name`; `tail` ends each message.
pub(super) fn findings(templates: &Compiled, name: &str, error: &tera::Error, tail: &str) -> Vec<Diagnostic> {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let range = report.span().range.clone();
            vec![place(templates, report.filename(), range.start, range.end, report.message(), tail)]
        }
        ErrorKind::Io(io::ErrorKind::FileTooLarge) => {
            vec![whole(templates, name, "the output of the template is larger than 256 MB", tail)]
        }
        ErrorKind::Msg(text) if text.starts_with("error: ") => {
            let reports = text["error: ".len()..].split("\n\nerror: ");
            reports.filter_map(|report| printed(templates, report, tail)).collect()
        }
        ErrorKind::Msg(text) if text.contains("recursion depth for components") => {
            vec![recursion(templates, name, text, tail)]
        }
        _ => {
            let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
            vec![whole(templates, name, &format!("{error}{cause}"), tail)]
        }
    }
}

/// A report as tera prints it: the message, then `--> template:line:column`.
fn printed(templates: &Compiled, report: &str, tail: &str) -> Option<Diagnostic> {
    let (message, rest) = report.split_once('\n')?;
    let mut locus = rest.trim_start().strip_prefix("--> ")?.lines().next()?.rsplitn(3, ':');
    let column: usize = locus.next()?.parse().ok()?;
    let line: usize = locus.next()?.parse().ok()?;
    let name = locus.next()?;
    let (_, counted) = templates.get(name)?;
    let start: usize = counted.text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let after = &counted.text[start..];
    let start = start + after.chars().take(column - 1).map(char::len_utf8).sum::<usize>();
    // The locus, an empty line, the line of the template, the marks below it.
    let width = rest.lines().nth(3).map_or(1, |marks| marks.matches('^').count());
    let width: usize = counted.text[start..].chars().take(width).map(char::len_utf8).sum();
    Some(place(templates, name, start, start + width, message, tail))
}

fn place(templates: &Compiled, name: &str, start: usize, end: usize, said: &str, tail: &str) -> Diagnostic {
    let (said, known) = said.split_once(". Available ").unwrap_or((said, ""));
    let mut finding = Diagnostic::new(&TEMPLATE_ERROR, format!("{}{tail}", sentence(said)));
    if let Some((file, counted)) = templates.get(name) {
        finding = finding.at(file, span(counted, start, end), "");
    }
    // `fields: a, b, c`: what tera knows there.
    let Some((_, known)) = known.split_once(": ") else { return finding };
    let word = said.split('`').nth(1).unwrap_or_default();
    match nearest(word, known.split(", ")) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help(format!("known here: {known}")),
    }
}

fn span(counted: &Counted, start: usize, end: usize) -> Span {
    // The counting stands at a tag, and that is what repeats or grows.
    if let Some(tag) = counted.counting(start) {
        return tag;
    }
    Span::new(counted.original(start), counted.original(end))
}

/// tera does not say which component calls itself without end; few templates define one.
fn recursion(templates: &Compiled, name: &str, said: &str, tail: &str) -> Diagnostic {
    const OPEN: &str = "{% component";
    let defines = |(file, _): &&(SharedFile, Counted)| file.text().contains(OPEN);
    let Some((file, _)) = templates.values().find(defines) else { return whole(templates, name, said, tail) };
    let start = file.text().find(OPEN).unwrap_or_default();
    let end = file.text()[start..].find("%}").map_or(file.text().len(), |end| start + end + 2);
    Diagnostic::new(&TEMPLATE_ERROR, format!("{}{tail}", sentence(said)))
        .at(file, Span::new(start, end), "")
        .help("a component must not call itself without end")
}

fn whole(templates: &Compiled, name: &str, said: &str, tail: &str) -> Diagnostic {
    let finding = Diagnostic::new(&TEMPLATE_ERROR, format!("{}{tail}", sentence(said)));
    match templates.get(name) {
        Some((file, _)) => finding.at(file, top(file), ""),
        None => finding,
    }
}

/// tera's words in the manner of the other findings: one line, no capital, no full stop.
fn sentence(said: &str) -> String {
    let line = said.lines().next().unwrap_or_default().trim_end_matches('.');
    let mut letters = line.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
