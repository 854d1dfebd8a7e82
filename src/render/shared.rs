//! What all pages have in common: how links are written, and the `site` that templates see.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{PoisonError, RwLock};

use tera::Value;

use super::context::{Build, Files, KindEntry, MenuEntry, SiteContext};
use super::pages::{hint, icon};
use super::theme::Theme;
use super::trust::Verdicts;
use super::{BuildStamp, FILES};
use crate::model::outputs::{FRESHNESS, SKILLS, kind_address};
use crate::model::urls::Addresses;
use crate::model::{Output, Site};

/// Entries of the top bar; more do not fit.
const MENU: usize = 5;
/// Days after which a copy of the site warns of its age.
const MAX_AGE: u32 = 7;

/// How pages at one depth write links. In a portable site a link is relative, and the same for all
/// pages of one depth: it climbs to the root first. So what is shared by pages is shared by depth.
#[derive(Clone, Debug)]
pub struct Links<'s> {
    addresses: &'s Addresses,
    from: String,
    depth: usize,
}

impl<'s> Links<'s> {
    /// Links on the page at `url`.
    pub fn new(addresses: &'s Addresses, url: &str) -> Self {
        let depth = if addresses.portable { url.matches('/').count().saturating_sub(1) } else { 0 };
        // Folders that no site has, so that no link is shortened.
        Self { addresses, from: format!("/{}", "\0/".repeat(depth)), depth }
    }

    /// How to link to an address of the site.
    pub fn to(&self, url: &str) -> String {
        self.addresses.href(&self.from, url, None)
    }

    /// Folders above the page, if that matters.
    pub fn depth(&self) -> usize {
        self.depth
    }
}

/// `site`, by depth.
#[derive(Debug)]
pub struct Shared {
    /// By name of a theme file: its address from the site's root and the hash of its bytes.
    files: BTreeMap<String, String>,
    /// The script that opens the search.
    search: Option<String>,
    made: RwLock<BTreeMap<usize, Value>>,
}

impl Shared {
    /// Prepares what depends on the theme alone.
    pub fn new(theme: &Theme, portable: bool) -> Self {
        let hash = |bytes: &[u8]| blake3::hash(bytes).to_hex()[..8].to_owned();
        let files = theme.files(portable).map(|(name, bytes)| (name.to_owned(), hash(bytes))).collect();
        let opens = if portable { "/portable.js" } else { "/page.js" };
        let mut search = theme.files(portable).map(|(name, _)| name);
        let search = search.find(|name| name.starts_with("search/") && name.ends_with(opens));
        Self { files, search: search.map(str::to_owned), made: RwLock::default() }
    }

    /// `site` for pages that link as `links` does.
    pub fn site(
        &self,
        site: &Site,
        stamp: &BuildStamp,
        links: &Links<'_>,
        verdicts: Option<&Verdicts<'_>>,
    ) -> Value {
        if let Some(made) = self.made.read().unwrap_or_else(PoisonError::into_inner).get(&links.depth()) {
            return made.clone();
        }
        let made = Value::from_serializable(&self.context(site, stamp, links, verdicts));
        self.made.write().unwrap_or_else(PoisonError::into_inner).insert(links.depth(), made.clone());
        made
    }

    fn context<'s>(
        &self,
        site: &'s Site,
        stamp: &'s BuildStamp,
        links: &Links<'_>,
        verdicts: Option<&Verdicts<'s>>,
    ) -> SiteContext<'s> {
        // The hash makes browsers fetch a file that changed.
        let file = |name: &str| {
            let hash = self.files.get(name)?;
            Some(format!("{}?v={hash}", links.to(&format!("/{FILES}/{name}"))))
        };
        let own = |name: &str| file(name).unwrap_or_default();
        let has_tags = site.outputs.get("/tags/") == Some(&Output::Tags);
        let tags = has_tags.then(|| links.to("/tags/"));
        let has_skills = site.outputs.get(SKILLS) == Some(&Output::Skills);
        let judged = verdicts.filter(|_| site.outputs.get(FRESHNESS) == Some(&Output::Freshness));
        let freshness = judged.map(|_| links.to(FRESHNESS));
        let is_kept = judged.is_some_and(|verdicts| verdicts.is_kept);
        let kinds: Vec<KindEntry> = site
            .kinds
            .iter()
            .map(|kind| KindEntry {
                title: site.config.kinds.find(&kind.kind).map_or(&kind.kind, |known| &known.plural).clone(),
                url: links.to(&kind_address(kind)),
                icon: icon(&kind.kind),
                count: kind.pages.len(),
                hint: hint(&kind.kind),
            })
            .collect();
        let entries = site.kinds.iter().zip(&kinds);
        let mut menu: Vec<MenuEntry> = entries
            .take(MENU - usize::from(is_kept))
            .map(|(kind, entry)| MenuEntry {
                key: kind.kind.clone(),
                title: entry.title.clone(),
                url: entry.url.clone(),
            })
            .collect();
        if let (Some(url), true) = (&tags, menu.len() < MENU - usize::from(is_kept)) {
            menu.push(MenuEntry { key: "tags".to_owned(), title: "Tags".to_owned(), url: url.clone() });
        }
        if let (Some(url), true) = (&freshness, is_kept) {
            menu.push(MenuEntry {
                key: "freshness".to_owned(),
                title: "Freshness".to_owned(),
                url: url.clone(),
            });
        }
        SiteContext {
            title: &site.config.title,
            description: &site.config.description,
            language: &site.config.language,
            direction: direction(&site.config.language),
            policy: policy(&site.config.iframe_hosts),
            pages: site.pages.len(),
            home: links.to("/"),
            search: links.to("/search/"),
            tags,
            skills: has_skills.then(|| links.to(SKILLS)),
            freshness,
            tickets_to: verdicts.and_then(|verdicts| verdicts.freshness.as_of.as_deref()),
            feed: links.to("/feed.xml"),
            report: site.config.edit_url.as_deref().and_then(report),
            files: Files {
                tokens: own("tokens.css"),
                theme: own("theme.css"),
                print: own("print.css"),
                script: own("theme.js"),
                page: own("page.js"),
                run: own("run.js"),
                offline: file("offline.js").filter(|_| site.config.offline && !links.addresses.portable),
                icon: own("mark.svg"),
                own: file("site.css"),
                search: self.search.as_ref().map(|name| links.to(&format!("/{FILES}/{name}"))),
                is_module: !links.addresses.portable,
            },
            build: Build {
                built: &stamp.built,
                machine: stamp
                    .built
                    .get(..16)
                    .map_or_else(String::new, |time| format!("{}Z", time.replace(' ', "T"))),
                revision: &stamp.revision,
                day: &site.today,
                max_age: MAX_AGE,
            },
            menu,
            kinds,
        }
    }
}

/// Where a gap can be reported, with places for `{title}` and `{text}`, if the address for editing is
/// that of a known kind of host.
fn report(edit_url: &str) -> Option<String> {
    if let Some((project, _)) = edit_url.split_once("/-/edit/").or_else(|| edit_url.split_once("/-/blob/")) {
        return Some(format!("{project}/-/issues/new?issue[title]={{title}}&issue[description]={{text}}"));
    }
    let project = edit_url.strip_prefix("https://github.com/")?;
    let project: Vec<&str> = project.splitn(3, '/').collect();
    let [owner, name, _] = project.as_slice() else { return None };
    Some(format!("https://github.com/{owner}/{name}/issues/new?title={{title}}&body={{text}}"))
}

/// Which way the text of a language runs.
fn direction(language: &str) -> &'static str {
    match language.split('-').next() {
        Some("ar" | "dv" | "fa" | "he" | "ps" | "sd" | "ug" | "ur" | "yi") => "rtl",
        _ => "ltr",
    }
}

/// Nothing inline, nothing from elsewhere but the frames that the config allows.
fn policy(iframe_hosts: &[String]) -> String {
    let mut policy = String::from(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         font-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; \
         require-trusted-types-for 'script'",
    );
    // A host is written into a list separated by blanks and semicolons.
    let is_host = |host: &&String| !host.is_empty() && !host.contains([' ', ';', ',', '\'', '"']);
    for (at, host) in iframe_hosts.iter().filter(is_host).enumerate() {
        let name = if at == 0 { "; frame-src" } else { "" };
        let _ = write!(policy, "{name} https://{host}");
    }
    policy
}
