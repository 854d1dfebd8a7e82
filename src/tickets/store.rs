//! Many tickets in little memory.
//!
//! In: tickets one by one. Out: rows sorted by creation and id, one a ticket, the copy with the newest
//! `updated` where an export holds several. Tags are numbers; who asked is a hash.

use std::collections::{BTreeMap, HashMap};

use super::{Satisfaction, Status, Ticket};

/// A tag of tickets, as an index into [`Tickets::tag_name`].
pub type TagId = u32;

/// All tickets of all exports.
#[derive(Clone, Debug, Default)]
pub struct Tickets {
    rows: Vec<TicketRow>,
    tags: Vec<String>,
    tag_ids: HashMap<String, TagId>,
    place: BTreeMap<String, usize>,
}

/// One ticket as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketRow {
    /// As the source names it.
    pub id: String,
    /// Seconds since 1970, UTC.
    pub created: i64,
    /// Seconds since 1970, UTC.
    pub updated: i64,
    /// Seconds since 1970, UTC.
    pub solved: Option<i64>,
    /// What became of it.
    pub status: Status,
    /// Lower case, sorted, distinct.
    pub tags: Vec<TagId>,
    /// Hash of who asked.
    pub requester: Option<u64>,
    /// Hash of whose customer.
    pub organisation: Option<u64>,
    /// Hash of the problem.
    pub problem: Option<u64>,
    /// Whether it was reopened.
    pub reopened: bool,
    /// How the answer was rated.
    pub satisfaction: Option<Satisfaction>,
    /// Where people look at it.
    pub url: Option<String>,
    /// Addresses of articles that it links.
    pub linked_articles: Vec<String>,
}

impl Tickets {
    /// Takes one ticket; of two with one id, the one updated last.
    pub fn add(&mut self, ticket: &Ticket<'_>) {
        let mut tags: Vec<TagId> = ticket.tags.iter().map(|tag| self.tag(tag)).collect();
        tags.sort_unstable();
        tags.dedup();
        let row = TicketRow {
            id: ticket.id.to_string(),
            created: ticket.created,
            updated: ticket.updated.unwrap_or(ticket.created),
            solved: ticket.solved,
            status: ticket.status,
            tags,
            requester: ticket.requester.as_deref().map(hash),
            organisation: ticket.organisation.as_deref().map(hash),
            problem: ticket.problem.as_deref().map(hash),
            reopened: ticket.reopened,
            satisfaction: ticket.satisfaction,
            url: ticket.url.as_deref().map(str::to_owned),
            linked_articles: ticket.linked_articles.iter().map(ToString::to_string).collect(),
        };
        match self.place.get(&row.id) {
            Some(at) if self.rows[*at].updated <= row.updated => self.rows[*at] = row,
            Some(_) => {}
            None => {
                self.place.insert(row.id.clone(), self.rows.len());
                self.rows.push(row);
            }
        }
    }

    /// Sorts what was added; call it once after the last.
    pub fn finish(&mut self) {
        self.place.clear();
        self.rows.sort_unstable_by(|a, b| a.created.cmp(&b.created).then_with(|| a.id.cmp(&b.id)));
    }

    /// Every ticket, by creation and id.
    pub fn iter(&self) -> impl Iterator<Item = &TicketRow> {
        self.rows.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Number of distinct tags; ids are below it.
    pub fn tag_count(&self) -> usize {
        self.tags.len()
    }

    /// The tag with this number, lower case.
    pub fn tag_name(&self, tag: TagId) -> &str {
        &self.tags[tag as usize]
    }

    /// The number of a tag, whatever its case.
    pub fn find_tag(&self, name: &str) -> Option<TagId> {
        self.tag_ids.get(&name.to_lowercase()).copied()
    }

    fn tag(&mut self, name: &str) -> TagId {
        let name = name.to_lowercase();
        if let Some(id) = self.tag_ids.get(&name) {
            return *id;
        }
        let id = self.tags.len() as TagId;
        self.tags.push(name.clone());
        self.tag_ids.insert(name, id);
        id
    }
}

fn hash(text: &str) -> u64 {
    let hash = blake3::hash(text.as_bytes());
    u64::from_le_bytes(hash.as_bytes()[..8].try_into().unwrap_or_default())
}
