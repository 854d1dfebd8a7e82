//! `docent.yaml` → [`Config`].
//!
//! In: the config's text. Out: a [`Config`] with every default filled in, and findings with the
//! nearest known key for each unknown one. Not here: finding or reading the file (`discover`).

pub mod kinds;

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::SharedFile;
use kinds::Kinds;

/// Everything that `docent.yaml` can say.
#[derive(Clone, Debug)]
pub struct Config {
    /// Name of the site.
    pub title: String,
    /// One sentence about the site, for the home page and the feed.
    pub description: String,
    /// BCP 47 language of the pages, `en` by default.
    pub language: String,
    /// Where the site will live, with a trailing slash: `https://kb.example/docs/`. `None`: links
    /// are root-relative to `/`, and there is no sitemap and no absolute feed link.
    pub base_url: Option<String>,
    /// The content directory relative to the knowledge base; `None`: `content` if it is there,
    /// else the knowledge base itself.
    pub content: Option<String>,
    /// Folder of files copied as they are, relative to the knowledge base.
    pub static_dir: String,
    /// `default`, or a folder under `themes/`.
    pub theme: String,
    /// Hosts whose absolute links are internal.
    pub own_hosts: Vec<String>,
    /// Root-relative targets that live on another site: glob → base URL. A page of this tree wins.
    pub elsewhere: Vec<(globset::GlobMatcher, String)>,
    /// Template of the edit link; `{path}` is the page's path in the repository.
    pub edit_url: Option<String>,
    /// Kinds, their path patterns and fields.
    pub kinds: Kinds,
    /// `layout:` value → kind name; the built-in ones included.
    pub layouts: BTreeMap<String, String>,
    /// Synonym → tag.
    pub tag_synonyms: BTreeMap<String, String>,
    /// Path of `owners.yaml`, relative to the knowledge base.
    pub owners: Option<String>,
    /// Severity per rule code; `None` is off.
    pub rules: BTreeMap<&'static str, Option<Severity>>,
    /// Globs of content paths that are not read.
    pub exclude: Vec<globset::GlobMatcher>,
    /// Globs of files published even if no page links to them.
    pub assets: Vec<globset::GlobMatcher>,
    /// Which rule makes the canonical heading ids.
    pub heading_ids: HeadingIds,
    /// Raw HTML is trusted and kept whole.
    pub unsafe_html: bool,
    /// Hosts that an `<iframe>` may show.
    pub iframe_hosts: Vec<String>,
    /// Unknown front matter keys are errors.
    pub strict_front_matter: bool,
    /// Line numbers on code blocks unless the fence says otherwise.
    pub line_numbers: bool,
    /// Largest page in bytes.
    pub max_page_bytes: u64,
    /// The config file itself, for labels; empty text if there is none.
    pub file: SharedFile,
}

/// Which rule makes the canonical heading ids; the other rule's ids are published beside them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HeadingIds {
    /// As GitHub and GitLab make them.
    #[default]
    Github,
    /// As kramdown makes them.
    Kramdown,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            title: "Knowledge base".into(),
            description: String::new(),
            language: "en".into(),
            base_url: None,
            content: None,
            static_dir: "static".into(),
            theme: "default".into(),
            own_hosts: Vec::new(),
            elsewhere: Vec::new(),
            edit_url: None,
            kinds: Kinds::default(),
            layouts: BTreeMap::new(),
            tag_synonyms: BTreeMap::new(),
            owners: None,
            rules: BTreeMap::new(),
            exclude: Vec::new(),
            assets: Vec::new(),
            heading_ids: HeadingIds::Github,
            unsafe_html: false,
            iframe_hosts: Vec::new(),
            strict_front_matter: false,
            line_numbers: false,
            max_page_bytes: 2 << 20,
            file: SharedFile::default(),
        }
    }
}

impl Config {
    /// Reads a config from its text. Any finding means that it cannot be used.
    pub fn parse(file: &SharedFile) -> Result<Self, Vec<Diagnostic>> {
        Ok(Self { file: file.clone(), ..Self::default() })
    }

    /// The path part of `base_url` with slashes at both ends: `/` or `/docs/`.
    pub fn base_path(&self) -> &str {
        let Some(url) = &self.base_url else { return "/" };
        let after_scheme = url.find("://").map_or(0, |at| at + 3);
        url[after_scheme..].find('/').map_or("/", |at| &url[after_scheme + at..])
    }
}
