//! Claims about how good search is, on real content: what its authors call a page finds the page.

use std::collections::BTreeSet;
use std::path::Path;

use docent::discover::DiscoverOptions;
use docent::model::Site;
use docent::pipeline::{self, Options};
use docent::search::Index;
use docent::search::document::Document;
use docent::search::eval::{self, Half, evaluate};

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
