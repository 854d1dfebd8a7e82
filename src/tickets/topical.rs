//! Which tags name a topic, as far as tickets alone can tell.
//!
//! In: tickets and what the config says. Out: for each tag why it is no topic, or nothing. Tags that are
//! on many tickets, that belong to the customer rather than to the question, or that the config names
//! are administrative.

use std::collections::BTreeMap;

use globset::GlobMatcher;

use super::{Status, TagId, TicketRow, Tickets};
use crate::config::Config;

/// Days that are judged, up to the newest ticket: both windows of the surge test.
pub const JUDGED_DAYS: i32 = 56 + 182;
/// Fewer tickets than this say nothing about what is common.
const FEWEST: u64 = 20;
/// Organisations that must agree before a tag counts as theirs, their fewest tickets, and the fewest
/// of all of them together.
const AGREE: (u32, u32, u32) = (2, 3, 10);

/// Why a tag is no topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoTopic {
    /// On too many tickets.
    Common,
    /// Every organisation that has it has it on all of its tickets.
    Customers,
    /// The config says so.
    Ignored,
}

/// What is judged.
#[derive(Clone, Debug)]
pub struct TopicalOptions<'a> {
    /// The last day of tickets that count, since 1970.
    as_of: i32,
    /// The share of tickets above which a tag is common, in percent.
    common_percent: u64,
    /// Patterns of tags that are no topics.
    ignored: Vec<&'a GlobMatcher>,
    /// The tag with which agents flag an article.
    flag_tag: &'a str,
}

impl<'a> TopicalOptions<'a> {
    /// What a config says of the days up to `as_of`, a day since 1970.
    pub fn new(config: &'a Config, as_of: i32) -> Self {
        let of_sources = config.tickets.iter().flat_map(|source| &source.ignore_tags);
        Self {
            as_of,
            common_percent: config.freshness.common_tag.into(),
            ignored: config.freshness.ignore_tags.iter().chain(of_sources).collect(),
            flag_tag: &config.freshness.flag_tag,
        }
    }

    /// The tickets that count.
    fn judged<'t>(&self, tickets: &'t Tickets) -> impl Iterator<Item = TicketRow<'t>> {
        let before = i64::from(self.as_of) + 1;
        let judged = tickets.created_between(Some(before - i64::from(JUDGED_DAYS)), Some(before));
        judged.filter(|ticket| ticket.status != Status::Void)
    }
}

/// What the judged tickets say of tags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagCounts {
    /// Judged tickets.
    pub tickets: u64,
    /// By tag: those that have it.
    pub tagged: Vec<u64>,
    /// By tag: why it is no topic.
    pub no_topic: Vec<Option<NoTopic>>,
}

/// Tickets of an organisation, and those with each tag.
#[derive(Default)]
struct Organisation {
    tickets: u32,
    tagged: BTreeMap<TagId, u32>,
}

/// Organisations that have a tag.
#[derive(Clone, Default)]
struct Agreement {
    always: u32,
    tickets: u32,
    /// One of them has it on some tickets only.
    varies: bool,
}

/// Counts and judges every tag.
pub fn count_tags(tickets: &Tickets, options: &TopicalOptions<'_>) -> TagCounts {
    let mut counts = TagCounts { tickets: 0, tagged: vec![0; tickets.tag_count()], no_topic: Vec::new() };
    let mut organisations: BTreeMap<u64, Organisation> = BTreeMap::new();
    for ticket in options.judged(tickets) {
        counts.tickets += 1;
        for tag in ticket.tags {
            counts.tagged[*tag as usize] += 1;
        }
        let Some(organisation) = ticket.organisation else { continue };
        let organisation = organisations.entry(organisation).or_default();
        organisation.tickets += 1;
        for tag in ticket.tags {
            *organisation.tagged.entry(*tag).or_default() += 1;
        }
    }
    let mut agreements = vec![Agreement::default(); tickets.tag_count()];
    for organisation in organisations.values() {
        for (tag, tagged) in &organisation.tagged {
            let agreement = &mut agreements[*tag as usize];
            if *tagged < organisation.tickets {
                agreement.varies = true;
            } else if organisation.tickets >= AGREE.1 {
                agreement.always += 1;
                agreement.tickets += tagged;
            }
        }
    }
    let judge = |(tag, agreement): (usize, &Agreement)| {
        let name = tickets.tag_name(tag as TagId);
        let is_common = counts.tagged[tag] * 100 > counts.tickets * options.common_percent;
        if name == options.flag_tag || options.ignored.iter().any(|glob| glob.is_match(name)) {
            Some(NoTopic::Ignored)
        } else if counts.tickets >= FEWEST && is_common {
            Some(NoTopic::Common)
        } else if !agreement.varies && agreement.always >= AGREE.0 && agreement.tickets >= AGREE.2 {
            Some(NoTopic::Customers)
        } else {
            None
        }
    };
    let no_topic = agreements.iter().enumerate().map(judge).collect();
    TagCounts { no_topic, ..counts }
}
