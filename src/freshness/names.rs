//! The names of the keys of a review: ours, those of other tools, and short ones in a group.
//!
//! In: a key. Out: the key of ours that it means.

use crate::config::builtin::every_page;
use crate::config::kinds::Field;

/// Keys that a group `freshness:` may write without their first word.
const SHORT: &[(&str, &str)] = &[
    ("by", "reviewed_by"),
    ("how", "reviewed_how"),
    ("commit", "reviewed_commit"),
    ("hash", "reviewed_hash"),
    ("every", "review_every"),
    ("interval", "review_every"),
];
/// The name of ours that a key of the group `freshness:` means.
pub fn long_name(key: &str) -> Option<&'static str> {
    if let Some((_, long)) = SHORT.iter().find(|(short, _)| *short == key) {
        return Some(long);
    }
    let meant = |field: &&Field| field.name == key || field.aliases.iter().any(|alias| alias == key);
    every_page().iter().filter(|field| is_ours(&field.name)).find(meant).map(|field| field.name.as_str())
}

/// Whether a key belongs to the review of a page.
pub(super) fn is_ours(name: &str) -> bool {
    const OTHERS: [&str; 6] =
        ["evergreen", "snooze", "superseded_by", "covers", "ticket_tags", "review_every"];
    name.starts_with("reviewed") || OTHERS.contains(&name)
}

/// Every key that the group `freshness:` takes, with the field of ours that it means.
pub fn group_keys() -> Vec<(&'static str, &'static Field)> {
    let ours = || every_page().iter().filter(|field| is_ours(&field.name));
    let long = ours().flat_map(|field| {
        let names = std::iter::once(&field.name).chain(&field.aliases);
        names.map(move |name| (name.as_str(), field))
    });
    let short =
        SHORT.iter().filter_map(|(short, long)| Some((*short, ours().find(|field| field.name == *long)?)));
    long.chain(short).collect()
}
