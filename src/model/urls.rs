//! Addresses: from a file's path to its URL and output file, and how a page writes a link.
//!
//! In: content paths, slugs, aliases. Out: addresses, which are always decoded, in NFC, start with
//! `/` and end in `/` or a file name. Percent-encoding happens in [`Addresses`] and nowhere else.
//! Not here: who claims which address ([`super::outputs`]).

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

/// The URL standard's path set, with `%` and `\`, which stand for themselves in an address.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'%')
    .add(b'\\');
/// The URL standard's fragment set, with `%`.
const FRAGMENT: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'%');

/// How addresses are written in pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// Path of the site's root with slashes at both ends: `/` or `/docs/`.
    pub base_path: String,
    /// Scheme and host for absolute addresses, without a slash at the end; `None` without `base_url`.
    pub origin: Option<String>,
    /// Links are relative and end in `index.html`, so that they work from disk.
    pub portable: bool,
}

impl Addresses {
    /// The addresses of a site that will live at `base_url`; with or without a slash at its end.
    pub fn new(base_url: Option<&str>, portable: bool) -> Self {
        let url = base_url.unwrap_or_default().split(['?', '#']).next().unwrap_or_default();
        let host = url.find("://").map_or(0, |at| at + 3);
        let (origin, path) = url.split_at(url[host..].find('/').map_or(url.len(), |at| host + at));
        let path = path.trim_matches('/');
        let base_path = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
        let origin = (host > 0).then(|| origin.to_owned());
        Self { base_path, origin, portable }
    }

    /// What a page at `from` writes to link to `to`, both addresses from the site's root, decoded.
    /// Percent-encoded; not yet escaped for HTML.
    pub fn href(&self, from: &str, to: &str, fragment: Option<&str>) -> String {
        let mut href = match fragment {
            Some(_) if from == to => String::new(),
            _ if self.portable => relative(&output_path(from), &output_path(to)),
            _ => self.rooted(to),
        };
        if let Some(fragment) = fragment {
            // Writing to a String cannot fail.
            let _ = write!(href, "#{}", utf8_percent_encode(fragment, FRAGMENT));
        }
        href
    }

    /// The absolute URL of an address, if the site knows where it will live.
    pub fn absolute(&self, to: &str) -> Option<String> {
        self.origin.as_ref().map(|origin| format!("{origin}{}", self.rooted(to)))
    }

    fn rooted(&self, to: &str) -> String {
        // A value made by `default()` has no base path yet; it means the root.
        let base = if self.base_path.is_empty() { "/" } else { &self.base_path };
        format!("{base}{}", utf8_percent_encode(to.trim_start_matches('/'), PATH))
    }
}

/// The way from one output file to another, percent-encoded.
fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let to: Vec<&str> = to.split('/').collect();
    let folders = from.len().min(to.len()) - 1;
    let shared = (0..folders).take_while(|at| from[*at] == to[*at]).count();
    let mut way = "../".repeat(from.len() - 1 - shared);
    let _ = write!(way, "{}", utf8_percent_encode(&to[shared..].join("/"), PATH));
    // `a:b` alone would be read as a scheme.
    if way.split('/').next().is_some_and(|first| first.contains(':')) { format!("./{way}") } else { way }
}

/// The output file of an address: `/x/` → `x/index.html`, `/x.html` → `x.html`.
pub fn output_path(url: &str) -> String {
    let path = url.trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() }
}

/// A content path taken apart: `a/x.html.md.erb` is folder `a`, name `x`, `html`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileName<'a> {
    /// The folder, without slashes at its ends; empty at the root.
    pub folder: &'a str,
    /// The name without its endings.
    pub name: &'a str,
    /// Whether an `.html` stood before `.md`, so that the address ends in it.
    pub html: bool,
}

impl<'a> FileName<'a> {
    /// Takes a content path apart.
    pub fn of(content_path: &'a str) -> Self {
        let (folder, file) = content_path.rsplit_once('/').unwrap_or(("", content_path));
        let name = strip_ending(file, ".erb").unwrap_or(file);
        let name =
            [".md", ".markdown", ".mkd"].iter().find_map(|end| strip_ending(name, end)).unwrap_or(name);
        match strip_ending(name, ".html").or_else(|| strip_ending(name, ".htm")) {
            Some(name) => Self { folder, name, html: true },
            None => Self { folder, name, html: false },
        }
    }

    /// `index` and `_index` are always their folder's own page.
    pub fn is_index(self) -> bool {
        matches!(self.name, "index" | "_index")
    }

    /// `README` is its folder's own page unless an `index` stands beside it.
    pub fn is_readme(self) -> bool {
        !self.html && self.name.eq_ignore_ascii_case("readme")
    }

    /// The path without endings, and without the name where the name stands for the folder.
    pub fn stem(self, is_folder_page: bool) -> String {
        match (self.folder, is_folder_page) {
            (folder, true) => folder.to_owned(),
            ("", false) => self.name.to_owned(),
            (folder, false) => format!("{folder}/{}", self.name),
        }
    }
}

fn strip_ending<'a>(name: &'a str, ending: &str) -> Option<&'a str> {
    let at = name.len().checked_sub(ending.len()).filter(|at| *at > 0 && name.is_char_boundary(*at))?;
    name[at..].eq_ignore_ascii_case(ending).then(|| &name[..at])
}

/// The address of a page: `slug` replaces its last part, a folder's own page has the folder's.
pub fn page_address(file: FileName<'_>, is_folder_page: bool, slug: Option<&str>) -> String {
    let slug = slug.map(address_part).filter(|slug| !matches!(slug.as_str(), "" | "-" | "." | ".."));
    if is_folder_page {
        let (parent, own) = file.folder.rsplit_once('/').unwrap_or(("", file.folder));
        return match slug {
            Some(slug) if !own.is_empty() => format!("{}{slug}/", folder_address(parent)),
            _ => folder_address(file.folder),
        };
    }
    let name = slug.unwrap_or_else(|| address_part(file.name));
    let end = if file.html { ".html" } else { "/" };
    format!("{}{name}{end}", folder_address(file.folder))
}

/// The address of a folder of the content directory.
pub fn folder_address(folder: &str) -> String {
    let mut address = String::from("/");
    for part in folder.split('/').filter(|part| !part.is_empty()) {
        address.push_str(&address_part(part));
        address.push('/');
    }
    address
}

/// One part of an address: NFC, with `-` for blanks and for what would have to be encoded. A name of
/// blanks alone is `-`.
pub fn address_part(name: &str) -> String {
    let apart = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '%' | '?' | '#' | '/' | '\\');
    let part: String = name.trim().nfc().map(|c| if apart(c) { '-' } else { c }).collect();
    if part.is_empty() && !name.is_empty() { "-".to_owned() } else { part }
}

/// Longest output path, in characters; longest part of it, in bytes. Windows, many
/// archive tools and disks hold no more.
const PATH_CHARS: usize = 240;
const PART_BYTES: usize = 240;

/// What is too long about the output path of an address: a sentence's end. `None` if nothing is.
pub fn find_length_problem(url: &str) -> Option<String> {
    let path = output_path(url);
    let characters = path.chars().count();
    let longest = path.split('/').map(str::len).max().unwrap_or_default();
    if characters > PATH_CHARS {
        Some(format!("has {characters} characters; {PATH_CHARS} is the most that works everywhere"))
    } else {
        let problem =
            || format!("has a part of {longest} bytes; {PART_BYTES} is the most that works everywhere");
        (longest > PART_BYTES).then(problem)
    }
}

/// The address that an alias names: `/old`, `old/` and `old.md` are all `/old/`; `/old.html` stays.
/// `None` if nothing is left or it climbs above the root.
pub fn alias_address(alias: &str) -> Option<String> {
    let path = percent_encoding::percent_decode_str(alias.trim()).decode_utf8().ok()?;
    let mut parts: Vec<String> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(address_part(part)),
        }
    }
    let last = parts.pop()?;
    let file = FileName::of(&last);
    let is_source = file.name != last && !(file.html && file_ends_in_html(&last));
    let folder = folder_address(&parts.join("/"));
    if is_source {
        return Some(page_address(
            FileName { folder: folder.trim_matches('/'), ..file },
            file.is_index(),
            None,
        ));
    }
    Some(if file_ends_in_html(&last) { format!("{folder}{last}") } else { format!("{folder}{last}/") })
}

fn file_ends_in_html(name: &str) -> bool {
    strip_ending(name, ".html").or_else(|| strip_ending(name, ".htm")).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(path: &str, slug: Option<&str>) -> String {
        let file = FileName::of(path);
        page_address(file, file.is_index() || file.is_readme(), slug)
    }

    #[test]
    fn a_content_path_makes_one_address() {
        for (path, expected) in [
            ("index.md", "/"),
            ("README.md", "/"),
            ("runbooks/disk-full.md", "/runbooks/disk-full/"),
            ("runbooks/_index.md", "/runbooks/"),
            ("runbooks/readme.md", "/runbooks/"),
            ("a/x.html.md", "/a/x.html"),
            ("a/x.html.md.erb", "/a/x.html"),
            ("a/index.html.md.erb", "/a/"),
            ("a/x.md.erb", "/a/x/"),
            ("a/README.html.md", "/a/README.html"),
            ("A b/C d.md", "/A-b/C-d/"),
            ("cafe\u{301}.md", "/café/"),
            ("100% sure.md", "/100--sure/"),
            ("v1.2.md", "/v1.2/"),
            (".md", "/.md/"),
            (" .md", "/-/"),
        ] {
            assert_eq!(address(path, None), expected, "{path}");
        }
    }

    #[test]
    fn a_slug_replaces_the_last_part_and_never_leaves_its_folder() {
        for (path, slug, expected) in [
            ("a/x.md", "y", "/a/y/"),
            ("a/x.html.md", "y", "/a/y.html"),
            ("a/b/index.md", "c", "/a/c/"),
            ("index.md", "c", "/"),
            ("a/x.md", "..", "/a/x/"),
            ("a/x.md", "../../etc", "/a/..-..-etc/"),
            ("a/x.md", " ", "/a/x/"),
        ] {
            assert_eq!(address(path, Some(slug)), expected, "{path} {slug}");
        }
    }

    #[test]
    fn an_alias_may_be_written_in_any_form() {
        for (alias, expected) in [
            ("/old/", Some("/old/")),
            ("old", Some("/old/")),
            ("/old.html", Some("/old.html")),
            ("old/index.md", Some("/old/")),
            ("a/old.md", Some("/a/old/")),
            ("a/old.html.md", Some("/a/old.html")),
            ("/caf%C3%A9/", Some("/café/")),
            ("/release-1.2", Some("/release-1.2/")),
            ("/a/../b/", Some("/b/")),
            ("/../b/", None),
            ("/", None),
        ] {
            assert_eq!(alias_address(alias).as_deref(), expected, "{alias}");
        }
    }

    #[test]
    fn links_carry_the_path_of_the_base_url_and_are_percent_encoded() {
        for (base, to, fragment, expected, absolute) in [
            (None, "/a/", None, "/a/", None),
            (Some("https://kb.example"), "/", None, "/", Some("https://kb.example/")),
            (
                Some("https://kb.example/docs"),
                "/a/",
                Some("x y"),
                "/docs/a/#x%20y",
                Some("https://kb.example/docs/a/"),
            ),
            (
                Some("https://kb.example/docs/"),
                "/é.html",
                None,
                "/docs/%C3%A9.html",
                Some("https://kb.example/docs/%C3%A9.html"),
            ),
            (
                Some("https://kb.example:8080/d/?q#f"),
                "/a b%/?#",
                None,
                "/d/a%20b%25/%3F%23",
                Some("https://kb.example:8080/d/a%20b%25/%3F%23"),
            ),
            (Some("file:///srv/kb"), "/a/", None, "/srv/kb/a/", Some("file:///srv/kb/a/")),
        ] {
            let addresses = Addresses::new(base, false);
            assert_eq!(addresses.href("/from/", to, fragment), expected, "{base:?} {to}");
            assert_eq!(addresses.absolute(to).as_deref(), absolute, "{base:?} {to}");
        }
        assert_eq!(Addresses::default().href("/from/", "/a/", None), "/a/");
        assert_eq!(Addresses::default().href("/a/", "/a/", Some("é")), "#%C3%A9");
    }

    #[test]
    fn portable_links_work_from_disk() {
        let addresses = Addresses::new(Some("https://kb.example/docs/"), true);
        for (from, to, expected) in [
            ("/", "/", "index.html"),
            ("/", "/a/", "a/index.html"),
            ("/a/", "/", "../index.html"),
            ("/a/b/", "/a/c/", "../c/index.html"),
            ("/a/b/", "/a/", "../index.html"),
            ("/a/x.html", "/a/b/", "b/index.html"),
            ("/a/x.html", "/img/a b.png", "../img/a%20b.png"),
            ("/", "/a:b.html", "./a:b.html"),
            ("/404.html", "/x.html", "x.html"),
        ] {
            assert_eq!(addresses.href(from, to, None), expected, "{from} → {to}");
        }
        assert_eq!(addresses.href("/a/", "/b/", Some("f")), "../b/index.html#f");
        assert_eq!(addresses.href("/a/", "/a/", Some("f")), "#f");
    }
}
