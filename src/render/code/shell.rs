//! How far a shell has read: inside quotes, a here-document, a construct, or at the start of a command.
//!
//! In: the lines of a block one after another. Out: for each byte what a value that is put there has to be quoted for,
//! whether the next line belongs to the same command, and the names of variables that the lines set. Not a shell: what
//! it does not understand it takes for plain words.

use std::collections::{BTreeSet, VecDeque};

/// What a byte of a command stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    /// A word of its own.
    Plain,
    /// `'…'`.
    Single,
    /// `"…"`.
    Double,
    /// A here-document whose variables are replaced.
    Here,
    /// Text that no shell reads: statements of another console, a here-document that is taken as it is.
    Raw,
    /// `# …`.
    Comment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frame {
    Single,
    Double,
    Parenthesis,
    Backtick,
    Parameter,
}

#[derive(Clone, Debug)]
struct Here {
    end: String,
    is_raw: bool,
}

/// Where a shell stands after some lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Shell {
    frames: Vec<Frame>,
    waiting: VecDeque<Here>,
    /// Constructs that are open: `for` without its `done`.
    depth: usize,
    continues: bool,
}

/// Words that open a construct, and words that close one.
const OPENERS: &[&str] = &["case", "for", "if", "select", "until", "while", "{"];
const CLOSERS: &[&str] = &["done", "esac", "fi", "}"];
/// Words after which another command begins.
const LEADERS: &[&str] = &["do", "then", "else", "elif", "!", "if", "while", "until", "{"];

impl Shell {
    /// Whether the next line belongs to the same command.
    pub(super) fn is_open(&self) -> bool {
        self.continues || self.depth > 0 || !self.frames.is_empty() || !self.waiting.is_empty()
    }

    /// Whether the next line belongs to a here-document.
    pub(super) fn in_document(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether the last line ended in a backslash, a pipe, `&&` or `||`.
    pub(super) fn continues(&self) -> bool {
        self.continues
    }

    /// Reads a line; gives the context of each of its bytes.
    pub(super) fn read(&mut self, line: &str) -> Vec<Context> {
        if let Some(here) = self.waiting.front() {
            let context = if here.is_raw { Context::Raw } else { Context::Here };
            if line.trim() == here.end {
                self.waiting.pop_front();
            }
            self.continues = false;
            return vec![context; line.len()];
        }
        let bytes = line.as_bytes();
        let mut contexts = Vec::with_capacity(bytes.len());
        let mut word = String::new();
        let mut at_command = !self.continues;
        let mut begins_word = true;
        let mut found = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            let inner = self.frames.last().copied();
            if inner.is_none_or(|frame| matches!(frame, Frame::Parenthesis | Frame::Backtick))
                && byte == b'#'
                && begins_word
            {
                contexts.resize(bytes.len(), Context::Comment);
                break;
            }
            let mut taken = 1;
            let context = match inner {
                Some(Frame::Single) => {
                    if byte == b'\'' {
                        self.frames.pop();
                    }
                    Context::Single
                }
                Some(Frame::Double) => {
                    match byte {
                        b'\\' => taken = 2,
                        b'"' => {
                            self.frames.pop();
                        }
                        b'`' => self.toggle_backtick(),
                        b'$' if bytes.get(at + 1) == Some(&b'(') => {
                            self.frames.push(Frame::Parenthesis);
                            taken = 2;
                        }
                        _ => {}
                    }
                    Context::Double
                }
                _ => {
                    match byte {
                        b'\\' => taken = 2,
                        b'\'' => self.frames.push(Frame::Single),
                        b'"' => self.frames.push(Frame::Double),
                        b'`' => self.toggle_backtick(),
                        b'(' => self.frames.push(Frame::Parenthesis),
                        b')' if inner == Some(Frame::Parenthesis) => {
                            self.frames.pop();
                        }
                        b'$' if bytes.get(at + 1) == Some(&b'{') => {
                            self.frames.push(Frame::Parameter);
                            taken = 2;
                        }
                        b'}' if inner == Some(Frame::Parameter) => {
                            self.frames.pop();
                        }
                        b'<' if line[at..].starts_with("<<<") => taken = 3,
                        b'<' if line[at..].starts_with("<<") => {
                            let (here, length) = here_document(&line[at..]);
                            found.extend(here);
                            taken = length;
                        }
                        _ => {}
                    }
                    Context::Plain
                }
            };
            let parts = matches!(byte, b' ' | b'\t' | b';' | b'|' | b'&' | b'(' | b')' | b'`');
            if context == Context::Plain && (parts || inner == Some(Frame::Parameter)) {
                at_command =
                    self.finish_word(&word, at_command) || matches!(byte, b';' | b'|' | b'&' | b'(' | b'`');
                word.clear();
            } else if taken == 1 {
                word.push(char::from(byte));
            } else {
                word.push('\\');
            }
            begins_word = parts;
            contexts.resize((at + taken).min(bytes.len()), context);
            at += taken;
        }
        self.finish_word(&word, at_command);
        let code = contexts
            .iter()
            .rposition(|context| *context != Context::Comment)
            .map_or("", |last| &line[..=last]);
        let code = code.trim_end();
        self.continues = (line.ends_with('\\') && !line.ends_with("\\\\"))
            || (self.frames.is_empty() && (code.ends_with('|') || code.ends_with("&&")));
        self.waiting.extend(found);
        contexts
    }

    /// Whether the word after this one begins a command.
    fn finish_word(&mut self, word: &str, at_command: bool) -> bool {
        if word.is_empty() || !at_command {
            return at_command && word.is_empty();
        }
        if OPENERS.contains(&word) {
            self.depth += 1;
        } else if CLOSERS.contains(&word) {
            self.depth = self.depth.saturating_sub(1);
        }
        LEADERS.contains(&word) || assignment(word).is_some()
    }

    fn toggle_backtick(&mut self) {
        match self.frames.iter().rposition(|frame| *frame == Frame::Backtick) {
            Some(open) => self.frames.truncate(open),
            None => self.frames.push(Frame::Backtick),
        }
    }
}

/// `<<EOF`, `<<-'EOF'`: the here-document and the length of what was read.
fn here_document(text: &str) -> (Option<Here>, usize) {
    let rest = text[2..].trim_start_matches('-').trim_start();
    let start = text.len() - rest.len();
    let length = rest.find([' ', '\t', ';', '|', '>', '<', ')', '&']).unwrap_or(rest.len());
    let end = rest[..length].trim_matches(['"', '\'']);
    if end.is_empty() || !end.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return (None, 2);
    }
    let is_raw = rest.starts_with(['"', '\'', '\\']);
    (Some(Here { end: end.to_owned(), is_raw }), start + length)
}

/// `NAME` of `NAME=…` at the start of a word.
pub(super) fn assignment(word: &str) -> Option<&str> {
    let (name, _) = word.split_once('=')?;
    let name = name.strip_suffix('+').unwrap_or(name);
    is_name(name).then_some(name)
}

/// Whether a variable may be called so.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The names that some lines set: by an assignment, `for`, `read`, `select`, or `-v` of `awk` and `printf`.
pub(super) fn names_set(text: &str, names: &mut BTreeSet<String>) {
    for line in text.lines() {
        let words: Vec<&str> = line
            .split([' ', '\t', ';', '|', '&', '(', ')', '`', '\'', '"'])
            .filter(|word| !word.is_empty())
            .collect();
        for (index, word) in words.iter().enumerate() {
            if let Some(name) = assignment(word) {
                names.insert(name.to_owned());
            }
            let after = words[index + 1..].iter();
            match *word {
                "for" | "select" => {
                    names.extend(after.take(1).filter(|name| is_name(name)).map(|name| (*name).to_owned()));
                }
                "read" | "mapfile" | "readarray" => {
                    names.extend(after.filter(|name| is_name(name)).map(|name| (*name).to_owned()));
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open_after(lines: &str) -> bool {
        let mut shell = Shell::default();
        for line in lines.lines() {
            shell.read(line);
        }
        shell.is_open()
    }

    #[test]
    fn a_command_ends_where_the_shell_says() {
        for (lines, open) in [
            ("ls", false),
            ("ls \\", true),
            ("ls |", true),
            ("a && \\\n b", false),
            ("echo 'a", true),
            ("echo 'a\nb'", false),
            ("echo \"$(cat <<EOF", true),
            ("cat <<EOF\na 'b\nEOF", false),
            ("cat <<'EOF' | tee x\n$a", true),
            ("for x in a b; do", true),
            ("for x in a b; do\n echo done of $x\ndone", false),
            ("while read -r a; do echo $a; done", false),
            ("if [ -f x ]; then\n case $y in\n  a) z ;;\n esac\nfi", false),
            ("awk '{ print $1 }'", false),
            ("x=$(a \"b\" `c`)", false),
            ("echo ${a:-'b'}", false),
            ("ls # it's all", false),
            ("echo \"it's\"", false),
            ("cat <<<word", false),
        ] {
            assert_eq!(open_after(lines), open, "{lines}");
        }
    }

    #[test]
    fn every_byte_knows_what_it_is_quoted_by() {
        let line = "a 'b' \"c $(d)\" # e";
        let contexts = Shell::default().read(line);
        let of = |text: &str| contexts[line.find(text).unwrap()];
        assert_eq!(contexts.len(), line.len());
        for (text, context) in [
            ("a", Context::Plain),
            ("b", Context::Single),
            ("c", Context::Double),
            ("d", Context::Plain),
            ("e", Context::Comment),
        ] {
            assert_eq!(of(text), context, "{text}");
        }
    }

    #[test]
    fn names_that_a_block_sets_are_known() {
        let mut names = BTreeSet::new();
        let text =
            "A=1 b=$(c)\nexport D='x'\nfor e in 1 2; do\nread -r -p \"F? \" g\nawk -v H=1 '{}'\nx --i=j\n";
        names_set(text, &mut names);
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["A", "D", "H", "b", "e", "g"]);
    }
}
