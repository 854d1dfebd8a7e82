//! The command line: arguments in, exit status out. One file for each command.
//!
//! In: the arguments, the environment and the clock. Out: data on standard output, everything else
//! on standard error, and the exit status of a run: 0 nothing found, 1 findings, 2 could not run,
//! 3 ticket data is missing, bad or too old, 75 another build holds the lock. Not here: any knowledge about content.

mod backtest;
mod baseline;
mod build;
mod changed;
mod check;
mod completions;
mod eval;
mod explain;
mod freshness;
mod man;
mod new;
mod path;
mod progress;
mod pull;
mod review;
mod run;
mod schema;
mod search;
mod serve;
mod skills;
mod stats;
mod terminal;
mod theme;
mod tickets;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::styling::{AnsiColor, Effects, Styles};
use clap::{Args, ColorChoice, Parser, Subcommand};

use crate::error::Error;
use terminal::Terminal;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().effects(Effects::BOLD))
    .usage(AnsiColor::Green.on_default().effects(Effects::BOLD))
    .literal(AnsiColor::Cyan.on_default().effects(Effects::BOLD))
    .placeholder(AnsiColor::Cyan.on_default());

/// Builds a checked, searchable site from a folder of Markdown
#[derive(Debug, Parser)]
#[command(name = "docent", version, styles = STYLES, arg_required_else_help = true)]
#[command(
    after_help = "Exit status: 0 nothing found, 1 findings, 2 could not run, 3 ticket data is missing, bad or too old, 75 another build is running."
)]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
struct Global {
    /// The knowledge base [default: the current folder]; DIR is relative to it
    #[arg(id = "global_dir", short = 'C', value_name = "DIR", global = true)]
    dir: Option<PathBuf>,
    /// Read this file instead of DIR/docent.yaml
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// Keep the search index here [default: DIR/.docent]
    #[arg(long, value_name = "DIR", global = true)]
    cache: Option<PathBuf>,
    #[arg(help = "Judge as if it were this day [default: SOURCE_DATE_EPOCH, else today in UTC]")]
    #[arg(long, value_name = "YYYY-MM-DD", global = true)]
    today: Option<String>,
    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    color: ColorChoice,
    /// Print findings and errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say more about what is done
    #[arg(short, long, global = true)]
    verbose: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(new::Options),
    Serve(serve::Options),
    Build(build::Options),
    Check(check::Options),
    Baseline(baseline::Options),
    Freshness(freshness::Options),
    Backtest(backtest::Options),
    Search(search::Options),
    Eval(eval::Options),
    Path(path::Options),
    Skills(skills::Options),
    Tickets(tickets::Options),
    Review(review::Options),
    Snooze(review::SnoozeOptions),
    Explain(explain::Options),
    Theme(theme::Options),
    Schema(schema::Options),
    Completions(completions::Options),
    Man(man::Options),
}

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help that nobody reads to its end is no failure.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let mut terminal = Terminal::open(&arguments.global);
    let result = execute(&arguments, &mut terminal);
    let result = result.and_then(|code| terminal.flush().map(|()| code).map_err(Failure::from));
    match result {
        Ok(code) => ExitCode::from(code),
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Output(error)) => {
            terminal.error(&format!("cannot write to standard output: {error}"));
            ExitCode::from(2)
        }
        Err(Failure::Run(error)) => {
            terminal.failure(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

fn execute(arguments: &Arguments, terminal: &mut Terminal) -> Result<u8, Failure> {
    let global = &arguments.global;
    match &arguments.command {
        Command::New(options) => new::run(options, terminal),
        Command::Serve(options) => serve::run(options, global, terminal),
        Command::Build(options) => build::run(options, global, terminal),
        Command::Check(options) => check::run(options, global, terminal),
        Command::Baseline(options) => baseline::run(options, global, terminal),
        Command::Freshness(options) => freshness::run(options, global, terminal),
        Command::Backtest(options) => backtest::run(options, global, terminal),
        Command::Search(options) => search::run(options, global, terminal),
        Command::Eval(options) => eval::run(options, global, terminal),
        Command::Path(options) => path::run(options, global, terminal),
        Command::Skills(options) => skills::run(options, global, terminal),
        Command::Tickets(options) => tickets::run(options, global, terminal),
        Command::Review(options) => review::run(options, global, terminal),
        Command::Snooze(options) => review::run_snooze(options, global, terminal),
        Command::Explain(options) => explain::run(options, terminal),
        Command::Theme(options) => theme::run(options, global, terminal),
        Command::Schema(options) => schema::run(options, global, terminal),
        Command::Completions(options) => completions::run(options, terminal),
        Command::Man(options) => man::run(options, terminal),
    }
}

/// Why a command ended early.
#[derive(Debug)]
enum Failure {
    /// It could not run.
    Run(Error),
    /// Standard output could not be written.
    Output(io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Run(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
