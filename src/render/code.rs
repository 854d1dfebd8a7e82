//! Code blocks: the figure with its caption, syntect's scopes as the theme's six classes.
//!
//! In: an info string and the text of a block. Out: a `<figure>`. Highlighting is a pure function
//! and most of the work of a build, so its results are remembered by the hash of what they read.

mod commands;
mod danger;
pub mod fence;
mod highlight;
mod placeholders;
mod prompts;
mod session;
mod shell;
mod words;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::html::escape;
use crate::parse::languages;
use fence::FenceInfo;
pub use placeholders::{Field, Fields, is_secret, key};
use session::Form;

/// Bytes of HTML that one of the [`SHARDS`] remembers at most.
const MAX_REMEMBERED: usize = 4 << 20;
const SHARDS: usize = 16;

/// Tokens of languages whose blocks are commands: their lines wrap, so that no tail of one is hidden.
const SHELLS: &[&str] = &["bash", "bat", "fish", "ps1"];

/// The figure of a code block. `numbers`: number the lines unless the block says otherwise. What its commands want
/// filled in goes to `fields`.
pub fn render_block(info: &str, text: &str, numbers: bool, fields: &mut Fields) -> String {
    let fence = FenceInfo::parse(info);
    let token = languages::token(&fence.language).unwrap_or(languages::PLAIN);
    let text = text.strip_suffix('\n').unwrap_or(text);
    let form = match token {
        languages::CONSOLE => Some(Form::Shell),
        languages::PLAIN if fence.language.is_empty() => Some(Form::Unnamed),
        token => is_shell(token, &fence.language).then_some(Form::Shell),
    };
    let visible = if form.is_some() { without_invisible(text) } else { Cow::Borrowed(text) };
    let lines = form.and_then(|form| session::read(&visible, form));
    let mut block = match &lines {
        Some(lines) => commands::render(&visible, lines, token, fields),
        None => Block { html: render_code(text, token), ..Block::default() },
    };
    if lines.is_none() && matches!(token, "sql") {
        block.hazard = danger::find_in_sql(text);
    }
    let numbers = fence.numbers.unwrap_or(numbers && !block.is_session);
    if numbers || !fence.lines.is_empty() {
        block.html = split_lines(&block.html, &fence);
    }

    let wrap = fence.wrap || lines.is_some();
    let danger = match &fence.danger {
        Some(said) => Some(said.as_str()),
        None if fence.is_harmless => None,
        None => block.hazard,
    };
    let mut out = String::with_capacity(block.html.len() + 320);
    out.push_str("<figure class=\"cmd");
    for (class, set) in [(" wrap", wrap), (" danger", danger.is_some()), (" numbers", numbers)] {
        out.push_str(if set { class } else { "" });
    }
    out.push_str("\">");
    write_caption(&mut out, &fence, danger, fields);
    if lines.is_none() || block.has_command {
        out.push_str(
            "<button class=\"btn needs-js\" type=\"button\"><svg class=\"i\" aria-hidden=\"true\">\
             <use href=\"#i-copy\"/></svg>Copy</button>",
        );
    }
    out.push_str("</figcaption><pre");
    if !wrap {
        let label = match &fence.title {
            Some(title) => format!("{}: {title}", shown_language(&fence)),
            None => shown_language(&fence).to_owned(),
        };
        // A block that scrolls must be reachable by keyboard, and what is reachable needs a name.
        let _ = write!(out, " tabindex=\"0\" role=\"group\" aria-label=\"{}\"", escape::text(&label));
    }
    out.push_str("><code>");
    out.push_str(&block.html);
    out.push_str("</code></pre></figure>");
    out
}

/// Whether a language is a shell's, also by a misspelt name: `shel`, `8sh`.
fn is_shell(token: &str, name: &str) -> bool {
    let is_known = languages::token(name).is_some();
    let meant = || languages::meant(name).and_then(languages::token);
    SHELLS.contains(&token) || (!is_known && meant().is_some_and(|token| SHELLS.contains(&token)))
}

/// The inside of a block.
#[derive(Debug, Default)]
struct Block {
    html: String,
    /// Prompts or output stand in it.
    is_session: bool,
    has_command: bool,
    /// What its commands are known to destroy.
    hazard: Option<&'static str>,
}

fn render_code(text: &str, token: &str) -> String {
    match token {
        "diff" => render_diff(text),
        languages::PLAIN => escape::text(text).into_owned(),
        token => render_language(text, token),
    }
}

/// A command is run as it is pasted: characters that nobody sees would be a part of it.
fn without_invisible(text: &str) -> Cow<'_, str> {
    let is_invisible = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let is_space = |c: char| matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}');
    if !text.contains(|c| is_invisible(c) || is_space(c)) {
        return Cow::Borrowed(text);
    }
    let seen = text.chars().filter(|c| !is_invisible(*c));
    Cow::Owned(seen.map(|c| if is_space(c) { ' ' } else { c }).collect())
}

fn shown_language(fence: &FenceInfo) -> &str {
    if fence.language.is_empty() { "text" } else { &fence.language }
}

/// Opens the caption; the button comes behind it.
fn write_caption(out: &mut String, fence: &FenceInfo, danger: Option<&str>, fields: &Fields) {
    let _ = write!(out, "<figcaption><span class=\"lang\">{}</span>", escape::text(shown_language(fence)));
    if let Some(title) = &fence.title {
        let _ = write!(out, "<span>{}</span>", escape::text(title));
    }
    if let Some(on) = &fence.on {
        let key = key(on.trim_matches(['<', '>', '$', '{', '}']));
        let on = escape::text(on);
        let _ = if fields.all.iter().any(|field| field.key == key) {
            write!(out, "<span>on <var data-v=\"{}\" data-q=\"r\">{on}</var></span>", escape::text(&key))
        } else {
            write!(out, "<span>on {on}</span>")
        };
    }
    if let Some(danger) = danger {
        let reason = if danger.is_empty() { String::new() } else { format!(": {danger}") };
        let _ = write!(
            out,
            "<span class=\"hazard\"><svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-warn\"/></svg>\
             Dangerous{}</span>",
            escape::text(&reason)
        );
    }
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
        let figure = render_block(info, text, false, &mut Fields::default());
        let (_, code) = figure.split_once("<code>").unwrap();
        code.strip_suffix("</code></pre></figure>").unwrap().to_owned()
    }

    #[test]
    fn the_caption_says_what_the_fence_says() {
        assert_eq!(
            render_block(
                "console on=HOST danger=\"deletes <all>\"",
                "# rm -rf /srv\n",
                false,
                &mut Fields::default()
            ),
            "<figure class=\"cmd wrap danger\"><figcaption><span class=\"lang\">console</span><span>on HOST</span>\
             <span class=\"hazard\"><svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-warn\"/></svg>Dangerous: \
             deletes &lt;all&gt;</span><button class=\"btn needs-js\" type=\"button\"><svg class=\"i\" \
             aria-hidden=\"true\"><use href=\"#i-copy\"/></svg>Copy</button></figcaption><pre><code>\
             <span class=\"pr\"># </span>rm -rf /srv</code></pre></figure>"
        );
        assert!(
            render_block("sql title=\"replay lag\"", "x", false, &mut Fields::default())
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
        assert!(
            render_block("text", "a", true, &mut Fields::default())
                .starts_with("<figure class=\"cmd numbers\">")
        );
        assert!(
            render_block("text numbers=no", "a", true, &mut Fields::default())
                .starts_with("<figure class=\"cmd\">")
        );
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
