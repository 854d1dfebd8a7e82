//! Pages of training and jobs: what their templates are told beside the page itself.
//!
//! In: the site with its graph, and what `training` says of it. Out: steps of a path, how a job is
//! learned, facts of a module, the table of skills. Not here: openings.

mod job;
mod path;
mod picture;

use serde::Serialize;
use tera::Context;

use super::context::{Fact, FactValue, LinkEntry, PageContext, Row, TocEntry};
use super::pages::{Filled, plural};
use super::{Links, Renderer};
use crate::diagnostic::Diagnostic;
use crate::model::graph::SkillUse;
use crate::model::outputs::SKILLS;
use crate::model::tags::tag_slug;
use crate::model::{Output, Page, PageId};
use crate::training::time::{of_page, of_path, shown};
use crate::yaml::Node;

/// A page and its table of contents, to be filled.
pub(super) type Told<'t, 's> = (&'t mut PageContext<'s>, &'t mut Vec<TocEntry>);

/// A heading that a template adds.
#[derive(Debug, Serialize)]
pub(super) struct AddedHeading {
    id: String,
    title: String,
}

/// One of `skills`.
#[derive(Debug, Serialize)]
struct SkillRow {
    id: String,
    title: String,
    name: String,
    taught: Vec<FactValue>,
    needed: Vec<FactValue>,
    asked: Vec<FactValue>,
    /// What is missing; may be empty.
    gap: String,
}

impl Renderer<'_> {
    /// A module: its facts, its neighbours on a path, the roles that need it.
    pub(super) fn fill_module(
        &self,
        links: &Links<'_>,
        id: PageId,
        (told, toc): Told<'_, '_>,
        context: &mut Context,
    ) -> &'static str {
        let site = self.site;
        let page = &site.pages[id];
        let own = &site.graph.of_page[id];
        let text = |key: &str| page.parsed.front.field(key).and_then(Node::text);
        let mut takes = shown(of_page(site, id));
        if let Some(level) = text("level") {
            takes = format!("{takes}, {level}");
        }
        let paths: Vec<PageId> = site
            .kinds
            .iter()
            .filter(|kind| kind.kind == "path")
            .flat_map(|kind| kind.pages.clone())
            .collect();
        let on_path = paths.iter().filter_map(|path| Some((*path, self.step_of(*path, id)?)));
        let on_path: Vec<(PageId, usize)> = on_path.collect();
        let part_of = on_path.iter().map(|(path, step)| FactValue {
            note: format!("step {} of {}", step + 1, site.graph.steps[*path].len()),
            ..self.value(links, *path)
        });
        let uses =
            site.graph.edges[id].iter().filter(|(_, kind)| *kind == crate::model::graph::EdgeKind::Uses);
        let facts = [
            fact("Takes", "text", vec![FactValue::new(takes, None)]),
            fact("Needs", "chips", own.needs.iter().map(|skill| self.skill(links, skill)).collect()),
            fact("Teaches", "chips", own.teaches.iter().map(|skill| self.skill(links, skill)).collect()),
            fact("Part of", "text", part_of.collect()),
            fact("Uses", "text", uses.map(|(page, _)| self.value(links, *page)).collect()),
        ];
        let facts = facts.into_iter().filter(|fact| !fact.values.is_empty());
        told.facts.splice(0..0, facts);
        if let Some((path, _)) = on_path.first() {
            let way: Vec<PageId> = site.graph.pages_of_path(*path).collect();
            let at = way.iter().position(|page| *page == id).unwrap_or_default();
            let entry = |id: &PageId| LinkEntry {
                title: site.pages[*id].title.clone(),
                url: links.to(&site.pages[*id].url),
            };
            told.along.clone_from(&site.pages[*path].title);
            told.previous = at.checked_sub(1).and_then(|before| way.get(before)).map(entry);
            told.next = way.get(at + 1).map(entry);
        }
        let roles = self.roles_that_need(links, id);
        let heading = (!roles.is_empty()).then(|| added(page, "Roles that need it"));
        toc.extend(heading.as_ref().map(AddedHeading::entry));
        context.insert("roles_heading", &heading);
        context.insert("roles", &roles);
        "module.html"
    }

    /// Jobs that ask for what a module teaches.
    fn roles_that_need(&self, links: &Links<'_>, module: PageId) -> Vec<Row> {
        let site = self.site;
        let mut roles: Vec<(PageId, Vec<String>)> = Vec::new();
        for skill in &site.graph.of_page[module].teaches {
            let asked = site.graph.skills.get(&skill.name).map(|skill| skill.required_by.as_slice());
            for (job, level) in asked.unwrap_or_default() {
                let note = leveled(&skill.name, *level);
                match roles.iter_mut().find(|(known, _)| known == job) {
                    Some((_, notes)) => notes.push(note),
                    None => roles.push((*job, vec![note])),
                }
            }
        }
        roles.into_iter().map(|(job, notes)| Row { note: notes.join("; "), ..self.row(links, job) }).collect()
    }

    /// The step of a path that names a page, counted from 0.
    fn step_of(&self, path: PageId, page: PageId) -> Option<usize> {
        let names =
            |step: &crate::model::graph::Step| step.pages().iter().any(|step| step.page == Some(page));
        self.site.graph.steps[path].iter().position(names)
    }

    /// A page as a value: its title, its address, how far it can be trusted.
    fn value(&self, links: &Links<'_>, page: PageId) -> FactValue {
        let state = self.verdicts.as_ref().and_then(|verdicts| verdicts.mark(page));
        let page = &self.site.pages[page];
        FactValue { state, ..FactValue::new(page.title.as_str(), Some(links.to(&page.url))) }
    }

    /// A skill as a value that leads to its line in the table of skills.
    fn skill(&self, links: &Links<'_>, skill: &SkillUse) -> FactValue {
        FactValue::new(leveled(&skill.name, skill.level), self.skill_url(links, &skill.name))
    }

    fn skill_url(&self, links: &Links<'_>, name: &str) -> Option<String> {
        let is_there = self.site.outputs.get(SKILLS) == Some(&Output::Skills);
        is_there.then(|| format!("{}#{}", links.to(SKILLS), tag_slug(name)))
    }

    /// Every skill: who teaches it, what needs it, who asks for it.
    pub(super) fn skills(&self, links: &Links<'_>) -> Result<Filled, Box<Diagnostic>> {
        let graph = &self.site.graph;
        let named = |pages: &[(PageId, u8)], with_time: bool| -> Vec<FactValue> {
            let value = |(page, level): &(PageId, u8)| {
                let time =
                    if with_time { format!(", {}", shown(of_page(self.site, *page))) } else { String::new() };
                let note = format!("level {level}{time}");
                let value = self.value(links, *page);
                FactValue { note, state: value.state.filter(|_| with_time), ..value }
            };
            pages.iter().map(value).collect()
        };
        let row = |(name, skill): (&String, &crate::model::graph::Skill)| {
            let highest =
                |pages: &[(PageId, u8)]| pages.iter().map(|(_, level)| *level).max().unwrap_or_default();
            let taught = highest(&skill.taught_by);
            let asked = highest(&skill.needed_by).max(highest(&skill.required_by));
            SkillRow {
                id: tag_slug(name),
                title: readable(name),
                name: name.clone(),
                taught: named(&skill.taught_by, true),
                needed: named(&skill.needed_by, false),
                asked: named(&skill.required_by, false),
                gap: match (taught, asked) {
                    (0, _) => "no module yet".to_owned(),
                    (taught, asked) if taught < asked => {
                        format!("taught to level {taught}, asked for at {asked}")
                    }
                    _ => String::new(),
                },
            }
        };
        let rows: Vec<SkillRow> = graph.skills.iter().map(row).collect();
        let gaps = rows.iter().filter(|row| !row.gap.is_empty()).count();
        let mut context = self.list(links, None)?;
        let mut view = self.view("Skills", SKILLS);
        view.lead = match gaps {
            0 => format!("{}, each with the modules that teach it.", plural(rows.len(), "skill")),
            _ => format!("{}, {} among them.", plural(rows.len(), "skill"), plural(gaps, "gap")),
        };
        "module".clone_into(&mut view.menu);
        context.insert("view", &view);
        context.insert("crumbs", &self.crumbs(links, None));
        context.insert("skills", &rows);
        Ok(("skills.html", context))
    }

    /// What a list of pages says of one of training or jobs: how long it takes, until when it is open.
    pub(super) fn list_note(&self, id: PageId) -> String {
        let site = self.site;
        let page = &site.pages[id];
        match page.kind.as_str() {
            "module" => shown(of_page(site, id)),
            "path" => format!("{}, {}", plural(site.graph.steps[id].len(), "step"), shown(of_path(site, id))),
            "job" => job::list_note(site, id),
            "opening" => super::opening::list_note(page, &site.today),
            _ => String::new(),
        }
    }
}

impl AddedHeading {
    fn entry(&self) -> TocEntry {
        TocEntry { title: self.title.clone(), url: format!("#{}", self.id), children: Vec::new() }
    }
}

/// A heading with an id that no heading of the page has.
fn added(page: &Page, title: &str) -> AddedHeading {
    let mut id = tag_slug(title);
    while page.parsed.headings.iter().any(|heading| heading.id == id) {
        id.push_str("-2");
    }
    AddedHeading { id, title: title.to_owned() }
}

fn fact(label: &str, form: &'static str, values: Vec<FactValue>) -> Fact {
    Fact { label: label.to_owned(), form, values }
}

/// A skill for people: `skill.writing-runbooks` is `Writing runbooks`.
fn readable(name: &str) -> String {
    let bare = name.strip_prefix("skill.").unwrap_or(name).replace(['-', '_', '.'], " ");
    let mut letters = bare.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A skill with its level, if that is not the first.
fn leveled(name: &str, level: u8) -> String {
    match level {
        1 => readable(name),
        level => format!("{}, level {level}", readable(name)),
    }
}
