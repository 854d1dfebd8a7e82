//! A ticket service → an export on disk, and links to other sites → what is there; the only room that
//! speaks to a network.
//!
//! In: [`PullOptions`]. Out: a file of NDJSON with one trimmed record a line, whole or not there: pages
//! gather in `FILE.part`, which becomes `FILE` when the service has no more. A pull that was broken off
//! goes on where it stopped, and the next one asks only for what changed since. Texts that people
//! wrote (descriptions, and subjects unless asked for) are never kept. Not here: reading the export
//! (`tickets`), tokens and arguments (`cli`).

mod client;
mod file;
mod guard;
pub mod links;
mod service;

use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Date;

use crate::error::Error;
use client::Client;
use file::PullFile;
pub use service::Service;

/// What to fetch, from where, and into which file.
#[derive(Clone, Debug)]
pub struct PullOptions {
    /// Which kind of service.
    pub service: Service,
    /// Its address: `https://acme.zendesk.com`, `https://gitlab.example/group/project`,
    /// `https://github.com/owner/repository`.
    pub url: String,
    /// The secret that the service knows us by.
    pub token: Option<String>,
    /// Zendesk: whose API token it is; without it the token is one of OAuth.
    pub user: Option<String>,
    /// The first day to fetch when the file does not exist yet, UTC.
    pub since: Date,
    /// The export.
    pub out: PathBuf,
    /// Keep the subjects of tickets.
    pub subjects: bool,
}

/// What a pull tells while it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// An earlier pull is taken up with so many records on disk.
    Resumed(u64),
    /// So many records were fetched so far by this pull.
    Fetched(u64),
    /// The service asked for patience, or did not answer; the pull goes on after this time.
    Waiting(Duration, String),
}

/// What a pull did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pulled {
    /// Records fetched by this pull.
    pub records: u64,
    /// Bytes of the export now.
    pub bytes: u64,
}

/// How a pull speaks to its caller: what happens, and who waits. The room has no clock.
pub trait Caller {
    /// Something happened.
    fn tell(&mut self, progress: &Progress);
    /// Let this much time pass.
    fn wait(&mut self, time: Duration);
}

/// Fetches until the service has no more. On an error everything fetched so far is kept for the next
/// pull, and the export is the one that was there before.
pub fn pull(options: &PullOptions, caller: &mut dyn Caller) -> Result<Pulled, Error> {
    let endpoint = options.service.endpoint(&options.url)?;
    let mut client = Client::new(options, &endpoint)?;
    let mut file = PullFile::open(&options.out, &endpoint.base)?;
    if file.records() > 0 {
        caller.tell(&Progress::Resumed(file.records()));
    }
    let mut cursor = file.cursor().unwrap_or_else(|| options.service.first_cursor(options.since));
    let mut pulled = Pulled::default();
    loop {
        let address = options.service.page_address(&endpoint, &cursor);
        let body = client.get(&address, caller)?;
        let page = options.service.read_page(&body, &cursor, options.subjects).map_err(|why| {
            Error::Usage(format!("{} {why}; nothing of this answer was kept", endpoint.base))
        })?;
        pulled.records += page.records.len() as u64;
        file.append(&page.records, &page.next)?;
        caller.tell(&Progress::Fetched(pulled.records));
        if page.last {
            break;
        }
        if page.next == cursor {
            return Err(Error::Usage(format!(
                "{} gave the same page twice; the pull stopped so that it does not run for ever",
                endpoint.base
            )));
        }
        cursor = page.next;
    }
    pulled.bytes = file.finish()?;
    Ok(pulled)
}
