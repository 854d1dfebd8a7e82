//! Claims about links: what each form leads to, and what is said of those that lead nowhere.

use docent::model::{Broken, Site, Target};
use docent::pipeline::{Checked, check};

use crate::support::{knowledge_base, options};

fn checked(files: &[(&str, &str)]) -> Checked {
    let dir = knowledge_base(files);
    check(&options(dir.path())).unwrap()
}

/// Where a target leads, in one short text.
fn shown(site: &Site, target: &Target) -> String {
    let fragment = |fragment: &Option<String>| fragment.as_ref().map(|f| format!("#{f}")).unwrap_or_default();
    match target {
        Target::Page { page, fragment: f } => format!("{}{}", site.pages[*page].url, fragment(f)),
        Target::Section(section) => format!("list {}", site.sections[*section].url),
        Target::Asset(asset) => format!("file {}", site.assets[*asset].url),
        Target::Generated(url) => format!("generated {url}"),
        Target::External(url) => format!("web {url}"),
        Target::Scheme(url) => format!("scheme {url}"),
        Target::Broken(Broken::Fragment { page, fragment }) => {
            format!("no #{fragment} on {}", site.pages[*page].url)
        }
        Target::Broken(broken) => format!("{broken:?}"),
    }
}

/// Each target, written as a link on the page `at`, leads where the table says.
fn leads(files: &[(&str, &str)], at: &str, table: &[(&str, &str)]) {
    let links: Vec<String> = table.iter().map(|(target, _)| format!("[x](<{target}>)\n\n")).collect();
    let links = links.concat();
    let text = format!("# Here\n\n{links}");
    let mut files = files.to_vec();
    files.push((at, &text));
    let Checked { site, .. } = checked(&files);
    let page = site.pages.iter().find(|page| page.parsed.file.path() == at).unwrap();
    assert_eq!(page.links.len(), table.len());
    for ((target, expected), found) in table.iter().zip(&page.links) {
        assert_eq!(shown(&site, found), *expected, "{target}");
    }
}

const DISK: (&str, &str) = ("runbooks/disk.md", "# Disk\n\n## Full\n\n<a name=\"old\"></a>Text.\n");

#[test]
fn every_form_of_an_address_leads_to_its_page() {
    let files = [
        DISK,
        ("runbooks/index.md", "# Runbooks\n"),
        ("old/page.html.md", "# Old\n"),
        ("old/erb.html.md.erb", "# Erb\n"),
        ("old/index.html.md", "# Old folder\n"),
        ("lists/a.md", "# A\n"),
        ("my notes/été.md", "# Été\n"),
        ("slugged.md", "---\nslug: other\naliases: [/former/]\n---\n# Slugged\n"),
        ("img/x.png", "x"),
        ("static/logo.svg", "<svg/>"),
        ("scripts/run.sh", "x"),
    ];
    leads(
        &files,
        "runbooks/here.md",
        &[
            ("disk.md", "/runbooks/disk/"),
            ("./disk.md#full", "/runbooks/disk/#full"),
            ("../runbooks/disk.md#old", "/runbooks/disk/#old"),
            ("disk", "/runbooks/disk/"),
            ("disk/", "/runbooks/disk/"),
            ("disk.html", "/runbooks/disk/"),
            ("disk/index.html", "/runbooks/disk/"),
            ("/runbooks/disk.md", "/runbooks/disk/"),
            ("/runbooks/disk", "/runbooks/disk/"),
            ("/runbooks/disk/#full", "/runbooks/disk/#full"),
            ("/runbooks/disk.html?x=1#full", "/runbooks/disk/#full"),
            ("d%69sk.md", "/runbooks/disk/"),
            (".", "/runbooks/"),
            ("./", "/runbooks/"),
            ("../runbooks", "/runbooks/"),
            ("index.md", "/runbooks/"),
            ("/runbooks/", "/runbooks/"),
            ("/", "list /"),
            ("../", "list /"),
            ("../old/page.html", "/old/page.html"),
            ("../old/page.html.md", "/old/page.html"),
            ("../old/page.md", "/old/page.html"),
            ("/old/page", "/old/page.html"),
            ("/old/page/", "/old/page.html"),
            ("/old/erb.html", "/old/erb.html"),
            ("/old/erb.html.md", "/old/erb.html"),
            ("/old/erb.md", "/old/erb.html"),
            ("/old/", "/old/"),
            ("/old/index.html", "/old/"),
            ("/lists", "list /lists/"),
            ("../lists/index.html", "list /lists/"),
            ("/my-notes/été/", "/my-notes/été/"),
            ("../my%20notes/%C3%A9t%C3%A9.md", "/my-notes/été/"),
            ("../my%20notes/e%CC%81te%CC%81.md", "/my-notes/été/"),
            ("../my notes/été.md", "/my-notes/été/"),
            ("../slugged.md", "/other/"),
            ("/other/", "/other/"),
            ("/slugged/", "/other/"),
            ("/former/#slugged", "/other/#slugged"),
            ("../img/x.png", "file /img/x.png"),
            ("/img/x.png?v=2", "file /img/x.png"),
            ("/logo.svg", "file /logo.svg"),
            ("../static/logo.svg", "file /logo.svg"),
            ("../scripts/run.sh#L10", "file /scripts/run.sh"),
            ("/search/", "generated /search/"),
            ("/feed.xml", "generated /feed.xml"),
            ("#here", "/runbooks/here/#here"),
            ("#", "/runbooks/here/"),
            ("#top", "/runbooks/here/#top"),
            ("here.md#top", "/runbooks/here/#top"),
            ("/runbooks//disk/", "/runbooks/disk/"),
            ("//runbooks/disk/", "/runbooks/disk/"),
            ("https://example.com/a?b#c", "web https://example.com/a?b#c"),
            ("//example.com/a", "web //example.com/a"),
            ("mailto:a@example.com", "scheme mailto:a@example.com"),
            ("tel:+123", "scheme tel:+123"),
        ],
    );
}

#[test]
fn what_leads_nowhere_says_why() {
    let files = [
        DISK,
        ("draft.md", "---\ndraft: true\n---\n# Draft\n"),
        ("bad.md", "---\ntitle: [\n---\n# Bad\n"),
        ("scripts/run.sh", "x"),
        (".env", "x"),
        ("docent.yaml", "exclude: [\"hidden/**\"]\n"),
        ("hidden/x.md", "# Hidden\n"),
    ];
    leads(
        &files,
        "a/here.md",
        &[
            ("disk.md", "Missing { wanted: \"/a/disk.md\" }"),
            ("/disk/", "Missing { wanted: \"/disk/\" }"),
            ("/runbooks/disk/#nothing", "no #nothing on /runbooks/disk/"),
            ("/runbooks/disk/#Full", "no #Full on /runbooks/disk/"),
            ("#nothing", "no #nothing on /a/here/"),
            ("/Runbooks/disk/", "Case { right: \"/runbooks/disk/\" }"),
            ("../runbooks/DISK.md", "Case { right: \"/runbooks/disk.md\" }"),
            ("runbooks/disk.md", "NoSlash { right: \"/runbooks/disk.md\" }"),
            ("/scripts/", "Folder { path: \"scripts\" }"),
            ("../draft.md", "Unpublished { path: \"draft.md\", why: Draft }"),
            ("/draft/", "Unpublished { path: \"draft.md\", why: Draft }"),
            ("/bad/", "Unpublished { path: \"bad.md\", why: Unusable }"),
            ("../.env", "Private { path: \".env\" }"),
            ("../../outside.md", "Outside"),
            ("/../runbooks/disk/", "/runbooks/disk/"),
            ("javascript:alert(1)", "UnsafeScheme { scheme: \"javascript\" }"),
            ("", "Malformed(Empty)"),
            ("(/runbooks/disk/)", "Malformed(Unbalanced)"),
            ("www.example.com", "Malformed(NoScheme)"),
            ("https://https://example.com", "Malformed(TwoSchemes)"),
            ("https://example.com/a b", "Malformed(Space)"),
            ("%2e%2e/%2e%2e/%2e%2e/etc/passwd", "Outside"),
            ("disk.md%23full", "Missing { wanted: \"/a/disk.md#full\" }"),
        ],
    );
    let Checked { site, .. } = checked(&[files[5], files[6], ("x.md", "[x](hidden/x.md)\n")]);
    assert!(
        matches!(&site.pages[0].links[0], Target::Broken(Broken::Private { .. })),
        "{:?}",
        site.pages[0].links
    );
}

#[test]
fn links_to_our_own_hosts_are_internal() {
    let config = "base_url: https://kb.example/docs/\nown_hosts: [about.example.com, bücher.example]\n";
    leads(
        &[DISK, ("docent.yaml", config)],
        "here.md",
        &[
            ("https://about.example.com/runbooks/disk/#full", "/runbooks/disk/#full"),
            ("http://about.example.com/runbooks/disk", "/runbooks/disk/"),
            ("https://www.about.example.com/runbooks/disk.html", "/runbooks/disk/"),
            ("https://ABOUT.example.com:443/runbooks/disk/?a=b", "/runbooks/disk/"),
            ("//about.example.com/runbooks/disk/", "/runbooks/disk/"),
            ("https://about.example.com", "list /"),
            ("https://about.example.com/nothing/", "Missing { wanted: \"/nothing/\" }"),
            ("https://xn--bcher-kva.example/runbooks/disk/", "/runbooks/disk/"),
            ("https://b%C3%BCcher.example/runbooks/disk/", "/runbooks/disk/"),
            ("https://kb.example/docs/runbooks/disk/", "/runbooks/disk/"),
            ("https://kb.example/docs", "list /"),
            ("https://kb.example/docsearch", "web https://kb.example/docsearch"),
            ("https://kb.example/elsewhere/", "web https://kb.example/elsewhere/"),
            ("/docs/runbooks/disk/", "/runbooks/disk/"),
            ("https://other.example/runbooks/disk/", "web https://other.example/runbooks/disk/"),
        ],
    );
}

#[test]
fn what_lives_elsewhere_is_looked_for_here_first() {
    let config =
        "own_hosts: [about.example.com]\nelsewhere: { \"/runbooks/**\": \"https://about.example.com/\" }\n";
    leads(
        &[DISK, ("docent.yaml", config), ("runbooks/plan.md", "---\ndraft: true\n---\n# Plan\n")],
        "here.md",
        &[
            ("/runbooks/disk/", "/runbooks/disk/"),
            ("/runbooks/memory/?a=b#c", "web https://about.example.com/runbooks/memory/?a=b#c"),
            (
                "https://about.example.com/runbooks/memory.html",
                "web https://about.example.com/runbooks/memory.html",
            ),
            ("runbooks/swap file", "web https://about.example.com/runbooks/swap%20file"),
            ("/runbooks/disk/#nothing", "no #nothing on /runbooks/disk/"),
            ("/runbooks/Disk/", "Case { right: \"/runbooks/disk/\" }"),
            ("/runbooks/plan/", "Unpublished { path: \"runbooks/plan.md\", why: Draft }"),
            ("/other/", "Missing { wanted: \"/other/\" }"),
        ],
    );
}

#[test]
fn the_root_may_also_be_the_knowledge_bases() {
    leads(
        &[("content/runbooks/disk.md", "# Disk\n"), ("content/docs/x.md", "# X\n")],
        "content/here.md",
        &[
            ("/runbooks/disk.md", "/runbooks/disk/"),
            ("/content/runbooks/disk.md", "/runbooks/disk/"),
            ("../content/runbooks/disk.md", "/runbooks/disk/"),
            ("/docs/x/", "/docs/x/"),
            ("../README.md", "Outside"),
        ],
    );
}

#[test]
fn wiki_links_go_by_path_file_name_and_title() {
    let dir = knowledge_base(&[
        ("a/disk.md", "# Disk full\n\n## What to do\n\nText.\n"),
        ("a/mail.md", "# Mail\n"),
        ("b/mail.md", "# Post\n"),
        (
            "here.md",
            "[[Disk full]] [[disk#What to do]] [[a/disk|text]] [[DISK]] [[mail]] [[b/mail]] [[Post]] [[Fax]] [[#Here]]\n\n## Here\n",
        ),
    ]);
    let Checked { site, .. } = check(&options(dir.path())).unwrap();
    let page = site.pages.iter().find(|page| page.url == "/here/").unwrap();
    let found: Vec<String> = page.links.iter().map(|target| shown(&site, target)).collect();
    assert_eq!(
        found,
        [
            "/a/disk/",
            "/a/disk/#what-to-do",
            "/a/disk/",
            "/a/disk/",
            "Ambiguous { candidates: [\"a/mail.md\", \"b/mail.md\"] }",
            "/b/mail/",
            "/b/mail/",
            "Missing { wanted: \"Fax\" }",
            "/here/#here",
        ]
    );
}

/// The address of every page, written as `href` writes it, leads back to that page.
#[test]
fn every_address_that_is_written_resolves_to_itself() {
    let names = [
        "a.md",
        "a b.md",
        "é.md",
        "100%.md",
        "q#1.md",
        "c++.md",
        "a&b.md",
        "日本/語.md",
        "deep/er/x.html.md",
        "deep/index.md",
        "(x).md",
        "[y].md",
        "a'b.md",
        "~t.md",
        "x;y.md",
        "README.md",
        "v1.2.md",
        "deep/UPPER.md",
    ];
    for (base_url, portable) in [(None, false), (Some("https://kb.example/docs"), false), (None, true)] {
        let files: Vec<(&str, &str)> = names.iter().map(|name| (*name, "# Title\n\n## é x\n")).collect();
        let dir = knowledge_base(&files);
        let mut options = options(dir.path());
        options.base_url = base_url.map(str::to_owned);
        options.model.portable = portable;
        let first = check(&options).unwrap().site;
        let from = "/deep/from.html";
        let mut text = String::from("# From\n\n");
        for page in &first.pages {
            let id = &page.parsed.headings[1].id;
            let href = first.addresses.href(from, &page.url, Some(id));
            text.extend(["[x](<", &href, ">)\n\n"]);
        }
        crate::support::write(dir.path(), "deep/from.html.md", text.as_bytes());
        let second = check(&options).unwrap().site;
        let links = &second.pages.iter().find(|page| page.url == from).unwrap().links;
        assert_eq!(links.len(), names.len());
        for (page, target) in first.pages.iter().zip(links) {
            let expected = format!("{}#{}", page.url, page.parsed.headings[1].id);
            assert_eq!(shown(&second, target), expected, "base {base_url:?}, portable {portable}");
        }
    }
}

#[test]
fn backlinks_name_each_page_once_with_its_texts() {
    let Checked { site, findings, .. } = checked(&[
        ("a.md", "# A\n\n[one](b.md) [two](b.md#nothing) [one](/b/) [self](#a)\n"),
        ("b.md", "# B\n\n[back](a.md)\n"),
        ("c.md", "# C\n"),
    ]);
    let texts: Vec<_> =
        site.pages[1].backlinks.iter().map(|link| (link.page, link.texts.join(","))).collect();
    assert_eq!(texts, [(0, "one,two".to_owned())]);
    let orphans: Vec<_> =
        findings.iter().filter(|f| f.rule.code == "orphan-page").filter_map(|f| f.path()).collect();
    assert_eq!(orphans, ["c.md"]);
}

#[test]
fn a_link_to_an_anchor_that_the_theme_needs_leads_to_the_id_that_is_published() {
    let Checked { site, .. } = checked(&[("a.md", "# A\n\n<div id=\"q\">x</div>\n\n[x](#q) [y](#a)\n")]);
    let ends: Vec<String> = site.pages[0].links.iter().map(|target| shown(&site, target)).collect();
    assert!(ends[0].ends_with("#h-q") && ends[1].ends_with("#a"), "{ends:?}");
}

#[test]
fn a_broken_fragment_is_shown_at_its_own_characters() {
    let Checked { findings, .. } = checked(&[("a.md", "# One\n\n## Two\n\nÉ [x](a.md#tow)\n")]);
    let label = findings[0].primary.as_ref().unwrap();
    assert_eq!(label.file.slice(label.span), "#tow");
    assert_eq!(label.file.position(label.span.start).column, 11);
    assert_eq!(findings[0].help, ["did you mean `#two`?", "near it are `#one`"]);
}
