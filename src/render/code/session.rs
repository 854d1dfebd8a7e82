//! Terminal sessions: prompts, commands, and what they printed.
//!
//! The copy button takes commands only, so prompts and output stand in elements of their own.

use std::fmt::Write as _;

use crate::render::html::escape;

/// Whether the first line that is not blank shows a `$ ` prompt.
pub(super) fn starts_with_prompt(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    prompt(first, false).is_some()
}

/// The HTML of a session. Without any prompt every line is a command.
pub(super) fn render_session(text: &str) -> String {
    let lines: Vec<&str> = text.split('\n').collect();
    // `# ` is the prompt of root, but a comment where another prompt is in use.
    let dollar = lines.iter().any(|line| prompt(line, false).is_some());
    let hash = !dollar && lines.iter().any(|line| prompt(line, true).is_some());
    if !dollar && !hash {
        return escape::text(text).into_owned();
    }
    let last_words = lines.iter().rposition(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut out = String::with_capacity(text.len() * 2);
    let mut in_output = false;
    let mut continues = false;
    for (index, line) in lines.iter().enumerate() {
        let found = prompt(line, hash);
        let is_comment = dollar && line.starts_with('#');
        let is_command = found.is_some() || continues || is_comment;
        if index > 0 {
            out.push('\n');
        }
        if in_output && is_command {
            out.push_str("</samp>");
            in_output = false;
        }
        if !is_command && !in_output && index <= last_words {
            out.push_str("<samp tabindex=\"0\" role=\"group\" aria-label=\"Output\">");
            in_output = true;
        }
        match found {
            Some(length) => {
                let _ = write!(out, "<span class=\"pr\">{}</span>", escape::text(&line[..length]));
                escape::push_text(&mut out, &line[length..]);
            }
            None if is_comment && !continues => {
                let _ = write!(out, "<span class=\"c\">{}</span>", escape::text(line));
            }
            None if continues && line.starts_with("> ") => {
                let _ = write!(out, "<span class=\"pr\">&gt; </span>{}", escape::text(&line[2..]));
            }
            None => escape::push_text(&mut out, line),
        }
        continues = is_command && line.ends_with('\\');
    }
    if in_output {
        out.push_str("</samp>");
    }
    out
}

/// Length of the prompt at the start of a line: `$ `, `user@host:~/x$ `, `(venv) $ `, `[a@b c]# `;
/// a bare `# ` only where `hash` says so.
fn prompt(line: &str, hash: bool) -> Option<usize> {
    if line.starts_with("$ ") || line == "$" {
        return Some(line.len().min(2));
    }
    if line.starts_with("# ") {
        return hash.then_some(2);
    }
    let at = [line.find("$ "), line.find("# ")].into_iter().flatten().min()?;
    let before = line.get(..at)?;
    let is_prompt = before.len() <= 80
        && (before.starts_with(['(', '[']) || before.contains('@'))
        && !before.contains(['"', '\'', '|', '=', '<', ';'])
        && before.bytes().filter(|byte| *byte == b' ').count() <= 1;
    is_prompt.then_some(at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_commands_and_output_are_told_apart() {
        let samp = "<samp tabindex=\"0\" role=\"group\" aria-label=\"Output\">";
        let cases = [
            ("ls\ncat x", "ls\ncat x".to_owned()),
            ("$ ls", "<span class=\"pr\">$ </span>ls".to_owned()),
            (
                "$ ls\na <b>\n\n$ pwd",
                format!(
                    "<span class=\"pr\">$ </span>ls\n{samp}a &lt;b&gt;\n\n</samp><span class=\"pr\">$ </span>pwd"
                ),
            ),
            ("$ a \\\n  b\n", "<span class=\"pr\">$ </span>a \\\n  b\n".to_owned()),
            ("$ a \\\n> b", "<span class=\"pr\">$ </span>a \\\n<span class=\"pr\">&gt; </span>b".to_owned()),
            ("# note\n$ a", "<span class=\"c\"># note</span>\n<span class=\"pr\">$ </span>a".to_owned()),
            ("# systemctl stop x", "<span class=\"pr\"># </span>systemctl stop x".to_owned()),
            (
                "root@db-01:~# id\nuid=0",
                format!("<span class=\"pr\">root@db-01:~# </span>id\n{samp}uid=0</samp>"),
            ),
            ("echo \"a@b $ c\"", "echo &quot;a@b $ c&quot;".to_owned()),
        ];
        for (text, expected) in cases {
            assert_eq!(render_session(text), expected, "{text}");
        }
    }

    #[test]
    fn only_a_prompt_makes_a_shell_block_a_session() {
        assert!(starts_with_prompt("\n$ ls"));
        for text in ["ls\n$ x", "# comment\nls", "$X=1", "echo $ x"] {
            assert!(!starts_with_prompt(text), "{text}");
        }
    }
}
