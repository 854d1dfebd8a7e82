//! The steps of a runbook among the events of its page.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{Closer, Writer};
use crate::render::html::steps::{AFTER_WORDS, BEFORE_WORDS};
use crate::source::Span;

impl Writer<'_> {
    /// Whether a list here stands in another one, or in a quote.
    pub(super) fn is_nested(&self) -> bool {
        !self.outer.is_empty()
            || self.open.iter().any(|open| matches!(open, Closer::List(_) | Closer::Footnote(_)))
    }

    /// The start of a step with its first words; gives the event behind what was written.
    pub(super) fn step(&mut self, events: &[(Event<'_>, Span)], at: usize) -> Option<usize> {
        let depth = self.open.iter().filter(|open| matches!(open, Closer::List(_))).count();
        if !self.steps.is_step(depth) {
            return None;
        }
        let used = &mut self.used_ids;
        let open = self.steps.open(|id| used.insert(id.to_owned()));
        self.out.push_str(&open);
        self.open.push(Closer::Text("</li>\n".into()));
        let is_marker = |at: usize| matches!(events.get(at), Some((Event::TaskListMarker(_), _)));
        let mut next = at + 1;
        let in_paragraph = matches!(events.get(next), Some((Event::Start(Tag::Paragraph), _)));
        next += usize::from(in_paragraph);
        next += usize::from(is_marker(next));
        // Words that hold a control of their own cannot be the label of another.
        let is_words = |event: &Event<'_>| {
            !matches!(event, Event::Html(_) | Event::InlineHtml(_) | Event::DisplayMath(_))
                && !matches!(event, Event::Start(tag) if !is_inline_tag(tag))
                && !matches!(event, Event::End(tag) if !is_inline_end(*tag))
        };
        let words = events[next..].iter().take_while(|(event, _)| is_words(event)).count();
        if words == 0 {
            self.inline_piece(BEFORE_WORDS.replace("<span>", "<span class=\"vh\">Done") + AFTER_WORDS);
            if in_paragraph {
                self.out.push_str("<p>");
                self.close_with("</p>\n");
            }
            return Some(next);
        }
        self.inline_piece(BEFORE_WORDS.to_owned());
        let end = next + words;
        while next < end {
            next = self.event(events, next);
        }
        self.inline_piece(AFTER_WORDS.to_owned());
        match events.get(next) {
            Some((Event::End(TagEnd::Paragraph), _)) if in_paragraph => Some(next + 1),
            _ if in_paragraph => {
                self.out.push_str("<p>");
                self.close_with("</p>\n");
                Some(next)
            }
            _ => Some(next),
        }
    }
}

fn is_inline_tag(tag: &Tag<'_>) -> bool {
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

fn is_inline_end(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
    )
}
