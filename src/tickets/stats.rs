//! What exports hold, in numbers.
//!
//! In: tickets. Out: [`SourceStats`] for each source. Nothing about a single ticket or person.

use super::{Status, Tickets};

/// The tickets of one entry of the config's `tickets`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceStats {
    /// One a ticket.
    pub tickets: usize,
    /// When the oldest was created, seconds since 1970.
    pub first: Option<i64>,
    /// When the newest was created.
    pub newest: Option<i64>,
    /// Not solved yet.
    pub open: usize,
    /// Solved or closed.
    pub solved: usize,
    /// Merged, spam or deleted.
    pub void: usize,
    /// Without any tag.
    pub untagged: usize,
    /// People who asked.
    pub requesters: usize,
    /// Organisations whose people asked.
    pub organisations: usize,
}

/// Counts the tickets of one source.
pub fn count_source(tickets: &Tickets, source: usize) -> SourceStats {
    let mut stats = SourceStats::default();
    let mut requesters = Vec::new();
    let mut organisations = Vec::new();
    for ticket in tickets.iter().filter(|ticket| ticket.source == source) {
        stats.tickets += 1;
        stats.first.get_or_insert(ticket.created);
        stats.newest = Some(ticket.created);
        match ticket.status {
            Status::Open => stats.open += 1,
            Status::Solved => stats.solved += 1,
            Status::Void => stats.void += 1,
        }
        stats.untagged += usize::from(ticket.tags.is_empty());
        requesters.extend(ticket.requester);
        organisations.extend(ticket.organisation);
    }
    stats.requesters = distinct(requesters);
    stats.organisations = distinct(organisations);
    stats
}

fn distinct(mut hashes: Vec<u64>) -> usize {
    hashes.sort_unstable();
    hashes.dedup();
    hashes.len()
}
