//! Edits that findings offer: made as they stand, they mend what was found.

use std::path::Path;

use docent::diagnostic::{Diagnostic, Fix};
use docent::error::Error;
use docent::pipeline;

use crate::support::{knowledge_base, options, write};

/// Pages that every case can link to.
const PAGES: &[(&str, &str)] = &[
    ("disk-full.md", "---\ntags: [a]\n---\n\n# Disk full\n\n## Free space\n\n![p](pic%20one.png)\n"),
    ("runbooks/index.md", "# Runbooks\n\nText.\n"),
    ("pic one.png", "png"),
];
const CONFIG: &str = "rules: { orphan-page: off, no-title: off, image-alt: off, never-confirmed: off }\n";

fn findings(dir: &Path) -> Vec<Diagnostic> {
    match pipeline::check(&options(dir)) {
        Ok(checked) => checked.findings,
        Err(Error::Config(findings)) => findings,
        Err(error) => panic!("{error}"),
    }
}

/// The one finding's file with its edit made, if it has one.
fn mended(text: &str, found: &[Diagnostic]) -> Option<String> {
    let [finding] = found else { panic!("{found:?}") };
    let Fix { span, text: new } = finding.fix.clone()?;
    Some(format!("{}{new}{}", &text[..span.start as usize], &text[span.end as usize..]))
}

#[test]
fn an_edit_that_a_finding_offers_mends_it() {
    let cases: &[(&str, &str, &str)] = &[
        // Links in every form.
        ("a.md", "See [x](disk-ful.md).\n", "See [x](disk-full.md).\n"),
        ("a.md", "See [x](<disk-ful.md> \"t\").\n", "See [x](<disk-full.md> \"t\").\n"),
        ("a.md", "See [x][y].\n\n[y]: disk-ful.md\n", "See [x][y].\n\n[y]: disk-full.md\n"),
        ("a.md", "Ä [x](/disk-ful.md#free-space).\n", "Ä [x](/disk-full.md#free-space).\n"),
        ("a.md", "See [x](disk-full.md#free-spac).\n", "See [x](disk-full.md#free-space).\n"),
        ("a.md", "See [x](Disk-Full.md?q#free-space).\n", "See [x](disk-full.md?q#free-space).\n"),
        ("a.md", "See [[disk-ful]].\n", "See [[/disk-full.md]].\n"),
        ("a.md", "See <a href=\"disk-ful.md\">x</a>.\n", "See <a href=\"disk-full.md\">x</a>.\n"),
        ("a.md", "See ![x](pic%20on.png).\n", "See ![x](pic%20one.png).\n"),
        ("a.md", "See [x](www.example.org/a).\n", "See [x](https://www.example.org/a).\n"),
        ("a.md", "See [x](https://https://example.org).\n", "See [x](https://example.org).\n"),
        ("a.md", "See [x](/runbooks//index.md).\n", "See [x](/runbooks/index.md).\n"),
        ("a/b.md", "See [x](runbooks/index.md).\n", "See [x](/runbooks/index.md).\n"),
        // Front matter.
        ("a.md", "---\ntitel: X\n---\n\nText.\n", "---\ntitle: X\n---\n\nText.\n"),
        ("a.md", "---\n\"titel\": X\n---\n\nText.\n", "---\n\"title\": X\n---\n\nText.\n"),
        ("a.md", "---\nkind: artikle\n---\n\nText.\n", "---\nkind: article\n---\n\nText.\n"),
        ("a.md", "---\nkind: 'artikle' # x\n---\n\nText.\n", "---\nkind: 'article' # x\n---\n\nText.\n"),
        ("a.md", "---\nlayout: artikle\n---\n\nText.\n", "---\nlayout: article\n---\n\nText.\n"),
        (
            "a.md",
            "---\nreviewed: 2026-09-01\nreviewed_how: folowed\n---\n\nText.\n",
            "---\nreviewed: 2026-09-01\nreviewed_how: followed\n---\n\nText.\n",
        ),
        (
            "a.md",
            "---\nfreshness: { reviewd: 2026-09-01 }\n---\n\nText.\n",
            "---\nfreshness: { reviewed: 2026-09-01 }\n---\n\nText.\n",
        ),
        // Code.
        ("a.md", "```pyhton\nx = 1\n```\n", "```python\nx = 1\n```\n"),
        // The config.
        (
            "docent.yaml",
            "titel: X\nrules: { orphan-page: off, no-title: off }\n",
            "title: X\nrules: { orphan-page: off, no-title: off }\n",
        ),
        (
            "docent.yaml",
            "rules: { orphan-pag: off, no-title: off, orphan-page: off }\n",
            "rules: { orphan-page: off, no-title: off, orphan-page: off }\n",
        ),
        (
            "docent.yaml",
            "rules: { orphan-page: off, no-title: off, image-alt: warnin }\n",
            "rules: { orphan-page: off, no-title: off, image-alt: warning }\n",
        ),
        (
            "docent.yaml",
            "heading_ids: \"kramdow\"\nrules: { orphan-page: off, no-title: off }\n",
            "heading_ids: \"kramdown\"\nrules: { orphan-page: off, no-title: off }\n",
        ),
        (
            "docent.yaml",
            "layouts: { x: artcle }\nrules: { orphan-page: off, no-title: off }\n",
            "layouts: { x: article }\nrules: { orphan-page: off, no-title: off }\n",
        ),
    ];
    for (path, text, expected) in cases {
        let dir = knowledge_base(&[PAGES, &[("docent.yaml", CONFIG), (path, text)]].concat());
        let after = mended(text, &findings(dir.path())).unwrap_or_else(|| panic!("no edit for {text}"));
        assert_eq!(&after, expected, "{path}");
        if expected.matches("orphan-page").count() < 2 {
            write(dir.path(), path, after.as_bytes());
            assert!(findings(dir.path()).is_empty(), "{after}: {:?}", findings(dir.path()));
        }
    }
}

#[test]
fn what_cannot_be_put_in_blindly_is_no_edit() {
    let cases: &[(&str, &[(&str, &str)])] = &[
        // What was meant needs escapes of its own.
        ("See [x](we-us-full.md).\n", &[("we-us(full).md", "# W\n\nText.\n")]),
        // The file does not hold the target as it is read.
        ("See [x](disk\\-ful.md).\n", &[]),
        // Nobody knows what was meant.
        ("See [x](nothing-like-it.md).\n", &[]),
    ];
    for (text, more) in cases {
        let dir = knowledge_base(&[PAGES, more, &[("docent.yaml", CONFIG), ("a.md", text)]].concat());
        assert_eq!(mended(text, &findings(dir.path())), None, "{text}");
    }
}
