//! Exports of ticket systems → [`Tickets`].
//!
//! In: the bytes of an export as they stream and the config's entry for it. Out: [`Ticket`]s in one
//! normal form, kept compactly in [`Tickets`], and what was skipped. Requester and organisation are
//! hashed as they are read; subjects are not kept. Not here: opening files (`discover`), what tickets
//! say about a page (`freshness`).

mod fields;
pub mod read;
pub mod split;
pub mod stats;
pub mod store;
mod systems;
mod table;
mod time;
pub mod topical;
mod unpack;

pub use read::{Broken, Report, read_export};
pub use store::{TagId, TicketId, TicketRow, Tickets};
pub use time::day;

use std::borrow::Cow;

/// One ticket in the normal form that every source is read into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticket<'r> {
    /// As the source names it: `4711`, `OPS-12`.
    pub id: Cow<'r, str>,
    /// Seconds since 1970, UTC.
    pub created: i64,
    /// Seconds since 1970, UTC; the newest of several copies of a ticket counts.
    pub updated: Option<i64>,
    /// When it was solved, seconds since 1970, UTC.
    pub solved: Option<i64>,
    /// What became of it.
    pub status: Status,
    /// Tags or labels as written.
    pub tags: Vec<Cow<'r, str>>,
    /// Where people look at it.
    pub url: Option<Cow<'r, str>>,
    /// The problem that this incident belongs to; a problem names itself.
    pub problem: Option<Cow<'r, str>>,
    /// Who asked; hashed when it is stored.
    pub requester: Option<Cow<'r, str>>,
    /// Whose customer; hashed when it is stored.
    pub organisation: Option<Cow<'r, str>>,
    /// Whether it was reopened.
    pub reopened: bool,
    /// How the answer was rated.
    pub satisfaction: Option<Satisfaction>,
    /// Addresses of pages of this knowledge base that it links, without query and fragment.
    pub linked_articles: Vec<Cow<'r, str>>,
}

/// What became of a ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Not solved yet.
    #[default]
    Open,
    /// Solved or closed.
    Solved,
    /// Merged into another ticket, spam or deleted: never counted.
    Void,
}

/// How an answer was rated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Satisfaction {
    /// Good.
    Good,
    /// Bad.
    Bad,
}
