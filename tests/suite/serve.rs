//! Claims about `docent serve`: what it answers, whom it refuses, and how it follows what is edited.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use serde_json::Value;

use crate::support::{docent, knowledge_base, run, write};

/// How long anything may take on the busiest machine before it counts as never.
const PATIENCE: Duration = Duration::from_mins(1);
/// Long enough for a build that should not have been.
const SETTLED: Duration = Duration::from_millis(400);

/// A running server; it ends with the test.
pub struct Server {
    child: Child,
    port: u16,
    told: Receiver<String>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Server {
    pub fn start(dir: &Path, options: &[&str]) -> Self {
        let mut command = docent();
        command.current_dir(dir).args(["serve", "--today", "2026-11-23"]).args(options);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, told) = channel();
        std::thread::spawn(move || {
            stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)).ok();
        });
        let mut server = Self { child, port: 0, told };
        let line = server.hears("Read it at ");
        let address = line.split_whitespace().find(|word| word.starts_with("http")).unwrap();
        server.port = address.trim_end_matches(['/', ';']).rsplit(':').next().unwrap().parse().unwrap();
        server
    }

    /// The next line with these words.
    fn hears(&self, words: &str) -> String {
        let mut all = Vec::new();
        loop {
            match self.told.recv_timeout(PATIENCE) {
                Ok(line) if line.contains(words) => return line,
                Ok(line) => all.push(line),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("it never says `{words}`: {all:?}")
                }
            }
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends bytes as they are; `None` if the connection is closed without an answer.
    fn sends(&self, request: &[u8]) -> Option<Answer> {
        let mut stream = self.connect();
        // What is refused early may be closed before it was all sent.
        let _ = stream.write_all(request);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() })
    }

    fn gets_with(&self, path: &str, headers: &str) -> Answer {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n{headers}\r\n",
            self.port
        );
        self.sends(request.as_bytes()).unwrap_or_else(|| panic!("no answer to {path}"))
    }

    pub fn gets(&self, path: &str) -> Answer {
        self.gets_with(path, "")
    }

    fn findings(&self) -> Value {
        serde_json::from_str(&self.gets("/docent/-/findings.json").body).unwrap()
    }

    /// The numbers of builds, as they come.
    fn builds(&self) -> Builds {
        let mut stream = self.connect();
        let request = format!("GET /docent/-/events HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", self.port);
        stream.write_all(request.as_bytes()).unwrap();
        let (sender, builds) = channel();
        std::thread::spawn(move || {
            let lines = BufReader::new(stream).lines().map_while(Result::ok);
            lines
                .filter_map(|line| line.strip_prefix("data: ")?.trim().parse().ok())
                .try_for_each(|id: u64| sender.send(id))
                .ok();
        });
        let builds = Builds(builds);
        builds.next();
        builds
    }
}

struct Builds(Receiver<u64>);

impl Builds {
    fn next(&self) -> u64 {
        self.0.recv_timeout(PATIENCE).expect("no build")
    }

    /// How many builds come until it is quiet.
    fn until_quiet(&self) -> usize {
        let mut count = 0;
        while self.0.recv_timeout(SETTLED) != Err(RecvTimeoutError::Timeout) {
            count += 1;
        }
        count
    }
}

fn site() -> tempfile::TempDir {
    knowledge_base(&[
        ("docent.yaml", "title: Served\n"),
        ("secret.txt", "a very secret word"),
        (".env", "a very secret word"),
        ("content/index.md", "# Home\n\n[Disk full](runbooks/disk-full.md)\n"),
        (
            "content/runbooks/disk-full.md",
            "# Disk full\n\nFree some space on the zebrafish.\n\n![dot](dot.svg)\n",
        ),
        (
            "content/runbooks/dot.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"2\" height=\"2\"/>\n",
        ),
        ("content/old.md", "---\naliases: [/older/]\n---\n\n# Old\n\nText.\n"),
    ])
}

#[test]
fn pages_files_search_and_old_addresses_are_served() {
    let dir = site();
    let server = Server::start(dir.path(), &["--port", "0"]);
    let home = server.gets("/");
    assert_eq!(home.status, 200);
    assert!(home.body.contains("Disk full") && home.body.contains("/docent/-/preview.js"), "{}", home.body);
    assert!(home.head.contains("require-trusted-types-for 'script'"), "{}", home.head);
    assert!(home.head.contains("cache-control: no-store"), "{}", home.head);
    for (path, status, words) in [
        ("/runbooks/disk-full/", 200, "zebrafish"),
        ("/runbooks/disk-full/index.html", 200, "zebrafish"),
        ("/runbooks/disk-full/?q=a", 200, "zebrafish"),
        ("/runbooks/dot.svg", 200, "<svg"),
        ("/older/", 200, "/old/"),
        ("/sitemap.xml", 404, ""),
        ("/robots.txt", 200, ""),
        ("/docent/theme.css", 200, "@layer"),
        ("/search.json", 200, "{"),
        ("/nothing/here", 404, "There is no page"),
    ] {
        let answer = server.gets(path);
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.body.contains(words), "{path}: {}", answer.body);
    }
    let moved = server.gets("/runbooks/disk-full?a=b");
    assert_eq!(moved.status, 307);
    assert!(moved.head.contains("location: /runbooks/disk-full/?a=b"), "{}", moved.head);
}

#[test]
fn a_site_that_will_live_under_a_path_is_served_under_it() {
    let dir = site();
    write(dir.path(), "docent.yaml", b"title: Served\nbase_url: https://example.org/help/\n");
    let server = Server::start(dir.path(), &["--port", "0"]);
    let home = server.gets("/");
    assert_eq!(home.status, 307);
    assert!(home.head.contains("location: /help/"), "{}", home.head);
    assert!(server.gets("/help/").body.contains("href=\"/help/runbooks/disk-full/\""));
    assert_eq!(server.gets("/help/runbooks/disk-full/").status, 200);
    assert!(server.gets("/help/runbooks/disk-full").head.contains("location: /help/runbooks/disk-full/"));
    assert_eq!(server.gets("/help/docent/theme.css").status, 200);
    assert_eq!(server.gets("/help/sitemap.xml").status, 200);
    assert_eq!(server.gets("/runbooks/disk-full/").status, 404);
    let about: Value = serde_json::from_str(&server.gets("/docent/-/page.json?url=/help/").body).unwrap();
    assert_eq!(about["path"], "content/index.md");
}

#[test]
fn search_over_http_gives_what_the_terminal_gives() {
    let dir = knowledge_base(&[]);
    assert_eq!(run(dir.path(), &["new", "kb"]).0, 0);
    let server = Server::start(&dir.path().join("kb"), &["--port", "0"]);
    for query in [
        "disk",
        "restart",
        "\"a phrase\"",
        "kind:runbook",
        "dsk full",
        "on-call -disk",
        "+disk tag:disk",
        "KubePodNotReady",
    ] {
        let (code, out, err) = run(
            dir.path(),
            &["search", "-C", "kb", "--today", "2026-11-23", "--format", "json", "--", query],
        );
        assert_eq!(code, 0, "{err}");
        let mut wanted: Value = serde_json::from_str(&out).unwrap();
        let query = percent_encoding::utf8_percent_encode(query, percent_encoding::NON_ALPHANUMERIC);
        let mut found: Value =
            serde_json::from_str(&server.gets(&format!("/api/search?q={query}")).body).unwrap();
        for answer in [&mut wanted, &mut found] {
            answer["took_ms"] = Value::Null;
            // The terminal knows states of the last build only.
            answer["hits"].as_array_mut().unwrap().iter_mut().for_each(|hit| hit["freshness"] = Value::Null);
        }
        assert_eq!(found, wanted, "{query}");
    }
    assert_eq!(server.gets("/api/search").status, 400);
    assert_eq!(server.gets("/api/search?q=disk&limit=x").status, 400);
}

#[test]
fn nothing_but_the_site_is_ever_answered() {
    let dir = site();
    let server = Server::start(dir.path(), &["--port", "0"]);
    let long = format!("/{}", "a/".repeat(4096));
    for path in [
        "/../secret.txt",
        "/runbooks/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/%252e%252e/secret.txt",
        "/..%5csecret.txt",
        "/..%2fsecret.txt",
        "//secret.txt",
        "/secret.txt",
        "/secret.txt%00.html",
        "/.env",
        "/docent.yaml",
        "/.git/config",
        "/.docent/search",
        "/content/index.md",
        "/index.md",
        "/secret.txt::$DATA",
        "/@fs/etc/passwd",
        "/etc/passwd",
        "/docent/../secret.txt",
        &long,
    ] {
        let answer = server.gets(path);
        assert!(matches!(answer.status, 400 | 404 | 414 | 431), "{path}: {}", answer.status);
        assert!(
            !answer.body.contains("secret word") && !answer.body.contains("root:"),
            "{path}: {}",
            answer.body
        );
    }
    assert_eq!(server.gets("/").status, 200);
}

#[test]
fn another_host_another_origin_and_broken_requests_are_refused() {
    let dir = site();
    let server = Server::start(dir.path(), &["--port", "0"]);
    let port = server.port;
    let own = format!("localhost:{port}");
    let head = |host: &str, more: &str| format!("Host: {host}\r\nConnection: close\r\n{more}\r\n");
    let requests: Vec<(String, &[u16])> = vec![
        (format!("GET / HTTP/1.1\r\n{}", head(&own, "")), &[200]),
        (format!("GET / HTTP/1.1\r\n{}", head(&format!("127.0.0.1:{port}"), "")), &[200]),
        (format!("GET / HTTP/1.1\r\n{}", head(&own, &format!("Origin: http://{own}\r\n"))), &[200]),
        (format!("HEAD / HTTP/1.1\r\n{}", head(&own, "")), &[200]),
        (format!("GET / HTTP/1.1\r\n{}", head("evil.example", "")), &[403]),
        (format!("GET / HTTP/1.1\r\n{}", head(&format!("evil.example:{port}"), "")), &[403]),
        (format!("GET / HTTP/1.1\r\n{}", head("localhost:1", "")), &[403]),
        (format!("GET / HTTP/1.1\r\n{}", head(&own, "Host: evil.example\r\n")), &[400, 403]),
        (format!("GET / HTTP/1.1\r\n{}", head(&own, "Origin: https://evil.example\r\n")), &[403]),
        (format!("GET / HTTP/1.1\r\n{}", head(&own, "Origin: null\r\n")), &[403]),
        (
            format!("GET /docent/-/events HTTP/1.1\r\n{}", head(&own, "Origin: https://evil.example\r\n")),
            &[403],
        ),
        (
            format!(
                "GET / HTTP/1.1\r\n{}",
                head(&own, "Upgrade: websocket\r\nOrigin: https://evil.example\r\n")
            ),
            &[403],
        ),
        (format!("GET http://evil.example/ HTTP/1.1\r\n{}", head(&own, "")), &[403]),
        (format!("GET http://{own}/ HTTP/1.1\r\n{}", head(&own, "")), &[200]),
        ("GET / HTTP/1.0\r\n\r\n".into(), &[403]),
        (format!("POST / HTTP/1.1\r\n{}", head(&own, "Content-Length: 0\r\n")), &[405]),
        (format!("OPTIONS * HTTP/1.1\r\n{}", head(&own, "")), &[405]),
        (format!("DELETE /index.md HTTP/1.1\r\n{}", head(&own, "")), &[405]),
        ("nonsense\r\n\r\n".into(), &[400]),
        ("GET / HTTP/9.9\r\n\r\n".into(), &[400, 505]),
        ("GET /\u{1}x HTTP/1.1\r\n\r\n".into(), &[400]),
        (format!("GET / HTTP/1.1\r\n{}", head(&own, "Bad header\r\n")), &[400]),
        (format!("GET /{} HTTP/1.1\r\n{}", "a".repeat(1 << 20), head(&own, "")), &[400, 414, 431]),
        (
            format!("GET / HTTP/1.1\r\n{}", head(&own, &format!("X: {}\r\n", "a".repeat(1 << 20)))),
            &[400, 431],
        ),
        (format!("GET / HTTP/1.1\r\n{}", head(&own, &"X: y\r\n".repeat(500))), &[400, 431]),
    ];
    for (request, wanted) in requests {
        let shown: String = request.chars().take(120).collect();
        // A connection that is cut where it grew too large is an answer, too.
        let status = server.sends(request.as_bytes()).map(|answer| answer.status);
        let is_cut = status.is_none() && request.len() > 1 << 19;
        assert!(is_cut || status.is_some_and(|status| wanted.contains(&status)), "{shown:?}: {status:?}");
    }
    assert_eq!(server.gets("/").status, 200);
    for answer in [server.gets("/"), server.gets("/api/search?q=disk")] {
        assert!(!answer.head.contains("access-control"), "{}", answer.head);
    }
}

#[test]
fn half_open_connections_keep_nobody_out() {
    let dir = site();
    let server = Server::start(dir.path(), &["--port", "0"]);
    let mut open = Vec::new();
    for number in 0..3000 {
        // As many at once as a test may have open.
        if open.len() == 600 {
            open.clear();
        }
        let mut stream = server.connect();
        if number % 2 == 0 {
            let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: loc");
        }
        open.push(stream);
        if number % 500 == 499 {
            assert_eq!(server.gets("/").status, 200, "with {number} connections");
        }
    }
    assert_eq!(server.gets("/").status, 200);
}

/// Saves a page with this word in it.
type Save<'s> = &'s dyn Fn(&str);

#[test]
fn every_way_of_saving_is_seen_once() {
    let dir = site();
    let server = Server::start(dir.path(), &["--port", "0"]);
    let builds = server.builds();
    let page = dir.path().join("content/runbooks/disk-full.md");
    let text = |word: &str| format!("# Disk full\n\nFree some space on the {word}.\n");
    let shows = |word: &str| server.gets("/runbooks/disk-full/").body.contains(word);
    let beside = |name: &str| page.with_file_name(name);

    let ways: [(&str, Save<'_>); 5] = [
        ("truncated", &|word| fs::write(&page, text(word)).unwrap()),
        ("twice", &|word| {
            fs::write(&page, "# Disk").unwrap();
            std::thread::sleep(Duration::from_millis(5));
            fs::write(&page, text(word)).unwrap();
        }),
        // Vim: a test of the folder, the old file aside, the new one in its place, and the old one away.
        ("vim", &|word| {
            fs::write(beside("4913"), "").unwrap();
            fs::remove_file(beside("4913")).unwrap();
            fs::rename(&page, beside("disk-full.md~")).unwrap();
            fs::write(&page, text(word)).unwrap();
            fs::remove_file(beside("disk-full.md~")).unwrap();
        }),
        // JetBrains: written beside, then put in its place.
        ("jetbrains", &|word| {
            fs::write(beside("disk-full.md___jb_tmp___"), text(word)).unwrap();
            fs::rename(&page, beside("disk-full.md___jb_old___")).unwrap();
            fs::rename(beside("disk-full.md___jb_tmp___"), &page).unwrap();
            fs::remove_file(beside("disk-full.md___jb_old___")).unwrap();
        }),
        ("renamed", &|word| {
            fs::write(beside(".disk-full.md.tmp"), text(word)).unwrap();
            fs::rename(beside(".disk-full.md.tmp"), &page).unwrap();
        }),
    ];
    for (word, save) in ways {
        save(word);
        builds.next();
        let more = builds.until_quiet();
        assert!(shows(word), "{word}");
        // A busy machine may stretch one save over two bursts; never more.
        assert!(more <= 1, "{word} was built {} times", more + 1);
    }
    for name in [".disk-full.md.swp", "disk-full.md~", ".#disk-full.md", "#disk-full.md#", "4913"] {
        fs::write(beside(name), "kept by an editor").unwrap();
    }
    assert_eq!(builds.until_quiet(), 0, "what an editor keeps for itself is no change");
}

#[test]
fn many_files_new_folders_and_a_root_that_comes_back_end_in_the_right_state() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("kb");
    write(&root, "content/index.md", b"# Home\n\nText.\n");
    let server = Server::start(dir.path(), &["kb", "--port", "0"]);
    let builds = server.builds();
    for number in 0..500 {
        write(
            &root,
            &format!("content/a{}/b/page-{number}.md", number % 20),
            format!("# Page {number}\n\nText.\n").as_bytes(),
        );
    }
    builds.next();
    builds.until_quiet();
    for number in [0, 1, 250, 499] {
        assert_eq!(server.gets(&format!("/a{}/b/page-{number}/", number % 20)).status, 200, "{number}");
    }
    // A page in a folder that is young.
    write(&root, "content/a3/b/late.md", b"# Late\n\nText.\n");
    builds.next();
    builds.until_quiet();
    assert_eq!(server.gets("/a3/b/late/").status, 200);

    fs::remove_dir_all(&root).unwrap();
    builds.next();
    builds.until_quiet();
    assert_eq!(server.gets("/").status, 200, "the last site stays");
    assert!(server.findings()["failure"].is_string());
    write(&root, "content/index.md", b"# Home again\n\nText.\n");
    builds.next();
    builds.until_quiet();
    assert!(server.gets("/").body.contains("Home again"));
    assert!(server.findings()["failure"].is_null());
    write(&root, "content/index.md", b"# Home once more\n\nText.\n");
    builds.next();
    builds.until_quiet();
    assert!(server.gets("/").body.contains("Home once more"));
}

#[test]
fn a_mistake_is_told_with_its_frame_while_the_last_site_stays() {
    let dir = site();
    let server = Server::start(dir.path(), &["--port", "0"]);
    let builds = server.builds();
    let edit = |path: &str, text: &str| {
        write(dir.path(), path, text.as_bytes());
        builds.next();
        builds.until_quiet();
        server.findings()
    };
    let told = edit("content/old.md", "# Old\n\n[gone](gnoe.md)\n");
    assert_eq!((told["new"].as_u64(), told["failure"].is_null()), (Some(1), true), "{told}");
    let frames: Vec<&str> =
        told["findings"].as_array().unwrap().iter().filter_map(|it| it["frame"].as_str()).collect();
    assert!(
        frames.iter().any(|frame| frame.contains("[gone](gnoe.md)") && frame.contains("content/old.md:3:8")),
        "{frames:?}"
    );
    let told = edit("content/old.md", "---\naliases: [/older/]\n---\n\n# Old\n\nText.\n");
    assert_eq!(told["new"], 0, "{told}");

    let told = edit("docent.yaml", "tilte: Served\n");
    assert!(told["failure"].as_str().unwrap().contains("configuration"), "{told}");
    assert!(told["findings"][0]["frame"].as_str().unwrap().contains("tilte"), "{told}");
    assert!(server.gets("/runbooks/disk-full/").body.contains("zebrafish"));
    let told = edit("docent.yaml", "title: Served again\n");
    assert!(told["failure"].is_null(), "{told}");
    assert!(server.gets("/").body.contains("Served again"));

    write(dir.path(), "themes/mine/templates/page.html", b"{% if %}");
    let told = edit("docent.yaml", "title: Served\ntheme: mine\n");
    assert!(told["failure"].is_string(), "{told}");
    assert!(server.gets("/runbooks/disk-full/").body.contains("zebrafish"));
}

#[test]
fn without_watches_changes_are_looked_for_and_that_is_said() {
    let dir = site();
    let server = Server::start(dir.path(), &["--port", "0", "--max-watched", "1"]);
    let builds = server.builds();
    write(dir.path(), "content/runbooks/disk-full.md", b"# Disk full\n\nFree some space on the walrus.\n");
    builds.next();
    assert!(server.gets("/runbooks/disk-full/").body.contains("walrus"));
    let mut command = docent();
    command
        .current_dir(dir.path())
        .args(["serve", "--port", "0", "--max-watched", "1"])
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let said = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    let said: Option<String> = said.take(40).find(|line| line.contains("looked for every second instead"));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(said.is_some_and(|line| line.contains("fs.inotify.max_user_watches")));
}

#[test]
fn a_port_that_is_taken_is_named_or_another_one_is_chosen() {
    let dir = site();
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let (code, _, err) = run(dir.path(), &["serve", "--port", &port.to_string()]);
    assert_eq!(code, 2);
    let wanted = format!(
        "error: port {port} of 127.0.0.1 is taken; leave `--port` out, and the next free one is used\n"
    );
    assert_eq!(err, wanted);
    let (first, second) = (Server::start(dir.path(), &[]), Server::start(dir.path(), &[]));
    assert_ne!(first.port, second.port);
    let (code, _, err) = run(dir.path(), &["serve", "--bind", "203.0.113.1"]);
    assert_eq!(code, 2);
    assert!(err.contains("`203.0.113.1` is no address of this machine"), "{err}");
}

#[test]
fn pages_are_the_same_as_those_of_a_build() {
    let dir = knowledge_base(&[]);
    assert_eq!(run(dir.path(), &["new", "kb"]).0, 0);
    let root = dir.path().join("kb");
    run(&root, &["build", "--today", "2026-11-23"]);
    let server = Server::start(&root, &["--port", "0"]);
    // A build meanwhile is none of its business.
    run(&root, &["build", "--drafts", "--today", "2026-11-23"]);
    run(&root, &["build", "--today", "2026-11-23"]);
    let facts: Value =
        serde_json::from_slice(&fs::read(root.join("public/.docent-manifest.json")).unwrap()).unwrap();
    let own = ["build.json", "offline.json"];
    let mut kinds = BTreeMap::new();
    for path in facts["files"].as_object().unwrap().keys().filter(|path| !own.contains(&path.as_str())) {
        let answer = server.gets(&format!("/{path}"));
        let wanted = String::from_utf8_lossy(&fs::read(root.join("public").join(path)).unwrap()).into_owned();
        let lines = answer
            .body
            .lines()
            .filter(|line| !line.contains("docent-preview") && !line.contains("/docent/-/preview."));
        let found: Vec<&str> = lines.collect();
        if path != "404.html" {
            assert_eq!(answer.status, 200, "{path}");
            assert_eq!(found, wanted.lines().collect::<Vec<_>>(), "{path}");
        }
        *kinds.entry(path.rsplit('.').next().unwrap().to_owned()).or_insert(0) += 1;
    }
    assert!(kinds["html"] > 20 && kinds["css"] > 2, "{kinds:?}");
}
