//! What a page is called and its one-sentence description, where its front matter does not say.

use crate::parse::{Heading, ParsedPage};

/// Longest description that is taken from the body, in characters.
const DESCRIPTION_CHARS: usize = 160;

/// Headings that are no title at any level: old runbooks begin with a table of contents or with a
/// section, and only their file name says what they are about.
const NO_TITLES: &[&str] = &[
    "contents",
    "quick start",
    "steps to check",
    "summary",
    "symptoms",
    "table of contents",
    "toc",
    "what to check",
];

/// Headings that are a title at level 1 and a section below it.
const SECTIONS: &[&str] = &[
    "about",
    "background",
    "instructions",
    "introduction",
    "overview",
    "prerequisites",
    "purpose",
    "reason",
    "steps",
    "troubleshooting",
];

/// Front matter, else the first heading with any text if it can be a title, else nothing.
pub fn written_title(page: &ParsedPage) -> Option<&str> {
    let front = page.front.title.as_ref().map(|title| title.value.trim()).filter(|title| !title.is_empty());
    front.or_else(|| first_heading(page).filter(|heading| can_be_title(heading)).map(|h| h.text.trim()))
}

/// The title of a page whose file name reads as `name`. A heading that says the same says it better.
pub fn title(page: &ParsedPage, name: impl FnOnce() -> String) -> String {
    if let Some(title) = written_title(page) {
        return title.to_owned();
    }
    let name = name();
    let heading = first_heading(page).map(|heading| heading.text.trim());
    heading.filter(|heading| heading.to_lowercase() == name.to_lowercase()).map_or(name, str::to_owned)
}

/// The first heading with any text.
pub fn first_heading(page: &ParsedPage) -> Option<&Heading> {
    page.headings.iter().find(|heading| !heading.text.trim().is_empty())
}

fn can_be_title(heading: &Heading) -> bool {
    let plain = heading.text.trim().trim_end_matches([':', '.', '?']).to_lowercase();
    let is = |list: &[&str]| list.contains(&plain.as_str());
    !is(NO_TITLES) && (heading.level == 1 || !is(SECTIONS))
}

/// A file or folder name as a title: number prefix off, `-` and `_` as blanks, first letter large.
pub fn readable_name(name: &str) -> String {
    let bare = name[number_prefix(name).1..].replace(['-', '_'], " ");
    let bare = if bare.trim().is_empty() { name } else { bare.trim() };
    let mut letters = bare.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The numbers that a name starts with (`02-x` → 2, `1.2_x` → 1, 2) and how many bytes they take.
/// A name of nothing but numbers has none: it is a name.
pub fn number_prefix(name: &str) -> (Vec<u64>, usize) {
    let mut numbers = Vec::new();
    let mut taken = 0;
    loop {
        let rest = &name[taken..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let separator = rest[digits..].starts_with(['-', '_', '.', ' ']);
        let Ok(number) = rest[..digits].parse() else { break };
        if !separator || digits + 1 == rest.len() {
            break;
        }
        numbers.push(number);
        taken += digits + 1;
    }
    (numbers, taken)
}

/// Front matter, else the first paragraph of prose, cut at a sentence or a word; may be empty.
pub fn description(page: &ParsedPage) -> String {
    match &page.front.description {
        Some(description) => one_line(&description.value),
        None => shorten(&one_line(&page.first_paragraph)),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most [`DESCRIPTION_CHARS`]: up to the last full sentence if that leaves a third, else up to a
/// word, with an ellipsis.
fn shorten(line: &str) -> String {
    let Some((limit, _)) = line.char_indices().nth(DESCRIPTION_CHARS) else { return line.to_owned() };
    let head = &line[..limit];
    let sentence =
        [". ", "! ", "? ", "。"].iter().filter_map(|end| head.rfind(end).map(|at| at + end.trim().len()));
    match sentence.max() {
        Some(end) if end * 3 >= limit => head[..end].to_owned(),
        _ => {
            let word = head.rfind(' ').filter(|at| at * 2 > limit).unwrap_or(limit - 1);
            let word = (0..=word).rev().find(|at| head.is_char_boundary(*at)).unwrap_or(0);
            format!("{}…", head[..word].trim_end_matches([' ', ',', ';', ':', '.']))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_reads_as_a_title() {
        for (name, expected) in [
            ("disk-full", "Disk full"),
            ("01-first_steps", "First steps"),
            ("2_x", "X"),
            ("1.2-setup", "Setup"),
            ("2021", "2021"),
            ("404", "404"),
            ("2021-", "2021"),
            ("élan", "Élan"),
            ("--", "--"),
        ] {
            assert_eq!(readable_name(name), expected, "{name}");
        }
        assert_eq!(number_prefix("2021-03-04-notes").0, [2021, 3, 4]);
        assert_eq!(number_prefix("7zip").0, [] as [u64; 0]);
    }

    #[test]
    fn a_long_paragraph_is_cut_at_a_sentence_or_a_word() {
        let sentence = format!("{}. {}", "word ".repeat(20).trim(), "more ".repeat(30));
        assert_eq!(shorten(&sentence), format!("{}.", "word ".repeat(20).trim()));
        let words = "word ".repeat(50);
        assert!(shorten(&words).ends_with("word…") && shorten(&words).chars().count() <= DESCRIPTION_CHARS);
        let letters = "é".repeat(300);
        assert!(shorten(&letters).chars().count() <= DESCRIPTION_CHARS);
        assert_eq!(shorten("Short"), "Short");
    }
}
