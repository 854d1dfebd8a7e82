//! `docent check --external` against a service of our own, with the faults that sites have.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::support;

/// Serves `answer(path)`, a status line and headers, until the test ends; the paths that were asked.
fn serve(mut answer: impl FnMut(&str) -> String + Send + 'static) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(&stream).lines();
            let Some(Ok(first)) = lines.next() else { continue };
            let path = first.split(' ').nth(1).unwrap().to_owned();
            let _ = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).count();
            let head = answer(&path);
            log.lock().unwrap().push(path);
            if !head.is_empty() {
                let _ = write!(stream, "HTTP/1.1 {head}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            }
        }
    });
    (port, seen)
}

/// Writes a knowledge base of one page, with `127.0.0.1` as a host that may be asked.
fn knowledge_base(dir: &Path, links: &[String]) {
    let config = "rules: { no-title: off, never-confirmed: off }\n\
                  external: { results: links.json, private: [127.0.0.1] }\n";
    std::fs::write(dir.join("docent.yaml"), config).unwrap();
    let page = links.iter().map(|link| format!("- [link]({link})")).collect::<Vec<_>>().join("\n");
    std::fs::write(dir.join("index.md"), format!("# Page\n\n{page}")).unwrap();
}

/// Line and rule of each finding, and the exit status.
fn check(dir: &Path, arguments: &[&str]) -> (Vec<(u64, String)>, u8) {
    let mut all = vec!["check", "--format", "json", "--today", "2026-11-23"];
    all.extend(arguments);
    let (code, stdout, stderr) = support::run(dir, &all);
    let report: Value = serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{stdout}{stderr}"));
    let finding = |finding: &Value| {
        (finding["start"]["line"].as_u64().unwrap(), finding["rule"].as_str().unwrap().to_owned())
    };
    (report["diagnostics"].as_array().unwrap().iter().map(finding).collect(), u8::try_from(code).unwrap())
}

#[test]
fn what_sites_answer_is_told_at_the_link_and_kept_for_runs_without_a_network() {
    let dir = tempfile::tempdir().unwrap();
    let (port, seen) = serve(|path| match path {
        "/gone" => "404 Not Found".into(),
        "/password" => "401 Unauthorized".into(),
        "/moved" => "302 Found\r\nlocation: /here".into(),
        "/moved-to-nothing" => "301 Moved\r\nlocation: /gone".into(),
        "/circle" => "302 Found\r\nlocation: /circle".into(),
        "/busy" => "429 Too Many Requests\r\nretry-after: 0".into(),
        _ => "200 OK".into(),
    });
    let paths = ["here", "gone", "gone#part", "password", "moved", "moved-to-nothing", "circle", "busy"];
    let links: Vec<String> = paths.iter().map(|path| format!("http://127.0.0.1:{port}/{path}")).collect();
    knowledge_base(dir.path(), &links);
    let dead: Vec<(u64, String)> = [4, 5, 8, 9].map(|line| (line, "dead-external-link".into())).into();
    let mut told = dead.clone();
    told.push((10, "unanswered-external-link".into()));

    assert_eq!(check(dir.path(), &[]), (vec![], 0), "nothing is asked unless it is asked for");
    assert!(seen.lock().unwrap().is_empty());
    assert_eq!(check(dir.path(), &["--external"]), (told, 0));
    let asked = seen.lock().unwrap().len();
    assert_eq!(seen.lock().unwrap().iter().filter(|path| *path == "/busy").count(), 3, "tried again");
    assert_eq!(check(dir.path(), &[]), (dead, 0), "the results are kept");
    assert_eq!(seen.lock().unwrap().len(), asked, "and no one was asked");
    let (code, _, stderr) = support::run(dir.path(), &["build", "--out", "public", "--today", "2026-11-23"]);
    assert_eq!(code, 0, "a site that is in trouble fails no build: {stderr}");

    check(dir.path(), &["--external"]);
    let again = seen.lock().unwrap()[asked..].to_vec();
    assert!(!again.contains(&"/password".to_owned()), "what was there yesterday is not asked again");
    assert!(again.contains(&"/gone".to_owned()) && again.contains(&"/busy".to_owned()));
}

#[test]
fn machines_of_a_private_network_are_never_asked_however_they_are_written() {
    let dir = tempfile::tempdir().unwrap();
    let (secret, secrets) = serve(|_| "200 OK".into());
    let (port, _) = serve(move |path| match path {
        "/to-name" => format!("302 Found\r\nlocation: http://localhost:{secret}/"),
        "/to-number" => format!("302 Found\r\nlocation: http://2130706433:{secret}/"),
        _ => "302 Found\r\nlocation: http://169.254.169.254/latest/meta-data/".into(),
    });
    let links: Vec<String> = ["localhost", "2130706433", "[::ffff:7f00:1]", "[::1]", "0x7f.1", "0"]
        .map(|host| format!("http://{host}:{secret}/"))
        .into_iter()
        .chain(["http://169.254.169.254/".into(), "http://10.0.0.1/".into()])
        .chain(["to-name", "to-number", "to-metadata"].map(|path| format!("http://127.0.0.1:{port}/{path}")))
        .collect();
    knowledge_base(dir.path(), &links);
    let (found, code) = check(dir.path(), &["--external"]);
    let refused: Vec<_> =
        (3..).take(links.len()).map(|line| (line, "refused-external-link".into())).collect();
    assert_eq!((found, code), (refused, 0));
    assert!(secrets.lock().unwrap().is_empty());
}

#[test]
fn a_host_that_gives_no_answer_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (port, seen) = serve(|path| match path {
        "/slow" => "429 Too Many Requests\r\nretry-after: 3600".into(),
        _ => "503 Service Unavailable\r\nretry-after: 0".into(),
    });
    let links: Vec<String> = (0..9).map(|n| format!("http://127.0.0.1:{port}/{n}")).collect();
    knowledge_base(dir.path(), &links);
    let (found, code) = check(dir.path(), &["--external"]);
    assert_eq!((found.len(), code), (9, 0));
    assert!(found.iter().all(|(_, rule)| rule == "unanswered-external-link"));
    assert_eq!(seen.lock().unwrap().len(), 9, "three of them, three times each");

    seen.lock().unwrap().clear();
    knowledge_base(dir.path(), &[format!("http://127.0.0.1:{port}/slow"), links[0].clone()]);
    check(dir.path(), &["--external"]);
    // `/0` stands before `/slow` and is tried again.
    let slow = seen.lock().unwrap().iter().filter(|path| *path == "/slow").count();
    assert_eq!(slow, 1, "an hour is not waited for");
}

#[test]
fn dead_links_to_other_sites_make_a_page_doubtful_up_to_three_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let links: Vec<String> = (0..5).map(|n| format!("https://gone.example/{n}")).collect();
    let results: Vec<String> = links
        .iter()
        .map(|link| format!("\"{link}\": {{ \"state\": \"dead\", \"checked\": \"2026-11-20\" }}"))
        .collect();
    std::fs::write(
        dir.path().join("links.json"),
        format!("{{ \"schema\": 1, \"links\": {{ {} }} }}", results.join(",")),
    )
    .unwrap();
    for (number, weight) in [(1, 500), (2, 1000), (3, 1500), (5, 1500)] {
        knowledge_base(dir.path(), &links[..number]);
        let page = std::fs::read_to_string(dir.path().join("index.md")).unwrap();
        std::fs::write(dir.path().join("index.md"), format!("---\nreviewed: 2026-11-01\n---\n{page}"))
            .unwrap();
        let (_, stdout, _) =
            support::run(dir.path(), &["freshness", "--format", "json", "--today", "2026-11-23"]);
        let report: Value = serde_json::from_str(&stdout).unwrap();
        let article = &report["articles"][0];
        assert_eq!(article["state"], "doubtful", "{stdout}");
        let reason = &article["reasons"][0];
        assert_eq!((&reason["rule"], &reason["weight"]), (&"dead-external-link".into(), &weight.into()));
    }
}

#[test]
fn results_of_another_program_are_read_and_never_replaced() {
    let dir = tempfile::tempdir().unwrap();
    knowledge_base(dir.path(), &["https://gone.example/".into()]);
    let report =
        r#"{ "error_map": { "a": [{ "url": "https://gone.example/", "status": { "code": 410 } }] } }"#;
    std::fs::write(dir.path().join("links.json"), report).unwrap();
    assert_eq!(check(dir.path(), &[]), (vec![(3, "dead-external-link".into())], 0));
    let (code, _, stderr) = support::run(dir.path(), &["check", "--external"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("is a report of another program"), "{stderr}");
    assert_eq!(std::fs::read_to_string(dir.path().join("links.json")).unwrap(), report);
}
