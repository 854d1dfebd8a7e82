//! Writes the HTML of one page's events.
//!
//! Each start pushes what its end has to write; the ends then need no case of their own. With raw
//! HTML on the page, trusted pieces go to slots and the whole is cleaned at the end.

mod images;
mod step;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, Event, LinkType, Tag};

use super::attributes::{Alert, Attributes, alert_of, find_attributes, harmless_classes};
use super::footnotes::Footnotes;
use super::links::{Href, Links};
use super::steps::Steps;
use super::tables::Table;
use super::{BodyHtml, escape};
use crate::model::{Page, PageId, Site};
use crate::parse::anchors::published_id;
use crate::parse::markdown::{Body, MarkKind};
use crate::parse::{languages, math};
use crate::render::clean::{Fragment, RawUrl, Slots, clean_fragment, clean_page};
use crate::render::code::{self, Fields};
use crate::source::Span;

/// What the end of an element writes.
#[derive(Debug)]
enum Closer {
    Text(Cow<'static, str>),
    List(&'static str),
    Cell(&'static str, String),
    TableHead,
    Table,
    Footnote(String),
}

/// Writes one page.
pub(super) struct Writer<'a> {
    site: &'a Site,
    page: &'a Page,
    body: &'a Body<'a>,
    links: Links<'a>,
    out: String,
    /// Output that waits while a footnote is written.
    outer: Vec<String>,
    open: Vec<Closer>,
    tables: Vec<Table>,
    /// How many tables of the page have these header cells.
    table_names: BTreeMap<String, usize>,
    footnotes: Footnotes,
    /// Set if what authors wrote must be cleaned.
    slots: Option<Slots>,
    used_ids: BTreeSet<String>,
    attributes: BTreeMap<usize, Attributes>,
    title: Option<usize>,
    shift: u8,
    /// Levels of the headings that the current one stands under, and its own.
    outline: Vec<u8>,
    /// Where a table of contents is asked for and not yet written.
    contents_at: Option<u32>,
    /// What the commands of the page want filled in.
    fields: Fields,
    steps: Steps,
}

impl<'a> Writer<'a> {
    /// A writer for the page `id`, whose HTML will stand at the address `from`.
    pub(super) fn new(site: &'a Site, id: PageId, from: &'a str, body: &'a Body<'a>) -> Self {
        let page = &site.pages[id];
        let headings = page.parsed.headings.iter();
        let used_ids = headings.flat_map(|heading| std::iter::once(&heading.id).chain(&heading.other_ids));
        let toc = body.marks.iter().find(|mark| mark.kind == MarkKind::Toc);
        Self {
            site,
            page,
            body,
            links: Links::new(site, id, from),
            out: String::with_capacity(body.text.len() * 2),
            outer: Vec::new(),
            open: Vec::new(),
            tables: Vec::new(),
            table_names: BTreeMap::new(),
            footnotes: Footnotes::default(),
            slots: None,
            used_ids: used_ids.cloned().collect(),
            attributes: BTreeMap::new(),
            title: super::title_heading(page),
            shift: super::heading_shift(page),
            outline: Vec::new(),
            contents_at: toc.map(|mark| mark.span.start),
            fields: Fields::default(),
            steps: Steps::of(page),
        }
    }

    /// Writes the events.
    pub(super) fn write(mut self, events: &[(Event<'_>, Span)]) -> BodyHtml {
        self.attributes = find_attributes(self.body, events);
        self.fields = super::fields::fields(self.page, events);
        let has_raw = events.iter().any(|(event, _)| matches!(event, Event::Html(_) | Event::InlineHtml(_)));
        if has_raw && !self.site.config.unsafe_html {
            self.slots = Some(Slots::new(&self.body.text));
        }
        let mut at = 0;
        while at < events.len() {
            at = self.event(events, at);
        }
        self.write_contents(u32::MAX);
        let notes = self.footnotes.section();
        self.out.push_str(&notes);
        let html = match &self.slots {
            Some(slots) => slots.fill(&clean_page(&self.out)),
            None => self.out,
        };
        BodyHtml {
            html,
            title_left_out: self.title.is_some(),
            fields: self.fields.all,
            steps: self.steps.count(),
        }
    }

    /// Writes the event at `at`; gives the index of the next one to write.
    fn event(&mut self, events: &[(Event<'_>, Span)], at: usize) -> usize {
        let (event, span) = &events[at];
        match event {
            Event::Start(tag) => return self.start(events, at, tag, *span),
            Event::End(_) => self.end(),
            Event::Text(text) => escape::push_text(&mut self.out, text),
            Event::Code(text) => {
                let attributes = self.attributes_at(at);
                let _ = write!(self.out, "<code{attributes}>");
                escape::push_text(&mut self.out, text);
                self.out.push_str("</code>");
            }
            Event::InlineMath(latex) => self.formula(latex, false),
            Event::DisplayMath(latex) => self.formula(latex, true),
            Event::Html(html) | Event::InlineHtml(html) => {
                self.raw(html, &[(0, span.start)], *span);
            }
            Event::FootnoteReference(label) => {
                let mark = self.footnotes.reference(label);
                self.out.push_str(&mark);
            }
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => {
                self.write_contents(span.start);
                self.out.push_str("<hr>\n");
            }
            Event::TaskListMarker(done) => {
                let (checked, label) = if *done { (" checked", "Done") } else { ("", "To do") };
                self.inline_piece(format!(
                    "<input type=\"checkbox\" disabled{checked} aria-label=\"{label}\"> "
                ));
            }
        }
        at + 1
    }

    fn start(&mut self, events: &[(Event<'_>, Span)], at: usize, tag: &Tag<'_>, span: Span) -> usize {
        match tag {
            Tag::Heading { level, .. } => return self.heading(events, at, *level as u8, span),
            Tag::CodeBlock(kind) => return self.code_block(events, at, kind),
            Tag::HtmlBlock => return self.html_block(events, at),
            Tag::MetadataBlock(_) => return end_of(events, at) + 1,
            Tag::Image { link_type, dest_url, title, .. } => {
                let alt = plain_text(&events[at..=end_of(events, at)]);
                let href = self.links.resolve(span, true, *link_type, dest_url);
                let attributes = self.attributes_at(at);
                let image = self.image(span, &href, &alt, title, &attributes);
                self.out.push_str(&image);
                return end_of(events, at) + 1;
            }
            Tag::Paragraph => {
                self.write_contents(span.start);
                if let Some(next) = self.figure(events, at) {
                    return next;
                }
                self.block(at, "p", "</p>\n");
            }
            Tag::BlockQuote(kind) => {
                self.write_contents(span.start);
                match kind.map(alert_of_kind) {
                    Some(alert) => self.alert(alert, "</div>\n".into()),
                    None => self.block(at, "blockquote", "</blockquote>\n"),
                }
            }
            Tag::List(first) => {
                self.write_contents(span.start);
                let start = first.filter(|first| *first != 1).map(|first| format!(" start=\"{first}\""));
                let attributes = self.attributes_at(at) + start.as_deref().unwrap_or_default();
                let name = if first.is_some() { "ol" } else { "ul" };
                let nested = self.is_nested();
                let counted = first.or_else(|| is_task_item(events, at + 1).then_some(1));
                match self.steps.open_list(counted, nested) {
                    Some(open) => self.out.push_str(&open),
                    None => {
                        let _ = writeln!(self.out, "<{name}{attributes}>");
                    }
                }
                self.open.push(Closer::List(if self.steps.is_step(1) && !nested { "ol" } else { name }));
            }
            Tag::Item => {
                let task = is_task_item(events, at);
                if let Some(next) = self.step(events, at) {
                    return next;
                }
                let attributes = self.attributes_at(at);
                self.out.push_str(if task { "<li class=\"task\"" } else { "<li" });
                self.out.push_str(if task { "" } else { &attributes });
                self.out.push('>');
                self.close_with("</li>\n");
            }
            Tag::Link { link_type, dest_url, title, .. } => {
                let empty = at + 1 == end_of(events, at);
                self.link(at, span, *link_type, dest_url, title);
                if empty {
                    escape::push_text(&mut self.out, dest_url);
                }
            }
            Tag::FootnoteDefinition(label) => {
                self.outer.push(std::mem::take(&mut self.out));
                self.open.push(Closer::Footnote(label.to_string()));
            }
            Tag::DefinitionList => self.block(at, "dl", "</dl>\n"),
            Tag::DefinitionListTitle => self.block(at, "dt", "</dt>\n"),
            Tag::DefinitionListDefinition => self.block(at, "dd", "</dd>\n"),
            Tag::Table(alignments) => {
                self.write_contents(span.start);
                let attributes = self.attributes_at(at);
                self.tables.push(Table::open(&mut self.out, alignments, &attributes));
                self.open.push(Closer::Table);
            }
            Tag::TableHead | Tag::TableRow => {
                let head = matches!(tag, Tag::TableHead);
                if let Some(table) = self.tables.last_mut() {
                    table.open_row(&mut self.out, head);
                }
                self.open.push(if head { Closer::TableHead } else { Closer::Text("</tr>\n".into()) });
            }
            Tag::TableCell => {
                let end = end_of(events, at);
                let text = plain_text(&events[at..=end]);
                if let Some(table) = self.tables.last_mut() {
                    let close = table.open_cell(&mut self.out, end == at + 1);
                    self.open.push(Closer::Cell(close, text));
                } else {
                    self.close_with("");
                }
            }
            Tag::Emphasis => self.block(at, "em", "</em>"),
            Tag::Strong => self.block(at, "strong", "</strong>"),
            Tag::Strikethrough => self.block(at, "del", "</del>"),
            Tag::Superscript => self.block(at, "sup", "</sup>"),
            Tag::Subscript => self.block(at, "sub", "</sub>"),
        }
        at + 1
    }

    fn end(&mut self) {
        match self.open.pop() {
            Some(Closer::Text(text)) => self.out.push_str(&text),
            Some(Closer::List(name)) => {
                if !self.is_nested() {
                    self.steps.close_list();
                }
                let _ = writeln!(self.out, "</{name}>");
            }
            Some(Closer::Cell(close, text)) => {
                self.out.push_str(close);
                if let Some(table) = self.tables.last_mut() {
                    table.close_cell(&text);
                }
            }
            Some(Closer::TableHead) => {
                if let Some(table) = self.tables.last_mut() {
                    table.close_head(&mut self.out, &mut self.table_names);
                }
            }
            Some(Closer::Table) => {
                self.tables.pop();
                self.out.push_str("</tbody>\n</table></div>\n");
            }
            Some(Closer::Footnote(label)) => {
                let note = std::mem::replace(&mut self.out, self.outer.pop().unwrap_or_default());
                self.footnotes.define(&label, note);
            }
            None => {}
        }
    }

    /// Opens an element with the attributes of the event, as an alert if its classes say so.
    fn block(&mut self, at: usize, name: &str, close: &'static str) {
        let classes =
            self.attributes.get(&at).map(|attributes| attributes.classes.clone()).unwrap_or_default();
        if let Some(alert) =
            alert_of(classes.iter().map(String::as_str)).filter(|_| matches!(name, "p" | "blockquote"))
        {
            let is_paragraph = name == "p";
            self.alert(alert, if is_paragraph { "</p>\n</div>\n".into() } else { "</div>\n".into() });
            self.out.push_str(if is_paragraph { "<p>" } else { "" });
            return;
        }
        let attributes = self.attributes_at(at);
        let _ = write!(self.out, "<{name}{attributes}>");
        if matches!(name, "blockquote" | "dl") {
            self.out.push('\n');
        }
        self.close_with(close);
    }

    fn alert(&mut self, alert: Alert, close: Cow<'static, str>) {
        let (class, icon, word) = alert.parts();
        let _ = write!(self.out, "<div class=\"alert {class}\"><p>");
        self.inline_piece(format!("<svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-{icon}\"/></svg>"));
        let _ = writeln!(self.out, "{word}</p>");
        self.open.push(Closer::Text(close));
    }

    fn heading(&mut self, events: &[(Event<'_>, Span)], at: usize, level: u8, span: Span) -> usize {
        self.write_contents(span.start);
        let headings = &self.page.parsed.headings;
        let index = headings.binary_search_by_key(&span.start, |heading| heading.span.start).ok();
        let heading = index.map(|index| &headings[index]);
        let others = heading.map(|heading| heading.other_ids.as_slice()).unwrap_or_default();
        let mut anchors = String::new();
        for id in others {
            let _ = write!(anchors, "<a id=\"{}\"></a>", escape::text(id));
        }
        let id = heading.map(|heading| heading.id.as_str()).unwrap_or_default();
        if index.is_some() && index == self.title {
            if !id.is_empty() {
                anchors.insert_str(0, &format!("<a id=\"{}\"></a>", escape::text(id)));
            }
            self.out.push_str(&anchors);
            return end_of(events, at) + 1;
        }
        let shown = level + self.shift;
        let name = shown.min(6);
        // Authors leave levels out for the look of it; who hears the page gets an outline without gaps.
        self.outline.retain(|above| *above < shown);
        self.outline.push(shown);
        let outlined = self.outline.len() as u8 + 1;
        let mut tag = format!("<h{name}");
        if !id.is_empty() {
            let _ = write!(tag, " id=\"{}\"", escape::text(id));
        }
        if outlined != name {
            let _ = write!(tag, " aria-level=\"{outlined}\"");
        }
        let classes =
            self.attributes.get(&at).map(|attributes| attributes.classes.clone()).unwrap_or_default();
        tag.push_str(&class_attribute(&classes));
        tag.push('>');
        self.out.push_str(&tag);
        self.out.push_str(&anchors);
        let mut close = String::new();
        if !id.is_empty() {
            let text = heading.map(|heading| heading.text.trim()).unwrap_or_default();
            let href = escape::fragment(id);
            close = format!(
                "<a class=\"anchor\" href=\"{}\" aria-label=\"Link to {}\">#</a>",
                escape::text(&href),
                escape::text(if text.is_empty() { "this heading" } else { text })
            );
        }
        let _ = writeln!(close, "</h{name}>");
        self.open.push(Closer::Text(close.into()));
        at + 1
    }

    fn code_block(&mut self, events: &[(Event<'_>, Span)], at: usize, kind: &CodeBlockKind<'_>) -> usize {
        self.write_contents(events[at].1.start);
        let end = end_of(events, at);
        let mut text = String::new();
        for (event, _) in &events[at + 1..end] {
            if let Event::Text(part) = event {
                text.push_str(part);
            }
        }
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.as_ref(),
            CodeBlockKind::Indented => "",
        };
        if languages::language_of(info) == "math"
            && let Ok(mathml) = math::to_mathml(&text, true)
        {
            let formula = self.set_aside(mathml, Slots::inline);
            let _ = writeln!(self.out, "<p>{formula}</p>");
            return end + 1;
        }
        let figure = code::render_block(info, &text, self.site.config.line_numbers, &mut self.fields);
        self.block_piece(figure);
        self.out.push('\n');
        end + 1
    }

    fn html_block(&mut self, events: &[(Event<'_>, Span)], at: usize) -> usize {
        self.write_contents(events[at].1.start);
        let end = end_of(events, at);
        let mut html = String::new();
        // Byte of `html` → byte of the file; in a quote the lines do not follow each other.
        let mut places = Vec::new();
        for (event, span) in &events[at + 1..end] {
            if let Event::Html(part) | Event::Text(part) = event {
                places.push((html.len(), span.start));
                html.push_str(part);
            }
        }
        self.raw(&html, &places, events[at].1);
        end + 1
    }

    /// Writes raw HTML: cleaned, or, where the config trusts it, as it is but for its links.
    fn raw(&mut self, html: &str, places: &[(usize, u32)], span: Span) {
        let in_file = |at: usize| {
            let line = places.partition_point(|(start, _)| *start <= at).saturating_sub(1);
            places.get(line).map_or(span.start, |(start, place)| place + (at - start) as u32)
        };
        let links = &self.links;
        let resolve = |range: Range<usize>| {
            let (_, href) =
                links.resolve_raw(Span { start: in_file(range.start), end: in_file(range.end) })?;
            Some(match href {
                Href::Internal(url) => RawUrl { url: Some(url), ..RawUrl::default() },
                Href::External(url) => RawUrl { external: url.contains("//"), url: Some(url), dead: false },
                Href::Dead(url) => RawUrl { url, dead: true, external: false },
                Href::Unsafe => RawUrl::default(),
            })
        };
        if let Some(slots) = &mut self.slots {
            let cleaned = clean_fragment(&mut Fragment {
                html,
                resolve: &resolve,
                iframe_hosts: &self.site.config.iframe_hosts,
                used_ids: &mut self.used_ids,
                slots,
            });
            self.out.push_str(if cleaned.trim().is_empty() { cleaned.trim_matches('\n') } else { &cleaned });
            return;
        }
        let mut written = 0;
        for (number, (start, place)) in places.iter().enumerate() {
            let end = places.get(number + 1).map_or(html.len(), |(next, _)| *next);
            let line = Span { start: *place, end: place + (end - start) as u32 };
            let mut from = line.start;
            while let Some((target, href)) = links.resolve_raw(Span { start: from, end: line.end }) {
                let in_html =
                    start + (target.start - line.start) as usize..start + (target.end - line.start) as usize;
                from = target.end.max(target.start + 1);
                let (Href::Internal(url), Some(before), Some(_)) =
                    (href, html.get(written..in_html.start), html.get(in_html.clone()))
                else {
                    continue;
                };
                let quote = if before.ends_with(['"', '\'']) { "" } else { "\"" };
                self.out.push_str(before);
                let _ = write!(self.out, "{quote}{}{quote}", escape::text(&url).replace('\'', "&#39;"));
                written = in_html.end;
            }
        }
        self.out.push_str(html.get(written..).unwrap_or_default());
    }

    fn link(&mut self, at: usize, span: Span, kind: LinkType, target: &str, title: &str) {
        let href = self.links.resolve(span, false, kind, target);
        let Some(mut attributes) = href.attributes() else { return self.close_with("") };
        if !title.is_empty() {
            let _ = write!(attributes, " title=\"{}\"", escape::text(title));
        }
        let is_dead = matches!(href, Href::Dead(_));
        if !is_dead {
            attributes.push_str(&self.attributes_at(at));
        }
        let _ = write!(self.out, "<a{attributes}>");
        self.close_with(if is_dead { "<span class=\"vh\"> (dead link)</span></a>" } else { "</a>" });
    }

    fn formula(&mut self, latex: &str, display: bool) {
        if let Ok(mathml) = math::to_mathml(latex, display) {
            self.inline_piece(mathml);
            return;
        }
        self.out.push_str("<code>");
        escape::push_text(&mut self.out, latex);
        self.out.push_str("</code>");
    }

    /// Writes the table of contents if one was asked for before `place`.
    fn write_contents(&mut self, place: u32) {
        if self.contents_at.is_some_and(|at| at <= place) && self.outer.is_empty() {
            self.contents_at = None;
            let contents = super::contents::contents(&self.page.parsed.headings, self.title);
            self.out.push_str(&contents);
        }
    }

    fn inline_piece(&mut self, html: String) {
        let html = self.set_aside(html, Slots::inline);
        self.out.push_str(&html);
    }

    fn block_piece(&mut self, html: String) {
        let html = self.set_aside(html, Slots::block);
        self.out.push_str(&html);
    }

    fn set_aside(&mut self, html: String, kind: fn(&mut Slots, String) -> String) -> String {
        if let Some(slots) = &mut self.slots { kind(slots, html) } else { html }
    }

    fn close_with(&mut self, text: &'static str) {
        self.open.push(Closer::Text(Cow::Borrowed(text)));
    }

    /// The id and the classes that the author gave the event, with a leading space.
    fn attributes_at(&mut self, at: usize) -> String {
        let Some(attributes) = self.attributes.get(&at) else { return String::new() };
        let mut out = String::new();
        let id = attributes.id.as_deref().map(published_id).filter(|id| !id.is_empty());
        if let Some(id) = id.filter(|id| self.used_ids.insert(id.clone())) {
            let _ = write!(out, " id=\"{}\"", escape::text(&id));
        }
        out.push_str(&class_attribute(&attributes.classes));
        out
    }
}

fn class_attribute(classes: &[String]) -> String {
    let kept = harmless_classes(classes.iter().map(String::as_str)).join(" ");
    if kept.is_empty() { kept } else { format!(" class=\"{kept}\"") }
}

fn alert_of_kind(kind: BlockQuoteKind) -> Alert {
    match kind {
        BlockQuoteKind::Note => Alert::Note,
        BlockQuoteKind::Tip => Alert::Tip,
        BlockQuoteKind::Important => Alert::Important,
        BlockQuoteKind::Warning => Alert::Warning,
        BlockQuoteKind::Caution => Alert::Caution,
    }
}

/// Whether the item at `at` begins with a box.
fn is_task_item(events: &[(Event<'_>, Span)], at: usize) -> bool {
    let is_box = |index| matches!(events.get(index), Some((Event::TaskListMarker(_), _)));
    let in_paragraph = matches!(events.get(at + 1), Some((Event::Start(Tag::Paragraph), _)));
    is_box(at + 1) || (in_paragraph && is_box(at + 2))
}

/// Index of the end that belongs to the start at `at`.
fn end_of(events: &[(Event<'_>, Span)], at: usize) -> usize {
    let mut depth = 0usize;
    for (index, (event, _)) in events.iter().enumerate().skip(at) {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) if depth <= 1 => return index,
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    events.len().saturating_sub(1)
}

/// The words of some events without their marks.
fn plain_text(events: &[(Event<'_>, Span)]) -> String {
    let mut out = String::new();
    for (event, _) in events {
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                out.push_str(text);
            }
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            _ => {}
        }
    }
    out
}
