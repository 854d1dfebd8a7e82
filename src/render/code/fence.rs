//! What stands behind a fence: the language, and what the author says of the block.

use crate::parse::fence_words;

/// What a code fence says after its language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FenceInfo {
    /// The language as written.
    pub language: String,
    /// `title=`.
    pub title: Option<String>,
    /// `on=`: where the command runs.
    pub on: Option<String>,
    /// `danger=`.
    pub danger: Option<String>,
    /// `danger=no`.
    pub is_harmless: bool,
    /// `wrap`.
    pub wrap: bool,
    /// `numbers`.
    pub numbers: Option<bool>,
    /// `lines=3-5,8`: marked lines, from 1.
    pub lines: Vec<(u32, u32)>,
}

impl FenceInfo {
    /// Reads an info string. Understands `lang key=value`, `lang,word`, `lang {key=value}`,
    /// `{.lang key=value}` and `lang:title`; what it does not know it leaves alone, as other
    /// renderers leave ours alone.
    pub fn parse(info: &str) -> Self {
        let mut fence = Self::default();
        for (index, word) in fence_words::split(info).into_iter().enumerate() {
            let word = &info[word];
            let (key, value) = match word.split_once('=') {
                Some((key, value)) => (key, Some(value.trim_matches(['"', '\'']))),
                None => (word, None),
            };
            match (key, value) {
                ("title" | "file" | "filename" | "name", Some(value)) => fence.title = Some(value.to_owned()),
                ("on", Some(value)) => fence.on = Some(value.to_owned()),
                ("danger", Some("no" | "false")) => fence.is_harmless = true,
                ("danger", Some(value)) => fence.danger = Some(value.to_owned()),
                ("danger", None) if index > 0 => fence.danger = Some(String::new()),
                ("wrap", None | Some("true" | "yes")) if index > 0 => fence.wrap = true,
                ("numbers" | "linenos", value) if index > 0 => {
                    fence.numbers = Some(!matches!(value, Some("no" | "false")));
                }
                ("lines" | "hl_lines", Some(value)) => fence.lines = ranges(value),
                (word, None) if index == 0 => match word.split_once(':') {
                    Some((language, title)) if !title.is_empty() => {
                        language.clone_into(&mut fence.language);
                        fence.title = Some(title.to_owned());
                    }
                    _ => word.trim_start_matches('.').clone_into(&mut fence.language),
                },
                (word, None) if fence.language.is_empty() && word.starts_with('.') => {
                    word[1..].clone_into(&mut fence.language);
                }
                _ => {}
            }
        }
        fence.lines.sort_unstable();
        fence
    }

    /// Whether the line (from 1) is marked.
    pub fn is_marked(&self, line: u32) -> bool {
        self.lines.iter().any(|(first, last)| (*first..=*last).contains(&line))
    }
}

fn ranges(value: &str) -> Vec<(u32, u32)> {
    let one = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        (first <= last).then_some((first, last))
    };
    value.trim_matches(['[', ']']).split([',', ' ']).filter_map(one).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_info_string_is_read_in_every_usual_form() {
        let fence = |language: &str| FenceInfo { language: language.into(), ..FenceInfo::default() };
        let cases = [
            ("", fence("")),
            ("rust", fence("rust")),
            ("rust,ignore", fence("rust")),
            ("{.yaml}", fence("yaml")),
            (".yaml", fence("yaml")),
            ("ruby:app/x.rb", FenceInfo { title: Some("app/x.rb".into()), ..fence("ruby") }),
            (
                "console on=HOST danger=\"writes are lost, all\"",
                FenceInfo {
                    on: Some("HOST".into()),
                    danger: Some("writes are lost, all".into()),
                    ..fence("console")
                },
            ),
            ("sh danger=no", FenceInfo { is_harmless: true, ..fence("sh") }),
            ("sh danger", FenceInfo { danger: Some(String::new()), ..fence("sh") }),
            ("sql wrap numbers", FenceInfo { wrap: true, numbers: Some(true), ..fence("sql") }),
            (
                "sql {lines=8,3-5 numbers=no}",
                FenceInfo { lines: vec![(3, 5), (8, 8)], numbers: Some(false), ..fence("sql") },
            ),
            ("sql lines=5-3,x,2", FenceInfo { lines: vec![(2, 2)], ..fence("sql") }),
            ("{.py title='a b'}", FenceInfo { title: Some("a b".into()), ..fence("py") }),
            ("rediscli_auth=$(sudo", fence("")),
            ("wrap", fence("wrap")),
        ];
        for (info, expected) in cases {
            assert_eq!(FenceInfo::parse(info), expected, "{info}");
        }
    }
}
