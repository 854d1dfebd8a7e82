//! Claims about the facts of a review.

use std::sync::Arc;

use super::*;
use crate::config::Config;
use crate::diagnostic::rules::freshness::{OVERDUE, TICKET_SURGE};
use crate::parse::front_matter::parse;
use crate::source::SourceFile;

/// The facts of a page with these lines of front matter, and its findings as `line:column code message`.
fn read(lines: &str) -> (ReviewFacts, Vec<String>) {
    let file = Arc::new(SourceFile::new("a.md", format!("---\n{lines}\n---\nText.\n")));
    let (front, _, mut found) = parse(&file, "a.md", &Config::default());
    let (facts, more) = ReviewFacts::read(&front.unwrap(), &file, "2026-11-23");
    found.extend(more);
    let shown = |finding: &Diagnostic| {
        let label = finding.primary.as_ref().unwrap();
        let at = label.file.position(label.span.start);
        format!("{}:{} {} {}", at.line, at.column, finding.rule.code, finding.message)
    };
    (facts, found.iter().map(shown).collect())
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn every_fact_of_a_review_is_read_in_its_type() {
    let (facts, found) = read(
        "reviewed: 2026-09-01\nreviewed_by: '@ana'\nreviewed_how: followed\nreviewed_commit: 4F1C9E2\n\
         reviewed_hash: b3:9a41\nreview_every: 6 weeks\nevergreen: a decision record\n\
         snooze: { until: 2026-12-15, rules: [ticket-surge], reason: rewrite, by: '@bo', doubt: 1200 }\n\
         superseded_by: /b.md\ncovers: [ansible/patroni/**, /lib]\nticket_tags: { all: [db, failover] }",
    );
    assert_eq!(found, [""; 0]);
    assert_eq!(facts.reviewed, Reviewed::On(date("2026-09-01")));
    assert_eq!(facts.how.as_ref().unwrap().value, How::Followed);
    assert_eq!(facts.commit.as_ref().unwrap().value, "4f1c9e2");
    assert_eq!(facts.every.as_ref().unwrap().value, Length { count: 6, unit: LengthUnit::Week });
    assert_eq!(facts.evergreen.as_ref().unwrap().value, "a decision record");
    assert_eq!(facts.superseded_by.as_ref().unwrap().value, "/b.md");
    let snooze = &facts.snoozes[0];
    assert_eq!((snooze.reason.as_str(), snooze.by.as_deref()), ("rewrite", Some("@bo")));
    assert!(snooze.names(&TICKET_SURGE, date("2026-12-14")));
    assert!(!snooze.names(&TICKET_SURGE, date("2026-12-15")), "the day has come");
    assert!(!snooze.names(&OVERDUE, date("2026-12-14")));
    assert_eq!([1200, 2200].map(|weight| snooze.is_outgrown(weight)), [false, true]);
    let tags = facts.ticket_tags.as_ref().unwrap();
    assert_eq!((tags.tags.len(), tags.all), (2, true));
    let covered = ["ansible/patroni/a/b.yml", "lib/x.rb", "lib"]
        .map(|path| facts.covers.iter().any(|c| c.matches(path)));
    assert_eq!(covered, [true; 3]);
    assert!(!facts.covers.iter().any(|cover| cover.matches("library/x.rb") || cover.matches("ansible/x")));
    let review = facts.review();
    assert_eq!(review.on.as_deref(), Some("2026-09-01"));
    assert_eq!(review.how.as_deref(), Some("followed"));
}

#[test]
fn the_keys_of_other_tools_and_a_group_mean_the_same() {
    for lines in [
        "last_reviewed_on: 2026-09-01\nreview_in: 3 months",
        "last-reviewed: 2026-09-01\nreview_every: 3 months",
        "ms.date: 09/01/2026\nreview_in: 3 months",
        "lastReviewedAt: 2026-09-01T10:00:00Z\nreview_in: 3 months",
        "freshness: { reviewed: 2026-09-01, every: 3 months }",
        "freshness:\n  lastReviewedAt: 2026-09-01\n  review_in: 3 months",
        "reviewed: 2026-09-01\nfreshness: { reviewed: 2020-01-01, review_every: 3 months }",
    ] {
        let (facts, found) = read(lines);
        assert_eq!(found, [""; 0], "{lines}");
        assert_eq!(facts.reviewed, Reviewed::On(date("2026-09-01")), "{lines}");
        assert_eq!(facts.every.unwrap().value, Length { count: 3, unit: LengthUnit::Month }, "{lines}");
    }
    let (facts, _) = read("lastReviewedCommit: 4f1c9e2");
    assert_eq!(facts.commit.unwrap().value, "4f1c9e2");
}

#[test]
fn a_date_that_is_none_or_has_not_come_is_never_a_review() {
    for (lines, place) in [
        ("reviewed: 2016-13-40", "2:11 invalid-date"),
        ("reviewed: YYYY-MM-DD", "2:11 invalid-date"),
        ("reviewed: 2026-11-24", "2:11 invalid-date"),
        ("last-reviewed: 09/10/2026", "2:16 invalid-date"),
        ("reviewed: [2026-01-01]", "2:11 wrong-type"),
        ("freshness: { reviewed: 2023-02-29 }", "2:24 invalid-date"),
        ("freshness: { reviewed: 2027-01-01 }", "2:24 invalid-date"),
    ] {
        let (facts, found) = read(lines);
        assert!(matches!(facts.reviewed, Reviewed::Invalid(_)), "{lines}: {:?}", facts.reviewed);
        assert_eq!(found.len(), 1, "{lines}: {found:?}");
        assert!(found[0].starts_with(place), "{lines}: {found:?}");
    }
    assert_eq!(read("title: x").0.reviewed, Reviewed::Never);
    assert_eq!(read("reviewed:").0.reviewed, Reviewed::Never);
    assert_eq!(read("reviewed: 2026-11-23").0.reviewed, Reviewed::On(date("2026-11-23")));
}

#[test]
fn a_value_that_cannot_be_meant_is_named_and_not_used() {
    for (lines, expected) in [
        ("reviewed_commit: HEAD", "2:18 wrong-type `reviewed_commit` takes the hash of a commit, not `head`"),
        (
            "reviewed_hash: sha256:12345",
            "2:16 wrong-type `reviewed_hash` takes the hash of a page, not `sha256:12345`",
        ),
        ("review_every: 36h", "2:15 wrong-type `review_every` takes a number of days or more, not `36h`"),
        (
            "evergreen: true",
            "2:12 wrong-type `evergreen` takes the reason why the page never falls due, not `true`",
        ),
        ("snooze: 2026-12-15", "2:9 wrong-type `snooze` takes a group of keys, not `2026-12-15`"),
        ("snooze: { until: 2026-12-15, rules: [outcome] }", "2:9 wrong-type `snooze` lacks `reason`"),
        (
            "snooze: { until: 2027-02-22, rules: [outcome], reason: x }",
            "2:18 invalid-date `2027-02-22` is more than 90 days away; findings rest no longer",
        ),
        (
            "snooze: { until: 2026-12-32, rules: [outcome], reason: x }",
            "2:18 invalid-date `2026-12-32` is no day of the calendar",
        ),
        (
            "snooze: { until: 2026-12-15, rules: [broken-link], reason: x }",
            "2:38 wrong-type findings of `broken-link` cannot rest",
        ),
        (
            "snooze: { until: 2026-12-15, rules: [ticketsurge], reason: x }",
            "2:38 wrong-type `ticketsurge` is no rule of freshness",
        ),
        (
            "snooze: { untill: 2026-12-15, until: 2026-12-15, rules: outcome, reason: x }",
            "2:11 unknown-key `snooze` has no key `untill`",
        ),
        ("covers: ['a[']", "2:10 wrong-type `a[` is not a path pattern: its `[` is never closed by `]`"),
        (
            "ticket_tags: { any: [a], all: [b] }",
            "2:14 wrong-type `ticket_tags` takes a list, or a group of `any` or `all`",
        ),
        ("ticket_tags: [[a]]", "2:15 wrong-type `ticket_tags` takes tags, not a list"),
        ("freshness: 90d", "2:12 wrong-type `freshness` takes a group of keys, not `90d`"),
        ("freshness: { revewed: 2026-01-01 }", "2:14 unknown-key `freshness` has no key `revewed`"),
    ] {
        let (facts, found) = read(lines);
        assert_eq!(found, [expected], "{lines}");
        assert!(facts.snoozes.is_empty() && facts.evergreen.is_none() && facts.commit.is_none(), "{lines}");
    }
    let (facts, _) = read("snooze: { until: 2027-02-21, rules: [outcome], reason: x }");
    assert_eq!(facts.snoozes.len(), 1, "the ninetieth day is allowed");
}

#[test]
fn the_hash_of_a_body_knows_its_words_and_not_how_its_lines_end() {
    let hash = body_hash("\n# A\n\nText\n");
    assert_eq!(hash.len(), 35);
    for same in ["# A\r\n\r\nText", "# A  \n\t\nText\n\n\n", "\u{feff}# A\r\rText\r"] {
        assert_eq!(body_hash(same), hash, "{same:?}");
    }
    for other in ["# A\nText\n", "# A\n\n Text\n", "# A\n\nText.\n", ""] {
        assert_ne!(body_hash(other), hash, "{other:?}");
    }
    let (facts, _) = read(&format!("reviewed_hash: {}", &hash[..12]));
    assert_eq!(facts.knows_body("# A\n\nText"), Some(true));
    assert_eq!(facts.knows_body("# B"), Some(false));
    assert_eq!(read("title: x").0.knows_body(""), None);
}

#[test]
fn months_are_the_calendars_and_clipped_to_their_last_day() {
    for (from, length, expected) in [
        ("2026-09-01", "90d", "2026-11-30"),
        ("2026-09-01", "6 weeks", "2026-10-13"),
        ("2026-11-30", "3 months", "2027-02-28"),
        ("2023-11-30", "3 months", "2024-02-29"),
        ("2024-02-29", "1y", "2025-02-28"),
        ("2026-12-31", "2 mo", "2027-02-28"),
        ("2026-01-01", "100000 years", "9999-12-31"),
        ("2026-01-01", "100000 months", "9999-12-31"),
        ("2026-01-01", "36h", "2026-01-02"),
    ] {
        let length = parse_length(length).unwrap();
        assert_eq!(add_length(date(from), length), date(expected), "{from} {length:?}");
    }
}
