//! Which source stands at which address, and two sources that claim one.
//!
//! In: everything that has an address. Out: [`Site::outputs`](super::Site::outputs) and findings
//! that name both sides. What an author wrote (a page, a file) wins over what is generated (lists,
//! the feed), silently; an alias never replaces anything. Addresses are compared as files on a disk
//! that ignores case would be: such disks exist among readers and writers.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::urls::{find_length_problem, output_path};
use super::{Asset, KindPages, Output, OwnerPages, Page, Redirect, Section, Tag};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::files::{PATH_TOO_LONG, URL_COLLISION};
use crate::source::{SharedFile, SourceFile, Span};

/// Files that Docent writes besides the site's addresses and the theme's files: what was built, the
/// list of files, and search, whose folder below `s/` is named by what is in it.
const OWN: &[&str] =
    &["build.json", ".docent-manifest.json", "search.json", "s/root", "offline.json", "worker.js"];

/// Addresses that the sitemap protocol allows in one file.
pub const SITEMAP_ENTRIES: usize = 50_000;

/// The page for whoever leads the knowledge base.
pub const FRESHNESS: &str = "/freshness/";
/// The whole review queue.
pub const QUEUE: &str = "/freshness/queue/";
/// Every skill, who teaches it and who asks for it.
pub const SKILLS: &str = "/skills/";
/// The list of owners.
pub const OWNERS: &str = "/owners/";

/// Everything that has an address.
pub(super) struct Claimants<'a> {
    pub pages: &'a [Page],
    pub sections: &'a [Section],
    pub tags: &'a [Tag],
    pub owned: &'a [OwnerPages],
    pub kinds: &'a [KindPages],
    pub assets: &'a [Asset],
    pub redirects: &'a [Redirect],
    /// Output paths of the theme's files.
    pub own: &'a [String],
    pub has_base_url: bool,
    pub has_skills: bool,
}

/// Gives each address to its first claimant: pages, then files, then generated pages, then aliases.
pub(super) fn build_outputs(all: &Claimants<'_>) -> (BTreeMap<String, Output>, Vec<Diagnostic>) {
    let mut claims = Claims::default();
    for path in OWN.iter().copied().chain(all.own.iter().map(String::as_str)) {
        let claim = Claim { url: format!("/{path}"), output: None, source: None };
        claims.keep(&folded(path), &claim);
    }
    for (id, page) in all.pages.iter().enumerate() {
        let slug = page.parsed.front.slug.as_ref().map_or(Span::default(), |slug| slug.span);
        claims.claim(&page.url, Output::Page(id), || (page.parsed.file.clone(), slug));
    }
    for (id, asset) in all.assets.iter().enumerate() {
        let place = || (SharedFile::new(SourceFile::new(asset.file.path.clone(), "")), Span::default());
        match find_length_problem(&asset.url) {
            None => claims.claim(&asset.url, Output::Asset(id), place),
            Some(problem) => claims.findings.push(too_long(&problem, &place())),
        }
    }
    for (url, output) in generated(all) {
        match output {
            // Folders that differ in case only: one of them would lose its list.
            Output::Section(_) if claims.has_in_other_case(&url) => {
                claims.claim(&url, output, || first_page_below(all, &url));
            }
            _ => claims.give(&url, output),
        }
    }
    for (id, redirect) in all.redirects.iter().enumerate() {
        claims.claim(&redirect.from, Output::Redirect(id), || {
            (all.pages[redirect.to].parsed.file.clone(), redirect.alias.span)
        });
    }
    (claims.outputs, claims.findings)
}

/// A place for a finding about a folder without a page of its own.
fn first_page_below(all: &Claimants<'_>, url: &str) -> (SharedFile, Span) {
    let page = all.pages.iter().find(|page| page.url.starts_with(url));
    (page.map(|page| page.parsed.file.clone()).unwrap_or_default(), Span::default())
}

/// The addresses of generated pages and what stands there.
pub(super) fn generated(all: &Claimants<'_>) -> Vec<(String, Output)> {
    let mut generated = vec![("/".to_owned(), Output::Home)];
    for (id, section) in all.sections.iter().enumerate().skip(1) {
        if section.page.is_none() {
            generated.push((section.url.clone(), Output::Section(id)));
        }
    }
    if !all.tags.is_empty() {
        generated.push(("/tags/".into(), Output::Tags));
    }
    generated.extend(all.tags.iter().enumerate().map(|(id, tag)| (tag_address(tag), Output::Tag(id))));
    generated.extend(all.kinds.iter().enumerate().map(|(id, kind)| (kind_address(kind), Output::Kind(id))));
    generated.push((FRESHNESS.into(), Output::Freshness));
    generated.push((QUEUE.into(), Output::Queue));
    generated.push(("/freshness/badge.svg".into(), Output::Badge));
    generated.push(("/freshness/badge.json".into(), Output::BadgeData));
    if all.has_skills {
        generated.push((SKILLS.into(), Output::Skills));
    }
    if !all.owned.is_empty() {
        generated.push((OWNERS.into(), Output::Owners));
    }
    generated
        .extend(all.owned.iter().enumerate().map(|(id, owner)| (owner_address(owner), Output::Owner(id))));
    generated.push(("/search/".into(), Output::AllPages));
    generated.push(("/404.html".into(), Output::NotFound));
    generated.push(("/robots.txt".into(), Output::Robots));
    generated.push(("/feed.xml".into(), Output::Feed));
    if all.has_base_url {
        generated.push(("/sitemap.xml".into(), Output::Sitemap));
        let home = usize::from(all.pages.iter().all(|page| page.url != "/"));
        let lists = all.sections.iter().skip(1).filter(|section| section.page.is_none()).count();
        let entries = all.pages.len() + lists + home;
        if entries > SITEMAP_ENTRIES {
            let parts = 0..entries.div_ceil(SITEMAP_ENTRIES);
            generated
                .extend(parts.map(|part| (format!("/sitemap-{}.xml", part + 1), Output::SitemapPart(part))));
        }
    }
    generated
}

/// The address of a tag's list.
pub fn tag_address(tag: &Tag) -> String {
    format!("/tags/{}/", tag.slug)
}

/// The address of an owner's list.
pub fn owner_address(owner: &OwnerPages) -> String {
    format!("{OWNERS}{}/", owner.slug)
}

/// The address of a kind's list.
pub fn kind_address(kind: &KindPages) -> String {
    format!("/kinds/{}/", kind.kind)
}

#[derive(Default)]
struct Claims {
    outputs: BTreeMap<String, Output>,
    /// Folded output path → the claim that has it.
    files: BTreeMap<String, Claim>,
    /// Folded folder → a claim of a file inside it.
    folders: BTreeMap<String, Claim>,
    findings: Vec<Diagnostic>,
}

#[derive(Clone)]
struct Claim {
    url: String,
    /// What stands there; `None` for a file of Docent's own.
    output: Option<Output>,
    /// `None` for what is generated.
    source: Option<(SharedFile, Span)>,
}

impl Claims {
    /// Gives `url` to `output`, or reports who has it already.
    fn claim(&mut self, url: &str, output: Output, source: impl Fn() -> (SharedFile, Span)) {
        let path = folded(&output_path(url));
        if let Some(other) = self.taken(&path) {
            let finding = collision(url, output, &source(), other);
            self.findings.push(finding);
            return;
        }
        self.enter(url, &path, output, Some(source()));
    }

    /// Gives `url` to a generated page unless an author's file has it.
    fn give(&mut self, url: &str, output: Output) {
        let path = folded(&output_path(url));
        if self.taken(&path).is_none() {
            self.enter(url, &path, output, None);
        }
    }

    /// Whether an address that differs from this one in case only is taken.
    fn has_in_other_case(&self, url: &str) -> bool {
        self.files.get(&folded(&output_path(url))).is_some_and(|other| other.url != url)
    }

    /// Who has this file, stands where one of its folders should be, or needs it as a folder.
    fn taken(&self, path: &str) -> Option<&Claim> {
        let above = path.match_indices('/').find_map(|(at, _)| self.files.get(&path[..at]));
        self.files.get(path).or(above).or_else(|| self.folders.get(path))
    }

    fn enter(&mut self, url: &str, path: &str, output: Output, source: Option<(SharedFile, Span)>) {
        self.keep(path, &Claim { url: url.to_owned(), output: Some(output), source });
        self.outputs.insert(url.to_owned(), output);
    }

    /// Notes who has a file and needs the folders above it.
    fn keep(&mut self, path: &str, claim: &Claim) {
        for (at, _) in path.match_indices('/') {
            if !self.folders.contains_key(&path[..at]) {
                self.folders.insert(path[..at].to_owned(), claim.clone());
            }
        }
        self.files.insert(path.to_owned(), claim.clone());
    }
}

fn collision(url: &str, output: Output, (file, span): &(SharedFile, Span), other: &Claim) -> Diagnostic {
    // An alias is shown as its author wrote it.
    let written = match output {
        Output::Redirect(_) => Some(file.slice(*span).trim_matches(['"', '\''])),
        _ => None,
    };
    let shown = written.filter(|written| !written.is_empty()).unwrap_or(url);
    let how = if other.url == url {
        String::new()
    } else if folded(&output_path(&other.url)) == folded(&output_path(url)) {
        format!("; on many disks it is the same as `{}`", other.url)
    } else {
        format!("; `{}` cannot be both a file and a folder", shorter(&other.url, url).trim_end_matches('/'))
    };
    let other_side = match (&other.source, other.output) {
        (Some((file, _)), _) => format!("`{}`", file.path()),
        (None, Some(_)) => "a file that Docent generates".to_owned(),
        (None, None) => format!("Docent's own file `{}`", other.url.trim_start_matches('/')),
    };
    let side = match output {
        // A folder's list: the finding stands at a page in it.
        Output::Section(_) => format!("the folder of `{}`", file.path()),
        _ => format!("`{}`", file.path()),
    };
    let message = format!("two sources for the address `{shown}`: {other_side} and {side}{how}");
    let mut finding = Diagnostic::new(&URL_COLLISION, message)
        .at(file, *span, "claims it too")
        .help(way_out(output, other.output));
    if let Some((other_file, other_span)) = &other.source {
        finding = finding.and(other_file, *other_span, "has it already");
    }
    finding
}

/// What an author can do about it: aliases go, files and folders are renamed, pages may have a `slug`.
fn way_out(claims: Output, has: Option<Output>) -> &'static str {
    match (claims, has) {
        (Output::Redirect(_), _) => "remove the alias, or give up what stands there",
        (Output::Page(_), None | Some(Output::Asset(_))) => "rename the page, or give it another `slug`",
        (Output::Page(_), _) => "rename one of them, or give it another `slug`",
        (Output::Asset(_), Some(Output::Page(_))) => "rename the file, or give the page another `slug`",
        (Output::Asset(_), Some(Output::Asset(_))) => "rename one of them",
        (Output::Asset(_), _) => "rename the file",
        _ => "rename one of the folders",
    }
}

fn too_long(problem: &str, (file, span): &(SharedFile, Span)) -> Diagnostic {
    Diagnostic::new(&PATH_TOO_LONG, format!("the output path {problem}"))
        .at(file, *span, "")
        .help("shorten its name or those of its folders")
}

fn shorter<'a>(one: &'a str, other: &'a str) -> &'a str {
    if one.len() <= other.len() { one } else { other }
}

/// As a disk sees it that ignores case and normalisation.
pub(super) fn folded(path: &str) -> String {
    if path.is_ascii() { path.to_ascii_lowercase() } else { path.to_lowercase().nfc().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sitemap_of_more_addresses_than_one_file_may_hold_has_parts() {
        let parts = |lists: usize| {
            // The first is the content directory, whose place is the home page's.
            let sections: Vec<Section> =
                (0..=lists).map(|id| Section { url: format!("/{id}/"), ..Section::default() }).collect();
            let all = Claimants {
                pages: &[],
                sections: &sections,
                tags: &[],
                owned: &[],
                kinds: &[],
                assets: &[],
                redirects: &[],
                own: &[],
                has_base_url: true,
                has_skills: false,
            };
            let (outputs, findings) = build_outputs(&all);
            assert!(findings.is_empty() && outputs.contains_key("/sitemap.xml"));
            outputs.into_keys().filter(|url| url.starts_with("/sitemap-")).collect::<Vec<_>>()
        };
        assert_eq!(parts(SITEMAP_ENTRIES - 1), [""; 0]);
        assert_eq!(parts(SITEMAP_ENTRIES), ["/sitemap-1.xml", "/sitemap-2.xml"]);
    }
}
