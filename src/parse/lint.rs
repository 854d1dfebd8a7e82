//! What is untidy in a body, but stops nothing.
//!
//! In: the events of a page, as `collect` walks them, then the page as a whole. Out: findings of the
//! families `markdown` and `text`. Not here: lines that look like task lists (`lint_lines`), links
//! (`check`).

use std::collections::BTreeMap;

use pulldown_cmark::{Event, LinkType, Parser, Tag};

use super::markdown::{Body, options};
use super::raw_html::Found;
use super::run::Run;
use super::{CodeBlock, LinkForm, ParsedPage};
use super::{allowed, anchors, fence_words, languages, lint_lines, math, strays};
use crate::config::Config;
use crate::diagnostic::rules::{markdown as rules, text as text_rules};
use crate::diagnostic::{Diagnostic, Rule};
use crate::source::{SharedFile, Span};

/// The most columns of a table; those beyond are left out.
pub const MAX_COLUMNS: usize = 200;

/// The longest line that is highlighted, in bytes.
pub const MAX_LINE: usize = 20_000;

/// Gathers findings along one walk.
pub(super) struct Lint<'b> {
    file: SharedFile,
    body: &'b Body<'b>,
    config: &'b Config,
    by_hand: BTreeMap<String, Span>,
    findings: Vec<Diagnostic>,
}

impl<'b> Lint<'b> {
    pub fn new(file: SharedFile, body: &'b Body<'_>, config: &'b Config) -> Self {
        Self { file, body, config, by_hand: BTreeMap::new(), findings: Vec::new() }
    }

    /// Looks at one event.
    pub fn read(&mut self, event: &Event<'_>, span: Span) {
        match event {
            Event::Start(Tag::Table(columns)) if columns.len() == MAX_COLUMNS => {
                let place = self.first_line(span);
                let columns = self.body.text[place.range()].trim_matches([' ', '|']).split('|').count();
                if columns <= MAX_COLUMNS {
                    return;
                }
                let message = format!("the table has {columns} columns");
                let place = Span::new(place.range().start, place.range().end.min(place.range().start + 80));
                self.findings.push(self.found(&rules::TABLE_TOO_WIDE, message, place).help(format!(
                    "only the first {MAX_COLUMNS} are shown; link to a file of the data instead"
                )));
            }
            Event::Code(_) => self.read_characters(span, false),
            Event::InlineMath(latex) => self.read_formula(latex, false, span),
            Event::DisplayMath(latex) => self.read_formula(latex, true, span),
            _ => {}
        }
    }

    fn read_formula(&mut self, latex: &str, display: bool, place: Span) {
        if let Err(why) = math::to_mathml(latex, display) {
            let place = self.first_line(place);
            self.findings.push(
                self.found(&rules::MATH_SYNTAX, format!("the formula cannot be read: {why}"), place)
                    .help("mend it, or write the dollars as `\\$` if it is none"),
            );
        }
    }

    /// Looks at a part of raw HTML.
    pub fn read_html(&mut self, found: &Found, run: &Run) {
        match found {
            Found::Element { name, tag, attributes, source } if !self.config.unsafe_html => {
                let place = run.source_of(tag.clone()).into();
                self.read_element(name, source.as_deref(), place);
                for attribute in attributes.iter().filter(|attribute| attribute.starts_with("on")) {
                    self.findings.push(self.found(
                        &rules::UNSAFE_HTML,
                        format!("the attribute `{attribute}` of `<{name}>` is removed"),
                        place,
                    )
                    .help("pages run no scripts; take it out, or set `unsafe_html: true` for a trusted tree"));
                }
            }
            Found::Source { tag, alt: None, is_image: true, .. } => {
                let place = run.source_of(tag.clone()).into();
                self.findings.push(
                    self.found(&rules::IMAGE_ALT, "the image has no alternative text", place)
                        .help("say in `alt=\"…\"` what it shows, or write `alt=\"\"` if it only decorates"),
                );
            }
            _ => {}
        }
    }

    fn read_element(&mut self, name: &str, source: Option<&str>, place: Span) {
        // Any other name in angle brackets is no HTML, and shown as text.
        let is_removed = allowed::DROPPED.contains(&name) || allowed::UNWRAPPED.contains(&name);
        if !is_removed && name != "iframe" {
            return;
        }
        if name == "iframe" {
            let host = source.and_then(host_of);
            if host.as_ref().is_some_and(|host| self.config.iframe_hosts.iter().any(|known| known == host)) {
                return;
            }
            let help = match host {
                Some(host) => format!("allow its host with `iframe_hosts: [{host}]`, or link to it"),
                None => "link to what it shows instead".to_owned(),
            };
            self.findings
                .push(self.found(&rules::UNSAFE_HTML, "the `<iframe>` is removed", place).help(help));
            return;
        }
        self.findings.push(
            self.found(&rules::UNSAFE_HTML, format!("the element `<{name}>` is removed"), place)
                .help("take it out, or set `unsafe_html: true` in the config for a trusted tree"),
        );
    }

    /// Notes an id written by hand; a second one is a finding.
    pub fn id_by_hand(&mut self, id: &str, span: Span) {
        let span = self.first_line(span);
        let published = anchors::published_id(id);
        if published != id {
            self.findings.push(
                self.found(&rules::RESERVED_ID, format!("the theme uses the id `{id}` itself"), span)
                    .help(format!("it is published as `{published}`; give it another name")),
            );
        }
        let Some(first) = self.by_hand.get(id).copied() else {
            self.by_hand.insert(id.to_owned(), span);
            return;
        };
        let file = self.file.clone();
        self.findings.push(
            self.found(&rules::DUPLICATE_ID, format!("the id `{id}` is given twice"), span)
                .and(&file, first, "first given here")
                .help("links lead to the first; give this one another id"),
        );
    }

    /// Looks at the page as a whole; gives all findings.
    pub fn finish(mut self, page: &ParsedPage) -> Vec<Diagnostic> {
        if self.read_emptiness(page) {
            return self.findings;
        }
        self.read_template_tags();
        for code in &page.code {
            self.read_code(code);
        }
        self.read_headings(page);
        for link in
            page.links.iter().filter(|link| link.form == LinkForm::Image && link.text.trim().is_empty())
        {
            self.findings.push(
                self.found(&rules::IMAGE_ALT, "the image has no alternative text", link.span)
                    .help("say what it shows between the brackets: `![what it shows](…)`"),
            );
        }
        self.read_references();
        self.read_notes();
        self.read_lines(page);
        self.findings
    }

    fn read_emptiness(&mut self, page: &ParsedPage) -> bool {
        if !self.file.slice(page.body).trim().is_empty() {
            return false;
        }
        if self.file.text().trim().is_empty() {
            self.findings.push(
                self.found(&text_rules::EMPTY_PAGE, "the page is empty", Span::new(0, 0))
                    .help("write something in it or delete it"),
            );
        } else {
            let place = self.first_line(Span::new(0, self.file.text().len()));
            self.findings.push(
                self.found(&text_rules::NO_BODY, "the page has front matter and nothing else", place)
                    .help("write what it is about below the closing `---`"),
            );
        }
        true
    }

    fn read_template_tags(&mut self) {
        let mut tags = self.body.template_tags.iter().filter(|tag| tag.is_code);
        let Some(first) = tags.next() else { return };
        let message = match tags.count() {
            0 => "a template tag is shown as text".to_owned(),
            more => format!("template tags are shown as text, this and {more} more on the page"),
        };
        let place = self.first_line(first.range.clone().into());
        self.findings.push(self.found(&rules::TEMPLATE_TAG, message, place).help(
            "pages are never run as templates: write what the tag stood for, or put it in a code block",
        ));
    }

    fn read_code(&mut self, code: &CodeBlock) {
        let file = self.file.clone();
        let text = file.slice(code.span);
        let body = text.split_once('\n').map_or("", |(_, body)| body);
        if code.fenced {
            if !is_closed(text) {
                let place = self.first_line(code.span);
                let fence: String = text.chars().take_while(|c| matches!(c, '`' | '~')).collect();
                self.findings.push(
                    self.found(&rules::UNCLOSED_FENCE, "the code block is never closed", place)
                        .help(format!("write `` {fence} `` on a line of its own behind its last line")),
                );
            }
            self.read_language(code);
            self.read_fence_words(code);
        }
        let is_long = |line: &str| line.len() > MAX_LINE;
        let is_plain = |text: &str| text.is_ascii();
        let content = if code.fenced { body } else { text };
        if let Some(line) = content.lines().find(|line| is_long(line)) {
            let message = format!("a line of more than {MAX_LINE} bytes is not highlighted");
            let at = code.span.range().start + (line.as_ptr() as usize - text.as_ptr() as usize);
            let place = Span::new(at, at);
            self.findings.push(
                self.found(&text_rules::LONG_LINE, message, place)
                    .help("put such data into a file and link to it"),
            );
        }
        if !is_plain(content) {
            let start = code.span.range().end - content.len();
            self.read_characters(Span::new(start, code.span.range().end), true);
        }
    }

    fn read_language(&mut self, code: &CodeBlock) {
        let name = languages::language_of(&code.info.value);
        let is_word = || name.split_once('=').is_some_and(|(key, _)| fence_words::meant(key).is_some());
        if name.is_empty() || languages::token(name).is_some() || is_word() {
            return;
        }
        let info = self.file.slice(code.info.span);
        let at = code.info.span.range().start + info.find(name).unwrap_or(0);
        let place = Span::new(at, at + name.len());
        let found =
            self.found(&rules::UNKNOWN_LANGUAGE, format!("nobody knows the language `{name}`"), place);
        self.findings.push(match languages::meant(&name.to_lowercase()) {
            Some(known) => found.meant(known),
            None => found.help("name a language, or `text` for what is in none"),
        });
    }

    /// Words behind the language that nearly are one of ours.
    fn read_fence_words(&mut self, code: &CodeBlock) {
        let file = self.file.clone();
        let info = file.slice(code.info.span);
        for (index, word) in fence_words::split(info).into_iter().enumerate() {
            let text = &info[word.clone()];
            let key = text.split('=').next().unwrap_or_default();
            // The first word names the language, unless it has a value.
            if index == 0 && key.len() == text.len() {
                continue;
            }
            let Some(known) = fence_words::meant(key) else { continue };
            let at = code.info.span.range().start + word.start;
            let message = format!("the word `{key}` behind a fence means nothing");
            self.findings.push(
                self.found(&rules::UNKNOWN_FENCE_WORD, message, Span::new(at, at + key.len()))
                    .help(format!("did you mean `{known}`?")),
            );
        }
    }

    /// Characters in code that nobody sees, and the first of each line that turns its direction.
    fn read_characters(&mut self, span: Span, is_block: bool) {
        let file = self.file.clone();
        let text = file.slice(span);
        if text.is_ascii() {
            return;
        }
        let mut start = span.range().start;
        for line in text.split_inclusive('\n') {
            let chars = line.char_indices().filter(|(_, c)| !c.is_ascii());
            if let Some((at, c)) = chars.clone().find(|(_, c)| is_direction(*c)) {
                let message =
                    format!("the invisible character U+{:04X} changes the reading direction", c as u32);
                let place = Span::new(start + at, start + at + c.len_utf8());
                self.findings.push(
                    self.found(&text_rules::HIDDEN_DIRECTION, message, place)
                        .help("delete it: what is shown is not what would run"),
                );
            }
            for (at, c) in chars.filter(|(at, c)| is_block && is_invisible(line, *at, *c)) {
                let message = format!("the invisible character U+{:04X} ({}) in code", c as u32, name_of(c));
                let place = Span::new(start + at, start + at + c.len_utf8());
                let help = if is_space(c) {
                    "write a plain space: a shell takes it as part of a word"
                } else {
                    "delete it"
                };
                self.findings.push(self.found(&text_rules::INVISIBLE_CHARACTER, message, place).help(help));
            }
            start += line.len();
        }
    }

    fn read_headings(&mut self, page: &ParsedPage) {
        let mut tops = page.headings.iter().filter(|heading| heading.level == 1);
        let Some(first) = tops.next() else { return };
        let Some(second) = tops.next() else { return };
        let message = match tops.count() {
            0 => "the page has two headings of level 1".to_owned(),
            more => format!("the page has {} headings of level 1", more + 2),
        };
        let (place, first) = (self.first_line(second.span), self.first_line(first.span));
        let file = self.file.clone();
        self.findings.push(
            self.found(&rules::SEVERAL_H1, message, place)
                .and(&file, first, "the first")
                .help("level 1 is the title of the page; make the others level 2: `## …`"),
        );
    }

    /// `[text][label]` whose label is defined nowhere.
    fn read_references(&mut self) {
        if !self.body.text.contains("][") {
            return;
        }
        let mut broken = Vec::new();
        let mut note = |link: pulldown_cmark::BrokenLink<'_>| {
            if link.link_type == LinkType::Reference {
                broken.push((link.span, link.reference.to_string()));
            }
            None
        };
        let parser = Parser::new_with_broken_link_callback(&self.body.text, options(), Some(&mut note));
        let has_definitions = parser.reference_definitions().iter().next().is_some();
        parser.for_each(drop);
        let (text, file) = (&self.body.text, self.file.clone());
        for (range, label) in broken {
            let whole = text.get(range.clone()).unwrap_or_default();
            let words = whole.trim_start_matches('[').split(']').next().unwrap_or_default();
            let before = text[..range.start].chars().next_back();
            let looks_meant = words.chars().any(char::is_alphabetic)
                && (words.contains(' ') || has_definitions)
                && before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, ']' | ')' | '`'))
                && !file.slice(range.clone().into()).contains(['{', '`']);
            if looks_meant && self.body.patches_in(range.clone()).is_empty() {
                self.findings.push(
                    self.found(
                        &rules::UNDEFINED_REFERENCE,
                        format!("`{label}` is defined nowhere on the page"),
                        range.into(),
                    )
                    .help(format!("define it on a line of its own: `[{label}]: https://…`")),
                );
            }
        }
    }

    /// `[^label]` whose note is defined nowhere. Such brackets may as well be a pattern, so a label
    /// is a number, or a word on a page that has notes.
    fn read_notes(&mut self) {
        let text = &self.body.text;
        if !text.contains("[^") {
            return;
        }
        let is_note = |event: &Event<'_>| matches!(event, Event::Start(Tag::FootnoteDefinition(_)));
        let has_notes = self.body.events().any(|(event, _)| is_note(&event));
        for span in strays::prose_spans(self.body) {
            let prose = text.get(span.range()).unwrap_or_default();
            for (at, _) in prose.match_indices("[^") {
                let Some((label, after)) = prose[at + 2..].split_once(']') else { break };
                let place = span.range().start + at..span.range().start + at + label.len() + 3;
                let is_number = (1..=3).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_digit());
                let is_escaped = text[..place.start].ends_with('\\');
                let is_pattern = after.starts_with(['*', '+', '?', '{', '(', '|', '[']);
                if !(is_number || (has_notes && is_note_label(label)))
                    || is_escaped
                    || is_pattern
                    || !self.body.patches_in(place.clone()).is_empty()
                {
                    continue;
                }
                let message = format!("the footnote `{label}` is defined nowhere on the page");
                self.findings.push(
                    self.found(&rules::UNDEFINED_REFERENCE, message, place.into())
                        .help(format!("define it on a line of its own: `[^{label}]: …`")),
                );
            }
        }
    }

    fn read_lines(&mut self, page: &ParsedPage) {
        for marker in lint_lines::task_markers(&self.body.text, page) {
            self.findings
                .push(self.found(&rules::TASK_MARKER, marker.message, marker.span).help(marker.help));
        }
        let start = page.body.range().start;
        let mut lines = self.file.slice(page.body).split('\n').scan(start, |at, line| {
            let here = *at;
            *at += line.len() + 1;
            Some((here, line.len()))
        });
        let long = lines.find(|(at, length)| {
            *length > MAX_LINE && !page.code.iter().any(|code| code.span.contains(Span::new(*at, *at)))
        });
        if let Some((at, length)) = long {
            let message = format!("a line of {length} bytes");
            self.findings.push(
                self.found(&text_rules::LONG_LINE, message, Span::new(at, at))
                    .help("break it, or put such data into a file and link to it"),
            );
        }
    }

    fn found(&self, rule: &'static Rule, message: impl Into<String>, place: Span) -> Diagnostic {
        Diagnostic::new(rule, message).at(&self.file, place, "")
    }

    /// The first line of a place, so that a frame stays small.
    fn first_line(&self, span: Span) -> Span {
        let text = self.file.slice(span);
        let end = text.find('\n').unwrap_or(text.len());
        Span::new(span.range().start, span.range().start + end)
    }
}

/// Whether a footnote may be called so: words with `-` or `_` between. `a-z` is a range of letters.
fn is_note_label(label: &str) -> bool {
    label.len() <= 100
        && label.split(['-', '_']).all(|word| {
            let is_word = !word.is_empty() && word.chars().all(char::is_alphanumeric);
            is_word && (word.len() == label.len() || word.chars().count() > 1)
        })
}

/// Whether a fenced block ends in its closing fence.
fn is_closed(block: &str) -> bool {
    let fence: &str = &block[..block.len() - block.trim_start_matches(['`', '~']).len()];
    let Some(first) = fence.chars().next() else { return true };
    let last = block.trim_end_matches('\n').rsplit_once('\n').map_or("", |(_, last)| last);
    let last = last.trim_start_matches([' ', '\t', '>']).trim_end();
    last.len() >= fence.len() && last.chars().all(|c| c == first)
}

fn host_of(url: &str) -> Option<String> {
    let rest = url.trim().split_once("//")?.1;
    let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?;
    let host = host.split(':').next()?;
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// Characters that turn the reading direction of what follows.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{61C}')
}

/// Characters that look like a space or like nothing. A joiner within an emoji is no fault.
fn is_invisible(line: &str, at: usize, c: char) -> bool {
    let joins = || line[..at].chars().next_back().is_some_and(|before| before as u32 >= 0x2190);
    match c {
        '\u{200C}' | '\u{200D}' => !joins(),
        '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{180E}' => true,
        c => is_space(c),
    }
}

fn is_space(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}

fn name_of(c: char) -> &'static str {
    match c {
        '\u{A0}' | '\u{202F}' => "no-break space",
        '\u{AD}' => "soft hyphen",
        '\u{200B}' => "zero-width space",
        '\u{200C}' | '\u{200D}' | '\u{2060}' => "joiner",
        '\u{FEFF}' => "byte order mark",
        _ => "wide or thin space",
    }
}
