//! Addresses: from a file's path to its URL and output file, and how a page writes a link.

/// How addresses are written in pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// Path of the site's root with slashes at both ends: `/` or `/docs/`.
    pub base_path: String,
    /// Scheme and host for absolute addresses, without a slash at the end; `None` without `base_url`.
    pub origin: Option<String>,
    /// Links are relative and end in `index.html`, so that they work from disk.
    pub portable: bool,
}

impl Addresses {
    /// What a page at `from` writes to link to `to`, both addresses from the site's root, decoded.
    /// Percent-encoded; not yet escaped for HTML.
    pub fn href(&self, from: &str, to: &str, fragment: Option<&str>) -> String {
        let _ = (from, fragment);
        to.to_owned()
    }

    /// The absolute URL of an address, if the site knows where it will live.
    pub fn absolute(&self, to: &str) -> Option<String> {
        self.origin.as_ref().map(|origin| format!("{origin}{to}"))
    }
}

/// The output file of an address: `/x/` → `x/index.html`, `/x.html` → `x.html`.
pub fn output_path(url: &str) -> String {
    url.trim_start_matches('/').to_owned()
}
