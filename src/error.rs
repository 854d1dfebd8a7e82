//! Problems of the machine or of the call, as opposed to findings about content.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;

/// Why a command could not run to its end.
#[derive(Debug)]
pub enum Error {
    /// Reading or writing failed.
    Io {
        /// What was being done: `read`, `write`, `create` …
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// The config or the theme cannot be used; nothing can be built.
    Config(Vec<Diagnostic>),
    /// The site cannot be made of this content (two sources for one URL, a template error).
    Site(Vec<Diagnostic>),
    /// Ticket exports are missing, cut off or not what they should be.
    Tickets(Vec<Diagnostic>),
    /// The call cannot be carried out as asked; a message for the user with its way out.
    Usage(String),
    /// Docent broke a promise of its own; nothing was published.
    Internal(String),
    /// Another build holds the lock.
    Locked {
        /// The message that names the holder.
        message: String,
    },
}

impl Error {
    /// An I/O error with what was being done to which path.
    pub fn io(action: &'static str, path: impl AsRef<Path>, source: std::io::Error) -> Self {
        Self::Io { action, path: path.as_ref().to_owned(), source }
    }

    /// The exit status: 1 for content, 2 for usage, config, I/O and our own faults, 3 for
    /// ticket exports, 75 for a held lock.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Site(_) => 1,
            Self::Io { .. } | Self::Config(_) | Self::Usage(_) | Self::Internal(_) => 2,
            Self::Tickets(_) => 3,
            Self::Locked { .. } => 75,
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io { action, path, source } => write!(f, "cannot {action} {}: {source}", path.display()),
            Self::Config(_) => f.write_str("the configuration cannot be used"),
            Self::Tickets(_) => f.write_str("the ticket exports cannot be used"),
            Self::Site(_) => f.write_str("the site cannot be made"),
            Self::Internal(message) => write!(f, "a fault of docent itself: {message}"),
            Self::Usage(message) | Self::Locked { message } => f.write_str(message),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
