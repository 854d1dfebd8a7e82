//! Claims about `docent freshness` on the sample organisation: its whole text, on every machine, on
//! every day. `DOCENT_BLESS=1` writes the expected files in `tests/sample` anew: read what changed.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use docent::freshness::judge;
use docent::freshness::report::{self, Format, Report};
use docent::freshness::review::ReviewFacts;
use docent::model::Page;
use docent::pipeline;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::support;

const TODAY: &str = "2026-11-23";

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn export() -> PathBuf {
    repository().join("content/data/tickets.ndjson.gz")
}

/// The sample organisation without the manual, in a repository of two commits, so that nothing that is
/// written for other reasons changes a verdict.
fn organisation() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for entry in walkdir::WalkDir::new(repository().join("content")) {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(repository()).unwrap();
        if entry.file_type().is_file() && !path.starts_with("content/manual") {
            support::write(dir.path(), path.to_str().unwrap(), &std::fs::read(entry.path()).unwrap());
        }
    }
    for name in ["docent.yaml", ".docent-baseline"] {
        support::write(dir.path(), name, &std::fs::read(repository().join(name)).unwrap());
    }
    support::write(dir.path(), "content/manual/index.md", b"# Manual\n\n[Home](../index.md)\n");
    git(dir.path(), &["init", "-q", "-b", "main"], "2026-08-31");
    git(dir.path(), &["add", "-A"], "2026-08-31");
    git(dir.path(), &["commit", "-q", "-m", "Write down what we do"], "2026-08-31");
    let module = dir.path().join("content/training/modules/ticketing-basics.md");
    let text = std::fs::read_to_string(&module).unwrap();
    std::fs::write(&module, text + "\nAsk when you are not sure.\n").unwrap();
    git(dir.path(), &["commit", "-q", "-a", "-m", "Say when to ask"], "2026-10-29");
    dir
}

fn git(dir: &Path, arguments: &[&str], day: &str) {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(dir)
        .args(["-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"])
        .args(arguments);
    for role in ["AUTHOR", "COMMITTER"] {
        command
            .env(format!("GIT_{role}_NAME"), "Arjun")
            .env(format!("GIT_{role}_EMAIL"), "a@fernhill.example");
        command.env(format!("GIT_{role}_DATE"), format!("{day}T12:00:00+0000"));
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Compares with a file of `tests/sample`, or writes it.
fn assert_sample(name: &str, actual: &str) {
    let path = repository().join("tests/sample").join(name);
    if std::env::var_os("DOCENT_BLESS").is_some() {
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let line = expected.lines().zip(actual.lines()).find(|(expected, actual)| expected != actual);
    assert!(
        expected == actual,
        "tests/sample/{name} differs{}; after reading why, run with DOCENT_BLESS=1",
        line.map(|(expected, actual)| format!("\n- {expected}\n+ {actual}\n")).unwrap_or_default()
    );
}

const FORMATS: &[(&str, &str)] = &[
    ("human", "freshness.txt"),
    ("json", "freshness.json"),
    ("csv", "freshness.csv"),
    ("markdown", "freshness.markdown"),
    ("badge", "badge.json"),
];

#[test]
fn freshness_says_of_the_sample_what_is_written_down_in_every_format() {
    let dir = organisation();
    for (format, name) in FORMATS {
        let (code, out, err) = support::run(dir.path(), &["freshness", "--today", TODAY, "--format", format]);
        assert_eq!((code, err.as_str()), (0, ""), "{format}");
        assert_sample(name, &out);
    }
}

#[test]
fn the_sample_shows_each_verdict_and_each_kind_of_evidence() {
    let text = std::fs::read_to_string(repository().join("tests/sample/freshness.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let articles = report["articles"].as_array().unwrap();
    for state in docent::freshness::State::ALL {
        assert!(articles.iter().any(|article| article["state"] == state.word()), "{}", state.word());
    }
    let reasons: Vec<&serde_json::Value> =
        articles.iter().flat_map(|article| article["reasons"].as_array().unwrap()).collect();
    for rule in [
        "superseded",
        "ticket-surge",
        "outcome",
        "flag",
        "source-changed",
        "stands-on",
        "overdue",
        "never-confirmed",
        "invalid-date",
        "dead-ticket-tag",
    ] {
        assert!(reasons.iter().any(|reason| reason["rule"] == rule), "{rule}");
    }
    let gaps = report["gaps"].as_array().unwrap();
    assert!(gaps.iter().any(|gap| gap["tag"] == "webhook_retries" && gap["thin"] == false));
    assert!(gaps.iter().any(|gap| gap["tag"] == "db_failover" && gap["thin"] == true));
    let tags: Vec<&str> = gaps.iter().map(|gap| gap["tag"].as_str().unwrap()).collect();
    // Administrative, one customer's, and said beside a larger gap.
    assert!(!tags.iter().any(|tag| tag.starts_with("via_") || tag.starts_with("plan_")), "{tags:?}");
    assert!(!tags.contains(&"halden_freight") && !tags.contains(&"api"), "{tags:?}");
}

#[test]
fn the_sample_has_no_finding_but_those_that_its_baseline_knows_and_the_clocks() {
    let dir = organisation();
    let strict = ["check", "--strict", "--fail-on", "warning", "--today"];
    // The sample does not age into failure.
    for today in [TODAY, "2027-11-23", "2036-01-01"] {
        let (code, out, err) = support::run(dir.path(), &[&strict[..], &[today]].concat());
        assert_eq!(code, 0, "{today}: {out}{err}");
    }
    let (code, _, err) = support::run(dir.path(), &["build", "--today", "2036-01-01"]);
    assert_eq!(code, 0, "{err}");
    let known = std::fs::read_to_string(dir.path().join(".docent-baseline")).unwrap();
    std::fs::remove_file(dir.path().join(".docent-baseline")).unwrap();
    let (code, _, err) = support::run(dir.path(), &["baseline", "--today", TODAY]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(std::fs::read_to_string(dir.path().join(".docent-baseline")).unwrap(), known);
}

#[test]
fn the_export_of_the_sample_is_what_its_script_writes() {
    let script = repository().join("tests/sample/make_tickets.py");
    let Ok(output) = Command::new("python3").arg(script).output() else {
        return support::skipped("python3 is absent");
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // Not the same bytes: how well zlib compresses is its own affair.
    let unpacked = |packed: &[u8]| {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(packed), &mut text).unwrap();
        text
    };
    let (made, committed) = (unpacked(&output.stdout), unpacked(&std::fs::read(export()).unwrap()));
    assert!(made.lines().count() > 2000);
    assert!(
        made == committed,
        "content/data/tickets.ndjson.gz is not what tests/sample/make_tickets.py writes"
    );
}

#[test]
fn events_ratios_and_chances_of_the_sample_agree_with_another_program() {
    let script = repository().join("tests/sample/check_surge.py");
    let report = std::fs::File::open(repository().join("tests/sample/freshness.json")).unwrap();
    let Ok(output) = Command::new("python3").arg(script).stdin(report).output() else {
        return support::skipped("python3 is absent");
    };
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
}

/// One line for every week of the sample and the half year after it: what the verdicts were, and a hash of all of them.
fn replay() -> String {
    let dir = organisation();
    let mut checked = pipeline::check(&support::options(dir.path())).unwrap();
    let (first, last): (Date, Date) = ("2024-11-25".parse().unwrap(), "2027-05-24".parse().unwrap());
    let mut table = String::from(
        "# Every Monday of the sample and of the half year after it: pages by verdict, coverage, a hash of the whole JSON.\n",
    );
    for week in 0.. {
        let today = first + (week * 7).days();
        if today > last {
            break;
        }
        checked.site.today = today.to_string();
        let read =
            |page: &Page| ReviewFacts::read(&page.parsed.front, &page.parsed.file, &checked.site.today).0;
        checked.reviews = checked.site.pages.iter().map(read).collect();
        let freshness = judge(&checked.inputs());
        let mut json = Vec::new();
        let whole = Report {
            site: &checked.site,
            freshness: &freshness,
            states: &[],
            owner: None,
            limit: None,
            reviews: &[],
        };
        report::write(&whole, Format::Json, &mut json).unwrap();
        let counts = docent::freshness::State::ALL.map(|state| {
            let pages = freshness.articles.iter().filter(|article| article.state == state).count();
            format!("{} {pages}", state.word())
        });
        let coverage = freshness.coverage.unwrap_or_default();
        let hash = blake3::hash(&json).to_hex();
        let (share, all) = (coverage.trusted, coverage.topical);
        writeln!(table, "{today}  {}  coverage {share}/{all}  {}", counts.join(", "), &hash[..16]).unwrap();
    }
    table
}

#[test]
fn the_verdicts_of_every_week_are_the_same_on_every_machine() {
    let table = replay();
    assert_eq!(table.lines().count(), 1 + 131);
    assert_sample("weeks.txt", &table);
}

/// The test above once more, in processes that live elsewhere.
#[test]
fn the_verdicts_of_every_week_are_the_same_in_every_time_zone() {
    for zone in ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"] {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["sample::the_verdicts_of_every_week_are_the_same_on_every_machine", "--exact"])
            .env("TZ", zone)
            .env("SOURCE_DATE_EPOCH", "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{zone}: {said}");
    }
}

#[test]
fn a_report_depends_on_the_day_that_is_told_and_not_on_the_clock() {
    let dir = organisation();
    let say = |zone: &str, epoch: &str, format: &str| {
        let mut command = support::docent();
        command.args(["freshness", "--today", "2026-10-05", "--format", format]).current_dir(dir.path());
        let output = command.env("TZ", zone).env("SOURCE_DATE_EPOCH", epoch).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    for (format, _) in FORMATS {
        let first = say("UTC", "0", format);
        assert!(first == say("Pacific/Kiritimati", "1795392000", format), "{format}");
        assert!(first == say("America/Los_Angeles", "4102444800", format), "{format}");
    }
    // Without `--today`, the day is that of SOURCE_DATE_EPOCH in UTC: one second decides.
    let told = |epoch: &str| {
        let mut command = support::docent();
        command.args(["freshness", "--format", "json"]).current_dir(dir.path());
        let output =
            command.env("TZ", "Pacific/Kiritimati").env("SOURCE_DATE_EPOCH", epoch).output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        report["today"].as_str().unwrap().to_owned()
    };
    assert_eq!([told("1795391999"), told("1795392000")], ["2026-11-22", "2026-11-23"]);
}

/// The records of the export, each once, as they were last.
fn records() -> Vec<serde_json::Value> {
    let packed = std::fs::read(export()).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(packed.as_slice()), &mut text).unwrap();
    let records = text.lines().map(|line| serde_json::from_str(line).unwrap());
    let mut records: Vec<serde_json::Value> = records.collect();
    records.reverse();
    let mut seen = std::collections::BTreeSet::new();
    records.retain(|record: &serde_json::Value| seen.insert(record["id"].as_u64().unwrap()));
    records
}

fn shuffled(mut records: Vec<serde_json::Value>, seed: &str) -> Vec<serde_json::Value> {
    let place =
        |record: &serde_json::Value| *blake3::hash(format!("{seed} {}", record["id"]).as_bytes()).as_bytes();
    records.sort_by_key(place);
    records
}

/// The columns of Zendesk's CSV that hold the same.
fn as_csv(records: &[serde_json::Value]) -> String {
    let mut text = String::from(
        "\u{feff}Id,Created at,Updated at,Solved at,Status,Tags,Problem id,Requester id,Organization id,Reopens,Satisfaction Score,Subject\r\n",
    );
    for record in records {
        let plain =
            |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let tags: Vec<&str> =
            record["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap()).collect();
        let cells = [
            plain(&record["id"]),
            plain(&record["created_at"]).replace(['T', 'Z'], " "),
            plain(&record["updated_at"]),
            plain(&record["metric_set"]["solved_at"]),
            plain(&record["status"]),
            tags.join(" "),
            record.get("problem_id").map(plain).unwrap_or_default(),
            plain(&record["requester_id"]),
            plain(&record["organization_id"]),
            plain(&record["metric_set"]["reopens"]),
            plain(&record["satisfaction_rating"]["score"]),
            "\"Subject, of \"\"two\"\"\nlines\"".to_owned(),
        ];
        let _ = write!(text, "{}\r\n", cells.join(","));
    }
    text
}

#[test]
fn the_same_tickets_give_the_same_report_as_json_ndjson_and_csv_in_any_order() {
    let dir = organisation();
    let lines = |records: &[serde_json::Value]| {
        records.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    let all = records();
    let pages =
        serde_json::json!({ "tickets": shuffled(all.clone(), "json"), "count": 2105, "next_page": null });
    let forms = [
        ("tickets.json", serde_json::to_string_pretty(&pages).unwrap()),
        ("tickets.ndjson", lines(&shuffled(all.clone(), "ndjson"))),
        ("tickets.csv", as_csv(&shuffled(all, "csv"))),
    ];
    let config = std::fs::read_to_string(dir.path().join("docent.yaml")).unwrap();
    let (_, expected, _) = support::run(dir.path(), &["freshness", "--today", TODAY, "--format", "json"]);
    assert!(expected.contains("\"ticket-surge\""), "{expected}");
    for (name, text) in forms {
        support::write(dir.path(), &format!("content/data/{name}"), text.as_bytes());
        let other = config.replace("content/data/tickets.ndjson.gz", &format!("content/data/{name}"));
        assert_ne!(other, config);
        support::write(dir.path(), "other.yaml", other.as_bytes());
        let arguments = ["freshness", "--config", "other.yaml", "--today", TODAY, "--format", "json"];
        let (code, out, err) = support::run(dir.path(), &arguments);
        assert_eq!((code, err.as_str()), (0, ""), "{name}");
        assert!(out == expected, "{name}");
        std::fs::remove_file(dir.path().join(format!("content/data/{name}"))).unwrap();
    }
}
