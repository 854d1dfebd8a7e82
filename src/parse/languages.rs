//! The languages that a code fence may name.
//!
//! One table for both readers: `parse` reports a name that is not in it (`unknown-language`),
//! `render` finds the syntax by the token. A name without a syntax of its own is known all the same
//! and shown as plain text. Not here: syntaxes (`render`).

use crate::diagnostic::nearest;

/// The token of languages that are shown without colours.
pub const PLAIN: &str = "txt";

/// The token of terminal sessions: prompts, commands and their output.
pub const CONSOLE: &str = "console";

/// `(token, names)`, by token. The token is what syntect finds the syntax by, but for [`CONSOLE`];
/// the names are lower case, the token itself not repeated.
pub static LANGUAGES: &[(&str, &[&str])] = &[
    ("adb", &["ada"]),
    ("adoc", &["asciidoc"]),
    ("applescript", &["osascript"]),
    ("as", &["actionscript"]),
    ("asm", &["nasm", "assembly", "x86asm"]),
    ("asp", &[]),
    ("authorized_keys", &[]),
    ("awk", &["gawk", "mawk"]),
    ("bash", &["ash", "bashrc", "ksh", "posix", "sh", "shell", "shell-script", "shellscript", "zsh"]),
    ("bat", &["batch", "batchfile", "cmd", "dos", "winbatch"]),
    ("bib", &["bibtex"]),
    ("c", &["h"]),
    ("clj", &["clojure", "cljs", "edn"]),
    ("cmake", &[]),
    ("coffee", &["coffeescript"]),
    (CONSOLE, &["bash-session", "sh-session", "shell-session", "shellsession", "terminal", "transcript"]),
    ("cpp", &["c++", "cc", "cxx", "hh", "hpp"]),
    ("cr", &["crystal"]),
    ("crontab", &["cron"]),
    ("cs", &["c#", "csharp", "dotnet"]),
    ("css", &[]),
    ("csv", &["tsv"]),
    ("d", &["dlang"]),
    ("dart", &[]),
    ("diff", &["patch", "udiff"]),
    ("dockerfile", &["containerfile", "docker"]),
    ("dot", &["graphviz", "gv"]),
    (".env", &["dotenv", "env"]),
    ("elm", &[]),
    ("eml", &["email", "mail", "mime"]),
    ("erb", &["eruby", "html+erb", "rhtml"]),
    ("erl", &["erlang"]),
    ("ex", &["elixir", "exs", "iex"]),
    ("f90", &["fortran", "f77", "f95"]),
    ("fish", &[]),
    ("fs", &["f#", "fsharp"]),
    ("fstab", &[]),
    ("gitconfig", &["git-config"]),
    ("gitignore", &["dockerignore", "ignore"]),
    ("glsl", &[]),
    ("go", &["golang"]),
    ("go.mod", &["gomod"]),
    ("graphql", &["gql"]),
    ("groovy", &["gradle", "jenkinsfile"]),
    ("haml", &[]),
    ("help", &[]),
    ("hosts", &[]),
    ("hs", &["haskell"]),
    ("htaccess", &["apache", "apacheconf"]),
    ("html", &["htm", "xhtml"]),
    ("http", &["https"]),
    ("ini", &["cfg", "desktop", "dosini", "editorconfig", "reg", "systemd", "unit"]),
    ("java", &[]),
    ("jinja2", &["django", "j2", "jinja", "liquid", "nunjucks"]),
    ("jl", &["julia"]),
    ("jq", &[]),
    ("js", &["cjs", "javascript", "jsx", "mjs", "node", "nodejs"]),
    ("json", &["geojson", "json5", "jsonc", "jsonl", "jsonlines", "ndjson", "tfstate"]),
    ("jsonnet", &["libsonnet"]),
    ("jsp", &[]),
    ("kt", &["kotlin", "kts"]),
    ("less", &[]),
    ("lisp", &["common-lisp", "elisp", "emacs-lisp", "scheme"]),
    ("ll", &["llvm"]),
    ("log", &["logs"]),
    ("lua", &[]),
    ("make", &["makefile", "mk"]),
    ("man", &["manpage"]),
    ("matlab", &["octave"]),
    ("md", &["gfm", "markdown", "mdown", "mdx", "rmarkdown"]),
    ("mediawiki", &["wiki", "wikitext"]),
    ("ml", &["ocaml"]),
    ("mm", &["objective-c++", "objectivec++"]),
    ("m", &["objc", "objective-c", "objectivec"]),
    ("nginx.conf", &["nginx", "nginxconf"]),
    ("nim", &[]),
    ("ninja", &[]),
    ("nix", &[]),
    ("org", &["orgmode"]),
    ("pas", &["delphi", "pascal"]),
    ("passwd", &[]),
    ("perl", &["pl", "pm"]),
    ("php", &[]),
    ("pp", &["puppet"]),
    ("properties", &["java-properties"]),
    ("proto", &["protobuf", "proto3"]),
    ("ps1", &["posh", "powershell", "pwsh"]),
    ("py", &["bazel", "bzl", "py3", "python", "python2", "python3", "starlark"]),
    ("pip", &["requirements", "requirements.txt"]),
    ("r", &["rscript"]),
    ("rb", &["gemfile", "irb", "rake", "ruby"]),
    ("rego", &["opa"]),
    ("resolv", &["resolv.conf"]),
    ("robot", &["robotframework"]),
    ("rs", &["rust"]),
    ("rst", &["restructuredtext"]),
    ("sass", &[]),
    ("scala", &["sbt"]),
    ("scss", &[]),
    ("slim", &[]),
    ("sls", &["salt", "saltstack"]),
    ("sol", &["solidity"]),
    ("sql", &["mariadb", "mysql", "pgsql", "plpgsql", "postgres", "postgresql", "psql", "sqlite", "tsql"]),
    ("ssh_config", &["ssh-config", "sshconfig"]),
    ("sshd_config", &[]),
    ("strace", &[]),
    ("styl", &["stylus"]),
    ("sv", &["systemverilog"]),
    ("svelte", &[]),
    ("swift", &[]),
    ("syslog", &[]),
    ("tcl", &[]),
    ("tex", &["latex"]),
    ("textile", &[]),
    ("textproto", &["pbtxt"]),
    ("tf", &["hcl", "opentofu", "packer", "terraform", "tfvars"]),
    ("toml", &[]),
    ("ts", &["cts", "deno", "mts", "typescript"]),
    ("tsx", &[]),
    ("twig", &[]),
    (
        PLAIN,
        &[
            "abnf",
            "alertmanager",
            "ascii",
            "ascii-art",
            "bnf",
            "caddyfile",
            "cel",
            "cypher",
            "d2",
            "ditaa",
            "dns",
            "ebnf",
            "email-template",
            "excalidraw",
            "flux",
            "gherkin",
            "haproxy",
            "influxql",
            "kql",
            "kusto",
            "logql",
            "lucene",
            "math",
            "mermaid",
            "metricsql",
            "mongo",
            "mongodb",
            "none",
            "nohighlight",
            "no-highlight",
            "output",
            "plain",
            "plain_text",
            "plaintext",
            "plantuml",
            "prolog",
            "prometheus",
            "promql",
            "puml",
            "quiz",
            "redis",
            "redis-cli",
            "result",
            "splunk",
            "spl",
            "stdout",
            "svgbob",
            "tap",
            "text",
            "traceql",
            "traceback",
            "vcl",
            "vega",
            "vega-lite",
            "vtt",
            "wavedrom",
            "webvtt",
            "zone",
        ],
    ),
    ("typ", &["typst"]),
    ("v", &["verilog"]),
    ("vhdl", &[]),
    ("vim", &["viml", "vimscript"]),
    ("vue", &[]),
    ("wgsl", &[]),
    ("xml", &["atom", "plist", "rss", "svg", "xsd", "xsl", "xslt"]),
    ("yaml", &["ansible", "helm", "k8s", "kubernetes", "yml"]),
    ("zig", &[]),
];

/// The token of the language that a fence names, in upper or lower case; `None` if nobody knows it.
pub fn token(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    LANGUAGES
        .iter()
        .find(|(token, names)| *token == name || names.contains(&name.as_str()))
        .map(|(token, _)| *token)
}

/// The known name that was meant by one that is not: `shell` for `shel`. Never a name that shares
/// nothing but its length.
pub fn meant(name: &str) -> Option<&'static str> {
    let all = LANGUAGES.iter().flat_map(|(token, names)| names.iter().chain(std::iter::once(token)));
    if name.chars().count() < 3 || name.len() > 40 {
        return None;
    }
    let first = name.chars().next().map(|c| c.to_ascii_lowercase());
    let known = || all.clone().copied().filter(|known| known.len() > 1);
    // A letter too many at the front: `8sh`.
    if let Some(exact) = known().find(|known| name.get(1..) == Some(*known)) {
        return Some(exact);
    }
    nearest(name, known().filter(|known| known.chars().next() == first)).or_else(|| nearest(name, known()))
}

/// The language in the words behind a fence: `bash` of `bash title="x"`, `{.bash .numberLines}` and
/// `bash{3-5}`; empty if there is none.
pub fn language_of(info: &str) -> &str {
    let info = info.trim();
    let attributes = info.strip_prefix('{').map(|rest| rest.trim_start_matches([' ', ':']));
    let word = attributes.map_or(info, |rest| rest.strip_prefix('.').unwrap_or(""));
    let end = word.find(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | ',' | ':'));
    let end = end.unwrap_or(word.len());
    // `title="x"` alone names no language, but a pasted `NAME=value` is what was taken for one.
    let word = &word[..end];
    match word.split_once('=') {
        Some(("title" | "on" | "danger" | "lines" | "file", _)) => "",
        _ if matches!(word, "wrap" | "numbers") => "",
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_lower_case_and_stands_for_one_language() {
        let mut seen = std::collections::BTreeSet::new();
        for (token, names) in LANGUAGES {
            for name in names.iter().chain(std::iter::once(token)) {
                assert_eq!(name.to_lowercase(), **name);
                assert!(seen.insert(*name), "{name} stands twice");
            }
        }
    }

    #[test]
    fn misspelt_names_are_unknown_and_the_nearest_is_meant() {
        for (name, expected) in [
            ("shel", Some("shell")),
            ("8sh", Some("sh")),
            ("rediscli_auth=$(sudo", None),
            ("pyhton", Some("python")),
            ("yalm", Some("yaml")),
            ("FATAL", None),
            ("x", None),
        ] {
            assert_eq!(token(name), None, "{name}");
            assert_eq!(meant(name), expected, "{name}");
        }
        assert_eq!(token("SQL"), Some("sql"));
        assert_eq!(token("Shell"), Some("bash"));
    }

    #[test]
    fn the_language_is_the_first_word_behind_the_fence() {
        for (info, expected) in [
            ("bash title=\"x\"", "bash"),
            ("{.bash .numberLines}", "bash"),
            ("bash{3-5}", "bash"),
            ("js,ignore", "js"),
            ("title=\"x\"", ""),
            ("numbers", ""),
            ("", ""),
            ("REDISCLI_AUTH=$(sudo grep", "REDISCLI_AUTH=$(sudo"),
            ("c++", "c++"),
        ] {
            assert_eq!(language_of(info), expected, "{info}");
        }
    }
}
