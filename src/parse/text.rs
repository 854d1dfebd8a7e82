//! The words of a page, by section, for search.
//!
//! In: a parsed page. Out: its prose and code under each heading. Not here: tokens (`search`).

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::markdown::Body;
use super::raw_html::{self, Found};
use super::{ParsedPage, allowed};

/// The text under one heading (or before the first).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextSection {
    /// Index into the page's headings; `None` before the first.
    pub heading: Option<usize>,
    /// Prose and code, marks removed, blocks separated by `\n`.
    pub text: String,
}

/// The words of a page by section, headings themselves left out. Raw HTML gives its text only, and
/// template tags nothing.
pub fn sections(page: &ParsedPage) -> Vec<TextSection> {
    let body = Body::new(&page.file, page.body);
    let mut sections = vec![TextSection { heading: None, text: String::new() }];
    let mut heading = None;
    let mut in_heading = false;
    let mut html = String::new();
    for (event, span) in body.events() {
        let Some(section) = sections.last_mut() else { break };
        match event {
            Event::Start(Tag::Heading { .. }) => {
                in_heading = true;
                let next = heading.map_or(0, |last: usize| last + 1);
                heading = Some(next);
                sections.push(TextSection { heading, text: String::new() });
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Html(part) => html.push_str(&part),
            Event::InlineHtml(ref tag) if tag.starts_with("<br") => section.text.push(' '),
            Event::End(TagEnd::HtmlBlock) => {
                for found in raw_html::read(&std::mem::take(&mut html)) {
                    if let Found::Text(text) = found {
                        section.text.push_str(&text);
                        section.text.push(' ');
                    }
                }
                end_block(&mut section.text);
            }
            _ if in_heading => {}
            Event::InlineHtml(tag) if is_placeholder(&tag) => section.text.push_str(&tag),
            Event::Text(_) if is_template_tag(&body, span.range()) => {}
            // What follows a dropped tag starts the block.
            Event::Text(text) if section.text.is_empty() || section.text.ends_with('\n') => {
                section.text.push_str(text.trim_start_matches(' '));
            }
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                section.text.push_str(&text);
            }
            Event::SoftBreak | Event::HardBreak => section.text.push(' '),
            // A list or code under the text of a tight item: nothing ends before it.
            Event::Start(ref start) if !is_inline(start.to_end()) => end_block(&mut section.text),
            Event::End(end) if !is_inline(end) => end_block(&mut section.text),
            _ => {}
        }
    }
    for section in &mut sections {
        section.text.truncate(section.text.trim_end().len());
    }
    sections.retain(|section| section.heading.is_some() || !section.text.is_empty());
    sections
}

fn is_template_tag(body: &Body<'_>, range: Range<usize>) -> bool {
    let next = body.template_tags.partition_point(|tag| tag.range.end <= range.start);
    body.template_tags.get(next).is_some_and(|tag| tag.is_code && tag.range.start <= range.start)
}

/// `<hostname>`: a name in angle brackets, which is shown as text.
fn is_placeholder(tag: &str) -> bool {
    raw_html::read(tag).iter().any(|found| match found {
        Found::Element { name, .. } => {
            let lists = [allowed::TAGS, allowed::DROPPED, allowed::UNWRAPPED];
            !lists.iter().any(|list| list.contains(&name.as_str()))
        }
        _ => false,
    })
}

fn end_block(text: &mut String) {
    text.truncate(text.trim_end().len());
    if !text.is_empty() {
        text.push('\n');
    }
}

fn is_inline(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
    )
}
