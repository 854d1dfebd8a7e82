//! A path as an issue of GitLab or GitHub: a template with check boxes by stage, and an address that
//! opens a new issue filled in.

use std::fmt::Write;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Export, Refused};
use crate::model::PageId;
use crate::model::graph::{Step, StepKind};
use crate::training::time::{of_page, of_path, of_step, shown};
use crate::yaml::Node;

/// Longest address of a new issue in bytes; servers refuse those over 8 KiB.
pub const MAX_ADDRESS: usize = 8000;

/// An address that opens a new issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueAddress {
    /// The address.
    pub address: String,
    /// Check boxes that it had no room for.
    pub left_out: usize,
}

impl Export<'_> {
    /// The text of an issue, in the Markdown of GitLab and GitHub.
    pub fn issue_template(&self) -> String {
        let page = self.page();
        let mut text = String::new();
        let field = |key: &str| page.parsed.front.field(key).and_then(Node::text).map(marked);
        if let Some(outcome) = field("outcome") {
            let _ = writeln!(text, "At the end: {outcome}.");
        }
        let place = self.linked(self.path);
        let _ =
            writeln!(text, "The path is {place}; it takes about {}.", shown(of_path(self.site, self.path)));
        if !page.owners.is_empty() {
            let _ = writeln!(text, "Questions go to {}.", page.owners.join(", "));
        }
        for (at, step) in self.site.graph.steps[self.path].iter().enumerate() {
            self.write_step(&mut text, at + 1, step);
        }
        text
    }

    fn write_step(&self, text: &mut String, number: usize, step: &Step) {
        let optional = if step.optional { ", if you like" } else { "" };
        let (choose, of) = match &step.kind {
            StepKind::Checkpoint { sign_off, text: what } => {
                let by =
                    sign_off.as_ref().map(|by| format!(" (signed by: {})", marked(by))).unwrap_or_default();
                let _ = writeln!(text, "\n## {number}. Checkpoint{optional}\n\n- [ ] {}{by}", marked(what));
                return;
            }
            StepKind::Take { choose, of } => (*choose, of),
        };
        let pages: Vec<PageId> = of.iter().filter_map(|step| step.page).collect();
        let time = shown(of_step(self.site, step));
        let title = match pages[..] {
            [] => return,
            [only] => marked(&self.site.pages[only].title),
            _ => format!("Choose {choose} of {}", pages.len()),
        };
        let _ = writeln!(text, "\n## {number}. {title} ({time}{optional})\n");
        for id in &pages {
            let page = &self.site.pages[*id];
            let time = if pages.len() > 1 {
                format!(" ({})", shown(of_page(self.site, *id)))
            } else {
                String::new()
            };
            let _ = writeln!(text, "- [ ] {}{time}", self.linked(*id));
            for heading in page.parsed.headings.iter().filter(|heading| heading.level == 2) {
                let _ = writeln!(text, "  - [ ] {}", marked(&heading.text));
            }
        }
    }

    /// A page by its title, with a link if its address is known, else with its file.
    fn linked(&self, id: PageId) -> String {
        let page = &self.site.pages[id];
        let title = marked(&page.title);
        match self.address(&page.url) {
            Some(address) => format!("[{title}]({address})"),
            None => format!("{title} (`{}`)", page.parsed.file.path().replace('`', "'")),
        }
    }

    /// The address of a new issue with title and text, as much as it may hold: check boxes that find
    /// no room are left out from the end.
    pub fn issue_address(&self) -> Result<IssueAddress, Refused> {
        let form = self.issue_form()?;
        let (title, body) =
            if form.contains("/-/") { ("issue[title]", "issue[description]") } else { ("title", "body") };
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let sign = if form.contains('?') { '&' } else { '?' };
        let page = self.page();
        let head = format!("{form}{sign}{}={}&{}=", encode(title), encode(&page.title), encode(body));
        let text = self.issue_template();
        let lines: Vec<&str> = text.lines().collect();
        let boxes =
            |lines: &[&str]| lines.iter().filter(|line| line.trim_start().starts_with("- [ ]")).count();
        for kept in (0..=lines.len()).rev() {
            let left_out = boxes(&lines[kept..]);
            let mut text = lines[..kept].join("\n");
            if left_out > 0 {
                let _ = write!(text, "\n\n{left_out} more check boxes are in {}.", self.linked(self.path));
            }
            let address = format!("{head}{}", encode(&text));
            if address.len() <= MAX_ADDRESS {
                return Ok(IssueAddress { address, left_out });
            }
        }
        Err(format!(
            "the address of a new issue cannot hold the title of the path: it would be over {MAX_ADDRESS} bytes"
        ))
    }

    /// Where a new issue is opened: as the config says, else in the repository that pages are edited in.
    fn issue_form(&self) -> Result<String, Refused> {
        let config = &self.site.config;
        if let Some(form) = &config.training.issues {
            return Ok(form.clone());
        }
        let edit = config.edit_url.as_deref().unwrap_or_default();
        let gitlab = edit.split_once("/-/").map(|(project, _)| format!("{project}/-/issues/new"));
        let github = || edit.split_once("/edit/").map(|(project, _)| format!("{project}/issues/new"));
        gitlab.or_else(github).ok_or_else(|| {
            "nobody knows where issues are opened; set `training: { issues: https://…/issues/new }` in docent.yaml"
                .to_owned()
        })
    }
}

/// A text on one line that stays a text in Markdown.
fn marked(text: &str) -> String {
    let mut out = String::new();
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if matches!(c, '\\' | '[' | ']' | '<' | '>' | '*' | '_' | '`' | '~' | '|' | '#' | '!') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
