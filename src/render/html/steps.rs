//! The steps of a runbook: its ordered lists, with boxes to tick; the numbers run on across sections.

use crate::model::Page;

/// The steps of one page.
#[derive(Debug, Default)]
pub(super) struct Steps {
    wanted: bool,
    /// Whether the list that is open is one of steps.
    in_list: bool,
    next: u64,
    count: usize,
}

impl Steps {
    /// A runbook has steps unless its front matter says `steps: false`.
    pub(super) fn of(page: &Page) -> Self {
        let refused = page.parsed.front.field("steps").and_then(crate::yaml::Node::text) == Some("false");
        Self { wanted: page.kind == "runbook" && !refused, next: 1, ..Self::default() }
    }

    /// The start of a list of steps; `None` if the list is another one.
    pub(super) fn open_list(&mut self, first: Option<u64>, nested: bool) -> Option<String> {
        let first = first.filter(|_| self.wanted && !nested)?;
        // An author who counts on has counted already.
        self.next = if first == 1 { self.next } else { first };
        self.in_list = true;
        let start = if self.next == 1 { String::new() } else { format!(" start=\"{}\"", self.next) };
        Some(format!("<ol class=\"steps\"{start}>\n"))
    }

    /// Ends what [`Steps::open_list`] began.
    pub(super) fn close_list(&mut self) {
        self.in_list = false;
    }

    /// Whether an item at this depth of lists is a step.
    pub(super) fn is_step(&self, depth: usize) -> bool {
        self.in_list && depth == 1
    }

    /// The start of a step; `take` says whether an id was still free, and takes it.
    pub(super) fn open(&mut self, take: impl FnOnce(&str) -> bool) -> String {
        let id = format!("step-{}", self.next);
        self.next += 1;
        self.count += 1;
        if take(&id) { format!("<li id=\"{id}\">") } else { "<li>".to_owned() }
    }

    /// How many there were.
    pub(super) fn count(&self) -> usize {
        self.count
    }
}

/// What stands before the first words of a step.
pub(super) const BEFORE_WORDS: &str = "<label class=\"tick\"><input type=\"checkbox\"><span>";
/// What stands behind the first words of a step.
pub(super) const AFTER_WORDS: &str = "</span></label>";
