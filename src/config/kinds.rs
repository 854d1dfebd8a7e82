//! The kinds of page and the fields that each may carry in its front matter.
//!
//! One table feeds the front matter reader, `docent schema` and the manual. The built-in kinds are
//! `runbook`, `article`, `module`, `path`, `job` and `opening`; a config adds more.

use globset::GlobMatcher;

/// All kinds of a knowledge base.
#[derive(Clone, Debug, Default)]
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
    /// Anything; read later by the feature it belongs to.
    Any,
}

impl Kinds {
    /// The kind with this name.
    pub fn find(&self, name: &str) -> Option<&Kind> {
        self.all.iter().find(|kind| kind.name == name)
    }
}
