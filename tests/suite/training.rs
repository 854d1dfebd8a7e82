//! Training, jobs and openings, as their users see them.

mod pages;

use docent::pipeline::check;

use crate::support::{corpus, knowledge_base, options, run};

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

#[test]
fn paths_are_shown_with_times_states_and_choices_and_found_by_id_and_by_file() {
    let module = |id: &str, more: &str| {
        format!(
            "---\ntitle: Module {id}\nkind: module\nid: module.{id}\nowners: [\"@ana\"]\n{more}---\n\nText.\n"
        )
    };
    let files = [
        ("docent.yaml", "rules: { no-title: off }\n".to_owned()),
        ("a.md", module("a", "duration: 2h\nteaches: [skill.a@2]\nuses: [/r.md]\n")),
        ("b.md", module("b", "duration: 1d\nneeds: [skill.a@2]\n")),
        ("c.md", module("c", "duration: 3h\n")),
        ("r.md", "---\nkind: runbook\n---\n\nSee [this](gone.md).\n".to_owned()),
        (
            "path.md",
            "---\ntitle: Onboarding\nkind: path\nid: path.on\nowners: [\"@ana\"]\noutcome: Stands alone\nsteps:\n  - \
             use: module.a\n  - { choose: 1, of: [module.b, module.c, module.gone] }\n  - { use: module.c, optional: \
             true }\n  - checkpoint: { sign_off: manager, text: First shift }\n---\n\nText.\n"
                .to_owned(),
        ),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let dir = knowledge_base(&files);
    let shown = "Onboarding (path.on): 1½ days, broken
  at the end: Stands alone
  broken because: the step `module.gone` does not exist
  1. Module a (module): 2 h, doubtful
  2. 1 of 3:
     - Module b (module): 1 day, due; needs skill.a@2
     - Module c (module): 3 h, due
     - module.gone: does not exist
  3. Module c (module): 3 h, due, optional
  4. checkpoint, signed by manager: First shift
";
    for id in ["path.on", "path.md", "/path.md"] {
        let (code, out, err) = run(dir.path(), &["path", id, "--today", "2026-11-23"]);
        assert_eq!((code, out.as_str(), err.as_str()), (0, shown, ""), "{id}");
    }
    let (code, _, err) = run(dir.path(), &["path", "path.no"]);
    assert_eq!((code, err.trim()), (2, "error: there is no path `path.no`; did you mean `path.on`?"));
    let (_, out, _) = run(dir.path(), &["path", "--format", "json", "--today", "2026-11-23"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["schema"], 1);
    let path = &json["paths"][0];
    assert_eq!((&path["minutes"], &path["state"]), (&600.into(), &"broken".into()));
    let step = &path["steps"][1];
    assert_eq!(
        (&step["step"], &step["choose"], &step["missing"][0]),
        (&"take".into(), &1.into(), &"module.gone".into())
    );
    assert_eq!(step["of"][0]["needs"][0], "skill.a@2");
    assert_eq!(path["steps"][3]["sign_off"], "manager");
}

#[test]
fn skills_are_shown_with_who_teaches_and_asks_for_them_and_the_gaps() {
    let dir = knowledge_base(&[
        (
            "a.md",
            "---\ntitle: A\nkind: module\nteaches: [skill.a]\nneeds: [skill.b]\nduration: 1h\n---\n\nText.\n",
        ),
        ("jobs/j.md", "---\ntitle: Engineer\nrequires: [skill.a@2]\n---\n\nText.\n"),
    ]);
    let (code, out, err) = run(dir.path(), &["skills", "--today", "2026-11-23"]);
    let shown = "skill.a: taught to level 1, asked for at 2
  taught by A (level 1, 1 h, due)
  asked for by Engineer (level 2)
skill.b: nothing teaches it
  needed by A (level 1, 1 h, due)
";
    assert_eq!((code, out.as_str(), err.as_str()), (0, shown, ""));
    let (_, out, _) = run(dir.path(), &["skills", "--format", "json", "--today", "2026-11-23"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let skill = &json["skills"][0];
    assert_eq!(
        (&skill["skill"], &skill["taught"], &skill["asked"]),
        (&"skill.a".into(), &1.into(), &2.into())
    );
    assert_eq!(skill["required_by"][0]["path"], "jobs/j.md");
}
