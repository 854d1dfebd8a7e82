//! Training, jobs and openings, as their users see them.

use docent::pipeline::check;

use crate::support::{corpus, knowledge_base, options};

/// Messages of a rule, by path.
fn messages(dir: &std::path::Path, code: &str) -> Vec<(String, String)> {
    let checked = check(&options(dir)).unwrap();
    let found = checked.findings.iter().filter(|finding| finding.rule.code == code);
    found.map(|finding| (finding.path().unwrap_or_default().to_owned(), finding.message.clone())).collect()
}

#[test]
fn the_job_pages_of_a_real_handbook_are_jobs_and_their_real_faults_are_found() {
    let Some(dir) = corpus("gitlab-support") else { return };
    let checked = check(&options(&dir)).unwrap();
    let jobs = checked.site.pages.iter().filter(|page| page.kind == "job").count();
    assert_eq!(jobs, 217);
    let misspelt = messages(&dir, "misspelt-section");
    assert_eq!(misspelt.len(), 20, "{misspelt:?}");
    assert!(misspelt.iter().all(|(_, message)| !message.starts_with("“Responsibilities”")), "{misspelt:#?}");
    let repeated = messages(&dir, "repeated-description");
    assert_eq!(
        repeated,
        [(
            "job-families/engineering/support-management/index.html.md".to_owned(),
            "“Support Engineer” has this description too".to_owned()
        )]
    );
    assert_eq!(messages(&dir, "missing-section").len(), 17);
}

#[test]
fn a_cause_is_reported_once_however_many_pages_stand_on_it_and_each_of_them_knows_the_way() {
    let module = |id: &str| {
        format!(
            "---\nkind: module\nid: module.{id}\nowners: [\"@ana\"]\nduration: 1h\nuses: [/r.md]\n---\n\nText.\n"
        )
    };
    let names = ["a", "b", "c", "d", "e", "f"];
    let modules: Vec<(String, String)> =
        names.iter().map(|name| (format!("{name}.md"), module(name))).collect();
    let steps: Vec<String> = names.iter().map(|name| format!("module.{name}")).collect();
    let path = format!("---\nkind: path\nowners: [\"@ana\"]\nsteps: [{}]\n---\n\nText.\n", steps.join(", "));
    let mut files: Vec<(&str, &str)> =
        vec![("path.md", &path), ("r.md", "---\nkind: runbook\n---\n\nSee [this](gone.md).\n")];
    files.extend(modules.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let dir = knowledge_base(&files);
    assert_eq!(
        messages(dir.path(), "stands-on"),
        [(
            "r.md".to_owned(),
            "`a.md`, `b.md`, `c.md`, `d.md`, `e.md` and 2 more stand on this page, which is broken \
             (broken-link), so they are doubtful too"
                .to_owned()
        )]
    );
    let checked = check(&options(dir.path())).unwrap();
    let page = checked.site.pages.iter().position(|page| page.kind == "path").unwrap();
    let reasons: Vec<&str> =
        checked.freshness.articles[page].reasons.iter().map(|reason| reason.message.as_str()).collect();
    assert!(reasons.contains(&"stands on a.md → r.md, which is broken: broken-link"), "{reasons:?}");
}

#[test]
fn circles_are_found_in_one_pass_over_thousands_of_modules() {
    let chain = |count: usize| {
        let module = |at: usize| {
            let next = (at + 1) % count;
            let text = format!(
                "---\nkind: module\nid: module.{at}\nneeds: [skill.{next}]\nteaches: [skill.{at}]\n---\n"
            );
            (format!("{at}.md"), text)
        };
        (0..count).map(module).collect::<Vec<_>>()
    };
    let modules = chain(2000);
    let files: Vec<(&str, &str)> =
        modules.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let dir = knowledge_base(&files);
    let circles = messages(dir.path(), "needs-circle");
    assert_eq!(circles.len(), 1);
    assert_eq!(circles[0].1.matches(" needs ").count(), 12);
    assert!(circles[0].1.ends_with(", and so on through 1988 more modules back to it"), "{}", circles[0].1);
}
