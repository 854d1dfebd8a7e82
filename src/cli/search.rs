//! `docent search`: full-text search at a terminal.

use std::io::{self, Write};
use std::path::Path;
use std::time::Instant;

use anstyle::{AnsiColor, Style};
use clap::{Args, ValueEnum};
use percent_encoding::{AsciiSet, CONTROLS};

use super::run::Run;
use super::terminal::Terminal;
use super::{Failure, Global};
use crate::diagnostic::human::visible;
use crate::error::Error;
use crate::pipeline;
use crate::search::states::States;
use crate::search::{Answer, Index, Results, Snippet};

/// What must not stand in the address of a terminal's hyperlink.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'%').add(b'#').add(b'?').add(b';');

/// Searches a knowledge base
#[derive(Debug, Args)]
pub(super) struct Options {
    /// Words, '"a phrase"', +must, kind:runbook, or a pasted error; `--` before a first -not
    #[arg(value_name = "QUERY", required = true)]
    query: Vec<String>,
    /// How hits are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Print at most this many hits
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Titles with the section and a snippet
    Human,
    /// Docent's own JSON
    Json,
}

#[expect(clippy::disallowed_methods, reason = "the command line is where the clock is")]
pub(super) fn run(options: &Options, global: &Global, terminal: &mut Terminal) -> Result<u8, Failure> {
    let query = options.query.join(" ");
    if query.trim().is_empty() {
        return Err(
            Error::Usage("the query is empty; write some words, or paste an error line".into()).into()
        );
    }
    let run = Run::new(None, global, terminal)?;
    let joined = run.join()?;
    let folder = run.index_folder(terminal)?;
    pipeline::index(&joined.site, &run.options, &folder.path)?;
    run.progress.clear();
    let index = Index::open(&folder.path)?.ok_or_else(|| {
        Error::Internal(format!("the index in `{}` was written and cannot be read", folder.path.display()))
    })?;
    let index = States::read(&folder.path).tell(&joined.site, index);
    let start = Instant::now();
    let results = index.search(&query, options.limit);
    let took = start.elapsed();
    for note in &results.notes {
        terminal.note(note);
    }
    match options.format {
        Format::Human => {
            let links = terminal.is_coloured().then_some(joined.sources.dir.as_path());
            let prefix = terminal.shown_prefix();
            print_hits(&results, &prefix, links, terminal.out())?;
            if results.total == 0 {
                terminal.say(&format!("nothing fits `{query}`"));
            }
        }
        Format::Json => {
            let answer = Answer::of(&results, took);
            serde_json::to_writer_pretty(&mut *terminal.out(), &answer).map_err(io::Error::from)?;
            writeln!(terminal.out())?;
        }
    }
    Ok(0)
}

/// Hits for people. `links` is the absolute knowledge base if the terminal shows colours and links.
fn print_hits(results: &Results, prefix: &str, links: Option<&Path>, out: &mut dyn Write) -> io::Result<()> {
    let color = links.is_some();
    if let Some(corrected) = &results.corrected {
        writeln!(out, "Showing results for `{corrected}`\n")?;
    }
    for hit in &results.hits {
        let heading = hit.heading.as_ref().map(|heading| format!(" › {heading}")).unwrap_or_default();
        let title = painted(&visible(&hit.title), AnsiColor::Cyan.on_default().bold(), color);
        let about = std::iter::once(&hit.kind).chain(&hit.owners).chain(&hit.freshness);
        let about: Vec<String> = about.map(|text| visible(text).into_owned()).collect();
        writeln!(out, "{:>2}. {title}{heading}  ({})", hit.rank, about.join(", "))?;
        let path = format!("{prefix}{}", hit.path);
        let path = match links {
            Some(dir) => linked(&path, &format!("file://{}", dir.join(&hit.path).display())),
            None => path,
        };
        writeln!(out, "    {path}")?;
        if !hit.snippet.text.is_empty() {
            writeln!(out, "    {}", marked(&hit.snippet, color))?;
        }
        writeln!(out)?;
    }
    let shown = results.hits.len();
    if shown < results.total {
        writeln!(out, "{shown} of {} pages; `--limit` shows more", results.total)?;
    }
    Ok(())
}

/// The snippet with the words that fit in bold.
fn marked(snippet: &Snippet, color: bool) -> String {
    let mut text = String::new();
    let mut at = 0;
    for (start, end) in &snippet.marks {
        let (Some(before), Some(mark)) = (snippet.text.get(at..*start), snippet.text.get(*start..*end))
        else {
            continue;
        };
        text.push_str(&visible(before));
        text.push_str(&painted(&visible(mark), Style::new().bold(), color));
        at = *end;
    }
    text.push_str(&visible(&snippet.text[at..]));
    text
}

fn painted(text: &str, style: Style, color: bool) -> String {
    if color { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

/// An OSC 8 hyperlink; the address is percent-encoded so that no path can end it early.
fn linked(text: &str, url: &str) -> String {
    let url = percent_encoding::utf8_percent_encode(url, ENCODED);
    format!("\u{1b}]8;;{url}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
}
