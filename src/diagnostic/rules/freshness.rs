//! Freshness: proof that a page is wrong, doubt about it, and the clock.

use super::jobs::{OPENING_ENDS, STALE_SKILL};
use super::links::{
    BROKEN_FRAGMENT, BROKEN_LINK, DEAD_EXTERNAL_LINK, REFUSED_EXTERNAL_LINK, UNANSWERED_EXTERNAL_LINK,
};
use crate::diagnostic::{Rule, Severity};

/// Rules that prove a page wrong: a review does not clear them, and they never rest.
pub static PROOF: &[&Rule] =
    &[&BROKEN_LINK, &BROKEN_FRAGMENT, &COVERS_GONE, &SUPERSEDED, &UNKNOWN_OWNER, &MISSING_STEP];

/// Rules that can rest: what happened since the review …
pub static DOUBT: &[&Rule] = &[&TICKET_SURGE, &OUTCOME, &FLAG, &SOURCE_CHANGED, &REFERENCE_GONE, &STANDS_ON];

/// … and the clock.
pub static CLOCK: &[&Rule] = &[&OVERDUE, &NEVER_CONFIRMED];

/// Rules that tickets, commits, other sites and days break, not the page: a merge request is not judged by them,
/// and what their messages say changes from day to day.
pub static PASSING: &[&Rule] = &[
    &TICKET_SURGE,
    &OUTCOME,
    &FLAG,
    &SOURCE_CHANGED,
    &REFERENCE_GONE,
    &STANDS_ON,
    &OVERDUE,
    &NEVER_CONFIRMED,
    &NO_TICKET_DATA,
    &DEAD_TICKET_TAG,
    &STALE_SKILL,
    &OPENING_ENDS,
    &DEAD_EXTERNAL_LINK,
    &UNANSWERED_EXTERNAL_LINK,
    &REFUSED_EXTERNAL_LINK,
];

/// A path that a page covers and that is gone.
pub static COVERS_GONE: Rule = Rule {
    code: "covers-gone",
    severity: Severity::Error,
    summary: "a page covers a path that is not in the repository",
    explanation: "`covers` names the files that a page describes. When git tracks no file there any more, the \
        page describes something that was moved or removed, and nobody would be told of its changes.\n\n\
        Name the new place, or mend or remove the page.",
    bad: "---\ncovers: [ansible/patroni/**]\n---\n",
    good: "---\ncovers: [roles/patroni/**]\n---\n",
};

/// A page that another one replaced and that is still linked.
pub static SUPERSEDED: Rule = Rule {
    code: "superseded",
    severity: Severity::Error,
    summary: "a superseded page is still linked",
    explanation: "`superseded_by` says that another page took the place of this one. As long as pages link here, \
        readers land on the old text. Let the links lead to the new page.",
    bad: "---\nsuperseded_by: /runbooks/patroni-4.md\n---\n",
    good: "See [Patroni 4](/runbooks/patroni-4.md).\n",
};

/// An owner that nobody knows.
pub static UNKNOWN_OWNER: Rule = Rule {
    code: "unknown-owner",
    severity: Severity::Error,
    summary: "an owner that nobody knows",
    explanation: "The front matter names an owner that is neither in `owners.yaml` nor in CODEOWNERS, so nobody is \
                  asked when the page falls due: the name is misspelt, or the team is gone. Known are the keys, \
                  names and members in `owners.yaml` and every owner in CODEOWNERS, with or without `@`. Where \
                  neither file names any owner, nothing is checked.",
    bad: "owner: team-bd",
    good: "owner: team-db",
};

/// A step of a training path that does not exist.
pub static MISSING_STEP: Rule = Rule {
    code: "missing-step",
    severity: Severity::Error,
    summary: "a training path names a step that does not exist",
    explanation: "A path is walked step by step, and nobody can take a step that is not there. Steps name modules \
        by `id` or path (`use`), runbooks by path (`runbook`), or several to choose from (`of`).",
    bad: "---\nkind: path\nsteps:\n  - use: module.ticketing\n---\n",
    good: "---\nkind: path\nsteps:\n  - use: module.ticketing-basics\n---\n",
};

/// More tickets than chance explains.
pub static TICKET_SURGE: Rule = Rule {
    code: "ticket-surge",
    severity: Severity::Warning,
    summary: "more tickets than before that the page should answer",
    explanation: "Since the page was confirmed (at most 56 days back), more tickets came with its tags than in the \
        182 days before, and more than growth of all tickets and chance explain: below 1 in 100 it is \
        watched, below 1 in 1,000 it is an alarm. Several tickets of one problem, and of one asker within \
        a day, count once.\n\n\
        Read the newest tickets, mend the page, and confirm it with `docent review`; a review answers for \
        the tickets before it.",
    bad: "14 tickets tagged `db_failover` in 8 weeks, where 4 are usual.",
    good: "The page was confirmed after them.",
};

/// Tickets that end worse than others.
pub static OUTCOME: Rule = Rule {
    code: "outcome",
    severity: Severity::Warning,
    summary: "tickets that the page answers are reopened or rated badly more often than others",
    explanation: "Of the tickets with the page's tags that were solved since its review, more were reopened or \
        rated badly than of all others, by Fisher's exact test at 1 in 100 and with at least ten solved. \
        The answer that the page gives may not work.",
    bad: "6 of 12 tickets reopened, where 1 in 20 is usual.",
    good: "1 of 12 tickets reopened.",
};

/// Agents say that a page is wrong.
pub static FLAG: Rule = Rule {
    code: "flag",
    severity: Severity::Warning,
    summary: "agents flagged the page in tickets",
    explanation: "A ticket carries the tag that flags articles (`kb_flag`; `flag_tag` in the config) and links the \
        page, or links none and has its tags. The people who work with a page know best when it is wrong.",
    bad: "A ticket tagged `kb_flag` links the page.",
    good: "The page was confirmed after the flag.",
};

/// The files that a page describes were changed.
pub static SOURCE_CHANGED: Rule = Rule {
    code: "source-changed",
    severity: Severity::Warning,
    summary: "files that the page covers were changed since its review",
    explanation: "Commits since the review touched paths that the page `covers`. Commits of bots, those that touch \
        over a quarter of all files, and those in `.git-blame-ignore-revs` are left out.\n\n\
        Look at the commits, mend the page if need be, and confirm it with `docent review`.",
    bad: "2 commits to `ansible/patroni` since the review.",
    good: "The review names the newest of them.",
};

/// A name in code that is gone.
pub static REFERENCE_GONE: Rule = Rule {
    code: "reference-gone",
    severity: Severity::Warning,
    summary: "a name in inline code was in the repository at the review and is gone",
    explanation: "The page names a path, alert, metric or option that the repository held at `reviewed_commit` and \
        does not hold now. Whoever follows the page will look for it in vain.",
    bad: "Run `bin/failover.sh`, which was removed.\n",
    good: "Run `bin/switchover.sh`.\n",
};

/// A page stands on another that cannot be trusted.
pub static STANDS_ON: Rule = Rule {
    code: "stands-on",
    severity: Severity::Warning,
    summary: "pages stand on one that cannot be trusted",
    explanation: "A module or path, or a page with `uses`, stands on other pages. When one of those is broken or \
        doubtful, so is what builds on it: a path is as trusted as its weakest step. Reported once, at the \
        page that is the cause, however many stand on it; each of them shows the way to it, and \
        `docent freshness` lists it with them.",
    bad: "A module uses a runbook whose tickets surge.",
    good: "The runbook was mended and confirmed.",
};

/// Not confirmed within its interval.
pub static OVERDUE: Rule = Rule {
    code: "overdue",
    severity: Severity::Note,
    summary: "nobody confirmed the page within its interval",
    explanation: "A page is to be confirmed every so often: `review_every`, else the interval of its kind in the \
        config. That says that nobody looked, not that anything is wrong, so it never fails a run. Due \
        dates are spread by up to a tenth of the interval, so that not all come at once.\n\n\
        Follow or read the page, then `docent review PATH --how followed`. A page that never changes, such \
        as a decision record, says so with `evergreen`.",
    bad: "---\nreviewed: 2024-01-01\n---\n",
    good: "---\nreviewed: 2026-11-01\n---\n",
};

/// Never confirmed by anybody.
pub static NEVER_CONFIRMED: Rule = Rule {
    code: "never-confirmed",
    severity: Severity::Note,
    summary: "pages that nobody ever confirmed",
    explanation: "Pages without `reviewed` were never confirmed as far as anybody knows; a date of git says only \
        when the text changed. They are reported in one line, and their first due dates are spread over \
        26 weeks (`adopt_over` in the config), counted from `adopted`, so that a team can begin on any day.",
    bad: "---\ntitle: Disk full\n---\n",
    good: "---\ntitle: Disk full\nreviewed: 2026-11-01\n---\n",
};

/// No tickets, or old ones.
pub static NO_TICKET_DATA: Rule = Rule {
    code: "no-ticket-data",
    severity: Severity::Warning,
    summary: "the ticket exports are missing, empty or too old",
    explanation: "The config names ticket exports, but they could not be read, hold no ticket, or end longer ago \
        than `max_export_age` (30 days). Pages that depend on tickets are then unknown, never fresh.",
    bad: "The newest ticket is 80 days old.",
    good: "The export is fetched every night.",
};

/// Tags that no ticket has.
pub static DEAD_TICKET_TAG: Rule = Rule {
    code: "dead-ticket-tag",
    severity: Severity::Warning,
    summary: "a ticket tag that no ticket has",
    explanation: "`ticket_tags` names a tag that no ticket had in the last 182 days: it is misspelt, was renamed, \
        or is no longer used. The page would seem quiet for ever.",
    bad: "---\nticket_tags: [db_failvoer]\n---\n",
    good: "---\nticket_tags: [db_failover]\n---\n",
};
