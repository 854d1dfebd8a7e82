//! What in a block is a prompt, a command, a comment, or what a command printed.
//!
//! In: the text of a block. Out: its lines, each with what it is. The copy button takes commands only, so where a line
//! is in doubt it is output: a command that is missing is seen, output in a terminal is run.

use super::prompts::prompt;
use super::shell::{Context, Shell};
use super::words::{first_program, first_word, is_command_like, is_output_like, is_unmistakable};

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// To be run.
    Command,
    /// A note of the author between commands.
    Comment,
    /// What a command printed.
    Output,
    /// Nothing.
    Blank,
}

/// One line of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Where it begins in the text.
    pub(super) start: usize,
    /// Bytes, without the line end.
    pub(super) length: usize,
    /// Bytes of the prompt at its start.
    pub(super) prompt: usize,
    /// What it is.
    pub(super) part: Part,
    /// The context of each byte behind the prompt, for commands.
    pub(super) contexts: Vec<Context>,
}

/// What a block is taken for before it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A shell or a console by its language.
    Shell,
    /// No language.
    Unnamed,
}

/// The lines of a block that holds commands; `None` if it is no such block.
pub(super) fn read(text: &str, form: Form) -> Option<Vec<Line>> {
    let lines: Vec<&str> = text.split('\n').collect();
    let prompts = Prompts::find(&lines, form);
    if form == Form::Unnamed && !prompts.any() {
        let first = lines.iter().find(|line| !line.trim().is_empty())?;
        if !is_unmistakable(first_word(first)) {
            return None;
        }
    }
    let mut reader = Reader { lines: &lines, prompts, read: Vec::with_capacity(lines.len()), start: 0 };
    reader.read();
    let has_command = reader.read.iter().any(|line| line.part == Part::Command);
    (has_command || form == Form::Shell).then_some(reader.read)
}

/// Which lines show a prompt.
struct Prompts {
    /// `$ `, `user@host:~# ` or that of another console.
    plain: bool,
    /// `# ` of root.
    root: bool,
    /// `> `.
    angle: bool,
}

impl Prompts {
    fn find(lines: &[&str], form: Form) -> Self {
        let mut filled = lines.iter().filter(|line| !line.trim().is_empty());
        let first = filled.clone().next().copied().unwrap_or_default();
        let plain = match form {
            Form::Shell => has_prompt(lines),
            // Elsewhere a line that begins like a prompt may be anything.
            Form::Unnamed => prompt(first).is_some() || second_is_prompt(lines),
        };
        let root = !plain
            && after_hash(first).is_some_and(is_command_like)
            && filled.clone().copied().filter_map(after_hash).all(is_command_like)
            && filled.all(|line| line.starts_with('#') || !is_command_like(line));
        let angle = form == Form::Shell
            && first
                .strip_prefix("> ")
                .is_some_and(|said| if plain { is_command_like(said) } else { is_said(said) });
        Self { plain, root, angle }
    }

    fn any(&self) -> bool {
        self.plain || self.root || self.angle
    }
}

/// Whether a line outside of here-documents shows a prompt.
fn has_prompt(lines: &[&str]) -> bool {
    let mut shell = Shell::default();
    lines.iter().any(|line| {
        let found = !shell.in_document() && prompt(line).is_some();
        shell.read(line);
        found
    })
}

fn after_hash(line: &str) -> Option<&str> {
    line.strip_prefix("# ").map(str::trim_start)
}

/// `ssh host` and then, on that host, a prompt.
fn second_is_prompt(lines: &[&str]) -> bool {
    let mut filled = lines.iter().filter(|line| !line.trim().is_empty());
    filled.next().is_some_and(|first| is_unmistakable(first_word(first)))
        && filled.next().is_some_and(|second| prompt(second).is_some())
}

/// Whether a console may be told this: `slowlog get 10`, but not the echo of a protocol.
fn is_said(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !text.contains("HTTP/")
        && !first_word(text).ends_with(':')
}

struct Reader<'l, 't> {
    lines: &'l [&'t str],
    prompts: Prompts,
    read: Vec<Line>,
    start: usize,
}

impl Reader<'_, '_> {
    fn read(&mut self) {
        let mut in_output = false;
        // The last command opens another shell, or a console with a prompt of its own.
        let mut opened = Opened::Nothing;
        let mut seen_prompt = false;
        let mut prints_a_file = false;
        while let Some(line) = self.lines.get(self.read.len()).copied() {
            let index = self.read.len();
            if line.trim().is_empty() {
                self.push(0, Part::Blank, Vec::new());
                continue;
            }
            let after_blank = index > 0 && self.lines[index - 1].trim().is_empty();
            if let Some((prompt, is_shell)) = self.prompt_of(line, opened, in_output) {
                seen_prompt = true;
                in_output = false;
                let command = &line[prompt..];
                if command.trim_start().starts_with('#') || command.trim().is_empty() {
                    self.push(prompt, Part::Comment, Vec::new());
                    continue;
                }
                opened = Opened::by(command);
                prints_a_file = matches!(
                    first_program(command),
                    "cat" | "less" | "head" | "tail" | "more" | "zcat" | "bat"
                );
                if is_shell {
                    self.push_command(prompt);
                } else {
                    self.push_raw(prompt);
                }
                continue;
            }
            if self.prompts.any() {
                let is_comment = line.trim_start().starts_with('#') && (!in_output || after_blank);
                let may_begin =
                    !in_output && (!seen_prompt || !prints_a_file) && self.only_notes_before(index);
                if is_comment && !prints_a_file {
                    self.push(0, Part::Comment, Vec::new());
                    in_output = false;
                } else if may_begin && is_command_like(line) {
                    opened = Opened::by(line);
                    self.push_command(0);
                } else {
                    in_output = true;
                    self.push(0, Part::Output, Vec::new());
                }
                continue;
            }
            let begins = is_command_like(line) && (!in_output || after_blank || !is_output_like(line));
            if (in_output && !begins) || is_output_like(line) || self.heads_a_table(index) {
                in_output = true;
                self.push(0, Part::Output, Vec::new());
            } else if line.trim_start().starts_with('#') {
                self.push(0, Part::Comment, vec![Context::Comment; line.len()]);
            } else {
                in_output = false;
                self.push_command(0);
            }
        }
    }

    /// The prompt of a line: its length, and whether it is a shell's.
    fn prompt_of(&self, line: &str, opened: Opened, in_output: bool) -> Option<(usize, bool)> {
        if self.prompts.plain
            && let Some(found) = prompt(line)
        {
            return Some(found);
        }
        if let Some(rest) = line.strip_prefix("# ") {
            let root = self.prompts.root
                || (opened == Opened::Shell
                    && !in_output
                    && rest.starts_with(|c: char| !c.is_ascii_uppercase())
                    && is_command_like(rest));
            return root.then_some((2, true));
        }
        let said = line.trim_start().strip_prefix("> ")?;
        let is_prompt =
            self.prompts.angle || (opened == Opened::Console && (is_said(said) || said.starts_with('#')));
        (is_prompt && line.len() - line.trim_start().len() <= 1).then_some((line.len() - said.len(), false))
    }

    /// Whether only comments and blank lines stand between this line and the last command or the start.
    fn only_notes_before(&self, index: usize) -> bool {
        let mut noted = false;
        for line in self.read[..index].iter().rev() {
            match line.part {
                Part::Comment => noted = true,
                Part::Blank => {}
                Part::Command => return noted || line.prompt == 0,
                Part::Output => return false,
            }
        }
        true
    }

    /// Whether the line below is the rule of a table.
    fn heads_a_table(&self, index: usize) -> bool {
        self.lines.get(index + 1).is_some_and(|next| {
            let next = next.trim();
            next.len() > 3
                && next.starts_with('-')
                && next.bytes().all(|byte| matches!(byte, b'-' | b'+' | b' ' | b'|'))
        })
    }

    fn push(&mut self, prompt: usize, part: Part, contexts: Vec<Context>) {
        let length = self.lines[self.read.len()].len();
        self.read.push(Line { start: self.start, length, prompt, part, contexts });
        self.start += length + 1;
    }

    fn push_raw(&mut self, prompt: usize) {
        let length = self.lines[self.read.len()].len();
        self.push(prompt, Part::Command, vec![Context::Raw; length - prompt]);
    }

    /// A command and the lines that belong to it. A quote that nothing closes ends with its line.
    fn push_command(&mut self, prompt: usize) {
        let first = self.read.len();
        let mut shell = Shell::default();
        let mut read = vec![(prompt, shell.read(&self.lines[first][prompt..]))];
        let mut certain = 1;
        let mut only_continued = shell.continues();
        while shell.is_open() {
            let Some(line) = self.lines.get(first + read.len()) else { break };
            // The second prompt, or the first one of the next command.
            let second = if line.starts_with("> ") && self.prompts.any() { 2 } else { 0 };
            if second == 0 && self.prompts.plain && prompt_at_all(line) {
                break;
            }
            read.push((second, shell.read(&line[second..])));
            if only_continued {
                certain = read.len();
                only_continued = shell.continues();
            }
        }
        if shell.is_open() {
            read.truncate(certain);
        }
        for (prompt, contexts) in read {
            let line = &self.lines[self.read.len()];
            let part = if line.trim().is_empty() { Part::Blank } else { Part::Command };
            self.push(prompt, part, contexts);
        }
    }
}

fn prompt_at_all(line: &str) -> bool {
    prompt(line).is_some()
}

/// What a command leaves the reader in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opened {
    Nothing,
    Shell,
    Console,
}

impl Opened {
    fn by(command: &str) -> Self {
        let command = command.split(" #").next().unwrap_or_default().trim();
        let words: Vec<&str> = command.split_whitespace().collect();
        let has = |word: &str| words.contains(&word);
        let last = words.last().copied().unwrap_or_default();
        let last = last.rsplit('/').next().unwrap_or_default();
        let consoles = [
            "console",
            "irb",
            "redis-cli",
            "psql",
            "mysql",
            "python",
            "python3",
            "node",
            "pry",
            "c",
            "gitlab-rails-console",
            "gpg",
        ];
        if consoles.contains(&last) || has("redis-cli") || has("--card-edit") {
            Self::Console
        } else if has("su") || has("ssh") || matches!(last, "sh" | "bash" | "-i" | "-s" | "zsh" | "toolbox") {
            Self::Shell
        } else {
            Self::Nothing
        }
    }
}
