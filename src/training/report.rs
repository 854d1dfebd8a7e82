//! Paths and skills, written down for people and as JSON.
//!
//! In: the site and the verdict on it. Out: text. Not here: the site's own pages (`render`).

mod people;

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::people::{People, Person};
use super::time::{of_page, of_path, of_paths, of_step, shown};
use crate::diagnostic::human::visible;
use crate::freshness::Freshness;
use crate::model::graph::{Step, StepKind};
use crate::model::{Page, PageId, Site};
use crate::yaml::Node;

/// What is written about.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The site.
    pub site: &'a Site,
    /// How far its pages can be trusted.
    pub freshness: &'a Freshness,
    /// Who completed what.
    pub people: &'a People,
}

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Human,
    /// Docent's own JSON.
    Json,
}

#[derive(Serialize)]
struct PathsDocument<'a> {
    schema: u32,
    today: &'a str,
    paths: Vec<PathEntry<'a>>,
    roles: Vec<RoleEntry<'a>>,
}

/// What it takes to learn a role.
#[derive(Serialize)]
struct RoleEntry<'a> {
    role: &'a str,
    paths: usize,
    /// Of all its paths, pages that are in several counted once.
    minutes: u32,
}

#[derive(Serialize)]
struct PathEntry<'a> {
    #[serde(flatten)]
    page: PageEntry<'a>,
    outcome: Option<&'a str>,
    refresh_every: Option<&'a str>,
    roles: Vec<&'a str>,
    because: Option<&'a str>,
    steps: Vec<StepEntry<'a>>,
    #[serde(flatten)]
    left: Option<LeftEntry<'a>>,
}

/// What is left of a path for somebody.
#[derive(Serialize)]
struct LeftEntry<'a> {
    person: &'a str,
    minutes_left: u32,
    lacks: Vec<String>,
}

#[derive(Serialize)]
struct PageEntry<'a> {
    id: Option<&'a str>,
    path: &'a str,
    url: &'a str,
    title: &'a str,
    kind: &'a str,
    state: &'static str,
    minutes: u32,
}

#[derive(Serialize)]
#[serde(tag = "step", rename_all = "lowercase")]
enum StepEntry<'a> {
    Take { choose: usize, optional: bool, minutes: u32, of: Vec<TakeEntry<'a>>, missing: Vec<&'a str> },
    Checkpoint { text: &'a str, sign_off: Option<&'a str> },
}

#[derive(Serialize)]
struct TakeEntry<'a> {
    #[serde(flatten)]
    page: PageEntry<'a>,
    needs: Vec<String>,
    teaches: Vec<String>,
}

#[derive(Serialize)]
struct SkillsDocument<'a> {
    schema: u32,
    today: &'a str,
    skills: Vec<SkillEntry<'a>>,
    /// The team × skill matrix.
    teams: Vec<people::TeamEntry<'a>>,
    refresh: Vec<people::DueEntry<'a>>,
}

#[derive(Serialize)]
struct SkillEntry<'a> {
    skill: &'a str,
    /// The highest level that is taught; 0: none.
    taught: u8,
    /// The highest level that is asked for; 0: none.
    asked: u8,
    taught_by: Vec<Leveled<'a>>,
    needed_by: Vec<Leveled<'a>>,
    required_by: Vec<Leveled<'a>>,
    /// Missing where there are no completions.
    #[serde(flatten)]
    known: Option<people::Known<'a>>,
}

#[derive(Serialize)]
struct Leveled<'a> {
    level: u8,
    #[serde(flatten)]
    page: PageEntry<'a>,
}

impl<'a> Report<'a> {
    /// Writes paths, these, in this order, and what is left of them for somebody.
    pub fn write_paths(
        &self,
        paths: &[PageId],
        person: Option<&'a Person>,
        format: Format,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let roles = self.roles(paths);
        let left = |path| {
            person.map(|person| LeftEntry {
                person: &person.name,
                minutes_left: person.minutes_left(self.site, path),
                lacks: person.lacks(self.site, path),
            })
        };
        let paths: Vec<PathEntry<'a>> =
            paths.iter().map(|path| PathEntry { left: left(*path), ..self.path(*path) }).collect();
        if format == Format::Json {
            return write_json(&PathsDocument { schema: 1, today: &self.site.today, paths, roles }, out);
        }
        for (at, path) in paths.iter().enumerate() {
            if at > 0 {
                writeln!(out)?;
            }
            write_path(path, out)?;
        }
        for role in roles.iter().filter(|role| role.paths > 1) {
            let time = shown(role.minutes);
            writeln!(out, "\n{}: {time} in {} paths", visible(role.role), role.paths)?;
        }
        Ok(())
    }

    /// Roles that paths lead to, by the title of the job.
    fn roles(&self, paths: &[PageId]) -> Vec<RoleEntry<'a>> {
        let mut roles: BTreeMap<&str, Vec<PageId>> = BTreeMap::new();
        for path in paths {
            for role in &self.site.graph.roles[*path] {
                roles.entry(self.role(role)).or_default().push(*path);
            }
        }
        let entry = |(role, paths): (&'a str, Vec<PageId>)| RoleEntry {
            role,
            paths: paths.len(),
            minutes: of_paths(self.site, &paths),
        };
        roles.into_iter().map(entry).collect()
    }

    fn role(&self, role: &'a crate::model::graph::Role) -> &'a str {
        role.job.map_or(role.written.value.as_str(), |job| self.site.pages[job].title.as_str())
    }

    /// Writes every skill that is named anywhere, by name.
    pub fn write_skills(&self, format: Format, out: &mut dyn Write) -> io::Result<()> {
        let skills: Vec<SkillEntry<'a>> = self.skills();
        let (teams, refresh) = (people::teams(self.people), people::due(self.people, self.site));
        if format == Format::Json {
            let today = &self.site.today;
            return write_json(&SkillsDocument { schema: 1, today, skills, teams, refresh }, out);
        }
        for skill in &skills {
            write_skill(skill, out)?;
        }
        people::write_tables(&teams, &refresh, out)
    }

    fn page(&self, id: PageId) -> PageEntry<'a> {
        let page: &'a Page = &self.site.pages[id];
        PageEntry {
            id: page.parsed.front.id.as_ref().map(|id| id.value.as_str()),
            path: page.parsed.file.path(),
            url: &page.url,
            title: &page.title,
            kind: &page.kind,
            state: self.freshness.articles.get(id).map_or("unknown", |article| article.state.word()),
            minutes: if page.kind == "path" { of_path(self.site, id) } else { of_page(self.site, id) },
        }
    }

    fn path(&self, id: PageId) -> PathEntry<'a> {
        let site = self.site;
        let page: &'a Page = &site.pages[id];
        let text = |key: &str| page.parsed.front.field(key).and_then(Node::text);
        let article = self.freshness.articles.get(id);
        let because = article
            .and_then(|article| article.reasons.iter().find(|reason| reason.state == Some(article.state)));
        PathEntry {
            page: self.page(id),
            outcome: text("outcome"),
            refresh_every: text("refresh_every"),
            roles: site.graph.roles[id].iter().map(|role| self.role(role)).collect(),
            because: because.map(|reason| reason.message.as_str()),
            steps: site.graph.steps[id].iter().map(|step| self.step(step)).collect(),
            left: None,
        }
    }

    fn step(&self, step: &'a Step) -> StepEntry<'a> {
        let (choose, of) = match &step.kind {
            StepKind::Checkpoint { sign_off, text } => {
                return StepEntry::Checkpoint { text, sign_off: sign_off.as_deref() };
            }
            StepKind::Take { choose, of } => (*choose, of),
        };
        let take = |id: PageId| {
            let skills = &self.site.graph.of_page[id];
            let named =
                |uses: &[crate::model::graph::SkillUse]| uses.iter().map(ToString::to_string).collect();
            TakeEntry { page: self.page(id), needs: named(&skills.needs), teaches: named(&skills.teaches) }
        };
        StepEntry::Take {
            choose,
            optional: step.optional,
            minutes: of_step(self.site, step),
            of: of.iter().filter_map(|step| step.page).map(take).collect(),
            missing: of
                .iter()
                .filter(|step| step.page.is_none())
                .map(|step| step.written.value.as_str())
                .collect(),
        }
    }

    fn skills(&self) -> Vec<SkillEntry<'a>> {
        let entry = |(name, skill): (&'a String, &'a crate::model::graph::Skill)| {
            let leveled = |pages: &[(PageId, u8)]| -> Vec<Leveled<'a>> {
                pages.iter().map(|(page, level)| Leveled { level: *level, page: self.page(*page) }).collect()
            };
            let highest =
                |pages: &[(PageId, u8)]| pages.iter().map(|(_, level)| *level).max().unwrap_or_default();
            SkillEntry {
                skill: name,
                taught: highest(&skill.taught_by),
                asked: highest(&skill.needed_by).max(highest(&skill.required_by)),
                taught_by: leveled(&skill.taught_by),
                needed_by: leveled(&skill.needed_by),
                required_by: leveled(&skill.required_by),
                known: people::known(self.people, name),
            }
        };
        self.site.graph.skills.iter().map(entry).collect()
    }
}

fn write_json(document: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    writeln!(out)
}

fn write_path(path: &PathEntry<'_>, out: &mut dyn Write) -> io::Result<()> {
    let page = &path.page;
    let id = page.id.map(|id| format!(" ({})", visible(id))).unwrap_or_default();
    writeln!(out, "{}{id}: {}, {}", visible(page.title), shown(page.minutes), page.state)?;
    if let Some(outcome) = path.outcome {
        writeln!(out, "  at the end: {}", visible(outcome))?;
    }
    if !path.roles.is_empty() {
        writeln!(out, "  for: {}", visible(&path.roles.join(", ")))?;
    }
    if let Some(because) = path.because {
        writeln!(out, "  {} because: {}", page.state, visible(because))?;
    }
    if let Some(left) = &path.left {
        let person = visible(left.person);
        match left.lacks.as_slice() {
            [] => writeln!(out, "  {person} has completed all that records can say")?,
            lacks => {
                let lacks = lacks.join("; ");
                writeln!(out, "  left for {person}: {}: {}", shown(left.minutes_left), visible(&lacks))?;
            }
        }
    }
    for (at, step) in path.steps.iter().enumerate() {
        let number = at + 1;
        match step {
            StepEntry::Checkpoint { text, sign_off } => {
                let by = sign_off.map(|by| format!(", signed by {}", visible(by))).unwrap_or_default();
                writeln!(out, "{number:>3}. checkpoint{by}: {}", visible(text))?;
            }
            StepEntry::Take { choose, optional, of, missing, .. } => {
                let optional = if *optional { ", optional" } else { "" };
                let several = of.len() + missing.len() > 1;
                if several {
                    writeln!(out, "{number:>3}. {choose} of {}{optional}:", of.len() + missing.len())?;
                }
                let lead = if several { "     - ".to_owned() } else { format!("{number:>3}. ") };
                for taken in of {
                    let page = &taken.page;
                    let needs = match taken.needs[..] {
                        [] => String::new(),
                        _ => format!("; needs {}", visible(&taken.needs.join(", "))),
                    };
                    let optional = if several { "" } else { optional };
                    let (title, time) = (visible(page.title), shown(page.minutes));
                    writeln!(out, "{lead}{title} ({}): {time}, {}{optional}{needs}", page.kind, page.state)?;
                }
                for name in missing {
                    writeln!(out, "{lead}{}: does not exist", visible(name))?;
                }
            }
        }
    }
    Ok(())
}

fn write_skill(skill: &SkillEntry<'_>, out: &mut dyn Write) -> io::Result<()> {
    let gap = match (skill.taught, skill.asked) {
        (0, _) => ": nothing teaches it".to_owned(),
        (taught, asked) if taught < asked => format!(": taught to level {taught}, asked for at {asked}"),
        _ => String::new(),
    };
    writeln!(out, "{}{gap}", visible(skill.skill))?;
    let rows = [
        ("taught by", &skill.taught_by),
        ("needed by", &skill.needed_by),
        ("asked for by", &skill.required_by),
    ];
    for (what, pages) in rows {
        for Leveled { level, page } in pages {
            let tail = if page.kind == "job" {
                String::new()
            } else {
                format!(", {}, {}", shown(page.minutes), page.state)
            };
            writeln!(out, "  {what} {} (level {level}{tail})", visible(page.title))?;
        }
    }
    if let Some(known) = &skill.known {
        people::write_known(known, out)?;
    }
    Ok(())
}
