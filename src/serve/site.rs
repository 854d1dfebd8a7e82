//! One site on a thread of its own: what is asked of it, it renders, and nothing before.
//!
//! In: a checked site; addresses, one at a time, from any thread. Out: the bytes that stand there. An address is looked
//! up in the site's own map and never becomes a path on disk. The thread ends when its last handle is dropped. Not
//! here: who may ask (`http`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::format::Style;
use crate::diagnostic::human::frame;
use crate::discover::read_file;
use crate::model::urls::output_path;
use crate::model::{Output, Site};
use crate::pipeline::{self, Checked};
use crate::render::{BuildStamp, Renderer};
use crate::search::{Answer, Index};

/// Threads that render for one site.
const RENDERERS: usize = 2;
/// Most hits of one answer.
const MAX_HITS: usize = 100;

/// What is asked.
#[derive(Debug)]
pub(super) enum Ask {
    /// What stands at an address, decoded, with its leading slash.
    Address(String),
    /// What preview shows beside the page at an address.
    About(String),
    /// Hits for a query, at most so many.
    Search(String, usize),
}

/// What is answered.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) kind: &'static str,
    pub(super) body: Vec<u8>,
    /// For a status of 307: where to.
    pub(super) location: Option<String>,
    /// Whether pages of this site show frames of other sites.
    pub(super) has_frames: bool,
}

impl Reply {
    pub(super) fn new(status: u16, kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, kind, body: body.into(), location: None, has_frames: false }
    }

    pub(super) fn json(value: &impl serde::Serialize) -> Self {
        Self::new(200, "application/json", serde_json::to_vec(value).unwrap_or_default())
    }
}

type Question = (Ask, oneshot::Sender<Reply>);

/// A way to ask a site.
#[derive(Clone, Debug)]
pub(super) struct Handle(Arc<Sender<Question>>);

impl Handle {
    /// Starts the thread of a site; its theme's findings if it cannot be shown.
    pub(super) fn start(checked: Checked, index: PathBuf) -> Result<Self, Vec<Diagnostic>> {
        let (asks, questions) = channel();
        let (started, is_started) = channel();
        thread::spawn(move || run(&checked, &index, &Mutex::new(questions), &started));
        // A thread that ended without a word panicked, and its message was printed.
        is_started.recv().unwrap_or(Err(Vec::new()))?;
        Ok(Self(Arc::new(asks)))
    }

    /// Asks; `None` if the site is gone.
    pub(super) async fn ask(&self, ask: Ask) -> Option<Reply> {
        let (reply, answer) = oneshot::channel();
        self.0.send((ask, reply)).ok()?;
        answer.await.ok()
    }
}

fn run(
    checked: &Checked,
    index: &Path,
    questions: &Mutex<Receiver<Question>>,
    started: &Sender<Result<(), Vec<Diagnostic>>>,
) {
    let renderer = Renderer::new(&checked.site, &checked.sources.theme, BuildStamp::default());
    let renderer = match renderer {
        Ok(renderer) => renderer.with_freshness(&checked.freshness),
        Err(findings) => return drop(started.send(Err(findings))),
    };
    let theme: BTreeMap<String, Vec<u8>> = renderer.theme_files().into_iter().collect();
    let shown =
        Shown { checked, renderer, scripts: scripts_hash(&theme), theme, index, search: OnceLock::new() };
    if started.send(Ok(())).is_err() {
        return;
    }
    thread::scope(|scope| {
        for _ in 0..RENDERERS {
            scope.spawn(|| {
                loop {
                    let question = questions.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((ask, reply)) = question else { break };
                    // Whoever asked may have left.
                    let _ = reply.send(shown.answer(&ask));
                }
            });
        }
    });
}

/// A change of a script needs the page again; styles are exchanged in place.
fn scripts_hash(theme: &BTreeMap<String, Vec<u8>>) -> (String, String) {
    let hash = |end: &str| {
        let mut hasher = blake3::Hasher::new();
        for (path, bytes) in theme.iter().filter(|(path, _)| path.ends_with(end)) {
            hasher.update(path.as_bytes()).update(bytes);
        }
        hasher.finalize().to_hex()[..16].to_owned()
    };
    (hash(".js"), hash(".css"))
}

struct Searched {
    index: Index,
    files: BTreeMap<String, Vec<u8>>,
}

struct Shown<'s> {
    checked: &'s Checked,
    renderer: Renderer<'s>,
    theme: BTreeMap<String, Vec<u8>>,
    /// Hashes of the theme's scripts and styles.
    scripts: (String, String),
    index: &'s Path,
    /// Made when it is first asked for: an author who writes does not search.
    search: OnceLock<Result<Searched, String>>,
}

impl Shown<'_> {
    fn site(&self) -> &Site {
        &self.checked.site
    }

    fn answer(&self, ask: &Ask) -> Reply {
        match ask {
            Ask::Address(url) => self.address(url),
            Ask::About(url) => Reply::json(&self.about(url)),
            Ask::Search(query, limit) => self.hits(query, *limit),
        }
    }

    /// The address in the site's own map: without the path that the site will live under.
    fn own<'u>(&self, url: &'u str) -> Option<&'u str> {
        let base = self.site().addresses.base_path.trim_end_matches('/');
        url.strip_prefix(base).filter(|own| own.starts_with('/'))
    }

    fn moved(&self, to: &str) -> Reply {
        let base = self.site().addresses.base_path.trim_end_matches('/');
        Reply { location: Some(format!("{base}{to}")), ..Reply::new(307, "text/plain; charset=utf-8", "") }
    }

    fn address(&self, url: &str) -> Reply {
        let Some(url) = self.own(url) else {
            return if url == "/" { self.moved("/") } else { self.not_found(url) };
        };
        let outputs = &self.site().outputs;
        let folder = url.strip_suffix("index.html").filter(|folder| folder.ends_with('/'));
        for url in [Some(url), folder].into_iter().flatten() {
            if let Some(output) = outputs.get(url) {
                return self.output(url, *output);
            }
        }
        let path = url.trim_start_matches('/');
        if let Some(bytes) = self.theme.get(path) {
            return Reply::new(200, kind(path), bytes.clone());
        }
        if path == "search.json" || path.starts_with("s/") {
            match self.search() {
                Ok(search) => {
                    if let Some(bytes) = search.files.get(path) {
                        return Reply::new(200, kind(path), bytes.clone());
                    }
                }
                Err(problem) => return Reply::new(500, "text/plain; charset=utf-8", problem.as_str()),
            }
        }
        let with_slash = format!("{url}/");
        if outputs.contains_key(&with_slash) {
            return self.moved(&with_slash);
        }
        self.not_found(url)
    }

    fn not_found(&self, url: &str) -> Reply {
        let mut reply = self.rendered(url, Output::NotFound);
        reply.status = if reply.status == 200 { 404 } else { reply.status };
        reply
    }

    fn output(&self, url: &str, output: Output) -> Reply {
        let Output::Asset(asset) = output else { return self.rendered(url, output) };
        match read_file(&self.checked.sources.dir, &self.site().assets[asset].file) {
            Ok(bytes) => Reply::new(200, kind(url), bytes),
            // It changed or went; the next build will say so.
            Err(error) => Reply::new(404, "text/plain; charset=utf-8", error.to_string()),
        }
    }

    fn rendered(&self, url: &str, output: Output) -> Reply {
        let path = if matches!(output, Output::NotFound) { "404.html".to_owned() } else { output_path(url) };
        let kind = kind(&path);
        match self.renderer.render(url, output) {
            Ok(bytes) if kind.starts_with("text/html") => {
                let has_frames = !self.site().config.iframe_hosts.is_empty();
                let hash = self.hash(&bytes);
                Reply { has_frames, ..Reply::new(200, kind, with_preview(bytes, &hash)) }
            }
            Ok(bytes) => Reply::new(200, kind, bytes),
            Err(finding) => {
                let text = frame(&finding, "", Style { color: false, width: 100 });
                Reply::new(500, "text/html; charset=utf-8", failure_page(&text))
            }
        }
    }

    /// Hash of what a page is in the browser: its text, and the scripts that it runs. The versions of its styles are
    /// left out.
    fn hash(&self, page: &[u8]) -> String {
        let mut hasher = blake3::Hasher::new();
        for (number, part) in String::from_utf8_lossy(page).split(".css?v=").enumerate() {
            let version = if number == 0 { 0 } else { part.find('"').unwrap_or(0) };
            hasher.update(&part.as_bytes()[version..]);
        }
        hasher.update(self.scripts.0.as_bytes()).finalize().to_hex()[..16].to_owned()
    }

    fn about(&self, url: &str) -> Value {
        let url = self.own(url).unwrap_or(url);
        let output = self.site().outputs.get(url).copied();
        let hash = match output {
            Some(Output::Asset(_)) => None,
            Some(output) => self.renderer.render(url, output).ok().map(|bytes| self.hash(&bytes)),
            None => self.renderer.render(url, Output::NotFound).ok().map(|bytes| self.hash(&bytes)),
        };
        let mut about = json!({ "hash": hash, "styles": self.scripts.1 });
        if let Some(Output::Page(page)) = output {
            let path = self.site().pages[page].parsed.file.path();
            about["path"] = path.into();
            if let Some(article) = self.checked.freshness.articles.get(page) {
                about["state"] = article.state.word().into();
                about["reasons"] = article.reasons.iter().map(|reason| reason.message.as_str()).collect();
                about["remedy"] = article.remedy.as_str().into();
            }
        }
        about
    }

    fn search(&self) -> Result<&Searched, &String> {
        let make = || {
            let (index, files) =
                pipeline::export_search(self.checked, self.index).map_err(|error| error.to_string())?;
            Ok(Searched { index, files: files.into_iter().map(|file| (file.path, file.content)).collect() })
        };
        self.search.get_or_init(make).as_ref()
    }

    #[expect(clippy::disallowed_methods, reason = "the answer says how long it took")]
    fn hits(&self, query: &str, limit: usize) -> Reply {
        let search = match self.search() {
            Ok(search) => search,
            Err(problem) => return Reply { status: 500, ..Reply::json(&json!({ "error": problem })) },
        };
        let start = std::time::Instant::now();
        let results = search.index.search(query, limit.min(MAX_HITS));
        let took = start.elapsed();
        Reply::json(&Answer::of(&results, took))
    }
}

/// Puts what a preview has before the end of the head.
fn with_preview(page: Vec<u8>, hash: &str) -> Vec<u8> {
    let Ok(text) = String::from_utf8(page) else { return Vec::new() };
    let parts = format!(
        "<meta name=\"docent-preview\" content=\"{hash}\">\n<link rel=\"stylesheet\" href=\"/docent/-/preview.css\">\n\
         <script type=\"module\" src=\"/docent/-/preview.js\"></script>\n</head>"
    );
    text.replacen("</head>", &parts, 1).into_bytes()
}

/// A page in place of one that cannot be made.
pub(super) fn failure_page(why: &str) -> Vec<u8> {
    let why = why.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>This page cannot be made</title>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n</head>\n<body>\n\
         <main>\n<h1>This page cannot be made</h1>\n<pre>{why}</pre>\n</main>\n</body>\n</html>\n"
    );
    with_preview(page.into_bytes(), "")
}

/// The content type of a file, by its ending.
fn kind(path: &str) -> &'static str {
    let end = path.rsplit_once('.').map_or("", |(_, end)| end).to_ascii_lowercase();
    match end.as_str() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "xml" => "application/xml",
        "txt" | "md" | "log" | "csv" => "text/plain; charset=utf-8",
        "pdf" => "application/pdf",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        _ => "application/octet-stream",
    }
}
