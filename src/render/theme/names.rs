//! Files of a theme folder that are near to a name that counts, and do not have it.
//!
//! In: the files of the theme folder. Out: a warning for each that nothing reads, if its name is
//! nearly that of a file that is read. Not here: what the files hold.

use std::sync::Arc;

use super::embedded;
use crate::diagnostic::rules::config::UNUSED_THEME_FILE;
use crate::diagnostic::{Diagnostic, nearest};
use crate::discover::ThemeFile;
use crate::source::{SourceFile, Span};

/// A style sheet that the default templates load if a theme has it.
const OPTIONAL: &str = "static/site.css";

/// Names the files of a theme that were probably meant to replace another.
pub fn check_theme_names(folder: &str, theme: &[ThemeFile]) -> Vec<Diagnostic> {
    let templates = embedded::TEMPLATES.iter().map(|(name, _)| format!("templates/{name}"));
    let files = embedded::STATIC.iter().map(|(name, _)| format!("static/{name}"));
    let known: Vec<String> = templates.chain(files).chain([OPTIONAL.to_owned()]).collect();
    let unused = theme.iter().filter_map(|file| Some((file, find_meant(file, theme, &known)?)));
    let tell = |(file, meant): (&ThemeFile, &str)| {
        let place = || Arc::new(SourceFile::new(format!("{folder}/{}", file.path), ""));
        let place = file.file.clone().unwrap_or_else(place);
        Diagnostic::new(&UNUSED_THEME_FILE, format!("nothing uses the theme's file `{}`", file.path))
            .at(&place, Span::default(), "")
            .help(format!("did you mean `{meant}`?"))
    };
    unused.map(tell).collect()
}

/// The file that was meant, if nothing reads this one.
fn find_meant<'k>(file: &ThemeFile, theme: &[ThemeFile], known: &'k [String]) -> Option<&'k str> {
    if known.contains(&file.path) {
        return None;
    }
    let name = file.path.split_once('/').map_or(file.path.as_str(), |(_, name)| name);
    // A template or file of the theme's own that another of its files names.
    let is_named = |other: &ThemeFile| {
        let text = other.file.as_ref().map_or(other.bytes.as_slice(), |file| file.text().as_bytes());
        other.path != file.path && text.windows(name.len()).any(|part| part == name.as_bytes())
    };
    // Its folder is left out or misspelt (`page.html`, `template/page.html`), or its name is.
    let same_name = |known: &&String| known.split_once('/').is_some_and(|(_, other)| other == name);
    let near = if let Some(known) = known.iter().find(same_name) {
        known
    } else {
        let folder = &file.path[..file.path.len() - name.len()];
        let near = nearest(name, known.iter().filter_map(|known| known.strip_prefix(folder)))?;
        known.iter().find(|known| known.strip_prefix(folder) == Some(near))?
    };
    let is_taken = theme.iter().any(|other| &other.path == near);
    (!is_taken && !theme.iter().any(is_named)).then_some(near)
}
