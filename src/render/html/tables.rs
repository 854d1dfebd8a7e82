//! Tables: a frame that scrolls and has a name, header cells with their scope.

use std::collections::BTreeMap;

use pulldown_cmark::Alignment;

use super::escape;

/// A table that is being written.
#[derive(Debug)]
pub(super) struct Table {
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
    /// Where in the output the name of the frame belongs.
    name_at: usize,
    names: Vec<String>,
}

impl Table {
    /// Opens a table.
    pub(super) fn open(out: &mut String, alignments: &[Alignment], attributes: &str) -> Self {
        out.push_str("<div class=\"tbl\" tabindex=\"0\" role=\"region\" aria-label=\"");
        let name_at = out.len();
        out.push_str("\"><table");
        out.push_str(attributes);
        out.push_str(">\n");
        Self { alignments: alignments.to_vec(), column: 0, in_head: false, name_at, names: Vec::new() }
    }

    /// Opens the head, or a row of the body.
    pub(super) fn open_row(&mut self, out: &mut String, head: bool) {
        self.column = 0;
        self.in_head = head;
        out.push_str(if head { "<thead>\n<tr>" } else { "<tr>" });
    }

    /// Opens a cell; `is_empty`: nothing will be written into it.
    pub(super) fn open_cell(&mut self, out: &mut String, is_empty: bool) -> &'static str {
        let class = match self.alignments.get(self.column) {
            Some(Alignment::Center) => " class=\"center\"",
            Some(Alignment::Right) => " class=\"num\"",
            _ => "",
        };
        self.column += 1;
        let (open, close) = match (self.in_head, is_empty) {
            (true, false) => ("<th scope=\"col\"", "</th>"),
            // A header cell without words names nothing.
            _ => ("<td", "</td>"),
        };
        out.push_str(open);
        out.push_str(class);
        out.push('>');
        close
    }

    /// Takes the text of a header cell for the name of the table.
    pub(super) fn close_cell(&mut self, text: &str) {
        if self.in_head && !text.trim().is_empty() {
            self.names.push(text.trim().to_owned());
        }
    }

    /// Closes the head and opens the body.
    pub(super) fn close_head(&mut self, out: &mut String, used: &mut BTreeMap<String, usize>) {
        out.push_str("</tr>\n</thead>\n<tbody>\n");
        let names =
            if self.names.is_empty() { String::new() } else { format!(": {}", self.names.join(", ")) };
        // A region is told from the others of the page by its name.
        let times = used.entry(names.clone()).or_default();
        *times += 1;
        let name = if *times == 1 { format!("Table{names}") } else { format!("Table {times}{names}") };
        out.insert_str(self.name_at, &escape::text(&name));
    }
}
