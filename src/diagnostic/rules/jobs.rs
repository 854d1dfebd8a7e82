//! Jobs and openings.

use crate::diagnostic::{Rule, Severity};

/// One description for several jobs.
pub static REPEATED_DESCRIPTION: Rule = Rule {
    code: "repeated-description",
    severity: Severity::Warning,
    summary: "jobs or openings with one and the same description",
    explanation: "Lists, search and search engines show the description, and readers of two roles see the same \
        sentence: most often it was copied with the page and never changed. Say what is different.",
    bad: "Two jobs with `description: Answers customers.`",
    good: "One of them says `description: Leads those who answer customers.`",
};

/// A section that pages of the kind must have.
pub static MISSING_SECTION: Rule = Rule {
    code: "missing-section",
    severity: Severity::Warning,
    summary: "a section is missing that the kind asks for",
    explanation: "A job says what one does and what one brings: sections whose headings hold *Responsibilities* and \
        *Requirements*, with or without more words. The sections that a kind asks for are `outline` in the \
        config: `kinds: { job: { outline: [Responsibilities, Requirements] } }`; an empty list asks for \
        nothing.",
    bad: "---\nkind: job\n---\n\n## Responsibilities\n",
    good: "---\nkind: job\n---\n\n## Responsibilities\n\n## Requirements\n",
};

/// A heading that is nearly one of the usual ones.
pub static MISSPELT_SECTION: Rule = Rule {
    code: "misspelt-section",
    severity: Severity::Warning,
    summary: "a heading of a job that is nearly one of the usual ones",
    explanation: "Links and readers look for the usual words, and an id made of a misspelt heading stays in links \
        for years. The usual ones are those of the kind's `outline`, and for jobs *Job Grade*, *Performance \
        Indicators*, *Career Ladder* and *Hiring Process*.",
    bad: "---\nkind: job\n---\n\n## Responsibilties\n",
    good: "---\nkind: job\n---\n\n## Responsibilities\n",
};

/// A skill that a job requires and whose modules cannot be trusted.
pub static STALE_SKILL: Rule = Rule {
    code: "stale-skill",
    severity: Severity::Warning,
    summary: "a job requires a skill whose only modules cannot be trusted",
    explanation: "Every module that teaches the skill is broken or doubtful, most often since it uses a runbook that \
        is. Who learns it today learns something wrong. The message names the module and the reason; \
        mend that first.",
    bad: "A job requires `skill.postgresql`; its only module uses a runbook whose tickets surge.",
    good: "The runbook was mended and confirmed.",
};

/// An opening that search engines for jobs will not show.
pub static OPENING_INCOMPLETE: Rule = Rule {
    code: "opening-incomplete",
    severity: Severity::Warning,
    summary: "an opening without what search engines for jobs require",
    explanation: "Search engines show an opening only if its structured data have title, description, day of posting, \
        employer, and a place: an address (`location: { locality: Ghent, country: BE }`), or `remote: true` \
        with the countries in which one may live. Without one of them the page has no structured data.",
    bad: "---\nkind: opening\njob: /jobs/support-engineer.md\n---\n",
    good: "---\nkind: opening\njob: /jobs/support-engineer.md\ndescription: Two engineers for the day shift.\n\
        date_posted: 2026-11-01\norganization: { name: Example }\nlocation: { remote: true, countries: [NL] }\n---\n",
};

/// An opening without what makes it better found.
pub static OPENING_SPARSE: Rule = Rule {
    code: "opening-sparse",
    severity: Severity::Note,
    summary: "an opening without what search engines for jobs recommend",
    explanation: "Openings with a last day, a salary and a form of employment are shown more often, and readers ask \
        for them first: `valid_through`, `salary`, `employment_type`.",
    bad: "An opening without `salary`.",
    good: "salary: { currency: EUR, min: 52000, max: 71000, unit: YEAR }",
};

/// A value of an opening that no search engine understands.
pub static INVALID_OPENING: Rule = Rule {
    code: "invalid-opening",
    severity: Severity::Error,
    summary: "a value of an opening that means nothing",
    explanation: "Structured data take words of fixed lists: currencies by ISO 4217 (`EUR`), countries by ISO 3166 \
        (`NL`), units of salary (`HOUR`, `DAY`, `WEEK`, `MONTH`, `YEAR`), forms of employment (`FULL_TIME`, \
        `PART_TIME`, `CONTRACTOR`, `TEMPORARY`, `INTERN`, `VOLUNTEER`, `PER_DIEM`, `OTHER`). Salaries are \
        numbers, the smaller one first; the last day is not before the first.",
    bad: "---\nkind: opening\njob: /jobs/support-engineer.md\nsalary: { currency: EURO, min: 52000 }\n---\n",
    good: "---\nkind: opening\njob: /jobs/support-engineer.md\nsalary: { currency: EUR, min: 52000 }\n---\n",
};

/// An opening whose last day has come or comes soon.
pub static OPENING_ENDS: Rule = Rule {
    code: "opening-ends",
    severity: Severity::Note,
    summary: "an opening whose last day is over or comes within two weeks",
    explanation: "After `valid_through` the page has no structured data, says that the opening is closed, and asks \
        search engines to forget it. Reported from 14 days before. Prolong it, or take the page out.",
    bad: "An opening with `valid_through: 2026-11-30`, on 2026-11-23.",
    good: "The same with `valid_through: 2027-01-31`.",
};

/// A title of an opening that shouts or holds what belongs elsewhere.
pub static OPENING_TITLE: Rule = Rule {
    code: "opening-title",
    severity: Severity::Warning,
    summary: "a title of an opening that shouts, or holds a salary",
    explanation: "The title is the name of the job and nothing else: search engines refuse titles in capitals, with \
        exclamation marks or with a salary, and readers do not trust them.",
    bad: "---\nkind: opening\ntitle: SUPPORT ENGINEER!!! €70,000\n---\n",
    good: "---\nkind: opening\ntitle: Support engineer, EMEA\n---\n",
};
