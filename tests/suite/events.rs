//! Claims about what counts as an event: which tickets are one, and which tags are topics.

use docent::freshness::surge::{BASELINE_DAYS, RECENT_DAYS};

use crate::support::{article, judged, knowledge_base, run, tickets, write};

const PAGE: (&str, &str) =
    ("a.md", "---\nreviewed: 2026-01-05\nreview_every: 2 years\nticket_tags: [db]\n---\n# A\n\nText.\n");

/// Events of the page in the recent window and in the baseline.
fn events(lines: &[&str]) -> (u32, u32) {
    let checked = judged(&[PAGE], lines);
    let counts = article(&checked, "a.md").tickets.clone().unwrap();
    (counts.recent, counts.baseline)
}

#[test]
fn tickets_of_one_problem_or_of_one_asker_within_a_day_are_one_event() {
    let cases: &[(&str, &[&str], (u32, u32))] = &[
        ("two people", &["db 2026-11-20T10:00", "db 2026-11-20T10:00"], (2, 0)),
        (
            "incidents of a problem, however late",
            &[
                "db 2026-11-01T10:00 problem_id=9",
                "db 2026-11-01T11:00 problem_id=9",
                "db 2026-11-20T10:00 problem_id=9",
            ],
            (1, 0),
        ),
        (
            "a problem and its incidents, in any order",
            &[
                "db 2026-11-01T10:00 problem_id=9",
                "db 2026-11-02T10:00 id=9 type=\"problem\"",
                "db 2026-11-03T10:00 problem_id=9",
            ],
            (1, 0),
        ),
        (
            "a ticket that others name as their problem",
            &["db 2026-11-02T10:00 id=9", "db 2026-11-03T10:00 problem_id=9"],
            (1, 0),
        ),
        ("two problems", &["db 2026-11-02T10:00 problem_id=8", "db 2026-11-02T10:00 problem_id=9"], (2, 0)),
        (
            "a problem that began in the baseline",
            &["db 2026-09-28T10:00 problem_id=9", "db 2026-10-10T10:00 problem_id=9"],
            (0, 1),
        ),
        ("merged", &["db 2026-11-02T10:00", "db,closed_by_merge 2026-11-02T10:00"], (1, 0)),
        (
            "deleted and spam",
            &[
                "db 2026-11-02T10:00",
                "db 2026-11-02T10:00 status=\"deleted\"",
                "db 2026-11-02T10:00 status=\"spam\"",
            ],
            (1, 0),
        ),
        (
            "a merged ticket hides none after it",
            &["db,closed_by_merge 2026-11-02T10:00 requester_id=7", "db 2026-11-02T11:00 requester_id=7"],
            (1, 0),
        ),
        (
            "one person across midnight",
            &["db 2026-11-02T23:30 requester_id=7", "db 2026-11-03T00:30 requester_id=7"],
            (1, 0),
        ),
        (
            "one person within a day and just after",
            &[
                "db 2026-11-02T10:00 requester_id=7",
                "db 2026-11-03T09:59 requester_id=7",
                "db 2026-11-03T10:00 requester_id=7",
            ],
            (2, 0),
        ),
        (
            "a day counts from the event, not from the last repetition",
            &[
                "db 2026-11-02T10:00 requester_id=7",
                "db 2026-11-03T04:00 requester_id=7",
                "db 2026-11-03T22:00 requester_id=7",
            ],
            (2, 0),
        ),
        (
            "another tag of the same person",
            &["mail 2026-11-02T10:00 requester_id=7", "db 2026-11-02T11:00 requester_id=7"],
            (1, 0),
        ),
        (
            "one person on both sides of the window",
            &["db 2026-09-28T23:30 requester_id=7", "db 2026-09-29T00:30 requester_id=7"],
            (0, 1),
        ),
        (
            "one organisation where nobody is named",
            &[
                "db 2026-11-02T10:00 requester_id=null organization_id=3",
                "db 2026-11-02T12:00 requester_id=null organization_id=3",
            ],
            (1, 0),
        ),
        (
            "two people of one organisation",
            &["db 2026-11-02T10:00 organization_id=3", "db 2026-11-02T12:00 organization_id=3"],
            (2, 0),
        ),
        (
            "nobody is named at all",
            &["db 2026-11-02T10:00 requester_id=null", "db 2026-11-02T10:00 requester_id=null"],
            (2, 0),
        ),
        ("copies of a ticket", &["db 2026-11-02T10:00 id=9", "db 2026-11-02T10:00 id=9"], (1, 0)),
        (
            "the first and the last day of the recent window",
            &["db 2026-09-29T00:00", "db 2026-11-23T23:59"],
            (2, 0),
        ),
        (
            "the first and the last day of the baseline",
            &["db 2026-03-31T00:00", "db 2026-09-28T23:59"],
            (0, 2),
        ),
        ("before the baseline", &["db 2026-03-30T23:59", "db 2026-11-01T10:00"], (1, 0)),
    ];
    assert_eq!(RECENT_DAYS + BASELINE_DAYS, 238, "the days above are counted from these");
    for (name, lines, expected) in cases {
        assert_eq!(events(lines), *expected, "{name}");
    }
}

#[test]
fn all_events_are_counted_once_whatever_the_order_of_the_rows() {
    let lines = [
        "db 2026-11-03T10:00 problem_id=9",
        "db 2026-11-02T23:30 requester_id=7",
        "db,closed_by_merge 2026-11-04T10:00",
        "db 2026-11-03T00:30 requester_id=7",
        "db 2026-11-01T10:00 problem_id=9",
    ];
    let mut shuffled = lines;
    for _ in 0..lines.len() {
        shuffled.rotate_left(1);
        assert_eq!(events(&shuffled), (2, 0), "{shuffled:?}");
    }
}

/// Tickets of 12 organisations that have `gold` or not, on topics that come and go.
fn organisations(is_gold: impl Fn(usize, usize) -> bool) -> Vec<String> {
    (0..120)
        .map(|number| {
            let (organisation, round) = (number % 12, number / 12);
            let gold = if is_gold(organisation, round) { "gold," } else { "" };
            let day = number % 23 + 1;
            format!("{gold}topic_{} 2026-11-{day:02}T10:00 organization_id={organisation}", number % 7)
        })
        .collect()
}

#[test]
fn a_tag_that_is_administrative_is_no_topic_and_stats_say_why() {
    let of_two = organisations(|organisation, _| organisation < 2);
    let of_one = organisations(|organisation, _| organisation == 0);
    let sometimes = organisations(|organisation, round| organisation < 2 && round > 0);
    let frequent: Vec<String> = vec!["gold 215 2026-04-01 2026-11-20".into()];
    let rare: Vec<String> = vec!["gold 190 2026-04-01 2026-11-20".into()];
    let long_ago: Vec<String> =
        vec!["gold 300 2025-10-01 2026-03-20".into(), "gold 9 2026-11-01 2026-11-20".into()];
    let plain: Vec<String> = vec!["gold 9 2026-11-01 2026-11-20".into()];
    let cases: &[(&str, &[String], &str, Option<&str>)] = &[
        (
            "constant in two organisations",
            &of_two,
            "",
            Some("on all tickets of the organisations that have it"),
        ),
        ("constant in one organisation, which may have one worry", &of_one, "", None),
        ("not on all tickets of an organisation", &sometimes, "", None),
        ("on more than a fifth", &frequent, "", Some("on more than 20 % of tickets")),
        ("on less than a fifth", &rare, "", None),
        (
            "on less than a fifth, but the config is strict",
            &rare,
            "freshness: { common_tag: 10% }",
            Some("on more than 10 % of tickets"),
        ),
        ("on more than a fifth long ago", &long_ago, "", None),
        ("ignored", &plain, "freshness: { ignore_tags: [\"gol?\"] }", Some("ignored by the config")),
        ("ignored in any case", &plain, "freshness: { ignore_tags: [GOLD] }", Some("ignored by the config")),
        ("ignored in one export", &plain, "ignore", Some("ignored by the config")),
        ("the tag of flags", &plain, "freshness: { flag_tag: gold }", Some("ignored by the config")),
        ("a topic", &plain, "", None),
    ];
    for (name, lines, config, why) in cases {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let of_source = if *config == "ignore" { ", ignore_tags: [gold]" } else { "" };
        let config = config.trim_start_matches("ignore");
        let config =
            format!("tickets: [{{ source: zendesk, path: data/tickets.ndjson{of_source} }}]\n{config}\n");
        let automatic = ("auto.md", "---\ntags: [gold]\nreviewed: 2026-11-01\n---\n# Auto\n\nText.\n");
        let asked = ("asked.md", "---\nticket_tags: [gold]\nreviewed: 2026-11-01\n---\n# Asked\n\nText.\n");
        let checked = judged(&[automatic, ("docent.yaml", &config)], &lines);
        assert_eq!(article(&checked, "auto.md").tickets.is_some(), why.is_none(), "{name}");
        let named = checked.freshness.tags.iter().any(|volume| volume.tag == "gold");
        assert_eq!(named, why.is_none(), "{name}: topics of the lead");
        // What a page asks for by name is a topic, whatever it looks like.
        let checked = judged(&[automatic, asked, ("docent.yaml", &config)], &lines);
        for page in ["auto.md", "asked.md"] {
            assert!(article(&checked, page).tickets.is_some(), "{name}: {page}");
        }
        // `tickets stats` says the same, and why.
        let dir = knowledge_base(&[("docent.yaml", &config), ("index.md", "# Home\n")]);
        let export = tickets(&[&crate::support::BESIDE, lines.as_slice()].concat());
        write(dir.path(), "data/tickets.ndjson", export.as_bytes());
        let args = ["tickets", "stats", "--today", "2026-11-23", "--format", "json", "--limit", "100"];
        let (code, out, err) = run(dir.path(), &args);
        assert_eq!(code, 0, "{err}");
        let stats: serde_json::Value = serde_json::from_str(&out).unwrap();
        let gold = stats["tags"].as_array().unwrap().iter().find(|tag| tag["tag"] == "gold").unwrap();
        assert_eq!((gold["topical"].as_bool(), gold["why"].as_str()), (Some(why.is_none()), *why), "{name}");
    }
}

#[test]
fn tickets_from_after_the_day_that_is_judged_are_no_evidence() {
    let checked = judged(&[PAGE], &["db 2026-11-20T10:00", "db 2026-11-24T10:00", "db 2027-05-01T10:00"]);
    assert_eq!(checked.freshness.as_of.as_deref(), Some("2026-11-23"));
    assert_eq!(article(&checked, "a.md").tickets.as_ref().unwrap().recent, 1);
    let unchecked = checked.freshness.unchecked.iter().find(|unchecked| unchecked.what == "tickets").unwrap();
    assert_eq!((unchecked.count, unchecked.why.as_str()), (2, "they are from after the day that is judged"));
}
