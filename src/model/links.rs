//! Links, resolved once: every form of the house to one [`super::Target`].

use super::build::new_asset;
use super::{Asset, Backlink, Site, Target};
use crate::discover::Sources;

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
    Resolved {
        links: site
            .pages
            .iter()
            .map(|page| page.parsed.links.iter().map(|link| Target::External(link.target.clone())).collect())
            .collect(),
        backlinks: site.pages.iter().map(|_| Vec::new()).collect(),
        assets: sources
            .files
            .iter()
            .filter(|file| file.is_static)
            .filter_map(|file| new_asset(sources, file))
            .collect(),
    }
}
