//! The default theme, compiled in. The list is the folder: a test holds the two together.

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../themes/default/templates/", $name)))),*]
    };
}

macro_rules! statics {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_bytes!(concat!("../../../themes/default/static/", $name)).as_slice())),*]
    };
}

/// Templates by name.
pub(super) static TEMPLATES: &[(&str, &str)] = &templates![
    "404.html",
    "all.html",
    "base.html",
    "components/backlinks.html",
    "components/brand.html",
    "components/crumbs.html",
    "components/facts.html",
    "components/fields.html",
    "components/foot.html",
    "components/head.html",
    "components/icons.svg",
    "components/lesson.html",
    "components/menu.html",
    "components/meta.html",
    "components/nav.html",
    "components/pager.html",
    "components/pick.html",
    "components/queue.html",
    "components/rows.html",
    "components/spark.html",
    "components/search.html",
    "components/tags.html",
    "components/toc.html",
    "components/step.html",
    "components/top.html",
    "components/trust.html",
    "components/values.html",
    "components/why.html",
    "feed.xml",
    "freshness.html",
    "home.html",
    "job.html",
    "kind.html",
    "module.html",
    "opening.html",
    "owner.html",
    "owners.html",
    "page.html",
    "path.html",
    "redirect.html",
    "robots.txt",
    "section.html",
    "skills.html",
    "sitemap-index.xml",
    "sitemap.xml",
    "tag.html",
    "tags.html",
];

/// Static files by name.
pub(super) static STATIC: &[(&str, &[u8])] = &statics![
    "mark.svg",
    "offline.js",
    "page.js",
    "print.css",
    "run.js",
    "search/after.js",
    "search/core.js",
    "search/dialog.js",
    "search/disk.js",
    "search/english.js",
    "search/excerpt.js",
    "search/files.js",
    "search/folding.js",
    "search/help.js",
    "search/mend.js",
    "search/page.js",
    "search/paste.js",
    "search/plan.js",
    "search/query.js",
    "search/rank.js",
    "search/search.css",
    "search/state.js",
    "search/tokens.js",
    "theme.css",
    "theme.js",
    "tokens.css",
    "worker-off.js",
    "worker.js",
];
