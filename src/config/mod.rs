//! `docent.yaml` → [`Config`].
//!
//! In: the config's text. Out: a [`Config`] with every default filled in, and findings with the
//! nearest known key for each unknown one. Not here: finding or reading the file (`discover`).
//!
//! [`keys::KEYS`] is the one table of keys: it feeds the reader here, the JSON Schema and the manual.

pub mod builtin;
pub mod declare;
pub mod external;
pub mod freshness;
pub mod keys;
pub mod kinds;
pub mod length;
pub mod names;
pub(crate) mod read;
pub mod tickets;
pub mod training;
mod url;

use std::collections::BTreeMap;

use crate::diagnostic::rules::config::{CONFIG_SYNTAX, INVALID_CONFIG};
use crate::diagnostic::rules::front_matter::DUPLICATE_KEY;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{SharedFile, Span};
use crate::yaml::{self, Value, YamlRules};
use external::ExternalConfig;
use freshness::FreshnessConfig;
use keys::KEYS;
use kinds::Kinds;
use read::Reader;
use tickets::TicketSource;
use training::TrainingConfig;

/// Everything that `docent.yaml` can say.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in `docent.yaml`")]
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
    /// The config's own `base_url` where the call named another one: links to it are internal still.
    pub other_base_url: Option<String>,
    /// The content directory relative to the knowledge base; `None`: `content` if it is there,
    /// else the knowledge base itself.
    pub content: Option<String>,
    /// Folder of files copied as they are, relative to the knowledge base; `None`: `static` if it is
    /// there.
    pub static_dir: Option<String>,
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
    /// Readers may keep the site for use without a network.
    pub offline: bool,
    /// Largest page in bytes.
    pub max_page_bytes: u64,
    /// `external`: links to other sites.
    pub external: ExternalConfig,
    /// `freshness`: intervals, thresholds and what is left out.
    pub freshness: FreshnessConfig,
    /// `training`: records of completions, and where issues are opened.
    pub training: TrainingConfig,
    /// Where ticket exports lie, in the order of the file.
    pub tickets: Vec<TicketSource>,
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
            other_base_url: None,
            content: None,
            static_dir: None,
            theme: "default".into(),
            own_hosts: Vec::new(),
            elsewhere: Vec::new(),
            edit_url: None,
            kinds: Kinds::default(),
            layouts: builtin::layouts(),
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
            offline: true,
            max_page_bytes: 2 << 20,
            external: ExternalConfig::default(),
            freshness: FreshnessConfig::default(),
            training: TrainingConfig::default(),
            tickets: Vec::new(),
            file: SharedFile::default(),
        }
    }
}

impl Config {
    /// Reads a config from its text. Any finding means that it cannot be used.
    pub fn parse(file: &SharedFile) -> Result<Self, Vec<Diagnostic>> {
        let mut config = Self { file: file.clone(), ..Self::default() };
        let rules = YamlRules { syntax: &CONFIG_SYNTAX, duplicate: &DUPLICATE_KEY };
        let root = yaml::parse(file, Span::new(0, file.text().len()), rules)?;
        if !matches!(root.value, Value::Map(_) | Value::Null) {
            let message = format!("the config holds {} instead of keys", root.what());
            let span = Span::new(root.span.start as usize, first_line_end(file, root.span));
            let found = Diagnostic::new(&INVALID_CONFIG, message).at(file, span, "");
            return Err(vec![found.help(format!("write keys, as in `{}`", KEYS[0].example))]);
        }
        let mut reader = Reader { file, key: &KEYS[0], findings: Vec::new() };
        for (key, _) in root.entries() {
            if !KEYS.iter().any(|known| known.name == key.value) {
                reader.unknown_key(key, "the config has", KEYS.iter().map(|known| known.name));
            }
        }
        // In the order of the table: layouts name kinds.
        for key in KEYS {
            match root.get(key.name) {
                Some(node) if node.value != Value::Null => {
                    reader.key = key;
                    key.read(&mut config, node, &mut reader);
                }
                _ => {}
            }
        }
        if reader.findings.is_empty() { Ok(config) } else { Err(reader.findings) }
    }

    /// The same config for another address, checked as the one in the file is. The error is a
    /// message and the way out.
    pub fn with_base_url(mut self, base_url: &str) -> Result<Self, String> {
        let url = url::base_url(base_url).map_err(|bad| format!("{}; {}", bad.message, bad.help))?;
        self.other_base_url = self.base_url.replace(url);
        Ok(self)
    }

    /// The folder of files copied as they are, whether it is there or not.
    pub fn static_folder(&self) -> &str {
        self.static_dir.as_deref().unwrap_or("static")
    }

    /// The path part of `base_url` with slashes at both ends: `/` or `/docs/`.
    pub fn base_path(&self) -> &str {
        let Some(url) = &self.base_url else { return "/" };
        let after_scheme = url.find("://").map_or(0, |at| at + 3);
        url[after_scheme..].find('/').map_or("/", |at| &url[after_scheme + at..])
    }
}

fn first_line_end(file: &SharedFile, span: Span) -> usize {
    let line = file.slice(span).lines().next().unwrap_or_default();
    span.start as usize + line.len()
}
