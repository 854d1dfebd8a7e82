//! The commands as their users see them: text, exit status, and what is left on disk.
//!
//! `SNAPSHOTS=overwrite cargo test` rewrites the expectations, for you to read.

use std::io::Read;
use std::path::Path;
use std::process::Stdio;

use docent::diagnostic::rules;
use serde_json::Value;
use snapbox::{IntoData, assert_data_eq, str};

use crate::support::{docent, knowledge_base, run, write};

const GOOD: &[(&str, &str)] = &[
    ("index.md", "# Home\n\nSee [the disk](disk.md).\n"),
    ("disk.md", "# Disk full\n\nBack [home](index.md). Run `df` first.\n"),
];
/// One error, one warning, one note.
const BAD: &[(&str, &str)] = &[
    ("index.md", "# Home\n\nSee [the disk](dsk.md) and [nothing]().\n"),
    ("disk.md", "# Disk full\n\nBack [home](index.md).\n"),
];

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Every file below a folder, sorted.
fn files_of(dir: &Path) -> Vec<String> {
    fn walk(dir: &Path, root: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, found);
            } else {
                found.push(path.strip_prefix(root).unwrap().display().to_string());
            }
        }
    }
    let mut found = Vec::new();
    walk(dir, dir, &mut found);
    found.sort();
    found
}

#[test]
fn help_says_what_every_command_does() {
    let dir = knowledge_base(&[]);
    let (code, out, err) = run(dir.path(), &["--help"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_data_eq!(
        out,
        str![[r#"
Builds a checked, searchable site from a folder of Markdown

Usage: docent [OPTIONS] <COMMAND>

Commands:
  new          Makes a small knowledge base to begin with
  serve        Shows the site in the browser and follows what is edited
  build        Checks a knowledge base and makes its site
  check        Checks a knowledge base and reports what is wrong
  baseline     Writes down the findings of today, so that only new ones fail
  freshness    Shows which pages can be trusted, and which to review first
  backtest     Replays the ticket exports and shows which rules led to edits
  search       Searches a knowledge base
  eval         Measures how well search finds what it must find
  path         Shows training paths, how long they take and whether they can be trusted
  skills       Shows which skills are taught where, who asks for them, who has them, and the gaps
  tickets      Shows what ticket exports hold, or fetches one
  review       Records that pages were reviewed, in their front matter
  snooze       Lets findings of a page rest until a day, with a reason
  explain      Explains a rule, or lists all of them
  theme        Lists the files of the default theme, or copies one to change it
  schema       Prints JSON Schemas of front matter, config and completions
  completions  Prints a completion script for a shell
  man          Prints the manual page of docent or of one of its commands
  help         Print this message or the help of the given subcommand(s)

Options:
  -h, --help     Print help
  -V, --version  Print version

Global options:
  -C <DIR>                  The knowledge base [default: the current folder]; DIR is relative to it
      --config <FILE>       Read this file instead of DIR/docent.yaml
      --cache <DIR>         Keep the search index here [default: DIR/.docent]
      --today <YYYY-MM-DD>  Judge as if it were this day [default: SOURCE_DATE_EPOCH, else today in
                            UTC]
      --color <WHEN>        When to use colours [default: auto] [possible values: auto, always,
                            never]
  -q, --quiet               Print findings and errors only
  -v, --verbose             Say more about what is done

Exit status: 0 nothing found, 1 findings, 2 could not run, 3 ticket data is missing, bad or too old,
75 another build is running.

"#]]
        .raw()
    );
}

#[test]
fn help_of_the_commands_names_their_options() {
    let dir = knowledge_base(&[]);
    let (_, out, _) = run(dir.path(), &["build", "-h"]);
    assert_data_eq!(
        out,
        str![[r#"
Checks a knowledge base and makes its site

Usage: docent build [OPTIONS] [DIR]

Arguments:
  [DIR]  The knowledge base [default: the current folder]

Options:
      --out <DIR>        Write the site here [default: DIR/public]
      --base-url <URL>   Where the site will live, instead of the config's `base_url`
      --drafts           Publish drafts and expired pages too
      --strict           Publish nothing if there is any error or warning
      --lossy            Keep pages that are not UTF-8, with U+FFFD for the bytes that cannot be
                         read
      --portable         Write links that work from disk, without a web server
      --baseline <FILE>  Leave out the findings that this file knows [default: DIR/.docent-baseline
                         if it is there]
      --no-baseline      Show the findings that the baseline knows too
      --timings          Print how long each part took
  -h, --help             Print help

Global options:
  -C <DIR>                  The knowledge base [default: the current folder]; DIR is relative to it
      --config <FILE>       Read this file instead of DIR/docent.yaml
      --cache <DIR>         Keep the search index here [default: DIR/.docent]
      --today <YYYY-MM-DD>  Judge as if it were this day [default: SOURCE_DATE_EPOCH, else today in
                            UTC]
      --color <WHEN>        When to use colours [default: auto] [possible values: auto, always,
                            never]
  -q, --quiet               Print findings and errors only
  -v, --verbose             Say more about what is done

"#]]
        .raw()
    );
    let (_, out, _) = run(dir.path(), &["check", "-h"]);
    assert_data_eq!(
        out,
        str![[r#"
Checks a knowledge base and reports what is wrong

Usage: docent check [OPTIONS] [DIR]

Arguments:
  [DIR]  The knowledge base [default: the current folder]

Options:
      --format <FORMAT>      How findings are written [default: human] [possible values: human,
                             json, sarif, gitlab, github, junit, rdjson, markdown]
      --output <FILE>        Write the findings to this file instead of standard output
      --fail-on <SEVERITY>   Exit with 1 if a finding is at least this bad [default: error]
                             [possible values: error, warning, note, never]
      --only <RULE,…>        Report these rules only
      --changed-since <REV>  Report only findings in files that changed since this revision of git,
                             and links to them
      --baseline <FILE>      Leave out the findings that this file knows [default:
                             DIR/.docent-baseline if it is there]
      --no-baseline          Show the findings that the baseline knows too
      --strict               Warnings count as errors, and so do entries of the baseline that are no
                             longer found
      --lossy                Keep pages that are not UTF-8, with U+FFFD for the bytes that cannot be
                             read
      --external             Ask other sites whether what pages link to is still there, and keep
                             what they answer
  -h, --help                 Print help (see more with '--help')

Global options:
  -C <DIR>                  The knowledge base [default: the current folder]; DIR is relative to it
      --config <FILE>       Read this file instead of DIR/docent.yaml
      --cache <DIR>         Keep the search index here [default: DIR/.docent]
      --today <YYYY-MM-DD>  Judge as if it were this day [default: SOURCE_DATE_EPOCH, else today in
                            UTC]
      --color <WHEN>        When to use colours [default: auto] [possible values: auto, always,
                            never]
  -q, --quiet               Print findings and errors only
  -v, --verbose             Say more about what is done

"#]]
        .raw()
    );
    let (_, out, _) = run(dir.path(), &["search", "-h"]);
    assert_data_eq!(
        out,
        str![[r#"
Searches a knowledge base

Usage: docent search [OPTIONS] <QUERY>...

Arguments:
  <QUERY>...  Words, '"a phrase"', +must, kind:runbook, or a pasted error; `--` before a first -not

Options:
      --format <FORMAT>  How hits are written [default: human] [possible values: human, json]
      --limit <N>        Print at most this many hits [default: 10]
  -h, --help             Print help (see more with '--help')

Global options:
  -C <DIR>                  The knowledge base [default: the current folder]; DIR is relative to it
      --config <FILE>       Read this file instead of DIR/docent.yaml
      --cache <DIR>         Keep the search index here [default: DIR/.docent]
      --today <YYYY-MM-DD>  Judge as if it were this day [default: SOURCE_DATE_EPOCH, else today in
                            UTC]
      --color <WHEN>        When to use colours [default: auto] [possible values: auto, always,
                            never]
  -q, --quiet               Print findings and errors only
  -v, --verbose             Say more about what is done

"#]]
        .raw()
    );
}

#[test]
fn a_call_that_cannot_be_carried_out_says_what_was_meant() {
    let dir = knowledge_base(GOOD);
    write(dir.path(), "empty/notes.txt", b"");
    write(dir.path(), "known.txt", b"{}");
    let cases: &[(&[&str], &str)] = &[
        (&["chek"], "similar subcommands exist: 'schema', 'check'"),
        (&["check", "--fromat", "json"], "similar argument exists: '--format'"),
        (&["check", "--format", "jsn"], "similar value exists: 'json'"),
        (&["explain", "brokn-link"], "there is no rule `brokn-link`; did you mean `broken-link`?"),
        (&["explain", "zzz"], "there is no rule `zzz`; `docent explain` lists all rules"),
        (&["check", "--only", "broken-link,brokn-link"], "did you mean `broken-link`?"),
        (&["check", "--only", ""], "`` names no rule; `docent explain` lists all rules"),
        (&["check", "--only", ","], "names no rule"),
        (&["man", "biuld"], "there is no command `biuld`; did you mean `build`?"),
        (&["check", "emtpy"], "there is no folder `emtpy`; did you mean `empty`?"),
        (&["check", "disk.md"], "`disk.md` is a file; docent takes a folder"),
        (&["check", "empty"], "there is no Markdown file in `empty`; `docent new DIR` makes"),
        (&["check", "--today", "2026-13-40"], "`--today 2026-13-40` is no day"),
        (&["check", "--today", "20261123"], "`--today 20261123` is no day"),
        (&["check", "--config", "gone.yaml"], "gone.yaml"),
        (&["check", "--baseline", "gone.txt"], "cannot read gone.txt"),
        (&["check", "--baseline", "known.txt"], "the first line is not `# docent baseline 1`"),
        (&["check", "--baseline", "a", "--no-baseline"], "cannot be used with"),
        (&["baseline", "--prune"], "there is no baseline `./.docent-baseline` to prune"),
        (&["baseline", "--output", "known.txt"], "`known.txt` is no baseline"),
        (&["schema", "-C", "nowhere"], "there is no folder `nowhere`"),
        (&["new", "empty"], "`empty` is not empty"),
        (&["search"], "<QUERY>..."),
        (&["search", "-C", "nowhere", "disk"], "there is no folder `nowhere`"),
        (&["check", "--changed-since=--output=x"], "--output=x"),
    ];
    for (args, expected) in cases {
        let (code, out, err) = run(dir.path(), args);
        assert_eq!(code, 2, "{args:?}: {err}");
        assert_eq!(out, "", "{args:?}");
        assert!(err.contains(expected), "{args:?} says {err}");
    }
}

#[test]
fn the_exit_status_is_what_fail_on_asks_for() {
    let cases: &[(&[&str], i32)] = &[
        (&["check"], 1),
        (&["check", "--fail-on", "never"], 0),
        (&["check", "--only", "link-empty"], 0),
        (&["check", "--only", "broken-link,"], 1),
        (&["check", "--only", "link-empty", "--fail-on", "warning"], 1),
        (&["check", "--only", "link-empty", "--strict"], 1),
        (&["check", "--only", "orphan-page", "--fail-on", "warning"], 0),
        (&["check", "--only", "orphan-page", "--fail-on", "note"], 1),
        (&["check", "--only", "duplicate-key", "--fail-on", "note"], 0),
    ];
    let dir = knowledge_base(BAD);
    for (args, expected) in cases {
        let (code, out, err) = run(dir.path(), args);
        assert_eq!(code, *expected, "{args:?}: {out}{err}");
    }
    assert_eq!(run(knowledge_base(GOOD).path(), &["check", "--fail-on", "note"]).0, 0);
}

#[test]
fn check_prints_frames_and_a_summary_and_writes_nothing() {
    let dir = knowledge_base(BAD);
    let before = files_of(dir.path());
    let (_, out, err) = run(dir.path(), &["check"]);
    assert_data_eq!(
        out,
        str![[r#"
note[orphan-page]: no other page links to this page
 --> disk.md:1:1
  |
1 | # Disk full
  | ^
  |
  = help: link to it from a page where readers would look for it

error[broken-link]: there is no page or file `dsk.md`
 --> index.md:3:16
  |
3 | See [the disk](dsk.md) and [nothing]().
  |                ^^^^^^
  |
  = help: did you mean `disk.md`?

warning[link-empty]: the link has no target
 --> index.md:3:28
  |
3 | See [the disk](dsk.md) and [nothing]().
  |                            ^^^^^^^^^^^
  |
  = help: say where it leads, or remove its brackets


"#]]
        .raw()
    );
    assert_eq!(err, "2 pages checked: 1 error, 1 warning, 1 note\n");
    assert_eq!(run(dir.path(), &["check", "--quiet"]).2, "");
    assert_eq!(files_of(dir.path()), before);
}

#[test]
fn the_summary_comes_after_the_findings_where_both_go_to_one_file() {
    let dir = knowledge_base(BAD);
    let log = std::fs::File::create(dir.path().join("log.txt")).unwrap();
    let mut command = docent();
    command.arg("check").current_dir(dir.path()).stdout(log.try_clone().unwrap()).stderr(log);
    assert_eq!(command.status().unwrap().code(), Some(1));
    let log = std::fs::read_to_string(dir.path().join("log.txt")).unwrap();
    assert!(log.ends_with("2 pages checked: 1 error, 1 warning, 1 note\n"), "{log}");
}

#[test]
fn paths_are_shown_so_that_a_terminal_can_open_them() {
    let dir = knowledge_base(&[("kb/index.md", "# Home\n\n[x](gone.md)\n")]);
    for args in [
        &["check", "kb"][..],
        &["check", "./kb/"],
        &["check", "-C", "kb"],
        &["-C", "kb", "check"],
        &["check", "-C", "./", "kb"],
    ] {
        let (_, out, _) = run(dir.path(), args);
        assert!(out.contains("--> kb/index.md:3:5\n"), "{args:?}: {out}");
    }
    let (_, out, _) = run(dir.path(), &["check", "kb", "--format", "json"]);
    assert_eq!(json(&out)["diagnostics"][0]["path"], "index.md");
}

#[test]
fn json_of_a_check_has_the_promised_shape() {
    let dir = knowledge_base(BAD);
    let (_, out, _) = run(dir.path(), &["check", "--format", "json", "--today", "2026-11-23"]);
    let report = json(&out);
    assert_eq!(report["schema"], 1);
    assert_eq!(report["today"], "2026-11-23");
    let summary = serde_json::json!({ "errors": 1, "warnings": 1, "notes": 1, "pages": 2 });
    assert_eq!(report["summary"], summary);
    for finding in report["diagnostics"].as_array().unwrap() {
        assert!(rules::find(finding["rule"].as_str().unwrap()).is_some());
        assert!(finding["message"].is_string() && finding["help"].is_array());
        for end in ["start", "end"] {
            for key in ["line", "column", "byte"] {
                assert!(finding[end][key].is_u64(), "{finding}");
            }
        }
    }
}

#[test]
fn findings_can_be_written_to_a_file() {
    let dir = knowledge_base(BAD);
    let (code, out, _) = run(dir.path(), &["check", "--format", "gitlab", "--output", "report.json"]);
    assert_eq!((code, out.as_str()), (1, ""));
    let report = json(&std::fs::read_to_string(dir.path().join("report.json")).unwrap());
    assert_eq!(report.as_array().unwrap().len(), 3);
    let (code, _, err) = run(dir.path(), &["check", "--output", "no/such/folder"]);
    assert_eq!(code, 2);
    assert!(err.contains("cannot write no/such/folder"), "{err}");
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let dir = knowledge_base(BAD);
    assert!(!run(dir.path(), &["check"]).1.contains('\u{1b}'));
    assert!(run(dir.path(), &["check", "--color", "always"]).1.contains('\u{1b}'));
    let (_, out, _) = run(dir.path(), &["check", "--color", "always", "--output", "frames.txt"]);
    assert_eq!(out, "");
    assert!(!std::fs::read_to_string(dir.path().join("frames.txt")).unwrap().contains('\u{1b}'));
}

#[test]
fn today_is_told_else_the_source_date_else_the_day_in_utc() {
    let dir = knowledge_base(GOOD);
    let today = |args: &[&str], epoch: Option<&str>| {
        let mut command = docent();
        command.args(["check", "--format", "json"]).args(args).current_dir(dir.path());
        command.env("TZ", "Pacific/Kiritimati");
        if let Some(epoch) = epoch {
            command.env("SOURCE_DATE_EPOCH", epoch);
        }
        json(&String::from_utf8(command.output().unwrap().stdout).unwrap())["today"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(today(&["--today", "2020-02-29"], Some("0")), "2020-02-29");
    assert_eq!(today(&[], Some("86399")), "1970-01-01");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let utc = |seconds: u64| {
        let time = jiff::Timestamp::from_second(i64::try_from(seconds).unwrap()).unwrap();
        time.to_string()[..10].to_owned()
    };
    let shown = today(&[], None);
    assert!([utc(now), utc(now + 60)].contains(&shown), "{shown}");
    let bad =
        docent().arg("check").env("SOURCE_DATE_EPOCH", "soon").current_dir(dir.path()).output().unwrap();
    assert_eq!(bad.status.code(), Some(2));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let dir = knowledge_base(BAD);
    for args in [&["explain"][..], &["completions", "bash"], &["man"], &["check", "--fail-on", "never"]] {
        let mut child = docent()
            .args(args)
            .current_dir(dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert!(child.wait().unwrap().success(), "{args:?}: {err}");
        assert!(!err.contains("error:"), "{args:?}: {err}");
    }
}

#[test]
fn explain_lists_every_rule_and_tells_of_one() {
    let dir = knowledge_base(&[]);
    let (code, out, _) = run(dir.path(), &["explain"]);
    assert_eq!(code, 0);
    let listed: Vec<&str> = out.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(listed, rules::ALL.iter().map(|rule| rule.code).collect::<Vec<_>>());
    for rule in rules::ALL {
        let (code, out, err) = run(dir.path(), &["explain", rule.code]);
        assert_eq!((code, err.as_str()), (0, ""));
        let first = format!("{}[{}]: {}\n", rule.severity.word(), rule.code, rule.summary);
        assert!(out.starts_with(&first), "{out}");
    }
    for pasted in ["error[link-empty]", "warning[link-empty]: the link", "`link-empty`", "Link-Empty:"] {
        assert_eq!(run(dir.path(), &["explain", pasted]), run(dir.path(), &["explain", "link-empty"]));
    }
    let (_, out, _) = run(dir.path(), &["explain", "link-empty"]);
    assert_data_eq!(out, str![[r#"
warning[link-empty]: a link that leads nowhere

The text looks like a link and leads to the page that it stands on. Fill in the target, or remove the brackets.

Wrong:

    [the guide]()

Right:

    [the guide](/guide/)

"#]].raw());
}

#[test]
fn a_config_that_cannot_be_used_is_a_finding_in_every_format() {
    let dir = knowledge_base(&[("index.md", "# Home\n"), ("docent.yaml", "titel: x\n")]);
    let (code, out, err) = run(dir.path(), &["check", "--format", "json"]);
    assert_eq!(code, 2);
    let finding = &json(&out)["diagnostics"][0];
    assert_eq!(finding["rule"], "unknown-config-key");
    assert_eq!(finding["path"], "docent.yaml");
    assert!(err.contains("error: the configuration cannot be used"), "{err}");
    let (code, _, err) = run(dir.path(), &["build"]);
    assert_eq!(code, 2);
    assert!(err.contains("--> docent.yaml:1:1\n"), "{err}");
    assert!(!dir.path().join("public").exists());
}

#[test]
fn severities_of_the_config_count_for_check_and_build() {
    let config = ("docent.yaml", "rules: { broken-link: warning, link-empty: off, orphan-page: error }\n");
    let dir = knowledge_base(&[BAD, &[config]].concat());
    let (code, out, _) = run(dir.path(), &["check", "--format", "json"]);
    assert_eq!(code, 1);
    let summary = serde_json::json!({ "errors": 1, "warnings": 1, "notes": 0, "pages": 2 });
    assert_eq!(json(&out)["summary"], summary);
    assert_eq!(run(dir.path(), &["build"]).0, 1);
}

#[test]
fn completions_and_manual_pages_are_written_for_every_shell_and_command() {
    let dir = knowledge_base(&[]);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (code, out, _) = run(dir.path(), &["completions", shell]);
        assert_eq!(code, 0);
        assert!(out.contains("docent") && out.contains("explain"), "{shell}: {out}");
    }
    let version = env!("CARGO_PKG_VERSION");
    for (args, title, synopsis) in [
        (&["man"][..], ".TH docent 1 ", r"docent [OPTIONS] <COMMAND>"),
        (&["man", "check"], ".TH docent-check 1 ", r"docent check [OPTIONS] [DIR]"),
        (&["man", "search"], ".TH docent-search 1 ", r"docent search [OPTIONS] <QUERY>..."),
    ] {
        let (code, out, _) = run(dir.path(), args);
        assert_eq!(code, 0);
        let head = out.lines().find(|line| line.starts_with(title)).unwrap_or_else(|| panic!("{out}"));
        assert!(head.contains(&format!("\"docent {version}\"")), "{head}");
        assert!(out.contains(&format!("\n.SH SYNOPSIS\n{synopsis}\n.SH DESCRIPTION\n")), "{out}");
    }
    let (_, out, _) = run(dir.path(), &["man", "check"]);
    assert!(out.contains(r"\-\-baseline") && out.contains(r"\-\-changed\-since"), "{out}");
}

#[test]
fn a_file_of_the_default_theme_is_copied_once_and_under_any_of_its_names() {
    let dir = knowledge_base(&[("docent.yaml", "theme: ours\n"), ("index.md", "# Home\n\nText.\n")]);
    let (code, listed, _) = run(dir.path(), &["theme"]);
    assert!(code == 0 && listed.lines().any(|line| line == "templates/components/toc.html"), "{listed}");
    for (name, path) in [
        ("page.html", "templates/page.html"),
        ("toc", "templates/components/toc.html"),
        ("components/facts.html", "templates/components/facts.html"),
        ("tokens.css", "static/tokens.css"),
        ("icons", "templates/components/icons.svg"),
    ] {
        let (code, _, err) = run(dir.path(), &["theme", "eject", name]);
        assert_eq!(code, 0, "{err}");
        let copied = std::fs::read(dir.path().join("themes/ours").join(path)).unwrap();
        let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default").join(path);
        assert_eq!(copied, std::fs::read(original).unwrap(), "{name}");
    }
    // What was changed since is kept, and a theme of copies is no finding.
    assert_eq!(run(dir.path(), &["theme", "eject", "toc"]).0, 2);
    let (code, _, err) = run(dir.path(), &["check", "--fail-on", "warning", "--only", "template-error"]);
    assert_eq!(code, 0, "{err}");
    let (code, _, err) = run(dir.path(), &["theme", "eject", "tocc"]);
    assert!(code == 2 && err.contains("did you mean `toc`?"), "{err}");
}
