//! What a file's name says: page or not, private or not.
//!
//! In: one name. Out: a verdict, the same on every system and in every locale. Not here: the disk,
//! and whether every system can hold the name (`config::names`).

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
}
