//! Claims about what is written to disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use docent::error::Error;
use docent::publish::{OutputFile, Published, Publisher};

use crate::support::{docent_as_nobody, skipped, write};

const MANIFEST: &str = ".docent-manifest.json";

/// A folder with a knowledge base `kb`, and room for output beside it.
fn room() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let kb = dir.path().join("kb");
    write(&kb, "content/index.md", b"# Home");
    let out = dir.path().join("out");
    (dir, kb, out)
}

fn publish(out: &Path, kb: &Path, files: &[(&str, &str)]) -> Result<Published, Error> {
    let publisher = Publisher::open(out, kb)?;
    for (path, content) in files {
        publisher.write(&OutputFile { path: (*path).to_owned(), content: content.as_bytes().to_vec() })?;
    }
    publisher.finish()
}

/// Every file below a folder with its content, the manifest left out.
fn read(dir: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut waiting = vec![dir.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in folder.read_dir().unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if entry.file_name() != MANIFEST {
                let name = path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
                files.insert(name, String::from_utf8(std::fs::read(&path).unwrap()).unwrap());
            }
        }
    }
    files
}

fn site(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(path, content)| ((*path).to_owned(), (*content).to_owned())).collect()
}

/// Names beside the output folder, the knowledge base left out.
fn beside(out: &Path) -> Vec<String> {
    let entries = out.parent().unwrap().read_dir().unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name != "kb" && name != "out").collect();
    names.sort();
    names
}

fn usage(result: Result<Published, Error>) -> String {
    match result {
        Err(Error::Usage(message)) => message,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn a_site_is_published_whole_and_counted() {
    let (_dir, kb, out) = room();
    let first = [("index.html", "home"), ("a/index.html", "a"), ("b/index.html", "b")];
    let published = publish(&out, &kb, &first).unwrap();
    assert_eq!(published, Published { files: 3, written: 3, removed: 0, kept: None });
    assert_eq!(read(&out), site(&first));
    let second = [("index.html", "home"), ("a/index.html", "changed"), ("c.html", "c")];
    let published = publish(&out, &kb, &second).unwrap();
    assert_eq!(published, Published { files: 3, written: 2, removed: 1, kept: None });
    assert_eq!(read(&out), site(&second));
    assert!(!out.join("b").exists(), "a folder that became empty is gone");
    assert_eq!(beside(&out), [""; 0]);
}

#[test]
#[cfg(unix)]
fn an_unchanged_rebuild_touches_nothing() {
    use std::os::unix::fs::MetadataExt;
    let (_dir, kb, out) = room();
    let files = [("index.html", "home"), ("a/index.html", "a")];
    publish(&out, &kb, &files).unwrap();
    let look = || {
        let paths = ["", "index.html", "a", "a/index.html", MANIFEST].map(|path| out.join(path));
        paths.map(|path| {
            path.metadata().map(|m| (m.ino(), m.mtime(), m.mtime_nsec(), m.ctime_nsec())).unwrap()
        })
    };
    let before = look();
    let published = publish(&out, &kb, &files).unwrap();
    assert_eq!(published, Published { files: 2, written: 0, removed: 0, kept: None });
    assert_eq!(look(), before);
    // With one file changed, the other is still the same file on disk.
    let kept = out.join("a/index.html").metadata().unwrap();
    publish(&out, &kb, &[("index.html", "new"), ("a/index.html", "a")]).unwrap();
    let now = out.join("a/index.html").metadata().unwrap();
    assert_eq!((now.ino(), now.mtime_nsec()), (kept.ino(), kept.mtime_nsec()));
}

#[test]
fn files_of_others_in_the_output_folder_survive() {
    let (_dir, kb, out) = room();
    write(&out, ".git/HEAD", b"ref: refs/heads/pages");
    std::fs::create_dir_all(out.join(".git/refs/tags")).unwrap();
    publish(&out, &kb, &[("index.html", "1"), ("docs/a.html", "1")]).unwrap();
    write(&out, "CNAME", b"kb.example");
    write(&out, "docs/notes.txt", b"mine");
    #[cfg(unix)]
    std::os::unix::fs::symlink("/nowhere", out.join("link")).unwrap();
    publish(&out, &kb, &[("index.html", "2")]).unwrap();
    let mut expected = site(&[
        ("index.html", "2"),
        ("CNAME", "kb.example"),
        ("docs/notes.txt", "mine"),
        (".git/HEAD", "ref: refs/heads/pages"),
    ]);
    #[cfg(unix)]
    {
        assert_eq!(std::fs::read_link(out.join("link")).unwrap(), Path::new("/nowhere"));
        std::fs::remove_file(out.join("link")).unwrap();
    }
    assert_eq!(read(&out), expected);
    assert!(out.join(".git/refs/tags").is_dir(), "empty folders of others stay");
    let message = usage(publish(&out, &kb, &[("index.html", "2"), ("CNAME", "other")]));
    assert!(message.contains("CNAME` was not made by Docent"), "{message}");
    assert_eq!(read(&out), expected);
    expected.remove("index.html");
    publish(&out, &kb, &[]).unwrap();
    assert_eq!(read(&out), expected);
}

#[test]
fn a_folder_that_must_not_be_written_to_is_refused_before_any_work() {
    let (dir, kb, _) = room();
    write(dir.path(), "foreign/thesis.txt", b"five years of work");
    write(dir.path(), "file", b"x");
    let mut cases = vec![
        (kb.clone(), "holds the knowledge base"),
        (kb.join("."), "holds the knowledge base"),
        (kb.join("content/.."), "holds the knowledge base"),
        (dir.path().to_owned(), "holds the knowledge base"),
        (PathBuf::from("/"), "root of the file system"),
        (kb.join("content"), "not empty"),
        (dir.path().join("foreign"), "`thesis.txt`"),
        (dir.path().join("file"), "it is a file"),
    ];
    if let Some(home) = std::env::home_dir() {
        cases.push((home, "home folder"));
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("foreign", dir.path().join("link")).unwrap();
        cases.push((dir.path().join("link"), "symbolic link"));
        cases.push((dir.path().join("link/"), "symbolic link"));
    }
    for (target, why) in cases {
        let message = usage(publish(&target, &kb, &[("index.html", "x")]));
        assert!(message.contains(why), "{}: {message}", target.display());
        assert!(message.contains("--out"), "no way out: {message}");
    }
    assert_eq!(std::fs::read(dir.path().join("foreign/thesis.txt")).unwrap(), b"five years of work");
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error_that_names_it() {
    let (dir, kb, _) = room();
    write(dir.path(), "file", b"x");
    let target = dir.path().join("file/out");
    let error = Publisher::open(&target, &kb).unwrap_err();
    assert!(error.to_string().contains("/file"), "{error}");
    assert_eq!(error.exit_code(), 2);
}

#[test]
#[cfg(unix)]
fn a_read_only_target_is_refused_before_any_work() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, kb, out) = room();
    publish(&out, &kb, &[("index.html", "old")]).unwrap();
    let set =
        |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    for folder in [out.as_path(), dir.path()] {
        set(folder, 0o555);
        if std::fs::write(folder.join("probe"), "").is_ok() {
            std::fs::remove_file(folder.join("probe")).unwrap();
            set(folder, 0o755);
            // Root writes everywhere; ask someone else.
            set(dir.path(), 0o755);
            let (_program, mut nobody) = docent_as_nobody();
            let Ok(output) = nobody.arg("build").arg(&kb).arg("--out").arg(&out).output() else {
                return skipped("permissions do not hold for root, and setpriv is absent");
            };
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{stderr}");
            assert!(stderr.contains("Permission denied"), "{stderr}");
            assert_eq!(read(&out), site(&[("index.html", "old")]));
            return;
        }
        let error = Publisher::open(&out, &kb).unwrap_err();
        set(folder, 0o755);
        assert!(matches!(error, Error::Io { .. }), "{error:?}");
    }
    assert_eq!(read(&out), site(&[("index.html", "old")]));
}

#[test]
fn a_path_that_leads_out_or_stands_twice_is_refused() {
    let (_dir, kb, out) = room();
    let publisher = Publisher::open(&out, &kb).unwrap();
    let write = |path: &str| publisher.write(&OutputFile { path: path.to_owned(), content: b"x".to_vec() });
    for path in ["../escape", "/tmp/escape", "a/../../escape", "", "a//b", MANIFEST, &"x/".repeat(121)] {
        assert!(write(path).is_err(), "{path}");
    }
    write("a.html").unwrap();
    assert!(write("a.html").is_err());
    drop(publisher);
    assert!(!out.exists());
    assert_eq!(beside(&out), [""; 0]);
}

#[test]
fn a_build_that_is_given_up_leaves_the_old_site_and_no_trace() {
    let (_dir, kb, out) = room();
    publish(&out, &kb, &[("index.html", "old")]).unwrap();
    let publisher = Publisher::open(&out, &kb).unwrap();
    publisher.write(&OutputFile { path: "index.html".into(), content: b"new".to_vec() }).unwrap();
    drop(publisher);
    assert_eq!(read(&out), site(&[("index.html", "old")]));
    assert_eq!(beside(&out), [""; 0]);
}

#[test]
fn files_are_taken_from_many_threads_and_the_result_is_the_same() {
    use std::thread;
    let (_dir, kb, out) = room();
    let publisher = Publisher::open(&out, &kb).unwrap();
    thread::scope(|scope| {
        for worker in 0..4 {
            let publisher = &publisher;
            scope.spawn(move || {
                for page in 0..50 {
                    let path = format!("s{page}/p{worker}/index.html");
                    publisher.write(&OutputFile { path, content: vec![b'x'; page] }).unwrap();
                }
            });
        }
    });
    assert_eq!(publisher.finish().unwrap().files, 200);
    let manifest = std::fs::read(out.join(MANIFEST)).unwrap();
    let again = out.with_file_name("again");
    let files = read(&out);
    let files: Vec<_> = files.iter().rev().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    publish(&again, &kb, &files).unwrap();
    assert_eq!(std::fs::read(again.join(MANIFEST)).unwrap(), manifest);
}

#[test]
fn a_file_whose_bytes_never_reached_the_disk_is_written_again() {
    let (_dir, kb, out) = room();
    let files = [("index.html", "home"), ("a.html", "a")];
    publish(&out, &kb, &files).unwrap();
    std::fs::write(out.join("a.html"), "").unwrap();
    assert_eq!(publish(&out, &kb, &files).unwrap().written, 1);
    std::fs::remove_file(out.join("index.html")).unwrap();
    assert_eq!(publish(&out, &kb, &files).unwrap().written, 1);
    assert_eq!(read(&out), site(&files));
}

#[test]
fn a_forged_manifest_deletes_nothing() {
    let (_dir, kb, out) = room();
    publish(&out, &kb, &[("index.html", "old")]).unwrap();
    let forged = r#"{"schema":1,"files":{"../kb/content/index.md":{"hash":"","size":1}}}"#;
    for text in [forged, "[]", "a shopping list"] {
        std::fs::write(out.join(MANIFEST), text).unwrap();
        let message = usage(publish(&out, &kb, &[("index.html", "new")]));
        assert!(message.contains("is damaged"), "{message}");
    }
    assert!(kb.join("content/index.md").exists());
    assert_eq!(read(&out), site(&[("index.html", "old")]));
}

#[test]
fn a_cut_manifest_loses_no_file_of_others() {
    let (_dir, kb, out) = room();
    publish(&out, &kb, &[("a.html", "a"), ("b.html", "b"), ("c.html", "c")]).unwrap();
    let whole = std::fs::read(out.join(MANIFEST)).unwrap();
    write(&out, "CNAME", b"kb.example");
    write(&out, "d.html", b"of others, and in the way of the next build");
    write(&out, "e/f.html", b"of others, where the next build has a file");
    for (number, length) in [1, whole.len() / 2, whole.len() - 1].into_iter().enumerate() {
        std::fs::write(out.join(MANIFEST), &whole[..length]).unwrap();
        let before = read(&out);
        let new = [("a.html", "new"), ("d.html", "new"), ("e", "new")];
        let published = publish(&out, &kb, &new).unwrap();
        let kept = published.kept.unwrap();
        let name = if number == 0 { "out.damaged".to_owned() } else { format!("out.damaged-{}", number + 1) };
        assert_eq!(kept.file_name().unwrap().to_str(), Some(name.as_str()));
        assert_eq!(read(&kept), before, "all of it is kept");
        let live = read(&out);
        assert_eq!((live["a.html"].as_str(), live["d.html"].as_str()), ("new", "new"));
        assert_eq!((live["e"].as_str(), live["CNAME"].as_str()), ("new", "kb.example"));
        assert_eq!(publish(&out, &kb, &new).unwrap(), Published { files: 3, ..Published::default() });
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_of_others_may_have_any_name() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let (_dir, kb, out) = room();
    publish(&out, &kb, &[("index.html", "old")]).unwrap();
    let folder = out.join(OsStr::from_bytes(b"caf\xe9"));
    std::fs::create_dir(&folder).unwrap();
    for file in [folder.join("x"), out.join(OsStr::from_bytes(b"\xff.txt"))] {
        std::fs::write(file, "theirs").unwrap();
    }
    for text in ["new", "newer"] {
        publish(&out, &kb, &[("index.html", text)]).unwrap();
        assert_eq!(std::fs::read_to_string(out.join("index.html")).unwrap(), text);
        assert_eq!(std::fs::read_to_string(folder.join("x")).unwrap(), "theirs");
        assert!(out.join(OsStr::from_bytes(b"\xff.txt")).exists());
        assert_eq!(beside(&out), [""; 0]);
    }
}

#[test]
fn a_second_build_waits_then_names_the_holder() {
    let (_dir, kb, out) = room();
    let first = Publisher::open(&out, &kb).unwrap();
    let error = Publisher::open(&out, &kb).unwrap_err();
    assert_eq!(error.exit_code(), 75);
    let message = error.to_string();
    assert!(message.contains(&format!("pid {} since 2", std::process::id())), "{message}");
    // One that ends while the other waits lets it through.
    std::thread::scope(|scope| {
        let second = scope.spawn(|| publish(&out, &kb, &[("index.html", "second")]));
        std::thread::sleep(Duration::from_millis(200));
        first.write(&OutputFile { path: "index.html".into(), content: b"first".to_vec() }).unwrap();
        first.finish().unwrap();
        second.join().unwrap().unwrap();
    });
    assert_eq!(read(&out), site(&[("index.html", "second")]));
    assert_eq!(beside(&out), [""; 0]);
}

/// What a killed exchange-less swap leaves behind: every combination of its steps.
#[test]
fn leftovers_of_a_build_killed_between_two_renames_are_put_right() {
    let (dir, kb, out) = room();
    let old = [("index.html", "old"), ("a.html", "a")];
    let beside_out = |name: &str| dir.path().join(name);
    publish(&out, &kb, &old).unwrap();
    write(&out, "CNAME", b"kb.example");
    // The old site was moved away, the new one not yet in.
    std::fs::rename(&out, beside_out(".out.docent-old")).unwrap();
    write(&beside_out(".out.docent-staging"), "index.html", b"half");
    drop(Publisher::open(&out, &kb).unwrap());
    assert_eq!(read(&out), site(&[("index.html", "old"), ("a.html", "a"), ("CNAME", "kb.example")]));
    assert_eq!(beside(&out), [""; 0]);
    // The new one is in, the old one not yet removed, and someone's file is only in the old one.
    std::fs::rename(&out, beside_out(".out.docent-old")).unwrap();
    write(&out, "index.html", b"new");
    write(&out, MANIFEST, b"");
    std::fs::remove_file(out.join("index.html")).unwrap();
    drop(Publisher::open(&out, &kb).unwrap());
    assert_eq!(read(&out), site(&[("CNAME", "kb.example")]));
    assert_eq!(beside(&out), [""; 0]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_leaves_the_old_site_and_no_trace() {
    let (dir, kb, _) = room();
    let disk = dir.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(&disk).output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        return skipped("a small file system cannot be mounted here");
    }
    let out = disk.join("out");
    let result = std::panic::catch_unwind(|| {
        publish(&out, &kb, &[("index.html", "old")]).unwrap();
        let publisher = Publisher::open(&out, &kb).unwrap();
        let content = vec![b'x'; 1 << 20];
        let error = (0..20)
            .find_map(|n| {
                publisher.write(&OutputFile { path: format!("{n}/a.html"), content: content.clone() }).err()
            })
            .expect("8 MB hold no 20 MB");
        drop(publisher);
        assert!(matches!(&error, Error::Io { path, .. } if path.starts_with(&disk)), "{error:?}");
        assert_eq!(error.exit_code(), 2);
        assert_eq!(read(&out), site(&[("index.html", "old")]));
        assert_eq!(beside(&out), [""; 0]);
    });
    let _ = Command::new("umount").arg(&disk).status();
    result.unwrap();
}

/// The files of one version of the site that is built again and again below.
fn version(number: u32) -> Vec<(String, String)> {
    let mut files = vec![("version.txt".to_owned(), number.to_string())];
    for page in 0..40 {
        files.push((format!("same/{page}/index.html"), format!("page {page} of every version")));
        files.push((format!("differs/{page}/index.html"), format!("page {page} of {number}")));
        files.push((format!("only-{}/{page}.html", number % 3), "in every third version".to_owned()));
    }
    files
}

#[test]
#[ignore = "the tests below start it as a process of its own"]
fn child() {
    let Some(out) = std::env::var_os("TEST_OUT").map(PathBuf::from) else { return };
    let number = std::env::var("TEST_VERSION").unwrap().parse().unwrap();
    let publisher = Publisher::open(&out, &out.with_file_name("kb")).unwrap();
    for (path, content) in version(number) {
        publisher.write(&OutputFile { path, content: content.into_bytes() }).unwrap();
    }
    eprintln!("finishing");
    publisher.finish().unwrap();
}

fn start_child(out: &Path, number: u32) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["publish::child", "--exact", "--ignored", "--nocapture"])
        .env("TEST_OUT", out)
        .env("TEST_VERSION", number.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits until a child has staged all files and is about to swap them in; false if it ended before.
fn reaches_the_swap(child: &mut std::process::Child) -> bool {
    use std::io::{BufRead, BufReader};
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    lines.map_while(Result::ok).any(|line| line.contains("finishing"))
}

#[test]
#[cfg(unix)]
fn a_build_killed_at_any_moment_leaves_the_old_site_or_the_new_one_whole() {
    let (_dir, kb, out) = room();
    assert!(start_child(&out, 0).wait().unwrap().success());
    write(&out, "CNAME", b"kb.example");
    let (mut longest, mut shortest_swap) = (Duration::ZERO, Duration::MAX);
    for number in 1..4 {
        let start = Instant::now();
        let mut child = start_child(&out, number);
        assert!(reaches_the_swap(&mut child));
        let swap = Instant::now();
        assert!(child.wait().unwrap().success());
        (longest, shortest_swap) = (longest.max(start.elapsed()), shortest_swap.min(swap.elapsed()));
    }
    let (mut live, mut killed, mut old, mut attempt) = (3u32, 0u32, 0, 0u32);
    while killed < 60 {
        attempt += 1;
        assert!(attempt < 1000, "the builds end before they can be killed");
        let mut child = start_child(&out, live + 1);
        // Moments spread over the whole run, and as many over its last part: multiples of the golden
        // ratio fill a span evenly.
        let near_the_swap = attempt.is_multiple_of(2) && reaches_the_swap(&mut child);
        let span = if near_the_swap { shortest_swap } else { longest };
        std::thread::sleep(span.mul_f64(f64::from(attempt / 2) * 0.618_034 % 1.0));
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
        let found = read(&out);
        let number: u32 = found["version.txt"].parse().unwrap();
        assert!(number == live || number == live + 1, "{number} after {live}");
        old += u32::from(number == live);
        let mut expected: BTreeMap<_, _> = version(number).into_iter().collect();
        expected.insert("CNAME".into(), "kb.example".into());
        assert_eq!(found, expected, "attempt {attempt}");
        live = number;
    }
    assert!(old > 0, "no kill came before the exchange");
    let files: Vec<_> = version(live + 1);
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    publish(&out, &kb, &files).unwrap();
    assert_eq!(beside(&out), [""; 0], "the next build clears up");
}

#[test]
fn two_builds_at_once_end_with_one_of_them_whole() {
    let (_dir, _kb, out) = room();
    let mut children: Vec<_> = (1..4).map(|number| start_child(&out, number)).collect();
    for child in &mut children {
        assert!(child.wait().unwrap().success(), "each waits for its turn");
    }
    let found = read(&out);
    let number: u32 = found["version.txt"].parse().unwrap();
    assert_eq!(found, version(number).into_iter().collect());
    assert_eq!(beside(&out), [""; 0]);
}

/// A live site of the program: every file that its manifest names with the hash that it names, none
/// besides, and one version of the text on all pages. The version.
#[cfg(unix)]
fn whole_site_version(out: &Path) -> u32 {
    let manifest = std::fs::read(out.join(MANIFEST)).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    let named = manifest["files"].as_object().unwrap();
    let mut versions = std::collections::BTreeSet::new();
    let mut count = 0;
    let mut waiting = vec![out.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in folder.read_dir().unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            if entry.file_name() == MANIFEST {
                continue;
            }
            let name = path.strip_prefix(out).unwrap().to_str().unwrap();
            let bytes = std::fs::read(&path).unwrap();
            assert_eq!(named[name]["hash"], blake3::hash(&bytes).to_hex().as_str(), "{name}");
            count += 1;
            let text = String::from_utf8_lossy(&bytes);
            let marks = text.split("This is version ").skip(1);
            versions.extend(marks.map(|rest| {
                rest.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse::<u32>().unwrap()
            }));
        }
    }
    assert_eq!(count, named.len(), "a file is missing");
    assert_eq!(versions.len(), 1, "pages of different builds: {versions:?}");
    versions.pop_first().unwrap()
}

#[test]
#[cfg(unix)]
fn the_program_killed_at_any_moment_leaves_a_whole_site() {
    let (_dir, kb, out) = room();
    let set = |version: u32| {
        for page in 0..8 {
            let text = format!("# Page {page}\n\nThis is version {version}.\n");
            write(&kb, &format!("content/runbooks/page-{page}.md"), text.as_bytes());
        }
    };
    let start = || {
        let mut build = crate::support::docent();
        build.arg("build").arg(&kb).arg("--out").arg(&out).stdout(Stdio::null()).stderr(Stdio::null());
        build.spawn().unwrap()
    };
    let mut longest = Duration::ZERO;
    for version in 0..3 {
        set(version);
        let begun = Instant::now();
        assert!(start().wait().unwrap().code().is_some_and(|code| code < 2));
        longest = longest.max(begun.elapsed());
    }
    let (mut live, mut killed, mut attempt) = (2, 0, 0u32);
    while killed < 50 {
        attempt += 1;
        assert!(attempt < 1000, "the builds end before they can be killed");
        set(live + 1);
        let mut build = start();
        std::thread::sleep(longest.mul_f64(f64::from(attempt) * 0.618_034 % 1.0));
        build.kill().unwrap();
        killed += u32::from(build.wait().unwrap().code().is_none());
        let found = whole_site_version(&out);
        assert!(found == live || found == live + 1, "{found} after {live}");
        live = found;
    }
    set(live + 1);
    assert!(start().wait().unwrap().code().is_some_and(|code| code < 2));
    assert_eq!(whole_site_version(&out), live + 1);
    assert_eq!(beside(&out), [""; 0], "the next build clears up");
}
