//! Claims about `CommonMark` and GFM: the specifications' examples through the whole renderer.
//!
//! The examples of `CommonMark` come from the npm package `commonmark-spec`, which `npm ci` puts
//! below `tests/browser/`. What Docent adds (ids and links of headings, figures around code, frames
//! around tables) is taken away again before the comparison; what it does otherwise on purpose is
//! listed in [`DEVIATIONS`].

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use docent::config::Config;
use docent::discover::Sources;
use docent::model::{ModelOptions, Target, build_site};
use docent::parse::parse_page;
use docent::render::html::{heading_shift, render_body};
use docent::source::SourceFile;
use html5gum::{Token, Tokenizer};

use crate::support;

/// Examples of `CommonMark` 0.31.2 that Docent renders otherwise on purpose, and why.
const DEVIATIONS: &[(usize, &str)] = &[
    (
        354,
        "a lone dollar is masked before parsing so that it starts no formula, and the mask is no punctuation",
    ),
    (484, "a link without text shows its address, since a link without a name cannot be followed by ear"),
    (548, "double brackets are a wiki link"),
    (559, "double brackets are a wiki link"),
    (572, "a titled image alone in its paragraph is a figure"),
    (573, "a titled image alone in its paragraph is a figure"),
    (576, "a titled image alone in its paragraph is a figure"),
    (577, "a titled image alone in its paragraph is a figure"),
    (584, "a titled image alone in its paragraph is a figure"),
    (585, "a titled image alone in its paragraph is a figure"),
    (586, "a titled image alone in its paragraph is a figure"),
    (588, "a titled image alone in its paragraph is a figure"),
    (589, "a titled image alone in its paragraph is a figure"),
    (590, "double brackets are a wiki link"),
    (591, "a titled image alone in its paragraph is a figure"),
    (606, "a bare address is a link, as GFM has it"),
    (608, "a bare address is a link, as GFM has it"),
    (611, "a bare address is a link, as GFM has it"),
    (612, "a bare address is a link, as GFM has it"),
];

/// Renders one page. Its links lead where they say: what is there is not the question here.
fn render(markdown: &str, unsafe_html: bool) -> (String, u8) {
    let config = Config { unsafe_html, ..Config::default() };
    // The empty line keeps a rule at the start from being front matter.
    let file = std::sync::Arc::new(SourceFile::new("page.md", format!("\n{markdown}")));
    let (page, findings) = parse_page(&file, "page.md", &config);
    let page = page.unwrap_or_else(|| panic!("{markdown:?}: {findings:?}"));
    let sources = Sources {
        dir: "/".into(),
        config,
        content_dir: String::new(),
        pages: vec![file],
        files: Vec::new(),
        folders: Vec::new(),
        withheld: Vec::new(),
        theme: Vec::new(),
        owners: None,
        codeowners: None,
        git: docent::discover::git::GitFacts::default(),
        exports: docent::discover::Exports::default(),
        completions: Vec::new(),
    };
    let options = ModelOptions { today: "2026-01-01".into(), drafts: true, ..ModelOptions::default() };
    let (mut site, _) = build_site(vec![page.into()], &sources, &options);
    let page = &mut site.pages[0];
    page.title = "No heading of an example".into();
    page.links = page.parsed.links.iter().map(|link| Target::External(link.target.clone())).collect();
    let url = page.url.clone();
    let shift = heading_shift(page);
    (render_body(&site, 0, &url).html, shift)
}

/// One spelling for HTML that means the same, without what Docent adds.
fn normal(html: &str, shift: u8) -> String {
    const BLOCKS: &[&str] = &[
        "blockquote",
        "dd",
        "div",
        "dl",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
        "br",
    ];
    let mut out = String::new();
    let mut dropped: Option<&str> = None;
    // What each open `div`, `span` or `a` is: ours (left out) or the author's.
    let mut ours: Vec<(String, bool)> = Vec::new();
    let mut level = None;
    let mut in_pre = 0usize;
    for token in Tokenizer::new(html).flatten() {
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                let mut attributes: BTreeMap<String, String> = (tag.attributes.iter())
                    .map(|(key, value)| {
                        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                        (text(key), text(&value.value))
                    })
                    .collect();
                let class = attributes.get("class").cloned().unwrap_or_default();
                if dropped.is_some() {
                    continue;
                }
                if name == "figcaption" || class == "anchor" {
                    dropped = Some(if name == "a" { "a" } else { "figcaption" });
                    continue;
                }
                let is_ours = match name.as_str() {
                    "figure" => class.starts_with("cmd"),
                    "div" => class == "tbl",
                    "span" | "samp" => in_pre > 0,
                    "tbody" => true,
                    "a" => attributes.len() == 1 && level.is_some() && attributes.contains_key("id"),
                    _ => false,
                };
                if ["figure", "div", "span", "samp", "a", "tbody"].contains(&name.as_str()) {
                    ours.push((name.clone(), is_ours));
                    if is_ours {
                        continue;
                    }
                }
                for added in ["rel", "loading", "scope", "aria-label"] {
                    attributes.remove(added);
                }
                let mut name = name;
                match name.as_str() {
                    "pre" => {
                        in_pre += 1;
                        attributes.remove("tabindex");
                        attributes.remove("role");
                    }
                    "code" => drop(attributes.remove("class")),
                    "li" if class == "task" => drop(attributes.remove("class")),
                    "td" | "th" if class == "center" || class == "num" => {
                        attributes.remove("class");
                        attributes
                            .insert("align".into(), if class == "num" { "right" } else { "center" }.into());
                    }
                    "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
                        if attributes.remove("id").is_some() || shift > 0 =>
                    {
                        // The level in the outline, which has no gaps, is not the one that is shown.
                        let outlined = attributes.remove("aria-level").filter(|level| level == "7");
                        let shown: u8 = outlined.unwrap_or(name[1..].into()).parse().unwrap();
                        level = Some(format!("h{}", shown - shift));
                        name = level.clone().unwrap();
                    }
                    _ => {}
                }
                block_edge(&mut out, BLOCKS.contains(&name.as_str()), in_pre);
                write!(out, "<{name}").unwrap();
                for (key, value) in attributes {
                    write!(out, " {key}=\"{value}\"").unwrap();
                }
                out.push('>');
            }
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                if let Some(open) = dropped {
                    if open == name {
                        dropped = None;
                    }
                    continue;
                }
                if let Some(at) = ours.iter().rposition(|(open, _)| *open == name)
                    && ours.remove(at).1
                {
                    continue;
                }
                let name = match level.take() {
                    Some(level) if name.starts_with('h') && name.len() == 2 => level,
                    other => {
                        level = other;
                        name
                    }
                };
                if name == "pre" {
                    in_pre = in_pre.saturating_sub(1);
                }
                block_edge(&mut out, BLOCKS.contains(&name.as_str()), in_pre);
                write!(out, "</{name}>").unwrap();
            }
            Token::String(text) if dropped.is_none() => {
                let text = String::from_utf8_lossy(&text.value).into_owned();
                if in_pre > 0 {
                    out.push_str(&text);
                    continue;
                }
                for c in text.chars() {
                    match c {
                        ' ' | '\n' | '\t' if out.ends_with([' ', '\u{1}']) => {}
                        ' ' | '\n' | '\t' => out.push(' '),
                        c => out.push(c),
                    }
                }
            }
            Token::Comment(text) => write!(out, "<!--{}-->", String::from_utf8_lossy(&text.value)).unwrap(),
            _ => {}
        }
        // Blanks right after a block's tag mean nothing.
        let after_block = BLOCKS.iter().any(|name| {
            out.ends_with(&format!("</{name}>"))
                || (out.ends_with('>')
                    && out.rfind('<').is_some_and(|at| {
                        out[at + 1..].trim_end_matches('>').split(' ').next() == Some(name)
                    }))
        });
        if after_block && in_pre == 0 {
            out.push('\u{1}');
        }
    }
    out.replace('\u{1}', "").trim().to_owned()
}

fn block_edge(out: &mut String, is_block: bool, in_pre: usize) {
    if is_block && in_pre <= 1 && out.ends_with(' ') {
        out.pop();
    }
}

/// Docent's code ends with its last character, the specification's with a line end.
fn with_last_line_end(html: &str) -> String {
    html.replace("</code></pre></figure>", "\n</code></pre></figure>")
        .replace("<code>\n</code></pre></figure>", "<code></code></pre></figure>")
}

/// `(number, markdown, html)` of the examples in a specification's text.
fn examples(spec: &str) -> Vec<(usize, String, String)> {
    let fence = "`".repeat(32);
    let mut found = Vec::new();
    let mut rest = spec.split("<!-- END TESTS -->").next().unwrap();
    while let Some(at) = rest.find(&format!("{fence} example")) {
        rest = &rest[at..];
        rest = &rest[rest.find('\n').unwrap() + 1..];
        let end = rest.find(&format!("\n{fence}\n")).unwrap() + 1;
        let example = format!("\n{}", &rest[..end]);
        let (markdown, html) = example.split_once("\n.\n").unwrap();
        let markdown = if markdown.is_empty() { String::new() } else { format!("{}\n", &markdown[1..]) };
        found.push((found.len() + 1, markdown.replace('→', "\t"), html.replace('→', "\t")));
        rest = &rest[end..];
    }
    found
}

#[test]
fn the_examples_of_commonmark_render_as_the_specification_says() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/node_modules/commonmark-spec/spec.txt");
    let Ok(spec) = std::fs::read_to_string(&path) else {
        return support::skipped("commonmark-spec is absent: run `npm ci` in tests/browser");
    };
    let examples = examples(&spec);
    assert_eq!(examples.len(), 652, "another version of the specification?");
    let mut wrong = String::new();
    let mut passed = 0;
    for (number, markdown, html) in examples {
        let (rendered, shift) = render(&markdown, true);
        let (rendered, expected) = (normal(&with_last_line_end(&rendered), shift), normal(&html, 0));
        let listed = DEVIATIONS.iter().find(|(deviation, _)| *deviation == number);
        match (rendered == expected, listed) {
            (true, None) => passed += 1,
            (false, Some(_)) => {}
            (true, Some((_, why))) => {
                write!(wrong, "\n{number} passes, though listed as: {why}\n").unwrap();
            }
            (false, None) => {
                write!(wrong, "\n{number}: {markdown:?}\n  expected {expected:?}\n  rendered {rendered:?}\n")
                    .unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{passed} pass{wrong}");
    assert_eq!(passed + DEVIATIONS.len(), 652);
}

/// `(name, markdown, html)` of GFM's examples of tables, strikethrough and task lists, which the
/// package of the Markdown parser carries as its own tests.
fn gfm_examples() -> Option<Vec<(String, String, String)>> {
    let version = std::process::Command::new("rustc").arg("-vV").output().ok()?;
    let version = String::from_utf8(version.stdout).ok()?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "))?;
    // Packages of other systems may never have been fetched.
    let metadata = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host])
        .arg("--manifest-path")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .output()
        .ok()?;
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).ok()?;
    let packages = metadata["packages"].as_array()?;
    let parser = packages.iter().find(|package| package["name"] == "pulldown-cmark")?;
    let folder = Path::new(parser["manifest_path"].as_str()?).parent()?.join("tests/suite");
    let mut found = Vec::new();
    for name in ["gfm_table", "gfm_strikethrough", "gfm_tasklist"] {
        let text = std::fs::read_to_string(folder.join(format!("{name}.rs"))).ok()?;
        for (number, case) in text.split("let original = r##\"").skip(1).enumerate() {
            let (markdown, rest) = case.split_once("\"##;")?;
            let html = rest.split_once("let expected = r##\"")?.1.split_once("\"##;")?.0;
            // The parser's own writer has styles where the specification has `align`.
            let html = ["left", "center", "right"].iter().fold(html.to_owned(), |html, side| {
                html.replace(&format!("style=\"text-align: {side}\""), &format!("align=\"{side}\""))
            });
            found.push((format!("{name} {}", number + 1), markdown.to_owned(), html));
        }
    }
    Some(found)
}

#[test]
fn the_examples_of_gfm_render_as_its_specification_says() {
    let Some(examples) = gfm_examples() else {
        return support::skipped("the sources of pulldown-cmark are not at hand");
    };
    assert!(examples.len() >= 10, "{} examples", examples.len());
    let mut wrong = String::new();
    for (name, markdown, html) in examples {
        let (rendered, shift) = render(&markdown, true);
        let (rendered, expected) = (normal(&rendered, shift), normal(&html, 0));
        if rendered != expected {
            write!(wrong, "\n{name}: {markdown:?}\n  expected {expected:?}\n  rendered {rendered:?}\n")
                .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What the extensions of GFM render as, cleaned like any page: its sections one by one, those whose
/// own examples no registry package carries included.
const GFM: &[(&str, &str)] = &[
    // Tables.
    (
        "| foo | bar |\n| --- | --- |\n| baz | bim |\n",
        "<table><thead><tr><th>foo</th><th>bar</th></tr></thead><tr><td>baz</td><td>bim</td></tr></table>",
    ),
    (
        "| abc | defghi |\n:-: | -----------:\nbar | baz\n",
        "<table><thead><tr><th align=\"center\">abc</th><th align=\"right\">defghi</th></tr></thead>\
         <tr><td align=\"center\">bar</td><td align=\"right\">baz</td></tr></table>",
    ),
    (
        "| f\\|oo |\n| --- |\n| b `\\|` az |\n| b **\\|** im |\n",
        "<table><thead><tr><th>f|oo</th></tr></thead><tr><td>b <code>|</code> az</td></tr>\
         <tr><td>b <strong>|</strong> im</td></tr></table>",
    ),
    (
        "| a | b |\n| --- | --- |\n| c |\n| d | e | f |\n> quote\n",
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tr><td>c</td><td></td></tr>\
         <tr><td>d</td><td>e</td></tr></table><blockquote><p>quote</p></blockquote>",
    ),
    ("| a | b |\n| --- |\n| c |\n", "<p>| a | b | | --- | | c |</p>"),
    ("| a | b |\n| --- | --- |\n", "<table><thead><tr><th>a</th><th>b</th></tr></thead></table>"),
    // Task lists.
    (
        "- [ ] foo\n- [x] bar\n",
        "<ul><li><input disabled=\"\" type=\"checkbox\"> foo</li>\
         <li><input checked=\"\" disabled=\"\" type=\"checkbox\"> bar</li></ul>",
    ),
    (
        "- [X] a\n  - [ ] b\n",
        "<ul><li><input checked=\"\" disabled=\"\" type=\"checkbox\"> a\
         <ul><li><input disabled=\"\" type=\"checkbox\"> b</li></ul></li></ul>",
    ),
    ("[ ] a\n", "<p>[ ] a</p>"),
    // Strikethrough.
    ("~~Hi~~ Hello, ~there~ world!\n", "<p><del>Hi</del> Hello, <del>there</del> world!</p>"),
    ("This ~~has a\n\nnew paragraph~~.\n", "<p>This ~~has a</p><p>new paragraph~~.</p>"),
    ("No ~~~~Hi~~~~ ~~~no~~~\n", "<p>No ~~~~Hi~~~~ ~~~no~~~</p>"),
    // Bare addresses.
    ("www.example.org\n", "<p><a href=\"http://www.example.org\">www.example.org</a></p>"),
    (
        "See https://example.org/a_b.\n",
        "<p>See <a href=\"https://example.org/a_b\">https://example.org/a_b</a>.</p>",
    ),
    (
        "(https://example.org/q?x=(a))\n",
        "<p>(<a href=\"https://example.org/q?x=(a)\">https://example.org/q?x=(a)</a>)</p>",
    ),
    ("foo@example.org\n", "<p><a href=\"mailto:foo@example.org\">foo@example.org</a></p>"),
    ("`https://example.org`\n", "<p><code>https://example.org</code></p>"),
    // Raw HTML that is not allowed.
    ("<strong> <title> <style> <em>a</em></strong>\n", "<p><strong> <em>a</em></strong></p>"),
    ("<blockquote>\n  <xmp> is disallowed.</xmp>\n</blockquote>\n", "<blockquote></blockquote>"),
];

#[test]
fn the_extensions_of_gfm_render_as_its_specification_says() {
    let mut wrong = String::new();
    for (markdown, html) in GFM {
        let (rendered, shift) = render(markdown, false);
        let (rendered, expected) = (normal(&rendered, shift), normal(html, 0));
        if rendered != expected {
            write!(wrong, "\n{markdown:?}\n  expected {expected:?}\n  rendered {rendered:?}\n").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
