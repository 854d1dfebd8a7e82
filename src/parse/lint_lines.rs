//! Lines that were meant as entries of a task list, but are none.
//!
//! In: the masked text of a page. Out: where a marker is wrong, and what it should be.

use super::ParsedPage;
use crate::source::Span;

/// A marker that does not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TaskMarker {
    /// The marker.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

/// Every wrong marker outside code, in the order of the text.
pub(super) fn task_markers(text: &str, page: &ParsedPage) -> Vec<TaskMarker> {
    let body = page.body.range();
    let mut found = Vec::new();
    let mut at = body.start;
    for line in text.get(body).unwrap_or_default().split('\n') {
        let content = line.trim_start_matches([' ', '\t', '>']);
        let start = at + (line.len() - content.len());
        at += line.len() + 1;
        let Some((length, right)) = wrong_marker(content) else { continue };
        let span = Span::new(start, start + length);
        let next = page.code.partition_point(|code| code.span.start <= span.start);
        if next.checked_sub(1).is_some_and(|last| page.code[last].span.contains(span)) {
            continue;
        }
        let wrong = &content[..length];
        let message = format!("`{wrong}` starts no entry of a list");
        found.push(TaskMarker { span, message, help: format!("did you mean `{right}`?") });
    }
    found
}

/// The length of the wrong marker that the line starts with, and what was meant.
fn wrong_marker(line: &str) -> Option<(usize, String)> {
    let bullet = line.chars().next().filter(|c| matches!(c, '-' | '*' | '+'))?;
    let rest = &line[1..];
    let spaced = rest.trim_start_matches(' ');
    let gap = rest.len() - spaced.len();
    if gap == 0 && bullet == '-' && spaced.starts_with("**") {
        // `-**Done**`, as against `-**`.
        let bold = spaced[2..].find("**").filter(|length| *length > 0)?;
        return spaced[2..]
            .starts_with(char::is_alphanumeric)
            .then(|| (bold + 5, format!("- {}", &spaced[..bold + 4])));
    }
    let inside = spaced.strip_prefix('[')?;
    let close = inside.find(']').filter(|length| *length <= 3)?;
    let mark = &inside[..close];
    let after = inside[close + 1..].chars().next();
    let is_link = matches!(after, Some('(' | '[' | ':'));
    let right = match mark.trim() {
        "" => "[ ]",
        "x" | "X" | "✓" | "✔" | "v" | "V" => "[x]",
        _ => return None,
    };
    let works =
        matches!(mark, " " | "x" | "X") && (1..=4).contains(&gap) && after.is_none_or(char::is_whitespace);
    if works || is_link || gap > 4 || (gap == 0 && mark.is_empty()) {
        return None;
    }
    let length = 1 + gap + close + 2;
    let space = if after.is_some_and(|c| !c.is_whitespace()) { " " } else { "" };
    Some((length, format!("{bullet} {right}{space}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_markers_that_do_not_work_are_found() {
        for (line, expected) in [
            ("- [ ] a", None),
            ("- [x] a", None),
            ("* [X] a", None),
            ("- [ ]", None),
            ("- [](a)", None),
            ("- [x](a)", None),
            ("- [x]: a", None),
            ("-[a](b)", None),
            ("- [RFC] a", None),
            ("--", None),
            ("-**", None),
            ("**a**", None),
            ("-**Done** a", Some("- **Done**")),
            ("-[ ] a", Some("- [ ]")),
            ("-[x] a", Some("- [x]")),
            ("- [] a", Some("- [ ]")),
            ("- [x]a", Some("- [x] ")),
            ("- [x ] a", Some("- [x]")),
            ("- [✓] a", Some("- [x]")),
        ] {
            assert_eq!(wrong_marker(line).map(|(_, right)| right).as_deref(), expected, "{line}");
        }
    }
}
