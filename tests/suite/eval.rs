//! Claims about `docent eval`: what is asked, what is counted, and what makes it fail.

use std::path::Path;

use serde_json::{Value, json};
use snapbox::{IntoData, assert_data_eq, str};

use crate::support::{knowledge_base, run};

const CONFIG: &str = "rules: { orphan-page: off }\n";
const PAGES: &[(&str, &str)] = &[
    ("docent.yaml", CONFIG),
    (
        "content/index.md",
        "# Home\n\n[Volumes](disk.md), [HERE](disk.md), [leader lost](db/patroni.md) and [this page](db/patroni.md).\n",
    ),
    (
        "content/disk.md",
        "---\nid: runbook.disk\n---\n\n# Disk full\n\nRemove old logs of the database. See [Leader Lost](db/patroni.md).\n",
    ),
    (
        "content/db/patroni.md",
        "# Patroni without a leader\n\nRestart the database, <https://e.example/x>. See [volumes](../disk.md), [https://kb.example/disk/](/disk/) and [me](patroni.md).\n",
    ),
];

fn site(queries: &str) -> tempfile::TempDir {
    knowledge_base(&[PAGES, &[("queries.yml", queries)]].concat())
}

#[test]
fn each_query_has_its_rank_and_the_wrong_page_above_and_the_measures_follow() {
    let dir = site(
        "queries:\n  disk full: disk.md\n  database: /db/patroni/\n  \"old logs\\nof the disk\": [index.md, runbook.disk]\n  \
         Patroni: content/index.md\n  zebra: disk.md\n",
    );
    let (code, out, err) = run(dir.path(), &["eval"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_data_eq!(
        out,
        str![[r#"
rank  query                  page
   1  disk full              content/disk.md
   2  database               content/db/patroni.md; first is content/disk.md
   1  old logs\nof the disk  content/index.md, content/disk.md
   -  Patroni                content/index.md; first is content/db/patroni.md
   -  zebra                  content/disk.md; nothing is found

MRR@10 0.500; right page first 40.0 %, among ten 60.0 %, of 5 queries

"#]]
        .raw()
    );
}

#[test]
fn a_measure_below_what_the_file_or_the_call_wants_fails() {
    let dir = site("min_mrr: 0.9\nmin_success_10: 0.5\nqueries: { disk full: disk.md, zebra: disk.md }\n");
    let (code, _, err) = run(dir.path(), &["eval"]);
    assert_eq!((code, err.as_str()), (1, "error: mrr is 0.500; it must be 0.9 or more\n"));
    let (code, _, err) = run(dir.path(), &["eval", "--min-mrr", "0.5", "--min-success-10", "1"]);
    assert_eq!((code, err.as_str()), (1, "error: success_10 is 0.500; it must be 1 or more\n"));
    let (code, _, err) = run(dir.path(), &["eval", "--min-mrr", "0.5", "--min-success-1", "0.5"]);
    assert_eq!((code, err.as_str()), (0, ""));
}

#[test]
fn json_holds_every_query_and_measure() {
    let dir = site(
        "min_success_1: 0.2\nqueries:\n  disk full: disk.md\n  database: [db/patroni.md, index.md]\n  zebra: disk.md\n",
    );
    let (code, out, err) = run(dir.path(), &["eval", "--format", "json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let found: Value = serde_json::from_str(&out).unwrap();
    let query = |text: &str, pages: Value, rank: Value, wrong: Value| json!({ "query": text, "pages": pages, "rank": rank, "wrong": wrong });
    let (disk, patroni, home) = ("content/disk.md", "content/db/patroni.md", "content/index.md");
    assert_eq!(
        found,
        json!({
            "schema": 1, "mrr": 0.5, "success_1": 0.333_333, "success_10": 0.666_667,
            "least": { "mrr": null, "success_1": 0.2, "success_10": null },
            "queries": [
                query("disk full", json!([disk]), json!(1), Value::Null),
                query("database", json!([patroni, home]), json!(2), json!(disk)),
                query("zebra", json!([disk]), Value::Null, Value::Null),
            ],
        })
    );
}

#[test]
fn what_cannot_be_used_in_a_file_of_queries_is_shown_at_its_place() {
    let dir = site(
        "min_mrrr: 0.9\nminimum: 1\nmin_success_1: 90\nqueries:\n  disk full: dsk.md\n  leader: old/patroni.md\n  \
         gone: nowhere.md\n  nothing:\n  \"\": disk.md\n  group: { a: disk.md }\n  twice: [disk.md, /disk/]\n  volumes: disk.md\n",
    );
    let (code, out, err) = run(dir.path(), &["eval"]);
    assert_eq!(code, 1);
    assert_data_eq!(
        out,
        str![[r#"
rank  query      page
   -  disk full  (gone); first is content/disk.md
   -  leader     (gone); first is content/db/patroni.md
   -  gone       (gone); nothing is found
   -  nothing    (gone); nothing is found
   -  group      (gone); nothing is found
   -  twice      content/disk.md; nothing is found
   3  volumes    content/disk.md; first is content/index.md

MRR@10 0.048; right page first 0.0 %, among ten 14.3 %, of 7 queries

"#]]
        .raw()
    );
    assert_data_eq!(
        err,
        str![[r#"
error[invalid-queries]: a file of queries has no key `min_mrrr`
 --> queries.yml:1:1
  |
1 | min_mrrr: 0.9
  | ^^^^^^^^ unknown key
  |
  = help: did you mean `min_mrr`?

error[invalid-queries]: a file of queries has no key `minimum`
 --> queries.yml:2:1
  |
2 | minimum: 1
  | ^^^^^^^ unknown key
  |
  = help: known keys: `queries`, `min_mrr`, `min_success_1`, `min_success_10`; queries stand below `queries:`

error[invalid-queries]: `min_success_1` takes a number between 0 and 1, not `90`
 --> queries.yml:3:16
  |
3 | min_success_1: 90
  |                ^^
  |
  = help: write it as in `min_mrr: 0.9`

error[invalid-queries]: no published page is `dsk.md`
 --> queries.yml:5:14
  |
5 |   disk full: dsk.md
  |              ^^^^^^
  |
  = help: did you mean `disk.md`?

error[invalid-queries]: no published page is `old/patroni.md`
 --> queries.yml:6:11
  |
6 |   leader: old/patroni.md
  |           ^^^^^^^^^^^^^^
  |
  = help: did you mean `db/patroni.md`?

error[invalid-queries]: no published page is `nowhere.md`
 --> queries.yml:7:9
  |
7 |   gone: nowhere.md
  |         ^^^^^^^^^^
  |
  = help: a page is named by its path, its address or its `id`

error[invalid-queries]: no page is named for `nothing`
 --> queries.yml:8:3
  |
8 |   nothing:
  |   ^^^^^^^
  |
  = help: name the page that must be found

error[invalid-queries]: the query is empty
 --> queries.yml:9:3
  |
9 |   "": disk.md
  |   ^^
  |
  = help: write some words, or take it out

error[invalid-queries]: a query leads to a page or a list of pages, not to a group of keys
  --> queries.yml:10:10
   |
10 |   group: { a: disk.md }
   |          ^^^^^^^^^^^^^^
   |
   = help: write each page as its path, such as `runbooks/disk-full.md`

error[invalid-queries]: `content/disk.md` is named twice for `twice`
  --> queries.yml:11:20
   |
11 |   twice: [disk.md, /disk/]
   |                    ^^^^^^
   |
   = help: keep one of the two


"#]]
        .raw()
    );
}

#[test]
fn a_file_that_holds_no_queries_says_what_belongs_into_it() {
    let cases = [
        ("", "error[invalid-queries]: the file takes keys, not nothing"),
        ("- disk full\n", "error[invalid-queries]: the file takes keys, not a list"),
        (
            "queries: [disk full]\n",
            "error[invalid-queries]: `queries` takes a page for each query, not a list",
        ),
        ("min_mrr: 0.5\n", "error[invalid-queries]: the file has no `queries`"),
        ("querys: { a: b }\n", "did you mean `queries`?"),
        ("queries: { a: disk.md, a: index.md }\n", "error[invalid-queries]: the key `a` stands twice"),
        ("queries: { disk: @disk }\n", "error[invalid-queries]: a value cannot begin with `@`"),
    ];
    for (text, message) in cases {
        let dir = site(text);
        let (code, out, err) = run(dir.path(), &["eval"]);
        assert_eq!((code, out.as_str()), (1, ""), "{text}: {err}");
        assert!(err.contains(message), "{text}: {err}");
        assert!(err.contains("queries.yml:1:"), "{text}: {err}");
    }
}

#[test]
fn a_call_without_queries_or_with_a_foreign_file_says_so() {
    let dir = knowledge_base(PAGES);
    let (code, _, err) = run(dir.path(), &["eval"]);
    assert_eq!(code, 2);
    assert_eq!(
        err,
        "error: there is no `./queries.yml`; write queries with their pages into it, or ask what links say: `--known-items`\n"
    );
    std::fs::write(dir.path().join("latin.yml"), b"queries: { \xe9: disk.md }\n").unwrap();
    let (code, _, err) = run(dir.path(), &["eval", "latin.yml"]);
    assert_eq!(code, 2);
    assert_eq!(err, "error: cannot read latin.yml: stream did not contain valid UTF-8\n");
    let (code, _, err) = run(dir.path(), &["eval", "--min-mrr", "2", "--typos"]);
    assert_eq!(code, 2);
    assert!(
        err.contains("invalid value '2' for '--min-mrr <0..1>': it is no number between 0 and 1"),
        "{err}"
    );
}

/// Pairs of a query and its pages.
fn asked(dir: &Path, args: &[&str]) -> Vec<(String, Vec<String>, Option<u64>)> {
    let (code, out, err) = run(dir, &[&["eval", "--format", "json"], args].concat());
    assert_eq!((code, err.as_str()), (0, ""), "{args:?}");
    let found: Value = serde_json::from_str(&out).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let query = |query: &Value| {
        (
            text(&query["query"]),
            query["pages"].as_array().unwrap().iter().map(text).collect(),
            query["rank"].as_u64(),
        )
    };
    found["queries"].as_array().unwrap().iter().map(query).collect()
}

fn words(asked: &[(String, Vec<String>, Option<u64>)]) -> Vec<&str> {
    asked.iter().map(|(text, _, _)| text.as_str()).collect()
}

#[test]
fn known_items_are_the_distinct_texts_of_links_that_name_a_page() {
    let dir = knowledge_base(PAGES);
    let items = asked(dir.path(), &["--known-items"]);
    assert_eq!(
        items,
        [
            ("leader lost".into(), vec!["content/db/patroni.md".into()], Some(1)),
            ("volumes".into(), vec!["content/disk.md".into()], Some(3)),
        ]
    );
}

#[test]
fn the_two_halves_of_the_texts_are_all_of_them() {
    let links: String = ["one", "two", "three", "four", "five", "six", "seven", "eight"]
        .map(|text| format!("[{text}](b.md)\n"))
        .concat();
    let dir = knowledge_base(&[("a.md", &format!("# Home\n\n{links}")), ("b.md", "# B\n\nText.\n")]);
    let items = asked(dir.path(), &["--known-items"]);
    let halves = ["held-out", "training"].map(|half| asked(dir.path(), &["--known-items", "--half", half]));
    assert_eq!(
        [words(&halves[0]), words(&halves[1])],
        [["eight", "five", "six", "two"], ["four", "one", "seven", "three"]]
    );
    let mut both = halves.concat();
    both.sort_unstable();
    assert_eq!(both, items);
}

#[test]
fn an_unseen_text_counts_only_where_it_stands_on_other_pages() {
    let dir = knowledge_base(&[
        ("a.md", "# Home\n\n[Volumes](b.md)\n"),
        ("b.md", "# Disk full\n\nText.\n"),
        ("c.md", "# Other\n\nText.\n"),
    ]);
    assert_eq!(asked(dir.path(), &["--known-items"]), [("volumes".into(), vec!["b.md".into()], Some(2))]);
    assert_eq!(
        asked(dir.path(), &["--known-items", "--unseen"]),
        [("volumes".into(), vec!["b.md".into()], None)]
    );
}

#[test]
fn typos_are_titles_with_one_letter_wrong() {
    let dir = knowledge_base(PAGES);
    let typos = asked(dir.path(), &["--typos"]);
    assert_eq!(words(&typos), ["patroni withot a leader"]);
}

#[test]
fn queries_that_were_written_are_read_back_as_they_were() {
    let dir = knowledge_base(
        &[
            PAGES,
            &[(
                "content/odd.md",
                "# Odd\n\n[a: \"b\" #c](index.md) [null](disk.md) [- xyz \\ é](db/patroni.md)\n",
            )],
        ]
        .concat(),
    );
    let (code, out, err) = run(dir.path(), &["eval", "--known-items", "--write", "queries.yml"]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "", "5 queries in queries.yml\n"));
    assert_data_eq!(
        std::fs::read_to_string(dir.path().join("queries.yml")).unwrap(),
        str![[r#"
queries:
  "- xyz \\ é": "db/patroni.md"
  "a: \"b\" #c": "index.md"
  "leader lost": "db/patroni.md"
  "null": "disk.md"
  "volumes": "disk.md"

"#]]
        .raw()
    );
    assert_eq!(asked(dir.path(), &[]), asked(dir.path(), &["--known-items"]));
}

#[test]
fn the_queries_of_this_repository_find_their_pages() {
    let (code, out, err) = run(Path::new(env!("CARGO_MANIFEST_DIR")), &["eval"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
}
