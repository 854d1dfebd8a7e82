//! Claims about search.

use docent::search::document::{Document, Section};
use docent::search::{Index, Results, SearchOptions};

/// A page of hand-made text: `# Heading` lines start sections, the first is the title.
fn page(path: &str, text: &str) -> Document {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.trim().lines().map(str::trim) {
        if let Some(heading) = line.strip_prefix("# ") {
            let id = heading.to_lowercase().replace(' ', "-");
            sections.push(Section { heading: heading.into(), id, text: String::new() });
        } else if let Some(section) = sections.last_mut() {
            section.text.push_str(line);
            section.text.push('\n');
        }
    }
    let title = sections.first().map(|section| section.heading.clone()).unwrap_or_default();
    let url = format!("/{}/", path.trim_end_matches(".md"));
    Document { path: path.into(), url, title, kind: "article".into(), sections, ..Document::default() }
}

fn index(documents: &[Document]) -> Index {
    Index::of(documents, "en").unwrap()
}

fn paths(results: &Results) -> Vec<&str> {
    results.hits.iter().map(|hit| hit.path.as_str()).collect()
}

fn runbooks() -> Vec<Document> {
    vec![
        page(
            "certificates.md",
            "# Certificate expiry\nRenew with certbot.\n# Symptoms\nBrowsers warn that the certificate has expired.",
        ),
        page(
            "disk.md",
            "# Disk full\nFree some space.\n# Find what is large\nRun du on the node and delete old logs.",
        ),
        page(
            "kube.md",
            "# Kubernetes alerts\nWhat to do.\n# KubePodNotReady\nA pod is not ready for a while.\n# KubeNodeDown\nA node is gone.",
        ),
        page(
            "postgres.md",
            "# PostgreSQL failover\nPromote a replica.\n# Connections\nFATAL: remaining connection slots are reserved. See pg_stat_activity.",
        ),
        page(
            "queue.md",
            "# Queue backlog\nThe disk of the queue node may be full. KubePodNotReady fires too.",
        ),
    ]
}

#[test]
fn a_page_is_found_by_any_of_its_words_and_more_of_them_rank_higher() {
    let index = index(&runbooks());
    assert_eq!(paths(&index.search("disk full", 10)), ["disk.md", "queue.md"]);
    assert_eq!(paths(&index.search("disk full zeppelin", 10)), ["disk.md", "queue.md"]);
    let hit = &index.search("reserved connection slots", 10).hits[0];
    assert_eq!((hit.url.as_str(), hit.heading.as_deref()), ("/postgres/#connections", Some("Connections")));
    assert!(hit.snippet.text.contains("remaining connection slots"), "{:?}", hit.snippet);
}

#[test]
fn an_alert_name_puts_the_page_that_defines_it_first() {
    let index = index(&runbooks());
    for query in ["KubePodNotReady", "kubepodnotready", "FIRING alertname=\"KubePodNotReady\" node=queue"] {
        let hit = &index.search(query, 10).hits[0];
        assert_eq!(hit.url, "/kube/#kubepodnotready", "{query}");
    }
}

#[test]
fn a_mistyped_word_is_mended_only_if_it_is_unknown() {
    let index = index(&runbooks());
    let results = index.search("certificte expiry", 10);
    assert_eq!(results.corrected.as_deref(), Some("certificate expiry"));
    assert_eq!(paths(&results), ["certificates.md"]);
    assert_eq!(index.search("node", 10).corrected, None);
}

#[test]
fn a_word_being_typed_finds_what_begins_with_it() {
    let index = index(&runbooks());
    let typing = SearchOptions { prefix: true, ..SearchOptions::default() };
    assert_eq!(paths(&index.search_with("certifica", typing)), ["certificates.md"]);
    assert_eq!(paths(&index.search_with("certifica ", typing)), ["certificates.md"]);
    assert!(index.search("certif", 10).hits.len() <= 1);
}
