//! What a YAML text becomes, and how its faults are named.

use std::sync::Arc;

use super::*;
use crate::diagnostic::rules::front_matter::{DUPLICATE_KEY, FRONT_MATTER_SYNTAX};
use crate::source::SourceFile;

/// Parses a text that stands behind two other lines of a file.
fn parse_text(text: &str) -> (SharedFile, Result<Node, Vec<Diagnostic>>) {
    let file = Arc::new(SourceFile::new("a.yaml", format!("é\n\n{text}")));
    let rules = YamlRules { syntax: &FRONT_MATTER_SYNTAX, duplicate: &DUPLICATE_KEY };
    let parsed = parse(&file, Span::new(4, 4 + text.len()), rules);
    (file, parsed)
}

/// The tree on one line, with the text under each span.
fn shown(file: &SharedFile, node: &Node) -> String {
    let value = match &node.value {
        Value::Null => "null".to_owned(),
        Value::Text { text, quoted } => format!("{}{text:?}", if *quoted { "q" } else { "" }),
        Value::List(items) => {
            format!("[{}]", items.iter().map(|item| shown(file, item)).collect::<Vec<_>>().join(", "))
        }
        Value::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                format!("{}<{}>: {}", key.value, file.slice(key.span), shown(file, value))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    };
    format!("{value}<{}>", file.slice(node.span).replace('\n', "⏎"))
}

fn tree(text: &str) -> String {
    let (file, parsed) = parse_text(text);
    shown(&file, &parsed.unwrap())
}

/// The one finding as `line:column-line:column message`, lines counted from the piece's first.
fn fault(text: &str) -> (String, Diagnostic) {
    let (file, parsed) = parse_text(text);
    let mut found = parsed.unwrap_err();
    let found = found.pop().unwrap();
    let span = found.primary.as_ref().unwrap().span;
    let (from, to) = (file.position(span.start), file.position(span.end));
    let place = format!("{}:{}-{}:{}", from.line - 2, from.column, to.line - 2, to.column);
    (format!("{place} {}", found.message), found)
}

#[test]
fn scalars_stay_as_written_and_every_span_is_exact() {
    assert_eq!(tree("a: no\nb: 1.10"), r#"{a<a>: "no"<no>, b<b>: "1.10"<1.10>}<a: no⏎b: 1.10>"#);
    assert_eq!(tree("a: 'x y' # c\n"), "{a<a>: q\"x y\"<'x y'>}<a: 'x y'>");
    assert_eq!(tree("'é': \"\\u00e9\"\n"), "{é<'é'>: q\"é\"<\"\\u00e9\">}<'é': \"\\u00e9\">");
    assert_eq!(
        tree("a: |\n  x\n  y\n\nb: >-\n  x\n  y\n"),
        r#"{a<a>: q"x\ny\n"<x⏎  y>, b<b>: q"x y"<x⏎  y>}<a: |⏎  x⏎  y⏎⏎b: >-⏎  x⏎  y>"#
    );
    assert_eq!(
        tree("a: [x, {k: v}]\nb:\n- y\n"),
        r#"{a<a>: ["x"<x>, {k<k>: "v"<v>}<{k: v}>]<[x, {k: v}]>, b<b>: ["y"<y>]<y>}<a: [x, {k: v}]⏎b:⏎- y>"#
    );
    assert_eq!(
        tree("a:\nb: ~\nc: 'null'\n"),
        "{a<a>: null<>, b<b>: null<~>, c<c>: q\"null\"<'null'>}<a:⏎b: ~⏎c: 'null'>"
    );
}

#[test]
fn an_empty_text_or_one_of_comments_is_nothing() {
    for text in ["", "\n\n", "# only a comment\n", "---\n"] {
        assert_eq!(parse_text(text).1.unwrap().value, Value::Null, "{text:?}");
    }
}

#[test]
fn aliases_and_merged_groups_are_filled_in() {
    assert_eq!(tree("a: &x 1\nb: *x\n"), r#"{a<a>: "1"<1>, b<b>: "1"<*x>}<a: &x 1⏎b: *x>"#);
    let (_, merged) = parse_text("d: &d {x: 1, y: 2}\ne:\n  <<: *d\n  y: 3\n");
    let merged = merged.unwrap();
    let entry = |key| merged.get("e").and_then(|group| group.get(key)).and_then(Node::text);
    assert_eq!((entry("x"), entry("y"), entry("<<")), (Some("1"), Some("3"), None));
}

#[test]
fn every_fault_is_named_where_a_person_would_look() {
    let cases = [
        (
            "title: Foo: bar\n",
            "1:8-1:16 a value that holds `: ` must be quoted",
            "quote it: `title: \"Foo: bar\"`",
        ),
        ("a: \"b\nc: d\n", "1:4-1:6 this quote is never closed", "close it at the end of the value"),
        ("a: \"b\nc: \"d\"\n", "1:4-1:6 this quote is never closed", "close it at the end of the value"),
        ("a: 'it's'\n", "1:8-1:10 text stands behind the closing quote", "quote it: `a: \"it's\"`"),
        (
            "a:\n\tb: c\n",
            "2:1-2:2 a tab in the indentation",
            "indent with spaces; YAML does not allow tabs here",
        ),
        ("\ta: b\n", "1:1-1:2 a tab in the indentation", "indent with spaces; YAML does not allow tabs here"),
        (
            "a: b\n\tc: d\n",
            "2:1-2:2 a tab in the indentation",
            "indent with spaces; YAML does not allow tabs here",
        ),
        ("a: @ana\n", "1:4-1:5 a value cannot begin with `@`", "quote it: `a: \"@ana\"`"),
        ("a: `x`\n", "1:4-1:5 a value cannot begin with a backtick", "quote the value"),
        ("a: [x] y\n", "1:8-1:9 text stands behind a finished value", "quote it: `a: \"[x] y\"`"),
        (
            "a: [x, y\nb: c\n",
            "1:4-1:5 this `[` is never closed",
            "close it with `]`, or quote the value if it is meant as text",
        ),
        ("a: **new**\n", "1:4-1:11 an alias to an anchor that does not exist", "quote it: `a: \"**new**\"`"),
        ("a:b\nc: d\n", "2:1-2:2 a key cannot stand here", "put a space behind the colon above: `a: b`"),
        ("c: d\na:b\n", "2:1-2:4 this line has no `key: `", "put a space behind the colon: `a: b`"),
        (
            "a: 1\n  b: 2\n",
            "2:3-2:4 a key cannot stand here",
            "begin it below the first letter of the keys that it stands beside",
        ),
        (
            "a:\n  - x\n - y\n",
            "3:2-3:5 this line does not fit the indentation above it",
            "give it the same indentation as the entries that it stands beside",
        ),
        (
            "a: {{ x }}\n",
            "1:5-1:10 a key must be a text, not a list or a group of keys",
            "if a text was meant, quote it: `a: \"{{ x }}\"`",
        ),
        (
            "a: x\nb",
            "2:1-2:2 this line has no `key: `",
            "write `key: value`, or indent the line if it continues the value above",
        ),
        (
            "a: \"\\d\"\n",
            "1:5-1:7 an escape that YAML does not know",
            "write `\\\\` for a backslash, or use single quotes",
        ),
        ("a: >x\n  y\n", "1:4-1:6 text may not follow `|` or `>` on the same line", "quote it: `a: \">x\"`"),
        ("a: 'c'#d\n", "1:7-1:9 a comment needs a space before its `#`", "put a space before the `#`"),
        (": b\n", "1:1-1:1 there is no key before the `:`", "write `key: value`"),
        (
            "a: x\u{7}y",
            "1:5-1:6 the control character U+0007",
            "delete it, or write it as an escape in double quotes",
        ),
        (
            "a: !!binary x\n",
            "1:4-1:12 the YAML tag `!!binary` is not supported",
            "leave it out; quote a text that begins with `!`",
        ),
        (
            "a: !ruby/object x\n",
            "1:4-1:16 the YAML tag `!ruby/object` is not supported",
            "leave it out; quote a text that begins with `!`",
        ),
        ("%YAML 1.1\n---\na: b\n", "1:1-1:10 YAML directives are not supported", "leave the line out"),
        (
            "a: 1\n---\nb: 2\n",
            "2:1-2:4 a second YAML document starts here",
            "put everything into the first document",
        ),
        (
            "a: &x [*x]\n",
            "1:8-1:10 the alias `*x` stands inside the value it refers to",
            "write the value out instead",
        ),
        (
            "a: &x\n  <<: *x\n",
            "2:7-2:9 the alias `*x` stands inside the value it refers to",
            "write the value out instead",
        ),
        (
            "a: &x 1\n<<: *x\n",
            "2:5-2:7 `<<` takes in a group of keys, and this is none",
            "name the anchor of a group of keys, as in `<<: *defaults`",
        ),
    ];
    for (text, expected, help) in cases {
        let (shown, found) = fault(text);
        assert_eq!(shown, expected, "{text:?}");
        assert_eq!(found.help, [help], "{text:?}");
        assert_eq!(found.rule.code, "front-matter-syntax");
    }
}

#[test]
fn a_key_that_stands_twice_is_found_at_the_second_with_the_first_beside_it() {
    let (shown, found) = fault("a: 1\nb: 2\na: 3\n");
    assert_eq!((shown.as_str(), found.rule.code), ("3:1-3:2 the key `a` stands twice", "duplicate-key"));
    assert_eq!(found.secondary[0].span, Span::new(4, 5));
}

#[test]
fn hostile_texts_are_refused_before_they_grow() {
    let bomb: String = (1..9).fold("a0: &a0 [lol]\n".to_owned(), |text, level| {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        format!("{text}a{level}: &a{level} [{aliases}]\n")
    });
    let long = format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(10_000), vec!["*a"; 10_000].join(","));
    let ladder: String = (1..200).fold("a0: &a0 [x]\n".to_owned(), |text, level| {
        format!("{text}a{level}: &a{level} [*a{}]\n", level - 1)
    });
    let indented = |level: usize| [" ".repeat(level), "a:\n".to_owned()].concat();
    let blocks: String = (0..10_000).map(|level| indented(level % 300)).collect();
    let deeper: String = (0..500).map(indented).collect();
    let cases = [
        (bomb, "the aliases here stand for too much text"),
        (long, "the aliases here stand for too much text"),
        (ladder, "nested more than 64 levels deep"),
        (format!("a: {}", "[".repeat(10_000)), "nested more than 64 levels deep"),
        (format!("a: {}", "{a: ".repeat(10_000)), "nested more than 64 levels deep"),
        ("- ".repeat(10_000), "nested more than 64 levels deep"),
        (deeper, "nested more than 64 levels deep"),
        (blocks, "nested more than 64 levels deep"),
    ];
    for (text, expected) in cases {
        let (shown, _) = fault(&text);
        assert!(shown.ends_with(expected), "{shown}");
    }
    let keys: String = (0..50_000).map(|key| ["k", &key.to_string(), ": v\n"].concat()).collect();
    assert_eq!(parse_text(&keys).1.unwrap().entries().len(), 50_000);
}

#[test]
fn no_prefix_of_a_text_and_no_change_of_a_letter_panics() {
    let text = "a: \"x: é\"\nb: [c, 'd'] # e\nf: |\n  g\nh: &i {j: k}\nl:\n  <<: *i\n  - m\n";
    for (at, _) in text.char_indices() {
        let _ = parse_text(&text[..at]);
        for other in ['\t', '"', '\'', '[', '}', ':', '*', '&', '!', '\\', '\n', '`', '\0'] {
            let _ = parse_text(&format!("{}{other}{}", &text[..at], &text[at..]));
        }
    }
}
