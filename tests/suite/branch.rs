//! `check --changed-since`: what a branch is answerable for.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{knowledge_base, run, skipped, write};

/// Runs git; false where there is none.
fn git(dir: &Path, args: &[&str]) -> bool {
    let mut command = Command::new("git");
    for setting in ["user.name=A", "user.email=a@example.org", "init.defaultBranch=main"] {
        command.args(["-c", setting]);
    }
    command.args(args).current_dir(dir).output().is_ok_and(|output| output.status.success())
}

/// `path: rule` of each finding, sorted.
fn found(dir: &Path, args: &[&str]) -> Vec<String> {
    let (_, out, err) = run(dir, &[args, &["--format", "json"]].concat());
    let report: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {err}"));
    let line = |finding: &Value| {
        let word = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
        format!("{}: {}", word("path"), word("rule"))
    };
    report["diagnostics"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn only_findings_in_changed_files_are_reported_on_a_branch() {
    let dir = knowledge_base(&[
        ("index.md", "# Home\n\nSee [the disk](dsk.md) and [nothing]().\n"),
        ("disk.md", "# Disk full\n\nBack [home](index.md).\n"),
    ]);
    if !git(dir.path(), &["init", "-q"]) {
        return skipped("git is not installed");
    }
    assert!(git(dir.path(), &["add", "."]) && git(dir.path(), &["commit", "-qm", "one"]));
    assert_eq!(run(dir.path(), &["check", "--changed-since", "HEAD"]).0, 0);
    write(dir.path(), "disk.md", b"# Disk full\n\nBack [home](indx.md).\n");
    assert_eq!(run(dir.path(), &["check", "--changed-since", "HEAD"]).0, 1);
    let found = found(dir.path(), &["check", "--changed-since", "HEAD"]);
    assert_eq!(found, ["disk.md: orphan-page", "disk.md: broken-link"]);
    let (code, _, err) = run(dir.path(), &["check", "--changed-since", "nowhere"]);
    assert_eq!(code, 2);
    assert!(err.contains("nowhere"), "{err}");
}

#[test]
fn links_of_other_pages_to_what_a_branch_took_away_are_its_findings() {
    let pages: &[(&str, &str)] = &[
        ("kb/content/index.md", "# Home\n\n[a](a.md) [f](folder/) [h](kept.md#old) [i](pic.png)\n"),
        ("kb/content/links/relative.md", "# R\n\n[a](../a.md)\n"),
        ("kb/content/links/rooted.md", "# R\n\n[a](/a.md)\n"),
        ("kb/content/links/address.md", "# R\n\n[a](/a/)\n"),
        ("kb/content/links/repository.md", "# R\n\n[a](/kb/content/a.md)\n"),
        ("kb/content/links/wiki.md", "# R\n\n[[moved]]\n"),
        ("kb/content/links/folder.md", "# R\n\n[f](/folder/)\n"),
        ("kb/content/links/heading.md", "# R\n\n[h](../kept.md#old)\n"),
        ("kb/content/links/image.md", "# R\n\n![i](../pic.png)\n"),
        ("kb/content/links/draft.md", "# R\n\n[d](../drafted.md)\n"),
        ("kb/content/links/before.md", "# R\n\n[x](../never-was.md) [y](../kept.md#never)\n"),
        ("kb/content/a.md", "# A\n\nText [w](deep/moved.md).\n"),
        ("kb/content/deep/moved.md", "# Another title\n\nText.\n"),
        ("kb/content/folder/README.md", "# Folder\n\nText.\n"),
        ("kb/content/kept.md", "# Kept\n\n## Old\n\nText.\n"),
        ("kb/content/drafted.md", "# Drafted\n\nText.\n"),
        ("kb/content/pic.png", "png"),
        ("kb/docent.yaml", "rules: { orphan-page: off }\n"),
    ];
    let dir = knowledge_base(pages);
    if !git(dir.path(), &["init", "-q"]) {
        return skipped("git is not installed");
    }
    assert!(git(dir.path(), &["add", "."]) && git(dir.path(), &["commit", "-qm", "one"]));
    let check = ["check", "kb", "--changed-since", "main"];
    assert_eq!(found(dir.path(), &["check", "kb"]).len(), 2, "what was wrong before");
    assert_eq!(found(dir.path(), &check), [""; 0]);

    assert!(git(dir.path(), &["switch", "-qc", "branch"]));
    assert!(git(
        dir.path(),
        &["rm", "-q", "kb/content/a.md", "kb/content/folder/README.md", "kb/content/pic.png"]
    ));
    assert!(git(dir.path(), &["mv", "kb/content/deep/moved.md", "kb/content/deep/renamed.md"]));
    write(dir.path(), "kb/content/drafted.md", b"---\ndraft: true\n---\n\n# Drafted\n\nText.\n");
    assert!(git(dir.path(), &["add", "."]) && git(dir.path(), &["commit", "-qm", "two"]));
    write(dir.path(), "kb/content/kept.md", b"# Kept\n\n## New\n\nText.\n");
    let mut expected: Vec<String> = [
        ("content/index.md", "broken-link"),
        ("content/index.md", "broken-fragment"),
        ("content/index.md", "broken-link"),
        ("content/index.md", "broken-link"),
        ("content/links/address.md", "broken-link"),
        ("content/links/before.md", "broken-fragment"),
        ("content/links/draft.md", "link-to-draft"),
        ("content/links/folder.md", "broken-link"),
        ("content/links/heading.md", "broken-fragment"),
        ("content/links/image.md", "broken-image"),
        ("content/links/relative.md", "broken-link"),
        ("content/links/repository.md", "broken-link"),
        ("content/links/rooted.md", "broken-link"),
        ("content/links/wiki.md", "broken-link"),
    ]
    .map(|(path, rule)| format!("{path}: {rule}"))
    .to_vec();
    expected.sort();
    let mut found = found(dir.path(), &check);
    found.sort();
    assert_eq!(found, expected);
}
