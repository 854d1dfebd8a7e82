//! Who may ask, and how it is answered.
//!
//! In: connections. Out: what the site has at an address, search, and what preview needs. Every request passes one
//! gate: a host and an origin that are this server's own, a method that only reads, an address that can be decoded.
//! Not here: what stands at an address (`site`).

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State as Shares};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde::Deserialize;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::Shared;
use super::site::{Ask, Reply, failure_page};
use crate::error::Error;

/// How long a client may take for the head of a request.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of a request's head.
const MAX_HEAD: usize = 32 * 1024;
/// Bytes of an address.
const MAX_ADDRESS: usize = 8 * 1024;
/// Connections that wait for a request; of more, the oldest is closed.
const MAX_WAITING: usize = 256;
/// Hits unless a request says how many.
const HITS: usize = 10;
/// What a page may load; the same that a site's pages can live with on any host.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      media-src 'self'; connect-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; \
                      base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'";

/// What must not stand in a path as it is.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}');

const SCRIPT: &str = include_str!("preview.js");
const STYLE: &str = include_str!("preview.css");

/// What every request sees.
#[derive(Clone, Debug)]
struct Door {
    shared: Arc<Shared>,
    address: SocketAddr,
    waiting: Arc<Waiting>,
}

/// Answers on threads of its own until the process ends.
pub(super) fn start(listener: TcpListener, shared: Arc<Shared>) -> Result<(), Error> {
    let failed = |error| Error::io("listen at", "the address", error);
    let address = listener.local_addr().map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(failed)?;
    let door = Door { shared, address, waiting: Arc::default() };
    std::thread::spawn(move || runtime.block_on(accept(listener, door)));
    Ok(())
}

async fn accept(listener: TcpListener, door: Door) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let routes = Router::new()
        .route("/api/search", get(search))
        .route("/docent/-/events", get(events))
        .route("/docent/-/findings.json", get(findings))
        .route("/docent/-/page.json", get(about))
        .route(
            "/docent/-/preview.js",
            get(async || reply(Reply::new(200, "text/javascript; charset=utf-8", SCRIPT))),
        )
        .route(
            "/docent/-/preview.css",
            get(async || reply(Reply::new(200, "text/css; charset=utf-8", STYLE))),
        )
        .fallback(page)
        .layer(from_fn_with_state(door.clone(), gate))
        .with_state(door.clone());
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            drop(converse(stream, routes.clone(), &door.waiting));
        } else {
            // Out of descriptors, for one: those that wait are closed in time.
            door.waiting.close_oldest();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn converse(stream: tokio::net::TcpStream, routes: Router, waiting: &Arc<Waiting>) -> JoinHandle<()> {
    let (ticket, leave) = waiting.enter();
    let waiting = Arc::clone(waiting);
    let heard = Heard { waiting, ticket };
    tokio::spawn(async move {
        let service = TowerToHyperService::new(routes);
        let service = hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            heard.waiting.leave(heard.ticket);
            hyper::service::Service::call(&service, request)
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(PATIENCE)
            .max_buf_size(MAX_HEAD)
            .serve_connection(TokioIo::new(stream), service);
        tokio::select! {
            // A client that goes away or never finishes is no fault of ours.
            _ = connection => {}
            () = leave.notified() => {}
        }
    })
}

/// A connection that takes its name off the list when it is heard, or when it ends.
struct Heard {
    waiting: Arc<Waiting>,
    ticket: u64,
}

impl Drop for Heard {
    fn drop(&mut self) {
        self.waiting.leave(self.ticket);
    }
}

/// Connections that have not asked anything yet, oldest first.
#[derive(Debug, Default)]
struct Waiting(Mutex<(u64, BTreeMap<u64, Arc<Notify>>)>);

impl Waiting {
    fn list(&self) -> MutexGuard<'_, (u64, BTreeMap<u64, Arc<Notify>>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self) -> (u64, Arc<Notify>) {
        let leave = Arc::new(Notify::new());
        let mut list = self.list();
        list.0 += 1;
        let ticket = list.0;
        list.1.insert(ticket, Arc::clone(&leave));
        let is_crowded = list.1.len() > MAX_WAITING;
        drop(list);
        if is_crowded {
            self.close_oldest();
        }
        (ticket, leave)
    }

    fn leave(&self, ticket: u64) {
        self.list().1.remove(&ticket);
    }

    fn close_oldest(&self) {
        if let Some((_, leave)) = self.list().1.pop_first() {
            leave.notify_one();
        }
    }
}

/// Lets a request through, or says why not.
async fn gate(Shares(door): Shares<Door>, request: Request, next: Next) -> Response {
    let mut response = match refusal(&door, &request) {
        Some((status, why)) => (status, format!("{why}\n")).into_response(),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

fn refusal(door: &Door, request: &Request) -> Option<(StatusCode, &'static str)> {
    let headers = request.headers();
    if !is_own_host(door.address, request.uri(), headers) {
        return Some((StatusCode::FORBIDDEN, "this server answers under its own address only"));
    }
    if let Some(origin) = headers.get(header::ORIGIN)
        && !is_own_origin(door.address, origin)
    {
        return Some((StatusCode::FORBIDDEN, "another site may not ask this server"));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Some((StatusCode::METHOD_NOT_ALLOWED, "there is nothing here to change; GET and HEAD only"));
    }
    if request.uri().path_and_query().is_none_or(|it| it.as_str().len() > MAX_ADDRESS) {
        return Some((StatusCode::URI_TOO_LONG, "the address is too long"));
    }
    None
}

/// One `Host`, which is this server's; in an absolute address, the same once more.
fn is_own_host(address: SocketAddr, uri: &Uri, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let is_own = |host: &str| is_own_authority(address, host);
    host.to_str().is_ok_and(is_own) && uri.authority().is_none_or(|authority| is_own(authority.as_str()))
}

fn is_own_origin(address: SocketAddr, origin: &HeaderValue) -> bool {
    let host = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://"));
    host.is_some_and(|host| is_own_authority(address, host))
}

/// `localhost` or an address in digits, with our port: a name can be pointed at this machine by anybody, digits cannot.
fn is_own_authority(address: SocketAddr, authority: &str) -> bool {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()),
        _ => (authority, Some(80)),
    };
    if port != Some(address.port()) {
        return false;
    }
    if host.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let digits = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let Ok(asked) = digits.parse::<IpAddr>() else { return false };
    asked.is_loopback() || asked == address.ip() || address.ip().is_unspecified()
}

/// The address that a request asks for, decoded once; nothing that any system could take for another place.
fn decoded(uri: &Uri) -> Option<String> {
    let path = percent_decode_str(uri.path()).decode_utf8().ok()?;
    let is_plain = path.starts_with('/')
        && !path.contains("//")
        && !path.contains(|c: char| c.is_control() || c == '\\')
        && !path.split('/').any(|part| part == "." || part == "..");
    is_plain.then(|| path.into_owned())
}

async fn page(Shares(door): Shares<Door>, uri: Uri) -> Response {
    let Some(path) = decoded(&uri) else {
        return (StatusCode::BAD_REQUEST, "this is no address of a page\n").into_response();
    };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    match ask(&door, Ask::Address(path)).await {
        Some(mut found) => {
            if let Some(location) = &mut found.location {
                location.push_str(&query);
            }
            reply(found)
        }
        None => reply(Reply::new(503, "text/html; charset=utf-8", failure_page("There is no site yet."))),
    }
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    limit: Option<usize>,
}

async fn search(Shares(door): Shares<Door>, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    let Some(Query(asked)) = asked.ok().filter(|asked| !asked.q.trim().is_empty()) else {
        let problem = serde_json::json!({ "error": "write a query: /api/search?q=disk+full&limit=10" });
        return reply(Reply { status: 400, ..Reply::json(&problem) });
    };
    match ask(&door, Ask::Search(asked.q, asked.limit.unwrap_or(HITS))).await {
        Some(found) => reply(found),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

#[derive(Deserialize)]
struct Page {
    url: String,
}

async fn about(Shares(door): Shares<Door>, page: Result<Query<Page>, QueryRejection>) -> Response {
    let url = page.ok().and_then(|Query(page)| decoded(&page.url.parse().ok()?));
    let Some(url) = url else { return StatusCode::BAD_REQUEST.into_response() };
    match ask(&door, Ask::About(url)).await {
        Some(found) => reply(found),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn findings(Shares(door): Shares<Door>) -> Response {
    reply(Reply::json(&door.shared.state().report))
}

/// The number of the build that is shown, and of each that follows.
async fn events(Shares(door): Shares<Door>) -> impl IntoResponse {
    let mut changes = door.shared.changed.subscribe();
    changes.mark_changed();
    let events = stream::unfold(changes, async |mut changes| {
        changes.changed().await.ok()?;
        let id = *changes.borrow_and_update();
        Some((Ok::<_, Infallible>(Event::default().event("build").data(id.to_string())), changes))
    });
    Sse::new(Box::pin(events)).keep_alive(KeepAlive::default())
}

/// Asks the site that is shown; if it was exchanged in that moment, the next one.
async fn ask(door: &Door, question: Ask) -> Option<Reply> {
    let site = door.shared.state().site.clone()?;
    site.ask(question).await
}

fn reply(found: Reply) -> Response {
    let status = StatusCode::from_u16(found.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, [(header::CONTENT_TYPE, found.kind)], Body::from(found.body)).into_response();
    let headers = response.headers_mut();
    // Pages that show frames of other sites say in their head of which; nobody frames them in turn.
    let policy = if found.has_frames { "frame-ancestors 'none'; base-uri 'none'" } else { POLICY };
    if matches!(found.kind, "image/svg+xml") || found.kind.starts_with("text/html") {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    let encoded = |path: &str| {
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let path = utf8_percent_encode(path, ENCODED).to_string();
        query.map_or(path.clone(), |query| format!("{path}?{query}"))
    };
    if let Some(location) =
        found.location.as_deref().and_then(|path| HeaderValue::from_str(&encoded(path)).ok())
    {
        headers.insert(header::LOCATION, location);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_in_digits_or_as_localhost_is_an_own_host() {
        let own: SocketAddr = "127.0.0.1:4000".parse().unwrap();
        for host in ["localhost:4000", "LOCALHOST:4000", "127.0.0.1:4000", "[::1]:4000"] {
            assert!(is_own_authority(own, host), "{host}");
        }
        for host in [
            "localhost",
            "localhost:4001",
            "evil.example:4000",
            "127.0.0.1.evil.example:4000",
            "10.0.0.1:4000",
            "",
        ] {
            assert!(!is_own_authority(own, host), "{host}");
        }
        let everywhere: SocketAddr = "0.0.0.0:4000".parse().unwrap();
        assert!(is_own_authority(everywhere, "192.168.1.7:4000"));
        assert!(!is_own_authority(everywhere, "kb.example:4000"));
    }

    #[test]
    fn an_address_that_some_system_reads_as_another_place_is_none() {
        for path in ["/..", "/a/../b", "/%2e%2e/x", "/..%5cx", "/a//b", "/%00", "/a%0Ab", "/.%2e/x"] {
            assert_eq!(decoded(&path.parse().unwrap()), None, "{path}");
        }
        for (path, wanted) in
            [("/", "/"), ("/a%20b/", "/a b/"), ("/%252e%252e/", "/%2e%2e/"), ("/x::$DATA", "/x::$DATA")]
        {
            assert_eq!(decoded(&path.parse().unwrap()).as_deref(), Some(wanted), "{path}");
        }
    }
}
