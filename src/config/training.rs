//! The group `training` of the config: records of completions, and where onboarding issues are opened.
//!
//! In: its YAML. Out: [`TrainingConfig`]. Not here: the records themselves (`training::completions`).

use super::Config;
use super::read::Reader;
use super::url;
use crate::source::Spanned;
use crate::yaml::Node;

/// What the config says of training.
#[derive(Clone, Debug, Default)]
pub struct TrainingConfig {
    /// The folder of records of completions, relative to the knowledge base; `None`: `completions` if
    /// it is there.
    pub completions: Option<Spanned<String>>,
    /// The address at which a new issue is opened.
    pub issues: Option<String>,
}

/// The keys of the group, with what each takes.
pub static TRAINING_KEYS: &[(&str, &str)] = &[
    ("completions", "the folder of records of who completed what, which is never published: `completions`"),
    ("issues", "where a new issue is opened: `https://git.example/team/training/-/issues/new`"),
];

/// Reads the group into the config.
pub(super) fn set_training(config: &mut Config, node: &Node, reader: &mut Reader<'_>) {
    for (key, value) in reader.entries(node, "training") {
        read_key(&mut config.training, key, value, reader);
    }
}

fn read_key(training: &mut TrainingConfig, key: &Spanned<String>, value: &Node, reader: &mut Reader<'_>) {
    let name = format!("training.{}", key.value);
    match key.value.as_str() {
        "completions" => match reader.path(value, &name) {
            Some(path) if path.is_empty() => {
                let help = "write the name of a folder that holds nothing else, such as `completions`";
                reader.invalid(value.span, format!("`{name}` cannot be the knowledge base itself"), help);
            }
            path => {
                training.completions = path.map(|path| Spanned { value: path, span: value.span });
            }
        },
        "issues" => {
            let Some(address) = reader.text(value, &name) else { return };
            match url::site_url(&address, &name) {
                Ok(_) => training.issues = Some(address),
                Err(bad) => reader.invalid(value.span, bad.message, bad.help),
            }
        }
        _ => reader.unknown_key(key, "`training` has", TRAINING_KEYS.iter().map(|(name, _)| *name)),
    }
}
