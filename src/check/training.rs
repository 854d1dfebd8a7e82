//! Paths and modules: their steps, ids, durations, owners and quizzes.
//!
//! In: the site. Out: findings about what cannot be followed as it is written. Not here: steps that do
//! not exist (`freshness`, since they are proof that a path is broken) and skills (`skills`).

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::rules::training::{
    DURATION_OFF, ID_TAKEN, INACTIVE_MODULE, INVALID_STEP, MODULE_WITHOUT_PATH, NO_DURATION, NO_MAINTAINER,
    QUIZ_ANSWER, QUIZ_ID, UNKNOWN_ROLE,
};
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::graph::{Step, StepKind};
use crate::model::{Page, PageId, Site};
use crate::parse::quiz::Quiz;
use crate::source::Span;
use crate::training::time::{computed, declared, shown};
use crate::yaml::{Node, Value};

/// How many times a duration may differ from what is computed.
const TIMES: u32 = 3;

/// Findings about paths and modules.
pub fn check_training(site: &Site) -> Vec<Diagnostic> {
    let mut findings = check_ids(site);
    findings.extend(check_quizzes(site));
    let walked: BTreeSet<PageId> =
        (0..site.pages.len()).flat_map(|id| site.graph.pages_of_path(id)).collect();
    let has_paths = site.pages.iter().any(|page| page.kind == "path");
    for (id, page) in site.pages.iter().enumerate() {
        match page.kind.as_str() {
            "module" => {
                findings.extend(check_duration(site, id));
                findings.extend(check_maintainer(page));
                let is_offered = !matches!(status(page), Some("planned" | "deprecated"));
                if has_paths && is_offered && !walked.contains(&id) {
                    findings.push(
                        at_start(&MODULE_WITHOUT_PATH, page, "no path has this module")
                            .help("name it in a step of a path, or say `status: deprecated`"),
                    );
                }
            }
            "path" => {
                findings.extend(check_steps(page));
                findings.extend(check_maintainer(page));
                findings.extend(check_choices(page, &site.graph.steps[id]));
                findings.extend(check_inactive(site, id));
                findings.extend(check_roles(site, id));
            }
            _ => {}
        }
    }
    findings
}

/// The `status` of a module or path.
fn status(page: &Page) -> Option<&str> {
    page.parsed.front.field("status").and_then(Node::text)
}

/// A finding about a page as a whole: at its title, else at its start.
fn at_start(rule: &'static crate::diagnostic::Rule, page: &Page, message: impl Into<String>) -> Diagnostic {
    let place = page.parsed.front.title.as_ref().map(|title| title.span).unwrap_or_default();
    Diagnostic::new(rule, message).at(&page.parsed.file, place, "")
}

fn check_ids(site: &Site) -> Vec<Diagnostic> {
    let mut first: BTreeMap<String, &Page> = BTreeMap::new();
    let mut findings = Vec::new();
    for page in &site.pages {
        let Some(id) = &page.parsed.front.id else { continue };
        let Some(other) = first.get(&id.value.to_lowercase()) else {
            first.insert(id.value.to_lowercase(), page);
            continue;
        };
        let place = other.parsed.front.id.as_ref().map(|id| id.span).unwrap_or_default();
        let path = other.parsed.file.path();
        let mut finding =
            Diagnostic::new(&ID_TAKEN, format!("the id `{}` is that of `{path}` already", id.value))
                .at(&page.parsed.file, id.span, "")
                .help("give this page an id of its own");
        if other.parsed.file.path() != page.parsed.file.path() {
            finding = finding.and(&other.parsed.file, place, "first here");
        }
        findings.push(finding);
    }
    findings
}

fn check_duration(site: &Site, id: PageId) -> Option<Diagnostic> {
    let page = &site.pages[id];
    let (least, most) = computed(site, id);
    let is_unusable = page.parsed.front.unusable.iter().any(|key| key.value == "duration");
    let Some(said) = declared(page) else {
        if is_unusable || status(page) == Some("planned") {
            return None;
        }
        let message = "the module does not say how long it takes";
        let help = format!("add `duration:`; by what it holds, it takes at least {}", shown(least));
        return Some(at_start(&NO_DURATION, page, message).help(help));
    };
    let (bound, direction, limit) = if said.saturating_mul(TIMES) < least {
        (shown(least), "less than a third of", "at least")
    } else if said > most.saturating_mul(TIMES) {
        (shown(most), "more than three times", "at most")
    } else {
        return None;
    };
    let place = page.parsed.front.field("duration").map(|node| node.span).unwrap_or_default();
    let message = format!("{} is {direction} the {bound} that are computed", shown(said));
    let help = format!("by its words, code, check points and quizzes it takes {limit} {bound}");
    Some(Diagnostic::new(&DURATION_OFF, message).at(&page.parsed.file, place, "").help(help))
}

/// Nobody's name.
fn is_nobody(name: &str) -> bool {
    let name = name.trim().trim_start_matches('@').to_ascii_lowercase();
    matches!(name.as_str(), "" | "tbd" | "todo" | "tba" | "nobody" | "n/a")
}

fn check_maintainer(page: &Page) -> Option<Diagnostic> {
    if page.owners.iter().any(|owner| !is_nobody(owner)) {
        return None;
    }
    let message = format!("nobody maintains this {}", page.kind);
    let help = "name somebody: `owners: [\"@vijay\"]`";
    Some(match page.parsed.front.owners.first() {
        Some(owner) => {
            Diagnostic::new(&NO_MAINTAINER, message).at(&page.parsed.file, owner.span, "").help(help)
        }
        None => at_start(&NO_MAINTAINER, page, message).help(help),
    })
}

/// Steps that name nothing, and keys that no step has.
fn check_steps(page: &Page) -> Vec<Diagnostic> {
    let items = page.parsed.front.field("steps").map(Node::items).unwrap_or_default();
    let mut findings = Vec::new();
    for item in items {
        let entries = item.entries();
        let known: Vec<_> =
            entries.iter().filter(|(key, _)| Step::KEYS.contains(&key.value.as_str())).collect();
        let unknown =
            entries.iter().map(|(key, _)| key).filter(|key| !Step::KEYS.contains(&key.value.as_str()));
        let mut misspelt = false;
        for key in unknown {
            let finding = Diagnostic::new(&INVALID_STEP, format!("a step has no key `{}`", key.value)).at(
                &page.parsed.file,
                key.span,
                "",
            );
            misspelt = true;
            let begun =
                Step::KEYS.into_iter().find(|known| key.value.len() > 1 && known.starts_with(&key.value));
            findings.push(match nearest(&key.value, Step::KEYS).or(begun) {
                Some(near) => finding.meant(near),
                None => finding.help(format!("a step has {}", listed(&Step::KEYS))),
            });
        }
        let names = known.iter().any(|(key, value)| {
            !matches!(key.value.as_str(), "choose" | "optional") && value.value != Value::Null
        });
        let is_text = item.text().is_some_and(|text| !text.trim().is_empty());
        if !names && !is_text && !misspelt {
            findings.push(
                Diagnostic::new(&INVALID_STEP, format!("{} is no step", item.what()))
                    .at(&page.parsed.file, item.span, "")
                    .help("name a page as in `use: module.linux-basics`, or a `checkpoint`"),
            );
        }
    }
    findings
}

/// Choices of more than there is.
fn check_choices(page: &Page, steps: &[Step]) -> Vec<Diagnostic> {
    let too_many = steps.iter().filter_map(|step| match &step.kind {
        StepKind::Take { choose, of } if *choose > of.len() || *choose == 0 => {
            Some((step, *choose, of.len()))
        }
        _ => None,
    });
    too_many
        .map(|(step, choose, of)| {
            Diagnostic::new(&INVALID_STEP, format!("nobody can choose {choose} of {of}"))
                .at(&page.parsed.file, step.span, "")
                .help(format!("write `choose:` with a number from 1 to {of}"))
        })
        .collect()
}

fn check_inactive(site: &Site, path: PageId) -> Vec<Diagnostic> {
    let page = &site.pages[path];
    if !matches!(status(page), None | Some("active")) {
        return Vec::new();
    }
    let steps = site.graph.steps[path].iter().flat_map(Step::pages);
    let inactive = steps.filter_map(|step| {
        let module = &site.pages[step.page?];
        let status = module.parsed.front.field("status").filter(|_| module.kind == "module")?;
        let word = status.text().filter(|word| matches!(*word, "planned" | "deprecated"))?;
        Some((step, module, status.span, word))
    });
    inactive
        .map(|(step, module, place, word)| {
            let message = format!("the module `{}` is {word}, and this path is in use", step.written.value);
            let help = match word {
                "planned" => "finish the module, or take the step out until then",
                _ => "name the module that took its place, or take the step out",
            };
            Diagnostic::new(&INACTIVE_MODULE, message)
                .at(&page.parsed.file, step.written.span, "")
                .and(&module.parsed.file, place, "said here")
                .help(help)
        })
        .collect()
}

fn check_roles(site: &Site, path: PageId) -> Vec<Diagnostic> {
    let page = &site.pages[path];
    let jobs: Vec<&Page> = site.pages.iter().filter(|page| page.kind == "job").collect();
    if jobs.is_empty() {
        return Vec::new();
    }
    let last = |page: &Page| {
        let last = page.url.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        last.trim_end_matches(".html").to_owned()
    };
    let names: Vec<String> = jobs.iter().map(|job| last(job)).collect();
    let unknown = site.graph.roles[path].iter().filter(|role| role.job.is_none());
    unknown
        .map(|role| (&role.written.value, role.written.span))
        .map(|(value, span)| {
            let finding = Diagnostic::new(&UNKNOWN_ROLE, format!("no job describes the role `{value}`")).at(
                &page.parsed.file,
                span,
                "",
            );
            match nearest(value, names.iter().map(String::as_str)) {
                Some(near) => finding.meant(near),
                None => finding.help("name a job by the last part of its address, its `id` or its title"),
            }
        })
        .collect()
}

fn check_quizzes(site: &Site) -> Vec<Diagnostic> {
    let mut first: BTreeMap<&str, (&Page, Span)> = BTreeMap::new();
    let mut findings = Vec::new();
    for page in &site.pages {
        for quiz in &page.parsed.quizzes {
            findings.extend(check_answers(page, quiz));
            for word in &quiz.unknown {
                let finding = Diagnostic::new(&QUIZ_ID, format!("`{}` means nothing here", word.value));
                let help = "behind `[!QUIZ]` stand `id=…`, `pass=` with a share from 0 to 100, and `several`";
                findings.push(finding.at(&page.parsed.file, word.span, "").help(help));
            }
            let Some(id) = &quiz.id else {
                let finding =
                    Diagnostic::new(&QUIZ_ID, "the quiz has no id").at(&page.parsed.file, quiz.span, "");
                findings.push(finding.help("give it one of its own, as in `> [!QUIZ] id=tickets-1`"));
                continue;
            };
            match first.get(id.value.as_str()) {
                None => drop(first.insert(&id.value, (page, id.span))),
                Some((other, place)) => findings.push(
                    Diagnostic::new(&QUIZ_ID, format!("the id `{}` is used by another quiz", id.value))
                        .at(&page.parsed.file, id.span, "")
                        .and(&other.parsed.file, *place, "first here")
                        .help("give this quiz another id"),
                ),
            }
        }
    }
    findings
}

fn check_answers(page: &Page, quiz: &Quiz) -> Vec<Diagnostic> {
    let found = |message: &str, place: Span, help: &str| {
        Diagnostic::new(&QUIZ_ANSWER, message).at(&page.parsed.file, place, "").help(help)
    };
    if quiz.questions.iter().all(|question| question.choices.is_empty()) {
        return vec![found(
            "the quiz has no choices",
            quiz.span,
            "write them as `> - [ ] …`, the right one as `> - [x] …`",
        )];
    }
    let mut findings = Vec::new();
    for question in &quiz.questions {
        let right: Vec<_> = question.choices.iter().filter(|choice| choice.value).collect();
        match right[..] {
            [] if !question.choices.is_empty() => {
                findings.push(found(
                    "no choice of this question is right",
                    question.span,
                    "mark the right one with `[x]`",
                ));
            }
            [_, second, ..] if !quiz.several => findings.push(found(
                "a second choice of this question is right",
                second.span,
                "leave one, or write `several` behind `[!QUIZ]` if more than one may be right",
            )),
            _ => {}
        }
    }
    findings
}

fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
