//! Placeholders in commands: what the reader has to fill in before a command can be run.
//!
//! In: a line of a command with the context of each byte, and what is known of the page. Out: the places, each with a
//! name; one name is one field, filled in once for the page. Not here: variables that the page itself sets, or that
//! every shell has.

use std::collections::BTreeSet;
use std::ops::Range;

use super::shell::{Context, is_name, names_set};

/// A placeholder in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Bytes of the line.
    pub(super) range: Range<usize>,
    /// For people; the same with other separators or letters is the same field.
    pub(super) name: String,
    /// What a value has to be quoted for.
    pub(super) context: Context,
}

/// One field of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// What the places of the page refer to.
    pub key: String,
    /// For people.
    pub label: String,
    /// What it is, in words; may be empty.
    pub hint: String,
    /// A value such as is wanted; may be empty.
    pub example: String,
    /// A regular expression that a value matches; may be empty.
    pub pattern: String,
    /// Whether the value is not to be seen or kept.
    pub secret: bool,
    /// Whether the author declared it, rather than it being found.
    pub declared: bool,
}

/// The placeholders of one page.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    /// Declared first, then in the order of the commands.
    pub all: Vec<Field>,
    set: BTreeSet<String>,
}

impl Fields {
    /// The fields that the author declared, on a page whose code blocks hold `texts`.
    pub fn new<'t>(declared: Vec<Field>, texts: impl Iterator<Item = &'t str>) -> Self {
        let mut set = BTreeSet::new();
        for text in texts {
            names_set(text, &mut set);
        }
        for field in &declared {
            set.remove(&field.label);
            set.remove(&field.key);
        }
        Self { all: declared, set }
    }

    /// The key of the field with this name, which is made if it is new.
    fn key_of(&mut self, name: &str) -> String {
        let key = key(name);
        if !self.all.iter().any(|field| field.key == key) {
            let secret = is_secret(&key);
            self.all.push(Field { key: key.clone(), label: name.to_owned(), secret, ..Field::default() });
        }
        key
    }
}

/// `PROJECT_ID`, `project-id` and `Project ID` are one field.
pub fn key(name: &str) -> String {
    let word = |c: char| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    name.chars().map(word).collect()
}

/// Whether a field so named holds what nobody should see or keep.
pub fn is_secret(key: &str) -> bool {
    key.split('_').any(|word| {
        matches!(
            word,
            "token" | "password" | "passwd" | "pgpassword" | "secret" | "pat" | "passphrase" | "pin"
        )
    })
}

/// The placeholders of a line, in order.
pub(super) fn find(line: &str, contexts: &[Context], fields: &Fields) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let mut at = 0;
    while at < line.len() {
        if !line.is_char_boundary(at) || contexts.get(at) == Some(&Context::Comment) {
            at += 1;
            continue;
        }
        let context = contexts.get(at).copied().unwrap_or(Context::Raw);
        let look = Look { line, at, context, fields };
        match look.place() {
            Some((range, name)) => {
                at = range.end;
                places.push(Place { range, name, context });
            }
            None => at += 1,
        }
    }
    places
}

/// Finds the places of a line and the keys of their fields.
pub(super) fn find_fields(line: &str, contexts: &[Context], fields: &mut Fields) -> Vec<(Place, String)> {
    let places = find(line, contexts, fields);
    places
        .into_iter()
        .map(|place| {
            let key = fields.key_of(&place.name);
            (place, key)
        })
        .collect()
}

struct Look<'l> {
    line: &'l str,
    at: usize,
    context: Context,
    fields: &'l Fields,
}

type Found = Option<(Range<usize>, String)>;

impl Look<'_> {
    fn place(&self) -> Found {
        let rest = &self.line[self.at..];
        match rest.as_bytes()[0] {
            b'<' => self.angle(rest),
            b'$' => self.variable(rest),
            b'{' => self.curly(rest),
            b'[' => self.square(rest),
            b'.' => self.dots(rest),
            b'/' if rest.starts_with("/path/to/") => self.example_path(rest),
            b'p' if rest.starts_with("path/to/") => self.example_path(rest),
            b'_' => self.underlined(rest),
            byte if byte.is_ascii_alphabetic() => self.letters(rest).or_else(|| self.word(rest)),
            _ => None,
        }
    }

    fn before(&self) -> &str {
        &self.line[..self.at]
    }

    fn found(&self, length: usize, name: impl Into<String>) -> (Range<usize>, String) {
        (self.at..self.at + length, name.into())
    }

    /// `<HOST>`, `<node name>`; not `<<EOF`, `< file > other`, `<(…)`, a tag.
    fn angle(&self, rest: &str) -> Found {
        let end = rest.find('>')?;
        let name = &rest[1..end];
        let is_words = !name.is_empty()
            && name.len() <= 80
            && name.starts_with(|c: char| c.is_alphanumeric() || c == '_')
            && !name.ends_with([' ', '-', '=', '/'])
            && name.chars().all(|c| {
                c.is_alphanumeric()
                    || matches!(
                        c,
                        ' ' | '_' | '-' | '.' | ':' | '/' | '`' | '\'' | ',' | '#' | '+' | '@' | '(' | ')'
                    )
            });
        let is_tag = self.line.contains(&format!("</{}", name.split(' ').next().unwrap_or_default()))
            || matches!(name, "br" | "hr" | "snip" | "none" | "EOF");
        let is_document = self.before().ends_with(['<', '=', '-']) && self.before().ends_with('<');
        // `<in >out` and `<a >b`: a redirection has a blank before `>`; `(?<name>…)` is a pattern.
        let is_pattern = self.before().ends_with("(?") || self.before().ends_with("?P");
        (is_words && !is_tag && !is_document && !is_pattern).then(|| self.found(end + 1, name))
    }

    /// `$HOST`, `${HOST}`; not what the page sets, what every shell has, or what another program reads.
    fn variable(&self, rest: &str) -> Found {
        if matches!(self.context, Context::Single | Context::Raw) || self.before().ends_with('\\') {
            return None;
        }
        let (name, length) = if let Some(inner) = rest.strip_prefix("${") {
            let end = inner.find('}')?;
            (&inner[..end], end + 3)
        } else {
            let inner = &rest[1..];
            let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inner.len());
            (&inner[..end], end + 1)
        };
        let is_known = self.fields.set.contains(name)
            || ENVIRONMENT.contains(&name)
            || name.starts_with("LC_")
            || name.starts_with("XDG_")
            || name.starts_with("BASH");
        (is_name(name) && !is_known && name != "_").then(|| self.found(length, name))
    }

    /// `{name}`; not `{a,b}`, `{1..3}`, `{}`, `{{.Id}}`, `@{upstream}`, `%{http_code}` or a program in quotes.
    fn curly(&self, rest: &str) -> Found {
        let end = rest.find('}')?;
        let name = &rest[1..end];
        let is_words = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && !name.ends_with(' ')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b' '));
        let is_other =
            self.before().ends_with(['$', '@', '%', '{', '#', '\\']) || rest[end..].starts_with("}}");
        let is_program = self.context == Context::Single
            && (self.before().ends_with(['\'', ' ', ')']) || name.contains(' '));
        let is_statement = name.contains(' ') && self.before().trim_end().ends_with(')');
        (is_words && !is_other && !is_program && !is_statement && self.context != Context::Raw)
            .then(|| self.found(end + 1, name))
    }

    /// `[PROJECT-ID]`, `[project name]`; not a class of characters, a test, a glob.
    fn square(&self, rest: &str) -> Found {
        let end = rest.find(']')?;
        let name = &rest[1..end];
        // `pgb-console-[n]`
        if name == "n" && self.before().ends_with(['-', ' ']) {
            return Some(self.found(end + 1, name));
        }
        let encoded =
            self.before().get(..self.at.saturating_sub(2)).is_some_and(|before| before.ends_with('%'));
        if !encoded
            && self.before().ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, ')' | '\\' | '^'))
            && !self.before().ends_with('/')
        {
            return None;
        }
        let capitals = name.len() >= 4
            && name.bytes().all(|byte| {
                byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-' | b' ')
            })
            && name.bytes().take(2).all(|byte| byte.is_ascii_uppercase());
        let words = name.contains(' ')
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.ends_with(|c: char| c.is_ascii_alphabetic())
            && self.context == Context::Plain
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'_' | b'-' | b'.' | b'/'));
        let either = name.contains('|')
            && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'|')
            && self.context == Context::Plain;
        // A test has blanks at both ends; these are the two that stand alone and are none of ours.
        let is_command = matches!(name, "sudo") || self.before().trim_end().ends_with("if");
        ((capitals || words || either) && !is_command).then(|| self.found(end + 1, name))
    }

    /// `/path/to/project`.
    fn example_path(&self, rest: &str) -> Found {
        let end = rest.find([' ', '\t', '"', '\'', ':', ';', ')', '`', ',']).unwrap_or(rest.len());
        let begins = !self.before().ends_with(|c: char| c.is_ascii_alphanumeric() || c == '/');
        begins.then(|| self.found(end, &rest[..end]))
    }

    /// `_username_`.
    fn underlined(&self, rest: &str) -> Found {
        let end = rest.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(rest.len());
        let name = rest[..end].trim_matches('_');
        let alone =
            self.before().ends_with(' ') && !rest[end..].starts_with(|c: char| c.is_ascii_alphanumeric());
        (alone && name.len() + 2 == end && self.context == Context::Plain).then(|| self.found(end, name))
    }

    /// `KEY="..."`, `-m ' ... '`.
    fn dots(&self, rest: &str) -> Found {
        let length = if rest.starts_with('…') {
            '…'.len_utf8()
        } else {
            rest.len() - rest.trim_start_matches('.').len()
        };
        let (before, after) = (self.before().trim_end(), rest[length..].trim_start());
        if length >= 3
            && before.ends_with(['"', '\''])
            && before.len() < self.at
            && after.starts_with(&before[before.len() - 1..])
        {
            return Some(self.found(length, "text"));
        }
        let value = self.before().trim_end_matches(['"', '\'']);
        let name = value.strip_suffix('=')?.rsplit([' ', '\t']).next()?;
        let ends = rest[length..].chars().next().is_none_or(|c| matches!(c, '"' | '\'' | ' ' | ';'));
        (length >= 3 && ends && is_name(name)).then(|| self.found(length, name))
    }

    /// `XXXX`, `nfs-fileYY`, `YYYY-MM-DD`, `xxx`.
    fn letters(&self, rest: &str) -> Found {
        let first = rest.as_bytes()[0];
        let run = rest.bytes().take_while(|byte| *byte == first).count();
        let previous = self.before().as_bytes().last().copied();
        let follows = rest.as_bytes().get(run).copied();
        let starts_word = previous.is_none_or(|byte| !byte.is_ascii_alphanumeric());
        let ends_word = follows.is_none_or(|byte| !byte.is_ascii_alphanumeric());
        let is_place = match first {
            // Part of a longer name it may follow small letters: `nfs-fileXX`.
            b'X' if run == 1 => {
                let before = self.before();
                let part = before.ends_with('-')
                    && before[..before.len() - 1].ends_with(|c: char| c.is_ascii_alphanumeric());
                part && ends_word && follows != Some(b'=')
            }
            b'X' | b'Y' => {
                run >= 2
                    && follows.is_none_or(|byte| !byte.is_ascii_alphanumeric())
                    && previous.is_none_or(|byte| {
                        !byte.is_ascii_uppercase() && !byte.is_ascii_digit() && byte != b'$'
                    })
            }
            b'x' => {
                run >= 2
                    && starts_word
                    && ends_word
                    && !matches!(previous, Some(b'.' | b'$' | b'{' | b'+' | b'\\'))
                    && (run >= 3 || matches!(previous, Some(b'=' | b' ')))
            }
            // `yyyy-mm-dd`
            b'y' => run == 4 && rest[run..].starts_with("-mm-dd") && starts_word,
            // `--jobs=N`
            b'N' => run == 1 && previous == Some(b'=') && ends_word,
            _ => false,
        };
        if !is_place || (first == b'Y' && run == 2 && starts_word && ends_word) {
            return None;
        }
        // `XX/XX/XXXX` and `YYYY-MM-DD` are one value.
        let mut length = run;
        loop {
            let more = &rest[length..];
            let Some(separator) =
                more.bytes().next().filter(|byte| matches!(byte, b'/' | b'-' | b':' | b'.' | b'T'))
            else {
                break;
            };
            let next = &more[1..];
            let same = next
                .bytes()
                .next()
                .filter(|byte| {
                    matches!(byte, b'X' | b'Y' | b'M' | b'D' | b'H' | b'S' | b'm' | b'd' | b'h' | b's')
                })
                .filter(|byte| *byte == first || matches!(first, b'Y' | b'y'));
            let Some(letter) = same else { break };
            let run = next.bytes().take_while(|byte| *byte == letter).count();
            let goes_on =
                next.as_bytes().get(run).is_some_and(|byte| byte.is_ascii_alphanumeric() && *byte != b'T');
            if run < 2 || goes_on || (separator == b'T' && !matches!(first, b'Y' | b'y')) {
                break;
            }
            length += 1 + run;
        }
        Some(self.found(length, self.label(length)))
    }

    /// What a value without a name of its own is for: the variable or option before it, else the word that it is part of.
    fn label(&self, length: usize) -> String {
        let is_edge =
            |c: char| matches!(c, ' ' | '\t' | '"' | '\'' | '=' | '/' | '`' | '(' | ')' | ':' | ',' | ';');
        let before = self.before();
        let after = &self.line[self.at + length..];
        let left = before.rfind(is_edge).map_or(0, |edge| edge + 1);
        let right = after.find(is_edge).unwrap_or(after.len());
        let word = &self.line[left..self.at + length + right];
        if left == self.at && right == 0 {
            let option = before.trim_end_matches(['"', '\'']);
            let name = option
                .strip_suffix(['=', ' '])
                .and_then(|option| option.rsplit([' ', '\t']).next())
                .unwrap_or_default();
            let is_option = option.ends_with('=') || name.starts_with("--");
            let name = name.trim_start_matches('-');
            if is_option
                && !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            {
                return name.to_owned();
            }
        }
        let word = word
            .split('.')
            .next()
            .filter(|first| first.len() >= length && first.contains(&self.line[self.at..self.at + length]))
            .unwrap_or(word);
        if word.chars().count() > 32 {
            self.line[self.at..self.at + length].chars().take(32).collect()
        } else {
            word.to_owned()
        }
    }

    /// A declared name alone; `CHANGEME`, `YOUR_NAME`, `CLUSTER_NAME`.
    fn word(&self, rest: &str) -> Found {
        let previous = self.before().as_bytes().last().copied();
        if previous.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'{')) {
            return None;
        }
        let end =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len());
        let word = rest[..end].trim_end_matches('-');
        let is_declared =
            |word: &str| self.fields.all.iter().any(|field| field.declared && field.label == word);
        let plain =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map_or(rest, |end| &rest[..end]);
        let is_assigned = rest[plain.len()..].starts_with('=');
        if is_declared(plain) && !is_assigned {
            return Some(self.found(plain.len(), plain));
        }
        let upper = plain.to_ascii_uppercase();
        let is_asked =
            matches!(upper.as_str(), "CHANGEME" | "CHANGE_ME" | "REPLACEME" | "REPLACE_ME" | "REDACTED");
        if is_asked {
            return Some(self.found(plain.len(), self.label(plain.len())));
        }
        if is_assigned {
            return None;
        }
        // `your_user` is one word, `YOURNAME-db` a name and more.
        if upper.starts_with("YOUR_") || word.to_ascii_uppercase().starts_with("YOUR-") {
            return Some(self.found(word.len(), word));
        }
        if (upper.starts_with("YOUR") && upper.len() > 5 && upper != "YOURS" && upper != "YOURSELF")
            || plain.ends_with("_here")
        {
            return Some(self.found(plain.len(), plain));
        }
        // `gs://bucket/ULID`, `rake edit[role_name]`
        let is_part = previous == Some(b'/')
            && plain.len() > 2
            && plain.bytes().all(|byte| byte.is_ascii_uppercase())
            && rest[plain.len()..].chars().next().is_none_or(|c| matches!(c, '/' | ' ' | '"' | '\''))
            && !matches!(plain, "HEAD" | "LATEST" | "README" | "LICENSE" | "INBOX" | "EOF" | "MANIFEST");
        if is_part || (previous == Some(b'[') && plain.ends_with("_name")) {
            return Some(self.found(plain.len(), plain));
        }
        let is_capital = plain.contains('_')
            && plain.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
            && SUFFIXES.iter().any(|suffix| plain.ends_with(suffix));
        let stands_alone =
            previous.is_none_or(|byte| matches!(byte, b' ' | b'=' | b'/' | b':' | b'@' | b'"'));
        let is_searched = self.before().split('|').next_back().is_some_and(|part| part.contains("grep"));
        let is_variable = self.fields.set.contains(plain)
            || self.line.contains(&format!("${plain}"))
            || self.line.contains(&format!("${{{plain}"));
        let is_exported =
            self.before().trim_end().ends_with("export") || self.before().trim_end().ends_with("unset");
        let quoted = matches!(self.context, Context::Single | Context::Raw | Context::Here);
        (is_capital && stands_alone && !is_searched && !is_variable && !is_exported && !quoted)
            .then(|| self.found(plain.len(), plain))
    }
}

/// Ends of names in capitals that stand for a value.
const SUFFIXES: &[&str] = &[
    "_NAME",
    "_ID",
    "_HOST",
    "_HOSTNAME",
    "_IP",
    "_PATH",
    "_FILE",
    "_URL",
    "_USER",
    "_USERNAME",
    "_PORT",
    "_VERSION",
    "_NODE",
    "_NUMBER",
    "_ADDRESS",
    "_KEY",
    "_TOKEN",
    "_PASSWORD",
];

/// Variables that every shell has, or that mean the same to everybody.
const ENVIRONMENT: &[&str] = &[
    "COLUMNS",
    "DISPLAY",
    "EDITOR",
    "EUID",
    "GOPATH",
    "GROUPS",
    "HOME",
    "HOSTNAME",
    "HOSTTYPE",
    "IFS",
    "JAVA_HOME",
    "KUBECONFIG",
    "LANG",
    "LINENO",
    "LINES",
    "LOGNAME",
    "MAIL",
    "OLDPWD",
    "OSTYPE",
    "PAGER",
    "PATH",
    "PIPESTATUS",
    "PPID",
    "PS1",
    "PS2",
    "PWD",
    "RANDOM",
    "REPLY",
    "SECONDS",
    "SHELL",
    "SSH_AUTH_SOCK",
    "TERM",
    "TMPDIR",
    "TZ",
    "UID",
    "USER",
    "VISUAL",
];
