//! Raw HTML made harmless, in two layers.
//!
//! In: a fragment of raw HTML, or the HTML of a whole page. Out: the same without what
//! [`allowed`] does not allow, its links resolved, its tags balanced. The first layer reads each
//! fragment token by token, so that an author's `<title>` or unclosed comment cannot swallow what
//! follows; the second (ammonia) reads the page as a browser would and closes what is open. What we
//! wrote ourselves and content may not write (code figures, formulas, icons, check boxes) stays out
//! of both, in [`Slots`]. Not here: what is allowed (`parse::allowed`), findings (`parse`).

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::OnceLock;

use html5gum::emitters::default::{DefaultEmitter, StartTag, Token};
use html5gum::{HtmlString, Tokenizer};

use super::html::attributes::{alert_class, harmless_classes};
use super::html::escape;
use crate::parse::allowed;

/// Trusted pieces of a page, set aside while the rest is cleaned.
///
/// A piece leaves a void element behind whose attribute holds a hash of the page's source: no
/// author can write a text that names its own hash, so no content can claim a piece.
#[derive(Debug)]
pub(crate) struct Slots {
    key: String,
    pieces: Vec<String>,
}

impl Slots {
    /// Slots for the page with this source.
    pub(crate) fn new(source: &str) -> Self {
        Self { key: blake3::hash(source.as_bytes()).to_hex()[..32].to_owned(), pieces: Vec::new() }
    }

    /// Sets a block aside; gives what stands in its place.
    pub(crate) fn block(&mut self, html: String) -> String {
        self.set_aside("hr", html)
    }

    /// Sets a part of a line aside; gives what stands in its place.
    pub(crate) fn inline(&mut self, html: String) -> String {
        self.set_aside("wbr", html)
    }

    fn set_aside(&mut self, tag: &str, html: String) -> String {
        self.pieces.push(html);
        format!("<{tag} data-slot=\"{}-{}\">", self.key, self.pieces.len() - 1)
    }

    /// Puts the pieces back.
    pub(crate) fn fill(&self, cleaned: &str) -> String {
        let mark = format!(" data-slot=\"{}-", self.key);
        let mut out =
            String::with_capacity(cleaned.len() + self.pieces.iter().map(String::len).sum::<usize>());
        let mut rest = cleaned;
        while let Some(at) = rest.find(&mark) {
            let before = rest[..at].strip_suffix("<hr").or_else(|| rest[..at].strip_suffix("<wbr"));
            let behind = &rest[at + mark.len()..];
            let number = behind.split('"').next().unwrap_or_default();
            let end = number.len() + "\">".len();
            let piece = number.parse().ok().and_then(|number: usize| self.pieces.get(number));
            if let (Some(before), Some(piece), Some(after)) = (before, piece, behind.get(end..)) {
                out.push_str(before);
                out.push_str(piece);
                rest = after;
            } else {
                out.push_str(&rest[..at + mark.len()]);
                rest = behind;
            }
        }
        out.push_str(rest);
        out
    }
}

/// What is written for an address in raw HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RawUrl {
    /// The address, encoded, not yet escaped; `None`: the attribute is left out.
    pub(crate) url: Option<String>,
    /// Leads nowhere.
    pub(crate) dead: bool,
    /// Leads to another site.
    pub(crate) external: bool,
}

/// What the cleaning of one fragment needs from its page.
pub(crate) struct Fragment<'f> {
    /// The fragment.
    pub(crate) html: &'f str,
    /// What is written for the address whose attribute stands at these bytes of the fragment.
    pub(crate) resolve: &'f dyn Fn(Range<usize>) -> Option<RawUrl>,
    /// Hosts that an `<iframe>` may show.
    pub(crate) iframe_hosts: &'f [String],
    /// Ids that are taken on the page.
    pub(crate) used_ids: &'f mut BTreeSet<String>,
    /// Where trusted pieces go.
    pub(crate) slots: &'f mut Slots,
}

/// Cleans one fragment: the first layer.
pub(crate) fn clean_fragment(fragment: &mut Fragment<'_>) -> String {
    let mut emitter = DefaultEmitter::new_with_span();
    emitter.naively_switch_states(true);
    let html = fragment.html;
    let mut out = String::with_capacity(html.len() + 16);
    // Name of the element that is being dropped, and how often it is open.
    let mut dropping: Option<(String, usize)> = None;
    for token in Tokenizer::new_with_emitter(html, emitter).flatten() {
        if let Some((name, depth)) = &mut dropping {
            match &token {
                Token::StartTag(tag) if text_of(&tag.name) == *name && !tag.self_closing => *depth += 1,
                Token::EndTag(tag) if text_of(&tag.name) == *name => *depth -= 1,
                _ => {}
            }
            if *depth == 0 {
                dropping = None;
            }
            continue;
        }
        match token {
            Token::StartTag(tag) => {
                let name = text_of(&tag.name);
                if allowed::DROPPED.contains(&name.as_str()) {
                    if name == "iframe" {
                        write_frame(fragment, &tag, &mut out);
                    }
                    if name != "embed" && !tag.self_closing {
                        dropping = Some((name, 1));
                    }
                } else if allowed::tag_is_allowed(&name) {
                    write_start_tag(fragment, &name, &tag, &mut out);
                } else if !allowed::UNWRAPPED.contains(&name.as_str()) {
                    escape::push_text(&mut out, html.get(tag.span.start..tag.span.end).unwrap_or_default());
                }
            }
            Token::EndTag(tag) => {
                let name = text_of(&tag.name);
                if allowed::tag_is_allowed(&name) {
                    let _ = write!(out, "</{}>", shown_name(&name));
                } else if !allowed::UNWRAPPED.contains(&name.as_str())
                    && !allowed::DROPPED.contains(&name.as_str())
                {
                    escape::push_text(&mut out, html.get(tag.span.start..tag.span.end).unwrap_or_default());
                }
            }
            Token::String(text) => escape::push_text(&mut out, &text_of(&text.value)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    out
}

/// The page has one `h1`, the template's.
fn shown_name(name: &str) -> &str {
    if name == "h1" { "h2" } else { name }
}

fn write_start_tag(fragment: &mut Fragment<'_>, name: &str, tag: &StartTag<usize>, out: &mut String) {
    if name == "img"
        && let Some(link) = image_elsewhere(fragment, tag)
    {
        out.push_str(&link);
        return;
    }
    let mut classes = Vec::new();
    let mut written = String::new();
    for (key, value) in &tag.attributes {
        let key = text_of(key);
        if !allowed::attribute_is_allowed(name, &key) {
            continue;
        }
        let span = value.span.start..value.span.end;
        let value = text_of(&value.value);
        if key == "class" {
            classes.push(value);
        } else if key == "id" || key == "name" {
            let id = crate::parse::anchors::published_id(&value);
            // `<a id="x" name="x">` is one anchor: the second attribute adds nothing.
            if !id.is_empty() && fragment.used_ids.insert(id.clone()) {
                let _ = write!(written, " id=\"{}\"", escape::text(&id));
            }
        } else if allowed::URL_ATTRIBUTES.contains(&key.as_str()) {
            let resolved = (fragment.resolve)(span).unwrap_or_else(|| judge(name, &value));
            if resolved.dead {
                classes.push("dead".to_owned());
            }
            if let Some(url) = resolved.url {
                let _ = write!(written, " {key}=\"{}\"", escape::text(&url));
                if resolved.external && name == "a" {
                    written.push_str(" rel=\"noopener\"");
                }
            }
        } else {
            let _ = write!(written, " {key}=\"{}\"", escape::text(&value));
        }
    }
    if name == "img" && !written.contains(" loading=") {
        written.push_str(" loading=\"lazy\"");
    }
    let words = || classes.iter().flat_map(|class| class.split_ascii_whitespace());
    let mut kept: Vec<&str> =
        alert_class(words()).map_or_else(|| harmless_classes(words()), |alert| vec![alert]);
    if words().any(|class| class == "dead") && name == "a" {
        kept = vec!["dead"];
    }
    let _ = write!(out, "<{}", shown_name(name));
    if !kept.is_empty() {
        let _ = write!(out, " class=\"{}\"", kept.join(" "));
    }
    out.push_str(&written);
    out.push('>');
}

/// A link in place of an image that lies elsewhere: pages load nothing from other hosts.
fn image_elsewhere(fragment: &Fragment<'_>, tag: &StartTag<usize>) -> Option<String> {
    let attribute = |name: &str| tag.attributes.iter().find(|(key, _)| text_of(key) == name);
    let (_, source) = attribute("src")?;
    let span = source.span.start..source.span.end;
    let resolved = (fragment.resolve)(span).unwrap_or_else(|| judge("img", &text_of(&source.value)));
    let url = resolved.url.filter(|url| !resolved.dead && url.contains("//") && !url.starts_with("data:"))?;
    let alt = attribute("alt").map(|(_, alt)| text_of(&alt.value)).unwrap_or_default();
    let words = if alt.trim().is_empty() { "Image" } else { alt.trim() };
    let words = escape::text(words);
    // No link stands in another.
    if fragment.html.contains("<a ") {
        return Some(words.into_owned());
    }
    Some(format!("<a href=\"{}\" rel=\"noopener\">{words} (image)</a>", escape::text(&url)))
}

/// An address that the parser did not report as a link.
fn judge(tag: &str, url: &str) -> RawUrl {
    let safe = if tag == "img" { allowed::image_is_safe(url) } else { allowed::scheme_is_safe(url) };
    RawUrl { url: safe.then(|| escape::url(url).into_owned()), dead: false, external: url.contains("//") }
}

/// A frame from a host that the config names, or a link to what the frame would have shown.
fn write_frame(fragment: &mut Fragment<'_>, tag: &StartTag<usize>, out: &mut String) {
    let attribute = |name: &str| {
        tag.attributes.iter().find(|(key, _)| text_of(key) == name).map(|(_, value)| text_of(&value.value))
    };
    let Some(source) = attribute("src").map(|source| source.trim().to_owned()) else { return };
    if source.is_empty() || !allowed::scheme_is_safe(&source) {
        return;
    }
    let url = escape::url(&source);
    let url = escape::text(&url);
    let title = attribute("title").filter(|title| !title.trim().is_empty());
    let title = title.as_deref().unwrap_or(&source);
    let title = escape::text(title);
    let host = host_of(&source);
    if host.is_some_and(|host| fragment.iframe_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host)))
    {
        let frame = format!(
            "<iframe src=\"{url}\" title=\"{title}\" loading=\"lazy\" \
             sandbox=\"allow-popups allow-same-origin allow-scripts\"></iframe>"
        );
        out.push_str(&fragment.slots.inline(frame));
    } else {
        let _ = write!(out, "<a href=\"{url}\" rel=\"noopener\">{title}</a>");
    }
}

/// The host of an absolute `http` address. A browser ends the host at any of these characters.
fn host_of(url: &str) -> Option<&str> {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    let skipped = ["https://", "http://", "//"].iter().find(|start| lower.starts_with(**start))?.len();
    let authority = url[skipped..].split(['/', '\\', '?', '#']).next()?;
    if authority.contains('@') {
        return None;
    }
    authority.split(':').next().filter(|host| !host.is_empty())
}

/// Cleans a whole page: the second layer. It also lets through what our own writer writes.
pub(crate) fn clean_page(html: &str) -> String {
    static CLEANER: OnceLock<ammonia::Builder<'static>> = OnceLock::new();
    let cleaner = CLEANER.get_or_init(|| {
        let mut generic: HashSet<&'static str> = allowed::ATTRIBUTES.iter().copied().collect();
        generic.extend(["aria-level", "data-slot", "rel", "role", "tabindex"]);
        let of_tags: HashMap<&'static str, HashSet<&'static str>> = allowed::TAG_ATTRIBUTES
            .iter()
            .map(|(tag, names)| (*tag, names.iter().copied().collect()))
            .collect();
        let mut schemes: HashSet<&'static str> = allowed::SCHEMES.iter().copied().collect();
        // Judged by the filter below, which knows images from links.
        schemes.insert("data");
        let mut cleaner = ammonia::Builder::empty();
        cleaner
            .tags(allowed::TAGS.iter().copied().collect())
            .clean_content_tags(allowed::DROPPED.iter().copied().collect())
            .generic_attributes(generic)
            .tag_attributes(of_tags)
            .url_schemes(schemes)
            .url_relative(ammonia::UrlRelative::PassThrough)
            .link_rel(None)
            .attribute_filter(|tag, name, value| {
                let safe = match name {
                    "src" if tag == "img" => allowed::image_is_safe(value),
                    _ if allowed::URL_ATTRIBUTES.contains(&name) => allowed::scheme_is_safe(value),
                    _ => true,
                };
                safe.then(|| value.into())
            });
        cleaner
    });
    cleaner.clean(html).to_string()
}

/// A description and the body of a page as search engines for jobs take them: paragraphs, headings, lists
/// and tables, without links, marks and pictures.
pub(crate) fn posting_text(said: &str, body: &str) -> String {
    static CLEANER: OnceLock<ammonia::Builder<'static>> = OnceLock::new();
    let cleaner = CLEANER.get_or_init(|| {
        let mut cleaner = ammonia::Builder::empty();
        cleaner
            .tags(HashSet::from([
                "p", "br", "ul", "ol", "li", "h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td",
            ]))
            .clean_content_tags(HashSet::from(["svg", "button", "script", "style", "figcaption"]));
        cleaner
    });
    let mut text = if said.is_empty() { String::new() } else { format!("<p>{}</p>", escape::text(said)) };
    // The mark by which a heading can be linked to.
    let mut rest = body;
    while let Some(at) = rest.find("<a class=\"anchor\"") {
        text.push_str(&rest[..at]);
        rest = rest[at..].split_once("</a>").map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    cleaner.clean(&text).to_string()
}

fn text_of(bytes: &HtmlString) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(html: &str) -> String {
        let mut slots = Slots::new(html);
        let mut used_ids = BTreeSet::from(["taken".to_owned()]);
        let first = clean_fragment(&mut Fragment {
            html,
            resolve: &|_| None,
            iframe_hosts: &["video.example".to_owned()],
            used_ids: &mut used_ids,
            slots: &mut slots,
        });
        slots.fill(&clean_page(&first))
    }

    #[test]
    fn what_can_run_code_is_removed() {
        let cases = [
            ("a<script>alert(1)</script>b", "ab"),
            ("a<style>*{}</style>b", "ab"),
            ("a<svg onload=alert(1)><a xlink:href=javascript:x>t</a></svg>b", "ab"),
            ("a<math><mi//xlink:href=\"data:x\"></math>b", "ab"),
            ("a<object data=x><embed src=y></object>b<embed src=z>c", "abc"),
            ("<base href=//evil><meta http-equiv=refresh content=0><link rel=stylesheet href=x>t", "t"),
            ("<form action=x><input name=q><button>t</button></form>", "t"),
            ("<p onclick=alert(1) style=\"color:red\" title=ok>t</p>", "<p title=\"ok\">t</p>"),
            ("<a href=\"jav&#x09;ascript:alert(1)\">t</a>", "<a>t</a>"),
            ("<img src=\"data:text/html,x\" alt=\"t\">", "<img alt=\"t\" loading=\"lazy\">"),
            ("<img src=x onerror=alert(1)>", "<img src=\"x\" loading=\"lazy\">"),
            ("<img src=`x`onerror=alert(1)>", "<img src=\"%60x%60onerror=alert(1)\" loading=\"lazy\">"),
            ("<scr<script>ipt>alert(1)</script>", "&lt;scr&lt;script&gt;ipt&gt;alert(1)"),
            (
                "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">t</noscript>u",
                "<img src=\"x\" loading=\"lazy\">\"&gt;tu",
            ),
        ];
        for (html, expected) in cases {
            assert_eq!(cleaned(html), expected, "{html}");
        }
    }

    #[test]
    fn a_fragment_cannot_swallow_or_escape_what_is_around_it() {
        let cases = [
            ("<!-- open", ""),
            ("<title>", ""),
            ("a</title>b", "ab"),
            ("<div class=\"open", ""),
            ("<textarea>", ""),
            ("<plaintext>x", ""),
            ("</div></main></body>t", "t"),
            ("<div><b>t", "<div><b>t</b></div>"),
        ];
        for (html, expected) in cases {
            assert_eq!(cleaned(html), expected, "{html}");
        }
    }

    #[test]
    fn placeholders_in_angle_brackets_stay_readable() {
        assert_eq!(cleaned("ssh <your-host> and </x>"), "ssh &lt;your-host&gt; and &lt;/x&gt;");
    }

    #[test]
    fn ids_are_published_once_and_never_the_themes() {
        assert_eq!(cleaned("<a name=old></a><a id=old></a>"), "<a id=\"old\"></a><a></a>");
        assert_eq!(cleaned("<p id=search>t</p><p id=taken>u</p>"), "<p id=\"h-search\">t</p><p>u</p>");
    }

    #[test]
    fn a_frame_is_shown_from_named_hosts_only() {
        let link = |src: &str| format!("<a href=\"{src}\" rel=\"noopener\">{src}</a>");
        for src in [
            "https://evil.example/x",
            "https://video.example@evil.example/",
            "https://evil.example\\@video.example/",
        ] {
            let cleaned = cleaned(&format!("<iframe src=\"{src}\"></iframe>t"));
            assert_eq!(cleaned.replace("%5C", "\\"), format!("{}t", link(src)));
        }
        assert_eq!(cleaned("<iframe src=javascript:x></iframe>t"), "t");
        assert_eq!(
            cleaned("<iframe src=//video.example/1 title=Tour onload=x></iframe>"),
            "<iframe src=\"//video.example/1\" title=\"Tour\" loading=\"lazy\" \
             sandbox=\"allow-popups allow-same-origin allow-scripts\"></iframe>"
        );
    }

    #[test]
    fn content_cannot_claim_a_trusted_piece() {
        let mut slots = Slots::new("page");
        let block = slots.block("<figure>code</figure>".into());
        let page = format!("<hr data-slot=\"0\"><p>{block}</p>");
        assert_eq!(slots.fill(&clean_page(&page)), "<hr data-slot=\"0\"><p></p><figure>code</figure><p></p>");
    }

    #[test]
    fn raw_headings_leave_the_top_to_the_template() {
        assert_eq!(cleaned("<h1 class=\"toc big\">t</h1>"), "<h2 class=\"big\">t</h2>");
    }
}
