//! The page of a path: its steps, what they take, what they need.

use serde::Serialize;
use tera::{Context, Value};

use super::super::context::FactValue;
use super::super::pages::{icon, label};
use super::super::trust::{ReasonContext, StateMark};
use super::super::{Links, Renderer};
use super::{AddedHeading, Told, added, fact};
use crate::model::PageId;
use crate::model::graph::{Step, StepKind};
use crate::training::time::{of_page, of_path, of_step, shown};
use crate::yaml::Node;

/// `path`.
#[derive(Debug, Serialize)]
struct PathContext {
    /// What one can do at its end; may be empty.
    outcome: String,
    /// How long it takes, without what may be left out.
    time: String,
    /// What may be left out takes; may be empty.
    optional_time: String,
    steps_heading: AddedHeading,
    steps: Vec<StepContext>,
    picture: Option<PictureContext>,
}

/// What needs what.
#[derive(Debug, Serialize)]
pub(super) struct PictureContext {
    pub heading: AddedHeading,
    /// The picture, as HTML; missing where there is nothing to see, or too much.
    pub svg: Option<Value>,
    /// The same in words.
    pub words: Vec<PictureWords>,
}

/// One line of the picture in words.
#[derive(Debug, Serialize)]
pub(super) struct PictureWords {
    pub page: FactValue,
    /// `needs` or `uses`.
    pub how: &'static str,
    pub on: Vec<FactValue>,
}

#[derive(Debug, Serialize)]
struct StepContext {
    optional: bool,
    time: String,
    /// What a checkpoint asks for; missing: the step is pages.
    checkpoint: Option<String>,
    /// Who signs.
    sign_off: Option<String>,
    /// `One of two`, where there is a choice; may be empty.
    choice: String,
    pages: Vec<TakeContext>,
    /// Pages that it names and that do not exist.
    missing: Vec<String>,
}

#[derive(Debug, Serialize)]
struct TakeContext {
    /// What progress is kept by.
    unit: String,
    title: String,
    url: String,
    kind: String,
    icon: &'static str,
    time: String,
    state: Option<StateMark>,
    needs: Vec<FactValue>,
    /// Why it cannot be trusted.
    because: Option<ReasonContext>,
    /// `planned`, `draft` or `deprecated`; may be empty.
    status: String,
}

impl Renderer<'_> {
    pub(in crate::render) fn fill_path(
        &self,
        links: &Links<'_>,
        id: PageId,
        (told, toc): Told<'_, '_>,
        context: &mut Context,
    ) -> &'static str {
        let site = self.site;
        let page = &site.pages[id];
        let text = |key: &str| page.parsed.front.field(key).and_then(Node::text).map(str::to_owned);
        let steps = &site.graph.steps[id];
        let optional: u32 = steps.iter().filter(|step| step.optional).map(|step| of_step(site, step)).sum();
        let roles = site.graph.roles[id].iter().map(|role| match role.job {
            Some(job) => FactValue { state: None, ..self.value(links, job) },
            None => FactValue::new(role.written.value.as_str(), None),
        });
        let time = shown(of_path(site, id));
        let takes =
            if optional > 0 { format!("{time}, and {} if you like", shown(optional)) } else { time.clone() };
        let outcome = text("outcome");
        let repeat = text("refresh_every").map(|every| format!("every {every}"));
        let facts = [
            fact("Takes", "text", vec![FactValue::new(takes, None)]),
            fact(
                "At the end",
                "text",
                outcome.iter().map(|said| FactValue::new(said.as_str(), None)).collect(),
            ),
            fact("For", "text", roles.collect()),
            fact("Repeat", "text", repeat.into_iter().map(|said| FactValue::new(said, None)).collect()),
        ];
        told.facts.splice(0..0, facts.into_iter().filter(|fact| !fact.values.is_empty()));
        let steps_heading = added(page, "Steps");
        let picture = self.picture(links, id);
        let headings = [Some(&steps_heading), picture.as_ref().map(|picture| &picture.heading)];
        toc.splice(0..0, headings.into_iter().flatten().map(AddedHeading::entry));
        let path = PathContext {
            outcome: outcome.unwrap_or_default(),
            time,
            optional_time: if optional > 0 { shown(optional) } else { String::new() },
            steps: steps.iter().map(|step| self.step(links, step)).collect(),
            steps_heading,
            picture,
        };
        context.insert("path", &path);
        "path.html"
    }

    fn step(&self, links: &Links<'_>, step: &Step) -> StepContext {
        let mut shown_step = StepContext {
            optional: step.optional,
            time: String::new(),
            checkpoint: None,
            sign_off: None,
            choice: String::new(),
            pages: Vec::new(),
            missing: Vec::new(),
        };
        match &step.kind {
            StepKind::Checkpoint { sign_off, text } => {
                shown_step.checkpoint = Some(text.clone());
                shown_step.sign_off.clone_from(sign_off);
            }
            StepKind::Take { choose, of } => {
                shown_step.time = shown(of_step(self.site, step));
                if of.len() > 1 {
                    shown_step.choice = match (*choose, of.len()) {
                        (choose, all) if choose >= all => format!("All {all}, in any order"),
                        (1, all) => format!("One of {all}"),
                        (choose, all) => format!("{choose} of {all}"),
                    };
                }
                shown_step.pages =
                    of.iter().filter_map(|step| step.page).map(|page| self.take(links, page)).collect();
                let missing = of.iter().filter(|step| step.page.is_none());
                shown_step.missing = missing.map(|step| step.written.value.clone()).collect();
            }
        }
        shown_step
    }

    fn take(&self, links: &Links<'_>, id: PageId) -> TakeContext {
        let site = self.site;
        let page = &site.pages[id];
        let needs = &site.graph.of_page[id].needs;
        let status =
            page.parsed.front.field("status").and_then(Node::text).filter(|status| *status != "active");
        TakeContext {
            unit: self.unit(id),
            title: page.title.clone(),
            url: links.to(&page.url),
            kind: label(site, &page.kind).to_owned(),
            icon: icon(&page.kind),
            time: shown(of_page(site, id)),
            state: self.verdicts.as_ref().and_then(|verdicts| verdicts.mark(id)),
            needs: needs.iter().map(|skill| self.skill(links, skill)).collect(),
            because: self.warning_reason(links, id),
            status: status.unwrap_or_default().to_owned(),
        }
    }

    /// What progress on a page is kept by: its id, which its address may outlive.
    pub(super) fn unit(&self, page: PageId) -> String {
        let page = &self.site.pages[page];
        page.parsed.front.id.as_ref().map_or(&page.url, |id| &id.value).clone()
    }
}
