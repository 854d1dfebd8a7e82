//! Footnotes: numbers in the order of their first reference, the notes at the end, links both ways.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The footnotes of one page.
#[derive(Debug, Default)]
pub(super) struct Footnotes {
    /// Label → number and how often it was referred to.
    numbers: BTreeMap<String, (usize, usize)>,
    /// Label → HTML.
    notes: BTreeMap<String, String>,
}

impl Footnotes {
    /// The mark in the text that leads to the note.
    pub(super) fn reference(&mut self, label: &str) -> String {
        let next = self.numbers.len() + 1;
        let (number, times) = self.numbers.entry(label.to_owned()).or_insert((next, 0));
        *times += 1;
        let id = back_id(*number, *times);
        format!(
            "<sup><a id=\"{id}\" href=\"#fn-{number}\" aria-label=\"Footnote {number}\">{number}</a></sup>"
        )
    }

    /// Keeps the HTML of a note. The first definition of a label counts, as everywhere in Markdown.
    pub(super) fn define(&mut self, label: &str, html: String) {
        self.notes.entry(label.to_owned()).or_insert(html);
    }

    /// The notes that are referred to, in order; empty if there are none.
    pub(super) fn section(&self) -> String {
        let mut order: Vec<_> =
            self.numbers.iter().map(|(label, (number, times))| (number, times, label)).collect();
        order.sort_unstable();
        let mut out = String::new();
        for (number, times, label) in order {
            let Some(note) = self.notes.get(label) else { continue };
            let mut back = String::new();
            for time in 1..=*times {
                let id = back_id(*number, time);
                let which = if *times > 1 { format!(", {time} of {times}") } else { String::new() };
                let _ = write!(
                    back,
                    " <a href=\"#{id}\" aria-label=\"Back to the text of footnote {number}{which}\">↩</a>"
                );
            }
            let note = note.trim_end();
            let _ = match note.strip_suffix("</p>") {
                Some(open) => writeln!(out, "<li id=\"fn-{number}\">{open}{back}</p></li>"),
                None => writeln!(out, "<li id=\"fn-{number}\">{note}<p>{}</p></li>", back.trim_start()),
            };
        }
        if out.is_empty() {
            return out;
        }
        format!("<section class=\"footnotes\" aria-label=\"Footnotes\"><ol>\n{out}</ol></section>\n")
    }
}

fn back_id(number: usize, time: usize) -> String {
    if time == 1 { format!("fnref-{number}") } else { format!("fnref-{number}-{time}") }
}
