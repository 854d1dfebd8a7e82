//! One walk over a body's events that fills a [`ParsedPage`].
//!
//! In: the page with its front matter. Out: the page with headings, links, anchors, code and words;
//! or none, if it is nested too deeply or would grow too large. Not here: what is merely untidy
//! (`lint`).

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag, TagEnd};

use super::anchors::{HeadingName, name_headings};
use super::events::Events;
use super::lint::Lint;
use super::markdown::{Body, MarkKind};
use super::mask::PatchKind;
use super::quiz::Practice;
use super::raw_html::{self, Found};
use super::run::Run;
use super::summary::Introduction;
use super::{CodeBlock, Heading, Link, LinkForm, ParsedPage, allowed, destination};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::markdown as rules;
use crate::source::{Span, Spanned};

/// How deep quotes, lists and emphasis may stand in each other.
pub const MAX_DEPTH: usize = 64;

/// How many references and footnotes a page may have.
const MAX_REFERENCES: usize = 10_000;

/// How many headings a page may have.
const MAX_HEADINGS: usize = 10_000;

/// The parser stops to follow references, without a word, when their destinations have grown to the
/// size of the page or to this, whatever is more; a little before that the page is refused.
const MAX_GROWTH: usize = 100_000;

/// Fills `page` from its body.
pub(super) fn collect(page: ParsedPage, config: &Config) -> (Option<ParsedPage>, Vec<Diagnostic>) {
    let file = page.file.clone();
    let body = Body::new(&file, page.body);
    let mut collector = Collector::new(page, &body, config);
    let mut events = body.events();
    while let Some((event, span)) = events.next() {
        if let Err(finding) = collector.read(event, span, &events) {
            return (None, vec![*finding]);
        }
    }
    collector.finish(config)
}

/// A link that has started and not ended.
struct OpenLink {
    index: usize,
    /// Where its text ends, as far as is known.
    text_end: usize,
    is_inline: bool,
    is_image: bool,
}

struct Collector<'b> {
    page: ParsedPage,
    body: &'b Body<'b>,
    names: Vec<HeadingName>,
    /// What the heading that is being read is made of: its first and last byte, the texts of its images.
    heading: Option<(Range<usize>, String)>,
    open: Vec<OpenLink>,
    html_link: Option<usize>,
    html: Option<Run>,
    in_code: bool,
    keeps_code: bool,
    depth: usize,
    open_html: OpenHtml,
    references: usize,
    grown: usize,
    lint: Lint<'b>,
    practice: Practice,
    introduction: Introduction,
}

impl<'b> Collector<'b> {
    fn new(page: ParsedPage, body: &'b Body<'_>, config: &'b Config) -> Self {
        let lint = Lint::new(page.file.clone(), body, config);
        let keeps_code = ["reviewed_commit", "freshness"].iter().any(|key| page.front.field(key).is_some());
        Self {
            page,
            body,
            names: Vec::new(),
            heading: None,
            open: Vec::new(),
            html_link: None,
            html: None,
            in_code: false,
            keeps_code,
            depth: 0,
            open_html: OpenHtml::default(),
            references: 0,
            grown: 0,
            lint,
            practice: Practice::default(),
            introduction: Introduction::default(),
        }
    }

    fn read(&mut self, event: Event<'_>, span: Span, events: &Events<'_>) -> Result<(), Box<Diagnostic>> {
        self.lint.read(&event, span);
        self.practice.read(&event, span, self.body.source);
        self.introduction.read(&event);
        self.note_extent(&event, span.range());
        if let Event::Code(code) = &event
            && self.keeps_code
        {
            self.page.inline_code.push(Spanned { value: code.to_string(), span });
        }
        match event {
            Event::Start(tag) => self.start(tag, span, events)?,
            Event::End(end) => self.end(end)?,
            Event::Text(text) => self.text(&text, span.range()),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text(&text, span.range());
            }
            Event::SoftBreak | Event::HardBreak => self.text(" ", span.range()),
            Event::Html(_) => {
                let html = self.body.text.get(span.range()).unwrap_or_default();
                self.html.get_or_insert_default().push(html, span.range(), true);
            }
            Event::InlineHtml(_) => {
                let html = self.body.text.get(span.range()).unwrap_or_default();
                let mut run = Run::default();
                run.push(html, span.range(), true);
                self.read_html(&run, self.depth + 1)?;
            }
            Event::FootnoteReference(_) => self.count_reference(span, 0)?,
            Event::Rule | Event::TaskListMarker(_) => {}
        }
        Ok(())
    }

    /// Widens what is known of the heading and the links that are being read.
    fn note_extent(&mut self, event: &Event<'_>, range: Range<usize>) {
        if matches!(event, Event::End(_)) {
            return;
        }
        if let Some((extent, _)) = &mut self.heading {
            extent.start = extent.start.min(range.start);
            extent.end = extent.end.max(range.end);
        }
        for link in self.open.iter_mut().rev().take(2) {
            link.text_end = link.text_end.max(range.end);
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: Span, events: &Events<'_>) -> Result<(), Box<Diagnostic>> {
        if is_nesting(tag.to_end()) {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                let message = format!("more than {MAX_DEPTH} quotes, lists or emphasis stand in each other");
                return Err(Box::new(self.give_up(&rules::TOO_DEEP, message, span)));
            }
        }
        match tag {
            Tag::Heading { level, id, .. } => {
                if self.page.headings.len() == MAX_HEADINGS {
                    let message = format!("the page has more than {MAX_HEADINGS} headings");
                    return Err(Box::new(self.give_up(&rules::OUTPUT_TOO_LARGE, message, span)));
                }
                self.page.headings.push(Heading {
                    level: level as u8,
                    text: String::new(),
                    id: String::new(),
                    other_ids: Vec::new(),
                    span,
                    no_toc: false,
                });
                let by_hand = id.map(|id| id.to_string());
                self.names.push(HeadingName { by_hand, ..HeadingName::default() });
                self.heading = Some((span.range().end..span.range().start, String::new()));
            }
            Tag::CodeBlock(kind) => {
                self.in_code = true;
                let (info, fenced) = match kind {
                    CodeBlockKind::Fenced(info) => (info.to_string(), true),
                    CodeBlockKind::Indented => (String::new(), false),
                };
                let info_span = self.info_span(span, &info, fenced);
                self.page.code.push(CodeBlock {
                    info: Spanned { value: info, span: info_span },
                    span,
                    fenced,
                });
            }
            link @ (Tag::Link { .. } | Tag::Image { .. }) => {
                self.start_link(link, span, events)?;
            }
            Tag::FootnoteDefinition(_) => self.count_reference(span, 0)?,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, end: TagEnd) -> Result<(), Box<Diagnostic>> {
        if is_nesting(end) {
            self.depth = self.depth.saturating_sub(1);
        }
        if !matches!(end, TagEnd::HtmlBlock) && !is_inline(end) {
            self.open_html.leave(self.depth);
        }
        match end {
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::CodeBlock => self.in_code = false,
            TagEnd::HtmlBlock => {
                if let Some(html) = self.html.take() {
                    self.read_html(&html, self.depth)?;
                }
            }
            TagEnd::Link | TagEnd::Image => {
                let Some(open) = self.open.pop() else { return Ok(()) };
                let link = &mut self.page.links[open.index];
                if open.is_inline {
                    let place = destination::inline(&self.body.text, link.span.range(), open.text_end);
                    link.target_span = place.into();
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn start_link(&mut self, tag: Tag<'_>, span: Span, events: &Events<'_>) -> Result<(), Box<Diagnostic>> {
        let is_image = matches!(tag, Tag::Image { .. });
        let (Tag::Link { link_type: kind, dest_url, title, id }
        | Tag::Image { link_type: kind, dest_url, title, id }) = tag
        else {
            return Ok(());
        };
        let range = span.range();
        let mut form = LinkForm::Inline;
        let mut target_span = span;
        let mut target = dest_url.to_string();
        match kind {
            LinkType::Inline => {}
            LinkType::Autolink | LinkType::Email => {
                form = LinkForm::Autolink;
                if self.body.source[range.clone()].starts_with('<') {
                    target_span = Span::new(range.start + 1, range.end - 1);
                }
                if kind == LinkType::Email && !target.starts_with("mailto:") {
                    target.insert_str(0, "mailto:");
                }
            }
            LinkType::WikiLink { .. } => {
                form = LinkForm::Wiki;
                let start = range.start + if is_image { 3 } else { 2 };
                target_span = Span::new(start, (start + target.len()).min(range.end));
            }
            _ => {
                form = LinkForm::Reference;
                if let Some(definition) = events.definition(&id) {
                    target_span = destination::definition(&self.body.text, definition).into();
                }
                self.count_reference(span, target.len() + title.len())?;
            }
        }
        if is_image {
            form = LinkForm::Image;
        }
        let start = range.start + usize::from(is_image) + 1;
        let is_inline = kind == LinkType::Inline;
        self.open.push(OpenLink { index: self.page.links.len(), text_end: start, is_inline, is_image });
        self.push_link(form, target, span, target_span);
        Ok(())
    }

    fn push_link(&mut self, form: LinkForm, target: String, span: Span, target_span: Span) {
        let under = self.page.headings.len().checked_sub(1);
        self.page.links.push(Link { form, target, span, target_span, text: String::new(), under });
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        if self.in_code {
            return;
        }
        self.page.words += text.split_whitespace().count() as u32;
        for open in &self.open {
            self.page.links[open.index].text.push_str(text);
        }
        if let Some(index) = self.html_link {
            self.page.links[index].text.push_str(text);
        }
        let in_image = self.open.iter().any(|open| open.is_image);
        let (Some((_, alternatives)), Some(heading), Some(name)) =
            (&mut self.heading, self.page.headings.last_mut(), self.names.last_mut())
        else {
            return;
        };
        if in_image {
            alternatives.push_str(text);
            return;
        }
        heading.text.push_str(text);
        // An emoji that was written as a short code counts as its letters in ids.
        let written = self.body.source.get(range).unwrap_or_default();
        let is_code =
            !text.is_ascii() && written.len() > 2 && written.starts_with(':') && written.ends_with(':');
        name.text.push_str(if is_code { written } else { text });
    }

    fn end_heading(&mut self) {
        let (Some((extent, alternatives)), Some(heading), Some(name)) =
            (self.heading.take(), self.page.headings.last_mut(), self.names.last_mut())
        else {
            return;
        };
        heading.text = heading.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if heading.text.is_empty() {
            alternatives.trim().clone_into(&mut heading.text);
        }
        if extent.start < extent.end {
            let mut at = extent.start;
            for patch in self.body.patches_in(extent.clone()) {
                if patch.kind == PatchKind::Dropped {
                    name.source.push_str(&self.body.source[at..patch.start.max(at)]);
                    at = patch.end.min(extent.end).max(at);
                }
            }
            name.source.push_str(&self.body.source[at..extent.end]);
        }
    }

    fn read_html(&mut self, run: &Run, depth: usize) -> Result<(), Box<Diagnostic>> {
        self.page.has_raw_html = true;
        for found in raw_html::read(&run.text) {
            self.lint.read_html(&found, run);
            match found {
                Found::LinkStart { tag, target, span } => {
                    self.html_link = Some(self.page.links.len());
                    self.push_html_link(LinkForm::Html, target, run.source_of(tag), run.source_of(span));
                }
                Found::LinkEnd(tag) => {
                    if let Some(index) = self.html_link.take() {
                        let link = &mut self.page.links[index];
                        link.span = Span::new(link.span.start as usize, run.source_of(tag).end);
                    }
                }
                Found::Source { tag, target, span, alt, .. } => {
                    self.push_html_link(LinkForm::HtmlImage, target, run.source_of(tag), run.source_of(span));
                    if let (Some(alt), Some(link)) = (alt, self.page.links.last_mut()) {
                        link.text = alt;
                    }
                }
                Found::Anchor(id, span) => {
                    self.page.anchors.push(Spanned { value: id, span: run.source_of(span).into() });
                }
                Found::Text(text) => {
                    self.page.words += text.split_whitespace().count() as u32;
                    if let Some(index) = self.html_link {
                        self.page.links[index].text.push_str(&text);
                    }
                }
                Found::Element { name, tag, .. } => {
                    if self.open_html.start(name, depth) > MAX_DEPTH {
                        let message =
                            format!("more than {MAX_DEPTH} elements of raw HTML stand in each other");
                        return Err(Box::new(self.give_up(
                            &rules::TOO_DEEP,
                            message,
                            run.source_of(tag).into(),
                        )));
                    }
                }
                Found::ElementEnd(name) => self.open_html.end(&name),
            }
        }
        Ok(())
    }

    fn push_html_link(&mut self, form: LinkForm, target: String, span: Range<usize>, place: Range<usize>) {
        let is_masked = !self.body.patches_in(place.clone()).is_empty();
        let target = if is_masked { self.body.source[place.clone()].to_owned() } else { target };
        self.push_link(form, target, span.into(), place.into());
    }

    /// The words after a fence.
    fn info_span(&self, block: Span, info: &str, fenced: bool) -> Span {
        let start = block.range().start;
        let line = self.body.source[block.range()].lines().next().unwrap_or_default();
        let ticks = line.len() - line.trim_start_matches(['`', '~']).len();
        let rest = &line[ticks..];
        if !fenced || info.is_empty() {
            return Span::new(start + ticks, start + ticks);
        }
        let from = start + ticks + (rest.len() - rest.trim_start().len());
        Span::new(from, start + line.trim_end().len())
    }

    fn count_reference(&mut self, span: Span, bytes: usize) -> Result<(), Box<Diagnostic>> {
        self.references += 1;
        self.grown += bytes;
        let limit = self.body.text.len().max(MAX_GROWTH) - 4096;
        if self.references <= MAX_REFERENCES && self.grown <= limit {
            return Ok(());
        }
        let message =
            format!("the page has {} references and footnotes up to here, too many", self.references);
        Err(Box::new(self.give_up(&rules::OUTPUT_TOO_LARGE, message, span)))
    }

    fn give_up(&self, rule: &'static crate::diagnostic::Rule, message: String, span: Span) -> Diagnostic {
        let first =
            self.body.source[span.range()].find('\n').map_or(span.range().end, |n| span.range().start + n);
        let place = Span::new(span.range().start, first.min(span.range().start + 80));
        Diagnostic::new(rule, message)
            .at(&self.page.file, place, "from here on")
            .help("split the page or take out what a program put in")
    }

    fn finish(mut self, config: &Config) -> (Option<ParsedPage>, Vec<Diagnostic>) {
        self.apply_marks();
        self.page.links.sort_by_key(|link| link.span.start);
        for (name, heading) in self.names.iter().zip(&self.page.headings) {
            if let Some(id) = &name.by_hand {
                self.lint.id_by_hand(id, heading.span);
            }
        }
        for anchor in &self.page.anchors {
            self.lint.id_by_hand(&anchor.value, anchor.span);
        }
        name_headings(&mut self.page.headings, &self.names, config.heading_ids);
        let taken: BTreeSet<&str> = self.page.anchors.iter().map(|anchor| anchor.value.as_str()).collect();
        for heading in &mut self.page.headings {
            heading.other_ids.retain(|id| !taken.contains(id.as_str()));
        }
        self.page.first_paragraph = self.introduction.finish();
        (self.page.tasks, self.page.quizzes) = (self.practice.tasks, self.practice.quizzes);
        let findings = self.lint.finish(&self.page);
        (Some(self.page), findings)
    }

    /// Gives headings what their attribute lists say; the ids of other lists are anchors.
    fn apply_marks(&mut self) {
        let source = self.body.source;
        for mark in &self.body.marks {
            let MarkKind::Attributes { id, classes } = &mark.kind else { continue };
            let place = mark.span.range();
            let next = self.page.headings.partition_point(|heading| heading.span.start <= mark.span.start);
            let is_joined = |from: usize, to: usize| {
                source
                    .get(from..to)
                    .is_some_and(|gap| gap.trim().is_empty() && gap.matches('\n').count() <= 1)
            };
            let before = next.checked_sub(1).filter(|last| {
                let end = self.page.headings[*last].span.range().end;
                let end = if source[..end].ends_with('\n') { end - 1 } else { end };
                place.start < end || is_joined(end, place.start)
            });
            let after = self.page.headings.get(next).filter(|heading| {
                let line_start = source[..place.start].trim_end_matches([' ', '\t']);
                is_joined(place.end, heading.span.range().start)
                    && (line_start.ends_with("\n\n") || line_start.len() == self.page.body.range().start)
            });
            if let Some(index) = before.or(after.map(|_| next)) {
                let (heading, name) = (&mut self.page.headings[index], &mut self.names[index]);
                heading.no_toc |= classes.iter().any(|class| class == "no_toc");
                name.by_hand = id.clone().or(name.by_hand.take());
            } else {
                let anchor = id.clone().map(|value| Spanned { value, span: mark.span });
                self.page.anchors.extend(anchor);
            }
        }
        self.page.anchors.sort_by_key(|anchor| anchor.span);
    }
}

/// The elements of raw HTML that are open.
#[derive(Default)]
struct OpenHtml {
    /// Their names, and how deep in Markdown they started.
    open: Vec<(String, usize)>,
}

impl OpenHtml {
    /// Opens an element; gives how many are open then.
    fn start(&mut self, name: String, depth: usize) -> usize {
        if allowed::tag_nests(&name) {
            if name == "a" {
                self.open.retain(|(open, _)| open != "a");
            }
            self.open.push((name, depth));
        }
        self.open.len()
    }

    /// Closes the innermost element of that name, and what stands in it.
    fn end(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|(open, _)| open == name) else { return };
        let inner = self.open.split_off(at);
        // The end of `</b>` leaves open what stands in it; that of `</div>` only what is opened again.
        let is_kept = |open: &str| allowed::tag_is_reopened(name) || allowed::tag_is_reopened(open);
        self.open.extend(inner.into_iter().skip(1).filter(|(open, _)| is_kept(open)));
    }

    /// Closes what started deeper in Markdown.
    fn leave(&mut self, depth: usize) {
        self.open.retain(|(open, started)| *started <= depth || allowed::tag_is_reopened(open));
    }
}

/// Whether what ends stands in a line, so that raw HTML may stay open behind it.
fn is_inline(end: TagEnd) -> bool {
    matches!(end, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
}

/// Whether an element can stand in itself.
fn is_nesting(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::BlockQuote(_)
            | TagEnd::Item
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionListDefinition
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image
    )
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::parse::parse_page;
    use crate::source::{SharedFile, SourceFile};

    #[test]
    fn a_page_of_too_many_headings_or_elements_in_each_other_is_left_out_with_its_place() {
        for (text, expected) in [
            ("# a\n".repeat(10_000), None),
            ("# a\n".repeat(10_001), Some(("output-too-large", 10_001))),
            ("<div>\n\n".repeat(64), None),
            ("<div>\n\n".repeat(65), Some(("too-deep", 129))),
            ("a <b>\n\n".repeat(65), Some(("too-deep", 129))),
            ("<div><b></div>\n\n".repeat(65), Some(("too-deep", 127))),
            ("<div><span></div>\n\n".repeat(65), None),
            ("- <span>a\n".repeat(80), None),
            ("- <div>\n".repeat(80), None),
            ("a <span>b\n\n".repeat(80), None),
            ("<a name=x> <br> <p> <x>\n\n".repeat(80), None),
        ] {
            let file = SharedFile::new(SourceFile::new("a.md", text.as_str()));
            let (page, findings) = parse_page(&file, "a.md", &Config::default());
            let codes = ["output-too-large", "too-deep"];
            let found = findings.iter().find(|finding| codes.contains(&finding.rule.code)).map(|finding| {
                let at = finding.primary.as_ref().unwrap().span.start;
                (finding.rule.code, file.position(at).line)
            });
            assert_eq!((found, page.is_none()), (expected, expected.is_some()), "{text:.40}");
        }
    }
}
