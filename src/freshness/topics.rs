//! Which ticket tags are topics, and which pages answer them.
//!
//! In: the site, what its pages say of their tickets, and the tickets. Out: [`Topics`]. A tag is no
//! topic if it is on too many tickets, belongs to the customer rather than to the question, or matches
//! a pattern of the config, unless a page asks for it by name in `ticket_tags`.

use std::collections::BTreeMap;

use super::review::ReviewFacts;
use crate::model::tags::tag_slug;
use crate::model::{PageId, Site};
use crate::source::Spanned;
use crate::tickets::topical::{TopicalOptions, count_tags};
use crate::tickets::{TagId, TicketRow, Tickets};

/// From when to when the exports reach, in days since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The day of the oldest ticket.
    pub first: i32,
    /// The day of the newest.
    pub as_of: i32,
    /// The day that is judged: what happened later is not known.
    pub today: i32,
}

impl Extent {
    /// The extent of tickets that were created up to a day; `None` if there are none.
    pub fn of(tickets: &Tickets, today: i32) -> Option<Self> {
        let mut known = tickets.created_between(None, Some(i64::from(today) + 1));
        let first = day_of(known.next()?.created);
        let as_of = known.next_back().map_or(first, |ticket| day_of(ticket.created));
        Some(Self { first, as_of, today })
    }

    /// Its tickets from a day on.
    pub fn since(self, tickets: &Tickets, day: i32) -> impl Iterator<Item = TicketRow<'_>> {
        tickets.created_between(Some(i64::from(day)), Some(i64::from(self.as_of) + 1))
    }
}

/// The day in UTC, since 1970.
pub fn day_of(seconds: i64) -> i32 {
    seconds.div_euclid(24 * 60 * 60) as i32
}

/// What the tags of tickets mean.
#[derive(Clone, Debug, Default)]
pub(super) struct Topics {
    /// By tag: whether it is a topic.
    pub is_topical: Vec<bool>,
    /// By tag: pages that answer tickets with it.
    pub pages_of: Vec<Vec<PageId>>,
    /// By page.
    pub of_page: Vec<PageTopics>,
}

/// The tickets that a page answers.
#[derive(Clone, Debug, Default)]
pub(super) struct PageTopics {
    /// Tags that the exports know, sorted.
    pub tags: Vec<TagId>,
    /// A ticket must have all of them.
    pub all: bool,
    /// Tags of `ticket_tags` that no ticket has.
    pub unknown: Vec<Spanned<String>>,
}

impl PageTopics {
    /// Whether a ticket that has just these new tags among all of these is the page's.
    pub fn holds(&self, new: &[TagId], all: &[TagId]) -> bool {
        let any = self.tags.iter().any(|tag| new.contains(tag));
        any && (!self.all || self.tags.iter().all(|tag| all.contains(tag)))
    }
}

impl Topics {
    /// Sorts out the tags of the tickets in an extent.
    pub fn of(site: &Site, facts: &[ReviewFacts], tickets: &Tickets, extent: Extent) -> Self {
        let counts = count_tags(tickets, &TopicalOptions::new(&site.config, extent.as_of));
        let mut is_topical: Vec<bool> = counts.no_topic.iter().map(Option::is_none).collect();
        let mut by_slug: BTreeMap<String, Vec<TagId>> = BTreeMap::new();
        for tag in 0..tickets.tag_count() as TagId {
            by_slug.entry(tag_slug(tickets.tag_name(tag))).or_default().push(tag);
        }
        let find = |name: &str| match tickets.find_tag(name) {
            Some(tag) => vec![tag],
            None => by_slug.get(&tag_slug(name)).cloned().unwrap_or_default(),
        };
        // Explicit ones first: what one page asks for is a topic for all.
        let mut of_page: Vec<PageTopics> = facts
            .iter()
            .map(|facts| {
                let mut topics = PageTopics::default();
                let Some(asked) = &facts.ticket_tags else { return topics };
                for tag in &asked.tags {
                    let found = find(&tag.value);
                    if found.is_empty() {
                        topics.unknown.push(tag.clone());
                    }
                    for tag in &found {
                        is_topical[*tag as usize] = true;
                    }
                    topics.tags.extend(found);
                }
                topics.all = asked.all;
                if topics.all && !topics.unknown.is_empty() {
                    topics.tags.clear();
                }
                topics
            })
            .collect();
        for (page, (topics, facts)) in of_page.iter_mut().zip(facts).enumerate() {
            if facts.ticket_tags.is_none() {
                let names = site.pages[page].tags.iter().map(|tag| site.tags[*tag].name.as_str());
                let tags = names.flat_map(find).filter(|tag| is_topical[*tag as usize]);
                topics.tags = tags.collect();
            }
            topics.tags.sort_unstable();
            topics.tags.dedup();
        }
        let mut pages_of = vec![Vec::new(); tickets.tag_count()];
        for (page, topics) in of_page.iter().enumerate() {
            for tag in &topics.tags {
                pages_of[*tag as usize].push(page);
            }
        }
        Self { is_topical, pages_of, of_page }
    }
}
