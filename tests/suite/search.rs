//! Claims about search.

use docent::discover::DiscoverOptions;
use docent::model::Site;
use docent::pipeline;
use docent::search::document::{Document, Section};
use docent::search::{Index, Results, SearchOptions};

use crate::support;

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

/// Pages with everything that filters and damage need.
fn fernhill() -> Vec<Document> {
    let mut documents = runbooks();
    for document in &mut documents {
        document.kind = "runbook".into();
    }
    documents[0].tags = vec!["tls".into(), "TLS & certificates".into()];
    documents[0].owners = vec!["@edge".into()];
    documents[0].alerts = vec!["CertificateExpiresSoon".into()];
    documents[1].owners = vec!["Ada Lovelace".into()];
    documents.push(page(
        "training/queues.md",
        "# Queues for beginners\nWhat a queue is. The disk is not full.\n# Stem cells\nNothing.",
    ));
    documents[5].kind = "module".into();
    documents
}

#[test]
fn the_query_language_means_what_it_says() {
    let index = index(&fernhill());
    for (query, want) in [
        ("", &[][..]),
        ("   ", &[]),
        ("*", &[]),
        ("(^|:*", &[]),
        ("zeppelin", &[]),
        ("backlog", &["queue.md"]),
        ("kind:runbook queue", &["queue.md"]),
        ("KIND:Runbook queue", &["queue.md"]),
        ("kind:module kind:article queue", &["training/queues.md"]),
        ("-kind:module queue", &["queue.md"]),
        ("kind:module", &["training/queues.md"]),
        ("-kind:runbook", &["training/queues.md"]),
        ("tag:tls", &["certificates.md"]),
        ("tag:\"TLS & certificates\"", &["certificates.md"]),
        ("tag:tls-certificates", &["certificates.md"]),
        ("owner:edge", &["certificates.md"]),
        ("owner:@edge", &["certificates.md"]),
        ("owner:\"ada lovelace\" disk", &["disk.md"]),
        ("path:training/ queue", &["training/queues.md"]),
        ("title:queue", &["queue.md", "training/queues.md"]),
        ("title:\"queue backlog\"", &["queue.md"]),
        ("\"disk full\"", &["disk.md"]),
        ("\"disk of the queue node\"", &["queue.md"]),
        ("+\"pod not ready\"", &["kube.md", "queue.md"]),
        ("+KubePodNotReady", &["kube.md", "queue.md"]),
        ("queue +beginners", &["training/queues.md"]),
        ("queue -beginners", &["queue.md"]),
        ("queue -\"for beginners\"", &["queue.md"]),
        ("certbot renew --force", &["certificates.md"]),
        ("-bash: beginners", &["training/queues.md"]),
        ("-beginners", &["certificates.md", "disk.md", "kube.md", "postgres.md", "queue.md"]),
        ("-beginners kind:module", &[]),
        ("-beginners -node", &["certificates.md", "postgres.md"]),
        ("ftp:queue/beginners", &["training/queues.md", "queue.md"]),
        ("runbooks/certificates.md", &["certificates.md"]),
    ] {
        assert_eq!(paths(&index.search(query, 10)), want, "{query}");
    }
}

#[test]
fn a_filter_or_phrase_that_fits_nothing_is_named() {
    let index = index(&fernhill());
    for (query, note) in [
        ("kind:runbok disk", "no page has the kind `runbok`; did you mean `kind:runbook`?"),
        ("tag:zeppelin", "no page has the tag `zeppelin`"),
        ("kind:zzz", "no page has the kind `zzz`; there are `module`, `runbook`"),
        ("fresh:due", "no page has the state `due`; how far pages can be trusted is known after a build"),
        ("\"disk zeppelin\"", "no page holds `disk zeppelin`; it was searched word by word"),
    ] {
        assert_eq!(index.search(query, 10).notes, [note], "{query}");
    }
    assert!(index.search("kind:runbok disk", 10).hits.is_empty());
    assert_eq!(index.search("\"disk zeppelin\"", 10).hits[0].path, "disk.md");
}

#[test]
fn a_pasted_text_is_searched_by_what_it_names() {
    let index = index(&fernhill());
    let alertmanager = r#"{"receiver":"pager","status":"firing","alerts":[{"status":"firing","labels":
        {"alertname":"KubePodNotReady","namespace":"queue","severity":"s2","pod":"queue-7d9f8b6c5d-x2x4z"},
        "annotations":{"title":"A pod of the queue"},"startsAt":"2022-02-01T10:00:00Z",
        "generatorURL":"https://prometheus.example/graph?g0.expr=queue","fingerprint":"b2f4a9c1d3e5f607"}]}"#;
    let cut = &alertmanager[..150];
    let java = "Exception in thread \"main\" java.sql.SQLException: remaining connection slots are reserved\n\
        \tat com.example.queue.Backlog.connect(Backlog.java:42)\n\tat com.example.queue.Backlog.disk(Full.java:7)";
    let postgres =
        "2022-02-01 10:00:00.123 UTC [4711] FATAL:  remaining connection slots are reserved\n10.1.2.3:5432";
    for (pasted, want) in [
        (alertmanager, "/kube/#kubepodnotready"),
        (cut, "/kube/#kubepodnotready"),
        ("alertname=CertificateExpiresSoon queue node disk", "/certificates/"),
        ("CertificateExpiresSoon", "/certificates/"),
        (java, "/postgres/#connections"),
        (postgres, "/postgres/#connections"),
        ("E: FATAL 10.0.0.1:5432 2022-02-01T10:00:00Z", "/postgres/#connections"),
    ] {
        assert_eq!(index.search(pasted, 10).hits[0].url, want, "{pasted}");
    }
}

#[test]
fn no_query_is_an_error_or_hangs() {
    let index = std::sync::Arc::new(index(&fernhill()));
    let queries = [
        "(".repeat(20_000),
        "\"".repeat(20_000),
        "-+".repeat(5_000),
        "disk ".repeat(2_000),
        "x".repeat(2_000_000),
        "é-".repeat(100_000),
        "kind:runbook ".repeat(5_000),
        "\u{0}\u{1}\u{202e}\u{feff} disk".into(),
        "{\"alertname\":".repeat(5_000),
        "[".repeat(50_000),
        "\n".repeat(100_000),
        "検".repeat(30_000),
    ];
    for query in queries {
        let start: String = query.chars().take(20).collect();
        let asked = std::sync::Arc::clone(&index);
        let results = support::must_not_hang(&start, move || asked.search(&query, 10));
        assert!(results.total <= 6 && results.hits.len() <= 6, "{start}");
    }
    let long = (0..500).map(|n| format!("word{n}")).collect::<Vec<_>>().join(" ");
    assert_eq!(index.search(&long, 10).notes, ["the query is long; 24 words of it were searched"]);
}

#[test]
fn a_slip_is_mended_within_its_number_of_edits() {
    let index = index(&fernhill());
    for (typed, meant) in [
        ("certificte", Some("certificate")),
        ("crtificte expiry", Some("certificate expiry")),
        ("kuberentes alerts", Some("kubernetes alerts")),
        ("queu bakclog", Some("queue backlog")),
        ("KubePodNotRedy", Some("kubepodnotready")),
        ("dsik-full", Some("disk-full")),
        ("certificates", None),
        ("du", None),
        ("x5", None),
        ("pg_stat_actvity", Some("pgstatactivity")),
        ("zzzzzz", None),
    ] {
        assert_eq!(index.search(typed, 10).corrected.as_deref(), meant, "{typed}");
    }
}

#[test]
fn a_short_word_is_mended_only_if_nothing_else_is_known() {
    let index = index(&fernhill());
    for (typed, meant) in [
        ("teh disk", None),
        ("disk teh", None),
        ("teh", Some("the")),
        ("teh dsik", Some("the disk")),
        ("dsik pdo", Some("disk pod")),
        ("teh kind:runbook", Some("the kind:runbook")),
        ("disk-olx", None),
        ("queu disk", Some("queue disk")),
    ] {
        assert_eq!(index.search(typed, 10).corrected.as_deref(), meant, "{typed}");
    }
}

#[test]
fn no_word_that_stands_in_a_page_is_mended() {
    let documents = fernhill();
    let index = index(&documents);
    let mut asked = 0;
    for document in &documents {
        let texts = document.sections.iter().flat_map(|section| [&section.heading, &section.text]);
        for word in texts.flat_map(|text| text.split(|c: char| !c.is_alphanumeric() && c != '_')) {
            for query in [word.to_owned(), format!("{word} zeppelin"), word.to_uppercase()] {
                let results = index.search(&query, 10);
                assert_eq!(results.corrected, None, "{query}");
                asked += usize::from(!word.is_empty());
            }
        }
    }
    assert!(asked > 200, "{asked}");
}

#[test]
fn two_words_are_also_found_as_one_where_that_stands_in_a_page() {
    let index = index(&fernhill());
    for (query, first, all) in [
        ("fail over", "postgres.md", 1),
        ("Fail  Over", "postgres.md", 1),
        ("replica fail over", "postgres.md", 1),
        ("cert bot", "certificates.md", 1),
        ("over fail", "", 0),
        ("fail, over", "", 0),
        ("fail zeppelin over", "", 0),
    ] {
        let results = index.search(query, 10);
        let found = results.hits.first().map_or("", |hit| hit.path.as_str());
        assert_eq!((found, results.total, results.corrected), (first, all, None), "{query}");
    }
    let hit = index.search("fail over", 1).hits.remove(0);
    assert_eq!(hit.title, "PostgreSQL failover");
}

#[test]
fn a_hit_shows_the_section_and_marks_the_words() {
    let index = index(&fernhill());
    for (query, url, marked) in [
        ("delete old logs", "/disk/#find-what-is-large", &["delete", "old", "logs"][..]),
        ("disk full", "/disk/", &[]),
        ("pg stat activity", "/postgres/#connections", &["pg", "stat", "activity"]),
        ("pg_stat_activity", "/postgres/#connections", &["pg_stat_activity"]),
        ("browser warning", "/certificates/#symptoms", &["Browsers", "warn"]),
    ] {
        let hit = index.search(query, 10).hits.remove(0);
        let marks: Vec<&str> =
            hit.snippet.marks.iter().map(|(start, end)| &hit.snippet.text[*start..*end]).collect();
        assert_eq!((hit.url.as_str(), marks.as_slice()), (url, marked), "{query}");
    }
}

#[test]
fn a_snippet_is_short_and_cut_between_words() {
    let filler = "Lorem ipsum dolor sit amet consectetur. ".repeat(40);
    let text = format!("# Page\n{filler} The zeppelin détaché lands. {filler}");
    let index = index(&[
        page("a.md", &text),
        page("b.md", &format!("# 長い\n{}飛行船{}", "検索".repeat(300), "索引".repeat(300))),
    ]);
    for (query, word) in [("zeppelin detache", "zeppelin"), ("飛行船", "飛行船")] {
        let snippet = index.search(query, 10).hits.remove(0).snippet;
        assert!(snippet.text.contains(word), "{snippet:?}");
        assert!(snippet.text.chars().count() <= 170, "{snippet:?}");
        assert!(snippet.text.starts_with("… ") && snippet.text.ends_with(" …"), "{snippet:?}");
        assert!(!snippet.marks.is_empty());
        assert!(snippet.marks.iter().all(|(start, end)| snippet.text.get(*start..*end).is_some()));
    }
}

#[test]
fn any_script_is_found_and_long_words_are_left_out_and_counted() {
    let long = "x".repeat(1_000_000);
    let mut documents = vec![page(
        "a.md",
        &format!(
            "# Sprachen\nGrößenwahn, naïve café, データベースの検索, 서울, שלום, مرحبا, привет. {long} danach"
        ),
    )];
    documents[0].tags = (0..100_000).map(|tag| format!("tag-{tag}")).collect();
    let index = index(&documents);
    for query in [
        "grossenwahn",
        "GRÖSSENWAHN",
        "naive",
        "cafe\u{301}",
        "検索",
        "検",
        "データベース",
        "서울",
        "שלום",
        "مرحبا",
        "ПРИВЕТ",
        "danach",
        "tag:tag-99999",
    ] {
        assert_eq!(index.search(query, 10).total, 1, "{query}");
    }
    assert_eq!(index.skipped(), 1);
    let results = index.search(&"x".repeat(1_001), 10);
    assert_eq!(
        (results.total, results.notes.as_slice()),
        (0, &["the query is long; 0 words of it were searched".to_owned()][..])
    );
}

#[test]
fn pages_with_equal_scores_stand_in_the_order_of_their_paths() {
    let same: Vec<Document> = (0..30).map(|n| page(&format!("p{n:02}.md"), "# Same\nwords")).collect();
    let index = index(&same);
    let all: Vec<String> = (0..30).map(|n| format!("p{n:02}.md")).collect();
    assert_eq!(paths(&index.search("same words", 30)), all);
    assert_eq!(paths(&index.search("same words", 3)), all[..3]);
    assert_eq!(index.search("same words", 3).total, 30);
    assert_eq!(index.search("same words", 0).hits.len(), 0);
}

#[test]
fn an_empty_knowledge_base_has_an_index() {
    let index = index(&[]);
    assert_eq!((index.documents(), index.search("disk", 10).total), (0, 0));
}

/// A site on disk, its pages, and where its index goes.
fn site_of(files: &[(&str, &str)]) -> (tempfile::TempDir, Site) {
    let dir = support::knowledge_base(files);
    let discover = DiscoverOptions { dir: dir.path().to_owned(), ..DiscoverOptions::default() };
    let checked = pipeline::check(&pipeline::Options { discover, ..pipeline::Options::default() }).unwrap();
    (dir, checked.site)
}

const TWO_PAGES: &[(&str, &str)] = &[
    (
        "disk.md",
        "---\ntitle: Disk full\nalerts: [NodeFilesystemFull]\ntags: [Storage]\n---\n\n# Disk full\n\nSee [queues](queue.md).\n\n## Find it\n\nRun `du`.\n",
    ),
    ("queue.md", "# Queue backlog\n\nScale the workers, see [free space](disk.md).\n"),
];

#[test]
fn an_index_of_a_site_holds_its_front_matter_links_and_sections() {
    let (_dir, site) = site_of(TWO_PAGES);
    let cache = tempfile::tempdir().unwrap();
    assert_eq!(Index::build(&site, cache.path()).unwrap(), 2);
    let index = Index::open(cache.path()).unwrap().unwrap();
    assert_eq!(index.documents(), 2);
    for (query, url) in [
        ("NodeFilesystemFull", "/disk/"),
        ("tag:storage", "/disk/"),
        ("du", "/disk/#find-it"),
        ("workers", "/queue/"),
    ] {
        assert_eq!(index.search(query, 1).hits[0].url, url, "{query}");
    }
    assert_eq!(paths(&index.search("free space", 10)), ["queue.md", "disk.md"], "what links call a page");
}

#[test]
fn an_index_is_built_again_only_if_the_content_changed() {
    let (_dir, site) = site_of(TWO_PAGES);
    let cache = tempfile::tempdir().unwrap();
    let file = cache.path().join("index");
    Index::build(&site, cache.path()).unwrap();
    let before = std::fs::read(&file).unwrap();
    Index::build(&site, cache.path()).unwrap();
    assert!(std::fs::read(&file).unwrap() == before, "built again without need");
    let (_dir, changed) = site_of(&[TWO_PAGES[0], ("queue.md", "# Queue backlog\n\nScale the zeppelins.\n")]);
    Index::build(&changed, cache.path()).unwrap();
    let index = Index::open(cache.path()).unwrap().unwrap();
    assert_eq!((index.search("zeppelins", 1).total, index.search("workers", 1).total), (1, 0));
}

#[test]
fn a_damaged_index_is_no_index_and_is_built_again() {
    let (_dir, site) = site_of(TWO_PAGES);
    let cache = tempfile::tempdir().unwrap();
    let file = cache.path().join("index");
    assert!(Index::open(cache.path()).unwrap().is_none(), "there is none yet");
    Index::build(&site, cache.path()).unwrap();
    let whole = std::fs::read(&file).unwrap();
    let open = || Index::open(cache.path()).unwrap();
    let step = whole.len() / 40;
    let cut = (0..whole.len()).step_by(step).map(|length| whole[..length].to_vec());
    let flipped = (0..whole.len()).step_by(step).chain(0..50).map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        bytes
    });
    let longer = std::iter::once([whole.as_slice(), b"x"].concat());
    for (number, damaged) in cut.chain(flipped).chain(longer).enumerate() {
        std::fs::write(&file, damaged).unwrap();
        assert!(open().is_none(), "damage {number} went unnoticed");
    }
    assert_eq!(Index::build(&site, cache.path()).unwrap(), 2);
    assert_eq!(open().unwrap().search("workers", 1).total, 1);
}

#[test]
fn a_whole_index_of_another_version_is_built_again() {
    let (_dir, site) = site_of(TWO_PAGES);
    let cache = tempfile::tempdir().unwrap();
    let file = cache.path().join("index");
    Index::build(&site, cache.path()).unwrap();
    let current = std::fs::read(&file).unwrap();
    let body = current.len() - blake3::OUT_LEN;
    let with_version = |version: u32| {
        let mut bytes = current[..body].to_vec();
        bytes[8..12].copy_from_slice(&version.to_le_bytes());
        let hash = blake3::hash(&bytes);
        [bytes.as_slice(), hash.as_bytes()].concat()
    };
    let version = u32::from_le_bytes(current[8..12].try_into().unwrap());
    assert!(with_version(version) == current, "the file is not laid out as this test thinks");
    for other in [version + 1, version - 1, u32::MAX] {
        std::fs::write(&file, with_version(other)).unwrap();
        assert!(Index::open(cache.path()).unwrap().is_none(), "version {other}");
        Index::build(&site, cache.path()).unwrap();
        assert_eq!(std::fs::read(&file).unwrap()[8..12], version.to_le_bytes(), "version {other}");
        assert_eq!(Index::open(cache.path()).unwrap().unwrap().search("workers", 1).total, 1);
    }
}

#[test]
fn an_open_index_answers_though_its_file_is_cut_or_deleted() {
    let (_dir, site) = site_of(TWO_PAGES);
    let cache = tempfile::tempdir().unwrap();
    let file = cache.path().join("index");
    Index::build(&site, cache.path()).unwrap();
    let index = Index::open(cache.path()).unwrap().unwrap();
    let before = index.search("workers", 10);
    std::fs::write(&file, "cut").unwrap();
    assert_eq!(index.search("workers", 10), before);
    std::fs::remove_dir_all(cache.path()).unwrap();
    assert_eq!(index.search("workers", 10), before);
    assert_eq!(Index::build(&site, cache.path()).unwrap(), 2);
    assert_eq!(Index::open(cache.path()).unwrap().unwrap().search("workers", 10), before);
}

#[test]
fn builds_at_once_and_leftovers_of_killed_ones_do_no_harm() {
    let (_dir, site) = site_of(TWO_PAGES);
    let cache = tempfile::tempdir().unwrap();
    std::fs::write(cache.path().join("index.4711.new"), "half").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| Index::build(&site, cache.path()).unwrap());
        }
    });
    assert_eq!(Index::open(cache.path()).unwrap().unwrap().documents(), 2);
    let mut names: Vec<_> =
        std::fs::read_dir(cache.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["index", "lock"]);
}

#[test]
fn a_phrase_shows_the_section_that_holds_it() {
    let index = index(&[page(
        "a.md",
        "# Page\nspace left, left space, no space, no left.\n# Space left\nLeft no space.\n# Third\nsome words before no space left and more words after",
    )]);
    let hit = index.search("\"no space left\"", 10).hits.remove(0);
    assert_eq!(hit.heading.as_deref(), Some("Third"));
    let marked: Vec<&str> =
        hit.snippet.marks.iter().map(|(from, to)| &hit.snippet.text[*from..*to]).collect();
    assert_eq!(marked, ["no space left"]);
}

#[test]
fn a_filter_without_its_value_is_explained() {
    let index = index(&fernhill());
    for (query, example) in
        [("kind:", "kind:runbook"), ("Tag: tls", "tag:redis"), ("disk owner:", "owner:team-db")]
    {
        let notes = index.search(query, 10).notes;
        assert!(notes.len() == 1 && notes[0].ends_with(&format!("as in `{example}`")), "{query}: {notes:?}");
    }
}

#[test]
fn tags_and_owners_are_found_by_all_their_names() {
    let (_dir, site) = site_of(&[
        ("docent.yaml", "tags: { kubernetes: [k8s, kube] }\n"),
        ("owners.yaml", "owners:\n  team-db:\n    name: Database Team\n    paths: [\"a.md\"]\n"),
        ("a.md", "---\ntags: [k8s]\n---\n# One\n\nText.\n"),
        ("b.md", "# Two\n\nText, see [one](a.md).\n"),
    ]);
    let documents: Vec<Document> = site.pages.iter().map(|page| Document::of(&site, page)).collect();
    let index = index(&documents);
    for query in ["tag:kubernetes", "tag:k8s", "tag:kube", "owner:team-db", "owner:\"database team\""] {
        let hits = index.search(query, 10).hits;
        assert_eq!(hits.iter().map(|hit| hit.path.as_str()).collect::<Vec<_>>(), ["a.md"], "{query}");
        assert_eq!(hits[0].owners, ["Database Team"]);
    }
}

#[test]
fn words_of_neighbouring_blocks_are_not_joined() {
    let (_dir, site) = site_of(&[(
        "a.md",
        "# One\n\n- get the leader\n  ```console\n  $ consul kv get\n  ```\n- during the process\n  - Stop it\n",
    )]);
    let text = &Document::of(&site, &site.pages[0]).sections[0].text;
    assert!(text.contains("leader\n$ consul") && text.contains("process\nStop"), "{text:?}");
}

#[test]
fn an_empty_query_is_an_error_of_use_and_no_limit_is_a_count() {
    let (dir, _) = site_of(TWO_PAGES);
    let cache = tempfile::tempdir().unwrap();
    let search = |args: &[&str]| {
        let all = [&["search", "--cache", cache.path().to_str().unwrap()], args].concat();
        support::run(dir.path(), &all)
    };
    let (status, _, said) = search(&["  "]);
    assert!(status == 2 && said.contains("the query is empty"), "{status}: {said}");
    let (status, out, said) = search(&["--limit", "0", "workers"]);
    assert_eq!((status, out.as_str()), (0, "0 of 1 pages; `--limit` shows more\n"));
    assert!(!said.contains("nothing fits"), "{said}");
}
