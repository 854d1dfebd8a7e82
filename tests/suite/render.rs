//! Claims about the HTML of a page's body, from the text of a page to the whole of its HTML.

use std::path::Path;

use docent::model::Site;
use docent::pipeline::{Options, check};
use docent::render::html::{BodyHtml, render_body};

use crate::support;

/// The site of a knowledge base with these files.
fn site(files: &[(&str, &str)]) -> Site {
    let dir = support::knowledge_base(files);
    site_of(dir.path())
}

fn site_of(dir: &Path) -> Site {
    let mut options = Options::default();
    options.discover.dir = dir.into();
    options.model.today = "2026-01-01".into();
    check(&options).unwrap().site
}

/// The body of the page at `path` of the site.
fn body(site: &Site, path: &str) -> BodyHtml {
    let id = site.pages.iter().position(|page| page.parsed.content_path == path).unwrap();
    render_body(site, id, &site.pages[id].url)
}

/// The body of a page with this text, beside `other.md`, which has the heading `Part`.
fn html(text: &str) -> String {
    let site = site(&[("page.md", text), ("other.md", "# Other\n\n## Part\n"), ("pic.png", "not empty")]);
    body(&site, "page.md").html
}

/// Compares each text with its HTML.
fn expect(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(html(text), *expected, "{text}");
    }
}

#[test]
fn headings_have_an_id_and_a_link_to_themselves() {
    expect(&[
        (
            "## A `b` & c\n",
            "<h2 id=\"a-b--c\">A <code>b</code> &amp; c<a class=\"anchor\" href=\"#a-b--c\" \
             aria-label=\"Link to A b &amp; c\">#</a></h2>\n",
        ),
        (
            "## Search\n",
            "<h2 id=\"h-search\">Search<a class=\"anchor\" href=\"#h-search\" aria-label=\"Link to Search\">#</a></h2>\n",
        ),
    ]);
}

#[test]
fn the_title_is_left_out_where_the_template_shows_it_but_its_id_stays() {
    let site = site(&[
        ("a.md", "# Disk full\n\ntext\n\n## More\n"),
        ("b.md", "---\ntitle: Another\n---\n# Disk full\n\n## More\n\n###### Deep\n"),
    ]);
    let left_out = body(&site, "a.md");
    assert!(left_out.title_left_out);
    assert_eq!(
        left_out.html,
        "<a id=\"disk-full\"></a><p>text</p>\n<h2 id=\"more\">More<a class=\"anchor\" href=\"#more\" \
         aria-label=\"Link to More\">#</a></h2>\n"
    );
    let kept = body(&site, "b.md");
    assert!(!kept.title_left_out);
    let levels: Vec<&str> = kept.html.lines().map(|line| line.split(['>', ' ']).next().unwrap()).collect();
    assert_eq!(levels, ["<h2", "<h3", "<h6"], "{}", kept.html);
    assert!(kept.html.contains("<h6 id=\"deep\" aria-level=\"4\">"));
}

#[test]
fn the_outline_that_is_read_out_has_no_gaps() {
    let html = html("---\ntitle: T\n---\n### A\n\n##### B\n\n## C\n\n### D\n");
    let levels: Vec<&str> = html.lines().map(|line| line.split(" id").next().unwrap()).collect();
    assert_eq!(levels, ["<h3", "<h5", "<h2", "<h3"]);
    let outlined: Vec<&str> = html.split("aria-level=\"").skip(1).map(|rest| &rest[..1]).collect();
    assert_eq!(outlined, ["2", "3"], "{html}");
}

#[test]
fn an_image_that_lies_elsewhere_is_a_link() {
    expect(&[
        (
            "![The map](https://x.example/a.png)\n",
            "<p><a href=\"https://x.example/a.png\" rel=\"noopener\">The map (image)</a></p>\n",
        ),
        (
            "[![The map](https://x.example/a.png)](https://x.example/)\n",
            "<p><a href=\"https://x.example/\" rel=\"noopener\">The map</a></p>\n",
        ),
        (
            "<img src=\"https://x.example/a.png\" alt=\"The map\">\n",
            "<a href=\"https://x.example/a.png\" rel=\"noopener\">The map (image)</a>\n",
        ),
    ]);
}

#[test]
fn links_lead_where_the_model_says() {
    expect(&[
        ("[o](other.md#part)\n", "<p><a href=\"/other/#part\">o</a></p>\n"),
        (
            "[o](https://example.org/a b)\n",
            "<p>[o](<a href=\"https://example.org/a\" rel=\"noopener\">https://example.org/a</a> b)</p>\n",
        ),
        (
            "[o](https://example.org \"T & t\")\n",
            "<p><a href=\"https://example.org\" rel=\"noopener\" title=\"T &amp; t\">o</a></p>\n",
        ),
        ("<a@example.org>\n", "<p><a href=\"mailto:a@example.org\">a@example.org</a></p>\n"),
        ("[o](nowhere.md)\n", "<p><a class=\"dead\">o<span class=\"vh\"> (dead link)</span></a></p>\n"),
        (
            "[o](other.md#parts)\n",
            "<p><a class=\"dead\" href=\"/other/\">o<span class=\"vh\"> (dead link)</span></a></p>\n",
        ),
        ("[o](javascript:alert(1))\n", "<p>o</p>\n"),
        ("[[other]]\n", "<p><a href=\"/other/\">other</a></p>\n"),
    ]);
}

#[test]
fn images_have_their_words_and_wait_to_be_seen() {
    expect(&[
        ("![a *b*](pic.png)\n", "<p><img src=\"/pic.png\" alt=\"a b\" loading=\"lazy\"></p>\n"),
        (
            "![a](pic.png \"The *title*\")\n",
            "<figure><img src=\"/pic.png\" alt=\"a\" loading=\"lazy\"><figcaption>The *title*</figcaption></figure>\n",
        ),
        ("![a](no.png)\n", "<p><a class=\"dead\">a<span class=\"vh\"> (missing image)</span></a></p>\n"),
    ]);
}

#[test]
fn tables_scroll_in_a_frame_with_a_name() {
    expect(&[(
        "| Name | |\n| --- | ---: |\n| a | 1 |\n",
        "<div class=\"tbl\" tabindex=\"0\" role=\"region\" aria-label=\"Table: Name\"><table>\n<thead>\n<tr>\
         <th scope=\"col\">Name</th><td class=\"num\"></td></tr>\n</thead>\n<tbody>\n<tr><td>a</td>\
         <td class=\"num\">1</td></tr>\n</tbody>\n</table></div>\n",
    )]);
}

#[test]
fn alerts_come_from_githubs_form_and_from_kramdowns() {
    let note = "<div class=\"alert note\"><p><svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-note\"/></svg>Note</p>\n\
                <p>text</p>\n</div>\n";
    expect(&[
        ("> [!NOTE]\n> text\n", note),
        ("text\n{: .alert .alert-info}\n", note),
        (
            "> text\n{: .alert .alert-danger}\n",
            "<div class=\"alert caution\"><p><svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-broken\"/></svg>\
             Caution</p>\n<p>text</p>\n</div>\n",
        ),
    ]);
}

#[test]
fn footnotes_are_numbered_in_order_and_lead_back() {
    expect(&[(
        "b[^b] a[^a] b[^b]\n\n[^a]: A\n[^b]: *B*\n",
        "<p>b<sup><a id=\"fnref-1\" href=\"#fn-1\" aria-label=\"Footnote 1\">1</a></sup> \
         a<sup><a id=\"fnref-2\" href=\"#fn-2\" aria-label=\"Footnote 2\">2</a></sup> \
         b<sup><a id=\"fnref-1-2\" href=\"#fn-1\" aria-label=\"Footnote 1\">1</a></sup></p>\n\
         <section class=\"footnotes\" aria-label=\"Footnotes\"><ol>\n\
         <li id=\"fn-1\"><p><em>B</em> <a href=\"#fnref-1\" aria-label=\"Back to the text of footnote 1, 1 of 2\">↩</a> \
         <a href=\"#fnref-1-2\" aria-label=\"Back to the text of footnote 1, 2 of 2\">↩</a></p></li>\n\
         <li id=\"fn-2\"><p>A <a href=\"#fnref-2\" aria-label=\"Back to the text of footnote 2\">↩</a></p></li>\n\
         </ol></section>\n",
    )]);
}

#[test]
fn lists_of_every_sort_are_lists() {
    expect(&[
        ("3. a\n4. b\n", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n"),
        (
            "- [x] a\n- [ ] b\n",
            "<ul>\n<li class=\"task\"><input type=\"checkbox\" disabled checked aria-label=\"Done\"> a</li>\n\
             <li class=\"task\"><input type=\"checkbox\" disabled aria-label=\"To do\"> b</li>\n</ul>\n",
        ),
        ("term\n: words\n", "<dl>\n<dt>term</dt>\n<dd>words</dd>\n</dl>\n"),
    ]);
}

#[test]
fn the_table_of_contents_stands_where_it_was_asked_for() {
    let contents = "<nav class=\"contents\" aria-label=\"Contents\"><ul><li><a href=\"#b\">B</a><ul><li>\
                    <a href=\"#c\">C</a></li></ul></li></ul></nav>\n";
    for mark in ["[[_TOC_]]", "- TOC\n{:toc}", "* TOC\n{:toc .hidden-md}"] {
        let html = html(&format!("# A\n\nfirst\n\n{mark}\n\n## B\n\n### C\n\n### D\n{{:.no_toc}}\n"));
        let (before, after) = html.split_once(contents).unwrap_or_else(|| panic!("{mark}: {html}"));
        assert!(before.ends_with("<p>first</p>\n") && after.starts_with("<h2 id=\"b\">"), "{html}");
    }
}

#[test]
fn formulas_are_mathml_and_those_that_cannot_be_read_stay_as_written() {
    expect(&[
        ("$`x^2`$\n", "<p><math><msup><mi>x</mi><mn>2</mn></msup></math></p>\n"),
        ("```math\nx\n```\n", "<p><math display=\"block\"><mi>x</mi></math></p>\n"),
        ("$`\\nosuch{x}`$\n", "<p><code>\\nosuch{x}</code></p>\n"),
    ]);
}

#[test]
fn no_mark_of_an_old_dialect_is_printed() {
    expect(&[
        ("para\n{: #here .wide style=\"x\"}\n", "<p id=\"here\" class=\"wide\">para</p>\n"),
        ("*a*{: .b1}\n", "<p><em class=\"b1\">a</em></p>\n"),
        ("{::options parse_block_html=\"true\" /}\n\na\n", "<p>a</p>\n"),
        ("{::comment}\nhidden\n{:/comment}\n\na\n", "<p>a</p>\n"),
        ("{::nomarkdown}\n<b>a</b>\n{:/nomarkdown}\n", "<p><b>a</b></p>\n"),
    ]);
    let site = site(&[("page.md", "## A\n{:.no_toc}\n\n## B {#bb}\n\n- TOC\n{:toc}\n\n1. x\n{:.y}\n")]);
    let html = body(&site, "page.md").html;
    assert!(!html.contains("{:") && !html.contains("{#") && !html.contains("no_toc"), "{html}");
    assert!(html.contains("<h2 id=\"bb\">"), "{html}");
}

#[test]
fn templates_in_text_are_text() {
    expect(&[
        ("{{ $labels.type }} is down\n", "<p>{{ $labels.type }} is down</p>\n"),
        ("a <%= partial \"x\" %> b\n", "<p>a &lt;%= partial &quot;x&quot; %&gt; b</p>\n"),
        ("{% include x %} {{< ref \"y\" >}}\n", "<p>{% include x %} {{&lt; ref &quot;y&quot; &gt;}}</p>\n"),
    ]);
}

#[test]
fn raw_html_is_cleaned_and_our_own_parts_survive_it() {
    expect(&[
        ("<div onclick=\"x()\">\n\n*a*\n\n</div>\n", "<div>\n<p><em>a</em></p>\n</div>\n"),
        ("a <script>alert(1)</script> b\n", "<p>a alert(1) b</p>\n"),
        ("<script>\nalert(1)\n</script>\n\nb\n", "<p>b</p>\n"),
        (
            "<a href=\"other.md\">o</a> <a href=\"javascript:x\">p</a>\n",
            "<p><a href=\"/other/\">o</a> <a>p</a></p>\n",
        ),
        (
            "<iframe src=\"https://example.org/v\"></iframe>\n",
            "<a href=\"https://example.org/v\" rel=\"noopener\">https://example.org/v</a>\n",
        ),
        ("use <your-host> here\n", "<p>use &lt;your-host&gt; here</p>\n"),
    ]);
    let both = html("<br>\n\n- [ ] a\n\n> [!TIP]\n> b\n\n```sh\nls\n```\n\n$`x`$\n");
    for kept in [
        "<input type=\"checkbox\" disabled",
        "<use href=\"#i-tip\"/>",
        "<figure class=\"cmd wrap\">",
        "<math>",
    ] {
        assert!(both.contains(kept), "{kept}: {both}");
    }
    assert!(!both.contains("data-slot"), "{both}");
}

#[test]
fn trusted_raw_html_is_kept_whole() {
    let files = [
        ("page.md", "<div style=\"x\" onclick=y>\n<a href='other.md'>o</a>\n</div>\n"),
        ("other.md", "# O\n"),
        ("docent.yaml", "unsafe_html: true\n"),
    ];
    let html = body(&site(&files), "page.md").html;
    assert_eq!(html, "<div style=\"x\" onclick=y>\n<a href='/other/'>o</a>\n</div>\n");
}

#[test]
fn no_page_of_the_manual_or_the_samples_holds_inline_style_or_script() {
    let site = site_of(Path::new(env!("CARGO_MANIFEST_DIR")));
    for (id, page) in site.pages.iter().enumerate() {
        let html = render_body(&site, id, &page.url).html;
        for banned in ["<script", "<style", " style=\"", " onclick=", "javascript:"] {
            assert!(
                !html.contains(banned) || html.contains("&lt;"),
                "{banned} in {}",
                page.parsed.content_path
            );
        }
    }
}

#[test]
fn no_dialect_mark_is_visible_in_the_corpora() {
    for name in ["gitlab-support", "gitlab-runbooks"] {
        let Some(dir) = support::corpus(name) else { continue };
        let site = site_of(&dir);
        assert!(site.pages.len() > 100, "{name}: {}", site.pages.len());
        for (id, page) in site.pages.iter().enumerate() {
            let text = outside_code(&render_body(&site, id, &page.url).html);
            for mark in ["{:.", "{: .", "{:toc", "{: #", "{::", "[[_TOC_]]", "data-slot", "\u{0}"] {
                assert!(!text.contains(mark), "{mark} in {}", page.parsed.content_path);
            }
        }
    }
}

/// HTML without its code.
fn outside_code(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = rest.find("<code") {
        out.push_str(&rest[..at]);
        rest = rest[at..].find("</code>").map_or("", |end| &rest[at + end..]);
    }
    out + rest
}

#[test]
fn hostile_pages_take_no_more_than_their_share() {
    let many = |part: &str, times: usize| part.repeat(times);
    let pages = [
        many("*a **b ", 5_000),
        many("[a](", 5_000),
        many("![", 5_000),
        many("<a><b>", 5_000),
        many("<!-- ", 5_000),
        many("<iframe>", 3_000),
        many("<svg>", 3_000),
        many("<div\n\n", 3_000),
        many("`", 5_000),
        many("`a", 5_000),
        many("| ", 5_000) + "\n" + &many("|-", 5_000) + "\n",
        many("$`{`$ ", 3_000),
        many("&amp;", 5_000),
        many("# a\n\n", 3_000),
        many("[^1]", 3_000) + "\n\n[^1]: x\n",
        many("<p id=a>\n\n", 3_000),
        format!("```rust\n{}\n```\n", many("(((", 20_000)),
        format!("```rust\n{}\n```\n", many("'\"(", 5_000)),
        format!("```bash\n{}\n```\n", many("\"$(", 5_000)),
        format!("```markdown\n{}\n```\n", many("*a _b ", 2_500)),
        format!("```yaml\n{}\n```\n", many("[{a: ", 3_000)),
        format!("```json\n{}\n```\n", many("{\"a\":[", 500)),
        format!("```sh title=\"{}\"\nls\n```\n", many("a=", 5_000)),
        format!("```console\n{}\n```\n", many("$ ls\nx\n", 3_000)),
        format!("```markdown\n{}\n```\n", many("[a](", 200)),
    ];
    for text in pages {
        let site = site(&[("page.md", &text)]);
        let Some(page) = site.pages.first() else { continue };
        let url = page.url.clone();
        let html = support::must_not_hang(&text[..30], move || render_body(&site, 0, &url).html);
        assert!(html.len() < 400 * text.len() + 10_000, "{} bytes for {:?}…", html.len(), &text[..30]);
    }
}

#[test]
fn tables_with_the_same_header_cells_have_names_of_their_own() {
    let table = "| A | B |\n|---|---|\n| 1 | 2 |\n\n";
    let site = site(&[("page.md", &format!("{table}{table}| C |\n|---|\n| 1 |\n"))]);
    let html = render_body(&site, 0, "/page/").html;
    let names: Vec<&str> =
        html.split("aria-label=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(names, ["Table: A, B", "Table 2: A, B", "Table: C"]);
}

#[test]
fn an_image_has_its_size_and_a_wide_one_can_be_looked_at_in_full() {
    let png = |width: u32| {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(200u32.to_be_bytes());
        bytes
    };
    let text = "![Small](small.png) ![Wide](wide.png) [![Wide](wide.png)](other.md)\n";
    let dir = support::knowledge_base(&[("page.md", text), ("other.md", "# Other\n")]);
    support::write(dir.path(), "small.png", &png(300));
    support::write(dir.path(), "wide.png", &png(1000));
    let html = body(&site_of(dir.path()), "page.md").html;
    let wide = "<img src=\"/wide.png\" alt=\"Wide\" width=\"1000\" height=\"200\" loading=\"lazy\">";
    assert_eq!(
        html,
        format!(
            "<p><img src=\"/small.png\" alt=\"Small\" width=\"300\" height=\"200\" loading=\"lazy\"> \
             <a class=\"zoom\" href=\"/wide.png\">{wide}</a> <a href=\"/other/\">{wide}</a></p>\n"
        )
    );
}
