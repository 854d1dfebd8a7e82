//! `docent new`: a small living knowledge base to begin with. Asks nothing.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Failure;
use super::terminal::Terminal;
use crate::error::Error;

/// The files of a new knowledge base: path and text.
const FILES: &[(&str, &str)] = &[
    ("docent.yaml", include_str!("new/docent.yaml")),
    (".gitignore", include_str!("new/gitignore")),
    ("content/index.md", include_str!("new/content/index.md")),
    ("content/runbooks/disk-full.md", include_str!("new/content/runbooks/disk-full.md")),
    ("content/runbooks/certificate-expiry.md", include_str!("new/content/runbooks/certificate-expiry.md")),
    ("content/runbooks/queue-backlog.md", include_str!("new/content/runbooks/queue-backlog.md")),
    ("content/training/support-engineer.md", include_str!("new/content/training/support-engineer.md")),
    (
        "content/training/modules/first-tickets.md",
        include_str!("new/content/training/modules/first-tickets.md"),
    ),
    (
        "content/training/modules/linux-basics.md",
        include_str!("new/content/training/modules/linux-basics.md"),
    ),
    ("content/jobs/support-engineer.md", include_str!("new/content/jobs/support-engineer.md")),
    ("data/tickets.json", include_str!("new/data/tickets.json")),
];

/// Makes a small knowledge base to begin with
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The folder to make
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

pub(super) fn run(options: &Options, terminal: &mut Terminal) -> Result<u8, Failure> {
    let dir = &options.dir;
    require_empty(dir)?;
    for (path, text) in FILES {
        write(&dir.join(path), text)?;
    }
    terminal.say(&format!("Made {} with {} files. Next: docent build {0}", dir.display(), FILES.len()));
    Ok(0)
}

/// Nothing of the user's is ever overwritten.
fn require_empty(dir: &Path) -> Result<(), Error> {
    let taken = match std::fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => return Err(Error::io("read", dir, error)),
    };
    if taken {
        return Err(Error::Usage(format!(
            "`{}` is not empty; name a folder that does not exist yet",
            dir.display()
        )));
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
    }
    std::fs::write(path, text).map_err(|error| Error::io("write", path, error))
}
