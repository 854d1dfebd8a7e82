//! Text → tokens, as `README.md` in this folder specifies.
//!
//! In: any text and the language of the site. Out: *compounds* (what a person would call one word,
//! `KubePodNotReady` or `node-exporter` included) and their tokens: normalised, stemmed, with the
//! place in the text and the position that phrases count by. Not here: what is done with them.

use std::collections::HashMap;
use std::ops::Range;

use tantivy::tokenizer::{AsciiFoldingFilter, Language, RawTokenizer, Stemmer, TextAnalyzer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A term longer than this, in bytes, is not indexed and not looked up.
pub const MAX_TERM_BYTES: usize = 1_000;

/// A compound of more parts than this is not joined: it is a slug or a UUID, not a name.
const MAX_PARTS: usize = 12;

/// Stems that an [`Analyzer`] remembers before it starts anew.
const MAX_REMEMBERED: usize = 100_000;

/// What a token is of its compound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// The compound has one part, and this is it.
    #[default]
    Word,
    /// One of several parts: `pod` of `KubePodNotReady`.
    Part,
    /// All parts joined: `kubepodnotready`.
    Whole,
    /// Two neighbouring characters of a script that is written without spaces.
    Pair,
    /// The last character of such a run; so every character of it starts one token.
    Last,
}

/// A token of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Token {
    /// Normalised, not stemmed: what the list of known words holds.
    pub surface: String,
    /// Stemmed: what the index holds.
    pub term: String,
    /// Counted in parts; a whole stands where its first part stands.
    pub position: u32,
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// What it is of its compound.
    pub role: Role,
}

/// Parts that belong together and their place in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compound {
    /// Its bytes in the text.
    pub range: Range<usize>,
    parts: Vec<Part>,
    joined: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    range: Range<usize>,
    role: Role,
}

/// Finds the compounds of a text, in order.
pub fn compounds(text: &str) -> impl Iterator<Item = Compound> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut compound = Compound::default();
        let found = compound.read(text, at);
        at = compound.range.end;
        found.then_some(compound)
    })
}

/// The next run of letters and digits at or after `from`; marks inside continue it.
fn next_run(text: &str, from: usize) -> Option<Range<usize>> {
    let start = from + text[from..].find(char::is_alphanumeric)?;
    // Nearly all text is ASCII, so that is tried first.
    let plain = text.as_bytes()[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let from = start + plain;
    if text.as_bytes().get(from).is_none_or(u8::is_ascii) {
        return Some(start..from);
    }
    let length = text[from..].find(|c: char| !c.is_alphanumeric() && !is_combining_mark(c));
    Some(start..length.map_or(text.len(), |length| from + length))
}

/// Splits a run at the humps of camel case and into pairs where no spaces are written.
fn split_run(text: &str, run: Range<usize>, compound: &mut Compound) {
    let slice = &text[run.clone()];
    if slice.is_ascii() {
        return split_humps(text, run, compound);
    }
    let mut start = run.start;
    while start < run.end {
        let rest = &text[start..run.end];
        let unspaced = rest.chars().next().is_some_and(is_unspaced);
        let length = rest.find(|c: char| is_unspaced(c) != unspaced && !is_combining_mark(c));
        let end = length.map_or(run.end, |length| start + length);
        if unspaced {
            split_pairs(text, start..end, compound);
        } else {
            split_humps(text, start..end, compound);
        }
        start = end;
    }
}

fn split_humps(text: &str, run: Range<usize>, compound: &mut Compound) {
    let mut start = run.start;
    let (mut before, mut chars) = (None::<char>, text[run.clone()].char_indices().peekable());
    while let Some((at, here)) = chars.next() {
        let at = run.start + at;
        let after = chars.peek().map(|(_, after)| *after);
        // `podNot` splits before N; `HTTPServer` and `S3Bucket` before the capital that a small
        // letter follows, but not `APIs`, a plural.
        let plural = after == Some('s') && text[at + here.len_utf8()..run.end] == *"s";
        let hump = here.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || ((before.is_uppercase() || before.is_numeric())
                        && after.is_some_and(char::is_lowercase)
                        && !plural)
            });
        if hump {
            compound.parts.push(Part { range: start..at, role: Role::Part });
            start = at;
        }
        before = Some(here);
    }
    compound.parts.push(Part { range: start..run.end, role: Role::Part });
}

fn split_pairs(text: &str, run: Range<usize>, compound: &mut Compound) {
    compound.joined = false;
    // The half-width sound marks are letters to Unicode, and part of the letter before them.
    let continues = |c: char| is_combining_mark(c) || matches!(c, '\u{FF9E}' | '\u{FF9F}');
    let base = |(at, c): (usize, char)| (!continues(c)).then_some(run.start + at);
    let starts: Vec<usize> = text[run.clone()].char_indices().filter_map(base).collect();
    for (index, start) in starts.iter().enumerate() {
        let role = if index + 1 < starts.len() { Role::Pair } else { Role::Last };
        let end = starts.get(index + 2).copied().unwrap_or(run.end);
        // A run may begin with a sound mark.
        let start = if index == 0 { &run.start } else { start };
        compound.parts.push(Part { range: *start..end, role });
    }
}

/// Scripts written without spaces between words: Han, Kana, Hangul.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x11FF | 0x3005..=0x3007 | 0x3040..=0x30FF | 0x3130..=0x318F | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xA960..=0xA97F | 0xAC00..=0xD7FF
        | 0xF900..=0xFAFF | 0xFF66..=0xFFDC | 0x20000..=0x3FFFF)
}

impl Compound {
    /// Becomes the next compound at or after `from`, if there is one.
    fn read(&mut self, text: &str, from: usize) -> bool {
        let Some(mut run) = next_run(text, from) else { return false };
        self.range = run.clone();
        self.parts.clear();
        self.joined = true;
        loop {
            self.range.end = run.end;
            split_run(text, run, self);
            let end = self.range.end;
            let connected = matches!(text.as_bytes().get(end), Some(b'_' | b'-'))
                && text[end + 1..].chars().next().is_some_and(char::is_alphanumeric);
            match connected.then(|| next_run(text, end)).flatten() {
                Some(next) => run = next,
                None => break,
            }
        }
        self.joined &= self.parts.len() > 1 && self.parts.len() <= MAX_PARTS;
        true
    }

    /// Whether it is written like the name of a thing rather than a word: with several parts, with
    /// letters and digits, or in capitals throughout (`ECONNREFUSED`).
    pub fn is_name(&self, text: &str) -> bool {
        self.joined || is_code(&text[self.range.clone()])
    }
}

fn is_code(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let digits = word.chars().any(char::is_numeric);
    (letters > 0 && digits) || (letters >= 3 && !digits && word.chars().all(char::is_uppercase))
}

/// Makes tokens; remembers stems, so keep one for many texts.
#[derive(Clone)]
pub struct Analyzer {
    stemmer: Option<TextAnalyzer>,
    folder: TextAnalyzer,
    stems: HashMap<String, String>,
}

impl Analyzer {
    /// For a BCP 47 language; one without a stemmer is not stemmed.
    pub fn new(language: &str) -> Self {
        let stemmer = stemmer(language).map(|language| {
            TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(language)).build()
        });
        let folder = TextAnalyzer::builder(RawTokenizer::default()).filter(AsciiFoldingFilter).build();
        Self { stemmer, folder, stems: HashMap::new() }
    }

    /// The tokens of a text as the index holds them.
    pub fn tokens(&mut self, text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        self.each(text, &mut |token| tokens.push(token.clone()));
        tokens
    }

    /// Shows the tokens of a text one after the other. A whole comes before its parts.
    pub fn each(&mut self, text: &str, visit: &mut dyn FnMut(&Token)) {
        self.each_if(text, &|_| true, visit);
    }

    /// The same, but only of tokens that begin with a wanted character, as written; the others cost
    /// nearly nothing.
    pub fn each_if(&mut self, text: &str, wanted: &dyn Fn(char) -> bool, visit: &mut dyn FnMut(&Token)) {
        let mut token = Token::default();
        let mut compound = Compound::default();
        let mut at = 0;
        while compound.read(text, at) {
            at = compound.range.end;
            self.each_of(&compound, &mut token, &mut |analyzer, token| {
                if text[token.range.clone()].starts_with(wanted) {
                    analyzer.finish(text, &compound, token, visit);
                }
            });
        }
    }

    /// The tokens of one compound; positions start at 0.
    pub fn compound(&mut self, text: &str, compound: &Compound) -> Vec<Token> {
        let mut tokens = Vec::new();
        self.each_of(compound, &mut Token::default(), &mut |analyzer, token| {
            analyzer.finish(text, compound, token, &mut |token| tokens.push(token.clone()));
        });
        tokens
    }

    /// Shows place, position and role of each token of a compound, and leaves the position behind it.
    fn each_of(
        &mut self,
        compound: &Compound,
        token: &mut Token,
        visit: &mut dyn FnMut(&mut Self, &mut Token),
    ) {
        if compound.joined {
            token.range = compound.range.clone();
            token.role = Role::Whole;
            visit(self, token);
        }
        for part in &compound.parts {
            token.range = part.range.clone();
            token.role = match part.role {
                Role::Part if compound.parts.len() == 1 => Role::Word,
                role => role,
            };
            visit(self, token);
            token.position += 1;
        }
    }

    /// Fills in surface and term of a token.
    fn finish(&mut self, text: &str, compound: &Compound, token: &mut Token, visit: &mut dyn FnMut(&Token)) {
        token.surface.clear();
        if token.role == Role::Whole {
            for part in &compound.parts {
                self.normalise(&text[part.range.clone()], &mut token.surface);
            }
        } else {
            self.normalise(&text[token.range.clone()], &mut token.surface);
        }
        if !token.surface.is_empty() {
            token.term.clear();
            self.stem(&token.surface, &mut token.term);
            visit(token);
        }
    }

    /// Appends the term of a surface form.
    pub fn stem(&mut self, surface: &str, term: &mut String) {
        // Names with digits are never bent, so their stems would only be wrong.
        let Some(stemmer) = self.stemmer.as_mut().filter(|_| surface.chars().all(char::is_alphabetic)) else {
            term.push_str(surface);
            return;
        };
        if let Some(stem) = self.stems.get(surface) {
            term.push_str(stem);
            return;
        }
        if self.stems.len() >= MAX_REMEMBERED {
            self.stems.clear();
        }
        let stem = only_token(stemmer, surface);
        term.push_str(&stem);
        self.stems.insert(surface.to_owned(), stem);
    }

    /// Appends a run: compatibility composed, lower case, accents folded.
    fn normalise(&mut self, run: &str, out: &mut String) {
        if run.is_ascii() {
            out.extend(run.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
            return;
        }
        let composed: String = run.nfkc().collect();
        let folded = only_token(&mut self.folder, &composed.to_lowercase());
        // What composition and folding left over: dots of a Turkish İ, signs inside ½.
        let kept = |c: &char| c.is_alphanumeric() || (is_combining_mark(*c) && !is_accent(*c));
        out.extend(folded.chars().filter(kept));
    }
}

impl std::fmt::Debug for Analyzer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Analyzer").field("stems", &self.stemmer.is_some()).finish_non_exhaustive()
    }
}

fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36F}').contains(&c)
}

fn only_token(analyzer: &mut TextAnalyzer, text: &str) -> String {
    let mut stream = analyzer.token_stream(text);
    if stream.advance() { std::mem::take(&mut stream.token_mut().text) } else { String::new() }
}

fn stemmer(language: &str) -> Option<Language> {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    Some(match primary.to_ascii_lowercase().as_str() {
        "ar" => Language::Arabic,
        "da" => Language::Danish,
        "de" => Language::German,
        "el" => Language::Greek,
        "en" => Language::English,
        "es" => Language::Spanish,
        "fi" => Language::Finnish,
        "fr" => Language::French,
        "hu" => Language::Hungarian,
        "it" => Language::Italian,
        "nb" | "nn" | "no" => Language::Norwegian,
        "nl" => Language::Dutch,
        "pt" => Language::Portuguese,
        "ro" => Language::Romanian,
        "ru" => Language::Russian,
        "sv" => Language::Swedish,
        "ta" => Language::Tamil,
        "tr" => Language::Turkish,
        _ => return None,
    })
}
