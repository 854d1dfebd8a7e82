//! Claims about what is read from disk.

use std::path::Path;

use docent::diagnostic::Diagnostic;
use docent::discover::{DiscoverOptions, Sources, WithheldWhy, discover, read_file};

use crate::support::{corpus, knowledge_base, write};

fn read(dir: &Path) -> (Sources, Vec<Diagnostic>) {
    discover(&DiscoverOptions { dir: dir.to_owned(), ..DiscoverOptions::default() }).unwrap()
}

fn paths(sources: &Sources) -> Vec<&str> {
    sources.pages.iter().map(|page| page.path()).collect()
}

/// `path: code` of each finding.
fn codes(findings: &[Diagnostic]) -> Vec<String> {
    findings.iter().map(|f| format!("{}: {}", f.path().unwrap_or_default(), f.rule.code)).collect()
}

#[test]
fn the_tree_is_sorted_into_pages_files_folders_and_what_is_withheld() {
    let kb = knowledge_base(&[
        ("content/b/two.html.md", "# Two"),
        ("content/a.md", "# A"),
        ("content/b/index.html.md.erb", "# B"),
        ("content/b/plan.png", "png"),
        ("content/.git/config", "x"),
        ("content/node_modules/x.md", "x"),
        ("content/server.pem", "x"),
        ("content/a.md~", "x"),
        ("static/robots.txt", "x"),
        ("static/.well-known/security.txt", "x"),
        ("static/readme.md", "x"),
        ("README.md", "not content"),
        ("public/.docent-manifest.json", "{}"),
    ]);
    let (sources, findings) = read(kb.path());
    assert_eq!(codes(&findings), [""; 0]);
    assert_eq!(sources.content_dir, "content");
    assert_eq!(paths(&sources), ["content/a.md", "content/b/index.html.md.erb", "content/b/two.html.md"]);
    let files: Vec<_> = sources.files.iter().map(|file| (file.path.as_str(), file.is_static)).collect();
    let expected = [
        ("content/b/plan.png", false),
        ("static/.well-known/security.txt", true),
        ("static/readme.md", true),
        ("static/robots.txt", true),
    ];
    assert_eq!(files, expected);
    assert_eq!(sources.folders, ["content/b"]);
    let withheld: Vec<_> = sources.withheld.iter().map(|w| w.path.as_str()).collect();
    assert_eq!(withheld, ["content/.git", "content/a.md~", "content/node_modules", "content/server.pem"]);
    assert!(sources.withheld.iter().all(|w| w.why == WithheldWhy::Private));
    assert_eq!(read_file(&sources.dir, &sources.files[0]).unwrap(), b"png");
}

#[test]
fn a_folder_without_any_configuration_is_content_itself() {
    let kb = knowledge_base(&[
        ("index.md", "# Home"),
        ("public/.docent-manifest.json", "{}"),
        ("public/index.html", "built"),
        ("themes/default/templates/page.html", "{{ page }}"),
        ("CODEOWNERS", "* @sre"),
        ("owners.yaml", "team: x"),
        ("docent.yaml", ""),
        ("docs/x.md", "# X"),
    ]);
    let (sources, findings) = read(kb.path());
    assert_eq!(codes(&findings), [""; 0]);
    assert_eq!(sources.content_dir, "");
    assert_eq!(paths(&sources), ["docs/x.md", "index.md"]);
    assert_eq!(sources.folders, ["docs"]);
    let withheld: Vec<_> = sources.withheld.iter().map(|w| w.path.as_str()).collect();
    assert_eq!(withheld, ["docent.yaml", "public", "themes"]);
    assert_eq!(sources.theme.len(), 1);
    assert_eq!(sources.theme[0].path, "templates/page.html");
    assert_eq!(sources.codeowners.unwrap().text(), "* @sre");
    assert_eq!(sources.owners.unwrap().path(), "owners.yaml");
}

#[test]
fn the_corpora_are_read_whole() {
    for (name, pages) in [("gitlab-support", 200), ("gitlab-runbooks", 400)] {
        let Some(dir) = corpus(name) else { continue };
        let (sources, findings) = read(&dir);
        assert!(sources.pages.len() > pages, "{name}: {}", sources.pages.len());
        assert_eq!(codes(&findings), [""; 0], "{name}");
    }
}

#[test]
fn names_that_some_system_cannot_hold_are_errors_on_all() {
    let kb = tempfile::tempdir().unwrap();
    for path in ["CON.md", "aux/a.md", "a:b.md", "dot./x.md", "fine.md"] {
        write(kb.path(), path, b"# A");
    }
    let (sources, findings) = read(kb.path());
    assert_eq!(
        codes(&findings),
        ["CON.md", "a:b.md", "aux", "dot."].map(|path| format!("{path}: file-name-not-portable"))
    );
    assert_eq!(sources.pages.len(), 5);
}
