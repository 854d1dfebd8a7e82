//! Claims about what is read from git.

use docent::discover::git::changed_since;
use docent::error::Error;

use super::{codes, read};
use crate::support::{commit, git, knowledge_base, write};

#[test]
fn dates_and_authors_come_from_git_and_follow_renames() {
    let repo = tempfile::tempdir().unwrap();
    let top = repo.path();
    git(top, 1, "Ada", &["init", "-q", "-b", "main"]);
    let text = "# Disk full\n\nOne line\nand another\nand a third\n";
    write(top, "old/disk.md", text.as_bytes());
    write(top, "kb/content/odd \u{e9}\n\"name\".md", b"# Odd");
    write(top, "CODEOWNERS", b"* @top");
    commit(top, 1, "Ada");
    write(top, "old/disk.md", format!("{text}more\n").as_bytes());
    commit(top, 2, "Bea");
    git(top, 3, "Cem", &["mv", "old/disk.md", "kb/content/disk-full.md"]);
    write(top, "kb/content/disk-full.md", format!("{text}much more\n").as_bytes());
    commit(top, 3, "Cem");
    write(top, "kb/content/disk-full.md", format!("{text}even more\n").as_bytes());
    commit(top, 4, "Bea");
    write(top, "kb/content/new.md", b"# Not committed");
    let (sources, _) = read(&top.join("kb"));
    let git_facts = &sources.git;
    assert_eq!((git_facts.prefix.as_str(), git_facts.shallow), ("kb/", false));
    assert_eq!(git_facts.revision.as_ref().unwrap().len(), 40);
    assert_eq!(git_facts.revision_date.as_deref(), Some("2024-01-05T04:30:00Z"));
    let facts = &git_facts.files["content/disk-full.md"];
    // 23:30 in New York is the next day in UTC.
    assert_eq!((facts.changed.as_str(), facts.changed_by.as_str()), ("2024-01-05", "Bea"));
    assert_eq!(facts.authors, ["Bea", "Ada", "Cem"]);
    assert_eq!(git_facts.files["content/odd \u{e9}\n\"name\".md"].authors, ["Ada"]);
    assert!(!git_facts.files.contains_key("content/new.md"));
    let owners = sources.codeowners.unwrap();
    assert_eq!((owners.path(), owners.text()), ("../CODEOWNERS", "* @top"));
}

#[test]
fn no_repository_and_an_empty_one_are_no_fault_but_a_broken_one_is_noted() {
    let kb = knowledge_base(&[("a.md", "# A")]);
    assert_eq!(read(kb.path()).0.git, docent::discover::git::GitFacts::default());
    git(kb.path(), 1, "Ada", &["init", "-q"]);
    let (sources, findings) = read(kb.path());
    assert_eq!((sources.git.revision, findings.len()), (None, 0));
    std::fs::remove_dir_all(kb.path().join(".git")).unwrap();
    write(kb.path(), ".git", b"garbage");
    assert_eq!(codes(&read(kb.path()).1), [": unreadable-history"]);
}

#[test]
fn a_history_that_is_cut_off_is_known_as_such() {
    let repo = knowledge_base(&[("a.md", "# A")]);
    git(repo.path(), 1, "Ada", &["init", "-q"]);
    commit(repo.path(), 1, "Ada");
    write(repo.path(), "a.md", b"# B");
    commit(repo.path(), 2, "Bea");
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", repo.path().display());
    git(clone.path(), 3, "Ada", &["clone", "-q", "--depth", "1", &url, "kb"]);
    let (sources, _) = read(&clone.path().join("kb"));
    assert!(sources.git.shallow);
    assert_eq!(sources.git.files["a.md"].authors, ["Bea"]);
}

#[test]
fn changed_since_counts_commits_work_in_progress_and_new_files_of_the_knowledge_base() {
    let repo = tempfile::tempdir().unwrap();
    let top = repo.path();
    git(top, 1, "Ada", &["init", "-q", "-b", "main"]);
    for path in ["kb/same.md", "kb/edited.md", "kb/committed.md", "kb/removed.md", "kb/main.md", "outside.md"]
    {
        write(top, path, b"# A");
    }
    write(top, ".gitignore", b"ignored.md");
    commit(top, 1, "Ada");
    git(top, 2, "Ada", &["checkout", "-q", "-b", "topic"]);
    write(top, "kb/committed.md", b"# B");
    commit(top, 2, "Ada");
    git(top, 3, "Ada", &["checkout", "-q", "main"]);
    write(top, "kb/main.md", b"# Changed by others");
    commit(top, 3, "Bea");
    git(top, 4, "Ada", &["checkout", "-q", "topic"]);
    for path in ["kb/edited.md", "kb/sub/n\u{e9}w.md", "kb/ignored.md", "outside.md"] {
        write(top, path, b"# C");
    }
    std::fs::remove_file(top.join("kb/removed.md")).unwrap();
    let changed = changed_since(&top.join("kb"), "main").unwrap();
    let files = ["committed.md", "edited.md", "sub/n\u{e9}w.md"];
    assert_eq!(changed.files.iter().map(String::as_str).collect::<Vec<_>>(), files);
    assert_eq!(changed.removed.iter().map(String::as_str).collect::<Vec<_>>(), ["removed.md"]);
    for bad in ["", "gone", "-x", "--output=/tmp/x", "main;ls", "main..topic", "a\nb"] {
        let error = changed_since(&top.join("kb"), bad).unwrap_err();
        assert!(matches!(&error, Error::Usage(message) if message.contains("no revision")), "{bad}: {error}");
    }
    let none = tempfile::tempdir().unwrap();
    assert!(matches!(changed_since(none.path(), "main"), Err(Error::Usage(_))));
}
