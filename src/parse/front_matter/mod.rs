//! Front matter: split off, read, typed.
//!
//! In: a file and its path. Out: a [`FrontMatter`] with every known key of the page's kind in its
//! type, the body's span, and findings. Front matter that is not YAML gives no page; a wrong value
//! gives a finding, and the page goes on without it. Not here: which keys there are
//! (`config::builtin` and the config), and what needs today's date or other pages (`check`).

mod fields;
mod split;
pub mod values;

use crate::config::Config;
use crate::config::builtin::{THEME_LAYOUTS, is_plain_layout};
use crate::diagnostic::rules::front_matter::{
    DUPLICATE_KEY, FRONT_MATTER_SYNTAX, FRONT_MATTER_TOML, FRONT_MATTER_UNCLOSED, UNKNOWN_KIND,
    UNKNOWN_LAYOUT, WRONG_TYPE,
};
use crate::diagnostic::{Diagnostic, nearest};
use crate::source::{SharedFile, Span, Spanned};
use crate::yaml::{self, Node, Value, YamlRules};
use fields::FieldReader;
use split::{Split, split};

/// The front matter of a page, typed.
#[derive(Clone, Debug, Default)]
pub struct FrontMatter {
    /// The whole block, fences included; empty if there is none.
    pub span: Span,
    /// `title`.
    pub title: Option<Spanned<String>>,
    /// `description`.
    pub description: Option<Spanned<String>>,
    /// The name of the kind: from `kind`, else `layout`, else the path, else `article`.
    pub kind: String,
    /// `layout` as written.
    pub layout: Option<Spanned<String>>,
    /// `slug`: the last part of the address.
    pub slug: Option<Spanned<String>>,
    /// `aliases`: old addresses.
    pub aliases: Vec<Spanned<String>>,
    /// `tags` as written, synonyms not yet replaced.
    pub tags: Vec<Spanned<String>>,
    /// `owner` and `owners`.
    pub owners: Vec<Spanned<String>>,
    /// `draft`: not published without `--drafts`.
    pub draft: bool,
    /// `expires`: not published from this day on (`YYYY-MM-DD`).
    pub expires: Option<Spanned<String>>,
    /// `weight`: order among its siblings, small first.
    pub weight: Option<i64>,
    /// `id`: survives a change of address.
    pub id: Option<Spanned<String>>,
    /// `toc: false` leaves out the table of contents.
    pub toc: Option<bool>,
    /// The other keys that are known for its kind or for every page, valid by their type. A key of
    /// another tool has the name of ours that it means (`last-reviewed` is `reviewed`), with the
    /// span of the key as written. Dates are `YYYY-MM-DD`.
    pub fields: Vec<(Spanned<String>, Node)>,
    /// Known keys whose values could not be used, by our names, with the spans of the values; a
    /// finding says why. A review date that cannot be read is not the same as none.
    pub unusable: Vec<Spanned<String>>,
    /// The keys that nobody declared; templates see them as `page.extra.<key>`.
    pub extra: Vec<(Spanned<String>, Node)>,
}

impl FrontMatter {
    /// The value of a known key that has no member of its own.
    pub fn field(&self, name: &str) -> Option<&Node> {
        self.fields.iter().find(|(key, _)| key.value == name).map(|(_, node)| node)
    }
}

/// Splits off and reads the front matter. `None` means that the page cannot be used. The span is
/// the body's.
pub fn parse(
    file: &SharedFile,
    content_path: &str,
    config: &Config,
) -> (Option<FrontMatter>, Span, Vec<Diagnostic>) {
    let whole = Span::new(0, file.text().len());
    match split(file.text()) {
        Split::None => {
            let (front, found) = read(file, content_path, config, Span::default(), &Node::default());
            (Some(front), whole, found)
        }
        Split::Yaml { block, yaml, body } => {
            let rules = YamlRules { syntax: &FRONT_MATTER_SYNTAX, duplicate: &DUPLICATE_KEY };
            let root = match yaml::parse(file, yaml, rules) {
                Ok(root) => root,
                Err(found) => return (None, body, found),
            };
            if !matches!(root.value, Value::Map(_) | Value::Null) {
                return (None, body, vec![no_keys(file, &root)]);
            }
            let (front, found) = read(file, content_path, config, block, &root);
            (Some(front), body, found)
        }
        Split::Unclosed { fence } => {
            let found = Diagnostic::new(&FRONT_MATTER_UNCLOSED, "the front matter has no closing `---`")
                .at(file, fence, "opened here")
                .help("put a line `---` behind the last key");
            (None, whole, vec![found])
        }
        Split::Toml { fence } => {
            let found = Diagnostic::new(&FRONT_MATTER_TOML, "front matter in TOML is not supported")
                .at(file, fence, "TOML begins here")
                .help("write it as YAML: `---` instead of `+++`, `key: value` instead of `key = value`");
            (None, whole, vec![found])
        }
    }
}

/// Why a page has front matter and yet no YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoYaml {
    /// It is never closed.
    Unclosed,
    /// It is TOML.
    Toml,
}

/// Where the YAML of a page stands, between the fences; `None` if the page has no front matter.
pub fn find_yaml(text: &str) -> Result<Option<Span>, NoYaml> {
    match split(text) {
        Split::None => Ok(None),
        Split::Yaml { yaml, .. } => Ok(Some(yaml)),
        Split::Unclosed { .. } => Err(NoYaml::Unclosed),
        Split::Toml { .. } => Err(NoYaml::Toml),
    }
}

fn no_keys(file: &SharedFile, root: &Node) -> Diagnostic {
    let start = root.span.start as usize;
    let line = file.slice(root.span).lines().next().unwrap_or_default();
    let message = match &root.value {
        Value::List(_) => "the front matter is a list; keys are expected".to_owned(),
        _ => "the front matter is a text; keys are expected".to_owned(),
    };
    Diagnostic::new(&WRONG_TYPE, message)
        .at(file, Span::new(start, start + line.len()), "")
        .help("write `key: value`, such as `title: Disk full`; if a line across the page is meant, leave a blank line below it")
}

/// Types the keys of a block.
fn read(
    file: &SharedFile,
    content_path: &str,
    config: &Config,
    block: Span,
    root: &Node,
) -> (FrontMatter, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let kind = kind(file, content_path, config, root, &mut findings);
    let mut reader = FieldReader::new(file, config, &kind, root, findings);
    for (key, value) in root.entries() {
        reader.read(key, value);
    }
    reader.check_required(block);
    let (mut front, mut findings) = reader.finish();
    findings.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    front.span = block;
    front.kind = kind;
    (front, findings)
}

/// The kind: from `kind`, else `layout`, else the path, else `article`. A layout of old handbooks that
/// fits any page leaves the choice to the path.
fn kind(
    file: &SharedFile,
    content_path: &str,
    config: &Config,
    root: &Node,
    findings: &mut Vec<Diagnostic>,
) -> String {
    let from_path = || config.kinds.find_for_path(content_path).map_or("article", |kind| &kind.name);
    let from_layout = root.get("layout").and_then(|node| layout_kind(file, config, node, findings));
    let named = root.get("kind").and_then(|node| Some((node, node.text()?.trim())));
    let Some((node, name)) = named.filter(|(_, name)| !name.is_empty()) else {
        return from_layout.unwrap_or_else(|| from_path().to_owned());
    };
    if config.kinds.find(name).is_some() {
        return name.to_owned();
    }
    let found = Diagnostic::new(&UNKNOWN_KIND, format!("there is no kind `{name}`")).at(file, node.span, "");
    findings.push(with_nearest(found, name, config.kinds.names().collect(), "kinds"));
    from_layout.unwrap_or_else(|| from_path().to_owned())
}

fn layout_kind(
    file: &SharedFile,
    config: &Config,
    node: &Node,
    findings: &mut Vec<Diagnostic>,
) -> Option<String> {
    let name = node.text()?.trim();
    if let Some(kind) = config.layouts.get(name) {
        return Some(kind.clone()).filter(|kind| kind != "article" || !is_plain_layout(name));
    }
    if config.kinds.find(name).is_some() {
        return Some(name.to_owned());
    }
    if !name.is_empty() && !THEME_LAYOUTS.contains(&name) {
        let mut known: Vec<&str> =
            config.layouts.keys().map(String::as_str).chain(config.kinds.names()).collect();
        known.extend(THEME_LAYOUTS);
        known.sort_unstable();
        let found =
            Diagnostic::new(&UNKNOWN_LAYOUT, format!("there is no layout `{name}`")).at(file, node.span, "");
        findings.push(with_nearest(found, name, known, "layouts").help(format!(
            "or say which kind it stands for in `docent.yaml`: `layouts: {{ {name}: article }}`"
        )));
    }
    None
}

fn with_nearest(found: Diagnostic, word: &str, known: Vec<&str>, what: &str) -> Diagnostic {
    let list: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
    let found = match nearest(word, known) {
        Some(near) => found.meant(near),
        None => found,
    };
    found.help(format!("known {what}: {}", list.join(", ")))
}
