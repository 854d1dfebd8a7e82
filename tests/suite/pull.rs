//! `docent tickets pull` against a service of our own, with the faults that services have.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use docent::pull::{Caller, Progress, PullOptions, Pulled, Service, pull};

/// What the service answers to one request.
#[derive(Clone)]
enum Answer {
    /// Status line, headers and body.
    Whole(u16, Vec<(&'static str, String)>, String),
    /// A body that is cut off.
    Cut(String),
    /// Nothing; the connection is closed.
    Silence,
}

fn json(body: &serde_json::Value) -> Answer {
    Answer::Whole(200, vec![("content-type", "application/json".into())], body.to_string())
}

fn status(code: u16, headers: &[(&'static str, &str)]) -> Answer {
    Answer::Whole(
        code,
        headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
        "{}".into(),
    )
}

/// Requests as they came: path with query, and the headers.
type Seen = Arc<Mutex<Vec<(String, Vec<String>)>>>;

/// Serves `answer(path)` until the test ends.
fn serve(mut answer: impl FnMut(&str) -> Answer + Send + 'static) -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let seen = Seen::default();
    let log = Arc::clone(&seen);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let Some((path, headers)) = read_request(&stream) else { continue };
            log.lock().unwrap().push((path.clone(), headers));
            match answer(&path) {
                Answer::Whole(code, headers, body) => {
                    let mut text = format!(
                        "HTTP/1.1 {code} x\r\ncontent-length: {}\r\nconnection: close\r\n",
                        body.len()
                    );
                    for (name, value) in headers {
                        let _ = write!(text, "{name}: {value}\r\n");
                    }
                    let _ = write!(stream, "{text}\r\n{body}");
                }
                Answer::Cut(body) => {
                    let length = body.len() + 100;
                    let _ = write!(
                        stream,
                        "HTTP/1.1 200 x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
                    );
                }
                Answer::Silence => {}
            }
        }
    });
    (address, seen)
}

fn read_request(stream: &TcpStream) -> Option<(String, Vec<String>)> {
    let mut lines = BufReader::new(stream).lines();
    let path = lines.next()?.ok()?.split(' ').nth(1)?.to_owned();
    let headers = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    Some((path, headers))
}

#[derive(Default)]
struct Told {
    progress: Vec<Progress>,
    waited: Vec<u64>,
}

impl Caller for Told {
    fn tell(&mut self, progress: &Progress) {
        self.progress.push(progress.clone());
    }

    fn wait(&mut self, time: Duration) {
        self.waited.push(time.as_secs());
    }
}

fn options(service: Service, url: &str, dir: &Path) -> PullOptions {
    PullOptions {
        service,
        url: url.to_owned(),
        token: Some("s3cret".into()),
        user: None,
        since: "2025-01-01".parse().unwrap(),
        out: dir.join("data/tickets.ndjson"),
        subjects: false,
    }
}

/// The ids in the export, in order, and whether a half-written file is left.
fn ids(dir: &Path) -> (Vec<i64>, bool) {
    let text = std::fs::read_to_string(dir.join("data/tickets.ndjson")).unwrap_or_default();
    let id = |line: &str| {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        ["id", "iid", "number"].iter().find_map(|key| record.get(*key)?.as_i64()).unwrap()
    };
    (text.lines().map(id).collect(), dir.join("data/tickets.ndjson.part").exists())
}

/// Zendesk with these pages of ids; the cursor is the number of the page.
fn zendesk_page(path: &str, pages: &[&[i64]]) -> Answer {
    let at: usize = path.split("cursor=").nth(1).map_or(0, |cursor| cursor.parse().unwrap());
    let ids = pages.get(at).copied().unwrap_or_default();
    let tickets: Vec<_> = ids
        .iter()
        .map(|id| serde_json::json!({"id": id, "subject": "Ana is ill", "description": "secret", "tags": ["vpn"], "requester_id": 7}))
        .collect();
    let next = (at + 1).min(pages.len());
    json(
        &serde_json::json!({"tickets": tickets, "after_cursor": next.to_string(), "end_of_stream": next == pages.len()}),
    )
}

#[test]
fn a_pull_fetches_every_page_and_keeps_no_text_of_people() {
    let dir = tempfile::tempdir().unwrap();
    let (url, seen) = serve(|path| zendesk_page(path, &[&[1, 2], &[3], &[]]));
    let pulled = pull(&options(Service::Zendesk, &url, dir.path()), &mut Told::default()).unwrap();
    let text = std::fs::read_to_string(dir.path().join("data/tickets.ndjson")).unwrap();
    let line = |id| format!("{{\"id\":{id},\"requester_id\":7,\"tags\":[\"vpn\"]}}\n");
    assert_eq!(text, [line(1), line(2), line(3)].concat());
    assert_eq!(pulled, Pulled { records: 3, bytes: text.len() as u64 });
    let seen = seen.lock().unwrap();
    assert_eq!(
        seen[0].0,
        "/api/v2/incremental/tickets/cursor.json?per_page=1000&include=metric_sets&start_time=1735689600"
    );
    assert!(
        seen.iter().all(|(_, headers)| headers.iter().any(|line| line == "authorization: Bearer s3cret"))
    );
}

#[test]
fn the_next_pull_asks_only_for_what_is_new() {
    let dir = tempfile::tempdir().unwrap();
    let known: Arc<Mutex<Vec<Vec<i64>>>> = Arc::new(Mutex::new(vec![vec![1], vec![]]));
    let pages = Arc::clone(&known);
    let (url, seen) = serve(move |path| {
        let pages = pages.lock().unwrap();
        zendesk_page(path, &pages.iter().map(Vec::as_slice).collect::<Vec<_>>())
    });
    let options = options(Service::Zendesk, &url, dir.path());
    pull(&options, &mut Told::default()).unwrap();
    known.lock().unwrap().extend([vec![5, 6], vec![]]);
    let mut told = Told::default();
    assert_eq!(pull(&options, &mut told).unwrap().records, 2);
    assert_eq!(ids(dir.path()), (vec![1, 5, 6], false));
    assert_eq!(told.progress[0], Progress::Resumed(1));
    assert!(seen.lock().unwrap()[2].0.ends_with("cursor=2"));
}

#[test]
fn faults_that_pass_are_waited_out_as_long_as_the_service_says() {
    let now = ("date", "Mon, 23 Nov 2026 10:00:00 GMT");
    let faults = [
        (status(429, &[("retry-after", "30")]), 30),
        (status(429, &[now, ("retry-after", "Mon, 23 Nov 2026 10:01:00 GMT")]), 61),
        (status(403, &[now, ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1795428060")]), 61),
        (status(503, &[]), 1),
        (Answer::Silence, 1),
        (Answer::Cut("{\"tickets\": [".into()), 1),
    ];
    for (fault, wait) in faults {
        let dir = tempfile::tempdir().unwrap();
        let mut left = 1;
        let (url, _) = serve(move |path| {
            if path.contains("cursor=1") && left > 0 {
                left -= 1;
                return fault.clone();
            }
            zendesk_page(path, &[&[1], &[2]])
        });
        let mut told = Told::default();
        pull(&options(Service::Zendesk, &url, dir.path()), &mut told).unwrap();
        assert_eq!((ids(dir.path()), told.waited), ((vec![1, 2], false), vec![wait]));
    }
}

#[test]
fn faults_that_do_not_pass_say_what_to_do_and_keep_what_was_fetched() {
    let table = [
        (status(401, &[]), "does not accept the token in ZENDESK_TOKEN (401 Unauthorized)"),
        (status(404, &[]), "knows no such project, or the token may not see it"),
        (status(302, &[("location", "https://evil.example/")]), "leads to https://evil.example/"),
        (status(422, &[]), "refuses the request (422 Unprocessable Entity)"),
        (status(429, &[("retry-after", "86400")]), "asks for 1440 minutes of patience"),
        (status(500, &[]), "is in trouble (500 Internal Server Error), 8 times in a row"),
        (
            Answer::Whole(200, Vec::new(), "<!DOCTYPE html><title>Sign in</title>".into()),
            "answered with a web page",
        ),
        (Answer::Whole(200, Vec::new(), "{\"tickets\":".into()), "answered with what is no JSON"),
        (json(&serde_json::json!({"error": "x"})), "answered without `tickets`"),
    ];
    for (fault, why) in table {
        let dir = tempfile::tempdir().unwrap();
        let broken = Arc::new(Mutex::new(true));
        let is_broken = Arc::clone(&broken);
        let (url, seen) = serve(move |path| {
            if path.contains("cursor=1") && *is_broken.lock().unwrap() {
                fault.clone()
            } else {
                zendesk_page(path, &[&[1], &[2], &[3]])
            }
        });
        let options = options(Service::Zendesk, &url, dir.path());
        let message = pull(&options, &mut Told::default()).unwrap_err().to_string();
        assert!(message.contains(why), "{message}");
        assert_eq!(ids(dir.path()), (vec![], true), "a half-written export must not be taken for one");
        *broken.lock().unwrap() = false;
        let before = seen.lock().unwrap().len();
        pull(&options, &mut Told::default()).unwrap();
        assert_eq!(ids(dir.path()), (vec![1, 2, 3], false));
        assert!(seen.lock().unwrap()[before].0.contains("cursor=1"), "it goes on where it stopped");
    }
}

#[test]
fn what_a_crash_left_behind_the_good_bytes_is_cut_off() {
    let dir = tempfile::tempdir().unwrap();
    let broken = Arc::new(Mutex::new(true));
    let is_broken = Arc::clone(&broken);
    let (url, _) = serve(move |path| {
        if path.contains("cursor=1") && *is_broken.lock().unwrap() {
            status(401, &[])
        } else {
            zendesk_page(path, &[&[1], &[2]])
        }
    });
    let options = options(Service::Zendesk, &url, dir.path());
    pull(&options, &mut Told::default()).unwrap_err();
    let part = dir.path().join("data/tickets.ndjson.part");
    let mut text = std::fs::read(&part).unwrap();
    text.extend(b"{\"id\":99,\"ta");
    std::fs::write(&part, text).unwrap();
    *broken.lock().unwrap() = false;
    pull(&options, &mut Told::default()).unwrap();
    assert_eq!(ids(dir.path()), (vec![1, 2], false));
}

#[test]
fn a_file_that_no_pull_wrote_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("data")).unwrap();
    let out = dir.path().join("data/tickets.ndjson");
    std::fs::write(&out, "mine").unwrap();
    let (url, _) = serve(|path| zendesk_page(path, &[&[1]]));
    let message =
        pull(&options(Service::Zendesk, &url, dir.path()), &mut Told::default()).unwrap_err().to_string();
    assert!(message.contains("was not written by `docent tickets pull`"), "{message}");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "mine");
    std::fs::remove_file(&out).unwrap();
    pull(&options(Service::Zendesk, &url, dir.path()), &mut Told::default()).unwrap();
    let (other, _) = serve(|path| zendesk_page(path, &[&[1]]));
    let message =
        pull(&options(Service::Zendesk, &other, dir.path()), &mut Told::default()).unwrap_err().to_string();
    assert!(message.contains("holds tickets of"), "{message}");
}

/// A project whose issues change while they are read: `(iid, updated)` in seconds of a day.
fn issues(path: &str, all: &[(i64, i64)]) -> Answer {
    let query = |name: &str| {
        let value = path.split(['?', '&']).find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        value.unwrap_or_default().replace("%3A", ":").replace("%2D", "-").replace("%2E", ".")
    };
    let time = |seconds: i64| jiff::Timestamp::from_second(1_767_225_600 + seconds).unwrap();
    let name = if path.contains("updated_after") { "updated_after" } else { "since" };
    let since: jiff::Timestamp = query(name).parse().unwrap();
    let page: usize = query("page").parse().unwrap();
    let mut all: Vec<_> = all.iter().filter(|(_, updated)| time(*updated) >= since).collect();
    all.sort_by_key(|(id, updated)| (*updated, *id));
    let shown = all.iter().skip((page - 1) * 100).take(100).map(|(id, updated)| {
        let mut issue = serde_json::json!({"iid": id, "number": id, "updated_at": time(*updated).to_string(), "title": "Ana", "labels": [], "author": {"id": 1, "name": "Ana"}});
        if id % 50 == 0 {
            issue["pull_request"] = serde_json::json!({"url": "x"});
        }
        issue
    });
    json(&shown.collect())
}

#[test]
fn no_issue_is_lost_in_a_bulk_edit_or_when_issues_change_while_they_are_read() {
    let spread: fn(i64) -> i64 = |id| 1000 + id;
    let bulk: fn(i64) -> i64 = |id| 1000 + id.max(250);
    for (service, updated, edits) in [
        (Service::Gitlab, spread, 5000),
        (Service::Github, spread, 5000),
        (Service::Gitlab, bulk, 0),
        (Service::Github, bulk, 0),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let mut all: Vec<(i64, i64)> = (1..=350).map(|id| (id, updated(id))).collect();
        let (url, _) = serve(move |path| {
            let answer = issues(path, &all);
            // Between two requests somebody edits an issue of the first page.
            all[0].1 += edits;
            answer
        });
        let options = options(service, &format!("{url}/group/project"), dir.path());
        pull(&options, &mut Told::default()).unwrap();
        let (mut found, part) = ids(dir.path());
        found.sort_unstable();
        found.dedup();
        let wants: Vec<i64> = (1..=350).filter(|id| id % 50 != 0).collect();
        assert_eq!((found, part), (wants, false), "{service:?}");
        let text = std::fs::read_to_string(dir.path().join("data/tickets.ndjson")).unwrap();
        assert!(!text.contains("Ana"), "names and titles are not kept");
    }
}

#[test]
fn a_service_that_turns_in_circles_is_left() {
    let dir = tempfile::tempdir().unwrap();
    let (url, _) =
        serve(|_| json(&serde_json::json!({"tickets": [], "after_cursor": "x", "end_of_stream": false})));
    let message =
        pull(&options(Service::Zendesk, &url, dir.path()), &mut Told::default()).unwrap_err().to_string();
    assert!(message.contains("gave the same page twice"), "{message}");
}

#[test]
fn the_command_pulls_into_the_knowledge_base_and_hides_the_token() {
    let dir = tempfile::tempdir().unwrap();
    let (url, seen) = serve(|path| issues(path, &[(1, 5), (2, 6)]));
    let run = |token: &str, url: &str| {
        std::process::Command::new(env!("CARGO_BIN_EXE_docent"))
            .args(["tickets", "pull", "gitlab", "--today", "2026-11-23", "--url", url])
            .arg("-C")
            .arg(dir.path())
            .env("GITLAB_TOKEN", token)
            .output()
            .unwrap()
    };
    let output = run("t0ken", &format!("{url}/a/b"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.starts_with("2 tickets fetched into "), "{said}");
    let seen = seen.lock().unwrap();
    assert!(seen[0].0.ends_with("updated_after=2024%2D11%2D23T00%3A00%3A00Z"), "{}", seen[0].0);
    assert!(seen[0].1.contains(&"private-token: t0ken".to_owned()));
    assert!(dir.path().join("data/gitlab.ndjson").exists());
    let output = run("t0ken", "http://git.example/a/b");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("is not encrypted") && !said.contains("t0ken"), "{said}");
}
