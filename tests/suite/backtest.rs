//! Claims about replaying the past: what is flagged when, what followed, and what is not known.

use std::fmt::Write as _;
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::Value;
use snapbox::{assert_data_eq, str};

use crate::support::{git, knowledge_base, run, write};

const TODAY: &str = "2026-11-23";

fn backtest(dir: &Path, args: &[&str]) -> Value {
    let (code, out, err) = run(dir, &[&["backtest", "--today", TODAY, "--format", "json"], args].concat());
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    serde_json::from_str(&out).unwrap()
}

/// The sample organisation, without history.
fn sample() -> tempfile::TempDir {
    fn copy(from: &Path, to: &Path) {
        for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
            let (from, to) = (entry.path(), to.join(entry.file_name()));
            if from.is_dir() {
                copy(&from, &to);
            } else {
                std::fs::create_dir_all(to.parent().unwrap()).unwrap();
                std::fs::copy(from, to).unwrap();
            }
        }
    }
    let dir = knowledge_base(&[(
        "docent.yaml",
        "tickets: [{ source: zendesk, path: content/data/tickets.ndjson.gz, ignore_tags: ['via_*', 'plan_*'] }]\n\
         freshness: { adopted: 2026-11-23 }\n",
    )]);
    for folder in ["data", "how-we-work", "jobs", "runbooks", "training"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("content").join(folder);
        copy(&from, &dir.path().join("content").join(folder));
    }
    dir
}

#[test]
fn what_was_planted_in_the_sample_is_found_in_the_weeks_in_which_it_happened() {
    let dir = sample();
    let (code, out, err) = run(dir.path(), &["backtest", "--today", TODAY, "--list"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_data_eq!(
        out,
        str![[r#"
replayed 103 weeks, ending 2024-12-06 to 2026-11-20: 2,105 tickets
not scored: there is no git history, so nobody knows which flags led to an edit

signal              flagged
doubtful            6 on 6 pages
ticket-surge        2 on 2 pages
ticket-surge alarm  1
outcome             1
flag                1
source-changed      0
stands-on           2 on 2 pages
overdue             2 on 2 pages

flagged, by the end of the week:
  2025-06-13  content/runbooks/kubernetes/node-not-ready.md  ticket-surge
              8 tickets tagged node_not_ready in the last 8 weeks; usual 0.9 per 8 weeks. By chance about 1 in 110 (watch)
  2026-08-21  content/runbooks/edge/certificate-expiry.md  overdue
              not confirmed since 2026-05-18, 95 days ago; due every 90 days
  2026-09-04  content/runbooks/edge/dns-resolution.md  overdue
              not confirmed since 2026-06-02, 94 days ago; due every 90 days
  2026-10-09  content/runbooks/databases/patroni-no-leader.md  ticket-surge
              5 tickets tagged db_failover in the 18 days since the review; usual 0.8 per 18 days. By chance about 1 in 130 (watch)
  2026-10-09  content/training/modules/reading-postgresql-alerts.md  stands-on
              stands on runbooks/databases/patroni-no-leader.md, which is doubtful: ticket-surge
  2026-10-09  content/training/paths/first-on-call-week.md  stands-on
              stands on runbooks/databases/patroni-no-leader.md, which is doubtful: ticket-surge
  2026-10-16  content/runbooks/databases/patroni-no-leader.md  ticket-surge alarm
              8 tickets tagged db_failover in the 25 days since the review; usual 1.1 per 25 days. By chance about 1 in 1,300 (alarm)
  2026-10-16  content/runbooks/edge/haproxy-backend-down.md  outcome
              5 of 10 tickets solved since the review were reopened or rated badly; of all others 7.5 %. By chance about 1 in 900
  2026-11-06  content/runbooks/accounts/saml-login-loop.md  flag
              flagged as wrong in 1 ticket since the review

left out:
  pages that are gone, and what pages said then: tags, `covers` and links are those of today
  proof (such as dead links), names in code, and snoozes
  when a ticket was reopened, rated or flagged: exports do not say, so it counts as known at once

"#]]
    );
}

#[test]
fn a_replayed_week_says_what_docent_freshness_says_of_that_day() {
    let dir = sample();
    let test = backtest(dir.path(), &[]);
    let mut compared = 0;
    for flag in test["flags"].as_array().unwrap() {
        let (week, path) = (flag["week"].as_str().unwrap(), flag["path"].as_str().unwrap());
        // Before, the page's review lies in the future, which is an error and not a replay.
        let page = std::fs::read_to_string(dir.path().join(path)).unwrap();
        let reviewed = page.lines().find_map(|line| line.strip_prefix("reviewed: ")).unwrap();
        if reviewed > week || flag["signal"] == "doubtful" {
            continue;
        }
        let (_, out, _) = run(dir.path(), &["freshness", "--today", week, "--format", "json"]);
        let freshness: Value = serde_json::from_str(&out).unwrap();
        let articles = freshness["articles"].as_array().unwrap();
        let article = articles.iter().find(|article| article["path"] == path).unwrap();
        let mut reasons = article["reasons"].as_array().unwrap().iter();
        assert!(reasons.any(|reason| reason["message"] == flag["message"]), "{flag}: {article}");
        compared += 1;
    }
    assert!(compared >= 5, "{compared}");
}

const FIRST: Date = date(2025, 1, 6);

fn after(days: i64) -> String {
    FIRST.saturating_add(days.days()).to_string()
}

/// Twenty pages, each with a ticket every second week; `surges` are pages and the days on which ten
/// more tickets within two weeks begin.
fn export(surges: &[(usize, i64)]) -> String {
    let mut text = String::new();
    let mut add = |id: String, day: i64, page: usize| {
        let day = after(day);
        writeln!(text, r#"{{"id":"{id}","created":"{day}T09:00:00Z","tags":["t{page:02}"]}}"#).unwrap();
    };
    for day in 0..686 {
        for page in 0..20 {
            if day % 14 == i64::try_from(page).unwrap() % 14 {
                add(format!("{page}-{day}"), day, page);
            }
        }
        for (page, start) in surges.iter().filter(|(_, start)| (*start..start + 14).contains(&day)) {
            if day % 7 < 5 {
                add(format!("surge-{page}-{start}-{day}"), day, *page);
            }
        }
    }
    text
}

fn page(number: usize, text: &str) -> String {
    format!("---\nticket_tags: [t{number:02}]\n---\n# Page {number}\n\n{text}\n")
}

fn commit_on(dir: &Path, day: &str, author: &str) {
    let date = format!("{day}T12:00:00Z");
    let output = std::process::Command::new("git")
        .arg("-C")
        .arg(dir)
        .args(["-c", "commit.gpgsign=false", "commit", "-q", "-a", "-m", "change"])
        .envs([("GIT_AUTHOR_NAME", author), ("GIT_COMMITTER_NAME", "CI")])
        .envs([("GIT_AUTHOR_EMAIL", "a@example.org"), ("GIT_COMMITTER_EMAIL", "ci@example.org")])
        .envs([("GIT_AUTHOR_DATE", &date), ("GIT_COMMITTER_DATE", &date)])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A repository with two years of tickets. Each surge is flagged at the end of its second week at the
/// latest; what is done then differs.
fn history() -> tempfile::TempDir {
    let mut surges: Vec<(usize, i64)> =
        (0..14).map(|page| (page, 217 + 28 * i64::try_from(page).unwrap())).collect();
    // One too late for its end to be known, and one of a page that comes later.
    surges.extend([(15, 672), (16, 252)]);
    let config = "tickets: [{ source: table, path: data/tickets.ndjson, mapping: { id: id, created: created, \
                  tags: tags } }]\nfreshness: { bots: [formatter] }\n";
    let dir = knowledge_base(&[("docent.yaml", config), ("data/tickets.ndjson", &export(&surges))]);
    let top = dir.path();
    let name = |number: usize| format!("content/page-{number:02}.md");
    let save = |number: usize, text: &str| write(top, &name(number), text.as_bytes());
    git(top, 1, "Ada", &["init", "-q", "-b", "main"]);
    (0..20).filter(|number| *number != 16).for_each(|number| save(number, &page(number, "Text.")));
    git(top, 1, "Ada", &["add", "-A"]);
    commit_on(top, &after(0), "Ada");
    let mut todo: Vec<(i64, usize, &str)> =
        surges.iter().map(|(page, start)| (start + 24, *page, "edit")).collect();
    todo.retain(|(_, page, _)| *page < 14);
    // Another fate for some of them.
    todo[9].2 = "review";
    todo[10].2 = "robot";
    todo[11] = (todo[11].0 + 25, 11, "edit");
    todo.push((400, 16, "new"));
    todo.push((640, 0, "rename"));
    todo.push((545, 0, "reformat everything"));
    todo.sort_unstable();
    for (day, number, what) in todo {
        let body = format!("Mended on day {day}.");
        match what {
            "review" => {
                let text =
                    page(number, "Text.").replacen("---\n", &format!("---\nreviewed: {}\n", after(day)), 1);
                save(number, &text);
            }
            "rename" => git(top, 1, "Ada", &["mv", &name(number), "content/renamed.md"]),
            "edit" | "robot" | "new" => save(number, &page(number, &body)),
            _ => {
                for path in (0..20).map(|number| top.join(name(number))) {
                    let text = std::fs::read_to_string(&path).unwrap();
                    std::fs::write(path, text + "\n---\n\nEnd.\n").unwrap();
                }
            }
        }
        git(top, 1, "Ada", &["add", "-A"]);
        commit_on(top, &after(day), if what == "robot" { "Formatter" } else { "Bea" });
    }
    dir
}

#[test]
fn each_flag_is_followed_by_what_git_says_and_the_share_is_set_against_other_weeks() {
    let repo = history();
    let test = backtest(repo.path(), &[]);
    let flags = test["flags"].as_array().unwrap();
    let then: Vec<String> = flags
        .iter()
        .filter(|flag| flag["signal"] == "ticket-surge")
        .map(|flag| format!("{} {} {}", flag["week"], flag["path"], flag["then"]).replace('"', ""))
        .collect();
    assert_data_eq!(
        then.join("\n") + "\n",
        str![[r#"
2025-08-24 content/renamed.md edited
2025-09-21 content/page-01.md edited
2025-11-09 content/page-02.md nothing
2025-11-09 content/page-16.md no-page
2025-11-16 content/page-03.md edited
2025-12-14 content/page-04.md edited
2026-01-11 content/page-05.md edited
2026-02-08 content/page-06.md edited
2026-03-08 content/page-07.md edited
2026-04-05 content/page-08.md edited
2026-05-03 content/page-09.md confirmed
2026-05-31 content/page-10.md nothing
2026-06-28 content/page-11.md nothing
2026-07-26 content/page-12.md edited
2026-08-23 content/page-13.md edited
2026-11-22 content/page-15.md open

"#]]
    );
    let (code, out, err) = run(repo.path(), &["backtest", "--today", TODAY]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_data_eq!(
        out,
        str![[r#"
replayed 98 weeks, ending 2025-01-12 to 2026-11-22: 1,140 tickets, 12 edits of 12 pages
an edit follows a flag if it changes more than the review, within 28 days

signal              flagged         then edited             only confirmed  other weeks
doubtful            16 on 16 pages  10 of 14: 71 % (45–88)  1               1 % of 1,722  edited more often
ticket-surge        16 on 16 pages  10 of 14: 71 % (45–88)  1               2 % of 1,378  edited more often
ticket-surge alarm  5 on 5 pages    1 of 4: 25 % (5–70)     1               2 % of 1,378  too few to say
outcome             0               –                       –               –             never flagged
flag                0               –                       –               –             never flagged
source-changed      0               –                       –               –             never flagged
stands-on           0               –                       –               –             never flagged
overdue             1               0 of 1: 0 % (0–79)      0               0 % of 23     too few to say

what it says:
  doubtful: pages are edited more often after it (71 % against 1 %): trust it
  ticket-surge: pages are edited more often after it (71 % against 2 %): trust it

left out:
  1 flag: too recent to say what follows
  1 flag: before the page's first commit
  pages that are gone, and what pages said then: tags, `covers` and links are those of today
  proof (such as dead links), names in code, and snoozes
  when a ticket was reopened, rated or flagged: exports do not say, so it counts as known at once
  edits after the newest commit here, of 2026-10-08

`docent backtest --list` shows every flag and what followed

"#]]
    );
    let edited = |within: &str| {
        let test = backtest(repo.path(), &["--within", within]);
        test["signals"][1]["edited"].as_u64().unwrap()
    };
    assert_eq!(["1", "28", "60"].map(edited), [1, 10, 11], "an edit may come later");
}

#[test]
fn what_nobody_can_know_is_said_and_sets_the_exit_status() {
    let page = ("index.md", "# Home\n\nText.\n");
    let config = "tickets: [{ source: zendesk, path: tickets.json }]\n";
    let one = r#"[{"id": 1, "created_at": "2026-11-02T09:14:00Z", "tags": ["disk"]}]"#;
    for (files, status, message) in [
        (vec![page], 2, "error: docent.yaml names no ticket export, so there is nothing to replay"),
        (vec![page, ("docent.yaml", config)], 3, "error: the ticket exports could not be read"),
        (vec![page, ("docent.yaml", config), ("tickets.json", "[]")], 3, "hold no ticket up to today"),
        (vec![page, ("docent.yaml", config), ("tickets.json", one)], 0, ""),
    ] {
        let dir = knowledge_base(&files);
        let (code, out, err) = run(dir.path(), &["backtest", "--today", TODAY]);
        assert_eq!(code, status, "{out}{err}");
        assert!(err.contains(message), "{err}");
        assert_eq!(out.contains("nothing to replay"), status == 0, "{out}");
    }
    let dir = knowledge_base(&[page]);
    let (code, _, err) = run(dir.path(), &["backtest", "--within", "0"]);
    assert_eq!(code, 2, "{err}");
}

#[test]
fn a_clone_without_its_history_is_refused_and_one_without_old_contents_is_not_scored() {
    let repo = history();
    git(repo.path(), 1, "Ada", &["config", "uploadpack.allowFilter", "true"]);
    let copies = tempfile::tempdir().unwrap();
    let origin = format!("file://{}", repo.path().display());
    let clone = |name: &str, how: &str| {
        git(copies.path(), 1, "Ada", &["clone", "-q", how, &origin, name]);
        copies.path().join(name)
    };
    let (code, out, err) = run(&clone("shallow", "--depth=1"), &["backtest", "--today", TODAY]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("the clone is shallow") && err.contains("`git fetch --unshallow`"), "{err}");
    let test = backtest(&clone("blobless", "--filter=blob:none"), &[]);
    assert_eq!(test["edits"], Value::Null);
    assert!(test["not_scored"].as_str().unwrap().contains("git fetch --refetch"), "{}", test["not_scored"]);
    assert_eq!(test["signals"][1]["verdict"], "unknown");
    let whole = backtest(&clone("whole", "--no-local"), &[]);
    assert_eq!(whole, backtest(repo.path(), &[]), "a clone of the whole history says the same");
}

#[test]
fn a_past_day_is_judged_without_outcomes_and_commits_that_came_later() {
    let mut tickets = String::new();
    for number in 0..60 {
        let (tag, bad) = if number < 12 { ("disk", number % 2) } else { ("other", 0) };
        writeln!(
            tickets,
            r#"{{"id":{number},"created_at":"2026-09-{:02}T09:00:00Z","status":"solved","tags":["{tag}"],"metric_set":{{"solved_at":"2026-10-05T09:00:00Z","reopens":{bad}}}}}"#,
            number % 28 + 1
        )
        .unwrap();
    }
    let dir = knowledge_base(&[
        ("docent.yaml", "tickets: [{ source: zendesk, path: tickets.ndjson }]\n"),
        ("index.md", "---\nticket_tags: [disk]\ncovers: [docent.yaml]\nreviewed: 2026-09-01\n---\n# Disk\n"),
        ("tickets.ndjson", &tickets),
    ]);
    git(dir.path(), 1, "Ada", &["init", "-q", "-b", "main"]);
    git(dir.path(), 1, "Ada", &["add", "-A"]);
    commit_on(dir.path(), "2026-10-06", "Ada");
    for (today, expected) in [
        ("2026-10-04", vec![]),
        ("2026-10-05", vec!["outcome"]),
        ("2026-10-06", vec!["outcome", "source-changed"]),
    ] {
        let (_, out, _) = run(dir.path(), &["freshness", "--today", today, "--format", "json"]);
        let freshness: Value = serde_json::from_str(&out).unwrap();
        let reasons = freshness["articles"][0]["reasons"].as_array().unwrap().iter();
        let mut rules: Vec<_> = reasons.map(|reason| reason["rule"].as_str().unwrap()).collect();
        rules.sort_unstable();
        assert_eq!(rules, expected, "{today}");
    }
}
