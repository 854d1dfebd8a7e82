//! Claims about the theme: what a page holds, what a theme folder may replace, what a template may do.

use std::fmt::Write as _;
use std::path::Path;

use docent::diagnostic::Diagnostic;
use docent::model::Output;
use docent::pipeline::{Checked, Options, check, check_theme};
use docent::render::{BuildStamp, Renderer};

use crate::support::{knowledge_base, options, write};

const MINE: (&str, &str) = ("docent.yaml", "theme: mine\n");

fn stamp() -> BuildStamp {
    BuildStamp {
        built: "2026-11-23 06:00 UTC".into(),
        revision: "7d3e1b0a".into(),
        build_id: "0123456789abcdef".into(),
    }
}

/// What a knowledge base shows at an address.
struct Shown(Checked);

impl Shown {
    fn new(files: &[(&str, &str)]) -> Self {
        Self::with(files, |_| {})
    }

    fn with(files: &[(&str, &str)], change: impl Fn(&mut Options)) -> Self {
        let dir = knowledge_base(files);
        Self::of(dir.path(), change)
    }

    fn of(dir: &Path, change: impl Fn(&mut Options)) -> Self {
        let mut options = options(dir);
        change(&mut options);
        Self(check(&options).unwrap())
    }

    fn at(&self, url: &str) -> String {
        let output = self.0.site.outputs.get(url).unwrap_or_else(|| panic!("nothing stands at {url}"));
        let renderer = Renderer::new(&self.0.site, &self.0.sources.theme, stamp()).unwrap();
        String::from_utf8(renderer.render(url, *output).unwrap()).unwrap()
    }

    fn all(&self) -> Vec<(String, String)> {
        let made = self.0.site.outputs.iter().filter(|(_, output)| !matches!(output, Output::Asset(_)));
        made.map(|(url, _)| (url.clone(), self.at(url))).collect()
    }
}

/// What `check` says about the templates of a knowledge base.
fn theme_findings(files: &[(&str, &str)]) -> Vec<Diagnostic> {
    let dir = knowledge_base(files);
    let options = options(dir.path());
    check_theme(&check(&options).unwrap(), &options).err().unwrap_or_default()
}

/// A knowledge base of one page whose theme has this head.
fn head(template: &str) -> Vec<Diagnostic> {
    theme_findings(&[
        MINE,
        ("index.md", "# Home\n\nText.\n"),
        ("themes/mine/templates/components/head.html", template),
    ])
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let from = text.find(start).unwrap_or_else(|| panic!("no {start} in {text}"));
    &text[from..from + text[from..].find(end).unwrap_or_else(|| panic!("no {end} after {start}"))]
}

#[test]
fn a_page_shows_where_it_stands_what_it_is_and_who_links_to_it() {
    let shown = Shown::new(&[
        ("index.md", "# Home\n\nSee [the disk page](runbooks/disk.md).\n"),
        (
            "runbooks/disk.md",
            "---\nkind: runbook\ntitle: Disk full\ndescription: No space is left.\ntags: [disk]\nowner: team-os\n\
             severity: S1\nalerts: [DiskFull]\nescalation: team-os on call\n---\n## First\n\nText.\n\n### Below\n",
        ),
        ("runbooks/memory.md", "---\ntitle: Memory <b>low</b>\n---\nText.\n"),
    ]);
    let page = shown.at("/runbooks/disk/");
    for part in [
        "<title>Disk full · Knowledge base</title>",
        "<meta name=\"description\" content=\"No space is left.\">",
        "<li><a href=\"/\">Home</a></li><li><a href=\"/runbooks/\">Runbooks</a></li>",
        "<h1>Disk full</h1>\n<p>No space is left.</p>",
        "<dt>Severity</dt><dd><span class=\"sev\">S1</span>",
        "</svg>DiskFull</span>",
        "<dt>Call</dt><dd>team-os on call</dd>",
        "<dt>Owner</dt><dd><a href=\"/owners/team-os/\">team-os</a></dd>",
        "<a class=\"chip\" href=\"/tags/disk/\">disk</a>",
        "<span class=\"end\">the disk page</span>",
        "<a href=\"#first\">First</a><ul><li><a href=\"#below\">Below</a></li></ul>",
        "rel=\"next\"><span>Next</span>Memory &lt;b&gt;low&lt;/b&gt;</a>",
        "<a href=\"/runbooks/disk/\" aria-current=\"page\">Disk full</a>",
        "Built <time datetime=\"2026-11-23T06:00Z\">2026-11-23 06:00 UTC</time>",
        "<symbol id=\"i-alert\"",
    ] {
        assert!(page.contains(part), "{part} is missing in\n{page}");
    }
    assert_eq!(page.matches("aria-current=\"page\"").count(), 1);
    assert!(!page.contains("i-opening"), "an icon that the page does not use");
}

#[test]
fn nothing_that_an_author_writes_becomes_html_outside_the_body() {
    let evil = "\"><script>alert(1)</script>";
    let front = format!(
        "---\ntitle: '{evil}'\ndescription: '{evil}'\ntags: ['{evil}']\nowner: '{evil}'\nkind: runbook\n\
         severity: '{evil}'\nalerts: ['{evil}']\ndashboards: ['javascript:alert(1)', 'https://g.example/\"><script>']\n---\nText.\n"
    );
    let config = format!("title: '{evil}'\ndescription: '{evil}'\nrules: {{ invalid-tag: off }}\n");
    let shown =
        Shown::new(&[("docent.yaml", &config), ("a/x.md", &front), ("index.md", "# Home\n\n[x](a/x.md)\n")]);
    for (url, text) in shown.all() {
        assert!(!text.contains("<script>"), "{url}\n{text}");
        assert!(!text.contains("href=\"javascript:"), "{url}\n{text}");
    }
}

#[test]
fn no_page_holds_a_script_or_a_style_of_its_own() {
    let shown =
        Shown::new(&[("a/x.md", "---\nlayout: job_page\ntags: [a]\naliases: [/old/]\n---\n# X\n\nText.\n")]);
    for (url, text) in shown.all() {
        assert!(!text.contains(" style="), "{url}");
        assert!(!text.contains("<style"), "{url}");
        assert!(!text.contains(" onclick="), "{url}");
        for script in text.match_indices("<script") {
            let own = [
                "<script src=\"/docent/theme.js?v=",
                "<script type=\"module\" src=\"/docent/search/",
                "<script defer src=\"/docent/",
            ];
            assert!(own.iter().any(|own| text[script.0..].starts_with(own)), "{url}");
        }
        if url.ends_with('/') {
            assert!(
                text.contains("http-equiv=\"Content-Security-Policy\"")
                    && text.contains("require-trusted-types-for"),
                "{url}"
            );
        }
    }
}

#[test]
fn the_navigation_of_a_large_folder_shows_the_part_around_the_page() {
    let mut files: Vec<(String, String)> =
        (0..1_000).map(|n| (format!("big/p{n:04}.md"), format!("# Page {n:04}\n\nText.\n"))).collect();
    files.push(("other/x.md".into(), "# X\n\nText.\n".into()));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let shown = Shown::new(&files);
    let page = shown.at("/big/p0555/");
    let nav = between(&page, "<nav class=\"side\"", "</nav>");
    assert_eq!(nav.matches("<li>").count(), 100 + 1 + 2 + 1, "100 pages, all of them, 2 folders, 1 kind");
    assert!(nav.contains("<a href=\"/big/p0555/\" aria-current=\"page\">Page 0555</a>"));
    assert!(nav.contains("<a class=\"all\" href=\"/big/\">All 1000 pages</a>"));
    assert!(nav.contains("<a class=\"dir\" href=\"/other/\">Other<span class=\"num\">1</span></a>"));
    assert_eq!(shown.at("/big/").matches("Page 0").count(), 1_000 + 100, "the list is whole");
}

#[test]
fn links_carry_the_base_path_and_are_relative_in_a_portable_site() {
    let files = [
        ("index.md", "# Home\n\nText.\n"),
        ("a/b/x.md", "---\ntags: [t]\naliases: [/old/x/]\n---\n# X\n\nText.\n"),
        ("a/y.html.md", "# Y\n\nText.\n"),
    ];
    let based = Shown::with(&files, |options| options.base_url = Some("https://kb.example/docs/".into()));
    for (url, text) in based.all() {
        for (at, _) in text.match_indices("=\"/") {
            assert!(text[at..].starts_with("=\"/docs/"), "{url}: {}", &text[at..at + 40]);
        }
    }
    assert!(based.at("/a/b/x/").contains("<link rel=\"canonical\" href=\"https://kb.example/docs/a/b/x/\">"));
    let portable = Shown::with(&files, |options| options.model.portable = true);
    for (url, text) in portable.all() {
        assert!(!text.contains("href=\"/"), "{url}\n{text}");
        assert!(!text.contains("src=\"/"), "{url}");
    }
    assert!(portable.at("/a/b/x/").contains("src=\"../../../docent/theme.js?v="));
    assert!(portable.at("/a/y.html").contains("src=\"../docent/theme.js?v="));
    assert!(portable.at("/old/x/").contains("content=\"0; url=../../a/b/x/index.html\""));
}

#[test]
fn without_git_the_feed_has_the_dates_of_the_front_matter() {
    let shown = Shown::with(
        &[
            ("a.md", "---\nreviewed: 2026-09-01\nreviewed_by: \"@ana\"\n---\n# A\n"),
            ("b.md", "---\nlastmod: 2026-10-02T10:00:00Z\nreviewed: 2026-03-01\n---\n# B\n"),
            ("c.md", "---\ndate: 2031-01-01\n---\n# C\n"),
            ("d.md", "# D\n"),
        ],
        |_| (),
    );
    let feed = shown.at("/feed.xml");
    let entries: Vec<&str> = feed.split("<entry>").skip(1).collect();
    assert_eq!(entries.len(), 2, "{feed}");
    assert!(
        entries[0].contains("<title>B</title>\n<updated>2026-10-02T00:00:00Z</updated>\n<link"),
        "{feed}"
    );
    assert!(
        entries[1].contains("<updated>2026-09-01T00:00:00Z</updated>\n<author><name>@ana</name>"),
        "{feed}"
    );
}

#[test]
fn the_feed_the_sitemap_and_robots_are_made_for_machines() {
    let files = [("index.md", "# Home\n\nText.\n"), ("a & b.md", "# A & B\n\nText.\n")];
    let shown = Shown::with(&files, |options| options.base_url = Some("https://kb.example/docs/".into()));
    let sitemap = shown.at("/sitemap.xml");
    assert!(sitemap.contains("<loc>https://kb.example/docs/a-&amp;-b/</loc>"), "{sitemap}");
    assert_eq!(
        shown.at("/robots.txt"),
        "User-agent: *\nAllow: /\nSitemap: https://kb.example/docs/sitemap.xml\n"
    );
    let feed = shown.at("/feed.xml");
    assert!(
        feed.contains(
            "<link rel=\"self\" type=\"application/atom+xml\" href=\"https://kb.example/docs/feed.xml\"/>"
        ),
        "{feed}"
    );
    let without = Shown::new(&files);
    assert_eq!(without.at("/robots.txt"), "User-agent: *\nAllow: /\n");
    let feed = without.at("/feed.xml");
    assert!(feed.contains("<id>urn:uuid:"), "{feed}");
    assert!(!feed.contains("rel=\"self\""), "{feed}");
    assert!(feed.contains("<updated>2026-11-23T06:00:00Z</updated>"), "{feed}");
}

#[test]
fn the_root_page_may_ask_to_be_the_home_page() {
    let home = Shown::new(&[
        ("index.md", "---\nlayout: home\ntitle: Ours\n---\n\nWelcome.\n"),
        ("a/x.md", "# X\n\nText.\n"),
    ])
    .at("/");
    assert!(home.contains("What is going on?"), "{home}");
    let plain =
        Shown::new(&[("index.md", "---\ntitle: Ours\n---\n\nWelcome.\n"), ("a/x.md", "# X\n\nText.\n")])
            .at("/");
    assert!(plain.contains("<h1>Ours</h1>") && plain.contains("In this section"), "{plain}");
    let none = Shown::new(&[("a/x.md", "# X\n\nText.\n")]).at("/");
    assert!(none.contains("What is going on?"), "{none}");
}

#[test]
fn a_theme_replaces_single_templates_and_adds_files() {
    let dir = knowledge_base(&[
        MINE,
        ("index.md", "---\naudience: everyone\n---\n# Home\n\nText.\n"),
        (
            "themes/mine/templates/components/brand.html",
            "<a class=\"brand\" href=\"{{ site.home }}\">Ours</a>",
        ),
        (
            "themes/mine/templates/components/head.html",
            "<h1>{{ view.title }} for {{ page?.extra?.audience or 'nobody' }}</h1>",
        ),
        ("themes/mine/static/site.css", "h1 { color: red }"),
    ]);
    write(dir.path(), "themes/mine/static/logo.png", b"\x89PNG");
    let shown = Shown::of(dir.path(), |_| {});
    let page = shown.at("/");
    assert!(page.contains("<a class=\"brand\" href=\"/\">Ours</a>"), "{page}");
    assert!(page.contains("<h1>Home for everyone</h1>"), "{page}");
    assert!(page.contains("<link rel=\"stylesheet\" href=\"/docent/site.css?v="), "{page}");
    assert!(shown.at("/404.html").contains("address for nobody</h1>"));
    let renderer = Renderer::new(&shown.0.site, &shown.0.sources.theme, stamp()).unwrap();
    let mut names: Vec<String> = renderer.theme_files().into_iter().map(|(path, _)| path).collect();
    names.retain(|path| !path.starts_with("docent/search/"));
    // The worker stands above all that it answers for.
    assert_eq!(names.pop().as_deref(), Some("worker.js"));
    assert_eq!(
        names,
        [
            "logo.png",
            "mark.svg",
            "offline.js",
            "page.js",
            "print.css",
            "run.js",
            "site.css",
            "theme.css",
            "theme.js",
            "tokens.css"
        ]
        .map(|name| format!("docent/{name}"))
    );
}

#[test]
fn a_template_can_neither_hang_nor_abort_the_build() {
    let deep = "{% if view %}".repeat(5_000);
    let parentheses = format!("{{{{ {}1{} }}}}", "(".repeat(20_000), ")".repeat(20_000));
    for (template, told) in [
        ("{% for a in range(end=1000000000) %}x{% endfor %}", "over the limit of 10000"),
        (
            "{% for a in range(end=9999) %}{% for b in range(end=9999) %}{% endfor %}{% endfor %}",
            "too many steps",
        ),
        (
            "{% set r = range(end=9999) %}{% for a in r %}{% for b in r %}{% for c in r %}{% endfor %}{% endfor %}{% endfor %}",
            "too many steps",
        ),
        (
            "{% set_global s = 'ab' %}{% for a in range(end=60) %}{% set_global s = s ~ s %}{% endfor %}",
            "the value grew over",
        ),
        (
            "{% set_global s = 'ab' %}{% for a in range(end=60) %}{% set_global s %}{{ s }}{{ s }}{% endset %}{% endfor %}",
            "the value grew over",
        ),
        ("{{ [x for x in range(end=9999)] }}", "a list comprehension cannot be bounded"),
        ("{% component again() %}{{ <again/> }}{% endcomponent again %}{{ <again/> }}", "recurs"),
        (
            "{% component twice() %}{{ <twice/> }}{{ <twice/> }}{% endcomponent twice %}{{ <twice/> }}",
            "recurs",
        ),
        ("{% include 'components/head.html' %}", "in a circle"),
        ("{% extends 'components/head.html' %}", "in a circle"),
        ("{% include 'page.html' %}", "in a circle"),
        (deep.as_str(), ""),
        (parentheses.as_str(), ""),
        ("{{ ", ""),
        ("{% for", ""),
        ("{% raw %}", ""),
        ("{{ throw(message='no') }}", "no"),
        ("{{ 1 / 0 }}", "divide"),
    ] {
        let findings = head(template);
        let shown = template.get(..60).unwrap_or(template);
        assert!(!findings.is_empty(), "{shown}");
        for finding in &findings {
            assert_eq!(finding.rule.code, "template-error", "{shown}: {}", finding.message);
            assert_eq!(
                finding.path(),
                Some("themes/mine/templates/components/head.html"),
                "{shown}: {}",
                finding.message
            );
        }
        assert!(findings[0].message.contains(told), "{shown}: {}", findings[0].message);
    }
}

#[test]
fn includes_that_double_at_each_step_are_stopped() {
    let mut files = vec![MINE.0.to_owned(), MINE.1.to_owned(), "index.md".into(), "# Home\n\nText.\n".into()];
    for step in 0..12 {
        files.push(format!("themes/mine/templates/step{step}.html"));
        files.push(format!("{{% include 'step{}.html' %}}", step + 1).repeat(4));
    }
    files.push("themes/mine/templates/step12.html".into());
    files.push("x".into());
    files.push("themes/mine/templates/components/head.html".into());
    files.push("{% include 'step0.html' %}".into());
    let files: Vec<(&str, &str)> = files.chunks(2).map(|pair| (pair[0].as_str(), pair[1].as_str())).collect();
    let findings = theme_findings(&files);
    assert!(findings[0].message.contains("too many steps"), "{}", findings[0].message);
}

#[test]
fn all_wrong_templates_are_reported_at_once() {
    let findings = theme_findings(&[
        MINE,
        ("index.md", "# Home\n\nText.\n"),
        (
            "themes/mine/templates/components/head.html",
            "{{ a | nofilter }}\n{{ nofunction() }} é {% if a is notest %}{% endif %}",
        ),
        ("themes/mine/templates/components/foot.html", "{% if %}"),
        ("themes/mine/templates/components/toc.html", "{{ toc | safe }}"),
        ("themes/mine/templates/section.html", "{% include 'nothing.html' %}"),
    ]);
    let mut told = String::new();
    for finding in &findings {
        let label = finding.primary.as_ref().unwrap();
        let at = label.file.position(label.span.start);
        let name = label.file.path().rsplit('/').next().unwrap();
        writeln!(told, "{name}:{}:{} {}", at.line, at.column, finding.rule.code).unwrap();
    }
    assert_eq!(
        told,
        "toc.html:1:10 template-autoescape\nsection.html:1:12 template-error\nfoot.html:1:7 template-error\n"
    );
    let findings = head("{{ a | nofilter }}\n{{ nofunction() }} é {% if a is notest %}{% endif %}");
    let places: Vec<_> = findings
        .iter()
        .map(|finding| {
            let label = finding.primary.as_ref().unwrap();
            (label.file.slice(label.span).to_owned(), finding.message.clone())
        })
        .collect();
    assert_eq!(
        places,
        [
            ("nofilter".to_owned(), "unknown filter `nofilter`".to_owned()),
            ("nofunction()".to_owned(), "unknown function `nofunction`".to_owned()),
            ("notest".to_owned(), "unknown test `notest`".to_owned()),
        ]
    );
}

#[test]
fn a_value_that_grows_inside_is_refused_where_it_grows() {
    let nested = |set: &str| format!("{{% set s = ['ab'] %}}{}{{{{ s }}}}", set.repeat(28));
    let joined = format!("{{% set s = 'ab' %}}{{{{ s{} }}}}", " ~ s".repeat(20));
    let grown = "{% set_global s = 'ab' %}{% for a in range(end=20) %}{% set_global s = s ~ s %}{% endfor %}";
    let with = |tail: &str| format!("{grown}{tail}");
    for (template, told, place) in [
        (nested("{% set s = [s, s] %}"), "the value grew over", "{% set s = [s, s] %}"),
        (nested("{% set s = {'a': s, 'b': s} %}"), "the value grew over", "{% set s = {'a': s, 'b': s} %}"),
        (nested("{% set s = [...s, ...s] %}"), "the value grew over", "{% set s = [...s, ...s] %}"),
        (nested("{% set s = s ~ s %}"), "the value grew over", "{% set s = s ~ s %}"),
        (joined, "joins 21 values", ""),
        (
            "{% component n(a, d) %}{% if d > 0 %}{{ <n a={[a,a,a,a,a,a]} d={d - 1}/> }}{% endif %}{% endcomponent n %}{{ <n a={'ab'} d={15}/> }}".into(),
            "the value grew over",
            "{% component n(a, d) %}",
        ),
        (
            "{% for a in [['ab']] %}{% for b in [[a,a,a,a,a,a,a,a]] %}{% for c in [[b,b,b,b,b,b,b,b]] %}{% for d in [[c,c,c,c,c,c,c,c]] %}{% for e in [[d,d,d,d,d,d,d,d]] %}{% for f in [[e,e,e,e,e,e,e,e]] %}{% for g in [[f,f,f,f,f,f,f,f]] %}{% for h in [[g,g,g,g,g,g,g,g]] %}{{ h }}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}".into(),
            "the value grew over",
            "",
        ),
        (with("{{ s | replace(from='a', to=s) }}"), "the value grew over", ""),
        (with("{{ s | replace(from='', to=s) }}"), "the value grew over", ""),
        (with("{{ s | split(pat='') | join(sep=s) }}"), "the value grew over", ""),
        (with("{{ [s, s, s] | join(sep=s) }}"), "the value grew over", ""),
        (with("{{ [s, s, s, s] | str }}"), "the value grew over", ""),
        (with("{{ s | replace(from='b', to='\n') | indent(width=1000) }}"), "the value grew over", ""),
        (with("{{ s | replace(from='a', to='&') | escape_xml | escape_xml | escape_xml }}"), "the value grew over", ""),
        (
            with("{% set_global l = [] %}{% for a in range(end=9999) %}{% set_global l = [...l, s] %}{% endfor %}"),
            "the value grew over",
            "{% set_global l = [...l, s] %}",
        ),
        (with("{% set t %}{% for a in range(end=9999) %}{{ s }}{% endfor %}{% endset %}"), "more text than", "{{ s }}"),
        (
            format!("{{% set t %}}{{% for a in range(end=9999) %}}{}{{% endfor %}}{{% endset %}}", "x".repeat(100_000)),
            "more text than",
            "{% for a in range(end=9999) %}",
        ),
        ("\n{{ view.titel }}".into(), "not defined", "titel"),
    ] {
        let findings = head(&template);
        let shown: String = template.chars().take(90).collect();
        let finding = findings.first().unwrap_or_else(|| panic!("nothing is found in {shown}"));
        assert_eq!(finding.rule.code, "template-error", "{shown}");
        assert!(finding.message.contains(told), "{shown}: {}", finding.message);
        let label = finding.primary.as_ref().unwrap();
        assert_eq!(label.file.path(), "themes/mine/templates/components/head.html", "{shown}");
        let there = label.file.slice(label.span);
        assert!(place.is_empty() || there == place, "{shown}: {there}");
        assert!(told.contains("joins") || finding.message.contains("while rendering"), "{}", finding.message);
    }
}

#[test]
fn counting_changes_nothing_in_what_an_honest_template_writes() {
    let files = |template: &'static str| {
        Shown::new(&[
            MINE,
            ("index.md", "# Home\n\nText.\n"),
            ("themes/mine/templates/components/head.html", template),
        ])
    };
    let page = files(
        "<i>{{ 'a<b' ~ '&' }}|{{ ['x<', 'y'] | join(sep=', ') }}|{{ 'a-b' | replace(from='-', to='<') }}|\
         {{ 'a\nb' | indent(width=2) }}|{{ 'a,b' | split(pat=',') | last }}|{% set t %}<b>{{ view.title }}</b>{% endset %}{{ t }}|\
         {{ [1, 2] }}|{{ 'it\\'s' | escape_xml }}|{{- ' trimmed ' | trim -}} </i>",
    )
    .at("/");
    let expected = "<i>a&lt;b&amp;|x&lt;, y|a&lt;b|a\n  b|b|<b>Home</b>|[1, 2]|it&amp;apos;s|trimmed</i>";
    assert!(page.contains(expected), "{}", between(&page, "<i>", "</i>"));
}

#[test]
fn the_files_of_the_search_stand_in_a_folder_named_by_what_is_in_them() {
    let home = ("index.md", "# Home\n\nText.\n");
    let folder = |shown: &Shown| {
        let renderer = Renderer::new(&shown.0.site, &shown.0.sources.theme, stamp()).unwrap();
        let names: Vec<String> = renderer.theme_files().into_iter().map(|(path, _)| path).collect();
        let page = names
            .iter()
            .find(|name| name.starts_with("docent/search/") && name.ends_with("/page.js"))
            .unwrap();
        let folder = page.strip_suffix("page.js").unwrap().to_owned();
        let others = names.iter().filter(|name| name.starts_with("docent/search/"));
        assert!(others.clone().count() > 8 && others.clone().all(|name| name.starts_with(&folder)));
        assert!(shown.at("/").contains(&format!("<script type=\"module\" src=\"/{page}\">")), "{page}");
        folder
    };
    let before = folder(&Shown::new(&[home]));
    assert_eq!(before, folder(&Shown::new(&[home])));
    let style = ("themes/mine/static/search/search.css", "b { color: red }");
    assert_ne!(before, folder(&Shown::new(&[home, MINE, style])));
}

#[test]
fn browsers_load_no_modules_from_disk_so_a_portable_site_asks_for_none() {
    let files = [("index.md", "# Home\n\nText.\n")];
    let portable = Shown::with(&files, |options| options.model.portable = true);
    assert!(portable.all().iter().all(|(_, text)| !text.contains("type=\"module\"")));
    assert!(portable.at("/").contains("<script defer src=\"docent/search/"));
    assert!(
        portable.at("/search/").contains("data-search=\"../search/index.html\""),
        "{}",
        portable.at("/search/")
    );
}

#[test]
fn the_scripts_of_the_search_are_scripts_and_use_no_name_twice() {
    for portable in [false, true] {
        let shown =
            Shown::with(&[("index.md", "# Home\n\nText.\n")], |options| options.model.portable = portable);
        let renderer = Renderer::new(&shown.0.site, &shown.0.sources.theme, stamp()).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let mut count = 0;
        for (path, bytes) in renderer.theme_files() {
            let Some(name) = path.strip_prefix("docent/search/").and_then(|path| path.strip_suffix(".js"))
            else {
                continue;
            };
            count += 1;
            let text = String::from_utf8(bytes).unwrap();
            assert!(!text.contains("\n//") && !text.contains("\n/*"), "{name} has comments");
            if portable {
                assert!(!text.contains("import"), "{name} imports");
            }
            // In a module, unlike in a function, no name can be declared twice.
            let body = text.trim_start_matches("(() => {\n'use strict';\n").trim_end_matches("})();\n");
            let file = dir.path().join("script.mjs");
            std::fs::write(&file, body).unwrap();
            let Ok(output) = std::process::Command::new("node").arg("--check").arg(&file).output() else {
                return crate::support::skipped("Node is not installed");
            };
            assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        }
        assert_eq!(count, if portable { 1 } else { 9 });
    }
}
