//! [`ParsedPage`]s → [`Site`]: everything that needs more than one page to be known.
//!
//! In: parsed pages, the files beside them, git facts, `today`. Out: the [`Site`], pages by kind,
//! sections, addresses, links resolved once, tags, owners, backlinks; and findings about what does
//! not fit together. Not here: whether a link's target is good enough (`check`), HTML (`render`).

mod aliases;
mod build;
pub mod graph;
pub mod links;
pub mod names;
pub mod navigation;
pub mod outputs;
pub mod owners;
pub mod tags;
pub mod titles;
pub mod urls;

pub use build::build_site;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::Config;
use crate::discover::DiskFile;
use crate::discover::git::FileFacts;
use crate::parse::ParsedPage;
use crate::source::Spanned;

/// Index into [`Site::pages`].
pub type PageId = usize;
/// Index into [`Site::sections`].
pub type SectionId = usize;
/// Index into [`Site::tags`].
pub type TagId = usize;
/// Index into [`Site::assets`].
pub type AssetId = usize;

/// The whole knowledge base, joined up.
#[derive(Debug)]
pub struct Site {
    /// The config.
    pub config: Config,
    /// The day that the build is for, `YYYY-MM-DD`.
    pub today: String,
    /// The commit that was built, and its date, if known.
    pub revision: Option<Revision>,
    /// Path of the knowledge base from the repository's top, with a slash at its end, or empty.
    pub path_in_repository: String,
    /// Published pages, sorted by content path.
    pub pages: Vec<Page>,
    /// Pages that are known but not published, sorted by content path.
    pub unpublished: Vec<UnpublishedPage>,
    /// Folders that hold pages at any depth, sorted by path; the first is the content directory.
    pub sections: Vec<Section>,
    /// Tags in use, sorted by slug.
    pub tags: Vec<Tag>,
    /// The owners in `owners.yaml`, by key.
    pub owners: BTreeMap<String, owners::Owner>,
    /// Owners of pages, by their addresses; what nobody owns is `nobody`'s.
    pub owned: Vec<OwnerPages>,
    /// Kinds in use, in the order of the config's table, with their pages in title order.
    pub kinds: Vec<KindPages>,
    /// Files that are published beside the pages, sorted by path.
    pub assets: Vec<Asset>,
    /// Old addresses, sorted.
    pub redirects: Vec<Redirect>,
    /// Every address of the site and what stands there. Two sources for one address are a finding.
    pub outputs: BTreeMap<String, Output>,
    /// What pages stand on, and the skills that join them.
    pub graph: graph::Graph,
    /// How addresses are written in pages.
    pub addresses: urls::Addresses,
}

/// The commit that was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Full hash.
    pub id: String,
    /// `YYYY-MM-DDTHH:MM:SSZ`.
    pub date: String,
}

/// A published page.
#[derive(Debug)]
pub struct Page {
    /// What its file says.
    pub parsed: Arc<ParsedPage>,
    /// Front matter, else first heading, else file name.
    pub title: String,
    /// Front matter, else the first sentence of the body; may be empty.
    pub description: String,
    /// Name of its kind.
    pub kind: String,
    /// Its address from the root of the site, decoded: `/runbooks/disk-full/`.
    pub url: String,
    /// The folder it stands in; for a folder's own page, that folder.
    pub section: SectionId,
    /// Whether it is its folder's own page (`index.md`, `_index.md`, `README.md`).
    pub is_section_page: bool,
    /// Where its links lead, in the order of `parsed.links`.
    pub links: Vec<Target>,
    /// Pages that link here, one entry a page, sorted by page.
    pub backlinks: Vec<Backlink>,
    /// Its tags, synonyms replaced, sorted.
    pub tags: Vec<TagId>,
    /// Who owns it: front matter, else `owners.yaml`, else CODEOWNERS.
    pub owners: Vec<String>,
    /// The page before it in the order of the whole navigation.
    pub previous: Option<PageId>,
    /// The page after it.
    pub next: Option<PageId>,
    /// What git knows of it.
    pub git: Option<FileFacts>,
}

/// A Markdown file that is no page of this site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnpublishedPage {
    /// Relative to the knowledge base.
    pub path: String,
    /// Relative to the content directory.
    pub content_path: String,
    /// The address that it would have, decoded.
    pub url: String,
    /// Why it is not published.
    pub why: Unpublished,
}

/// Why a page is not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpublished {
    /// `draft: true`.
    Draft,
    /// `expires` has come.
    Expired,
    /// It could not be read or given an address; a finding says why.
    Unusable,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A page; the fragment, decoded, exists there or is top or empty.
    Page {
        /// The page.
        page: PageId,
        /// Decoded, without `#`.
        fragment: Option<String>,
    },
    /// A folder without a page of its own, whose list of pages stands in.
    Section(SectionId),
    /// A file beside the pages.
    Asset(AssetId),
    /// Another generated address of this site (`/tags/`, the feed), decoded.
    Generated(String),
    /// Another site; the URL to write.
    External(String),
    /// `mailto:` and other schemes that are allowed.
    Scheme(String),
    /// Nothing; `render` shows the text alone for unsafe ones and marks the others.
    Broken(Broken),
}

/// Why a link leads nowhere, with what `check` needs to say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// No such page or file; the address or path that was looked for.
    Missing {
        /// Root-relative address looked for, decoded.
        wanted: String,
    },
    /// The page is there, the fragment is not.
    Fragment {
        /// The page.
        page: PageId,
        /// Decoded, without `#`.
        fragment: String,
    },
    /// Differs from what is there in upper and lower case only.
    Case {
        /// What is there.
        right: String,
    },
    /// A folder is there, but neither it nor anything in it is a page.
    Folder {
        /// The folder.
        path: String,
    },
    /// The page is a draft, expired, or could not be read.
    Unpublished {
        /// Path of its file.
        path: String,
        /// Why.
        why: Unpublished,
    },
    /// Outside the knowledge base.
    Outside,
    /// A file that is never published.
    Private {
        /// Path of the file.
        path: String,
    },
    /// From the root, but without the leading slash.
    NoSlash {
        /// What it should be.
        right: String,
    },
    /// A wiki link that several pages fit.
    Ambiguous {
        /// Content paths of the pages, sorted.
        candidates: Vec<String>,
    },
    /// `javascript:` and other schemes that can run code.
    UnsafeScheme {
        /// The scheme, lower case.
        scheme: String,
    },
    /// A template tag that nobody fills in; `template-tag` reports it.
    Template,
    /// Written in a way that no reader can follow.
    Malformed(Malformed),
}

/// Ways of writing a link that never works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// `()`.
    Empty,
    /// `((/path)`.
    Unbalanced,
    /// `www.example.com`.
    NoScheme,
    /// `https://https://…`.
    TwoSchemes,
    /// A space inside.
    Space,
    /// `[a]([b](c))`: another link for a target.
    Nested,
}

/// A page that links here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backlink {
    /// The page.
    pub page: PageId,
    /// Texts of its links to here, distinct, in order.
    pub texts: Vec<String>,
}

/// A folder of the content directory that holds pages at any depth.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// Relative to the content directory; empty for it itself.
    pub path: String,
    /// The title of its page, else its name made readable.
    pub title: String,
    /// Its address: its page's, else of its generated list.
    pub url: String,
    /// Its own page.
    pub page: Option<PageId>,
    /// The folder it is in.
    pub parent: Option<SectionId>,
    /// Its pages and folders in the order of the navigation, its own page left out.
    pub children: Vec<Child>,
    /// Pages in it at any depth.
    pub page_count: usize,
}

/// One entry of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Child {
    /// A page.
    Page(PageId),
    /// A folder.
    Section(SectionId),
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// As first written.
    pub name: String,
    /// In its address.
    pub slug: String,
    /// Pages that carry it, in title order.
    pub pages: Vec<PageId>,
}

/// An owner and its pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerPages {
    /// For people.
    pub name: String,
    /// In its address.
    pub slug: String,
    /// Its pages, in title order.
    pub pages: Vec<PageId>,
}

/// The pages of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindPages {
    /// Name of the kind.
    pub kind: String,
    /// In title order.
    pub pages: Vec<PageId>,
}

/// A file published as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// The file.
    pub file: DiskFile,
    /// Its address, decoded.
    pub url: String,
}

/// An old address that leads to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The old address, decoded.
    pub from: String,
    /// The page.
    pub to: PageId,
    /// Where the alias was written.
    pub alias: Spanned<String>,
}

/// What stands at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Output {
    /// The home page, generated when the content directory has none of its own.
    Home,
    /// A page.
    Page(PageId),
    /// The list of a folder that has no page.
    Section(SectionId),
    /// The list of tags.
    Tags,
    /// The pages of a tag.
    Tag(TagId),
    /// The pages of a kind, as an index into [`Site::kinds`].
    Kind(usize),
    /// Every page, A to Z; the search page for readers without scripts.
    AllPages,
    /// An old address, as an index into [`Site::redirects`].
    Redirect(usize),
    /// A file.
    Asset(AssetId),
    /// What to mend first, why, and whose it is.
    Freshness,
    /// The whole queue.
    Queue,
    /// Every skill, who teaches it and who asks for it.
    Skills,
    /// The list of owners.
    Owners,
    /// The pages of an owner, as an index into [`Site::owned`].
    Owner(usize),
    /// `freshness/badge.svg`.
    Badge,
    /// `freshness/badge.json`, as shields.io reads it.
    BadgeData,
    /// `404.html`.
    NotFound,
    /// `sitemap.xml`.
    Sitemap,
    /// A part of a sitemap that is too long for one file, counted from 0.
    SitemapPart(usize),
    /// `feed.xml`.
    Feed,
    /// `robots.txt`.
    Robots,
}

/// What the model is told from outside.
#[derive(Clone, Debug, Default)]
pub struct ModelOptions {
    /// The day that the build is for, `YYYY-MM-DD`.
    pub today: String,
    /// Publish drafts too.
    pub drafts: bool,
    /// Write links that work from disk.
    pub portable: bool,
    /// Output paths of files that are written besides the site's addresses: those of the theme.
    pub own_files: Vec<String>,
}
