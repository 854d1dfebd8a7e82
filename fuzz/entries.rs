//! The doors through which text from outside comes in, each as one function that must not panic.
//!
//! The fuzz targets beside this file and the smoke test in `tests/suite/mutations.rs` share it.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use docent::check::check_site;
use docent::config::Config;
use docent::config::tickets::{SYSTEMS, TicketSystem};
use docent::discover::{Exports, Sources, git::GitFacts};
use docent::model::owners::Owners;
use docent::model::{ModelOptions, Site, build_site};
use docent::parse::{front_matter, parse_page};
use docent::render::html::render_body;
use docent::search::document::Document;
use docent::search::query::Query;
use docent::search::{Index, SearchOptions};
use docent::source::{SharedFile, SourceFile};
use docent::tickets::{Tickets, read_export};

/// A door: takes any text.
pub type Entry = fn(&str);

/// All of them, by the name of their target.
pub const ALL: &[(&str, Entry)] = &[
    ("front_matter", read_front_matter),
    ("markdown", read_markdown),
    ("config", read_config),
    ("codeowners", read_codeowners),
    ("query", read_query),
    ("links", read_links),
    ("tickets", read_tickets),
];

/// The YAML between the fences of a page.
pub fn read_front_matter(text: &str) {
    let page = file("page.md", &format!("---\n{text}\n---\n\n# Page\n"));
    let (_, body, findings) = front_matter::parse(&page, "page.md", &Config::default());
    assert!(body.range().end <= page.text().len());
    for label in findings.iter().filter_map(|finding| finding.primary.as_ref()) {
        assert!(label.file.text().get(label.span.range()).is_some(), "a label cuts a character");
    }
}

/// A page, read, joined, checked, rendered and indexed.
pub fn read_markdown(text: &str) {
    let site = site(&[("other.md", "# Other\n\n[back](page.md)\n"), ("page.md", text)]);
    check_site(&site);
    for page in 0..site.pages.len() {
        render_body(&site, page, &site.pages[page].url);
        Document::of(&site, &site.pages[page]);
    }
}

/// `docent.yaml`.
pub fn read_config(text: &str) {
    let _ = Config::parse(&file("docent.yaml", text));
}

/// `CODEOWNERS`.
pub fn read_codeowners(text: &str) {
    let (owners, _) = Owners::parse(None, Some(&file("CODEOWNERS", text)));
    owners.of("docs/runbooks/disk full.md");
}

/// What a person types or pastes.
pub fn read_query(text: &str) {
    static INDEX: OnceLock<Option<Index>> = OnceLock::new();
    let index = INDEX.get_or_init(|| {
        let page = "---\ntags: [a b]\nalerts: [DiskFull]\n---\n\n# Disk full\n\nENOSPC on the node, 検索\n";
        let site = site(&[("disk.md", page), ("queue.md", "# Queue\n\nSee [the disk](disk.md).\n")]);
        let documents: Vec<Document> = site.pages.iter().map(|page| Document::of(&site, page)).collect();
        Index::of(&documents, "en").ok()
    });
    Query::parse(text, true);
    for prefix in [false, true] {
        let results =
            index.as_ref().map(|index| index.search_with(text, SearchOptions { limit: 10, prefix }));
        for hit in results.iter().flat_map(|results| &results.hits) {
            assert!(
                hit.snippet.marks.iter().all(|(start, end)| hit.snippet.text.get(*start..*end).is_some())
            );
        }
    }
}

/// The destination of a link, in every form.
pub fn read_links(text: &str) {
    let text = text.replace('\n', " ");
    let page = format!(
        "# Page\n\n[a]({text}) [b](<{text}>) [[{text}]] [c][c] <a href=\"{text}\">d</a>\n\n[c]: {text}\n"
    );
    read_markdown(&page);
}

/// A ticket export, as JSON or CSV, of every system.
pub fn read_tickets(text: &str) {
    for (word, system) in SYSTEMS {
        let mapping =
            if *system == TicketSystem::Table { ", mapping: { id: id, created: created_at }" } else { "" };
        let config = format!("tickets: [{{ source: {word}, path: x{mapping} }}]\n");
        let Ok(config) = Config::parse(&file("docent.yaml", &config)) else { continue };
        let mut tickets = Tickets::default();
        let read =
            read_export(text.as_bytes(), &config.tickets[0], Some("https://kb.example/"), &mut tickets);
        tickets.finish();
        for ticket in tickets.iter() {
            assert!(ticket.tags.iter().all(|tag| !tickets.tag_name(*tag).is_empty() || text.contains('"')));
        }
        assert!(read.is_err() || read.is_ok_and(|report| report.tickets >= tickets.len()));
    }
}

fn file(path: &str, text: &str) -> SharedFile {
    Arc::new(SourceFile::new(path, text))
}

fn site(pages: &[(&str, &str)]) -> Site {
    let pages: Vec<SharedFile> = pages.iter().map(|(path, text)| file(path, text)).collect();
    let config = Config { own_hosts: vec!["kb.example".into()], ..Config::default() };
    let parsed =
        pages.iter().filter_map(|page| parse_page(page, page.path(), &config).0.map(Into::into)).collect();
    let sources = Sources {
        dir: PathBuf::from("/kb"),
        config,
        content_dir: String::new(),
        pages,
        files: Vec::new(),
        folders: vec![String::new(), "runbooks".into()],
        withheld: Vec::new(),
        theme: Vec::new(),
        owners: None,
        codeowners: None,
        git: GitFacts::default(),
        exports: Exports::default(),
        completions: Vec::new(),
    };
    build_site(parsed, &sources, &ModelOptions { today: "2026-01-01".into(), ..ModelOptions::default() }).0
}
