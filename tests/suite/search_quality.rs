//! Claims about how good search is, on real content: what its authors call a page finds the page.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use docent::discover::DiscoverOptions;
use docent::model::Site;
use docent::pipeline::{self, Options};
use docent::search::Index;
use docent::search::document::Document;
use docent::search::eval::{self, Half, evaluate};
use docent::search::tokens::compounds;

use crate::support;

fn site(dir: &Path) -> Site {
    let discover = DiscoverOptions { dir: dir.to_owned(), ..DiscoverOptions::default() };
    pipeline::check(&Options { discover, ..Options::default() }).unwrap().site
}

fn documents(site: &Site) -> Vec<Document> {
    site.pages.iter().map(|page| Document::of(site, page)).collect()
}

#[test]
fn the_text_of_a_link_finds_the_page_it_leads_to() {
    for (name, least) in [("gitlab-runbooks", 0.88), ("gitlab-support", 0.76)] {
        let Some(dir) = support::corpus(name) else { continue };
        let site = site(&dir);
        let items = eval::known_items(&site, Some(Half::HeldOut));
        let index = Index::of(&eval::unseen(&site, &items), "en").unwrap();
        let found = evaluate(&index, &site, &items);
        let count = items.len();
        eprintln!("{name}: MRR@10 {:.3} over {count} texts that are not in the index", found.mrr);
        assert!(count > 100 && found.mrr >= least, "{name}: {:.3} over {count}", found.mrr);
    }
}

/// All alerts of Prometheus rules, with the pages that their annotations name.
fn alerts(dir: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let files = walkdir::WalkDir::new(dir.join("rules")).into_iter().map(|entry| entry.unwrap().into_path());
    for path in files.filter(|path| path.is_file()) {
        let mut alert = String::new();
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let line = line.trim().trim_start_matches("- ");
            if let Some(name) = line.strip_prefix("alert: ") {
                name.trim_matches(['"', '\'', ' ']).clone_into(&mut alert);
                found.entry(alert.clone()).or_default();
            } else if let Some(runbook) = line.strip_prefix("runbook: ") {
                let page = runbook.trim_matches(['"', '\'', ' ']).split('#').next().unwrap().to_owned();
                found.entry(alert.clone()).or_default().insert(page);
            }
        }
    }
    found
}

/// Whether a name is written as programs write names: `pg_stat_activity`, `KubePodNotReady`, `ECONNREFUSED`, `HTTP2`.
fn is_identifier(name: &str) -> bool {
    let letters: Vec<char> = name.chars().collect();
    let has_hump = letters.windows(2).any(|pair| pair[0].is_lowercase() && pair[1].is_uppercase());
    let is_code = letters.len() >= 6 && letters.iter().all(|letter| letter.is_uppercase());
    has_hump || is_code || name.contains('_')
}

/// How names are compared: `elastic-cloud` is `ElasticCloud`.
fn joined(name: &str) -> String {
    name.to_lowercase().replace(['_', '-'], "")
}

/// The names in titles, names of files and headings: how each is written, and the pages that have it there.
fn defined(documents: &[Document]) -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> {
    let mut found: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    for document in documents {
        let stem = Path::new(&document.path).file_stem().unwrap().to_str().unwrap();
        let headings = document.sections.iter().map(|section| section.heading.as_str());
        for place in [document.title.as_str(), stem].into_iter().chain(headings) {
            for name in compounds(place).filter(|compound| compound.is_name(place)) {
                let name = &place[name.range];
                let (written, pages) = found.entry(joined(name)).or_default();
                written.insert(name.to_owned());
                pages.insert(document.path.clone());
            }
        }
    }
    found
}

#[test]
fn every_alert_that_has_a_page_puts_it_first() {
    let Some(dir) = support::corpus("gitlab-runbooks") else { return };
    let documents = documents(&site(&dir));
    let index = Index::of(&documents, "en").unwrap();
    let defined = defined(&documents);
    let mentions = |page: &str, alert: &str| {
        let found = documents.iter().find(|document| document.path == page);
        let texts = found.into_iter().flat_map(|found| &found.sections);
        texts.into_iter().any(|section| section.text.contains(alert) || section.heading.contains(alert))
    };
    let (mut asked, mut first, mut without) = (0, 0, Vec::new());
    for (alert, annotated) in alerts(&dir) {
        let mut pages: BTreeSet<&String> = annotated.iter().filter(|page| mentions(page, &alert)).collect();
        if pages.is_empty() {
            pages.extend(defined.get(&joined(&alert)).into_iter().flat_map(|(_, pages)| pages));
        }
        if pages.is_empty() {
            without.push(alert);
            continue;
        }
        let hits = index.search(&alert, 10).hits;
        let is_first = hits.first().is_some_and(|hit| pages.contains(&hit.path));
        asked += 1;
        first += usize::from(is_first);
        let best: Vec<_> = hits.iter().take(3).map(|hit| hit.url.as_str()).collect();
        eprintln!(
            "{} {alert}: {pages:?}{}",
            if is_first { "ok" } else { "NO" },
            if is_first { String::new() } else { format!(", best {best:?}") }
        );
    }
    eprintln!("{first} of {asked} alerts first; no page names {without:?}");
    assert!(asked > 10 && first == asked, "{first} of {asked} first");
}

#[test]
fn every_identifier_that_one_page_alone_defines_puts_it_first() {
    for corpus in ["gitlab-runbooks", "gitlab-support"] {
        let Some(dir) = support::corpus(corpus) else { continue };
        let documents = documents(&site(&dir));
        let index = Index::of(&documents, "en").unwrap();
        let (mut asked, mut wrong) = (0, Vec::new());
        for (written, pages) in defined(&documents).into_values().filter(|(_, pages)| pages.len() == 1) {
            for name in written.iter().filter(|name| is_identifier(name)) {
                asked += 1;
                let best = index.search(name, 1).hits.first().map(|hit| hit.path.clone());
                if best.as_ref() != pages.first() {
                    wrong.push(format!("{name}: {pages:?}, not {best:?}"));
                }
            }
        }
        eprintln!("{corpus}: {} of {asked} identifiers lead elsewhere\n{}", wrong.len(), wrong.join("\n"));
        assert!(asked > 40 && wrong.is_empty(), "{} of {asked}", wrong.len());
    }
}

#[test]
fn a_title_with_one_slip_still_finds_its_page() {
    for name in ["gitlab-runbooks", "gitlab-support"] {
        let Some(dir) = support::corpus(name) else { continue };
        let site = site(&dir);
        let titles = eval::mistyped_titles(&site);
        let index = Index::of(&documents(&site), "en").unwrap();
        let found = evaluate(&index, &site, &titles);
        let count = titles.len();
        eprintln!("{name}: {:.3} of {count} titles with a slip find their page among ten", found.success_10);
        assert!(count > 100 && found.success_10 >= 0.98, "{name}: {:.3} of {count}", found.success_10);
    }
}
