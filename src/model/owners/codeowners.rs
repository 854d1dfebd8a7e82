//! CODEOWNERS as GitHub and GitLab read it.
//!
//! The two differ: GitLab has sections, each of which answers for itself, and lets a path without
//! leading `/` match at any depth; GitHub follows gitignore. A file under `.gitlab/` or with a
//! section is GitLab's.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::files::INVALID_OWNERS;
use crate::source::{SharedFile, Span};

/// Entries that are read; the largest real files have a few thousand.
const MAX_ENTRIES: usize = 20_000;

/// What CODEOWNERS says.
#[derive(Clone, Debug, Default)]
pub(super) struct CodeOwners {
    globs: GlobSet,
    /// One for each glob, in the order of the file.
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    /// Index of its section; 0 is what stands before the first.
    section: usize,
    owners: Vec<String>,
    /// `!path`: the section has nothing to say about it.
    excluded: bool,
}

struct Section {
    /// Lower case; sections of one name are one.
    name: String,
    defaults: Vec<String>,
}

impl CodeOwners {
    pub fn parse(file: &SharedFile, findings: &mut Vec<Diagnostic>) -> Self {
        let gitlab =
            file.path().contains(".gitlab/") || file.text().lines().any(|line| heading(line).is_some());
        let mut reader = Reader {
            file,
            findings,
            gitlab,
            builder: GlobSetBuilder::new(),
            entries: Vec::new(),
            sections: vec![Section { name: String::new(), defaults: Vec::new() }],
            section: 0,
        };
        let mut at = 0;
        for line in file.text().split('\n') {
            reader.line(line, at);
            at += line.len() + 1;
            if reader.entries.len() > MAX_ENTRIES {
                let message = format!("more than {MAX_ENTRIES} entries; those from here on are not read");
                reader.warn(
                    Span::new(at - 1, at - 1),
                    message,
                    "use patterns of folders instead of single files",
                );
                break;
            }
        }
        let Reader { builder, entries, findings, .. } = reader;
        match builder.build() {
            Ok(globs) => Self { globs, entries },
            Err(error) => {
                let message = format!("the path patterns cannot be used together: {error}");
                findings.push(Diagnostic::new(&INVALID_OWNERS, message).at(file, Span::default(), ""));
                Self::default()
            }
        }
    }

    /// Every owner that the file names.
    pub fn owners(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().flat_map(|entry| &entry.owners).map(String::as_str)
    }

    /// The last match of each section, sections in the order of the file.
    pub fn of(&self, path: &str) -> Vec<String> {
        // By section; `None` once it was excluded.
        let mut last: std::collections::BTreeMap<usize, Option<&Entry>> = std::collections::BTreeMap::new();
        for entry in self.globs.matches(path).into_iter().filter_map(|at| self.entries.get(at)) {
            let slot = last.entry(entry.section).or_insert(Some(entry));
            if entry.excluded {
                *slot = None;
            } else if slot.is_some() {
                *slot = Some(entry);
            }
        }
        let mut owners = Vec::new();
        for owner in last.values().flatten().flat_map(|entry| &entry.owners) {
            if !owners.contains(owner) {
                owners.push(owner.clone());
            }
        }
        owners
    }
}

struct Reader<'f> {
    file: &'f SharedFile,
    findings: &'f mut Vec<Diagnostic>,
    gitlab: bool,
    builder: GlobSetBuilder,
    entries: Vec<Entry>,
    sections: Vec<Section>,
    section: usize,
}

impl Reader<'_> {
    fn line(&mut self, line: &str, at: usize) {
        let indent = line.len() - line.trim_start().len();
        let (line, at) = (line.trim(), at + indent);
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        if let Some(heading) = heading(line) {
            self.heading(line, &heading, at);
            return;
        }
        let bare = line.trim_start_matches('^');
        if bare.starts_with('[') && !bare.contains(']') {
            let help = "close it as in `[Database] @team-db`";
            self.warn(Span::new(at, at + line.len()), "a section heading without its `]`", help);
            return;
        }
        let mut words = words(line);
        let Some((start, first)) = words.next() else { return };
        let written = Span::new(at + start, at + start + first.len());
        let excluded = first.starts_with('!');
        let pattern = if excluded { &first[1..] } else { first };
        let owners = self.owners(words, at);
        match glob(pattern, self.gitlab) {
            Ok(Some(glob)) => {
                let owners =
                    if owners.is_empty() { self.sections[self.section].defaults.clone() } else { owners };
                self.builder.add(glob);
                self.entries.push(Entry { section: self.section, owners, excluded });
            }
            Ok(None) => self.warn(written, "there is no path here", "write `path @owner`"),
            Err(error) => {
                let message = format!("`{pattern}` is not a path pattern: {}", error.kind());
                self.warn(written, message, "`*` stands for any part of a name, `**` for any folders");
            }
        }
    }

    fn heading(&mut self, line: &str, heading: &Heading<'_>, at: usize) {
        if heading.name.trim().is_empty() {
            self.warn(
                Span::new(at, at + heading.end),
                "a section without a name",
                "write `[Database] @team-db`",
            );
        }
        if let Some(count) = heading.approvals.filter(|count| count.parse::<u32>().is_err()) {
            let message = format!("`{count}` is no number of approvals");
            self.warn(Span::new(at, at + heading.end), message, "write `[Database][2] @team-db`");
        }
        let rest = &line[heading.end..];
        let defaults = self.owners(words(rest), at + heading.end);
        let name = heading.name.trim().to_lowercase();
        if let Some(known) = self.sections.iter().position(|section| section.name == name && !name.is_empty())
        {
            self.section = known;
            if self.sections[known].defaults.is_empty() {
                self.sections[known].defaults = defaults;
            }
        } else {
            self.section = self.sections.len();
            self.sections.push(Section { name, defaults });
        }
    }

    /// The owners on a line, up to a comment.
    fn owners<'l>(&mut self, words: impl Iterator<Item = (usize, &'l str)>, at: usize) -> Vec<String> {
        let mut owners = Vec::new();
        for (start, word) in words.take_while(|(_, word)| !word.starts_with('#')) {
            if is_owner(word) {
                owners.push(word.to_owned());
                continue;
            }
            let span = Span::new(at + start, at + start + word.len());
            let bare = word.trim_end_matches([',', ';', ':']);
            let help = if is_owner(bare) {
                // GitLab takes it for the owner all the same.
                owners.push(bare.to_owned());
                format!("did you mean `{bare}`? Owners are divided by blanks")
            } else if word.starts_with('@')
                || !word.chars().all(|c| c.is_alphanumeric() || "-_./".contains(c))
            {
                "write `@name`, `@group/team` or a mail address; escape a blank in a path as `\\ `".to_owned()
            } else {
                format!("did you mean `@{word}`? Escape a blank in a path as `\\ `")
            };
            self.warn(span, format!("`{word}` is not an owner"), help);
        }
        owners
    }

    fn warn(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.findings.push(Diagnostic::new(&INVALID_OWNERS, message).at(self.file, span, "").help(help));
    }
}

struct Heading<'l> {
    name: &'l str,
    approvals: Option<&'l str>,
    /// Where it ends on its line.
    end: usize,
}

/// `[Name]`, `^[Name]`, `[Name][2]`; what follows must be a blank, so that `[ab].md` stays a path.
fn heading(line: &str) -> Option<Heading<'_>> {
    let line = line.trim_end();
    let open = line.strip_prefix('^').unwrap_or(line).strip_prefix('[')?;
    let (name, rest) = open.split_once(']')?;
    let (approvals, rest) = match rest.strip_prefix('[').and_then(|count| count.split_once(']')) {
        Some((count, rest)) => (Some(count), rest),
        None => (None, rest),
    };
    let ends = rest.is_empty() || rest.starts_with([' ', '\t']);
    ends.then_some(Heading { name, approvals, end: line.len() - rest.len() })
}

/// Words of a line with their places; a backslash keeps a blank in its word.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &line[at..];
        let start = at + (rest.len() - rest.trim_start().len());
        let mut escaped = false;
        let length = line[start..]
            .find(|c: char| {
                let ends = c.is_whitespace() && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            })
            .unwrap_or(line.len() - start);
        at = start + length;
        (length > 0).then(|| (start, &line[start..at]))
    })
}

/// `@name`, `@group/team`, `@@role`, or a mail address.
fn is_owner(word: &str) -> bool {
    let name =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-_./".contains(c));
    if let Some(handle) = word.strip_prefix("@@").or_else(|| word.strip_prefix('@')) {
        return name(handle);
    }
    word.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && name(host))
}

/// The glob of a path, or nothing if there is no path.
fn glob(pattern: &str, gitlab: bool) -> Result<Option<Glob>, globset::Error> {
    let path = pattern.trim_start_matches('/');
    if path.is_empty() {
        return if pattern.is_empty() { Ok(None) } else { GlobBuilder::new("**").build().map(Some) };
    }
    let anchored = pattern.starts_with('/') || (!gitlab && path.trim_end_matches('/').contains('/'));
    let prefix = if anchored || path.starts_with("**/") { "" } else { "**/" };
    // Neither knows `{a,b}`.
    let path = path.replace('{', "\\{").replace('}', "\\}");
    let whole = if path.ends_with('/') {
        format!("{prefix}{path}**")
    } else if gitlab || path.ends_with('*') {
        format!("{prefix}{path}")
    } else {
        // For gitignore a path is the file or everything in the folder of that name.
        format!("{{{prefix}{path},{prefix}{path}/**}}")
    };
    GlobBuilder::new(&whole).literal_separator(true).backslash_escape(true).build().map(Some)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::SourceFile;

    fn read(path: &str, text: &str) -> (CodeOwners, Vec<String>) {
        let file = Arc::new(SourceFile::new(path, text));
        let mut found = Vec::new();
        let owners = CodeOwners::parse(&file, &mut found);
        let shown = found.iter().map(|found| {
            let place = file.position(found.primary.as_ref().unwrap().span.start);
            format!("{}:{} {}", place.line, place.column, found.message)
        });
        (owners, shown.collect())
    }

    /// Owners of each path in a file of these lines.
    fn check(path: &str, lines: &[&str], cases: &[(&str, &str)]) {
        let (owners, found) = read(path, &lines.join("\n"));
        assert_eq!(found, Vec::<String>::new(), "{lines:?}");
        for (path, expected) in cases {
            assert_eq!(owners.of(path).join(" "), *expected, "{path} by {lines:?}");
        }
    }

    #[test]
    fn the_last_match_wins_and_github_anchors_paths_with_a_slash() {
        check(
            "CODEOWNERS",
            &[
                "* @all",
                "*.js @js # inline",
                "/build/logs/ @logs",
                "docs/* docs@example.com",
                "apps/ @apps",
                "/scripts @s",
                "**/deep @d",
                "/apps/none",
            ],
            &[
                ("a.md", "@all"),
                ("x/y.js", "@js"),
                ("build/logs/a/b", "@logs"),
                ("x/build/logs/a", "@all"),
                ("docs/a.md", "docs@example.com"),
                ("docs/a/b.md", "@all"),
                ("x/docs/a.md", "@all"),
                ("x/apps/a", "@apps"),
                ("scripts/a/b", "@s"),
                ("x/deep/y", "@d"),
                ("apps/none", ""),
            ],
        );
    }

    #[test]
    fn each_section_of_gitlab_answers_for_itself() {
        check(
            "CODEOWNERS",
            &[
                "* @all",
                "[Docs][2] @docs",
                "docs/",
                "README.md @readme",
                "^[Database] @db # optional",
                "/model/ @db/team",
                "/model/x/",
                "!/model/x/y.md",
                "/model/x/y.md @late",
                "[docs]",
                "internal/a.md @int",
                "[C]",
                "/with\\ blank/ @@maintainer",
                "\\#hash @h",
            ],
            &[
                ("a.md", "@all"),
                ("x/docs/a.md", "@all @docs"),
                ("docs/README.md", "@all @readme"),
                ("model/a", "@all @db/team"),
                ("model/x/a", "@all @db"),
                ("model/x/y.md", "@all"),
                ("x/internal/a.md", "@all @int"),
                ("with blank/a", "@all @@maintainer"),
                ("#hash", "@all @h"),
            ],
        );
    }

    #[test]
    fn lines_that_cannot_be_read_are_named_and_the_rest_holds() {
        let (owners, found) = read(
            "CODEOWNERS",
            "a.md team-a @b\n[Open\n[] @x\n[N][two] @n\n/x[ @y\nmy file.md @z\n! @q\n\t/ok/ @ok\n",
        );
        assert_eq!(
            found,
            [
                "1:6 `team-a` is not an owner",
                "2:1 a section heading without its `]`",
                "3:1 a section without a name",
                "4:1 `two` is no number of approvals",
                "5:1 `/x[` is not a path pattern: unclosed character class; missing ']'",
                "6:4 `file.md` is not an owner",
                "7:1 there is no path here",
            ]
        );
        assert_eq!(owners.of("a.md"), ["@b"]);
        assert_eq!(owners.of("ok/x"), ["@ok"]);
    }

    #[test]
    fn no_text_panics() {
        let letters: Vec<char> = "a/*[]!^@# \\\n\t{},é-.0?~".chars().collect();
        let mut state = 7u64;
        for _ in 0..2_000 {
            let text: String = (0..40)
                .map(|_| {
                    state =
                        state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    letters[(state >> 33) as usize % letters.len()]
                })
                .collect();
            let (owners, _) = read("CODEOWNERS", &text);
            owners.of("a/b.md");
            owners.of("");
        }
    }
}
