//! Raw HTML: its links, its anchors and its text.
//!
//! In: a piece of raw HTML. Out: what it links to and names, with offsets into the piece. Not here:
//! cleaning (`render`).

use std::ops::Range;

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

/// Something that a piece of raw HTML holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// `<a href>` opens.
    LinkStart {
        /// The tag.
        tag: Range<usize>,
        /// The address, entities resolved.
        target: String,
        /// Where the address is written.
        span: Range<usize>,
    },
    /// `</a>`.
    LinkEnd(Range<usize>),
    /// An image, video or the like.
    Source {
        /// The tag.
        tag: Range<usize>,
        /// The address, entities resolved.
        target: String,
        /// Where the address is written.
        span: Range<usize>,
        /// `alt`, if it is an `<img>` that has one.
        alt: Option<String>,
        /// Whether it is the `src` of an `<img>`.
        is_image: bool,
    },
    /// An id or the name of an anchor.
    Anchor(String, Range<usize>),
    /// Any element that starts.
    Element {
        /// Its name, lower case.
        name: String,
        /// The tag.
        tag: Range<usize>,
        /// The names of its attributes, lower case, sorted.
        attributes: Vec<String>,
        /// Its `src`, if it has one.
        source: Option<String>,
    },
    /// Any element that ends, by its name in lower case.
    ElementEnd(String),
    /// Text outside scripts and styles, entities resolved.
    Text(String),
}

/// Reads a piece of raw HTML.
pub(super) fn read(html: &str) -> Vec<Found> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut found = Vec::new();
    let mut silent: Option<Vec<u8>> = None;
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                if matches!(tag.name.as_slice(), b"script" | b"style" | b"template") && !tag.self_closing {
                    silent = Some(tag.name.as_slice().to_vec());
                }
                read_tag(html, &tag, &mut found);
            }
            Token::EndTag(tag) => {
                if silent.as_deref() == Some(tag.name.as_slice()) {
                    silent = None;
                }
                found.push(Found::ElementEnd(String::from_utf8_lossy(&tag.name).into_owned()));
                if tag.name.as_slice() == b"a" {
                    found.push(Found::LinkEnd(tag.span.start..tag.span.end));
                }
            }
            Token::String(text) if silent.is_none() => {
                found.push(Found::Text(String::from_utf8_lossy(&text.value).into_owned()));
            }
            _ => {}
        }
    }
    found
}

fn read_tag(html: &str, tag: &StartTag<usize>, found: &mut Vec<Found>) {
    let name = String::from_utf8_lossy(&tag.name).into_owned();
    let place = tag.span.start..tag.span.end.min(html.len());
    let value = |key: &str| {
        let value = tag.attributes.get(key.as_bytes())?;
        let text = String::from_utf8_lossy(&value.value).into_owned();
        let span = unquoted(html, value.span.start..value.span.end, &text);
        Some((text, span))
    };
    found.push(Found::Element {
        name: name.clone(),
        tag: place.clone(),
        attributes: tag.attributes.keys().map(|key| String::from_utf8_lossy(key).into_owned()).collect(),
        source: value("src").map(|(source, _)| source),
    });
    if let Some((id, span)) = value("id").filter(|(id, _)| !id.is_empty()) {
        found.push(Found::Anchor(id, span));
    }
    match name.as_str() {
        "a" => {
            if let Some((name, span)) = value("name").filter(|(name, _)| !name.is_empty()) {
                found.push(Found::Anchor(name, span));
            }
            if let Some((target, span)) = value("href") {
                found.push(Found::LinkStart { tag: place, target, span });
            }
        }
        "img" | "source" | "video" | "audio" | "track" => {
            let alt = value("alt").map(|(alt, _)| alt);
            let is_image = name == "img";
            for key in ["src", "poster"] {
                if let Some((target, span)) = value(key) {
                    let (tag, alt) = (place.clone(), alt.clone());
                    found.push(Found::Source { tag, target, span, alt, is_image: is_image && key == "src" });
                }
            }
            if let Some((set, span)) = value("srcset") {
                for part in candidates(&set) {
                    let target = set[part.clone()].to_owned();
                    // Entities make the written text longer than the value; then the whole set.
                    let is_same = html.get(span.clone()) == Some(&set);
                    let at =
                        if is_same { span.start + part.start..span.start + part.end } else { span.clone() };
                    let (tag, alt) = (place.clone(), alt.clone());
                    found.push(Found::Source { tag, target, span: at, alt, is_image: false });
                }
            }
        }
        _ => {}
    }
}

/// The addresses of a `srcset`.
fn candidates(set: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < set.len() {
        let rest = &set[at..];
        let start = at + (rest.len() - rest.trim_start_matches([' ', '\t', '\n', ',']).len());
        let end = set[start..].find([' ', '\t', '\n']).map_or(set.len(), |length| start + length);
        let address = set[start..end].trim_end_matches(',');
        if !address.is_empty() {
            found.push(start..start + address.len());
        }
        let ended = address.len() < end - start;
        at = if ended { end } else { set[end..].find(',').map_or(set.len(), |length| end + length + 1) };
    }
    found
}

/// The value within the written attribute: html5gum gives some spans with the name and its quotes.
fn unquoted(html: &str, span: Range<usize>, value: &str) -> Range<usize> {
    let text = html.get(span.clone()).unwrap_or_default();
    if text == value {
        return span;
    }
    if let Some(at) = text.find(value).filter(|_| !value.is_empty()) {
        return span.start + at..span.start + at + value.len();
    }
    let Some(open) = text.find(['"', '\'']) else { return span };
    let close = text.rfind(['"', '\'']).filter(|close| *close > open).unwrap_or(text.len());
    span.start + open + 1..span.start + close
}
