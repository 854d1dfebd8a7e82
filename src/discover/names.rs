//! What a file's name says: page or not, private or not, good on every system or not.
//!
//! In: one name. Out: a verdict, the same on every system and in every locale. Not here: the disk.

/// The list of what a build wrote, in its output folder. A folder that holds it is never content.
pub const MANIFEST: &str = ".docent-manifest.json";

/// Endings of Markdown files, longest first.
const PAGE_ENDINGS: &[&str] = &[".html.md.erb", ".html.md", ".md.erb", ".markdown", ".md"];

/// The name without its ending if it is a Markdown file: `disk-full` of `disk-full.html.md`.
pub fn page_stem(name: &str) -> Option<&str> {
    PAGE_ENDINGS.iter().find_map(|ending| {
        let stem = name.get(..name.len().checked_sub(ending.len())?)?;
        (name[stem.len()..].eq_ignore_ascii_case(ending) && !stem.is_empty()).then_some(stem)
    })
}

/// Whether a file or folder of this name is never published: dot files, keys, what editors and
/// package managers leave behind.
pub fn is_private(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    name.starts_with('.')
        || matches!(lower.as_str(), "node_modules" | "thumbs.db" | "desktop.ini" | "__macosx" | "__pycache__")
        || is_key(&lower)
        || ends(&["~", ".swp", ".swo", ".swx", ".bak", ".orig", ".rej", ".tmp", ".kate-swp"])
        || (name.starts_with('#') && name.ends_with('#'))
}

fn is_key(lower: &str) -> bool {
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    let ssh = ["id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"];
    ends(&[".pem", ".key", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk", ".env"])
        || ssh
            .iter()
            .any(|key| lower == *key || lower.strip_prefix(key).is_some_and(|r| r.starts_with(['-', '_'])))
        || matches!(lower, "credentials.json" | "htpasswd")
}

/// Dot files that belong on a web server, if they stand in the static folder.
pub fn is_public_dot_file(name: &str) -> bool {
    matches!(name, ".well-known" | ".nojekyll" | ".domains")
}

/// Why a name cannot stand on every system; `None` if it can.
pub fn find_portability_problem(name: &str) -> Option<String> {
    let forbidden = |c: char| c.is_control() || "<>:\"|?*\\".contains(c);
    if let Some(bad) = name.chars().find(|c| forbidden(*c)) {
        return Some(format!("`{}` cannot stand in a name on Windows", bad.escape_default()));
    }
    if name.ends_with('.') {
        return Some("Windows drops the dot at its end".into());
    }
    if name.ends_with(' ') {
        return Some("Windows drops the space at its end".into());
    }
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    is_device(stem).then(|| format!("`{stem}` is a device on Windows"))
}

fn is_device(stem: &str) -> bool {
    let upper = stem.to_ascii_uppercase();
    if matches!(upper.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$") {
        return true;
    }
    let number = upper.strip_prefix("COM").or_else(|| upper.strip_prefix("LPT"));
    number.is_some_and(|n| matches!(n, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_files_are_known_by_their_ending() {
        let cases = [
            ("a.md", Some("a")),
            ("a.markdown", Some("a")),
            ("index.html.md", Some("index")),
            ("index.html.md.erb", Some("index")),
            ("a.md.erb", Some("a")),
            ("README.MD", Some("README")),
            ("v1.2.md", Some("v1.2")),
            (".md", None),
            ("a.mdx", None),
            ("md", None),
            ("ä", None),
        ];
        for (name, stem) in cases {
            assert_eq!(page_stem(name), stem, "{name}");
        }
    }

    #[test]
    fn keys_and_leftovers_are_private() {
        let private = [
            ".git",
            ".env",
            "prod.env",
            ".env.local",
            "node_modules",
            "server.pem",
            "TLS.KEY",
            "id_rsa",
            "id_ed25519",
            "id_rsa-old",
            "a.md.swp",
            ".a.md.swp",
            "a.md~",
            "#a.md#",
            ".#a.md",
            "a.bak",
        ];
        for name in private {
            assert!(is_private(name), "{name}");
        }
        for name in ["a.md", "keys.md", "id_rsa.md", "environment", "tilde~a.md", "monkey.txt", "C#.md"] {
            assert!(!is_private(name), "{name}");
        }
    }

    #[test]
    fn names_that_some_system_cannot_hold_are_known() {
        for name in [
            "CON.md",
            "aux",
            "nul.txt",
            "com1",
            "LPT9.x.md",
            "COM¹.md",
            "a.",
            "a ",
            "a:b.md",
            "a?",
            "a*b",
            "a|b",
            "a<b",
            "a>b",
            "a\"b",
            "a\\b",
            "a\tb",
            "con .md",
        ] {
            assert!(find_portability_problem(name).is_some(), "{name}");
        }
        for name in
            ["console.md", "auxiliary", "com10.md", "com.md", "a.b", "ä b.md", "null.txt", "[a]{b}.md"]
        {
            assert!(find_portability_problem(name).is_none(), "{name}");
        }
    }
}
