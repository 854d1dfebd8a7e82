//! Claims about this repository's own content: the manual follows the table of rules.

use std::fmt::Write;
use std::path::Path;

use docent::config::{builtin, tickets};
use docent::diagnostic::Rule;
use docent::diagnostic::rules;
use docent::diagnostic::rules::config::CONFIG_SYNTAX;
use docent::source::{SourceFile, Span};
use docent::yaml::{self, Node, Value, YamlRules};

use crate::support;

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
fn the_repositorys_own_site_has_no_finding_but_those_of_the_clock() {
    // Not `--strict`, which also wants every finding of the baseline: one needs the whole history.
    let (code, stdout, stderr) = support::run(
        Path::new(env!("CARGO_MANIFEST_DIR")),
        &["check", "--fail-on", "warning", "--today", "2026-11-23"],
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

/// A page of the manual.
fn page(name: &str) -> String {
    std::fs::read_to_string(manual().join(name)).unwrap()
}

fn manual() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("content/manual")
}

/// Names and texts of all pages of the manual but the one that is made of the table of rules.
fn pages() -> Vec<(String, String)> {
    let names = std::fs::read_dir(manual()).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.retain(|name| Path::new(name).extension().is_some_and(|end| end == "md") && name != "rules.md");
    names.sort();
    names.into_iter().map(|name| (name.clone(), page(&name))).collect()
}

/// The first cells of all rows between a heading and the next of its level or above.
fn keys_under(page: &str, heading: &str) -> String {
    let level = heading.find(' ').unwrap();
    let ends = |line: &&str| !(1..=level).any(|n| line.starts_with(&format!("{} ", "#".repeat(n))));
    let rest = page.split(&format!("\n{heading}\n")).nth(1).unwrap_or_default();
    let rows = rest.lines().take_while(ends).filter_map(|line| line.strip_prefix("| "));
    rows.filter_map(|row| row.split('|').next()).collect()
}

#[test]
fn the_manual_names_every_field_of_every_kind() {
    let page = page("pages.md");
    let mut missing = Vec::new();
    let mut look = |heading: &str, fields: &[docent::config::kinds::Field]| {
        let keys = keys_under(&page, heading);
        let unnamed = fields.iter().filter(|field| !keys.contains(&format!("`{}`", field.name)));
        missing.extend(unnamed.map(|field| format!("{heading}: {}", field.name)));
    };
    look("## Front matter", builtin::every_page());
    for kind in builtin::kinds().iter().filter(|kind| !kind.fields.is_empty()) {
        look(&format!("### `{}`", kind.name), &kind.fields);
    }
    assert!(missing.is_empty(), "content/manual/pages.md has no row for {missing:?}");
}

#[test]
fn the_manual_says_where_each_kind_is_found() {
    let page = page("pages.md");
    for kind in builtin::kinds() {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{}` ", kind.name))).unwrap();
        for path in &kind.paths {
            let folder = path.glob().glob().trim_end_matches("**");
            assert!(row.contains(&format!("`{folder}`")), "{row} does not name {folder}");
        }
    }
}

#[test]
fn the_manual_lists_what_new_writes() {
    let dir = tempfile::tempdir().unwrap();
    let (status, _, said) = support::run(dir.path(), &["new", "kb"]);
    assert_eq!(status, 0, "{said}");
    let kb = dir.path().join("kb");
    let files = walkdir::WalkDir::new(&kb).sort_by_file_name().into_iter().map(|entry| entry.unwrap());
    let files = files.filter(|entry| entry.file_type().is_file());
    let mut files: Vec<String> = files
        .map(|entry| entry.path().strip_prefix(&kb).unwrap().to_str().unwrap().replace('\\', "/"))
        .collect();
    files.sort();
    let list = format!("```text\n{}\n```", files.join("\n"));
    assert!(page("getting-started.md").contains(&list), "content/manual/getting-started.md lacks\n{list}");
    let read = |path: &str| std::fs::read_to_string(kb.join(path)).unwrap();
    assert!(read("content/training/modules/first-tickets.md").contains("[!QUIZ]"));
    assert!(read("content/runbooks/queue-backlog.md").contains("reviewed: 2023-"));
    assert!(read("docent.yaml").contains("path: data/tickets.json"));
}

/// Fenced blocks of a page whose information begins with `language`: what follows it, and their lines.
fn blocks<'p>(page: &'p str, language: &str) -> Vec<(&'p str, Vec<&'p str>)> {
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        if ticks < 3 {
            continue;
        }
        let body: Vec<&str> = lines.by_ref().take_while(|end| !end.starts_with(&line[..ticks])).collect();
        if let Some(info) = line[ticks..].strip_prefix(language) {
            found.push((info.trim(), body));
        }
    }
    found
}

/// Runs a line as a shell would, with `docent` being this program.
#[cfg(unix)]
fn shell(dir: &Path, line: &str) -> (i32, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_docent")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut command = std::process::Command::new("sh");
    command.args(["-c", line]).current_dir(dir).env("PATH", path).env("NO_COLOR", "1");
    // 2026-11-23
    let output = command.env("SOURCE_DATE_EPOCH", "1795392000").output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&said).into_owned())
}

/// Whether the program knows the arguments of a line, without doing anything.
#[cfg(unix)]
fn assert_known(dir: &Path, line: &str, place: &str) {
    let arguments = line.split(" >").next().unwrap();
    let (status, said) = shell(dir, &format!("{arguments} --help"));
    assert!(status == 0 && said.contains("Usage:"), "{place}: `{line}`: {said}");
}

#[test]
#[cfg(unix)]
fn every_command_of_the_manual_runs() {
    let mut run = 0;
    for (name, page) in pages() {
        let dir = tempfile::tempdir().unwrap();
        for kb in [".", "path/to/folder"] {
            assert_eq!(support::run(dir.path(), &["new", kb]).0, 0);
        }
        for (_, lines) in blocks(&page, "console") {
            for line in lines.iter().filter_map(|line| line.strip_prefix("$ ")) {
                if !line.starts_with("docent ") {
                    continue;
                }
                assert_known(dir.path(), line, &name);
                // A service and a branch are not here, and a server would not end; `serve` is tested by itself.
                if line.contains("tickets pull")
                    || line.contains("origin/")
                    || line.starts_with("docent serve")
                {
                    continue;
                }
                let (status, said) = shell(dir.path(), line);
                assert_eq!(status, 0, "{name}: `{line}`: {said}");
                run += 1;
            }
        }
        // In the text, `docent …` names a command.
        for inline in page.split('`').filter(|text| text.starts_with("docent ") && !text.contains('\n')) {
            assert_known(dir.path(), &inline.replace(['<', '>', '…'], ""), &name);
        }
    }
    assert!(run >= 8, "{run} commands");
}

/// All texts of a YAML file.
fn texts<'n>(node: &'n Node, found: &mut Vec<&'n str>) {
    match &node.value {
        Value::Map(entries) => entries.iter().for_each(|(_, value)| texts(value, found)),
        Value::List(items) => items.iter().for_each(|item| texts(item, found)),
        _ => found.extend(node.text()),
    }
}

#[test]
#[cfg(unix)]
fn the_pipelines_of_the_manual_are_yaml_with_commands_that_the_program_knows() {
    let dir = tempfile::tempdir().unwrap();
    let page = page("ci.md");
    let pipelines = blocks(&page, "yaml");
    assert!(pipelines.len() >= 2);
    for (info, lines) in pipelines {
        let text = lines.join("\n");
        let file = std::sync::Arc::new(SourceFile::new(info, text.as_str()));
        let rules = YamlRules { syntax: &CONFIG_SYNTAX, duplicate: &CONFIG_SYNTAX };
        let tree = yaml::parse(&file, Span::new(0, text.len()), rules).unwrap();
        let mut found = Vec::new();
        texts(&tree, &mut found);
        let commands: Vec<&str> =
            found.iter().flat_map(|text| text.lines()).filter(|line| line.starts_with("docent ")).collect();
        assert!(commands.len() >= 3, "{info}: {commands:?}");
        for command in commands {
            assert_known(dir.path(), command, info);
        }
    }
}

#[test]
fn the_examples_of_the_config_are_read_without_a_finding() {
    let mut read = 0;
    for name in ["configuration.md", "freshness.md", "tickets.md"] {
        for (_, lines) in blocks(&page(name), "yaml") {
            let text = lines.join("\n");
            // The file of owners is another file.
            if text.starts_with("owners:\n") {
                continue;
            }
            let file = std::sync::Arc::new(SourceFile::new("docent.yaml", text.as_str()));
            let found = docent::config::Config::parse(&file).err().unwrap_or_default();
            assert!(found.is_empty(), "{name}: {text}\n{found:?}");
            read += 1;
        }
    }
    assert!(read >= 13, "{read}");
}

#[test]
fn the_manual_names_every_ticket_system_with_an_example_and_every_key() {
    let page = page("tickets.md");
    let systems = tickets::SYSTEMS.iter().map(|(word, _)| format!("\n  - source: {word}\n"));
    let keys = tickets::TICKET_KEYS.iter().map(|(key, _)| *key);
    let keys = keys.chain(tickets::COLUMNS.iter().map(|(word, ..)| *word));
    let wanted = systems.chain(keys.map(|key| format!("\n| `{key}` ")));
    let missing: Vec<String> = wanted.filter(|wanted| !page.contains(wanted)).collect();
    assert!(missing.is_empty(), "content/manual/tickets.md lacks {missing:?}");
}

/// Front matter as `reviewing.md` shows it is read by a page without a finding.
#[test]
fn the_examples_of_a_review_are_read_without_a_finding() {
    let page = page("reviewing.md");
    let examples = blocks(&page, "yaml");
    assert!(examples.len() >= 3);
    for (_, lines) in examples {
        let text = format!("---\ntitle: A\n{}\n---\n\nText.\n", lines.join("\n"));
        let dir = support::knowledge_base(&[("index.md", &text), ("ansible/patroni/main.yml", "x: 1\n")]);
        let arguments = ["check", "--fail-on", "note", "--today", "2026-11-23"];
        let (status, out, said) = support::run(dir.path(), &arguments);
        assert_eq!(status, 0, "{text}\n{out}{said}");
    }
}

/// Reason as `freshness.md` words it, and the constant of `src/freshness` that holds its weight.
const WEIGHTS: &[(&str, &str)] = &[
    ("every page begins at", "START"),
    ("superseded", "SUPERSEDED_BY"),
    ("a path in `covers` is gone", "COVERS"),
    ("dead links, however many", "DEAD_LINK"),
    ("a step is missing", "STEP"),
    ("nobody knows the owner", "OWNER"),
    ("flagged in one ticket", "ONE_FLAG"),
    ("flagged by two askers or more", "TWO_FLAGS"),
    ("a name in code is gone", "REFERENCE"),
    ("a surge, alarm", "SURGE_ALARM"),
    ("a surge, watch", "SURGE_WATCH"),
    ("worse outcomes", "BAD_OUTCOME"),
    ("changed sources, for each doubling of commits", "PER_CHANGE"),
    ("it stands on a page that cannot be trusted", "STANDS"),
    ("it links to one", "LINKS"),
    ("overdue", "LATE"),
    ("for each doubling of the interval since, up to two", "PER_DOUBLING"),
    ("never confirmed, or on no day that can be read", "NEVER"),
    ("followed, drilled or used in an incident, fading to the due date", "FOLLOWED"),
    ("its tickets were solved at least ten times, none reopened", "REUSED"),
];

#[test]
fn the_manual_weighs_each_reason_as_the_code_does() {
    let mut code = String::new();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/freshness")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            code += &std::fs::read_to_string(path).unwrap();
        }
    }
    let weight = |name: &str| -> i32 {
        let line = code.lines().find(|line| line.contains(&format!("const {name}:"))).expect(name);
        let value = line.split('=').nth(1).unwrap().trim_end_matches([';', ')']);
        value.rsplit([',', ' ']).next().unwrap().replace('_', "").parse().expect(line)
    };
    let page = page("freshness.md");
    let table = page.split("## The order of the queue").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| ")).skip(1);
    let rows: Vec<(String, String)> = rows
        .map(|row| {
            let mut cells = row.split('|').map(|cell| cell.trim().to_owned());
            (cells.next().unwrap(), cells.next().unwrap())
        })
        .collect();
    let expected: Vec<(String, String)> = WEIGHTS
        .iter()
        .map(|(reason, name)| ((*reason).to_owned(), format!("{:+.1}", f64::from(weight(name)) / 1000.0)))
        .collect();
    assert_eq!(rows, expected);
}

#[test]
fn the_manual_names_every_rule_and_setting_of_freshness() {
    let page = page("freshness.md");
    let family = include_str!("../../src/diagnostic/rules/freshness.rs");
    let codes = family.lines().filter_map(|line| line.trim().strip_prefix("code: \"")?.strip_suffix("\","));
    let codes: Vec<&str> = codes.collect();
    assert!(codes.len() >= 14, "{codes:?}");
    let unnamed = codes.iter().filter(|code| !page.contains(&format!("](rules.md#{code})")));
    let unnamed: Vec<_> = unnamed.collect();
    assert!(unnamed.is_empty(), "content/manual/freshness.md does not name {unnamed:?}");
    for (key, _) in docent::config::freshness::FRESHNESS_KEYS {
        assert!(page.contains(&format!("\n| `{key}` ")), "content/manual/freshness.md lacks `{key}`");
    }
}

#[test]
fn the_reports_that_the_manual_shows_are_those_of_the_sample() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sample/freshness.txt");
    let report = std::fs::read_to_string(path).unwrap();
    let page = page("freshness.md");
    let shown = blocks(&page, "text");
    assert!(shown.len() >= 4);
    for (_, lines) in shown {
        let text = lines.join("\n") + "\n";
        assert!(
            report.contains(&text),
            "content/manual/freshness.md shows what the sample does not:\n{text}"
        );
    }
}
