//! `docent new`, `build` and `search`: what they publish, keep and refuse.

use std::path::Path;

use serde_json::Value;
use snapbox::{IntoData, assert_data_eq, str};

use crate::support::{docent, knowledge_base, run, write};

fn read(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn a_new_knowledge_base_builds_at_once_without_a_finding_but_those_of_the_clock() {
    let dir = knowledge_base(&[]);
    let (code, out, err) = run(dir.path(), &["new", "kb"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(err.ends_with("Next: docent build kb\n"), "{err}");
    let today = ["--today", "2026-11-23"];
    let (code, out, err) =
        run(dir.path(), &[&["check", "kb", "--strict", "--fail-on", "warning"], &today[..]].concat());
    assert_eq!(code, 0, "{out}{err}");
    let (code, _, err) = run(dir.path(), &[&["build", "kb", "--strict"], &today[..]].concat());
    assert_eq!(code, 0, "{err}");
    let facts = json(&read(dir.path().join("kb/public/build.json")));
    let kinds = serde_json::json!({ "article": 1, "job": 1, "module": 2, "path": 1, "runbook": 3 });
    assert_eq!(facts["kinds"], kinds);
    let (code, _, err) = run(dir.path(), &["new", "kb"]);
    assert_eq!(code, 2);
    assert!(err.contains("`kb` is not empty"), "{err}");
}

#[test]
fn a_build_says_what_it_made_and_where_to_look() {
    let dir = knowledge_base(&[("kb/index.md", "# Home\n")]);
    let (code, out, err) = run(dir.path(), &["build", "kb"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    let lines: Vec<&str> = err.lines().collect();
    assert_eq!(lines[0], "1 page: no findings");
    assert!(
        lines[1].starts_with("Built 1 page: ") && lines[1].ends_with("Look at kb/public/index.html"),
        "{err}"
    );
    let (_, _, err) = run(dir.path(), &["build", "kb", "--timings", "--cache", "other"]);
    for stage in ["reading", "parsing", "joining", "checking", "rendering", "indexing", "publishing"] {
        assert!(err.contains(stage), "{stage} is not in {err}");
    }
}

#[test]
fn build_json_holds_the_counts_and_no_clock() {
    let dir = knowledge_base(&[
        ("index.md", "# Home\n\n[a](a.md)\n"),
        ("a.md", "# A\n\n![dot](dot.png)\n"),
        ("dot.png", "not really an image"),
    ]);
    let facts = |epoch: &str| {
        let mut command = docent();
        command.args(["build", "--today", "2026-11-23"]).current_dir(dir.path());
        let output = command.env("SOURCE_DATE_EPOCH", epoch).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        json(&read(dir.path().join("public/build.json")))
    };
    let first = facts("1700000000");
    assert_eq!(first["schema"], 1);
    assert_eq!(first["built"], "2023-11-14T22:13:20Z");
    assert_eq!((&first["pages"], &first["search_documents"]), (&2.into(), &2.into()));
    assert_eq!(first["source_revision"], Value::Null);
    let hidden = |path: &String| path.starts_with(".docent");
    let files: Vec<_> =
        files_of(&dir.path().join("public")).into_iter().filter(|path| !hidden(path)).collect();
    assert_eq!(first["files"], files.len());
    assert_eq!(facts("1700000000"), first);
    write(dir.path(), "dot.png", b"not really a picture");
    assert_ne!(facts("1700000000")["build_id"], first["build_id"], "an asset goes into the build id");
}

/// Every file below a folder.
fn files_of(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(dir).unwrap().display().to_string());
            }
        }
    }
    found
}

#[test]
fn the_index_of_the_last_build_is_deleted_and_nothing_that_is_not_ours() {
    let dir = knowledge_base(&[("index.md", "# Home\n\nSome words.\n")]);
    assert_eq!(run(dir.path(), &["build"]).0, 0);
    let folder = || json(&read(dir.path().join("public/search.json")))["folder"].as_str().unwrap().to_owned();
    let old = folder();
    write(dir.path(), &format!("public/{old}/own.txt"), b"ours");
    write(dir.path(), "public/s/ffffffff/root", b"ours too");
    write(dir.path(), "index.md", b"# Home\n\nOther words.\n");
    assert_eq!(run(dir.path(), &["build"]).0, 0);
    let new = folder();
    assert_ne!(old, new);
    let mut left = files_of(&dir.path().join("public/s"));
    left.retain(|path| !path.starts_with(new.trim_start_matches("s/")));
    left.sort();
    let mut kept = [format!("{}/own.txt", old.trim_start_matches("s/")), "ffffffff/root".to_owned()];
    kept.sort();
    assert_eq!(left, kept);
    assert!(dir.path().join("public").join(new).join("root").exists());
}

#[test]
fn errors_in_content_fail_the_run_and_publish_the_rest() {
    let dir = knowledge_base(&[
        ("index.md", "# Home\n\n[gone](gone.md)\n"),
        ("bad.md", "---\ntitle: Foo: bar\n---\n# Bad\n"),
    ]);
    let (code, _, err) = run(dir.path(), &["build"]);
    assert_eq!(code, 1);
    assert!(err.contains("--> bad.md:2:"), "{err}");
    assert_eq!(json(&read(dir.path().join("public/build.json")))["pages"], 1);
    assert!(!dir.path().join("public/bad/index.html").exists());
}

#[test]
fn strict_publishes_nothing_for_a_warning() {
    let dir = knowledge_base(&[("index.md", "# Home\n\n[nothing]()\n")]);
    assert_eq!(run(dir.path(), &["build"]).0, 0);
    let before = read(dir.path().join("public/index.html"));
    write(dir.path(), "index.md", b"# Other home\n\n[nothing]()\n");
    let (code, _, err) = run(dir.path(), &["build", "--strict"]);
    assert_eq!(code, 1);
    assert!(err.contains("error[link-empty]"), "{err}");
    assert!(err.contains("error: nothing was published"), "{err}");
    assert_eq!(read(dir.path().join("public/index.html")), before);
}

#[test]
fn two_sources_for_one_address_publish_nothing() {
    let config = ("docent.yaml", "rules: { url-collision: off }\n");
    let dir = knowledge_base(&[("a.md", "# A\n"), ("a/index.md", "# A too\n"), config]);
    let (code, _, err) = run(dir.path(), &["build"]);
    assert_eq!(code, 1);
    assert!(err.contains("error[url-collision]"), "{err}");
    assert!(err.contains("error: the site cannot be made"), "{err}");
    assert!(!dir.path().join("public").exists());
}

#[test]
fn a_template_error_of_an_own_theme_is_found_by_check_and_publishes_nothing() {
    let dir = knowledge_base(&[
        ("content/index.md", "# Home\n"),
        ("docent.yaml", "theme: ours\n"),
        ("themes/ours/templates/page.html", "{{ page.title | nosuchfilter }}\n"),
    ]);
    for command in ["check", "build"] {
        let (code, out, err) = run(dir.path(), &[command]);
        assert_eq!(code, 1, "{command}: {out}{err}");
        assert!(format!("{out}{err}").contains("error[template-error]"), "{command}: {out}{err}");
    }
    assert!(!dir.path().join("public").exists());
}

#[test]
fn an_own_output_folder_and_base_url_are_taken() {
    let dir = knowledge_base(&[("kb/index.md", "# Home\n\n[a](a.md)\n"), ("kb/a.md", "# A\n")]);
    let (code, _, err) =
        run(dir.path(), &["build", "kb", "--out", "site", "--base-url", "https://kb.example/docs"]);
    assert_eq!(code, 0, "{err}");
    assert!(read(dir.path().join("site/index.html")).contains("/docs/a/"));
    assert!(!dir.path().join("kb/public").exists());
    let (code, _, err) = run(dir.path(), &["build", "kb", "--base-url", "kb.example"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("kb.example"), "{err}");
}

#[test]
fn links_to_the_configs_own_address_stay_internal_under_another_base_url() {
    let text = "# Home\n\n[a](https://kb.example/docs/a/)\n\n[b](https://preview.example/7/a/)\n";
    let config = ("docent.yaml", "base_url: https://kb.example/docs/\n");
    let dir = knowledge_base(&[("index.md", text), ("a.md", "# A\n"), config]);
    let (code, _, err) = run(dir.path(), &["build", "--base-url", "https://preview.example/7"]);
    assert_eq!(code, 0, "{err}");
    let home = read(dir.path().join("public/index.html"));
    assert!(!home.contains("https://kb.example/docs/a/"), "{home}");
    assert!(!home.contains("https://preview.example/7/a/\""), "{home}");
}

#[test]
fn drafts_are_published_when_asked_for() {
    let dir = knowledge_base(&[("index.md", "# Home\n"), ("a.md", "---\ndraft: true\n---\n# A\n")]);
    run(dir.path(), &["build"]);
    assert!(!dir.path().join("public/a/index.html").exists());
    run(dir.path(), &["build", "--drafts"]);
    assert!(dir.path().join("public/a/index.html").exists());
}

#[test]
fn the_cache_keeps_out_of_git_and_a_cache_that_cannot_be_written_is_done_without() {
    let dir = knowledge_base(&[("index.md", "# Home\n\nBackups run at night.\n")]);
    assert_eq!(run(dir.path(), &["search", "backups"]).0, 0);
    assert_eq!(read(dir.path().join(".docent/.gitignore")), "*\n");
    let (code, out, err) = run(dir.path(), &["search", "backups", "--cache", "index.md/x"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("Home"), "{out}");
    assert!(
        err.starts_with("note: the search index is not kept, because `index.md/x` cannot be written"),
        "{err}"
    );
}

#[test]
fn search_finds_what_was_just_written() {
    let dir = knowledge_base(&[("index.md", "# Home\n\nNothing yet.\n")]);
    let (code, out, err) = run(dir.path(), &["search", "patroni"]);
    assert_eq!((code, out.as_str()), (0, ""));
    assert_eq!(err, "nothing fits `patroni`\n");
    write(dir.path(), "db.md", b"# Failover\n\n## No leader\n\nAsk patroni for its members.\n");
    let (code, out, err) = run(dir.path(), &["search", "patroni"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_data_eq!(
        out,
        str![[r#"
 1. Failover › No leader  (article)
    db.md
    Ask patroni for its members.


"#]]
        .raw()
    );
}

#[test]
fn search_results_as_json_have_the_promised_shape() {
    let dir = knowledge_base(&[("db.md", "# Failover\n\n## No leader\n\nAsk patroni for its members.\n")]);
    let (_, out, _) = run(dir.path(), &["search", "patroni", "members", "--format", "json", "--limit", "1"]);
    let answer = json(&out);
    assert_eq!((&answer["schema"], &answer["total"]), (&1.into(), &1.into()));
    assert_eq!(answer["query"], "patroni members");
    assert_eq!(answer["corrected"], Value::Null);
    assert!(answer["took_ms"].is_f64());
    let hit = &answer["hits"][0];
    assert_eq!(hit["rank"], 1);
    assert!(hit["score"].as_f64().unwrap() > 0.0);
    assert_eq!((hit["path"].as_str(), hit["title"].as_str()), (Some("db.md"), Some("Failover")));
    assert_eq!(hit["heading"], "No leader");
    assert_eq!(hit["url"], "/db/#no-leader");
    assert_eq!(hit["kind"], "article");
    assert_eq!(hit["freshness"], Value::Null);
    let text = hit["snippet"]["text"].as_str().unwrap();
    let marks = hit["snippet"]["marks"].as_array().unwrap();
    let words = marks.iter().map(|mark| {
        let [start, end] = [0, 1].map(|at| usize::try_from(mark[at].as_u64().unwrap()).unwrap());
        &text[start..end]
    });
    assert_eq!(words.collect::<Vec<_>>(), ["patroni", "members"]);
}

#[test]
fn search_at_a_terminal_marks_words_and_links_paths() {
    let dir = knowledge_base(&[("a b.md", "# Failover\n\nAsk patroni for its members.\n")]);
    let (_, out, _) = run(dir.path(), &["search", "patroni", "--color", "always"]);
    assert!(out.contains("\u{1b}[1mpatroni\u{1b}[0m"), "{out:?}");
    assert!(out.contains("/a%20b.md\u{1b}\\a b.md\u{1b}]8;;\u{1b}\\"), "{out:?}");
}

#[test]
fn a_site_inside_the_folders_it_is_made_of_is_refused() {
    let kb = knowledge_base(&[("content/index.md", "# Home\n"), ("static/a.txt", "a")]);
    for out in ["static", "static/site", "content/site", "themes/x", ".git"] {
        let (code, _, stderr) = run(kb.path(), &["build", "--out", out]);
        assert_eq!(code, 2, "{out}: {stderr}");
        assert!(stderr.contains("cannot build into"), "{out}: {stderr}");
        assert!(!kb.path().join(out).join("index.html").exists(), "{out}");
    }
}

#[test]
fn a_path_pattern_with_very_many_braces_is_an_error_of_the_config() {
    let pattern = format!("{}{}", "{a,".repeat(200), "}".repeat(200));
    for config in [
        format!("exclude: [\"{pattern}\"]\n"),
        format!("elsewhere: {{ \"{pattern}\": https://a.example }}\n"),
    ] {
        let kb = knowledge_base(&[("content/index.md", "# Home\n"), ("docent.yaml", &config)]);
        let (code, stdout, stderr) = run(kb.path(), &["check"]);
        assert_eq!(code, 2, "{stdout}{stderr}");
        assert!(format!("{stdout}{stderr}").contains("invalid-config"), "{stdout}{stderr}");
        assert!(!stderr.contains("panicked"), "{stderr}");
    }
}

#[test]
fn a_collision_is_shown_once() {
    let kb = knowledge_base(&[
        ("docent.yaml", "title: T\n"),
        ("content/a.html.md", "# A\n"),
        ("static/a.html", "A"),
    ]);
    let (code, _, stderr) = run(kb.path(), &["build", "--today", "2026-11-23"]);
    assert_eq!((code, stderr.matches("[url-collision]").count()), (1, 1), "{stderr}");
    assert!(stderr.contains("rename the file, or give the page another `slug`"), "{stderr}");
}
