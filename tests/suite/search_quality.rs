//! Claims about how good search is, on real content: what its authors call a page finds the page.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use docent::discover::DiscoverOptions;
use docent::model::{Site, Target};
use docent::pipeline::{self, Options};
use docent::search::Index;
use docent::search::document::Document;

use crate::support;

fn site(dir: &Path) -> Site {
    let discover = DiscoverOptions { dir: dir.to_owned(), ..DiscoverOptions::default() };
    pipeline::check(&Options { discover, ..Options::default() }).unwrap().site
}

fn documents(site: &Site) -> Vec<Document> {
    site.pages.iter().map(|page| Document::of(site, page)).collect()
}

/// Texts of links and the pages they lead to. Texts that name no page in particular are left out.
fn known_items(site: &Site) -> BTreeMap<String, BTreeSet<String>> {
    let mut items: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (from, page) in site.pages.iter().enumerate() {
        for (link, target) in page.parsed.links.iter().zip(&page.links) {
            let Target::Page { page: to, .. } = target else { continue };
            let text = link.text.trim().to_lowercase();
            let path = site.pages[*to].parsed.file.path().to_owned();
            if *to != from && !link.form.is_image() && text.chars().filter(|c| c.is_alphabetic()).count() >= 3
            {
                items.entry(text).or_default().insert(path);
            }
        }
    }
    items.retain(|text, pages| {
        pages.len() <= 3 && !["here", "this", "link", "page", "docs"].contains(&&**text)
    });
    items
}

/// One half of the texts stands in the index, the other is asked.
fn is_asked(text: &str) -> bool {
    blake3::hash(text.as_bytes()).as_bytes()[0].is_multiple_of(2)
}

fn mean_reciprocal_rank(index: &Index, items: &BTreeMap<String, BTreeSet<String>>) -> (f64, usize) {
    let asked: Vec<_> = items.iter().filter(|(text, _)| is_asked(text)).collect();
    let reciprocal = |(text, pages): &(&String, &BTreeSet<String>)| {
        let hits = index.search(text, 10).hits;
        hits.iter().find(|hit| pages.contains(&hit.path)).map_or(0.0, |hit| 1.0 / hit.rank as f64)
    };
    (asked.iter().map(reciprocal).sum::<f64>() / asked.len() as f64, asked.len())
}

#[test]
fn the_text_of_a_link_finds_the_page_it_leads_to() {
    for (name, least) in [("gitlab-runbooks", 0.86), ("gitlab-support", 0.73)] {
        let Some(dir) = support::corpus(name) else { continue };
        let site = site(&dir);
        let mut documents = documents(&site);
        for document in &mut documents {
            document.link_texts.retain(|text| !is_asked(&text.trim().to_lowercase()));
        }
        let index = Index::of(&documents, "en").unwrap();
        let (rank, count) = mean_reciprocal_rank(&index, &known_items(&site));
        eprintln!("{name}: MRR@10 {rank:.3} over {count} texts that are not in the index");
        assert!(count > 100 && rank >= least, "{name}: {rank:.3} over {count}");
    }
}

/// Alerts and the pages that their annotations name, from Prometheus rules.
fn alerts(dir: &Path) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let files = walkdir::WalkDir::new(dir.join("rules")).into_iter().map(|entry| entry.unwrap().into_path());
    for path in files.filter(|path| path.is_file()) {
        let mut alert = String::new();
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let line = line.trim().trim_start_matches("- ");
            if let Some(name) = line.strip_prefix("alert: ") {
                name.trim_matches(['"', '\'', ' ']).clone_into(&mut alert);
            } else if let Some(runbook) = line.strip_prefix("runbook: ") {
                let page = runbook.trim_matches(['"', '\'', ' ']).split('#').next().unwrap().to_owned();
                found.insert((alert.clone(), page));
            }
        }
    }
    found
}

#[test]
fn an_alert_finds_the_runbook_that_its_annotation_names() {
    let Some(dir) = support::corpus("gitlab-runbooks") else { return };
    let site = site(&dir);
    let index = Index::of(&documents(&site), "en").unwrap();
    let mentions = |page: &str, alert: &str| {
        let found = site.pages.iter().find(|candidate| candidate.parsed.file.path() == page);
        found.is_some_and(|found| found.parsed.file.text().contains(alert))
    };
    let (mut asked, mut first, mut third) = (0, 0, 0);
    for (alert, page) in alerts(&dir).iter().filter(|(alert, page)| mentions(page, alert)) {
        let hits = index.search(alert, 10).hits;
        let rank = hits.iter().find(|hit| hit.path == *page).map_or(usize::MAX, |hit| hit.rank);
        asked += 1;
        first += usize::from(rank == 1);
        third += usize::from(rank <= 3);
        if rank > 1 {
            let best: Vec<_> = hits.iter().take(3).map(|hit| hit.url.as_str()).collect();
            eprintln!("{alert}: {page} is {rank}, best {best:?}");
        }
    }
    eprintln!("{asked} alerts whose page mentions them: {first} first, {third} among three");
    assert!(asked > 10 && first == asked, "{first} of {asked} first");
}

/// One letter of a word left out, doubled by a wrong one, or replaced, by turns.
fn mistyped(word: &str, turn: usize) -> String {
    let mut typed = word.to_owned();
    let at = turn % word.len();
    match turn % 3 {
        0 => drop(typed.remove(at)),
        1 => typed.insert(at, 'q'),
        _ => typed.replace_range(at..=at, "x"),
    }
    typed
}

#[test]
fn a_title_with_one_slip_still_finds_its_page() {
    for name in ["gitlab-runbooks", "gitlab-support"] {
        let Some(dir) = support::corpus(name) else { continue };
        let site = site(&dir);
        let index = Index::of(&documents(&site), "en").unwrap();
        let (mut asked, mut found) = (0, 0);
        for (turn, page) in site.pages.iter().enumerate() {
            let title = page.title.to_lowercase();
            let words = title.split(|c: char| !c.is_ascii_alphabetic());
            let Some(longest) = words.max_by_key(|word| word.len()).filter(|word| word.len() >= 5) else {
                continue;
            };
            let hits = index.search(&title.replacen(longest, &mistyped(longest, turn), 1), 10).hits;
            asked += 1;
            found += usize::from(hits.iter().any(|hit| hit.path == page.parsed.file.path()));
        }
        eprintln!("{name}: {found} of {asked} titles with a slip find their page among ten");
        assert!(asked > 100 && found * 100 >= asked * 95, "{name}: {found} of {asked}");
    }
}
