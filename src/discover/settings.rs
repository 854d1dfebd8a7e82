//! The files that are not content: the config, the theme, the owners; and where content stands.
//!
//! In: the knowledge base and its config. Out: folders that exist, texts that were read. What the
//! config names and the disk does not hold is an error at the very word. Not here: what these files
//! mean (`config`, `model::owners`, `render`).

use std::path::{Component, Path};
use std::sync::Arc;

use super::ThemeFile;
use super::git::GitFacts;
use super::jail::{Jail, Refusal, read_named};
use super::names::{MANIFEST, is_private};
use super::read::decode;
use super::walk::{WalkRules, is_below, join, refused, walk};
use crate::config::Config;
use crate::diagnostic::rules::config::INVALID_CONFIG;
use crate::diagnostic::{Diagnostic, nearest};
use crate::error::Error;
use crate::source::{SharedFile, SourceFile, Span, Spanned};

/// The config's name.
const CONFIG: &str = "docent.yaml";
/// Largest config, owners file or file of a theme.
const MAX_BYTES: u64 = 16 << 20;

/// Where things stand, relative to the knowledge base.
#[derive(Debug)]
pub struct Places {
    /// The content directory; empty: the knowledge base itself.
    pub content: String,
    /// The static folder, whether it exists or not.
    pub static_dir: String,
    /// Whether it exists.
    pub has_static: bool,
    /// The theme folder that stands over the embedded one.
    pub theme: Option<String>,
    /// The folder of themes, if one of them is used.
    pub themes: Option<String>,
    /// `owners.yaml`.
    pub owners: Option<String>,
    /// The folder of records of completions.
    pub completions: Option<String>,
}

/// The folder of the knowledge base.
pub fn open_knowledge_base(dir: &Path) -> Result<Jail, Error> {
    let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    match dir.metadata() {
        Ok(metadata) if !metadata.is_dir() => {
            Err(Error::Usage(format!("`{}` is not a folder; name the folder that holds it", dir.display())))
        }
        Ok(metadata) if dir.join(MANIFEST).is_file() && metadata.is_dir() => Err(Error::Usage(format!(
            "`{}` is the output of a build; name the folder that it was built from",
            dir.display()
        ))),
        Ok(_) => Jail::new(dir).map_err(|error| Error::io("read", dir, error)),
        Err(error) => Err(Error::io("read", dir, error)),
    }
}

/// Finds, reads and parses the config. Its path is given back if it lies in the knowledge base.
pub fn read_config(jail: &Jail, named: Option<&Path>) -> Result<(Config, Option<String>), Error> {
    let (bytes, path, inside) = if let Some(named) = named {
        let bytes = read_named(named, MAX_BYTES).map_err(|refusal| cannot_read(named, refusal))?;
        let inside = named
            .canonicalize()
            .ok()
            .and_then(|real| real.strip_prefix(jail.root()).ok().and_then(Path::to_str).map(str::to_owned));
        let path = inside.clone().unwrap_or_else(|| named.to_string_lossy().into_owned());
        (bytes, path, inside)
    } else {
        match jail.read_linked(Path::new(CONFIG), MAX_BYTES) {
            Ok(bytes) => (bytes, CONFIG.to_owned(), Some(CONFIG.to_owned())),
            Err(Refusal::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {
                if jail.root().join("docent.yml").is_file() {
                    return Err(Error::Usage("the config is called `docent.yaml`; rename docent.yml".into()));
                }
                return Ok((Config::parse(&Arc::new(SourceFile::new("", ""))).map_err(Error::Config)?, None));
            }
            Err(Refusal::Io(error)) => return Err(Error::io("read", jail.root().join(CONFIG), error)),
            Err(refusal) => return Err(Error::Config(vec![refused(CONFIG, &refusal)])),
        }
    };
    let (file, findings) = decode(&path, bytes, false);
    let Some(file) = file else { return Err(Error::Config(findings)) };
    Ok((Config::parse(&file).map_err(Error::Config)?, inside))
}

fn cannot_read(path: &Path, refusal: Refusal) -> Error {
    match refusal {
        Refusal::Io(error) => Error::io("read", path, error),
        Refusal::TooLarge { .. } => {
            Error::io("read", path, std::io::Error::other("it is larger than 16 MiB"))
        }
        Refusal::Changed => Error::io("read", path, std::io::Error::other("it changed meanwhile")),
        _ => Error::io("read", path, std::io::Error::other("it is not a file")),
    }
}

/// Finds the folders and files that the config names.
pub fn find_places(jail: &Jail, config: &Config) -> Result<Places, Error> {
    let is_dir = |path: &str| jail.root().join(path).is_dir();
    let content = match &config.content {
        Some(named) => {
            let path = plain_path(named).ok_or_else(|| outside(config, "content", named))?;
            check_folder(jail, config, "content", &path)?;
            path
        }
        None if is_dir("content") && jail.resolve(Path::new("content")).is_ok() => "content".to_owned(),
        None => String::new(),
    };
    let static_dir = plain_path(config.static_folder())
        .ok_or_else(|| outside(config, "static", config.static_folder()))?;
    if config.static_dir.is_some() {
        check_folder(jail, config, "static", &static_dir)?;
    }
    let has_static = !static_dir.is_empty() && is_dir(&static_dir);
    let theme = format!("themes/{}", config.theme);
    let theme = if config.theme == "default" {
        is_dir(&theme).then_some(theme)
    } else {
        if plain_path(&config.theme).as_deref() != Some(&config.theme) || config.theme.is_empty() {
            return Err(outside(config, "theme", &config.theme));
        }
        check_folder(jail, config, "theme", &theme)?;
        Some(theme)
    };
    let owners = match &config.owners {
        Some(named) => {
            let path = plain_path(named).ok_or_else(|| outside(config, "owners", named))?;
            if !jail.root().join(&path).is_file() {
                let message = format!("the owners file `{named}` does not exist");
                let finding = at_key(config, "owners", message).help("make it, or remove the key");
                return Err(Error::Config(vec![finding]));
            }
            Some(path)
        }
        None => jail.root().join("owners.yaml").is_file().then(|| "owners.yaml".to_owned()),
    };
    let themes = theme.is_some().then(|| "themes".to_owned());
    let completions = find_completions(jail, config, [&content, &static_dir, "themes"])?;
    Ok(Places { content, static_dir, has_static, theme, themes, owners, completions })
}

/// The folder of records of completions. One that holds what is published would either be published
/// or take pages away.
fn find_completions(jail: &Jail, config: &Config, public: [&str; 3]) -> Result<Option<String>, Error> {
    let Some(Spanned { value: path, span }) = &config.training.completions else {
        return Ok(jail.root().join(COMPLETIONS).is_dir().then(|| COMPLETIONS.to_owned()));
    };
    let refuse = |message: String, help: String| {
        let finding = Diagnostic::new(&INVALID_CONFIG, message).at(&config.file, *span, "");
        Err(Error::Config(vec![finding.help(help)]))
    };
    if !jail.resolve(Path::new(path)).is_ok_and(|real| jail.root().join(real).is_dir()) {
        let help = suggest_folder(jail, path).unwrap_or_else(|| "make it, or take the key out".to_owned());
        return refuse(format!("the folder `{path}` does not exist"), help);
    }
    let holds = |folder: &&str| *folder == path || is_below(folder, path);
    let themes = public[2];
    let clash = public.into_iter().filter(|folder| !folder.is_empty()).find(holds);
    match clash.or_else(|| is_below(path, themes).then_some(themes)) {
        None => Ok(Some(path.clone())),
        Some(folder) => refuse(
            format!("records of completions are private, and `{folder}` is published"),
            "move them to a folder of their own, such as `completions`".to_owned(),
        ),
    }
}

/// Where records of completions are unless the config says otherwise.
const COMPLETIONS: &str = "completions";

/// A relative path without `.`, `..` and slashes at its ends; `None` if it leads elsewhere.
fn plain_path(path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains('\\') {
        return None;
    }
    let mut plain = String::new();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(name) => plain = join(&plain, name.to_str()?),
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(plain)
}

fn check_folder(jail: &Jail, config: &Config, key: &str, path: &str) -> Result<(), Error> {
    let missing = |help: Option<String>| {
        let finding = at_key(config, key, format!("the folder `{path}` does not exist"));
        let help = help.unwrap_or_else(|| format!("make it, or change `{key}`"));
        Error::Config(vec![finding.help(help)])
    };
    match jail.resolve(Path::new(path)) {
        Ok(real) if jail.root().join(&real).is_dir() => Ok(()),
        Err(Refusal::Outside) => Err(outside(config, key, path)),
        _ => Err(missing(suggest_folder(jail, path))),
    }
}

/// The folder with the nearest name beside the one that is missing.
fn suggest_folder(jail: &Jail, path: &str) -> Option<String> {
    let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
    let entries = jail.root().join(parent).read_dir().ok()?.flatten();
    let names: Vec<String> = entries
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !is_private(name))
        .collect();
    let near = nearest(name, names.iter().map(String::as_str))?;
    Some(format!("did you mean `{near}`?"))
}

fn outside(config: &Config, key: &str, value: &str) -> Error {
    let message = format!("`{value}` is not a path inside the knowledge base");
    let help = format!("`{key}` takes a path relative to the knowledge base, without `..`");
    Error::Config(vec![at_key(config, key, message).help(help)])
}

/// A finding at the value of a top-level key of the config.
fn at_key(config: &Config, key: &str, message: String) -> Diagnostic {
    let file = &config.file;
    let mut span = Span::default();
    let mut start = 0;
    for line in file.text().split_inclusive('\n') {
        let value = line.strip_prefix(key).and_then(|rest| rest.trim_start().strip_prefix(':'));
        if let Some(value) = value {
            let value = value.split(" #").next().unwrap_or_default();
            let before = line.len() - line[key.len()..].trim_start().len() + 1;
            let lead = value.len() - value.trim_start().len();
            span = Span::new(start + before + lead, start + before + lead + value.trim().len());
            break;
        }
        start += line.len();
    }
    Diagnostic::new(&INVALID_CONFIG, message).at(file, span, "")
}

/// Reads a text file of the knowledge base; what is wrong with it is a finding and no file.
pub fn read_text(jail: &Jail, path: Option<&str>) -> (Option<SharedFile>, Vec<Diagnostic>) {
    let Some(path) = path else { return (None, Vec::new()) };
    match jail.read_linked(Path::new(path), MAX_BYTES) {
        Ok(bytes) => decode(path, bytes, false),
        Err(refusal) => (None, vec![refused(path, &refusal)]),
    }
}

/// Reads the files of the theme folder, without those of `own`, which are never published.
pub fn read_theme(jail: &Jail, folder: Option<&str>, own: &[String]) -> (Vec<ThemeFile>, Vec<Diagnostic>) {
    let Some(folder) = folder else { return (Vec::new(), Vec::new()) };
    let rules = WalkRules { content_dir: folder, own, ..WalkRules::default() };
    let (tree, mut findings) = walk(jail, &[folder], &rules);
    let mut found = tree.files;
    found.extend(tree.pages);
    found.sort_unstable();
    let mut theme = Vec::with_capacity(found.len());
    for found in found {
        let bytes = match jail.read(&found.real, MAX_BYTES) {
            Ok(bytes) => bytes,
            Err(refusal) => {
                findings.push(refused(&found.path, &refusal));
                continue;
            }
        };
        let path = found.path[folder.len()..].trim_start_matches('/').to_owned();
        let mut file = None;
        if is_template(&path) {
            let (text, more) = decode(&found.path, bytes.clone(), false);
            findings.extend(more);
            let Some(text) = text else { continue };
            file = Some(text);
        }
        theme.push(ThemeFile { path, file, bytes });
    }
    (theme, findings)
}

fn is_template(path: &str) -> bool {
    let folder = path.split('/').next().unwrap_or_default();
    let ending = Path::new(path).extension().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
    matches!(folder, "templates" | "components" | "partials") || matches!(ending, "html" | "tera" | "xml")
}

/// Reads CODEOWNERS: of the knowledge base, else of the repository it lies in. The path of the
/// latter starts with `../`, and its patterns count from there.
pub fn read_codeowners(jail: &Jail, git: &GitFacts) -> (Option<SharedFile>, Vec<Diagnostic>) {
    let candidates = ["CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS"];
    if let Some(path) = candidates.iter().find(|path| jail.root().join(path).is_file()) {
        return read_text(jail, Some(path));
    }
    let up = git.prefix.matches('/').count();
    let top = jail.root().ancestors().nth(up).filter(|_| up > 0);
    let Some(top) = top.and_then(|top| Jail::new(top).ok()) else { return (None, Vec::new()) };
    for path in candidates {
        if !top.root().join(path).is_file() {
            continue;
        }
        let shown = format!("{}{path}", "../".repeat(up));
        return match top.read_linked(Path::new(path), MAX_BYTES) {
            Ok(bytes) => decode(&shown, bytes, false),
            Err(refusal) => (None, vec![refused(&shown, &refusal)]),
        };
    }
    (None, Vec::new())
}
