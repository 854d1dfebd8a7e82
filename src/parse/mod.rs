//! [`SourceFile`] → [`ParsedPage`].
//!
//! In: one Markdown file. Out: its front matter, headings, links, code blocks, anchors and raw HTML
//! tags, each with its span, and what is wrong with them. A page that cannot be used (front matter
//! that is not YAML, blocks nested too deeply) gives findings and no page. Not here: other pages
//! (`model`), HTML (`render`).

pub mod allowed;
pub mod anchors;
mod collect;
mod destination;
mod dialect;
mod events;
pub mod fence_words;
pub mod front_matter;
mod inline;
pub mod languages;
pub mod lint;
mod lint_lines;
mod literal;
pub mod markdown;
mod mask;
pub mod math;
pub mod quiz;
mod raw_html;
mod run;
pub mod strays;
pub mod summary;
pub mod text;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::source::{SharedFile, Span, Spanned};
use front_matter::FrontMatter;

/// What one Markdown file says, before other files are known.
#[derive(Debug)]
pub struct ParsedPage {
    /// The file; its path is relative to the knowledge base.
    pub file: SharedFile,
    /// Its path relative to the content directory.
    pub content_path: String,
    /// The front matter, all defaults if there is none.
    pub front: FrontMatter,
    /// Everything after the front matter.
    pub body: Span,
    /// In the order of the text.
    pub headings: Vec<Heading>,
    /// In the order of the text, raw HTML's included.
    pub links: Vec<Link>,
    /// Ids that are not headings': `<a name>`, `id=` in raw HTML, `{: #id}` on blocks.
    pub anchors: Vec<Spanned<String>>,
    /// In the order of the text.
    pub code: Vec<CodeBlock>,
    /// Inline code, with its marks' place, of a page that says which commit was reviewed; else empty.
    pub inline_code: Vec<Spanned<String>>,
    /// Whether the body holds raw HTML, so that its output must be cleaned.
    pub has_raw_html: bool,
    /// The text of the first paragraph of prose, for a description; may be empty.
    pub first_paragraph: String,
    /// Number of words of prose.
    pub words: u32,
    /// Number of check points: items of task lists outside quizzes.
    pub tasks: u32,
    /// In the order of the text.
    pub quizzes: Vec<quiz::Quiz>,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its text without marks.
    pub text: String,
    /// The canonical id: given by hand, else by the config's rule; unique on the page.
    pub id: String,
    /// Other ids that lead to it: the other rule's, kept only where they are free.
    pub other_ids: Vec<String>,
    /// The whole heading.
    pub span: Span,
    /// `{:.no_toc}`: not in the table of contents.
    pub no_toc: bool,
}

/// A link or image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// How it was written.
    pub form: LinkForm,
    /// The destination, entities and backslashes resolved, percent-encoding kept.
    pub target: String,
    /// The whole link.
    pub span: Span,
    /// The exact characters of the destination; for a reference, of its definition's.
    pub target_span: Span,
    /// The text of the link or the alternative text of the image.
    pub text: String,
    /// The heading it stands under, as an index into `headings`.
    pub under: Option<usize>,
}

/// How a link was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkForm {
    /// `[text](target)`.
    Inline,
    /// `[text][label]`, `[label][]`, `[label]`.
    Reference,
    /// `<https://…>` or a bare address.
    Autolink,
    /// `[[target|text]]`.
    Wiki,
    /// `![alt](target)`, inline or by reference.
    Image,
    /// `<a href>` in raw HTML.
    Html,
    /// `<img src>` and other sources in raw HTML.
    HtmlImage,
}

impl LinkForm {
    /// Whether it shows its target in the page instead of leading to it.
    pub fn is_image(self) -> bool {
        matches!(self, Self::Image | Self::HtmlImage)
    }
}

/// A code block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeBlock {
    /// The words after the fence as written; empty for an indented block.
    pub info: Spanned<String>,
    /// The whole block with its fences.
    pub span: Span,
    /// Whether it was fenced.
    pub fenced: bool,
}

/// Parses one file. `content_path` is its path relative to the content directory.
pub fn parse_page(
    file: &SharedFile,
    content_path: &str,
    config: &Config,
) -> (Option<ParsedPage>, Vec<Diagnostic>) {
    let (front, body, mut findings) = front_matter::parse(file, content_path, config);
    let Some(front) = front else { return (None, findings) };
    let (page, more) = markdown::parse_body(file, content_path, front, body, config);
    findings.extend(more);
    (page, findings)
}
