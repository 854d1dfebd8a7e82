//! What tickets ask and no page answers, and what the pages there are cover.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::Evidence;
use super::review::ReviewFacts;
use super::signals::tag_place;
use super::surge::{BASELINE_DAYS, RECENT_DAYS};
use super::tally::{TagTally, Tally};
use super::topics::{Extent, Topics};
use super::{Coverage, Gap, State, TagVolume};
use crate::diagnostic::nearest;
use crate::diagnostic::rules::freshness::DEAD_TICKET_TAG;
use crate::model::{PageId, Site};
use crate::tickets::topical::JUDGED_DAYS;
use crate::tickets::{TagId, Tickets};

/// Fewest events and requesters of a gap.
const FEWEST: (u32, usize) = (5, 3);
/// Pages that are named as near, and tags as beside.
const SHOWN: usize = 3;
/// A tag is often beside another from one in so many events on.
const OFTEN: u32 = 4;
/// Weeks of a volume.
pub(super) const WEEKS: usize = 34;

/// Coverage of the last 56 days.
pub(super) fn coverage(tally: &Tally, states: &[State]) -> Coverage {
    let mut coverage = Coverage::default();
    for (pages, events) in &tally.answered {
        coverage.topical += events;
        if pages.iter().any(|page| states[*page].is_trusted()) {
            coverage.trusted += events;
        }
    }
    coverage
}

/// Topical tags that no page answers, or none that can be trusted; most events first.
pub(super) fn find_gaps(
    site: &Site,
    tickets: &Tickets,
    topics: &Topics,
    tally: &Tally,
    states: &[State],
) -> Vec<Gap> {
    let recent = |tag: &TagTally| tag.days.iter().filter(|day| **day >= first_recent()).count() as u32;
    let all: u64 = tally.by_day[first_recent() as usize..].iter().map(|events| u64::from(*events)).sum();
    let mut words = None;
    let mut gaps = Vec::new();
    for (id, tag) in &tally.tags {
        let events = recent(tag);
        let pages = &topics.pages_of[*id as usize];
        let thin = !pages.is_empty();
        if events < FEWEST.0
            || tag.askers.len() < FEWEST.1
            || pages.iter().any(|page| !matches!(states[*page], State::Broken | State::Doubtful))
        {
            continue;
        }
        let name = tickets.tag_name(*id).to_owned();
        let mut beside: Vec<(u32, &str)> =
            tag.beside.iter().map(|(other, times)| (*times, tickets.tag_name(*other))).collect();
        beside.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        let words = words.get_or_insert_with(|| words_of(site));
        let always: Vec<&str> =
            beside.iter().filter(|(times, _)| *times == events).map(|(_, name)| *name).collect();
        let gap = Gap {
            near: if thin { pages.iter().copied().take(SHOWN).collect() } else { near(&name, words) },
            tag: name,
            events,
            requesters: tag.askers.len() as u32,
            share: (u64::from(events) * 1000 / all.max(1)) as u32,
            with: beside
                .into_iter()
                .filter(|(times, _)| times * OFTEN >= events)
                .take(SHOWN)
                .map(|(_, name)| name.to_owned())
                .collect(),
            thin,
        };
        gaps.push((gap, always));
    }
    gaps.sort_by(|(a, _), (b, _)| b.events.cmp(&a.events).then_with(|| a.tag.cmp(&b.tag)));
    // The same tickets once: a tag that never comes without a larger gap is named beside that.
    let mut kept: Vec<Gap> = Vec::new();
    for (gap, always) in gaps {
        if gap.thin || !kept.iter().any(|larger| !larger.thin && always.contains(&larger.tag.as_str())) {
            kept.push(gap);
        }
    }
    kept
}

fn first_recent() -> u32 {
    (JUDGED_DAYS - RECENT_DAYS) as u32
}

/// Word → pages and how much it says of each: twice for titles and tags, once for headings.
fn words_of(site: &Site) -> BTreeMap<String, BTreeMap<PageId, u32>> {
    let mut words: BTreeMap<String, BTreeMap<PageId, u32>> = BTreeMap::new();
    for (id, page) in site.pages.iter().enumerate() {
        let tags = page.tags.iter().map(|tag| (site.tags[*tag].name.as_str(), 2));
        let headings = page.parsed.headings.iter().map(|heading| (heading.text.as_str(), 1));
        for (text, weight) in [(page.title.as_str(), 2)].into_iter().chain(tags).chain(headings) {
            for word in split(text) {
                let entry = words.entry(word).or_default().entry(id).or_default();
                *entry = (*entry).max(weight);
            }
        }
    }
    words
}

fn split(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 2);
    words
        .map(|word| word.strip_suffix('s').filter(|stem| stem.len() > 3).unwrap_or(word).to_owned())
        .collect()
}

/// The pages that share most words with a tag.
fn near(tag: &str, words: &BTreeMap<String, BTreeMap<PageId, u32>>) -> Vec<PageId> {
    let mut scores: BTreeMap<PageId, u32> = BTreeMap::new();
    for word in split(tag) {
        for (page, weight) in words.get(&word).into_iter().flatten() {
            *scores.entry(*page).or_default() += weight;
        }
    }
    let mut ranked: Vec<(PageId, u32)> = scores.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked.into_iter().take(SHOWN).map(|(page, _)| page).collect()
}

/// Events by week up to `as_of`, oldest first.
pub(super) fn by_week(days: &[u32]) -> Vec<u32> {
    let mut weeks = vec![0; WEEKS];
    for day in days {
        weeks[*day as usize / 7] += 1;
    }
    weeks
}

/// Every topical tag with its events by week; most recent events first.
pub(super) fn volumes(tickets: &Tickets, topics: &Topics, tally: &Tally) -> Vec<TagVolume> {
    let volume = |(id, tag): (&TagId, &TagTally)| TagVolume {
        tag: tickets.tag_name(*id).to_owned(),
        weeks: by_week(&tag.days),
        pages: topics.pages_of[*id as usize].clone(),
    };
    let mut volumes: Vec<TagVolume> = tally.tags.iter().map(volume).collect();
    let recent = |volume: &TagVolume| volume.weeks[WEEKS - 8..].iter().sum::<u32>();
    volumes.sort_by(|a, b| recent(b).cmp(&recent(a)).then_with(|| a.tag.cmp(&b.tag)));
    volumes
}

/// Tags of a page that no ticket has, or none in half a year.
pub(super) fn dead_tags(
    site: &Site,
    page: PageId,
    facts: &ReviewFacts,
    tickets: &Tickets,
    (topics, tally, extent): (&Topics, &Tally, Extent),
) -> Vec<Evidence> {
    let Some(asked) = &facts.ticket_tags else { return Vec::new() };
    let first = (JUDGED_DAYS - BASELINE_DAYS) as u32;
    let seen =
        |tag: TagId| tally.tags.get(&tag).is_some_and(|tag| tag.days.last().is_some_and(|day| *day >= first));
    let unknown = &topics.of_page[page].unknown;
    let mut found = Vec::new();
    for tag in &asked.tags {
        let message = if unknown.contains(tag) {
            format!("no ticket has the tag `{}`", tag.value)
        } else if extent.as_of - extent.first >= BASELINE_DAYS
            && tickets.find_tag(&tag.value).is_some_and(|tag| !seen(tag))
        {
            format!("no ticket of the last {BASELINE_DAYS} days has the tag `{}`", tag.value)
        } else {
            continue;
        };
        let names = tally.tags.keys().map(|tag| tickets.tag_name(*tag)).filter(|name| *name != tag.value);
        let near = nearest(&tag.value, names);
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`docent tickets stats` lists the tags of the exports".into(),
        };
        let mut evidence =
            Evidence::new(&DEAD_TICKET_TAG, State::Unknown, 0, message).at(tag.span).help(help).only_orders();
        evidence = evidence.fact("tag", tag.value.clone()).fact("near", near);
        evidence.reported = true;
        found.push(evidence);
    }
    debug_assert!(found.is_empty() || !tag_place(&site.pages[page], facts).is_empty());
    found
}
