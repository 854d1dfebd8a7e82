//! Syntect's scopes as the theme's six classes.
//!
//! In: a block and its language. Out: lines of HTML in which a `<span>` never crosses a line end,
//! so that a line can be numbered or marked by itself. Not here: the figure around the block.
//!
//! Work is capped by counting, never by the clock: a timer would make two builds of the same page
//! differ on a busy machine. What is beyond a cap is shown plain, as a whole block or a line.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::OnceLock;

use syntect::parsing::{ClearAmount, ParseState, Scope, ScopeStackOp, SyntaxReference, SyntaxSet};

use crate::parse::lint::MAX_LINE;
use crate::render::html::escape;

/// Largest block that is highlighted.
const MAX_BLOCK_BYTES: usize = 64 << 10;
const MAX_BLOCK_LINES: usize = 2_000;

/// Work that a block may cause. A syntax tries its patterns at every character, so the work can
/// grow with the square of a line: a line costs its length, and a long one its square over 1,000.
const MAX_WORK: usize = 512 << 10;

/// The six classes of the theme, and none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Plain,
    Keyword,
    String,
    Number,
    Name,
    Type,
    Comment,
    /// A name that is written as a string: the keys of JSON.
    Key,
}

/// First match wins. `Plain` stops a string from colouring the code inside it.
const CLASSES: &[(&str, Class)] = &[
    ("comment", Class::Comment),
    ("punctuation.definition.comment", Class::Comment),
    ("punctuation.definition.string", Class::String),
    ("constant.character.escape", Class::String),
    ("string.unquoted", Class::Plain),
    ("string", Class::String),
    ("meta.interpolation", Class::Plain),
    ("meta.embedded", Class::Plain),
    ("meta.template.expression", Class::Plain),
    ("meta.substitution", Class::Plain),
    ("source.shell.embedded", Class::Plain),
    ("constant.numeric", Class::Number),
    ("constant.language", Class::Number),
    ("keyword.operator.word", Class::Keyword),
    ("keyword.operator.logical.python", Class::Keyword),
    ("keyword.operator", Class::Plain),
    ("keyword", Class::Keyword),
    ("storage", Class::Keyword),
    ("entity.name.type", Class::Type),
    ("entity.name.class", Class::Type),
    ("entity.name.struct", Class::Type),
    ("entity.name.enum", Class::Type),
    ("entity.name.trait", Class::Type),
    ("entity.name.namespace", Class::Type),
    ("entity.name.section", Class::Keyword),
    ("entity.name", Class::Name),
    ("entity.other.attribute-name", Class::Type),
    ("entity.other.inherited-class", Class::Type),
    ("support.type.property-name", Class::Name),
    ("support.type", Class::Type),
    ("support.class", Class::Type),
    ("support.function", Class::Name),
    ("support.macro", Class::Name),
    ("variable.function", Class::Name),
    ("variable.language", Class::Keyword),
    ("variable.other.readwrite", Class::Type),
    ("punctuation.definition.variable", Class::Type),
    ("meta.mapping.key", Class::Key),
    ("markup.heading", Class::Keyword),
    ("markup.raw", Class::String),
];

impl Class {
    fn open(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Keyword => "<span class=\"k\">",
            Self::String => "<span class=\"s\">",
            Self::Number => "<span class=\"n\">",
            Self::Name | Self::Key => "<span class=\"f\">",
            Self::Type => "<span class=\"t\">",
            Self::Comment => "<span class=\"c\">",
        }
    }
}

/// The syntax for a token of `parse::languages`.
pub(super) fn find_syntax(token: &str) -> Option<&'static SyntaxReference> {
    syntaxes().find_syntax_by_token(token)
}

fn syntaxes() -> &'static SyntaxSet {
    static SYNTAXES: OnceLock<SyntaxSet> = OnceLock::new();
    SYNTAXES.get_or_init(two_face::syntax::extra_newlines)
}

/// The HTML of a block, one line of it for each line of the text.
pub(super) fn highlight(text: &str, syntax: &SyntaxReference) -> String {
    if text.len() > MAX_BLOCK_BYTES || text.bytes().filter(|byte| *byte == b'\n').count() > MAX_BLOCK_LINES {
        return escape::text(text).into_owned();
    }
    let mut state = ParseState::new(syntax);
    let mut scopes = Scopes::default();
    let mut out = String::with_capacity(text.len() * 2);
    // The syntaxes expect every line to end in `\n`.
    let mut last = String::new();
    let mut work = 0usize;
    for line in text.split_inclusive('\n') {
        work += line.len().max(line.len() * line.len() / 1_000);
        if line.len() > MAX_LINE || work > MAX_WORK {
            escape::push_text(&mut out, line);
            continue;
        }
        let ended = if line.ends_with('\n') {
            line
        } else {
            last.push_str(line);
            last.push('\n');
            &last
        };
        // Only a broken syntax definition fails; the line is then plain.
        match state.parse_line(ended, syntaxes()) {
            Ok(operations) => write_line(&mut out, line, &operations, &mut scopes),
            Err(_) => escape::push_text(&mut out, line),
        }
    }
    out
}

fn write_line(out: &mut String, line: &str, operations: &[(usize, ScopeStackOp)], scopes: &mut Scopes) {
    let visible = line.strip_suffix('\n').unwrap_or(line);
    let mut at = 0;
    let mut open = Class::Plain;
    for (offset, operation) in operations {
        let offset = (*offset).min(visible.len());
        if offset > at {
            write_token(out, &visible[at..offset], scopes.class(), &mut open);
            at = offset;
        }
        scopes.apply(operation);
    }
    write_token(out, &visible[at..], scopes.class(), &mut open);
    if open != Class::Plain {
        out.push_str("</span>");
    }
    if visible.len() < line.len() {
        out.push('\n');
    }
}

fn write_token(out: &mut String, text: &str, class: Class, open: &mut Class) {
    if text.is_empty() {
        return;
    }
    // Blanks have no colour: they join what is before them.
    let is_blank = *open != Class::Plain && class != Class::Plain && text.bytes().all(|byte| byte == b' ');
    if class != *open && !is_blank {
        if *open != Class::Plain {
            out.push_str("</span>");
        }
        out.push_str(class.open());
        *open = class;
    }
    escape::push_text(out, text);
}

/// The scopes that are open, as the class that each gives or inherits.
#[derive(Default)]
struct Scopes {
    classes: Vec<Class>,
    cleared: Vec<Vec<Class>>,
}

impl Scopes {
    fn class(&self) -> Class {
        self.classes.last().copied().unwrap_or(Class::Plain)
    }

    fn apply(&mut self, operation: &ScopeStackOp) {
        match operation {
            ScopeStackOp::Push(scope) => {
                let class = match (self.class(), class_of(*scope)) {
                    (Class::Key, Some(Class::String)) => Class::Key,
                    (outer, class) => class.unwrap_or(outer),
                };
                self.classes.push(class);
            }
            ScopeStackOp::Pop(count) => self.classes.truncate(self.classes.len().saturating_sub(*count)),
            ScopeStackOp::Clear(amount) => {
                let keep = match amount {
                    ClearAmount::TopN(count) => self.classes.len().saturating_sub(*count),
                    ClearAmount::All => 0,
                };
                self.cleared.push(self.classes.split_off(keep));
            }
            ScopeStackOp::Restore => self.classes.extend(self.cleared.pop().unwrap_or_default()),
            ScopeStackOp::Noop => {}
        }
    }
}

/// The class that a scope gives; `None`: that of the scope around it.
fn class_of(scope: Scope) -> Option<Class> {
    static TABLE: OnceLock<Vec<(Scope, Class)>> = OnceLock::new();
    thread_local! {
        /// A syntax has a few dozen scopes and asks for them a million times.
        static KNOWN: RefCell<HashMap<Scope, Option<Class>>> = RefCell::new(HashMap::new());
    }
    KNOWN.with_borrow_mut(|known| {
        *known.entry(scope).or_insert_with(|| {
            let table = TABLE.get_or_init(|| {
                let scopes = CLASSES.iter();
                scopes.filter_map(|(name, class)| Some((Scope::new(name).ok()?, *class))).collect()
            });
            table.iter().find(|(prefix, _)| prefix.is_prefix_of(scope)).map(|(_, class)| *class)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(language: &str, text: &str) -> String {
        highlight(text, find_syntax(language).unwrap())
    }

    /// The text of HTML that was written here.
    fn shown(html: &str) -> String {
        let mut out = String::new();
        let mut in_tag = false;
        for c in html.chars() {
            match c {
                '<' => in_tag = true,
                '>' if in_tag => in_tag = false,
                c if !in_tag => out.push(c),
                _ => {}
            }
        }
        out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
    }

    #[test]
    fn code_has_the_six_classes_and_no_others() {
        let cases = [
            (
                "rust",
                "// greet\nfn greet(name: &str) -> String {\n    let times = 3;\n}\n",
                "<span class=\"c\">// greet</span>\n\
                 <span class=\"k\">fn</span> <span class=\"f\">greet</span>(name: &amp;<span class=\"k\">str</span>) \
                 -&gt; String {\n    <span class=\"k\">let</span> times = \
                 <span class=\"n\">3</span>;\n}\n",
            ),
            (
                "yaml",
                "a: \"b\" # c\n",
                "<span class=\"f\">a</span>: <span class=\"s\">&quot;b&quot;</span> <span class=\"c\"># c</span>\n",
            ),
            ("json", "{\"a\": 1}", "{<span class=\"f\">&quot;a&quot;</span>: <span class=\"n\">1</span>}"),
        ];
        for (language, text, expected) in cases {
            assert_eq!(html(language, text), expected, "{language}");
        }
    }

    #[test]
    fn spans_never_cross_a_line_and_nothing_is_lost() {
        for (language, text) in [
            ("python", "\"\"\"a\nb\n\"\"\"\nx = f\"{y}\"\n"),
            ("bash", "cat <<EOF\n<a> & $X\nEOF\n"),
            ("c", "/* a\n b */ int x;"),
            ("yaml", "a: |\n  b\n  c\n"),
            ("html", "<p title=\"x\">é</p>\n<script>\nlet x = '<';\n</script>\n"),
        ] {
            let html = html(language, text);
            for line in html.lines() {
                assert_eq!(line.matches("<span").count(), line.matches("</span>").count(), "{line}");
            }
            assert_eq!(shown(&html), text, "{html}");
        }
    }

    #[test]
    fn what_is_too_large_is_plain() {
        let line = format!("let x = {};\n", "1".repeat(MAX_LINE));
        assert_eq!(html("rust", &format!("{line}let y = 2;\n")).matches("<span").count(), 2);
        let heavy = format!("let x = \"{}\";\n", "a".repeat(MAX_LINE - 100)).repeat(3);
        assert_eq!(html("rust", &heavy).matches("\"k\"").count(), 1, "the second line is beyond the cap");
        let long = "let x = 1;\n".repeat(MAX_BLOCK_LINES + 1);
        assert_eq!(html("rust", &long), long);
    }
}
