//! The page of a job: how it is learned here, from one level to the next, and who is looked for.

use serde::Serialize;
use tera::Context;

use super::super::context::{FactValue, Row};
use super::super::pages::plural;
use super::super::trust::StateMark;
use super::super::{Links, Renderer};
use super::{AddedHeading, Told, added, fact, readable};
use crate::model::{PageId, Site};
use crate::training::learning::{Lesson, lessons, minutes, paths_to, rises};
use crate::training::opening::Opening;
use crate::training::time::{of_page, of_path, of_paths, shown};
use crate::yaml::Node;

/// `job`.
#[derive(Debug, Serialize)]
struct JobContext {
    heading: Option<AddedHeading>,
    /// How long all of it takes; may be empty.
    time: String,
    paths: Vec<Row>,
    lessons: Vec<LessonContext>,
    gaps: Vec<String>,
    rises: Vec<RiseContext>,
}

#[derive(Debug, Serialize)]
struct LessonContext {
    skill: FactValue,
    level: u8,
    /// Modules, one list for each that is to be taken: those in a list are a choice.
    modules: Vec<Vec<FactValue>>,
    time: String,
    state: Option<StateMark>,
    is_gap: bool,
}

#[derive(Debug, Serialize)]
struct RiseContext {
    from: String,
    to: String,
    lessons: Vec<LessonContext>,
    time: String,
}

impl Renderer<'_> {
    pub(in crate::render) fn fill_job(
        &self,
        links: &Links<'_>,
        id: PageId,
        (told, toc): Told<'_, '_>,
        context: &mut Context,
    ) -> &'static str {
        let site = self.site;
        let page = &site.pages[id];
        let levels =
            site.graph.of_page[id].levels.iter().map(|level| FactValue::new(level.name.as_str(), None));
        let facts =
            [fact("Levels", "text", levels.collect()), fact("Openings", "text", self.openings(links, id))];
        told.facts.splice(0..0, facts.into_iter().filter(|fact| !fact.values.is_empty()));
        let all = lessons(site, id);
        let rises = rises(site, id);
        let paths = paths_to(site, id);
        let has_any = !all.is_empty() || !paths.is_empty() || !rises.is_empty();
        let heading = has_any.then(|| added(page, "How you learn this here"));
        toc.extend(heading.as_ref().map(AddedHeading::entry));
        let time = if paths.is_empty() { minutes(site, &all) } else { of_paths(site, &paths) };
        let gap = |lesson: &&Lesson<'_>| lesson.is_gap();
        let gaps = all.iter().chain(rises.iter().flat_map(|rise| &rise.lessons)).filter(gap);
        let job = JobContext {
            heading,
            time: if time > 0 { shown(time) } else { String::new() },
            paths: paths
                .iter()
                .map(|path| Row {
                    note: shown(of_path(site, *path)),
                    text: site.pages[*path]
                        .parsed
                        .front
                        .field("outcome")
                        .and_then(Node::text)
                        .unwrap_or_default()
                        .to_owned(),
                    ..self.row(links, *path)
                })
                .collect(),
            gaps: gaps.map(gap_in_words).collect(),
            lessons: all.iter().map(|lesson| self.lesson(links, lesson)).collect(),
            rises: rises
                .iter()
                .map(|rise| RiseContext {
                    from: rise.from.to_owned(),
                    to: rise.to.to_owned(),
                    lessons: rise.lessons.iter().map(|lesson| self.lesson(links, lesson)).collect(),
                    time: shown(minutes(site, &rise.lessons)),
                })
                .collect(),
        };
        context.insert("job", &job);
        "job.html"
    }

    fn lesson(&self, links: &Links<'_>, lesson: &Lesson<'_>) -> LessonContext {
        let time: u32 = lesson.taken().map(|module| of_page(self.site, module)).sum();
        let value = |module: &PageId| FactValue { state: None, ..self.value(links, *module) };
        LessonContext {
            skill: FactValue::new(readable(&lesson.skill.name), self.skill_url(links, &lesson.skill.name)),
            level: lesson.skill.level,
            modules: lesson.modules.iter().map(|same| same.iter().map(value).collect()).collect(),
            time: if time > 0 { shown(time) } else { String::new() },
            state: self.worst(lesson.taken()),
            is_gap: lesson.is_gap(),
        }
    }

    /// Openings for a job that are still open.
    fn openings(&self, links: &Links<'_>, job: PageId) -> Vec<FactValue> {
        let site = self.site;
        let openings = site.kinds.iter().filter(|kind| kind.kind == "opening").flat_map(|kind| &kind.pages);
        let open = openings.filter_map(|id| {
            let page = &site.pages[*id];
            let said = page.parsed.front.field("job").and_then(Node::text)?;
            let is_ours = self.names.find(said, Some(page)) == Some(job);
            let opening = Opening::of(page);
            if !is_ours || !opening.is_open(&site.today) {
                return None;
            }
            let note = opening.until.map(|until| format!("closes {}", until.value)).unwrap_or_default();
            Some(FactValue { note, state: None, ..self.value(links, *id) })
        });
        open.collect()
    }
}

fn gap_in_words(lesson: &Lesson<'_>) -> String {
    let name = readable(&lesson.skill.name);
    match lesson.reached {
        0 => format!("Nothing here teaches {name}"),
        reached => {
            format!("{name} is taught to level {reached}, and level {} is asked for", lesson.skill.level)
        }
    }
}

/// How long a job takes to learn, and in how many paths.
pub(super) fn list_note(site: &Site, job: PageId) -> String {
    let paths = paths_to(site, job);
    if paths.is_empty() {
        return String::new();
    }
    format!("{}, {}", plural(paths.len(), "path"), shown(of_paths(site, &paths)))
}
