//! Claims about exports as people get them: torn records, odd tables, and what leaves again as a table.

use docent::freshness::State;

use crate::support::{BESIDE, article, judged_by, knowledge_base, options, run, tickets, write};

const PAGE: &str = "---\nreviewed: 2026-09-01\nticket_tags: [db]\n---\n# A page\n\nText.\n";

/// Events of the page by an export with this name and text, and `line: message` of what was skipped.
fn read(name: &str, text: &str) -> (u32, Vec<String>) {
    let config = format!("tickets: [{{ source: zendesk, path: data/{name} }}]\n");
    let dir = knowledge_base(&[("docent.yaml", &config), ("a.md", PAGE)]);
    write(dir.path(), &format!("data/{name}"), text.as_bytes());
    let checked = docent::pipeline::check(&options(dir.path())).unwrap();
    let skipped = checked.findings.iter().filter(|finding| finding.rule.code == "invalid-ticket");
    let place = |finding: &docent::diagnostic::Diagnostic| {
        let label = finding.primary.as_ref().unwrap();
        format!("{}: {}", label.file.position(label.span.start).line, finding.message)
    };
    let skipped = skipped.map(place).collect();
    let events = article(&checked, "a.md").tickets.as_ref().map_or(0, |tickets| tickets.weeks.iter().sum());
    (events, skipped)
}

#[test]
fn a_ticket_without_tags_counts_for_nothing_and_one_without_a_time_is_named_with_its_line() {
    // A whole one, one without tags, three without a usable time, an older copy of the first, a whole one.
    let records = [
        r#"{"id": 1, "created_at": "2026-11-01T10:00:00Z", "updated_at": "2026-11-05T10:00:00Z", "tags": ["db"]}"#,
        r#"{"id": 2, "created_at": "2026-11-02T10:00:00Z"}"#,
        r#"{"id": 3, "created_at": "2026-11-02T10:00:00Z", "tags": null}"#,
        r#"{"id": 4, "created_at": null, "tags": ["db"]}"#,
        r#"{"id": 5, "tags": ["db"]}"#,
        r#"{"id": 6, "created_at": "0000-00-00", "tags": ["db"]}"#,
        r#"{"id": 1, "created_at": "2026-11-01T10:00:00Z", "updated_at": "2026-11-01T10:00:00Z", "tags": ["mail"]}"#,
        r#"{"id": 7, "created_at": "2026-11-07T10:00:00Z", "solved_at": null, "requester_id": null, "tags": ["db"]}"#,
    ];
    let table = "Id,Created at,Updated at,Tags\n1,2026-11-01 10:00,2026-11-05 10:00,db\n2,2026-11-02 10:00,,\n\
                 3,2026-11-02 10:00,,\n4,,,db\n5,,,db\n6,0000-00-00,,db\n1,2026-11-01 10:00,2026-11-01 10:00,mail\n\
                 7,2026-11-07 10:00,,db\n";
    let array = format!("{{\"tickets\": [\n{}\n]}}\n", records.join(",\n"));
    let expected = |first: u32, name: &str| {
        let lacks = format!("this record is skipped: it has no {name}");
        let wrong = format!("this record is skipped: {name} is `0000-00-00`, which is no time");
        vec![
            format!("{first}: {lacks}"),
            format!("{}: {lacks}", first + 1),
            format!("{}: {wrong}", first + 2),
        ]
    };
    for (name, text, first, column) in [
        ("tickets.json", array.as_str(), 5, "`created_at`"),
        ("tickets.ndjson", &(records.join("\n") + "\n"), 4, "`created_at`"),
        ("tickets.csv", table, 5, "time of creation"),
    ] {
        let (events, skipped) = read(name, text);
        assert_eq!((events, skipped), (2, expected(first, column)), "{name}");
    }
}

#[test]
fn a_table_is_read_whatever_its_quotes_line_ends_separators_and_mark() {
    let plain = "Id,Subject,Tags,Created at\n1,\"=cmd|' /C calc'!A0\",db mail,2026-11-01 10:00\n\
                 2,\"two\nlines, and a \"\"quote\"\"\",\"db,mail\",2026-11-02 10:00\n3,plain;x,db,2026-11-03 10:00\n";
    let semicolons = "Id;Subject;Tags;Created at\n1;\"=1;2\";db mail;2026-11-01 10:00\n\
                      2;\"two\nlines; a \"\"quote\"\"\";db,mail;2026-11-02 10:00\n3;plain;db;2026-11-03 10:00\n";
    for text in [plain, semicolons] {
        for text in [text.to_owned(), text.replace('\n', "\r\n"), format!("\u{feff}{text}")] {
            assert_eq!(read("tickets.csv", &text), (3, Vec::new()), "{text:?}");
        }
    }
}

#[test]
fn an_export_that_is_torn_or_a_page_of_html_is_an_error_and_no_page_is_called_fresh() {
    let whole = tickets(&BESIDE);
    let html = "<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>\n";
    let torn_table = "Id,Created at,Tags\n1,2026-11-01 10:00,db\n2,2026-11-0";
    let torn_list = "{\"tickets\": [{\"id\": 1, \"created_at\": \"2026-11-01T10:00:00Z\"},";
    for (name, text) in [
        ("tickets.json", html),
        ("tickets.csv", html),
        ("tickets.json", torn_list),
        ("tickets.csv", torn_table),
        ("tickets.json", ""),
    ] {
        let config = format!(
            "rules: {{ orphan-page: off, no-title: off }}\ntickets: [{{ source: zendesk, path: data/{name} }}, {{ source: zendesk, path: data/whole.ndjson }}]\n"
        );
        let dir = knowledge_base(&[("docent.yaml", &config), ("a.md", PAGE), ("data/whole.ndjson", &whole)]);
        write(dir.path(), &format!("data/{name}"), text.as_bytes());
        for command in ["check", "freshness"] {
            let (code, _, err) = run(dir.path(), &[command, "--today", "2026-11-23"]);
            assert_eq!(code, 3, "{command} of {name}: {err}");
        }
        let checked = docent::pipeline::check(&options(dir.path())).unwrap();
        assert_eq!(article(&checked, "a.md").state, State::Unknown, "{name}");
    }
}

#[test]
fn nothing_that_leaves_as_a_table_is_a_formula() {
    let text = "---\ntitle: \"=HYPERLINK(1)\"\nowner: \"@ana\"\nreviewed: 2026-09-01\nreviewed_by: \"+1+1\"\n---\nText.\n";
    let dir = knowledge_base(&[("-2+3.md", text), ("docent.yaml", "base_url: https://kb.example/\n")]);
    let (code, out, err) = run(dir.path(), &["freshness", "--format", "csv", "--today", "2026-11-23"]);
    assert_eq!(code, 0, "{err}");
    let row = out.lines().nth(1).unwrap();
    for cell in ["'-2+3.md,", ",'=HYPERLINK(1),", ",'@ana,", ",'+1+1,"] {
        assert!(row.contains(cell), "{cell}: {row}");
    }
    let is_formula = |cell: &str| {
        cell.trim_matches('"').starts_with(['=', '+', '-', '@'])
            && cell.trim_matches('"').parse::<f64>().is_err()
    };
    assert!(!row.split(',').any(is_formula), "{row}");
}

#[test]
fn tags_of_tickets_are_the_same_in_any_case() {
    let lines = ["DB 2026-11-01T10:00", "Db 2026-11-02T10:00", "db 2026-11-03T10:00"];
    let checked = judged_by(&[("a.md", PAGE)], &[&BESIDE[..], &lines].concat());
    assert_eq!(article(&checked, "a.md").tickets.as_ref().unwrap().recent, 3);
    assert!(!checked.findings.iter().any(|finding| finding.rule.code == "dead-ticket-tag"));
}
