//! What is wrong with a theme's templates before any of them is used.
//!
//! In: the tags of each template. Out: findings, each with its place: output that is not escaped,
//! templates that do not exist or include themselves, loops that cannot be counted.

use std::collections::BTreeMap;

use super::scan::{Tag, Word};
use crate::diagnostic::rules::config::{TEMPLATE_AUTOESCAPE, TEMPLATE_ERROR};
use crate::diagnostic::{Diagnostic, nearest};
use crate::source::{SharedFile, Span};

/// The variables that hold finished HTML; `safe` on them changes nothing and is accepted.
pub(super) const SAFE_VARIABLES: &[&str] = &["content", "nav", "sprite"];
/// How deep templates may include and extend one another.
const MAX_DEPTH: usize = 16;

/// How many variables one tag may join with `~`, `[…]` and `{…}`.
const MAX_VALUES: usize = 16;

/// A template and its tags.
pub(super) struct Scanned<'t> {
    pub file: &'t SharedFile,
    pub tags: Vec<Tag<'t>>,
}

/// Templates by name.
pub(super) type Templates<'t> = BTreeMap<&'t str, Scanned<'t>>;

/// Checks all templates together.
pub(super) fn lint(templates: &Templates<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for scanned in templates.values() {
        for tag in &scanned.tags {
            unescaped(scanned.file, tag, &mut findings);
            uncounted(scanned.file, tag, &mut findings);
            crowded(scanned.file, tag, &mut findings);
            missing(templates, scanned.file, tag, &mut findings);
        }
    }
    if findings.is_empty() {
        cycles(templates, &mut findings);
    }
    if findings.is_empty() {
        blocks(templates, &mut findings);
    }
    findings
}

/// Blocks that are filled below and offered by nobody above: what stands in them is never shown.
fn blocks(templates: &Templates<'_>, findings: &mut Vec<Diagnostic>) {
    fn own<'a, 't>(scanned: &'a Scanned<'t>) -> impl Iterator<Item = &'a Word<'t>> {
        scanned.tags.iter().filter(|tag| tag.keyword() == Some("block")).filter_map(|tag| tag.words.get(1))
    }
    // A block inside another one stands where that one does.
    fn outermost<'a, 't>(scanned: &'a Scanned<'t>) -> Vec<&'a Word<'t>> {
        let mut depth = 0_usize;
        let mut found = Vec::new();
        for tag in &scanned.tags {
            match tag.keyword() {
                Some("block") => {
                    found.extend(tag.words.get(1).filter(|_| depth == 0));
                    depth += 1;
                }
                Some("endblock") => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        found
    }
    let above = |name: &str| {
        let extends = |tag: &&Tag<'_>| tag.keyword() == Some("extends");
        templates.get(name)?.tags.iter().find(extends)?.name().map(|word| word.text)
    };
    for (name, scanned) in templates {
        let mut offered: Vec<&str> = Vec::new();
        let mut chain = Vec::new();
        let mut at = above(name);
        while let Some(parent) = at {
            offered.extend(own(&templates[parent]).map(|word| word.text));
            chain.push(parent);
            at = above(parent);
        }
        let lost = |word: &&Word<'_>| !offered.contains(&word.text);
        let Some((word, parent)) = outermost(scanned).into_iter().find(lost).zip(chain.first()) else {
            continue;
        };
        // A template of the default theme fills what a theme's own frame no longer offers.
        let own_frame =
            chain.iter().map(|name| templates[name].file).find(|file| !file.path().starts_with('<'));
        let message = match own_frame.filter(|_| scanned.file.path().starts_with('<')) {
            Some(_) => format!("the block `{}` is missing, which `{name}` fills", word.text),
            None => format!("the block `{}` stands in no template above, so nobody sees it", word.text),
        };
        let is_ours = scanned.file.path().starts_with('<');
        let (file, span) = match own_frame.filter(|_| is_ours) {
            Some(frame) => (frame, Span::default()),
            None => (scanned.file, word.span.clone().into()),
        };
        let mut finding = Diagnostic::new(&TEMPLATE_ERROR, message).at(file, span, "");
        finding = match nearest(word.text, offered.iter().copied()) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None if is_ours => finding
                .help(format!("write `{{% block {0} %}}{{% endblock {0} %}}` where it belongs", word.text)),
            None => finding.help(format!(
                "`{parent}` offers {}",
                offered.iter().map(|block| format!("`{block}`")).collect::<Vec<_>>().join(", ")
            )),
        };
        findings.push(finding);
        // One is enough: a frame without it fails for every page.
        if is_ours {
            return;
        }
    }
}

fn unescaped(file: &SharedFile, tag: &Tag<'_>, findings: &mut Vec<Diagnostic>) {
    for (at, word) in tag.words.iter().enumerate() {
        let is_filter = at > 0 && tag.words[at - 1].text == "|" && !tag.words[at - 1].quoted;
        let is_section = at == 1 && tag.keyword() == Some("filter");
        if word.quoted || word.text != "safe" || !(is_filter || is_section) {
            continue;
        }
        let alone = !tag.is_block && at == 2 && tag.words.len() == 3;
        if alone && SAFE_VARIABLES.contains(&tag.words[0].text) {
            continue;
        }
        findings.push(
            Diagnostic::new(&TEMPLATE_AUTOESCAPE, "`safe` would write text into the page as HTML")
                .at(file, word.span.clone().into(), "not escaped from here on")
                .help("leave `| safe` out: `content` and `nav` are HTML already, all else is text"),
        );
    }
}

fn uncounted(file: &SharedFile, tag: &Tag<'_>, findings: &mut Vec<Diagnostic>) {
    let is_loop =
        |(at, word): &(usize, &Word<'_>)| word.text == "for" && !word.quoted && !(tag.is_block && *at == 0);
    if let Some((_, word)) = tag.words.iter().enumerate().find(is_loop) {
        findings.push(
            Diagnostic::new(&TEMPLATE_ERROR, "a list comprehension cannot be bounded")
                .at(file, word.span.clone().into(), "")
                .help("write a `{% for … %}` loop"),
        );
    }
}

/// What one tag joins is not measured before it is joined; so it may not join many.
fn crowded(file: &SharedFile, tag: &Tag<'_>, findings: &mut Vec<Diagnostic>) {
    let marks = |word: &Word<'_>, marks: &[&str]| !word.quoted && marks.contains(&word.text);
    if !tag.words.iter().any(|word| marks(word, &["~", "[", "{"])) {
        return;
    }
    let words = tag.words.iter().enumerate().skip(usize::from(tag.is_block));
    let values = words.filter(|(at, word)| {
        let before = at.checked_sub(1).map(|at| &tag.words[at]);
        let after = tag.words.get(at + 1);
        !word.quoted
            && word.text.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && !before.is_some_and(|before| marks(before, &[".", "|"]))
            && !after.is_some_and(|after| marks(after, &[":", "="]))
    });
    let values = values.count();
    if values > MAX_VALUES {
        let message = format!("the tag joins {values} values, over the limit of {MAX_VALUES}");
        findings.push(
            Diagnostic::new(&TEMPLATE_ERROR, message)
                .at(file, tag.span.clone().into(), "")
                .help("write the values one behind the other, or put parts into variables with `set`"),
        );
    }
}

/// The template that a tag names.
fn named<'a, 't>(tag: &'a Tag<'t>) -> Option<&'a Word<'t>> {
    matches!(tag.keyword(), Some("include" | "extends")).then(|| tag.name()).flatten()
}

fn missing(templates: &Templates<'_>, file: &SharedFile, tag: &Tag<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(name) = named(tag).filter(|name| !templates.contains_key(name.text)) else { return };
    let mut finding = Diagnostic::new(&TEMPLATE_ERROR, format!("there is no template `{}`", name.text)).at(
        file,
        name.span.clone().into(),
        "",
    );
    if let Some(near) = nearest(name.text, templates.keys().copied()) {
        finding = finding.help(format!("did you mean `{near}`?"));
    }
    findings.push(finding);
}

/// Reports the first circle of templates, or the first chain that is too long.
fn cycles(templates: &Templates<'_>, findings: &mut Vec<Diagnostic>) {
    // The longest way down from a template that is known already.
    let mut depths: BTreeMap<&str, usize> = BTreeMap::new();
    for name in templates.keys() {
        let Err(way) = depth(templates, name, &mut Vec::new(), &mut depths) else { continue };
        let shown = way.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" → ");
        let (message, help) = if way.first() == way.last() {
            ("templates name each other in a circle", "break the circle: one of them must not name the other")
        } else {
            ("templates name one another in too long a chain", "put the inner ones together")
        };
        // In the theme's own file, if one of them is.
        let steps = || way.windows(2).filter_map(|step| place(templates, step[0], step[1]));
        let own = steps().find(|(file, _)| !file.path().starts_with('<'));
        if let Some((file, span)) = own.or_else(|| steps().next()) {
            findings.push(
                Diagnostic::new(&TEMPLATE_ERROR, format!("{message}: {shown}")).at(file, span, "").help(help),
            );
        }
        return;
    }
}

/// Where one template names another.
fn place<'t>(templates: &Templates<'t>, from: &str, to: &str) -> Option<(&'t SharedFile, Span)> {
    let scanned = templates.get(from)?;
    let word = scanned.tags.iter().filter_map(named).find(|word| word.text == to)?;
    Some((scanned.file, word.span.clone().into()))
}

/// How deep the templates below `name` are nested, or the way that ends in a circle or is too long.
/// The recursion is bounded by [`MAX_DEPTH`].
fn depth<'a>(
    templates: &'a Templates<'_>,
    name: &'a str,
    way: &mut Vec<&'a str>,
    depths: &mut BTreeMap<&'a str, usize>,
) -> Result<usize, Vec<&'a str>> {
    if let Some(known) = depths.get(name) {
        return Ok(*known);
    }
    way.push(name);
    let mut deepest = 0;
    for word in templates[name].tags.iter().filter_map(named) {
        let start = way.iter().position(|before| *before == word.text);
        if start.is_some() || way.len() >= MAX_DEPTH {
            let start = start.unwrap_or_default();
            return Err(way[start..].iter().copied().chain([word.text]).collect());
        }
        deepest = deepest.max(1 + depth(templates, word.text, way, depths)?);
    }
    way.pop();
    depths.insert(name, deepest);
    Ok(deepest)
}
