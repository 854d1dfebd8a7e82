//! The modules of the search as written → the scripts that a site has.
//!
//! In: the static files of a theme. Out: the same with comments left out and modules joined that are
//! always loaded together; and for a portable site all of them as one plain script, since browsers load
//! no modules from disk. What this takes for granted of the modules: an import stands on one line and
//! renames nothing, and no name is used twice at their top level.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Joined into the last of them: all that turns a query into titles.
const CORE: &[&str] = &["english", "tokens", "files", "query", "plan", "rank", "core"];

/// Joined into the last of them: what readers see of that.
const DIALOG: &[&str] = &["state", "dialog"];

/// Loaded when they are needed.
const LATER: &[&str] = &["folding", "paste", "mend", "excerpt", "help", "after"];

/// What every page loads.
const PAGE: &str = "page";

/// Reads the index of a portable site.
const DISK: &str = "disk";

/// The one script of a portable site.
const PORTABLE: &str = "portable";

fn path(module: &str) -> String {
    format!("search/{module}.js")
}

/// Puts the scripts of the search in the place of its modules.
pub(super) fn with_scripts(mut files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let all = CORE.iter().chain(LATER).chain(DIALOG).chain([&PAGE, &DISK]);
    let mut modules = BTreeMap::new();
    for module in all.copied() {
        let source = files.remove(&path(module)).unwrap_or_default();
        modules.insert(module, without_comments(&String::from_utf8_lossy(&source)));
    }
    let mut add = |module: &str, text: String| files.insert(path(module), text.into_bytes());
    for list in [CORE, DIALOG] {
        add(list.last().copied().unwrap_or_default(), joined(list, &modules));
    }
    for module in LATER.iter().chain([&PAGE]) {
        add(module, joined(&[module], &modules));
    }
    add(PORTABLE, portable(&modules));
    files
}

/// Whether a file is for portable sites only, or for all others only; `None`: for both.
pub(super) fn is_portable(name: &str) -> Option<bool> {
    let module = name.strip_prefix("search/")?.strip_suffix(".js")?;
    Some(module.rsplit('/').next() == Some(PORTABLE))
}

/// Leaves out comments that have their lines to themselves.
fn without_comments(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    let mut inside = false;
    for line in source.lines() {
        let trimmed = line.trim();
        let is_comment = inside
            || (trimmed.starts_with("/*") && trimmed.find("*/").is_none_or(|at| at + 2 == trimmed.len()));
        if is_comment {
            inside = !trimmed.ends_with("*/");
        } else if !trimmed.is_empty() && !trimmed.starts_with("//") {
            text.push_str(trimmed);
            text.push('\n');
        }
    }
    text
}

/// Where a module is after it was joined with others.
fn place(module: &str) -> &str {
    let joined = [CORE, DIALOG].into_iter().find(|list| list.contains(&module));
    joined.and_then(|list| list.last().copied()).unwrap_or(module)
}

/// The module that an import names: `… from './files.js';`.
fn imported(line: &str) -> Option<&str> {
    line.split_once("'./")?.1.split_once(".js'").map(|(module, _)| module)
}

/// Some modules as one, which exports what any of them does.
fn joined(list: &[&str], modules: &BTreeMap<&str, String>) -> String {
    let mut text = String::new();
    for module in list {
        for line in modules.get(module).into_iter().flat_map(|source| source.lines()) {
            let from = imported(line);
            if line.starts_with("export {") {
                continue;
            }
            match from.filter(|_| line.contains("import")) {
                Some(from) if line.starts_with("import ") && list.contains(&from) => {}
                Some(from) => {
                    let line = line.replace(&format!("'./{from}.js'"), &format!("'./{}.js'", place(from)));
                    text.push_str(&line);
                    text.push('\n');
                }
                None => {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
    }
    text
}

/// What a line exports.
fn exported(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("export ")?;
    let rest = rest.strip_prefix("async ").unwrap_or(rest);
    let (_, rest) = rest.split_once(' ')?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').unwrap_or(rest.len());
    Some(&rest[..end]).filter(|name| !name.is_empty())
}

/// All modules as one script that is none, in the order in which they need each other.
fn portable(modules: &BTreeMap<&str, String>) -> String {
    let mut text = "(() => {\n'use strict';\nconst SCRIPT = document.currentScript.src;\n".to_owned();
    for module in CORE.iter().chain(LATER).chain(DIALOG).chain([&PAGE, &DISK]) {
        let source = modules.get(module).map_or("", String::as_str);
        for line in source.lines() {
            if line.starts_with("import ") || line.starts_with("export {") {
                continue;
            }
            let mut line = line.strip_prefix("export ").unwrap_or(line).replace("import.meta.url", "SCRIPT");
            while let Some(at) = line.find("import('./") {
                let Some(wanted) = imported(&line[at..]).map(str::to_owned) else { break };
                let import = format!("import('./{wanted}.js')");
                line = line.replacen(&import, &format!("Promise.resolve(MODULE_{wanted})"), 1);
            }
            let _ = writeln!(text, "{line}");
        }
        let names: Vec<&str> = source.lines().filter_map(exported).collect();
        if !names.is_empty() {
            let _ = writeln!(text, "const MODULE_{module} = {{ {} }};", names.join(", "));
        }
    }
    text.push_str("})();\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_that_have_their_lines_to_themselves_are_left_out() {
        let source = "// One.\nconst a = 'http://b'; // two\n\n/** Three. */\nclass C {\n  /**\n   * Four.\n   */\n  /** five */ d = 1;\n}\n";
        assert_eq!(
            without_comments(source),
            "const a = 'http://b'; // two\nclass C {\n/** five */ d = 1;\n}\n"
        );
    }

    #[test]
    fn modules_that_are_loaded_together_are_one_and_others_find_it() {
        let modules = BTreeMap::from([
            ("state", "export const KEPT = 1;\n".to_owned()),
            ("dialog", "import { KEPT } from './state.js';\nimport { rank } from './rank.js';\nexport { KEPT };\nconst a = () => import('./plan.js');\n".to_owned()),
        ]);
        assert_eq!(
            joined(DIALOG, &modules),
            "export const KEPT = 1;\nimport { rank } from './core.js';\nconst a = () => import('./core.js');\n"
        );
    }

    #[test]
    fn a_portable_script_has_no_imports() {
        let modules = BTreeMap::from([
            ("mend", "export async function nearest(a) {\nreturn a;\n}\n".to_owned()),
            (
                "page",
                "import { a } from './plan.js';\nimport('./mend.js').then(() => import.meta.url);\n"
                    .to_owned(),
            ),
        ]);
        assert_eq!(
            portable(&modules),
            "(() => {\n'use strict';\nconst SCRIPT = document.currentScript.src;\nasync function nearest(a) {\nreturn a;\n}\n\
             const MODULE_mend = { nearest };\nPromise.resolve(MODULE_mend).then(() => SCRIPT);\n})();\n"
        );
    }
}
