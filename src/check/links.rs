//! Links that lead nowhere, with the nearest thing that was meant.
//!
//! In: resolved links. Out: one finding for every occurrence, at the exact characters of the target.
//! Not here: what a link means (`model::links`).

use std::sync::OnceLock;

use rayon::prelude::*;

use super::nearest::{Entry, Nearest, nearest_ids};
use crate::diagnostic::rules::{links as rules, markdown::UNSAFE_LINK};
use crate::diagnostic::{Diagnostic, Rule, nearest};
use crate::model::{Broken, Malformed, Page, PageId, Site, Target, Unpublished};
use crate::parse::strays::{StrayFault, StrayLink, stray_links};
use crate::parse::{Link, LinkForm};
use crate::source::Span;

/// Longest piece of a target that a message repeats, in characters.
const SHOWN_CHARS: usize = 120;

/// One finding for every broken link, fragment and image, each time it stands.
pub fn check_links(site: &Site) -> Vec<Diagnostic> {
    let checker = Checker { site, nearest: OnceLock::new() };
    site.pages.par_iter().flat_map_iter(|page| checker.check_page(page)).collect()
}

struct Checker<'s> {
    site: &'s Site,
    /// Built for the first broken link; most runs need none.
    nearest: OnceLock<Nearest<'s>>,
}

impl Checker<'_> {
    fn check_page(&self, page: &Page) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for (link, target) in page.parsed.links.iter().zip(&page.links) {
            let found = match target {
                Target::Broken(broken) => self.tell(page, link, broken),
                Target::Asset(asset) => self.check_asset(page, link, *asset),
                _ => None,
            };
            findings.extend(found);
            findings.extend(check_slashes(page, link, target));
        }
        findings.extend(stray_links(&page.parsed).into_iter().map(|stray| tell_stray(page, stray)));
        findings
    }

    fn tell(&self, page: &Page, link: &Link, broken: &Broken) -> Option<Diagnostic> {
        let target = shown(&link.target);
        let finding = |rule: &'static Rule, message: String, label: &str| {
            Diagnostic::new(rule, message).at(&page.parsed.file, place(link), label)
        };
        Some(match broken {
            Broken::Missing { wanted } => self.tell_missing(page, link, wanted),
            Broken::Fragment { page: to, fragment } => self.tell_fragment(page, link, *to, fragment),
            Broken::Case { right } => {
                let message = format!("`{target}` differs from `{}` in upper and lower case", shown(right));
                let found = finding(&rules::LINK_CASE, message, "").leads_to(format!("/{right}"));
                meant(found, page, link, &respelt(&link.target, right))
            }
            Broken::Folder { path } => {
                finding(&rules::LINK_TO_FOLDER, format!("there is no page in the folder `{path}`"), "")
                    .help(format!("add `{path}/README.md`, or link to a file in the folder"))
                    .leads_to(format!("/{path}"))
            }
            Broken::Unpublished { path, why } => {
                tell_unpublished(finding, path, *why).leads_to(format!("/{path}"))
            }
            Broken::Outside => finding(
                &rules::LINK_OUTSIDE,
                format!("`{target}` leads outside the content directory"),
                "not part of the site",
            )
            .help("move the file into the content directory, or link to its address on the web"),
            Broken::Private { path } => {
                finding(&rules::LINK_TO_PRIVATE, format!("`{path}` is never published"), "")
                    .help("remove the link, or move what it shows into a page")
            }
            Broken::NoSlash { right } => {
                let message = format!("`{target}` starts at this page's folder, where nothing has that name");
                meant(finding(&rules::LINK_NO_SLASH, message, ""), page, link, right)
            }
            Broken::Ambiguous { candidates } => tell_ambiguous(finding, &target, candidates),
            Broken::UnsafeScheme { scheme } => {
                let found =
                    finding(&UNSAFE_LINK, format!("a link with the scheme `{scheme}:` is not published"), "");
                match nearest(scheme, ["https", "http", "mailto"]) {
                    Some(known) => found.help(did_you_mean(&format!("{known}:"))),
                    None => found.help("link to a page or to an `https:` address"),
                }
            }
            Broken::Malformed(how) => tell_malformed(finding, page, link, *how),
            Broken::Template => return None,
        })
    }

    fn tell_missing(&self, page: &Page, link: &Link, wanted: &str) -> Diagnostic {
        let is_image = link.form.is_image();
        let (rule, what) = match link.form {
            _ if is_image => (&rules::BROKEN_IMAGE, "image"),
            LinkForm::Wiki => (&rules::BROKEN_LINK, "page with the path, file name or title"),
            _ => (&rules::BROKEN_LINK, "page or file"),
        };
        let finding = Diagnostic::new(rule, format!("there is no {what} `{}`", shown(&link.target))).at(
            &page.parsed.file,
            place(link),
            "",
        );
        let finding = finding.leads_to(wanted);
        if let Some(host) = host_without_scheme(&link.target) {
            return finding.help(format!("for another site write `https://{host}`"));
        }
        let candidates = self.nearest.get_or_init(|| Nearest::new(self.site));
        match candidates.find(wanted, is_image) {
            Some(entry) => meant(finding, page, link, &rewritten(page, link, entry)),
            None => finding,
        }
    }

    fn tell_fragment(&self, page: &Page, link: &Link, to: PageId, fragment: &str) -> Diagnostic {
        let other = &self.site.pages[to];
        let whose = if std::ptr::eq(page, other) { "this page" } else { other.parsed.file.path() };
        let whose = if whose == "this page" { whose.to_owned() } else { format!("`{whose}`") };
        let finding = Diagnostic::new(
            &rules::BROKEN_FRAGMENT,
            format!("{whose} has no heading `#{}`", shown(fragment)),
        )
        .at(&page.parsed.file, fragment_place(page, link), "")
        .leads_to(format!("/{}", other.parsed.file.path()));
        let (ids, is_near) = nearest_ids(other, fragment);
        let list = |ids: &[&str]| ids.iter().map(|id| format!("`#{id}`")).collect::<Vec<_>>().join(", ");
        match &ids[..] {
            [] => finding.help("the page has no headings; link to the page alone"),
            [best] if is_near => meant(finding, page, link, &format!("#{best}")),
            [best, others @ ..] if is_near => {
                meant(finding, page, link, &format!("#{best}")).help(format!("near it are {}", list(others)))
            }
            all => finding.help(format!("its nearest headings are {}", list(all))),
        }
    }

    fn check_asset(&self, page: &Page, link: &Link, asset: usize) -> Option<Diagnostic> {
        let file = &self.site.assets[asset].file;
        if file.scripted {
            return Some(
                Diagnostic::new(&rules::UNSAFE_IMAGE, format!("the image `{}` can run a script", file.path))
                    .at(&page.parsed.file, place(link), "")
                    .help("save it without scripts, event handlers and embedded HTML, or as PNG"),
            );
        }
        (link.form.is_image() && file.size == 0).then(|| {
            Diagnostic::new(&rules::BROKEN_IMAGE, format!("the image `{}` is empty", file.path))
                .at(&page.parsed.file, place(link), "")
                .help("replace the file, or remove the image")
        })
    }
}

fn tell_unpublished(
    finding: impl Fn(&'static Rule, String, &str) -> Diagnostic,
    path: &str,
    why: Unpublished,
) -> Diagnostic {
    let (reason, help) = match why {
        Unpublished::Draft => {
            ("it is a draft", "publish the page by removing `draft: true`, or remove the link")
        }
        Unpublished::Expired => ("it has expired", "move its `expires` date, or remove the link"),
        Unpublished::Unusable => {
            ("it could not be used", "mend that page first; a finding of its own says how")
        }
    };
    finding(&rules::LINK_TO_DRAFT, format!("`{path}` is not published: {reason}"), "").help(help)
}

fn tell_ambiguous(
    finding: impl Fn(&'static Rule, String, &str) -> Diagnostic,
    target: &str,
    candidates: &[String],
) -> Diagnostic {
    let some = candidates.iter().take(5).map(|path| format!("`[[/{path}]]`")).collect::<Vec<_>>().join(", ");
    let more = if candidates.len() > 5 { ", …" } else { "" };
    finding(&rules::AMBIGUOUS_LINK, format!("`{target}` fits {} pages", candidates.len()), "")
        .help(format!("write one of {some}{more}"))
}

fn tell_malformed(
    finding: impl Fn(&'static Rule, String, &str) -> Diagnostic,
    page: &Page,
    link: &Link,
    how: Malformed,
) -> Diagnostic {
    let target = shown(&link.target);
    match how {
        Malformed::Empty => finding(&rules::LINK_EMPTY, "the link has no target".into(), "")
            .help("say where it leads, or remove its brackets"),
        Malformed::Unbalanced => {
            finding(&rules::LINK_UNBALANCED, format!("the brackets of `{target}` do not match"), "")
                .help(did_you_mean(link.target.trim().trim_matches(['(', ')', ']'])))
        }
        Malformed::NoScheme => {
            let message = format!("`{target}` is read as a file beside this page");
            let found = finding(&rules::LINK_NO_SCHEME, message, "");
            meant(found, page, link, &format!("https://{}", link.target.trim()))
        }
        Malformed::TwoSchemes => {
            let found = finding(&rules::LINK_TWO_SCHEMES, format!("`{target}` has two schemes"), "");
            meant(found, page, link, &one_scheme(&link.target))
        }
        Malformed::Nested => {
            finding(&rules::LINK_NESTED, "a link inside the brackets of another link".into(), "")
                .help("keep one of the two links")
        }
        Malformed::Space => finding(&rules::LINK_SPACE, format!("`{target}` has a space inside"), "")
            .help("remove the space, or write it as `%20` if the target has one"),
    }
}

fn tell_stray(page: &Page, stray: StrayLink) -> Diagnostic {
    let text = page.parsed.file.slice(stray.span);
    let written = shown(text);
    let (rule, message, help) = match stray.fault {
        StrayFault::Nested => (
            &rules::LINK_NESTED,
            "a link inside the brackets of another link".to_owned(),
            "keep one of the two links".to_owned(),
        ),
        StrayFault::Unbalanced => (
            &rules::LINK_UNBALANCED,
            format!("the brackets around `{written}` do not match, so this is no link"),
            did_you_mean(text.trim_matches(['(', ')', ']', ' '])),
        ),
        StrayFault::Space => (
            &rules::LINK_SPACE,
            format!("`{written}` has a space inside, so this is no link"),
            "remove the space, or write it as `%20` if the target has one".to_owned(),
        ),
    };
    Diagnostic::new(rule, message).at(&page.parsed.file, stray.span, "").help(help)
}

/// `/a//b` works, but every tool counts it as another address.
fn check_slashes(page: &Page, link: &Link, target: &Target) -> Option<Diagnostic> {
    let is_ours = matches!(
        target,
        Target::Page { .. }
            | Target::Section(_)
            | Target::Asset(_)
            | Target::Generated(_)
            | Target::Broken(Broken::Fragment { .. })
    );
    let path = link.target.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    if !is_ours || !path.contains("//") || link.form == LinkForm::Wiki {
        return None;
    }
    let mut right = String::with_capacity(path.len());
    for letter in path.chars() {
        if letter != '/' || !right.ends_with('/') {
            right.push(letter);
        }
    }
    let right = link.target.replacen(path, &right, 1);
    let message = format!("`{}` has a doubled slash", shown(&link.target));
    let found = Diagnostic::new(&rules::LINK_DOUBLE_SLASH, message).at(&page.parsed.file, place(link), "");
    Some(meant(found, page, link, &right))
}

/// Where a finding about a link points: at its target, or at the whole link if that is empty.
fn place(link: &Link) -> Span {
    if link.target_span.is_empty() { link.span } else { link.target_span }
}

/// The fragment with its `#` in the characters of the target.
fn fragment_place(page: &Page, link: &Link) -> Span {
    let span = place(link);
    match page.parsed.file.slice(span).find('#') {
        Some(at) => Span { start: span.start + at as u32, end: span.end },
        None => span,
    }
}

/// Adds what was probably meant by the target, or by its fragment if the finding is about that; as an
/// edit too if the file holds the target as it is read, and what was meant needs no escapes.
fn meant(finding: Diagnostic, page: &Page, link: &Link, text: &str) -> Diagnostic {
    let is_plain = text.chars().all(|c| {
        c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '#' | '%' | '~' | ':' | '?' | '=')
    });
    let written = page.parsed.file.slice(place(link));
    let span = finding.primary.as_ref().map(|label| label.span);
    let finding = finding.help(did_you_mean(text));
    match span {
        Some(span) if is_plain && written == link.target => finding.fix(span, text),
        _ => finding,
    }
}

fn did_you_mean(what: &str) -> String {
    format!("did you mean `{what}`?")
}

fn shown(text: &str) -> String {
    if text.chars().count() <= SHOWN_CHARS {
        return text.to_owned();
    }
    text.chars().take(SHOWN_CHARS).chain(['…']).collect()
}

/// The target with the letters of what is there, everything else kept: compared from the end, since
/// the two may start at different folders.
fn respelt(target: &str, right: &str) -> String {
    let (path, tail) = target.split_at(target.find(['?', '#']).unwrap_or(target.len()));
    let bare = path.trim_end_matches('/');
    let right = right.trim_end_matches('/');
    let same = |(a, b): &(char, char)| a.to_lowercase().eq(b.to_lowercase());
    let shared = bare.chars().rev().zip(right.chars().rev()).take_while(same).count();
    let letters = bare.chars().count();
    let kept: String = bare.chars().take(letters - shared).collect();
    let taken: String = right.chars().skip(right.chars().count() - shared).collect();
    let slash = &path[bare.len()..];
    format!("{kept}{taken}{slash}{tail}")
}

/// How the author would write a link to `entry`, in the manner of the link that failed.
fn rewritten(page: &Page, link: &Link, entry: &Entry<'_>) -> String {
    let (path, tail) = link.target.split_at(link.target.find(['?', '#']).unwrap_or(link.target.len()));
    let tail = tail.find('#').map_or("", |at| &tail[at..]);
    // A fragment that the page does not have would be the next finding.
    let has_fragment = entry.page.is_none_or(|page| {
        let mut ids =
            page.parsed.headings.iter().flat_map(|heading| heading.other_ids.iter().chain([&heading.id]));
        ids.any(|id| Some(id.as_str()) == tail.strip_prefix('#'))
    });
    let tail = if has_fragment { tail } else { "" };
    if link.form == LinkForm::Wiki {
        return format!("/{}{tail}", entry.path);
    }
    let is_source = [".md", ".erb"].iter().any(|ending| path.ends_with(ending));
    if path.contains("://") || (path.starts_with('/') && !is_source) {
        return format!("{}{tail}", entry.url);
    }
    if path.starts_with('/') {
        return format!("/{}{tail}", entry.path);
    }
    let from = page.parsed.content_path.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{}{tail}", relative(from, entry.path))
}

/// The way from a folder to a file.
fn relative(folder: &str, file: &str) -> String {
    let from: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let to: Vec<&str> = file.split('/').collect();
    let shared = from.iter().zip(&to[..to.len() - 1]).take_while(|(a, b)| a == b).count();
    format!("{}{}", "../".repeat(from.len() - shared), to[shared..].join("/")).replace(' ', "%20")
}

/// `example.com/x`: the first part is a host that everybody knows by its ending.
fn host_without_scheme(target: &str) -> Option<&str> {
    const ENDINGS: &[&str] = &["com", "org", "net", "io", "dev", "co", "edu", "gov"];
    let host = target.split(['/', '?', '#', ':']).next()?;
    let (name, ending) = host.rsplit_once('.')?;
    (!name.is_empty() && !name.starts_with('.') && ENDINGS.contains(&ending)).then_some(target)
}

/// `https://https://x` with its second scheme alone.
fn one_scheme(target: &str) -> String {
    let second = target.char_indices().skip(1).find(|(at, _)| target[*at..].starts_with("http"));
    let rest = second.map_or(target, |(at, _)| &target[at..]);
    if rest.contains("://") { rest.to_owned() } else { rest.replacen("//", "://", 1) }
}
