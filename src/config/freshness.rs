//! The group `freshness` of the config.
//!
//! In: its YAML. Out: [`FreshnessConfig`] with a default for every key. Not here: what follows from
//! it (the room `freshness`), and the exports themselves (`tickets`).

use std::collections::BTreeMap;

use globset::GlobMatcher;
use jiff::civil::Date;

use super::Config;
use super::length::{Length, LengthUnit, parse_length};
use super::read::Reader;
use crate::source::Spanned;
use crate::yaml::Node;

/// How long pages stay fresh, and when tickets count against them.
#[derive(Clone, Debug)]
pub struct FreshnessConfig {
    /// Whether the config has the group at all.
    pub is_written: bool,
    /// Kind → how often its pages are to be confirmed; other kinds have [`Self::interval`]'s default.
    pub intervals: BTreeMap<String, Length>,
    /// Over how long the first due dates of pages that nobody ever confirmed are spread …
    pub adopt_over: Length,
    /// … and from which day, `YYYY-MM-DD`; without it, from the day that is judged.
    pub adopted: Option<String>,
    /// How old the newest ticket of an export may be.
    pub max_export_age: Length,
    /// Ticket tags that say nothing about a topic.
    pub ignore_tags: Vec<GlobMatcher>,
    /// A tag on more tickets than this, in percent, is no topic.
    pub common_tag: u32,
    /// Chance below which more tickets are doubtful.
    pub watch: f64,
    /// Chance below which they are an alarm.
    pub alarm: f64,
    /// Share of false alarms among all that are tolerated (Benjamini–Hochberg); `None`: not controlled.
    pub false_discovery: Option<f64>,
    /// The tag with which agents say that an article is wrong.
    pub flag_tag: String,
    /// Authors whose commits change nothing, beside those that end in `[bot]`.
    pub bots: Vec<String>,
}

impl Default for FreshnessConfig {
    fn default() -> Self {
        Self {
            is_written: false,
            intervals: BTreeMap::new(),
            adopt_over: Length { count: 26, unit: LengthUnit::Week },
            adopted: None,
            max_export_age: Length::days(30),
            ignore_tags: Vec::new(),
            common_tag: 20,
            watch: 0.01,
            alarm: 0.001,
            false_discovery: None,
            flag_tag: "kb_flag".into(),
            bots: Vec::new(),
        }
    }
}

/// The keys of the group, with what each takes.
pub static FRESHNESS_KEYS: &[(&str, &str)] = &[
    ("intervals", "how often pages of a kind are to be confirmed: `{ runbook: 90d }`"),
    ("adopt_over", "over how long first due dates are spread: `26w`"),
    ("adopted", "the day from which first due dates count: `2026-11-23`"),
    ("max_export_age", "how old the newest ticket may be: `30d`"),
    ("ignore_tags", "ticket tags that are no topics: `[premium, \"sla_*\"]`"),
    ("common_tag", "tags on more tickets than this are no topics: `20%`"),
    ("watch", "chance below which more tickets are doubtful: `0.01`"),
    ("alarm", "chance below which they are an alarm: `0.001`"),
    ("false_discovery", "share of false alarms that is tolerated: `0.05`"),
    ("flag_tag", "the tag with which agents flag an article: `kb_flag`"),
    ("bots", "authors whose commits change nothing: `[renovate]`"),
];

impl FreshnessConfig {
    /// How often a page of a kind is to be confirmed: 90 days for runbooks, 365 for jobs, 180 for all
    /// others unless the config says so.
    pub fn interval(&self, kind: &str) -> Length {
        self.intervals.get(kind).copied().unwrap_or(Length::days(match kind {
            "runbook" => 90,
            "job" => 365,
            _ => 180,
        }))
    }
}

/// Reads the group into the config.
pub(super) fn set_freshness(config: &mut Config, node: &Node, reader: &mut Reader<'_>) {
    config.freshness.is_written = true;
    for (key, value) in reader.entries(node, "freshness") {
        read_key(config, key, value, reader);
    }
    if config.freshness.alarm > config.freshness.watch {
        let span = node.get("alarm").or_else(|| node.get("watch")).map_or(node.span, |node| node.span);
        reader.invalid(span, "`alarm` is a smaller chance than `watch`", "swap the two numbers");
    }
}

fn read_key(config: &mut Config, key: &Spanned<String>, value: &Node, reader: &mut Reader<'_>) {
    let name = format!("freshness.{}", key.value);
    let freshness = &mut config.freshness;
    match key.value.as_str() {
        "intervals" => {
            for (kind, value) in reader.entries(value, &name) {
                let Some(length) = length(value, &format!("{name}.{}", kind.value), reader) else { continue };
                if config.kinds.find(&kind.value).is_some() {
                    freshness.intervals.insert(kind.value.clone(), length);
                } else {
                    super::declare::unknown_kind(&config.kinds, kind, reader);
                }
            }
        }
        "adopt_over" => set(&mut freshness.adopt_over, length(value, &name, reader)),
        "adopted" => freshness.adopted = day(value, &name, reader),
        "max_export_age" => set(&mut freshness.max_export_age, length(value, &name, reader)),
        "ignore_tags" => freshness.ignore_tags = tag_patterns(value, &name, reader),
        "common_tag" => set(&mut freshness.common_tag, percent(value, &name, reader)),
        "watch" => set(&mut freshness.watch, chance(value, &name, reader)),
        "alarm" => set(&mut freshness.alarm, chance(value, &name, reader)),
        "false_discovery" => freshness.false_discovery = chance(value, &name, reader),
        "flag_tag" => set(&mut freshness.flag_tag, reader.text(value, &name)),
        "bots" => {
            freshness.bots = reader.texts(value, &name).into_iter().map(|text| text.value).collect();
        }
        _ => reader.unknown_key(key, "`freshness` has", FRESHNESS_KEYS.iter().map(|(name, _)| *name)),
    }
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

pub(super) fn length(node: &Node, name: &str, reader: &mut Reader<'_>) -> Option<Length> {
    let days = |length: &Length| !matches!(length.unit, LengthUnit::Minute | LengthUnit::Hour);
    let length = node.text().and_then(parse_length).filter(days);
    if length.is_none() {
        let message = format!("`{name}` takes a length of time, not {}", node.what());
        reader.invalid(node.span, message, "write `90d`, `6 weeks` or `3 months`");
    }
    length
}

fn day(node: &Node, name: &str, reader: &mut Reader<'_>) -> Option<String> {
    let text = node.text().map(str::trim).unwrap_or_default();
    let day = text.parse::<Date>().ok().filter(|day| day.to_string() == text);
    if day.is_none() {
        let message = format!("`{name}` takes a day, not {}", node.what());
        reader.invalid(node.span, message, "write year, month and day as in `2026-09-01`");
    }
    day.map(|day| day.to_string())
}

fn chance(node: &Node, name: &str, reader: &mut Reader<'_>) -> Option<f64> {
    let chance = node.text().and_then(|text| text.trim().parse::<f64>().ok());
    let chance = chance.filter(|chance| *chance > 0.0 && *chance < 1.0);
    if chance.is_none() {
        let message = format!("`{name}` takes a number between 0 and 1, not {}", node.what());
        reader.invalid(node.span, message, "write it as `0.01`");
    }
    chance
}

fn percent(node: &Node, name: &str, reader: &mut Reader<'_>) -> Option<u32> {
    let text = node.text().map(str::trim).unwrap_or_default();
    let percent =
        text.trim_end_matches('%').trim_end().parse().ok().filter(|value| (1..=100).contains(value));
    if percent.is_none() {
        let message = format!("`{name}` takes a share from 1 to 100 percent, not {}", node.what());
        reader.invalid(node.span, message, "write it as `20%`");
    }
    percent
}

fn tag_patterns(node: &Node, name: &str, reader: &mut Reader<'_>) -> Vec<GlobMatcher> {
    let mut patterns = Vec::new();
    for text in reader.texts(node, name) {
        match super::read::tag_glob(&text.value) {
            Ok(glob) => patterns.push(glob),
            Err(bad) => {
                reader.invalid(text.span, bad.message, "`*` stands for any letters, as in `sla_*`");
            }
        }
    }
    patterns
}
