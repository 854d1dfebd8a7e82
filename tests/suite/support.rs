//! What several tests need: a knowledge base in a temporary folder, the program, the corpora.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

/// A temporary knowledge base with these files (path, text).
pub fn knowledge_base(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        write(dir.path(), path, text.as_bytes());
    }
    dir
}

/// Writes a file and the folders above it.
pub fn write(dir: &Path, path: &str, bytes: &[u8]) {
    let path = dir.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// The program, in an environment that does not leak into what it prints.
pub fn docent() -> std::process::Command {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_docent"));
    command.env_remove("SOURCE_DATE_EPOCH").env("NO_COLOR", "1");
    command
}

/// Runs the program in `dir`: exit status, standard output, standard error.
pub fn run(dir: &Path, args: &[&str]) -> (i32, String, String) {
    let output = docent().args(args).current_dir(dir).output().unwrap();
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// A guard against hangs, not a measure of speed: fails if the work has not ended after a minute, which
/// is hundreds of times what it takes on a slow machine.
pub fn must_not_hang<T: Send + 'static>(what: &str, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, wait) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        let value = work();
        // Nobody waits any more if it came too late.
        let _ = done.send(());
        value
    });
    let waited = wait.recv_timeout(std::time::Duration::from_mins(1));
    let late = waited == Err(std::sync::mpsc::RecvTimeoutError::Timeout);
    assert!(!late, "still at work after a minute: {what}");
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Says that a part was not run, or fails where nothing may be skipped.
pub fn skipped(why: &str) {
    assert!(std::env::var_os("DOCENT_REQUIRE_ALL").is_none(), "nothing may be skipped here, but {why}");
    eprintln!("skipped: {why}");
}

/// One of the corpora that lie beside the checkout, or `None` after saying that it is absent.
pub fn corpus(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(name);
    if path.is_dir() {
        return Some(path);
    }
    skipped(&format!(
        "the corpus {name} is absent: ../shared/corpus is test data that is not part of the repository"
    ));
    None
}

/// What a run on `dir` is asked to do, on a fixed day.
pub fn options(dir: &Path) -> docent::pipeline::Options {
    let mut options = docent::pipeline::Options::default();
    options.discover.dir = dir.to_path_buf();
    options.model.today = "2026-11-23".into();
    options
}

/// The program as a user whom permissions bind, for runs as root: a copy that everybody may run,
/// through `setpriv`. The folder must outlive the command.
#[cfg(unix)]
pub fn docent_as_nobody() -> (tempfile::TempDir, std::process::Command) {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let copy = dir.path().join("docent");
    std::fs::copy(env!("CARGO_BIN_EXE_docent"), &copy).unwrap();
    for path in [dir.path(), &copy] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut command = std::process::Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(copy);
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("NO_COLOR", "1").env_remove("SOURCE_DATE_EPOCH");
    (dir, command)
}

/// Runs git in a repository of a test, as a fixed person at a fixed time.
pub fn git(dir: &Path, day: u32, author: &str, args: &[&str]) {
    let date = format!("2024-01-{day:02}T23:30:00-0500");
    let output = std::process::Command::new("git")
        .arg("-C")
        .arg(dir)
        .args(["-c", "commit.gpgsign=false"])
        .args(args)
        .envs([
            ("GIT_AUTHOR_NAME", author),
            ("GIT_COMMITTER_NAME", "CI"),
            ("GIT_AUTHOR_EMAIL", "a@example.org"),
        ])
        .envs([
            ("GIT_COMMITTER_EMAIL", "ci@example.org"),
            ("GIT_AUTHOR_DATE", &date),
            ("GIT_COMMITTER_DATE", &date),
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Commits everything.
pub fn commit(dir: &Path, day: u32, author: &str) {
    git(dir, day, author, &["add", "-A"]);
    git(dir, day, author, &["commit", "-q", "-m", "change"]);
}

/// An export of Zendesk's, one line a ticket: `TAGS TIME [member=json …]`, such as
/// `db,mail 2026-11-20T10:00 requester_id=7`; or many, evenly spread: `TAGS COUNT FIRST-DAY LAST-DAY …`.
/// Tags may be `-`; each ticket has an id and a requester of its own unless it says otherwise.
pub fn tickets(lines: &[&str]) -> String {
    let mut export = String::new();
    let mut id = 1000;
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        let second = |time: &str| time.parse::<jiff::Timestamp>().unwrap().as_second();
        let (times, members) = match words[1].parse::<i64>() {
            Ok(count) => {
                let [first, last] = [words[2], words[3]].map(|day| second(&format!("{day}T12:00:00Z")));
                let at = |number: i64| first + (last - first) * number / (count - 1).max(1);
                ((0..count).map(at).collect(), &words[4..])
            }
            Err(_) => (vec![second(&format!("{}:00Z", words[1]))], &words[2..]),
        };
        for time in times {
            id += 1;
            let mut ticket = serde_json::json!({
                "id": id,
                "requester_id": id,
                "created_at": jiff::Timestamp::from_second(time).unwrap().to_string(),
                "status": "open",
                "tags": words[0].split(',').filter(|tag| *tag != "-").collect::<Vec<_>>(),
            });
            for member in members {
                let (name, value) = member.split_once('=').unwrap();
                ticket[name] = serde_json::from_str(value).unwrap();
            }
            export.extend([ticket.to_string(), "\n".to_owned()]);
        }
    }
    export
}

/// What happens beside what a test is about, from 2026-03-30 to 2026-11-23: five topics, no tag of which
/// is on more than a fifth of the tickets.
pub const BESIDE: [&str; 5] = [
    "other_a 160 2026-03-30 2026-11-23",
    "other_b 160 2026-03-30 2026-11-23",
    "other_c 160 2026-03-30 2026-11-23",
    "other_d 160 2026-03-30 2026-11-23",
    "other_e 160 2026-03-30 2026-11-23",
];

/// Judges pages by these tickets and [`BESIDE`], on 2026-11-23.
pub fn judged(files: &[(&str, &str)], lines: &[&str]) -> docent::pipeline::Checked {
    judged_by(files, &[&BESIDE, lines].concat())
}

/// Judges pages by just these tickets, on 2026-11-23.
pub fn judged_by(files: &[(&str, &str)], lines: &[&str]) -> docent::pipeline::Checked {
    let dir = knowledge_base(files);
    write(dir.path(), "data/tickets.ndjson", tickets(lines).as_bytes());
    if !files.iter().any(|(path, _)| *path == "docent.yaml") {
        write(dir.path(), "docent.yaml", b"tickets: [{ source: zendesk, path: data/tickets.ndjson }]\n");
    }
    docent::pipeline::check(&options(dir.path())).unwrap()
}

/// The verdict on a page.
pub fn article<'c>(checked: &'c docent::pipeline::Checked, path: &str) -> &'c docent::freshness::Article {
    let id = checked.site.pages.iter().position(|page| page.parsed.content_path == path).unwrap();
    &checked.freshness.articles[id]
}
