//! Claims about the state of a page in a search hit: it is that of the last build, and never better
//! than what is known.

use std::path::Path;

use serde_json::Value;

use crate::support::{knowledge_base, run, write};

fn page(title: &str, reviewed: &str) -> String {
    format!("---\nreviewed: {reviewed}\nreview_every: 30d\n---\n# {title}\n\nThe disk is full.\n")
}

/// The states of the hits for `disk`, by path.
fn states(dir: &Path, today: &str) -> Vec<(String, Value)> {
    let (code, out, err) = run(dir, &["search", "disk", "--format", "json", "--today", today]);
    assert_eq!((code, err.as_str()), (0, ""));
    let answer: Value = serde_json::from_str(&out).unwrap();
    let hits = answer["hits"].as_array().unwrap().iter();
    let mut states: Vec<_> =
        hits.map(|hit| (hit["path"].as_str().unwrap().to_owned(), hit["freshness"].clone())).collect();
    states.sort_by(|a, b| a.0.cmp(&b.0));
    states
}

fn words(states: &[(String, Value)]) -> String {
    states.iter().map(|(_, state)| state.as_str().unwrap_or("-")).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_hit_has_the_state_of_the_last_build_as_long_as_that_can_still_be_true() {
    let dir = knowledge_base(&[
        ("docent.yaml", "rules: { orphan-page: off }\nfreshness: { max_export_age: 60d }\n"),
        ("content/a.md", &page("One disk", "2026-11-20")),
        ("content/b.md", &page("Two disks", "2026-09-01")),
        ("content/c.md", &page("Broken disk", "2026-11-20").replace("full", "[full](gone.md)")),
    ]);
    let dir = dir.path();
    assert_eq!(words(&states(dir, "2026-11-23")), "- - -", "nobody judged them yet");
    let (code, _, err) = run(dir, &["build", "--today", "2026-11-23"]);
    assert_eq!(code, 1, "{err}");
    assert_eq!(words(&states(dir, "2026-11-23")), "fresh due broken");
    // Its day comes without a build.
    assert_eq!(words(&states(dir, "2027-01-10")), "due due broken");
    // What was said 60 days ago, and what will be said tomorrow, says nothing.
    assert_eq!(words(&states(dir, "2027-01-23")), "- - -");
    assert_eq!(words(&states(dir, "2026-11-22")), "- - -");
    let (code, out, _) = run(dir, &["search", "disk", "--today", "2026-11-23"]);
    assert_eq!(code, 0);
    assert!(out.contains("One disk  (article, fresh)") && out.contains("(article, broken)"), "{out}");
    write(dir, "content/a.md", page("One disk more", "2026-11-21").as_bytes());
    assert_eq!(words(&states(dir, "2026-11-23")), "- due broken", "a page that was changed is unknown");
    write(dir, ".docent/search/states.json", b"{");
    assert_eq!(words(&states(dir, "2026-11-23")), "- - -", "what is damaged says nothing");
}

#[test]
fn search_reads_no_ticket_and_freshness_keeps_states_only_of_the_day_that_it_is() {
    let dir = knowledge_base(&[
        ("docent.yaml", "rules: { orphan-page: off }\ntickets: [{ source: zendesk, path: t.json }]\n"),
        ("content/a.md", "---\nevergreen: it stays\n---\n# One disk\n"),
        ("t.json", "<html>"),
    ]);
    let dir = dir.path();
    let today = jiff::Timestamp::now().to_string()[..10].to_owned();
    assert_eq!(words(&states(dir, &today)), "-", "a bad export does not stop a search");
    assert_eq!(run(dir, &["freshness", "--today", &today]).0, 3);
    assert_eq!(words(&states(dir, &today)), "-");
    assert_eq!(run(dir, &["freshness"]).0, 3);
    assert_eq!(words(&states(dir, &today)), "unknown");
}
