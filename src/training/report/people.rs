//! Who knows what, written down: holders of skills, teams, and what is to be refreshed.

use std::io::{self, Write};

use jiff::civil::Date;
use serde::Serialize;

use super::super::people::{Holder, People};
use crate::diagnostic::human::visible;
use crate::model::Site;

/// Who has a skill.
#[derive(Serialize)]
pub(super) struct Known<'a> {
    /// How many people have it: if they left, nobody would.
    bus_factor: usize,
    /// Whom to ask, best first.
    ask: Vec<&'a str>,
    #[serde(rename = "known_by")]
    holders: Vec<HolderEntry<'a>>,
}

#[derive(Serialize)]
struct HolderEntry<'a> {
    person: &'a str,
    level: u8,
    since: Date,
    verified: bool,
    due: bool,
}

/// A team and what its members know.
#[derive(Serialize)]
pub(super) struct TeamEntry<'a> {
    team: Option<&'a str>,
    name: &'a str,
    members: Vec<&'a str>,
    skills: Vec<TeamSkill<'a>>,
}

#[derive(Serialize)]
struct TeamSkill<'a> {
    skill: &'a str,
    people: usize,
    /// The highest level in the team; 0: nobody has it.
    level: u8,
    due: usize,
}

/// What somebody should repeat.
#[derive(Serialize)]
pub(super) struct DueEntry<'a> {
    person: &'a str,
    module: Option<&'a str>,
    title: &'a str,
    url: &'a str,
    completed: Date,
    due: Date,
    /// Whether the module changed since; `null`: nobody can say.
    changed: Option<bool>,
}

/// Who has a skill; nothing if nobody completed anything at all.
pub(super) fn known<'a>(people: &'a People, skill: &str) -> Option<Known<'a>> {
    if people.all.is_empty() {
        return None;
    }
    let name = |holder: &Holder| people.all[holder.person].name.as_str();
    let holders = people.skills.get(skill).map(Vec::as_slice).unwrap_or_default();
    let entry = |holder: &Holder| HolderEntry {
        person: name(holder),
        level: holder.level,
        since: holder.date,
        verified: holder.verified,
        due: holder.is_due,
    };
    Some(Known {
        bus_factor: holders.len(),
        ask: people.whom_to_ask(skill).iter().map(name).collect(),
        holders: holders.iter().map(entry).collect(),
    })
}

/// The team × skill matrix, as rows.
pub(super) fn teams(people: &People) -> Vec<TeamEntry<'_>> {
    let entry = |team: &'_ super::super::people::Team| -> Vec<TeamSkill<'_>> {
        let skill = |skill| {
            let holders: Vec<&Holder> = people.in_team(team, skill).collect();
            TeamSkill {
                skill,
                people: holders.len(),
                level: holders.iter().map(|holder| holder.level).max().unwrap_or_default(),
                due: holders.iter().filter(|holder| holder.is_due).count(),
            }
        };
        people.skills.keys().map(|name| skill(name.as_str())).collect()
    };
    let mut entries = Vec::new();
    for team in &people.teams {
        entries.push(TeamEntry {
            team: team.key.as_deref(),
            name: &team.name,
            members: team.members.iter().map(|member| people.all[*member].name.as_str()).collect(),
            skills: entry(team),
        });
    }
    entries
}

/// What is to be refreshed, the longest due first.
pub(super) fn due<'a>(people: &'a People, site: &'a Site) -> Vec<DueEntry<'a>> {
    let entry = |(person, done): (&'a super::super::people::Person, &'a super::super::people::Completed)| {
        let module = &site.pages[done.record.module];
        let refresh = done.refresh?;
        Some(DueEntry {
            person: &person.name,
            module: module.parsed.front.id.as_ref().map(|id| id.value.as_str()),
            title: &module.title,
            url: &module.url,
            completed: done.record.date,
            due: refresh.on,
            changed: refresh.changed,
        })
    };
    people.due().into_iter().filter_map(entry).collect()
}

/// Under a skill: who has it, and whom to ask.
pub(super) fn write_known(known: &Known<'_>, out: &mut dyn Write) -> io::Result<()> {
    let list = |names: &[&str]| visible(&names.join(", ")).into_owned();
    match known.holders.as_slice() {
        [] => writeln!(out, "  nobody has completed what teaches it"),
        [one] => {
            let due = if one.due { "; to be refreshed" } else { "" };
            writeln!(out, "  known by {} alone (bus factor 1{due})", visible(one.person))
        }
        several => {
            let due = several.iter().filter(|holder| holder.due).count();
            let due = if due == 0 { String::new() } else { format!(", {due} of them to be refreshed") };
            writeln!(out, "  known by {} people{due}; ask {}", several.len(), list(&known.ask))
        }
    }
}

/// The matrix, and what is to be refreshed.
pub(super) fn write_tables(
    teams: &[TeamEntry<'_>],
    due: &[DueEntry<'_>],
    out: &mut dyn Write,
) -> io::Result<()> {
    for team in teams {
        writeln!(out, "\nTeam {}: {}", visible(team.name), visible(&team.members.join(", ")))?;
        for skill in &team.skills {
            let due = if skill.due == 0 { String::new() } else { format!(", {} to be refreshed", skill.due) };
            let people = match skill.people {
                0 => "nobody".to_owned(),
                1 => format!("1 person, level {}{due}", skill.level),
                count => format!("{count} people, up to level {}{due}", skill.level),
            };
            writeln!(out, "  {}: {people}", visible(skill.skill))?;
        }
    }
    if !due.is_empty() {
        writeln!(out, "\nTo be refreshed")?;
    }
    for entry in due {
        let changed = match entry.changed {
            Some(_) => "the module changed since",
            None => "nobody can say whether the module changed since",
        };
        let (person, title) = (visible(entry.person), visible(entry.title));
        writeln!(
            out,
            "  {person}: {title}, completed {}, due since {}; {changed}",
            entry.completed, entry.due
        )?;
    }
    Ok(())
}
