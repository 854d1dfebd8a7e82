//! Everything that a link may lead to, by path, address, file name and title.
//!
//! In: the site before its links are known, and what else is on disk. Out: look-ups that never
//! touch the disk. Paths are relative to the content directory (`content paths`) unless said
//! otherwise; the static folder and files beside the content directory are known by their paths in
//! the knowledge base too.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;

use super::target::bare_host;
use crate::discover::{Sources, WithheldWhy};
use crate::model::build::{asset_address, content_path};
use crate::model::outputs::{Claimants, generated};
use crate::model::urls::{FileName, folder_address};
use crate::model::{PageId, SectionId, Site};

/// What stands at a path or address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A page.
    Page(PageId),
    /// A folder without a page of its own.
    Section(SectionId),
    /// A file, as an index into `Sources::files`.
    File(usize),
    /// A file that is never published, as an index into `Sources::withheld`.
    Withheld(usize),
    /// As an index into `Site::unpublished`.
    Unpublished(usize),
    /// A generated address, as an index into [`Index::generated`].
    Generated(usize),
}

/// The tables.
pub(super) struct Index<'a> {
    pub site: &'a Site,
    pub sources: &'a Sources,
    /// Addresses of generated pages.
    pub generated: Vec<String>,
    /// By path in the knowledge base, NFC.
    paths: HashMap<String, Found>,
    /// By content path without endings, NFC.
    stems: HashMap<String, Found>,
    /// By address.
    addresses: HashMap<String, Found>,
    /// Sections by content path.
    sections: HashMap<&'a str, SectionId>,
    /// Folders by content path.
    folders: HashSet<Cow<'a, str>>,
    /// Anything above in lower case, without slashes at its ends → how it is really written.
    folded: HashMap<String, String>,
    /// Pages by file name, as [`name_key`] makes it.
    names: HashMap<String, Vec<PageId>>,
    /// Pages by title, as [`name_key`] makes it.
    titles: HashMap<String, Vec<PageId>>,
    /// Hosts whose links are internal.
    own_hosts: BTreeSet<String>,
    /// Host and path of `base_url`, the call's and the config's own.
    bases: Vec<(String, String)>,
    /// Ids by page.
    ids: Vec<HashSet<&'a str>>,
    /// Of them, those of anchors in raw HTML and attribute lists, by page.
    anchors: Vec<HashSet<&'a str>>,
}

impl<'a> Index<'a> {
    pub fn new(site: &'a Site, sources: &'a Sources) -> Self {
        let urls = site.config.base_url.iter().chain(&site.config.other_base_url);
        let mut index = Self {
            site,
            sources,
            generated: Vec::new(),
            paths: HashMap::new(),
            stems: HashMap::new(),
            addresses: HashMap::new(),
            sections: site
                .sections
                .iter()
                .zip(0..)
                .map(|(section, id)| (section.path.as_str(), id))
                .collect(),
            folders: HashSet::new(),
            folded: HashMap::new(),
            names: HashMap::new(),
            titles: HashMap::new(),
            own_hosts: site.config.own_hosts.iter().map(|host| own_host(host)).collect(),
            bases: urls.filter_map(|url| base(url)).collect(),
            ids: site.pages.iter().map(page_ids).collect(),
            anchors: site.pages.iter().map(|page| anchors(page).collect()).collect(),
        };
        index.enter_pages();
        index.enter_unpublished();
        index.enter_files();
        index.enter_addresses();
        index.enter_folded();
        index
    }

    fn enter_pages(&mut self) {
        for (id, page) in self.site.pages.iter().enumerate() {
            let found = Found::Page(id);
            self.paths.insert(nfc(page.parsed.file.path()), found);
            let file = FileName::of(&page.parsed.content_path);
            let own = file.is_index() || (page.is_section_page && file.is_readme());
            self.stems.entry(nfc(&file.stem(own))).or_insert(found);
            self.addresses.entry(page.url.clone()).or_insert(found);
            let name = if own { file.folder.rsplit('/').next().unwrap_or_default() } else { file.name };
            self.names.entry(name_key(name)).or_default().push(id);
            self.titles.entry(name_key(&page.title)).or_default().push(id);
        }
    }

    fn enter_unpublished(&mut self) {
        for (id, page) in self.site.unpublished.iter().enumerate() {
            let found = Found::Unpublished(id);
            self.paths.entry(nfc(&page.path)).or_insert(found);
            let file = FileName::of(&page.content_path);
            self.stems.entry(nfc(&file.stem(file.is_index()))).or_insert(found);
            self.addresses.entry(page.url.clone()).or_insert(found);
        }
    }

    fn enter_files(&mut self) {
        for (id, file) in self.sources.files.iter().enumerate() {
            self.paths.entry(nfc(&file.path)).or_insert(Found::File(id));
            if let Some(address) = asset_address(self.sources, file).filter(|_| file.is_static) {
                self.addresses.entry(address).or_insert(Found::File(id));
            }
        }
        for (id, file) in self.sources.withheld.iter().enumerate() {
            self.paths.entry(nfc(&file.path)).or_insert(Found::Withheld(id));
        }
        let folders = self.sources.folders.iter().filter_map(|path| content_path(self.sources, path));
        self.folders = folders.map(nfc_cow).collect();
    }

    fn enter_addresses(&mut self) {
        for redirect in &self.site.redirects {
            self.addresses.entry(redirect.from.clone()).or_insert(Found::Page(redirect.to));
        }
        for (id, section) in self.site.sections.iter().enumerate() {
            let found = section.page.map_or(Found::Section(id), Found::Page);
            self.addresses.entry(folder_address(&section.path)).or_insert(found);
        }
        for (address, _) in generated(&Claimants::of(self.site)) {
            let found = Found::Generated(self.generated.len());
            self.addresses.entry(address.clone()).or_insert(found);
            self.generated.push(address);
        }
    }

    fn enter_folded(&mut self) {
        let mut folded: HashMap<String, String> = HashMap::new();
        let mut enter = |right: String| {
            folded.entry(right.trim_matches('/').to_lowercase()).or_insert(right);
        };
        for page in &self.site.pages {
            enter(format!("/{}", nfc(&page.parsed.content_path)));
            enter(page.url.clone());
        }
        for section in &self.site.sections {
            enter(format!("/{}/", section.path));
        }
        for file in &self.sources.files {
            if let Some(address) = asset_address(self.sources, file) {
                enter(address);
            }
        }
        for page in &self.site.pages {
            let file = FileName::of(&page.parsed.content_path);
            enter(format!("/{}", nfc(&file.stem(file.is_index()))));
        }
        self.folded = folded;
    }

    /// What a content path or address means, in any of the forms that people write. `folder` says
    /// that it ended in a slash.
    pub fn find(&self, path: &str, folder: bool) -> Option<Found> {
        if path.is_empty() {
            return self.addresses.get("/").copied();
        }
        if let Some(found) = self.paths.get(self.full(path).as_ref()).filter(|_| !folder) {
            return Some(*found);
        }
        if let Some(found) = self.find_address(path, folder).or_else(|| self.find_source(path)) {
            return Some(found);
        }
        let bare = path.strip_suffix(".html").or_else(|| path.strip_suffix(".htm"))?;
        match bare.strip_suffix("index") {
            Some("") => self.addresses.get("/").copied(),
            Some(above) if above.ends_with('/') => self.find(above.trim_end_matches('/'), true),
            _ => self.find_address(bare, false),
        }
    }

    fn find_address(&self, path: &str, folder: bool) -> Option<Found> {
        let as_folder = folder_address(path);
        let as_file = as_folder.trim_end_matches('/');
        let get = |address: &str| self.addresses.get(address).copied();
        let direct = if folder { None } else { get(as_file) };
        let listed = get(&as_folder);
        let page = listed.filter(|found| !matches!(found, Found::Section(_)));
        direct
            .or(page)
            .or_else(|| get(&format!("{as_file}.html")))
            .or_else(|| self.stems.get(path).copied())
            .or(listed)
            .or_else(|| self.sections.get(path).map(|id| self.section(*id)))
    }

    /// A source file whose name was written with other endings: `x.md` for `x.html.md`, with or
    /// without `.erb`.
    fn find_source(&self, path: &str) -> Option<Found> {
        let bare = path.strip_suffix(".erb").unwrap_or(path);
        let stem = bare.strip_suffix(".md")?;
        let html = stem.strip_suffix(".html").unwrap_or(stem);
        let names = [
            bare.to_owned(),
            format!("{bare}.erb"),
            format!("{html}.html.md"),
            format!("{html}.html.md.erb"),
        ];
        names.iter().find_map(|name| self.paths.get(self.full(name).as_ref()).copied())
    }

    fn section(&self, id: SectionId) -> Found {
        self.site.sections[id].page.map_or(Found::Section(id), Found::Page)
    }

    /// What stands at a path of the knowledge base that is not in the content directory.
    pub fn find_beside(&self, path: &str) -> Option<Found> {
        self.paths.get(path).copied()
    }

    /// Whether a path of the knowledge base lies in a folder that is never published.
    pub fn find_withheld(&self, path: &str) -> Option<&'a str> {
        let above = path.match_indices('/').map(|(at, _)| &path[..at]).chain([path]);
        for path in above {
            if let Some(Found::Withheld(id)) = self.paths.get(path) {
                return Some(&self.sources.withheld[*id].path);
            }
        }
        let inside = format!("{path}/");
        let withheld = &self.sources.withheld;
        let private = withheld.iter().filter(|file| file.why != WithheldWhy::Unreadable);
        private
            .map(|file| file.path.as_str())
            .find(|file| file.starts_with(&inside) && !self.has_folder(path))
    }

    fn has_folder(&self, path: &str) -> bool {
        content_path(self.sources, path).is_some_and(|path| self.folders.contains(path))
    }

    /// A folder of the content directory, page or no page.
    pub fn is_folder(&self, path: &str) -> bool {
        self.folders.contains(path)
    }

    /// What differs from this content path in upper and lower case only.
    pub fn find_folded(&self, path: &str) -> Option<&str> {
        self.folded.get(&path.to_lowercase()).map(String::as_str)
    }

    /// Pages with this file name, else with this title.
    pub fn find_named(&self, name: &str) -> &[PageId] {
        let key = name_key(name);
        self.names.get(&key).or_else(|| self.titles.get(&key)).map_or(&[], Vec::as_slice)
    }

    /// The path on this site of a URL with this host, if the host is ours.
    pub fn own_path<'t>(&self, host: &str, path: &'t str) -> Option<&'t str> {
        let bases = self.bases.iter().filter(|(own, _)| own == host);
        let mut inside = bases.filter_map(|(_, base)| {
            path.strip_prefix(base.as_str()).filter(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        if let Some(inside) = inside.next() {
            return Some(inside);
        }
        self.own_hosts.contains(host).then_some(path)
    }

    /// The page's own id that a fragment means, `None` if there is none. The fragment is raw and
    /// decoded; browsers try both.
    pub fn has_id(&self, page: PageId, fragment: &str) -> bool {
        self.ids[page].contains(fragment)
            || (!fragment.is_ascii()
                && self.site.pages[page]
                    .parsed
                    .headings
                    .iter()
                    .any(|heading| heading.id.nfc().eq(fragment.nfc())))
    }

    /// Whether an id of the page is an anchor's.
    pub fn is_anchor(&self, page: PageId, id: &str) -> bool {
        self.anchors[page].contains(id)
    }

    /// A content path as a path of the knowledge base.
    pub fn full<'p>(&self, path: &'p str) -> Cow<'p, str> {
        match self.sources.content_dir.as_str() {
            "" => Cow::Borrowed(path),
            folder => Cow::Owned(format!("{folder}/{path}")),
        }
    }
}

fn page_ids(page: &crate::model::Page) -> HashSet<&str> {
    let headings = page.parsed.headings.iter();
    let ids = headings.flat_map(|heading| std::iter::once(&heading.id).chain(&heading.other_ids));
    ids.map(String::as_str).chain(anchors(page)).collect()
}

fn anchors(page: &crate::model::Page) -> impl Iterator<Item = &str> {
    page.parsed.anchors.iter().map(|anchor| anchor.value.as_str())
}

/// Host and path, without a slash at its end, of a `base_url`.
fn base(url: &str) -> Option<(String, String)> {
    let (_, rest) = url.split_once("://")?;
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = bare_host(host);
    (!host.is_empty()).then(|| (host, path.trim_end_matches('/').to_owned()))
}

fn own_host(host: &str) -> String {
    let host = host.split_once("://").map_or(host, |(_, host)| host);
    bare_host(host.split('/').next().unwrap_or_default())
}

/// A name or title for comparison: small letters and digits, `-` between.
pub(super) fn name_key(name: &str) -> String {
    crate::model::tags::tag_slug(name)
}

fn nfc(text: &str) -> String {
    nfc_cow(text).into_owned()
}

fn nfc_cow(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}
