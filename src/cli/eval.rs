//! `docent eval`: how well search finds what it must find.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::run::Run;
use super::terminal::Terminal;
use super::{Failure, Global};
use crate::diagnostic::format::Report;
use crate::diagnostic::human::visible;
use crate::error::Error;
use crate::model::Site;
use crate::pipeline::Joined;
use crate::search::Index;
use crate::search::document::Document;
use crate::search::eval::{self, Evaluation, Half, evaluate};
use crate::search::queries::{Least, Queries, Question, read_queries, write_queries};
use crate::source::SourceFile;

/// The queries of a knowledge base, unless the call names another file.
const FILE: &str = "queries.yml";

/// Widest query in the table, in characters.
const MAX_WIDTH: usize = 60;

/// Measures how well search finds what it must find
#[derive(Debug, Args)]
pub(super) struct Options {
    /// Queries with the pages that they must find [default: DIR/queries.yml]
    #[arg(value_name = "QUERIES.yml", conflicts_with_all = ["known_items", "typos"])]
    queries: Option<PathBuf>,
    /// Ask what the site's own links call their targets
    #[arg(long, conflicts_with = "typos")]
    known_items: bool,
    /// Only one half of these texts
    #[arg(long, value_enum, requires = "known_items")]
    half: Option<HalfName>,
    /// Search as if no link had these texts
    #[arg(long, requires = "known_items")]
    unseen: bool,
    /// Ask for titles with one letter mistyped
    #[arg(long)]
    typos: bool,
    /// Write the queries into this file instead of asking them
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// How the answers are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Fail if MRR@10 is less
    #[arg(long, value_name = "0..1", value_parser = share)]
    min_mrr: Option<f64>,
    /// Fail if less than this share of queries has a right page first
    #[arg(long, value_name = "0..1", value_parser = share)]
    min_success_1: Option<f64>,
    /// Fail if less than this share of queries has a right page among ten
    #[arg(long, value_name = "0..1", value_parser = share)]
    min_success_10: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table
    Human,
    /// Docent's own JSON
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum HalfName {
    /// The half to measure with
    HeldOut,
    /// The half to tune with
    Training,
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "it is no number between 0 and 1".to_owned())
}

pub(super) fn run(options: &Options, global: &Global, terminal: &mut Terminal) -> Result<u8, Failure> {
    let run = Run::new(None, global, terminal)?;
    let joined = run.join()?;
    run.progress.clear();
    let site = &joined.site;
    let (queries, is_usable) = if options.known_items {
        (made(eval::known_items(site, options.half.map(Half::from))), true)
    } else if options.typos {
        (made(eval::mistyped_titles(site)), true)
    } else {
        read(options, &run, &joined, terminal)?
    };
    if let Some(path) = &options.write {
        let text = write_queries(&queries.all, site);
        std::fs::write(path, text).map_err(|error| Error::io("write", path, error))?;
        terminal.say(&format!("{} queries in {}", queries.all.len(), path.display()));
        return Ok(u8::from(!is_usable));
    }
    if queries.all.is_empty() {
        if is_usable {
            terminal.error("there is nothing to ask");
        }
        return Ok(1);
    }
    let documents: Vec<Document> = if options.unseen {
        eval::unseen(site, &queries.all)
    } else {
        site.pages.iter().map(|page| Document::of(site, page)).collect()
    };
    let index = Index::of(&documents, &site.config.language)?;
    let evaluation = evaluate(&index, site, &queries.all);
    let least = Least {
        mrr: options.min_mrr.or(queries.least.mrr),
        success_1: options.min_success_1.or(queries.least.success_1),
        success_10: options.min_success_10.or(queries.least.success_10),
    };
    let report = Evaluated { site, questions: &queries.all, evaluation: &evaluation, least };
    match options.format {
        Format::Human => report.print(&terminal.shown_prefix(), terminal.out())?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut *terminal.out(), &report.json()).map_err(io::Error::from)?;
            writeln!(terminal.out())?;
        }
    }
    let failed =
        evaluation.measures(&least).into_iter().filter(|(_, is, least)| least.is_some_and(|l| *is < l));
    let failed: Vec<_> = failed.collect();
    for (name, is, least) in &failed {
        let least = least.unwrap_or_default();
        terminal.error(&format!("{name} is {is:.3}; it must be {least} or more"));
    }
    Ok(u8::from(!failed.is_empty() || !is_usable))
}

impl From<HalfName> for Half {
    fn from(half: HalfName) -> Self {
        match half {
            HalfName::HeldOut => Self::HeldOut,
            HalfName::Training => Self::Training,
        }
    }
}

fn made(all: Vec<Question>) -> Queries {
    Queries { all, least: Least::default() }
}

/// The queries of a file, and whether all of it can be used; what cannot is told.
#[expect(clippy::disallowed_methods, reason = "the queries are named by the call, not found in content")]
fn read(
    options: &Options,
    run: &Run,
    joined: &Joined,
    terminal: &Terminal,
) -> Result<(Queries, bool), Error> {
    let path = options.queries.clone().unwrap_or_else(|| run.dir.join(FILE));
    if options.queries.is_none() && !path.exists() {
        return Err(Error::Usage(format!(
            "there is no `{}`; write queries with their pages into it, or ask what links say: `--known-items`",
            path.display()
        )));
    }
    let text = std::fs::read_to_string(&path).map_err(|error| Error::io("read", &path, error))?;
    // Findings are shown below the knowledge base, or else by the whole path.
    let shown =
        path.strip_prefix(&run.dir).map_or_else(|_| std::path::absolute(&path), |path| Ok(path.into()));
    let shown: PathBuf = shown.map_err(|error| Error::io("read", &path, error))?;
    let file = Arc::new(SourceFile::new(shown.to_string_lossy().as_ref(), text));
    let (queries, findings) = read_queries(&file, &joined.site);
    let prefix = terminal.shown_prefix();
    if !findings.is_empty() {
        terminal.findings(&Report {
            findings: &findings,
            today: &joined.site.today,
            pages: joined.site.pages.len(),
            shown_prefix: if Path::new(&shown).is_absolute() { "" } else { &prefix },
            repository_prefix: &joined.sources.git.prefix,
            style: terminal.err_style(),
        });
    }
    Ok((queries, findings.is_empty()))
}

/// What is printed.
struct Evaluated<'a> {
    site: &'a Site,
    questions: &'a [Question],
    evaluation: &'a Evaluation,
    least: Least,
}

/// The same as Docent's own JSON.
#[derive(Serialize)]
struct Json<'a> {
    schema: u32,
    mrr: f64,
    success_1: f64,
    success_10: f64,
    least: JsonLeast,
    queries: Vec<JsonQuery<'a>>,
}

#[derive(Serialize)]
struct JsonLeast {
    mrr: Option<f64>,
    success_1: Option<f64>,
    success_10: Option<f64>,
}

#[derive(Serialize)]
struct JsonQuery<'a> {
    query: &'a str,
    pages: Vec<&'a str>,
    rank: Option<usize>,
    wrong: Option<&'a str>,
}

impl<'a> Evaluated<'a> {
    fn paths(&self, question: &Question) -> Vec<&'a str> {
        question.pages.iter().map(|page| self.site.pages[*page].parsed.file.path()).collect()
    }

    fn json(&self) -> Json<'a> {
        let Evaluation { answers, mrr, success_1, success_10 } = self.evaluation;
        let queries = self.questions.iter().zip(answers).map(|(question, answer)| JsonQuery {
            query: &question.text,
            pages: self.paths(question),
            rank: answer.rank,
            wrong: answer.wrong.as_deref(),
        });
        let rounded = |share: f64| (share * 1e6).round() / 1e6;
        Json {
            schema: 1,
            mrr: rounded(*mrr),
            success_1: rounded(*success_1),
            success_10: rounded(*success_10),
            least: JsonLeast {
                mrr: self.least.mrr,
                success_1: self.least.success_1,
                success_10: self.least.success_10,
            },
            queries: queries.collect(),
        }
    }

    /// A line for each query: its rank, its words, the page that is right, and the one that came first instead.
    fn print(&self, prefix: &str, out: &mut dyn Write) -> io::Result<()> {
        let shown: Vec<String> = self.questions.iter().map(|question| shortened(&question.text)).collect();
        let width =
            shown.iter().map(|query| query.chars().count()).max().unwrap_or_default().max("query".len());
        writeln!(out, "rank  {:width$}  page", "query")?;
        let answers = &self.evaluation.answers;
        for ((question, query), answer) in self.questions.iter().zip(&shown).zip(answers) {
            let rank = answer.rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string());
            let pages: Vec<String> = self
                .paths(question)
                .iter()
                .map(|path| visible(&format!("{prefix}{path}")).into_owned())
                .collect();
            let pages = if pages.is_empty() { "(gone)".to_owned() } else { pages.join(", ") };
            write!(out, "{rank:>4}  {query:width$}  {pages}")?;
            match &answer.wrong {
                Some(wrong) => writeln!(out, "; first is {}", visible(&format!("{prefix}{wrong}")))?,
                None if answer.rank.is_none() => writeln!(out, "; nothing is found")?,
                None => writeln!(out)?,
            }
        }
        let count = answers.len();
        writeln!(
            out,
            "\nMRR@10 {:.3}; right page first {:.1} %, among ten {:.1} %, of {count} {}",
            self.evaluation.mrr,
            self.evaluation.success_1 * 100.0,
            self.evaluation.success_10 * 100.0,
            if count == 1 { "query" } else { "queries" },
        )
    }
}

fn shortened(text: &str) -> String {
    let text = visible(text.trim());
    match text.char_indices().nth(MAX_WIDTH) {
        Some(_) => text.chars().take(MAX_WIDTH - 1).chain(['…']).collect(),
        None => text.into_owned(),
    }
}
