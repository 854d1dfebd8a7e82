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
use crate::search::Index;

/// What `fresh:` calls all states of pages that a reader may act on.
pub const TRUSTED: &str = "trusted";

/// Whether a reader may act on a page in this state.
pub fn is_trusted(state: &str) -> bool {
    State::ALL.into_iter().any(|known| known.word() == state && known.is_trusted())
}

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

    /// Tells an index what is known of the pages of its site.
    pub fn tell(&self, site: &Site, index: Index) -> Index {
        let state = |page: &Page| self.find(site, page).map(str::to_owned);
        let known = site.pages.iter().map(|page| (page.parsed.file.path(), state(page)));
        let known: BTreeMap<&str, Option<String>> = known.collect();
        let of_path = |path: &String| known.get(path.as_str()).cloned().flatten().unwrap_or_default();
        let states = index.paths().iter().map(of_path).collect();
        index.with_states(states)
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
