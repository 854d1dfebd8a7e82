//! Who knows what: completions → skills of people and teams, whom to ask, what is to be refreshed.
//!
//! In: the site, the completions. Out: [`People`]. Two numbers are never mixed: *has* counts all who
//! ever completed what teaches a skill, *due* those of them for whom it changed since and whose time
//! to refresh it has come. Not here: reading the records (`completions`), showing them (`report`).

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::completions::{Completion, Completions};
use super::time::of_page;
use crate::config::length::{Length, LengthUnit, parse_length};
use crate::freshness::review::add_length;
use crate::model::graph::{Step, StepKind};
use crate::model::owners::plain_name;
use crate::model::{PageId, Site};
use crate::yaml::Node;

/// People who are named when somebody needs help.
pub const ASK: usize = 3;

/// Everybody who completed something.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// By name.
    pub all: Vec<Person>,
    /// By name of the skill: who has it. Skills that nobody has are there too, empty.
    pub skills: BTreeMap<String, Vec<Holder>>,
    /// Teams with a member who completed something, by name; people of no team are in the last one,
    /// which has no name.
    pub teams: Vec<Team>,
}

/// Somebody.
#[derive(Clone, Debug)]
pub struct Person {
    /// As the newest record writes it.
    pub name: String,
    /// Keys of teams in `owners.yaml`.
    pub teams: Vec<String>,
    /// The newest completion of each module, by module.
    pub completed: Vec<Completed>,
}

/// The newest completion of a module by somebody.
#[derive(Clone, Debug)]
pub struct Completed {
    /// The record.
    pub record: Completion,
    /// From which day on a change counts, and whether it does by now.
    pub refresh: Option<Refresh>,
}

/// When a completed module is to be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refresh {
    /// The day on which its interval is over.
    pub on: Date,
    /// Whether the module changed since it was completed; `None`: nobody can say.
    pub changed: Option<bool>,
    /// The interval is over, and the module changed, or may have.
    pub is_due: bool,
}

/// Somebody who has a skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Index into [`People::all`].
    pub person: usize,
    /// How far.
    pub level: u8,
    /// When it was last learned.
    pub date: Date,
    /// Somebody else saw it.
    pub verified: bool,
    /// All that it was learned with is to be refreshed.
    pub is_due: bool,
}

/// A team.
#[derive(Clone, Debug)]
pub struct Team {
    /// Its key in `owners.yaml`; `None`: the people of no team.
    pub key: Option<String>,
    /// For people.
    pub name: String,
    /// Its members who completed something: indexes into [`People::all`].
    pub members: Vec<usize>,
}

impl People {
    /// Joins the completions with the site.
    pub fn of(site: &Site, completions: &Completions) -> Self {
        let today = site.today.parse().unwrap_or(Date::MAX);
        let every = refresh_intervals(site);
        let mut all: Vec<Person> = Vec::new();
        for of_one in completions.all.chunk_by(|a, b| a.person == b.person) {
            let newest = of_one.iter().max_by_key(|record| record.date);
            let completed = of_one.chunk_by(|a, b| a.module == b.module).filter_map(|records| {
                let record = records.last()?.clone();
                let refresh = every.get(&record.module).map(|every| refresh(site, &record, *every, today));
                Some(Completed { record, refresh })
            });
            let completed = completed.collect();
            let name = newest.map(|record| record.written.clone()).unwrap_or_default();
            all.push(Person { teams: teams_of(site, &name), name, completed });
        }
        let skills = site.graph.skills.keys().map(|skill| (skill.clone(), holders(site, &all, skill)));
        Self { skills: skills.collect(), teams: teams(site, &all), all }
    }

    /// Who is named in a record, or on the command line.
    pub fn find(&self, name: &str) -> Option<&Person> {
        self.all.iter().find(|person| plain_name(&person.name) == plain_name(name))
    }

    /// Whom to ask about a skill: those who have most of it, who need no refresh, whose learning was
    /// seen by somebody, and who learned it last.
    pub fn whom_to_ask(&self, skill: &str) -> Vec<Holder> {
        let mut holders = self.skills.get(skill).cloned().unwrap_or_default();
        holders.sort_by_key(|holder| {
            let least = (holder.is_due, !holder.verified, holder.person);
            (std::cmp::Reverse(holder.level), least.0, least.1, std::cmp::Reverse(holder.date), least.2)
        });
        holders.truncate(ASK);
        holders
    }

    /// Members of a team who have a skill.
    pub fn in_team<'p>(&'p self, team: &'p Team, skill: &str) -> impl Iterator<Item = &'p Holder> {
        let holders = self.skills.get(skill).map(Vec::as_slice).unwrap_or_default();
        holders.iter().filter(|holder| team.members.contains(&holder.person))
    }

    /// What is to be refreshed, the longest due first.
    pub fn due(&self) -> Vec<(&Person, &Completed)> {
        let all = self.all.iter().flat_map(|person| person.completed.iter().map(move |done| (person, done)));
        let mut due: Vec<_> = all.filter(|(_, done)| done.is_due()).collect();
        due.sort_by_key(|(person, done)| (done.refresh.map(|refresh| refresh.on), &person.name));
        due
    }
}

impl Person {
    /// Of a step of a path, how many of its modules are completed.
    fn done_of(&self, step: &Step) -> usize {
        let pages = step.pages().iter().filter_map(|step| step.page);
        pages.filter(|page| self.completed.iter().any(|done| done.record.module == *page)).count()
    }

    /// What somebody has still to complete of a path, in words. Steps that may be left out do not count,
    /// nor what no record can say: checkpoints, and pages that are no modules.
    pub fn lacks(&self, site: &Site, path: PageId) -> Vec<String> {
        let open = site.graph.steps[path].iter().filter(|step| !step.optional).filter_map(|step| {
            let modules = modules_of(site, step);
            let (wanted, done) = (wanted_of(step).min(modules.len()), self.done_of(step));
            let titles: Vec<&str> = modules.iter().map(|module| site.pages[*module].title.as_str()).collect();
            (done < wanted).then(|| match titles[..] {
                [only] => only.to_owned(),
                _ => format!("{} more of {}", wanted - done, titles.join(", ")),
            })
        });
        open.collect()
    }

    /// Minutes that are left of a path: of a choice, those that come first.
    pub fn minutes_left(&self, site: &Site, path: PageId) -> u32 {
        let steps = site.graph.steps[path].iter().filter(|step| !step.optional);
        let left = steps.map(|step| -> u32 {
            let has = |page: &PageId| self.completed.iter().any(|done| done.record.module == *page);
            let pages = step.pages().iter().filter_map(|step| step.page).filter(|page| !has(page));
            let left = wanted_of(step).saturating_sub(self.done_of(step));
            pages.take(left).map(|page| of_page(site, page)).sum()
        });
        left.sum()
    }
}

/// How many pages a step asks for.
fn wanted_of(step: &Step) -> usize {
    match &step.kind {
        StepKind::Take { choose, .. } => *choose,
        StepKind::Checkpoint { .. } => 0,
    }
}

fn modules_of(site: &Site, step: &Step) -> Vec<PageId> {
    let pages = step.pages().iter().filter_map(|step| step.page);
    pages.filter(|page| site.pages[*page].kind == "module").collect()
}

impl Completed {
    /// Whether it is to be repeated.
    pub fn is_due(&self) -> bool {
        self.refresh.is_some_and(|refresh| refresh.is_due)
    }

    /// How far it brought somebody in a skill that the module teaches up to `taught`.
    fn level(&self, taught: u8) -> u8 {
        self.record.level.unwrap_or(taught).min(taught)
    }
}

/// Of each module, how often it is to be repeated: as the strictest path says that has it.
fn refresh_intervals(site: &Site) -> BTreeMap<PageId, Length> {
    let mut every: BTreeMap<PageId, Length> = BTreeMap::new();
    for (path, page) in site.pages.iter().enumerate().filter(|(_, page)| page.kind == "path") {
        let written = page.parsed.front.field("refresh_every").and_then(Node::text);
        let length = written.and_then(parse_length);
        let days = |length: &Length| !matches!(length.unit, LengthUnit::Minute | LengthUnit::Hour);
        let Some(length) = length.filter(days) else { continue };
        for module in site.graph.pages_of_path(path) {
            let shortest = every.entry(module).or_insert(length);
            let after = |length: Length| add_length(EPOCH, length);
            if after(length) < after(*shortest) {
                *shortest = length;
            }
        }
    }
    every
}

/// A day to compare lengths from.
const EPOCH: Date = Date::constant(2001, 1, 1);

fn refresh(site: &Site, record: &Completion, every: Length, today: Date) -> Refresh {
    let on = add_length(record.date, every);
    let git = site.pages[record.module].git.as_ref();
    let changed = git.and_then(|git| git.changed.parse::<Date>().ok()).map(|changed| changed > record.date);
    Refresh { on, changed, is_due: on <= today && changed != Some(false) }
}

fn teams_of(site: &Site, name: &str) -> Vec<String> {
    let is_member = |member: &String| plain_name(member) == plain_name(name);
    let teams = site.owners.iter().filter(|(_, team)| team.members.iter().any(is_member));
    teams.map(|(key, _)| key.clone()).collect()
}

fn teams(site: &Site, all: &[Person]) -> Vec<Team> {
    let members = |is_in: &dyn Fn(&Person) -> bool| -> Vec<usize> {
        all.iter().enumerate().filter(|(_, person)| is_in(person)).map(|(at, _)| at).collect()
    };
    let listed = site.owners.iter().map(|(key, team)| Team {
        key: Some(key.clone()),
        name: team.name.clone(),
        members: members(&|person| person.teams.contains(key)),
    });
    let others =
        Team { key: None, name: "no team".to_owned(), members: members(&|person| person.teams.is_empty()) };
    listed.chain([others]).filter(|team| !team.members.is_empty()).collect()
}

/// Who has a skill: by any module that teaches it, the furthest one; of equals the one that is not due,
/// then the newest.
fn holders(site: &Site, all: &[Person], skill: &str) -> Vec<Holder> {
    let taught_by = site.graph.skills.get(skill).map(|skill| skill.taught_by.as_slice()).unwrap_or_default();
    let mut holders = Vec::new();
    for (person, someone) in all.iter().enumerate() {
        let learned = someone.completed.iter().filter_map(|done| {
            let (_, taught) = taught_by.iter().find(|(module, _)| *module == done.record.module)?;
            Some(Holder {
                person,
                level: done.level(*taught),
                date: done.record.date,
                verified: done.record.verified_by.is_some(),
                is_due: done.is_due(),
            })
        });
        holders.extend(learned.max_by_key(|holder| (holder.level, !holder.is_due, holder.date)));
    }
    holders
}
