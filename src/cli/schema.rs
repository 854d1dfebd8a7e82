//! `docent schema`: JSON Schemas of front matter and config, for editors.

use clap::Args;

use super::terminal::Terminal;
use super::{Failure, Global};

/// Prints JSON Schemas of front matter and config
#[derive(Debug, Args)]
pub(super) struct Options {}

pub(super) fn run(_options: &Options, _global: &Global, _terminal: &mut Terminal) -> Result<u8, Failure> {
    Ok(0)
}
