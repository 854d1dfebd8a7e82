//! How far a page can be trusted, as its readers are told.
//!
//! In: the verdicts. Out: the strip below a title and the marks in lists. Where nobody ever confirmed
//! a page and no tickets are looked at, only proof is shown: everything else would be noise.

use serde::Serialize;
use tera::Value;

use super::context::{FactValue, LinkEntry};
use super::facts::owners;
use super::sparks::TicketsContext;
use super::theme::html;
use super::{Links, Renderer};
use crate::freshness::{Article, Freshness, Reason, Review, State};
use crate::model::PageId;

/// All verdicts, and what follows from them for the whole site.
#[derive(Debug)]
pub(super) struct Verdicts<'s> {
    /// The verdicts.
    pub freshness: &'s Freshness,
    /// Pages that want attention, the most urgent first; where nobody has begun, only broken ones.
    pub queue: Vec<PageId>,
    /// Whether pages are confirmed or tickets looked at here.
    pub is_kept: bool,
}

/// A state in a word, a shape and a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct StateMark {
    /// `fresh`, `due`, `doubtful`, `broken` or `unknown`: the colour.
    pub class: &'static str,
    /// Name of the icon.
    pub icon: &'static str,
    /// The word.
    pub word: &'static str,
}

/// `page.trust`.
#[derive(Clone, Debug, Serialize)]
pub struct TrustContext {
    /// `line` (all is well), `full`, or `quiet` (nobody looked yet, and nothing else is known).
    pub form: &'static str,
    /// The state.
    pub state: StateMark,
    /// The reason that matters most, as HTML.
    pub lead: Option<Value>,
    /// When it was confirmed.
    pub on: Option<String>,
    /// Whether the page names a day that there is not.
    pub unreadable: bool,
    /// By whom and how: ` by @ana, who followed it`; may be empty.
    pub how: String,
    /// Whether that was too long ago.
    pub overdue: bool,
    /// When it is due.
    pub due: Option<String>,
    /// Who owns it.
    pub owners: Vec<FactValue>,
    /// Its tickets.
    pub tickets: Option<TicketsContext>,
    /// Why, heaviest first.
    pub reasons: Vec<ReasonContext>,
    /// What speaks for it, as HTML.
    pub supports: Vec<Value>,
    /// What to do, as HTML; may be missing.
    pub fix: Option<Value>,
}

/// One reason.
#[derive(Clone, Debug, Serialize)]
pub struct ReasonContext {
    /// The code of its rule.
    pub code: &'static str,
    /// Fact and comparison, as HTML.
    pub message: Value,
    /// The pages through which it came.
    pub through: Vec<LinkEntry>,
}

impl StateMark {
    pub fn of(state: State) -> Self {
        let (class, icon) = match state {
            State::Broken => ("broken", "broken"),
            State::Doubtful => ("doubtful", "doubtful"),
            State::Due => ("due", "due"),
            State::Unknown => ("unknown", "unknown"),
            State::Snoozed => ("unknown", "snoozed"),
            State::Evergreen => ("fresh", "evergreen"),
            State::Fresh => ("fresh", "fresh"),
        };
        Self { class, icon, word: state.label() }
    }
}

impl<'s> Verdicts<'s> {
    pub fn new(freshness: &'s Freshness) -> Self {
        let is_kept = freshness.is_kept();
        let mut queue = freshness.queue();
        queue.retain(|page| {
            let state = freshness.articles[*page].state;
            state == State::Broken || (is_kept && state.wants_attention())
        });
        Self { freshness, queue, is_kept }
    }

    /// The verdict on a page.
    pub fn of(&self, page: PageId) -> Option<&'s Article> {
        self.freshness.articles.get(page)
    }

    /// The verdict that readers of a page should know of.
    fn told(&self, page: PageId) -> Option<&'s Article> {
        self.of(page).filter(|article| self.is_kept || article.state == State::Broken)
    }

    /// A mark in a list: none where nobody looked yet.
    pub fn mark(&self, page: PageId) -> Option<StateMark> {
        let article = self.told(page).filter(|article| !article.is_merely_unconfirmed())?;
        Some(StateMark::of(article.state))
    }

    /// A mark only where something is wrong.
    pub fn warning(&self, page: PageId) -> Option<StateMark> {
        self.mark(page).filter(|_| self.of(page).is_some_and(|article| article.state.wants_attention()))
    }
}

impl Renderer<'_> {
    /// The strip of a page.
    pub(super) fn trust(&self, links: &Links<'_>, id: PageId) -> Option<TrustContext> {
        let article = self.verdicts.as_ref()?.told(id)?;
        let form = match article.state {
            State::Fresh | State::Evergreen | State::Snoozed => "line",
            _ if article.is_merely_unconfirmed() && article.tickets.is_none() => "quiet",
            _ => "full",
        };
        let on = article.review.on.as_deref();
        Some(TrustContext {
            form,
            state: StateMark::of(article.state),
            lead: leading(article).map(|reason| marked(&reason.message)),
            on: on.map(str::to_owned),
            unreadable: article.has_unreadable_review(),
            how: how(&article.review),
            overdue: article.state == State::Due,
            due: article.due.clone(),
            owners: owners(self.site, links, &self.site.pages[id]),
            tickets: article.tickets.as_ref().map(|tickets| TicketsContext::new(tickets, on)),
            reasons: self.reasons(links, article),
            supports: article.supports.iter().map(|said| marked(said)).collect(),
            fix: Some(article.remedy.as_str()).filter(|fix| !fix.is_empty()).map(marked),
        })
    }

    /// The reasons of a verdict.
    pub(super) fn reasons(&self, links: &Links<'_>, article: &Article) -> Vec<ReasonContext> {
        article.reasons.iter().map(|reason| self.reason(links, reason)).collect()
    }

    fn reason(&self, links: &Links<'_>, reason: &Reason) -> ReasonContext {
        let link = |page: &PageId| {
            let page = self.site.pages.get(*page)?;
            Some(LinkEntry { title: page.title.clone(), url: links.to(&page.url) })
        };
        ReasonContext {
            code: reason.rule.code,
            message: marked(&reason.message),
            through: reason.chain.iter().filter_map(link).collect(),
        }
    }

    /// Why a page wants attention, if its readers are told that it does.
    pub(super) fn warning_reason(&self, links: &Links<'_>, page: PageId) -> Option<ReasonContext> {
        let verdicts = self.verdicts.as_ref()?;
        verdicts.warning(page)?;
        Some(self.reason(links, leading(verdicts.of(page)?)?))
    }

    /// The mark of the least trusted of some pages.
    pub(super) fn worst(&self, pages: impl Iterator<Item = PageId>) -> Option<StateMark> {
        let verdicts = self.verdicts.as_ref()?;
        let marked = pages.filter(|page| verdicts.mark(*page).is_some());
        marked.filter_map(|page| Some(verdicts.of(page)?.state)).min().map(StateMark::of)
    }
}

/// The reason to name first: of a broken page what proves it wrong, else the heaviest.
pub(super) fn leading(article: &Article) -> Option<&Reason> {
    let proof = |reason: &&Reason| article.state == State::Broken && reason.state == Some(State::Broken);
    article.reasons.iter().find(proof).or_else(|| article.reasons.first())
}

fn how(review: &Review) -> String {
    let by = review.by.as_deref().map(|by| format!(" by {by}")).unwrap_or_default();
    let how = match (review.how.as_deref(), by.is_empty()) {
        (None, _) => "",
        (Some("read"), false) => ", who read it",
        (Some("read"), true) => ", read",
        (Some("followed"), false) => ", who followed it",
        (Some("followed"), true) => ", followed",
        (Some("drill"), _) => ", in a drill",
        (Some("incident"), _) => ", in an incident",
        (Some(other), _) => return format!("{by}, {other}"),
    };
    format!("{by}{how}")
}

/// A line of text as HTML, as a sentence: what stands in backticks is code, days are `<time>`.
pub(super) fn marked(text: &str) -> Value {
    let mut out = String::with_capacity(text.len() + 32);
    let pieces: Vec<&str> = text.split('`').collect();
    for (at, piece) in pieces.iter().enumerate() {
        let is_code = at % 2 == 1 && at + 1 < pieces.len();
        if is_code {
            out.push_str("<code>");
            escape(piece, &mut out);
            out.push_str("</code>");
        } else {
            if at % 2 == 1 {
                out.push('`');
            }
            match piece.chars().next().filter(|_| at == 0) {
                Some(first) => {
                    let rest = &piece[first.len_utf8()..];
                    mark_days(&format!("{}{rest}", first.to_uppercase()), &mut out);
                }
                None => mark_days(piece, &mut out),
            }
        }
    }
    html(&out)
}

/// Days stand in `<time>`, all else is text.
fn mark_days(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = find_day(rest) {
        escape(&rest[..at], out);
        out.push_str("<time>");
        out.push_str(&rest[at..at + 10]);
        out.push_str("</time>");
        rest = &rest[at + 10..];
    }
    escape(rest, out);
}

/// Where the next `YYYY-MM-DD` begins that is no part of a longer word or number.
fn find_day(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_day = |at: &usize| {
        let day = &bytes[*at..*at + 10];
        day.iter().enumerate().all(|(place, byte)| match place {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
    };
    let is_free = |at: Option<usize>| {
        let byte = at.and_then(|at| bytes.get(at));
        byte.is_none_or(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'_' | b'/'))
    };
    let alone = |at: &usize| (*at == 0 || is_free(at.checked_sub(1))) && is_free(Some(at + 10));
    (0..(bytes.len() + 1).saturating_sub(10)).find(|at| is_day(at) && alone(at))
}

fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            _ => out.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_text_with_code_and_days() {
        for (text, expected) in [
            ("plain <b> & \"x\"", "Plain &lt;b&gt; &amp; &quot;x&quot;"),
            ("`a<b` is gone", "<code>a&lt;b</code> is gone"),
            ("since 2026-10-02.", "Since <time>2026-10-02</time>."),
            ("`x-2026-10-02`", "<code>x-2026-10-02</code>"),
            ("2026-10-02é 12026-10-02 a/2026-10-02", "<time>2026-10-02</time>é 12026-10-02 a/2026-10-02"),
            ("an odd ` tick", "An odd ` tick"),
            ("`one` and ` two", "<code>one</code> and ` two"),
            ("", ""),
        ] {
            assert_eq!(marked(text).as_str(), Some(expected), "{text}");
        }
    }
}
