//! Claims about real content: two corpora of a real support organisation, built unmodified.

use std::collections::BTreeMap;
use std::path::Path;

use crate::support::{corpus, docent};

/// For `gitlab-support`: it is a part of a larger handbook.
const HANDBOOK_CONFIG: &str = r#"
title: Support handbook
own_hosts: [about.gitlab.com]
elsewhere:
  "/**": https://about.gitlab.com
heading_ids: kramdown
"#;

/// Builds a corpus into `out` and returns the exit status and standard error.
fn build(corpus: &Path, config: Option<&Path>, out: &Path, environment: &[(&str, &str)]) -> (i32, String) {
    let mut command = docent();
    command.args(["build", "--today", "2026-11-23", "--out"]).arg(out.join("site"));
    command.arg("--cache").arg(out.join("cache")).arg(corpus);
    if let Some(config) = config {
        command.arg("--config").arg(config);
    }
    for (name, value) in environment {
        command.env(name, value);
    }
    let output = command.output().unwrap();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Every file of a folder with its bytes.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(dir: &Path, root: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(dir, dir, &mut found);
    found
}

/// The text that a reader sees outside code: tags dropped, `pre` and `code` with their content too.
fn prose(html: &str) -> String {
    let main = html.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).unwrap_or(html);
    let mut text = String::new();
    let mut rest = main;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        rest = &rest[open..];
        let close = ["pre", "code", "math"].into_iter().find_map(|tag| {
            let named = rest[1..].starts_with(tag)
                && !rest[1 + tag.len()..].starts_with(|c: char| c.is_alphanumeric());
            named.then(|| format!("</{tag}>"))
        });
        let end = match close {
            Some(close) => rest.find(&close).map(|at| at + close.len()),
            None => rest.find('>').map(|at| at + 1),
        };
        let Some(end) = end else { break };
        text.push(' ');
        rest = &rest[end..];
    }
    text
}

#[test]
fn both_corpora_build_unmodified_and_show_no_mark_of_an_old_dialect() {
    let cases =
        [("gitlab-support", None), ("gitlab-support", Some(HANDBOOK_CONFIG)), ("gitlab-runbooks", None)];
    for (name, config) in cases {
        let Some(corpus) = corpus(name) else { continue };
        let out = tempfile::tempdir().unwrap();
        let config_path = out.path().join("docent.yaml");
        std::fs::write(&config_path, config.unwrap_or_default()).unwrap();
        let (code, stderr) = build(&corpus, config.map(|_| config_path.as_path()), out.path(), &[]);
        assert!(
            matches!(code, 0 | 1),
            "{name}: exit {code}\n{}",
            &stderr[stderr.len().saturating_sub(2000)..]
        );
        let site = files(&out.path().join("site"));
        let report: serde_json::Value = serde_json::from_slice(&site["build.json"]).unwrap();
        assert_eq!(report["pages"], report["search_documents"], "{name}");
        assert!(report["pages"].as_u64().unwrap() > 300, "{name}: {}", report["pages"]);
        let mut marks = Vec::new();
        for (path, bytes) in
            site.iter().filter(|(path, _)| Path::new(path).extension().is_some_and(|e| e == "html"))
        {
            let text = prose(std::str::from_utf8(bytes).unwrap());
            for mark in ["{:", "{::", "[[_TOC_]]", "[TOC]", "markdown=\"1\""] {
                if let Some(at) = text.find(mark) {
                    let start =
                        (0..=at.saturating_sub(30)).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
                    marks.push(format!(
                        "{name}/{path}: {}",
                        text[start..].chars().take(80).collect::<String>()
                    ));
                }
            }
        }
        assert!(marks.is_empty(), "{}", marks.join("\n"));
    }
}

#[test]
fn two_builds_are_equal_byte_for_byte_whatever_threads_time_zone_and_language() {
    for name in ["gitlab-support", "gitlab-runbooks"] {
        let Some(corpus) = corpus(name) else { continue };
        let one = tempfile::tempdir().unwrap();
        let two = tempfile::tempdir().unwrap();
        build(&corpus, None, one.path(), &[("RAYON_NUM_THREADS", "1"), ("TZ", "UTC"), ("LANG", "C")]);
        let other = [("RAYON_NUM_THREADS", "8"), ("TZ", "Pacific/Kiritimati"), ("LANG", "tr_TR.UTF-8")];
        build(&corpus, None, two.path(), &other);
        let (one, two) = (files(&one.path().join("site")), files(&two.path().join("site")));
        assert!(one.len() > 300, "{name}: {} files", one.len());
        assert_eq!(one.keys().collect::<Vec<_>>(), two.keys().collect::<Vec<_>>());
        let differ: Vec<&String> = one.keys().filter(|path| one[*path] != two[*path]).collect();
        assert!(differ.is_empty(), "{name}: {differ:?}");
    }
}
