//! Code blocks: the figure with its caption, syntect's scopes as the theme's six classes.
//!
//! In: an info string and the text of a block. Out: a `<figure>`. Highlighting is a pure function
//! and most of the work of a build, so its results are remembered by the hash of what they read.

pub mod fence;
mod highlight;
mod session;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::html::escape;
use crate::parse::languages;
use fence::FenceInfo;

/// Bytes of HTML that one of the [`SHARDS`] remembers at most.
const MAX_REMEMBERED: usize = 4 << 20;
const SHARDS: usize = 16;

/// Tokens of languages whose blocks are commands: their lines wrap, so that no tail of one is hidden.
const SHELLS: &[&str] = &["bash", "bat", "fish", "ps1"];

/// The figure of a code block. `numbers`: number the lines unless the block says otherwise.
pub fn render_block(info: &str, text: &str, numbers: bool) -> String {
    let fence = FenceInfo::parse(info);
    let token = languages::token(&fence.language).unwrap_or(languages::PLAIN);
    let text = text.strip_suffix('\n').unwrap_or(text);
    let is_shell = SHELLS.contains(&token);
    let is_session = token == languages::CONSOLE
        || ((is_shell || token == languages::PLAIN) && session::starts_with_prompt(text));
    let code = match token {
        _ if is_session => session::render_session(text),
        "diff" => render_diff(text),
        languages::PLAIN => escape::text(text).into_owned(),
        token => render_language(text, token),
    };
    let numbers = fence.numbers.unwrap_or(numbers && !is_session);
    let code = if numbers || !fence.lines.is_empty() { split_lines(&code, &fence) } else { code };

    let wrap = fence.wrap || is_shell || is_session;
    let mut out = String::with_capacity(code.len() + 320);
    out.push_str("<figure class=\"cmd");
    for (class, set) in [(" wrap", wrap), (" danger", fence.danger.is_some()), (" numbers", numbers)] {
        out.push_str(if set { class } else { "" });
    }
    out.push_str("\">");
    write_caption(&mut out, &fence);
    out.push_str("<pre");
    if !wrap {
        let label = match &fence.title {
            Some(title) => format!("{}: {title}", shown_language(&fence)),
            None => shown_language(&fence).to_owned(),
        };
        // A block that scrolls must be reachable by keyboard, and what is reachable needs a name.
        let _ = write!(out, " tabindex=\"0\" role=\"group\" aria-label=\"{}\"", escape::text(&label));
    }
    out.push_str("><code>");
    out.push_str(&code);
    out.push_str("</code></pre></figure>");
    out
}

fn shown_language(fence: &FenceInfo) -> &str {
    if fence.language.is_empty() { "text" } else { &fence.language }
}

fn write_caption(out: &mut String, fence: &FenceInfo) {
    let _ = write!(out, "<figcaption><span class=\"lang\">{}</span>", escape::text(shown_language(fence)));
    if let Some(title) = &fence.title {
        let _ = write!(out, "<span>{}</span>", escape::text(title));
    }
    if let Some(on) = &fence.on {
        let _ = write!(out, "<span>on {}</span>", escape::text(on));
    }
    if let Some(danger) = &fence.danger {
        let reason = if danger.is_empty() { String::new() } else { format!(": {danger}") };
        let _ = write!(
            out,
            "<span class=\"hazard\"><svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-warn\"/></svg>\
             Dangerous{}</span>",
            escape::text(&reason)
        );
    }
    out.push_str(
        "<button class=\"btn needs-js\" type=\"button\"><svg class=\"i\" aria-hidden=\"true\">\
         <use href=\"#i-copy\"/></svg>Copy</button></figcaption>",
    );
}

/// Puts each line into an element of its own, which the theme numbers and marks.
fn split_lines(code: &str, fence: &FenceInfo) -> String {
    let mut out = String::with_capacity(code.len() * 2);
    for (line, number) in code.split('\n').zip(1..) {
        if number > 1 {
            out.push('\n');
        }
        let class = if fence.is_marked(number) { "l marked" } else { "l" };
        let _ = write!(out, "<span class=\"{class}\">{line}</span>");
    }
    out
}

fn render_diff(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let class = match line.as_bytes() {
            [b'+', b'+', b'+', b' ', ..] | [b'-', b'-', b'-', b' ', ..] => "k",
            [b'@', b'@', ..] => "t",
            [b'+', ..] => "ins",
            [b'-', ..] => "del",
            _ => {
                escape::push_text(&mut out, line);
                continue;
            }
        };
        let _ = write!(out, "<span class=\"{class}\">{}</span>", escape::text(line));
    }
    out
}

/// The block in its language's colours; plain if nobody knows the language.
fn render_language(text: &str, token: &str) -> String {
    let Some(syntax) = highlight::find_syntax(token) else { return escape::text(text).into_owned() };
    let mut hasher = blake3::Hasher::new();
    hasher.update(syntax.name.as_bytes()).update(&[0]).update(text.as_bytes());
    let key = *hasher.finalize().as_bytes();
    if let Some(known) = remembered(&key) {
        return known.to_string();
    }
    let html = highlight::highlight(text, syntax);
    remember(key, &html);
    html
}

type Remembered = HashMap<[u8; 32], Arc<str>>;

/// One shard of what was highlighted, and its size in bytes.
fn shard(key: &[u8; 32]) -> &'static Mutex<(Remembered, usize)> {
    static ALL: OnceLock<Vec<Mutex<(Remembered, usize)>>> = OnceLock::new();
    &ALL.get_or_init(|| (0..SHARDS).map(|_| Mutex::default()).collect())[usize::from(key[0]) % SHARDS]
}

fn remembered(key: &[u8; 32]) -> Option<Arc<str>> {
    shard(key).lock().unwrap_or_else(PoisonError::into_inner).0.get(key).cloned()
}

fn remember(key: [u8; 32], html: &str) {
    let mut shard = shard(&key).lock().unwrap_or_else(PoisonError::into_inner);
    if shard.1 + html.len() > MAX_REMEMBERED {
        // A server that has seen many versions of many pages starts afresh rather than grow.
        *shard = Default::default();
    }
    shard.1 += html.len();
    shard.0.insert(key, html.into());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(info: &str, text: &str) -> String {
        let figure = render_block(info, text, false);
        let (_, code) = figure.split_once("<code>").unwrap();
        code.strip_suffix("</code></pre></figure>").unwrap().to_owned()
    }

    #[test]
    fn the_caption_says_what_the_fence_says() {
        assert_eq!(
            render_block("console on=HOST danger=\"deletes <all>\"", "# rm -rf /srv\n", false),
            "<figure class=\"cmd wrap danger\"><figcaption><span class=\"lang\">console</span><span>on HOST</span>\
             <span class=\"hazard\"><svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-warn\"/></svg>Dangerous: \
             deletes &lt;all&gt;</span><button class=\"btn needs-js\" type=\"button\"><svg class=\"i\" \
             aria-hidden=\"true\"><use href=\"#i-copy\"/></svg>Copy</button></figcaption><pre><code>\
             <span class=\"pr\"># </span>rm -rf /srv</code></pre></figure>"
        );
        assert!(
            render_block("sql title=\"replay lag\"", "x", false)
                .contains("<pre tabindex=\"0\" role=\"group\" aria-label=\"sql: replay lag\"><code>")
        );
    }

    #[test]
    fn an_unknown_language_is_plain() {
        for info in ["", "text", "8sh", "rediscli_auth=$(sudo", "promql-x"] {
            assert_eq!(code(info, "a < \"b\"\n"), "a &lt; &quot;b&quot;", "{info}");
        }
    }

    #[test]
    fn marked_and_numbered_lines_stand_alone() {
        assert_eq!(
            code("text lines=2", "a\nb\n\nc\n"),
            "<span class=\"l\">a</span>\n<span class=\"l marked\">b</span>\n<span class=\"l\"></span>\n<span class=\"l\">c</span>"
        );
        assert!(render_block("text", "a", true).starts_with("<figure class=\"cmd numbers\">"));
        assert!(render_block("text numbers=no", "a", true).starts_with("<figure class=\"cmd\">"));
    }

    #[test]
    fn a_diff_shows_what_came_and_went() {
        assert_eq!(
            code("diff", "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n z\n"),
            "<span class=\"k\">--- a</span>\n<span class=\"k\">+++ b</span>\n<span class=\"t\">@@ -1 +1 @@</span>\n\
             <span class=\"del\">-x</span>\n<span class=\"ins\">+y</span>\n z"
        );
    }
}
