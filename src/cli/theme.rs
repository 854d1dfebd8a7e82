//! `docent theme`: the files of the default theme, and one of them as the beginning of one's own.

use std::io::Write;
use std::path::Path;

use clap::{Args, Subcommand};

use super::run::Run;
use super::terminal::Terminal;
use super::{Failure, Global};
use crate::diagnostic::nearest;
use crate::discover::read_config;
use crate::error::Error;
use crate::render::theme::default_files;

/// Lists the files of the default theme, or copies one to change it
#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Copies a template, a component or another file into the theme of the knowledge base
    Eject {
        /// Its name: `page.html`, `components/toc.html`, `toc`, `tokens.css`
        #[arg(value_name = "NAME")]
        name: String,
    },
}

pub(super) fn run(options: &Options, global: &Global, terminal: &mut Terminal) -> Result<u8, Failure> {
    let Some(Action::Eject { name }) = &options.action else {
        let out = terminal.out();
        for (path, _) in default_files() {
            writeln!(out, "{path}")?;
        }
        return Ok(0);
    };
    let (path, bytes) = find_file(name)?;
    let run = Run::new(None, global, terminal)?;
    let discover = &run.options.discover;
    let config = read_config(discover)?;
    let place = Path::new("themes").join(&config.theme).join(&path);
    let whole = discover.dir.join(&place);
    if let Some(folder) = whole.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
    }
    // What somebody changed is not written over.
    let file = std::fs::File::create_new(&whole);
    let mut file = file.map_err(|error| Error::io("create", &whole, error))?;
    file.write_all(bytes).map_err(|error| Error::io("write", &whole, error))?;
    terminal.say(&format!("Wrote {}. Delete it to go back to the default theme's.", place.display()));
    Ok(0)
}

/// The file with this name: its path, its path without the folder, or its bare name.
fn find_file(name: &str) -> Result<(String, &'static [u8]), Error> {
    let bare = |path: &str| {
        let file = path.rsplit('/').next().unwrap_or(path);
        file.split('.').next().unwrap_or(file).to_owned()
    };
    let below = |path: &str| path.split_once('/').map_or(path.to_owned(), |(_, below)| below.to_owned());
    let files: Vec<(String, &[u8])> = default_files().collect();
    let find = |is_it: &dyn Fn(&str) -> bool| files.iter().find(|(path, _)| is_it(path)).cloned();
    find(&|path| path == name || below(path) == name)
        .or_else(|| find(&|path| below(path) == format!("components/{name}.html")))
        .or_else(|| find(&|path| bare(path) == name))
        .ok_or_else(|| {
            let names: Vec<String> = files.iter().flat_map(|(path, _)| [below(path), bare(path)]).collect();
            let hint = match nearest(name, names.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`docent theme` lists them".to_owned(),
            };
            Error::Usage(format!("the default theme has no file `{name}`; {hint}"))
        })
}
