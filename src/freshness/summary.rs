//! [`Freshness`] → what stands above the single pages: the order of the queue, counts, the badge.
//!
//! In: the verdict. Out: page numbers in order, counts by state, one line for a badge. Not here:
//! how a verdict comes about.

use super::{Article, Coverage, Freshness, State};
use crate::diagnostic::Rule;
use crate::diagnostic::rules::files::SHALLOW_HISTORY;
use crate::diagnostic::rules::freshness::{NEVER_CONFIRMED, NO_TICKET_DATA};
use crate::diagnostic::rules::front_matter::INVALID_DATE;
use crate::model::PageId;

/// Reasons that say only that nobody looked, or that nothing could be looked at.
const NOBODY_LOOKED: [&Rule; 3] = [&NEVER_CONFIRMED, &NO_TICKET_DATA, &SHALLOW_HISTORY];

impl State {
    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Broken => "Broken",
            Self::Doubtful => "Doubtful",
            Self::Due => "Due",
            Self::Unknown => "Unknown",
            Self::Snoozed => "Snoozed",
            Self::Evergreen => "Evergreen",
            Self::Fresh => "Fresh",
        }
    }

    /// Whether somebody should look at the page.
    pub fn wants_attention(self) -> bool {
        matches!(self, Self::Broken | Self::Doubtful | Self::Due | Self::Unknown)
    }
}

impl Article {
    /// Whether all that is known is that nobody confirmed it yet: no reason to warn a reader.
    pub fn is_merely_unconfirmed(&self) -> bool {
        matches!(self.state, State::Due | State::Unknown)
            && self.review.on.is_none()
            && self
                .reasons
                .iter()
                .all(|reason| NOBODY_LOOKED.iter().any(|rule| rule.code == reason.rule.code))
    }

    /// Whether it says when it was confirmed, on a day that there is not.
    pub fn has_unreadable_review(&self) -> bool {
        self.review.on.is_none() && self.reasons.iter().any(|reason| reason.rule.code == INVALID_DATE.code)
    }
}

impl Freshness {
    /// All pages, the most urgent first. Pages have their numbers by path, so that equal ones stand in
    /// the order of their paths.
    pub fn queue(&self) -> Vec<PageId> {
        let mut queue: Vec<PageId> = (0..self.articles.len()).collect();
        queue.sort_by_key(|page| std::cmp::Reverse(self.articles[*page].priority));
        queue
    }

    /// Whether anybody keeps this knowledge base fresh: pages are confirmed, or tickets are looked at.
    pub fn is_kept(&self) -> bool {
        let said = |article: &Article| {
            article.review.on.is_some() || matches!(article.state, State::Evergreen | State::Snoozed)
        };
        self.as_of.is_some() || self.articles.iter().any(said)
    }

    /// How many pages are in a state.
    pub fn count(&self, state: State) -> usize {
        self.articles.iter().filter(|article| article.state == state).count()
    }

    /// The share of topical tickets with a trusted page, in per cent, rounded down.
    pub fn coverage_percent(&self) -> Option<u64> {
        let coverage = self.coverage.filter(|coverage| coverage.topical > 0)?;
        Some(coverage.percent())
    }
}

impl Coverage {
    /// The share in per cent, rounded down: 100 only if it is all.
    pub fn percent(self) -> u64 {
        self.trusted * 100 / self.topical.max(1)
    }
}

/// One line about a knowledge base, for a README.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Badge {
    /// What it is about.
    pub label: &'static str,
    /// What is said.
    pub message: String,
    /// Name of a colour of shields.io.
    pub color: &'static str,
}

impl Badge {
    /// Coverage if there are tickets, else how many pages are confirmed.
    pub fn of(freshness: &Freshness) -> Self {
        if !freshness.is_kept() {
            return Self::unjudged();
        }
        if let Some(percent) = freshness.coverage_percent() {
            let color = match percent {
                80.. => "green",
                50..80 => "yellow",
                _ => "orange",
            };
            return Self::new(format!("{percent} % of tickets covered"), color);
        }
        let confirmed = freshness.count(State::Fresh) + freshness.count(State::Evergreen);
        Self::new(format!("{confirmed} of {} pages confirmed", freshness.articles.len()), "blue")
    }

    /// What stands where nobody has begun.
    pub fn unjudged() -> Self {
        Self::new("nothing confirmed yet".to_owned(), "lightgrey")
    }

    fn new(message: String, color: &'static str) -> Self {
        Self { label: "knowledge base", message, color }
    }

    /// The JSON that shields.io asks an endpoint for.
    pub fn to_json(&self) -> String {
        let badge = serde_json::json!({
            "schemaVersion": 1, "label": self.label, "message": self.message, "color": self.color,
        });
        format!("{badge}\n")
    }

    /// A picture that needs no service.
    pub fn to_svg(&self) -> String {
        let width = |text: &str| 7 * text.chars().count() + 12;
        let (left, right) = (width(self.label), width(&self.message));
        let whole = left + right;
        let color = match self.color {
            "green" => "#1b6137",
            "yellow" => "#764700",
            "orange" => "#a0201d",
            "blue" => "#0b5c73",
            _ => "#4a5960",
        };
        // The texts are our own: nothing in them is to be escaped.
        let (label, message) = (self.label, &self.message);
        let text = |x: usize, wide: usize, text: &str| {
            format!(
                "<text x=\"{x}\" y=\"14\" textLength=\"{}\" text-anchor=\"middle\">{text}</text>",
                wide - 12
            )
        };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole}\" height=\"20\" role=\"img\" aria-label=\"{label}: {message}\">\
             <title>{label}: {message}</title>\
             <rect width=\"{left}\" height=\"20\" fill=\"#172125\"/><rect x=\"{left}\" width=\"{right}\" height=\"20\" fill=\"{color}\"/>\
             <g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\">{}{}</g></svg>\n",
            text(left / 2, left, label),
            text(left + right / 2, right, message),
        )
    }
}
