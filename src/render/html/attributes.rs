//! Kramdown's attribute lists: which event each belongs to, and what of it is applied.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Tag};

use crate::parse::markdown::{Body, MarkKind};
use crate::source::Span;

/// What an attribute list asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Attributes {
    /// `#id`.
    pub(super) id: Option<String>,
    /// `.class`, as written.
    pub(super) classes: Vec<String>,
}

/// Classes of the theme's own parts. Content must not dress up as them.
const OWN_CLASSES: &[&str] = &[
    "anchor",
    "brand",
    "btn",
    "chip",
    "cmd",
    "copied",
    "crumbs",
    "dead",
    "dialog",
    "facts",
    "fields",
    "filters",
    "foot",
    "footnotes",
    "hazard",
    "head",
    "heat",
    "hint",
    "hit",
    "hits",
    "jump",
    "keys",
    "main",
    "meta",
    "needs-js",
    "none",
    "opt",
    "page",
    "pager",
    "paper",
    "path",
    "pr",
    "queue",
    "quiz",
    "run",
    "search",
    "seek",
    "set",
    "sev",
    "side",
    "skip",
    "spark",
    "state",
    "steps",
    "tbl",
    "tick",
    "toc",
    "top",
    "trust",
    "vh",
    "why",
    "zoom",
    "zoomed",
];

/// The attributes of each event that has some, by the event's index.
pub(super) fn find_attributes(body: &Body<'_>, events: &[(Event<'_>, Span)]) -> BTreeMap<usize, Attributes> {
    let mut found = BTreeMap::<usize, Attributes>::new();
    if !body.marks.iter().any(|mark| matches!(mark.kind, MarkKind::Attributes { .. })) {
        return found;
    }
    // What starts at each place where something ends, outermost first.
    let mut ends = BTreeMap::<usize, Vec<usize>>::new();
    for (index, (event, span)) in events.iter().enumerate() {
        if let Event::Start(_) | Event::Code(_) = event {
            let text = body.text.get(span.range()).unwrap_or_default().trim_end();
            ends.entry(span.start as usize + text.len()).or_default().push(index);
        }
    }
    let mut gap = Gap::default();
    for mark in &body.marks {
        let MarkKind::Attributes { id, classes } = &mark.kind else { continue };
        let start = mark.span.start as usize;
        gap.move_to(start, &body.text);
        let (end, own_line) = (gap.start, gap.has_newline);
        let at_once = end == start;
        let fits = |index: &&usize| match &events[**index].0 {
            Event::Start(tag) if is_inline(tag) => at_once,
            Event::Code(_) => at_once,
            // On the line of a heading or item the list belongs to that block.
            Event::Start(Tag::Heading { .. } | Tag::Item) => true,
            Event::Start(_) => own_line,
            _ => false,
        };
        let Some(index) = ends.get(&end).and_then(|ending| ending.iter().find(fits)) else { continue };
        let attributes = found.entry(*index).or_default();
        attributes.id = id.clone().or_else(|| attributes.id.take());
        attributes.classes.extend(classes.iter().cloned());
    }
    found
}

/// The blanks before a place of the text. Marks are blank themselves, so that what is known of the
/// mark before is kept: thousands of them in a row are read once.
#[derive(Debug, Default)]
struct Gap {
    /// Where the blanks begin.
    start: usize,
    /// The place that they end at.
    end: usize,
    has_newline: bool,
}

impl Gap {
    fn move_to(&mut self, place: usize, text: &str) {
        if place < self.end {
            *self = Self::default();
        }
        let between = text.get(self.end..place).unwrap_or_default();
        let kept = between.trim_end().len();
        if kept > 0 {
            *self = Self { start: self.end + kept, ..Self::default() };
        }
        self.has_newline |= between[kept..].contains('\n');
        self.end = place;
    }
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. }
    )
}

/// The alert that classes of old handbooks ask for.
pub(super) fn alert_of<'c>(classes: impl Iterator<Item = &'c str> + Clone) -> Option<Alert> {
    let kind = classes.clone().find_map(|class| {
        Some(match class {
            "alert-info" | "panel-info" | "bs-callout-info" => Alert::Note,
            "alert-success" | "panel-success" | "bs-callout-success" => Alert::Tip,
            "alert-warning" | "panel-warning" | "bs-callout-warning" => Alert::Warning,
            "alert-danger" | "alert-error" | "panel-danger" | "bs-callout-danger" => Alert::Caution,
            _ => return None,
        })
    });
    kind.or_else(|| {
        classes.clone().any(|class| class == "alert" || class.starts_with("alert-")).then_some(Alert::Note)
    })
    .or_else(|| {
        let mut classes = classes;
        let alone = classes.next()?;
        if classes.next().is_some() {
            return None;
        }
        Some(match alone {
            "note" => Alert::Note,
            "tip" => Alert::Tip,
            "important" => Alert::Important,
            "warning" => Alert::Warning,
            "caution" | "danger" => Alert::Caution,
            _ => return None,
        })
    })
}

/// The classes of the alert that classes of old handbooks ask for.
pub(crate) fn alert_class<'c>(classes: impl Iterator<Item = &'c str> + Clone) -> Option<&'static str> {
    Some(match alert_of(classes)? {
        Alert::Note => "alert note",
        Alert::Tip => "alert tip",
        Alert::Important => "alert important",
        Alert::Warning => "alert warning",
        Alert::Caution => "alert caution",
    })
}

/// Classes that content may keep: plain words that are none of the theme's own.
pub(crate) fn harmless_classes<'c>(classes: impl Iterator<Item = &'c str>) -> Vec<&'c str> {
    classes
        .filter(|class| {
            class.len() > 1
                && class.len() <= 64
                && class.starts_with(|c: char| c.is_ascii_alphabetic())
                && class.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
                && OWN_CLASSES.binary_search(class).is_err()
                && !matches!(*class, "alert" | "no_toc" | "no-toc")
        })
        .collect()
}

/// The five alerts of GitHub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alert {
    /// Something to know.
    Note,
    /// A shorter way.
    Tip,
    /// Without it the rest does not work.
    Important,
    /// May hurt.
    Warning,
    /// Will hurt.
    Caution,
}

impl Alert {
    /// Class, icon and word.
    pub(super) fn parts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Note => ("note", "note", "Note"),
            Self::Tip => ("tip", "tip", "Tip"),
            Self::Important => ("important", "important", "Important"),
            Self::Warning => ("warning", "warn", "Warning"),
            Self::Caution => ("caution", "broken", "Caution"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_old_handbooks_are_alerts() {
        let alert = |classes: &str| alert_of(classes.split(' '));
        assert_eq!(alert("alert alert-info"), Some(Alert::Note));
        assert_eq!(alert("panel panel-danger"), Some(Alert::Caution));
        assert_eq!(alert("alert alert-purple center"), Some(Alert::Note));
        assert_eq!(alert("warning"), Some(Alert::Warning));
        assert_eq!(alert("note big"), None);
        assert_eq!(alert("alerts"), None);
    }

    #[test]
    fn the_blanks_before_a_place_are_the_same_in_one_step_or_many() {
        let text = "a  \n b   \n\n  c";
        let mut step_by_step = Gap::default();
        for place in 0..=text.len() {
            step_by_step.move_to(place, text);
            let mut at_once = Gap::default();
            at_once.move_to(place, text);
            let start = text[..place].trim_end().len();
            let expected = (start, text[start..place].contains('\n'));
            assert_eq!((at_once.start, at_once.has_newline), expected, "{place}");
            assert_eq!((step_by_step.start, step_by_step.has_newline), expected, "{place}");
        }
    }

    #[test]
    fn content_cannot_take_the_classes_of_the_theme() {
        assert!(OWN_CLASSES.is_sorted());
        let kept = harmless_classes("toc text-center needs-js x 1a a\"b alert wide".split(' '));
        assert_eq!(kept, ["text-center", "wide"]);
    }
}
