//! Emoji short codes and bare addresses in text.

use std::ops::Range;

use linkify::{LinkFinder, LinkKind};

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// As it is.
    Text(Range<usize>),
    /// A short code and the emoji that it stands for.
    Emoji(Range<usize>, &'static str),
    /// A bare address.
    Link {
        /// The address.
        range: Range<usize>,
        /// What its target needs before it: `http://` for `www.`.
        prefix: &'static str,
        /// Whether it is an e-mail address.
        is_email: bool,
    },
}

/// Splits a text into its parts; addresses are looked for only with `links`.
pub(super) fn segments(text: &str, links: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    if links {
        for (range, prefix, is_email) in addresses(text) {
            split_emoji(text, at..range.start, &mut pieces);
            at = range.end;
            pieces.push(Piece::Link { range, prefix, is_email });
        }
    }
    split_emoji(text, at..text.len(), &mut pieces);
    pieces
}

fn split_emoji(text: &str, range: Range<usize>, pieces: &mut Vec<Piece>) {
    let mut plain = range.start;
    let mut open = text[range.clone()].find(':').map(|at| range.start + at);
    while let Some(start) = open {
        let next = text[start + 1..range.end].find(':').map(|at| start + 1 + at);
        let Some(close) = next else { break };
        let before = text[..start].chars().next_back();
        let after = text[close + 1..].chars().next();
        let is_apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != ':');
        let code = &text[start + 1..close];
        let emoji = (code.len() <= 64).then(|| emojis::get_by_shortcode(code)).flatten();
        let is_apart = is_apart(before) && (after == Some(':') || is_apart(after));
        open = next;
        if let Some(emoji) = emoji.filter(|_| is_apart) {
            if plain < start {
                pieces.push(Piece::Text(plain..start));
            }
            pieces.push(Piece::Emoji(start..close + 1, emoji.as_str()));
            plain = close + 1;
            open = text[plain..range.end].find(':').map(|at| plain + at);
        }
    }
    if plain < range.end {
        pieces.push(Piece::Text(plain..range.end));
    }
}

/// The addresses of GFM's extended autolinks, in order and apart.
fn addresses(text: &str) -> Vec<(Range<usize>, &'static str, bool)> {
    let mut finder = LinkFinder::new();
    let mut found = Vec::new();
    if text.contains([':', '@']) {
        for link in finder.links(text) {
            let is_email = *link.kind() == LinkKind::Email;
            if is_email || has_web_scheme(link.as_str()) {
                found.push((link.start()..link.end(), "", is_email));
            }
        }
    }
    if text.contains("www.") {
        finder.kinds(&[LinkKind::Url]).url_must_have_scheme(false);
        for link in finder.links(text).filter(|link| link.as_str().starts_with("www.")) {
            found.push((link.start()..link.end(), "http://", false));
        }
        found.sort_by_key(|(range, ..)| (range.start, usize::MAX - range.end));
    }
    let mut free_from = 0;
    found.retain_mut(|(range, _, is_email)| {
        let before = text[..range.start].chars().next_back();
        let starts = before.is_none_or(|c| c.is_whitespace() || matches!(c, '*' | '_' | '~' | '('));
        range.end = range.start + trimmed(&text[range.clone()]).len();
        let is_address = (starts || *is_email) && range.start >= free_from && range.end > range.start;
        if is_address {
            free_from = range.end;
        }
        is_address
    });
    found
}

fn has_web_scheme(address: &str) -> bool {
    ["http://", "https://", "ftp://"].iter().any(|scheme| has_prefix(address, scheme))
}

fn has_prefix(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// GFM: punctuation at the end is not part of an address, nor is `)` without its `(`, nor what looks
/// like an entity.
fn trimmed(address: &str) -> &str {
    let mut rest = address;
    let mut unopened = rest.matches(')').count().saturating_sub(rest.matches('(').count());
    loop {
        let mut shorter = rest.trim_end_matches(['?', '!', '.', ',', ':', '*', '_', '~', '\'', '"']);
        if unopened > 0
            && let Some(head) = shorter.strip_suffix(')')
        {
            unopened -= 1;
            shorter = head;
        }
        if let Some((head, entity)) = shorter.strip_suffix(';').and_then(|head| head.rsplit_once('&'))
            && !entity.is_empty()
            && entity.chars().all(char::is_alphanumeric)
        {
            shorter = head;
        }
        if shorter.len() == rest.len() {
            return rest;
        }
        rest = shorter;
    }
}
