//! The browser and the terminal agree on real content: the same pages in the same order with the same
//! scores, sections and snippets, for thousands of queries of every kind; and how much is loaded.

use std::path::Path;
use std::time::Duration;

use docent::discover::DiscoverOptions;
use docent::pipeline::{self, Options};
use docent::search::document::Document;
use docent::search::tokens::compounds;
use docent::search::{Answer, Index};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::search_client::{Asked, ask, differences, export};
use crate::serve::Server;
use crate::support;

fn documents(dir: &Path) -> Vec<Document> {
    let discover = DiscoverOptions { dir: dir.to_owned(), ..DiscoverOptions::default() };
    let site = pipeline::check(&Options { discover, ..Options::default() }).unwrap().site;
    site.pages.iter().map(|page| Document::of(&site, page)).collect()
}

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// What queries are made of.
struct Stock {
    documents: Vec<Document>,
    lines: Vec<String>,
    words: Vec<String>,
    names: Vec<String>,
}

impl Stock {
    fn new(documents: Vec<Document>) -> Self {
        let texts = documents.iter().flat_map(|page| page.sections.iter());
        let lines: Vec<String> = texts
            .flat_map(|section| section.text.lines())
            .filter(|line| line.len() > 3)
            .map(str::to_owned)
            .collect();
        let (mut words, mut names) = (Vec::new(), Vec::new());
        for line in &lines {
            for compound in compounds(line) {
                let list = if compound.is_name(line) { &mut names } else { &mut words };
                list.push(line[compound.range].to_owned());
            }
        }
        Self { documents, lines, words, names }
    }

    fn query(&self, chance: &mut Chance) -> Asked {
        let typed = |query| Asked { query, prefix: false };
        let count = 1 + chance.below(4);
        let words = (0..count).map(|_| chance.of(&self.words).clone()).collect::<Vec<_>>().join(" ");
        let word = chance.of(&self.words).clone();
        let name = chance.of(&self.names);
        match chance.below(16) {
            0 | 1 => typed(words),
            2 | 3 => Asked { query: beginning(chance, &words), prefix: true },
            4 => typed(format!("\"{}\"", self.side_by_side(chance))),
            5 => typed(format!("{words} \"{}\"", self.side_by_side(chance))),
            6 => typed(format!("+{word} {words} -{}", chance.of(&self.words))),
            7 => typed(format!("{} {words}", self.filter(chance))),
            8 => typed(format!("{} {}", self.filter(chance), self.filter(chance))),
            9 => typed({
                let title = chance.of(&self.documents).title.to_lowercase();
                with_slip(chance, &title)
            }),
            10 => typed(with_slip(chance, &word)),
            11 => typed(name.clone()),
            12 => typed(format!("{name} {words}")),
            13 => typed(self.pasted(chance)),
            14 => Asked { query: with_slip(chance, &words), prefix: true },
            _ => typed(odd(chance, &words)),
        }
    }

    /// A few words as they stand in a page.
    fn side_by_side(&self, chance: &mut Chance) -> String {
        let line = chance.of(&self.lines);
        let found: Vec<_> = compounds(line).collect();
        if found.is_empty() {
            return line.replace('"', "");
        }
        let from = chance.below(found.len());
        let to = (from + 1 + chance.below(4)).min(found.len() - 1).max(from);
        line[found[from].range.start..found[to].range.end].replace('"', "")
    }

    fn filter(&self, chance: &mut Chance) -> String {
        let page = chance.of(&self.documents);
        let not = if chance.below(4) == 0 { "-" } else { "" };
        let quoted = |text: &String| if text.contains(' ') { format!("\"{text}\"") } else { text.clone() };
        let filter = match chance.below(7) {
            0 => format!("kind:{}", page.kind),
            1 if !page.tags.is_empty() => format!("tag:{}", quoted(chance.of(&page.tags))),
            2 if !page.owners.is_empty() => format!("owner:{}", quoted(chance.of(&page.owners))),
            3 => format!("title:{}", quoted(&page.title.replace('"', ""))),
            4 if chance.below(3) == 0 => "kind:nothing".to_owned(),
            5 => format!("fresh:{}", chance.of(&["trusted", "due", "doubtful", "fresh", "freshh", "x"])),
            6 if chance.below(3) == 0 => format!("kind:{}", with_slip(chance, &page.kind)),
            _ => format!("path:{}", page.path.split('/').next().unwrap_or_default()),
        };
        format!("{not}{filter}")
    }

    /// A line of a log, a stack trace, or what an alert manager sends.
    fn pasted(&self, chance: &mut Chance) -> String {
        let line = chance.of(&self.lines).clone();
        match chance.below(4) {
            0 => format!(
                "2024-03-0{}T10:31:07Z host-{} error: {line}\n",
                1 + chance.below(8),
                chance.below(100)
            ),
            1 => format!(
                "{{\"alerts\": [{{\"labels\": {{\"alertname\": \"{}\", \"severity\": \"s1\", \"job\": \"{}\"}}}}]}}",
                chance.of(&self.names),
                chance.of(&self.words)
            ),
            2 => format!(
                "{line}\n  at {} ({}.rb:{})\n{}",
                chance.of(&self.names),
                chance.of(&self.words),
                chance.below(999),
                chance.of(&self.lines)
            ),
            _ => format!("alertname={} {line}", chance.of(&self.names)),
        }
    }
}

fn beginning(chance: &mut Chance, text: &str) -> String {
    let cut = chance.below(4);
    let length = text.chars().count().saturating_sub(cut).max(1);
    text.chars().take(length).collect()
}

/// One letter left out, doubled, replaced or swapped with the next.
fn with_slip(chance: &mut Chance, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = chance.below(letters.len());
    match chance.below(4) {
        _ if letters.is_empty() => {}
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letters[at]),
        2 => letters[at] = 'x',
        _ if at + 1 < letters.len() => letters.swap(at, at + 1),
        _ => {}
    }
    letters.into_iter().collect()
}

/// What nobody should type, and somebody does.
fn odd(chance: &mut Chance, text: &str) -> String {
    let around = [
        "-",
        "+",
        "\"",
        "(",
        "a:(^",
        "kind:",
        "title:\"",
        "*",
        "日本語 検索",
        "ﬁle ½ İstanbul",
        "Ünïcödé",
        "\u{0}\u{1b}[31m",
        "10.0.0.1:5432",
        "deadbeef01",
        "👩‍👩‍👧 ",
        "--force -rf",
        "x.md",
        "ΣΊΣΥΦΟΣ",
        "é",
        "ｶﾞ",
        "\u{feff}",
        "…",
    ];
    format!("{}{text} {}", chance.of(&around), chance.of(&around))
}

/// All of them where nothing may be skipped, else a part.
fn count() -> usize {
    if std::env::var_os("DOCENT_REQUIRE_ALL").is_some() { 2_000 } else { 500 }
}

fn agrees(name: &str, count: usize) {
    let Some(dir) = support::corpus(name) else { return };
    let stock = Stock::new(documents(&dir));
    let states = ["fresh", "doubtful", "due", "evergreen", "", "broken"]
        .iter()
        .cycle()
        .map(|state| (*state).to_owned());
    let states = states.take(stock.documents.len()).collect();
    let index = Index::of(&stock.documents, "en").unwrap().with_states(states);
    let site = tempfile::tempdir().unwrap();
    export(&index, site.path());
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let asked: Vec<Asked> = (0..count).map(|_| stock.query(&mut chance)).collect();
    let Some(answers) = ask(site.path(), &asked, false) else { return };
    let answers = answers.unwrap();
    let found = differences(&index, &asked, &answers);
    let hits = answers.iter().filter(|answer| !answer.hits.is_empty()).count();
    let mended = answers.iter().filter(|answer| answer.corrected.is_some()).count();
    eprintln!("{name}: {} of {count} queries differ; {hits} find pages, {mended} were mended", found.len());
    assert!(found.is_empty(), "{}", found.iter().take(10).cloned().collect::<Vec<_>>().join("\n"));
    assert!(hits * 10 > count * 8 && mended * 20 > count, "the queries say little: {hits}, {mended}");
}

#[test]
fn the_browser_agrees_with_the_terminal_on_queries_of_every_kind_in_runbooks() {
    agrees("gitlab-runbooks", count());
}

#[test]
fn the_browser_agrees_with_the_terminal_on_queries_of_every_kind_in_support_pages() {
    agrees("gitlab-support", count());
}

fn agrees_over_http(name: &str) {
    let Some(dir) = support::corpus(name) else { return };
    let cache = tempfile::tempdir().unwrap();
    let server = Server::start(&dir, &["--port", "0", "--cache", cache.path().to_str().unwrap()]);
    let checked = pipeline::check(&support::options(&dir)).unwrap();
    let (index, _) = pipeline::export_search(&checked, &cache.path().join("own")).unwrap();
    let stock = Stock::new(documents(&dir));
    let mut chance = Chance(0x2545_F491_4F6C_DD1D);
    let mut hits = 0;
    for _ in 0..count() {
        let query = stock.query(&mut chance).query;
        if query.trim().is_empty() {
            continue;
        }
        let encoded = utf8_percent_encode(&query, NON_ALPHANUMERIC);
        let body = server.gets(&format!("/api/search?q={encoded}")).body;
        let mut found: Value =
            serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {query:?}: {body}"));
        let results = index.search(&query, 10);
        let wanted = serde_json::to_string(&Answer::of(&results, Duration::ZERO)).unwrap();
        let mut wanted: Value = serde_json::from_str(&wanted).unwrap();
        for answer in [&mut found, &mut wanted] {
            answer["took_ms"] = Value::Null;
        }
        assert_eq!(found, wanted, "{query:?}");
        hits += usize::from(!results.hits.is_empty());
    }
    assert!(hits * 10 > count() * 8, "the queries say little: {hits}");
}

#[test]
fn http_agrees_with_the_terminal_on_queries_of_every_kind_in_runbooks() {
    agrees_over_http("gitlab-runbooks");
}

#[test]
fn http_agrees_with_the_terminal_on_queries_of_every_kind_in_support_pages() {
    agrees_over_http("gitlab-support");
}

/// Texts of links to a page as somebody types them, the last word perhaps half.
fn known_items(documents: &[Document]) -> Vec<Asked> {
    let mut texts: Vec<&String> = documents.iter().flat_map(|page| &page.link_texts).collect();
    texts.retain(|text| text.chars().filter(|c| c.is_alphabetic()).count() >= 3);
    texts.sort_unstable();
    texts.dedup();
    texts.iter().step_by(5).map(|text| Asked { query: text.to_lowercase(), prefix: true }).collect()
}

/// What a reader's first search loads of the index, until the titles are there.
#[test]
fn a_first_search_loads_little_of_the_index() {
    for name in ["gitlab-runbooks", "gitlab-support"] {
        let Some(dir) = support::corpus(name) else { continue };
        let documents = documents(&dir);
        let index = Index::of(&documents, "en").unwrap();
        let site = tempfile::tempdir().unwrap();
        export(&index, site.path());
        let asked = known_items(&documents);
        let Some(answers) = ask(site.path(), &asked, true) else { return };
        let mut bytes: Vec<usize> = answers.unwrap().iter().map(|answer| answer.bytes).collect();
        bytes.sort_unstable();
        let mean = bytes.iter().sum::<usize>() / bytes.len();
        let p95 = bytes[bytes.len() * 95 / 100];
        let text: usize = documents
            .iter()
            .flat_map(|page| &page.sections)
            .map(|section| section.text.len() + section.heading.len())
            .sum();
        let sizes = sizes(&index);
        let of = |names: &[&str]| {
            sizes
                .iter()
                .filter(|(name, _)| names.contains(&name.as_str()))
                .map(|(_, size)| size)
                .sum::<usize>()
        };
        let share = |size: usize| size as f64 / text as f64;
        let all: usize = sizes.values().sum();
        let (ranking, positions) = (of(&["root", "t", "h", "d", "search.json"]), of(&["p", "q"]));
        eprintln!(
            "{name}: {} pages, {text} bytes of text; first search {mean} bytes, p95 {p95}; {} queries; ranking {:.3}, positions {:.3}, all {:.3} of the text; {sizes:?}",
            documents.len(),
            bytes.len(),
            share(ranking),
            share(positions),
            share(all),
        );
        assert!(mean <= 12_000 && p95 <= 20_000, "{mean}, {p95}");
        assert!(share(ranking) <= 0.15 && share(positions) <= 0.23 && share(all) <= 0.9);
    }
}

/// Bytes of the files by the table that they belong to.
fn sizes(index: &Index) -> std::collections::BTreeMap<String, usize> {
    let mut sizes = std::collections::BTreeMap::new();
    for file in index.export().unwrap() {
        let name = file.path.split('/').nth(2).unwrap_or(&file.path);
        *sizes.entry(name.to_owned()).or_default() += file.content.len();
    }
    sizes
}
