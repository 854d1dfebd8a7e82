//! [`Site`] → the HTML of one address, when asked for it.
//!
//! In: the site, the theme, one address. Out: the bytes that stand there. Not here: which addresses
//! exist (`model`) and where they are written (`publish`).

pub mod code;
pub mod html;
pub mod theme;

use crate::diagnostic::Diagnostic;
use crate::discover::ThemeFile;
use crate::model::{Output, Site};

/// What the foot of every page and `build.json` say of the build; nothing that differs between two
/// builds of the same sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildStamp {
    /// `YYYY-MM-DD HH:MM UTC` of the revision or `SOURCE_DATE_EPOCH`; empty if neither is known.
    pub built: String,
    /// Short hash of the revision; empty if there is none.
    pub revision: String,
    /// Hash of everything that was built.
    pub build_id: String,
}

/// Renders addresses of one site.
#[derive(Debug)]
pub struct Renderer<'s> {
    site: &'s Site,
    stamp: BuildStamp,
}

impl<'s> Renderer<'s> {
    /// Loads the theme; its findings mean that nothing can be built.
    pub fn new(site: &'s Site, theme: &[ThemeFile], stamp: BuildStamp) -> Result<Self, Vec<Diagnostic>> {
        let _ = theme;
        Ok(Self { site, stamp })
    }

    /// The bytes at `url`, which is a key of [`Site::outputs`] and not an asset.
    pub fn render(&self, url: &str, output: Output) -> Result<Vec<u8>, Diagnostic> {
        let _ = (&self.site, &self.stamp, url, output);
        Ok(Vec::new())
    }

    /// The theme's own files: output path and bytes, sorted by path.
    pub fn theme_files(&self) -> Vec<(String, Vec<u8>)> {
        Vec::new()
    }
}
