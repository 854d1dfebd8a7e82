//! Front matter: what is read from it, and how each fault is named.

use std::path::Path;
use std::sync::Arc;

use docent::config::Config;
use docent::config::kinds::{FieldType, Kinds};
use docent::diagnostic::Diagnostic;
use docent::parse::front_matter::{FrontMatter, parse};
use docent::source::{SharedFile, SourceFile, Span};

use super::support;

/// Reads the front matter of a page; findings as `line:column-line:column severity[code] message | help`.
fn read_with(config: &str, path: &str, text: &str) -> (Option<FrontMatter>, String, Vec<String>) {
    let config = Config::parse(&Arc::new(SourceFile::new("docent.yaml", config))).unwrap();
    let (file, _) = SourceFile::decode(path, text.as_bytes().to_vec());
    let file = Arc::new(file);
    let (front, body, found) = parse(&file, path, &config);
    (front, file.slice(body).to_owned(), found.iter().map(shown).collect())
}

fn read(text: &str) -> (Option<FrontMatter>, String, Vec<String>) {
    read_with("", "a.md", text)
}

fn shown(found: &Diagnostic) -> String {
    let label = found.primary.as_ref().unwrap();
    let (from, to) = (label.file.position(label.span.start), label.file.position(label.span.end));
    let place = format!("{}:{}-{}:{}", from.line, from.column, to.line, to.column);
    let help = found.help.join("; ");
    format!("{place} {}[{}] {} | {help}", found.severity.word(), found.rule.code, found.message)
}

/// The one finding of a page whose front matter holds these lines.
fn fault(lines: &str) -> String {
    let (_, _, found) = read(&format!("---\n{lines}\n---\nText.\n"));
    assert_eq!(found.len(), 1, "{lines}: {found:?}");
    found.into_iter().next().unwrap()
}

#[test]
fn a_page_without_front_matter_is_an_article_of_its_whole_text() {
    let (front, body, found) = read("# Title\n");
    assert_eq!((front.unwrap().kind.as_str(), body.as_str(), found.len()), ("article", "# Title\n", 0));
}

#[test]
fn every_known_key_is_read_in_its_type() {
    let (front, body, found) = read(
        "---\r\ntitle: 'A: b'\r\ndescription: >\r\n  one\r\n  two\r\nslug: a-b\r\nid: x\r\nweight: -5\r\ndraft: true\r\ntoc: false\r\n\
         aliases: /old/\r\ntags: [a, b c]\r\nowner: team-db\r\nowners: ['@ana', bo]\r\nexpires: 2026-12-01\r\ncategory: x\r\n---\r\nBody\r\n",
    );
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(body, "Body\n");
    let front = front.unwrap();
    let values = |list: &[docent::source::Spanned<String>]| {
        list.iter().map(|text| text.value.clone()).collect::<Vec<_>>().join("|")
    };
    assert_eq!(front.title.unwrap().value, "A: b");
    assert_eq!(front.description.unwrap().value, "one two");
    assert_eq!((front.slug.unwrap().value, front.id.unwrap().value), ("a-b".into(), "x".into()));
    assert_eq!((front.weight, front.draft, front.toc), (Some(-5), true, Some(false)));
    assert_eq!(values(&front.aliases), "/old/");
    assert_eq!(values(&front.tags), "a|b c");
    assert_eq!(values(&front.owners), "team-db|@ana|bo");
    assert_eq!(front.expires.unwrap().value, "2026-12-01");
    assert_eq!(front.extra[0].0.value, "category");
    assert_eq!(front.extra.len(), 1);
}

#[test]
fn texts_stay_as_written() {
    for (written, expected) in [
        ("no", "no"),
        ("1.10", "1.10"),
        ("true", "true"),
        ("2026-09-01", "2026-09-01"),
        ("0x1F", "0x1F"),
        ("'null'", "null"),
    ] {
        let (front, _, found) = read(&format!("---\ntitle: {written}\n---\n"));
        assert_eq!(front.unwrap().title.unwrap().value, expected);
        assert_eq!(found, Vec::<String>::new(), "{written}");
    }
    for empty in ["", "~", "null", "''"] {
        let (front, _, found) = read(&format!("---\ntitle: {empty}\n---\n"));
        assert_eq!((front.unwrap().title, found.len()), (None, 0), "{empty}");
    }
}

#[test]
fn front_matter_that_cannot_be_read_gives_no_page_and_one_finding() {
    let cases = [
        (
            "---\ntitle: x\n\nText\n",
            "1:1-1:4 error[front-matter-unclosed] the front matter has no closing `---` | put a line `---` behind the last key",
        ),
        (
            "+++\ntitle = \"x\"\n+++\n",
            "1:1-1:4 error[front-matter-toml] front matter in TOML is not supported | write it as YAML: `---` instead of `+++`, `key: value` instead of `key = value`",
        ),
        (
            "---\ntitle: x\ntitle: y\n---\n",
            "3:1-3:6 error[duplicate-key] the key `title` stands twice | keep one of the two",
        ),
        (
            "---\nowner:\n\tname: x\n---\n",
            "3:1-3:2 error[front-matter-syntax] a tab in the indentation | indent with spaces; YAML does not allow tabs here",
        ),
        (
            "---\ntitle: Foo: bar\n---\n",
            "2:8-2:16 error[front-matter-syntax] a value that holds `: ` must be quoted | quote it: `title: \"Foo: bar\"`",
        ),
        (
            "---\ntitle: \"Foo\ntags: [x]\n---\n",
            "2:8-2:12 error[front-matter-syntax] this quote is never closed | close it at the end of the value",
        ),
        (
            "---\na: &a [*a]\n---\n",
            "2:8-2:10 error[front-matter-syntax] the alias `*a` stands inside the value it refers to | write the value out instead",
        ),
        (
            "---\ntitle: !!str x\n---\n",
            "2:8-2:13 error[front-matter-syntax] the YAML tag `!!str` is not supported | leave it out; quote a text that begins with `!`",
        ),
        ("---\n- a\n- b\n---\n", "2:1-2:4 error[wrong-type] the front matter is a list; keys are expected"),
        ("---\njust text\n---\n", "2:1-2:10 error[wrong-type] the front matter is a text; keys are expected"),
    ];
    for (text, expected) in cases {
        let (front, _, found) = read(text);
        assert!(front.is_none(), "{text:?}");
        assert_eq!(found.len(), 1, "{text:?}");
        assert!(found[0].starts_with(expected), "{text:?}\n{}", found[0]);
    }
}

#[test]
fn a_wrong_value_is_named_and_the_page_stays() {
    let cases = [
        (
            "title: [a, b]",
            "2:8-2:14 error[wrong-type] `title` takes a text, not a list | mend the value, or leave the key out",
        ),
        (
            "title: {a: b}",
            "2:8-2:14 error[wrong-type] `title` takes a text, not a group of keys | mend the value, or leave the key out",
        ),
        (
            "draft: yes",
            "2:8-2:11 error[wrong-type] `draft` takes `true` or `false`, not `yes` | write `true`",
        ),
        (
            "draft: 'false'",
            "2:8-2:15 error[wrong-type] `draft` takes `true` or `false`, not `false` | write `false`",
        ),
        (
            "weight: heavy",
            "2:9-2:14 error[wrong-type] `weight` takes a whole number such as `10`, not `heavy` | mend the value, or leave the key out",
        ),
        (
            "tags: [a, [b]]",
            "2:11-2:14 error[wrong-type] `tags` takes a text, not a list | mend the value, or leave the key out",
        ),
        (
            "slug: a/b",
            "2:7-2:10 error[wrong-type] `slug` is the last part of an address, `a/b` is not | use letters, digits and `-`; whole old addresses go into `aliases`",
        ),
        (
            "reviewed_how: folowed",
            "2:15-2:22 error[wrong-type] `reviewed_how` takes one of `read`, `followed`, `drill`, `incident`, not `folowed` | did you mean `followed`?",
        ),
        (
            "review_every: 30m",
            "2:15-2:18 error[wrong-type] `review_every` takes a length of time such as `90d`, `6 weeks` or `3 months`, not `30m` | mend the value, or leave the key out",
        ),
        (
            "reviewed: 2016-13-40",
            "2:11-2:21 error[invalid-date] `2016-13-40` is no day of the calendar | write year, month and day as in `2026-09-01`",
        ),
        (
            "last-reviewed: YYYY-MM-DD",
            "2:16-2:26 error[invalid-date] `YYYY-MM-DD` is a placeholder, not a date | fill in the day, or leave the key out",
        ),
        (
            "expires: 1.9.2026",
            "2:10-2:18 error[invalid-date] `1.9.2026` is not a date of the form `YYYY-MM-DD` | did you mean `2026-09-01`?",
        ),
        (
            "reviewed: [2026-09-01]",
            "2:11-2:23 error[wrong-type] `reviewed` takes a date such as `2026-09-01`, not a list | mend the value, or leave the key out",
        ),
        (
            "kind: runbok",
            "2:7-2:13 error[unknown-kind] there is no kind `runbok` | did you mean `runbook`?; known kinds: `runbook`, `article`, `module`, `path`, `job`, `opening`",
        ),
        (
            "decription: x",
            "2:1-2:11 warning[unknown-key] the key `decription` is not known | did you mean `description`?",
        ),
        (
            "Description: x",
            "2:1-2:12 warning[unknown-key] the key `Description` is not known | did you mean `description`?",
        ),
        ("tag: x", "2:1-2:4 warning[unknown-key] the key `tag` is not known | did you mean `tags`?"),
        (
            "kind: opening",
            "2:7-2:14 error[missing-field] a page of kind `opening` needs the key `job` | add `job: …`; it takes the path of a page of kind `job`",
        ),
    ];
    for (lines, expected) in cases {
        assert_eq!(fault(lines), expected);
        assert!(read(&format!("---\n{lines}\n---\n")).0.is_some(), "{lines}");
    }
}

/// Whether a type takes a sample. Nothing at all is a key not yet filled in; a number is a text as it
/// stands; a list of one may be written without its brackets.
fn takes(kind: &FieldType, sample: &str) -> bool {
    match (kind, sample) {
        (FieldType::Any, _) | (_, "") => true,
        (FieldType::Text, text) => matches!(text, "3" | "''"),
        (FieldType::Page(_) | FieldType::Integer, text) => text == "3",
        (FieldType::Group, text) => text == "{ x: y }",
        (FieldType::List(of), "[[x]]") => takes(of, "[x]"),
        (FieldType::List(of), text) => takes(of, text),
        _ => false,
    }
}

#[test]
fn a_value_of_the_wrong_type_is_a_finding_at_its_place_for_every_key() {
    let kinds = Kinds::default();
    let mut refused = 0;
    for kind in &kinds.all {
        for field in kind.keys().filter(|field| !matches!(field.name.as_str(), "kind" | "layout")) {
            let others = kind.fields.iter().filter(|other| other.required && other.name != field.name);
            let others = others.map(|other| format!("{}: x\n", other.name)).collect::<Vec<_>>().concat();
            for sample in ["", "3", "[[x]]", "{ x: y }", "''"] {
                if field.required && sample.is_empty() {
                    continue;
                }
                let text = format!("---\n{}: {sample}\nkind: {}\n{others}---\n# A\n", field.name, kind.name);
                let file = Arc::new(SourceFile::new("a.md", text.as_str()));
                let (page, _, found) = parse(&file, "a.md", &Config::default());
                assert!(page.is_some(), "{text}");
                // An empty tag makes no address.
                let taken = takes(&field.kind, sample) && (field.name.as_str(), sample) != ("tags", "''");
                assert_eq!(found.is_empty(), taken, "{text}{found:?}");
                for finding in &found {
                    let label = finding.primary.as_ref().unwrap();
                    assert_eq!(label.file.position(label.span.start).line, 2, "{text}");
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 100, "{refused}");
    for text in ["kind: [x]", "kind: { x: y }", "layout: [x]", "layout: { x: y }"] {
        assert!(fault(text).contains("takes a text"), "{text}");
    }
}

#[test]
fn an_unknown_layout_is_an_error_with_the_known_ones() {
    let found = fault("layout: job_pge");
    assert!(
        found.starts_with(
            "2:9-2:16 error[unknown-layout] there is no layout `job_pge` | did you mean `job_page`?"
        ),
        "{found}"
    );
    for known in ["`markdown_page`", "`job_family_page`", "`handbook-page-toc`", "`home`", "`runbook`"] {
        assert!(found.contains(known), "{known} in {found}");
    }
}

#[test]
fn the_kind_comes_from_its_key_then_the_layout_then_the_path() {
    let config =
        "kinds: { postmortem: [\"postmortems/**\"], job: [\"roles/**\"] }\nlayouts: { pm: postmortem }\n";
    let cases = [
        ("runbooks/x.md", "", "runbook"),
        ("runbooks/x.md", "kind: article", "article"),
        ("runbooks/x.md", "layout: job_page", "job"),
        ("a.md", "layout: job_family_page", "job"),
        ("a.md", "layout: handbook-page-toc", "article"),
        ("a.md", "layout: pm\nkind: module", "module"),
        ("a.md", "layout: pm", "postmortem"),
        ("a.md", "layout: home", "article"),
        ("postmortems/2026/x.html.md.erb", "", "postmortem"),
        ("training/modules/x.md", "", "module"),
        ("training/paths/x.md", "", "path"),
        ("jobs/x.md", "", "article"),
        ("roles/x.md", "", "job"),
        ("runbooks/README.md", "", "article"),
        ("runbooks/db/index.html.md", "", "article"),
        ("runbooks/db/_index.md", "kind: runbook", "runbook"),
    ];
    for (path, lines, kind) in cases {
        let (front, _, found) = read_with(config, path, &format!("---\n{lines}\n---\n"));
        assert_eq!((front.unwrap().kind.as_str(), found), (kind, Vec::new()), "{path} {lines}");
    }
    let kind = |path: &str| {
        read(&format!("---\njob: x\n---\n{path}"))
            .0
            .and(read_with("", path, "---\njob: x\n---\n").0)
            .unwrap()
            .kind
    };
    assert_eq!(
        [kind("jobs/x.md"), kind("jobs/openings/x.md"), kind("job-families/a/b.md")],
        ["job", "opening", "job"]
    );
}

#[test]
fn keys_of_other_tools_are_read_as_ours() {
    let (front, _, found) = read(
        "---\nlast_reviewed_on: 2026-08-01\nreview_in: 6 months\nowner_slack: '#team'\nlastReviewedCommit: abc\nms.topic: x\n---\n",
    );
    let front = front.unwrap();
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(front.field("reviewed").and_then(|node| node.text()), Some("2026-08-01"));
    assert_eq!(front.field("review_every").and_then(|node| node.text()), Some("6 months"));
    assert_eq!(front.field("reviewed_commit").and_then(|node| node.text()), Some("abc"));
    assert_eq!(front.owners[0].value, "#team");
    assert_eq!(front.extra[0].0.value, "ms.topic");
    let (front, _, _) = read("---\nms.date: 09/20/2022\n---\n");
    assert_eq!(front.unwrap().field("reviewed").and_then(|node| node.text()), Some("2022-09-20"));
}

#[test]
fn keys_of_old_handbooks_cause_no_finding() {
    let text = "---\nlayout: handbook-page-toc\ntitle: x\ncategory: a\nsubcategory: b\ncanonical_path: /x\ntwitter_image: /i.png\nextra_js: [a.js]\n\
                noindex: true\nmanual_cookiebot: true\nmaturity: x\nauthor: x\ndate: 1 May\nlast-reviewed: 2022-01-01\n---\n";
    let (front, _, found) = read(text);
    assert_eq!((front.unwrap().extra.len(), found), (10, Vec::new()));
}

#[test]
fn under_strict_every_unknown_key_is_an_error() {
    let (_, _, found) =
        read_with("front_matter: strict\n", "a.md", "---\ncategory: x\ndecription: y\nowner: z\n---\n");
    assert_eq!(
        found,
        [
            "2:1-2:9 error[unknown-key] a page of kind `article` has no key `category` | leave it out, or declare it as a field of the kind in `docent.yaml`",
            "3:1-3:11 error[unknown-key] the key `decription` is not known | did you mean `description`?",
        ]
    );
}

#[test]
fn fields_of_a_declared_kind_are_checked() {
    let config = "kinds:\n  postmortem:\n    paths: [\"pm/**\"]\n    fields:\n      severity: { enum: [S1, S2], required: true }\n      happened: date\n      runbook: { page: runbook }\n";
    let (front, _, found) =
        read_with(config, "pm/a.md", "---\nseverity: S3\nhappened: 2026-02-30\nrunbook: [x]\n---\n");
    assert!(front.is_some());
    assert_eq!(
        found,
        [
            "2:11-2:13 error[wrong-type] `severity` takes one of `S1`, `S2`, not `S3` | mend the value, or leave the key out",
            "3:11-3:21 error[invalid-date] `2026-02-30` is no day of the calendar | write year, month and day as in `2026-09-01`",
            "4:10-4:13 error[wrong-type] `runbook` takes the path of a page of kind `runbook`, not a list | mend the value, or leave the key out",
        ]
    );
    let (_, _, found) = read_with(config, "pm/a.md", "# No front matter\n");
    assert_eq!(
        found,
        [
            "1:1-1:1 error[missing-field] a page of kind `postmortem` needs the key `severity` | add `severity: …`; it takes one of `S1`, `S2`"
        ]
    );
}

#[test]
fn tags_in_one_text_are_divided_at_commas() {
    let (front, _, _) = read("---\ntags: a, b c ,d\n---\n");
    let tags: Vec<_> = front.unwrap().tags.iter().map(|tag| (tag.value.clone(), tag.span)).collect();
    assert_eq!(
        tags,
        [("a".into(), Span::new(10, 11)), ("b c".into(), Span::new(13, 16)), ("d".into(), Span::new(18, 19))]
    );
}

#[test]
fn a_line_across_the_page_is_no_front_matter() {
    for text in ["---\nSome prose.\n", "---\n\nProse.\n\n---\nMore.\n", "\n---\ntitle: x\n---\n"] {
        let (front, body, found) = read(text);
        assert!(front.unwrap().title.is_none());
        assert_eq!((body.as_str(), found), (text, Vec::new()));
    }
}

/// Every Markdown file of both corpora: the only faults in their front matter are true ones.
#[test]
fn the_front_matter_of_real_handbooks_is_read_without_false_findings() {
    for name in ["gitlab-support", "gitlab-runbooks"] {
        let Some(corpus) = support::corpus(name) else { return };
        let mut found = Vec::new();
        let mut with_kind = std::collections::BTreeMap::new();
        visit(&corpus, &mut |path| {
            let (file, _) = SourceFile::decode(path.to_string_lossy(), std::fs::read(path).unwrap());
            let file: SharedFile = Arc::new(file);
            let relative = path.strip_prefix(&corpus).unwrap().to_string_lossy().into_owned();
            let (front, _, findings) = parse(&file, &relative, &Config::default());
            found.extend(findings.iter().map(|finding| format!("{relative} {}", shown(finding))));
            *with_kind.entry(front.map_or("none".into(), |front| front.kind)).or_insert(0) += 1;
        });
        assert_eq!(found, Vec::<String>::new());
        if name == "gitlab-support" {
            assert!(with_kind["job"] >= 200, "{with_kind:?}");
        }
    }
}

fn visit(dir: &Path, each: &mut dyn FnMut(&Path)) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, each);
        } else if path.to_string_lossy().contains(".md") {
            each(&path);
        }
    }
}

#[test]
fn the_codeowners_of_a_real_handbook_is_read_whole() {
    let Some(corpus) = support::corpus("gitlab-support") else { return };
    let bytes = std::fs::read(corpus.join("CODEOWNERS")).unwrap();
    let file = Arc::new(SourceFile::decode(".gitlab/CODEOWNERS", bytes).0);
    let (owners, found) = docent::model::owners::Owners::parse(None, Some(&file));
    let comma = "727:45-727:66 warning[invalid-owners] `@gitlab-org/delivery,` is not an owner | did you mean `@gitlab-org/delivery`? Owners are divided by blanks";
    assert_eq!(found.iter().map(shown).collect::<Vec<_>>(), [comma]);
    let of = |path: &str| owners.of(&format!("sites/handbook/source/handbook/{path}")).join(" ");
    assert_eq!(of("support/workflows/sending_notices.html.md"), "@sytses @streas @gitlab-com/support/dotcom");
    assert_eq!(of("support/index.html.md"), "@sytses @streas @gitlab-com/support");
}
