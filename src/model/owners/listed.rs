//! `owners.yaml`.

use std::collections::BTreeMap;

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use super::Owner;
use crate::diagnostic::rules::files::INVALID_OWNERS;
use crate::diagnostic::{Diagnostic, nearest};
use crate::source::{SharedFile, Span, Spanned};
use crate::yaml::{self, Node, Value, YamlRules};

const KEYS: [&str; 4] = ["name", "members", "paths", "contact"];

/// What `owners.yaml` says.
#[derive(Clone, Debug, Default)]
pub(super) struct Listed {
    pub owners: BTreeMap<String, Owner>,
    globs: GlobSet,
    /// For each glob: the length of its pattern and the key of its owner.
    patterns: Vec<(usize, String)>,
}

impl Listed {
    pub fn parse(file: &SharedFile, findings: &mut Vec<Diagnostic>) -> Self {
        let rules = YamlRules { syntax: &INVALID_OWNERS, duplicate: &INVALID_OWNERS };
        let root = match yaml::parse(file, Span::new(0, file.text().len()), rules) {
            Ok(root) => root,
            Err(found) => {
                findings.extend(found);
                return Self::default();
            }
        };
        let mut reader = Reader { file, findings, builder: GlobSetBuilder::new(), listed: Self::default() };
        if !matches!(root.value, Value::Map(_) | Value::Null) {
            reader.warn(root.span, "the file takes keys", "begin it with `owners:`");
        }
        for (key, value) in root.entries() {
            if key.value != "owners" {
                reader.unknown_key(key, &["owners"]);
            } else if matches!(value.value, Value::Map(_) | Value::Null) {
                value.entries().iter().for_each(|(key, value)| reader.owner(key, value));
            } else {
                reader.warn(
                    value.span,
                    "`owners` takes a group of owners",
                    "write `owners: { team-db: [\"runbooks/db/**\"] }`",
                );
            }
        }
        let Reader { builder, mut listed, findings, .. } = reader;
        match builder.build() {
            Ok(globs) => listed.globs = globs,
            Err(error) => {
                listed.patterns.clear();
                findings.push(
                    Diagnostic::new(
                        &INVALID_OWNERS,
                        format!("the path patterns cannot be used together: {error}"),
                    )
                    .at(file, Span::default(), ""),
                );
            }
        }
        listed
    }

    pub fn of(&self, path: &str) -> Vec<String> {
        let matches: Vec<_> =
            self.globs.matches(path).into_iter().filter_map(|at| self.patterns.get(at)).collect();
        let longest = matches.iter().map(|(length, _)| *length).max();
        let mut owners = Vec::new();
        for (length, owner) in matches {
            if Some(*length) == longest && !owners.contains(owner) {
                owners.push(owner.clone());
            }
        }
        owners
    }
}

struct Reader<'f> {
    file: &'f SharedFile,
    findings: &'f mut Vec<Diagnostic>,
    builder: GlobSetBuilder,
    listed: Listed,
}

impl Reader<'_> {
    fn owner(&mut self, key: &Spanned<String>, value: &Node) {
        let mut owner = Owner { name: key.value.clone(), ..Owner::default() };
        match &value.value {
            Value::Map(entries) => {
                for (name, value) in entries {
                    match name.value.as_str() {
                        "name" => owner.name = self.text(name, value).unwrap_or(owner.name),
                        "contact" => owner.contact = self.text(name, value),
                        "members" => {
                            owner.members =
                                self.texts(name, value).into_iter().map(|text| text.value).collect();
                        }
                        "paths" => self.paths(&key.value, name, value),
                        _ => self.unknown_key(name, &KEYS),
                    }
                }
            }
            _ => self.paths(&key.value, key, value),
        }
        self.listed.owners.insert(key.value.clone(), owner);
    }

    fn paths(&mut self, owner: &str, name: &Spanned<String>, value: &Node) {
        for path in self.texts(name, value) {
            match glob(&path.value) {
                Ok(glob) => {
                    self.builder.add(glob);
                    self.listed.patterns.push((path.value.len(), owner.to_owned()));
                }
                Err(error) => {
                    let message = format!("`{}` is not a path pattern: {}", path.value, error.kind());
                    self.warn(path.span, message, "`*` stands for any part of a name, `**` for any folders");
                }
            }
        }
    }

    fn text(&mut self, name: &Spanned<String>, value: &Node) -> Option<String> {
        let text = value.text().map(|text| text.trim().to_owned());
        if text.is_none() {
            self.warn(
                value.span,
                format!("`{}` takes a text, not {}", name.value, value.what()),
                "write a text, in quotes if it begins with `@` or `#`",
            );
        }
        text
    }

    fn texts(&mut self, name: &Spanned<String>, value: &Node) -> Vec<Spanned<String>> {
        let mut texts = Vec::new();
        for item in value.items() {
            if let Some(text) = item.text() {
                texts.push(Spanned { value: text.trim().to_owned(), span: item.span });
            } else {
                self.warn(
                    item.span,
                    format!("`{}` takes a list of texts, not {}", name.value, item.what()),
                    "write `[\"one\", \"two\"]`",
                );
            }
        }
        texts
    }

    fn unknown_key(&mut self, key: &Spanned<String>, known: &[&str]) {
        let list: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
        let help = match nearest(&key.value, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known keys: {}", list.join(", ")),
        };
        self.warn(key.span, format!("the key `{}` is not known here", key.value), help);
    }

    fn warn(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.findings.push(Diagnostic::new(&INVALID_OWNERS, message).at(self.file, span, "").help(help));
    }
}

/// A pattern of `owners.yaml`: at any depth unless it begins with `/`; a folder holds all below it.
fn glob(pattern: &str) -> Result<Glob, globset::Error> {
    let folder = if pattern.ends_with('/') { "**" } else { "" };
    let whole = match pattern.strip_prefix('/') {
        Some(anchored) => format!("{anchored}{folder}"),
        None => format!("**/{pattern}{folder}"),
    };
    GlobBuilder::new(&whole).literal_separator(true).build()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::model::owners::{Owner, Owners};
    use crate::source::{SharedFile, SourceFile};

    fn file(path: &str, text: &str) -> SharedFile {
        Arc::new(SourceFile::new(path, text))
    }

    #[test]
    fn the_longest_pattern_decides_and_comes_before_codeowners() {
        let listed = file(
            "owners.yaml",
            "owners:\n  team-db: { name: Database team, members: [\"@ana\"], paths: [\"runbooks/db/**\"], contact: \"#db\" }\n  \
             team-ops: [\"runbooks/\"]\n  web: { paths: /web/** }\n",
        );
        let (owners, found) = Owners::parse(Some(&listed), Some(&file("CODEOWNERS", "* @all\n")));
        assert!(found.is_empty(), "{found:?}");
        let of = |path: &str| owners.of(path).join(" ");
        assert_eq!(of("kb/content/runbooks/db/a.md"), "team-db");
        assert_eq!(of("runbooks/a/b.md"), "team-ops");
        assert_eq!((of("web/a.md"), of("x/web/a.md")), ("web".into(), "@all".into()));
        let expected =
            Owner { name: "Database team".into(), members: vec!["@ana".into()], contact: Some("#db".into()) };
        assert_eq!(owners.known()["team-db"], expected);
        assert_eq!(owners.known()["team-ops"].name, "team-ops");
    }

    #[test]
    fn what_cannot_be_read_is_named_at_its_place() {
        let cases = [
            ("owner: x\n", "1:1 the key `owner` is not known here"),
            ("owners: [a]\n", "1:9 `owners` takes a group of owners"),
            ("owners:\n  a: { path: x }\n", "2:8 the key `path` is not known here"),
            ("owners:\n  a: { paths: [[x]] }\n", "2:16 `paths` takes a list of texts, not a list"),
            (
                "owners:\n  a: [\"x[\"]\n",
                "2:7 `x[` is not a path pattern: unclosed character class; missing ']'",
            ),
            ("owners:\n  a: @x\n", "2:6 a value cannot begin with `@`"),
            ("- a\n", "1:1 the file takes keys"),
        ];
        for (text, expected) in cases {
            let listed = file("owners.yaml", text);
            let (_, found) = Owners::parse(Some(&listed), None);
            let place = listed.position(found[0].primary.as_ref().unwrap().span.start);
            assert_eq!(format!("{}:{} {}", place.line, place.column, found[0].message), expected, "{text}");
            assert_eq!(found.len(), 1, "{text}");
        }
    }
}
