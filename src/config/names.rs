//! Which names every system can hold, and which can be a part of an address.
//!
//! In: one name, from a file, from front matter or from the config. Out: why it cannot be used, the
//! same on every system. Whatever is published goes through here. Not here: what a name stands for.

/// Why a name that an author chose for a part of an address cannot be one; `None` if it can. Names
/// of files are judged by [`find_portability_problem`] alone: hidden ones are never published.
pub fn find_address_problem(part: &str) -> Option<String> {
    if matches!(part, "" | "." | "..") {
        return Some("it names no page".into());
    }
    if part.starts_with('.') && part != ".well-known" {
        return Some("web servers hide names that begin with a dot".into());
    }
    find_portability_problem(part)
}

/// Why a name cannot stand on every system; `None` if it can.
pub fn find_portability_problem(name: &str) -> Option<String> {
    let forbidden = |c: char| c.is_control() || "<>:\"|?*\\".contains(c);
    if let Some(bad) = name.chars().find(|c| forbidden(*c)) {
        let shown = if bad.is_control() { bad.escape_default().to_string() } else { bad.to_string() };
        return Some(format!("`{shown}` cannot stand in a name on Windows"));
    }
    if let Some(hidden) = name.chars().find(|c| is_hidden(*c)) {
        return Some(format!("`{}` in it cannot be seen", hidden.escape_unicode()));
    }
    if name.ends_with('.') {
        return Some("Windows drops the dot at its end".into());
    }
    if name.ends_with(' ') {
        return Some("Windows drops the space at its end".into());
    }
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    is_device(stem).then(|| format!("`{stem}` is a device on Windows"))
}

/// Characters that change how a name looks and are not seen themselves. The two joiners are left
/// out: some scripts are not written without them.
pub fn is_hidden(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
}

fn is_device(stem: &str) -> bool {
    let upper = stem.to_ascii_uppercase();
    if matches!(upper.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$") {
        return true;
    }
    let number = upper.strip_prefix("COM").or_else(|| upper.strip_prefix("LPT"));
    number.is_some_and(|n| matches!(n, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_some_system_cannot_hold_are_known() {
        for name in [
            "CON.md",
            "aux",
            "nul.txt",
            "com1",
            "LPT9.x.md",
            "COM¹.md",
            "a.",
            "a ",
            "a:b.md",
            "a?",
            "a*b",
            "a|b",
            "a<b",
            "a>b",
            "a\"b",
            "a\\b",
            "a\tb",
            "con .md",
            "txt\u{202e}fdp.md",
            "a\u{200b}b",
            "a\0b",
        ] {
            assert!(find_portability_problem(name).is_some(), "{name}");
        }
        for name in
            ["console.md", "auxiliary", "com10.md", "com.md", "a.b", "ä b.md", "null.txt", "[a]{b}.md"]
        {
            assert!(find_portability_problem(name).is_none(), "{name}");
        }
    }

    #[test]
    fn what_an_author_calls_a_part_of_an_address_is_judged_more_strictly() {
        for part in ["", ".", "..", ".git", ".env", "CON", "a:b", "a.", "\"><script>", "a\u{202e}b"] {
            assert!(find_address_problem(part).is_some(), "{part}");
        }
        for part in ["a", "v1.2", ".well-known", "été", "a b", "می\u{200c}خواهم"] {
            assert_eq!(find_address_problem(part), None, "{part}");
        }
    }
}
