//! Baselines as a team meets them: adopt, fail on what is new, prune.

use std::path::Path;

use crate::support::{corpus, knowledge_base, run, write};

/// One error, one warning, one note.
const BAD: &[(&str, &str)] = &[
    ("index.md", "# Home\n\nSee [the disk](dsk.md) and [nothing]().\n"),
    ("disk.md", "# Disk full\n\nBack [home](index.md).\n"),
];

fn read(dir: &Path, path: &str) -> String {
    std::fs::read_to_string(dir.join(path)).unwrap()
}

#[test]
fn a_baseline_lets_only_new_findings_fail() {
    let dir = knowledge_base(BAD);
    let (code, out, err) = run(dir.path(), &["baseline"]);
    assert_eq!((code, out.as_str()), (0, ""));
    assert_eq!(err, "3 findings known in ./.docent-baseline (3 added, 0 taken out)\n");
    let known = read(dir.path(), ".docent-baseline");
    let rules: Vec<_> = known.lines().skip(1).map(|line| line.split_once(' ').unwrap().1).collect();
    assert_eq!(rules, ["orphan-page disk.md", "broken-link index.md", "link-empty index.md"]);

    let (code, out, err) = run(dir.path(), &["check", "--fail-on", "note"]);
    assert_eq!((code, out.as_str()), (0, ""));
    assert_eq!(err, "2 pages checked: no findings; 3 known from the baseline\n");
    let (code, _, err) = run(dir.path(), &["build"]);
    assert_eq!(code, 0, "{err}");
    assert!(!dir.path().join("public/.docent-baseline").exists());
    for (args, expected) in [
        (&["check", "--no-baseline"][..], 1),
        (&["build", "--no-baseline"], 1),
        (&["build", "--strict"], 0),
        (&["check", "--baseline", ".docent-baseline"], 0),
    ] {
        assert_eq!(run(dir.path(), args).0, expected, "{args:?}");
    }

    write(dir.path(), "index.md", b"# Home\n\nNew line.\n\nSee [the disk](dsk.md) and [it](gone.md).\n");
    let (code, out, err) = run(dir.path(), &["check"]);
    assert_eq!(code, 1);
    assert!(out.contains("`gone.md`") && !out.contains("`dsk.md`"), "{out}");
    assert!(err.contains("note: known, but no longer found: index.md: link-empty\n"), "{err}");
    assert!(
        err.contains("note: `docent baseline --prune` takes what is gone out of the baseline\n"),
        "{err}"
    );
    assert!(err.ends_with("2 pages checked: 1 error; 2 known from the baseline\n"), "{err}");
    assert_eq!(run(dir.path(), &["build"]).0, 1);
}

#[test]
fn what_is_mended_must_be_pruned_under_strict() {
    let dir = knowledge_base(&[]);
    for (path, text) in BAD {
        write(dir.path(), &format!("kb/{path}"), text.as_bytes());
    }
    assert_eq!(run(dir.path(), &["baseline", "kb", "--output", "known.txt"]).0, 0);
    write(dir.path(), "kb/index.md", b"# Home\n\nSee [the disk](dsk.md).\n");
    assert_eq!(run(dir.path(), &["check", "kb", "--baseline", "known.txt"]).0, 0);
    let (code, _, err) = run(dir.path(), &["check", "kb", "--baseline", "known.txt", "--strict"]);
    assert_eq!(code, 1);
    assert!(err.contains("note: `docent baseline --prune kb --output known.txt` takes"), "{err}");
    assert!(err.contains("error: the baseline knows findings that are gone (1)"), "{err}");
    let (code, _, err) = run(dir.path(), &["baseline", "--prune", "kb", "--output", "known.txt"]);
    assert_eq!((code, err.as_str()), (0, "2 findings known in known.txt (0 added, 1 taken out)\n"));
    assert_eq!(run(dir.path(), &["check", "kb", "--baseline", "known.txt", "--strict"]).0, 0);
}

#[test]
fn a_baseline_only_gets_shorter_unless_told() {
    let dir = knowledge_base(BAD);
    assert_eq!(run(dir.path(), &["baseline"]).0, 0);
    let before = read(dir.path(), ".docent-baseline");
    // One is mended, one is new.
    write(dir.path(), "index.md", b"# Home\n\nSee [the disk](dsk.md) and [it](gone.md).\n");
    let (code, out, err) = run(dir.path(), &["baseline"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("error[broken-link]: there is no page or file `gone.md`"), "{err}");
    assert!(!err.contains("`dsk.md`"), "{err}");
    assert!(err.contains("error: 1 finding is new, and `./.docent-baseline` may only get shorter"), "{err}");
    assert!(err.contains("`--accept-new`") && err.contains("`--prune`"), "{err}");
    assert_eq!(read(dir.path(), ".docent-baseline"), before);

    let (code, _, err) = run(dir.path(), &["baseline", "--prune"]);
    assert_eq!((code, err.as_str()), (0, "2 findings known in ./.docent-baseline (0 added, 1 taken out)\n"));
    let pruned = read(dir.path(), ".docent-baseline");
    assert!(pruned.lines().all(|line| before.contains(line)), "pruning adds nothing: {pruned}");
    assert_eq!(run(dir.path(), &["check"]).0, 1);

    let (code, _, err) = run(dir.path(), &["baseline", "--accept-new"]);
    assert_eq!((code, err.as_str()), (0, "3 findings known in ./.docent-baseline (1 added, 0 taken out)\n"));
    assert_eq!(run(dir.path(), &["check", "--strict"]).0, 0);
    // With nothing new, a plain call prunes.
    write(dir.path(), "index.md", b"# Home\n\nSee [the disk](disk.md).\n");
    let (code, _, err) = run(dir.path(), &["baseline"]);
    assert_eq!((code, err.as_str()), (0, "0 findings known in ./.docent-baseline (0 added, 3 taken out)\n"));
}

#[test]
fn a_baseline_that_was_merged_badly_is_refused_with_its_line() {
    let dir = knowledge_base(BAD);
    write(dir.path(), ".docent-baseline", b"# docent baseline 1\n<<<<<<< HEAD of main\n");
    let (code, _, err) = run(dir.path(), &["check"]);
    assert_eq!(code, 2);
    assert!(err.contains("line 2 does not begin with a fingerprint"), "{err}");
}

#[test]
fn an_old_repository_is_adopted_and_fails_on_a_new_dead_link() {
    let Some(corpus) = corpus("gitlab-support") else { return };
    let dir = tempfile::tempdir().unwrap();
    copy(&corpus, &dir.path().join("kb"));
    let cache = ["--cache", "cache"];
    let call = |args: &[&str]| run(dir.path(), &[args, &cache].concat());
    assert_eq!(call(&["check", "kb"]).0, 1);
    let (code, _, err) = call(&["baseline", "kb", "--today", "2026-11-23"]);
    assert_eq!(code, 0, "{err}");
    let (code, _, err) = call(&["check", "kb", "--strict", "--fail-on", "warning", "--today", "2030-01-01"]);
    assert_eq!(code, 0, "{err}");
    let page = dir.path().join("kb/content/new-page.md");
    std::fs::create_dir_all(page.parent().unwrap()).unwrap();
    std::fs::write(&page, "# New\n\n[dead](no-such-page-anywhere.md)\n").unwrap();
    let (code, out, _) = call(&["check", "kb"]);
    assert_eq!(code, 1);
    assert!(out.contains("`no-such-page-anywhere.md`"), "{out}");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() && entry.file_name() != ".git" {
            copy(&entry.path(), &target);
        } else if kind.is_file() {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
