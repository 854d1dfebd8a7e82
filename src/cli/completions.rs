//! `docent completions`: words for the shell.

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use super::terminal::Terminal;
use super::{Arguments, Failure};

/// Prints a completion script for a shell
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(options: &Options, terminal: &mut Terminal) -> Result<u8, Failure> {
    let mut script = Vec::new();
    generate(options.shell, &mut Arguments::command(), "docent", &mut script);
    terminal.out().write_all(&script)?;
    Ok(0)
}
