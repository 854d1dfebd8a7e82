//! A link's destination as written, taken apart.
//!
//! In: the text between the brackets. Out: what it asks for: a fragment, a path of this site, a URL,
//! or a way of writing that no reader can follow. Nothing is looked up here.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;

use crate::model::Malformed;

/// What a destination asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked<'a> {
    /// A place on the same page; raw, without `#`.
    Fragment(&'a str),
    /// A path of this site, relative or from its root.
    Path(PathParts<'a>),
    /// `http://`, `https://` or `//`: the host (in lower case, without port and `www.`) and what follows it.
    Web {
        /// Host.
        host: String,
        /// Path, query and fragment.
        rest: PathParts<'a>,
    },
    /// Another scheme, in lower case.
    Scheme(String),
    /// A template tag that nobody fills in.
    Template,
    /// Cannot be followed.
    Malformed(Malformed),
}

/// A path with its query and fragment, raw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PathParts<'a> {
    /// Up to `?` or `#`.
    pub path: &'a str,
    /// With its `?`; empty if there is none.
    pub query: &'a str,
    /// Without its `#`; `None` if there is none.
    pub fragment: Option<&'a str>,
}

impl<'a> PathParts<'a> {
    fn of(text: &'a str) -> Self {
        let (text, fragment) = match text.split_once('#') {
            Some((text, fragment)) => (text, Some(fragment)),
            None => (text, None),
        };
        let (path, query) = text.split_at(text.find('?').unwrap_or(text.len()));
        Self { path, query, fragment }
    }
}

/// Takes a destination apart.
pub(super) fn take_apart(target: &str) -> Asked<'_> {
    let target = target.trim();
    if target.is_empty() {
        return Asked::Malformed(Malformed::Empty);
    }
    if ["{{", "{%", "<%", "%>"].iter().any(|tag| target.contains(tag)) || is_erb(target) {
        return Asked::Template;
    }
    if let Some(fragment) = target.strip_prefix('#') {
        return Asked::Fragment(fragment);
    }
    if has_two_schemes(target) {
        return Asked::Malformed(Malformed::TwoSchemes);
    }
    if let Some(rest) = target.strip_prefix("//") {
        return web(rest);
    }
    match scheme(target) {
        Some((name, rest)) if matches!(name.as_str(), "http" | "https") && rest.starts_with("//") => {
            web(&rest[2..])
        }
        Some((name, _)) => Asked::Scheme(name),
        None => Asked::Path(PathParts::of(target)),
    }
}

/// What is left of `<%= url %>` once its outer brackets are read as Markdown's own.
fn is_erb(target: &str) -> bool {
    target.len() > 2 && target.starts_with('%') && target.ends_with('%')
}

fn web(after_slashes: &str) -> Asked<'_> {
    let end = after_slashes.find(['/', '?', '#']).unwrap_or(after_slashes.len());
    let (authority, rest) = after_slashes.split_at(end);
    Asked::Web { host: bare_host(authority), rest: PathParts::of(rest) }
}

/// A host for comparison: without user, port, `www.` and final dot, in lower case.
pub(super) fn bare_host(authority: &str) -> String {
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let host = percent_decode_str(host).decode_utf8_lossy().to_lowercase();
    let host = host.trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    // A name outside ASCII and its punycode are one host.
    if host.is_ascii() {
        host.to_owned()
    } else {
        idna::domain_to_ascii(host).unwrap_or_else(|_| host.to_owned())
    }
}

/// The scheme in lower case and what follows its colon.
pub(super) fn scheme(target: &str) -> Option<(String, &str)> {
    let (name, rest) = target.split_once(':')?;
    let mut letters = name.chars();
    let starts = letters.next().is_some_and(|first| first.is_ascii_alphabetic());
    let goes_on = letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'));
    (starts && goes_on).then(|| (name.to_ascii_lowercase(), rest))
}

/// `https://https://x`, `http:https://x`, `https://http//x`; an archive's `https://a/web/https://b`
/// is none.
fn has_two_schemes(target: &str) -> bool {
    let Some((first, rest)) = scheme(target) else { return false };
    let rest = rest.trim_start_matches('/').to_ascii_lowercase();
    let second = rest.strip_prefix("https").or_else(|| rest.strip_prefix("http"));
    matches!(first.as_str(), "http" | "https")
        && second.is_some_and(|rest| rest.starts_with(":/") || rest.starts_with("//"))
}

/// Percent-decoded once, in NFC. Bytes that are not UTF-8 then are left encoded.
pub(super) fn decoded(raw: &str) -> Cow<'_, str> {
    let text = percent_decode_str(raw).decode_utf8().unwrap_or(Cow::Borrowed(raw));
    if text.is_ascii() { text } else { Cow::Owned(text.nfc().collect()) }
}

/// A path with `.`, `..` and empty parts resolved, `base` first. `None` if it climbs out at the top.
pub(super) fn joined(base: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// A path from the root; like a browser, `..` at the top stays there.
pub(super) fn rooted(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destination_is_taken_apart() {
        let path = |path, query, fragment| Asked::Path(PathParts { path, query, fragment });
        let web = |host: &str, path, query, fragment| Asked::Web {
            host: host.to_owned(),
            rest: PathParts { path, query, fragment },
        };
        for (target, expected) in [
            ("a.md", path("a.md", "", None)),
            (" a.md ", path("a.md", "", None)),
            ("a.md?x=1#f#g", path("a.md", "?x=1", Some("f#g"))),
            ("#f", Asked::Fragment("f")),
            ("#", Asked::Fragment("")),
            ("https://A.example", web("a.example", "", "", None)),
            ("http://www.a.example:8080/x?q#f", web("a.example", "/x", "?q", Some("f"))),
            ("//a.example/x", web("a.example", "/x", "", None)),
            ("HTTPS://u:p@a.example./x", web("a.example", "/x", "", None)),
            ("mailto:a@b", Asked::Scheme("mailto".into())),
            ("JavaScript:alert(1)", Asked::Scheme("javascript".into())),
            ("", Asked::Malformed(Malformed::Empty)),
            ("https://https://a.example", Asked::Malformed(Malformed::TwoSchemes)),
            ("http:https://a.example", Asked::Malformed(Malformed::TwoSchemes)),
            ("https://https//a.example", Asked::Malformed(Malformed::TwoSchemes)),
            ("https://a.example/web/https://b", web("a.example", "/web/https://b", "", None)),
            ("https://https.cio.gov/", web("https.cio.gov", "/", "", None)),
            ("{{ site.url }}/x", Asked::Template),
            ("%= data.url %", Asked::Template),
            ("a b/c:d", path("a b/c:d", "", None)),
        ] {
            assert_eq!(take_apart(target), expected, "{target}");
        }
    }

    #[test]
    fn paths_are_resolved_and_decoded_once() {
        for (base, path, expected) in [
            ("a/b", "../c.md", Some("a/c.md")),
            ("a", "./x//y/", Some("a/x/y")),
            ("", "../x", None),
            ("a", "../../x", None),
            ("a", "", Some("a")),
        ] {
            assert_eq!(joined(base, path).as_deref(), expected, "{base} {path}");
        }
        assert_eq!(rooted("/../a/./b/../c/"), "a/c");
        assert_eq!(decoded("a%20b+c%2525"), "a b+c%25");
        assert_eq!(decoded("cafe%CC%81"), "café");
        assert_eq!(decoded("%FF"), "%FF");
    }
}
