//! `docent tickets`: ticket exports.

use clap::{Args, Subcommand};

use super::terminal::Terminal;
use super::{Failure, Global, pull, stats};

/// Shows what ticket exports hold, or fetches one
#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Stats(stats::Options),
    Pull(pull::Options),
}

pub(super) fn run(options: &Options, global: &Global, terminal: &mut Terminal) -> Result<u8, Failure> {
    match &options.command {
        Command::Stats(options) => stats::run(options, global, terminal),
        Command::Pull(options) => pull::run(options, global, terminal),
    }
}
