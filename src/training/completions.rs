//! Who completed what: `completions/*.yml` → [`Completions`].
//!
//! In: the files of records, and the site that they are about. Out: one [`Completion`] for each record
//! that can be used, and findings about the others. Whether a person exists is nobody's business here:
//! people come and go without a line in the repository. Not here: what follows from it (`people`).
//!
//! ```yaml
//! - person: "@ana"
//!   module: module.linux-basics
//!   date: 2026-09-01
//!   level: 1                  # how far; else what the module teaches
//!   verified_by: "@vijay"
//! ```

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::diagnostic::rules::training::{
    COMPLETION_DATE, COMPLETION_TWICE, INVALID_COMPLETION, UNKNOWN_LEVEL, UNKNOWN_MODULE,
};
use crate::diagnostic::{Diagnostic, Rule, nearest};
use crate::model::graph::parse_level;
use crate::model::names::PageNames;
use crate::model::owners::plain_name;
use crate::model::{PageId, Site};
use crate::source::{SharedFile, Span};
use crate::yaml::{self, Node, Value, YamlRules};

/// The keys of a record, and what they are.
pub const KEYS: &[(&str, &str)] = &[
    ("person", "Who completed it. Required."),
    ("module", "The module, by its `id`. Required."),
    ("date", "The day, `YYYY-MM-DD`. Required."),
    ("level", "How far, as the number behind `@` of a skill; else what the module teaches."),
    ("verified_by", "Who saw it; without it, the person says so."),
];

/// Most records that are read.
const MAX_RECORDS: usize = 100_000;

/// Every record that can be used.
#[derive(Clone, Debug, Default)]
pub struct Completions {
    /// Sorted by person, module and day.
    pub all: Vec<Completion>,
}

/// Somebody completed a module.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Completion {
    /// The name as names are compared.
    pub person: String,
    /// The module.
    pub module: PageId,
    /// The day.
    pub date: Date,
    /// The name as it is written.
    pub written: String,
    /// How far, if the record says so and the module goes so far.
    pub level: Option<u8>,
    /// Who saw it.
    pub verified_by: Option<String>,
}

/// Reads the records.
pub fn read_completions(files: &[SharedFile], site: &Site) -> (Completions, Vec<Diagnostic>) {
    let today = site.today.parse().unwrap_or(Date::MAX);
    let mut reader = Reader {
        site,
        today,
        names: PageNames::new(site),
        seen: BTreeMap::new(),
        records: 0,
        found: Vec::new(),
        findings: Vec::new(),
    };
    for file in files {
        reader.read_file(file);
    }
    let mut all = reader.found;
    all.sort();
    (Completions { all }, reader.findings)
}

struct Reader<'s> {
    site: &'s Site,
    today: Date,
    names: PageNames,
    /// Where each record stands.
    seen: BTreeMap<(String, PageId, Date), (SharedFile, Span)>,
    records: usize,
    found: Vec<Completion>,
    findings: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn read_file(&mut self, file: &SharedFile) {
        let rules = YamlRules { syntax: &INVALID_COMPLETION, duplicate: &INVALID_COMPLETION };
        let root = match yaml::parse(file, Span::new(0, file.text().len()), rules) {
            Ok(root) => root,
            Err(found) => return self.findings.extend(found),
        };
        for record in root.items() {
            if self.records == MAX_RECORDS {
                let message =
                    format!("more than {MAX_RECORDS} records; this one and those after it are not read");
                let start = Span { end: record.span.start, ..record.span };
                return self.report(
                    &INVALID_COMPLETION,
                    file,
                    start,
                    message,
                    "remove records that are years old",
                );
            }
            self.records += 1;
            self.read_record(file, record);
        }
    }

    fn read_record(&mut self, file: &SharedFile, record: &Node) {
        if !matches!(record.value, Value::Map(_)) {
            let message = format!("a record takes keys, not {}", record.what());
            let help = "write `- { person: \"@ana\", module: module.linux-basics, date: 2026-09-01 }`";
            return self.report(&INVALID_COMPLETION, file, first_line(file, record.span), message, help);
        }
        let mut misspelt = Vec::new();
        for (key, _) in record.entries() {
            let known = KEYS.iter().map(|(name, _)| *name);
            if known.clone().any(|known| known == key.value) {
                continue;
            }
            let finding =
                Diagnostic::new(&INVALID_COMPLETION, format!("a record has no key `{}`", key.value))
                    .at(file, key.span, "");
            let near = nearest(&key.value, known.clone());
            misspelt.extend(near);
            self.findings.push(if let Some(near) = near {
                finding.meant(near)
            } else {
                let known: Vec<String> = known.map(|name| format!("`{name}`")).collect();
                finding.help(format!("a record has {}", known.join(", ")))
            });
        }
        let mut value = |key: &str, required: bool| -> Option<(String, Span)> {
            let node = record.get(key).filter(|node| node.value != Value::Null);
            let text = node
                .and_then(Node::text)
                .map(str::trim)
                .filter(|text| !text.is_empty() && !text.contains('\n'));
            match (node, text) {
                (Some(node), Some(text)) => return Some((text.to_owned(), node.span)),
                (Some(node), None) => {
                    let message = format!("`{key}` takes a text on one line, not {}", node.what());
                    let place = first_line(file, node.span);
                    self.report(&INVALID_COMPLETION, file, place, message, "write one name, day or number");
                }
                (None, _) if required && !misspelt.contains(&key) => {
                    let message = format!("the record has no `{key}`");
                    let place = record.entries().first().map_or(record.span, |(key, _)| key.span);
                    let help = format!("add `{key}:`, or take the record out");
                    self.report(&INVALID_COMPLETION, file, place, message, &help);
                }
                (None, _) => {}
            }
            None
        };
        let person = value("person", true);
        let module = value("module", true);
        let date = value("date", true);
        let level = value("level", false);
        let verified_by = value("verified_by", false).map(|(name, _)| name);
        let module = module.and_then(|(written, span)| self.find_module(file, &written, span));
        let date = date.and_then(|(written, span)| Some((self.read_date(file, &written, span)?, span)));
        let level = level.and_then(|(written, span)| self.read_level(file, &written, span, module?));
        let (Some((written, _)), Some(module), Some((date, place))) = (person, module, date) else { return };
        let person = plain_name(&written);
        if let Some((first, span)) = self.seen.get(&(person.clone(), module, date)) {
            let title = &self.site.pages[module].title;
            let message = format!("`{written}` completed “{title}” on {date} in another record too");
            let finding = Diagnostic::new(&COMPLETION_TWICE, message).at(file, place, "");
            let finding = finding.and(first, *span, "first here").help("keep one of the two");
            self.findings.push(finding);
            return;
        }
        self.seen.insert((person.clone(), module, date), (file.clone(), place));
        self.found.push(Completion { person, module, date, written, level, verified_by });
    }

    fn find_module(&mut self, file: &SharedFile, written: &str, span: Span) -> Option<PageId> {
        let pages = &self.site.pages;
        match self.names.find(written, None) {
            Some(page) if pages[page].kind == "module" => Some(page),
            Some(page) => {
                let message = format!("`{written}` is of kind `{}` and no module", pages[page].kind);
                self.report(
                    &UNKNOWN_MODULE,
                    file,
                    span,
                    message,
                    "people complete modules; name one by its `id`",
                );
                None
            }
            None => {
                let modules = pages.iter().filter(|page| page.kind == "module");
                let ids = modules.filter_map(|page| Some(page.parsed.front.id.as_ref()?.value.as_str()));
                let message = format!("there is no module `{written}`");
                let finding = Diagnostic::new(&UNKNOWN_MODULE, message).at(file, span, "");
                self.findings.push(match nearest(written, ids) {
                    Some(near) => finding.meant(near),
                    None => finding.help("name a module by its `id`"),
                });
                None
            }
        }
    }

    fn read_date(&mut self, file: &SharedFile, written: &str, span: Span) -> Option<Date> {
        let help = "write the day of the completion as year, month and day, as in `2026-09-01`";
        match written.parse::<Date>().ok().filter(|date| date.to_string() == written) {
            Some(date) if date <= self.today => Some(date),
            Some(_) => {
                let message = format!("`{written}` is still to come");
                self.report(&COMPLETION_DATE, file, span, message, help);
                None
            }
            None => {
                self.report(&COMPLETION_DATE, file, span, format!("`{written}` is no day"), help);
                None
            }
        }
    }

    fn read_level(&mut self, file: &SharedFile, written: &str, span: Span, module: PageId) -> Option<u8> {
        let teaches = &self.site.graph.of_page[module].teaches;
        let title = &self.site.pages[module].title;
        let (message, help) = match (teaches.iter().map(|skill| skill.level).max(), parse_level(written)) {
            (Some(most), Some(level)) if level <= most => return Some(level),
            (None, _) => {
                (format!("“{title}” teaches no skill, so it has no level"), "take the level out".to_owned())
            }
            (Some(most), _) => (
                format!("`{written}` is no level of “{title}”"),
                match most {
                    1 => "it teaches the first level only; take the level out".to_owned(),
                    _ => format!("write a number from 1 to {most}"),
                },
            ),
        };
        self.report(&UNKNOWN_LEVEL, file, span, message, &help);
        None
    }

    fn report(&mut self, rule: &'static Rule, file: &SharedFile, span: Span, message: String, help: &str) {
        self.findings.push(Diagnostic::new(rule, message).at(file, span, "").help(help));
    }
}

/// A long value is shown by its first line.
fn first_line(file: &SharedFile, span: Span) -> Span {
    let line = file.slice(span).lines().next().unwrap_or_default();
    Span { end: span.start + line.len() as u32, ..span }
}
