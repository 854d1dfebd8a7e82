//! Records of who completed what: private, whatever the site holds; and what follows from them.

use std::io::Read;
use std::path::{Path, PathBuf};

use docent::pipeline::check;
use docent::training::people::People;
use serde_json::Value;

use crate::support::{commit, git, knowledge_base, options, run, write};

const MODULE: &str = "---\nkind: module\nid: module.linux\ntitle: Linux\nowners: [\"@vijay\"]\nduration: 10 min\n\
                      teaches: [skill.linux@2]\n---\n\nText. [Records](/people/2026.yml)\n";
const RECORDS: &str =
    "- { person: Zquillemot, module: module.linux, date: 2026-09-01, verified_by: Xanthorrhiza }\n";

/// Every file below a folder.
fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Files in which a name stands, in any case, packed ones too. Lists of words leave out what a word
/// shares with the one before it, so the first two letters are not looked for.
fn files_with(dir: &Path, name: &str) -> Vec<PathBuf> {
    let name = name.to_lowercase().into_bytes();
    let holds = |path: &PathBuf| {
        let mut bytes = std::fs::read(path).unwrap();
        // What the search in a browser reads is packed behind a head of eight bytes.
        let mut unpacked = Vec::new();
        if flate2::read::DeflateDecoder::new(bytes.get(8..).unwrap_or_default())
            .read_to_end(&mut unpacked)
            .is_ok()
        {
            bytes.extend(unpacked);
        }
        bytes.make_ascii_lowercase();
        // Four letters stand in any picture by chance.
        let is_picture = path.extension().is_some_and(|ending| ending == "png");
        let tail = if is_picture { &name[..] } else { &name[2..] };
        bytes.windows(tail.len()).any(|window| window == tail)
            || path.to_string_lossy().to_lowercase().as_bytes().windows(name.len()).any(|w| w == name)
    };
    files(dir).into_iter().filter(holds).collect()
}

#[test]
fn no_byte_of_a_public_build_names_anybody_who_completed_something() {
    let configs = [
        // The folder that the config names, which stands among the content, and may be an asset.
        (
            "content/people",
            "training: { completions: content/people }\nassets: [\"**/*.yml\", \"people/**\"]\n",
        ),
        // The folder that is found by itself, beside the content and in a content directory without a name.
        ("completions", "assets: [\"**/*\"]\n"),
        ("completions", "content: .\nassets: [\"**/*\"]\n"),
        // Among the files that are copied as they are.
        ("static/people", "training: { completions: static/people }\n"),
    ];
    for (folder, config) in configs {
        let dir = knowledge_base(&[("docent.yaml", config), ("content/linux.md", MODULE)]);
        write(dir.path(), &format!("{folder}/2026.yml"), RECORDS.as_bytes());
        write(dir.path(), &format!("{folder}/more/2025.YAML"), RECORDS.replace("2026", "2025").as_bytes());
        git(dir.path(), 1, "Ana", &["init", "-q"]);
        commit(dir.path(), 1, "Ana");
        let args = ["build", "--out", "public", "--base-url", "https://kb.example/", "--today", "2026-11-23"];
        let (code, _, err) = run(dir.path(), &args);
        assert!(code < 2 && dir.path().join("public/build.json").is_file(), "{config}: {err}");
        let index = dir.path().join(".docent");
        for name in ["Zquillemot", "Xanthorrhiza"] {
            assert_eq!(files_with(&dir.path().join("public"), name), Vec::<PathBuf>::new(), "{config}");
            assert_eq!(files_with(&index, name), Vec::<PathBuf>::new(), "{config}");
        }
        let (_, out, _) = run(dir.path(), &["search", "zquillemot", "--format", "json"]);
        assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["total"], 0, "{config}: {out}");
        // The record was read, so it is not missing for want of reading.
        let (_, out, _) = run(dir.path(), &["skills", "--today", "2026-11-23"]);
        assert!(out.contains("known by Zquillemot alone"), "{config}: {out}");
        // A page that names somebody is found by the same search, in the index and in the files of the
        // search in a browser too.
        write(dir.path(), "content/more.md", b"# More\n\nAsk Zquillemot.\n");
        run(dir.path(), &args);
        let found = files_with(&dir.path().join("public"), "Zquillemot");
        assert!(found.iter().any(|path| path.ends_with("index.html")), "{found:?}");
        assert!(found.iter().any(|path| path.to_string_lossy().contains("public/s/")), "{found:?}");
    }
}

#[test]
fn a_link_to_records_is_one_to_something_private() {
    let dir = knowledge_base(&[
        ("docent.yaml", "training: { completions: content/people }\n"),
        ("content/linux.md", MODULE),
        ("content/people/2026.yml", RECORDS),
        ("content/people/notes.md", "# Notes on people\n"),
    ]);
    let checked = check(&options(dir.path())).unwrap();
    assert!(checked.findings.iter().any(|finding| finding.rule.code == "link-to-private"));
    assert_eq!(checked.site.pages.len(), 1, "pages beside records are private too");
}

#[test]
fn records_among_what_is_published_are_refused_at_the_word_in_the_config() {
    let cases = [
        (
            "training: { completions: content }\n",
            "1:26 records of completions are private, and `content` is published",
        ),
        ("training: { completions: . }\n", "1:26 `training.completions` cannot be the knowledge base itself"),
        (
            "training: { completions: ../people }\n",
            "1:26 `training.completions` must lie in the knowledge base",
        ),
        ("training: { completions: peple }\n", "1:26 the folder `peple` does not exist"),
        ("training: { completion: people }\n", "1:13 `training` has no key `completion`"),
        ("training: { issues: git.example }\n", "1:21 "),
    ];
    for (config, expected) in cases {
        let dir = knowledge_base(&[("docent.yaml", config), ("content/a.md", "# A\n"), ("people/a.yml", "")]);
        let (code, out, err) = run(dir.path(), &["check"]);
        assert_eq!(code, 2, "{config}: {err}");
        let (place, message) = expected.split_once(' ').unwrap();
        let shown = format!("docent.yaml:{place}\n");
        assert!(out.contains(&shown) && out.contains(message), "{config}: {out}");
    }
}

#[test]
fn records_that_are_too_large_too_many_or_hostile_are_named_and_stop_nothing() {
    let dir = knowledge_base(&[("content/linux.md", MODULE)]);
    let bomb = (1..12).fold("- &a0 [x, x]\n".to_owned(), |bomb, at| {
        format!("{bomb}- &a{at} [{}]\n", vec![format!("*a{}", at - 1); 9].join(", "))
    });
    for (path, text) in [
        ("completions/bomb.yml", bomb),
        ("completions/deep.yml", format!("{}x{}\n", "[".repeat(500), "]".repeat(500))),
        ("completions/huge.yml", format!("# {}\n", "x".repeat(5 << 20))),
        ("completions/many.yml", "- 1\n".repeat(100_001)),
        ("completions/two.yml", "--- []\n--- []\n".to_owned()),
    ] {
        write(dir.path(), path, text.as_bytes());
    }
    write(dir.path(), "completions/bytes.yml", b"- { person: \xff }\n");
    std::os::unix::fs::symlink("/etc/passwd", dir.path().join("completions/outside.yml")).unwrap();
    let checked = check(&options(dir.path())).unwrap();
    let of = |path: &str| {
        let found = checked.findings.iter().filter(|f| f.path() == Some(&format!("completions/{path}")));
        found.map(|finding| finding.rule.code).collect::<Vec<_>>()
    };
    for (path, rule) in [
        ("bomb.yml", "invalid-completion"),
        ("deep.yml", "invalid-completion"),
        ("two.yml", "invalid-completion"),
        ("huge.yml", "unreadable-file"),
        ("bytes.yml", "invalid-utf8"),
        ("outside.yml", "symlink-outside"),
    ] {
        assert_eq!(of(path), [rule], "{path}");
    }
    assert_eq!(of("many.yml").len(), 100_001);
    assert_eq!(checked.site.pages.len(), 1);

    let dir = knowledge_base(&[("content/linux.md", MODULE)]);
    for number in 0..2001 {
        write(dir.path(), &format!("completions/{number:04}.yml"), b"");
    }
    let checked = check(&options(dir.path())).unwrap();
    let found = checked.findings.iter().find(|finding| finding.rule.code == "invalid-completion").unwrap();
    assert_eq!(found.path(), Some("completions/2000.yml"));
}

/// A team of four with completions of two modules, the second of which git never saw.
fn team() -> tempfile::TempDir {
    let module = |id: &str, more: &str| {
        format!(
            "---\nkind: module\nid: module.{id}\ntitle: {id}\nowners: [\"@vijay\"]\nduration: 1h\n{more}---\n\nText.\n"
        )
    };
    let dir = knowledge_base(&[
        ("docent.yaml", "rules: { no-title: off }\n"),
        (
            "owners.yaml",
            "owners:\n  db: { name: Database team, members: [\"@ana\", Bo] }\n  ops: { members: [\"@vijay\"] }\n",
        ),
        ("content/linux.md", &module("linux", "teaches: [skill.linux@2]\n")),
        (
            "content/path.md",
            "---\nkind: path\nowners: [\"@vijay\"]\nrefresh_every: 90d\nsteps: [module.linux, module.sql]\n---\n\nT.\n",
        ),
        (
            "completions/a.yml",
            "- { person: \"@Ana\", module: module.linux, date: 2023-05-01, level: 1 }\n\
             - { person: ana, module: module.linux, date: 2026-10-01, verified_by: \"@vijay\" }\n\
             - { person: Bo, module: module.linux, date: 2023-12-01 }\n\
             - { person: Cem, module: module.linux, date: 2024-02-01 }\n\
             - { person: Dia, module: module.sql, date: 2026-03-01 }\n",
        ),
    ]);
    git(dir.path(), 1, "Ana", &["init", "-q"]);
    commit(dir.path(), 1, "Ana");
    write(dir.path(), "content/sql.md", module("sql", "teaches: [skill.sql]\n").as_bytes());
    dir
}

#[test]
fn who_knows_what_whom_to_ask_and_what_to_refresh_follow_from_the_newest_records() {
    let dir = team();
    let checked = check(&options(dir.path())).unwrap();
    let people = People::of(&checked.site, &checked.completions);
    let names: Vec<&str> = people.all.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["ana", "Bo", "Cem", "Dia"]);
    let linux: Vec<_> = people.skills["skill.linux"]
        .iter()
        .map(|holder| (names[holder.person], holder.level, holder.verified, holder.is_due))
        .collect();
    // The module changed in January 2024, after Bo took it and before Cem did.
    assert_eq!(linux, [("ana", 2, true, false), ("Bo", 2, false, true), ("Cem", 2, false, false)]);
    let ask: Vec<&str> = people.whom_to_ask("skill.linux").iter().map(|one| names[one.person]).collect();
    assert_eq!(ask, ["ana", "Cem", "Bo"]);
    // Whether a page without history changed, nobody can say, so it is not called fresh.
    let due: Vec<_> =
        people.due().iter().map(|(person, done)| (person.name.clone(), done.refresh.unwrap())).collect();
    let due: Vec<_> = due.iter().map(|(name, at)| (name.as_str(), at.on.to_string(), at.changed)).collect();
    assert_eq!(due, [("Bo", "2024-02-29".to_owned(), Some(true)), ("Dia", "2026-05-30".to_owned(), None)]);
}

#[test]
fn the_skill_matrix_is_printed_and_is_the_same_as_json() {
    let dir = team();
    let (code, out, err) = run(dir.path(), &["skills", "--today", "2026-11-23"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let expected = "\
skill.linux
  taught by linux (level 2, 1 h, due)
  known by 3 people, 1 of them to be refreshed; ask ana, Cem, Bo
skill.sql
  taught by sql (level 1, 1 h, due)
  known by Dia alone (bus factor 1; to be refreshed)

Team Database team: ana, Bo
  skill.linux: 2 people, up to level 2, 1 to be refreshed
  skill.sql: nobody

Team no team: Cem, Dia
  skill.linux: 1 person, level 2
  skill.sql: 1 person, level 1, 1 to be refreshed

To be refreshed
  Bo: linux, completed 2023-12-01, due since 2024-02-29; the module changed since
  Dia: sql, completed 2026-03-01, due since 2026-05-30; nobody can say whether the module changed since
";
    assert_eq!(out, expected);
    let (_, out, _) = run(dir.path(), &["skills", "--format", "json", "--today", "2026-11-23"]);
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["skills"][0]["bus_factor"], 3);
    assert_eq!(json["skills"][1]["ask"], serde_json::json!(["Dia"]));
    assert_eq!(json["skills"][0]["known_by"][0]["verified"], true);
    assert_eq!(json["teams"][0]["team"], "db");
    assert_eq!(json["teams"][1]["skills"][1]["due"], 1);
    assert_eq!(json["refresh"][1]["changed"], Value::Null);
}

#[test]
fn the_sample_has_six_people_two_due_and_one_skill_that_one_person_has_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (code, out, err) = run(root, &["skills", "--format", "json", "--today", "2026-11-23"]);
    assert_eq!(code, 0, "{err}");
    let json: Value = serde_json::from_str(&out).unwrap();
    let due: Vec<&str> =
        json["refresh"].as_array().unwrap().iter().map(|one| one["person"].as_str().unwrap()).collect();
    assert_eq!(due, ["@solveig", "@wiremu"]);
    let alone = json["skills"].as_array().unwrap().iter().filter(|skill| skill["bus_factor"] == 1);
    assert_eq!(alone.map(|skill| skill["skill"].as_str().unwrap()).collect::<Vec<_>>(), ["skill.incidents"]);
    let people: usize =
        json["teams"].as_array().unwrap().iter().map(|team| team["members"].as_array().unwrap().len()).sum();
    assert_eq!(people, 6);
}

#[test]
fn the_built_sample_names_none_of_the_six() {
    let out = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (site, cache) = (out.path().join("site"), out.path().join("cache"));
    let args = [
        "build",
        "--today",
        "2026-11-23",
        "--out",
        site.to_str().unwrap(),
        "--cache",
        cache.to_str().unwrap(),
    ];
    let (code, _, err) = run(root, &args);
    assert!(code < 2, "{err}");
    let records = std::fs::read_to_string(root.join("content/completions/2026.yml")).unwrap();
    let mut names: Vec<&str> =
        records.split("person: \"@").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 6);
    for name in &names {
        let found = files_with(out.path(), name);
        assert_eq!(found, Vec::<PathBuf>::new(), "{name}");
    }
    assert!(site.join("training/modules/linux-basics/index.html").is_file());
}

#[test]
fn an_id_that_changed_is_found_in_a_knowledge_base_below_the_repository_before_it_is_committed() {
    let dir = knowledge_base(&[("kb/content/ä b.md", MODULE), ("kb/content/linux.md", MODULE)]);
    git(dir.path(), 1, "Ana", &["init", "-q"]);
    commit(dir.path(), 1, "Ana");
    let kb = dir.path().join("kb");
    write(&kb, "content/linux.md", MODULE.replace("module.linux", "module.unix").as_bytes());
    write(&kb, "content/ä b.md", MODULE.replace("module.linux", "module.b").as_bytes());
    let changed = |dir: &Path| -> Vec<String> {
        let findings = check(&options(dir)).unwrap().findings;
        let changed = findings.into_iter().filter(|finding| finding.rule.code == "id-changed");
        changed.map(|finding| finding.path().unwrap().to_owned()).collect()
    };
    assert_eq!(changed(&kb), ["content/linux.md", "content/ä b.md"]);
    write(&kb, "content/linux.md", MODULE.as_bytes());
    assert_eq!(changed(&kb), [""; 0], "the id is on a page again");
}
