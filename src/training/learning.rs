//! How a job is learned: the modules behind each skill that it asks for, the paths that lead to it, and
//! what is new from one of its levels to the next.
//!
//! In: the site with its graph. Out: [`Lesson`]s. Not here: how far the modules can be trusted, and
//! their pages (`render`).

use std::collections::{BTreeMap, BTreeSet};

use super::time::of_page;
use crate::model::graph::SkillUse;
use crate::model::{Page, PageId, Site};
use crate::yaml::Node;

/// A skill that somebody asks for, and where it is taught.
#[derive(Clone, Debug)]
pub struct Lesson<'s> {
    /// The skill, as it is asked for.
    pub skill: &'s SkillUse,
    /// Modules, level by level. Of those of one level any will do; the one to take stands first.
    pub modules: Vec<Vec<PageId>>,
    /// The highest level that they teach; 0: there is none.
    pub reached: u8,
}

/// What is new from one level of a job to the next.
#[derive(Clone, Debug)]
pub struct Rise<'s> {
    /// The lower level.
    pub from: &'s str,
    /// The higher one.
    pub to: &'s str,
    /// What it takes.
    pub lessons: Vec<Lesson<'s>>,
}

impl Lesson<'_> {
    /// The modules to take.
    pub fn taken(&self) -> impl Iterator<Item = PageId> + '_ {
        self.modules.iter().filter_map(|same| same.first().copied())
    }

    /// Whether nothing here teaches as much as is asked for.
    pub fn is_gap(&self) -> bool {
        self.reached < self.skill.level
    }
}

/// The lessons of a job, one for each skill that it asks for from the beginning.
pub fn lessons(site: &Site, job: PageId) -> Vec<Lesson<'_>> {
    let preferred = preferred(site, job);
    let asked = site.graph.of_page[job].at_start();
    asked.iter().map(|skill| lesson(site, skill, 0, &preferred)).collect()
}

/// What is new from each level of a job to the next, for those that say it.
pub fn rises(site: &Site, job: PageId) -> Vec<Rise<'_>> {
    let own = &site.graph.of_page[job];
    let preferred = preferred(site, job);
    let mut known: BTreeMap<&str, u8> = BTreeMap::new();
    let first = own.levels.first().map(|level| level.requires.as_slice()).unwrap_or_default();
    for skill in own.at_start().iter().chain(first) {
        let level = known.entry(&skill.name).or_default();
        *level = skill.level.max(*level);
    }
    let mut rises = Vec::new();
    for (lower, higher) in own.levels.iter().zip(own.levels.iter().skip(1)) {
        let mut lessons = Vec::new();
        for skill in &higher.requires {
            let had = known.insert(&skill.name, skill.level).unwrap_or_default();
            if had < skill.level {
                lessons.push(lesson(site, skill, had, &preferred));
            }
        }
        if !lessons.is_empty() {
            rises.push(Rise { from: &lower.name, to: &higher.name, lessons });
        }
    }
    rises
}

/// Paths that lead to a job and are in use.
pub fn paths_to(site: &Site, job: PageId) -> Vec<PageId> {
    let leads = |path: &PageId| site.graph.roles[*path].iter().any(|role| role.job == Some(job));
    (0..site.pages.len()).filter(|page| leads(page) && is_in_use(&site.pages[*page])).collect()
}

/// Minutes of the modules of some lessons, each taken once.
pub fn minutes(site: &Site, lessons: &[Lesson<'_>]) -> u32 {
    let modules: BTreeSet<PageId> = lessons.iter().flat_map(Lesson::taken).collect();
    modules.into_iter().map(|module| of_page(site, module)).sum()
}

/// Whether one can learn with a module or path now.
pub fn is_in_use(page: &Page) -> bool {
    let status = page.parsed.front.field("status").and_then(Node::text);
    !matches!(status, Some("planned" | "deprecated"))
}

/// The modules of the paths that lead to a job.
fn preferred(site: &Site, job: PageId) -> BTreeSet<PageId> {
    paths_to(site, job).into_iter().flat_map(|path| site.graph.pages_of_path(path)).collect()
}

/// The modules that lead from the level `had` to the one that is asked for: one for each level up to it,
/// or the nearest above where none ends there.
fn lesson<'s>(site: &Site, skill: &'s SkillUse, had: u8, preferred: &BTreeSet<PageId>) -> Lesson<'s> {
    let taught_by = site.graph.skills.get(&skill.name).map(|skill| skill.taught_by.as_slice());
    let mut by_level: BTreeMap<u8, Vec<PageId>> = BTreeMap::new();
    for (module, level) in taught_by.unwrap_or_default() {
        if *level > had && is_in_use(&site.pages[*module]) {
            by_level.entry(*level).or_default().push(*module);
        }
    }
    for same in by_level.values_mut() {
        same.sort_by_key(|module| (!preferred.contains(module), *module));
    }
    let enough = by_level.range(skill.level..).next().map(|(level, _)| *level);
    let last = enough.unwrap_or(skill.level);
    let modules: BTreeMap<u8, Vec<PageId>> =
        by_level.into_iter().filter(|(level, _)| *level < skill.level || *level == last).collect();
    let reached = modules.keys().next_back().copied().unwrap_or(had);
    Lesson { skill, modules: modules.into_values().collect(), reached }
}
