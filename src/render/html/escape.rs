//! Text and addresses as they stand in HTML.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What a URL that people wrote may not hold; `%` stays, since it may already be encoded.
const UNSAFE_IN_URL: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What a decoded fragment may not hold.
const UNSAFE_IN_FRAGMENT: &AsciiSet = &UNSAFE_IN_URL.add(b'%').add(b'#');

/// Appends `text`, safe between tags and inside double quotes.
pub(crate) fn push_text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// `text` safe between tags and inside double quotes.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    push_text(&mut out, text);
    Cow::Owned(out)
}

/// A URL as written by an author, with what a URL cannot hold percent-encoded. Not yet escaped.
pub(crate) fn url(url: &str) -> Cow<'_, str> {
    utf8_percent_encode(url, UNSAFE_IN_URL).into()
}

/// `#` and the encoded fragment. Not yet escaped.
pub(crate) fn fragment(decoded: &str) -> String {
    format!("#{}", utf8_percent_encode(decoded, UNSAFE_IN_FRAGMENT))
}
