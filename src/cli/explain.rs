//! `docent explain`: what a rule means, with an example and the cure.

use std::io::Write;

use clap::Args;

use super::Failure;
use super::terminal::Terminal;
use crate::diagnostic::{Rule, nearest, rules};
use crate::error::Error;

/// Explains a rule, or lists all of them
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The rule, as it stands in brackets in a finding
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

pub(super) fn run(options: &Options, terminal: &mut Terminal) -> Result<u8, Failure> {
    let out = terminal.out();
    if let Some(code) = &options.code {
        explain(find_rule(code)?, out)?;
        return Ok(0);
    }
    let width = rules::ALL.iter().map(|rule| rule.code.len()).max().unwrap_or_default();
    for rule in rules::ALL {
        writeln!(out, "{:width$}  {:7}  {}", rule.code, rule.severity.word(), rule.summary)?;
    }
    Ok(0)
}

/// The rule with this code, or an error that names the nearest one. A code may be pasted as a
/// finding shows it: `error[broken-link]`, `[broken-link]:`, in backticks.
pub(super) fn find_rule(written: &str) -> Result<&'static Rule, Error> {
    let code =
        written.split_once('[').map_or(written, |(_, inside)| inside.split(']').next().unwrap_or(inside));
    let code = code.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_lowercase();
    if code.is_empty() {
        let message = format!("`{written}` names no rule; `docent explain` lists all rules");
        return Err(Error::Usage(message));
    }
    rules::find(&code).ok_or_else(|| {
        let hint = match nearest(&code, rules::ALL.iter().map(|rule| rule.code)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`docent explain` lists all rules".into(),
        };
        Error::Usage(format!("there is no rule `{code}`; {hint}"))
    })
}

fn explain(rule: &Rule, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "{}[{}]: {}", rule.severity.word(), rule.code, rule.summary)?;
    writeln!(out, "\n{}", rule.explanation.trim())?;
    for (word, example) in [("Wrong", rule.bad), ("Right", rule.good)] {
        writeln!(out, "\n{word}:\n")?;
        for line in example.trim_matches('\n').lines() {
            writeln!(out, "{}", format!("    {line}").trim_end())?;
        }
    }
    Ok(())
}
