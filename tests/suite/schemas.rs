//! What docent writes is what its readers expect, by their schemas, for the oddest of inputs.
//!
//! Needs Node and the packages of `tests/schemas` (`npm ci` there).

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{docent, knowledge_base, run, skipped, write};

/// Complaints about each `(schema, file)`; `None` after saying what is missing.
pub fn validate(dir: &Path, jobs: &[(String, PathBuf)]) -> Option<Vec<Vec<String>>> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas");
    if !home.join("node_modules").is_dir() {
        skipped("the packages of tests/schemas are not installed: run `npm ci` there");
        return None;
    }
    let list: Vec<Value> =
        jobs.iter().map(|(schema, file)| json!({ "schema": schema, "file": file })).collect();
    let list_file = dir.join("jobs.json");
    std::fs::write(&list_file, serde_json::to_vec(&list).unwrap()).unwrap();
    let mut node = std::process::Command::new("node");
    let Ok(output) = node.arg(home.join("validate.mjs")).arg(&list_file).output() else {
        skipped("Node is not installed");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answers: Vec<Vec<String>> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answers.len(), jobs.len());
    Some(answers)
}

/// Names, texts and values that break formats which are written carelessly.
fn hostile() -> tempfile::TempDir {
    let dir = knowledge_base(&[
        ("docent.yaml", "title: 'T \"<&>'\nrules: { orphan-page: note }\n"),
        ("index.md", "# Home\n\n[a](gone.md) ![]() [b](index.md#nö) [c](https://https://x.example)\n"),
        ("\"qu'ote\" & <b>.md", "[x](<a \"b\" & 'c' <d>.md>) [y](javascript:alert(1))\n"),
        ("ünï cödé/ペ ージ.md", "---\ntitel: \"<x>\"\nkind: runbok\n---\n\n# 𐐀\n\n𐐀 [z](ペ.md) `\u{202E}`\n"),
        ("a,b;c=%41 100%.md", "# ]]> <!-- -->\n\n[x](gone]]>.md) {{ x }} %0A::error::\n"),
        ("control.md", "# C\n\n\u{1}\u{b}\u{1b}[31m[x](g\u{7f}\u{85}one.md)\u{0} \u{feff}\n"),
        ("windows.md", "\u{feff}# W\r\n\r\nText [x](gone.md)\r\n"),
        ("empty.md", ""),
        ("open.md", "---\ntitle: never closed\n"),
    ]);
    let long = format!("# Long\n\n{} [x](gone.md)\n", "wörd ".repeat(20_000));
    write(dir.path(), "long.md", long.as_bytes());
    std::fs::write(dir.path().join(OsStr::from_bytes(b"not\xffutf8.md")), "# N\n").unwrap();
    std::fs::write(dir.path().join("line\nbreak\t.md"), "# L\n\n[x](gone.md)\n").unwrap();
    dir
}

#[test]
fn reports_are_valid_by_the_schemas_of_their_readers() {
    let out = tempfile::tempdir().unwrap();
    let (hostile, clean) = (hostile(), knowledge_base(&[("index.md", "# Home\n\nText.\n")]));
    let mut jobs = Vec::new();
    for (name, dir) in [("hostile", hostile.path()), ("clean", clean.path())] {
        for format in ["sarif", "gitlab", "rdjson", "junit"] {
            let file = out.path().join(format!("{name}.{format}"));
            let args =
                ["check", "--fail-on", "never", "--format", format, "--output", file.to_str().unwrap()];
            let (code, _, err) = run(dir, &args);
            assert_eq!(code, 0, "{format}: {err}");
            jobs.push((format.to_owned(), file));
        }
    }
    let text = |name: &str| std::fs::read_to_string(out.path().join(name)).unwrap();
    for rule in
        ["file-name-not-utf8", "broken-link", "unknown-kind", "hidden-direction", "front-matter-unclosed"]
    {
        assert!(text("hostile.sarif").contains(rule), "the sample has no {rule}");
    }
    assert!(
        text("hostile.sarif").contains("\"fixes\"") && text("hostile.rdjson").contains("\"suggestions\"")
    );
    // A schema that takes everything would prove nothing.
    let spoilt = [
        ("sarif", "\"level\": \"error\"", "\"level\": \"bad\""),
        ("sarif", "\"startLine\"", "\"firstLine\""),
        ("gitlab", "\"severity\": \"major\"", "\"severity\": \"error\""),
        ("gitlab", "\"path\": \"", "\"path\": \"./"),
        ("rdjson", "\"severity\": \"ERROR\"", "\"severity\": \"error\""),
        ("rdjson", "\"related_locations\"", "\"related\""),
        ("junit", "<failure ", "<failed "),
        ("junit", " line=\"", " line=\"x"),
    ];
    let valid = jobs.len();
    for (number, (format, right, wrong)) in spoilt.iter().enumerate() {
        let right_text = text(&format!("hostile.{format}"));
        assert!(right_text.contains(right), "{format} has no {right}");
        let file = out.path().join(format!("spoilt-{number}"));
        std::fs::write(&file, right_text.replacen(right, wrong, 1)).unwrap();
        jobs.push(((*format).to_owned(), file));
    }
    let Some(answers) = validate(out.path(), &jobs) else { return };
    for ((schema, file), complaints) in jobs.iter().zip(&answers).take(valid) {
        assert!(complaints.is_empty(), "{schema} {}: {complaints:#?}", file.display());
    }
    for ((format, right, wrong), complaints) in spoilt.iter().zip(&answers[valid..]) {
        assert!(!complaints.is_empty(), "{format} takes {wrong} for {right}");
    }
}

#[test]
fn fingerprints_move_neither_with_time_nor_with_lines() {
    let dir = hostile();
    let prints = |today: &str| {
        let args = ["check", "--fail-on", "never", "--format", "gitlab", "--today", today];
        let (code, out, err) = run(dir.path(), &args);
        assert_eq!(code, 0, "{err}");
        let report: Value = serde_json::from_str(&out).unwrap();
        let line = |issue: &Value| {
            (issue["fingerprint"].as_str().unwrap().to_owned(), issue["location"]["lines"]["begin"].as_u64())
        };
        let mut all: Vec<_> = report.as_array().unwrap().iter().map(line).collect();
        all.sort();
        all
    };
    let before = prints("2026-11-23");
    assert!(before.len() > 15, "{before:?}");
    let names: std::collections::BTreeSet<_> = before.iter().map(|(print, _)| print).collect();
    assert_eq!(names.len(), before.len(), "no two are equal");
    assert_eq!(prints("2031-02-03"), before);
    for path in ["index.md", "\"qu'ote\" & <b>.md", "a,b;c=%41 100%.md"] {
        let text = std::fs::read_to_string(dir.path().join(path)).unwrap();
        write(dir.path(), path, format!("First\nof\n\n{text}").as_bytes());
    }
    let after = prints("2026-11-23");
    assert_ne!(after, before, "lines have shifted");
    let bare = |all: &[(String, Option<u64>)]| all.iter().map(|(print, _)| print.clone()).collect::<Vec<_>>();
    assert_eq!(bare(&after), bare(&before));
}

#[test]
fn the_schemas_for_editors_take_what_docent_takes() {
    let out = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let printed = docent().args(["schema", "-C"]).arg(root).output().unwrap();
    let all: Value = serde_json::from_slice(&printed.stdout).unwrap();
    let schema_file = |name: &str| out.path().join(format!("{name}.schema.json"));
    for (name, schema) in all["schemas"].as_object().unwrap() {
        std::fs::write(schema_file(name), schema.to_string()).unwrap();
    }
    let mut jobs: Vec<(String, PathBuf)> = Vec::new();
    let mut add = |schema: &str, text: &str| {
        let file = out.path().join(format!("{}.yaml", jobs.len()));
        std::fs::write(&file, text).unwrap();
        jobs.push((schema_file(schema).to_str().unwrap().to_owned(), file));
    };
    add("config", &std::fs::read_to_string(root.join("docent.yaml")).unwrap());
    for text in front_matter_of(&root.join("content")) {
        add("front-matter", &text);
    }
    let right = [
        ("config", ""),
        ("config", "rules: { orphan-page: off }\nkinds: { runbook: [a/**], x: { fields: { y: date } } }\n"),
        ("config", "tags: { k: [x, y] }\nmax_page_bytes: 4 MiB\nheading_ids: kramdown\n"),
        ("front-matter", "title: 12\ntags: a\nreviewed: 2026-09-01\nextra: { a: 1 }\n"),
        ("config", "freshness: { intervals: { runbook: 90d }, common_tag: 20%, watch: 0.01, bots: [x] }\n"),
        ("front-matter", "freshness: { last-reviewed: 2026-09-01, by: ana, every: 90d }\n"),
        ("front-matter", "snooze: { until: 2026-12-15, rules: overdue, reason: x, doubt: 1200 }\n"),
        ("runbook", "title: X\nreviewed_how: followed\n"),
    ];
    let wrong = [
        ("config", "titel: X\n"),
        ("config", "rules: { orphan-page: of }\n"),
        ("config", "rules: { no-such-rule: off }\n"),
        ("config", "unsafe_html: perhaps\n"),
        ("config", "- a list\n"),
        ("config", "kinds: { x: { fields: { y: { type: dat } } } }\n"),
        ("front-matter", "kind: runbok\n"),
        ("front-matter", "draft: perhaps\n"),
        ("front-matter", "title: [a]\n"),
        ("front-matter", "reviewed: next week\n"),
        ("config", "freshness: { interval: 90d }\n"),
        ("config", "freshness: { intervals: { runbok: 90d } }\n"),
        ("front-matter", "freshness: { how: guessed }\n"),
        ("front-matter", "snooze: { until: 2026-12-15, rules: [broken-link], reason: x }\n"),
        ("front-matter", "snooze: { rules: [overdue], reason: x }\n"),
        ("runbook", "reviewed_how: guessed\n"),
    ];
    for (schema, text) in right.iter().chain(&wrong) {
        add(schema, text);
    }
    assert!(jobs.len() > 30, "the repository's own pages have front matter");
    let Some(answers) = validate(out.path(), &jobs) else { return };
    let (takes, refuses) = answers.split_at(jobs.len() - wrong.len());
    for ((schema, file), complaints) in jobs.iter().zip(takes) {
        let text = std::fs::read_to_string(file).unwrap();
        assert!(complaints.is_empty(), "{schema} refuses\n{text}\n{complaints:#?}");
    }
    for ((schema, text), complaints) in wrong.iter().zip(refuses) {
        assert!(!complaints.is_empty(), "{schema} takes\n{text}");
        assert!(
            complaints.iter().all(|said| said.starts_with('/') || said.starts_with(' ')),
            "{complaints:?}"
        );
    }
}

/// The front matter of every page below a folder.
fn front_matter_of(dir: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(front_matter_of(&path));
        } else if path.extension().is_some_and(|ending| ending == "md") {
            let text = std::fs::read_to_string(&path).unwrap();
            let block = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
            all.extend(block.map(|(yaml, _)| yaml.to_owned()));
        }
    }
    all
}
