//! Many tickets in little memory.
//!
//! In: tickets one by one. Out: rows by creation and id, one a ticket, the copy with the newest
//! `updated` where an export holds several; the same whatever the order they came in. A ticket takes
//! 40 bytes and 4 for each tag: tags are numbers in one list, an id that is a number is kept as one,
//! who asked is a hash, and an address is kept as what stands before the id.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;

use super::{Satisfaction, Status, Ticket};

/// A tag of tickets, as an index into [`Tickets::tag_name`].
pub type TagId = u32;

/// All tickets of all exports.
#[derive(Clone, Debug)]
pub struct Tickets {
    rows: Vec<Row>,
    /// Names in lower case.
    tags: Vec<String>,
    /// By the name as it was written.
    tag_ids: HashMap<String, TagId>,
    /// Runs of tags: how many, then which.
    runs: Vec<u32>,
    /// Ids that are no plain number: two bytes of length, then the text.
    ids: Vec<u8>,
    organisations: Vec<u64>,
    organisation_ids: HashMap<u64, u32>,
    bases: Vec<String>,
    base_ids: HashMap<String, u32>,
    extras: Vec<Extra>,
    /// The extra that holds this base and nothing else.
    plain_extras: HashMap<u32, u32>,
    source: u16,
}

/// One ticket as it is handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketRow<'t> {
    /// As the source names it.
    pub id: TicketId<'t>,
    /// Which entry of the config's `tickets` it comes from, from 0.
    pub source: usize,
    /// Seconds since 1970, UTC.
    pub created: i64,
    /// Seconds since 1970, UTC.
    pub updated: i64,
    /// Seconds since 1970, UTC.
    pub solved: Option<i64>,
    /// What became of it.
    pub status: Status,
    /// Sorted by name, distinct.
    pub tags: &'t [TagId],
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
    pub url: Option<Cow<'t, str>>,
    /// Addresses of articles that it links.
    pub linked_articles: &'t [String],
}

/// What a source calls a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TicketId<'t> {
    /// `4711`.
    Number(u64),
    /// `OPS-12`.
    Text(&'t str),
}

impl std::fmt::Display for TicketId<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// One ticket as it is kept. 0 stands for "none" in every field but the id.
#[derive(Clone, Copy, Debug)]
struct Row {
    /// 15 bits of source, one that says whether the id is a text, then the number or the place of
    /// the text in `ids`.
    id: u64,
    requester: u64,
    created: u32,
    updated: u32,
    solved: u32,
    /// Its run of tags.
    tags: u32,
    /// One more than the place in `organisations`.
    organisation: u32,
    /// 27 bits of place in `extras`, then [`FLAGS`] bits.
    more: u32,
}

/// What only some tickets have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Extra {
    problem: u64,
    /// One more than the place in `bases` of what stands before the id in its address.
    base: u32,
    url: Option<Box<str>>,
    linked: Vec<String>,
}

const TEXT: u64 = 1 << 48;
const VALUE: u64 = TEXT - 1;
const FLAGS: u32 = 5;
const STATUS: u32 = 0b11;
const REOPENED: u32 = 0b100;
const RATED: u32 = 0b1_1000;

impl Default for Tickets {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            tags: Vec::new(),
            tag_ids: HashMap::new(),
            // The run of tickets without tags.
            runs: vec![0],
            ids: Vec::new(),
            organisations: Vec::new(),
            organisation_ids: HashMap::new(),
            bases: Vec::new(),
            base_ids: HashMap::new(),
            extras: vec![Extra::default()],
            plain_extras: HashMap::from([(0, 0)]),
            source: 0,
        }
    }
}

impl PartialEq for Tickets {
    /// Whether they hold the same tickets, however they were read.
    fn eq(&self, other: &Self) -> bool {
        self.tags == other.tags && self.rows.len() == other.rows.len() && self.iter().eq(other.iter())
    }
}

impl Tickets {
    /// Tickets added from now on come from this entry of the config's `tickets`. Ids of different
    /// sources are different tickets.
    pub fn enter_source(&mut self, source: usize) {
        self.source = source.min(0x7fff) as u16;
    }

    /// Takes one ticket. A time outside 1970 to 2105 becomes the nearest within.
    pub fn add(&mut self, ticket: &Ticket<'_>) {
        let created = seconds(ticket.created);
        let id = self.keep_id(&ticket.id);
        let rated = match ticket.satisfaction {
            None => 0,
            Some(Satisfaction::Good) => 0b0_1000,
            Some(Satisfaction::Bad) => 0b1_0000,
        };
        let status = match ticket.status {
            Status::Open => 0,
            Status::Solved => 1,
            Status::Void => 2,
        };
        let flags = status | if ticket.reopened { REOPENED } else { 0 } | rated;
        let row = Row {
            id,
            requester: ticket.requester.as_deref().map_or(0, hash),
            created,
            updated: ticket.updated.map_or(created, seconds),
            solved: ticket.solved.map_or(0, seconds),
            tags: self.keep_tags(&ticket.tags),
            organisation: self.keep_organisation(ticket.organisation.as_deref()),
            more: (self.keep_extra(ticket) << FLAGS) | flags,
        };
        self.rows.push(row);
    }

    /// Sorts what was added and keeps one of each; call it once after the last.
    pub fn finish(&mut self) {
        self.number_tags(false);
        let mut rows = std::mem::take(&mut self.rows);
        rows.sort_unstable_by(|a, b| {
            let newest_first = || b.updated.cmp(&a.updated).then_with(|| self.compare_content(a, b));
            self.compare_ids(a, b).then_with(newest_first)
        });
        rows.dedup_by(|next, first| self.compare_ids(next, first).is_eq());
        rows.sort_unstable_by(|a, b| a.created.cmp(&b.created).then_with(|| self.compare_ids(a, b)));
        self.rows = rows;
        self.number_tags(true);
    }

    /// Every ticket, by creation and id.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = TicketRow<'_>> + ExactSizeIterator + Clone {
        self.rows.iter().map(|row| self.view(row))
    }

    /// Every ticket that was created from one day on and before another, in days since 1970, by
    /// creation and id. Others are not looked at.
    pub fn created_between(
        &self,
        from: Option<i64>,
        before: Option<i64>,
    ) -> impl DoubleEndedIterator<Item = TicketRow<'_>> + ExactSizeIterator + Clone {
        let place = |day: i64| {
            self.rows.partition_point(|row| i64::from(row.created) < day.saturating_mul(24 * 60 * 60))
        };
        let end = before.map_or(self.rows.len(), place);
        let start = from.map_or(0, place).min(end);
        self.rows[start..end].iter().map(|row| self.view(row))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Number of distinct tags; ids are below it, in the order of the names.
    pub fn tag_count(&self) -> usize {
        self.tags.len()
    }

    /// The tag with this number, lower case.
    pub fn tag_name(&self, tag: TagId) -> &str {
        &self.tags[tag as usize]
    }

    /// The number of a tag, whatever its case.
    pub fn find_tag(&self, name: &str) -> Option<TagId> {
        let name = name.to_lowercase();
        self.tags.binary_search(&name).ok().map(|place| place as TagId)
    }

    fn view(&self, row: &Row) -> TicketRow<'_> {
        let extra = self.extra(row);
        let id = self.id(row);
        TicketRow {
            id,
            source: (row.id >> 49) as usize,
            created: row.created.into(),
            updated: row.updated.into(),
            solved: (row.solved > 0).then_some(row.solved.into()),
            status: match row.more & STATUS {
                0 => Status::Open,
                1 => Status::Solved,
                _ => Status::Void,
            },
            tags: self.run(row),
            requester: (row.requester > 0).then_some(row.requester),
            organisation: self.organisation(row),
            problem: (extra.problem > 0).then_some(extra.problem),
            reopened: row.more & REOPENED > 0,
            satisfaction: match row.more & RATED {
                0 => None,
                0b0_1000 => Some(Satisfaction::Good),
                _ => Some(Satisfaction::Bad),
            },
            url: self.url(extra, id),
            linked_articles: &extra.linked,
        }
    }

    fn extra(&self, row: &Row) -> &Extra {
        &self.extras[(row.more >> FLAGS) as usize]
    }

    fn run(&self, row: &Row) -> &[TagId] {
        let start = row.tags as usize;
        &self.runs[start + 1..=start + self.runs[start] as usize]
    }

    fn organisation(&self, row: &Row) -> Option<u64> {
        row.organisation.checked_sub(1).map(|place| self.organisations[place as usize])
    }

    fn id(&self, row: &Row) -> TicketId<'_> {
        let value = row.id & VALUE;
        if row.id & TEXT == 0 {
            return TicketId::Number(value);
        }
        let place = value as usize;
        let length = usize::from(u16::from_le_bytes([self.ids[place], self.ids[place + 1]]));
        let text = &self.ids[place + 2..place + 2 + length];
        TicketId::Text(std::str::from_utf8(text).unwrap_or_default())
    }

    fn url<'t>(&'t self, extra: &'t Extra, id: TicketId<'t>) -> Option<Cow<'t, str>> {
        if let Some(url) = &extra.url {
            return Some(Cow::Borrowed(url));
        }
        let base = self.bases.get((extra.base as usize).checked_sub(1)?)?;
        let id = id.to_string();
        Some(Cow::Owned(format!("{base}{}", tail(&id))))
    }

    fn compare_ids(&self, a: &Row, b: &Row) -> Ordering {
        match (a.id & TEXT, b.id & TEXT) {
            (0, 0) => a.id.cmp(&b.id),
            _ => (a.id >> 49).cmp(&(b.id >> 49)).then_with(|| self.id(a).cmp(&self.id(b))),
        }
    }

    /// An order of copies that says the same whichever came first.
    fn compare_content(&self, a: &Row, b: &Row) -> Ordering {
        let plain = |row: &Row| {
            (row.created, row.solved, row.more & ((1 << FLAGS) - 1), row.requester, self.organisation(row))
        };
        let extra = |row: &Row| {
            let extra = self.extra(row);
            (extra.problem, self.url(extra, self.id(row)), &extra.linked)
        };
        plain(a)
            .cmp(&plain(b))
            .then_with(|| self.run(a).cmp(self.run(b)))
            .then_with(|| extra(a).cmp(&extra(b)))
    }

    fn keep_id(&mut self, id: &str) -> u64 {
        let source = u64::from(self.source) << 49;
        let number = id.parse::<u64>().ok().filter(|number| *number <= VALUE);
        if let Some(number) = number.filter(|_| !id.starts_with(['0', '+']) || id == "0") {
            return source | number;
        }
        let place = self.ids.len() as u64;
        let text = &id[..id.floor_char_boundary(id.len().min(usize::from(u16::MAX)))];
        self.ids.extend((text.len() as u16).to_le_bytes());
        self.ids.extend(text.as_bytes());
        source | TEXT | place
    }

    fn keep_tags(&mut self, tags: &[Cow<'_, str>]) -> u32 {
        if tags.is_empty() {
            return 0;
        }
        let start = self.runs.len();
        self.runs.push(0);
        for tag in tags {
            let tag = self.tag(tag);
            self.runs.push(tag);
        }
        self.close_run(start)
    }

    /// Sorts the run that was written last, drops repetitions and says how long it is.
    fn close_run(&mut self, start: usize) -> u32 {
        self.runs[start + 1..].sort_unstable();
        let mut end = start + 1;
        for place in start + 1..self.runs.len() {
            if place == start + 1 || self.runs[place] != self.runs[end - 1] {
                self.runs[end] = self.runs[place];
                end += 1;
            }
        }
        self.runs.truncate(end);
        self.runs[start] = (end - start - 1) as u32;
        start as u32
    }

    fn tag(&mut self, name: &str) -> TagId {
        if let Some(id) = self.tag_ids.get(name) {
            return *id;
        }
        let lower = name.to_lowercase();
        let id = if let Some(id) = self.tag_ids.get(&lower) {
            *id
        } else {
            let id = self.tags.len() as TagId;
            self.tags.push(lower.clone());
            self.tag_ids.insert(lower.clone(), id);
            id
        };
        if lower != name {
            self.tag_ids.insert(name.to_owned(), id);
        }
        id
    }

    fn keep_organisation(&mut self, organisation: Option<&str>) -> u32 {
        let Some(hash) = organisation.map(hash) else { return 0 };
        let next = self.organisations.len() as u32 + 1;
        let id = *self.organisation_ids.entry(hash).or_insert(next);
        if id == next {
            self.organisations.push(hash);
        }
        id
    }

    fn keep_extra(&mut self, ticket: &Ticket<'_>) -> u32 {
        let problem = ticket.problem.as_deref().map_or(0, hash);
        let (mut base, mut url) = (0, None);
        match ticket.url.as_deref().map(|url| (url, url.strip_suffix(tail(&ticket.id)))) {
            Some((_, Some(before))) => base = self.keep_base(before),
            Some((whole, None)) => url = Some(whole.into()),
            None => {}
        }
        let is_plain = problem == 0 && url.is_none() && ticket.linked_articles.is_empty();
        if let Some(plain) = self.plain_extras.get(&base).filter(|_| is_plain) {
            return *plain;
        }
        let place = self.extras.len() as u32;
        let linked = ticket.linked_articles.iter().map(ToString::to_string).collect();
        self.extras.push(Extra { problem, base, url, linked });
        if is_plain {
            self.plain_extras.insert(base, place);
        }
        place
    }

    fn keep_base(&mut self, base: &str) -> u32 {
        if let Some(id) = self.base_ids.get(base) {
            return *id;
        }
        self.bases.push(base.to_owned());
        let id = self.bases.len() as u32;
        self.base_ids.insert(base.to_owned(), id);
        id
    }

    /// Numbers the tags by their names; `drop_unused` forgets those that no ticket has.
    fn number_tags(&mut self, drop_unused: bool) {
        let mut used = vec![!drop_unused; self.tags.len()];
        if drop_unused {
            for row in &self.rows {
                for tag in self.run(row) {
                    used[*tag as usize] = true;
                }
            }
        }
        let mut order: Vec<usize> = (0..self.tags.len()).filter(|tag| used[*tag]).collect();
        order.sort_unstable_by(|a, b| self.tags[*a].cmp(&self.tags[*b]));
        let mut numbers = vec![0; self.tags.len()];
        for (number, tag) in order.iter().enumerate() {
            numbers[*tag] = number as TagId;
        }
        let mut start = 0;
        while let Some(length) = self.runs.get(start).map(|length| *length as usize) {
            let run = &mut self.runs[start + 1..=start + length];
            for tag in run.iter_mut() {
                *tag = numbers[*tag as usize];
            }
            run.sort_unstable();
            start += length + 1;
        }
        let mut names = std::mem::take(&mut self.tags);
        self.tags = order.into_iter().map(|tag| std::mem::take(&mut names[tag])).collect();
        // What was written has served; from here on `tags` is sorted and answers.
        self.tag_ids = HashMap::new();
    }
}

/// The part of an id that stands at the end of an address: `12` of `group/project#12`.
pub(super) fn tail(id: &str) -> &str {
    id.rsplit('#').next().unwrap_or(id)
}

fn seconds(time: i64) -> u32 {
    u32::try_from(time.max(1)).unwrap_or(u32::MAX)
}

/// What stands for a name that must not be kept. Never 0.
pub(crate) fn hash(text: &str) -> u64 {
    let hash = blake3::hash(text.as_bytes());
    let first = hash.as_bytes().first_chunk().copied().unwrap_or_default();
    u64::from_le_bytes(first).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(id: &'static str, created: i64, updated: i64, tags: &[&'static str]) -> Ticket<'static> {
        Ticket {
            id: id.into(),
            created,
            updated: Some(updated),
            tags: tags.iter().map(|tag| Cow::Borrowed(*tag)).collect(),
            ..Ticket::default()
        }
    }

    fn tickets(all: &[Ticket<'_>]) -> Tickets {
        let mut tickets = Tickets::default();
        for ticket in all {
            tickets.add(ticket);
        }
        tickets.finish();
        tickets
    }

    #[test]
    fn every_field_comes_back_as_it_went_in() {
        let whole = Ticket {
            id: "OPS-12".into(),
            created: 1_700_000_000,
            updated: Some(1_700_000_100),
            solved: Some(1_700_000_200),
            status: Status::Void,
            tags: vec!["DB_Failover".into(), "disk".into(), "db_failover".into()],
            url: Some("https://jira.example/browse/OPS-12".into()),
            problem: Some("9".into()),
            requester: Some("ana".into()),
            organisation: Some("fernhill".into()),
            reopened: true,
            satisfaction: Some(Satisfaction::Bad),
            linked_articles: vec!["https://kb.example/disk/".into()],
        };
        let tickets = tickets(&[whole, ticket("0012", 5, 5, &[])]);
        let rows: Vec<_> = tickets.iter().collect();
        assert_eq!((rows[0].id, rows[0].url.as_deref()), (TicketId::Text("0012"), None));
        assert_eq!((rows[0].requester, rows[0].organisation, rows[0].problem), (None, None, None));
        let row = &rows[1];
        assert_eq!(
            (row.id.to_string().as_str(), row.created, row.updated),
            ("OPS-12", 1_700_000_000, 1_700_000_100)
        );
        assert_eq!((row.solved, row.status, row.reopened), (Some(1_700_000_200), Status::Void, true));
        let names: Vec<_> = row.tags.iter().map(|tag| tickets.tag_name(*tag)).collect();
        assert_eq!(names, ["db_failover", "disk"]);
        assert_eq!(tickets.find_tag("DISK"), Some(row.tags[1]));
        assert_eq!(tickets.find_tag("dis"), None);
        assert_eq!(row.url.as_deref(), Some("https://jira.example/browse/OPS-12"));
        assert_eq!((row.problem, row.requester), (Some(hash("9")), Some(hash("ana"))));
        assert_eq!((row.organisation, row.satisfaction), (Some(hash("fernhill")), Some(Satisfaction::Bad)));
        assert_eq!(row.linked_articles, ["https://kb.example/disk/"]);
    }

    #[test]
    fn of_copies_the_one_updated_last_is_kept_in_whatever_order_they_come() {
        let all = [
            ticket("7", 100, 200, &["a", "gone"]),
            ticket("7", 100, 300, &["b", "a"]),
            ticket("7", 100, 300, &["c", "a"]),
            ticket("70", 100, 300, &["z"]),
            ticket("x", 50, 50, &["Ä"]),
        ];
        let one = tickets(&all);
        let ids: Vec<_> = one.iter().map(|row| row.id.to_string()).collect();
        assert_eq!(ids, ["x", "7", "70"]);
        assert_eq!(one.find_tag("gone"), None, "a tag of a copy that was dropped is no tag");
        for turn in 0..all.len() {
            let mut turned = all.to_vec();
            turned.rotate_left(turn);
            assert_eq!(tickets(&turned), one);
            turned.reverse();
            assert_eq!(tickets(&turned), one);
        }
        assert_ne!(tickets(&all[1..]).iter().count(), 0);
        assert_ne!(tickets(&all[..4]), one);
    }

    #[test]
    fn ids_of_two_sources_are_two_tickets() {
        let mut tickets = Tickets::default();
        for source in [0, 1] {
            tickets.enter_source(source);
            tickets.add(&ticket("7", 100, 100, &[]));
            tickets.add(&ticket("a", 100, 100, &[]));
        }
        tickets.finish();
        let rows: Vec<_> = tickets.iter().map(|row| (row.source, row.id.to_string())).collect();
        let expected = [(0, "7"), (0, "a"), (1, "7"), (1, "a")].map(|(source, id)| (source, id.to_owned()));
        assert_eq!(rows, expected);
    }

    #[test]
    fn an_address_that_ends_in_the_id_costs_nothing() {
        let mut tickets = Tickets::default();
        for id in ["group/kb#1", "group/kb#2", "group/other#1"] {
            let (project, number) = id.split_once('#').unwrap();
            let url = format!("https://git.example/{project}/-/issues/{number}");
            tickets.add(&Ticket { id: id.into(), created: 9, url: Some(url.into()), ..Ticket::default() });
        }
        tickets.finish();
        assert_eq!((tickets.bases.len(), tickets.extras.len()), (2, 3));
        let urls: Vec<_> = tickets.iter().filter_map(|row| row.url.map(Cow::into_owned)).collect();
        assert_eq!(urls[1], "https://git.example/group/kb/-/issues/2");
        assert_eq!(size_of::<Row>(), 40);
    }
}
