//! The rules of the house that a compiler does not hold: which room may import which, which crate
//! stands behind which wall, how long a file may be. `ARCHITECTURE.md` says why.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The rooms in the order of the data. A room imports those above it, and none below.
const ROOMS: &[&[&str]] = &[
    &["source"],
    &["diagnostic"],
    &["error"],
    &["yaml"],
    &["config"],
    &["tickets", "external"],
    &["discover"],
    &["parse"],
    &["model"],
    &["freshness"],
    &["training"],
    &["check", "render", "search"],
    &["publish", "pull", "export"],
    &["pipeline"],
    &["serve"],
    &["cli"],
];

/// A third-party crate and the only places that may name it.
const WALLS: &[(&str, &[&str])] = &[
    ("annotate_snippets", &["diagnostic"]),
    ("serde_saphyr", &["yaml"]),
    ("csv", &["tickets"]),
    ("flate2", &["tickets/unpack", "search/export"]),
    ("ruzstd", &["tickets/unpack"]),
    ("walkdir", &["discover"]),
    ("pulldown_cmark", &["parse", "render/html"]),
    ("html5gum", &["parse", "discover/image", "render/clean"]),
    ("emojis", &["parse"]),
    ("linkify", &["parse"]),
    ("tera", &["render"]),
    ("syntect", &["render"]),
    ("two_face", &["render"]),
    ("ammonia", &["render"]),
    ("math_core", &["parse/math"]),
    ("tantivy", &["search"]),
    ("ureq", &["pull"]),
    ("statrs", &["freshness"]),
    ("zip", &["export/scorm"]),
    ("axum", &["serve"]),
    ("hyper", &["serve"]),
    ("hyper_util", &["serve"]),
    ("tokio", &["serve"]),
    ("notify", &["serve/watch"]),
    ("open", &["cli/serve"]),
    ("qrcode", &["cli/serve"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("indicatif", &["cli"]),
];

/// Longest file, in lines.
const MAX_LINES: usize = 600;

struct File {
    /// Relative to `src`, with `/`.
    path: String,
    text: String,
}

impl File {
    fn room(&self) -> &str {
        self.path.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// Lines with their numbers, comments left out.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let code = self.text.lines().enumerate().map(|(at, line)| (at + 1, line));
        code.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

fn sources() -> Vec<File> {
    fn walk(dir: &Path, root: &Path, found: &mut Vec<File>) {
        let mut entries: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, root, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let path = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                found.push(File { path, text });
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &root, &mut found);
    found
}

fn floor(room: &str) -> Option<usize> {
    ROOMS.iter().position(|rooms| rooms.contains(&room))
}

/// Rooms named by `crate::room` in a line, inside braces too.
fn imports(line: &str) -> BTreeSet<&str> {
    let mut rooms = BTreeSet::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        rooms.insert(&rest[..end]);
    }
    rooms
}

fn report(broken: &[String]) {
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn rooms_import_upwards_only() {
    let mut broken = Vec::new();
    for file in sources() {
        let Some(here) = floor(file.room()) else {
            if !matches!(file.path.as_str(), "lib.rs" | "main.rs") {
                broken.push(format!("src/{}: `{}` is no room of the house", file.path, file.room()));
            }
            continue;
        };
        for (number, line) in file.lines() {
            if line.contains("crate::{") {
                broken.push(format!("src/{}:{number}: import rooms one by one", file.path));
            }
            for room in imports(line) {
                let Some(there) = floor(room) else { continue };
                if room != file.room() && there >= here {
                    broken.push(format!(
                        "src/{}:{number}: `{}` may not import `{room}`",
                        file.path,
                        file.room()
                    ));
                }
            }
        }
    }
    report(&broken);
}

#[test]
fn each_third_party_crate_stands_behind_its_wall() {
    let mut broken = Vec::new();
    for file in sources() {
        for (number, line) in file.lines() {
            for (name, allowed) in WALLS {
                let named = line.match_indices(&format!("{name}::")).any(|(at, _)| {
                    !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                });
                let inside = allowed.iter().any(|place| {
                    file.path.strip_prefix(place).is_some_and(|rest| rest.starts_with(['/', '.', '_']))
                });
                if named && !inside {
                    broken.push(format!(
                        "src/{}:{number}: `{name}` belongs to {}",
                        file.path,
                        allowed.join(", ")
                    ));
                }
            }
        }
    }
    report(&broken);
}

#[test]
fn no_file_is_too_long_and_nothing_is_left_unfinished() {
    let mut broken = Vec::new();
    for file in sources() {
        let lines = file.text.lines().count();
        if lines > MAX_LINES {
            broken.push(format!("src/{}: {lines} lines, at most {MAX_LINES}", file.path));
        }
        for (number, line) in file.text.lines().enumerate() {
            // Assembled here so that this test does not find itself.
            for word in ["todo", "unimplemented", "dbg"] {
                if line.contains(&format!("{word}!(")) {
                    broken.push(format!("src/{}:{}: `{word}!`", file.path, number + 1));
                }
            }
            let tests = file.text.contains("mod tests") || file.path.ends_with("tests.rs");
            if line.trim_start().starts_with("use super::*") && !tests {
                broken.push(format!("src/{}:{}: `use super::*` outside tests", file.path, number + 1));
            }
        }
    }
    report(&broken);
}

#[test]
fn every_room_is_on_the_map() {
    let map = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    let missing: Vec<String> = ROOMS
        .iter()
        .flat_map(|rooms| rooms.iter())
        .filter(|room| !map.contains(&format!("`{room}")))
        .map(|room| format!("ARCHITECTURE.md does not name the room `{room}`"))
        .collect();
    report(&missing);
}

/// No verdict depends on the clock or the place: neither is read but by the command line, which tells
/// the day, and by the two rooms that wait for others.
#[test]
fn only_the_two_ends_read_clock_and_time_zone() {
    let clocks =
        ["Timestamp::now", "Zoned::now", "SystemTime", "Instant", "TimeZone::system", "UNIX_EPOCH.elapsed"];
    let may = ["cli", "serve", "publish", "pull"];
    let mut broken = Vec::new();
    let mut seen = false;
    for file in &sources() {
        for (number, line) in file.lines() {
            let named = clocks.iter().find(|clock| line.contains(**clock));
            seen |= named.is_some();
            if let Some(clock) = named.filter(|_| !may.contains(&file.room())) {
                broken.push(format!("src/{}:{number}: names `{clock}`", file.path));
            }
        }
    }
    assert!(seen, "no room reads the clock: the names above are not how it is read");
    report(&broken);
}

#[test]
fn every_file_says_what_it_is() {
    let silent: Vec<String> = sources()
        .iter()
        .filter(|file| !file.text.starts_with("//!"))
        .map(|file| format!("src/{}: starts without a module doc", file.path))
        .collect();
    report(&silent);
}
