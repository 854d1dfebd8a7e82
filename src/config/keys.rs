//! The one table of the config's keys.
//!
//! It feeds the reader, the JSON Schema (`docent schema config`) and the manual. A new key is one
//! entry here and one field of [`Config`].

use super::declare::{declare_kinds, unknown_kind};
use super::external::{EXTERNAL_KEYS, set_external};
use super::freshness::{FRESHNESS_KEYS, set_freshness};
use super::read::{Reader, address_glob};
use super::tickets::read_sources;
use super::training::{TRAINING_KEYS, set_training};
use super::url::{self, BadUrl};
use super::{Config, HeadingIds};
use crate::diagnostic::rules::config::INVALID_CONFIG;
use crate::diagnostic::{Diagnostic, Severity, nearest, rules};
use crate::source::{Span, Spanned};
use crate::yaml::Node;

/// One key of `docent.yaml`.
#[derive(Debug)]
pub struct Key {
    /// As written.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What holds without it, for people; empty: nothing.
    pub default: &'static str,
    /// One or two sentences.
    pub about: &'static str,
    /// One line of YAML that sets it.
    pub example: &'static str,
    /// Reads its value into the config.
    set: fn(&mut Config, &Node, &mut Reader<'_>),
}

/// What a key of the config takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A text on one line.
    Text,
    /// `true` or `false`.
    Bool,
    /// A number of bytes.
    Size,
    /// One of these words.
    Words(&'static [&'static str]),
    /// A list of texts; one alone is a list of one.
    Texts,
    /// A group of texts.
    TextByName,
    /// A group of lists of texts.
    TextsByName,
    /// Severities by rule code.
    Severities,
    /// Path patterns, or a declaration, by kind.
    Kinds,
    /// The keys of a group, with what each takes in words.
    Group(&'static [(&'static str, &'static str)]),
    /// A list of ticket sources.
    Tickets,
}

impl Key {
    /// Reads a value into the config.
    pub(super) fn read(&self, config: &mut Config, node: &Node, reader: &mut Reader<'_>) {
        (self.set)(config, node, reader);
    }
}

/// Every key of `docent.yaml`, in the order of the manual.
pub static KEYS: &[Key] = &[
    Key {
        name: "title",
        takes: Takes::Text,
        default: "Knowledge base",
        about: "The name of the site.",
        example: "title: Fernhill Support",
        set: |config, node, reader| set(&mut config.title, reader.text(node, "title")),
    },
    Key {
        name: "description",
        takes: Takes::Text,
        default: "",
        about: "One sentence about the site, for the home page and the feed.",
        example: "description: How we support our customers",
        set: |config, node, reader| set(&mut config.description, reader.text(node, "description")),
    },
    Key {
        name: "language",
        takes: Takes::Text,
        default: "en",
        about: "The language of the pages, as a BCP 47 tag.",
        example: "language: en-GB",
        set: set_language,
    },
    Key {
        name: "base_url",
        takes: Takes::Text,
        default: "",
        about: "Where the site will live. Without it links are root-relative, and there is no sitemap.",
        example: "base_url: https://kb.example.com/docs/",
        set: |config, node, reader| {
            let url = reader.text(node, "base_url").map(|text| url::base_url(&text));
            config.base_url = usable(url, node, reader).or(config.base_url.take());
        },
    },
    Key {
        name: "content",
        takes: Takes::Text,
        default: "`content` if it is there, else the folder itself",
        about: "The content directory, relative to the knowledge base.",
        example: "content: content",
        set: |config, node, reader| config.content = reader.path(node, "content").or(config.content.take()),
    },
    Key {
        name: "static",
        takes: Takes::Text,
        default: "static",
        about: "The folder of files that are copied as they are.",
        example: "static: static",
        set: |config, node, reader| {
            config.static_dir = reader.path(node, "static").or(config.static_dir.take());
        },
    },
    Key {
        name: "theme",
        takes: Takes::Text,
        default: "default",
        about: "`default`, or the name of a folder under `themes/`.",
        example: "theme: fernhill",
        set: set_theme,
    },
    Key {
        name: "own_hosts",
        takes: Takes::Texts,
        default: "",
        about: "Hosts whose absolute links are internal links of this site.",
        example: "own_hosts: [about.example.com]",
        set: |config, node, reader| config.own_hosts = hosts(node, "own_hosts", reader),
    },
    Key {
        name: "elsewhere",
        takes: Takes::TextByName,
        default: "",
        about: "Root-relative targets that are not in this tree but live on another site. A page of this tree wins.",
        example: "elsewhere: { \"/handbook/**\": \"https://about.example.com\" }",
        set: set_elsewhere,
    },
    Key {
        name: "edit_url",
        takes: Takes::Text,
        default: "",
        about: "The link to edit a page; `{path}` becomes its path in the repository.",
        example: "edit_url: https://git.example.com/kb/-/edit/main/{path}",
        set: set_edit_url,
    },
    Key {
        name: "kinds",
        takes: Takes::Kinds,
        default: "the six built-in kinds",
        about: "Path patterns of the built-in kinds, and further kinds with their fields.",
        example: "kinds: { runbook: [\"runbooks/**\"] }",
        set: |config, node, reader| declare_kinds(&mut config.kinds, node, reader),
    },
    Key {
        name: "layouts",
        takes: Takes::TextByName,
        default: "the layouts of old handbooks",
        about: "Which kind a `layout:` in front matter stands for.",
        example: "layouts: { handbook-page-toc: article }",
        set: set_layouts,
    },
    Key {
        name: "tags",
        takes: Takes::TextsByName,
        default: "",
        about: "Synonyms of tags.",
        example: "tags: { kubernetes: [k8s, kube] }",
        set: set_tags,
    },
    Key {
        name: "owners",
        takes: Takes::Text,
        default: "owners.yaml",
        about: "The file that says who owns what, besides CODEOWNERS.",
        example: "owners: owners.yaml",
        set: |config, node, reader| config.owners = reader.path(node, "owners").or(config.owners.take()),
    },
    Key {
        name: "rules",
        takes: Takes::Severities,
        default: "see `docent explain`",
        about: "The severity of single rules: `error`, `warning`, `note` or `off`.",
        example: "rules: { orphan-page: off }",
        set: set_rules,
    },
    Key {
        name: "exclude",
        takes: Takes::Texts,
        default: "",
        about: "Path patterns of content that is not read.",
        example: "exclude: [\"drafts/**\"]",
        set: |config, node, reader| config.exclude = reader.globs(node, "exclude"),
    },
    Key {
        name: "assets",
        takes: Takes::Texts,
        default: "",
        about: "Path patterns of files that are published even if no page links to them.",
        example: "assets: [\"downloads/**\"]",
        set: |config, node, reader| config.assets = reader.globs(node, "assets"),
    },
    Key {
        name: "heading_ids",
        takes: Takes::Words(&["github", "kramdown"]),
        default: "github",
        about: "Whose rule makes the ids of headings. The other rule's ids work too.",
        example: "heading_ids: kramdown",
        set: |config, node, reader| {
            let words = [("github", HeadingIds::Github), ("kramdown", HeadingIds::Kramdown)];
            set(&mut config.heading_ids, reader.word(node, "heading_ids", &words));
        },
    },
    Key {
        name: "front_matter",
        takes: Takes::Words(&["lenient", "strict"]),
        default: "lenient",
        about: "Under `strict` every key that nobody declared is an error.",
        example: "front_matter: strict",
        set: |config, node, reader| {
            let words = [("lenient", false), ("strict", true)];
            set(&mut config.strict_front_matter, reader.word(node, "front_matter", &words));
        },
    },
    Key {
        name: "unsafe_html",
        takes: Takes::Bool,
        default: "false",
        about: "Raw HTML in pages is trusted and kept whole.",
        example: "unsafe_html: true",
        set: |config, node, reader| set(&mut config.unsafe_html, reader.bool(node, "unsafe_html")),
    },
    Key {
        name: "iframe_hosts",
        takes: Takes::Texts,
        default: "",
        about: "Hosts that an `<iframe>` in a page may show.",
        example: "iframe_hosts: [www.youtube-nocookie.com]",
        set: |config, node, reader| config.iframe_hosts = hosts(node, "iframe_hosts", reader),
    },
    Key {
        name: "line_numbers",
        takes: Takes::Bool,
        default: "false",
        about: "Line numbers on code blocks unless the fence says otherwise.",
        example: "line_numbers: true",
        set: |config, node, reader| set(&mut config.line_numbers, reader.bool(node, "line_numbers")),
    },
    Key {
        name: "offline",
        takes: Takes::Bool,
        default: "true",
        about: "Whether readers may keep the site for use without a network; `false` takes kept copies away.",
        example: "offline: false",
        set: |config, node, reader| set(&mut config.offline, reader.bool(node, "offline")),
    },
    Key {
        name: "max_page_bytes",
        takes: Takes::Size,
        default: "2 MiB",
        about: "The largest page; a larger file is left out.",
        example: "max_page_bytes: 4 MiB",
        set: |config, node, reader| set(&mut config.max_page_bytes, reader.size(node, "max_page_bytes")),
    },
    Key {
        name: "external",
        takes: Takes::Group(EXTERNAL_KEYS),
        default: "",
        about: "Links to other sites: where their results are kept, and which are never asked.",
        example: "external: { results: data/links.json }",
        set: set_external,
    },
    Key {
        name: "freshness",
        takes: Takes::Group(FRESHNESS_KEYS),
        default: "",
        about: "How long pages stay fresh, and when tickets count against them.",
        example: "freshness: { intervals: { runbook: 90d } }",
        set: set_freshness,
    },
    Key {
        name: "training",
        takes: Takes::Group(TRAINING_KEYS),
        default: "",
        about: "Records of who completed which module, and where onboarding issues are opened.",
        example: "training: { completions: completions }",
        set: set_training,
    },
    Key {
        name: "tickets",
        takes: Takes::Tickets,
        default: "",
        about: "Exports of ticket systems, which say what people ask about.",
        example: "tickets: [{ source: zendesk, path: data/tickets.json }]",
        set: |config, node, reader| config.tickets = read_sources(node, reader),
    },
];

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// The address, or a finding.
fn usable(url: Option<Result<String, BadUrl>>, node: &Node, reader: &mut Reader<'_>) -> Option<String> {
    match url? {
        Ok(url) => Some(url),
        Err(BadUrl { message, help }) => {
            reader.invalid(node.span, message, help);
            None
        }
    }
}

fn hosts(node: &Node, name: &str, reader: &mut Reader<'_>) -> Vec<String> {
    let mut hosts = Vec::new();
    for text in reader.names(node, name, "a list of hosts") {
        match url::host(&text.value) {
            Ok(host) => hosts.push(host),
            Err(BadUrl { message, help }) => reader.invalid(text.span, message, help),
        }
    }
    hosts
}

fn set_language(config: &mut Config, node: &Node, reader: &mut Reader<'_>) {
    let Some(tag) = reader.text(node, "language") else { return };
    let part =
        |part: &str| matches!(part.len(), 1..=8) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if tag.split('-').all(part) && tag.split('-').next().is_some_and(|first| matches!(first.len(), 2 | 3)) {
        config.language = tag;
    } else {
        reader.invalid(
            node.span,
            format!("`{tag}` is not a language tag"),
            "write a tag such as `en`, `de-CH` or `pt-BR`",
        );
    }
}

fn set_theme(config: &mut Config, node: &Node, reader: &mut Reader<'_>) {
    let Some(theme) = reader.text(node, "theme") else { return };
    if theme.contains(['/', '\\']) || theme.starts_with('.') {
        let name = theme.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
        reader.invalid(
            node.span,
            format!("`theme` takes the name of a folder under `themes/`, not `{theme}`"),
            format!("write `theme: {name}`"),
        );
    } else {
        config.theme = theme;
    }
}

fn set_elsewhere(config: &mut Config, node: &Node, reader: &mut Reader<'_>) {
    for (pattern, value) in reader.entries(node, "elsewhere") {
        if !pattern.value.starts_with('/') {
            let message = format!("a pattern of `elsewhere` begins with `/`, `{}` does not", pattern.value);
            reader.invalid(pattern.span, message, format!("did you mean `/{}`?", pattern.value));
            continue;
        }
        let url = reader.text(value, "elsewhere").map(|text| url::site_url(&text, "elsewhere"));
        let url = usable(url, value, reader);
        if let Some(glob) = reader.glob(pattern, address_glob(&pattern.value)) {
            config.elsewhere.extend(url.map(|url| (glob, url)));
        }
    }
}

fn set_edit_url(config: &mut Config, node: &Node, reader: &mut Reader<'_>) {
    let Some(template) = reader.text(node, "edit_url") else { return };
    if !template.contains("{path}") {
        let help = format!("did you mean `{}/{{path}}`?", template.trim_end_matches('/'));
        reader.invalid(node.span, "`edit_url` must hold `{path}`", help);
        return;
    }
    let url = Some(url::site_url(&template, "edit_url"));
    config.edit_url = usable(url, node, reader).map(|_| template);
}

fn set_layouts(config: &mut Config, node: &Node, reader: &mut Reader<'_>) {
    for (layout, value) in reader.entries(node, "layouts") {
        let Some(kind) = reader.text(value, &format!("layouts.{}", layout.value)) else { continue };
        if config.kinds.find(&kind).is_some() {
            config.layouts.insert(layout.value.clone(), kind);
        } else {
            unknown_kind(&config.kinds, &Spanned { value: kind, span: value.span }, reader);
        }
    }
}

fn set_tags(config: &mut Config, node: &Node, reader: &mut Reader<'_>) {
    let entries = reader.entries(node, "tags");
    let mut places: std::collections::BTreeMap<String, Span> = std::collections::BTreeMap::new();
    for (tag, value) in entries {
        for synonym in reader.texts(value, &format!("tags.{}", tag.value)) {
            if entries.iter().any(|(other, _)| other.value == synonym.value) {
                let message = format!("`{}` is a tag with synonyms of its own", synonym.value);
                reader.invalid(synonym.span, message, "leave it out here, or move its synonyms");
            } else if let Some(first) = places.insert(synonym.value.clone(), synonym.span) {
                let message = format!("`{}` is a synonym already", synonym.value);
                let found = Diagnostic::new(&INVALID_CONFIG, message)
                    .at(reader.file, synonym.span, "a second time")
                    .and(reader.file, first, "first here")
                    .help("keep one of the two");
                reader.findings.push(found);
            } else {
                config.tag_synonyms.insert(synonym.value, tag.value.clone());
            }
        }
    }
}

fn set_rules(config: &mut Config, node: &Node, reader: &mut Reader<'_>) {
    let words = [
        ("error", Some(Severity::Error)),
        ("warning", Some(Severity::Warning)),
        ("note", Some(Severity::Note)),
        ("off", None),
    ];
    for (code, value) in reader.entries(node, "rules") {
        let severity = reader.word(value, &format!("rules.{}", code.value), &words);
        if let Some(rule) = rules::find(&code.value) {
            if let Some(severity) = severity {
                config.rules.insert(rule.code, severity);
            }
            continue;
        }
        let found = Diagnostic::new(&INVALID_CONFIG, format!("there is no rule `{}`", code.value)).at(
            reader.file,
            code.span,
            "unknown rule",
        );
        reader.findings.push(match nearest(&code.value, rules::ALL.iter().map(|rule| rule.code)) {
            Some(near) => found.meant(near),
            None => found.help("`docent explain` lists all rules"),
        });
    }
}
