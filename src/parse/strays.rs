//! What was meant as a link, but is none to a Markdown reader.
//!
//! In: a parsed page. Out: the places where `](` stands in plain text, sorted out by what went
//! wrong. Only text counts: code, HTML and real links are left alone, and where it is not plain that
//! a link was meant, nothing is said.

use pulldown_cmark::Event;

use super::markdown::Body;
use super::{LinkForm, ParsedPage};
use crate::source::Span;

/// A link that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrayLink {
    /// What went wrong.
    pub fault: StrayFault,
    /// The characters that were meant as its destination, or the inner link.
    pub span: Span,
}

/// Why it is no link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StrayFault {
    /// `[a]([b](c))` or `[[b](c)](d)`.
    Nested,
    /// `[a]((/path)` or `[a](/path` and the line ends.
    Unbalanced,
    /// `[a](/some path)`.
    Space,
}

/// Every failed link of a page, in the order of the text.
pub fn stray_links(page: &ParsedPage) -> Vec<StrayLink> {
    let text = page.file.text();
    let written = page.links.iter().filter(|link| link.form != LinkForm::Autolink);
    let mut links: Vec<Span> = written.map(|link| link.span).collect();
    links.sort_unstable();
    let body = page.file.slice(page.body);
    let start = page.body.start as usize;
    let is_inside = |at: usize| {
        let after = links.partition_point(|link| link.start as usize <= at);
        links[..after].iter().rev().take(4).any(|link| at < link.end as usize)
    };
    let in_code = |at: usize| {
        let after = page.code.partition_point(|block| block.span.start as usize <= at);
        after > 0 && at < page.code[after - 1].span.end as usize
    };
    let candidates: Vec<usize> = body
        .match_indices("](")
        .map(|(at, _)| start + at)
        .filter(|at| !is_inside(*at) && !in_code(*at))
        .collect();
    if candidates.is_empty() {
        return Vec::new();
    }
    let prose = prose_spans(&Body::new(&page.file, page.body));
    let is_prose = |at: usize| {
        let after = prose.partition_point(|span| span.start as usize <= at);
        after > 0 && at < prose[after - 1].end as usize
    };
    candidates
        .into_iter()
        .filter(|at| is_prose(*at))
        .filter_map(|at| {
            let after = &text[at + 2..];
            let line = &after[..page.file.line_range(at).end.saturating_sub(at + 2)];
            if let Ok(inner) = links.binary_search_by_key(&(at + 2), |link| link.start as usize) {
                return Some(StrayLink { fault: StrayFault::Nested, span: links[inner] });
            }
            // `[[b](c)](d)`: the text before is a link that begins right after a bracket.
            let last = links.partition_point(|link| link.start as usize <= at);
            let before = links[..last].iter().rev().take(4).find(|link| link.end as usize == at);
            if let Some(inner) = before.filter(|link| text[..link.start as usize].ends_with('[')) {
                return Some(StrayLink { fault: StrayFault::Nested, span: *inner });
            }
            if !has_opening_bracket(text, at, start) {
                return None;
            }
            let (fault, length) = fault_of(line)?;
            Some(StrayLink { fault, span: Span::new(at + 2, at + 2 + length) })
        })
        .collect()
}

/// Bytes in which a failed link must end. Looking further for every bracket of a long line would
/// take time that grows with the square of its length.
const LONGEST_TARGET: usize = 2000;

/// What is wrong with a destination that should stand at the start of `line`, and its length.
fn fault_of(line: &str) -> Option<(StrayFault, usize)> {
    let whole = line.len();
    let line = &line[..line.floor_char_boundary(LONGEST_TARGET)];
    let close = line.find(')').unwrap_or(line.len());
    if close == line.len() && whole > line.len() {
        return None;
    }
    let meant = &line[..close];
    if let Some(rest) = line.strip_prefix('(') {
        return looks_like_target(rest).then_some((StrayFault::Unbalanced, (close + 1).min(line.len())));
    }
    if !(looks_like_target(meant) || ends_as_file(meant)) || meant.contains(['"', '\'', '<', '`']) {
        return None;
    }
    let word = meant.find(char::is_whitespace).unwrap_or(meant.len());
    // `[a](/path] and …`: the wrong bracket closes.
    if close == line.len() || meant[..word].contains(['[', ']']) {
        return Some((StrayFault::Unbalanced, word));
    }
    meant.trim().contains(char::is_whitespace).then_some((StrayFault::Space, close))
}

/// A path, a fragment or a URL; prose in brackets is none.
fn looks_like_target(text: &str) -> bool {
    let text = text.trim_start();
    let first = text.split_whitespace().next().unwrap_or_default();
    ["/", "./", "../", "#", "http://", "https://", "www.", "mailto:"]
        .iter()
        .any(|start| text.starts_with(start))
        || first.contains(".md")
        || first.contains(".html")
}

/// `my file.md` and `my file.md#there`: a name of a few words that ends as a page's does.
fn ends_as_file(text: &str) -> bool {
    let path = text.trim().split('#').next().unwrap_or_default();
    path.strip_suffix(".md").is_some() && path.split_whitespace().count() <= 8
}

/// Whether a `[` before `at` may be the one that `]` closes; on the same or the line before.
fn has_opening_bracket(text: &str, at: usize, start: usize) -> bool {
    let mut depth = 0usize;
    let before = &text.as_bytes()[start..at];
    for (back, byte) in before.iter().rev().take(1000).enumerate() {
        let escaped = before.len() > back + 1 && before[before.len() - back - 2] == b'\\';
        match byte {
            b']' if !escaped => depth += 1,
            b'[' if !escaped && depth == 0 => return true,
            b'[' if !escaped => depth -= 1,
            b'\n' if before.get(before.len().wrapping_sub(back + 2)) == Some(&b'\n') => return false,
            _ => {}
        }
    }
    false
}

/// Where plain text stands, neighbouring pieces joined.
pub(super) fn prose_spans(body: &Body<'_>) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut in_code = false;
    for (event, span) in body.events() {
        match event {
            Event::Start(pulldown_cmark::Tag::CodeBlock(_)) => in_code = true,
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_code = false,
            Event::Text(_) if !in_code => match spans.last_mut() {
                Some(last) if last.end >= span.start => last.end = last.end.max(span.end),
                _ => spans.push(span),
            },
            _ => {}
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::parse::parse_page;
    use crate::source::{SharedFile, SourceFile};

    fn strays(text: &str) -> Vec<(StrayFault, String)> {
        let file = SharedFile::new(SourceFile::new("a.md", text));
        let (page, _) = parse_page(&file, "a.md", &Config::default());
        let strays = stray_links(&page.unwrap());
        strays.into_iter().map(|stray| (stray.fault, file.slice(stray.span).to_owned())).collect()
    }

    #[test]
    fn a_failed_link_is_found_with_its_fault() {
        use StrayFault::{Nested, Space, Unbalanced};
        for (text, fault, span) in [
            ("[a]((/path)", Unbalanced, "(/path)"),
            ("[a](/path is open", Unbalanced, "/path"),
            ("[a](/path] and [b](/other)", Unbalanced, "/path]"),
            ("[a](/some path)", Space, "/some path"),
            ("[a](#Some Heading)", Space, "#Some Heading"),
            ("[a](my file.md)", Space, "my file.md"),
            ("[a](my file.md#b c)", Space, "my file.md#b c"),
            ("x [a](https://a.example/b c) y", Space, "https://a.example/b c"),
            ("[a]([b c](d))", Nested, "[b c](d)"),
            ("[[b](c)](d)", Nested, "[b](c)"),
            ("| [a](/b c) |\n|---|\n", Space, "/b c"),
        ] {
            assert_eq!(strays(text), [(fault, span.to_owned())], "{text}");
        }
    }

    #[test]
    fn prose_code_and_real_links_are_left_alone() {
        for text in [
            "[a](/b) and [c](</d e>) and [f](/g \"A title\")",
            "`[a]((/path)` and ``[a](/b c)``",
            "```\n[a](/some path)\n```",
            "    [a](/some path)",
            "An array[0](which is the first) of many",
            "a](/some path) without its start",
            "\\[a](/some path)",
            "[![a](/b.png)](/c)",
            "<!-- [a](/some path) -->",
            "[a](<%= some_path %>)",
            "[a]: /b 'title'\n",
        ] {
            assert_eq!(strays(text), [], "{text}");
        }
    }
}
