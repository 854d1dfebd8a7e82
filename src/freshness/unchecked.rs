//! What was not judged, and why: the end of every report.

use super::evidence::count;
use super::review::{ReviewFacts, Reviewed};
use super::{Inputs, Unchecked};
use crate::external::{LinkState, Results};
use crate::model::Target;

/// Why the tickets of a page gave no test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Untested {
    /// None of its tags is a topic.
    NoTopic,
    /// The review is too recent.
    TooEarly,
    /// The exports do not reach back far enough.
    NoBaseline,
}

/// What the tickets leave open.
#[derive(Clone, Debug, Default)]
pub(super) struct TicketsLeft {
    /// The day of the newest ticket, and how many days ago that was.
    pub ends: Option<(String, i32)>,
    /// Pages that were not tested.
    pub untested: Vec<Untested>,
    /// Tickets from after the day that is judged.
    pub future: usize,
}

/// The list, in a fixed order.
pub(super) fn find_unchecked(inputs: &Inputs<'_>, left: &TicketsLeft) -> Vec<Unchecked> {
    let facts = inputs.reviews;
    let pages = facts.len();
    let mut list = Vec::new();
    let mut add = |what: &str, why: String, count: usize| {
        if count > 0 {
            list.push(Unchecked { what: what.into(), why, count });
        }
    };
    match &left.ends {
        None if inputs.expects_tickets => {
            add("ticket surges", "the exports could not be read or are empty".into(), pages);
        }
        None => add("ticket surges", "the config names no ticket export".into(), pages),
        Some((day, days)) if *days > 0 => {
            add("tickets since then", format!("the export ends {}, on {day}", ago(*days)), pages);
        }
        Some(_) => {}
    }
    add("tickets", "they are from after the day that is judged".into(), left.future);
    for (why, words) in [
        (Untested::NoTopic, "none of their tags is a topic of tickets"),
        (Untested::TooEarly, "too early: less than 14 days of tickets since the review"),
        (Untested::NoBaseline, "no baseline: less than 84 days of tickets before; counts only"),
    ] {
        let pages = left.untested.iter().filter(|untested| **untested == why).count();
        add("ticket surges", words.into(), pages);
    }
    let covering = facts.iter().filter(|facts| !facts.covers.is_empty()).count();
    if let Some(why) = &inputs.history.missing {
        add("source changes", why.clone(), covering);
    } else {
        let unreviewed = |facts: &&ReviewFacts| {
            !facts.covers.is_empty() && facts.commit.is_none() && facts.reviewed == Reviewed::Never
        };
        add(
            "source changes",
            "the page was never confirmed, so nothing says since when".into(),
            facts.iter().filter(unreviewed).count(),
        );
    }
    add("source changes", "no `covers` names what the page describes".into(), pages - covering);
    add("names in code", "too many, or git could not look for them".into(), inputs.names.unchecked);
    let external = |why: fn(&Inputs<'_>, &str) -> bool| {
        let leaves = |target: &Target| matches!(target, Target::External(url) if why(inputs, url));
        inputs.site.pages.iter().filter(|page| page.links.iter().any(leaves)).count()
    };
    let why = "nobody asked for them; `docent check --external` does, and nothing else uses the network";
    add("external links", why.into(), external(never_asked));
    add("external links", "their results are too old".into(), external(asked_long_ago));
    add("external links", "the sites gave no answer".into(), external(unanswered));
    let unmoving =
        facts.iter().filter(|facts| facts.reviewed == Reviewed::Never && facts.evergreen.is_none());
    if inputs.site.config.freshness.adopted.is_none() {
        let why = "without `freshness: { adopted: YYYY-MM-DD }` they count from today".to_owned();
        add("first due dates", why, unmoving.count());
    }
    list
}

fn never_asked(inputs: &Inputs<'_>, url: &str) -> bool {
    let known = inputs.external.is_some_and(|results| results.of_any_age(url).is_some());
    !known && crate::external::address(url).is_some()
}

fn asked_long_ago(inputs: &Inputs<'_>, url: &str) -> bool {
    let results = |results: &Results| results.of_any_age(url).is_some() && results.of(url).is_none();
    inputs.external.is_some_and(results)
}

fn unanswered(inputs: &Inputs<'_>, url: &str) -> bool {
    let result = inputs.external.and_then(|results| results.of(url));
    result.is_some_and(|result| matches!(result.state, LinkState::Unanswered | LinkState::Refused))
}

fn ago(days: i32) -> String {
    format!("{} ago", count(days.unsigned_abs().into(), "day"))
}
