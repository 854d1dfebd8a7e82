//! What a person typed or pasted → a [`Query`].
//!
//! In: any text. Out: the words to score, phrases that must or must not stand in a page, filters,
//! and what the person should be told. Never fails: what is not query language is text. Not here:
//! what the words are in the index (`plan`).

use std::ops::Range;

use super::paste;
use super::tokens::compounds;

/// Of all words together, in bytes; what comes after is cut.
pub const MAX_QUERY_BYTES: usize = 1_000;

/// No more words than this are scored.
pub const MAX_WORDS: usize = 64;

/// No more of the text than this is looked at.
const MAX_TEXT_BYTES: usize = 64 << 10;

/// What is searched for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Scored; a page needs one of them.
    pub words: Vec<Word>,
    /// Each must stand in a page.
    pub must: Vec<String>,
    /// None may stand in a page.
    pub not: Vec<String>,
    /// Filters of one key are alternatives; all keys must be met.
    pub filters: Vec<Filter>,
    /// What the person should be told.
    pub notes: Vec<String>,
}

/// One word of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As typed.
    pub text: String,
    /// Where it stands in the text; `None` if it may not be corrected.
    pub range: Option<Range<usize>>,
    /// Whether words that begin with it are meant too.
    pub prefix: bool,
    /// Whether the text is surely about this: the name of an alert.
    pub subject: bool,
}

/// `key:value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// What is compared.
    pub key: Key,
    /// With what.
    pub value: String,
    /// `-key:value`.
    pub not: bool,
}

/// What a filter compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// The kind of the page.
    Kind,
    /// One of its tags.
    Tag,
    /// One of its owners.
    Owner,
    /// A part of its path.
    Path,
    /// Words of its title.
    Title,
    /// How far it can be trusted.
    Fresh,
}

impl Key {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Kind, Self::Tag, Self::Owner, Self::Path, Self::Title, Self::Fresh];

    /// As it is typed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Tag => "tag",
            Self::Owner => "owner",
            Self::Path => "path",
            Self::Title => "title",
            Self::Fresh => "fresh",
        }
    }
}

impl Key {
    /// The key of a filter whose value was forgotten or stands apart: `kind:`.
    fn without_value(chunk: &str) -> Option<Self> {
        let name = chunk.strip_suffix(':')?;
        Self::ALL.into_iter().find(|key| name.eq_ignore_ascii_case(key.word()))
    }

    fn example(self) -> &'static str {
        match self {
            Self::Kind => "runbook",
            Self::Tag => "redis",
            Self::Owner => "team-db",
            Self::Path => "runbooks/",
            Self::Title => "disk",
            Self::Fresh => "trusted",
        }
    }
}

impl Query {
    /// Reads a query. With `prefix` the last word may be the beginning of one, unless a space
    /// follows it.
    pub fn parse(text: &str, prefix: bool) -> Self {
        let mut query = Self::default();
        let mut end = text.len().min(MAX_TEXT_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let mut cut = end < text.len();
        if paste::is_pasted(&text[..end]) {
            let (words, more) = paste::words(&text[..end]);
            query.words = words;
            cut |= more;
        } else {
            query.read_items(&text[..end]);
        }
        cut |= query.cut();
        if cut {
            query.notes.push(format!("the query is long; {} words of it were searched", query.words.len()));
        }
        if prefix
            && let Some(last) = query.words.last_mut()
            && last.range.as_ref().is_some_and(|range| range.end == text.len())
        {
            last.prefix = true;
        }
        query
    }

    fn read_items(&mut self, text: &str) {
        let mut at = 0;
        let mut noise = Vec::new();
        let mut first_excluded = None;
        while let Some(start) = text[at..].find(|c: char| !c.is_whitespace()).map(|skip| at + skip) {
            let first = at == 0;
            let (item, end) = Item::read(text, start, first);
            at = end;
            if let Some(key) = Key::without_value(&text[start..end]) {
                let word = key.word();
                self.notes.push(format!(
                    "`{word}:` filters only with its value right behind it, as in `{word}:{}`",
                    key.example()
                ));
            }
            if first && text[start..].strip_prefix('-').is_some_and(is_excluded_word) && item.is_plain() {
                let (item, _) = Item::unsigned(text, start + 1);
                first_excluded = Some((Item { sign: Sign::Not, ..item }, end));
            }
            if item.is_plain() && paste::is_address_or_hash(&text[item.value.clone()]) {
                noise.push(item);
            } else {
                self.add(text, &item);
            }
        }
        // `-bash: foo: not found` is text, but nothing else can be meant by `-foo` alone.
        if let Some((item, end)) = first_excluded
            && self.words.iter().all(|word| word.range.as_ref().is_some_and(|range| range.end <= end))
            && noise.is_empty()
        {
            self.words.clear();
            self.add(text, &item);
        }
        // The address in an error line says nothing, unless it is all there is.
        if self.words.is_empty() {
            for item in &noise {
                self.add(text, item);
            }
        }
    }

    fn add(&mut self, text: &str, item: &Item) {
        let value = &text[item.value.clone()];
        if let Some(key) = item.key {
            self.filters.push(Filter { key, value: value.to_owned(), not: item.sign == Sign::Not });
            if key == Key::Title && item.sign != Sign::Not {
                self.add_words(text, item.value.clone());
            }
            return;
        }
        match item.sign {
            Sign::Not => self.not.push(value.to_owned()),
            Sign::Must => {
                self.must.push(value.to_owned());
                self.add_words(text, item.value.clone());
            }
            Sign::None => self.add_words(text, item.value.clone()),
        }
    }

    fn add_words(&mut self, text: &str, range: Range<usize>) {
        for compound in compounds(&text[range.clone()]) {
            let place = range.start + compound.range.start..range.start + compound.range.end;
            self.words.push(Word {
                text: text[place.clone()].to_owned(),
                range: Some(place),
                prefix: false,
                subject: false,
            });
        }
    }

    fn cut(&mut self) -> bool {
        let mut bytes = 0;
        let fits = |word: &&Word| {
            bytes += word.text.len() + 1;
            bytes <= MAX_QUERY_BYTES
        };
        let kept = self.words.iter().take(MAX_WORDS).take_while(fits).count();
        let mut cut = kept < self.words.len();
        self.words.truncate(kept);
        for list in [&mut self.must, &mut self.not] {
            let before = list.len();
            list.retain(|text| text.len() <= MAX_QUERY_BYTES);
            list.truncate(MAX_WORDS);
            cut |= list.len() < before;
        }
        cut |= self.filters.len() > MAX_WORDS;
        self.filters.truncate(MAX_WORDS);
        cut
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    None,
    Must,
    Not,
}

struct Item {
    sign: Sign,
    key: Option<Key>,
    value: Range<usize>,
}

impl Item {
    fn is_plain(&self) -> bool {
        self.sign == Sign::None && self.key.is_none()
    }

    /// Reads one item from `start`; also where it ends.
    fn read(text: &str, start: usize, first: bool) -> (Self, usize) {
        let rest = &text[start..];
        let after = |prefix: &str| rest.strip_prefix(prefix).map(|_| start + prefix.len());
        if let Some(at) = after("-")
            && (is_excluded_word(&text[at..]) && !first || Self::filter(text, at).is_some())
        {
            let (item, end) = Self::unsigned(text, at);
            return (Self { sign: Sign::Not, ..item }, end);
        }
        if let Some(at) = after("+")
            && text[at..].starts_with(|c: char| c.is_alphanumeric() || is_quote(c))
        {
            let (item, end) = Self::unsigned(text, at);
            return (Self { sign: Sign::Must, ..item }, end);
        }
        Self::unsigned(text, start)
    }

    fn unsigned(text: &str, start: usize) -> (Self, usize) {
        if let Some(found) = Self::filter(text, start) {
            return found;
        }
        if let Some((value, end)) = quoted(text, start) {
            return (Self { sign: Sign::Must, key: None, value }, end);
        }
        let end = end_of_chunk(text, start);
        // A pasted file name is meant without what all names end in.
        let name = text[start..end].strip_suffix(".md").map_or(end, |name| start + name.len());
        (Self { sign: Sign::None, key: None, value: start..name }, end)
    }

    fn filter(text: &str, start: usize) -> Option<(Self, usize)> {
        let chunk = &text[start..end_of_chunk(text, start)];
        let (name, value) = chunk.split_once(':')?;
        let key = Key::ALL.into_iter().find(|key| name.eq_ignore_ascii_case(key.word()))?;
        let at = start + name.len() + 1;
        let (value, end) = quoted(text, at).unwrap_or((at..at + value.len(), at + value.len()));
        let says_something = text[value.clone()].contains(char::is_alphanumeric);
        says_something.then_some((Self { sign: Sign::None, key: Some(key), value }, end))
    }
}

/// `-word` leaves pages out; `-n`, `-rf` and `--force` are parts of a pasted command.
fn is_excluded_word(rest: &str) -> bool {
    rest.starts_with(is_quote) || rest.chars().take_while(|c| c.is_alphanumeric()).count() >= 3
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„')
}

/// A phrase in quotes that starts here and whose closing quote ends a word.
fn quoted(text: &str, start: usize) -> Option<(Range<usize>, usize)> {
    let open = text[start..].chars().next().filter(|c| is_quote(*c))?;
    let inside = start + open.len_utf8();
    let length = text[inside..].find(is_quote)?;
    let close = inside + length;
    let end = close + text[close..].chars().next()?.len_utf8();
    let ends = text[end..].chars().next().is_none_or(char::is_whitespace);
    (ends && text[inside..close].contains(char::is_alphanumeric)).then_some((inside..close, end))
}

fn end_of_chunk(text: &str, start: usize) -> usize {
    text[start..].find(char::is_whitespace).map_or(text.len(), |length| start + length)
}
