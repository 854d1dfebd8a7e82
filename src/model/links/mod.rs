//! Links, resolved once: every form of the house to one [`super::Target`].
//!
//! In: the site before its links are known, and what else is on disk. Out: a target for every link,
//! backlinks, and the files that pages link to. Not here: the wording of findings (`check`), how a
//! link is written in HTML (`render`, through [`super::urls::Addresses`]).
//!
//! A relative link starts at the folder of its file, as it does in a repository's own view. A link
//! from the root starts at the content directory; where nothing stands there, at the knowledge base
//! and then at the top of the repository, since both are called `/` by those who write them.

mod index;
mod target;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use self::index::{Found, Index};
use self::target::{Asked, PathParts, decoded, joined, rooted, take_apart};
use super::build::new_asset;
use super::{Asset, Backlink, Broken, Malformed, Page, PageId, Site, Target, Unpublished};
use crate::discover::{Sources, WithheldWhy};
use crate::parse::allowed::{image_is_safe, unsafe_scheme};
use crate::parse::anchors::{github_id, published_id};
use crate::parse::{Link, LinkForm};

/// Where all links lead.
pub(super) struct Resolved {
    /// By page, in the order of its links.
    pub links: Vec<Vec<Target>>,
    /// By page.
    pub backlinks: Vec<Vec<Backlink>>,
    /// Files that are published, sorted by path.
    pub assets: Vec<Asset>,
}

/// Resolves every link of every page.
pub(super) fn resolve_links(site: &Site, sources: &Sources) -> Resolved {
    let index = Index::new(site, sources);
    let mut links: Vec<Vec<Target>> = (0..site.pages.len())
        .into_par_iter()
        .map(|page| site.pages[page].parsed.links.iter().map(|link| resolve(&index, page, link)).collect())
        .collect();
    let backlinks = collect_backlinks(&site.pages, &links);
    let assets = publish_files(&index, &mut links);
    Resolved { links, backlinks, assets }
}

/// Chooses the files to publish and makes the targets' file numbers into asset numbers.
fn publish_files(index: &Index<'_>, links: &mut [Vec<Target>]) -> Vec<Asset> {
    let sources = index.sources;
    let mut chosen: BTreeSet<usize> = BTreeSet::new();
    for (id, file) in sources.files.iter().enumerate() {
        let content_path = super::build::content_path(sources, &file.path);
        let asked = |path: &str| index.site.config.assets.iter().any(|glob| glob.is_match(path));
        if file.is_static || asked(&file.path) || content_path.is_some_and(asked) {
            chosen.insert(id);
        }
    }
    let linked = links.iter().flatten().filter_map(|target| match target {
        Target::Asset(file) => Some(*file),
        _ => None,
    });
    chosen.extend(linked);
    let mut assets: Vec<(usize, Asset)> =
        chosen.into_iter().filter_map(|id| Some((id, new_asset(sources, &sources.files[id])?))).collect();
    assets.sort_by(|(_, a), (_, b)| a.file.path.cmp(&b.file.path));
    let numbers: BTreeMap<usize, usize> = assets.iter().map(|(file, _)| *file).zip(0..).collect();
    for target in links.iter_mut().flatten() {
        if let Target::Asset(file) = target {
            match numbers.get(file) {
                Some(asset) => *file = *asset,
                None => *target = Target::Broken(Broken::Outside),
            }
        }
    }
    assets.into_iter().map(|(_, asset)| asset).collect()
}

fn collect_backlinks(pages: &[Page], links: &[Vec<Target>]) -> Vec<Vec<Backlink>> {
    let mut all: Vec<Vec<Backlink>> = pages.iter().map(|_| Vec::new()).collect();
    for (from, targets) in links.iter().enumerate() {
        for (link, target) in pages[from].parsed.links.iter().zip(targets) {
            let (Target::Page { page: to, .. } | Target::Broken(Broken::Fragment { page: to, .. })) = target
            else {
                continue;
            };
            if *to == from {
                continue;
            }
            // Pages come in order, so an entry for `from` can only be the last.
            if all[*to].last().is_none_or(|last| last.page != from) {
                all[*to].push(Backlink { page: from, texts: Vec::new() });
            }
            let text = link.text.trim();
            if let Some(entry) =
                all[*to].last_mut().filter(|entry| !text.is_empty() && !entry.texts.iter().any(|t| t == text))
            {
                entry.texts.push(text.to_owned());
            }
        }
    }
    all
}

/// Resolves one link of one page. The number in [`Target::Asset`] is still that of the file.
fn resolve(index: &Index<'_>, from: PageId, link: &Link) -> Target {
    let place = Place { index, from };
    if link.form == LinkForm::Wiki {
        return place.resolve_wiki(link.target.trim());
    }
    let target = link.target.trim();
    if let Some(scheme) = unsafe_scheme(target).filter(|_| !(link.form.is_image() && image_is_safe(target))) {
        return Target::Broken(Broken::UnsafeScheme { scheme });
    }
    match take_apart(target) {
        Asked::Fragment(fragment) => place.on_page(from, Some(fragment)),
        Asked::Template => Target::Broken(Broken::Template),
        Asked::Malformed(how) => Target::Broken(Broken::Malformed(how)),
        Asked::Path(_) if link.form == LinkForm::Autolink && target.contains('@') => {
            Target::Scheme(format!("mailto:{target}"))
        }
        Asked::Path(parts) => place.resolve_path(parts, target),
        Asked::Web { host, rest } => match index.own_path(&host, rest.path) {
            Some(path) => place.resolve_root(PathParts { path, ..rest }, path),
            None if target.starts_with("//") && !host.contains('.') && host != "localhost" => place
                .resolve_root(
                    PathParts { path: target.split(['?', '#']).next().unwrap_or_default(), ..rest },
                    target,
                ),
            None if target.contains(char::is_whitespace) => {
                Target::Broken(Broken::Malformed(Malformed::Space))
            }
            None => Target::External(target.to_owned()),
        },
        Asked::Scheme(_) => Target::Scheme(target.to_owned()),
    }
}

/// The page that a link stands on.
struct Place<'i> {
    index: &'i Index<'i>,
    from: PageId,
}

impl Place<'_> {
    /// A path without host or scheme.
    fn resolve_path(&self, parts: PathParts<'_>, target: &str) -> Target {
        if parts.path.is_empty() {
            return self.on_page(self.from, parts.fragment);
        }
        if parts.path.starts_with('/') {
            return self.resolve_root(parts, target);
        }
        let path = decoded(parts.path);
        let own = self.index.site.pages[self.from].parsed.file.path();
        let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
        let Some(full) = joined(folder, &path) else {
            return Target::Broken(written_badly(target).unwrap_or(Broken::Outside));
        };
        let content_path = super::build::content_path(self.index.sources, &full);
        let content_path = content_path.or_else(|| (full == self.index.sources.content_dir).then_some(""));
        let is_folder = ends_as_folder(&path);
        let Some(content_path) = content_path else {
            return match self.index.find_beside(&full) {
                Some(found) => self.on_found(found, parts.fragment),
                None => Target::Broken(self.index.find_withheld(&full).map_or(Broken::Outside, private)),
            };
        };
        if let Some(found) = self.index.find(content_path, is_folder) {
            return self.on_found(found, parts.fragment);
        }
        let from_root = rooted(&path);
        if !path.starts_with('.')
            && from_root.contains('/')
            && self.find_rooted(&from_root, is_folder).is_some()
        {
            return Target::Broken(Broken::NoSlash { right: format!("/{target}") });
        }
        self.explain(content_path, &parts, is_folder, target)
    }

    /// A path from the root of the site.
    fn resolve_root(&self, parts: PathParts<'_>, target: &str) -> Target {
        let path = decoded(parts.path);
        let from_root = rooted(&path);
        let is_folder = ends_as_folder(&path);
        match self.find_rooted(&from_root, is_folder) {
            Some(found) => self.on_found(found, parts.fragment),
            None => self.explain(&from_root, &parts, is_folder, target),
        }
    }

    /// What stands at a path from the root: of the site, of the site with its base path, of the
    /// knowledge base, of the repository.
    fn find_rooted(&self, path: &str, is_folder: bool) -> Option<Found> {
        let index = self.index;
        let sources = index.sources;
        let base = index.site.addresses.base_path.trim_matches('/');
        let prefix = sources.git.prefix.trim_matches('/');
        let from_repository = below(path, prefix).unwrap_or(path);
        let content_dir = sources.content_dir.as_str();
        let ways =
            [Some(path), below(path, base), below(path, content_dir), below(from_repository, content_dir)];
        ways.into_iter()
            .flatten()
            .find_map(|path| index.find(path, is_folder))
            .or_else(|| index.find_beside(path))
            .or_else(|| index.find_beside(from_repository))
            .or_else(|| (!prefix.is_empty()).then(|| index.find(below(path, prefix)?, is_folder))?)
    }

    /// Why nothing stands at a content path, or where else it lives.
    fn explain(&self, path: &str, parts: &PathParts<'_>, is_folder: bool, target: &str) -> Target {
        let index = self.index;
        if let Some(right) = index.find_folded(path) {
            return Target::Broken(Broken::Case { right: right.to_owned() });
        }
        let full = index.full(path);
        if let Some(file) = index.find_withheld(&full) {
            return Target::Broken(private(file));
        }
        let badly = written_badly(target);
        if let Some(how) = badly.clone().filter(|how| *how != Broken::Malformed(Malformed::Space)) {
            return Target::Broken(how);
        }
        if let Some(url) = self.elsewhere(path, is_folder, parts) {
            return Target::External(url);
        }
        if let Some(how) = badly {
            return Target::Broken(how);
        }
        if index.is_folder(path) {
            return Target::Broken(Broken::Folder { path: full.into_owned() });
        }
        let slash = if is_folder && !path.is_empty() { "/" } else { "" };
        Target::Broken(Broken::Missing { wanted: format!("/{path}{slash}") })
    }

    /// The URL of a path that the config says lives on another site.
    fn elsewhere(&self, path: &str, is_folder: bool, parts: &PathParts<'_>) -> Option<String> {
        let slash = if is_folder && !path.is_empty() { "/" } else { "" };
        let bare = format!("/{path}");
        let (_, site) = self.index.site.config.elsewhere.iter().find(|(glob, _)| {
            // `/handbook/**` is meant to hold `/handbook` itself.
            glob.is_match(&bare) || glob.is_match(format!("{bare}/")) || glob.is_match(format!("{bare}/_"))
        })?;
        let addresses = super::urls::Addresses::default();
        let path = addresses.href("", &format!("{bare}{slash}"), None);
        let fragment = parts.fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
        Some(format!("{}{path}{}{fragment}", site.trim_end_matches('/'), parts.query))
    }

    fn on_found(&self, found: Found, fragment: Option<&str>) -> Target {
        let index = self.index;
        match found {
            Found::Page(page) => self.on_page(page, fragment),
            Found::Section(section) => Target::Section(section),
            Found::File(file) => Target::Asset(file),
            Found::Generated(address) => Target::Generated(index.generated[address].clone()),
            Found::Withheld(file) => {
                let file = &index.sources.withheld[file];
                Target::Broken(match file.why {
                    WithheldWhy::Unreadable => {
                        Broken::Unpublished { path: file.path.clone(), why: Unpublished::Unusable }
                    }
                    WithheldWhy::Private | WithheldWhy::Excluded => private(&file.path),
                })
            }
            Found::Unpublished(page) => {
                let page = &index.site.unpublished[page];
                Target::Broken(Broken::Unpublished { path: page.path.clone(), why: page.why })
            }
        }
    }

    /// A place on a page; `fragment` is raw.
    fn on_page(&self, page: PageId, fragment: Option<&str>) -> Target {
        // What follows `:~:` is for the browser alone.
        let fragment = fragment.map(|raw| raw.split(":~:").next().unwrap_or_default());
        let Some(raw) = fragment.filter(|raw| !raw.is_empty()) else {
            return Target::Page { page, fragment: None };
        };
        let fragment = decoded(raw);
        if self.index.has_id(page, &fragment) || fragment.eq_ignore_ascii_case("top") {
            // An anchor is known by its name as written, and published by another if the theme
            // needs that for itself.
            let id = if self.index.is_anchor(page, &fragment) {
                published_id(&fragment)
            } else {
                fragment.into_owned()
            };
            return Target::Page { page, fragment: Some(id) };
        }
        // Browsers try the raw one too; ids that the theme needs for itself were renamed.
        for id in [raw.to_owned(), published_id(&fragment)] {
            if self.index.has_id(page, &id) {
                return Target::Page { page, fragment: Some(id) };
            }
        }
        Target::Broken(Broken::Fragment { page, fragment: fragment.into_owned() })
    }

    /// `[[target]]`: a path, else a file name, else a title; a fragment may be a heading's text.
    fn resolve_wiki(&self, target: &str) -> Target {
        let (name, fragment) = match target.split_once('#') {
            Some((name, fragment)) => (name.trim(), Some(fragment.trim())),
            None => (target, None),
        };
        if target.is_empty() {
            return Target::Broken(Broken::Malformed(Malformed::Empty));
        }
        if name.is_empty() {
            return self.on_heading(self.from, fragment);
        }
        let own = &self.index.site.pages[self.from].parsed.content_path;
        let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = decoded(name);
        let is_folder = ends_as_folder(&path);
        let near = joined(folder, &path).filter(|_| !path.starts_with('/'));
        let found = near
            .and_then(|near| self.index.find(&near, is_folder))
            .or_else(|| self.find_rooted(&rooted(&path), is_folder));
        match found {
            Some(Found::Page(page)) => return self.on_heading(page, fragment),
            Some(found) => return self.on_found(found, fragment),
            None => {}
        }
        let key = rooted(&path);
        let last = key.rsplit('/').next().unwrap_or_default();
        let pages = &self.index.site.pages;
        let mut fits: Vec<PageId> = self.index.find_named(last).to_vec();
        if key.contains('/') {
            let tail = format!("/{}", index::name_key(&key));
            fits.retain(|id| {
                format!("/{}", index::name_key(pages[*id].url.trim_matches('/'))).ends_with(&tail[1..])
            });
        }
        match fits[..] {
            [page] => self.on_heading(page, fragment),
            [] => Target::Broken(Broken::Missing { wanted: name.to_owned() }),
            _ => Target::Broken(Broken::Ambiguous {
                candidates: fits.iter().map(|id| pages[*id].parsed.content_path.clone()).collect(),
            }),
        }
    }

    fn on_heading(&self, page: PageId, fragment: Option<&str>) -> Target {
        let id = fragment.map(github_id).filter(|id| self.index.has_id(page, id));
        self.on_page(page, id.as_deref().or(fragment))
    }
}

fn private(path: &str) -> Broken {
    Broken::Private { path: path.to_owned() }
}

/// The rest of a path below a folder, if it lies there.
fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(folder).filter(|_| !folder.is_empty())?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix('/') }
}

fn ends_as_folder(path: &str) -> bool {
    path.ends_with('/') || matches!(path.rsplit('/').next(), Some("." | ".."))
}

/// Ways of writing that explain why nothing was found.
fn written_badly(target: &str) -> Option<Broken> {
    let how = if target.starts_with("www.") {
        Malformed::NoScheme
    } else if target.starts_with('[') && target.contains("](") {
        Malformed::Nested
    } else if target.starts_with('(')
        || (target.ends_with(')') && !target.contains('('))
        || (target.ends_with(']') && !target.contains('['))
    {
        Malformed::Unbalanced
    } else if target.starts_with("%20") || target.ends_with("%20") {
        Malformed::Space
    } else {
        return None;
    };
    Some(Broken::Malformed(how))
}
