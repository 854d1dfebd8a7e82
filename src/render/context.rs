//! What templates are told. `themes/default/README.md` is the table of it for theme authors.

use serde::Serialize;

/// `site`: the same on every page, but for links that are relative in a portable site.
#[derive(Debug, Serialize)]
pub struct SiteContext<'s> {
    /// Name of the site.
    pub title: &'s str,
    /// One sentence about it; may be empty.
    pub description: &'s str,
    /// BCP 47 language.
    pub language: &'s str,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    /// Content security policy.
    pub policy: String,
    /// Number of pages.
    pub pages: usize,
    /// Address of the home page.
    pub home: String,
    /// Address of the list of all pages.
    pub search: String,
    /// Address of the list of tags, if there are tags.
    pub tags: Option<String>,
    /// Address of the table of skills, if any page names one.
    pub skills: Option<String>,
    /// Address of the page on freshness, if that was judged.
    pub freshness: Option<String>,
    /// The newest ticket that was looked at, `YYYY-MM-DD`.
    pub tickets_to: Option<&'s str>,
    /// Address of the feed.
    pub feed: String,
    /// Where a reader can report that a page is missing, with places for `{title}` and `{text}`.
    pub report: Option<String>,
    /// The theme's files.
    pub files: Files,
    /// The build.
    pub build: Build<'s>,
    /// Entries of the top bar.
    pub menu: Vec<MenuEntry>,
    /// Kinds in use.
    pub kinds: Vec<KindEntry>,
}

/// `site.files`: addresses of the theme's files.
#[derive(Debug, Serialize)]
pub struct Files {
    /// `tokens.css`.
    pub tokens: String,
    /// `theme.css`.
    pub theme: String,
    /// `print.css`.
    pub print: String,
    /// `theme.js`.
    pub script: String,
    /// `page.js`, on pages that people wrote.
    pub page: String,
    /// `run.js`, on pages with commands or steps.
    pub run: String,
    /// `offline.js`, where readers may keep the site.
    pub offline: Option<String>,
    /// `mark.svg`.
    pub icon: String,
    /// `site.css`, if the theme has one.
    pub own: Option<String>,
    /// The script that opens the search.
    pub search: Option<String>,
    /// Whether that is a module; a portable site has none, since browsers load no modules from disk.
    pub is_module: bool,
}

/// `site.build`.
#[derive(Debug, Serialize)]
pub struct Build<'s> {
    /// `YYYY-MM-DD HH:MM UTC`, or empty.
    pub built: &'s str,
    /// The same for machines: `YYYY-MM-DDTHH:MMZ`.
    pub machine: String,
    /// Short hash, or empty.
    pub revision: &'s str,
    /// The day that pages were judged for, `YYYY-MM-DD`.
    pub day: &'s str,
    /// Days after which a copy warns of its age.
    pub max_age: u32,
}

/// One of `site.menu`.
#[derive(Debug, Serialize)]
pub struct MenuEntry {
    /// What `view.menu` is on pages that belong to it.
    pub key: String,
    /// For people.
    pub title: String,
    /// Address.
    pub url: String,
}

/// One of `site.kinds`.
#[derive(Debug, Serialize)]
pub struct KindEntry {
    /// For people, several.
    pub title: String,
    /// Address of its list.
    pub url: String,
    /// Name of its icon.
    pub icon: &'static str,
    /// Number of pages.
    pub count: usize,
    /// A few words on when to use it; may be empty.
    pub hint: &'static str,
}

/// `view`: what stands at this address, of whatever sort.
#[derive(Debug, Default, Serialize)]
pub struct View {
    /// Its heading.
    pub title: String,
    /// What the window and the list of hits show: the title and the site's name.
    pub window_title: String,
    /// The sentence below the heading; may be empty.
    pub lead: String,
    /// For search engines; may be empty.
    pub description: String,
    /// Its absolute address, if the site knows where it will live.
    pub canonical: Option<String>,
    /// Not for search engines.
    pub hidden: bool,
    /// The entry of the menu that it belongs to; may be empty.
    pub menu: String,
}

/// A link with its text: breadcrumbs, previous and next, tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinkEntry {
    /// Text.
    pub title: String,
    /// Address.
    pub url: String,
}

/// `page`: a Markdown page.
#[derive(Debug, Serialize)]
pub struct PageContext<'s> {
    /// Its title.
    pub title: &'s str,
    /// Its description; may be empty.
    pub description: &'s str,
    /// Name of its kind.
    pub kind: &'s str,
    /// Its kind for people.
    pub kind_label: &'s str,
    /// Path of its file, relative to the knowledge base.
    pub path: &'s str,
    /// Its tags.
    pub tags: Vec<LinkEntry>,
    /// Its owners.
    pub owners: &'s [String],
    /// How far it can be trusted; missing where that was not judged, or nobody began to confirm pages.
    pub trust: Option<super::trust::TrustContext>,
    /// What the front matter says about it, for people.
    pub facts: Vec<Fact>,
    /// What its commands want filled in.
    pub vars: Vec<Var>,
    /// Steps to tick off.
    pub steps: usize,
    /// Whether it holds blocks of code.
    pub code: bool,
    /// Pages that link here, with the texts of their links.
    pub backlinks: Vec<Row>,
    /// What previous and next are part of, if that is no folder: a path; may be empty.
    pub along: String,
    /// The page before it.
    pub previous: Option<LinkEntry>,
    /// The page after it.
    pub next: Option<LinkEntry>,
    /// Where to edit it.
    pub edit_url: Option<String>,
    /// Day of the last change.
    pub changed: Option<&'s str>,
    /// Who made it.
    pub changed_by: Option<&'s str>,
    /// Everyone who wrote it, most changes first.
    pub authors: &'s [String],
    /// The authors but the last one, as a sentence; `None` if there is nobody else.
    pub authors_line: Option<String>,
    /// Words of prose.
    pub words: u32,
    /// Known front matter fields by key.
    pub fields: Fields<'s>,
    /// Unknown front matter keys.
    pub extra: Fields<'s>,
}

/// One of `page.vars`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Var {
    /// `data-v` of its places.
    pub key: String,
    /// Its name as written.
    pub name: String,
    /// What it is, in words; may be empty.
    pub hint: String,
    /// A value such as is wanted; may be empty.
    pub example: String,
    /// A regular expression for its values; may be empty.
    pub pattern: String,
    /// Whether nobody should see or keep it.
    pub secret: bool,
}

/// Front matter by key, as written.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'s>(pub &'s [(crate::source::Spanned<String>, crate::yaml::Node)]);

impl Serialize for Fields<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, node)| (&key.value, Plain(node))))
    }
}

/// A YAML value for templates; its depth is bounded by the reader of YAML.
struct Plain<'s>(&'s crate::yaml::Node);

impl Serialize for Plain<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use crate::yaml::Value;
        match &self.0.value {
            Value::Null => serializer.serialize_none(),
            Value::Text { text, .. } => serializer.serialize_str(text),
            Value::List(list) => serializer.collect_seq(list.iter().map(Plain)),
            Value::Map(map) => {
                serializer.collect_map(map.iter().map(|(key, node)| (&key.value, Plain(node))))
            }
        }
    }
}

/// One of `page.facts`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// For people.
    pub label: String,
    /// How to show it: `severity`, `alerts`, `owners`, `chips` or `text`.
    pub form: &'static str,
    /// Its values.
    pub values: Vec<FactValue>,
}

/// A value of a fact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FactValue {
    /// Text.
    pub text: String,
    /// Where it leads, if anywhere.
    pub url: Option<String>,
    /// A few words behind it; may be empty.
    pub note: String,
    /// How far what it leads to can be trusted, where that is known.
    pub state: Option<super::trust::StateMark>,
}

impl FactValue {
    /// A text, and where it leads.
    pub fn new(text: impl Into<String>, url: Option<String>) -> Self {
        Self { text: text.into(), url, ..Self::default() }
    }
}

/// One line of a list of pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Title of the page.
    pub title: String,
    /// Its address.
    pub url: String,
    /// Its kind for people; empty: not shown.
    pub kind: String,
    /// Name of its kind's icon.
    pub icon: &'static str,
    /// A day to show at the end; may be empty.
    pub date: String,
    /// A few words to show at the end; may be empty.
    pub note: String,
    /// A sentence to show below; may be empty.
    pub text: String,
    /// How far it can be trusted, where that is known.
    pub state: Option<super::trust::StateMark>,
}

/// One of `toc`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TocEntry {
    /// Text of the heading.
    pub title: String,
    /// `#` and its id.
    pub url: String,
    /// Headings one level below.
    pub children: Vec<LinkEntry>,
}

/// One of `groups` on the list of all pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageGroup {
    /// The letter.
    pub title: String,
    /// Its id on the page.
    pub id: String,
    /// Its pages.
    pub rows: Vec<Row>,
}

/// One of `groups` on the list of tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TagGroup {
    /// The letter.
    pub title: String,
    /// Its tags.
    pub tags: Vec<TagEntry>,
}

/// A tag with its number of pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TagEntry {
    /// Name.
    pub title: String,
    /// Address.
    pub url: String,
    /// Number of pages.
    pub count: usize,
}

/// `home`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct HomeContext {
    /// Names of alerts that this site knows.
    pub examples: Vec<String>,
    /// Pages to mend first; `text` is the reason.
    pub attention: Vec<Row>,
    /// The whole queue: how many pages, and its address.
    pub attention_all: Option<LinkEntry>,
    /// Folders at the top.
    pub sections: Vec<Row>,
    /// Pages that changed last.
    pub recent: Vec<Row>,
    /// Training paths.
    pub paths: Vec<Row>,
    /// Address of the list of all paths.
    pub all_paths: Option<String>,
}

/// One of `entries` in `components/nav.html`.
#[derive(Clone, Debug, Serialize)]
pub struct NavEntry {
    /// Text.
    pub title: String,
    /// Address.
    pub url: String,
    /// Where the mark of the current page goes.
    pub current: tera::Value,
    /// Which page it is.
    #[serde(skip)]
    pub page: Option<crate::model::PageId>,
    /// A warning that the page cannot be trusted.
    pub state: Option<super::trust::StateMark>,
    /// Whether it is a folder.
    pub folder: bool,
    /// Whether the entries that follow are inside it.
    pub open: bool,
    /// Whether it leads to the list of what was left out here.
    pub rest: bool,
    /// Pages in a folder.
    pub count: usize,
    /// One entry for each open folder that ends behind this entry.
    pub ends: Vec<bool>,
}
