//! The steps of a path as its front matter writes them.

use super::super::names::PageNames;
use super::super::{Page, PageId};
use crate::source::{Span, Spanned};
use crate::yaml::{Node, Value};

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it asks for.
    pub kind: StepKind,
    /// Whether it may be left out.
    pub optional: bool,
    /// Where it is written.
    pub span: Span,
}

/// What a step asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// To take so many of these; one of one for a plain step.
    Take {
        /// How many.
        choose: usize,
        /// Of these.
        of: Vec<StepPage>,
    },
    /// Somebody's word.
    Checkpoint {
        /// Who signs.
        sign_off: Option<String>,
        /// What has to be done.
        text: String,
    },
}

/// A page that a step names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepPage {
    /// As written.
    pub written: Spanned<String>,
    /// The page that it means.
    pub page: Option<PageId>,
}

impl Step {
    /// The keys of a step, for a message.
    pub const KEYS: [&str; 8] =
        ["use", "runbook", "module", "page", "choose", "of", "checkpoint", "optional"];

    /// The pages that it names.
    pub fn pages(&self) -> &[StepPage] {
        match &self.kind {
            StepKind::Take { of, .. } => of,
            StepKind::Checkpoint { .. } => &[],
        }
    }
}

/// Reads `steps`: plain texts, and groups of keys. What names neither pages nor a checkpoint is no
/// step; a check says so.
pub(super) fn read(node: &Node, page: &Page, names: &PageNames) -> Vec<Step> {
    let taken = |node: &Node| {
        let text = node.text().map(str::trim).filter(|text| !text.is_empty())?;
        let written = Spanned { value: text.to_owned(), span: node.span };
        Some(StepPage { page: names.find(text, Some(page)), written })
    };
    let mut steps = Vec::new();
    for item in node.items() {
        let mut of = Vec::new();
        match &item.value {
            Value::Map(entries) => {
                for (key, value) in entries {
                    if matches!(key.value.as_str(), "use" | "runbook" | "module" | "page" | "of") {
                        of.extend(value.items().iter().filter_map(taken));
                    }
                }
            }
            _ => of.extend(taken(item)),
        }
        let kind = match item.get("checkpoint") {
            Some(checkpoint) if of.is_empty() => read_checkpoint(checkpoint),
            _ if of.is_empty() => continue,
            _ => {
                let choose = item.get("choose").and_then(|node| node.text()?.trim().parse().ok());
                let all = if item.get("of").is_some() { 1 } else { of.len() };
                StepKind::Take { choose: choose.unwrap_or(all), of }
            }
        };
        let optional = item.get("optional").and_then(Node::text) == Some("true");
        steps.push(Step { kind, optional, span: item.span });
    }
    steps
}

fn read_checkpoint(node: &Node) -> StepKind {
    let text = |key: &str| node.get(key).and_then(Node::text).map(|text| text.trim().to_owned());
    let text_alone = node.text().map(|text| text.trim().to_owned());
    StepKind::Checkpoint { sign_off: text("sign_off"), text: text("text").or(text_alone).unwrap_or_default() }
}
