//! Which source stands at which address, and two sources that claim one.
//!
//! In: everything that has an address. Out: [`Site::outputs`](super::Site::outputs) and findings
//! that name both sides. What an author wrote (a page, a file) wins over what is generated (lists,
//! the feed), silently; an alias never replaces anything. Addresses are compared as files on a disk
//! that ignores case would be: such disks exist among readers and writers.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::urls::output_path;
use super::{Asset, KindPages, Output, Page, Redirect, Section, Tag};
use crate::diagnostic::rules::files::URL_COLLISION;
use crate::diagnostic::{Diagnostic, Label};
use crate::source::{SharedFile, SourceFile, Span};

/// Files and folders of the output that Docent writes besides the site's addresses: what was built,
/// the list of files, and the theme's folder.
const OWN: &[&str] = &["/build.json", "/.docent-manifest.json", "/docent"];

/// Everything that has an address.
pub(super) struct Claimants<'a> {
    pub pages: &'a [Page],
    pub sections: &'a [Section],
    pub tags: &'a [Tag],
    pub kinds: &'a [KindPages],
    pub assets: &'a [Asset],
    pub redirects: &'a [Redirect],
    pub has_base_url: bool,
}

/// Gives each address to its first claimant: pages, then files, then generated pages, then aliases.
pub(super) fn build_outputs(all: &Claimants<'_>) -> (BTreeMap<String, Output>, Vec<Diagnostic>) {
    let mut claims = Claims::default();
    for url in OWN {
        let claim = Claim { url: (*url).to_owned(), source: None };
        claims.files.insert(folded(&output_path(url)), claim);
    }
    for (id, page) in all.pages.iter().enumerate() {
        let slug = page.parsed.front.slug.as_ref().map_or(Span::default(), |slug| slug.span);
        claims.claim(&page.url, Output::Page(id), || (page.parsed.file.clone(), slug));
    }
    for (id, asset) in all.assets.iter().enumerate() {
        claims.claim(&asset.url, Output::Asset(id), || {
            (SharedFile::new(SourceFile::new(asset.file.path.clone(), "")), Span::default())
        });
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
    generated.push(("/search/".into(), Output::AllPages));
    generated.push(("/404.html".into(), Output::NotFound));
    generated.push(("/robots.txt".into(), Output::Robots));
    generated.push(("/feed.xml".into(), Output::Feed));
    if all.has_base_url {
        generated.push(("/sitemap.xml".into(), Output::Sitemap));
    }
    generated
}

/// The address of a tag's list.
pub fn tag_address(tag: &Tag) -> String {
    format!("/tags/{}/", tag.slug)
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
    /// `None` for a generated page.
    source: Option<(SharedFile, Span)>,
}

impl Claims {
    /// Gives `url` to `output`, or reports who has it already.
    fn claim(&mut self, url: &str, output: Output, source: impl Fn() -> (SharedFile, Span)) {
        let path = folded(&output_path(url));
        if let Some(other) = self.taken(&path) {
            let finding = collision(url, &source(), other);
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
        let claim = Claim { url: url.to_owned(), source };
        for (at, _) in path.match_indices('/') {
            if !self.folders.contains_key(&path[..at]) {
                self.folders.insert(path[..at].to_owned(), claim.clone());
            }
        }
        self.files.insert(path.to_owned(), claim);
        self.outputs.insert(url.to_owned(), output);
    }
}

fn collision(url: &str, (file, span): &(SharedFile, Span), other: &Claim) -> Diagnostic {
    if OWN.contains(&other.url.as_str()) {
        let message = format!("the address `{url}` is kept for Docent's own files in `{}`", other.url);
        return Diagnostic::new(&URL_COLLISION, message)
            .at(file, *span, "")
            .help("choose another name or address");
    }
    let how = if other.url == url {
        String::new()
    } else if folded(&output_path(&other.url)) == folded(&output_path(url)) {
        format!("; on many disks it is the same as `{}`", other.url)
    } else {
        format!("; `{}` cannot be both a file and a folder", shorter(&other.url, url))
    };
    let Some((other_file, other_span)) = &other.source else {
        return Diagnostic::new(
            &URL_COLLISION,
            format!("the address `{url}` is taken by a generated page{how}"),
        )
        .at(file, *span, "claims it too")
        .help("choose another address");
    };
    let mut finding = Diagnostic::new(
        &URL_COLLISION,
        format!("two sources for the address `{url}`: `{}` and `{}`{how}", other_file.path(), file.path()),
    )
    .at(file, *span, "claims it too")
    .help("rename one of them, or give it another `slug`");
    finding.secondary.push(Label {
        file: other_file.clone(),
        span: *other_span,
        text: "has it already".into(),
    });
    finding
}

fn shorter<'a>(one: &'a str, other: &'a str) -> &'a str {
    if one.len() <= other.len() { one } else { other }
}

/// As a disk sees it that ignores case and normalisation.
pub(super) fn folded(path: &str) -> String {
    if path.is_ascii() { path.to_ascii_lowercase() } else { path.to_lowercase().nfc().collect() }
}
