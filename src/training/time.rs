//! How long modules and paths take.

use std::collections::BTreeSet;

use crate::config::length::{Length, LengthUnit, parse_length};
use crate::model::graph::{Step, StepKind};
use crate::model::{Page, PageId, Site};

/// Words that are read in a minute, with understanding.
const WORDS: u32 = 150;
/// Minutes for a block of code.
const CODE: u32 = 3;
/// Minutes for a question of a quiz.
const QUESTION: u32 = 2;
/// Fewest and most minutes for a check point.
const TASK: (u32, u32) = (10, 120);
/// What a module may take however little it holds: practice is not written down.
const FLOOR: u32 = 60;
/// Minutes of a working day; a week has five, a month twenty.
const DAY: u32 = 8 * 60;

/// Minutes that a page says it takes.
pub fn declared(page: &Page) -> Option<u32> {
    parse_length(page.parsed.front.field("duration")?.text()?).map(minutes)
}

/// Minutes that a page takes by what it holds and the pages that it uses: at least, at most.
pub fn computed(site: &Site, id: PageId) -> (u32, u32) {
    use crate::model::graph::EdgeKind;
    let used = site.graph.edges[id].iter().filter(|(_, kind)| *kind == EdgeKind::Uses);
    let own = reading(&site.pages[id]);
    let most = own + used.map(|(page, _)| reading(&site.pages[*page])).sum::<u32>();
    let tasks = site.pages[id].parsed.tasks;
    (own.saturating_add(tasks * TASK.0), most.saturating_add(tasks.saturating_mul(TASK.1)).max(FLOOR))
}

/// Minutes that a page takes: what it says, else the least that is computed.
pub fn of_page(site: &Site, id: PageId) -> u32 {
    declared(&site.pages[id]).unwrap_or_else(|| computed(site, id).0)
}

/// Minutes that a step takes: of a choice the first so many.
pub fn of_step(site: &Site, step: &Step) -> u32 {
    match &step.kind {
        StepKind::Take { choose, of } => {
            of.iter().filter_map(|step| step.page).take(*choose).map(|page| of_page(site, page)).sum()
        }
        StepKind::Checkpoint { .. } => 0,
    }
}

/// Minutes that a path takes without its optional steps.
pub fn of_path(site: &Site, path: PageId) -> u32 {
    site.graph.steps[path].iter().filter(|step| !step.optional).map(|step| of_step(site, step)).sum()
}

/// Minutes that several paths take together: what is in more than one of them is taken once.
pub fn of_paths(site: &Site, paths: &[PageId]) -> u32 {
    let steps = paths.iter().flat_map(|path| &site.graph.steps[*path]).filter(|step| !step.optional);
    let pages = steps.flat_map(|step| match &step.kind {
        StepKind::Take { choose, of } => of.iter().filter_map(|step| step.page).take(*choose).collect(),
        StepKind::Checkpoint { .. } => Vec::new(),
    });
    let pages: BTreeSet<PageId> = pages.collect();
    pages.into_iter().map(|page| of_page(site, page)).sum()
}

/// Minutes to read a page, try its code and answer its questions.
fn reading(page: &Page) -> u32 {
    let questions: usize = page.parsed.quizzes.iter().map(|quiz| quiz.questions.len()).sum();
    let blocks = page.parsed.code.len().min(1000) as u32;
    (page.parsed.words / WORDS + CODE * blocks + QUESTION * questions.min(1000) as u32).max(1)
}

fn minutes(length: Length) -> u32 {
    let unit = match length.unit {
        LengthUnit::Minute => 1,
        LengthUnit::Hour => 60,
        LengthUnit::Day => DAY,
        LengthUnit::Week => 5 * DAY,
        LengthUnit::Month => 20 * DAY,
        LengthUnit::Year => 240 * DAY,
    };
    length.count.saturating_mul(unit)
}

/// For people: `20 min`, `1½ h`, `2 days`.
pub fn shown(minutes: u32) -> String {
    let halves = |unit: u32| {
        let halves = (2 * minutes + unit / 2) / unit;
        let half = if halves % 2 == 1 { "½" } else { "" };
        let whole = if halves < 2 { String::new() } else { (halves / 2).to_string() };
        (halves, format!("{whole}{half}"))
    };
    if minutes < 60 {
        return format!("{minutes} min");
    }
    if minutes < DAY / 2 {
        return format!("{} h", halves(60).1);
    }
    let (count, text) = halves(DAY);
    if count <= 2 { format!("{text} day") } else { format!("{text} days") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_in_minutes_hours_and_working_days() {
        for (minutes, text) in [
            (5, "5 min"),
            (60, "1 h"),
            (90, "1½ h"),
            (120, "2 h"),
            (239, "4 h"),
            (240, "½ day"),
            (480, "1 day"),
            (720, "1½ days"),
            (2400, "5 days"),
        ] {
            assert_eq!(shown(minutes), text, "{minutes}");
        }
        let read = |text: &str| minutes(parse_length(text).unwrap());
        assert_eq!([read("20 min"), read("2h"), read("1d"), read("1w")], [20, 120, 480, 2400]);
    }
}
