//! `docent.yaml`: what is read from it, and the schemas made of the same tables.

use std::sync::Arc;

use docent::config::freshness::FRESHNESS_KEYS;
use docent::config::keys::{KEYS, Takes};
use docent::config::kinds::FieldType;
use docent::config::{Config, HeadingIds};
use docent::diagnostic::{Severity, rules};
use docent::source::SourceFile;
use serde_json::Value;

use super::support::{knowledge_base, run};

fn parse(text: &str) -> Result<Config, Vec<String>> {
    Config::parse(&Arc::new(SourceFile::new("docent.yaml", text))).map_err(|found| {
        found.iter().map(|one| format!("{} | {}", one.message, one.help.join("; "))).collect()
    })
}

#[test]
fn every_key_is_read_into_its_member() {
    let config = parse(
        "title: Fernhill Support\ndescription: How we help\nlanguage: en-GB\nbase_url: HTTPS://KB.example/docs\ncontent: ./pages/\nstatic: files\n\
         theme: fernhill\nown_hosts: [About.GitLab.com]\nelsewhere: { \"/handbook/**\": \"https://about.gitlab.com/\" }\n\
         edit_url: https://git.example/-/edit/main/{path}\nlayouts: { x: article }\ntags: { kubernetes: [k8s, kube] }\nowners: team/owners.yaml\n\
         rules: { broken-link: warning, orphan-page: off, no-title: note }\nexclude: [\"drafts/\"]\nassets: \"downloads/**\"\nheading_ids: kramdown\n\
         front_matter: strict\nunsafe_html: true\niframe_hosts: [video.example]\nline_numbers: true\noffline: false\nmax_page_bytes: 3 MiB\n\
         freshness: { intervals: { runbook: 90d } }\ntickets: { source: zendesk, path: ./data/t.json }\n",
    )
    .unwrap();
    assert_eq!((config.title.as_str(), config.description.as_str()), ("Fernhill Support", "How we help"));
    assert_eq!((config.language.as_str(), config.theme.as_str()), ("en-GB", "fernhill"));
    assert_eq!(
        (config.base_url.as_deref(), config.base_path()),
        (Some("https://kb.example/docs/"), "/docs/")
    );
    assert_eq!((config.content.as_deref(), config.static_folder()), (Some("pages"), "files"));
    assert_eq!(config.own_hosts, ["about.gitlab.com"]);
    let (glob, url) = &config.elsewhere[0];
    assert_eq!(url, "https://about.gitlab.com");
    assert!(
        glob.is_match("/handbook/a/b.html")
            && glob.is_match("/handbook")
            && glob.is_match("/handbook/")
            && !glob.is_match("/handbooks")
    );
    assert_eq!(config.edit_url.as_deref(), Some("https://git.example/-/edit/main/{path}"));
    assert_eq!((config.layouts["x"].as_str(), config.layouts["job_page"].as_str()), ("article", "job"));
    assert_eq!(config.tag_synonyms["k8s"], "kubernetes");
    assert_eq!(config.owners.as_deref(), Some("team/owners.yaml"));
    let expected =
        [("broken-link", Some(Severity::Warning)), ("no-title", Some(Severity::Note)), ("orphan-page", None)];
    assert_eq!(config.rules.into_iter().collect::<Vec<_>>(), expected);
    assert!(config.exclude[0].is_match("drafts/a/b.md") && !config.exclude[0].is_match("x/drafts/a.md"));
    assert!(config.assets[0].is_match("downloads/a.pdf"));
    assert_eq!(config.heading_ids, HeadingIds::Kramdown);
    assert!(config.strict_front_matter && config.unsafe_html && config.line_numbers && !config.offline);
    assert_eq!((config.iframe_hosts, config.max_page_bytes), (vec!["video.example".to_owned()], 3 << 20));
    assert!(config.freshness.is_written && config.tickets[0].path.value == "data/t.json");
}

#[test]
fn the_example_of_each_key_in_the_table_is_read_without_a_finding() {
    for key in KEYS {
        assert!(key.example.starts_with(&format!("{}: ", key.name)), "{}", key.name);
        assert_eq!(parse(&format!("{}\n", key.example)).err(), None, "{}", key.example);
        assert_eq!(parse(&format!("{}:\n", key.name)).err(), None, "an empty `{}` is the default", key.name);
    }
    assert_eq!(parse("").unwrap().title, "Knowledge base");
}

#[test]
fn kinds_and_fields_are_declared() {
    let config = parse(
        "kinds:\n  runbook: [\"ops/**\"]\n  postmortem:\n    label: Post-mortem\n    paths: \"pm/**\"\n    fields:\n      severity: { enum: [S1, S2], required: true, about: How bad it was. }\n\
         \x20     happened: date\n      runbook: { page: runbook }\n      actions: { list: { page: postmortem } }\n      hours: { type: integer }\n  how-to: {}\n",
    )
    .unwrap();
    let names: Vec<_> = config.kinds.names().collect();
    assert_eq!(names, ["runbook", "article", "module", "path", "job", "opening", "how-to", "postmortem"]);
    let kind = config.kinds.find("postmortem").unwrap();
    assert_eq!(
        (kind.label.as_str(), kind.plural.as_str(), kind.custom),
        ("Post-mortem", "Post-mortems", true)
    );
    let field = |name: &str| kind.fields.iter().find(|field| field.name == name).unwrap();
    assert_eq!(field("severity").kind, FieldType::Enum(vec!["S1".into(), "S2".into()]));
    assert_eq!((field("severity").required, field("severity").about.as_str()), (true, "How bad it was."));
    assert_eq!(field("happened").kind, FieldType::Date);
    assert_eq!(field("runbook").kind, FieldType::Page(Some("runbook".into())));
    assert_eq!(field("actions").kind, FieldType::List(Box::new(FieldType::Page(Some("postmortem".into())))));
    assert_eq!(field("hours").kind, FieldType::Integer);
    assert_eq!(config.kinds.find("how-to").unwrap().label, "How to");
    let of = |path: &str| config.kinds.find_for_path(path).map(|kind| kind.name.as_str());
    assert_eq!(
        [of("ops/a.md"), of("runbooks/a.md"), of("pm/2026/a.md")],
        [Some("runbook"), None, Some("postmortem")]
    );
}

/// What each sort of key takes of a number, a list, a group of keys and an empty text. A number is a
/// text as it stands, except where a path pattern or a host is wanted.
#[test]
fn a_value_of_the_wrong_type_is_a_finding_at_its_place_for_every_key() {
    const SAMPLES: [&str; 4] = ["3", "[[x]]", "{ x: [[y]] }", "''"];
    for key in KEYS {
        let taken: &[&str] = match (key.name, key.takes) {
            ("title" | "description" | "content" | "static" | "theme" | "owners", Takes::Text)
            | ("max_page_bytes", Takes::Size) => &["3"],
            _ => &[],
        };
        for sample in SAMPLES {
            let text = format!("# first line\n{}: {sample}\n", key.name);
            let found = Config::parse(&Arc::new(SourceFile::new("docent.yaml", text.as_str()))).err();
            assert_eq!(found.is_none(), taken.contains(&sample), "{text}");
            for finding in found.iter().flatten() {
                let label = finding.primary.as_ref().unwrap();
                assert_eq!(label.file.position(label.span.start).line, 2, "{text}");
                assert!(!finding.help.is_empty(), "{text}");
            }
        }
    }
    for nested in [
        "kinds: { runbook: 3 }",
        "kinds: { runbook: { paths: true } }",
        "kinds: { runbook: { fields: [x] } }",
        "own_hosts: [a.example, 3]",
        "tickets: [zendesk]",
        "rules: { broken-link: 3 }",
        "layouts: { x: [article] }",
        "tags: { a: { b: c } }",
        "freshness: { intervals: { runbook: soon } }",
        "freshness: { intervals: { runbok: 90d } }",
        "freshness: { intervall: {} }",
        "freshness: { adopted: today }",
        "freshness: { watch: 5 }",
        "freshness: { alarm: 0.1 }",
        "freshness: { common_tag: 0 }",
    ] {
        assert_eq!(parse(nested).unwrap_err().len(), 1, "{nested}");
    }
    assert!(parse("exclude: ['2019']").is_ok(), "quotes say that a number is a name");
}

#[test]
fn a_path_pattern_that_cannot_be_read_is_explained_at_its_character() {
    let many = "{a,".repeat(40);
    let cases = [
        ("exclude: ['a/{b,c']", "{", "its `{` is never closed by `}`"),
        ("exclude: ['a/b}']", "}", "its `}` closes no `{`"),
        ("exclude: ['a/[b']", "[", "its `[` is never closed by `]`"),
        ("exclude: ['a/[z-a]']", "z", "the range `z-a` runs backwards"),
        ("elsewhere: { '/a/{b/**': 'https://a.example' }", "{b", "its `{` is never closed by `}`"),
    ];
    let many = format!("exclude: ['{many}']");
    for (text, at, expected) in cases.into_iter().chain([(many.as_str(), "{", "it has more than 16 `{`")]) {
        let found = Config::parse(&Arc::new(SourceFile::new("docent.yaml", text))).unwrap_err();
        let [finding] = &found[..] else { panic!("{found:?}") };
        assert!(
            finding.message.ends_with(&format!("is not a path pattern: {expected}")),
            "{}",
            finding.message
        );
        let span = finding.primary.as_ref().unwrap().span;
        assert!(text[span.start as usize..].starts_with(at), "{text}: {span:?}");
    }
}

#[test]
fn declarations_that_cannot_be_meant_are_named() {
    let cases = [
        (
            "kinds: { Post Mortem: [] }",
            "`Post Mortem` cannot be the name of a kind | use small letters, digits and `-`, a letter first",
        ),
        (
            "kinds: { pm: { fields: { title: text } } }",
            "every page has the field `title` already | leave it out, or choose another name",
        ),
        (
            "kinds: { pm: { fields: { x: dat } } }",
            "`kinds.pm.fields.x` is one of `text`, `bool`, `integer`, `date`, `duration`, `page`, `list`, `any`, not `dat` | did you mean `date`?",
        ),
        (
            "kinds: { pm: { fields: { x: { page: runbok } } } }",
            "there is no kind `runbok` | did you mean `runbook`?",
        ),
        (
            "kinds: { pm: { fields: { x: { type: date, enum: [a] } } } }",
            "`kinds.pm.fields.x.enum` says a second time what the field takes | give one of `type`, `enum`, `page` and `list`",
        ),
        (
            "kinds: { pm: { fields: { x: { enum: [] } } } }",
            "`kinds.pm.fields.x.enum` holds no word | write the words, as in `enum: [S1, S2]`",
        ),
        (
            "kinds: { pm: { fields: { x: { required: yes } } } }",
            "`kinds.pm.fields.x.required` takes `true` or `false`, not `yes` | write it as in `kinds: { runbook: [\"runbooks/**\"] }`",
        ),
        (
            "kinds: [runbook]",
            "`kinds` takes a group of keys, not a list | write it as in `kinds: { runbook: [\"runbooks/**\"] }`",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(parse(text).unwrap_err(), [expected], "{text}");
    }
}

#[test]
fn the_base_url_has_a_scheme_and_ends_in_a_slash() {
    let good = [
        ("https://kb.example", "https://kb.example/", "/"),
        ("http://localhost:4000/", "http://localhost:4000/", "/"),
        ("https://kb.example//docs//", "https://kb.example/docs/", "/docs/"),
        ("file:///srv/kb", "file:///srv/kb/", "/srv/kb/"),
    ];
    for (written, url, path) in good {
        let config = parse(&format!("base_url: {written}\n")).unwrap();
        assert_eq!((config.base_url.as_deref(), config.base_path()), (Some(url), path), "{written}");
        let overridden = Config::default().with_base_url(written).unwrap();
        assert_eq!(overridden.base_url.as_deref(), Some(url));
    }
    let bad = [
        (
            "kb.example.com",
            "`base_url` needs a scheme, `kb.example.com` has none | did you mean `https://kb.example.com/`?",
        ),
        (
            "//kb.example.com/x",
            "`base_url` needs a scheme, `//kb.example.com/x` has none | did you mean `https://kb.example.com/x/`?",
        ),
        (
            "/docs/",
            "`base_url` needs a scheme and a host, `/docs/` has none | write something like `https://kb.example.com/docs/`",
        ),
        ("ftp://kb.example.com", "`base_url` cannot begin with `ftp://` | write `https://` or `http://`"),
        (
            "https:///docs",
            "`base_url` names no host in `https:///docs` | write something like `https://kb.example.com/`",
        ),
        (
            "https://a.example/?x=1",
            "`base_url` cannot hold a query or a fragment, `https://a.example/?x=1` does | write `https://a.example/`",
        ),
        (
            "https://a.example/x y",
            "`base_url` cannot hold a blank, `https://a.example/x y` does | write blanks as `%20`",
        ),
        (
            "https://a.example/../b",
            "`base_url` cannot hold `.` or `..`, `https://a.example/../b` does | write the address as a browser shows it",
        ),
    ];
    for (written, expected) in bad {
        assert_eq!(parse(&format!("base_url: \"{written}\"\n")).unwrap_err(), [expected]);
        let message = Config::default().with_base_url(written).unwrap_err();
        assert_eq!(message, expected.replace(" | ", "; "));
    }
}

#[test]
fn all_findings_of_a_config_are_reported_in_one_run() {
    let found = parse("titel: x\nexclude: [\"[\"]\nrules: { no-such: off }\n").unwrap_err();
    assert_eq!(found.len(), 3, "{found:?}");
}

fn schema(dir: &std::path::Path, args: &[&str]) -> Value {
    let (code, out, err) = run(dir, &[&["schema"], args].concat());
    assert_eq!((code, err.as_str()), (0, ""), "{args:?}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn the_schemas_hold_every_key_of_the_tables() {
    let dir = knowledge_base(&[(
        "docent.yaml",
        "kinds: { postmortem: { fields: { severity: { enum: [S1], required: true } } } }\n",
    )]);
    let config = schema(dir.path(), &["config"]);
    assert_eq!(config["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(config["additionalProperties"], false);
    for key in KEYS {
        assert!(
            config["properties"][key.name]["description"].as_str().unwrap().starts_with(key.about),
            "{}",
            key.name
        );
    }
    assert_eq!(config["properties"].as_object().unwrap().len(), KEYS.len());
    let severities = &config["properties"]["rules"]["anyOf"][0]["properties"];
    assert_eq!(severities.as_object().unwrap().len(), rules::ALL.len());

    let freshness = &config["properties"]["freshness"]["anyOf"][0];
    assert_eq!(freshness["additionalProperties"], false);
    for (name, about) in FRESHNESS_KEYS {
        assert_eq!(freshness["properties"][*name]["description"], **about, "{name}");
    }
    assert!(freshness["properties"]["intervals"]["properties"]["postmortem"].is_object());

    let postmortem = schema(dir.path(), &["postmortem"]);
    assert_eq!(postmortem["required"], serde_json::json!(["severity"]));
    assert_eq!(postmortem["properties"]["severity"]["enum"], serde_json::json!(["S1", null]));
    let front = schema(dir.path(), &["front-matter"]);
    assert!(front["properties"]["kind"]["enum"].as_array().unwrap().contains(&"postmortem".into()));
    assert!(front["properties"]["layout"]["enum"].as_array().unwrap().contains(&"job_family_page".into()));
    assert!(front["properties"]["last-reviewed"]["description"].as_str().unwrap().contains("`reviewed`"));

    let group = front["properties"]["freshness"]["properties"].as_object().unwrap();
    for name in ["reviewed", "last-reviewed", "by", "interval", "snooze", "covers"] {
        assert!(group.contains_key(name), "{name}");
    }
    assert!(!group.contains_key("title"));
    let rests = &front["properties"]["snooze"]["anyOf"][0]["properties"]["rules"]["anyOf"][1]["enum"];
    assert!(rests.as_array().unwrap().contains(&"ticket-surge".into()), "{rests}");

    let all = schema(dir.path(), &[]);
    assert_eq!(all["schema"], 1);
    assert_eq!(all["schemas"]["postmortem"], postmortem);
    assert_eq!(all["schemas"].as_object().unwrap().len(), 3 + 7);
}

#[test]
fn a_schema_that_does_not_exist_is_a_usage_error_with_the_nearest() {
    let dir = knowledge_base(&[]);
    let (code, out, err) = run(dir.path(), &["schema", "runbok"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("there is no schema `runbok`; did you mean `runbook`?"), "{err}");
}

#[test]
fn a_misspelt_kind_with_nothing_but_paths_is_no_new_kind() {
    let text = "kinds: { runbok: [\"ops/**\"] }\n";
    let found = Config::parse(&Arc::new(SourceFile::new("docent.yaml", text))).unwrap_err();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].message, "there is no kind `runbok`");
    assert!(found[0].help[0].starts_with("did you mean `runbook`?"), "{:?}", found[0].help);
    for text in ["kinds: { runbok: { paths: [\"ops/**\"] } }\n", "kinds: { postmortem: [\"pm/**\"] }\n"] {
        assert_eq!(parse(text).unwrap().kinds.all.len(), 7, "{text}");
    }
}
