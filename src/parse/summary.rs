//! The first paragraph of a page, for its description.
//!
//! In: the events of a body, in order. Out: the text of the first paragraph of prose that stands in no list,
//! quote or table. Not here: how much of it is shown (`model`).

use pulldown_cmark::{Event, Tag, TagEnd};

/// The first paragraph with a letter or digit in it, as it is being read; images count for nothing.
#[derive(Debug, Default)]
pub struct Introduction {
    text: String,
    depth: usize,
    hidden: usize,
    is_open: bool,
    is_found: bool,
}

impl Introduction {
    /// Takes the next event of the body.
    pub fn read(&mut self, event: &Event<'_>) {
        if self.is_found {
            return;
        }
        match event {
            Event::Start(Tag::Paragraph) if self.depth == 0 => self.is_open = true,
            Event::End(TagEnd::Paragraph) if self.is_open && self.hidden == 0 => {
                self.is_open = false;
                self.is_found = self.text.chars().any(char::is_alphanumeric);
                if !self.is_found {
                    self.text.clear();
                }
            }
            Event::Start(Tag::Image { .. }) => self.hidden += 1,
            Event::End(TagEnd::Image) => self.hidden = self.hidden.saturating_sub(1),
            Event::Start(tag) if !self.is_open && is_block(tag) => self.depth += 1,
            Event::End(tag) if !self.is_open && is_block_end(*tag) => {
                self.depth = self.depth.saturating_sub(1);
            }
            Event::Text(words) | Event::Code(words) if self.is_open && self.hidden == 0 => {
                self.text.push_str(words);
            }
            Event::SoftBreak | Event::HardBreak if self.is_open => self.text.push(' '),
            _ => {}
        }
    }

    /// The text of the paragraph; empty if there is none.
    pub fn finish(self) -> String {
        if self.is_found { self.text } else { String::new() }
    }
}

fn is_block(tag: &Tag<'_>) -> bool {
    is_block_end(tag.to_end())
}

/// Blocks whose paragraphs are no introduction.
fn is_block_end(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::Table
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListDefinition
            | TagEnd::HtmlBlock
    )
}
