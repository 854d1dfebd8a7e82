//! A training path for other systems: an issue to tick off, statements for a learning record store, a
//! package for a learning platform, a calendar, a certificate.
//!
//! In: the site, a path of it, who completed what. Out: text or bytes; nothing is written or sent.
//! Not here: the site's own pages (`render`), and where the bytes go (`cli`).

pub mod certificate;
pub mod ical;
pub mod issue;
pub mod scorm;
pub mod xapi;

use crate::model::{Page, PageId, Site};
use crate::training::people::People;

/// What is exported.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a> {
    /// The site.
    pub site: &'a Site,
    /// The path.
    pub path: PageId,
    /// Who completed what.
    pub people: &'a People,
    /// Only this person.
    pub person: Option<&'a str>,
}

/// Why something cannot be exported, and the way out.
pub type Refused = String;

impl<'a> Export<'a> {
    fn page(&self) -> &'a Page {
        &self.site.pages[self.path]
    }

    /// Where a page will be, if the site knows where it will live.
    fn address(&self, url: &str) -> Option<String> {
        self.site.addresses.absolute(url)
    }

    /// The same, for formats that name things by address.
    fn required_address(&self, url: &str, what: &str) -> Result<String, Refused> {
        self.address(url).ok_or_else(|| {
            format!("{what} names pages by their address, and nobody knows where this site will live; set `base_url` in docent.yaml")
        })
    }

    /// What names a page whatever its address: its id, else its path.
    fn name_of(&self, page: PageId) -> &'a str {
        let page = &self.site.pages[page];
        page.parsed.front.id.as_ref().map_or(page.parsed.content_path.as_str(), |id| id.value.as_str())
    }
}

/// Text for XML and HTML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // XML has no way to write the others.
            c if c < ' ' && !matches!(c, '\t' | '\n') => out.push(' '),
            '\u{FFFE}' | '\u{FFFF}' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
