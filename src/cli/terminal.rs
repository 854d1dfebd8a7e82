//! Standard output and standard error, and how they look.
//!
//! Data goes to standard output; findings of a build, errors, hints and summaries go to standard
//! error, where a failed write is nobody's concern.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use clap::ColorChoice;

use super::Global;
use crate::diagnostic::format::{self, Format, Report};
use crate::diagnostic::human::visible;
use crate::error::Error;

/// Width of frames where no terminal says otherwise.
const DEFAULT_WIDTH: usize = 110;

/// How much is said beside data, findings and errors.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Voice {
    Quiet,
    Normal,
    Verbose,
}

/// The two streams of the program.
pub(super) struct Terminal {
    out: BufWriter<io::Stdout>,
    /// Whether standard output takes colours.
    out_color: bool,
    /// Whether standard error takes colours.
    err_color: bool,
    voice: Voice,
    shown_prefix: String,
}

impl Terminal {
    pub(super) fn open(global: &Global) -> Self {
        let choice = match global.color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
        Self {
            out: BufWriter::new(io::stdout()),
            out_color: AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
            err_color: AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never,
            voice: match (global.quiet, global.verbose) {
                (true, _) => Voice::Quiet,
                (_, true) => Voice::Verbose,
                _ => Voice::Normal,
            },
            shown_prefix: String::new(),
        }
    }

    /// From now on, paths of findings are those of this knowledge base, as it was named.
    pub(super) fn enter(&mut self, dir: &Path) {
        let dir = dir.to_string_lossy();
        self.shown_prefix = match dir.trim_end_matches('/').trim_start_matches("./") {
            "." => String::new(),
            "" => {
                if dir.starts_with('/') {
                    "/".into()
                } else {
                    String::new()
                }
            }
            dir => format!("{dir}/"),
        };
    }

    /// What stands before paths that people read, so that the terminal can open them.
    pub(super) fn shown_prefix(&self) -> String {
        self.shown_prefix.clone()
    }

    /// Standard output.
    pub(super) fn out(&mut self) -> &mut dyn Write {
        &mut self.out
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Whether a person looks at standard output, in colour.
    pub(super) fn is_coloured(&self) -> bool {
        self.out_color
    }

    /// Whether a person waits at standard error.
    pub(super) fn shows_progress(&self) -> bool {
        self.voice != Voice::Quiet && io::stderr().is_terminal()
    }

    /// How frames on standard output look.
    pub(super) fn out_style(&self) -> format::Style {
        format::Style { color: self.out_color, width: width() }
    }

    /// How frames on standard error look.
    pub(super) fn err_style(&self) -> format::Style {
        format::Style { color: self.err_color, width: width() }
    }

    /// A line for people; silent under `--quiet`.
    pub(super) fn say(&self, line: &str) {
        if self.voice != Voice::Quiet {
            print_error_line(line);
        }
    }

    /// A line for people who asked for more.
    pub(super) fn detail(&self, line: &str) {
        if self.voice == Voice::Verbose {
            print_error_line(line);
        }
    }

    /// Why the program ends.
    pub(super) fn error(&self, message: &str) {
        print_error_line(&format!(
            "{} {}",
            self.painted("error:", AnsiColor::Red.on_default().bold()),
            visible(message)
        ));
    }

    /// Something that the user should know, but that is no fault of the content.
    pub(super) fn note(&self, message: &str) {
        let word = self.painted("note:", AnsiColor::Green.on_default().bold());
        self.say(&format!("{word} {}", visible(message)));
    }

    /// An error that ends the run, with the findings that it carries.
    pub(super) fn failure(&self, error: &Error) {
        if let Error::Config(findings) | Error::Site(findings) | Error::Tickets(findings) = error {
            self.findings(&Report {
                findings,
                today: "",
                pages: 0,
                shown_prefix: &self.shown_prefix,
                repository_prefix: "",
                style: self.err_style(),
            });
        }
        self.error(&error.to_string());
    }

    /// Findings for people, on standard error.
    pub(super) fn findings(&self, report: &Report<'_>) {
        let mut err = BufWriter::new(io::stderr().lock());
        // Nobody is left to tell if standard error is closed.
        let report = Report { style: self.err_style(), ..*report };
        let _ = format::write(&report, Format::Human, &mut err).and_then(|()| err.flush());
    }

    fn painted(&self, text: &str, style: Style) -> String {
        if self.err_color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// Width of the terminal, if there is one.
fn width() -> usize {
    terminal_size::terminal_size().map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0).max(40))
}

fn print_error_line(line: &str) {
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(io::stderr().lock(), "{line}");
}
