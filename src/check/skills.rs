//! Skills: what modules need and teach, and what jobs require.
//!
//! In: the site with its graph. Out: findings about skills that nobody can get, or not in the order of
//! a path.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::rules::training::{
    INVALID_SKILL, NEEDS_CIRCLE, SKILL_BEYOND_ROLE, SKILL_NOT_TAUGHT, SKILL_TOO_EARLY, SKILL_TWICE,
};
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::graph::{SkillUse, Step, parse_level, split_level};
use crate::model::{Page, PageId, Site};
use crate::yaml::Node;

/// Edges of a circle that are printed; nobody reads more of them.
const EDGES: usize = 12;
/// The front matter keys that hold skills, by the kind of page that has them.
const KEYS: [(&str, &str); 3] = [("module", "needs"), ("module", "teaches"), ("job", "requires")];

/// Findings about skills.
pub fn check_skills(site: &Site) -> Vec<Diagnostic> {
    let mut findings = check_circles(site);
    let taught: Vec<&str> = site
        .graph
        .skills
        .iter()
        .filter(|(_, skill)| !skill.taught_by.is_empty())
        .map(|(name, _)| name.as_str())
        .collect();
    for (id, page) in site.pages.iter().enumerate() {
        for (kind, key) in KEYS {
            if let Some(node) = page.parsed.front.field(key).filter(|_| page.kind == kind) {
                findings.extend(check_list(page, key, node));
            }
        }
        let levels = page.parsed.front.field("levels").filter(|_| page.kind == "job");
        for level in levels.map(Node::items).unwrap_or_default() {
            if let Some(node) = level.get("requires") {
                findings.extend(check_list(page, "requires", node));
            }
        }
        let own = &site.graph.of_page[id];
        for asked in own.needs.iter().chain(&own.requires) {
            findings.extend(check_taught(site, page, asked, &taught));
        }
        if page.kind == "path" {
            findings.extend(check_order(site, id));
            findings.extend(check_beyond(site, id));
        }
    }
    findings
}

/// Levels that are none, names that are missing, and skills that stand twice.
fn check_list(page: &Page, key: &str, node: &Node) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<&str, &Node> = BTreeMap::new();
    let mut findings = Vec::new();
    for item in node.items() {
        let Some(text) = item.text() else { continue };
        let (name, level) = split_level(text);
        let found =
            |message: String| Diagnostic::new(&INVALID_SKILL, message).at(&page.parsed.file, item.span, "");
        if name.is_empty() {
            findings.push(
                found(format!("`{key}` names a skill without a name")).help("write it as in `skill.linux`"),
            );
            continue;
        }
        if let Some(level) = level.filter(|level| parse_level(level).is_none()) {
            findings
                .push(found(format!("`{level}` is no level of a skill")).help(format!(
                    "write a number from 1 to 9, as in `{name}@2`, or no level for the first"
                )));
        }
        if let Some(first) = seen.get(name) {
            findings.push(
                Diagnostic::new(&SKILL_TWICE, format!("`{key}` names `{name}` twice"))
                    .at(&page.parsed.file, item.span, "a second time")
                    .and(&page.parsed.file, first.span, "first here")
                    .help("keep one of the two"),
            );
        }
        seen.entry(name).or_insert(item);
    }
    findings
}

fn check_taught(site: &Site, page: &Page, asked: &SkillUse, taught: &[&str]) -> Option<Diagnostic> {
    if site.graph.teachers(&asked.name, asked.level).next().is_some() {
        return None;
    }
    let best = site
        .graph
        .skills
        .get(&asked.name)
        .and_then(|skill| skill.taught_by.iter().map(|(_, level)| *level).max());
    let finding =
        |message: String| Diagnostic::new(&SKILL_NOT_TAUGHT, message).at(&page.parsed.file, asked.span, "");
    if let Some(best) = best {
        let help = format!("add a module with `teaches: [{asked}]`, or ask for less");
        return Some(finding(format!("nothing teaches `{}` beyond level {best}", asked.name)).help(help));
    }
    let finding = finding(format!("nothing teaches `{}`", asked.name));
    Some(match nearest(&asked.name, taught.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help(format!("add a module with `teaches: [{}]`", asked.name)),
    })
}

/// Circles of needs, each with all its edges.
fn check_circles(site: &Site) -> Vec<Diagnostic> {
    let name = |page: PageId| {
        let page = &site.pages[page];
        page.parsed.front.id.as_ref().map_or(page.parsed.content_path.as_str(), |id| id.value.as_str())
    };
    let finding = |circle: Vec<(PageId, &SkillUse)>| {
        let (first, need) = circle[0];
        let next = circle.iter().skip(1).chain(&circle[..1]);
        let edges = circle.iter().zip(next);
        let edge = |((page, need), (next, _)): (&(PageId, &SkillUse), &(PageId, &SkillUse))| {
            format!("`{}` needs `{need}` from `{}`", name(*page), name(*next))
        };
        let mut way: Vec<String> = edges.take(EDGES).map(edge).collect();
        if circle.len() > EDGES {
            way.push(format!("and so on through {} more modules back to it", circle.len() - EDGES));
        }
        let message = format!("nobody can begin: {}", way.join(", "));
        let mut finding =
            Diagnostic::new(&NEEDS_CIRCLE, message).at(&site.pages[first].parsed.file, need.span, "");
        for (page, need) in circle.iter().skip(1).take(EDGES) {
            finding = finding.and(&site.pages[*page].parsed.file, need.span, "and needed here");
        }
        finding.help("take one of these needs away, or teach the skill in a module outside the circle")
    };
    site.graph.circles().into_iter().map(finding).collect()
}

/// Skills that a step needs and only a later one teaches.
fn check_order(site: &Site, path: PageId) -> Vec<Diagnostic> {
    let graph = &site.graph;
    let mut known: BTreeMap<&str, u8> = BTreeMap::new();
    let mut findings = Vec::new();
    let steps = &graph.steps[path];
    for (at, step) in steps.iter().enumerate() {
        for taken in step.pages() {
            let Some(module) = taken.page else { continue };
            for need in &graph.of_page[module].needs {
                if known.get(need.name.as_str()).is_some_and(|level| *level >= need.level) {
                    continue;
                }
                let teaches = |page: PageId| {
                    page != module
                        && graph.of_page[page]
                            .teaches
                            .iter()
                            .any(|t| t.name == need.name && t.level >= need.level)
                };
                let later =
                    steps[at + 1..].iter().flat_map(Step::pages).find(|step| step.page.is_some_and(teaches));
                let Some(later) = later else { continue };
                let message = format!(
                    "`{}` needs `{}`, which only a later step teaches",
                    taken.written.value, need.name
                );
                let file = &site.pages[path].parsed.file;
                findings.push(
                    Diagnostic::new(&SKILL_TOO_EARLY, message)
                        .at(file, taken.written.span, "")
                        .and(file, later.written.span, "taught here")
                        .help(format!("put `{}` before it", later.written.value)),
                );
            }
        }
        for module in step.pages().iter().filter_map(|step| step.page) {
            for skill in &graph.of_page[module].teaches {
                let level = known.entry(&skill.name).or_default();
                *level = skill.level.max(*level);
            }
        }
    }
    findings
}

/// Skills that a path teaches and none of its roles asks for.
fn check_beyond(site: &Site, path: PageId) -> Vec<Diagnostic> {
    let graph = &site.graph;
    let jobs: Vec<PageId> = graph.roles[path].iter().filter_map(|role| role.job).collect();
    if jobs.is_empty() || graph.roles[path].iter().any(|role| role.job.is_none()) {
        return Vec::new();
    }
    let modules: Vec<PageId> = graph.pages_of_path(path).collect();
    let asked: BTreeSet<&str> = jobs
        .iter()
        .flat_map(|job| &graph.of_page[*job].requires)
        .chain(modules.iter().flat_map(|module| &graph.of_page[*module].needs))
        .map(|skill| skill.name.as_str())
        .collect();
    let whose = match jobs[..] {
        [job] => format!("{} does not ask for", site.pages[job].title),
        _ => "none of its roles asks for".to_owned(),
    };
    let mut findings = Vec::new();
    for step in graph.steps[path].iter().filter(|step| !step.optional) {
        for taken in step.pages() {
            let taught = taken.page.map(|page| graph.of_page[page].teaches.as_slice()).unwrap_or_default();
            for skill in taught.iter().filter(|skill| !asked.contains(skill.name.as_str())) {
                let message = format!("`{}` teaches `{}`, which {whose}", taken.written.value, skill.name);
                findings.push(
                    Diagnostic::new(&SKILL_BEYOND_ROLE, message)
                        .at(&site.pages[path].parsed.file, taken.written.span, "")
                        .help("add the skill to `requires` of the job, or say `optional: true` in the step"),
                );
            }
        }
    }
    findings
}
