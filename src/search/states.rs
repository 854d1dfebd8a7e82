//! How far each page could be trusted when it was last judged, kept beside the index.
//!
//! In: a site and its verdict. Out, on a later day: the state of a page for a hit, without judging
//! anew, which may take reading gigabytes of tickets. What cannot be true any more is not told: a page
//! that was changed since has no state, and one whose day has come is due. Not here: the verdict
//! (`freshness`).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::freshness::review::add_length;
use crate::freshness::{Freshness, State};
use crate::model::{Page, Site};

const NAME: &str = "states.json";

/// The states of all pages on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct States {
    /// The day that was judged, `YYYY-MM-DD`.
    judged: String,
    /// By path.
    pages: BTreeMap<String, PageState>,
}

/// The state of one page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct PageState {
    state: String,
    /// The day from which it is due.
    due: Option<String>,
    /// Hash of its text.
    text: String,
}

impl States {
    /// The states of a site that was judged.
    pub fn of(site: &Site, freshness: &Freshness) -> Self {
        let pages = site.pages.iter().zip(&freshness.articles).map(|(page, article)| {
            let (state, due) = (article.state.word().to_owned(), article.due.clone());
            (page.parsed.file.path().to_owned(), PageState { state, due, text: hash(page) })
        });
        Self { judged: site.today.clone(), pages: pages.collect() }
    }

    /// Reads the states kept in a folder; without any that can be used, nothing is known.
    #[expect(clippy::disallowed_methods, reason = "the states are a cache of this program, not content")]
    pub fn read(dir: &Path) -> Self {
        let text = fs::read(dir.join(NAME)).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// Keeps them in a folder, in place of older ones.
    pub fn write(&self, dir: &Path) -> Result<(), Error> {
        let path = dir.join(NAME);
        let failed = |error| Error::io("write", &path, error);
        let text = serde_json::to_vec(self).map_err(|error| Error::Internal(error.to_string()))?;
        fs::create_dir_all(dir).map_err(failed)?;
        let beside = dir.join(format!("{NAME}.{}.new", std::process::id()));
        fs::write(&beside, text).and_then(|()| fs::rename(&beside, &path)).map_err(failed)
    }

    /// The state of a page on the day of its site; `None` if what is kept says nothing about it: it was
    /// changed since, or that day is too long ago.
    pub fn find(&self, site: &Site, page: &Page) -> Option<&str> {
        let judged: Date = self.judged.parse().ok()?;
        let today: Date = site.today.parse().ok()?;
        let known = self.pages.get(page.parsed.file.path()).filter(|known| known.text == hash(page))?;
        if today < judged || add_length(judged, site.config.freshness.max_export_age) < today {
            return None;
        }
        let is_due = known.due.as_ref().is_some_and(|due| *due <= site.today);
        Some(if known.state == State::Fresh.word() && is_due { State::Due.word() } else { &known.state })
    }
}

fn hash(page: &Page) -> String {
    blake3::hash(page.parsed.file.text().as_bytes()).to_hex()[..32].to_owned()
}
