//! `Site` + `Tickets` + history + `today` → a verdict with its evidence for each page.
//!
//! In: [`Inputs`], all of it in memory. Out: [`Freshness`]: the review queue, coverage, knowledge gaps,
//! what could not be judged, and findings. Three kinds of evidence are never mixed: proof (*broken*),
//! something that happened since the review (*doubtful*), and the clock (*due*). Pure: no disk, no
//! clock. Not here: reading exports (`tickets`) and git (`discover`).

pub mod backtest;
mod clock;
pub mod edit;
mod evidence;
mod gaps;
mod judge;
pub mod names;
mod order;
mod proof;
pub mod record;
pub mod references;
pub mod report;
pub mod review;
pub mod share;
mod signals;
pub mod sources;
mod standing;
pub mod statistics;
pub mod summary;
pub mod surge;
mod tally;
mod topics;
mod unchecked;

pub use judge::judge;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, Rule};
use crate::discover::git::History;
use crate::external::Results;
use crate::model::{PageId, Site};
use crate::tickets::Tickets;
use references::NamesFound;
use review::ReviewFacts;

/// Everything that a verdict may depend on.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The site.
    pub site: &'a Site,
    /// The day that is judged. Tickets and commits of later days are left out.
    pub today: Date,
    /// What each page says of its review, by [`PageId`].
    pub reviews: &'a [ReviewFacts],
    /// Tickets of all exports; `None` if the config names none.
    pub tickets: Option<&'a Tickets>,
    /// What is known of links to other sites; `None` without a file of results.
    pub external: Option<&'a Results>,
    /// The commits, as far as they were read.
    pub history: &'a History,
    /// Names that a search of the repository looked for.
    pub names: &'a NamesFound,
    /// What the other checks found: proof that a page is broken.
    pub findings: &'a [Diagnostic],
    /// Whether the config names exports; without tickets they could then not be read.
    pub expects_tickets: bool,
}

/// How far a page can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Something on it is proved wrong.
    Broken,
    /// Something happened since it was confirmed.
    Doubtful,
    /// Nobody confirmed it within its interval.
    Due,
    /// An input is missing, so nobody can say.
    Unknown,
    /// Its findings rest until a day.
    Snoozed,
    /// The clock is off, with a reason.
    Evergreen,
    /// Confirmed, and nothing speaks against it.
    Fresh,
}

impl State {
    /// All of them, worst first.
    pub const ALL: [Self; 7] =
        [Self::Broken, Self::Doubtful, Self::Due, Self::Unknown, Self::Snoozed, Self::Evergreen, Self::Fresh];

    /// As reports write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Doubtful => "doubtful",
            Self::Due => "due",
            Self::Unknown => "unknown",
            Self::Snoozed => "snoozed",
            Self::Evergreen => "evergreen",
            Self::Fresh => "fresh",
        }
    }

    /// Whether a reader may act on the page: nothing but the clock speaks against it.
    pub fn is_trusted(self) -> bool {
        matches!(self, Self::Fresh | Self::Evergreen | Self::Due)
    }
}

/// The verdict on the whole knowledge base.
#[derive(Clone, Debug, Default)]
pub struct Freshness {
    /// The newest creation in the exports, `YYYY-MM-DD`.
    pub as_of: Option<String>,
    /// The share of topical tickets that have at least one trusted page.
    pub coverage: Option<Coverage>,
    /// One verdict for each page, by [`PageId`].
    pub articles: Vec<Article>,
    /// Topical tags that no page answers, worst first.
    pub gaps: Vec<Gap>,
    /// Tickets by topical tag in the weeks up to `as_of`, most first, for the page of the lead.
    pub tags: Vec<TagVolume>,
    /// What was not judged, and why.
    pub unchecked: Vec<Unchecked>,
    /// What `check` and `build` report of it.
    pub findings: Vec<Diagnostic>,
}

/// Topical tickets of the last 56 days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// With at least one page that is fresh, evergreen or merely due.
    pub trusted: u64,
    /// All of them.
    pub topical: u64,
}

/// The verdict on one page.
#[derive(Clone, Debug)]
pub struct Article {
    /// How far it can be trusted.
    pub state: State,
    /// Milli-logits: −3000, the weights of its reasons, and what speaks for it.
    pub doubt: i32,
    /// Order in the queue, larger first, in thousandths.
    pub priority: u32,
    /// Why, heaviest first.
    pub reasons: Vec<Reason>,
    /// What would speak against it and rests until a day.
    pub resting: Vec<Reason>,
    /// What speaks for it: `reused 14 times since the review, none reopened`.
    pub supports: Vec<String>,
    /// Who confirmed it, when and how.
    pub review: Review,
    /// The day from which it is due, `YYYY-MM-DD`.
    pub due: Option<String>,
    /// What to do, as one line.
    pub remedy: String,
    /// Its tickets; `None` without an export or without topical tags.
    pub tickets: Option<TicketCounts>,
}

/// One reason of a verdict.
#[derive(Clone, Debug)]
pub struct Reason {
    /// The rule that it is of.
    pub rule: &'static Rule,
    /// Milli-logits; what it adds to the doubt.
    pub weight: i32,
    /// The state that it makes of the page; `None`: it only orders the queue.
    pub state: Option<State>,
    /// Fact and comparison in one line.
    pub message: String,
    /// The numbers behind it, for JSON.
    pub evidence: BTreeMap<&'static str, serde_json::Value>,
    /// The pages through which it came, nearest first; empty if it is the page's own.
    pub chain: Vec<PageId>,
}

impl Reason {
    /// Whether it makes the page doubtful.
    pub fn is_doubt(&self) -> bool {
        self.state == Some(State::Doubtful)
    }
}

/// Who confirmed a page, when and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// `YYYY-MM-DD`.
    pub on: Option<String>,
    /// As written.
    pub by: Option<String>,
    /// `read`, `followed`, `drill` or `incident`.
    pub how: Option<String>,
    /// The commit.
    pub commit: Option<String>,
}

/// The tickets of one page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TicketCounts {
    /// Events in the recent window.
    pub recent: u32,
    /// Events in the baseline.
    pub baseline: u32,
    /// How much faster they come than the growth of all tickets explains.
    pub rate_ratio: Option<f64>,
    /// The chance of as many by accident.
    pub p: Option<f64>,
    /// Events of each of the last 34 weeks up to `as_of`, oldest first; the last 8 are the 56 days.
    pub weeks: Vec<u32>,
    /// Index into `weeks` of the week of the review.
    pub review_week: Option<usize>,
    /// Events since the review, or in all these weeks if it is older or there is none.
    pub since_review: u32,
    /// The newest tickets, newest first, at most five.
    pub newest: Vec<NewTicket>,
}

/// One of the newest tickets of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTicket {
    /// As its system names it.
    pub id: String,
    /// Where people look at it.
    pub url: Option<String>,
    /// The day on which it came, `YYYY-MM-DD`.
    pub created: String,
}

/// A topical tag that no page answers.
#[derive(Clone, Debug)]
pub struct Gap {
    /// The tag.
    pub tag: String,
    /// Events in the last 56 days.
    pub events: u32,
    /// Different requesters among them.
    pub requesters: u32,
    /// Share of all topical events, in thousandths.
    pub share: u32,
    /// Tags that often stand beside it, most often first.
    pub with: Vec<String>,
    /// The nearest pages by search.
    pub near: Vec<PageId>,
    /// `true`: it has pages, but none that can be trusted.
    pub thin: bool,
}

/// Tickets of one topical tag.
#[derive(Clone, Debug)]
pub struct TagVolume {
    /// The tag.
    pub tag: String,
    /// Events of each of the last 34 weeks up to `as_of`, oldest first.
    pub weeks: Vec<u32>,
    /// Pages that answer it.
    pub pages: Vec<PageId>,
}

/// Something that was not judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unchecked {
    /// What: `surges`, `source changes`.
    pub what: String,
    /// Why: `the export ends 12 days ago`.
    pub why: String,
    /// How many pages that leaves unjudged.
    pub count: usize,
}
