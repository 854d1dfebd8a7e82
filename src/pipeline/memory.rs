//! What a process remembers from one run to the next, so that an edit costs what it changed.
//!
//! In: the sources of a run. Out: what was made of the same bytes before, or nothing. Only results of pure functions are
//! remembered, each beside everything that the function read, so a run with a memory gives what one without it gives;
//! a memory can be dropped at any time. Not here: what outlives the process (`last`).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::diagnostic::Diagnostic;
use crate::discover::Sources;
use crate::parse::{ParsedPage, parse_page};
use crate::source::SharedFile;

/// What was parsed of a file.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The page, unless the file cannot be one.
    pub page: Option<Arc<ParsedPage>>,
    /// What that found.
    pub findings: Vec<Diagnostic>,
    file: SharedFile,
}

impl Parsed {
    fn of(file: &SharedFile, sources: &Sources) -> Self {
        let prefix = sources.content_dir.len() + usize::from(!sources.content_dir.is_empty());
        let (page, findings) = parse_page(file, &file.path()[prefix..], &sources.config);
        Self { page: page.map(Arc::new), findings, file: Arc::clone(file) }
    }
}

/// The pages of one run, by path, and the settings that they were parsed under.
#[derive(Debug, Default)]
struct Pages {
    settings: String,
    by_path: HashMap<String, Parsed>,
}

/// Remembered results; shared by the runs of one process.
#[derive(Debug, Default)]
pub struct Memory {
    pages: Mutex<Pages>,
}

impl Memory {
    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The pages that an earlier run parsed under the same settings.
pub(super) struct Known<'m> {
    memory: Option<&'m Memory>,
    pages: Pages,
}

impl<'m> Known<'m> {
    /// Takes what the memory has for these sources.
    pub(super) fn take(memory: Option<&'m Memory>, sources: &Sources) -> Self {
        let settings =
            format!("{}\0{:?}\0{}", sources.content_dir, sources.config.base_url, sources.config.file.text());
        let mut pages = memory.map(|memory| std::mem::take(&mut *memory.pages())).unwrap_or_default();
        if pages.settings != settings {
            pages = Pages { settings, by_path: HashMap::new() };
        }
        Self { memory, pages }
    }

    /// What a file holds: remembered if its bytes are the same.
    pub(super) fn parse(&self, file: &SharedFile, sources: &Sources) -> Parsed {
        let known = self.pages.by_path.get(file.path()).filter(|known| known.file.is_same(file));
        known.cloned().unwrap_or_else(|| Parsed::of(file, sources))
    }

    /// Remembers these pages, and no others, for the next run.
    pub(super) fn keep(self, parsed: &[Parsed]) {
        let Some(memory) = self.memory else { return };
        let by_path = parsed.iter().map(|parsed| (parsed.file.path().to_owned(), parsed.clone())).collect();
        *memory.pages() = Pages { settings: self.pages.settings, by_path };
    }
}
