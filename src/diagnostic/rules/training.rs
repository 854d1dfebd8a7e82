//! Training: paths, modules, the skills that join them, quizzes, and what people completed.

use crate::diagnostic::{Rule, Severity};

/// Modules that wait for each other.
pub static NEEDS_CIRCLE: Rule = Rule {
    code: "needs-circle",
    severity: Severity::Error,
    summary: "modules that need each other, so that nobody can begin",
    explanation: "`needs` names skills that one must have before a module. When each of several modules needs what \
        another of them teaches, nobody can begin with any of them. The finding prints the whole circle. A \
        need that another module outside the circle fills too is no hindrance.\n\n\
        Take one of the needs away, or let a further module teach the skill.",
    bad: "A module needs `skill.b` and teaches `skill.a`; another needs `skill.a` and teaches `skill.b`.",
    good: "The first needs nothing and teaches `skill.a`; the other needs that.",
};

/// A skill that nothing teaches.
pub static SKILL_NOT_TAUGHT: Rule = Rule {
    code: "skill-not-taught",
    severity: Severity::Warning,
    summary: "a skill that is asked for and that nothing teaches",
    explanation: "A module needs the skill, or a job requires it, and no module teaches it, or none as far as the \
        level behind `@`. Either the name is misspelt, or a module is missing.",
    bad: "---\nkind: job\nrequires: [skill.ticketng]\n---\n",
    good: "---\nkind: job\nrequires: [skill.ticketing]\n---\n",
};

/// A skill that a path asks for before it teaches it.
pub static SKILL_TOO_EARLY: Rule = Rule {
    code: "skill-too-early",
    severity: Severity::Warning,
    summary: "a path asks for a skill before it teaches it",
    explanation: "A step of the path needs a skill that only a later step of the same path teaches. Who follows the \
        order stands before a module without what it needs. Change the order of the steps.",
    bad: "---\nkind: path\nsteps: [module.linux-on-call, module.linux-basics]\n---\n",
    good: "---\nkind: path\nsteps: [module.linux-basics, module.linux-on-call]\n---\n",
};

/// A skill that stands twice in one list.
pub static SKILL_TWICE: Rule = Rule {
    code: "skill-twice",
    severity: Severity::Warning,
    summary: "a skill that one list names twice",
    explanation: "A list of skills names the same one twice, so with different levels nobody can tell which of them \
        counts. The higher level is used. Keep one of the two.",
    bad: "---\nkind: job\nrequires: [skill.linux@1, skill.ticketing, skill.linux@2]\n---\n",
    good: "---\nkind: job\nrequires: [skill.linux@2, skill.ticketing]\n---\n",
};

/// A skill with a level that is none.
pub static INVALID_SKILL: Rule = Rule {
    code: "invalid-skill",
    severity: Severity::Error,
    summary: "a skill without a name, or with a level that is no number from 1 to 9",
    explanation: "A skill is written as a name such as `skill.linux`, and if it matters how well one must know it, \
        with a level from 1 to 9 behind `@`. Without a level it is the first.",
    bad: "---\nkind: job\nrequires: [skill.linux@senior]\n---\n",
    good: "---\nkind: job\nrequires: [skill.linux@3]\n---\n",
};

/// A step that asks for nothing.
pub static INVALID_STEP: Rule = Rule {
    code: "invalid-step",
    severity: Severity::Error,
    summary: "a step of a path that nobody can take",
    explanation: "A step names a page (`use`, `module`, `runbook`, `page`), several to choose from (`choose` and \
        `of`), or a `checkpoint`; `optional: true` lets people leave it out. A step that does none of this \
        is not shown, and one that asks for more than there is to choose from cannot be taken.",
    bad: "---\nkind: path\nsteps:\n  - us: module.linux-basics\n---\n",
    good: "---\nkind: path\nsteps:\n  - use: module.linux-basics\n---\n",
};

/// A module in an active path that is not in use.
pub static INACTIVE_MODULE: Rule = Rule {
    code: "inactive-module",
    severity: Severity::Warning,
    summary: "a planned or deprecated module in an active path",
    explanation: "The path is in use, and one of its modules is not yet written or no longer to be taken. Take the \
        step out, finish the module, or say `status: planned` for the path too.",
    bad: "A path with the step `module.ci-basics`, whose page says `status: deprecated`.",
    good: "The step names the module that took its place.",
};

/// A module that is in no path.
pub static MODULE_WITHOUT_PATH: Rule = Rule {
    code: "module-without-path",
    severity: Severity::Note,
    summary: "a module that is in no path",
    explanation: "Nobody who follows a path comes to this module. Name it in a step, or say `status: deprecated` if \
        nobody should. Where there are no paths at all, and for modules that are planned, nothing is reported.",
    bad: "A module that no path names.",
    good: "A path with the step `use: module.linux-basics`.",
};

/// Two pages with one id.
pub static ID_TAKEN: Rule = Rule {
    code: "id-taken",
    severity: Severity::Error,
    summary: "an `id` that another page has already",
    explanation: "`id` is the name that survives a change of the address: steps of paths and records of what people \
        completed hold it. When two pages have the same, nobody can tell which of them was meant. Ids are \
        compared without regard to upper and lower case.",
    bad: "Two modules with `id: module.linux-basics`.",
    good: "One of them has `id: module.linux-networks`.",
};

/// An id that changed.
pub static ID_CHANGED: Rule = Rule {
    code: "id-changed",
    severity: Severity::Warning,
    summary: "an `id` that changed while its file stayed",
    explanation: "By its history the page had another `id`, which no page has now. Steps of paths, records of what people \
        completed and what browsers keep of a reader's progress hold the old one and find nothing. Put it back, \
        or write it into `former_ids`, by which the page is still found. Without a history nothing is \
        reported.",
    bad: "A module with `id: module.linux` that was `id: module.linux-basics` a commit ago.",
    good: "---\nkind: module\nid: module.linux\nformer_ids: [module.linux-basics]\n---\n",
};

/// A module of which nobody says how long it takes.
pub static NO_DURATION: Rule = Rule {
    code: "no-duration",
    severity: Severity::Note,
    summary: "a module that does not say how long it takes",
    explanation: "Without `duration` the time is computed from words, code, check points and quizzes, which says \
        little about practice. Ask those who took the module, and write it down: `20 min`, `2h`, `1d` \
        (of eight hours), `1w` (of five days).",
    bad: "---\nkind: module\nid: module.linux-basics\n---\n",
    good: "---\nkind: module\nid: module.linux-basics\nduration: 4h\n---\n",
};

/// A duration that cannot be right.
pub static DURATION_OFF: Rule = Rule {
    code: "duration-off",
    severity: Severity::Note,
    summary: "a duration more than three times away from what is computed",
    explanation: "The time to read the module is computed from its words (150 a minute), its code (3 minutes a block), \
        the questions of its quizzes (2 minutes) and its check points (10 minutes to 2 hours), and that of \
        the pages it uses. The `duration` is more than three times less or more. Correct it, or split the \
        module.",
    bad: "A module of 6,000 words with `duration: 10 min`.",
    good: "The same with `duration: 1h`.",
};

/// A module or path that nobody keeps.
pub static NO_MAINTAINER: Rule = Rule {
    code: "no-maintainer",
    severity: Severity::Warning,
    summary: "a module or path that nobody maintains",
    explanation: "Training that nobody keeps is out of date within the year, and nobody is asked when it falls due. \
        Name somebody in `owners`; `TBD` is nobody.",
    bad: "---\nkind: module\nowners: [TBD]\n---\n",
    good: "---\nkind: module\nowners: [\"@vijay\"]\n---\n",
};

/// A role that no job describes.
pub static UNKNOWN_ROLE: Rule = Rule {
    code: "unknown-role",
    severity: Severity::Warning,
    summary: "a path for a role that no job describes",
    explanation: "`roles` of a path names jobs: by the last part of the address, the `id` or the title. Nobody who \
        reads about the role finds the path when the name fits no job. Where there are no jobs at all, nothing \
        is reported.",
    bad: "---\nkind: path\nroles: [suport-engineer]\n---\n",
    good: "---\nkind: path\nroles: [support-engineer]\n---\n",
};

/// A skill of a path that its roles do not ask for.
pub static SKILL_BEYOND_ROLE: Rule = Rule {
    code: "skill-beyond-role",
    severity: Severity::Note,
    summary: "a path teaches a skill that none of its roles asks for",
    explanation: "Either the job forgot to ask for the skill, or people learn on the way to it what they do not need. \
        Skills that a later module of the path needs, and optional steps, are not counted.",
    bad: "A path for support engineers with a module that teaches `skill.payroll`.",
    good: "The module is in the path of those who need it.",
};

/// A question without a right answer, or with several.
pub static QUIZ_ANSWER: Rule = Rule {
    code: "quiz-answer",
    severity: Severity::Error,
    summary: "a question without a right answer, or with two where one is meant",
    explanation: "Each list in a `> [!QUIZ]` holds the choices of one question; the right one has `[x]`. A question \
        without a right choice cannot be answered, and one with several is a riddle unless the first line of \
        the quiz says `several`.",
    bad: "> [!QUIZ] id=a\n> Which view first?\n> - [ ] Needs triage\n> - [ ] All tickets\n",
    good: "> [!QUIZ] id=a\n> Which view first?\n> - [x] Needs triage\n> - [ ] All tickets\n",
};

/// A quiz without an id of its own.
pub static QUIZ_ID: Rule = Rule {
    code: "quiz-id",
    severity: Severity::Error,
    summary: "a quiz whose id is missing or used twice, or whose first line says something unknown",
    explanation: "The `id` of a quiz is what a reader's answers are kept under, on all pages of the site. Give each \
        its own. Behind `[!QUIZ]` may stand `id=…`, `pass=` with the share that is enough in per cent, and \
        `several` if more than one choice may be right.",
    bad: "Two quizzes with `id=tb-1`.",
    good: "> [!QUIZ] id=tb-2 pass=80\n> Which view first?\n> - [x] Needs triage\n> - [ ] All tickets\n",
};

/// A record of a completion that cannot be read.
pub static INVALID_COMPLETION: Rule = Rule {
    code: "invalid-completion",
    severity: Severity::Error,
    summary: "a record of a completion that cannot be read",
    explanation: "Files of completions hold a list of records, each with `person`, `module` and `date`, and if you \
        like `level` and `verified_by`. A record that lacks one of the first three, has other keys, or is no \
        group of keys, is left out; a file that is no YAML is left out whole.",
    bad: "- person: \"@ana\"\n  modul: module.linux-basics\n  date: 2026-09-01\n",
    good: "- person: \"@ana\"\n  module: module.linux-basics\n  date: 2026-09-01\n",
};

/// A completion of a module that does not exist.
pub static UNKNOWN_MODULE: Rule = Rule {
    code: "unknown-module",
    severity: Severity::Warning,
    summary: "a completion of a module that does not exist",
    explanation: "The record names a module by its `id` (or its file), and no published page of kind `module` has it. \
        What the person learned counts for nothing until the name is right. When a module was renamed, give \
        it its old `id` back: that is what ids are for.",
    bad: "- person: \"@ana\"\n  module: module.linux-basic\n  date: 2026-09-01\n",
    good: "- person: \"@ana\"\n  module: module.linux-basics\n  date: 2026-09-01\n",
};

/// A completion at a level that the module does not teach.
pub static UNKNOWN_LEVEL: Rule = Rule {
    code: "unknown-level",
    severity: Severity::Warning,
    summary: "a completion at a level that the module does not teach",
    explanation: "`level` of a record says how far somebody came, as a number from 1 to the highest level that the \
        module teaches (the number behind `@` in `teaches`). Without it the person has what the module \
        teaches. A level that the module does not have counts as its highest.",
    bad: "- person: \"@ana\"\n  module: module.linux-basics\n  date: 2026-09-01\n  level: 4\n",
    good: "- person: \"@ana\"\n  module: module.linux-basics\n  date: 2026-09-01\n  level: 1\n",
};

/// A completion on no day, or on one to come.
pub static COMPLETION_DATE: Rule = Rule {
    code: "completion-date",
    severity: Severity::Error,
    summary: "a completion on a day that cannot be read or is still to come",
    explanation: "`date` is the day on which somebody completed the module, as year, month and day. Nobody completes \
        anything in the future. The record is left out until the date is right.",
    bad: "- person: \"@ana\"\n  module: module.linux-basics\n  date: 2026-13-40\n",
    good: "- person: \"@ana\"\n  module: module.linux-basics\n  date: 2026-09-01\n",
};

/// A completion that is written down twice.
pub static COMPLETION_TWICE: Rule = Rule {
    code: "completion-twice",
    severity: Severity::Warning,
    summary: "a completion that is written down twice",
    explanation: "Two records say that the same person completed the same module on the same day. Names are compared \
        without `@` and without regard to upper and lower case. Keep one of the two. A record of a later day is a \
        refresh and is welcome.",
    bad: "Two records of `@ana`, `module.linux-basics` and `2026-09-01`.",
    good: "One of them, and another of `2027-03-02` when the module was repeated.",
};
