//! Frames for people, in the manner of rustc: the line, the place under it, and the way out.
//!
//! A frame shows the lines of the finding and nothing else. Of a long line only the surroundings of
//! the place are shown, so that a minified file cannot flood the terminal; characters that would
//! steer the terminal are made visible.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::renderer::Renderer;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Snippet};

use super::format::{Report, Style, prefixed};
use super::{Diagnostic, Label, Severity};
use crate::source::Span;

/// Bytes of a line that are shown before and after the place, if the line is longer than both.
const AROUND: usize = 300;
/// Lines of a frame; a longer span is shown by its first line.
const MAX_LINES: u32 = 12;

/// Frames of one rule in one file; of the others only the number is said.
const MAX_FRAMES: usize = 200;

/// Writes a frame for each finding, up to [`MAX_FRAMES`].
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for findings in report.findings.chunk_by(|a, b| a.path() == b.path()) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in findings {
            let count = counts.entry(finding.rule.code).or_default();
            *count += 1;
            if *count <= MAX_FRAMES {
                writeln!(out, "{}\n", frame(finding, report.shown_prefix, report.style))?;
            }
        }
        let path = prefixed(report.shown_prefix, findings[0].path().unwrap_or_default());
        for (code, count) in counts.into_iter().filter(|(_, count)| *count > MAX_FRAMES) {
            writeln!(
                out,
                "and {} more of {code} in {}; `docent check --format json` lists them all\n",
                count - MAX_FRAMES,
                visible(&path)
            )?;
        }
    }
    Ok(())
}

/// The frame of one finding, without a line end.
pub fn frame(finding: &Diagnostic, prefix: &str, style: Style) -> String {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(style.width);
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(visible(&finding.message)).id(finding.rule.code);
    let mut group = Group::with_title(title);
    let mut header = None;
    if let Some(primary) = &finding.primary {
        let path = visible(&prefixed(prefix, primary.file.path())).into_owned();
        let at = primary.file.position(primary.span.start);
        if primary.file.text().is_empty() {
            group = group.element(Origin::path(path).line(at.line as usize).char_column(1));
        } else {
            let near: Vec<&Label> =
                finding.secondary.iter().filter(|label| shares_frame(primary, label)).collect();
            let excerpt = Excerpt::of(primary, &near);
            // The renderer counts columns from the start of the excerpt.
            header = excerpt.cut.then(|| {
                let shown = excerpt.text[..excerpt.marks[0].0.start].chars().count() + 1;
                let line = at.line;
                (format!("{path}:{line}:{shown}"), format!("{path}:{line}:{}", at.column))
            });
            let labels = std::iter::once(primary).chain(near);
            group = group.element(snippet(excerpt, path, labels));
        }
        for label in finding.secondary.iter().filter(|label| !shares_frame(primary, label)) {
            let path = visible(&prefixed(prefix, label.file.path())).into_owned();
            let mut far = Excerpt::of(label, &[]);
            far.marks[0].1 = AnnotationKind::Context;
            group = group.element(snippet(far, path, std::iter::once(label)));
        }
    }
    for help in &finding.help {
        group = group.element(Level::HELP.message(visible(help)));
    }
    let text = renderer.render(&[group]);
    match header {
        Some((shown, real)) => text.replacen(&shown, &real, 1),
        None => text,
    }
}

fn snippet<'a>(
    excerpt: Excerpt,
    path: String,
    labels: impl Iterator<Item = &'a Label>,
) -> Snippet<'a, Annotation<'a>> {
    let annotations = excerpt.marks.into_iter().zip(labels).map(|((span, kind), label)| {
        kind.span(span).label((!label.text.is_empty()).then(|| visible(&label.text)))
    });
    Snippet::source(excerpt.text).line_start(excerpt.line as usize).path(path).annotations(annotations)
}

/// Whether `label` is near enough to `primary` to stand in its frame.
fn shares_frame(primary: &Label, label: &Label) -> bool {
    if label.file.path() != primary.file.path() {
        return false;
    }
    let lines = [primary, label].map(|l| {
        let start = l.file.position(l.span.start).line;
        (start, l.file.position(last_byte(l)).line)
    });
    let (first, last) = (lines[0].0.min(lines[1].0), lines[0].1.max(lines[1].1));
    let bytes: usize = (first..=last.min(first + MAX_LINES)).map(|line| label.file.line(line).len()).sum();
    last - first < MAX_LINES && bytes <= 4 * AROUND
}

/// The lines of a frame and the places in them.
struct Excerpt {
    /// The number of its first line.
    line: u32,
    text: String,
    /// The primary place first.
    marks: Vec<(Range<usize>, AnnotationKind)>,
    /// Whether the start of the line was left out.
    cut: bool,
}

impl Excerpt {
    fn of(primary: &Label, near: &[&Label]) -> Self {
        let file = &primary.file;
        let text = file.text();
        let mut spans = vec![clamped(primary)];
        spans.extend(near.iter().map(|label| clamped(label)));
        let start = spans.iter().map(|span| span.start as usize).min().unwrap_or_default();
        let mut end = spans.iter().map(|span| span.end as usize).max().unwrap_or_default();
        let line = file.position(start as u32).line;
        let first = file.line_range(start).start;
        if file.position(end as u32).line - line >= MAX_LINES || end - first > 8 * AROUND {
            end = file.line_range(start).end;
        }
        let last = file.line_range(end).end;
        let mut window = first..last;
        if last - first > 4 * AROUND {
            window.start = text.floor_char_boundary(start.saturating_sub(AROUND)).max(first);
            let shown = (end - start).min(2 * AROUND);
            window.end = text.ceil_char_boundary(start + shown + AROUND).min(last);
        }
        let mut excerpt = Self { line, text: String::new(), marks: Vec::new(), cut: window.start > first };
        // Places move when a character is replaced by one of another width.
        let mut moved: Vec<(usize, usize)> = vec![(0, 0); spans.len()];
        if excerpt.cut {
            excerpt.text.push('…');
        }
        for (at, character) in text[window.clone()].char_indices() {
            excerpt.place(&spans, &mut moved, window.start + at);
            excerpt.text.push(if steers_terminal(character) { '\u{FFFD}' } else { character });
        }
        excerpt.place(&spans, &mut moved, window.end);
        if window.end < last {
            excerpt.text.push('…');
        }
        for (index, (start, end)) in moved.into_iter().enumerate() {
            let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            excerpt.marks.push((start..end.max(start), kind));
        }
        excerpt
    }

    /// Notes where the byte `at` of the file stands in the excerpt.
    fn place(&self, spans: &[Span], moved: &mut [(usize, usize)], at: usize) {
        for (span, moved) in spans.iter().zip(moved) {
            if span.start as usize == at {
                moved.0 = self.text.len();
            }
            if span.end as usize >= at {
                moved.1 = self.text.len();
            }
        }
    }
}

/// The span within the text, on character boundaries, without the line ends at its end.
fn clamped(label: &Label) -> Span {
    let text = label.file.text();
    let start = text.floor_char_boundary(label.span.start as usize);
    let end = text.floor_char_boundary(label.span.end as usize).max(start);
    Span::new(start, start + text[start..end].trim_end_matches('\n').len())
}

fn last_byte(label: &Label) -> u32 {
    clamped(label).end
}

/// Text in which nothing can steer the terminal: control and direction characters are escaped.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c.is_control() || steers_terminal(c)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if c.is_control() || steers_terminal(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    Cow::Owned(shown)
}

/// Controls that the frame renderer does not replace itself: the second control block, and marks
/// that turn the direction of writing.
fn steers_terminal(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9F}' | '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}')
}
