//! The kinds of page and the fields that each may carry in its front matter.
//!
//! One table feeds the front matter reader, `docent schema` and the manual. The built-in kinds are
//! `runbook`, `article`, `module`, `path`, `job` and `opening`; a config adds more. Not here: the
//! built-in table (`builtin`) and how a config declares a kind (`declare`).

use globset::GlobMatcher;

use super::builtin;

/// All kinds of a knowledge base.
#[derive(Clone, Debug)]
pub struct Kinds {
    /// Built-in kinds first, in their fixed order, then the config's by name.
    pub all: Vec<Kind>,
}

/// One kind of page.
#[derive(Clone, Debug)]
pub struct Kind {
    /// As written in `kind:`.
    pub name: String,
    /// For people, one page: `Runbook`.
    pub label: String,
    /// For people, several: `Runbooks`.
    pub plural: String,
    /// Content paths (relative to the content directory) that are of this kind.
    pub paths: Vec<GlobMatcher>,
    /// Whether the config gave the paths; they come before those of the built-in table.
    pub paths_configured: bool,
    /// Sections that each of its pages must have, as the headings say them.
    pub outline: Vec<String>,
    /// Fields beyond those that every page may have.
    pub fields: Vec<Field>,
    /// Whether the config declared it.
    pub custom: bool,
}

/// One key of the front matter.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The key.
    pub name: String,
    /// What it takes.
    pub kind: FieldType,
    /// Whether a page of the kind must have it.
    pub required: bool,
    /// One sentence for the schema and the manual.
    pub about: String,
    /// Keys of other tools that mean the same.
    pub aliases: Vec<String>,
}

/// What a field takes.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldType {
    /// Any text.
    Text,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer,
    /// `YYYY-MM-DD`.
    Date,
    /// `90d`, `6 weeks`, `3 months`.
    Duration,
    /// One of these words.
    Enum(Vec<String>),
    /// A list; one value alone is a list of one.
    List(Box<FieldType>),
    /// A page of this site, by path or URL; of this kind if one is named.
    Page(Option<String>),
    /// A group of keys; read later by the feature it belongs to.
    Group,
    /// Anything; read later by the feature it belongs to.
    Any,
}

impl Default for Kinds {
    fn default() -> Self {
        Self { all: builtin::kinds() }
    }
}

impl Kinds {
    /// The kind with this name.
    pub fn find(&self, name: &str) -> Option<&Kind> {
        self.all.iter().find(|kind| kind.name == name)
    }

    /// The kind that a page at this content path has by the path patterns: the config's before the
    /// built-in ones, the longest pattern first. A folder's own page is of a kind only if a pattern
    /// names its file.
    pub fn find_for_path(&self, content_path: &str) -> Option<&Kind> {
        let own_page = is_folder_page(content_path);
        let mut best: Option<((bool, usize), &Kind)> = None;
        for kind in &self.all {
            for glob in &kind.paths {
                let pattern = glob.glob().glob();
                if !glob.is_match(content_path) || (own_page && !is_folder_page(pattern)) {
                    continue;
                }
                let rank = (kind.paths_configured, pattern.len());
                if best.is_none_or(|(other, _)| rank > other) {
                    best = Some((rank, kind));
                }
            }
        }
        best.map(|(_, kind)| kind)
    }

    /// The names of all kinds, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|kind| kind.name.as_str())
    }
}

impl Kind {
    /// Every key that a page of this kind may have: those of every page, then its own.
    pub fn keys(&self) -> impl Iterator<Item = &Field> {
        builtin::every_page().iter().chain(&self.fields)
    }
}

impl Field {
    /// A field that may be left out.
    pub fn new(name: &str, kind: FieldType, about: &str) -> Self {
        Self { name: name.into(), kind, required: false, about: about.into(), aliases: Vec::new() }
    }

    /// Keys of other tools that mean the same.
    #[must_use]
    pub fn or(mut self, aliases: &[&str]) -> Self {
        self.aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
        self
    }

    /// A field that a page must have.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

impl FieldType {
    /// What it takes, for a message: `a date such as 2026-09-01`.
    pub fn wants(&self) -> String {
        match self {
            Self::Text => "a text".into(),
            Self::Bool => "`true` or `false`".into(),
            Self::Integer => "a whole number such as `10`".into(),
            Self::Date => "a date such as `2026-09-01`".into(),
            Self::Duration => "a length of time such as `90d`, `6 weeks` or `3 months`".into(),
            Self::Enum(words) => {
                let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
                format!("one of {}", words.join(", "))
            }
            Self::List(of) => match of.as_ref() {
                Self::Text => "a list of texts such as `[one, two]`".into(),
                Self::Page(_) => "a list of pages such as `[/runbooks/disk-full.md]`".into(),
                other => format!("a list, each entry {}", other.wants()),
            },
            Self::Page(Some(kind)) => format!("the path of a page of kind `{kind}`"),
            Self::Page(None) => "the path of a page such as `/runbooks/disk-full.md`".into(),
            Self::Group => "a group of keys".into(),
            Self::Any => "any value".into(),
        }
    }
}

/// Whether a path names the page of a folder: `index`, `_index` or `README` with any ending.
pub fn is_folder_page(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    stem == "index" || stem == "_index" || stem.eq_ignore_ascii_case("readme")
}
