//! The one graph from ticket to job: what pages stand on, and the skills that join them.
//!
//! In: the pages with their links resolved. Out: the [`Graph`]: steps, `uses` and links between pages,
//! and by skill who needs, teaches and requires it. Freshness, the checks of training and jobs, and
//! their pages all read this one. Nothing includes one page into another, so there is no such edge.

mod needs;
mod steps;

use std::collections::{BTreeMap, BTreeSet};

use super::names::PageNames;
use super::{Page, PageId, Site, Target};
use crate::source::{Span, Spanned};
use crate::yaml::Node;
pub use steps::{Step, StepKind, StepPage};

/// How one page stands on another, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKind {
    /// A step of a path.
    Step,
    /// `uses`.
    Uses,
    /// A link in its text.
    Link,
}

/// What pages stand on, and the skills that join them.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// By page: the pages it stands on, each once by its strongest edge, sorted by page.
    pub edges: Vec<Vec<(PageId, EdgeKind)>>,
    /// By page: the steps of a path, in order; of other kinds none.
    pub steps: Vec<Vec<Step>>,
    /// By page: the skills that its front matter names.
    pub of_page: Vec<PageSkills>,
    /// Every skill that is named anywhere, by name.
    pub skills: BTreeMap<String, Skill>,
    /// By page: the jobs that a path leads to, in the order of its `roles`; of other kinds none.
    pub roles: Vec<Vec<Role>>,
}

/// The skills that a page names, each in the order written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageSkills {
    /// What one must have before a module.
    pub needs: Vec<SkillUse>,
    /// What one has after it.
    pub teaches: Vec<SkillUse>,
    /// What a job asks for: what it does from the beginning, then what each of its levels adds.
    pub requires: Vec<SkillUse>,
    /// The levels of a job, lowest first.
    pub levels: Vec<JobLevel>,
}

/// A level of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobLevel {
    /// For people.
    pub name: String,
    /// What it asks for beside the levels below it.
    pub requires: Vec<SkillUse>,
}

impl PageSkills {
    /// What a job asks for at every level.
    pub fn at_start(&self) -> &[SkillUse] {
        let added: usize = self.levels.iter().map(|level| level.requires.len()).sum();
        &self.requires[..self.requires.len().saturating_sub(added)]
    }
}

/// A skill as a page names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkillUse {
    /// Without its level: `skill.linux`.
    pub name: String,
    /// The number behind `@`; without one it is the first.
    pub level: u8,
    /// Where it is written.
    pub span: Span,
}

/// Who needs, teaches and requires a skill: pages and levels, sorted by page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skill {
    /// Modules.
    pub needed_by: Vec<(PageId, u8)>,
    /// Modules.
    pub taught_by: Vec<(PageId, u8)>,
    /// Jobs.
    pub required_by: Vec<(PageId, u8)>,
}

/// A role that a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// As written.
    pub written: Spanned<String>,
    /// The job that it means.
    pub job: Option<PageId>,
}

impl Graph {
    /// The graph of a site whose links are resolved.
    pub fn of(site: &Site) -> Self {
        let names = PageNames::new(site);
        let mut graph = Self::default();
        let jobs = jobs_by_name(&site.pages);
        for (id, page) in site.pages.iter().enumerate() {
            let mut steps = match page.parsed.front.field("steps").filter(|_| page.kind == "path") {
                Some(node) => steps::read(node, page, &names),
                None => Vec::new(),
            };
            let is_optional = |step: &StepPage| {
                let node = step.page.and_then(|page| site.pages[page].parsed.front.field("optional"));
                node.and_then(Node::text) == Some("true")
            };
            for step in &mut steps {
                step.optional |= !step.pages().is_empty() && step.pages().iter().all(is_optional);
            }
            let walked = steps.iter().flat_map(Step::pages).filter_map(|step| step.page);
            let mut edges: BTreeSet<(PageId, EdgeKind)> = walked.map(|to| (to, EdgeKind::Step)).collect();
            let uses = page.parsed.front.field("uses").map(Node::items).unwrap_or_default();
            let uses = uses.iter().filter_map(|node| names.find(node.text()?.trim(), Some(page)));
            edges.extend(uses.map(|to| (to, EdgeKind::Uses)));
            let links = page.links.iter().filter_map(|target| match target {
                Target::Page { page, .. } => Some((*page, EdgeKind::Link)),
                _ => None,
            });
            edges.extend(links);
            let mut edges: Vec<_> = edges.into_iter().filter(|(to, _)| *to != id).collect();
            edges.dedup_by_key(|(to, _)| *to);
            graph.edges.push(edges);
            graph.steps.push(steps);
            graph.add_skills(id, page);
            graph.roles.push(roles(page, &jobs));
        }
        graph
    }

    fn add_skills(&mut self, id: PageId, page: &Page) {
        let read = |kind: &str, field: &str| match page.parsed.front.field(field) {
            Some(node) if page.kind == kind => node.items().iter().filter_map(SkillUse::read).collect(),
            _ => Vec::new(),
        };
        let mut own = PageSkills {
            needs: read("module", "needs"),
            teaches: read("module", "teaches"),
            requires: read("job", "requires"),
            levels: levels(page),
        };
        own.requires.extend(own.levels.iter().flat_map(|level| level.requires.clone()));
        let mut add = |uses: &[SkillUse], list: fn(&mut Skill) -> &mut Vec<(PageId, u8)>| {
            for skill in uses {
                let list = list(self.skills.entry(skill.name.clone()).or_default());
                match list.last_mut().filter(|(page, _)| *page == id) {
                    Some((_, level)) => *level = skill.level.max(*level),
                    None => list.push((id, skill.level)),
                }
            }
        };
        add(&own.needs, |skill| &mut skill.needed_by);
        add(&own.teaches, |skill| &mut skill.taught_by);
        add(&own.requires, |skill| &mut skill.required_by);
        self.of_page.push(own);
    }

    /// The pages of a path's steps, in order; of a choice all.
    pub fn pages_of_path(&self, path: PageId) -> impl Iterator<Item = PageId> {
        self.steps[path].iter().flat_map(Step::pages).filter_map(|step| step.page)
    }

    /// The steps of a path that name no page.
    pub fn missing_steps(&self, path: PageId) -> impl Iterator<Item = &Spanned<String>> {
        let pages = self.steps[path].iter().flat_map(Step::pages);
        pages.filter(|step| step.page.is_none()).map(|step| &step.written)
    }

    /// Modules that teach a skill at least at this level, in the order of the pages.
    pub fn teachers(&self, skill: &str, level: u8) -> impl Iterator<Item = PageId> {
        let taught = self.skills.get(skill).map(|skill| skill.taught_by.as_slice()).unwrap_or_default();
        taught.iter().filter(move |(_, taught)| *taught >= level).map(|(page, _)| *page)
    }
}

impl SkillUse {
    /// Reads `skill.linux@2`; a level that is no number from 1 to 9 counts as the first, and a check
    /// says so.
    fn read(node: &Node) -> Option<Self> {
        let (name, level) = split_level(node.text()?);
        let level = level.map_or(1, |level| parse_level(level).unwrap_or(1));
        (!name.is_empty()).then(|| Self { name: name.to_owned(), level, span: node.span })
    }
}

impl std::fmt::Display for SkillUse {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.level {
            1 => out.write_str(&self.name),
            level => write!(out, "{}@{level}", self.name),
        }
    }
}

/// A skill's name, and what stands behind its `@`.
pub fn split_level(written: &str) -> (&str, Option<&str>) {
    match written.trim().split_once('@') {
        Some((name, level)) => (name.trim(), Some(level.trim())),
        None => (written.trim(), None),
    }
}

/// A level: one digit, not zero.
pub fn parse_level(text: &str) -> Option<u8> {
    text.parse().ok().filter(|level| (1..=9).contains(level))
}

/// The levels of a job: names, or groups of `name` and `requires`.
fn levels(page: &Page) -> Vec<JobLevel> {
    let field = page.parsed.front.field("levels").filter(|_| page.kind == "job");
    let level = |(at, node): (usize, &Node)| {
        let name = node.text().or_else(|| node.get("name")?.text()).map(str::trim);
        let requires = node.get("requires").map(Node::items).unwrap_or_default();
        JobLevel {
            name: name.map_or_else(|| format!("Level {}", at + 1), str::to_owned),
            requires: requires.iter().filter_map(SkillUse::read).collect(),
        }
    };
    field.map(Node::items).unwrap_or_default().iter().enumerate().map(level).collect()
}

/// Jobs by what `roles` may call them: id, last part of the address, title.
fn jobs_by_name(pages: &[Page]) -> BTreeMap<String, PageId> {
    let mut jobs = BTreeMap::new();
    for (id, page) in pages.iter().enumerate().filter(|(_, page)| page.kind == "job") {
        let own = page.parsed.front.id.as_ref().map(|id| id.value.as_str());
        let last = page.url.trim_end_matches('/').rsplit('/').next();
        let last = last.map(|last| last.trim_end_matches(".html"));
        for name in own.into_iter().chain(last).chain([page.title.as_str()]) {
            jobs.entry(name.to_lowercase()).or_insert(id);
        }
    }
    jobs
}

fn roles(page: &Page, jobs: &BTreeMap<String, PageId>) -> Vec<Role> {
    let Some(node) = page.parsed.front.field("roles").filter(|_| page.kind == "path") else {
        return Vec::new();
    };
    let role = |node: &Node| {
        let text = node.text().map(str::trim).filter(|text| !text.is_empty())?;
        let bare = text.trim_end_matches(".md").rsplit('/').next().unwrap_or(text);
        let job = jobs.get(&text.to_lowercase()).or_else(|| jobs.get(&bare.to_lowercase()));
        Some(Role { written: Spanned { value: text.to_owned(), span: node.span }, job: job.copied() })
    };
    node.items().iter().filter_map(role).collect()
}
