//! The table of contents that a page asks for with `[[_TOC_]]` or `{:toc}`.

use super::escape;
use crate::parse::Heading;

/// A nested list of links to the headings; empty if there is nothing to list.
pub(super) fn contents(headings: &[Heading], title: Option<usize>) -> String {
    let listed = || {
        headings.iter().enumerate().filter(|(index, heading)| {
            Some(*index) != title && !heading.no_toc && !heading.id.is_empty() && !heading.text.is_empty()
        })
    };
    let mut out = String::new();
    // Levels of the lists that are open: a page that jumps from 2 to 4 nests once, not twice.
    let mut open = Vec::<u8>::new();
    for (_, heading) in listed() {
        while open.len() > 1 && open[open.len() - 2] >= heading.level {
            out.push_str("</li></ul>");
            open.pop();
        }
        match open.last_mut() {
            Some(level) if heading.level <= *level => {
                out.push_str("</li>");
                *level = heading.level;
            }
            _ => {
                out.push_str("<ul>");
                open.push(heading.level);
            }
        }
        out.push_str("<li><a href=\"");
        escape::push_text(&mut out, &escape::fragment(&heading.id));
        out.push_str("\">");
        escape::push_text(&mut out, &heading.text);
        out.push_str("</a>");
    }
    for _ in open {
        out.push_str("</li></ul>");
    }
    if out.is_empty() {
        return out;
    }
    format!("<nav class=\"contents\" aria-label=\"Contents\">{out}</nav>\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    #[test]
    fn levels_that_jump_nest_once() {
        let heading = |level: u8, text: &str| Heading {
            level,
            text: text.into(),
            id: text.into(),
            other_ids: Vec::new(),
            span: Span::default(),
            no_toc: text == "x",
        };
        let outline = |levels: &[(u8, &str)]| {
            let headings: Vec<_> = levels.iter().map(|(level, text)| heading(*level, text)).collect();
            let html =
                contents(&headings, None).replace("<nav class=\"contents\" aria-label=\"Contents\">", "");
            let mut out = html.replace("</nav>\n", "");
            for (_, text) in levels {
                out = out.replace(&format!("<a href=\"#{text}\">{text}</a>"), text);
            }
            out
        };
        assert_eq!(
            outline(&[(2, "a"), (4, "b"), (3, "c"), (2, "d"), (2, "x")]),
            "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>"
        );
        assert_eq!(
            outline(&[(3, "a"), (2, "b"), (3, "c")]),
            "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"
        );
        assert_eq!(outline(&[(2, "x")]), "");
    }
}
