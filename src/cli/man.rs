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
    let page = page(command)?;
    terminal.out().write_all(page.as_bytes())?;
    Ok(0)
}

/// The page; its synopsis is the line of usage that the help has.
fn page(mut command: clap::Command) -> std::io::Result<String> {
    let usage = command.render_usage().to_string();
    let usage = usage.trim().trim_start_matches("Usage: ").replace('\\', "\\e").replace('-', "\\-");
    let version = concat!("docent ", env!("CARGO_PKG_VERSION"));
    let mut page = Vec::new();
    clap_mangen::Man::new(command).source(version).manual("Docent").render(&mut page)?;
    let page = String::from_utf8_lossy(&page).into_owned();
    let rest =
        page.split_once(".SH SYNOPSIS\n").and_then(|(head, rest)| Some((head, rest.split_once("\n.SH ")?.1)));
    Ok(match rest {
        Some((head, rest)) => format!("{head}.SH SYNOPSIS\n{usage}\n.SH {rest}"),
        None => page,
    })
}

fn find_command(all: &clap::Command, name: &str) -> Result<clap::Command, Error> {
    if let Some(command) = all.find_subcommand(name) {
        return Ok(command.clone());
    }
    let names = all.get_subcommands().map(clap::Command::get_name);
    let hint = nearest(name, names).map(|near| format!("; did you mean `{near}`?"));
    Err(Error::Usage(format!("there is no command `{name}`{}", hint.unwrap_or_default())))
}
