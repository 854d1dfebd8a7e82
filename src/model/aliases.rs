//! Old addresses: from `aliases` in front matter to redirects, loops and chains named.
//!
//! In: pages. Out: redirects that can be followed in one step, and findings for the others. Not
//! here: an alias at the address of something else ([`super::outputs`] reports that).

use std::collections::BTreeMap;

use super::build::PATH_CHARS;
use super::urls::{alias_address, output_path};
use super::{Page, Redirect};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::files::{PATH_TOO_LONG, URL_COLLISION};
use crate::diagnostic::rules::links::{ALIAS_CHAIN, ALIAS_LOOP};
use crate::source::Spanned;

/// All aliases as redirects, sorted by the old address. Those in a loop or chain are left out.
pub(super) fn build_redirects(pages: &[Page], findings: &mut Vec<Diagnostic>) -> Vec<Redirect> {
    let mut all: BTreeMap<String, Redirect> = BTreeMap::new();
    for (to, page) in pages.iter().enumerate() {
        for alias in &page.parsed.front.aliases {
            let Some(from) = alias_address(&alias.value) else {
                findings.push(unusable(page, alias));
                continue;
            };
            let length = output_path(&from).chars().count();
            if length > PATH_CHARS {
                findings.push(too_long(page, alias, length));
                continue;
            }
            match all.get(&from) {
                Some(first) if first.to != to => findings.push(twice(pages, first, page, alias)),
                Some(_) => {}
                None => drop(all.insert(from.clone(), Redirect { from, to, alias: alias.clone() })),
            }
        }
    }
    let mut sound = Vec::with_capacity(all.len());
    for redirect in all.values() {
        match follow(&all, pages, redirect) {
            Way::Direct => sound.push(redirect.clone()),
            Way::Loop(way) => {
                // A loop is reported once, at its first address.
                if way.iter().min() == Some(&redirect.from.as_str()) {
                    findings.push(tell(&all, pages, redirect, &way));
                }
            }
            Way::Chain(way) => findings.push(tell(&all, pages, redirect, &way)),
        }
    }
    sound
}

/// Where an alias leads, by way of other aliases.
enum Way<'a> {
    Direct,
    Loop(Vec<&'a str>),
    Chain(Vec<&'a str>),
}

fn follow<'a>(all: &'a BTreeMap<String, Redirect>, pages: &'a [Page], start: &'a Redirect) -> Way<'a> {
    let mut way = vec![start.from.as_str()];
    let mut at = start;
    loop {
        let to = pages[at.to].url.as_str();
        let again = way.contains(&to);
        way.push(to);
        match all.get(to) {
            // A way that runs into somebody else's loop is a chain of its own.
            _ if again && to != start.from => return Way::Chain(way),
            _ if again => return Way::Loop(way),
            Some(next) => at = next,
            None if way.len() > 2 => return Way::Chain(way),
            None => return Way::Direct,
        }
    }
}

fn tell(all: &BTreeMap<String, Redirect>, pages: &[Page], start: &Redirect, way: &[&str]) -> Diagnostic {
    let shown = way.iter().map(|address| format!("`{address}`")).collect::<Vec<_>>().join(" → ");
    let is_loop = way.first() == way.last();
    let mut finding = match (is_loop, way.len()) {
        (true, 2) => {
            Diagnostic::new(&ALIAS_LOOP, format!("the alias `{}` is the page's own address", start.from))
                .help("remove the alias")
        }
        (true, _) => Diagnostic::new(&ALIAS_LOOP, format!("the aliases lead back to themselves: {shown}"))
            .help("remove the alias that is a page's address today"),
        (false, _) => Diagnostic::new(&ALIAS_CHAIN, format!("the alias leads to another alias: {shown}"))
            .help(format!("move the alias to the page at `{}`", way.last().unwrap_or(&""))),
    };
    finding = finding.at(&pages[start.to].parsed.file, start.alias.span, "");
    for address in way.iter().skip(1) {
        if let Some(next) = all.get(*address).filter(|next| next.from != start.from) {
            finding = finding.and(
                &pages[next.to].parsed.file,
                next.alias.span,
                format!("`{address}` leads on from here"),
            );
        }
    }
    finding
}

fn twice(pages: &[Page], first: &Redirect, page: &Page, alias: &Spanned<String>) -> Diagnostic {
    let other = &pages[first.to].parsed.file;
    let message = format!(
        "two sources for the address `{}`: an alias of `{}` and of `{}`",
        first.from,
        other.path(),
        page.parsed.file.path()
    );
    Diagnostic::new(&URL_COLLISION, message)
        .at(&page.parsed.file, alias.span, "claims it too")
        .and(other, first.alias.span, "has it already")
        .help("keep the alias on one page")
}

fn too_long(page: &Page, alias: &Spanned<String>, length: usize) -> Diagnostic {
    let message = format!(
        "the output path of the alias has {length} characters; {PATH_CHARS} is the most that works everywhere"
    );
    Diagnostic::new(&PATH_TOO_LONG, message)
        .at(&page.parsed.file, alias.span, "")
        .help("remove the alias, or redirect the address in the web server")
}

fn unusable(page: &Page, alias: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(
        &ALIAS_LOOP,
        format!("the alias `{}` names no address of its own on this site", alias.value),
    )
    .at(&page.parsed.file, alias.span, "")
    .help("write the old address from the root of the site, like `/old/page/`")
}
