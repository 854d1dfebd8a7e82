//! The events of a body, with what the mask replaced put back, and with the little that
//! pulldown-cmark leaves out: emoji, bare addresses, GitLab's formulas.
//!
//! In: a [`Body`]. Out: pulldown-cmark's events with their spans in the file.

use std::collections::VecDeque;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, OffsetIter, Parser, Tag, TagEnd};

use super::inline::{Piece, segments};
use super::lint::MAX_COLUMNS;
use super::markdown::{Body, options};
use super::mask::{Patch, PatchKind};
use super::run::Run;
use crate::source::Span;

/// The events of a [`Body`]; made by [`Body::events`].
#[derive(Debug)]
pub struct Events<'b> {
    body: &'b Body<'b>,
    inner: OffsetIter<'b>,
    ready: VecDeque<(Event<'b>, Range<usize>)>,
    ahead: Option<(Event<'b>, Range<usize>)>,
    open_links: u32,
    in_code: bool,
    column: usize,
}

impl<'b> Events<'b> {
    pub(super) fn new(body: &'b Body<'_>) -> Self {
        Self {
            body,
            inner: Parser::new_ext(&body.text, options()).into_offset_iter(),
            ready: VecDeque::new(),
            ahead: None,
            open_links: 0,
            in_code: false,
            column: 0,
        }
    }

    /// Where the reference definition with this label stands.
    pub(super) fn definition(&self, label: &str) -> Option<Range<usize>> {
        self.inner.reference_definitions().get(label).map(|definition| definition.span.clone())
    }

    fn read(&mut self) -> Option<(Event<'b>, Range<usize>)> {
        self.ahead.take().or_else(|| self.inner.next())
    }

    /// Reads the text events that follow each other, and makes them into what they show.
    fn read_text(&mut self, text: CowStr<'b>, range: Range<usize>) {
        let mut run = vec![(text, range)];
        loop {
            match self.inner.next() {
                Some((Event::Text(text), range)) => run.push((text, range)),
                other => {
                    self.ahead = other;
                    break;
                }
            }
        }
        let is_plain = |text: &str| !text.contains([':', '@']) && !text.contains("www.");
        if run.iter().all(|(text, range)| is_plain(text) && self.body.patches_in(range.clone()).is_empty()) {
            self.ready.extend(run.into_iter().map(|(text, range)| (Event::Text(text), range)));
            return;
        }
        let mut plain = Run::default();
        for (text, range) in run {
            self.split_patched(&text, range, &mut plain);
        }
        self.flush(&mut plain, false);
    }

    /// Appends a piece of text to `plain`, with what was masked in it put back.
    fn split_patched(&mut self, text: &str, range: Range<usize>, plain: &mut Run) {
        let is_verbatim = self.body.text.get(range.clone()) == Some(text);
        let patches = if is_verbatim { self.body.patches_in(range.clone()) } else { &[] };
        if patches.is_empty() {
            plain.push(text, range, is_verbatim);
            return;
        }
        let source = self.body.source;
        let mut at = range.start;
        for patch in patches {
            let (start, end) = (patch.start.max(at), patch.end.min(range.end));
            plain.push(&source[at..start], at..start, true);
            match patch.kind {
                PatchKind::Plain => plain.push(&source[start..end], start..end, true),
                PatchKind::Dropped => {}
                PatchKind::Literal => {
                    self.flush(plain, true);
                    self.ready.push_back((Event::Text(source[start..end].to_owned().into()), start..end));
                }
            }
            at = end;
        }
        plain.push(&source[at..range.end], at..range.end, true);
    }

    /// Emits what was gathered. `touches_tag`: a template tag follows, so that an address that
    /// reaches the end is only a part of one.
    fn flush(&mut self, run: &mut Run, touches_tag: bool) {
        let run = std::mem::take(run);
        if run.text.is_empty() {
            return;
        }
        for piece in segments(&run.text, self.open_links == 0) {
            let text = |range: Range<usize>| CowStr::from(run.text[range].to_owned());
            match piece {
                Piece::Text(range) => {
                    self.ready.push_back((Event::Text(text(range.clone())), run.source_of(range)));
                }
                Piece::Emoji(range, emoji) => {
                    self.ready.push_back((Event::Text(CowStr::Borrowed(emoji)), run.source_of(range)));
                }
                Piece::Link { range, .. } if touches_tag && range.end == run.text.len() => {
                    self.ready.push_back((Event::Text(text(range.clone())), run.source_of(range)));
                }
                Piece::Link { range, prefix, is_email } => {
                    let span = run.source_of(range.clone());
                    let tag = Tag::Link {
                        link_type: if is_email { LinkType::Email } else { LinkType::Autolink },
                        dest_url: format!("{prefix}{}", &run.text[range.clone()]).into(),
                        title: CowStr::Borrowed(""),
                        id: CowStr::Borrowed(""),
                    };
                    self.ready.push_back((Event::Start(tag), span.clone()));
                    self.ready.push_back((Event::Text(text(range)), span.clone()));
                    self.ready.push_back((Event::End(TagEnd::Link), span));
                }
            }
        }
    }

    /// Puts the source back into a text that stands somewhere within `range`.
    fn restored(&self, text: CowStr<'b>, range: &Range<usize>) -> CowStr<'b> {
        let patches = self.body.patches_in(range.clone());
        if patches.is_empty() || text.is_empty() {
            return text;
        }
        let masked = self.body.text.get(range.clone()).unwrap_or_default();
        let behind = ["](", "](<", "]: "].iter().find_map(|before| {
            let at = masked.rfind(&format!("{before}{text}"))?;
            Some(at + before.len())
        });
        let Some(at) = behind.or_else(|| masked.rfind(&*text)) else { return text };
        let start = range.start + at;
        restore(self.body.source, start..start + text.len(), patches, false).into()
    }

    fn restored_tag(&self, tag: Tag<'b>, range: &Range<usize>) -> Tag<'b> {
        let around = |id: &str, kind: LinkType| match kind {
            LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut => {
                self.definition(id).unwrap_or_else(|| range.clone())
            }
            _ => range.clone(),
        };
        match tag {
            Tag::Link { link_type, dest_url, title, id } => {
                let range = around(&id, link_type);
                let (dest_url, title) = (self.restored(dest_url, &range), self.restored(title, &range));
                Tag::Link { link_type, dest_url, title, id }
            }
            Tag::Image { link_type, dest_url, title, id } => {
                let range = around(&id, link_type);
                let (dest_url, title) = (self.restored(dest_url, &range), self.restored(title, &range));
                Tag::Image { link_type, dest_url, title, id }
            }
            other => other,
        }
    }

    fn restored_html(&self, html: CowStr<'b>, range: &Range<usize>) -> CowStr<'b> {
        let patches = self.body.patches_in(range.clone());
        if patches.is_empty() || self.body.text.get(range.clone()) != Some(&*html) {
            return html;
        }
        restore(self.body.source, range.clone(), patches, true).into()
    }

    /// Reads to the end of a cell beyond the last column that is shown.
    fn skip_cell(&mut self) {
        while let Some((event, _)) = self.read() {
            if matches!(event, Event::End(TagEnd::TableCell)) {
                break;
            }
        }
    }

    fn is_masked(&self, range: &Range<usize>) -> bool {
        self.body.patches_in(range.clone()).iter().any(|patch| patch.kind == PatchKind::Dropped)
    }
}

impl<'b> Iterator for Events<'b> {
    type Item = (Event<'b>, Span);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((event, range)) = self.ready.pop_front() {
                return Some((event, range.into()));
            }
            let (event, range) = self.read()?;
            let event = match event {
                Event::Text(text) if !self.in_code => {
                    self.read_text(text, range);
                    continue;
                }
                Event::Start(Tag::TableCell) => {
                    self.column += 1;
                    if self.column > MAX_COLUMNS {
                        self.skip_cell();
                        continue;
                    }
                    Event::Start(Tag::TableCell)
                }
                Event::Start(Tag::Table(mut columns)) => {
                    columns.truncate(MAX_COLUMNS);
                    Event::Start(Tag::Table(columns))
                }
                Event::Start(tag) => {
                    match tag {
                        Tag::TableHead | Tag::TableRow => self.column = 0,
                        Tag::Link { .. } => self.open_links += 1,
                        Tag::CodeBlock(_) => self.in_code = true,
                        _ => {}
                    }
                    Event::Start(self.restored_tag(tag, &range))
                }
                Event::End(end) => {
                    match end {
                        TagEnd::Link => self.open_links = self.open_links.saturating_sub(1),
                        TagEnd::CodeBlock => self.in_code = false,
                        _ => {}
                    }
                    Event::End(end)
                }
                // The spaces of a masked mark at the end of a line ask for no break.
                Event::HardBreak if self.is_masked(&range) => Event::SoftBreak,
                Event::Html(html) => Event::Html(self.restored_html(html, &range)),
                Event::InlineHtml(html) => Event::InlineHtml(self.restored_html(html, &range)),
                Event::Code(code) => Event::Code(self.restored(code, &range)),
                Event::InlineMath(math) => {
                    let math = self.restored(math, &range);
                    // GitLab's form, $`…`$.
                    let inner = math.strip_prefix('`').and_then(|math| math.strip_suffix('`'));
                    Event::InlineMath(inner.map(|inner| CowStr::from(inner.to_owned())).unwrap_or(math))
                }
                Event::DisplayMath(math) => Event::DisplayMath(self.restored(math, &range)),
                other => other,
            };
            return Some((event, range.into()));
        }
    }
}

/// The source under `range` without what was dropped. In HTML a template tag is escaped, so that it
/// is text there too.
fn restore(source: &str, range: Range<usize>, patches: &[Patch], in_html: bool) -> String {
    let mut out = String::with_capacity(range.len());
    let mut at = range.start;
    for patch in patches.iter().filter(|patch| patch.start < range.end && patch.end > range.start) {
        let (start, end) = (patch.start.max(at), patch.end.min(range.end));
        out.push_str(&source[at..start]);
        match patch.kind {
            PatchKind::Dropped => {}
            PatchKind::Literal if in_html => {
                for c in source[start..end].chars() {
                    match c {
                        '<' => out.push_str("&lt;"),
                        '>' => out.push_str("&gt;"),
                        '"' => out.push_str("&quot;"),
                        '\'' => out.push_str("&#39;"),
                        '&' => out.push_str("&amp;"),
                        c => out.push(c),
                    }
                }
            }
            PatchKind::Literal | PatchKind::Plain => out.push_str(&source[start..end]),
        }
        at = end;
    }
    out.push_str(&source[at..range.end]);
    out
}
