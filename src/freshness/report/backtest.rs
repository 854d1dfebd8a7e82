//! A [`Backtest`] written down: for people, and as JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::super::backtest::{Backtest, FEWEST, Flag, SIGNALS, Score, Then, Verdict};
use super::super::clock::day_text;
use super::super::evidence::count;
use super::super::statistics::{grouped, rounded};
use crate::diagnostic::human::visible;
use crate::model::Site;

/// What is written.
#[derive(Clone, Copy, Debug)]
pub struct BacktestReport<'a> {
    /// The site.
    pub site: &'a Site,
    /// What replaying gave.
    pub backtest: &'a Backtest,
    /// Why nobody knows what followed.
    pub unknown: Option<&'a str>,
    /// The last commit, `YYYY-MM-DD`.
    pub newest_commit: Option<&'a str>,
    /// Whether people are shown every flag.
    pub list: bool,
}

/// What was not replayed, in words.
const NOT_REPLAYED: [&str; 3] = [
    "pages that are gone, and what pages said then: tags, `covers` and links are those of today",
    "proof (such as dead links), names in code, and snoozes",
    "when a ticket was reopened, rated or flagged: exports do not say, so it counts as known at once",
];

impl Verdict {
    /// As JSON has it.
    fn word(self) -> &'static str {
        match self {
            Self::Never => "never-flagged",
            Self::Unknown => "unknown",
            Self::TooFew => "too-few",
            Self::More => "more-often",
            Self::Same => "no-clear-difference",
            Self::Less => "less-often",
        }
    }

    /// For people.
    fn words(self) -> &'static str {
        match self {
            Self::Never => "never flagged",
            Self::Unknown => "not known yet",
            Self::TooFew => "too few to say",
            Self::More => "edited more often",
            Self::Same => "no clear difference",
            Self::Less => "edited less often",
        }
    }
}

/// Writes it for people.
pub fn write_human(report: &BacktestReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let test = report.backtest;
    let (Some(first), Some(last)) = (test.weeks.first(), test.weeks.last()) else {
        return writeln!(out, "the exports hold less than a week of tickets: nothing to replay");
    };
    let weeks = count(test.weeks.len() as u64, "week");
    let tickets = if test.tickets == 1 {
        "1 ticket".into()
    } else {
        format!("{} tickets", grouped(test.tickets as u64))
    };
    let edits = test.edits.map(|(edits, pages)| {
        let edits = if edits == 1 { "1 edit".into() } else { format!("{} edits", grouped(edits as u64)) };
        format!(", {edits} of {}", count(pages as u64, "page"))
    });
    let edits = edits.unwrap_or_default();
    writeln!(out, "replayed {weeks}, ending {} to {}: {tickets}{edits}", day_text(*first), day_text(*last))?;
    if let Some(why) = report.unknown {
        writeln!(out, "not scored: {why}, so nobody knows which flags led to an edit")?;
    } else {
        writeln!(
            out,
            "an edit follows a flag if it changes more than the review, within {} days",
            test.within
        )?;
    }
    writeln!(out)?;
    write_table(report, out)?;
    if report.list {
        write_flags(report, out)?;
    }
    if report.unknown.is_none() {
        write_advice(report, out)?;
    }
    write_left_out(report, out)?;
    if !report.list && !test.flags.is_empty() {
        writeln!(out, "\n`docent backtest --list` shows every flag and what followed")?;
    }
    Ok(())
}

/// One line for each signal, columns as wide as they must be.
fn write_table(report: &BacktestReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut rows =
        vec![["signal", "flagged", "then edited", "only confirmed", "other weeks", ""].map(str::to_owned)];
    for (signal, score) in SIGNALS.iter().zip(&report.backtest.scores) {
        let pages =
            if score.flagged > 1 { format!(" on {}", count(score.pages, "page")) } else { String::new() };
        let edited = score.share().map(|(share, low, high)| {
            let (low, high) = (percent(low), percent(high));
            format!("{} of {}: {} % ({low}–{high})", score.edited, score.known, percent(share))
        });
        // What other weeks are like says nothing beside a rule that never flagged.
        let others = score.other_share().filter(|_| score.flagged > 0);
        let others = others.map(|share| format!("{} % of {}", percent(share), grouped(score.others)));
        let confirmed = if score.known > 0 { score.confirmed.to_string() } else { "–".into() };
        rows.push([
            signal.name.to_owned(),
            format!("{}{pages}", score.flagged),
            edited.unwrap_or_else(|| "–".into()),
            confirmed,
            others.unwrap_or_else(|| "–".into()),
            score.verdict().words().to_owned(),
        ]);
    }
    let columns: &[usize] = if report.unknown.is_some() { &[0, 1] } else { &[0, 1, 2, 3, 4, 5] };
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    for row in &rows {
        let cells = columns.iter().map(|column| format!("{:1$}", row[*column], width(*column)));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

fn write_flags(report: &BacktestReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nflagged, by the end of the week:")?;
    // The first of the signals repeats what the others say.
    for flag in report.backtest.flags.iter().filter(|flag| flag.signal > 0) {
        let path = visible(report.site.pages[flag.page].parsed.file.path());
        let then = then_words(flag.then).map(|words| format!(": {words}")).unwrap_or_default();
        writeln!(out, "  {}  {path}  {}{then}", day_text(flag.week), SIGNALS[flag.signal].name)?;
        writeln!(out, "              {}", visible(&flag.message))?;
    }
    Ok(())
}

fn then_words(then: Then) -> Option<String> {
    Some(match then {
        Then::Edited(day) => format!("edited {}", day_text(day)),
        Then::Confirmed(day) => format!("only confirmed {}", day_text(day)),
        Then::Nothing => "no edit".into(),
        Then::Open => "too recent to say".into(),
        Then::NoPage => "before the page's first commit".into(),
        Then::Unknown => return None,
    })
}

/// What a lead can do about it.
fn write_advice(report: &BacktestReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = Vec::new();
    for (signal, score) in SIGNALS.iter().zip(&report.backtest.scores) {
        let (Some((share, ..)), Some(usual)) = (score.share(), score.other_share()) else { continue };
        let numbers = format!("{} % against {} %", percent(share), percent(usual));
        match score.verdict() {
            Verdict::More => lines
                .push(format!("{}: pages are edited more often after it ({numbers}): trust it", signal.name)),
            Verdict::Same => lines.push(format!(
                "{}: no clear difference ({numbers}); if that stays so, {}",
                signal.name, signal.remedy
            )),
            Verdict::Less => lines.push(format!(
                "{}: pages are edited less often after it ({numbers}): {}",
                signal.name, signal.remedy
            )),
            Verdict::Never | Verdict::Unknown | Verdict::TooFew => {}
        }
    }
    writeln!(out, "\nwhat it says:")?;
    if lines.is_empty() {
        writeln!(out, "  nothing yet: no rule flagged at least {} times with a known outcome", FEWEST.0)?;
    }
    for line in lines {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

/// What the figures leave out, and why.
fn write_left_out(report: &BacktestReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nleft out:")?;
    let flags = &report.backtest.flags;
    // A page that several rules flag in one week is flagged once.
    let of = |then: Then| {
        let mut found: Vec<_> =
            flags.iter().filter(|flag| flag.then == then).map(|flag| (flag.week, flag.page)).collect();
        found.dedup();
        found.len() as u64
    };
    for (then, why) in
        [(Then::Open, "too recent to say what follows"), (Then::NoPage, "before the page's first commit")]
    {
        if of(then) > 0 {
            writeln!(out, "  {}: {why}", count(of(then), "flag"))?;
        }
    }
    for line in NOT_REPLAYED {
        writeln!(out, "  {line}")?;
    }
    if let Some(day) = report.newest_commit.filter(|day| *day < report.site.today.as_str()) {
        writeln!(out, "  edits after the newest commit here, of {day}")?;
    }
    Ok(())
}

/// Whole percent, rounded.
fn percent(share: f64) -> u64 {
    #[expect(clippy::cast_sign_loss, reason = "a share is positive")]
    let percent = (share * 100.0).round() as u64;
    percent
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    today: &'a str,
    from: Option<String>,
    until: Option<String>,
    weeks: usize,
    within_days: i32,
    tickets: usize,
    edits: Option<Edits<'a>>,
    not_scored: Option<&'a str>,
    signals: Vec<SignalEntry>,
    flags: Vec<FlagEntry<'a>>,
}

#[derive(Serialize)]
struct Edits<'a> {
    #[serde(rename = "edits")]
    count: usize,
    pages: usize,
    newest_commit: Option<&'a str>,
}

#[derive(Serialize)]
struct SignalEntry {
    signal: &'static str,
    flagged: u64,
    pages: u64,
    known: u64,
    edited: u64,
    confirmed: u64,
    share: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    others: Others,
    verdict: &'static str,
}

#[derive(Serialize)]
struct Others {
    weeks: u64,
    edited: u64,
    share: Option<f64>,
}

#[derive(Serialize)]
struct FlagEntry<'a> {
    week: String,
    path: &'a str,
    signal: &'static str,
    message: &'a str,
    then: &'static str,
    on: Option<String>,
}

/// Writes Docent's own JSON.
pub fn write_json(report: &BacktestReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let test = report.backtest;
    let signal = |(signal, score): (&super::super::backtest::Signal, &Score)| {
        let share = score.share();
        SignalEntry {
            signal: signal.name,
            flagged: score.flagged,
            pages: score.pages,
            known: score.known,
            edited: score.edited,
            confirmed: score.confirmed,
            share: share.map(|(share, ..)| rounded(share)),
            low: share.map(|(_, low, _)| rounded(low)),
            high: share.map(|(.., high)| rounded(high)),
            others: Others {
                weeks: score.others,
                edited: score.others_edited,
                share: score.other_share().map(rounded),
            },
            verdict: score.verdict().word(),
        }
    };
    let flag = |flag: &'_ Flag| {
        let (then, on) = match flag.then {
            Then::Edited(day) => ("edited", Some(day)),
            Then::Confirmed(day) => ("confirmed", Some(day)),
            Then::Nothing => ("nothing", None),
            Then::Open => ("open", None),
            Then::NoPage => ("no-page", None),
            Then::Unknown => ("unknown", None),
        };
        (day_text(flag.week), SIGNALS[flag.signal].name, then, on.map(day_text))
    };
    let flags = test.flags.iter().map(|entry| {
        let (week, signal, then, on) = flag(entry);
        let path = report.site.pages[entry.page].parsed.file.path();
        FlagEntry { week, path, signal, message: &entry.message, then, on }
    });
    let document = Document {
        schema: 1,
        today: &report.site.today,
        from: test.weeks.first().map(|day| day_text(*day)),
        until: test.weeks.last().map(|day| day_text(*day)),
        weeks: test.weeks.len(),
        within_days: test.within,
        tickets: test.tickets,
        edits: test.edits.map(|(count, pages)| Edits { count, pages, newest_commit: report.newest_commit }),
        not_scored: report.unknown,
        signals: SIGNALS.iter().zip(&test.scores).map(signal).collect(),
        flags: flags.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}
