//! Claims about what is remembered: a run that remembers gives, byte by byte, what one that does not gives.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use docent::pipeline::{self, BuildOptions, LastBuild, Memory};

use crate::support::{docent, knowledge_base, options, run, write};

/// Random scripts that every run of the tests drives; `DOCENT_EDIT_SCRIPTS=2000` drives as many.
const SCRIPTS: u64 = 8;
/// Edits of a script.
const EDITS: usize = 8;

/// Marsaglia's xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    fn one<'v, T>(&mut self, values: &'v [T]) -> &'v T {
        &values[self.below(values.len())]
    }
}

/// All files below a folder, by path.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(dir: &Path, root: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(dir, dir, &mut found);
    found
}

const CONFIG: &str = "title: Kept\ntheme: ours\ntickets:\n  - source: table\n    path: data/tickets.csv\n    \
                      mapping: { id: id, created: created, tags: tags }\n";

fn page(random: &mut Random, title: &str) -> String {
    let tag = random.one(&["disk", "queue", "dns"]);
    let to = random.below(9);
    let weight = random.below(4);
    let body = random.one(&[
        "Free some space.",
        "> [!WARNING]\n> Careful.",
        "```sh\n$ df -h <HOST>\n```",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "- [ ] look\n- [ ] act",
    ]);
    format!(
        "---\ntitle: {title}\ntags: [{tag}]\nweight: {weight}\n---\n\n# {title}\n\n{body}\n\n## See\n\n\
         [other](../b/page-{to}.md#see), [gone](gone-{to}.md), ![dot](../dot.svg)\n"
    )
}

fn site() -> tempfile::TempDir {
    let dir = knowledge_base(&[
        ("docent.yaml", CONFIG),
        ("data/tickets.csv", "id,created,tags\n"),
        ("content/index.md", "# Home\n\nText.\n"),
        ("content/dot.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"2\" height=\"2\"/>\n"),
        ("owners.yaml", "owners:\n  db: { name: Databases }\n"),
    ]);
    std::fs::create_dir_all(dir.path().join("themes/ours/templates/components")).unwrap();
    let mut random = Random(7);
    for number in 0..9 {
        let folder = ["a", "b", "b/c"][number % 3];
        let text = page(&mut random, &format!("Page {number}"));
        write(dir.path(), &format!("content/{folder}/page-{number}.md"), text.as_bytes());
    }
    dir
}

/// The Markdown files of the content directory but the home page.
fn pages(dir: &Path) -> Vec<String> {
    let names = files(&dir.join("content"))
        .into_keys()
        .filter(|name| Path::new(name).extension().is_some_and(|end| end == "md"));
    names.filter(|name| name != "index.md").collect()
}

/// Makes one edit; says which.
fn edit(dir: &Path, random: &mut Random) -> String {
    let content = dir.join("content");
    let all = pages(dir);
    let name = random.one(&all).clone();
    let text = std::fs::read_to_string(content.join(&name)).unwrap();
    let number = random.below(1000);
    let save = |text: String| write(&content, &name, text.as_bytes());
    match random.below(14) {
        0 => save(format!("{text}\nMore {number}.\n")),
        1 => save(text.replacen("title: ", &format!("title: New {number} "), 1)),
        2 => save(page(random, &format!("Other {number}"))),
        3 => save(text.replace("## See", &format!("## See {number}"))),
        4 => save(text.replacen("---\n", "---\ndraft: true\n", 1)),
        5 => save(text.replace('\n', "\r\n")),
        6 if all.len() > 4 => std::fs::remove_file(content.join(&name)).unwrap(),
        7 => {
            let to = content.join(format!("b/page-{}.md", number % 12));
            std::fs::create_dir_all(content.join("b")).unwrap();
            std::fs::rename(content.join(&name), to).unwrap();
        }
        8 => {
            let (from, to) = (content.join("a"), content.join(format!("moved-{number}")));
            if from.is_dir() {
                std::fs::rename(from, to).unwrap();
            } else {
                write(&content, "a/fresh.md", page(random, "Fresh").as_bytes());
            }
        }
        9 => {
            let partial = dir.join("themes/ours/templates/components/foot.html");
            if partial.exists() {
                std::fs::remove_file(partial).unwrap();
            } else {
                write(dir, "themes/ours/templates/components/foot.html", b"<footer>Ours</footer>");
            }
        }
        10 => {
            let more = random.one(&[
                "",
                "language: de\n",
                "heading_ids: kramdown\n",
                "rules: { broken-link: off }\n",
            ]);
            write(dir, "docent.yaml", format!("{CONFIG}{more}").as_bytes());
        }
        11 => {
            let mut rows = String::from("id,created,tags\n");
            for id in 0..random.below(40) {
                let tag = random.one(&["disk", "queue", "dns", "backup"]);
                let _ =
                    writeln!(rows, "{id},2026-{:02}-{:02},{tag}", 1 + random.below(11), 1 + random.below(28));
            }
            write(dir, "data/tickets.csv", rows.as_bytes());
        }
        12 => {
            let size = 1 + random.below(9);
            let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\" height=\"2\"/>\n");
            write(dir, "content/dot.svg", svg.as_bytes());
        }
        _ => return format!("nothing, at {name}"),
    }
    name
}

#[test]
fn what_is_remembered_never_shows_in_a_site() {
    let scripts = std::env::var("DOCENT_EDIT_SCRIPTS").ok().and_then(|count| count.parse().ok());
    for script in 1..=scripts.unwrap_or(SCRIPTS) {
        let dir = site();
        let scratch = tempfile::tempdir().unwrap();
        let at = |name: &str| scratch.path().join(name);
        let memory = Arc::new(Memory::default());
        let remembering = pipeline::Options { memory: Some(Arc::clone(&memory)), ..options(dir.path()) };
        let target = |name: &str, last| BuildOptions {
            out: at(name).join("site"),
            index: at(name).join("index"),
            last,
            ..BuildOptions::default()
        };
        let last = LastBuild { file: at("last.json"), program: "this".into() };
        std::fs::create_dir_all(at("kept")).unwrap();
        let mut random = Random(script.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let mut story = Vec::new();
        for step in 0..EDITS {
            story.push(edit(dir.path(), &mut random));
            let (kept, clean) = (target("kept", Some(last.clone())), target(&format!("clean-{step}"), None));
            std::fs::create_dir_all(at(&format!("clean-{step}"))).unwrap();
            let checked = pipeline::check(&remembering).unwrap();
            let fresh = pipeline::check(&options(dir.path())).unwrap();
            let told =
                |checked: &pipeline::Checked| format!("{:?} {:?}", checked.findings, checked.freshness);
            assert_eq!(told(&checked), told(&fresh), "script {script}: {story:?}");
            let built = pipeline::build(&checked, &remembering, &kept);
            let wanted = pipeline::build(&fresh, &options(dir.path()), &clean);
            assert_eq!(built.is_ok(), wanted.is_ok(), "script {script}: {story:?} {built:?} {wanted:?}");
            if wanted.is_err() {
                continue;
            }
            let (built, wanted) = (files(&kept.out), files(&clean.out));
            let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
            assert_eq!(names(&built), names(&wanted), "script {script}: {story:?}");
            let differs = built.iter().find(|(name, bytes)| wanted[*name] != **bytes);
            assert_eq!(differs.map(|(name, _)| name), None, "script {script}: {story:?}");
        }
    }
}

#[test]
fn a_build_of_what_was_built_last_renders_nothing_and_says_the_same() {
    let dir = knowledge_base(&[
        ("docent.yaml", "title: Kept\n"),
        ("content/index.md", "# Home\n\n[gone](gone.md)\n"),
    ]);
    let build = || run(dir.path(), &["build", "--timings", "--today", "2026-11-23"]);
    let rendered = |told: &str| told.contains("rendering");
    let (code, _, first) = build();
    assert_eq!((code, rendered(&first)), (1, true), "{first}");
    let (code, _, second) = build();
    assert_eq!((code, rendered(&second)), (1, false), "{second}");
    let finding = |told: &str| {
        told.split("error[broken-link]").nth(1).map(|it| it.split("\n\n").next().unwrap().to_owned())
    };
    assert_eq!(finding(&second), finding(&first));
    assert!(second.contains("0 of "), "{second}");
    // Whatever is missing or was changed is made again.
    std::fs::remove_file(dir.path().join("public/404.html")).unwrap();
    let (_, _, third) = build();
    assert!(rendered(&third) && dir.path().join("public/404.html").exists(), "{third}");
    for (path, bytes) in [
        ("content/index.md", "# Home\n\n[gone](away.md)\n"),
        ("docent.yaml", "title: Other\n"),
        ("content/note.txt", "a file that a link may mean"),
        (".docent/last-build.json", "{"),
        ("public/index.html", "somebody else's"),
    ] {
        assert!(!rendered(&build().2), "{path}");
        write(dir.path(), path, bytes.as_bytes());
        assert!(rendered(&build().2), "{path}");
    }
    let (_, _, other_day) = run(dir.path(), &["build", "--timings", "--today", "2026-11-24"]);
    assert!(rendered(&other_day), "{other_day}");
    let elsewhere = docent().current_dir(dir.path()).args(["build", "--out", "other"]).output().unwrap();
    assert!(String::from_utf8_lossy(&elsewhere.stderr).contains("Built 1 page"));
    assert!(dir.path().join("other/index.html").exists());
}
