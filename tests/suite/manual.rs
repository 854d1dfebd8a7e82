//! Claims about this repository's own content: the manual follows the table of rules.

use std::fmt::Write;
use std::path::Path;

use docent::diagnostic::Rule;
use docent::diagnostic::rules;

/// The page of the manual that lists every rule, made from the one table.
fn rules_page() -> String {
    let mut page = String::from(
        "---\ntitle: Rules\nweight: 10\ndescription: Every finding that Docent can have.\n---\n\n\
         This page is made from the table that `docent explain` prints; a test holds the two together.\n\n\
         | Rule | Severity | Finds |\n|---|---|---|\n",
    );
    let mut all: Vec<&Rule> = rules::ALL.to_vec();
    all.sort_by_key(|rule| rule.code);
    for rule in &all {
        let _ = writeln!(page, "| [{0}](#{0}) | {1} | {2} |", rule.code, rule.severity.word(), rule.summary);
    }
    for rule in &all {
        let _ = write!(page, "\n## {}\n\n{}\n", rule.code, rule.explanation.trim());
        for (name, example) in [("Found in", rule.bad), ("Mended", rule.good)] {
            let _ = write!(page, "\n{name}:\n\n~~~~~~text\n{}\n~~~~~~\n", visible(example.trim_end()));
        }
    }
    page
}

/// An example as it can stand in a page: what is invisible is named.
fn visible(example: &str) -> String {
    let named = |c: char| matches!(c, '\u{a0}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\0');
    example.chars().map(|c| if named(c) { format!("<U+{:04X}>", c as u32) } else { c.to_string() }).collect()
}

#[test]
fn the_manual_lists_every_rule_as_the_table_has_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/manual/rules.md");
    let page = rules_page();
    if std::env::var_os("DOCENT_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "content/manual/rules.md is not what the rules say: run the tests with DOCENT_BLESS=1"
    );
}

#[test]
fn the_repositorys_own_site_has_no_finding() {
    let (code, stdout, stderr) = crate::support::run(
        Path::new(env!("CARGO_MANIFEST_DIR")),
        &["check", "--strict", "--fail-on", "note", "--today", "2026-11-23"],
    );
    assert_eq!(code, 0, "{stdout}{stderr}");
}

#[test]
fn the_manual_names_every_key_of_the_config() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/manual/configuration.md");
    let page = std::fs::read_to_string(path).unwrap();
    let keys = docent::config::keys::KEYS.iter().map(|key| key.name);
    let missing: Vec<_> = keys.filter(|name| !page.contains(&format!("\n| `{name}` "))).collect();
    assert!(missing.is_empty(), "content/manual/configuration.md has no row for {missing:?}");
}
