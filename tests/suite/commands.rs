//! Claims about commands and steps on a page: what is copied, what has to be filled in, what is dangerous, what is
//! ticked off. What a line of a block is taken for is held beside the code, in `src/render/code/`.

use std::path::Path;

use docent::model::Site;
use docent::pipeline::{Options, check};
use docent::render::html::{BodyHtml, render_body};

use crate::support;

fn site_of(dir: &Path) -> Site {
    let mut options = Options::default();
    options.discover.dir = dir.into();
    options.model.today = "2026-01-01".into();
    check(&options).unwrap().site
}

/// The body of a page with this text.
fn body(text: &str) -> BodyHtml {
    let dir = support::knowledge_base(&[("page.md", text)]);
    let site = site_of(dir.path());
    render_body(&site, 0, &site.pages[0].url)
}

/// What the copy buttons of a page give, one block after another; `None` where there is no button.
fn copied(html: &str) -> Vec<Option<String>> {
    let blocks = html.split("<figure class=\"cmd").skip(1).filter_map(|block| block.split_once("</figure>"));
    let block = |(block, _): (&str, &str)| {
        let code = block.split_once("<code>")?.1.strip_suffix("</code></pre>")?;
        block
            .contains("<button")
            .then(|| text(&without(&without(code, "<samp", "</samp>"), "pr\">", "</span>")))
    };
    blocks.map(block).collect()
}

/// `html` without the elements whose start tags hold `start`.
fn without(html: &str, start: &str, end: &str) -> String {
    let mut out = html.to_owned();
    while let Some(at) = out.find(start) {
        let open = out[..=at].rfind('<').unwrap();
        let close = at + out[at..].find(end).unwrap() + end.len();
        out.replace_range(open..close, "");
    }
    out
}

fn text(html: &str) -> String {
    let mut out = String::new();
    for part in html.split('<') {
        out.push_str(part.split_once('>').map_or(part, |(_, text)| text));
    }
    let out = out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    out.trim_matches('\n').to_owned()
}

fn labels(body: &BodyHtml) -> Vec<&str> {
    body.fields.iter().map(|field| field.label.as_str()).collect()
}

#[test]
fn a_block_of_output_has_no_button_and_code_is_copied_whole() {
    let body = body("```sh\n$ ls\nx\n```\n\n```sh\n< HTTP/1.1 200 OK\n```\n\n```yaml\n# a\n$ b: c\n```\n");
    assert_eq!(copied(&body.html), [Some("ls".to_owned()), None, Some("# a\n$ b: c".to_owned())]);
}

#[test]
fn characters_that_nobody_sees_do_not_stand_in_a_command() {
    let body = body("```sh\nrm\u{200b} -r\u{a0}x\u{feff} \u{202e}y\n```\n");
    assert_eq!(copied(&body.html), [Some("rm -r x y".to_owned())]);
}

#[test]
fn one_name_is_one_field_for_the_whole_page() {
    let body = body("```sh\nssh <HOST>\n```\n\nText.\n\n```sh\nping \"$HOST\"\nls ${host}\n```\n");
    assert_eq!(labels(&body), ["HOST"]);
    assert_eq!(body.html.matches("<var data-v=\"host\"").count(), 3);
}

#[test]
fn a_variable_that_any_block_of_the_page_sets_is_not_asked_for() {
    let body = body("```sh\necho $A $B\n```\n\n```sh\nexport A=1\n```\n");
    assert_eq!(labels(&body), ["B"]);
}

#[test]
fn declared_fields_come_first_in_their_order_with_label_example_and_pattern() {
    let front = "---\nkind: runbook\nvars:\n  CLUSTER: { label: The cluster, example: main-15, pattern: '[a-z0-9-]+', order: 2 }\n  \
                 NODE: { label: The node, order: 1 }\n---\n";
    let body = body(&format!("{front}```sh\npatronictl list CLUSTER <OTHER>\n```\n"));
    assert_eq!(labels(&body), ["NODE", "CLUSTER", "OTHER"]);
    let cluster = &body.fields[1];
    assert_eq!(
        (cluster.hint.as_str(), cluster.example.as_str(), cluster.pattern.as_str()),
        ("The cluster", "main-15", "[a-z0-9-]+")
    );
    assert!(body.html.contains("<var data-v=\"cluster\">CLUSTER</var>"), "{}", body.html);
}

#[test]
fn fields_for_secrets_are_told_apart() {
    let body = body("```sh\ncurl -H \"Token: $API_TOKEN\" <HOST>\n```\n");
    let secrets: Vec<bool> = body.fields.iter().map(|field| field.secret).collect();
    assert_eq!((labels(&body), secrets), (vec!["API_TOKEN", "HOST"], vec![true, false]));
}

#[test]
fn destructive_commands_are_marked_unless_the_author_says_no() {
    for (block, expected) in [
        ("```sh\nrm -rf /srv\n```\n", Some("Dangerous: deletes files and folders")),
        ("```sh danger=no\nrm -rf /srv\n```\n", None),
        ("```sh danger=\"deletes the queue\"\nls\n```\n", Some("Dangerous: deletes the queue")),
        ("```sh\n$ ls\nrm -rf /srv\n```\n", None),
        ("```sql\nDROP TABLE users;\n```\n", Some("Dangerous: drops what is named")),
        ("```yaml\nrun: rm -rf /srv\n```\n", None),
    ] {
        let html = body(block).html;
        let said = html
            .split_once("</svg>Dangerous")
            .map(|(_, rest)| format!("Dangerous{}", rest.split('<').next().unwrap()));
        let said = said
            .filter(|_| html.contains("class=\"cmd wrap danger\"") || html.contains("class=\"cmd danger\""));
        assert_eq!(said.as_deref(), expected, "{block}");
    }
}

#[test]
fn the_ordered_lists_of_a_runbook_are_steps_and_their_numbers_run_on() {
    let text = "## A\n\n1. One *thing*.\n\n   More.\n2. Two\n   1. nested\n\n## B\n\n1. Three\n\n   ```sh\n   ls\n   ```\n\n- not a step\n";
    let steps = body(&format!("---\nkind: runbook\n---\n{text}"));
    assert_eq!(steps.steps, 3);
    let tick =
        |words: &str| format!("<label class=\"tick\"><input type=\"checkbox\"><span>{words}</span></label>");
    for expected in [
        format!("<ol class=\"steps\">\n<li id=\"step-1\">{}<p>More.</p>", tick("One <em>thing</em>.")),
        format!("<li id=\"step-2\">{}<ol>\n<li>nested</li>\n</ol>", tick("Two")),
        format!("<ol class=\"steps\" start=\"3\">\n<li id=\"step-3\">{}<figure", tick("Three")),
        "<ul>\n<li>not a step</li>".to_owned(),
    ] {
        assert!(steps.html.replace("</p>\n", "</p>").contains(&expected), "{expected}\n{}", steps.html);
    }
    assert_eq!(body(&format!("---\nkind: runbook\nsteps: false\n---\n{text}")).steps, 0);
    assert_eq!(body(text).steps, 0);
}

#[test]
fn the_tasks_of_a_runbook_are_steps_too() {
    let steps = body("---\nkind: runbook\n---\n- [ ] Look\n- [x] Act\n");
    assert_eq!(steps.steps, 2);
    assert!(!steps.html.contains("disabled"), "{}", steps.html);
}

#[test]
fn steps_survive_raw_html_on_the_page() {
    let steps = body(
        "---\nkind: runbook\n---\n<b>x</b>\n\n1. Press <kbd>q</kbd> and <script>alert(1)</script>\n2. <br>\n",
    );
    assert_eq!(steps.steps, 2);
    assert!(!steps.html.contains("<script"), "{}", steps.html);
    assert_eq!(steps.html.matches("<label").count(), steps.html.matches("</label>").count());
}

#[test]
fn real_runbooks_give_commands_without_prompts_output_or_invisible_characters() {
    let Some(dir) = support::corpus("gitlab-runbooks") else { return };
    let site = site_of(&dir);
    let (mut blocks, mut sessions, mut places) = (0, 0, 0);
    for (id, page) in site.pages.iter().enumerate() {
        let html = render_body(&site, id, &page.url).html;
        for (figure, copy) in html.split("<figure class=\"cmd").skip(1).zip(copied(&html)) {
            let figure = figure.split("</figure>").next().unwrap();
            if !figure.starts_with(" wrap") {
                continue;
            }
            blocks += 1;
            sessions += usize::from(figure.contains("<span class=\"pr\">"));
            places += figure.matches("<var ").count();
            let Some(copy) = copy else { continue };
            let path = page.parsed.file.path();
            assert!(
                !copy.contains(|c| matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{a0}')),
                "{path}: {copy}"
            );
            for line in copy.lines() {
                let is_prompt = line.starts_with("$ ")
                    || line.starts_with("$> ")
                    || line.contains(":~$ ")
                    || line.contains(":~# ");
                // What programs of these runbooks print.
                let is_output = [
                    "drwx",
                    "-rw-",
                    "total ",
                    "+--",
                    "(1 row)",
                    "NAME  ",
                    "NAMESPACE  ",
                    "HTTP/",
                    "< HTTP",
                    "* Connected",
                ]
                .iter()
                .any(|start| line.starts_with(start))
                    || line.contains("-[ RECORD")
                    || line.get(..5).is_some_and(|start| start.starts_with("20") && start.ends_with('-'));
                assert!(!is_prompt && !is_output, "{path}: {line}");
            }
        }
    }
    assert!(blocks >= 515 && sessions >= 200 && places >= 120, "{blocks} {sessions} {places}");
}
