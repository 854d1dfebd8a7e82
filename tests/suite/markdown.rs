//! Claims about Markdown: what a page's headings, links, text and findings are.

use std::fmt::Write as _;
use std::sync::Arc;

use docent::config::{Config, HeadingIds};
use docent::diagnostic::Diagnostic;
use docent::parse::{self, LinkForm, ParsedPage};
use docent::source::SourceFile;

use crate::support::must_not_hang;

fn parse(text: &str) -> (Option<ParsedPage>, Vec<Diagnostic>) {
    parse_with(text, &Config::default())
}

fn parse_with(text: &str, config: &Config) -> (Option<ParsedPage>, Vec<Diagnostic>) {
    let file = Arc::new(SourceFile::new("a.md", text));
    parse::parse_page(&file, "a.md", config)
}

fn page(text: &str) -> ParsedPage {
    parse(text).0.unwrap()
}

fn codes(text: &str) -> Vec<&'static str> {
    parse(text).1.iter().map(|finding| finding.rule.code).collect()
}

#[test]
fn heading_ids_follow_github_and_kramdown() {
    // (heading, GitHub's id, kramdown's id), as the two publish them.
    let cases = [
        ("Hello World", "hello-world", "hello-world"),
        ("What's new in 2.0?", "whats-new-in-20", "whats-new-in-20"),
        ("2. Second step", "2-second-step", "second-step"),
        ("`docent build` and more", "docent-build-and-more", "docent-build-and-more"),
        ("A & B", "a--b", "a--b"),
        ("snake_case name", "snake_case-name", "snakecase-name"),
        ("[Link](https://a.example/x) here", "link-here", "linkhttpsaexamplex-here"),
        ("**Bold** *move*", "bold-move", "bold-move"),
        (":rocket: Launch", "rocket-launch", "rocket-launch"),
        ("Über uns", "über-uns", "ber-uns"),
        ("42", "42", "section"),
        ("A word {: .no_toc}", "a-word", "a-word"),
        ("<i class=\"fas fa-x\"></i> Icon", "icon", "i-classfas-fa-xi-icon"),
    ];
    let mut wrong = String::new();
    for (rule, which) in [(HeadingIds::Github, 1), (HeadingIds::Kramdown, 2)] {
        let config = Config { heading_ids: rule, ..Config::default() };
        for case in cases {
            let (parsed, _) = parse_with(&format!("# {}\n\ntext\n", case.0), &config);
            let heading = &parsed.unwrap().headings[0];
            let (id, other) = if which == 1 { (case.1, case.2) } else { (case.2, case.1) };
            if heading.id != id || (id != other && !heading.other_ids.iter().any(|known| known == other)) {
                writeln!(wrong, "{}: {} {:?}, not {id} and {other}", case.0, heading.id, heading.other_ids)
                    .unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn repeated_headings_are_numbered_and_ids_by_hand_come_first() {
    let parsed = page("# A\n## B\n## B\n## B-1\n## C {#b}\n## Main\n## 🎉\n## !\n");
    let ids: Vec<&str> = parsed.headings.iter().map(|heading| heading.id.as_str()).collect();
    assert_eq!(ids[0], "a");
    assert_eq!(ids[4], "b", "an id by hand is kept as it is: {ids:?}");
    assert_eq!(ids[5], "h-main", "the theme's own id is prefixed");
    let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "{ids:?}");
    assert!(ids.iter().all(|id| !id.is_empty()), "{ids:?}");
}

#[test]
fn a_thousand_headings_of_one_name_get_a_thousand_ids() {
    let parsed = page(&"## Overview\n".repeat(1000));
    assert_eq!(parsed.headings[999].id, "overview-999");
    let long = page(&format!("# {}\n", "word ".repeat(200)));
    assert_eq!(long.headings[0].id.len(), 200 * 5 - 1);
}

#[test]
fn attribute_lists_give_headings_their_ids_and_other_blocks_anchors() {
    let parsed = page(
        "## A {#one}\n\n## B {: #two}\n\n## C\n{: #three .no_toc}\n\npara\n{: #four}\n\n<a name=\"five\"></a>\n<div id=six></div>\n",
    );
    let ids: Vec<&str> = parsed.headings.iter().map(|heading| heading.id.as_str()).collect();
    assert_eq!(ids, ["one", "two", "three"]);
    assert!(parsed.headings[2].no_toc);
    let anchors: Vec<&str> = parsed.anchors.iter().map(|anchor| anchor.value.as_str()).collect();
    assert_eq!(anchors, ["four", "five", "six"]);
    for anchor in &parsed.anchors[1..] {
        assert_eq!(parsed.file.slice(anchor.span), anchor.value);
    }
}

#[test]
fn the_destination_of_every_form_of_link_is_known_to_the_character() {
    use LinkForm::{Autolink, Html, HtmlImage, Image, Inline, Reference, Wiki};
    // (what is written, its form, the characters of its destination, its target)
    let cases = [
        ("[a](b.md)", Inline, "b.md", "b.md"),
        ("[a]( b.md \"t\" )", Inline, "b.md", "b.md"),
        ("[a](<b c.md>)", Inline, "b c.md", "b c.md"),
        ("[a](b(c)d)", Inline, "b(c)d", "b(c)d"),
        ("[a](b\\)c)", Inline, "b\\)c", "b)c"),
        ("[a](b&amp;c)", Inline, "b&amp;c", "b&c"),
        ("[a [b] \\] `](x)`](c)", Inline, "c", "c"),
        ("[*a*](b)", Inline, "b", "b"),
        ("[](b)", Inline, "b", "b"),
        ("[a]()", Inline, "", ""),
        ("[a](b){:target=\"_blank\"}", Inline, "b", "b"),
        ("[a]({{ x }}/b)", Inline, "{{ x }}/b", "{{ x }}/b"),
        ("![a](b.png 't')", Image, "b.png", "b.png"),
        ("![a [b](c)](d.png)", Image, "d.png", "d.png"),
        ("[a][r]", Reference, "ref.md", "ref.md"),
        ("[r][]", Reference, "ref.md", "ref.md"),
        ("[r]", Reference, "ref.md", "ref.md"),
        ("<https://a.example/b>", Autolink, "https://a.example/b", "https://a.example/b"),
        ("see https://a.example/b_c_d.", Autolink, "https://a.example/b_c_d", "https://a.example/b_c_d"),
        ("www.a.example", Autolink, "www.a.example", "http://www.a.example"),
        ("me@a.example", Autolink, "me@a.example", "mailto:me@a.example"),
        ("[[b]]", Wiki, "b", "b"),
        ("[[b c|a]]", Wiki, "b c", "b c"),
        ("x <a href=\"b.md\">a</a>", Html, "b.md", "b.md"),
        ("x <a class=k href='b.md'>a</a>", Html, "b.md", "b.md"),
        ("x <a href=b.md>a</a>", Html, "b.md", "b.md"),
        ("x <img alt=\"\" src=\"b.png\"/>", HtmlImage, "b.png", "b.png"),
        ("x <video src=\"b.mp4\"></video>", HtmlImage, "b.mp4", "b.mp4"),
    ];
    let around: [fn(&str) -> String; 6] = [
        |link| format!("{link}\n"),
        |link| format!("---\ntitle: x\n---\n\n# T\n\npara é {link} and [z](z)\n"),
        |link| format!("- a\n  - b {link}\n    c\n"),
        |link| format!("> a\n> > {link} é\n"),
        |link| format!("1. a\n\n   > - {link}\n"),
        |link| format!("| a | b |\n|---|---|\n| x | {link} |\n"),
    ];
    let mut wrong = String::new();
    for (link, form, written, target) in cases {
        for wrap in around {
            let text = format!("{}\n\n[r]: ref.md 'title'\n", wrap(link));
            if text.contains("| x |") && link.contains('|') {
                continue;
            }
            let parsed = page(&text);
            let found = parsed.links.iter().find(|found| found.form == form && found.target == target);
            match found {
                None => writeln!(wrong, "{text:?}: no {form:?} to {target:?} in {:?}", parsed.links).unwrap(),
                Some(found) if parsed.file.slice(found.target_span) != written => {
                    let is = parsed.file.slice(found.target_span);
                    writeln!(wrong, "{text:?}: {is:?}, not {written:?}").unwrap();
                }
                Some(_) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_addresses_of_a_srcset_are_links_one_by_one() {
    let parsed = page("<img alt=\"a\" src=\"a.png\" srcset=\"b.png 1x, c.png 2x\">\n");
    let targets: Vec<&str> = parsed.links.iter().map(|link| parsed.file.slice(link.target_span)).collect();
    assert_eq!(targets, ["a.png", "b.png", "c.png"]);
    assert!(parsed.has_raw_html);
}

#[test]
fn links_know_their_text_and_the_heading_above() {
    let parsed = page("[a *b* `c`](x)\n\n# H [d](y)\n\n[![e](z.png)](w) <a href=\"v\">f <b>g</b></a>\n");
    let all: Vec<_> =
        parsed.links.iter().map(|link| (link.target.as_str(), link.text.as_str(), link.under)).collect();
    assert_eq!(
        all,
        [
            ("x", "a b c", None),
            ("y", "d", Some(0)),
            ("w", "e", Some(0)),
            ("z.png", "e", Some(0)),
            ("v", "f g", Some(0))
        ]
    );
}

#[test]
fn the_text_of_sections_has_no_marks_no_scripts_and_no_template_tags() {
    let parsed = page(
        "---\ntitle: T\n---\nIntro *one*\ntwo ![alt text](a.png)\n\n# H1 {#x}\n\n- item `code`\n- [x] done\n\n```sh\nls -l\n```\n\n<div><b>bold</b><script>evil()</script><style>p{}</style></div>\n\n<%= partial \"x\" %> after {{ $labels.type }}\n\n## H2\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    );
    let sections = parse::text::sections(&parsed);
    let all: Vec<_> = sections.iter().map(|section| (section.heading, section.text.as_str())).collect();
    assert_eq!(
        all,
        [
            (None, "Intro one two alt text"),
            (Some(0), "item code\ndone\nls -l\nbold\nafter {{ $labels.type }}"),
            (Some(1), "a\nb\n1\n2"),
        ]
    );
}

#[test]
fn code_blocks_know_the_words_behind_their_fence() {
    let text = "> ```bash title=\"x y\"\n> ls\n> ```\n\n    indented\n";
    let parsed = page(text);
    assert_eq!(parsed.code.len(), 2);
    assert_eq!(parsed.file.slice(parsed.code[0].info.span), "bash title=\"x y\"");
    assert!(parsed.code[0].fenced && !parsed.code[1].fenced);
}

#[test]
fn what_would_grow_or_nest_without_end_gives_one_finding_and_no_page() {
    let deep_list: String = (0..70).map(|depth| "  ".repeat(depth) + "- a\n").collect();
    for (name, text, code) in [
        ("quotes", format!("{} a\n", ">".repeat(65)), "too-deep"),
        ("lists", deep_list, "too-deep"),
        ("footnotes", "[^a] ".repeat(100_000) + "\n\n[^a]: x\n", "output-too-large"),
        ("references", "[a] ".repeat(100_000) + "\n\n[a]: x\n", "output-too-large"),
    ] {
        let (parsed, findings) = parse(&text);
        assert!(parsed.is_none(), "{name}");
        let found: Vec<_> = findings.iter().map(|finding| finding.rule.code).collect();
        assert_eq!(found, [code], "{name}");
        assert!(findings[0].primary.is_some(), "{name}");
    }
    assert!(parse(&format!("{} a\n", ">".repeat(60))).0.is_some());
}

#[test]
fn a_table_of_ten_thousand_columns_is_cut() {
    let row = |cell: &str| format!("|{}\n", format!("{cell}|").repeat(10_000));
    let text = format!("# T\n\n{}{}{}", row("a"), row("-"), row("[b](c)"));
    let (parsed, findings) = parse(&text);
    assert_eq!(parsed.unwrap().links.len(), 200);
    assert!(findings.iter().any(|finding| finding.rule.code == "table-too-wide"));
}

#[test]
fn patterns_that_hang_other_readers_come_to_an_end() {
    let n = 20_000;
    let patterns: Vec<(&str, String)> = vec![
        ("nested strong emphasis", "*a **a ".repeat(n) + "b" + &" a** a*".repeat(n)),
        ("emphasis closers", "a_ ".repeat(n)),
        ("emphasis openers", "_a ".repeat(n)),
        ("link closers", "a]".repeat(n)),
        ("link openers", "[a".repeat(n)),
        ("mismatched openers and closers", "*a_ ".repeat(n)),
        ("openers and closers multiple of 3", "a**b".to_owned() + &"c* ".repeat(n)),
        ("link openers and emphasis closers", "[ a_".repeat(n)),
        ("pattern [ (]( repeated", "[ (](".repeat(n)),
        ("pattern ![[]() repeated", "![[]()".repeat(n)),
        ("nested brackets", "[".repeat(n) + "a" + &"]".repeat(n)),
        ("nested block quotes", "> ".repeat(n) + "a"),
        ("deeply nested lists", (0..500).map(|x| " ".repeat(x * 2) + "* a\n").collect()),
        ("backslashes in link", "[".to_owned() + &"\\".repeat(n) + "\n"),
        ("backticks", (1..600).map(|x| "e".to_owned() + &"`".repeat(x)).collect()),
        ("unclosed links a", "[a](<b".repeat(n)),
        ("unclosed links b", "[a](b".repeat(n)),
        ("unclosed comments", "</".to_owned() + &"<!--".repeat(n)),
        ("empty lines in lists", "- ".repeat(n) + &"\n".repeat(n)),
        ("html comments", "<!-- ".repeat(n)),
        ("processing instructions", "<?".repeat(n)),
        ("declarations", "<!A ".repeat(n)),
        ("cdata", "<![CDATA[".repeat(n)),
        ("tables", "| a ".repeat(n) + "\n" + &"|-".repeat(n) + "\n"),
        (
            "many references",
            (0..n).map(|x| "[".to_owned() + &x.to_string() + "]: u\n").collect::<String>()
                + &"[0] ".repeat(n),
        ),
        ("dollars", "$a ".repeat(n)),
        ("dollar pairs", "$$a ".repeat(n)),
        ("braced dollars", "${".repeat(n)),
        ("footnotes", "[^".repeat(n)),
        ("strikethrough", "~~a ~".repeat(n)),
        ("wiki links", "[[".repeat(n) + &"]]".repeat(n)),
        ("image openers", "![".repeat(n)),
        ("template tags", "{{ <% {% ".repeat(n)),
        ("tags across blank lines", "{{ {{ {{ \n\n}}".repeat(n)),
        ("attribute lists", "{:.a}".repeat(n)),
        ("open attribute lists", "{:a=\"".repeat(n)),
        ("comments of kramdown", "{::comment}".repeat(n)),
        ("short codes", ":a:".repeat(n)),
        ("addresses", "www.".repeat(n)),
        ("addresses in brackets", format!("http://a.example/{}", "(".repeat(n)) + &")".repeat(2 * n)),
        ("schemes", "http://".repeat(n)),
        ("mail addresses", "a@".repeat(n)),
        ("headings", "#".repeat(n) + &"\n# {".repeat(n)),
        ("fences", "```\n~~~\n".repeat(n)),
        ("definitions", "a\n: ".repeat(n)),
        ("tags", "<a ".repeat(n)),
        ("attributes", "<a ".to_owned() + &"b=\"c\" ".repeat(n)),
        ("entities", "&".repeat(n)),
    ];
    for (name, text) in patterns {
        must_not_hang(name, move || parse(&text).0.map(|parsed| parse::text::sections(&parsed).len()));
    }
}

#[test]
fn untidy_markdown_gets_its_finding_and_tidy_markdown_none() {
    for (text, expected) in [
        ("# A\n\n# B\n", vec!["several-h1"]),
        ("```shel\nx\n```\n", vec!["unknown-language"]),
        ("```\nx\n```\n", vec![]),
        ("```sh\nx\n", vec!["unclosed-fence"]),
        ("![](a.png)\n", vec!["image-alt"]),
        ("<img src=\"a.png\" alt=\"\">\n", vec![]),
        ("<script>x</script>\n", vec!["unsafe-html"]),
        ("<b onclick=\"x\">a</b>\n", vec!["unsafe-html"]),
        ("run <hostname> now\n", vec![]),
        ("`<hostname>`\n", vec![]),
        ("-**Done** a\n", vec!["task-marker"]),
        ("- [ ] a\n- [x] b\n", vec![]),
        ("[the text][nowhere]\n", vec!["undefined-reference"]),
        ("a[i][j] and [x][y]\n", vec![]),
        ("<%= a %>\n\n<% b %>\n", vec!["template-tag"]),
        ("{{ a }} {{ $b }}\n", vec![]),
        ("```sh\nls\u{a0}-l\n```\n", vec!["invisible-character"]),
        ("prose\u{a0}only\n", vec![]),
        ("```sh\nls \u{202e}x\n```\n", vec!["hidden-direction"]),
        ("## A {#main}\n", vec!["reserved-id"]),
        ("## Main\n", vec![]),
        ("<a name=\"x\"></a>\n\n## A {#x}\n", vec!["duplicate-id"]),
        ("", vec!["empty-page"]),
        ("---\ntitle: a\n---\n", vec!["no-body"]),
    ] {
        assert_eq!(codes(text), expected, "{text:?}");
    }
}
