//! The ids that pages had before, out of the history.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::check::ids::{OldId, check_changed_ids, keeps_its_id};
use crate::diagnostic::Diagnostic;
use crate::discover::Sources;
use crate::discover::git::ids::read_versions;
use crate::model::Site;
use crate::parse::parse_page;
use crate::source::SourceFile;

/// Findings about ids that changed while their file stayed; none where git cannot say.
pub(super) fn check_ids(sources: &Sources, site: &Site) -> Vec<Diagnostic> {
    let pages = site.pages.iter().filter(|page| keeps_its_id(page));
    let pages: BTreeSet<String> = pages.map(|page| page.parsed.file.path().to_owned()).collect();
    if pages.is_empty() || sources.git.revision.is_none() {
        return Vec::new();
    }
    let versions = read_versions(&sources.dir, &sources.git.prefix, &pages).unwrap_or_default();
    let old = versions.into_iter().filter_map(|version| {
        let file = Arc::new(SourceFile::new(version.path.as_str(), version.head.as_str()));
        let id = parse_page(&file, &version.path, &sources.config).0?.front.id?.value;
        Some(OldId { path: version.path, id, commit: version.commit, day: version.day })
    });
    check_changed_ids(site, &old.collect::<Vec<_>>())
}
