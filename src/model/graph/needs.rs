//! What has to be learned before what: the modules behind each need, and circles among them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Graph, PageId, SkillUse};

/// Modules that wait for each other: each with the need that the next one, and in the end the first
/// again, would fill.
pub type Circle<'g> = Vec<(PageId, &'g SkillUse)>;

impl Graph {
    /// Modules that nobody can ever begin, since each waits for another. A need that several modules
    /// fill is no hindrance while one of them can be taken; one that nobody fills has a finding of its
    /// own and counts as filled here.
    pub fn circles(&self) -> Vec<Circle<'_>> {
        let open = self.never_begun();
        let mut seen: BTreeSet<PageId> = BTreeSet::new();
        let mut circles = Vec::new();
        for start in &open {
            let mut way: Circle<'_> = Vec::new();
            let mut at = *start;
            while seen.insert(at) {
                let Some((need, next)) = self.blocked_by(at, &open) else { break };
                way.push((at, need));
                at = next;
            }
            if let Some(from) = way.iter().position(|(page, _)| *page == at) {
                circles.push(way.split_off(from));
            }
        }
        circles
    }

    /// Modules that wait for another one that is never begun either.
    fn never_begun(&self) -> BTreeSet<PageId> {
        let mut reached: BTreeMap<&str, u8> = BTreeMap::new();
        let mut open: BTreeSet<PageId> = self
            .of_page
            .iter()
            .enumerate()
            .filter(|(_, own)| !own.needs.is_empty())
            .map(|(id, _)| id)
            .collect();
        let free =
            self.of_page.iter().enumerate().filter(|(id, own)| !open.contains(id) && !own.teaches.is_empty());
        let mut done: Vec<PageId> = free.map(|(id, _)| id).collect();
        let waiting: Vec<PageId> = open.iter().copied().collect();
        for id in waiting {
            if self.can_begin(id, &reached) && open.remove(&id) {
                done.push(id);
            }
        }
        while let Some(id) = done.pop() {
            for skill in &self.of_page[id].teaches {
                let level = reached.entry(&skill.name).or_default();
                if *level >= skill.level {
                    continue;
                }
                *level = skill.level;
                let needed_by = self.skills.get(&skill.name).map(|skill| skill.needed_by.as_slice());
                for (module, _) in needed_by.unwrap_or_default() {
                    if open.contains(module) && self.can_begin(*module, &reached) {
                        open.remove(module);
                        done.push(*module);
                    }
                }
            }
        }
        open
    }

    fn can_begin(&self, module: PageId, reached: &BTreeMap<&str, u8>) -> bool {
        self.of_page[module].needs.iter().all(|need| {
            reached.get(need.name.as_str()).is_some_and(|level| *level >= need.level)
                || self.teachers(&need.name, need.level).next().is_none()
        })
    }

    /// The first need of a module that only modules of `open` fill, and the first of those.
    fn blocked_by(&self, module: PageId, open: &BTreeSet<PageId>) -> Option<(&SkillUse, PageId)> {
        self.of_page[module].needs.iter().find_map(|need| {
            let mut teachers = self.teachers(&need.name, need.level).peekable();
            let first = *teachers.peek()?;
            teachers.all(|teacher| open.contains(&teacher)).then_some((need, first))
        })
    }

    /// The modules that fill the needs of a module, sorted, itself left out.
    pub fn before(&self, module: PageId) -> BTreeSet<PageId> {
        let needs = self.of_page[module].needs.iter();
        needs.flat_map(|need| self.teachers(&need.name, need.level)).filter(|page| *page != module).collect()
    }
}
