//! The group `external` of the config: links to other sites.
//!
//! In: its YAML. Out: [`ExternalConfig`]. Not here: the results (`external`) and asking (`pull`).

use globset::GlobMatcher;

use super::Config;
use super::length::Length;
use super::read::Reader;
use crate::source::Spanned;
use crate::yaml::Node;

/// What is known of links to other sites, and which are never asked.
#[derive(Clone, Debug)]
pub struct ExternalConfig {
    /// The file of results, relative to the knowledge base; `None`: the one in the cache.
    pub results: Option<String>,
    /// How old a result may be.
    pub max_age: Length,
    /// Addresses that are never asked.
    pub ignore: Vec<GlobMatcher>,
    /// Hosts that may be asked although they are in a private network.
    pub private: Vec<String>,
}

impl Default for ExternalConfig {
    fn default() -> Self {
        Self { results: None, max_age: Length::days(30), ignore: Vec::new(), private: Vec::new() }
    }
}

/// The keys of the group, with what each takes.
pub static EXTERNAL_KEYS: &[(&str, &str)] = &[
    ("results", "the file of results, to be shared by a team: `data/links.json`"),
    ("max_age", "how old a result may be: `30d`"),
    ("ignore", "addresses that are never asked: `[\"https://intranet.example/**\"]`"),
    ("private", "hosts in a private network that may be asked: `[wiki.internal]`"),
];

/// Reads the group into the config.
pub(super) fn set_external(config: &mut Config, node: &Node, reader: &mut Reader<'_>) {
    for (key, value) in reader.entries(node, "external") {
        read_key(&mut config.external, key, value, reader);
    }
}

fn read_key(external: &mut ExternalConfig, key: &Spanned<String>, value: &Node, reader: &mut Reader<'_>) {
    let name = format!("external.{}", key.value);
    match key.value.as_str() {
        "results" => external.results = reader.path(value, &name).filter(|path| !path.is_empty()),
        "max_age" => {
            if let Some(length) = super::freshness::length(value, &name, reader) {
                external.max_age = length;
            }
        }
        "ignore" => external.ignore = reader.globs(value, &name),
        "private" => {
            let hosts = reader.names(value, &name, "a list of hosts");
            external.private = hosts.into_iter().map(|host| host.value.to_ascii_lowercase()).collect();
        }
        _ => reader.unknown_key(key, "`external` has", EXTERNAL_KEYS.iter().map(|(name, _)| *name)),
    }
}
