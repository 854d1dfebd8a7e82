//! `docent man`: the manual page, in roff.

use clap::{Args, CommandFactory};

use super::terminal::Terminal;
use super::{Arguments, Failure};
use crate::diagnostic::nearest;
use crate::error::Error;

/// Prints the manual page of docent or of one of its commands
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The command [default: docent itself]
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(super) fn run(options: &Options, terminal: &mut Terminal) -> Result<u8, Failure> {
    let mut command = Arguments::command();
    command.build();
    if let Some(name) = &options.command {
        command = find_command(&command, name)?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    terminal.out().write_all(&page)?;
    Ok(0)
}

fn find_command(all: &clap::Command, name: &str) -> Result<clap::Command, Error> {
    if let Some(command) = all.find_subcommand(name) {
        return Ok(command.clone());
    }
    let names = all.get_subcommands().map(clap::Command::get_name);
    let hint = nearest(name, names).map(|near| format!("; did you mean `{near}`?"));
    Err(Error::Usage(format!("there is no command `{name}`{}", hint.unwrap_or_default())))
}
