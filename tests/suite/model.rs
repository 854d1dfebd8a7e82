//! Claims about how files become a site: addresses, titles, order, tags, aliases, collisions.

use docent::diagnostic::Diagnostic;
use docent::model::{Child, Output, Page, Site};
use docent::pipeline::{Checked, check};

use crate::support::{knowledge_base, options};

/// The site of these files and its findings, notes about orphans left out.
fn site(files: &[(&str, &str)]) -> (Site, Vec<Diagnostic>) {
    let dir = knowledge_base(files);
    let Checked { site, mut findings, .. } = check(&options(dir.path())).unwrap();
    findings.retain(|finding| finding.rule.code != "orphan-page");
    (site, findings)
}

fn page<'s>(site: &'s Site, content_path: &str) -> &'s Page {
    site.pages.iter().find(|page| page.parsed.content_path == content_path).unwrap()
}

/// `code: message` of each finding.
fn told(findings: &[Diagnostic]) -> Vec<String> {
    findings.iter().map(|finding| format!("{}: {}", finding.rule.code, finding.message)).collect()
}

#[test]
fn titles_come_from_front_matter_then_a_heading_then_the_file_name() {
    let (site, findings) = site(&[
        ("a.md", "---\ntitle: From above\n---\n# From below\n"),
        ("b.md", "Text.\n\n## First\n\n# Second\n"),
        ("03-disk_full.md", "Text.\n"),
        ("docs/README.md", "Text.\n"),
        ("index.md", "Text.\n"),
    ]);
    for (path, title) in [
        ("a.md", "From above"),
        ("b.md", "First"),
        ("03-disk_full.md", "Disk full"),
        ("docs/README.md", "Docs"),
        ("index.md", "Knowledge base"),
    ] {
        assert_eq!(page(&site, path).title, title, "{path}");
    }
    assert_eq!(
        told(&findings),
        [
            "no-title: the page has no title; its file name gives `Disk full`",
            "no-title: the page has no title; its file name gives `Docs`",
            "no-title: the page has no title; its file name gives `Knowledge base`",
        ]
    );
}

#[test]
fn the_description_is_the_first_paragraph_of_prose() {
    let (site, _) = site(&[
        ("a.md", "---\ndescription: Said so.\n---\n# A\n\nText.\n"),
        ("b.md", "# B\n\n> A quote.\n\n- A list\n\n![Badge](x.svg)\n\nThe `disk` is\n*full*.\n\nMore.\n"),
        ("c.md", "# C\n\n```\ncode\n```\n"),
    ]);
    let descriptions: Vec<&str> = site.pages.iter().map(|page| page.description.as_str()).collect();
    assert_eq!(descriptions, ["Said so.", "The disk is full.", ""]);
}

#[test]
fn an_index_is_its_folders_page_and_a_readme_beside_it_an_ordinary_one() {
    let (site, findings) = site(&[
        ("a/index.md", "# A\n"),
        ("a/README.md", "# About\n"),
        ("b/README.md", "# B\n"),
        ("c/_index.md", "# C\n"),
        ("d.md", "# D\n"),
        ("d/x.md", "# X\n"),
    ]);
    let urls: Vec<&str> = site.pages.iter().map(|page| page.url.as_str()).collect();
    assert_eq!(urls, ["/a/README/", "/a/", "/b/", "/c/", "/d/", "/d/x/"]);
    for (path, is_section_page) in [
        ("a/index.md", true),
        ("a/README.md", false),
        ("b/README.md", true),
        ("d.md", true),
        ("d/x.md", false),
    ] {
        assert_eq!(page(&site, path).is_section_page, is_section_page, "{path}");
    }
    let titles: Vec<&str> = site.sections.iter().map(|section| section.title.as_str()).collect();
    assert_eq!(titles, ["Knowledge base", "A", "B", "C", "D"]);
    assert_eq!(told(&findings), [] as [&str; 0]);
}

#[test]
fn the_navigation_is_ordered_by_weight_then_number_then_title() {
    let (site, _) = site(&[
        ("zebra.md", "# Zebra\n"),
        ("apple.md", "# apple\n"),
        ("Banana.md", "# Banana\n"),
        ("10-ten.md", "# Ten\n"),
        ("2_two.md", "# Two\n"),
        ("heavy.md", "---\nweight: 5\n---\n# Heavy\n"),
        ("light.md", "---\nweight: -1\n---\n# Light\n"),
        ("cars/index.md", "# Cars\n"),
        ("cars/b.md", "# B\n"),
        ("cars/a.md", "# A\n"),
        ("index.md", "# Home\n"),
    ]);
    let order: Vec<&str> = site.sections[0]
        .children
        .iter()
        .map(|child| match child {
            Child::Page(page) => site.pages[*page].title.as_str(),
            Child::Section(section) => site.sections[*section].title.as_str(),
        })
        .collect();
    assert_eq!(order, ["Light", "Heavy", "Two", "Ten", "apple", "Banana", "Cars", "Zebra"]);

    let mut walk = vec!["Home"];
    let mut at = page(&site, "index.md");
    while let Some(next) = at.next {
        assert_eq!(site.pages[next].previous.map(|id| &site.pages[id].url), Some(&at.url));
        at = &site.pages[next];
        walk.push(&at.title);
    }
    assert_eq!(walk, ["Home", "Light", "Heavy", "Two", "Ten", "apple", "Banana", "Cars", "A", "B", "Zebra"]);
    assert_eq!(site.sections[0].page_count, 11);
}

#[test]
fn tags_are_joined_by_address_and_synonyms_replaced() {
    let (site, _) = site(&[
        ("docent.yaml", "tags: { kubernetes: [k8s, Kube] }\n"),
        ("a.md", "---\ntags: [K8S, On Call]\n---\n# A\n"),
        ("b.md", "---\ntags: [kube, on-call, kubernetes]\n---\n# B\n"),
    ]);
    let tags: Vec<(&str, &str, &[usize])> =
        site.tags.iter().map(|tag| (tag.name.as_str(), tag.slug.as_str(), tag.pages.as_slice())).collect();
    assert_eq!(tags, [("kubernetes", "kubernetes", &[0, 1][..]), ("On Call", "on-call", &[0, 1][..])]);
    assert_eq!(site.pages[1].tags, [0, 1]);
    assert!(site.outputs.contains_key("/tags/on-call/"));
}

#[test]
fn drafts_and_expired_pages_are_known_but_not_published() {
    let files = [
        ("a.md", "---\ndraft: true\n---\n# A\n"),
        ("b.md", "---\nexpires: 2026-11-23\n---\n# B\n"),
        ("c.md", "---\nexpires: 2026-11-24\n---\n# C\n"),
    ];
    let (without, _) = site(&files);
    assert_eq!(without.pages.iter().map(|page| page.url.as_str()).collect::<Vec<_>>(), ["/c/"]);
    assert_eq!(without.unpublished.iter().map(|page| page.url.as_str()).collect::<Vec<_>>(), ["/a/", "/b/"]);

    let dir = knowledge_base(&files);
    let mut options = options(dir.path());
    options.model.drafts = true;
    assert_eq!(check(&options).unwrap().site.pages.len(), 3);
}

#[test]
fn two_sources_for_one_address_are_an_error_that_names_both() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (
            &[("foo.md", "# Foo\n"), ("Foo.md", "# Foo\n")],
            "two sources for the address `/foo/`: `Foo.md` and `foo.md`; on many disks it is the same as `/Foo/`",
        ),
        (
            &[("a b.md", "# A\n"), ("a-b.md", "# A\n")],
            "two sources for the address `/a-b/`: `a b.md` and `a-b.md`",
        ),
        (
            &[("x.md", "# X\n"), ("x/index.md", "# X\n")],
            "two sources for the address `/x/`: `x.md` and `x/index.md`",
        ),
        (
            &[("x/_index.md", "# X\n"), ("x/index.md", "# X\n")],
            "two sources for the address `/x/`: `x/_index.md` and `x/index.md`",
        ),
        (
            &[("a.md", "---\naliases: [/b/]\n---\n# A\n"), ("b.md", "# B\n")],
            "two sources for the address `/b/`: `b.md` and `a.md`",
        ),
        (
            &[("a.md", "---\naliases: [/x/]\n---\n# A\n"), ("b.md", "---\naliases: [x]\n---\n# B\n")],
            "two sources for the address `/x/`: an alias of `a.md` and of `b.md`",
        ),
        (
            &[("a.md", "---\naliases: [/search/]\n---\n# A\n")],
            "two sources for the address `/search/`: a file that Docent generates and `a.md`",
        ),
        (
            &[("a.md", "# A\n"), ("static/A/index.html", "x\n")],
            "two sources for the address `/A/index.html`: `a.md` and `static/A/index.html`; \
             on many disks it is the same as `/a/`",
        ),
        (
            &[("LICENSE.md", "[text](LICENSE)\n# A\n"), ("LICENSE", "x\n")],
            "two sources for the address `/LICENSE`: `LICENSE.md` and `LICENSE`; \
             `/LICENSE` cannot be both a file and a folder",
        ),
        (
            &[("a.md", "---\nslug: b\n---\n# A\n"), ("b.md", "# B\n")],
            "two sources for the address `/b/`: `a.md` and `b.md`",
        ),
    ];
    for (files, message) in cases {
        let (_, findings) = site(files);
        let told: Vec<&str> = findings
            .iter()
            .filter(|finding| finding.rule.code == "url-collision")
            .map(|finding| finding.message.as_str())
            .collect();
        assert_eq!(told, [*message]);
    }
}

#[test]
fn what_an_author_wrote_wins_over_what_is_generated() {
    let (site, findings) = site(&[
        ("a.md", "---\ntags: [x]\n---\n# A\n"),
        ("tags/index.md", "# Our tags\n"),
        ("404.html.md", "# Lost\n"),
        ("static/robots.txt", "User-agent: *\n"),
    ]);
    assert!(matches!(site.outputs["/tags/"], Output::Page(_)));
    assert!(matches!(site.outputs["/tags/x/"], Output::Tag(0)));
    assert!(matches!(site.outputs["/404.html"], Output::Page(_)));
    assert!(matches!(site.outputs["/robots.txt"], Output::Asset(_)));
    assert!(matches!(site.outputs["/"], Output::Home));
    assert!(matches!(site.outputs["/search/"], Output::AllPages));
    assert_eq!(told(&findings), [] as [&str; 0]);
}

#[test]
fn folders_without_a_page_have_a_list_and_folders_without_pages_have_nothing() {
    let (site, _) = site(&[("a/b/x.md", "# X\n"), ("img/x.png", "x"), ("c/README.md", "# C\n")]);
    let paths: Vec<&str> = site.sections.iter().map(|section| section.path.as_str()).collect();
    assert_eq!(paths, ["", "a", "a/b", "c"]);
    assert!(matches!(site.outputs["/a/"], Output::Section(1)));
    assert!(matches!(site.outputs["/a/b/"], Output::Section(2)));
    assert!(matches!(site.outputs["/c/"], Output::Page(_)));
    assert!(!site.outputs.contains_key("/img/"));
}

#[test]
fn files_are_published_where_a_page_links_to_them_or_the_config_asks() {
    let (site, _) = site(&[
        ("docent.yaml", "assets: [\"**/*.pdf\"]\n"),
        ("a.md", "# A\n\n![Linked](img/linked.png)\n"),
        ("img/linked.png", "x"),
        ("img/other.png", "x"),
        ("forms/form.pdf", "x"),
        ("static/favicon.ico", "x"),
    ]);
    let urls: Vec<&str> = site.assets.iter().map(|asset| asset.url.as_str()).collect();
    assert_eq!(urls, ["/forms/form.pdf", "/img/linked.png", "/favicon.ico"]);
}

#[test]
fn an_output_path_that_no_disk_holds_is_an_error_and_left_out() {
    let slug = "x".repeat(300);
    let (site, findings) = site(&[("a.md", &format!("---\nslug: {slug}\n---\n# A\n")), ("b.md", "# B\n")]);
    assert_eq!(site.pages.len(), 1);
    assert_eq!(
        told(&findings),
        ["path-too-long: the output path has 311 characters; 240 is the most that works everywhere"]
    );
}

#[test]
fn aliases_become_redirects_in_one_step() {
    let (site, findings) = site(&[("a.md", "---\naliases: [/old/, older.html, a/b.md]\n---\n# A\n")]);
    let from: Vec<&str> = site.redirects.iter().map(|redirect| redirect.from.as_str()).collect();
    assert_eq!(from, ["/a/b/", "/old/", "/older.html"]);
    assert!(site.redirects.iter().all(|redirect| redirect.to == 0));
    assert_eq!(told(&findings), [] as [&str; 0]);
}

#[test]
fn owners_come_from_front_matter_then_owners_yaml_then_codeowners() {
    let (site, _) = site(&[
        ("docent.yaml", "owners: owners.yaml\n"),
        ("owners.yaml", "owners:\n  team-db:\n    paths: [\"db/**\"]\n"),
        ("CODEOWNERS", "* @everyone\n/db/ @never\n"),
        ("a.md", "---\nowner: ana\n---\n# A\n"),
        ("db/b.md", "# B\n"),
        ("c.md", "# C\n"),
    ]);
    for (path, owners) in [("a.md", ["ana"]), ("db/b.md", ["team-db"]), ("c.md", ["@everyone"])] {
        assert_eq!(page(&site, path).owners, owners, "{path}");
    }
}

#[test]
fn folders_that_differ_in_case_only_are_an_error() {
    let kb = knowledge_base(&[("content/a/x.md", "# X\n"), ("content/A/y.md", "# Y\n")]);
    let (code, stdout, stderr) = crate::support::run(kb.path(), &["check", "--only", "url-collision"]);
    assert_eq!(code, 1, "{stdout}{stderr}");
    assert!(
        stdout.contains("url-collision") && stdout.contains("`/a/`") && stdout.contains("`/A/`"),
        "{stdout}"
    );
}
