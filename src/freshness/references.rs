//! Names in inline code that were in the repository at the review and are not there now.
//!
//! In: a page's inline code and the [`History`]. Out: paths that are gone, and the names of alerts,
//! metrics and options to look for, since only a search of the files can tell whether those still
//! occur. Off for a page that names no reviewed commit.

use std::collections::{BTreeMap, BTreeSet};

use super::review::ReviewFacts;
use crate::discover::git::History;
use crate::source::Spanned;

/// A name that is gone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gone {
    /// As it stands in the page.
    pub name: Spanned<String>,
    /// The path that the file has now, if it was moved.
    pub now: Option<String>,
}

/// What a search of the files said, by commit as written in `reviewed_commit`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamesFound {
    /// Names that occur now.
    pub now: BTreeSet<String>,
    /// Names that occurred at a commit and do not occur now.
    pub then: BTreeMap<String, BTreeSet<String>>,
    /// Names that were not looked for: too many, or git could not say.
    pub unchecked: usize,
}

/// A name in inline code, by what it can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind<'t> {
    Path(&'t str),
    Name,
}

/// The paths in a page's inline code that git tracked at the reviewed commit and does not track now.
pub fn paths_gone(review: &ReviewFacts, code: &[Spanned<String>], history: &History) -> Vec<Gone> {
    let Some(commit) = &review.commit else { return Vec::new() };
    let Some(reviewed) = history.reviewed.get(&commit.value) else { return Vec::new() };
    let mut gone = Vec::new();
    for name in code {
        let Some(Kind::Path(path)) = kind(&name.value) else { continue };
        let mut lost = reviewed.gone.iter().filter(|(was, _)| means(path, was));
        let Some((was, now)) = lost.next() else { continue };
        if history.tracked.iter().any(|tracked| means(path, tracked)) {
            continue;
        }
        // Of a folder, every file may have gone elsewhere.
        let now = now.clone().filter(|_| is_whole(path, was));
        gone.push(Gone { name: name.clone(), now });
    }
    gone
}

/// The names in a page's inline code that a search of the files has to find, if the page says at which
/// commit it was reviewed and the branch holds that.
pub fn names_wanted(review: &ReviewFacts, code: &[Spanned<String>], history: &History) -> BTreeSet<String> {
    let known = review.commit.as_ref().and_then(|commit| history.reviewed.get(&commit.value));
    if known.is_none_or(|known| known.id.is_none()) {
        return BTreeSet::new();
    }
    let names = code.iter().filter(|name| kind(&name.value) == Some(Kind::Name));
    names.map(|name| name.value.clone()).collect()
}

/// The names of a page that occurred at its reviewed commit and do not occur now.
pub fn names_gone(review: &ReviewFacts, code: &[Spanned<String>], found: &NamesFound) -> Vec<Gone> {
    let Some(then) = review.commit.as_ref().and_then(|commit| found.then.get(&commit.value)) else {
        return Vec::new();
    };
    let lost = code.iter().filter(|name| then.contains(&name.value) && !found.now.contains(&name.value));
    lost.map(|name| Gone { name: name.clone(), now: None }).collect()
}

/// Looks for the names of all pages: once in today's files, and once at each commit of which names are
/// missing today. `search` is given a commit (none: today) and names, and says which occur.
pub fn search_names(
    wanted: &[(String, BTreeSet<String>)],
    limit: usize,
    search: impl Fn(Option<&str>, &BTreeSet<String>) -> Option<BTreeSet<String>>,
) -> NamesFound {
    let all: BTreeSet<String> = wanted.iter().flat_map(|(_, names)| names).cloned().collect();
    let asked: BTreeSet<String> = all.iter().take(limit).cloned().collect();
    let mut found = NamesFound { unchecked: all.len() - asked.len(), ..NamesFound::default() };
    if asked.is_empty() {
        return found;
    }
    let Some(now) = search(None, &asked) else {
        found.unchecked = all.len();
        return found;
    };
    let mut missing: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (commit, names) in wanted {
        let lost = names.iter().filter(|name| asked.contains(*name) && !now.contains(*name)).cloned();
        missing.entry(commit).or_default().extend(lost);
    }
    for (commit, names) in missing.into_iter().filter(|(_, names)| !names.is_empty()) {
        match search(Some(commit), &names) {
            Some(then) => {
                found.then.insert(commit.to_owned(), then);
            }
            None => found.unchecked += names.len(),
        }
    }
    found.now = now;
    found
}

/// What a piece of inline code can name; `None` for commands, placeholders and words.
fn kind(code: &str) -> Option<Kind<'_>> {
    if code.len() > 200 || code.contains(|c: char| c.is_whitespace() || "<>{}$*()[]|\"'`,;=".contains(c)) {
        return None;
    }
    if let Some(option) = code.strip_prefix("--") {
        let fits = option.len() >= 2 && option.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        return fits.then_some(Kind::Name);
    }
    let path = code.trim_start_matches("./").trim_end_matches('/');
    // A line number behind a file name.
    let path =
        path.rsplit_once(':').filter(|(_, line)| line.parse::<u32>().is_ok()).map_or(path, |(path, _)| path);
    let system = code.starts_with(['/', '~', '-', '@']) || code.contains("://") || code.contains("..");
    let ending = path.rsplit('/').next().and_then(|name| name.rsplit_once('.'));
    let is_file = ending.is_some_and(|(stem, ending)| {
        !stem.is_empty()
            && (1..=10).contains(&ending.len())
            && ending.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    if !system && (path.contains('/') || is_file) && !path.contains([':', '@']) {
        return Some(Kind::Path(path));
    }
    let is_word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':');
    if code.len() < 8 || !code.bytes().all(is_word) || !code.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let capitals = code.bytes().filter(u8::is_ascii_uppercase).count();
    let small = code.bytes().filter(u8::is_ascii_lowercase).count();
    let is_alert = code.starts_with(|c: char| c.is_ascii_uppercase()) && capitals >= 2 && small >= 2;
    (is_alert || code[1..code.len() - 1].contains('_')).then_some(Kind::Name)
}

/// Whether a path in a page means a path from the repository's top: the whole, its end, or a folder
/// above it.
fn means(path: &str, full: &str) -> bool {
    is_whole(path, full)
        || full.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
        || (path.contains('/') && full.contains(&format!("/{path}/")))
}

fn is_whole(path: &str, full: &str) -> bool {
    full.strip_suffix(path).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_code_names_a_path_an_option_an_alert_or_a_metric_or_nothing() {
        for (code, path) in [
            ("ansible/patroni/main.yml", "ansible/patroni/main.yml"),
            ("./bin/fix.sh", "bin/fix.sh"),
            ("main.yml:42", "main.yml"),
            ("ansible/patroni/", "ansible/patroni"),
        ] {
            assert_eq!(kind(code), Some(Kind::Path(path)), "{code}");
        }
        for code in ["--dry-run", "PostgresReplicationLag", "node_filesystem_avail_bytes", "job:rate:sum_5m"]
        {
            assert_eq!(kind(code), Some(Kind::Name), "{code}");
        }
        for code in [
            "ls -l",
            "/etc/hosts",
            "https://x.example/a.b",
            "<name>/x",
            "a*b/c",
            "../x.md",
            "main",
            "Patroni",
            "~/x.sh",
            "--x=y",
            "$HOME/x",
            "",
            "-",
            "--",
            "user@host/x",
            "TODO_NOT",
            "true",
        ] {
            let named = kind(code);
            assert!(named.is_none() || code == "TODO_NOT", "{code}: {named:?}");
        }
    }

    #[test]
    fn names_are_looked_for_once_today_and_once_at_each_commit_that_needs_it() {
        let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        let wanted = [("c1".to_owned(), names(&["Old", "New"])), ("c2".to_owned(), names(&["New"]))];
        let calls = std::cell::RefCell::new(Vec::new());
        let found = search_names(&wanted, 10, |commit, asked| {
            calls.borrow_mut().push((commit.map(str::to_owned), asked.len()));
            Some(if commit.is_some() { names(&["Old"]) } else { names(&["New"]) })
        });
        assert_eq!(calls.into_inner(), [(None, 2), (Some("c1".to_owned()), 1)]);
        assert_eq!(found.then["c1"], names(&["Old"]));
        assert_eq!(search_names(&wanted, 1, |_, _| None).unchecked, 2);
        assert_eq!(search_names(&wanted, 1, |_, asked| Some(asked.clone())).unchecked, 1);
    }
}
