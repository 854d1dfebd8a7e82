//! How long the stages take on Docent's own manual: `cargo bench`.
#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;
use std::sync::OnceLock;

use divan::{Bencher, black_box};
use docent::config::Config;
use docent::discover::DiscoverOptions;
use docent::model::Site;
use docent::parse::parse_page;
use docent::pipeline::{self, Options};
use docent::render::html::render_body;
use docent::search::document::Document;
use docent::search::tokens::Analyzer;
use docent::search::{Index, SearchOptions};

fn main() {
    divan::main();
}

fn site() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).to_owned();
        let discover = DiscoverOptions { dir, ..DiscoverOptions::default() };
        pipeline::check(&Options { discover, ..Options::default() }).unwrap().site
    })
}

fn documents() -> Vec<Document> {
    site().pages.iter().map(|page| Document::of(site(), page)).collect()
}

#[divan::bench]
fn parse_all_pages(bencher: Bencher) {
    let config = Config::default();
    bencher.bench(|| {
        for page in &site().pages {
            black_box(parse_page(&page.parsed.file, &page.parsed.content_path, &config));
        }
    });
}

/// Markdown to HTML; code blocks are remembered by their hash after the first round.
#[divan::bench]
fn render_all_bodies(bencher: Bencher) {
    bencher.bench(|| {
        for (id, page) in site().pages.iter().enumerate() {
            black_box(render_body(site(), id, &page.url));
        }
    });
}

#[divan::bench]
fn tokens_of_all_pages(bencher: Bencher) {
    let documents = documents();
    let mut analyzer = Analyzer::new("en");
    bencher.bench_local(|| {
        for section in documents.iter().flat_map(|document| &document.sections) {
            analyzer.each(&section.text, &mut |token| {
                black_box(token);
            });
        }
    });
}

#[divan::bench]
fn index_all_pages(bencher: Bencher) {
    let documents = documents();
    bencher.bench(|| Index::of(&documents, "en").unwrap());
}

#[divan::bench(args = [
    "disk full",
    "\"replication lag\" kind:runbook",
    "KubePodNotReady",
    "certificte expiry",
    "FATAL: remaining connection slots are reserved for non-replication superuser connections",
])]
fn search(bencher: Bencher, query: &str) {
    static INDEX: OnceLock<Index> = OnceLock::new();
    let index = INDEX.get_or_init(|| Index::of(&documents(), "en").unwrap());
    bencher.bench(|| index.search_with(query, SearchOptions::default()));
}
