//! Claims about reviews: what git knows since them, and how they are recorded.

use std::path::Path;

use docent::discover::git::{History, Log};
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
    source_changes(&review, &body, changed.as_deref(), &checked.history, TODAY.parse().unwrap())
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
    assert_eq!((checked.history, checked.sources.git.log), (History::default(), Log::default()));
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

/// Runs the program on a knowledge base: exit status and both outputs.
fn run(dir: &Path, args: &[&str]) -> (i32, String) {
    let mut all = vec!["--today", TODAY];
    all.extend(args);
    let (code, stdout, stderr) = crate::support::run(dir, &all);
    (code, stdout + &stderr)
}

fn read(dir: &Path, path: &str) -> String {
    String::from_utf8(std::fs::read(dir.join(path)).unwrap()).unwrap()
}

#[test]
fn a_review_is_written_into_the_front_matter_and_read_back() {
    let repo = repository(&[(
        "content/a.md",
        "---\r\ntitle: A # first\r\nlast-reviewed: '2024-01-01'\r\nreviewed_note: \"in bulk\"\r\nkind: runbook\r\n---\r\n# A\r\n\r\nText.\r\n",
    )]);
    let top = repo.path();
    git(top, 1, "Ada", &["config", "user.name", "Ada Byron"]);
    commit(top, 1, "Ada");
    let args = ["review", "content/a.md", "--how", "drill", "--evidence", "DR-12", "--by", "@ana"];
    let (code, output) = run(top, &args);
    assert_eq!((code, output.as_str()), (0, "content/a.md: reviewed 2026-11-23 by @ana, drill\n"));
    let (commit, hash) = (&full_head(top)[..12], docent::freshness::review::body_hash("# A\n\nText."));
    let expected = format!(
        "---\r\ntitle: A # first\r\nlast-reviewed: '2026-11-23'\r\nreviewed_by: \"@ana\"\r\nreviewed_how: drill\r\n\
         reviewed_commit: {}\r\nreviewed_hash: {hash}\r\nreviewed_evidence: DR-12\r\nkind: runbook\r\n---\r\n# A\r\n\r\nText.\r\n",
        if commit.parse::<f64>().is_ok() { format!("\"{commit}\"") } else { commit.to_owned() },
    );
    assert_eq!(read(top, "content/a.md"), expected);
    let checked = check(top);
    assert!(
        checked.findings.iter().all(|finding| finding.severity.word() != "error"),
        "{:?}",
        checked.findings
    );
    let (facts, body) = review(&checked);
    assert_eq!((facts.review().on.as_deref(), facts.knows_body(&body)), (Some("2026-11-23"), Some(true)));
    // The second review has no evidence, and git says who.
    assert_eq!(
        run(top, &["review", "a.md", "--how", "read"]).1,
        "content/a.md: reviewed 2026-11-23 by Ada Byron, read\n"
    );
    assert!(!read(top, "content/a.md").contains("DR-12"));
    assert_eq!(std::fs::read_dir(top.join("content")).unwrap().count(), 1, "nothing is left beside the page");
}

fn full_head(dir: &Path) -> String {
    let mut git = std::process::Command::new("git");
    let output = git.arg("-C").arg(dir).args(["rev-parse", "HEAD"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_review_that_would_mislead_is_refused_and_says_the_way_out() {
    let kb = knowledge_base(&[
        ("content/good.md", "---\nreviewed: 2026-09-01\n---\n# Good\n"),
        ("content/broken.md", "# Broken\n\nSee [it](gone.md) and [that](lost.md).\n"),
        ("content/open.md", "---\ntitle: x\n"),
    ]);
    let before: Vec<_> =
        ["good", "broken"].map(|name| read(kb.path(), &format!("content/{name}.md"))).to_vec();
    for (args, message) in [
        (
            &["review", "good.md", "--how", "read", "--on", "2026-11-24"][..],
            "`content/good.md` is left as it is: 2026-11-24 lies in the future; today is 2026-11-23",
        ),
        (
            &["review", "good.md", "--how", "read", "--on", "2026-08-31"],
            "it was reviewed on 2026-09-01 already, and a review does not go back to 2026-08-31; leave out `--on`",
        ),
        (
            &["review", "good.md", "broken.md", "--how", "read"],
            "a review does not mend `broken-link` in line 3",
        ),
        (
            &["review", "broken.md", "--how", "read"],
            "(and 1 more); mend it, or say `--despite broken-link --reason …`",
        ),
        (&["review", "broken.md", "--how", "read", "--despite", "broken-link"], "--reason"),
        (
            &["review", "broken.md", "--how", "read", "--despite", "brokenlink", "--reason", "x"],
            "did you mean `broken-link`?",
        ),
        (&["review", "god.md", "--how", "read"], "did you mean `good.md`?"),
        (&["review", "open.md", "--how", "read"], "is not published; `docent check` says why"),
        (&["review", "good.md"], "--how"),
        (&["review", "good.md", "--how", "skimmed"], "incident"),
    ] {
        let (code, output) = run(kb.path(), args);
        assert_eq!(code, 2, "{args:?}: {output}");
        assert!(output.contains(message), "{args:?}: {output}");
        let now: Vec<_> =
            ["good", "broken"].map(|name| read(kb.path(), &format!("content/{name}.md"))).to_vec();
        assert_eq!(now, before, "{args:?}");
    }
    let args = [
        "review",
        "broken.md",
        "--how",
        "read",
        "--by",
        "@ana",
        "--despite",
        "broken-link",
        "--reason",
        "known",
    ];
    assert_eq!(run(kb.path(), &args).0, 0);
    assert!(read(kb.path(), "content/broken.md").contains("reviewed_note: \"despite broken-link: known\"\n"));
}

#[test]
fn more_than_five_pages_are_reviewed_only_in_bulk_with_a_reason() {
    let pages: Vec<String> = (1..=6).map(|n| format!("content/{n}.md")).collect();
    let files: Vec<(&str, &str)> = pages.iter().map(|path| (path.as_str(), "# A\n")).collect();
    let kb = knowledge_base(&files);
    let mut args: Vec<&str> = vec!["review", "--how", "read", "--by", "@ana"];
    args.extend(pages.iter().map(String::as_str));
    let (code, output) = run(kb.path(), &args);
    assert_eq!(code, 2);
    assert!(output.contains("name 5 at most, or say `--bulk --reason …`"), "{output}");
    assert_eq!(read(kb.path(), "content/1.md"), "# A\n");
    args.push("--bulk");
    assert_eq!(run(kb.path(), &args).0, 2, "without a reason");
    args.extend(["--reason", "after the move"]);
    assert_eq!(run(kb.path(), &args).0, 0);
    for path in &pages {
        assert!(read(kb.path(), path).contains("reviewed_note: after the move\n"), "{path}");
    }
    // The same page twice is one page.
    assert_eq!(
        run(
            kb.path(),
            &["review", "1.md", "./content/1.md", "/1.md", "1.md", "1.md", "1.md", "--how", "read"]
        )
        .0,
        0
    );
}

#[test]
fn a_snooze_is_written_for_ninety_days_at_most_and_never_for_proof() {
    let kb = knowledge_base(&[("content/a.md", "---\ntitle: A\n---\n# A\n")]);
    let snooze = |until: &str, rule: &str| {
        run(
            kb.path(),
            &[
                "snooze",
                "a.md",
                "--until",
                until,
                "--rule",
                rule,
                "--reason",
                "rewrite in !482",
                "--by",
                "@ana",
            ],
        )
    };
    for (until, rule, message) in [
        (
            "2027-02-22",
            "overdue",
            "2027-02-22 is more than 90 days away; findings rest until 2027-02-21 at the latest",
        ),
        ("2026-11-23", "overdue", "2026-11-23 has come already"),
        ("2026-12-15", "broken-link", "`broken-link` is proof, and proof cannot rest: mend the page"),
        ("2026-12-15", "overdeu", "`overdeu` is no rule of freshness; did you mean `overdue`?"),
        ("2026-12-15", "long-line", "`long-line` cannot rest"),
    ] {
        let (code, output) = snooze(until, rule);
        assert_eq!(code, 2);
        assert!(output.contains(message), "{output}");
    }
    let (_, output) = snooze("2026-12-15", "ticket-surge,overdue");
    assert!(output.starts_with("content/a.md: ticket-surge, overdue rests until 2026-12-15\n"), "{output}");
    let line = "snooze: { until: 2026-12-15, rules: [ticket-surge, overdue], reason: \"rewrite in !482\", by: \"@ana\", doubt: 0 }\n";
    assert_eq!(read(kb.path(), "content/a.md"), format!("---\ntitle: A\n{line}---\n# A\n"));
    let (code, output) = snooze("2026-12-20", "flag");
    assert_eq!(code, 2);
    assert!(output.contains("name all rules: `--rule ticket-surge,flag`"), "{output}");
    assert_eq!(snooze("2027-02-21", "flag,overdue,ticket-surge").0, 0);
    assert_eq!(run(kb.path(), &["check", "--fail-on", "warning"]).0, 0);
}

#[test]
fn show_prints_what_changed_since_the_review_and_records_nothing() {
    let repo =
        repository(&[("src/a.c", "one\n"), ("content/a.md", "---\ntitle: A\n---\n# A\n\nOld text.\n")]);
    let top = repo.path();
    commit(top, 1, "Ada");
    let reviewed = full_head(top);
    change(top, 3, "Bea", "src/a.c", "switch to etcd3");
    let text = format!(
        "---\ntitle: A\ncovers: [src]\nreviewed: 2024-01-02\nreviewed_commit: {reviewed}\n---\n# A\n\nNew text.\n"
    );
    write(top, "content/a.md", text.as_bytes());
    commit(top, 4, "Ada");
    let (code, output) = run(top, &["review", "a.md", "--show"]);
    assert_eq!(code, 0);
    for line in [
        "content/a.md: reviewed 2024-01-02\n",
        "-Old text.\n+New text.\n",
        &format!("  1 commit to what it covers since {reviewed}\n"),
        " 2024-01-04 switch to etcd3 (Bea)\n",
    ] {
        assert!(output.contains(line), "{line}: {output}");
    }
    assert_eq!(read(top, "content/a.md"), text);
    // Without the commit, the day decides.
    write(top, "content/a.md", text.replace(&reviewed, "4f1c9e2").as_bytes());
    let (_, output) = run(top, &["review", "a.md", "--show"]);
    assert!(
        output.contains("-Old text.\n+New text.\n") && output.contains("(this branch does not hold 4f1c9e2)"),
        "{output}"
    );
}

/// Done when: reviews of the real pages of two handbooks change nothing but their own lines.
#[test]
fn five_hundred_real_pages_are_reviewed_and_everything_else_stays_byte_for_byte() {
    use docent::freshness::edit::{Change, NewValue, edit};
    let value = |text: &str| Some(NewValue::Text(text.into()));
    let keys = [
        ("reviewed", value("2026-11-23")),
        ("reviewed_by", value("@ana")),
        ("reviewed_how", value("followed")),
        ("reviewed_note", None),
    ];
    let changes: Vec<Change> = keys.into_iter().map(|(key, value)| Change { key, value }).collect();
    let again: Vec<Change> = changes.iter().map(|change| Change { key: change.key, value: None }).collect();
    let (mut edited, mut refused) = (0, Vec::new());
    for name in ["gitlab-runbooks", "gitlab-support"] {
        let Some(corpus) = crate::support::corpus(name) else { return };
        let (sources, _) = docent::discover::discover(&options(&corpus).discover).unwrap();
        for page in &sources.pages {
            let before = std::fs::read(sources.dir.join(page.path())).unwrap();
            // As it is, and as an editor on Windows would save it.
            let windows =
                String::from_utf8(before.clone()).unwrap().replace("\r\n", "\n").replace('\n', "\r\n");
            for before in [before, ["\u{feff}", &windows].concat().into_bytes()] {
                let after = match edit(page.path(), &before, &changes) {
                    Ok(after) => after,
                    Err(why) => {
                        refused.push(format!("{}: {}", page.path(), why.0));
                        continue;
                    }
                };
                edited += 1;
                let (old, new) =
                    (String::from_utf8(before.clone()).unwrap(), String::from_utf8(after.clone()).unwrap());
                let nl = if old.contains("\r\n") { "\r\n" } else { "\n" };
                let mark = if old.starts_with('\u{feff}') { "\u{feff}" } else { "" };
                let bare = &old[mark.len()..];
                // Without our lines, the file is what it was.
                let without = |text: &str| {
                    let ours =
                        |line: &&str| line.starts_with("reviewed") || line.starts_with("last-reviewed");
                    text.split_inclusive('\n').filter(|line| !ours(line)).collect::<String>()
                };
                let expected = if bare.starts_with("---") {
                    without(&old)
                } else {
                    let gap =
                        if bare.lines().next().is_some_and(|line| !line.trim().is_empty()) { nl } else { "" };
                    without(&format!("{mark}---{nl}---{nl}{gap}{bare}"))
                };
                assert!(without(&new) == expected, "{} changed elsewhere", page.path());
                assert!(new.contains(&format!("{nl}reviewed_how: followed{nl}")), "{}", page.path());
                if bare.starts_with("---") && !bare.contains("last-reviewed") {
                    let undone = edit(page.path(), &after, &again);
                    assert!(undone.as_deref() == Ok(before.as_slice()), "{} cannot be undone", page.path());
                }
            }
        }
    }
    assert!(edited >= 1000, "{edited}");
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn the_share_of_reviews_that_changed_only_the_date_is_of_teams_and_never_of_people() {
    use docent::discover::git::reviews::read_reviews;
    use docent::freshness::share::{TeamShare, date_only_share, line_kind, review_keys};
    let page = |day: &str, owner: &str, text: &str| {
        format!("---\nowner: \"{owner}\"\nlast-reviewed: {day}\nreview_every: 90d\n---\n# A\n\n{text}\n")
    };
    let repo = repository(&[
        ("kb/content/db.md", &page("2024-01-01", "team-db", "One.\n\n-- two\n")),
        ("kb/content/ana.md", &page("2024-01-01", "@ana", "One.")),
        ("kb/content/plain.md", "---\nowner: team-db\n---\n# Plain\n"),
        ("outside.md", &page("2024-01-01", "team-db", "One.")),
    ]);
    let top = repo.path();
    commit(top, 1, "Ada");
    let save = |day: u32, author: &str, path: &str, text: &str| {
        write(top, path, text.as_bytes());
        commit(top, day, author);
    };
    save(2, "Bea", "kb/content/db.md", &page("2024-01-02", "team-db", "One.\n\n-- two\n"));
    save(3, "Bea", "kb/content/db.md", &page("2024-01-03", "team-db", "One.\n\n-- three\n"));
    save(4, "Bea", "kb/content/db.md", &page("2024-01-03", "team-db", "No review."));
    save(5, "Ana", "kb/content/ana.md", &page("2024-01-05", "@ana", "One."));
    save(6, "Bea", "outside.md", &page("2024-01-06", "team-db", "One."));
    let checked = check(&top.join("kb"));
    let (code, output) = run(&top.join("kb"), &["review", "plain.md", "--how", "read"]);
    assert_eq!(code, 0, "{output}");
    commit(top, 7, "Bea");
    let reviews = read_reviews(&checked.sources.dir, &review_keys(), &line_kind).unwrap();
    let seen: Vec<_> = reviews.iter().map(|review| (review.path.as_str(), review.date_only)).collect();
    let expected = [
        ("content/plain.md", true),
        ("content/ana.md", true),
        ("content/db.md", false),
        ("content/db.md", true),
    ];
    assert_eq!(seen, expected);
    let shares = date_only_share(&checked.site, &reviews);
    let people = TeamShare { team: None, reviews: 1, date_only: 1 };
    let team = TeamShare { team: Some("team-db".into()), reviews: 3, date_only: 2 };
    assert_eq!(shares, [people, team]);
    let bare = knowledge_base(&[("a.md", "# A\n")]);
    assert_eq!(read_reviews(bare.path(), &review_keys(), &line_kind), None);
}
