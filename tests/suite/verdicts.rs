//! Claims about the verdict on a page: what speaks against it, what spreads, what rests.

use docent::freshness::{Article, Coverage, Gap, State};
use docent::pipeline::Checked;

use crate::support::{BESIDE, article, commit, git, judged, judged_by, knowledge_base, run, tickets, write};

const CONFIG: &str = "tickets: [{ source: zendesk, path: data/tickets.ndjson }]\n";

/// A page with this front matter and text.
fn page(lines: &str, text: &str) -> String {
    format!("---\n{lines}\n---\n# A page\n\n{text}\n")
}

fn codes(article: &Article) -> Vec<&'static str> {
    article.reasons.iter().map(|reason| reason.rule.code).collect()
}

/// Why surges were not tested, with the number of pages.
fn untested(checked: &Checked) -> Vec<(String, usize)> {
    let of_surges = checked.freshness.unchecked.iter().filter(|unchecked| unchecked.what == "ticket surges");
    of_surges.map(|unchecked| (unchecked.why.clone(), unchecked.count)).collect()
}

#[test]
fn a_surge_is_tested_only_with_enough_days_on_both_sides_and_the_report_says_so() {
    const EARLY: &str = "too early: less than 14 days of tickets since the review";
    const SHORT: &str = "no baseline: less than 84 days of tickets before; counts only";
    let cases = [
        ("reviewed: 2026-08-01", "2026-03-30", None),
        ("reviewed: 2026-11-09", "2026-03-30", None),
        ("reviewed: 2026-11-10", "2026-03-30", Some(EARLY)),
        ("reviewed: 2026-11-23", "2026-03-30", Some(EARLY)),
        ("reviewed: 2026-08-01", "2026-07-07", None),
        ("reviewed: 2026-08-01", "2026-07-08", Some(SHORT)),
        // The baseline lies before the window, which begins with the review.
        ("reviewed: 2026-11-01", "2026-08-10", None),
        ("reviewed: 2026-11-01", "2026-08-11", Some(SHORT)),
        ("evergreen: a decision", "2026-07-08", Some(SHORT)),
    ];
    for (review, first, why) in cases {
        let text = page(&format!("{review}\nticket_tags: [db]"), "Text.");
        let beside: Vec<String> = BESIDE.iter().map(|line| line.replace("2026-03-30", first)).collect();
        let mut lines: Vec<&str> = beside.iter().map(String::as_str).collect();
        lines.push("db 9 2026-11-11 2026-11-23");
        let checked = judged_by(&[("a.md", &text)], &lines);
        let counts = article(&checked, "a.md").tickets.clone().unwrap();
        assert_eq!(
            (counts.p.is_some(), counts.rate_ratio.is_some()),
            (why.is_none(), why.is_none()),
            "{review} {first}"
        );
        let expected: Vec<(String, usize)> = why.map(|why| (why.to_owned(), 1)).into_iter().collect();
        assert_eq!(untested(&checked), expected, "{review} {first}");
        assert_eq!(counts.weeks.iter().sum::<u32>(), 9, "they are counted all the same");
    }
    // Without a topic there is nothing to count.
    let checked = judged(&[("a.md", &page("reviewed: 2026-08-01", "Text."))], &[]);
    assert_eq!(untested(&checked), [("none of their tags is a topic of tickets".to_owned(), 1)]);
}

#[test]
fn tickets_where_there_never_were_any_are_a_note_from_three_and_a_surge_from_five() {
    let text = page("reviewed: 2026-08-01\nticket_tags: [db]", "Text.");
    let cases = [
        ("db 2 2026-10-10 2026-11-20", None, State::Fresh),
        ("db 3 2026-10-10 2026-11-20", Some("first"), State::Fresh),
        ("db 4 2026-10-10 2026-11-20", Some("first"), State::Fresh),
        ("db 5 2026-10-10 2026-11-20", Some("alarm"), State::Doubtful),
    ];
    for (lines, level, state) in cases {
        let checked = judged(&[("a.md", &text)], &[lines]);
        let verdict = article(&checked, "a.md");
        let found = verdict.reasons.first().map(|reason| reason.evidence["level"].as_str().unwrap());
        assert_eq!((found, verdict.state), (level, state), "{lines}");
        let is_finding = checked.findings.iter().any(|finding| finding.rule.code == "ticket-surge");
        assert_eq!(is_finding, state == State::Doubtful, "{lines}");
        if level == Some("first") {
            let message = &verdict.reasons[0].message;
            assert!(
                message.ends_with("in the last 8 weeks, and none in the 26 weeks before: the first ever"),
                "{message}"
            );
            assert_eq!(verdict.doubt, -3000, "it says nothing against the page");
        }
    }
}

/// Name, pages, further tickets, state of the first page, tickets that have a trusted page.
type Covered<'c> = (&'c str, &'c [&'c String], &'c [&'c str], State, u64);

#[test]
fn coverage_is_the_share_of_topical_tickets_with_a_page_that_can_be_trusted() {
    let asks = |lines: &str, text: &str| page(&format!("ticket_tags: [db]\n{lines}"), text);
    let fresh = asks("reviewed: 2026-11-20", "Text.");
    let broken = asks("reviewed: 2026-11-20", "See [that](gone.md).");
    let due = asks("reviewed: 2025-01-01", "Text.");
    let unknown = asks("reviewed: 2026-13-40", "Text.");
    let evergreen = asks("evergreen: a decision", "Text.");
    let snoozed = asks(
        "reviewed: 2025-01-01\nsnooze: { until: 2026-12-15, rules: [overdue], reason: it is rewritten }",
        "Text.",
    );
    let flagged = asks("reviewed: 2026-09-01", "Text.");
    let flag = "db,kb_flag 2026-11-01T10:00 requester_id=1001";
    let cases: &[Covered] = &[
        ("fresh", &[&fresh], &[], State::Fresh, 10),
        ("merely due", &[&due], &[], State::Due, 10),
        ("evergreen", &[&evergreen], &[], State::Evergreen, 10),
        ("broken", &[&broken], &[], State::Broken, 0),
        ("doubtful", &[&flagged], &[flag], State::Doubtful, 0),
        ("unknown", &[&unknown], &[], State::Unknown, 0),
        ("resting", &[&snoozed], &[], State::Snoozed, 0),
        ("one of two", &[&broken, &fresh], &[], State::Broken, 10),
        ("two that can be trusted count once", &[&due, &fresh], &[], State::Due, 10),
    ];
    let (first, second) = ("db 5 2026-10-10 2026-11-20", "db,mail 5 2026-10-11 2026-11-19");
    let mut whole = None;
    for (name, pages, lines, state, trusted) in cases {
        let files: Vec<(String, &str)> =
            pages.iter().enumerate().map(|(at, text)| (format!("{at}.md"), text.as_str())).collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        let checked = judged(&files, &[&["db 20 2026-04-01 2026-09-20", first, second], *lines].concat());
        assert_eq!(article(&checked, "0.md").state, *state, "{name}");
        let Coverage { trusted: found, topical } = checked.freshness.coverage.unwrap();
        assert_eq!(found, *trusted, "{name}");
        let extra = lines.len() as u64;
        let whole = *whole.get_or_insert(topical);
        assert_eq!(topical, whole + extra, "{name}: the whole does not depend on the pages");
    }
}

/// `tag events requesters share with near thin` of each gap.
fn gaps(checked: &Checked) -> Vec<String> {
    let path = |page: &usize| checked.site.pages[*page].parsed.content_path.as_str();
    let line = |gap: &Gap| {
        let near: Vec<&str> = gap.near.iter().map(path).collect();
        let thin = if gap.thin { " thin" } else { "" };
        format!(
            "{} {}/{} {} [{}] [{}]{thin}",
            gap.tag,
            gap.events,
            gap.requesters,
            gap.share,
            gap.with.join(" "),
            near.join(" ")
        )
    };
    let gaps = checked.freshness.gaps.iter().filter(|gap| !gap.tag.starts_with("other_"));
    gaps.map(line).collect()
}

#[test]
fn a_gap_is_five_events_of_three_people_with_a_tag_that_no_page_answers() {
    let index = ("index.md", "---\nreviewed: 2026-11-01\n---\n# Home\n\nText.\n");
    let by = |people: &[u32]| -> Vec<String> {
        let line =
            |(at, who): (usize, &u32)| format!("vpn 2026-11-{:02}T10:00 requester_id={who}", at * 2 + 1);
        people.iter().enumerate().map(line).collect()
    };
    let cases: &[(&str, Vec<String>, &str)] = &[
        ("four events", by(&[1, 2, 3, 4]), ""),
        ("five events of two people", by(&[1, 2, 1, 2, 1]), ""),
        ("five events of three people", by(&[1, 2, 3, 1, 2]), "vpn 5/3 25 [] []"),
        (
            "the same within a day is one",
            by(&[1, 2, 3, 4]).into_iter().chain(["vpn 2026-11-01T12:00 requester_id=1".into()]).collect(),
            "",
        ),
        ("five incidents of one problem", vec!["vpn 5 2026-11-01 2026-11-20 problem_id=9".into()], ""),
        ("before the last 56 days", vec!["vpn 9 2026-08-01 2026-09-28".into()], ""),
        ("administrative", vec!["vpn 300 2026-04-01 2026-11-20".into()], ""),
        ("many", vec!["vpn 20 2026-10-01 2026-11-20".into()], "vpn 20/20 95 [] []"),
    ];
    for (name, lines, expected) in cases {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(gaps(&judged(&[index], &lines)).join("; "), *expected, "{name}");
    }
    // Tags that stand beside it, the most frequent first, and the pages with most of its words.
    let (tunnel, remote) = (
        ("tunnel.md", "---\ntitle: VPN tunnels\nreviewed: 2026-11-01\n---\nText.\n"),
        (
            "remote.md",
            "---\ntitle: Remote work\nreviewed: 2026-11-01\n---\n# Remote work\n\n## The VPN\n\nText.\n",
        ),
    );
    // A tag that never comes without a larger gap is named there alone.
    let lines = [
        "vpn_login,mfa 5 2026-11-01 2026-11-20",
        "vpn_login,mfa,mail 2 2026-11-01 2026-11-20",
        "vpn_login 1 2026-11-05 2026-11-05",
        "mail 1 2026-11-02 2026-11-02",
    ];
    let found = gaps(&judged(&[index, tunnel, remote], &lines));
    // `mfa` never comes without the larger gap: its tickets are named once.
    assert_eq!(found, ["vpn_login 8/8 40 [mfa mail] [tunnel.md remote.md]"]);
}

#[test]
fn a_tag_with_pages_is_thin_if_all_of_them_are_broken_or_doubtful() {
    let good = page("reviewed: 2026-11-01\nticket_tags: [vpn]", "Text.");
    let due = page("reviewed: 2025-01-01\nticket_tags: [vpn]", "Text.");
    let broken = page("reviewed: 2026-11-01\nticket_tags: [vpn]", "See [that](gone.md).");
    let line = ["vpn 8 2026-04-02 2026-09-20", "vpn 6 2026-10-01 2026-11-20"];
    for (pages, expected) in [
        ([&broken, &broken], "vpn 6/6 30 [] [0.md 1.md] thin"),
        ([&broken, &good], ""),
        ([&due, &broken], ""),
        ([&good, &good], ""),
    ] {
        let checked = judged(&[("0.md", pages[0]), ("1.md", pages[1])], &line);
        assert_eq!(gaps(&checked).join("; "), expected);
    }
}

#[test]
fn a_tag_that_tickets_no_longer_have_is_named_with_the_nearest() {
    let cases = [
        (
            "db_failvoer",
            "db_failover 9 2026-05-01 2026-11-20",
            "no ticket has the tag `db_failvoer`",
            "did you mean `db_failover`?",
        ),
        (
            "kitchen",
            "db_failover 9 2026-05-01 2026-11-20",
            "no ticket has the tag `kitchen`",
            "`docent tickets stats` lists the tags of the exports",
        ),
        ("DB-Failover", "db_failover 9 2026-05-01 2026-11-20", "", ""),
        (
            "db_failover",
            "db_failover 9 2026-03-31 2026-05-25",
            "no ticket of the last 182 days has the tag `db_failover`",
            "",
        ),
        ("db_failover", "db_failover 9 2026-03-31 2026-05-26", "", ""),
        // Renamed: the old tag ends and a near one begins.
        (
            "db_failover",
            "db_failovers 9 2026-06-01 2026-11-20",
            "no ticket has the tag `db_failover`",
            "did you mean `db_failovers`?",
        ),
    ];
    for (asked, line, message, help) in cases {
        let text = page(&format!("reviewed: 2026-09-01\nticket_tags: [{asked}]"), "Text.");
        let checked = judged(&[("a.md", &text)], &[line]);
        let found = checked.findings.iter().find(|finding| finding.rule.code == "dead-ticket-tag");
        assert_eq!(found.map(|found| found.message.as_str()).unwrap_or_default(), message, "{asked}: {line}");
        let helped = found.is_none_or(|found| found.help.iter().any(|line| line.contains(help)));
        assert!(helped, "{found:?}");
        if let Some(found) = found {
            let place = found.primary.as_ref().unwrap();
            assert_eq!(place.file.slice(place.span), asked);
        }
    }
    let short = judged_by(
        &[("a.md", &page("reviewed: 2026-09-01\nticket_tags: [db]", "Text."))],
        &["db 9 2026-06-01 2026-06-02", "mail 99 2026-06-01 2026-11-23"],
    );
    let is_dead = short.findings.iter().any(|finding| finding.rule.code == "dead-ticket-tag");
    assert!(!is_dead, "an export of 176 days cannot say so");
}

#[test]
fn doubt_spreads_along_what_pages_stand_on_and_circles_end() {
    let uses = |list: &str| page(&format!("kind: module\nreviewed: 2026-11-01\nuses: [{list}]"), "Text.");
    let broken = page("kind: runbook\nreviewed: 2026-11-01", "See [that](gone.md).");
    let path = page("kind: path\nreviewed: 2026-11-01\nsteps: [{ use: /a.md }, { use: /far.md }]", "Text.");
    let files = [
        ("path.md", path.as_str()),
        ("a.md", &uses("/runbook.md, /b.md")),
        ("b.md", &uses("/a.md")),
        ("runbook.md", &broken),
        // A circle without a cause, one with two causes, and a page that uses itself.
        ("c.md", &uses("/d.md")),
        ("d.md", &uses("/c.md")),
        ("x.md", &page("kind: module\nreviewed: 2026-11-01\nuses: [/y.md]", "See [that](gone.md).")),
        ("y.md", &page("kind: module\nreviewed: 2026-11-01\nuses: [/x.md]", "See [that](gone.md).")),
        ("self.md", &uses("/self.md")),
        ("far.md", &uses("/self.md")),
    ];
    let checked = judged(&files, &[]);
    let expected = [
        ("path.md", State::Doubtful, "stands on a.md → runbook.md, which is broken: broken-link"),
        ("a.md", State::Doubtful, "stands on runbook.md, which is broken: broken-link"),
        ("b.md", State::Doubtful, "stands on a.md → runbook.md, which is broken: broken-link"),
        ("runbook.md", State::Broken, ""),
        ("c.md", State::Fresh, ""),
        ("d.md", State::Fresh, ""),
        ("x.md", State::Broken, "stands on y.md, which is broken: broken-link"),
        ("y.md", State::Broken, "stands on x.md, which is broken: broken-link"),
        ("self.md", State::Fresh, ""),
        ("far.md", State::Fresh, ""),
    ];
    for (path, state, message) in expected {
        let verdict = article(&checked, path);
        let stands = verdict.reasons.iter().find(|reason| reason.rule.code == "stands-on");
        let found = stands.map(|reason| reason.message.as_str()).unwrap_or_default();
        assert_eq!((verdict.state, found), (state, message), "{path}");
        let end = stands.and_then(|reason| reason.chain.last()).map(|page| &checked.site.pages[*page]);
        assert!(end.is_none_or(|page| page.parsed.file.text().contains("gone.md")), "{path}");
    }
}

#[test]
fn a_path_is_as_trusted_as_its_weakest_step() {
    let cases = [
        ("reviewed: 2026-11-01", State::Fresh),
        ("reviewed: 2020-01-01", State::Due),
        ("reviewed: 2026-13-40", State::Unknown),
    ];
    for (review, state) in cases {
        let step = page(&format!("kind: module\n{review}"), "Text.");
        let path = page("kind: path\nreviewed: 2026-11-01\nsteps: [{ use: /step.md }]", "Text.");
        let checked = judged(&[("step.md", &step), ("path.md", &path)], &[]);
        assert_eq!(article(&checked, "step.md").state, state, "{review}");
        assert_eq!(article(&checked, "path.md").state, state, "{review}");
    }
}

/// Runs the program on the day of these tests.
fn on_the_day(dir: &std::path::Path, args: &[&str]) -> (i32, String, String) {
    run(dir, &[args, &["--today", "2026-11-23"]].concat())
}

/// State of the only page, and the messages against it, by the report of the program.
fn report(dir: &std::path::Path, today: &str) -> (String, String) {
    let (_, out, err) = run(dir, &["freshness", "--format", "json", "--today", today]);
    let report: serde_json::Value =
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {err}"));
    let article = &report["articles"][0];
    let reasons = article["reasons"].as_array().unwrap();
    let messages: Vec<&str> = reasons.iter().map(|reason| reason["message"].as_str().unwrap()).collect();
    (article["state"].as_str().unwrap().to_owned(), messages.join("\n"))
}

/// Rules, front matter, tickets when it was snoozed and later, what is recorded.
type Rested<'c> = (&'c str, &'c str, &'c [&'c str], &'c [&'c str], &'c str);

#[test]
fn what_rests_is_back_on_its_day_or_when_it_gets_worse_and_the_clock_is_no_evidence() {
    const USUAL: &str = "db 13 2026-03-30 2026-09-28";
    let write_tickets = |dir: &std::path::Path, lines: &[&str]| {
        let export = tickets(&[&BESIDE[..], &[USUAL], lines].concat());
        write(dir, "data/tickets.ndjson", export.as_bytes());
    };
    let cases: &[Rested] = &[
        (
            "ticket-surge",
            "reviewed: 2026-09-01",
            &["db 12 2026-10-01 2026-11-20"],
            &["db 22 2026-10-01 2026-11-20"],
            ", doubt: 1200",
        ),
        (
            "flag",
            "reviewed: 2026-09-01",
            &["db,kb_flag 1 2026-11-01 2026-11-01"],
            &["db,kb_flag 2 2026-11-01 2026-11-05"],
            ", doubt: 2500",
        ),
        (
            "flag,overdue",
            "reviewed: 2025-09-01",
            &["db,kb_flag 1 2026-11-01 2026-11-01"],
            &["db,kb_flag 2 2026-11-01 2026-11-05"],
            ", doubt: 2500",
        ),
        // Nothing yet: the first one ends the rest.
        ("flag,overdue", "reviewed: 2025-09-01", &[], &["db,kb_flag 1 2026-11-01 2026-11-01"], ", doubt: 0"),
    ];
    for (rules, front, before, after, doubt) in cases {
        let front = format!("{front}\nticket_tags: [db]");
        let dir = knowledge_base(&[("docent.yaml", CONFIG), ("a.md", &page(&front, "Text."))]);
        let dir = dir.path();
        write_tickets(dir, before);
        assert_ne!(report(dir, "2026-11-23").0, "snoozed");
        let snooze =
            ["snooze", "a.md", "--until", "2027-01-20", "--rule", rules, "--reason", "soon", "--by", "ana"];
        let (code, _, err) = on_the_day(dir, &snooze);
        assert_eq!(code, 0, "{err}");
        assert_eq!(err.contains("the first that is ends the rest"), *doubt == ", doubt: 0", "{err}");
        let text = std::fs::read_to_string(dir.join("a.md")).unwrap();
        assert!(text.contains(&format!("reason: soon, by: ana{doubt} }}")), "{rules}: {text}");
        for day in ["2026-11-23", "2026-12-10"] {
            assert_eq!(report(dir, day).0, "snoozed", "{rules} on {day}");
        }
        // Snoozing again does not forget what rests.
        assert_eq!(on_the_day(dir, &snooze).0, 0);
        assert_eq!(std::fs::read_to_string(dir.join("a.md")).unwrap(), text, "{rules}");
        assert_ne!(report(dir, "2027-01-20").0, "snoozed", "the day has come");
        write_tickets(dir, after);
        let (state, messages) = report(dir, "2026-11-23");
        assert_eq!(state, "doubtful", "{rules}");
        assert!(messages.contains("; it rested until 2027-01-20, and got worse since"), "{messages}");
        assert!(!messages.contains("not confirmed since"), "the clock rests on: {messages}");
    }
    // The clock alone gets worse by itself, and rests until the day.
    let dir = knowledge_base(&[("docent.yaml", CONFIG), ("a.md", &page("reviewed: 2025-09-01", "Text."))]);
    write_tickets(dir.path(), &[]);
    let snooze =
        ["snooze", "a.md", "--until", "2027-01-20", "--rule", "overdue", "--reason", "soon", "--by", "ana"];
    assert_eq!(on_the_day(dir.path(), &snooze).0, 0);
    assert!(!std::fs::read_to_string(dir.path().join("a.md")).unwrap().contains("doubt"));
    assert_eq!(report(dir.path(), "2026-11-23").0, "snoozed");
    assert_eq!(report(dir.path(), "2026-12-20").0, "snoozed", "later still");
    assert_ne!(report(dir.path(), "2027-01-20").0, "snoozed", "the day has come");
}

#[test]
fn a_merge_request_is_judged_by_proof_and_never_by_tickets_or_time() {
    let front =
        "ticket_tags: [db, unheard]\nreviewed: 2025-01-01\ncovers: [src/gone.c]\nsuperseded_by: /b.md";
    let files = [
        ("docent.yaml", CONFIG),
        ("content/a.md", &page(front, "See [that](gone.md) and [this](b.md#nothing).")),
        ("content/b.md", "# B\n\nSee [a](a.md).\n"),
        (
            "content/path.md",
            &page(
                "kind: path\nowners: [\"@ana\"]\nreviewed: 2026-11-01\nsteps: [{ use: /a.md }, { use: /lost.md }]",
                "Text.",
            ),
        ),
        ("src/here.c", "x"),
    ];
    let lines =
        ["db 13 2026-03-30 2026-09-28", "db 22 2026-10-01 2026-11-20", "db,kb_flag 1 2026-11-01 2026-11-01"];
    let dir = knowledge_base(&files);
    let dir = dir.path();
    write(dir, "data/tickets.ndjson", tickets(&[&BESIDE[..], &lines].concat()).as_bytes());
    git(dir, 1, "Ada", &["init", "-q", "-b", "main"]);
    write(dir, "README.md", b"# Read me\n");
    git(dir, 1, "Ada", &["add", "README.md"]);
    git(dir, 1, "Ada", &["commit", "-q", "-m", "first"]);
    git(dir, 2, "Ada", &["checkout", "-q", "-b", "topic"]);
    git(dir, 2, "Ada", &["add", "-A"]);
    git(dir, 2, "Ada", &["commit", "-q", "-m", "all"]);
    let found = |args: &[&str]| {
        let (_, out, err) = run(dir, &[args, &["--format", "json"]].concat());
        let report: serde_json::Value =
            serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {err}"));
        let code = |finding: &serde_json::Value| finding["rule"].as_str().unwrap().to_owned();
        let mut codes: Vec<String> = report["diagnostics"].as_array().unwrap().iter().map(code).collect();
        codes.sort();
        codes.dedup();
        codes.retain(|code| !matches!(code.as_str(), "orphan-page" | "no-title"));
        codes
    };
    let proof = ["broken-fragment", "broken-link", "covers-gone", "missing-step", "superseded"];
    for today in ["2026-11-23", "2026-12-01", "2030-01-01"] {
        assert_eq!(found(&["check", "--changed-since", "main", "--today", today]), proof, "{today}");
    }
    let mut all = proof.map(str::to_owned).to_vec();
    all.extend(
        ["dead-ticket-tag", "flag", "never-confirmed", "overdue", "stands-on", "ticket-surge"]
            .map(str::to_owned),
    );
    all.sort();
    assert_eq!(found(&["check", "--today", "2026-11-23"]), all);
    // Nothing changed since: nothing is found.
    assert_eq!(found(&["check", "--changed-since", "HEAD", "--today", "2026-11-23"]), [""; 0]);
}

#[test]
fn reasons_are_in_the_order_of_their_weight() {
    let text = page("reviewed: 2025-01-01\nticket_tags: [db]", "See [that](gone.md).");
    let checked = judged(
        &[("a.md", &text)],
        &["db 13 2026-03-30 2026-09-28", "db 22 2026-10-01 2026-11-20", "db,kb_flag 1 2026-11-01 2026-11-01"],
    );
    let verdict = article(&checked, "a.md");
    assert_eq!(codes(verdict), ["flag", "ticket-surge", "overdue", "broken-link"]);
    let sum: i32 = verdict.reasons.iter().map(|reason| reason.weight).sum();
    assert_eq!((verdict.state, verdict.doubt), (State::Broken, sum - 3000));
}

#[test]
fn the_report_says_how_many_reviews_of_a_team_changed_nothing_but_the_date() {
    let text =
        |owner: &str, day: &str, words: &str| page(&format!("owner: \"{owner}\"\nreviewed: {day}"), words);
    let dir = knowledge_base(&[
        ("db.md", &text("team-db", "2024-01-01", "One.")),
        ("ana.md", &text("@ana", "2024-01-01", "One.")),
    ]);
    let dir = dir.path();
    let report = |format: &str| run(dir, &["freshness", "--today", "2026-11-23", "--format", format]).1;
    assert!(!report("human").contains("nothing but the date"), "there is no history");
    git(dir, 1, "Ada", &["init", "-q", "-b", "main"]);
    commit(dir, 1, "Ada");
    for (day, path, text) in [
        (2, "db.md", text("team-db", "2024-01-02", "One.")),
        (3, "db.md", text("team-db", "2024-01-03", "Two.")),
        (4, "db.md", text("team-db", "2024-01-04", "Two.")),
        (5, "ana.md", text("@ana", "2024-01-05", "One.")),
    ] {
        write(dir, path, text.as_bytes());
        commit(dir, day, "Bea");
    }
    let human = report("human");
    let expected =
        "\nreviews that changed nothing but the date:\n  no team  1 of 1 (100 %)\n  team-db  2 of 3 (66 %)\n";
    assert!(human.contains(expected), "{human}");
    assert!(report("markdown").contains("\n- team-db: 2 of 3\n"), "{}", report("markdown"));
    let json: serde_json::Value = serde_json::from_str(&report("json")).unwrap();
    let expected = serde_json::json!([
        { "team": null, "reviews": 1, "date_only": 1 },
        { "team": "team-db", "reviews": 3, "date_only": 2 },
    ]);
    assert_eq!(json["reviews"], expected);
    assert!(!json["reviews"].to_string().contains("ana"), "never of people");
}

#[test]
fn show_lists_the_tickets_since_the_review_before_the_date_is_moved() {
    let cases: &[(&str, &[&str])] = &[
        (
            "reviewed: 2026-11-01",
            &[
                "  5 tickets since the review; 8 in the last 8 weeks, where 4.0 were usual",
                "    2026-11-20 904 https://x.example/agent/tickets/904",
                "    2026-11-10 903",
            ],
        ),
        (
            "reviewed: 2026-11-22",
            &["  0 tickets since the review; 8 in the last 8 weeks, where 4.0 were usual"],
        ),
        (
            "title: A",
            &[
                "  21 tickets in the 34 weeks up to 2026-11-23; 8 in the last 8 weeks, where 4.0 were usual",
                "    2026-11-20 904 https://x.example/agent/tickets/904",
                "    2026-11-10 903",
            ],
        ),
    ];
    let lines = [
        "db 13 2026-04-02 2026-09-20",
        "db 3 2026-10-01 2026-10-20",
        "db 2026-11-02T10:00 id=901",
        "db 2026-11-02T10:00 id=902",
        "db 2026-11-02T11:00 id=905",
        "db 2026-11-10T10:00 id=903",
        "db 2026-11-20T10:00 id=904 url=\"https://x.example/api/v2/tickets/904.json\"",
        "db 2026-11-20T11:00 id=906 status=\"deleted\"",
    ];
    for (review, expected) in cases {
        let text = page(&format!("{review}\nticket_tags: [db]"), "Text.");
        let dir = knowledge_base(&[("docent.yaml", CONFIG), ("a.md", &text)]);
        write(dir.path(), "data/tickets.ndjson", tickets(&[&BESIDE[..], &lines].concat()).as_bytes());
        let (code, out, err) = on_the_day(dir.path(), &["review", "a.md", "--show"]);
        assert_eq!(code, 0, "{err}");
        assert!(out.contains(&format!("{}\n", expected.join("\n"))), "{review}: {out}");
        assert_eq!(std::fs::read_to_string(dir.path().join("a.md")).unwrap(), text, "nothing is recorded");
        let listed = out.lines().filter(|line| line.starts_with("    2026-")).count();
        assert_eq!(listed, if expected.len() == 1 { 0 } else { 5 }, "{out}");
    }
}
