//! Templates: the embedded default, a theme folder over it, and errors that name file, line and page.
//!
//! In: the theme's files, then a template's name and what it is told. Out: text, or a finding with
//! the place in the template. Not here: what templates are told (`context`).

mod budget;
mod embedded;
mod errors;
mod growth;
mod lint;
pub mod names;
mod scan;
mod scripts;

use std::collections::BTreeMap;
use std::sync::Arc;

use tera::{Context, Tera, Value};

use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::config::TEMPLATE_ERROR;
use crate::discover::ThemeFile;
use crate::source::{SharedFile, SourceFile, Span};
use budget::{Counted, Output};
use lint::{Scanned, Templates};

/// The file that holds the icons; the only template that is not one.
const ICONS: &str = "components/icons.svg";
/// The most templates that a theme may have.
const MAX_TEMPLATES: usize = 1_000;

/// By name: the file, and the text that tera read.
type Compiled = BTreeMap<String, (SharedFile, Counted)>;

/// The folder of the files of the search.
const SEARCH: &str = "search/";

/// A theme that can be used.
#[derive(Debug)]
pub struct Theme {
    tera: Tera,
    templates: Compiled,
    /// `<symbol>`s by the id that pages use.
    icons: BTreeMap<String, String>,
    /// By name: the bytes that will be published.
    files: BTreeMap<String, Vec<u8>>,
}

impl Theme {
    /// Lays the files of a theme folder over the embedded default.
    pub fn new(overrides: &[ThemeFile]) -> Result<Self, Vec<Diagnostic>> {
        let mut sources: BTreeMap<String, SharedFile> = BTreeMap::new();
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for (name, text) in embedded::TEMPLATES {
            let file = SourceFile::new(format!("<default theme>/templates/{name}"), *text);
            sources.insert((*name).to_owned(), Arc::new(file));
        }
        for (name, bytes) in embedded::STATIC {
            files.insert((*name).to_owned(), bytes.to_vec());
        }
        for theirs in overrides {
            if let (Some(name), Some(file)) = (theirs.path.strip_prefix("templates/"), &theirs.file) {
                sources.insert(name.to_owned(), Arc::clone(file));
            } else if let Some(name) = theirs.path.strip_prefix("static/") {
                files.insert(name.to_owned(), theirs.bytes.clone());
            }
        }
        if sources.len() > MAX_TEMPLATES {
            let message =
                format!("the theme has {} templates, over the limit of {MAX_TEMPLATES}", sources.len());
            return Err(vec![Diagnostic::new(&TEMPLATE_ERROR, message)]);
        }
        let icons = sources.remove(ICONS).map(|file| symbols(file.text())).unwrap_or_default();
        let (tera, templates) = compile(&sources)?;
        Ok(Self { tera, templates, icons, files: in_one_version(scripts::with_scripts(files)) })
    }

    /// The theme's static files for a site that is portable or not: name and bytes, sorted by name.
    pub fn files(&self, portable: bool) -> impl Iterator<Item = (&str, &[u8])> {
        let fits = move |name: &str| scripts::is_portable(name).is_none_or(|own| own == portable);
        let files = self.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        files.filter(move |(name, _)| fits(name))
    }

    /// The `<symbol>` of an icon.
    pub fn icon(&self, name: &str) -> Option<&str> {
        self.icons.get(name).map(String::as_str)
    }

    /// Renders a template. `what` names the page in errors; `pages` is the size of the site.
    pub fn render(
        &self,
        name: &str,
        context: &Context,
        what: &str,
        pages: usize,
    ) -> Result<String, Box<Diagnostic>> {
        let mut output = Output::default();
        budget::start(pages);
        self.tera
            .render_to(name, context, &mut output)
            .map_err(|error| Box::new(self.finding(name, &error, &format!(", while rendering {what}"))))?;
        // Templates, values and tera's own output are text.
        Ok(String::from_utf8(output.bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    /// A finding for what tera says about the template `name`; `tail` ends the message.
    fn finding(&self, name: &str, error: &tera::Error, tail: &str) -> Diagnostic {
        errors::findings(&self.templates, name, error, tail).into_iter().next().unwrap_or_else(|| {
            Diagnostic::new(&TEMPLATE_ERROR, format!("the template `{name}` cannot be used"))
        })
    }
}

/// Puts the files of the search, which name each other, into a folder named by what is in them, so that
/// no browser mixes those of two builds.
fn in_one_version(files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let mut hasher = blake3::Hasher::new();
    for (name, bytes) in files.iter().filter(|(name, _)| name.starts_with(SEARCH)) {
        hasher.update(&(name.len() as u64).to_le_bytes()).update(name.as_bytes());
        hasher.update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
    }
    let folder = format!("{SEARCH}{}/", &hasher.finalize().to_hex()[..8]);
    let place =
        |name: String| name.strip_prefix(SEARCH).map_or_else(|| name.clone(), |own| format!("{folder}{own}"));
    files.into_iter().map(|(name, bytes)| (place(name), bytes)).collect()
}

/// The files of the default theme as a theme's folder holds them: `templates/page.html` and its bytes.
pub fn default_files() -> impl Iterator<Item = (String, &'static [u8])> {
    let templates =
        embedded::TEMPLATES.iter().map(|(name, text)| (format!("templates/{name}"), text.as_bytes()));
    templates.chain(embedded::STATIC.iter().map(|(name, bytes)| (format!("static/{name}"), *bytes)))
}

/// Names of the static files of the default theme and of those laid over it, which may repeat.
pub fn file_names(overrides: &[ThemeFile]) -> impl Iterator<Item = &str> {
    let theirs = overrides.iter().filter_map(|file| file.path.strip_prefix("static/"));
    embedded::STATIC.iter().map(|(name, _)| *name).chain(theirs)
}

/// Checks and compiles all templates; every finding of every file, or none.
fn compile(sources: &BTreeMap<String, SharedFile>) -> Result<(Tera, Compiled), Vec<Diagnostic>> {
    let scanned: Templates<'_> = sources
        .iter()
        .map(|(name, file)| (name.as_str(), Scanned { file, tags: scan::tags(file.text()) }))
        .collect();
    let mut findings = lint::lint(&scanned);
    let length = |name: &str| sources.get(name).map_or(0, |file| file.text().len());
    // The default theme alone is tested with us; counting is for templates that are not.
    let is_default = sources.values().all(|file| file.path().starts_with('<'));
    let counted: Compiled = scanned
        .iter()
        .map(|(name, it)| {
            let tags = if is_default { &[][..] } else { &it.tags };
            ((*name).to_owned(), (Arc::clone(it.file), Counted::new(it.file.text(), tags, length)))
        })
        .collect();
    // One by one first: tera stops at the first file with a wrong syntax.
    for (name, (_, text)) in &counted {
        if let Err(error) = Tera::new().add_raw_template(name, &text.text)
            && matches!(error.kind(), tera::ErrorKind::SyntaxError(_))
        {
            findings.extend(errors::findings(&counted, name, &error, ""));
        }
    }
    let mut tera = Tera::new();
    // Every template is escaped, whatever its name ends in, and nothing in one can turn that off.
    tera.autoescape_on([""]);
    tera.register_filter("safe", |value: &Value, _: tera::Kwargs, _: &tera::State<'_>| value.clone());
    budget::register(&mut tera);
    growth::register(&mut tera);
    if findings.is_empty()
        && let Err(error) = tera.add_raw_templates(counted.iter().map(|(name, (_, it))| (name, &it.text)))
    {
        findings.extend(errors::findings(&counted, "", &error, ""));
    }
    if findings.is_empty() { Ok((tera, counted)) } else { Err(findings) }
}

/// The symbols of an icon file, one a line, by id without `i-`.
fn symbols(text: &str) -> BTreeMap<String, String> {
    let symbol = |line: &str| {
        let id = line.strip_prefix("<symbol id=\"i-")?.split('"').next()?;
        Some((id.to_owned(), line.trim_end().to_owned()))
    };
    text.lines().filter_map(symbol).collect()
}

/// A value that is HTML already.
pub fn html(text: &str) -> Value {
    Value::safe_string(text)
}

/// The first line of a file, for findings that have no better place.
fn top(file: &SharedFile) -> Span {
    Span::new(0, file.text().find('\n').unwrap_or(file.text().len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_embedded_files_is_the_folder() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default");
        for (folder, mut listed) in [
            ("templates", embedded::TEMPLATES.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>()),
            ("static", embedded::STATIC.iter().map(|(name, _)| (*name).to_owned()).collect()),
        ] {
            let mut found = Vec::new();
            let mut open = vec![root.join(folder)];
            while let Some(dir) = open.pop() {
                for entry in std::fs::read_dir(dir).unwrap() {
                    let path = entry.unwrap().path();
                    if path.is_dir() {
                        open.push(path);
                    } else {
                        let name = path.strip_prefix(root.join(folder)).unwrap().to_str().unwrap();
                        found.push(name.replace('\\', "/"));
                    }
                }
            }
            found.sort();
            listed.sort();
            assert_eq!(found, listed, "{folder}");
        }
    }

    #[test]
    fn the_default_theme_obeys_its_own_rules() {
        let theme = Theme::new(&[]).unwrap();
        assert!(theme.icon("runbook").unwrap().starts_with("<symbol"));
        assert!(theme.files(false).any(|(name, _)| name == "theme.css"));
    }
}
