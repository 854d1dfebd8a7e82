//! `queries.yml`: queries with the pages that they must find → [`Queries`], and back.
//!
//! In: the file and the site. Out: what can be used of it, and a finding for what cannot. Not here:
//! asking them (`eval`).
//!
//! ```yaml
//! min_mrr: 0.9
//! queries:
//!   disk full: runbooks/disk-full.md
//!   no leader: [runbooks/patroni.md, /training/databases/]
//! ```

use crate::diagnostic::rules::search::INVALID_QUERIES;
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::names::PageNames;
use crate::model::{PageId, Site};
use crate::source::{SharedFile, Span, Spanned};
use crate::yaml::{self, Node, Value, YamlRules};

/// The keys of the file, and what they are.
pub const KEYS: &[(&str, &str)] = &[
    ("queries", "Each query with the page, or the pages, that it must find. Required."),
    ("min_mrr", "Least mean of 1 ÷ rank of the first right page, 0 beyond the tenth."),
    ("min_success_1", "Least share of queries whose first page is right."),
    ("min_success_10", "Least share of queries with a right page among the first ten."),
];

/// Most queries that are read.
const MAX_QUERIES: usize = 100_000;

/// What is asked, and which pages are right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// As it is typed or pasted.
    pub text: String,
    /// The right pages, in the order given; none if all of them are gone.
    pub pages: Vec<PageId>,
}

/// What must be reached, each between 0 and 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Least {
    /// Mean reciprocal rank among ten.
    pub mrr: Option<f64>,
    /// Share of queries whose first page is right.
    pub success_1: Option<f64>,
    /// Share of queries with a right page among ten.
    pub success_10: Option<f64>,
}

/// A file of queries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Queries {
    /// The queries, in the order of the file.
    pub all: Vec<Question>,
    /// What must be reached.
    pub least: Least,
}

/// Reads a file of queries.
pub fn read_queries(file: &SharedFile, site: &Site) -> (Queries, Vec<Diagnostic>) {
    let rules = YamlRules { syntax: &INVALID_QUERIES, duplicate: &INVALID_QUERIES };
    let root = match yaml::parse(file, Span::new(0, file.text().len()), rules) {
        Ok(root) => root,
        Err(findings) => return (Queries::default(), findings),
    };
    let mut reader = Reader { file, site, names: PageNames::new(site), findings: Vec::new() };
    let queries = reader.read(&root);
    (queries, reader.findings)
}

struct Reader<'s> {
    file: &'s SharedFile,
    site: &'s Site,
    names: PageNames,
    findings: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn read(&mut self, root: &Node) -> Queries {
        let mut queries = Queries::default();
        if !matches!(root.value, Value::Map(_)) {
            let message = format!("the file takes keys, not {}", root.what());
            self.report(
                root.span,
                message,
                "write `queries:` and below it `disk full: runbooks/disk-full.md`",
            );
            return queries;
        }
        let mut misspelt = Vec::new();
        for (key, value) in root.entries() {
            match key.value.as_str() {
                "queries" => queries.all = self.read_all(value),
                "min_mrr" => queries.least.mrr = self.read_least(key, value),
                "min_success_1" => queries.least.success_1 = self.read_least(key, value),
                "min_success_10" => queries.least.success_10 = self.read_least(key, value),
                _ => misspelt.extend(self.unknown_key(key)),
            }
        }
        if root.get("queries").is_none() && !misspelt.contains(&"queries") {
            let first = root.entries().first().map_or(root.span, |(key, _)| key.span);
            self.report(first, "the file has no `queries`".into(), "put the queries below a key `queries:`");
        }
        queries
    }

    /// Tells of a key that does not exist; the one that was meant, if that is plain.
    fn unknown_key(&mut self, key: &Spanned<String>) -> Option<&'static str> {
        let known = KEYS.iter().map(|(name, _)| *name);
        let near = nearest(&key.value, known.clone());
        let message = format!("a file of queries has no key `{}`", key.value);
        let finding = Diagnostic::new(&INVALID_QUERIES, message).at(self.file, key.span, "unknown key");
        self.findings.push(if let Some(near) = near {
            finding.meant(near)
        } else {
            let known: Vec<String> = known.map(|name| format!("`{name}`")).collect();
            finding.help(format!("known keys: {}; queries stand below `queries:`", known.join(", ")))
        });
        near
    }

    fn read_least(&mut self, key: &Spanned<String>, node: &Node) -> Option<f64> {
        let least =
            node.text().and_then(|text| text.parse().ok()).filter(|least| (0.0..=1.0).contains(least));
        if least.is_none() {
            let message = format!("`{}` takes a number between 0 and 1, not {}", key.value, node.what());
            self.report(node.span, message, "write it as in `min_mrr: 0.9`");
        }
        least
    }

    fn read_all(&mut self, node: &Node) -> Vec<Question> {
        if !matches!(node.value, Value::Map(_)) {
            let message = format!("`queries` takes a page for each query, not {}", node.what());
            self.report(node.span, message, "write each as in `disk full: runbooks/disk-full.md`");
        }
        let mut queries = Vec::new();
        for (text, pages) in node.entries() {
            if queries.len() == MAX_QUERIES {
                let message =
                    format!("more than {MAX_QUERIES} queries; this one and those after it are not asked");
                self.report(text.span, message, "ask fewer");
                break;
            }
            if text.value.trim().is_empty() {
                self.report(text.span, "the query is empty".into(), "write some words, or take it out");
                continue;
            }
            queries.push(Question { text: text.value.clone(), pages: self.read_pages(text, pages) });
        }
        queries
    }

    fn read_pages(&mut self, query: &Spanned<String>, node: &Node) -> Vec<PageId> {
        let mut pages = Vec::new();
        if node.items().is_empty() {
            let message = format!("no page is named for `{}`", query.value);
            self.report(query.span, message, "name the page that must be found");
        }
        for item in node.items() {
            let Some(written) = item.text().map(str::trim).filter(|text| !text.is_empty()) else {
                let message = format!("a query leads to a page or a list of pages, not to {}", item.what());
                self.report(
                    item.span,
                    message,
                    "write each page as its path, such as `runbooks/disk-full.md`",
                );
                continue;
            };
            match self.find(written) {
                Some(page) if pages.contains(&page) => {
                    let path = self.site.pages[page].parsed.file.path();
                    let message = format!("`{path}` is named twice for `{}`", query.value);
                    self.report(item.span, message, "keep one of the two");
                }
                Some(page) => pages.push(page),
                None => self.unknown_page(written, item.span),
            }
        }
        pages
    }

    /// The page of a path (from the content directory or the knowledge base), an address or an id.
    fn find(&self, written: &str) -> Option<PageId> {
        let bare = written.split('#').next().unwrap_or(written);
        let from_root = || self.site.pages.iter().position(|page| page.parsed.file.path() == bare);
        self.names.find(bare, None).or_else(from_root)
    }

    fn unknown_page(&mut self, written: &str, span: Span) {
        let message = format!("no published page is `{written}`");
        let finding = Diagnostic::new(&INVALID_QUERIES, message).at(self.file, span, "");
        let paths = self.site.pages.iter().map(|page| page.parsed.content_path.as_str());
        let name = written.trim_end_matches('/').rsplit('/').next().unwrap_or(written);
        let moved = || {
            let mut same = paths.clone().filter(|path| path.rsplit('/').next() == Some(name));
            same.next().filter(|_| same.next().is_none())
        };
        self.findings.push(match nearest(written, paths.clone()).or_else(moved) {
            Some(near) => finding.meant(near),
            None => finding.help("a page is named by its path, its address or its `id`"),
        });
    }

    fn report(&mut self, span: Span, message: String, help: &str) {
        // A value over several lines is shown by its first.
        let text = self.file.slice(span);
        let length = text.find('\n').unwrap_or(text.len());
        let span = Span::new(span.start as usize, span.start as usize + length);
        self.findings.push(Diagnostic::new(&INVALID_QUERIES, message).at(self.file, span, "").help(help));
    }
}

/// The same queries as a file; [`read_queries`] gives them back.
pub fn write_queries(queries: &[Question], site: &Site) -> String {
    let lines = queries.iter().map(|query| {
        let path = |page: &PageId| quoted(&site.pages[*page].parsed.content_path);
        let pages: Vec<String> = query.pages.iter().map(path).collect();
        let pages = if let [page] = &pages[..] { page.clone() } else { format!("[{}]", pages.join(", ")) };
        format!("  {}: {pages}\n", quoted(&query.text))
    });
    std::iter::once("queries:\n".to_owned()).chain(lines).collect()
}

/// A text in double quotes; what JSON escapes, YAML reads.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
