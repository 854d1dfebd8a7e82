//! Claims about how far pages can be trusted, as the site shows it: the strip, the marks, the pages for
//! those who keep the knowledge base, the badge. The verdicts are made by hand.

use docent::diagnostic::{Rule, Severity};
use docent::freshness::summary::Badge;
use docent::freshness::{
    Article, Coverage, Freshness, Gap, Reason, Review, State, TagVolume, TicketCounts, Unchecked,
};
use docent::model::Output;
use docent::pipeline::{Checked, Options, check};
use docent::render::{BuildStamp, Renderer};

use crate::support::{knowledge_base, options};

const fn rule(code: &'static str) -> Rule {
    Rule { code, severity: Severity::Warning, summary: "", explanation: "", bad: "", good: "" }
}

static BROKEN_LINK: Rule = rule("broken-link");
static SURGE: Rule = rule("ticket-surge");
static FLAG: Rule = rule("flag");
static OVERDUE: Rule = rule("overdue");
static STANDS_ON: Rule = rule("stands-on");
static NEVER: Rule = rule("never-confirmed");
static INVALID: Rule = rule("invalid-date");

fn article(state: State, reasons: Vec<Reason>) -> Article {
    Article {
        state,
        doubt: 0,
        priority: 0,
        reasons,
        supports: Vec::new(),
        review: Review::default(),
        due: None,
        remedy: String::new(),
        tickets: None,
        resting: Vec::new(),
    }
}

fn reason(rule: &'static Rule, message: &str) -> Reason {
    let (message, evidence) = (message.to_owned(), std::collections::BTreeMap::new());
    let state = match rule.code {
        "broken-link" => State::Broken,
        "overdue" | "never-confirmed" => State::Due,
        "invalid-date" => State::Unknown,
        _ => State::Doubtful,
    };
    Reason { rule, weight: 1000, state: Some(state), message, evidence, chain: Vec::new() }
}

fn unconfirmed() -> Article {
    article(State::Unknown, vec![reason(&NEVER, "no `reviewed` in the file")])
}

fn review(on: &str, by: Option<&str>, how: Option<&str>) -> Review {
    let said = |text: Option<&str>| text.map(str::to_owned);
    Review { on: Some(on.to_owned()), by: said(by), how: said(how), commit: None }
}

fn tickets(recent: [u32; 8], week: Option<usize>) -> TicketCounts {
    let mut weeks = vec![0; 26];
    weeks[10] = 6;
    weeks[25] = 7;
    weeks.extend(recent);
    TicketCounts {
        recent: recent.iter().sum(),
        baseline: 13,
        rate_ratio: Some(3.3),
        p: Some(0.001),
        weeks,
        review_week: week,
        since_review: recent.iter().sum(),
        newest: Vec::new(),
    }
}

/// A site, and what it shows under some verdicts. Pages: `/` is 0, `/a/` 1, `/b/` 2, `/c/` 3.
struct Shown(Checked, Freshness);

const FILES: &[(&str, &str)] = &[
    ("index.md", "# Start\n\nText.\n"),
    ("a.md", "---\nkind: runbook\nowner: team-db\n---\n# Page A\n\nText.\n"),
    ("b.md", "---\nowner: '@Ana'\n---\n# Page B\n\nText.\n"),
    ("c.md", "---\nowner: ana\n---\n# Page C\n\nText.\n"),
    ("owners.yaml", "owners:\n  team-db:\n    name: Database team\n"),
];

impl Shown {
    fn new(articles: Vec<Article>) -> Self {
        Self::with(FILES, |_| {}, Freshness { articles, ..Freshness::default() })
    }

    fn with(files: &[(&str, &str)], change: impl Fn(&mut Options), mut freshness: Freshness) -> Self {
        let dir = knowledge_base(files);
        let mut options = options(dir.path());
        change(&mut options);
        let checked = check(&options).unwrap();
        // The content path of `index.md` sorts behind those of `a.md` to `c.md`.
        let mut made = std::mem::take(&mut freshness.articles);
        made.resize_with(checked.site.pages.len(), unconfirmed);
        let start = checked.site.pages.iter().position(|page| page.url == "/").unwrap();
        let first = made.remove(0);
        made.insert(start, first);
        freshness.articles = made;
        Self(checked, freshness)
    }

    fn at(&self, url: &str) -> String {
        let stamp = BuildStamp { built: "2026-11-23 06:00 UTC".into(), ..BuildStamp::default() };
        let renderer = Renderer::new(&self.0.site, &self.0.sources.theme, stamp).unwrap();
        let renderer = renderer.with_freshness(&self.1);
        let output = self.0.site.outputs.get(url).unwrap_or_else(|| panic!("nothing stands at {url}"));
        String::from_utf8(renderer.render(url, *output).unwrap()).unwrap()
    }

    fn all(&self) -> Vec<(String, String)> {
        let made = self.0.site.outputs.iter().filter(|(_, output)| !matches!(output, Output::Asset(_)));
        made.map(|(url, _)| (url.clone(), self.at(url))).collect()
    }

    /// The strip of a page: what stands between its head and its text.
    fn strip(&self, url: &str) -> String {
        let page = self.at(url);
        let from =
            page.find("</header>\n<section class=\"trust").or(page.find("</header>\n<p class=\"trust"));
        let from = from.unwrap_or_else(|| page.rfind("</header>").unwrap()) + "</header>\n".len();
        let end = page[from..].find("<dl class=\"facts\">").or(page[from..].find("<div class=\"doc\">"));
        page[from..from + end.unwrap()]
            .trim()
            .replace("<svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-", "<I ")
    }
}

#[test]
fn a_fresh_page_says_so_in_one_line() {
    let mut fresh = article(State::Fresh, Vec::new());
    fresh.review = review("2026-10-23", Some("@chidi"), Some("incident"));
    fresh.due = Some("2027-01-19".into());
    fresh.supports = vec!["reused 14 times since the review, none reopened".into()];
    fresh.tickets = Some(tickets([0, 0, 0, 2, 0, 1, 0, 1], Some(29)));
    let shown = Shown::new(vec![unconfirmed(), fresh]);
    assert_eq!(
        shown.strip("/a/"),
        "<section class=\"trust fresh line\" aria-label=\"Trust\">\n\
         <span class=\"state fresh\"><I fresh\"/></svg>Fresh</span>\n\
         <span>Confirmed <time>2026-10-23</time> by @chidi, in an incident</span>\n\
         <span class=\"who\"><a href=\"/owners/team-db/\">Database team</a></span>\n\
         <span class=\"tix\"><span><b>4</b> in 8 weeks, usual 4</span>\
         <svg class=\"spark\" viewBox=\"0 0 130 28\" role=\"img\" aria-label=\"4 tickets in 8 weeks, usual 4; reviewed in week 22 of 26\">\
         <path class=\"b\" d=\"M10.5 28V9.2h3.8V28zM85.5 28V6h3.8V28z\"/>\
         <path class=\"r\" d=\"M105.5 28V21.8h3.8V28zM115.5 28V24.9h3.8V28zM125.5 28V24.9h3.8V28z\"/>\
         <path class=\"rev\" d=\"M107.5 4V28\"/><path class=\"head\" d=\"M107.5 4.5l-3-4.5h6z\"/></svg></span>\n\
         <details class=\"more\"><summary>Why</summary><ul class=\"why\">\n\
         <li><span>for it</span><span>Reused 14 times since the review, none reopened</span></li>\n\
         <li><span>due</span><span>The next look is due on <time>2027-01-19</time>.</span></li>\n\
         </ul>\n</details>\n</section>"
    );
}

#[test]
fn a_doubtful_page_names_the_reason_first_and_then_what_to_do() {
    let mut doubtful = article(
        State::Doubtful,
        vec![
            reason(&SURGE, "14 tickets tagged `db_failover` in the last 8 weeks; usual 4.0"),
            Reason { chain: vec![1, 2], ..reason(&STANDS_ON, "a page that it needs is doubtful") },
        ],
    );
    doubtful.review = review("2026-09-01", Some("@ana"), Some("followed"));
    doubtful.remedy = "read it, then `docent review a.md --how read`".into();
    doubtful.tickets = Some(tickets([0, 0, 0, 0, 0, 0, 4, 10], Some(2)));
    let shown = Shown::new(vec![unconfirmed(), doubtful]);
    assert_eq!(
        shown.strip("/a/"),
        "<section class=\"trust doubtful\" aria-label=\"Trust\">\n\
         <p class=\"verdict\"><span class=\"state doubtful\"><I doubtful\"/></svg>Doubtful</span> \
         <span>14 tickets tagged <code>db_failover</code> in the last 8 weeks; usual 4.0</span></p>\n\
         <dl>\n<div><dt>Confirmed</dt><dd><time>2026-09-01</time> by @ana, who followed it</dd></div>\n\
         <div><dt>Owner</dt><dd><a href=\"/owners/team-db/\">Database team</a></dd></div>\n\
         <div><dt>Tickets in 8 weeks</dt><dd class=\"tix\"><b>14</b><span>usual 4</span>\
         <svg class=\"spark\" viewBox=\"0 0 130 28\" role=\"img\" aria-label=\"14 tickets in 8 weeks, usual 4; reviewed 2026-09-01\">\
         <path class=\"b\" d=\"M10.5 28V14.8h3.8V28zM85.5 28V12.6h3.8V28z\"/>\
         <path class=\"r\" d=\"M120.5 28V19.2h3.8V28zM125.5 28V6h3.8V28z\"/></svg></dd></div>\n</dl>\n\
         <details class=\"more\"><summary>Why doubtful, and what to do</summary><ul class=\"why\">\n\
         <li><span>ticket-surge</span><span>14 tickets tagged <code>db_failover</code> in the last 8 weeks; usual 4.0</span></li>\n\
         <li><span>stands-on</span><span>A page that it needs is doubtful (through <a href=\"/b/\">Page B</a> → <a href=\"/c/\">Page C</a>)</span></li>\n\
         <li class=\"fix\"><span>to do</span><span>Read it, then <code>docent review a.md --how read</code></span></li>\n\
         </ul>\n</details>\n</section>"
    );
}

#[test]
fn each_state_is_said_in_its_own_words() {
    let with = |mut article: Article, review: Review| {
        article.review = review;
        article
    };
    let overdue =
        || article(State::Due, vec![reason(&OVERDUE, "not confirmed since 2026-02-10; every 180 days")]);
    let broken = vec![reason(&FLAG, "an agent flagged it"), reason(&BROKEN_LINK, "line 48 links to nothing")];
    let cases: Vec<(Article, &[&str], &[&str])> = vec![
        (
            article(State::Broken, broken),
            &[
                "Broken</span> <span>Line 48 links to nothing</span>",
                "<dt>Confirmed</dt><dd>Not by anyone yet</dd>",
            ],
            &["tickets"],
        ),
        (
            with(overdue(), review("2026-02-10", Some("Tomasz"), Some("read"))),
            &[
                "<span>Not confirmed since <time>2026-02-10</time>; every 180 days</span>",
                "<dt>Not confirmed since</dt><dd><time>2026-02-10</time> by Tomasz, who read it</dd>",
            ],
            &["<dt>Confirmed</dt>"],
        ),
        (
            article(State::Unknown, vec![reason(&INVALID, "`2016-13-40` is no date")]),
            &["Unknown</span> <span><code>2016-13-40</code> is no date</span>", "On no day that can be read"],
            &["Fresh"],
        ),
        (
            unconfirmed(),
            &["<p class=\"trust quiet\">Not confirmed by anyone yet · Owner: <a href=\"/owners/team-db/\">"],
            &["Unknown", "class=\"state"],
        ),
        (
            with(article(State::Snoozed, Vec::new()), review("2026-02-10", None, Some("read"))),
            &[
                "<section class=\"trust unknown line\"",
                "<I snoozed\"/></svg>Snoozed</span>",
                "</time>, read</span>",
            ],
            &["usual"],
        ),
        (
            article(State::Evergreen, Vec::new()),
            &["<section class=\"trust fresh line\"", "<I evergreen\"/></svg>Evergreen</span>"],
            &["Confirmed"],
        ),
    ];
    for (verdict, parts, absent) in cases {
        let state = verdict.state;
        let mut kept = article(State::Fresh, Vec::new());
        kept.review = review("2026-11-01", None, None);
        let shown = Shown::new(vec![kept, verdict]);
        let strip = shown.strip("/a/");
        for part in parts {
            assert!(strip.contains(part), "{state:?}: {part} is missing in\n{strip}");
        }
        for part in absent {
            assert!(!strip.contains(part), "{state:?}: {part} stands in\n{strip}");
        }
        for (url, text) in shown.all() {
            assert!(!text.contains("outdated"), "{url}");
        }
    }
}

#[test]
fn a_folder_that_nobody_ever_confirmed_stays_calm() {
    let mut due = unconfirmed();
    due.state = State::Due;
    let through = article(State::Doubtful, vec![reason(&STANDS_ON, "a page that it needs is broken")]);
    let broken = article(State::Broken, vec![reason(&BROKEN_LINK, "line 1 links to nothing")]);
    let shown = Shown::new(vec![unconfirmed(), due, through, broken]);
    for url in ["/", "/a/", "/b/", "/search/", "/kinds/article/", "/owners/ana/"] {
        let page = shown.at(url);
        for noise in ["Unknown", "Doubtful", "Due", "Not confirmed"] {
            assert!(!page.contains(&format!(">{noise}")), "{url}: {noise} in\n{page}");
        }
        let menu = &page[..page.find("<main").unwrap()];
        assert!(!menu.contains("href=\"/freshness/\""), "{url}: an entry of the menu");
        assert!(page.contains("<a href=\"/freshness/\">Freshness</a>"), "{url}: no link at the foot");
    }
    assert!(shown.strip("/c/").contains("Line 1 links to nothing"), "proof is always shown");
    let lead = shown.at("/freshness/");
    assert_eq!(lead.matches("<tr class=\"is-").count(), 1, "only proof waits for anyone: {lead}");
    assert!(lead.contains("Nobody has confirmed a page yet"), "{lead}");
    assert_eq!(shown.at("/freshness/badge.json"), format!("{}", Badge::unjudged().to_json()));
}

#[test]
fn lists_and_the_navigation_mark_pages_in_words_too() {
    let mut fresh = article(State::Fresh, Vec::new());
    fresh.review = review("2026-10-23", None, None);
    let doubtful = article(State::Doubtful, vec![reason(&FLAG, "two agents flagged it")]);
    let shown = Shown::new(vec![unconfirmed(), fresh, doubtful]);
    let list = shown.at("/search/");
    let mark = |class: &str, icon: &str| {
        format!(
            "<svg class=\"i {class}\" aria-hidden=\"true\"><use href=\"#i-{icon}\"/></svg><span class=\"vh\">{icon}</span>"
        )
    };
    let rows = &list[list.find("<main").unwrap()..];
    assert_eq!(rows.matches(&mark("fresh", "fresh")).count(), 1, "{rows}");
    assert_eq!(rows.matches(&mark("doubtful", "doubtful")).count(), 1, "{rows}");
    assert_eq!(rows.matches("class=\"vh\">unknown").count(), 0, "{rows}");
    let nav = &list[..list.find("<main").unwrap()];
    assert!(nav.contains(&format!("Page B{}</a>", mark("doubtful", "doubtful"))), "{nav}");
    assert!(!nav.contains("class=\"i fresh\""), "the navigation marks only what is wrong: {nav}");
    assert!(nav.contains("<a href=\"/freshness/\">Freshness</a>"), "{nav}");
}

/// Twelve pages that want attention, of three owners and nobody.
fn busy() -> Shown {
    let files: Vec<(String, String)> = (0..14)
        .map(|n| {
            let owner = ["owner: team-db\n", "owner: '@Ana'\n", "owner: ana\n", ""][n % 4];
            (format!("p{n:02}.md"), format!("---\n{owner}title: P{n:02}\n---\nText.\n"))
        })
        .chain([("index.md".into(), "# Start\n\nText.\n".into())])
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let mut articles = vec![article(State::Evergreen, Vec::new())];
    for n in 0..14_u32 {
        let mut made = match n % 7 {
            0 => article(State::Fresh, Vec::new()),
            1 => article(State::Broken, vec![reason(&BROKEN_LINK, "line 1 links to `x`")]),
            2 => article(State::Due, vec![reason(&OVERDUE, "not confirmed since 2026-01-01")]),
            _ => article(State::Doubtful, vec![reason(&SURGE, "many tickets")]),
        };
        made.priority = [4_949, 1_000, 0, 12_050][n as usize % 4] + u32::from(n == 3);
        made.remedy = "read it".into();
        made.tickets = (n % 2 == 0).then(|| tickets([1, 0, 0, 0, 0, 0, 0, n], None));
        articles.push(made);
    }
    let freshness = Freshness {
        as_of: Some("2026-11-22".into()),
        coverage: Some(Coverage { trusted: 641, topical: 903 }),
        articles,
        gaps: vec![Gap {
            tag: "import_stuck".into(),
            events: 36,
            requesters: 14,
            share: 40,
            with: vec!["sidekiq".into()],
            near: vec![0],
            thin: false,
        }],
        tags: vec![
            TagVolume {
                tag: "db_failover".into(),
                weeks: (0..34).map(|week| week % 5).collect(),
                pages: vec![1],
            },
            TagVolume { tag: "import_stuck".into(), weeks: vec![1; 34], pages: Vec::new() },
        ],
        unchecked: vec![Unchecked { what: "surges".into(), why: "no topical tag".into(), count: 31 }],
        findings: Vec::new(),
    };
    Shown::with(&files, |_| {}, freshness)
}

#[test]
fn the_lead_sees_the_queue_in_order_ten_rows_of_it_and_the_rest_behind_a_link() {
    let shown = busy();
    let lead = shown.at("/freshness/");
    let titles = |page: &str| -> Vec<String> {
        let rows = page.match_indices("<tr class=\"is-").map(|(at, _)| &page[at..]);
        rows.map(|row| row[row.find("/\">P").unwrap() + 3..][..3].to_owned()).collect()
    };
    assert_eq!(titles(&lead), ["P03", "P11", "P04", "P08", "P12", "P01", "P05", "P09", "P13", "P02"]);
    assert!(lead.contains("<a href=\"/freshness/queue/\">All 12 in order</a>"), "{lead}");
    assert_eq!(titles(&shown.at("/freshness/queue/")).len(), 12);
    for part in [
        "<p class=\"huge\">70 %</p><p class=\"small\">641 of 903 tickets",
        "write a page on <code>import_stuck</code> (up to 4.0 points)",
        "</svg> 8 doubtful</li>",
        "<span class=\"nar\">Order </span>12.1</td>",
        "<li><code>broken-link</code> Line 1 links to <code>x</code></li></ul><p class=\"fix\">Read it</p>",
        "<a class=\"btn\" href=\"/owners/team-db/\">team-db <span class=\"num\">3</span></a>",
        "<a class=\"btn\" href=\"/owners/nobody/\">Nobody <span class=\"num\">2</span></a>",
        "<code>db_failover</code></th><td><svg class=\"heat\"",
        "<td class=\"num\">16</td><td class=\"num\">15</td><td class=\"num\">1.0</td>",
        "<b>no page</b>",
        "perhaps add <code>ticket_tags: [import_stuck]</code>",
        "<li><span>Surges · 31 pages</span><span class=\"end\">No topical tag</span></li>",
        "Judged for <time>2026-11-23</time> on tickets to <time>2026-11-22</time>.",
        "<span>Ticket data to <time>2026-11-22</time></span>",
    ] {
        assert!(lead.contains(part), "{part} is missing in\n{lead}");
    }
    let home = shown.at("/owners/");
    assert!(home.contains("<a href=\"/owners/ana/\">@Ana</a>"), "one owner in two spellings: {home}");
}

#[test]
fn an_owner_sees_what_wants_attention_first_and_then_all_other_pages() {
    let page = busy().at("/owners/team-db/");
    assert!(page.contains("<p>4 pages, 3 to look at</p>"), "{page}");
    assert_eq!(page.matches("<tr class=\"is-").count(), 3);
    assert!(page.contains("<h2>All others</h2>"), "{page}");
    assert!(page.contains("id=\"s-broken\">Broken <span class=\"num\">1</span>"), "{page}");
    let nobody = busy().at("/owners/nobody/");
    assert!(nobody.contains("<h1>Pages without an owner</h1>"), "{nobody}");
    let none = Shown::with(&[("index.md", "# Start\n\nText.\n")], |_| {}, Freshness::default());
    assert!(!none.0.site.outputs.contains_key("/owners/"), "a folder without owners has no list of them");
}

#[test]
fn nothing_in_a_verdict_becomes_html_and_no_page_holds_a_style() {
    let evil = "\"><script>alert(1)</script>`<b>`";
    let mut shown = busy();
    for article in &mut shown.1.articles {
        article.remedy = evil.into();
        article.supports = vec![evil.into()];
        article.review = review(evil, Some(evil), Some(evil));
        article.due = Some(evil.into());
        for reason in &mut article.reasons {
            reason.message = evil.into();
        }
    }
    shown.1.gaps[0].tag = evil.into();
    shown.1.tags[0].tag = evil.into();
    shown.1.unchecked[0].why = evil.into();
    for (url, text) in shown.all() {
        assert!(!text.contains("<script>"), "{url}\n{text}");
        assert!(!text.contains("<b>`") && !text.contains(" style="), "{url}\n{text}");
    }
}

#[test]
fn links_to_owners_and_the_queue_are_relative_in_a_portable_site() {
    let mut shown = busy();
    let checked = {
        let dir = knowledge_base(FILES);
        let mut options = options(dir.path());
        options.model.portable = true;
        check(&options).unwrap()
    };
    shown.1.articles.truncate(checked.site.pages.len());
    let shown = Shown(checked, shown.1);
    for (url, text) in shown.all() {
        assert!(!text.contains("href=\"/"), "{url}\n{text}");
    }
}

#[test]
fn the_badge_says_how_much_is_covered_or_confirmed() {
    let mut freshness = busy().1;
    assert_eq!(
        Badge::of(&freshness).to_json(),
        "{\"color\":\"yellow\",\"label\":\"knowledge base\",\"message\":\"70 % of tickets covered\",\"schemaVersion\":1}\n"
    );
    freshness.coverage = Some(Coverage::default());
    assert_eq!(Badge::of(&freshness).message, "3 of 15 pages confirmed", "no tickets are not full coverage");
    let svg = busy().at("/freshness/badge.svg");
    assert!(
        svg.starts_with("<svg xmlns=") && svg.contains("knowledge base: 70 % of tickets covered"),
        "{svg}"
    );
}

#[test]
fn a_page_carries_the_day_it_was_judged_for_so_that_an_old_copy_can_say_so() {
    let page = Shown::new(Vec::new()).at("/a/");
    assert!(page.contains("<meta name=\"docent-day\" content=\"2026-11-23\" data-max-age=\"7\">"), "{page}");
}
