//! The built-in kinds, layouts and front matter keys.
//!
//! The one table behind the front matter reader, the JSON Schemas and the manual. Not here: what a
//! config adds to it (`declare`).

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::kinds::{Field, FieldType, Kind};
use super::read::glob;

/// Layouts that stand for a kind.
const LAYOUTS: &[(&str, &str)] = &[
    ("basic", "article"),
    ("default", "article"),
    ("doc", "article"),
    ("docs", "article"),
    ("handbook-page", "article"),
    ("handbook-page-toc", "article"),
    ("job_family_page", "job"),
    ("job_page", "job"),
    ("markdown_page", "article"),
    ("page", "article"),
    ("post", "article"),
    ("single", "article"),
];

/// Sections that a job must have.
const OUTLINE: [&str; 2] = ["Responsibilities", "Requirements"];

/// Whether a layout says nothing of a page but that it is one: then its path may say more.
pub fn is_plain_layout(layout: &str) -> bool {
    LAYOUTS.contains(&(layout, "article"))
}

/// Layouts that the theme knows and that stand for no kind.
pub const THEME_LAYOUTS: &[&str] = &["home"];

/// `layout:` → kind, without the config's.
pub fn layouts() -> BTreeMap<String, String> {
    LAYOUTS.iter().map(|(layout, kind)| ((*layout).to_owned(), (*kind).to_owned())).collect()
}

/// The keys that every page may have.
pub fn every_page() -> &'static [Field] {
    static FIELDS: OnceLock<Vec<Field>> = OnceLock::new();
    FIELDS.get_or_init(|| {
        use FieldType::{Any, Bool, Date, Duration, Group, Integer, Page, Text};
        let texts = || FieldType::List(Box::new(Text));
        let how = ["read", "followed", "drill", "incident"].map(str::to_owned).to_vec();
        vec![
            Field::new("title", Text, "The title; without it the first heading, else the file name."),
            Field::new("description", Text, "One sentence; shown in lists, search and the feed."),
            Field::new("kind", Text, "The kind of page; without it `layout`, else the path decides."),
            Field::new("layout", Text, "The layout of an old handbook; it stands for a kind."),
            Field::new("id", Text, "A name that survives a change of the address."),
            Field::new("former_ids", texts(), "Ids that it had before, by which it is still found."),
            Field::new("slug", Text, "The last part of the address; without it the file name."),
            Field::new("aliases", texts(), "Old addresses that lead here."),
            Field::new("tags", texts(), "Tags; synonyms are in the config."),
            Field::new("owner", texts(), "Who answers for the page.").or(&["owner_slack"]),
            Field::new("owners", texts(), "Who answers for the page, if several."),
            Field::new("draft", Bool, "Whether the page is left out unless drafts are asked for."),
            Field::new("expires", Date, "The day from which the page is left out."),
            Field::new("weight", Integer, "Order among its neighbours, small first."),
            Field::new("toc", Bool, "Whether the page has a table of contents."),
            Field::new("reviewed", Date, "The day on which somebody last confirmed the page.").or(&[
                "last_reviewed_on",
                "last-reviewed",
                "ms.date",
                "lastReviewedAt",
            ]),
            Field::new("reviewed_by", Text, "Who confirmed it."),
            Field::new("reviewed_how", FieldType::Enum(how), "How well it was confirmed."),
            Field::new("reviewed_commit", Text, "The commit that was confirmed.").or(&["lastReviewedCommit"]),
            Field::new("reviewed_hash", Text, "The hash of the body that was confirmed."),
            Field::new("reviewed_evidence", Text, "The drill, incident or ticket that confirmed it."),
            Field::new("reviewed_note", Text, "Why it was confirmed despite a finding, or in bulk."),
            Field::new("review_every", Duration, "How often the page is to be confirmed.").or(&["review_in"]),
            Field::new("evergreen", Text, "Why the page never falls due."),
            Field::new("snooze", Group, "Which findings rest until when, and why."),
            Field::new("superseded_by", Page(None), "The page that takes the place of this one."),
            Field::new("covers", texts(), "Paths of the repository that the page describes."),
            Field::new("ticket_tags", Any, "Tags of the tickets that the page answers."),
            Field::new("freshness", Group, "The keys of a review, taken together in one group."),
        ]
    })
}

/// The built-in kinds, in the order of the navigation.
pub fn kinds() -> Vec<Kind> {
    use FieldType::{Any, Bool, Date, Duration, Group, Page, Text};
    let texts = || FieldType::List(Box::new(Text));
    let pages = || FieldType::List(Box::new(Page(None)));
    let status = FieldType::Enum(["planned", "draft", "active", "deprecated"].map(str::to_owned).to_vec());
    vec![
        kind(
            ["runbook", "Runbook", "Runbooks"],
            &["runbooks/**"],
            vec![
                Field::new("severity", Text, "How bad it is when this runbook is needed."),
                Field::new("alerts", texts(), "Names of the alerts that lead here."),
                Field::new("dashboards", FieldType::List(Box::new(Any)), "Dashboards to look at."),
                Field::new("escalation", Any, "Whom to call, and when."),
                Field::new("steps", Bool, "`false`: ordered lists are no steps."),
                Field::new("vars", Group, "Label, order, example and pattern of the placeholders."),
                Field::new("uses", pages(), "Pages that this one stands on."),
            ],
        ),
        kind(["article", "Article", "Articles"], &[], Vec::new()),
        kind(
            ["module", "Module", "Modules"],
            &["training/modules/**"],
            vec![
                Field::new("needs", texts(), "Skills that one must have before."),
                Field::new("teaches", texts(), "Skills that one has afterwards."),
                Field::new("level", Text, "For whom: `beginner`, `intermediate`, `advanced`."),
                Field::new("duration", Duration, "How long it takes."),
                Field::new("status", status.clone(), "Whether it is in use."),
                Field::new("uses", pages(), "Runbooks and other pages that it stands on."),
                Field::new("goals", texts(), "What one can do afterwards."),
                Field::new("optional", Bool, "Whether a path may leave it out."),
            ],
        ),
        kind(
            ["path", "Path", "Paths"],
            &["training/paths/**"],
            vec![
                Field::new("roles", texts(), "Roles that the path leads to."),
                Field::new("outcome", Text, "What one can do at its end."),
                Field::new(
                    "steps",
                    FieldType::List(Box::new(Any)),
                    "Modules, runbooks and checkpoints in order.",
                ),
                Field::new("status", status, "Whether it is in use."),
                Field::new("refresh_every", Duration, "How often it is to be repeated."),
            ],
        ),
        kind(
            ["job", "Job", "Jobs"],
            &["jobs/**", "job-families/**", "job-families/*/**/index.*"],
            vec![
                Field::new("requires", texts(), "Skills, with a level as in `skill.linux@1`."),
                Field::new(
                    "levels",
                    FieldType::List(Box::new(Any)),
                    "Levels of the role, lowest first: names, or `{ name, requires }`.",
                ),
            ],
        ),
        kind(
            ["opening", "Opening", "Openings"],
            &["jobs/openings/**"],
            vec![
                Field::new("job", Page(Some("job".into())), "The role that is to be filled.").required(),
                Field::new("date_posted", Date, "The day on which it was published."),
                Field::new("valid_through", Date, "The last day to apply."),
                Field::new("employment_type", texts(), "`FULL_TIME`, `PART_TIME` and so on."),
                Field::new("location", Any, "Where the work is done."),
                Field::new("salary", Group, "Currency, range and unit."),
                Field::new("organization", Any, "Who hires: name, address of the site, logo."),
            ],
        ),
    ]
}

fn kind([name, label, plural]: [&str; 3], paths: &[&str], fields: Vec<Field>) -> Kind {
    Kind {
        name: name.into(),
        label: label.into(),
        plural: plural.into(),
        paths: paths.iter().filter_map(|pattern| glob(pattern).ok()).collect(),
        paths_configured: false,
        outline: if name == "job" { OUTLINE.map(str::to_owned).to_vec() } else { Vec::new() },
        fields,
        custom: false,
    }
}
