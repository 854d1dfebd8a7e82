//! Claims about what an edit changes and what it leaves alone.

use super::*;

fn set(key: &'static str, value: &str) -> Change {
    Change { key, value: Some(NewValue::Text(value.into())) }
}

fn remove(key: &'static str) -> Change {
    Change { key, value: None }
}

fn edited(before: &str, changes: &[Change]) -> String {
    match edit("a.md", before.as_bytes(), changes) {
        Ok(bytes) => String::from_utf8(bytes).unwrap(),
        Err(Refused(why)) => format!("refused: {why}"),
    }
}

#[test]
fn a_key_is_set_where_it_stands_and_nothing_else_changes() {
    for (before, after) in [
        // Comments, order, blanks, quotes.
        (
            "---\na: 1 # one\nreviewed:   2020-01-01   # last\nb: 'x'\n---\nText\n",
            "---\na: 1 # one\nreviewed:   2026-11-23   # last\nb: 'x'\n---\nText\n",
        ),
        ("---\nreviewed: '2020-01-01'\n---\n", "---\nreviewed: '2026-11-23'\n---\n"),
        ("---\n\"reviewed\": \"2020-01-01\"\n...\nText", "---\n\"reviewed\": \"2026-11-23\"\n...\nText"),
        // Empty values, with and without a comment.
        ("---\nreviewed:\nb: x\n---\n", "---\nreviewed: 2026-11-23\nb: x\n---\n"),
        ("---\nreviewed: # todo\nb: x\n---\n", "---\nreviewed: 2026-11-23 # todo\nb: x\n---\n"),
        ("---\nreviewed: ~\n---\n", "---\nreviewed: 2026-11-23\n---\n"),
        ("---\nreviewed: \n---\n", "---\nreviewed: 2026-11-23 \n---\n"),
        // The names of other tools, and their form of a date.
        ("---\nlast-reviewed: 2020-01-01\n---\n", "---\nlast-reviewed: 2026-11-23\n---\n"),
        ("---\nms.date: 01/31/2020\n---\n", "---\nms.date: 11/23/2026\n---\n"),
        ("---\nlastReviewedAt: 2020-01-01T10:00:00Z\n---\n", "---\nlastReviewedAt: 2026-11-23\n---\n"),
        (
            "---\nlast-reviewed: 2019-01-01\nreviewed: 2020-01-01\n---\n",
            "---\nlast-reviewed: 2019-01-01\nreviewed: 2026-11-23\n---\n",
        ),
        // Groups, in lines and in braces.
        (
            "---\nfreshness:\n  # when\n  reviewed: 2020-01-01 # x\n  every: 90d\n---\n",
            "---\nfreshness:\n  # when\n  reviewed: 2026-11-23 # x\n  every: 90d\n---\n",
        ),
        (
            "---\nfreshness: { every: 90d, reviewed: 2020-01-01 }\n---\n",
            "---\nfreshness: { every: 90d, reviewed: 2026-11-23 }\n---\n",
        ),
        ("---\n{title: x, reviewed: 2020-01-01}\n---\n", "---\n{title: x, reviewed: 2026-11-23}\n---\n"),
        // Values over several lines.
        ("---\nreviewed:\n  2020-01-01\nb: x\n---\n", "---\nreviewed: 2026-11-23\nb: x\n---\n"),
        ("---\nreviewed: >\n  2020-01-01\n\nb: x\n---\n", "---\nreviewed: 2026-11-23\n\nb: x\n---\n"),
        // A key that is not there.
        ("---\ntitle: x\n# end\n---\nText\n", "---\ntitle: x\n# end\nreviewed: 2026-11-23\n---\nText\n"),
        ("---\ntitle: |+\n  x\n\n---\nText\n", "---\ntitle: |+\n  x\n\nreviewed: 2026-11-23\n---\nText\n"),
        ("---\n  title: x\n  b: y\n---\n", "---\n  title: x\n  b: y\n  reviewed: 2026-11-23\n---\n"),
        (
            "---\nreviewed_by: x\ntitle: x\n---\n",
            "---\nreviewed_by: x\nreviewed: 2026-11-23\ntitle: x\n---\n",
        ),
        ("---\n{title: x}\n---\n", "---\n{title: x, reviewed: 2026-11-23}\n---\n"),
        ("---\n{ title: x, }\n---\n", "---\n{ title: x, reviewed: 2026-11-23}\n---\n"),
        ("---\n---\nText\n", "---\nreviewed: 2026-11-23\n---\nText\n"),
        ("---\n# only a comment\n---\nText\n", "---\n# only a comment\nreviewed: 2026-11-23\n---\nText\n"),
        // No front matter.
        ("# A\n", "---\nreviewed: 2026-11-23\n---\n\n# A\n"),
        ("\n# A\n", "---\nreviewed: 2026-11-23\n---\n\n# A\n"),
        ("", "---\nreviewed: 2026-11-23\n---\n"),
        (
            "---\n\nA line across the page.\n",
            "---\nreviewed: 2026-11-23\n---\n\n---\n\nA line across the page.\n",
        ),
        // Line ends and a byte order mark.
        ("---\r\ntitle: x\r\n---\r\nText\r\n", "---\r\ntitle: x\r\nreviewed: 2026-11-23\r\n---\r\nText\r\n"),
        ("\u{feff}---\ntitle: é\n---\nText", "\u{feff}---\ntitle: é\nreviewed: 2026-11-23\n---\nText"),
        ("\u{feff}# A\r\n", "\u{feff}---\r\nreviewed: 2026-11-23\r\n---\r\n\r\n# A\r\n"),
        ("\u{feff}", "\u{feff}---\nreviewed: 2026-11-23\n---\n"),
        ("---\rtitle: x\r---\rText", "---\rtitle: x\rreviewed: 2026-11-23\r---\rText"),
        (
            "---\ntitle: x\r\nb: y\n---\r\nText\n",
            "---\ntitle: x\r\nb: y\nreviewed: 2026-11-23\n---\r\nText\n",
        ),
        // Taken in from elsewhere: a key of its own goes before it.
        (
            "---\nbase: &b { reviewed: 2020-01-01 }\n<<: *b\n---\n",
            "---\nbase: &b { reviewed: 2020-01-01 }\n<<: *b\nreviewed: 2026-11-23\n---\n",
        ),
        (
            "---\nday: &d 2020-01-01\nreviewed: *d\n---\n",
            "---\nday: &d 2020-01-01\nreviewed: 2026-11-23\n---\n",
        ),
    ] {
        assert_eq!(edited(before, &[set("reviewed", "2026-11-23")]), after, "{before:?}");
    }
}

#[test]
fn a_key_that_is_taken_away_takes_its_lines_or_its_comma_with_it() {
    for (before, after) in [
        (
            "---\na: 1\nsnooze:\n  until: 2026-12-01\n  rules:\n    - flag\n# b\nb: 2\n---\n",
            "---\na: 1\n# b\nb: 2\n---\n",
        ),
        ("---\nsnooze: { until: 2026-12-01,\n  rules: [flag] } # x\nb: 2\n---\n", "---\nb: 2\n---\n"),
        ("---\nsnooze:\nb: 2\n---\n", "---\nb: 2\n---\n"),
        ("---\n{a: 1, snooze: {x: 1}, b: 2}\n---\n", "---\n{a: 1, b: 2}\n---\n"),
        ("---\n{a: 1, snooze: {x: 1}}\n---\n", "---\n{a: 1}\n---\n"),
        ("---\n{snooze: {x: 1}}\n---\n", "---\n{}\n---\n"),
        ("---\nfreshness:\n  snooze: {x: 1}\nb: 2\n---\n", "---\nfreshness:\nb: 2\n---\n"),
        ("---\na: 1\r\nsnooze: x\r\nb: 2\r\n---\r\n", "---\na: 1\r\nb: 2\r\n---\r\n"),
        ("# A\n", "# A\n"),
    ] {
        assert_eq!(edited(before, &[remove("snooze")]), after, "{before:?}");
    }
}

#[test]
fn what_cannot_be_edited_without_harm_is_refused_with_the_reason() {
    for (before, why) in [
        ("---\ntitle: x\n\n# A\n", "has front matter without a closing `---`; close it first"),
        ("+++\ntitle = \"x\"\n+++\n", "has front matter in TOML; write it as YAML first"),
        ("---\n- a\n---\n", "has front matter without keys; mend it first"),
        (
            "---\ntitle: x\ntitle: y\n---\n",
            "has front matter that cannot be read (the key `title` stands twice); mend it first",
        ),
        ("a\0b", "holds NUL bytes or is UTF-16; mend it first"),
        // Others read the date through the anchor.
        (
            "---\nreviewed: &d 2020-01-01\nexpires: *d\n---\n",
            "has front matter that cannot be edited safely; edit it by hand",
        ),
    ] {
        assert_eq!(edited(before, &[set("reviewed", "2026-11-23")]), format!("refused: {why}"), "{before:?}");
    }
    assert!(edit("a.md", b"\xff", &[]).is_err());
}

#[test]
fn texts_are_quoted_where_a_reader_of_yaml_would_take_them_for_something_else() {
    for (value, written) in [
        ("@ana", "\"@ana\""),
        ("Ana Ruiz", "Ana Ruiz"),
        ("4f1c9e2", "4f1c9e2"),
        ("1234567", "\"1234567\""),
        ("12e4567", "\"12e4567\""),
        ("b3:9a41", "b3:9a41"),
        ("rewrite in !482", "\"rewrite in !482\""),
        ("say \"hi\" # now: \\", "\"say \\\"hi\\\" # now: \\\\\""),
        ("no", "\"no\""),
        ("a: b", "\"a: b\""),
        ("two\nlines", "\"two\\nlines\""),
        ("", "\"\""),
        ("Zoë", "Zoë"),
        ("- x", "\"- x\""),
    ] {
        let after = edited("---\ntitle: x\n---\n", &[set("reviewed_by", value)]);
        assert_eq!(after, format!("---\ntitle: x\nreviewed_by: {written}\n---\n"), "{value:?}");
    }
    let group = NewValue::Group(vec![
        ("until", NewValue::Text("2026-12-15".into())),
        ("rules", NewValue::List(vec!["flag".into(), "overdue".into()])),
        ("reason", NewValue::Text("a, b: {c}".into())),
    ]);
    let snooze = [Change { key: "snooze", value: Some(group) }];
    let line = "snooze: { until: 2026-12-15, rules: [flag, overdue], reason: \"a, b: {c}\" }\n";
    assert_eq!(edited("---\ntitle: x\n---\n", &snooze), format!("---\ntitle: x\n{line}---\n"));
    let old = "---\nsnooze:\n  until: 2026-01-01\n  rules: [flag]\n  # why\n  reason: x\ntitle: x\n---\n";
    assert_eq!(edited(old, &snooze), format!("---\n{line}title: x\n---\n"));
}

/// Odd pages, put together of odd parts: whatever comes out is either refused or right.
#[test]
fn an_edit_of_any_front_matter_is_right_or_refused_and_the_second_one_changes_nothing() {
    let parts = [
        "title: x",
        "a: [1,\n  2]",
        "b: {c: d}",
        "# comment",
        "",
        "s: |\n  text\n   more",
        "t: >-\n  folded\n\n  text",
        "reviewed: 2020-01-01",
        "reviewed:",
        "reviewed : '2020-01-01'",
        "\"reviewed\": \"2020-01-01\" # c",
        "reviewed_by: @",
        "freshness: {reviewed: 2020-01-01,}",
        "freshness:\n    last-reviewed: 2020-01-01\n    # in\n    by: x",
        "x: &a 1",
        "y: *a",
        "last_reviewed_on: 2020-01-01",
        "snooze:\n- {until: 2026-12-01}",
        "? k\n: v",
        "reviewed: !!str x",
        "k: 'it''s'",
    ];
    let changes = [set("reviewed", "2026-11-23"), set("reviewed_by", "@ana"), remove("snooze")];
    let (mut right, mut refused) = (0, 0);
    // A fixed walk through the combinations; no chance, no clock.
    let mut state = 1_u64;
    for round in 0..4000 {
        let mut lines = Vec::new();
        for _ in 0..=round % 6 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            lines.push(parts[(state >> 33) as usize % parts.len()]);
        }
        let nl = ["\n", "\r\n"][round % 2];
        let mark = ["", "\u{feff}"][round / 2 % 2];
        let before = format!("{mark}---\n{}\n---\n# A\n\nText --- x\n", lines.join("\n")).replace('\n', nl);
        let Ok(after) = edit("a.md", before.as_bytes(), &changes) else {
            refused += 1;
            continue;
        };
        right += 1;
        let after = String::from_utf8(after).unwrap();
        let body = format!("---{nl}# A{nl}{nl}Text --- x{nl}");
        assert!(
            after.ends_with(&body) && after.starts_with(&format!("{mark}---{nl}")),
            "{before:?} {after:?}"
        );
        assert_eq!(after.matches('\r').count(), if nl == "\n" { 0 } else { after.matches('\n').count() });
        // Lines of others are all there, in their order.
        let ours =
            |line: &&str| !["review", "snooze", "freshness", "last"].iter().any(|word| line.contains(word));
        let mut rest = after.split(nl);
        for line in before.split(nl).filter(ours).filter(|line| !line.starts_with(['-', ' '])) {
            assert!(rest.any(|other| other == line), "{line:?} of {before:?} is not in {after:?}");
        }
        assert_eq!(edit("a.md", after.as_bytes(), &changes).as_deref(), Ok(after.as_bytes()), "{after:?}");
    }
    assert!(right > 800 && refused > 100, "{right} {refused}");
}
