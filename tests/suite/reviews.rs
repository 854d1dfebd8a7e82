//! Claims about reviews: what git knows since them, and how they are recorded.

use std::path::Path;

use docent::discover::git::History;
use docent::freshness::references::{names_gone, names_wanted, paths_gone, search_names};
use docent::freshness::review::ReviewFacts;
use docent::freshness::sources::{SourceChanges, covers_gone, moved_to, source_changes};
use docent::pipeline::{self, Checked};

use crate::support::{commit, git, knowledge_base, options, write};

const TODAY: &str = "2026-11-23";

/// Hash of HEAD, abbreviated.
fn head(dir: &Path) -> String {
    let mut git = std::process::Command::new("git");
    let output = git.arg("-C").arg(dir).args(["rev-parse", "--short=9", "HEAD"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A repository with an empty history and these files, not yet committed.
fn repository(files: &[(&str, &str)]) -> tempfile::TempDir {
    let repo = knowledge_base(files);
    git(repo.path(), 1, "Ada", &["init", "-q", "-b", "main"]);
    repo
}

fn check(dir: &Path) -> Checked {
    pipeline::check(&options(dir)).unwrap()
}

/// The review of the only page, and its body.
fn review(checked: &Checked) -> (ReviewFacts, String) {
    let page = &checked.site.pages[0].parsed;
    (ReviewFacts::read(&page.front, &page.file, TODAY).0, page.file.slice(page.body).to_owned())
}

fn changes(checked: &Checked) -> Option<SourceChanges<'_>> {
    let (review, body) = review(checked);
    let changed = checked.site.pages[0].git.as_ref().map(|facts| facts.changed.clone());
    source_changes(&review, &body, changed.as_deref(), &checked.history)
}

fn subjects(changes: &SourceChanges<'_>) -> String {
    changes.commits.iter().map(|commit| commit.subject.as_str()).collect::<Vec<_>>().join("|")
}

fn page(dir: &Path, lines: &str) {
    write(dir, "kb/content/patroni.md", format!("---\n{lines}\n---\n# Patroni\n\nText.\n").as_bytes());
}

fn change(dir: &Path, day: u32, author: &str, path: &str, subject: &str) {
    write(dir, path, format!("{subject}\n").as_bytes());
    git(dir, day, author, &["add", "-A"]);
    git(dir, day, author, &["commit", "-q", "-m", subject]);
}

#[test]
fn commits_to_what_a_page_covers_are_counted_since_the_reviewed_commit() {
    let repo = repository(&[("ansible/patroni/main.yml", "one\n"), ("ansible/other.yml", "x\n")]);
    let top = repo.path();
    commit(top, 1, "Ada");
    change(top, 2, "Ada", "ansible/patroni/main.yml", "before the review");
    let reviewed = head(top);
    change(top, 3, "Bea", "ansible/patroni/main.yml", "switch to etcd3");
    change(top, 4, "Bea", "ansible/other.yml", "elsewhere");
    change(top, 5, "renovate[bot]", "ansible/patroni/main.yml", "bump");
    change(top, 6, "Build Robot", "ansible/patroni/main.yml", "generate");
    change(top, 7, "Cem", "ansible/patroni/main.yml", "format everything");
    write(top, ".git-blame-ignore-revs", format!("# formatting\n{}  # once\n", head(top)).as_bytes());
    write(top, "kb/docent.yaml", b"freshness: { bots: [build robot] }\n");
    page(top, &format!("covers: [ansible/patroni/**]\nreviewed: 2024-01-02\nreviewed_commit: {reviewed}"));
    let checked = check(&top.join("kb"));
    let changes = changes(&checked).unwrap();
    assert_eq!(subjects(&changes), "switch to etcd3");
    assert_eq!((changes.bulk, changes.since.as_str()), (3, format!("since {reviewed}").as_str()));
    assert_eq!(changes.commits[0].author, "Bea");
}

#[test]
fn a_commit_on_a_branch_that_is_older_than_the_review_but_merged_later_counts() {
    let repo = repository(&[("src/a.c", "one\n"), ("src/b.c", "one\n")]);
    let top = repo.path();
    commit(top, 1, "Ada");
    git(top, 2, "Bea", &["checkout", "-q", "-b", "topic"]);
    change(top, 2, "Bea", "src/a.c", "old work");
    git(top, 3, "Ada", &["checkout", "-q", "main"]);
    change(top, 5, "Ada", "src/b.c", "reviewed here");
    let reviewed = head(top);
    git(top, 6, "Ada", &["merge", "-q", "--no-ff", "-m", "merge", "topic"]);
    page(top, &format!("covers: src\nreviewed_commit: {reviewed}"));
    let checked = check(&top.join("kb"));
    assert_eq!(subjects(&changes(&checked).unwrap()), "old work");
}

#[test]
fn a_reviewed_commit_that_was_squashed_away_gives_way_to_the_day_and_says_so() {
    let repo = repository(&[("src/a.c", "one\n")]);
    let top = repo.path();
    commit(top, 1, "Ada");
    change(top, 10, "Ada", "src/a.c", "on the day");
    change(top, 12, "Ada", "src/a.c", "later");
    // 23:30 in New York is the next day in UTC.
    for (lines, since, expected) in [
        (
            "reviewed: 2024-01-11\nreviewed_commit: 4f1c9e2",
            "since 2024-01-11 (this branch does not hold 4f1c9e2)",
            "later",
        ),
        ("reviewed: 2024-01-11", "since 2024-01-11", "later"),
        ("reviewed: 2024-01-10", "since 2024-01-10", "later|on the day"),
    ] {
        page(top, &format!("covers: [src/]\n{lines}"));
        let checked = check(&top.join("kb"));
        let changes = changes(&checked).unwrap();
        assert_eq!((changes.since.as_str(), subjects(&changes).as_str()), (since, expected), "{lines}");
    }
    // Without a day, the hash of the body says since when the text stands.
    let hash = docent::freshness::review::body_hash("# Patroni\n\nText.\n");
    page(top, &format!("covers: [src/]\nreviewed_commit: 4f1c9e2\nreviewed_hash: {hash}"));
    commit(top, 20, "Ada");
    change(top, 25, "Ada", "src/a.c", "after the text");
    let checked = check(&top.join("kb"));
    let since =
        "since 2024-01-21, when the page got the text that was confirmed (this branch does not hold 4f1c9e2)";
    let found = changes(&checked).unwrap();
    assert_eq!((found.since.as_str(), subjects(&found).as_str()), (since, "after the text"));
    // Another text, and nobody knows.
    page(top, "covers: [src/]\nreviewed_commit: 4f1c9e2\nreviewed_hash: b3:0000");
    assert_eq!(changes(&check(&top.join("kb"))), None);
}

#[test]
fn renames_are_followed_and_a_bulk_reformat_is_left_out() {
    let many: Vec<(String, String)> =
        (0..30).map(|n| (format!("lib/f{n}.rb"), format!("file {n}\n"))).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let repo = repository(&many);
    let top = repo.path();
    write(top, "old/patroni.yml", b"a\nb\nc\nd\n");
    commit(top, 1, "Ada");
    let reviewed = head(top);
    write(top, "old/patroni.yml", b"a\nb\nc\ne\n");
    git(top, 2, "Bea", &["commit", "-qam", "tune"]);
    git(top, 3, "Bea", &["mv", "old", "ansible"]);
    git(top, 3, "Bea", &["commit", "-qm", "move"]);
    for (path, _) in &many {
        write(top, path, b"formatted\n");
    }
    change(top, 4, "Cem", "ansible/patroni.yml", "reformat everything");
    page(top, &format!("covers: [ansible/*.yml]\nreviewed_commit: {reviewed}"));
    let checked = check(&top.join("kb"));
    let found = changes(&checked).unwrap();
    assert_eq!((subjects(&found).as_str(), found.bulk), ("move|tune", 1));
    assert_eq!(found.commits[0].paths, ["ansible/patroni.yml", "old/patroni.yml"]);
}

#[test]
fn a_covered_path_that_is_gone_is_known_with_its_new_name() {
    let repo = repository(&[("ansible/patroni/main.yml", "a\nb\nc\n"), ("x/y.txt", "y\n")]);
    let top = repo.path();
    commit(top, 1, "Ada");
    let reviewed = head(top);
    git(top, 2, "Bea", &["mv", "ansible/patroni", "roles"]);
    git(top, 2, "Bea", &["commit", "-qm", "move"]);
    page(top, &format!("covers: [ansible/patroni/**, 'x/*.txt', /x, 'z?/**']\nreviewed_commit: {reviewed}"));
    let checked = check(&top.join("kb"));
    let (review, _) = review(&checked);
    let gone = covers_gone(&review, &checked.history);
    let patterns: Vec<_> = gone.iter().map(|cover| cover.pattern.value.as_str()).collect();
    assert_eq!(patterns, ["ansible/patroni/**", "z?/**"]);
    assert_eq!(moved_to(gone[0], &review, &checked.history), Some("roles/main.yml"));
    // A file that is added but not committed yet is there.
    write(top, "z1/new.txt", b"new");
    git(top, 3, "Ada", &["add", "z1"]);
    let checked = check(&top.join("kb"));
    assert_eq!(covers_gone(&review, &checked.history).len(), 1);
}

#[test]
fn names_in_code_that_the_repository_had_at_the_review_and_has_no_more_are_known() {
    let repo = repository(&[
        ("bin/fix.sh", "fix --dry-run\n"),
        ("bin/keep.sh", "keep\n"),
        ("alerts.yml", "- alert: PostgresLag\n- alert: DiskFull2\n  expr: node_disk_bytes\n"),
        ("docs/other.md", "PostgresLag is an alert.\n"),
    ]);
    let top = repo.path();
    commit(top, 1, "Ada");
    let reviewed = head(top);
    git(top, 2, "Bea", &["mv", "bin/fix.sh", "bin/repair.sh"]);
    git(top, 2, "Bea", &["commit", "-qm", "move"]);
    change(top, 3, "Bea", "alerts.yml", "- alert: DiskFull2");
    change(top, 4, "Bea", "bin/repair.sh", "repair");
    let text = "Run `bin/fix.sh`, `fix.sh:3` and `bin/keep.sh` with `--dry-run` for `PostgresLag`, `DiskFull2`, \
                `node_disk_bytes` or `NeverThere`, `never/there.sh`.";
    let write_page = |lines: &str| {
        write(top, "kb/content/a.md", format!("---\n{lines}\n---\n# A\n\n{text}\n").as_bytes());
        check(&top.join("kb"))
    };
    let checked = write_page(&format!("reviewed_commit: {reviewed}"));
    let (facts, _) = review(&checked);
    let code = &checked.site.pages[0].parsed.inline_code;
    let paths: Vec<_> = paths_gone(&facts, code, &checked.history)
        .into_iter()
        .map(|gone| (gone.name.value, gone.now.unwrap_or_default()))
        .collect();
    let moved = |name: &str| (name.to_owned(), "bin/repair.sh".to_owned());
    assert_eq!(paths, [moved("bin/fix.sh"), moved("fix.sh:3")]);
    let wanted = [(reviewed.clone(), names_wanted(&facts, code, &checked.history))];
    let git = &checked.sources.git;
    let found = search_names(&wanted, 100, |commit, names| {
        docent::discover::git::names::find_names(&checked.sources.dir, &git.prefix, commit, names)
    });
    let gone: Vec<_> = names_gone(&facts, code, &found).into_iter().map(|gone| gone.name.value).collect();
    assert_eq!(gone, ["--dry-run", "PostgresLag", "node_disk_bytes"]);
    // Without a reviewed commit, or with one that the branch does not hold, nothing is looked for.
    for lines in ["reviewed: 2024-01-02", "reviewed_commit: 4f1c9e2"] {
        let checked = write_page(lines);
        let (facts, _) = review(&checked);
        let code = &checked.site.pages[0].parsed.inline_code;
        assert!(paths_gone(&facts, code, &checked.history).is_empty(), "{lines}");
        assert!(names_wanted(&facts, code, &checked.history).is_empty(), "{lines}");
    }
}

#[test]
fn no_commit_is_kept_unless_a_page_asks_and_none_is_needed_without_git() {
    let repo = repository(&[("kb/content/a.md", "# A\n"), ("x", "x")]);
    commit(repo.path(), 1, "Ada");
    let checked = check(&repo.path().join("kb"));
    assert_eq!((checked.history, checked.sources.git.log), (History::default(), Default::default()));
    let bare = knowledge_base(&[("content/a.md", "---\ncovers: [x]\nreviewed: 2024-01-01\n---\n# A\n")]);
    let checked = check(bare.path());
    assert_eq!(checked.history.missing.as_deref(), Some("there is no git history"));
    assert_eq!(changes(&checked), None);
    assert!(covers_gone(&review(&checked).0, &checked.history).is_empty());
    assert!(checked.findings.iter().all(|finding| finding.rule.code != "shallow-history"));
}

#[test]
fn a_shallow_clone_is_an_error_if_a_page_depends_on_the_history_and_says_how_to_fetch_it() {
    let repo = repository(&[("content/a.md", "# A\n"), ("x", "x")]);
    commit(repo.path(), 1, "Ada");
    change(repo.path(), 2, "Ada", "x", "more");
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", repo.path().display());
    git(clone.path(), 3, "Ada", &["clone", "-q", "--depth", "1", &url, "kb"]);
    let kb = clone.path().join("kb");
    let shallow = |checked: &Checked| {
        checked
            .findings
            .iter()
            .filter(|finding| finding.rule.code == "shallow-history")
            .cloned()
            .collect::<Vec<_>>()
    };
    assert!(shallow(&check(&kb)).is_empty(), "no page depends on it");
    write(&kb, "content/a.md", b"---\ncovers: [x]\nreviewed: 2024-01-01\n---\n# A\n");
    let checked = check(&kb);
    let found = shallow(&checked);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].severity.word(), "error");
    assert!(found[0].help[0].contains("git fetch --filter=blob:none --unshallow"), "{:?}", found[0].help);
    assert_eq!(checked.history.missing.as_deref(), Some("the clone is shallow"));
    assert_eq!(changes(&checked), None, "what is not known is not called unchanged");
    git(&kb, 4, "Ada", &["fetch", "-q", "--filter=blob:none", "--unshallow"]);
    assert!(shallow(&check(&kb)).is_empty());
}
