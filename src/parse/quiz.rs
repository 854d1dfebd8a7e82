//! Check points and quizzes: `- [ ]` in a list, and `> [!QUIZ]` with questions and choices.
//!
//! In: the events of a body, as `collect` walks them. Out: how many check points there are, and the
//! quizzes with their choices. Not here: whether a quiz can be answered (`check`), how it is shown.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::source::{Span, Spanned};

/// The mark behind `> `.
const MARK: &str = "[!QUIZ]";

/// A quiz: each list in it is the choices of one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quiz {
    /// `id=tb-1`.
    pub id: Option<Spanned<String>>,
    /// `several`: more than one choice may be right.
    pub several: bool,
    /// Words behind the mark that mean nothing.
    pub unknown: Vec<Spanned<String>>,
    /// Its first line.
    pub span: Span,
    /// Its questions.
    pub questions: Vec<Question>,
}

/// A question of a quiz.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// The first line of its choices.
    pub span: Span,
    /// Its choices, and whether each is right, in order.
    pub choices: Vec<Spanned<bool>>,
}

/// Gathers them along one walk.
#[derive(Default)]
pub(super) struct Practice {
    /// Check points so far.
    pub tasks: u32,
    /// Quizzes so far.
    pub quizzes: Vec<Quiz>,
    /// Quotes that are open inside the quiz, itself included; 0 outside.
    quotes: usize,
    lists: usize,
}

impl Practice {
    /// Looks at one event.
    pub fn read(&mut self, event: &Event<'_>, span: Span, source: &str) {
        match event {
            Event::Start(Tag::BlockQuote(_)) if self.quotes > 0 => self.quotes += 1,
            Event::Start(Tag::BlockQuote(_)) => {
                if let Some(quiz) = read_head(source, span) {
                    self.quizzes.push(quiz);
                    (self.quotes, self.lists) = (1, 0);
                }
            }
            Event::End(TagEnd::BlockQuote(_)) => self.quotes = self.quotes.saturating_sub(1),
            Event::Start(Tag::List(_)) if self.quotes > 0 => {
                self.lists += 1;
                if let (1, Some(quiz)) = (self.lists, self.quizzes.last_mut()) {
                    quiz.questions.push(Question { span: first_line(source, span), ..Question::default() });
                }
            }
            Event::End(TagEnd::List(_)) if self.quotes > 0 => self.lists = self.lists.saturating_sub(1),
            Event::TaskListMarker(right) if self.quotes > 0 => {
                let question = self.quizzes.last_mut().and_then(|quiz| quiz.questions.last_mut());
                if let Some(question) = question {
                    question.choices.push(Spanned { value: *right, span });
                }
            }
            Event::TaskListMarker(_) => self.tasks += 1,
            _ => {}
        }
    }
}

fn first_line(source: &str, span: Span) -> Span {
    let line = source.get(span.range()).and_then(|text| text.lines().next()).unwrap_or_default();
    Span { end: span.start + line.trim_end().len() as u32, ..span }
}

/// The first line of a quote, if it makes the quote a quiz.
fn read_head(source: &str, quote: Span) -> Option<Quiz> {
    let line = first_line(source, quote);
    let text = source.get(line.range())?;
    let at = text.find(|c: char| c != '>' && c != ' ')?;
    let mark = text[at..].get(..MARK.len()).filter(|mark| mark.eq_ignore_ascii_case(MARK))?;
    let mut quiz = Quiz { span: line, ..Quiz::default() };
    let words = &text[at + mark.len()..];
    for word in words.split_whitespace() {
        let start = line.start as usize + (word.as_ptr() as usize - text.as_ptr() as usize);
        let place = |from: usize| Span::new(start + from, start + word.len());
        match word.split_once('=') {
            Some(("id", id)) if !id.is_empty() => {
                quiz.id = Some(Spanned { value: id.to_owned(), span: place("id=".len()) });
            }
            Some(("pass", share)) if share.parse::<u8>().is_ok_and(|share| share <= 100) => {}
            None if word == "several" => quiz.several = true,
            _ => quiz.unknown.push(Spanned { value: word.to_owned(), span: place(0) }),
        }
    }
    Some(quiz)
}
