//! Claims about bad input as the program meets it, and the table of which test holds which fault.

use std::collections::BTreeMap;
use std::path::Path;

use crate::support::{docent, knowledge_base, skipped, write};

const TODAY: [&str; 2] = ["--today", "2026-11-23"];

/// Builds `kb` into `room/site` and returns the exit status, standard error and the files.
fn build(kb: &Path, environment: &[(&str, &str)]) -> (i32, String, BTreeMap<String, String>) {
    let room = tempfile::tempdir().unwrap();
    let mut command = docent();
    command.args(["build", "--out"]).arg(room.path().join("site"));
    command.arg("--cache").arg(room.path().join("cache")).args(TODAY).arg(kb);
    command.envs(environment.iter().copied());
    let output = command.output().unwrap();
    let mut files = BTreeMap::new();
    read(&room.path().join("site"), "", &mut files);
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned(), files)
}

fn read(dir: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for entry in entries.map(Result::unwrap) {
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            read(&entry.path(), &format!("{name}/"), files);
        } else {
            let bytes = std::fs::read(entry.path()).unwrap();
            files.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
}

/// `line:column rule` of each finding, in their order.
fn findings(kb: &Path) -> Vec<String> {
    let output = docent().args(["check", "--format", "json"]).args(TODAY).arg(kb).output().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = json["diagnostics"].as_array().unwrap().iter();
    let place = |f: &serde_json::Value| format!("{}:{}", f["start"]["line"], f["start"]["column"]);
    found.map(|f| format!("{} {}", place(f), f["rule"].as_str().unwrap())).collect()
}

const PAGE: &str = "---\ntitle: Disk full\ntags: [disk]\n---\n\nFree *some* space.\n\n> quoted\n\n```sh\ndf -h\ndu -sh\n```\n\n| a | b |\n|---|---|\n| [x](gone.md) | d |\n";

#[test]
fn line_ends_of_any_system_give_the_same_pages_and_places() {
    let lf = knowledge_base(&[("a.md", PAGE)]);
    let expected = (build(lf.path(), &[]), findings(lf.path()));
    assert!(expected.1.contains(&"17:7 broken-link".to_owned()), "{:?}", expected.1);
    let mixed: String =
        PAGE.lines().zip(["\n", "\r\n"].iter().cycle()).flat_map(|(line, end)| [line, *end]).collect();
    for text in [PAGE.replace('\n', "\r\n"), PAGE.replace('\n', "\r"), mixed, format!("\u{feff}{PAGE}")] {
        let kb = knowledge_base(&[("a.md", &text)]);
        let (_, _, site) = build(kb.path(), &[]);
        assert_eq!(site["a/index.html"], expected.0.2["a/index.html"], "{text:?}");
        assert_eq!(findings(kb.path()), expected.1, "{text:?}");
    }
}

#[test]
fn time_stamps_of_any_year_give_the_same_site() {
    let kb = knowledge_base(&[("a.md", PAGE), ("b.md", "# B\n\n[a](a.md)\n"), ("static/x.txt", "x")]);
    let (_, _, before) = build(kb.path(), &[]);
    for seconds in [0, 4_300_000_000] {
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        for path in ["a.md", "b.md", "static/x.txt"] {
            let file = std::fs::File::options().write(true).open(kb.path().join(path)).unwrap();
            file.set_modified(time).unwrap();
        }
        assert!(build(kb.path(), &[]).2 == before, "{seconds}");
    }
    assert!(before.len() > 5, "{:?}", before.keys());
}

#[test]
fn each_element_that_could_act_is_removed_and_named_at_its_place() {
    for (html, rule_at, gone) in [
        ("<script>x()</script>", 3, "x()"),
        ("<img src=\"p.png\" alt=\"\" onerror=\"x()\">", 3, "onerror"),
        ("<iframe src=\"https://v.example/\"></iframe>", 3, "<iframe"),
        ("<style>p{}</style>", 3, "p{}"),
        ("<object data=\"x\"></object>", 3, "<object"),
        ("<embed src=\"x\">", 3, "<embed"),
        ("<base href=\"//evil.example\">", 3, "evil.example"),
        ("<meta http-equiv=\"refresh\" content=\"0;url=//evil.example\">", 3, "evil.example"),
        ("<svg onload=\"x()\"></svg>", 3, "onload"),
        ("<math><mtext onclick=\"x()\">t</mtext></math>", 3, "<mtext"),
    ] {
        let text = format!("# Page\n\n{html}\n");
        let kb = knowledge_base(&[("a.md", &text), ("p.png", "image")]);
        let found = findings(kb.path());
        let at = format!("{rule_at}:");
        assert!(found.iter().any(|f| f.starts_with(&at) && f.ends_with("unsafe-html")), "{html}: {found:?}");
        let site = build(kb.path(), &[]).2;
        let body = site["a/index.html"].split("<main").nth(1).unwrap().split("</main>").next().unwrap();
        assert!(!body.contains(gone), "{html}: {body}");
    }
}

#[test]
fn a_link_that_could_act_becomes_text_and_is_an_error() {
    for target in [
        "javascript:alert(1)",
        "JAVASCRIPT&colon;alert(1)",
        "java%73cript:alert(1)",
        "data:text/html;base64,PHNjcmlwdD4=",
        "vbscript:x",
        "file:///etc/passwd",
    ] {
        let kb = knowledge_base(&[("a.md", &format!("# Page\n\n[label]({target})\n"))]);
        assert!(
            findings(kb.path()).contains(&"3:9 unsafe-link".to_owned()),
            "{target}: {:?}",
            findings(kb.path())
        );
        let site = build(kb.path(), &[]).2;
        assert!(site["a/index.html"].contains("<p>label</p>"), "{target}: {}", site["a/index.html"]);
    }
}

#[test]
fn headings_without_letters_have_ids_of_their_own() {
    let long = "x".repeat(500);
    let text =
        format!("# Page\n\n##\n\n## 🎉\n\n## `df -h`\n\n## `df -h`\n\n## !!!\n\n## {long}\n\n## Search\n");
    let kb = knowledge_base(&[("a.md", &text)]);
    let site = build(kb.path(), &[]).2;
    let ids: Vec<&str> =
        site["a/index.html"].split("<h2 id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(ids.len(), 7, "{ids:?}");
    let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), 7, "{ids:?}");
    assert_eq!((ids[2], ids[3], ids[6]), ("df--h", "df--h-1", "h-search"));
    assert!(ids.iter().all(|id| !id.is_empty()));
}

#[test]
fn the_numbers_behind_ids_never_make_one_of_the_themes() {
    let text = "# Page\n\n## One {#step}\n\n## Two {#step}\n\n## Step\n\n## Fn {#fn}\n\n## Fn\n\n\
                ## Fnref 1 2\n\n## Step 1 2\n";
    let kb = knowledge_base(&[("a.md", text)]);
    let site = build(kb.path(), &[]).2;
    let ids: Vec<&str> =
        site["a/index.html"].split("<h2 id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(ids, ["step", "h-step-1", "h-step-2", "fn", "h-fn-1", "h-fnref-1-2", "step-1-2"]);
}

#[test]
fn a_page_with_too_many_headings_is_left_out_and_one_with_just_enough_is_published() {
    let (most, more) = ("## a\n".repeat(10_000), "## a\n".repeat(10_001));
    let kb = knowledge_base(&[("most.md", &most), ("more.md", &more), ("index.md", "# Home\n")]);
    let (code, stderr, site) = build(kb.path(), &[]);
    assert_eq!(code, 1, "{stderr}");
    assert!(stderr.contains("error[output-too-large]") && stderr.contains("more.md:10001:1"), "{stderr}");
    assert_eq!(site["most/index.html"].matches("<h2 id=").count(), 10_000);
    assert!(site.contains_key("index.html") && !site.contains_key("more/index.html"));
}

#[test]
fn a_diagram_is_shown_as_code_and_never_run() {
    let text = "# Page\n\n```mermaid\ngraph TD\n  A[<script>x</script>] --> B\n  click A call evil()\n```\n";
    let kb = knowledge_base(&[("a.md", text)]);
    let (code, stderr, site) = build(kb.path(), &[]);
    assert_eq!(code, 0, "{stderr}");
    let html = &site["a/index.html"];
    assert!(html.contains("click A call evil()") && html.contains("&lt;script&gt;x"), "{html}");
    assert!(!html.contains("<script>x"), "{html}");
}

#[test]
fn threads_with_a_small_stack_are_enough() {
    let quotes = format!("{} deep\n", ">".repeat(64));
    let lists: String = (0..30).map(|depth| "  ".repeat(depth) + "- a\n").collect();
    let html = "<div><b>".repeat(3000);
    let strong = "**a *b ".repeat(3000);
    let yaml = format!("---\ntitle: x\nextra: {}{}\n---\n\nText.\n", "[".repeat(60), "]".repeat(60));
    let code = format!("```js\n{}\n```\n", "({[".repeat(3000));
    let kb = knowledge_base(&[
        ("quotes.md", &quotes),
        ("lists.md", &lists),
        ("html.md", &html),
        ("strong.md", &strong),
        ("yaml.md", &yaml),
        ("code.md", &code),
    ]);
    // The frames of a debug build are several times as large.
    let stack = if cfg!(debug_assertions) { "1048576" } else { "262144" };
    let (code, stderr, site) = build(kb.path(), &[("RUST_MIN_STACK", stack)]);
    assert!(matches!(code, 0 | 1), "{code}: {stderr}");
    for page in ["quotes", "lists", "strong", "yaml", "code"] {
        assert!(site.contains_key(&format!("{page}/index.html")), "{page}: {stderr}");
    }
}

#[test]
fn a_site_whose_list_of_files_was_cut_off_is_built_anew_and_the_old_one_kept() {
    let kb = knowledge_base(&[("content/a.md", "# A\n")]);
    let run = || docent().arg("build").arg(kb.path()).args(TODAY).output().unwrap();
    assert_eq!(run().status.code(), Some(0));
    let out = kb.path().join("public");
    let manifest = std::fs::read_to_string(out.join(".docent-manifest.json")).unwrap();
    // A site whose file is named but did not arrive is made whole.
    std::fs::write(out.join("a/index.html"), "").unwrap();
    assert_eq!(run().status.code(), Some(0));
    assert!(std::fs::read_to_string(out.join("a/index.html")).unwrap().contains("</html>"));
    // A list that is cut says no longer what may be deleted: nothing is.
    write(&out, ".docent-manifest.json", &manifest.as_bytes()[..manifest.len() / 2]);
    write(&out, "a/index.html", b"no page of this build");
    write(&out, "CNAME", b"kb.example");
    let output = run();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(stderr.contains("note: the list of files in"), "{stderr}");
    assert!(std::fs::read_to_string(out.join("a/index.html")).unwrap().contains("</html>"));
    let kept = std::fs::read_to_string(kb.path().join("public.damaged/a/index.html")).unwrap();
    assert_eq!(kept, "no page of this build");
    assert_eq!(std::fs::read_to_string(out.join("CNAME")).unwrap(), "kb.example");
    // What is kept is no content of the next build, and the list is whole again.
    let output = run();
    assert_eq!(output.status.code(), Some(0));
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("0 of"),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The disk has room for one block more in each round, so that each write of a build fails once.
#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_is_full_at_any_write_keeps_the_old_site() {
    use std::process::Command;
    let room = tempfile::tempdir().unwrap();
    let disk = room.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(&disk).output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        return skipped("a small file system cannot be mounted here");
    }
    let result = std::panic::catch_unwind(|| {
        let kb = knowledge_base(&[("content/a.md", "# A\n\nOld.\n"), ("content/b.md", "# B\n\nOld.\n")]);
        let out = disk.join("site");
        let run = || {
            let mut command = docent();
            command.args(["build", "--out"]).arg(&out).arg("--cache").arg(disk.join("cache"));
            command.args(TODAY).arg(kb.path()).output().unwrap()
        };
        assert!(run().status.success());
        let site = || {
            let mut files = BTreeMap::new();
            read(&out, "", &mut files);
            files
        };
        let old = site();
        for page in ["a", "b"] {
            write(kb.path(), &format!("content/{page}.md"), format!("# {page}\n\nNew.\n").as_bytes());
        }
        let (mut failed, mut free) = (0, 0);
        loop {
            fill(&disk.join("filler"), free);
            let output = run();
            if output.status.success() {
                break;
            }
            failed += 1;
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{free} bytes: {stderr}");
            assert!(site() == old, "{free} bytes: {stderr}");
            std::fs::remove_file(disk.join("filler")).unwrap();
            let mut names: Vec<_> =
                disk.read_dir().unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names.retain(|name| name != "cache");
            assert_eq!(names, ["site"], "{free} bytes: {stderr}");
            free += 4096;
            assert!(free < 4 << 20, "the build never fits");
        }
        assert!(failed > 2, "only {failed} writes failed");
        assert!(site()["a/index.html"].contains("New."));
    });
    let _ = Command::new("umount").arg(&disk).status();
    result.unwrap();
}

/// Writes a file that leaves `free` bytes of its disk.
#[cfg(target_os = "linux")]
fn fill(path: &Path, free: u64) {
    use std::io::Write;
    let mut file = std::fs::File::create(path).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
    let length = file.metadata().unwrap().len();
    file.set_len(length.saturating_sub(free)).unwrap();
}

/// `tests/FAULTS.md` names for each case tests, or specs of `tests/check`, that exist.
#[test]
fn every_fault_has_a_test_that_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(root.join("tests/FAULTS.md")).unwrap();
    let mut sources = BTreeMap::new();
    for folder in ["src", "tests/suite"] {
        read(&root.join(folder), &format!("{folder}/"), &mut sources);
    }
    let mut cases = Vec::new();
    let mut wrong = Vec::new();
    for line in table.lines().filter(|line| line.starts_with("| ") && !line.contains("---")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let Ok(case) = cells[1].parse::<u32>() else { continue };
        cases.push(case);
        let names: Vec<&str> = cells[3].split('`').skip(1).step_by(2).collect();
        if names.is_empty() && !cells[3].starts_with("later: ") {
            wrong.push(format!("{case}: no test"));
        }
        for name in names {
            let function = format!("fn {name}(");
            let exists = match name.strip_suffix(".md") {
                Some(_) => root.join("tests/check").join(name).is_file(),
                None => sources.values().any(|text| text.contains(&function)),
            };
            if !exists {
                wrong.push(format!("{case}: there is no `{name}`"));
            }
        }
    }
    assert_eq!(cases, (1..=98).chain(103..=111).collect::<Vec<_>>());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
