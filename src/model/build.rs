//! The steps that join pages into a site, in order.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::graph::Graph;
use super::outputs::Claimants;
use super::owners::Owners;
use super::urls::{Addresses, FileName, find_length_problem, page_address};
use super::{Asset, ModelOptions, Page, Revision, Site, Unpublished, UnpublishedPage};
use super::{aliases, links, navigation, outputs, tags, titles};
use crate::diagnostic::rules::files::PATH_TOO_LONG;
use crate::diagnostic::rules::freshness::UNKNOWN_OWNER;
use crate::diagnostic::{Diagnostic, nearest};
use crate::discover::{DiskFile, Sources};
use crate::parse::ParsedPage;
use crate::source::Span;

/// Joins the pages into a site.
pub fn build_site(
    parsed: Vec<Arc<ParsedPage>>,
    sources: &Sources,
    options: &ModelOptions,
) -> (Site, Vec<Diagnostic>) {
    let config = &sources.config;
    let mut findings = Vec::new();
    let (mut pages, unpublished) = choose_pages(parsed, sources, options, &mut findings);
    let (owners, unread) = give_owners(&mut pages, sources);
    findings.extend(unread);
    let sections = navigation::build_sections(&mut pages, config);
    navigation::link_neighbours(&mut pages, &sections);
    let tags = tags::build_tags(&mut pages, config, &mut findings);
    let kinds = tags::build_kinds(&pages, config);
    let owned = tags::build_owned(&pages, owners.known());
    let redirects = aliases::build_redirects(&pages, config.base_url.as_deref(), &mut findings);
    let mut site = Site {
        config: config.clone(),
        today: options.today.clone(),
        revision: revision(sources),
        path_in_repository: sources.git.prefix.clone(),
        pages,
        unpublished,
        sections,
        tags,
        owners: owners.known().clone(),
        owned,
        kinds,
        assets: Vec::new(),
        redirects,
        outputs: std::collections::BTreeMap::new(),
        graph: Graph::default(),
        addresses: Addresses::new(config.base_url.as_deref(), options.portable),
    };
    let resolved = links::resolve_links(&site, sources);
    site.assets = resolved.assets;
    for ((page, links), backlinks) in site.pages.iter_mut().zip(resolved.links).zip(resolved.backlinks) {
        page.links = links;
        page.backlinks = backlinks;
    }
    site.graph = Graph::of(&site);
    let (outputs, collisions) =
        outputs::build_outputs(&Claimants { own: &options.own_files, ..Claimants::of(&site) });
    site.outputs = outputs;
    findings.extend(collisions);
    (site, findings)
}

/// The pages to publish, sorted by content path, and the others with the reason.
fn choose_pages(
    mut parsed: Vec<Arc<ParsedPage>>,
    sources: &Sources,
    options: &ModelOptions,
    findings: &mut Vec<Diagnostic>,
) -> (Vec<Page>, Vec<UnpublishedPage>) {
    parsed.sort_by(|a, b| a.content_path.cmp(&b.content_path));
    let folders = IndexFolders::of(sources);
    let mut unpublished = unread_pages(&parsed, sources, &folders);
    let mut chosen = Vec::with_capacity(parsed.len());
    for page in parsed {
        let file = FileName::of(&page.content_path);
        let is_section_page = folders.is_folder_page(file);
        let slug = page.front.slug.as_ref().map(|slug| slug.value.as_str());
        let url = page_address(file, is_section_page, slug);
        match unpublished_why(&page, &url, options, findings) {
            Some(why) => unpublished.push(UnpublishedPage {
                path: page.file.path().to_owned(),
                content_path: page.content_path.clone(),
                url,
                why,
            }),
            None => chosen.push((page, url, is_section_page)),
        }
    }
    unpublished.sort_by(|a, b| a.content_path.cmp(&b.content_path));
    let pages = chosen
        .into_par_iter()
        .map(|(page, url, is_section_page)| new_page(page, url, is_section_page, sources))
        .collect();
    (pages, unpublished)
}

fn unpublished_why(
    page: &ParsedPage,
    url: &str,
    options: &ModelOptions,
    findings: &mut Vec<Diagnostic>,
) -> Option<Unpublished> {
    if let Some(problem) = find_length_problem(url) {
        let slug = page.front.slug.as_ref().map_or(Span::default(), |slug| slug.span);
        findings.push(
            Diagnostic::new(&PATH_TOO_LONG, format!("the output path {problem}"))
                .at(&page.file, slug, "")
                .help("shorten the names of its folders, or give the page a short `slug`"),
        );
        return Some(Unpublished::Unusable);
    }
    if options.drafts {
        return None;
    }
    let expires = page.front.expires.as_ref().map(|day| day.value.as_str());
    match expires {
        _ if page.front.draft => Some(Unpublished::Draft),
        Some(day) if day <= options.today.as_str() && !options.today.is_empty() => Some(Unpublished::Expired),
        _ => None,
    }
}

/// Markdown files that were read from disk but gave no page.
fn unread_pages(
    parsed: &[Arc<ParsedPage>],
    sources: &Sources,
    folders: &IndexFolders<'_>,
) -> Vec<UnpublishedPage> {
    let known: BTreeSet<&str> = parsed.iter().map(|page| page.file.path()).collect();
    let lost = sources.pages.iter().filter(|file| !known.contains(file.path()));
    lost.map(|file| {
        let content_path = content_path(sources, file.path()).unwrap_or(file.path());
        let name = FileName::of(content_path);
        UnpublishedPage {
            path: file.path().to_owned(),
            content_path: content_path.to_owned(),
            url: page_address(name, folders.is_folder_page(name), None),
            why: Unpublished::Unusable,
        }
    })
    .collect()
}

/// A path relative to the content directory, from one relative to the knowledge base.
pub(super) fn content_path<'a>(sources: &Sources, path: &'a str) -> Option<&'a str> {
    if sources.content_dir.is_empty() {
        return Some(path);
    }
    path.strip_prefix(sources.content_dir.as_str())?.strip_prefix('/')
}

/// Folders that have an `index`, published or not: there a `README` is an ordinary page.
struct IndexFolders<'a>(BTreeSet<&'a str>);

impl<'a> IndexFolders<'a> {
    fn of(sources: &'a Sources) -> Self {
        let paths = sources.pages.iter().filter_map(|file| content_path(sources, file.path()));
        Self(paths.map(FileName::of).filter(|file| file.is_index()).map(|file| file.folder).collect())
    }

    fn is_folder_page(&self, file: FileName<'_>) -> bool {
        file.is_index() || (file.is_readme() && !self.0.contains(file.folder))
    }
}

fn new_page(parsed: Arc<ParsedPage>, url: String, is_section_page: bool, sources: &Sources) -> Page {
    let title = titles::title(&parsed, || fallback_title(&parsed.content_path, is_section_page, sources));
    Page {
        title,
        description: titles::description(&parsed),
        kind: parsed.front.kind.clone(),
        url,
        section: 0,
        is_section_page,
        links: Vec::new(),
        backlinks: Vec::new(),
        tags: Vec::new(),
        owners: parsed.front.owners.iter().map(|owner| owner.value.clone()).collect(),
        previous: None,
        next: None,
        git: sources.git.files.get(parsed.file.path()).cloned(),
        parsed,
    }
}

/// Pages whose front matter names no owner have those of `owners.yaml` or CODEOWNERS.
fn give_owners(pages: &mut [Page], sources: &Sources) -> (Owners, Vec<Diagnostic>) {
    let (owners, mut findings) = Owners::parse(sources.owners.as_ref(), sources.codeowners.as_ref());
    // A CODEOWNERS of the knowledge base's own counts from there, all others from the repository's top.
    let is_own = sources.codeowners.as_ref().is_some_and(|file| !file.path().starts_with("../"));
    let prefix = if is_own { "" } else { sources.git.prefix.as_str() };
    for page in pages.iter_mut().filter(|page| page.owners.is_empty()) {
        page.owners = owners.of(&format!("{prefix}{}", page.parsed.file.path()));
    }
    findings.extend(check_owners(pages, &owners));
    (owners, findings)
}

fn is_training(kind: &str) -> bool {
    matches!(kind, "module" | "path")
}

/// Owners in front matter that no list of owners names.
fn check_owners(pages: &[Page], owners: &Owners) -> Vec<Diagnostic> {
    fn bare(name: &str) -> String {
        name.trim().trim_start_matches('@').to_lowercase()
    }
    let names = owners.names();
    // A group of a forge may be called by its last part: `@example/team-db` is `team-db` too.
    let last = |name: &str| bare(name.rsplit_once('/').map_or(name, |(_, last)| last));
    let known: BTreeSet<String> = names.iter().flat_map(|name| [bare(name), last(name)]).collect();
    let mut findings = Vec::new();
    for page in pages {
        for owner in page.parsed.front.owners.iter().filter(|_| !known.is_empty()) {
            // Of training, that nobody keeps it is said in its own words.
            let is_nobody = owner.value.trim().eq_ignore_ascii_case("tbd");
            if known.contains(&bare(&owner.value)) || (is_nobody && is_training(&page.kind)) {
                continue;
            }
            let message =
                format!("the owner `{}` is neither in `owners.yaml` nor in CODEOWNERS", owner.value);
            let near = nearest(&owner.value, names.iter().copied());
            let near = near.or_else(|| nearest(&bare(&owner.value), known.iter().map(String::as_str)));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "correct the name, or add it to `owners.yaml`".to_owned(),
            };
            findings.push(
                Diagnostic::new(&UNKNOWN_OWNER, message).at(&page.parsed.file, owner.span, "").help(help),
            );
        }
    }
    findings
}

fn fallback_title(content_path: &str, is_section_page: bool, sources: &Sources) -> String {
    let stem = FileName::of(content_path).stem(is_section_page);
    match stem.rsplit('/').next().unwrap_or_default() {
        "" => sources.config.title.clone(),
        name => titles::readable_name(name),
    }
}

fn revision(sources: &Sources) -> Option<Revision> {
    let id = sources.git.revision.clone()?;
    Some(Revision { id, date: sources.git.revision_date.clone().unwrap_or_default() })
}

/// Whether any page names a skill; the graph may not be there yet.
fn has_skills(pages: &[Page]) -> bool {
    let names =
        |page: &Page, key: &str| page.parsed.front.field(key).is_some_and(|node| !node.items().is_empty());
    pages.iter().any(|page| match page.kind.as_str() {
        "module" => names(page, "needs") || names(page, "teaches"),
        "job" => names(page, "requires"),
        _ => false,
    })
}

impl<'a> Claimants<'a> {
    pub(super) fn of(site: &'a Site) -> Self {
        Self {
            pages: &site.pages,
            sections: &site.sections,
            tags: &site.tags,
            owned: &site.owned,
            kinds: &site.kinds,
            assets: &site.assets,
            redirects: &site.redirects,
            own: &[],
            has_base_url: site.config.base_url.is_some(),
            has_skills: has_skills(&site.pages),
        }
    }
}

/// The address of a file: static files stand at the root, the others where they are in the content
/// directory. `None` for a file outside both.
pub(super) fn asset_address(sources: &Sources, file: &DiskFile) -> Option<String> {
    let path = if file.is_static {
        let folder = sources.config.static_folder().trim_matches('/');
        file.path.strip_prefix(folder).and_then(|path| path.strip_prefix('/')).unwrap_or(&file.path)
    } else {
        content_path(sources, &file.path)?
    };
    Some(format!("/{path}"))
}

/// A file as it will be published.
pub(super) fn new_asset(sources: &Sources, file: &DiskFile) -> Option<Asset> {
    Some(Asset { file: file.clone(), url: asset_address(sources, file)? })
}
