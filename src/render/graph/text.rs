//! Words that must fit into a box, without a browser to measure them.
//!
//! In: a text. Out: lines that fit by an estimate that is rather too wide than too narrow, since fonts
//! differ between readers.

use super::layout::WIDTH;

/// Room inside a box, in tenths of a pixel.
const ROOM: u32 = 10 * (WIDTH as u32 - 16);

/// Size in pixels, and lines at most.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    size: u32,
    lines: usize,
}

/// A title.
pub const TITLE: Form = Form { size: 13, lines: 2 };
/// The words below it.
pub const SUB: Form = Form { size: 12, lines: 1 };

/// Breaks a text between words into lines that fit; what is too much ends in `…`.
pub fn wrap(text: &str, form: Form) -> Vec<String> {
    let fits = |line: &str| width(line, form.size) <= ROOM;
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if fits(&format!("{line} {word}")) => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let is_cut = lines.len() > form.lines;
    lines.truncate(form.lines);
    let last = lines.len().saturating_sub(1);
    for (at, line) in lines.iter_mut().enumerate() {
        let needs_mark = is_cut && at == last;
        if needs_mark {
            line.push('…');
        }
        while !fits(line) {
            let mut letters = line.trim_end_matches('…').chars();
            letters.next_back();
            *line = format!("{}…", letters.as_str().trim_end());
        }
    }
    lines
}

/// About how wide a text is, in tenths of a pixel.
pub fn width(text: &str, size: u32) -> u32 {
    text.chars().map(|letter| size * share(letter) / 10).sum()
}

/// The width of a letter in a bold sans serif, in hundredths of its size.
fn share(letter: char) -> u32 {
    match letter {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 34,
        'f' | 't' | 'r' | ' ' | '(' | ')' | '[' | ']' | '-' | 'I' | '/' => 44,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 98,
        'A'..='Z' => 76,
        letter if letter.is_ascii() => 64,
        letter if (letter as u32) < 0x1100 => 72,
        _ => 104,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_its_box_whatever_the_title() {
        for title in [
            "Start here",
            "Reading PostgreSQL alerts and telling the ones that matter from the ones that do not",
            "Donaudampfschifffahrtsgesellschaftskapitänsmütze",
            "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
            "データベースの警告を読んで理解するための長い研修",
            "",
        ] {
            let lines = wrap(title, TITLE);
            assert!(lines.len() <= 2, "{lines:?}");
            assert!(lines.iter().all(|line| width(line, 13) <= ROOM), "{lines:?}");
            let whole = lines.join(" ") == title;
            assert_eq!(whole, !lines.concat().contains('…'), "{lines:?}");
        }
        assert_eq!(wrap("Reading PostgreSQL alerts", TITLE), ["Reading", "PostgreSQL alerts"]);
        assert_eq!(wrap("one two three four five six seven", SUB), ["one two three four…"]);
    }
}
