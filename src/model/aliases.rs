//! Old addresses: from `aliases` in front matter to redirects, loops and chains named.
//!
//! In: pages. Out: redirects that can be followed in one step, and findings for the others. Not
//! here: an alias at the address of something else ([`super::outputs`] reports that).

use std::collections::BTreeMap;

use super::urls::{Addresses, alias_address, find_length_problem};
use super::{Page, Redirect};
use crate::config::names::find_address_problem;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::files::{PATH_TOO_LONG, URL_COLLISION};
use crate::diagnostic::rules::links::{ALIAS_CHAIN, ALIAS_LOOP, INVALID_ALIAS};
use crate::source::Spanned;

/// All aliases as redirects, sorted by the old address. Those in a loop or chain are left out.
pub(super) fn build_redirects(
    pages: &[Page],
    base_url: Option<&str>,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Redirect> {
    let site = Addresses::new(base_url, false);
    let mut all: BTreeMap<String, Redirect> = BTreeMap::new();
    for (to, page) in pages.iter().enumerate() {
        for alias in &page.parsed.front.aliases {
            let from = match judge(&alias.value, &site) {
                Ok(from) => from,
                Err(finding) => {
                    findings.push((*finding).at(&page.parsed.file, alias.span, ""));
                    continue;
                }
            };
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

/// How an alias is written.
const FORM: &str = "write the old address from the root of the site, like `/old/page/`";

/// The address of an alias, or why there can be none.
fn judge(alias: &str, site: &Addresses) -> Result<String, Box<Diagnostic>> {
    let invalid = |why: String, help: String| {
        let message = format!("the alias `{}` {why}", shorten(alias));
        Box::new(Diagnostic::new(&INVALID_ALIAS, message).help(help))
    };
    let alias = alias.trim();
    let mut path = alias;
    if let Some(at) = alias.find("://").or_else(|| alias.starts_with("//").then_some(0)) {
        // An absolute address of this very site is as good as its path.
        let own = site.origin.as_deref().and_then(|origin| alias.strip_prefix(origin));
        let own = own.and_then(|path| path.strip_prefix(site.base_path.as_str()));
        let Some(own) = own else {
            let rest = alias[at..].trim_start_matches([':', '/']);
            let rest = rest.split_once('/').map_or("", |(_, path)| path);
            let help = if rest.is_empty() { FORM.to_owned() } else { format!("write `/{rest}`") };
            return Err(invalid("is the address of another site".into(), help));
        };
        path = own;
    }
    if let Some(at) = path.find(['?', '#']) {
        let why =
            format!("holds a `{}`; what follows it never reaches a page that redirects", &path[at..=at]);
        let rest = &path[..at];
        let help =
            if rest.trim_matches('/').is_empty() { FORM.to_owned() } else { format!("write `{rest}`") };
        return Err(invalid(why, help));
    }
    let Some(from) = alias_address(path) else {
        return Err(invalid("names no address of its own on this site".into(), FORM.into()));
    };
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    for part in decoded.split('/').map(str::trim).filter(|part| !matches!(*part, "" | "." | "..")) {
        if let Some(why) = find_address_problem(part) {
            let why = format!("cannot be an address: {why}");
            return Err(invalid(why, "remove the alias, or redirect the address in the web server".into()));
        }
        if part.contains(char::is_whitespace) {
            let why = format!("holds blanks, and the address would be `{from}`");
            return Err(invalid(
                why,
                format!(
                    "write `{from}` if that is meant; an address with blanks can only be redirected in the web server"
                ),
            ));
        }
    }
    if let Some(problem) = find_length_problem(&from) {
        let message = format!("the output path of the alias {problem}");
        let help = "remove the alias, or redirect the address in the web server";
        return Err(Box::new(Diagnostic::new(&PATH_TOO_LONG, message).help(help)));
    }
    Ok(from)
}

fn shorten(alias: &str) -> String {
    if alias.chars().count() > 80 {
        alias.chars().take(80).chain(['…']).collect()
    } else {
        alias.to_owned()
    }
}
