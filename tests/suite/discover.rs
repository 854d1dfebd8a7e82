//! Claims about what is read from disk.

mod history;

use std::path::Path;

use docent::diagnostic::Diagnostic;
use docent::discover::{DiscoverOptions, Sources, WithheldWhy, discover, read_file};
use docent::error::Error;

use crate::support::{corpus, docent_as_nobody, knowledge_base, skipped, write};

fn read(dir: &Path) -> (Sources, Vec<Diagnostic>) {
    discover(&DiscoverOptions { dir: dir.to_owned(), ..DiscoverOptions::default() }).unwrap()
}

fn paths(sources: &Sources) -> Vec<&str> {
    sources.pages.iter().map(|page| page.path()).collect()
}

/// `path: code` of each finding.
fn codes(findings: &[Diagnostic]) -> Vec<String> {
    findings.iter().map(|f| format!("{}: {}", f.path().unwrap_or_default(), f.rule.code)).collect()
}

#[test]
fn the_tree_is_sorted_into_pages_files_folders_and_what_is_withheld() {
    let kb = knowledge_base(&[
        ("content/b/two.html.md", "# Two"),
        ("content/a.md", "# A"),
        ("content/b/index.html.md.erb", "# B"),
        ("content/b/plan.png", "png"),
        ("content/.git/config", "x"),
        ("content/node_modules/x.md", "x"),
        ("content/server.pem", "x"),
        ("content/a.md~", "x"),
        ("static/robots.txt", "x"),
        ("static/.well-known/security.txt", "x"),
        ("static/readme.md", "x"),
        ("README.md", "not content"),
        ("public/.docent-manifest.json", "{}"),
    ]);
    let (sources, findings) = read(kb.path());
    assert_eq!(codes(&findings), [""; 0]);
    assert_eq!(sources.content_dir, "content");
    assert_eq!(paths(&sources), ["content/a.md", "content/b/index.html.md.erb", "content/b/two.html.md"]);
    let files: Vec<_> = sources.files.iter().map(|file| (file.path.as_str(), file.is_static)).collect();
    let expected = [
        ("content/b/plan.png", false),
        ("static/.well-known/security.txt", true),
        ("static/readme.md", true),
        ("static/robots.txt", true),
    ];
    assert_eq!(files, expected);
    assert_eq!(sources.folders, ["content/b"]);
    let withheld: Vec<_> = sources.withheld.iter().map(|w| w.path.as_str()).collect();
    assert_eq!(withheld, ["content/.git", "content/a.md~", "content/node_modules", "content/server.pem"]);
    assert!(sources.withheld.iter().all(|w| w.why == WithheldWhy::Private));
    assert_eq!(read_file(&sources.dir, &sources.files[0]).unwrap(), b"png");
}

#[test]
fn a_folder_without_any_configuration_is_content_itself() {
    let kb = knowledge_base(&[
        ("index.md", "# Home"),
        ("public/.docent-manifest.json", "{}"),
        ("public/index.html", "built"),
        ("themes/default/templates/page.html", "{{ page }}"),
        ("CODEOWNERS", "* @sre"),
        ("owners.yaml", "team: x"),
        ("docent.yaml", ""),
        ("docs/x.md", "# X"),
    ]);
    let (sources, findings) = read(kb.path());
    assert_eq!(codes(&findings), [""; 0]);
    assert_eq!(sources.content_dir, "");
    assert_eq!(paths(&sources), ["docs/x.md", "index.md"]);
    assert_eq!(sources.folders, ["docs"]);
    let withheld: Vec<_> = sources.withheld.iter().map(|w| w.path.as_str()).collect();
    assert_eq!(withheld, ["docent.yaml", "public", "themes"]);
    assert_eq!(sources.theme.len(), 1);
    assert_eq!(sources.theme[0].path, "templates/page.html");
    assert_eq!(sources.codeowners.unwrap().text(), "* @sre");
    assert_eq!(sources.owners.unwrap().path(), "owners.yaml");
}

#[test]
fn the_corpora_are_read_whole() {
    for (name, pages) in [("gitlab-support", 200), ("gitlab-runbooks", 400)] {
        let Some(dir) = corpus(name) else { continue };
        let (sources, findings) = read(&dir);
        assert!(sources.pages.len() > pages, "{name}: {}", sources.pages.len());
        assert_eq!(codes(&findings), [""; 0], "{name}");
    }
}

#[test]
fn names_that_some_system_cannot_hold_are_errors_on_all() {
    let kb = tempfile::tempdir().unwrap();
    for path in ["CON.md", "aux/a.md", "a:b.md", "dot./x.md", "fine.md"] {
        write(kb.path(), path, b"# A");
    }
    let (sources, findings) = read(kb.path());
    assert_eq!(
        codes(&findings),
        ["CON.md", "a:b.md", "aux", "dot."].map(|path| format!("{path}: file-name-not-portable"))
    );
    assert_eq!(sources.pages.len(), 5);
}

#[test]
fn names_that_some_system_cannot_hold_stay_pages_and_are_named_once() {
    let kb = knowledge_base(&[("aux/a.md", "# A"), ("aux/b.md", "# B")]);
    let (sources, findings) = read(kb.path());
    assert_eq!(codes(&findings), ["aux: file-name-not-portable"]);
    assert_eq!(sources.pages.len(), 2);
}

/// What stands where, and what the run says of it.
#[cfg(unix)]
#[test]
fn links_are_followed_once_inside_and_never_outside() {
    use std::os::unix::fs::symlink;
    let room = tempfile::tempdir().unwrap();
    let kb = room.path().join("kb");
    write(&kb, "a.md", b"# A");
    write(&kb, "shared/s.md", b"# S");
    write(&kb, ".secret/key.md", b"# Key");
    write(&kb, "drafts/.env", b"TOKEN=x");
    write(room.path(), "outside/o.md", b"# Outside");
    std::fs::create_dir(kb.join("v1")).unwrap();
    for (target, link) in [
        ("../outside/o.md", "file-outside.md"),
        ("../outside", "folder-outside"),
        ("/etc/passwd", "absolute.md"),
        ("/proc", "proc"),
        ("../shared", "v1/shared"),
        ("a.md", "copy.md"),
        (".", "self"),
        ("..", "v1/up"),
        ("loop.md", "loop.md"),
        ("gone.md", "dangling.md"),
        (".secret", "public"),
        ("drafts/.env", "settings.txt"),
        ("copy.md", "chain.md"),
    ] {
        symlink(target, kb.join(link)).unwrap();
    }
    let (sources, findings) = read(&kb);
    let mut codes = codes(&findings);
    codes.sort();
    let expected = [
        "absolute.md: symlink-outside",
        "dangling.md: unreadable-file",
        "file-outside.md: symlink-outside",
        "folder-outside: symlink-outside",
        "loop.md: symlink-loop",
        "proc: symlink-outside",
        "self: symlink-loop",
        "v1/up: symlink-outside",
    ];
    // `v1/up` leads to the knowledge base itself, which holds it.
    let expected = expected.map(|line| line.replace("v1/up: symlink-outside", "v1/up: symlink-loop"));
    assert_eq!(codes, expected);
    assert_eq!(paths(&sources), ["a.md", "chain.md", "copy.md", "shared/s.md", "v1/shared/s.md"]);
    let private: Vec<_> = sources.withheld.iter().filter(|w| w.why == WithheldWhy::Private).collect();
    let private: Vec<_> = private.iter().map(|w| w.path.as_str()).collect();
    assert_eq!(private, [".secret", "drafts/.env", "public", "settings.txt"]);
    assert!(sources.files.is_empty(), "{:?}", sources.files);
}

#[cfg(unix)]
#[test]
fn folders_that_link_to_each_other_end() {
    use std::os::unix::fs::symlink;
    let kb = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..12).map(|n| format!("f{n}")).collect();
    for name in &names {
        write(kb.path(), &format!("{name}/page.md"), b"# P");
        for other in names.iter().filter(|other| *other != name) {
            symlink(format!("../{other}"), kb.path().join(name).join(other)).unwrap();
        }
    }
    let (sources, findings) = read(kb.path());
    assert!(sources.pages.len() <= 12 + 1000, "{}", sources.pages.len());
    assert!(findings.iter().all(|f| f.rule.code == "symlink-loop"));
    assert!(!findings.is_empty());
}

#[cfg(unix)]
#[test]
fn pipes_sockets_and_devices_are_skipped_without_waiting() {
    let kb = knowledge_base(&[("a.md", "# A")]);
    let pipe = kb.path().join("pipe.md");
    assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(kb.path().join("socket.md")).unwrap();
    let device =
        std::process::Command::new("mknod").arg(kb.path().join("zero.md")).args(["c", "1", "5"]).status();
    let mut expected = vec!["pipe.md: special-file", "socket.md: special-file"];
    if device.is_ok_and(|status| status.success()) {
        expected.push("zero.md: special-file");
    }
    let (sources, findings) = read(kb.path());
    assert_eq!(codes(&findings), expected);
    assert_eq!(paths(&sources), ["a.md"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_named_and_the_others_are_checked() {
    use std::os::unix::fs::PermissionsExt;
    let kb = knowledge_base(&[("a.md", "# A"), ("closed.md", "# C"), ("shut/b.md", "# B"), ("z.md", "# Z")]);
    let set = |path: &str, mode| {
        std::fs::set_permissions(kb.path().join(path), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    set("closed.md", 0o000);
    set("shut", 0o000);
    if std::fs::read(kb.path().join("closed.md")).is_ok() {
        // Root reads everything; ask someone else.
        set("", 0o755);
        let (_program, mut nobody) = docent_as_nobody();
        let nobody = nobody
            .arg("check")
            .arg(kb.path())
            .args(["--format", "json", "--only", "unreadable-file"])
            .output();
        set("shut", 0o755);
        return match nobody {
            Ok(output) if !output.stdout.is_empty() => {
                let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
                let found = json["diagnostics"].as_array().unwrap();
                let found: Vec<_> = found.iter().map(|f| f["path"].as_str().unwrap()).collect();
                assert_eq!(found, ["closed.md", "shut"], "{json}");
                assert_eq!(json["summary"]["pages"], 2, "{json}");
            }
            other => skipped(&format!("permissions do not hold for root, and nobody cannot run: {other:?}")),
        };
    }
    let (sources, findings) = read(kb.path());
    set("shut", 0o755);
    assert_eq!(codes(&findings), ["shut: unreadable-file", "closed.md: unreadable-file"]);
    assert_eq!(paths(&sources), ["a.md", "z.md"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf8_is_an_error_with_its_bytes_escaped() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let kb = knowledge_base(&[("a.md", "# A")]);
    std::fs::write(kb.path().join(OsStr::from_bytes(b"caf\xE9.md")), "# C").unwrap();
    let folder = kb.path().join(OsStr::from_bytes(b"d\xFF"));
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("b.md"), "# B").unwrap();
    let (sources, findings) = read(kb.path());
    let messages: Vec<_> = findings.iter().map(|f| f.message.as_str()).collect();
    assert_eq!(messages, [r"the name `caf\xe9.md` is not UTF-8", r"the name `d\xff` is not UTF-8"]);
    assert_eq!(findings[0].path(), Some(r"caf\xe9.md"));
    assert_eq!(paths(&sources), ["a.md"]);
}

#[cfg(target_os = "linux")]
#[test]
fn unicode_forms_of_a_name_are_one_name_and_twins_are_named() {
    let (composed, decomposed) = ("caf\u{e9}.md", "cafe\u{301}.md");
    let kb = knowledge_base(&[(decomposed, "# C")]);
    let (sources, findings) = read(kb.path());
    assert_eq!(paths(&sources), [composed]);
    assert_eq!(codes(&findings), [""; 0]);
    write(kb.path(), composed, b"# C");
    let (sources, findings) = read(kb.path());
    assert_eq!(paths(&sources), [composed]);
    assert_eq!(codes(&findings), [format!("{composed}: url-collision")]);
    let help = &findings[0].help[0];
    assert!(help.contains(r"`caf\u{e9}.md`") && help.contains(r"`cafe\u{301}.md`"), "{help}");
}

#[test]
fn bytes_that_are_no_text_are_errors_and_only_that_page_is_left_out() {
    let kb = tempfile::tempdir().unwrap();
    let long = b"\xFF ".repeat(50);
    let cases: &[(&str, &[u8], &str)] = &[
        ("bad.md", b"one\n\xE2\x82 two", "`E2 82` at byte 4 is not UTF-8"),
        ("many.md", &long, "`FF` at byte 0 is not UTF-8"),
        ("zero.md", b"a\0b", "NUL at byte 1"),
        ("utf16.md", b"\xFE\xFF\0a", "`utf16.md` is UTF-16"),
        ("bom.md", b"\xEF\xBB\xBF# A", ""),
        ("crlf.md", b"# A\r\n\r\nb", ""),
        ("empty.md", b"", ""),
    ];
    for (path, bytes, _) in cases {
        write(kb.path(), path, bytes);
    }
    let (sources, findings) = read(kb.path());
    assert_eq!(paths(&sources), ["bom.md", "crlf.md", "empty.md", "zero.md"]);
    for (path, _, message) in cases {
        let first = findings.iter().find(|f| f.path() == Some(path)).map(|f| f.message.as_str());
        assert_eq!(first.unwrap_or_default(), *message, "{path}");
    }
    let many: Vec<_> = findings.iter().filter(|f| f.path() == Some("many.md")).collect();
    assert_eq!(many.len(), 20);
    assert!(many[19].help.iter().any(|help| help.contains("30 more places")));
    let bad = findings.iter().find(|f| f.path() == Some("bad.md")).unwrap().primary.clone().unwrap();
    let place = bad.file.position(bad.span.start);
    assert_eq!((place.line, place.column, place.byte), (2, 1, 4));

    let lossy = DiscoverOptions { dir: kb.path().to_owned(), lossy: true, ..DiscoverOptions::default() };
    let (sources, findings) = discover(&lossy).unwrap();
    assert_eq!(paths(&sources), ["bad.md", "bom.md", "crlf.md", "empty.md", "many.md", "zero.md"]);
    let errors = findings.iter().filter(|f| f.severity == docent::diagnostic::Severity::Error);
    assert_eq!(errors.map(|f| f.rule.code).collect::<Vec<_>>(), ["utf16"]);
}

#[test]
fn a_page_over_the_limit_is_never_loaded() {
    let kb = knowledge_base(&[("a.md", "# A")]);
    // 200 GB that stand nowhere on the disk: loading them would end the test.
    std::fs::File::create(kb.path().join("huge.md")).unwrap().set_len(200 << 30).unwrap();
    write(kb.path(), "exact.md", &vec![b'x'; 2 << 20]);
    let (sources, findings) = read(kb.path());
    assert_eq!(codes(&findings), ["huge.md: page-too-large"]);
    assert_eq!(findings[0].message, "`huge.md` has 214748364800 bytes; a page may have 2097152");
    assert_eq!(paths(&sources), ["a.md", "exact.md"]);
}

#[test]
fn folders_too_deep_are_an_error_and_a_thousand_do_no_harm() {
    let kb = knowledge_base(&[("a.md", "# A")]);
    let deep = "d/".repeat(64);
    write(kb.path(), &format!("{deep}last.md"), b"# Last");
    write(kb.path(), &format!("{deep}d/over.md"), b"# Over");
    // Longer than any path that the system takes at once.
    let mut at = kb.path().join(&deep);
    for _ in 0..200 {
        let next = at.join("a-name-of-some-length");
        if std::fs::create_dir(&next).is_err() {
            break;
        }
        at = next;
    }
    let (sources, findings) = read(kb.path());
    let mut codes = codes(&findings);
    codes.sort();
    assert_eq!(
        codes,
        [format!("{deep}a-name-of-some-length: folder-too-deep"), format!("{deep}d: folder-too-deep")]
    );
    assert_eq!(paths(&sources), ["a.md".to_owned(), format!("{deep}last.md")]);
}

#[test]
fn ten_thousand_files_in_one_folder_are_read_on_a_small_stack() {
    let kb = tempfile::tempdir().unwrap();
    for page in 0..10_000 {
        std::fs::write(kb.path().join(format!("{page:05}.md")), "# Page").unwrap();
    }
    let dir = kb.path().to_owned();
    let small = std::thread::Builder::new().stack_size(256 << 10);
    let pages = small.spawn(move || read(&dir).0.pages.len()).unwrap().join().unwrap();
    assert_eq!(pages, 10_000);
}

#[cfg(target_os = "linux")]
#[test]
fn few_descriptors_are_enough() {
    let kb = tempfile::tempdir().unwrap();
    for page in 0..300 {
        write(kb.path(), &format!("{}/{page}.md", page % 20), b"# Page");
    }
    let command = format!(
        "ulimit -n 64; exec {} check . --format json --only broken-link",
        env!("CARGO_BIN_EXE_docent")
    );
    let output =
        std::process::Command::new("sh").args(["-c", &command]).current_dir(kb.path()).output().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(json["summary"]["pages"], 300, "{json}");
}

#[test]
fn the_time_stamps_of_files_change_nothing() {
    let kb = knowledge_base(&[("a.md", "# A"), ("b.md", "# B")]);
    let (before, _) = read(kb.path());
    for (path, seconds) in [("a.md", 0), ("b.md", 4_300_000_000)] {
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        std::fs::File::options().write(true).open(kb.path().join(path)).unwrap().set_modified(time).unwrap();
    }
    let (after, findings) = read(kb.path());
    assert_eq!(codes(&findings), [""; 0]);
    assert_eq!(format!("{:?}", before.pages), format!("{:?}", after.pages));
}

#[test]
fn a_file_that_changes_after_it_was_found_is_not_published() {
    let kb = knowledge_base(&[("content/a.md", "# A"), ("content/plan.txt", "plan"), ("secret", "outside")]);
    let (sources, _) = read(kb.path());
    let plan = &sources.files[0];
    assert_eq!(read_file(&sources.dir, plan).unwrap(), b"plan");
    write(kb.path(), "content/plan.txt", b"another plan");
    assert!(read_file(&sources.dir, plan).unwrap_err().to_string().contains("changed during the build"));
    std::fs::remove_file(&plan.disk).unwrap();
    assert!(read_file(&sources.dir, plan).is_err());
    #[cfg(unix)]
    {
        let outside = tempfile::tempdir().unwrap();
        // As long as the file that was found.
        write(outside.path(), "secret", b"pass");
        std::os::unix::fs::symlink(outside.path().join("secret"), &plan.disk).unwrap();
        assert!(read_file(&sources.dir, plan).is_err());
        std::fs::remove_dir_all(kb.path().join("content")).unwrap();
        write(outside.path(), "plan.txt", b"pass");
        std::os::unix::fs::symlink(outside.path(), kb.path().join("content")).unwrap();
        assert!(read_file(&sources.dir, plan).is_err());
    }
}

#[test]
fn the_config_decides_what_is_content() {
    let kb = knowledge_base(&[
        ("docent.yaml", "content: ./docs/\nexclude: [\"drafts/**\", \"*.tmp.md\"]\n"),
        ("docs/a.md", "# A"),
        ("docs/b.tmp.md", "# B"),
        ("docs/drafts/c.md", "# C"),
        ("content/d.md", "# D"),
    ]);
    let (sources, findings) = read(kb.path());
    assert_eq!(codes(&findings), [""; 0]);
    assert_eq!(paths(&sources), ["docs/a.md"]);
    let withheld: Vec<_> = sources.withheld.iter().map(|w| (w.path.as_str(), w.why)).collect();
    let expected = ["docs/b.tmp.md", "docs/drafts/c.md"].map(|path| (path, WithheldWhy::Excluded));
    assert_eq!(withheld, expected);

    // A config from elsewhere takes the place of the one in the folder.
    let elsewhere = knowledge_base(&[("ci.yaml", "content: content\n")]);
    let config = Some(elsewhere.path().join("ci.yaml"));
    let options = DiscoverOptions { dir: kb.path().to_owned(), config, ..DiscoverOptions::default() };
    assert_eq!(paths(&discover(&options).unwrap().0), ["content/d.md"]);
}

#[test]
fn what_the_config_names_and_the_disk_lacks_is_an_error_at_the_word() {
    let cases = [
        ("content: doc\n", (1, 10), "the folder `doc` does not exist", "did you mean `docs`?"),
        (
            "title: X\ntheme: drak # night\n",
            (2, 8),
            "the folder `themes/drak` does not exist",
            "did you mean `dark`?",
        ),
        ("owners: who.yaml\n", (1, 9), "the owners file `who.yaml` does not exist", "make it"),
    ];
    for (config, (line, column), message, help) in cases {
        let kb = knowledge_base(&[("docent.yaml", config), ("docs/a.md", "# A"), ("themes/dark/x.css", "")]);
        let options = DiscoverOptions { dir: kb.path().to_owned(), ..DiscoverOptions::default() };
        let Err(Error::Config(findings)) = discover(&options) else { panic!("{config}: no error") };
        let label = findings[0].primary.as_ref().unwrap();
        let place = label.file.position(label.span.start);
        assert_eq!((place.line, place.column), (line, column), "{config}: {}", findings[0].message);
        assert!(findings[0].help.iter().any(|text| text.contains(help)), "{:?}", findings[0].help);
        assert!(findings[0].message.contains(message), "{}", findings[0].message);
    }
}

#[cfg(unix)]
#[test]
fn a_content_directory_or_config_that_links_outside_is_refused() {
    use std::os::unix::fs::symlink;
    let outside = knowledge_base(&[("a.md", "# Outside"), ("docent.yaml", "title: Outside\n")]);
    let kb = knowledge_base(&[("docent.yaml", "content: docs\n"), ("b.md", "# B")]);
    symlink(outside.path(), kb.path().join("docs")).unwrap();
    let options = DiscoverOptions { dir: kb.path().to_owned(), ..DiscoverOptions::default() };
    let Err(Error::Config(findings)) = discover(&options) else { panic!("no error") };
    assert_eq!(findings[0].message, "`docs` is not a path inside the knowledge base");

    std::fs::remove_file(kb.path().join("docent.yaml")).unwrap();
    symlink(outside.path().join("docent.yaml"), kb.path().join("docent.yaml")).unwrap();
    let Err(Error::Config(findings)) = discover(&options) else { panic!("no error") };
    assert_eq!(codes(&findings), ["docent.yaml: symlink-outside"]);

    // Without a config, a `content` that leads outside is a link like any other.
    std::fs::remove_file(kb.path().join("docent.yaml")).unwrap();
    std::fs::rename(kb.path().join("docs"), kb.path().join("content")).unwrap();
    let (sources, findings) = read(kb.path());
    assert_eq!(codes(&findings), ["content: symlink-outside"]);
    assert_eq!(paths(&sources), ["b.md"]);
}

#[test]
fn a_folder_that_is_no_knowledge_base_is_refused_with_the_reason() {
    let kb = knowledge_base(&[
        ("a.md", "# A"),
        ("site/.docent-manifest.json", "{}"),
        ("yml/docent.yml", "title: X\n"),
    ]);
    for (dir, why) in [("gone", "cannot read"), ("a.md", "is not a folder"), ("site", "output of a build")] {
        let options = DiscoverOptions { dir: kb.path().join(dir), ..DiscoverOptions::default() };
        let error = discover(&options).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
        assert_eq!(error.exit_code(), 2);
    }
    let options = DiscoverOptions { dir: kb.path().join("yml"), ..DiscoverOptions::default() };
    assert!(discover(&options).unwrap_err().to_string().contains("rename docent.yml"));
}
