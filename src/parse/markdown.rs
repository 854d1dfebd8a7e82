//! Markdown: the one place that configures the parser and knows the old dialects.
//!
//! [`Body`] is what both readers of a page use, the one here that collects headings and links and
//! the one in `render` that writes HTML: the same events with the same spans. Marks of kramdown and
//! the like are *masked* with spaces of the same length before parsing, so that spans stay true.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::Options;

use super::ParsedPage;
use super::collect::collect;
use super::events::Events;
use super::front_matter::FrontMatter;
use super::literal::TemplateTag;
use super::mask::{Mask, Patch};
use super::{dialect, literal};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::source::{SharedFile, Span};

/// The body of a page, ready to be walked.
#[derive(Debug)]
pub struct Body<'a> {
    /// The whole file's text with front matter and dialect marks masked by spaces, and characters
    /// that must stay literal by stand-ins.
    pub text: Cow<'a, str>,
    /// What the masked marks ask for, in the order of the text.
    pub marks: Vec<Mark>,
    pub(super) source: &'a str,
    pub(super) patches: Vec<Patch>,
    pub(super) template_tags: Vec<TemplateTag>,
}

/// What a masked mark asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where it stood.
    pub span: Span,
    /// What it asks for.
    pub kind: MarkKind,
}

/// What a masked mark asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// A table of contents here.
    Toc,
    /// Attributes for the block or span that ends right before it.
    Attributes {
        /// `#id`.
        id: Option<String>,
        /// `.class`.
        classes: Vec<String>,
    },
    /// Nothing: an option, a comment.
    Dropped,
}

/// The extensions of `CommonMark` that pages may use, one by one.
pub(super) fn options() -> Options {
    plain_options() | Options::ENABLE_MATH | Options::ENABLE_WIKILINKS
}

/// The same without formulas and wiki links, to find code before it is known what is one.
fn plain_options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
}

impl<'a> Body<'a> {
    /// Prepares the body of `file`.
    pub fn new(file: &'a SharedFile, body: Span) -> Self {
        let source = file.text();
        let range = body.start as usize..(body.end as usize).min(source.len());
        let text = source.get(range.clone()).unwrap_or_default();
        let is_marked = text.contains(['{', '$'])
            || ["<%", "[[", "[TOC]", "://", "www."].iter().any(|mark| text.contains(mark));
        if !is_marked && range == (0..source.len()) {
            let (marks, patches, template_tags) = (Vec::new(), Vec::new(), Vec::new());
            return Self { text: Cow::Borrowed(source), marks, source, patches, template_tags };
        }
        let mut mask = Mask::new(source, range);
        let mut template_tags = Vec::new();
        if is_marked {
            mask.find_code(plain_options());
            template_tags = literal::keep_template_tags(&mut mask);
            dialect::mask_marks(&mut mask);
            literal::keep_heading_braces(&mut mask);
            literal::keep_brackets(&mut mask);
            literal::keep_addresses(&mut mask);
            literal::keep_dollars(&mut mask);
        }
        let (text, marks, patches) = mask.finish();
        Self { text: Cow::Owned(text), marks, source, patches, template_tags }
    }

    /// The events with their spans in the file. Emoji short codes, literal dollars and the like
    /// are resolved already.
    pub fn events(&self) -> Events<'_> {
        Events::new(self)
    }

    /// What was replaced within `range`, in order.
    pub(super) fn patches_in(&self, range: Range<usize>) -> &[Patch] {
        let first = self.patches.partition_point(|patch| patch.end <= range.start);
        let last = self.patches.partition_point(|patch| patch.start < range.end);
        self.patches.get(first..last).unwrap_or_default()
    }
}

/// Reads the body: headings, links, anchors, code blocks and what is wrong with them.
pub fn parse_body(
    file: &SharedFile,
    content_path: &str,
    front: FrontMatter,
    body: Span,
    config: &Config,
) -> (Option<ParsedPage>, Vec<Diagnostic>) {
    let page = ParsedPage {
        file: file.clone(),
        content_path: content_path.to_owned(),
        front,
        body,
        headings: Vec::new(),
        links: Vec::new(),
        anchors: Vec::new(),
        code: Vec::new(),
        inline_code: Vec::new(),
        has_raw_html: false,
        first_paragraph: String::new(),
        words: 0,
        tasks: 0,
        quizzes: Vec::new(),
    };
    collect(page, config)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::sync::Arc;

    use pulldown_cmark::{Event, Tag};

    use super::*;
    use crate::source::SourceFile;

    /// The events of a text in short: tags by name, text as it is.
    fn shown(text: &str) -> String {
        let file = Arc::new(SourceFile::new("a.md", text));
        let body = Body::new(&file, Span::new(0, text.len()));
        assert_eq!(body.text.len(), text.len());
        let mut out = String::new();
        for (event, span) in body.events() {
            assert!(text.get(span.range()).is_some(), "{event:?} at {span:?} of {text:?}");
            match event {
                Event::Start(Tag::Link { dest_url, .. }) => write!(out, "<a {dest_url}>").unwrap(),
                Event::Start(Tag::Heading { id, .. }) => {
                    write!(out, "<h {}>", id.as_deref().unwrap_or_default()).unwrap();
                }
                Event::Start(Tag::Paragraph) => out.push_str("<p>"),
                Event::Start(Tag::Item) => out.push_str("<li>"),
                Event::Start(Tag::Emphasis) => out.push_str("<em>"),
                Event::Start(Tag::Table(_)) => out.push_str("<table>"),
                Event::Start(Tag::TableCell) => out.push_str("<td>"),
                Event::Start(Tag::CodeBlock(_)) => out.push_str("<pre>"),
                Event::Start(Tag::BlockQuote(_)) => out.push_str("<quote>"),
                Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => out.push_str(&text),
                Event::Code(text) => write!(out, "`{text}`").unwrap(),
                Event::InlineMath(text) => write!(out, "<math {text}>").unwrap(),
                Event::SoftBreak => out.push('/'),
                Event::HardBreak => out.push_str("<br>"),
                _ => {}
            }
        }
        out
    }

    /// Notes where the events differ from what is expected, so that one run shows all.
    fn check(text: &str, expected: &str, wrong: &mut String) {
        let shown = shown(text);
        if shown != expected {
            write!(wrong, "\n{text:?}\n  is {shown:?}\n not {expected:?}").unwrap();
        }
    }

    #[test]
    fn kramdown_marks_are_never_printed_and_break_nothing() {
        let mut wrong = String::new();
        for (text, expected) in [
            ("# A {#x}\n", "<h x>A"),
            ("# A {: #x}\n", "<h >A"),
            ("# A\n{:.no_toc}\n\nb", "<h >A<p>b"),
            ("a\n{: .alert .alert-info}\n\nb", "<p>a<p>b"),
            ("- TOC\n{:toc}\n\n# A", "<h >A"),
            ("1. TOC\n{:toc .hidden-md}\n", ""),
            ("- a\n{: .x}\n- b\n", "<li>a<li>b"),
            ("> - a\n> {: .x}\n> - b\n", "<quote><li>a<li>b"),
            ("- {: .x} a\n- b\n", "<li> a<li>b"),
            ("|a|b|\n|-|-|\n|1|2|\n{: .t}\nc", "<table><td>a<td>b<td>1<td>2<p>c"),
            ("[a](b){:target=\"_blank\"}\nc", "<p><a b>a/c"),
            ("[a](b){:.x} c", "<p><a b>a c"),
            ("![a](b){: .\nshadow}\n\nc", "<p>a<p>c"),
            ("{::options toc_levels=\"1\" /}\n\na", "<p>a"),
            ("a {::comment}*b*{:/comment} c", "<p>a  c"),
            ("{::nomarkdown}\n<b>a</b>\n{:/nomarkdown}", "<p><b>a</b>"),
            ("{::nomarkdown}<b>a</b>{:/nomarkdown}", "<p><b>a</b>"),
            ("{::comment}b{:/comment} *a*", "<p> <em>a"),
            ("{::comment}\nb\n{:/comment} a", "<p> a"),
            ("{:quote: .x}\n\na", "<p>a"),
            ("[[_TOC_]]\n\na", "<p>a"),
            ("`{:.x}` {:ok, 1} {:error}", "<p>`{:.x}` {:ok, 1} {:error}"),
            ("    {:.x}\n", "<pre>{:.x}\n"),
            ("```\n{:toc}\n[[_TOC_]]\n```\n", "<pre>{:toc}\n[[_TOC_]]\n"),
        ] {
            check(text, expected, &mut wrong);
        }
        assert!(wrong.is_empty(), "{wrong}");
    }

    #[test]
    fn template_tags_dollars_and_addresses_stay_as_they_are_written() {
        let mut wrong = String::new();
        for (text, expected) in [
            ("a <%= *b* %> c", "<p>a <%= *b* %> c"),
            ("<a href=\"<%= b %>\">c</a>", "<p><a href=\"&lt;%= b %&gt;\">c</a>"),
            ("{{ $labels.type }} *x*", "<p>{{ $labels.type }} <em>x"),
            ("{{< fig a_b_c >}} {{% _n_ %}}", "<p>{{< fig a_b_c >}} {{% _n_ %}}"),
            ("[a]({{ site.url }}/b)", "<p><a {{ site.url }}/b>a"),
            ("{% include _a_.html %}", "<p>{% include _a_.html %}"),
            ("`{{ a }}`", "<p>`{{ a }}`"),
            ("$HOME/x:$PATH and *a*", "<p>$HOME/x:$PATH and <em>a"),
            ("from $5 to $10", "<p>from $5 to $10"),
            ("$x+1$ $`y`$", "<p><math x+1> <math y>"),
            (":warning: a:100:b 12:30:45 Foo::Bar::", "<p>⚠\u{fe0f} a:100:b 12:30:45 Foo::Bar::"),
            ("`:warning:`", "<p>`:warning:`"),
            ("see https://a.io/c_d_e?f=1. x", "<p>see <a https://a.io/c_d_e?f=1>https://a.io/c_d_e?f=1. x"),
            ("(www.a.com/_b_c_/)", "<p>(<a http://www.a.com/_b_c_/>www.a.com/_b_c_/)"),
            ("http://localhost:80/a", "<p><a http://localhost:80/a>http://localhost:80/a"),
            ("a@b.com", "<p><a a@b.com>a@b.com"),
            ("[https://a.b](c)", "<p><a c>https://a.b"),
            ("## GET /users/{id}\n", "<h >GET /users/{id}"),
            ("[[ -f x ]] [[Page|text]]", "<p>[[ -f x ]] <a Page>text"),
            ("[[1]](b)", "<p><a b>[1]"),
        ] {
            check(text, expected, &mut wrong);
        }
        assert!(wrong.is_empty(), "{wrong}");
    }
}
