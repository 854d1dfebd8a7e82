//! Front matter → what a page says of its own review, typed, each value with its place.
//!
//! In: the front matter of a page and the day. Out: [`ReviewFacts`], and findings about values that
//! cannot be meant. A value with a finding is not used, and a page whose review date cannot be used
//! is [`Reviewed::Invalid`], never merely unreviewed and never fresh. Keys at the top go before the
//! same keys in the group `freshness: {…}`. Not here: what follows from it (the rest of
//! `freshness`), and writing it (`edit`).

use globset::GlobMatcher;
use jiff::civil::Date;
use jiff::{Span as Time, ToSpan};

use super::Review;
use super::names::{is_ours, long_name};
use crate::config::builtin::every_page;
use crate::config::read::{BadPattern, glob};
use crate::diagnostic::rules::freshness::{CLOCK, DOUBT};
use crate::diagnostic::rules::front_matter::{INVALID_DATE, UNKNOWN_KEY, WRONG_TYPE};
use crate::diagnostic::{Diagnostic, Rule, nearest};
use crate::model::Site;
use crate::parse::front_matter::FrontMatter;
use crate::parse::front_matter::values::{Length, LengthUnit, parse_date, parse_length};
use crate::source::{SharedFile, Span, Spanned};
use crate::yaml::{Node, Value};

/// Longest rest of a finding, in days from the day that is judged.
pub const MAX_SNOOZE_DAYS: i32 = 90;
/// Fewest hexadecimal digits of a commit or hash.
const MIN_DIGITS: usize = 4;

/// What a page says of its review.
#[derive(Clone, Debug, Default)]
pub struct ReviewFacts {
    /// `reviewed`: when somebody last confirmed it.
    pub reviewed: Reviewed,
    /// `reviewed_by`.
    pub by: Option<Spanned<String>>,
    /// `reviewed_how`.
    pub how: Option<Spanned<How>>,
    /// `reviewed_commit`: hexadecimal, lower case, often abbreviated.
    pub commit: Option<Spanned<String>>,
    /// `reviewed_hash`, as [`body_hash`] writes it or the beginning of that.
    pub hash: Option<Spanned<String>>,
    /// `review_every`: days or longer.
    pub every: Option<Spanned<Length>>,
    /// `evergreen`: why the clock is off.
    pub evergreen: Option<Spanned<String>>,
    /// `snooze`, one entry each.
    pub snoozes: Vec<Snooze>,
    /// `superseded_by`.
    pub superseded_by: Option<Spanned<String>>,
    /// `covers`.
    pub covers: Vec<Cover>,
    /// `ticket_tags`; `None`: its tags that occur as topical ticket tags.
    pub ticket_tags: Option<TicketTags>,
}

/// When a page was last confirmed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reviewed {
    /// It says nothing.
    #[default]
    Never,
    /// On this day, which is not later than the day that is judged.
    On(Date),
    /// It says something that is no day, or none that has come.
    Invalid(Span),
}

impl Reviewed {
    /// The day, if there is one.
    pub fn date(self) -> Option<Date> {
        match self {
            Self::On(date) => Some(date),
            Self::Never | Self::Invalid(_) => None,
        }
    }
}

/// How well a page was confirmed, weakest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// Read.
    #[default]
    Read,
    /// Followed step by step.
    Followed,
    /// Used in a drill.
    Drill,
    /// Used in an incident.
    Incident,
}

impl How {
    /// All of them, weakest first.
    pub const ALL: [Self; 4] = [Self::Read, Self::Followed, Self::Drill, Self::Incident];

    /// As written in `reviewed_how`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Followed => "followed",
            Self::Drill => "drill",
            Self::Incident => "incident",
        }
    }
}

/// Findings that rest until a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snooze {
    /// The day on which they come back.
    pub until: Date,
    /// Codes of rules that [can rest](can_rest).
    pub rules: Vec<String>,
    /// Why.
    pub reason: String,
    /// Who decided it.
    pub by: Option<String>,
    /// Milli-logits of these rules when it was decided (`doubt`): more than that, and they are back.
    pub doubt: Option<i32>,
    /// Where it stands.
    pub span: Span,
}

impl Snooze {
    /// Whether findings of this rule are to rest on this day.
    pub fn names(&self, rule: &Rule, today: Date) -> bool {
        today < self.until && self.rules.iter().any(|code| code == rule.code)
    }

    /// Whether what was found got worse since: these milli-logits are more than those that rest.
    pub fn is_outgrown(&self, weight: i32) -> bool {
        self.doubt.is_some_and(|doubt| weight > doubt)
    }
}

/// Paths of the repository that a page describes.
#[derive(Clone, Debug)]
pub struct Cover {
    /// As written.
    pub pattern: Spanned<String>,
    glob: GlobMatcher,
}

impl Cover {
    /// A pattern of paths from the repository's top; a folder holds everything in it.
    pub(crate) fn new(pattern: Spanned<String>) -> Result<Self, BadPattern> {
        Ok(Self { glob: glob(&pattern.value)?, pattern })
    }

    /// What every path that it covers begins with.
    pub fn prefix(&self) -> &str {
        let bare = self.pattern.value.trim_start_matches("./").trim_start_matches('/');
        let plain = bare.find(['*', '?', '[', '{', '\\']).map_or(bare, |at| &bare[..at]);
        plain.trim_end_matches('/')
    }

    /// Whether it covers a path from the repository's top.
    pub fn matches(&self, path: &str) -> bool {
        if !path.starts_with(self.prefix()) {
            return false;
        }
        let folder = self.pattern.value.trim_start_matches("./").trim_matches('/');
        self.glob.is_match(path) || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// Tags of the tickets that a page answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketTags {
    /// As written, at least one.
    pub tags: Vec<Spanned<String>>,
    /// A ticket must have all of them; else any one.
    pub all: bool,
}

impl ReviewFacts {
    /// Reads the facts of a page as of `today` (`YYYY-MM-DD`).
    pub fn read(front: &FrontMatter, file: &SharedFile, today: &str) -> (Self, Vec<Diagnostic>) {
        let today = today.parse().unwrap_or(Date::MAX);
        let mut reader = FactsReader { front, file, today, findings: Vec::new() };
        let facts = reader.read();
        (facts, reader.findings)
    }

    /// Whether the body is still the one that was confirmed; `None` if the page does not say.
    pub fn knows_body(&self, body: &str) -> Option<bool> {
        self.hash.as_ref().map(|hash| body_hash(body).starts_with(&hash.value))
    }

    /// For reports.
    pub fn review(&self) -> Review {
        Review {
            on: self.reviewed.date().map(|date| date.to_string()),
            by: self.by.as_ref().map(|by| by.value.clone()),
            how: self.how.as_ref().map(|how| how.value.word().to_owned()),
            commit: self.commit.as_ref().map(|commit| commit.value.clone()),
        }
    }
}

/// The rules whose findings can rest: what happened since the review, and the clock. Proof never rests.
pub fn can_rest() -> impl Iterator<Item = &'static Rule> + Clone {
    DOUBT.iter().chain(CLOCK).copied()
}

/// The hash of a page's text without its front matter, `b3:` and 32 hexadecimal digits of BLAKE3. It
/// is taken of the body as people see it: line ends are `\n`, blanks at the ends of lines and blank
/// lines at both ends of the body do not count.
pub fn body_hash(body: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    let body = body.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = body.split('\n').map(|line| line.trim_end_matches([' ', '\t'])).collect();
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| !line.is_empty()).map_or(first, |last| last + 1);
    for line in &lines[first..last] {
        hasher.update(line.as_bytes());
        hasher.update(b"\n");
    }
    format!("b3:{}", &hasher.finalize().to_hex()[..32])
}

/// The day a length of time later. Months and years are the calendar's, clipped to the last day of
/// the month; less than a day is no day.
pub fn add_length(from: Date, length: Length) -> Date {
    from.saturating_add(time_of(length))
}

/// The day so long before.
pub fn length_before(from: Date, length: Length) -> Date {
    from.saturating_sub(time_of(length))
}

fn time_of(length: Length) -> Time {
    let count = i64::from(length.count);
    match length.unit {
        LengthUnit::Minute => Time::new().days(count / (24 * 60)),
        LengthUnit::Hour => Time::new().days(count / 24),
        LengthUnit::Day => count.days(),
        LengthUnit::Week => Time::new().days(count * 7),
        LengthUnit::Month => Time::new().try_months(count).unwrap_or_default(),
        LengthUnit::Year => Time::new().try_years(count).unwrap_or(Time::new().years(9999)),
    }
}

/// What the reviews of all pages get wrong.
pub fn check_reviews(site: &Site) -> Vec<Diagnostic> {
    let read =
        |page: &crate::model::Page| ReviewFacts::read(&page.parsed.front, &page.parsed.file, &site.today).1;
    site.pages.iter().flat_map(read).collect()
}

/// Reads the keys of one page.
struct FactsReader<'p> {
    front: &'p FrontMatter,
    file: &'p SharedFile,
    today: Date,
    findings: Vec<Diagnostic>,
}

impl<'p> FactsReader<'p> {
    fn read(&mut self) -> ReviewFacts {
        self.check_group();
        ReviewFacts {
            reviewed: self.reviewed(),
            by: self.text("reviewed_by"),
            how: self.how(),
            commit: self.commit(),
            hash: self.hash(),
            every: self.every(),
            evergreen: self.evergreen(),
            snoozes: self.snoozes(),
            superseded_by: self.text("superseded_by"),
            covers: self.covers(),
            ticket_tags: self.ticket_tags(),
        }
    }

    fn find(&self, name: &str) -> Option<&'p Node> {
        let grouped = || {
            let entries = self.front.field("freshness")?.entries();
            let meant = |key: &str| key == name || long_name(key) == Some(name);
            entries.iter().find(|(key, _)| meant(&key.value)).map(|(_, node)| node)
        };
        self.front.field(name).or_else(grouped).filter(|node| node.value != Value::Null)
    }

    /// The group itself, and keys in it that mean nothing.
    fn check_group(&mut self) {
        let Some(group) = self.front.field("freshness") else { return };
        if !matches!(group.value, Value::Map(_) | Value::Null) {
            self.wrong(
                group,
                format!("`freshness` takes a group of keys, not {}", group.what()),
                "write `freshness: { reviewed: 2026-09-01 }`",
            );
        }
        for (key, _) in group.entries() {
            if long_name(&key.value).is_some() {
                continue;
            }
            let known = every_page().iter().map(|field| field.name.as_str()).filter(|name| is_ours(name));
            let found = Diagnostic::new(&UNKNOWN_KEY, format!("`freshness` has no key `{}`", key.value))
                .at(self.file, key.span, "");
            self.findings.push(match nearest(&key.value, known) {
                Some(near) => found.meant(near),
                None => found.help("it takes the keys of a review, such as `reviewed` and `review_every`"),
            });
        }
    }

    fn reviewed(&mut self) -> Reviewed {
        let Some(node) = self.find("reviewed") else {
            let unusable = self.front.unusable.iter().find(|key| key.value == "reviewed");
            return unusable.map_or(Reviewed::Never, |key| Reviewed::Invalid(key.span));
        };
        let Some(date) = self.date(node, "reviewed") else { return Reviewed::Invalid(node.span) };
        if date <= self.today {
            return Reviewed::On(date);
        }
        let message = format!("`{date}` lies in the future; today is {}", self.today);
        self.bad_date(node.span, message, "give the day on which the page was last confirmed");
        Reviewed::Invalid(node.span)
    }

    fn date(&mut self, node: &Node, name: &str) -> Option<Date> {
        let Some(text) = node.text() else {
            self.wrong(
                node,
                format!("`{name}` takes a date such as `2026-09-01`, not {}", node.what()),
                "write year, month and day as in `2026-09-01`",
            );
            return None;
        };
        match parse_date(text) {
            Ok(date) => date.parse().ok(),
            Err(bad) => {
                self.bad_date(node.span, format!("`{text}` {}", bad.message), &bad.help);
                None
            }
        }
    }

    fn text(&mut self, name: &str) -> Option<Spanned<String>> {
        let node = self.find(name)?;
        match node.text().map(str::trim) {
            Some("") => None,
            Some(text) => Some(Spanned { value: text.to_owned(), span: node.span }),
            None => {
                self.wrong(
                    node,
                    format!("`{name}` takes a text, not {}", node.what()),
                    "mend the value, or leave the key out",
                );
                None
            }
        }
    }

    fn how(&mut self) -> Option<Spanned<How>> {
        let text = self.text("reviewed_how")?;
        if let Some(how) = How::ALL.into_iter().find(|how| how.word() == text.value) {
            return Some(Spanned { value: how, span: text.span });
        }
        let message = format!("`reviewed_how` is not `{}`", text.value);
        self.wrong_at(text.span, message, "write `read`, `followed`, `drill` or `incident`");
        None
    }

    fn commit(&mut self) -> Option<Spanned<String>> {
        let mut commit = self.text("reviewed_commit")?;
        commit.value.make_ascii_lowercase();
        if is_hex(&commit.value) && commit.value.len() <= 64 {
            return Some(commit);
        }
        let message = format!("`reviewed_commit` takes the hash of a commit, not `{}`", commit.value);
        self.wrong_at(commit.span, message, "write what `git rev-parse --short HEAD` prints");
        None
    }

    fn hash(&mut self) -> Option<Spanned<String>> {
        let hash = self.text("reviewed_hash")?;
        if hash.value.strip_prefix("b3:").is_some_and(is_hex) {
            return Some(hash);
        }
        let message = format!("`reviewed_hash` takes the hash of a page, not `{}`", hash.value);
        self.wrong_at(hash.span, message, "leave it out; `docent review` writes it");
        None
    }

    fn every(&mut self) -> Option<Spanned<Length>> {
        let text = self.text("review_every")?;
        let days = |length: &Length| !matches!(length.unit, LengthUnit::Minute | LengthUnit::Hour);
        if let Some(length) = parse_length(&text.value).filter(days) {
            return Some(Spanned { value: length, span: text.span });
        }
        let message = format!("`review_every` takes a number of days or more, not `{}`", text.value);
        self.wrong_at(text.span, message, "write `90d`, `6 weeks` or `3 months`");
        None
    }

    fn evergreen(&mut self) -> Option<Spanned<String>> {
        let text = self.text("evergreen")?;
        let is_truth = ["true", "false", "yes", "no", "on", "off"]
            .iter()
            .any(|word| text.value.eq_ignore_ascii_case(word));
        if !is_truth {
            return Some(text);
        }
        let message =
            format!("`evergreen` takes the reason why the page never falls due, not `{}`", text.value);
        self.wrong_at(text.span, message, "write a reason as in `evergreen: \"a decision record\"`");
        None
    }

    fn snoozes(&mut self) -> Vec<Snooze> {
        let Some(node) = self.find("snooze") else { return Vec::new() };
        node.items().iter().filter_map(|item| self.snooze(item)).collect()
    }

    fn snooze(&mut self, node: &Node) -> Option<Snooze> {
        const EXAMPLE: &str =
            "write `snooze: { until: 2026-12-15, rules: [ticket-surge], reason: \"rewrite in !482\" }`";
        if !matches!(node.value, Value::Map(_)) {
            self.wrong(node, format!("`snooze` takes a group of keys, not {}", node.what()), EXAMPLE);
            return None;
        }
        let before = self.findings.len();
        for (key, _) in node.entries() {
            let known = ["until", "rules", "reason", "by", "doubt"];
            if !known.contains(&key.value.as_str()) {
                let found = Diagnostic::new(&UNKNOWN_KEY, format!("`snooze` has no key `{}`", key.value))
                    .at(self.file, key.span, "");
                self.findings.push(match nearest(&key.value, known) {
                    Some(near) => found.meant(near),
                    None => found.help("it takes `until`, `rules`, `reason` and `by`"),
                });
            }
        }
        let text = |name: &str| {
            let text = node.get(name)?.text()?.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let lacking: Vec<_> = ["until", "rules", "reason"]
            .into_iter()
            .filter(|name| node.get(name).is_none_or(|value| value.value == Value::Null))
            .map(|name| format!("`{name}`"))
            .collect();
        if !lacking.is_empty() {
            self.wrong(node, format!("`snooze` lacks {}", lacking.join(", ")), EXAMPLE);
            return None;
        }
        let until = self.until(node.get("until")?);
        let rules = self.snoozed_rules(node.get("rules")?);
        let reason = text("reason");
        if reason.is_none() {
            self.wrong(node, "`snooze` needs a reason in words".into(), EXAMPLE);
        }
        let written = node.get("doubt").filter(|node| node.value != Value::Null);
        let doubt = written.and_then(Node::text).and_then(|text| text.trim().parse().ok());
        if let Some(node) = written.filter(|_| doubt.is_none()) {
            let message = format!("`doubt` takes a whole number, not {}", node.what());
            self.wrong(node, message, "leave it out; `docent snooze` writes it");
        }
        let complete = self.findings.len() == before;
        let snooze = Snooze { until: until?, rules, reason: reason?, by: text("by"), doubt, span: node.span };
        complete.then_some(snooze)
    }

    fn until(&mut self, node: &Node) -> Option<Date> {
        let until = self.date(node, "until")?;
        let latest = self.today.saturating_add(MAX_SNOOZE_DAYS.days());
        if until <= latest {
            return Some(until);
        }
        let message = format!("`{until}` is more than {MAX_SNOOZE_DAYS} days away; findings rest no longer");
        let help = format!("write `{latest}` or an earlier day; `evergreen` switches the clock off for good");
        self.bad_date(node.span, message, &help);
        None
    }

    fn snoozed_rules(&mut self, node: &Node) -> Vec<String> {
        let mut rules = Vec::new();
        for item in node.items() {
            let code = item.text().unwrap_or_default().trim();
            if can_rest().any(|rule| rule.code == code) {
                rules.push(code.to_owned());
                continue;
            }
            let help = match nearest(code, can_rest().map(|rule| rule.code)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "proof cannot rest: mend what is found, or take the page away".into(),
            };
            let message = match crate::diagnostic::rules::find(code) {
                Some(_) => format!("findings of `{code}` cannot rest"),
                None => format!("`{code}` is no rule of freshness"),
            };
            self.wrong_at(item.span, message, &help);
        }
        rules
    }

    fn covers(&mut self) -> Vec<Cover> {
        let Some(node) = self.find("covers") else { return Vec::new() };
        let mut covers = Vec::new();
        for item in node.items() {
            let Some(text) = item.text().map(str::trim).filter(|text| !text.is_empty()) else {
                self.wrong(
                    item,
                    format!("`covers` takes paths of the repository, not {}", item.what()),
                    "write `covers: [ansible/patroni/**]`",
                );
                continue;
            };
            match Cover::new(Spanned { value: text.to_owned(), span: item.span }) {
                Ok(cover) => covers.push(cover),
                Err(error) => self.wrong_at(
                    item.span,
                    format!("`{text}` is not a path pattern: {}", error.message),
                    "`*` stands for any part of a name, `**` for any folders",
                ),
            }
        }
        covers
    }

    fn ticket_tags(&mut self) -> Option<TicketTags> {
        const EXAMPLE: &str = "write `ticket_tags: [db_failover]` or `ticket_tags: { all: [db, failover] }`";
        let node = self.find("ticket_tags")?;
        let (list, all) = match node.entries() {
            [] => (node, false),
            [(key, list)] if key.value == "any" => (list, false),
            [(key, list)] if key.value == "all" => (list, true),
            _ => {
                self.wrong(node, "`ticket_tags` takes a list, or a group of `any` or `all`".into(), EXAMPLE);
                return None;
            }
        };
        let mut tags = Vec::new();
        for item in list.items() {
            match item.text().map(str::trim).filter(|text| !text.is_empty()) {
                Some(text) => tags.push(Spanned { value: text.to_owned(), span: item.span }),
                None => self.wrong(item, format!("`ticket_tags` takes tags, not {}", item.what()), EXAMPLE),
            }
        }
        (!tags.is_empty()).then_some(TicketTags { tags, all })
    }

    fn wrong(&mut self, node: &Node, message: String, help: &str) {
        self.wrong_at(node.span, message, help);
    }

    fn wrong_at(&mut self, span: Span, message: String, help: &str) {
        let found = Diagnostic::new(&WRONG_TYPE, message).at(self.file, self.first_line(span), "");
        self.findings.push(found.help(help));
    }

    fn bad_date(&mut self, span: Span, message: String, help: &str) {
        let found = Diagnostic::new(&INVALID_DATE, message).at(self.file, self.first_line(span), "");
        self.findings.push(found.help(help));
    }

    /// Frames of long values stay small.
    fn first_line(&self, span: Span) -> Span {
        let line = self.file.slice(span).lines().next().unwrap_or_default();
        Span::new(span.start as usize, span.start as usize + line.len())
    }
}

fn is_hex(text: &str) -> bool {
    text.len() >= MIN_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
#[path = "review_tests.rs"]
mod tests;
