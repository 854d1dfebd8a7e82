//! `docent tickets stats`: what the ticket exports hold.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use serde::Serialize;

use super::run::Run;
use super::terminal::Terminal;
use super::{Failure, Global};
use crate::diagnostic::format::Report as FindingsReport;
use crate::diagnostic::{self, human};
use crate::error::Error;
use crate::pipeline::exports::{TicketExports, find_exports, read_exports};
use crate::tickets::stats::{SourceStats, count_source};
use crate::tickets::topical::{JUDGED_DAYS, NoTopic, TagCounts, TopicalOptions, count_tags};
use crate::tickets::{Report, TagId, Tickets, day};

const DAY: i64 = 24 * 60 * 60;

/// Shows what the ticket exports hold: how many, from when, and which tags
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The knowledge base [default: the current folder]
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// How many tags
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// A table for people
    Human,
    #[value(help = "JSON")]
    Json,
}

/// What is printed.
#[derive(Serialize)]
struct Stats {
    schema: u32,
    today: String,
    sources: Vec<Source>,
    /// The day of the newest ticket up to today.
    as_of: Option<String>,
    /// The first day whose tags are counted.
    tags_since: Option<String>,
    /// Tickets since then, without those that were merged, spam or deleted.
    judged: u64,
    tags: Vec<Tag>,
    more_tags: usize,
}

#[derive(Serialize)]
struct Source {
    #[serde(rename = "source")]
    system: &'static str,
    path: String,
    files: Vec<File>,
    tickets: usize,
    copies: usize,
    skipped: usize,
    left_out: usize,
    first: Option<String>,
    newest: Option<String>,
    age_days: Option<i32>,
    open: usize,
    solved: usize,
    void: usize,
    untagged: usize,
    requesters: usize,
    organisations: usize,
}

#[derive(Serialize)]
struct File {
    path: String,
    tickets: usize,
    skipped: usize,
    left_out: usize,
}

#[derive(Serialize)]
struct Tag {
    #[serde(rename = "tag")]
    name: String,
    tickets: u64,
    /// Of the judged tickets.
    share: f64,
    topical: bool,
    why: Option<String>,
}

pub(super) fn run(options: &Options, global: &Global, terminal: &mut Terminal) -> Result<u8, Failure> {
    let run = Run::new(options.dir.as_deref(), global, terminal)?;
    let exports = find_exports(&run.options.discover)?;
    if exports.config.tickets.is_empty() {
        let message = "docent.yaml names no ticket export; add one, as in \
                       `tickets: [{ source: zendesk, path: data/tickets.json }]`";
        return Err(Error::Usage(message.into()).into());
    }
    let mut read = read_exports(&exports)?;
    diagnostic::weigh(&mut read.findings, &exports.config.rules, false);
    let today = run.options.model.today.clone();
    terminal.findings(&FindingsReport {
        findings: &read.findings,
        today: &today,
        pages: 0,
        shown_prefix: &terminal.shown_prefix(),
        repository_prefix: "",
        style: terminal.err_style(),
    });
    let stats = collect(&exports, &read.tickets, &read.reports, today, options.limit);
    match options.format {
        Format::Human => print(&stats, terminal.out())?,
        Format::Json => {
            let out = terminal.out();
            serde_json::to_writer_pretty(&mut *out, &stats).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
    }
    Ok(0)
}

fn collect(
    exports: &TicketExports,
    tickets: &Tickets,
    reports: &[Report],
    today: String,
    limit: usize,
) -> Stats {
    let of_source = |number: usize| {
        let files = exports.exports.files.iter().zip(reports).filter(move |(file, _)| file.source == number);
        let file = |(file, report): (&crate::discover::ExportFile, &Report)| File {
            path: file.path.clone(),
            tickets: report.tickets,
            skipped: report.skipped,
            left_out: report.left_out,
        };
        files.map(file).collect::<Vec<_>>()
    };
    let sources = exports.config.tickets.iter().enumerate().map(|(number, source)| {
        let files = of_source(number);
        let SourceStats { tickets, first, newest, open, solved, void, untagged, requesters, organisations } =
            count_source(tickets, number);
        let sum = |count: fn(&File) -> usize| files.iter().map(count).sum::<usize>();
        Source {
            system: source.system.word(),
            path: source.path.value.clone(),
            tickets,
            copies: sum(|file| file.tickets) - tickets,
            skipped: sum(|file| file.skipped),
            left_out: sum(|file| file.left_out),
            files,
            first: first.map(day),
            newest: newest.map(day),
            age_days: newest.and_then(|newest| days_between(&day(newest), &today)),
            open,
            solved,
            void,
            untagged,
            requesters,
            organisations,
        }
    });
    let sources = sources.collect();
    // As freshness judges them: tickets of days to come say nothing of today.
    let last = days_between("1970-01-01", &today).unwrap_or(i32::MAX);
    let newest = tickets.created_between(None, Some(i64::from(last) + 1)).next_back();
    let as_of = newest.map(|ticket| ticket.created.div_euclid(DAY) as i32);
    let text = |number: i32| day(i64::from(number) * DAY);
    let counts = count_tags(tickets, &TopicalOptions::new(&exports.config, as_of.unwrap_or_default()));
    let mut tags = ranked(tickets, &counts, exports.config.freshness.common_tag);
    let more_tags = tags.len().saturating_sub(limit);
    tags.truncate(limit);
    Stats {
        schema: 1,
        today,
        sources,
        as_of: as_of.map(text),
        tags_since: as_of.map(|as_of| text(as_of - JUDGED_DAYS + 1)),
        judged: counts.tickets,
        tags,
        more_tags,
    }
}

/// The most used first.
fn ranked(tickets: &Tickets, counts: &TagCounts, common_percent: u32) -> Vec<Tag> {
    let mut order: Vec<usize> = (0..counts.tagged.len()).filter(|tag| counts.tagged[*tag] > 0).collect();
    order.sort_by_key(|tag| std::cmp::Reverse(counts.tagged[*tag]));
    let tag = |tag: usize| Tag {
        name: tickets.tag_name(tag as TagId).to_owned(),
        tickets: counts.tagged[tag],
        share: ((counts.tagged[tag] * 1000 + counts.tickets / 2) / counts.tickets.max(1)) as f64 / 1000.0,
        topical: counts.no_topic[tag].is_none(),
        why: counts.no_topic[tag].map(|why| match why {
            NoTopic::Common => format!("on more than {common_percent} % of tickets"),
            NoTopic::Customers => "on all tickets of the organisations that have it".into(),
            NoTopic::Ignored => "ignored by the config".into(),
        }),
    };
    order.into_iter().map(tag).collect()
}

fn days_between(earlier: &str, later: &str) -> Option<i32> {
    let [earlier, later] = [earlier, later].map(|day| day.parse::<Date>().ok());
    Some((later? - earlier?).get_days())
}

fn print(stats: &Stats, out: &mut dyn Write) -> std::io::Result<()> {
    for source in &stats.sources {
        writeln!(out, "{}  {}", source.system, human::visible(&source.path))?;
        if source.files.len() != 1 {
            line(out, "files", &grouped(source.files.len() as u64))?;
        }
        let mut asides = Vec::new();
        for (count, word) in [
            (source.copies, "older copies"),
            (source.skipped, "skipped"),
            (source.left_out, "pull requests left out"),
        ] {
            if count > 0 {
                asides.push(format!("{} {word}", grouped(count as u64)));
            }
        }
        let asides = if asides.is_empty() { String::new() } else { format!(" ({})", asides.join(", ")) };
        line(out, "tickets", &format!("{}{asides}", grouped(source.tickets as u64)))?;
        let (Some(first), Some(newest)) = (&source.first, &source.newest) else { continue };
        let age = match source.age_days {
            Some(1) => "1 day old".to_owned(),
            Some(days @ 0..) => format!("{days} days old"),
            _ => "in the future".to_owned(),
        };
        line(out, "created", &format!("{first} to {newest} ({age})"))?;
        let counts =
            [(source.open, "open"), (source.solved, "solved"), (source.void, "merged, spam or deleted")];
        let outcomes: Vec<String> =
            counts.iter().map(|(count, word)| format!("{} {word}", grouped(*count as u64))).collect();
        line(out, "status", &outcomes.join(", "))?;
        line(out, "without tags", &grouped(source.untagged as u64))?;
        let people = grouped(source.requesters as u64);
        line(
            out,
            "asked by",
            &format!("{people} people of {} organisations", grouped(source.organisations as u64)),
        )?;
        writeln!(out)?;
    }
    let (Some(since), Some(as_of)) = (&stats.tags_since, &stats.as_of) else { return Ok(()) };
    writeln!(out, "tags of {} tickets from {since} to {as_of}", grouped(stats.judged))?;
    let width = stats.tags.iter().map(|tag| tag.name.chars().count()).max().unwrap_or_default().min(50);
    let digits = stats.tags.first().map_or(0, |tag| grouped(tag.tickets).len());
    for tag in &stats.tags {
        let name = human::visible(&tag.name);
        let count = grouped(tag.tickets);
        let why = tag.why.as_ref().map(|why| format!("  no topic: {why}")).unwrap_or_default();
        writeln!(out, "  {name:width$}  {count:>digits$}  {:>5.1} %{why}", tag.share * 100.0)?;
    }
    if stats.more_tags > 0 {
        writeln!(out, "  and {} more tags", grouped(stats.more_tags as u64))?;
    }
    Ok(())
}

fn line(out: &mut dyn Write, word: &str, value: &str) -> std::io::Result<()> {
    writeln!(out, "  {word:<12}  {value}")
}

/// `12,345`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
