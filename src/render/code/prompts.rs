//! Prompts of shells and of other consoles.

/// Length of the prompt at the start of a line, and whether it is a shell's: `$ `, `user@host:~/x$ `, `(venv) $ `,
/// `[a@b c]# `; or another console's: `db=# `, `irb> `, `gpg/card> `.
pub(super) fn prompt(line: &str) -> Option<(usize, bool)> {
    let blank = line.len() - line.trim_start().len();
    let text = &line[blank..];
    for sign in ["$ ", "$> ", "$\u{a0}", "% $ "] {
        if let Some(rest) = text.strip_prefix(sign) {
            return Some((blank + sign.len() + spaces(rest), true));
        }
    }
    if text == "$" {
        return Some((line.len(), true));
    }
    let at = text.char_indices().zip(text.chars().skip(1)).find_map(|((at, sign), next)| {
        (matches!(sign, '$' | '#' | '>' | '%') && matches!(next, ' ' | '\u{a0}')).then_some(at)
    });
    let at = match at {
        Some(at) => at,
        None if text.ends_with(['$', '#']) && text.contains('@') => text.len() - 1,
        None => return None,
    };
    let (before, sign) = (&text[..at], text.as_bytes()[at]);
    let length = blank + at + 1 + spaces(&text[(at + 1).min(text.len())..]);
    let plain = |word: &str| {
        word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    let is_shell = before.len() <= 120
        && !before.contains(['"', '\'', '|', '=', '<', ';', '`'])
        && match sign {
            b'$' | b'#' | b'%' => {
                let single = before.split_whitespace().count() <= 2;
                let host = before.split_once('@').is_some_and(|(user, host)| {
                    plain(user.trim_start_matches(['[', '(']).rsplit(' ').next().unwrap_or_default())
                        && host.starts_with(|c: char| c.is_ascii_alphanumeric())
                });
                let place = before.split_once(':').is_some_and(|(host, path)| {
                    plain(host) && path.starts_with(['~', '/']) && !before.contains(' ')
                });
                let version = before.split_once('-').is_some_and(|(shell, number)| {
                    matches!(shell, "sh" | "bash" | "zsh" | "ash")
                        && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
                });
                let wrapped = before.starts_with(['(', '[']) && sign == b'$';
                (single && (host || wrapped)) || place || version
            }
            _ => false,
        };
    if is_shell {
        return Some((length, true));
    }
    is_console(before, sign).then_some((length, false))
}

/// `gitlabhq_production=`, `template1`, `irb(main):001:0`, `gpg/card`, `127.0.0.1:6379`, `[1] pry(main)`, `[ gprd ] production`.
fn is_console(before: &str, sign: u8) -> bool {
    let word = before.trim_end_matches(['=', '-', '*', '!', '(']);
    let plain = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match sign {
        b'#' => plain && (word.len() < before.len() || word.starts_with("template")),
        b'>' => {
            (plain && before.ends_with('='))
                || [
                    "irb", "gpg/card", "mysql", "MariaDB", "redis", "sqlite", "mongo", "pry", "psql", "sftp",
                    "ftp", "vtysh",
                ]
                .iter()
                .any(|name| {
                    before == *name
                        || before.starts_with(&format!("{name}("))
                        || before.starts_with(&format!("{name} ["))
                })
                || before.contains("pry(")
                || (before.starts_with("[ ") && before.contains(" ] "))
                || before.split_once(':').is_some_and(|(host, port)| {
                    host.split('.').count() == 4
                        && host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
                        && port.bytes().all(|byte| byte.is_ascii_digit())
                })
                || (before.starts_with("PS ") && before.contains(":\\"))
                || before == ">>"
        }
        _ => false,
    }
}

fn spaces(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\u{a0}']).len()
}
