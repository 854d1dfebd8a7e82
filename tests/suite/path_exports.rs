//! A path for other systems: what is written is what they read.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;

use serde_json::Value;

use crate::schemas::validate;
use crate::support::{knowledge_base, run, write};

const CONFIG: &str = "base_url: https://kb.example/docs/\nedit_url: https://git.example/team/kb/-/edit/main/{path}\n\
                      rules: { no-title: off }\n";
const RECORDS: &str = "\
- { person: \"@ana\", module: module.a, date: 2026-05-01, verified_by: \"@vijay\" }
- { person: \"@ana\", module: module.b, date: 2026-10-01, level: 1, verified_by: Bo }
- { person: \"Cem O'Hara; <b>, \\\\ & “Sohn”, dessen Name länger ist als eine Zeile des Kalenders sein darf\", module: module.a, date: 2026-06-01 }
";

/// A path of three modules, one of them to choose, a runbook and a checkpoint, with odd titles.
fn path() -> tempfile::TempDir {
    let module = |id: &str, title: &str, body: &str| {
        format!(
            "---\nkind: module\nid: module.{id}\ntitle: '{title}'\nowners: [\"@vijay\"]\nduration: 1h\n\
             teaches: [skill.{id}]\n---\n\n{body}\n"
        )
    };
    let files = [
        ("docent.yaml", CONFIG.to_owned()),
        (
            "content/path.md",
            "---\nkind: path\nid: path.p\ntitle: \"Onboarding: A & B <all>\"\nowners: [\"@vijay\"]\noutcome: Works alone\n\
             refresh_every: 180d\nsteps:\n  - use: module.a\n  - choose: 1\n    of: [module.b, module.c]\n  - runbook: /r.md\n  \
             - checkpoint: { sign_off: manager, text: First *pair* done }\n---\n\nText.\n"
                .to_owned(),
        ),
        ("content/a.md", module("a", "A & [B] <i>", "## First *unit*\n\nSee [the runbook](r.md).\n\n![Screen](s.png)\n\n## Second\n\n```sh\nls -l\n```")),
        ("content/b.md", module("b", "Module b", "Text.")),
        ("content/c.md", module("c", "Module c", "Text.")),
        ("content/r.md", "---\nkind: runbook\ntitle: Disk full\n---\n\nText.\n".to_owned()),
        ("completions/a.yml", RECORDS.to_owned()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let dir = knowledge_base(&files);
    write(dir.path(), "content/s.png", b"\x89PNG\r\n\x1a\n");
    dir
}

fn export(dir: &Path, args: &[&str]) -> String {
    let (code, out, err) =
        run(dir, &[&["path", "path.p", "--today", "2026-11-23", "--export"], args].concat());
    assert_eq!((code, err.as_str()), (0, ""), "{args:?}");
    out
}

#[test]
fn an_issue_template_has_a_check_box_for_each_unit_by_stage_and_reads_as_plain_markdown() {
    let dir = path();
    let expected = r"At the end: Works alone.
The path is [Onboarding: A & B \<all\>](https://kb.example/docs/path/); it takes about 2 h.
Questions go to @vijay.

## 1. A & \[B\] \<i\> (1 h)

- [ ] [A & \[B\] \<i\>](https://kb.example/docs/a/)
  - [ ] First unit
  - [ ] Second

## 2. Choose 1 of 2 (1 h)

- [ ] [Module b](https://kb.example/docs/b/) (1 h)
- [ ] [Module c](https://kb.example/docs/c/) (1 h)

## 3. Disk full (1 min)

- [ ] [Disk full](https://kb.example/docs/r/)

## 4. Checkpoint

- [ ] First \*pair\* done (signed by: manager)
";
    assert_eq!(export(dir.path(), &["issue-template"]), expected);
}

/// The texts that a query holds, decoded.
fn query(address: &str) -> BTreeMap<String, String> {
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let pairs = address.trim().split_once('?').unwrap().1.split('&');
    pairs.map(|pair| pair.split_once('=').unwrap()).map(|(key, value)| (decode(key), decode(value))).collect()
}

#[test]
fn the_address_of_a_new_issue_holds_the_template_where_the_repository_is() {
    let dir = path();
    let template = export(dir.path(), &["issue-template"]);
    let cases = [
        ("", "https://git.example/team/kb/-/issues/new?", "issue[title]", "issue[description]"),
        (
            "edit_url: https://github.com/o/kb/edit/main/{path}\n",
            "https://github.com/o/kb/issues/new?",
            "title",
            "body",
        ),
        (
            "training: { issues: \"https://git.example/a/-/issues/new?issuable_template=x\" }\n",
            "https://git.example/a/-/issues/new?issuable_template=x&",
            "issue[title]",
            "issue[description]",
        ),
    ];
    for (config, start, title, body) in cases {
        let config = if config.starts_with("edit_url") {
            format!("base_url: https://kb.example/docs/\n{config}")
        } else {
            format!("{CONFIG}{config}")
        };
        write(dir.path(), "docent.yaml", config.as_bytes());
        let address = export(dir.path(), &["issue-url"]);
        assert!(address.starts_with(start), "{address}");
        let query = query(&address);
        assert_eq!(query[title], "Onboarding: A & B <all>");
        assert_eq!(query[body], template.trim_end());
    }
    write(dir.path(), "docent.yaml", b"base_url: https://kb.example/\n");
    let (code, out, err) = run(dir.path(), &["path", "path.p", "--export", "issue-url"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("training: { issues:"), "{err}");
}

#[test]
fn an_address_that_grows_too_long_leaves_boxes_out_from_the_end_and_counts_them() {
    let dir = path();
    let units: Vec<String> = (0..200).map(|at| format!("## Unit with a long name {at}\n\nText.\n")).collect();
    let units = units.join("\n");
    let text = std::fs::read_to_string(dir.path().join("content/a.md")).unwrap();
    write(dir.path(), "content/a.md", format!("{text}\n{units}").as_bytes());
    let (code, out, err) = run(dir.path(), &["path", "path.p", "--export", "issue-url"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.trim().len() <= 8000 && out.len() > 7800, "{}", out.len());
    let text = &query(&out)["issue[description]"];
    let shown = text.matches("- [ ]").count();
    let all = export(dir.path(), &["issue-template"]).matches("- [ ]").count();
    let rest = format!("{} more check boxes are in [Onboarding", all - shown);
    assert!(text.contains(&rest), "{text}");
    assert!(err.contains(&format!("no room for {} check boxes", all - shown)), "{err}");
}

#[test]
fn statements_are_valid_xapi_and_the_same_in_every_run() {
    let dir = path();
    let text = export(dir.path(), &["xapi"]);
    assert_eq!(export(dir.path(), &["xapi"]), text);
    let statements: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(statements.len(), 3);
    let first = &statements[0];
    assert_eq!(first["actor"]["account"]["name"], "ana");
    assert_eq!(first["object"]["id"], "https://kb.example/docs/a/");
    assert_eq!(first["context"]["contextActivities"]["parent"][0]["id"], "https://kb.example/docs/path/");
    assert_eq!(first["context"]["instructor"]["account"]["name"], "vijay");
    assert_eq!(first["timestamp"], "2026-05-01T00:00:00Z");
    assert!(statements[2]["context"].get("instructor").is_none(), "nobody verified it");
    let one: Vec<Value> = serde_json::from_str(&export(dir.path(), &["xapi", "--person", "Ana"])).unwrap();
    assert_eq!(one, statements[..2]);

    let right = dir.path().join("right.json");
    std::fs::write(&right, &text).unwrap();
    let spoilt = [
        ("\"actor\"", "\"actors\""),
        ("\"completion\": true", "\"completion\": \"yes\""),
        ("\"https://kb.example/docs/a/\"", "\"a\""),
    ];
    let mut jobs = vec![("xapi".to_owned(), right)];
    for (number, (from, to)) in spoilt.iter().enumerate() {
        assert!(text.contains(from), "{from}");
        let file = dir.path().join(format!("wrong-{number}.json"));
        std::fs::write(&file, text.replacen(from, to, 1)).unwrap();
        jobs.push(("xapi".to_owned(), file));
    }
    let Some(answers) = validate(dir.path(), &jobs) else { return };
    assert!(answers[0].is_empty(), "{answers:#?}");
    assert!(answers[1..].iter().all(|complaints| !complaints.is_empty()), "{answers:#?}");
}

#[test]
fn a_package_is_the_same_zip_in_every_run_and_its_manifest_is_valid_and_names_what_it_holds() {
    let dir = path();
    let out = tempfile::tempdir().unwrap();
    let package = |name: &str| {
        let file = out.path().join(name);
        export(dir.path(), &["scorm", "--output", file.to_str().unwrap()]);
        std::fs::read(file).unwrap()
    };
    let bytes = package("one.zip");
    assert_eq!(package("two.zip"), bytes);
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.insert(name, text);
    }
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let units = ["unit-01.html", "unit-02.html", "unit-03.html", "unit-04.html"];
    assert_eq!(names, [&["imsmanifest.xml"][..], &units, &["unit.css", "unit.js"]].concat());
    let manifest = &files["imsmanifest.xml"];
    for name in &names[1..] {
        assert!(manifest.contains(&format!("<file href=\"{name}\"/>")), "{name}");
    }
    assert!(manifest.contains("<title>Onboarding: A &amp; B &lt;all&gt;</title>"), "{manifest}");
    let unit = &files["unit-01.html"];
    assert!(unit.contains("href=\"https://kb.example/docs/r/\""), "{unit}");
    assert!(unit.contains("src=\"https://kb.example/docs/s.png\""), "{unit}");
    assert!(!unit.contains("href=\"/") && !unit.contains("src=\"/"), "{unit}");

    let right = out.path().join("imsmanifest.xml");
    std::fs::write(&right, manifest).unwrap();
    let spoilt = [
        ("adlcp:scormtype=\"sco\"", "adlcp:scormtype=\"unit\""),
        ("<organizations default=\"path\">", "<organizations>\n<x/>"),
        ("identifierref=\"unit-1\"", "reference=\"unit-1\""),
        ("<file href=\"unit-01.html\"/>", "<file/>"),
    ];
    let mut jobs = vec![("scorm".to_owned(), right)];
    for (number, (from, to)) in spoilt.iter().enumerate() {
        assert!(manifest.contains(from), "{from}");
        let file = out.path().join(format!("wrong-{number}.xml"));
        std::fs::write(&file, manifest.replacen(from, to, 1)).unwrap();
        jobs.push(("scorm".to_owned(), file));
    }
    let Some(answers) = validate(out.path(), &jobs) else { return };
    assert!(answers[0].is_empty(), "{answers:#?}");
    assert!(answers[1..].iter().all(|complaints| !complaints.is_empty()), "{answers:#?}");
}

#[test]
fn a_calendar_has_an_event_for_each_refresh_with_lines_of_at_most_75_bytes() {
    let dir = path();
    let calendar = export(dir.path(), &["ical"]);
    assert!(calendar.ends_with("END:VCALENDAR\r\n"));
    assert_eq!(calendar.matches('\n').count(), calendar.matches("\r\n").count());
    assert!(calendar.split("\r\n").all(|line| line.len() <= 75), "{calendar}");
    let unfolded = calendar.replace("\r\n ", "");
    let values = |name: &str| -> Vec<String> {
        let lines = unfolded.split("\r\n").filter_map(|line| line.strip_prefix(name));
        lines.map(str::to_owned).collect()
    };
    // 180 days after each of the three.
    assert_eq!(values("DTSTART;VALUE=DATE:"), ["20261028", "20270330", "20261128"]);
    assert_eq!(values("DTSTAMP:"), ["20261123T000000Z"; 3]);
    let summary = &values("SUMMARY:")[2];
    assert!(
        summary.starts_with(r"Refresh: A & [B] <i> (Cem O'Hara\; <b>\, \\ & “Sohn”\, dessen"),
        "{summary}"
    );
    // A refresh moves the event instead of adding one.
    let uids = values("UID:");
    write(dir.path(), "completions/b.yml", b"- { person: ana, module: module.a, date: 2026-11-20 }\n");
    let later = export(dir.path(), &["ical"]);
    assert!(uids.iter().all(|uid| later.contains(&format!("UID:{uid}"))), "{later}");
    assert_eq!(later.matches("BEGIN:VEVENT").count(), 3);
    assert!(later.contains("DTSTART;VALUE=DATE:20270519"), "{later}");
}

#[test]
fn a_certificate_is_given_for_a_whole_path_and_says_when_it_is_self_reported() {
    let dir = path();
    let certificate = export(dir.path(), &["certificate", "--person", "@Ana"]);
    assert!(
        certificate.contains("<h1>ana</h1>") && certificate.contains("Onboarding: A &amp; B &lt;all&gt;")
    );
    assert!(certificate.contains("Each module was verified") && !certificate.contains("elf-reported"));
    assert!(certificate.contains("Signed by manager:") && certificate.contains("Printed on 2026-11-23."));
    assert!(!certificate.contains("<script"));

    write(dir.path(), "completions/a.yml", RECORDS.replace(", verified_by: Bo", "").as_bytes());
    let certificate = export(dir.path(), &["certificate", "--person", "ana"]);
    assert!(certificate.contains("<strong>Self-reported:") && certificate.contains("<td>self-reported</td>"));

    write(dir.path(), "completions/a.yml", RECORDS.replace("module.b", "module.a").as_bytes());
    let cases = [
        (&["--person", "ana"][..], "@ana has not completed this path: 1 more of Module b, Module c"),
        (&["--person", "zoe"], "no record of a completion names `zoe`"),
        (&[], "say whose with `--person`"),
    ];
    for (args, expected) in cases {
        let (code, out, err) =
            run(dir.path(), &[&["path", "path.p", "--export", "certificate"], args].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(err.contains(expected), "{err}");
    }
}

#[test]
fn formats_that_name_things_by_address_say_so_where_none_is_known() {
    let dir = path();
    write(dir.path(), "docent.yaml", b"title: T\n");
    for what in ["xapi", "scorm"] {
        let (code, out, err) = run(dir.path(), &["path", "path.p", "--export", what]);
        assert_eq!((code, out.as_str()), (2, ""), "{what}");
        assert!(err.contains("set `base_url`"), "{err}");
    }
    let template = export(dir.path(), &["issue-template"]);
    assert!(template.contains("- [ ] Module b (`content/b.md`) (1 h)"), "{template}");
}

#[test]
fn what_is_left_of_a_path_for_somebody_and_what_a_role_takes_are_added_up() {
    let dir = path();
    let (code, out, err) = run(dir.path(), &["path", "path.p", "--person", "Cem"]);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    write(dir.path(), "completions/b.yml", b"- { person: Dia, module: module.a, date: 2026-11-20 }\n");
    let (_, out, _) = run(dir.path(), &["path", "path.p", "--person", "dia", "--today", "2026-11-23"]);
    assert!(out.contains("  left for Dia: 1 h: 1 more of Module b, Module c\n"), "{out}");
    let (_, out, _) = run(dir.path(), &["path", "path.p", "--person", "ana", "--today", "2026-11-23"]);
    assert!(out.contains("  @ana has completed all that records can say\n"), "{out}");

    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (_, out, _) = run(root, &["path", "--format", "json", "--today", "2026-11-23"]);
    let json: Value = serde_json::from_str(&out).unwrap();
    let roles: Vec<(&str, &Value)> = json["roles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|role| (role["role"].as_str().unwrap(), &role["paths"]))
        .collect();
    assert_eq!(roles, [("Support Lead", &1.into()), ("Support engineer", &2.into())]);
    let minutes = |list: &Value, at: usize| list[at]["minutes"].as_u64().unwrap();
    let both = minutes(&json["paths"], 0) + minutes(&json["paths"], 1);
    // Linux for support is in both paths, and is learned once.
    assert_eq!(minutes(&json["roles"], 1), both - 480);
}
