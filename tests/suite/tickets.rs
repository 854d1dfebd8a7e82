//! Ticket exports: each system's real shape, what is torn or something else, and that it is the same
//! tickets in whatever form and order they come.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use docent::config::Config;
use docent::config::tickets::TicketSource;
use docent::source::SourceFile;
use docent::tickets::split::Records;
use docent::tickets::{Broken, Report, Ticket, TicketId, Tickets, read_export};

use super::support::{knowledge_base, run, write};

/// Export, its entry in the config without the path.
const FIXTURES: &[(&str, &str)] = &[
    ("zendesk-api.json", "source: zendesk"),
    ("zendesk-incremental.json", "source: zendesk"),
    ("zendesk-account.ndjson", "source: zendesk"),
    ("zendesk.csv", "source: zendesk, url: 'https://fernhill.zendesk.com/agent/tickets/{id}'"),
    ("gitlab.json", "source: gitlab"),
    ("gitlab.csv", "source: gitlab"),
    ("github-rest.json", "source: github"),
    ("github-cli.json", "source: github"),
    ("jira.json", "source: jira"),
    ("jira.csv", "source: jira, url: 'https://fernhill.atlassian.net/browse/{id}'"),
    ("freshdesk.json", "source: freshdesk"),
    ("pagerduty.json", "source: pagerduty"),
    ("servicenow.json", "source: servicenow"),
    (
        "table.csv",
        "source: table, date_format: '%d.%m.%Y %H:%M', mapping: { id: Nr, created: Opened, updated: Changed, \
         solved: Done, status: State, tags: [Topics, Area], organisation: Customer, url: Link }",
    ),
    (
        "table.json",
        "source: table, mapping: { id: ref, created: times.opened, solved: times.done, tags: topics, requester: who }",
    ),
];

fn source(entry: &str) -> TicketSource {
    let text = format!("tickets: [{{ path: data/x, {entry} }}]\n");
    Config::parse(&Arc::new(SourceFile::new("docent.yaml", text))).unwrap().tickets.remove(0)
}

fn read_with(input: impl Read, source: &TicketSource) -> Result<(Report, Tickets), Broken> {
    let mut tickets = Tickets::default();
    let report = read_export(input, source, Some("https://kb.fernhill.example/"), &mut tickets)?;
    tickets.finish();
    Ok((report, tickets))
}

fn read(bytes: &[u8], entry: &str) -> Result<(Report, Tickets), Broken> {
    read_with(bytes, &source(entry))
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tickets")
}

/// Every member of every ticket; hashes are numbered as they come.
fn describe(report: &Report, tickets: &Tickets) -> String {
    let mut text =
        format!("{} read, {} left out, {} skipped\n", report.tickets, report.left_out, report.skipped);
    let mut people = BTreeMap::new();
    let mut number = |hash: Option<u64>| {
        let next = people.len() + 1;
        hash.map_or("-".to_owned(), |hash| format!("#{}", people.entry(hash).or_insert(next)))
    };
    let time = |seconds: i64| jiff::Timestamp::from_second(seconds).unwrap().to_string();
    for row in tickets.iter() {
        let tags: Vec<_> = row.tags.iter().map(|tag| tickets.tag_name(*tag)).collect();
        let (created, updated) = (time(row.created), time(row.updated));
        let solved = row.solved.map_or("-".into(), time);
        writeln!(text, "{}\n  {created} … {updated}, solved {solved}, {:?}", row.id, row.status).unwrap();
        writeln!(text, "  tags {tags:?}").unwrap();
        let hashes = [row.requester, row.organisation, row.problem].map(&mut number);
        let [requester, organisation, problem] = hashes;
        writeln!(text, "  requester {requester}, organisation {organisation}, problem {problem}").unwrap();
        writeln!(text, "  reopened {}, satisfaction {:?}", row.reopened, row.satisfaction).unwrap();
        writeln!(text, "  {} {:?}", row.url.as_deref().unwrap_or("-"), row.linked_articles).unwrap();
    }
    text
}

#[test]
fn each_system_is_read_in_its_own_shape() {
    let bless = std::env::var_os("DOCENT_BLESS").is_some();
    let mut differ = String::new();
    for (name, entry) in FIXTURES {
        let (report, tickets) =
            read(&fixture(name), entry).unwrap_or_else(|broken| panic!("{name}: {broken:?}"));
        let actual = describe(&report, &tickets);
        let path = folder().join(format!("{name}.expected"));
        if bless {
            std::fs::write(&path, &actual).unwrap();
        } else if std::fs::read_to_string(&path).unwrap_or_default() != actual {
            writeln!(differ, "{name} is read as\n{actual}").unwrap();
        }
    }
    assert!(differ.is_empty(), "{differ}");
    let mut known: Vec<_> = FIXTURES.iter().map(|(name, _)| name.to_string()).collect();
    known.sort();
    let mut found: Vec<_> =
        std::fs::read_dir(folder()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    found.retain(|name| !name.ends_with(".expected"));
    found.sort();
    assert_eq!(found, known, "every export in tests/tickets is read");
}

/// Tickets that every form of Zendesk can hold.
fn same_tickets() -> Vec<[String; 9]> {
    (1..=400)
        .map(|number: i64| {
            let time = |seconds: i64| jiff::Timestamp::from_second(1_790_000_000 + seconds).unwrap();
            let [created, solved, updated] =
                [0, 5_000, 9_000].map(|after| time(number / 3 * 977 + after).to_string());
            let tags = ["disk Mail", "", "db_failover", "mail disk queue"]
                [usize::try_from(number % 4).unwrap()]
            .to_owned();
            let score = ["good", "bad", "offered"][usize::try_from(number % 3).unwrap()].to_owned();
            let [requester, organisation, reopens] =
                [number % 17, number % 5, number % 2].map(|n| n.to_string());
            [number.to_string(), created, updated, solved, tags, score, requester, organisation, reopens]
        })
        .collect()
}

fn as_json(ticket: &[String; 9]) -> String {
    let [id, created, updated, solved, tags, score, requester, organisation, reopens] = ticket;
    let tags = serde_json::to_string(&tags.split_whitespace().collect::<Vec<_>>()).unwrap();
    format!(
        r#"{{"id": {id}, "created_at": "{created}", "updated_at": "{updated}", "status": "solved", "tags": {tags},
          "subject": "a \"quoted\" }}]{{[ subject \\", "satisfaction_rating": {{"score": "{score}"}}, "requester_id": {requester},
          "organization_id": {organisation}, "metric_set": {{"solved_at": "{solved}", "reopens": {reopens}}}}}"#
    )
}

fn as_csv(tickets: &[[String; 9]], delimiter: char) -> String {
    let header = "Id,Created at,Updated at,Solved at,Tags,Satisfaction Score,Requester id,Organization id,Reopens,Status,Subject";
    let mut text = header.replace(',', &delimiter.to_string()) + "\r\n";
    for ticket in tickets {
        let cells: Vec<String> = ticket.iter().map(|cell| format!("\"{cell}\"")).collect();
        let subject = "\"=HYPERLINK(\"\"x\"\"),\r\n; second line\"";
        let _ =
            write!(text, "{}{delimiter}Solved{delimiter}{subject}\r\n", cells.join(&delimiter.to_string()));
    }
    text
}

#[test]
fn the_same_tickets_are_equal_in_every_form_shuffled_and_doubled() {
    let all = same_tickets();
    let json = |tickets: &[[String; 9]], between: &str| {
        tickets.iter().map(as_json).collect::<Vec<_>>().join(between)
    };
    let mut shuffled = all.clone();
    shuffled.sort_by_key(|ticket| blake3::hash(ticket[0].as_bytes()).to_hex().to_string());
    let mut doubled = shuffled.clone();
    doubled.extend(all.iter().map(|ticket| {
        let mut old = ticket.clone();
        old[2] = ticket[1].clone();
        old[4] = "outdated".into();
        old
    }));
    doubled.rotate_left(123);
    let forms = [
        format!("[{}]", json(&all, ",")),
        format!(
            "{{\"count\": 400, \"users\": [{{\"id\": 1}}], \"tickets\": [\n{}\n], \"next_page\": null}}",
            json(&all, ",\n")
        ),
        json(&all, "\n").replace("\n  ", " "),
        json(&all, "\n\n"),
        format!("\u{feff}[{}]\n[{}]", json(&all[..100], " ,\t"), json(&all[100..], ",")),
        as_csv(&all, ','),
        format!("\u{feff}{}", as_csv(&all, ';')),
        as_csv(&all, '\t'),
        format!("[{}]", json(&shuffled, ",")),
        json(&doubled, "\n"),
        as_csv(&doubled, ','),
    ];
    let (_, expected) = read(forms[0].as_bytes(), "source: zendesk").unwrap();
    assert_eq!(expected.len(), 400);
    assert_eq!(expected.find_tag("outdated"), None);
    for (at, form) in forms.iter().enumerate() {
        let (report, tickets) = read(form.as_bytes(), "source: zendesk").unwrap();
        assert_eq!(report.skipped, 0, "form {at}");
        assert!(tickets == expected, "form {at}");
    }
    let mut changed = all.clone();
    changed[77][4] = "other".into();
    assert!(read(as_csv(&changed, ',').as_bytes(), "source: zendesk").unwrap().1 != expected);
}

/// Gives a few bytes at a time, so that every record lies across the edge of a read.
struct Trickle<'b>(&'b [u8], usize);

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let step = self.1.min(self.0.len()).min(buffer.len());
        buffer[..step].copy_from_slice(&self.0[..step]);
        self.0 = &self.0[step..];
        Ok(step)
    }
}

#[test]
fn where_a_read_ends_changes_nothing() {
    for (name, entry) in FIXTURES {
        let (bytes, source) = (fixture(name), source(entry));
        let whole = read_with(&bytes[..], &source).unwrap();
        for step in [1, 2, 3, 7, 64] {
            assert_eq!(read_with(Trickle(&bytes, step), &source).unwrap(), whole, "{name} by {step}");
        }
    }
}

#[test]
fn an_export_cut_anywhere_is_whole_or_an_error_but_never_quiet() {
    for (name, entry) in FIXTURES {
        let bytes = fixture(name);
        let (report, _) = read(&bytes, entry).unwrap();
        let records = report.tickets + report.left_out;
        // Every byte near the end, where a cut is hardest to see, and every seventh before.
        for end in (0..bytes.len()).filter(|end| end % 7 == 0 || end + 80 > bytes.len()) {
            let Ok((cut, _)) = read(&bytes[..end], entry) else { continue };
            let read = cut.tickets + cut.left_out;
            let rest = &bytes[end..];
            if Path::new(name).extension().is_some_and(|ending| ending == "json") {
                // Only blanks may be missing, or whole pages of an incremental export.
                let pages = *name == "zendesk-incremental.json" && rest.starts_with(b"\n");
                assert!(
                    rest.iter().all(u8::is_ascii_whitespace) || pages || rest.starts_with(b"{"),
                    "{name} cut at {end}"
                );
            } else {
                // Lines that stand for themselves: no more is lost than what was cut off.
                assert!(
                    cut.skipped == 0 || cut.skipped == 1 && read < records,
                    "{name} cut at {end}: {cut:?}"
                );
            }
        }
    }
}

#[test]
fn what_is_no_export_is_named_for_what_it_looks_like() {
    let cases: [(&[u8], &str, u64); 14] = [
        (b"", "is empty", 1),
        (b" \n \n", "is empty", 1),
        (b"\n<!DOCTYPE html>\n<html>", "is a page of HTML and no export", 1),
        (b"\xff\xfe[\0]\0", "is UTF-16", 1),
        (b"PK\x03\x04xl/worksheets", "is a ZIP archive or a workbook and no export", 1),
        (b"%PDF-1.7", "is a PDF and no export", 1),
        (b"SQLite format 3\0", "is not a text and no export", 1),
        (
            b"{\"error\": \"Couldn't authenticate you\"}",
            "is an answer with an error and no export: `Couldn't authenticate you`",
            1,
        ),
        (b"{\"errors\": [{\"code\": 88}]}", "is an answer with an error and no export: `[{\"code\":88}]`", 1),
        (b"{\"tickets\": null}", "holds no ticket of Zendesk: in the first record, it has no `id`", 1),
        (b"\n[{\"key\": \"OPS-1\"}]", "holds no ticket of Zendesk: in the first record, it has no `id`", 2),
        (
            b"{\"tickets\": [\n{\"id\": 1, \"created_at\": \"2026-11-02T09:14:00Z\"},\n",
            "ends in the middle: its last record or list is never closed",
            3,
        ),
        (
            b"[{\"id\": 1, \"created_at\": \"2026-11-02T09:14:00Z\"}]\n<html>502</html>",
            "is a page of HTML and no export",
            2,
        ),
        (
            b"Id,Created at,Tags\n1,2026-11-02,a\n2,2026-11-0",
            "ends in the middle: its last record or list is never closed",
            3,
        ),
    ];
    for (bytes, message, line) in cases {
        let broken = read(bytes, "source: zendesk").expect_err(message);
        assert_eq!((broken.message.as_str(), broken.line), (message, line));
        assert!(!broken.help.is_empty());
    }
}

#[test]
fn an_empty_list_is_an_export_without_tickets() {
    for whole in ["[]", "{\"tickets\": []}", " [ ] \n", "Id,Created at\n"] {
        let (report, tickets) = read(whole.as_bytes(), "source: zendesk").unwrap();
        assert_eq!((report, tickets.len()), (Report::default(), 0), "{whole}");
    }
}

#[test]
fn packed_exports_are_known_by_their_bytes_and_not_by_their_name() {
    let plain = fixture("zendesk-api.json");
    let expected = read(&plain, "source: zendesk").unwrap();
    let pack = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    };
    let level = ruzstd::encoding::CompressionLevel::Fastest;
    let frame = |bytes: &[u8]| ruzstd::encoding::compress_to_vec(bytes, level);
    let (first, second) = plain.split_at(1000);
    for packed in [
        pack(&plain),
        [pack(first), pack(second)].concat(),
        frame(&plain),
        [frame(first), frame(second)].concat(),
    ] {
        assert_eq!(read(&packed, "source: zendesk").unwrap(), expected);
        for end in [5, packed.len() / 2, packed.len() - 1] {
            assert!(read(&packed[..end], "source: zendesk").is_err(), "cut at {end}");
        }
    }
    let cut = read(&pack(&plain)[..200], "source: zendesk").unwrap_err();
    assert_eq!(cut.message, "is packed and ends too early");
}

#[test]
fn a_record_is_handed_out_alone_and_memory_does_not_grow_with_the_export() {
    /// Gives records for as long as they are asked for.
    struct Endless {
        record: Vec<u8>,
        at: usize,
        left: usize,
    }
    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let rest = &self.record[self.at..];
            let step = rest.len().min(buffer.len()).min(self.left);
            buffer[..step].copy_from_slice(&rest[..step]);
            self.at = (self.at + step) % self.record.len();
            self.left -= step;
            Ok(step)
        }
    }
    let record = b"{\"id\": 1, \"tags\": [\"a]}\\\"\"]}\n".to_vec();
    let count = 200_000;
    let left = record.len() * count;
    let mut records = Records::new(Endless { record, at: 0, left });
    let (mut seen, mut first, mut farthest) = (0, None, 0);
    while let Some(record) = records.next_record().unwrap() {
        seen += 1;
        assert_eq!((record.bytes.len(), record.line), (28, seen as u64));
        // All records lie in one buffer of the size of a few reads.
        let place = record.bytes.as_ptr() as usize;
        let first = *first.get_or_insert(place);
        farthest = farthest.max(place.abs_diff(first));
    }
    assert_eq!(seen, count);
    assert!(farthest < 2 << 20, "{farthest}");
}

#[test]
fn an_endless_record_is_refused_before_it_fills_the_memory() {
    let input = b"[{\"id\": \"".chain(std::io::repeat(b'x'));
    let broken = read_with(input, &source("source: zendesk")).unwrap_err();
    assert_eq!(broken.message, "has a record of more than 64 MiB");
}

#[test]
fn half_a_character_in_an_escape_skips_the_record() {
    let record = |subject: &str| {
        format!("{{\"id\": 1, \"created_at\": \"2026-11-02T09:14:00Z\", \"subject\": \"{subject}\"}}")
    };
    let good = record("fine");
    for (subject, read_as) in [
        (r"\ud83d\udca5", None),
        (r"\\ud83d", None),
        (r"\ud83d", Some(r"`\ud83d` is half of a character")),
        (r"\udca5\ud83d", Some(r"`\udca5` is half of a character")),
        (r"\\\ud83d x", Some(r"`\ud83d` is half of a character")),
        (r"\uD83D\n", Some(r"`\uD83D` is half of a character")),
    ] {
        let text = format!("[{good},\n{}]", record(subject));
        let (report, _) = read(text.as_bytes(), "source: zendesk").unwrap();
        let named: Vec<_> = report.named.iter().map(|skipped| (skipped.line, skipped.why.as_str())).collect();
        assert_eq!(named, read_as.map(|why| (2, why)).into_iter().collect::<Vec<_>>(), "{subject}");
    }
}

const CONFIG: &str = "rules: { orphan-page: off }\ntickets: [{ source: zendesk, path: 'data/*.json', ignore_tags: ['plan_*'] }]\n";

#[test]
fn check_and_build_end_with_status_3_for_a_bad_export_and_1_if_a_page_is_bad_too() {
    let dir = knowledge_base(&[
        ("docent.yaml", CONFIG),
        ("content/index.md", "# Home\n\nText.\n"),
        ("data/a.json", "[{\"id\": 1"),
    ]);
    let (code, out, err) = run(dir.path(), &["check"]);
    assert_eq!(code, 3, "{out}{err}");
    assert!(out.contains("error[unreadable-export]: `data/a.json` ends in the middle"), "{out}");
    let (code, _, err) = run(dir.path(), &["build"]);
    assert_eq!(code, 3, "{err}");
    assert!(dir.path().join("public/index.html").is_file(), "the site is built without tickets");
    let (code, out, err) = run(dir.path(), &["tickets", "stats"]);
    assert_eq!((code, out.as_str()), (3, ""), "{err}");
    assert!(err.contains("data/a.json:1:1"), "{err}");
    write(dir.path(), "content/bad.md", b"# Bad\n\n[x](gone.md)\n");
    assert_eq!(run(dir.path(), &["check"]).0, 1);
}

#[test]
fn an_export_is_never_published_and_no_subject_reaches_the_site() {
    let ticket = |id: u32| {
        serde_json::json!({
            "id": id, "created_at": format!("2026-11-{:02}T09:14:00Z", id % 20 + 1), "tags": ["vpn"],
            "subject": "Frau Maier cannot log in", "requester_id": id, "organization": {"name": "Maier & Co"},
            "requester": {"id": id, "name": "Maier", "email": "maier@fernhill.example"},
        })
    };
    let export = serde_json::json!((1..=20).map(ticket).collect::<Vec<_>>()).to_string();
    let dir = knowledge_base(&[
        (
            "docent.yaml",
            "rules: { orphan-page: off }\nassets: ['**']\ntickets: [{ source: zendesk, path: 'content/*.json' }, { source: zendesk, path: static/t.json }]\nfreshness: { common_tag: 100% }\n",
        ),
        ("content/index.md", "---\nticket_tags: [vpn]\nreviewed: 2026-10-30\n---\n# Home\n\nText.\n"),
        ("content/other.txt", "an asset"),
        ("content/t.json", &export),
        ("static/t.json", &export),
    ]);
    let (code, out, err) = run(dir.path(), &["build", "--today", "2026-11-23"]);
    assert_eq!(code, 0, "{out}{err}");
    let home = std::fs::read_to_string(dir.path().join("public/index.html")).unwrap();
    assert!(home.contains("<b>20</b> in 8 weeks"), "the tickets are those of the page: {home}");
    let mut folders = vec![dir.path().join("public")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&entry).unwrap();
            assert!(!String::from_utf8_lossy(&bytes).to_lowercase().contains("maier"), "{}", entry.display());
        }
    }
    assert!(files > 3 && dir.path().join("public/other.txt").is_file());
    assert!(!dir.path().join("public/t.json").exists());
}

#[cfg(unix)]
#[test]
fn an_export_outside_the_knowledge_base_is_refused() {
    let dir = knowledge_base(&[
        ("kb/docent.yaml", CONFIG),
        ("kb/content/index.md", "# Home\n\nText.\n"),
        ("kb/data/x.txt", ""),
        ("secret.json", "[]"),
    ]);
    let kb = dir.path().join("kb");
    std::os::unix::fs::symlink("../../secret.json", kb.join("data/a.json")).unwrap();
    let (code, out, _) = run(&kb, &["check"]);
    assert_eq!(code, 3, "{out}");
    write(&kb, "docent.yaml", b"tickets: [{ source: zendesk, path: data/a.json }]\n");
    let (code, out, _) = run(&kb, &["check"]);
    assert_eq!(code, 3);
    assert!(out.contains("the link `data/a.json` leads outside the knowledge base"), "{out}");
    std::fs::remove_file(kb.join("data/a.json")).unwrap();
    std::os::unix::fs::symlink("../data/real", kb.join("data/a.json")).unwrap();
    write(&kb, "data/real", b"[]");
    assert_eq!(run(&kb, &["check"]).0, 0);
}

#[test]
fn stats_say_what_exports_hold_and_why_a_tag_is_no_topic() {
    let tickets: Vec<String> = (1..=60)
        .map(|number| {
            let (day, organisation) = (number % 28 + 1, number % 12);
            let tag = ["disk_full", "db_failover", "mail"][number % 7 % 3];
            let gold = if organisation < 2 { ", \"gold\"" } else { "" };
            format!("{{\"id\": {number}, \"created_at\": \"2026-10-{day:02}T09:14:00Z\", \"status\": \"closed\", \"requester_id\": {}, \"organization_id\": {organisation}, \"tags\": [\"{tag}\", \"plan_{organisation}\"{gold}]}}", number % 9)
        })
        .collect();
    let dir = knowledge_base(&[
        ("docent.yaml", CONFIG),
        ("content/index.md", "# Home\n\nText.\n"),
        ("data/a.json", &format!("[{}, {{\"id\": 99}}]", tickets[..40].join(","))),
        ("data/b.json", &format!("{{\"tickets\": [{}]}}", tickets[30..].join(","))),
    ]);
    let (code, out, err) = run(dir.path(), &["tickets", "stats", "--today", "2026-11-02", "--limit", "6"]);
    assert_eq!(code, 0, "{err}");
    snapbox::assert_data_eq!(out, snapbox::file!["../tickets/stats.stdout.expected"]);
    assert!(err.contains("this record is skipped: it has no `created_at`"), "{err}");
    let (_, out, _) = run(dir.path(), &["tickets", "stats", "--today", "2026-11-02", "--format", "json"]);
    let stats: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&stats["schema"], &stats["judged"]), (&1.into(), &60.into()));
    assert_eq!(stats["sources"][0]["files"][1]["path"], "data/b.json");
    assert_eq!((&stats["sources"][0]["copies"], &stats["sources"][0]["skipped"]), (&10.into(), &1.into()));
    let of = |tag: &str| {
        stats["tags"].as_array().unwrap().iter().find(|entry| entry["tag"] == tag).unwrap().clone()
    };
    assert_eq!(of("gold")["topical"], false);
    let (code, _, err) = run(knowledge_base(&[("a.md", "# A\n")]).path(), &["tickets", "stats"]);
    assert_eq!(code, 2);
    assert!(err.contains("names no ticket export"), "{err}");
}

#[test]
fn every_wrong_value_of_an_entry_is_named_at_its_place_with_the_nearest() {
    let cases = [
        (
            "{ source: zendesc, path: a }",
            "`tickets.source` is one of `zendesk`, `gitlab`, `github`, `jira`, `freshdesk`, `pagerduty`, `servicenow`, `table`, not `zendesc` | did you mean `zendesk`?",
        ),
        (
            "{ source: zendesk }",
            "an entry of `tickets` has no `path` | write it as in `tickets: [{ source: zendesk, path: data/tickets.json }]`",
        ),
        (
            "{ source: zendesk, path: ../a }",
            "`tickets.path` must lie in the knowledge base, `../a` does not | write a path relative to the folder of `docent.yaml`, with `/`",
        ),
        (
            "{ source: zendesk, pat: a, path: a }",
            "an entry of `tickets` has no key `pat` | did you mean `path`?",
        ),
        (
            "{ source: zendesk, path: a, url: 'https://x.example' }",
            "`tickets.url` must hold `{id}` | did you mean `https://x.example/{id}`?",
        ),
        (
            "{ source: zendesk, path: a, url: 'x/{id}' }",
            "`tickets.url` needs a scheme and a host, `x/{id}` has none | write something like `https://kb.example.com/x/{id}/`",
        ),
        (
            "{ source: jira, path: a, date_format: dd/MMM/yy h:mm a }",
            "`tickets.date_format` does not say year, month and day: `dd/MMM/yy h:mm a` | did you mean `%d/%b/%y %I:%M %p`?",
        ),
        (
            "{ source: jira, path: a, mapping: { id: x } }",
            "`tickets.mapping` has no use with `source: jira` | leave it out, or write `source: table`",
        ),
        (
            "{ source: table, path: a }",
            "an entry of `tickets` has no `mapping` | say which column holds what, as in `mapping: { id: Number, created: Opened, tags: Topic }`",
        ),
        (
            "{ source: table, path: a, mapping: { id: x, creatd: y, created: z } }",
            "a `mapping` of `tickets` has no key `creatd` | did you mean `created`?",
        ),
        (
            "{ source: table, path: a, mapping: { id: x } }",
            "a `mapping` of `tickets` has no `created` | say which column holds it, as in `mapping: { id: Number, created: Opened, tags: Topic }`",
        ),
        (
            "{ source: table, path: a, mapping: { id: [x, y], created: z } }",
            "`tickets.mapping.id` takes the name of one column, not a list | write it as in `tickets: [{ source: zendesk, path: data/tickets.json }]`",
        ),
        (
            "{ source: zendesk, path: 'a/[b' }",
            "`a/[b` is not a path pattern: its `[` is never closed by `]` | `*` stands for any part of a name, `**` for any folders, `{a,b}` for `a` or `b`",
        ),
        (
            "{ source: zendesk, path: a, ignore_tags: ['a}'] }",
            "`a}` is not a pattern of tags: its `}` closes no `{` | `*` stands for anything, as in `sla_*`",
        ),
        (
            "zendesk",
            "`tickets` takes a list of sources, each with its keys, not `zendesk` | write it as in `tickets: [{ source: zendesk, path: data/tickets.json }]`",
        ),
    ];
    for (entry, expected) in cases {
        let text = format!("# first line\ntickets: [{entry}]\n");
        let found = Config::parse(&Arc::new(SourceFile::new("docent.yaml", text.as_str()))).unwrap_err();
        let said: Vec<_> =
            found.iter().map(|one| format!("{} | {}", one.message, one.help.join("; "))).collect();
        assert_eq!(said, [expected], "{entry}");
        let label = found[0].primary.as_ref().unwrap();
        assert_eq!(label.file.position(label.span.start).line, 2);
    }
}

#[test]
fn a_million_tags_and_a_long_id_are_kept() {
    let mut tickets = Tickets::default();
    for number in 0..100_000i64 {
        let tags = (0..10).map(|tag| format!("tag-{}", number * 10 + tag).into()).collect();
        tickets.add(&Ticket {
            id: number.to_string().into(),
            created: number + 1,
            tags,
            ..Ticket::default()
        });
    }
    let long = "x".repeat(70_000);
    tickets.add(&Ticket { id: long.as_str().into(), created: 1, ..Ticket::default() });
    tickets.finish();
    assert_eq!((tickets.tag_count(), tickets.len()), (1_000_000, 100_001));
    let last = tickets.iter().next_back().unwrap();
    assert!(last.tags.contains(&tickets.find_tag("TAG-999999").unwrap()));
    assert!(tickets.iter().any(|row| row.id == TicketId::Text(&long[..65_535])));
}
