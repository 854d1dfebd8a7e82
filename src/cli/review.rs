//! `docent review` and `docent snooze`: the review of a page, written into its front matter.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::run::Run;
use super::terminal::Terminal;
use super::{Failure, Global};
use crate::diagnostic::{Diagnostic, nearest};
use crate::discover::git::{Since, diff_page, find_user};
use crate::discover::read_page;
use crate::error::Error;
use crate::freshness::Article;
use crate::freshness::edit::{Change, Refused, edit};
use crate::freshness::record::{NewReview, NewSnooze, weight_of};
use crate::freshness::review::{How, ReviewFacts, body_hash};
use crate::freshness::sources::source_changes;
use crate::model::Page;
use crate::pipeline::Checked;
use crate::publish::replace_file;

/// Most pages of one review without a reason.
const MAX_PAGES: usize = 5;
/// Commits of what a page covers that are shown.
const MAX_COMMITS: usize = 10;

/// Records that pages were reviewed, in their front matter
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The pages, as paths from here or from the knowledge base
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// How well the pages were confirmed
    #[arg(long, value_enum, required_unless_present = "show")]
    how: Option<How>,
    /// Who reviewed them [default: the user.name of git]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// The day of the review [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    on: Option<Date>,
    /// The drill, incident or ticket that confirmed them
    #[arg(long, value_name = "ID")]
    evidence: Option<String>,
    /// First print what changed since the last review
    #[arg(long)]
    show: bool,
    /// Record the review although the page has findings of these rules
    #[arg(long, value_name = "RULE,…", value_delimiter = ',', requires = "reason")]
    despite: Vec<String>,
    /// Record the review of more than five pages
    #[arg(long, requires = "reason")]
    bulk: bool,
    /// Why it is recorded despite findings, or in bulk
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// Lets findings of a page rest until a day, with a reason
#[derive(Debug, Args)]
pub(super) struct SnoozeOptions {
    /// The page, as a path from here or from the knowledge base
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// The day on which they come back, in 90 days at most
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Date,
    /// Which findings rest: what happened since the review, and the clock
    #[arg(long = "rule", value_name = "RULE,…", value_delimiter = ',', required = true)]
    rules: Vec<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who decided it [default: the user.name of git]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

impl ValueEnum for How {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let about = match self {
            Self::Read => "Read",
            Self::Followed => "Followed step by step",
            Self::Drill => "Used in a drill",
            Self::Incident => "Used in an incident",
        };
        Some(PossibleValue::new(self.word()).help(about))
    }
}

pub(super) fn run(options: &Options, global: &Global, terminal: &mut Terminal) -> Result<u8, Failure> {
    for code in &options.despite {
        super::explain::find_rule(code)?;
    }
    let session = Session::open(global, terminal)?;
    let pages = session.find_pages(&options.paths)?;
    if options.show {
        for page in &pages {
            session.show(page, terminal.out())?;
        }
    }
    let Some(how) = options.how else { return Ok(0) };
    if pages.len() > MAX_PAGES && !options.bulk {
        let message = format!(
            "{} pages at once are hardly reviewed; name {MAX_PAGES} at most, or say `--bulk --reason …`",
            pages.len()
        );
        return Err(Error::Usage(message).into());
    }
    let review = NewReview {
        on: options.on.unwrap_or(session.today),
        how,
        by: options.by.clone().or_else(|| find_user(&session.checked.sources.dir)),
        commit: session.checked.sources.git.revision.clone(),
        evidence: options.evidence.clone(),
        despite: options.despite.clone(),
        reason: options.reason.clone(),
    };
    let mut edits = Vec::new();
    for page in &pages {
        let findings = session.findings_of(page);
        if let Some(why) = review.refusal(&session.facts(page), &findings, session.today) {
            return Err(session.refused(page, &why));
        }
        // What is confirmed is what was read: had it been saved since, the hash would tell.
        let hash = body_hash(page.parsed.file.slice(page.parsed.body));
        edits.push(session.edit(page, &review.changes(hash))?);
    }
    // All or none is refused; writing can still fail on the machine's side.
    for (page, (place, bytes)) in pages.iter().zip(edits) {
        replace_file(&place, &bytes)?;
        let by = review.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
        let path = page.parsed.file.path();
        writeln!(terminal.out(), "{}{path}: reviewed {}{by}, {}", session.prefix, review.on, how.word())?;
    }
    Ok(0)
}

pub(super) fn run_snooze(
    options: &SnoozeOptions,
    global: &Global,
    terminal: &mut Terminal,
) -> Result<u8, Failure> {
    let session = Session::open(global, terminal)?;
    let pages = session.find_pages(std::slice::from_ref(&options.path))?;
    let mut snooze = NewSnooze {
        until: options.until,
        rules: options.rules.clone(),
        reason: options.reason.trim().to_owned(),
        by: options.by.clone().or_else(|| find_user(&session.checked.sources.dir)),
        doubt: None,
    };
    if snooze.reason.is_empty() {
        return Err(Error::Usage("`--reason` is empty; say why the findings rest".into()).into());
    }
    for page in pages {
        snooze.doubt = session.article(page).and_then(|article| weight_of(&snooze.rules, article));
        if let Some(why) = snooze.refusal(&session.facts(page), session.today) {
            return Err(session.refused(page, &why));
        }
        let (place, bytes) = session.edit(page, &[snooze.change()])?;
        replace_file(&place, &bytes)?;
        let (path, rules) = (page.parsed.file.path(), snooze.rules.join(", "));
        writeln!(terminal.out(), "{}{path}: {rules} rests until {}", session.prefix, snooze.until)?;
        if snooze.doubt == Some(0) {
            let first =
                "nothing that happened since the review is found now; the first that is ends the rest";
            terminal.note(first);
        }
    }
    Ok(0)
}

/// The knowledge base, read and checked, and the day.
struct Session {
    dir: PathBuf,
    checked: Checked,
    today: Date,
    /// What stands before paths that people read.
    prefix: String,
}

impl Session {
    fn open(global: &Global, terminal: &mut Terminal) -> Result<Self, Failure> {
        let run = Run::new(None, global, terminal)?;
        let today: Date = run.options.model.today.parse().unwrap_or(Date::MAX);
        let checked = run.check()?;
        Ok(Self { dir: run.dir, checked, today, prefix: terminal.shown_prefix() })
    }

    fn facts(&self, page: &Page) -> ReviewFacts {
        ReviewFacts::read(&page.parsed.front, &page.parsed.file, &self.today.to_string()).0
    }

    fn findings_of(&self, page: &Page) -> Vec<&Diagnostic> {
        let path = page.parsed.file.path();
        self.checked.findings.iter().filter(|finding| finding.path() == Some(path)).collect()
    }

    /// The verdict on a page.
    fn article(&self, page: &Page) -> Option<&Article> {
        let pages = &self.checked.site.pages;
        let id = pages.iter().position(|known| known.parsed.file.path() == page.parsed.file.path())?;
        self.checked.freshness.articles.get(id)
    }

    fn refused(&self, page: &Page, why: &str) -> Failure {
        Error::Usage(format!("`{}{}` is left as it is: {why}", self.prefix, page.parsed.file.path())).into()
    }

    /// The pages that are named, each once: by a path from here, from the knowledge base or from its
    /// content directory.
    fn find_pages(&self, named: &[PathBuf]) -> Result<Vec<&Page>, Error> {
        let mut pages: Vec<&Page> = Vec::new();
        for path in named {
            let page = self.find_page(path)?;
            if !pages.iter().any(|known| known.parsed.file.path() == page.parsed.file.path()) {
                pages.push(page);
            }
        }
        Ok(pages)
    }

    fn find_page(&self, named: &Path) -> Result<&Page, Error> {
        let root = &self.checked.sources.dir;
        let from_here = std::path::absolute(named).ok().and_then(|path| path.canonicalize().ok());
        let from_here = from_here.as_deref().and_then(|path| path.strip_prefix(root).ok());
        let from_here = from_here.map(|path| path.to_string_lossy().replace('\\', "/"));
        let written = named.to_string_lossy().replace('\\', "/");
        let written = written.trim_start_matches("./").trim_start_matches('/');
        let pages = &self.checked.site.pages;
        let found = from_here
            .and_then(|path| pages.iter().find(|page| page.parsed.file.path() == path))
            .or_else(|| pages.iter().find(|page| page.parsed.file.path() == written))
            .or_else(|| pages.iter().find(|page| page.parsed.content_path == written));
        found.ok_or_else(|| {
            let unpublished = self
                .checked
                .site
                .unpublished
                .iter()
                .find(|page| page.path == written || page.content_path == written);
            let known = pages.iter().flat_map(|page| [page.parsed.file.path(), &page.parsed.content_path]);
            let hint = match (unpublished, nearest(written, known)) {
                (Some(page), _) => format!("`{}` is not published; `docent check` says why", page.path),
                (None, Some(near)) => format!("did you mean `{near}`?"),
                (None, None) => "name a Markdown file of the knowledge base".into(),
            };
            Error::Usage(format!("there is no page `{}` in {}; {hint}", named.display(), self.dir.display()))
        })
    }

    /// Where a page is, and its bytes with the changes.
    fn edit(&self, page: &Page, changes: &[Change]) -> Result<(PathBuf, Vec<u8>), Failure> {
        let path = page.parsed.file.path();
        let (place, bytes) = read_page(&self.checked.sources.dir, path)?;
        let edited = edit(path, &bytes, changes);
        let edited = edited.map_err(|Refused(why)| self.refused(page, &format!("it {why}")))?;
        Ok((place, edited))
    }

    /// Prints how many tickets came since the last review, and the newest of them.
    fn show_tickets(&self, page: &Page, out: &mut dyn Write) -> Result<(), Failure> {
        let freshness = &self.checked.freshness;
        let tickets = self.article(page).and_then(|article| article.tickets.as_ref());
        let (Some(tickets), Some(as_of)) = (tickets, &freshness.as_of) else { return Ok(()) };
        let reviewed = self.facts(page).reviewed.date().map(|day| day.to_string());
        let is_after = reviewed.as_ref().is_some_and(|day| day > as_of);
        let (since, from) = match reviewed.filter(|_| tickets.review_week.is_some() || is_after) {
            Some(day) => ("since the review".to_owned(), day),
            None => (format!("in the {} weeks up to {as_of}", tickets.weeks.len()), String::new()),
        };
        let all = tickets.since_review;
        let word = if all == 1 { "ticket" } else { "tickets" };
        let (before, late) = tickets.weeks.split_at(tickets.weeks.len() - 8);
        let usual = f64::from(before.iter().sum::<u32>()) * 8.0 / before.len() as f64;
        let late: u32 = late.iter().sum();
        writeln!(out, "  {all} {word} {since}; {late} in the last 8 weeks, where {usual:.1} were usual")?;
        for ticket in tickets.newest.iter().filter(|ticket| ticket.created > from) {
            let url = ticket.url.as_ref().map(|url| format!(" {url}")).unwrap_or_default();
            writeln!(out, "    {} {}{url}", ticket.created, ticket.id)?;
        }
        Ok(())
    }

    /// Prints the last review, what changed since in the page, and commits to what it covers.
    fn show(&self, page: &Page, out: &mut dyn Write) -> Result<(), Failure> {
        let (facts, path) = (self.facts(page), page.parsed.file.path());
        let review = facts.review();
        let said = |word: &str, value: Option<&String>| {
            value.map(|value| format!("{word}{value}")).unwrap_or_default()
        };
        match &review.on {
            Some(on) => {
                let (by, how) = (said(" by ", review.by.as_ref()), said(", ", review.how.as_ref()));
                writeln!(out, "{}{path}: reviewed {on}{by}{how}", self.prefix)?;
            }
            None => writeln!(out, "{}{path}: never reviewed", self.prefix)?,
        }
        let body = page.parsed.file.slice(page.parsed.body);
        let known = review.commit.as_ref().and_then(|commit| self.checked.history.reviewed.get(commit));
        let since = match known.and_then(|known| known.id.as_deref()) {
            Some(id) => Some(Since::Commit(id)),
            None => review.on.as_deref().map(Since::Day),
        };
        match since.and_then(|since| diff_page(&self.checked.sources.dir, path, since)) {
            Some(diff) if diff.is_empty() => writeln!(out, "  the page has not changed since")?,
            Some(diff) => writeln!(out, "\n{diff}")?,
            None if facts.knows_body(body) == Some(true) => {
                writeln!(out, "  its text has not changed since")?;
            }
            None if since.is_some() => writeln!(out, "  git cannot say what changed since")?,
            None => {}
        }
        let changed = page.git.as_ref().map(|git| git.changed.as_str());
        if let Some(changes) = source_changes(&facts, body, changed, &self.checked.history, self.today) {
            let count = changes.commits.len();
            let commits = if count == 1 { "commit" } else { "commits" };
            writeln!(out, "  {count} {commits} to what it covers {}", changes.since)?;
            for commit in changes.commits.iter().take(MAX_COMMITS) {
                let day = Timestamp::from_second(commit.seconds).unwrap_or_default();
                let day = Offset::UTC.to_datetime(day).date();
                let id: String = commit.id.chars().take(9).collect();
                writeln!(out, "    {id} {day} {} ({})", commit.subject, commit.author)?;
            }
        }
        self.show_tickets(page, out)?;
        for finding in self.findings_of(page) {
            let line = finding.primary.as_ref().map(|label| label.file.position(label.span.start).line);
            let (word, code) = (finding.severity.word(), finding.rule.code);
            writeln!(out, "  line {}: {word}[{code}]: {}", line.unwrap_or(1), finding.message)?;
        }
        Ok(())
    }
}
