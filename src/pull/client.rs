//! One HTTP request, until it is answered.
//!
//! In: an address. Out: the body of a good answer. Answers that ask for patience and failures that may
//! pass are tried again; the service's own word on when comes first. Redirects are not followed: the
//! token belongs to one host.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use ureq::http::{HeaderMap, Response, StatusCode};
use ureq::{Agent, Body};

use super::service::{Endpoint, Service};
use super::{Caller, Progress, PullOptions};
use crate::error::Error;

/// How often one request is tried.
const TRIES: u32 = 8;
/// Longest time that a pull waits at once; a service that wants more is asked another day.
const LONGEST_WAIT: Duration = Duration::from_mins(15);
/// Largest body of one answer in bytes.
const LARGEST_BODY: u64 = 64 << 20;

/// Speaks to one service.
pub(super) struct Client {
    agent: Agent,
    headers: Vec<(&'static str, String)>,
    service: Service,
    has_token: bool,
    base: String,
}

/// Why one try gave no body.
enum Trouble {
    /// It may pass; after this time if the service said so.
    Passing(String, Option<Duration>),
    /// It will not.
    Lasting(String),
}

impl Client {
    pub fn new(options: &PullOptions, endpoint: &Endpoint) -> Result<Self, Error> {
        let config = Agent::config_builder()
            .timeout_connect(Some(Duration::from_secs(20)))
            .timeout_global(Some(Duration::from_mins(2)))
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(concat!("docent/", env!("CARGO_PKG_VERSION")))
            .build();
        let mut headers = vec![("accept", "application/json".to_owned())];
        if let Some(token) = &options.token {
            if token.is_empty() || token.bytes().any(|byte| !(33..127).contains(&byte)) {
                let variable = options.service.token_variable();
                return Err(Error::Usage(format!(
                    "{variable} holds what is no token: a space, a line end or nothing"
                )));
            }
            headers.push(match (options.service, &options.user) {
                (Service::Gitlab, _) => ("private-token", token.clone()),
                (Service::Zendesk, Some(user)) => (
                    "authorization",
                    format!("Basic {}", BASE64_STANDARD.encode(format!("{user}/token:{token}"))),
                ),
                _ => ("authorization", format!("Bearer {token}")),
            });
        }
        Ok(Self {
            agent: config.into(),
            headers,
            service: options.service,
            has_token: options.token.is_some(),
            base: endpoint.base.clone(),
        })
    }

    /// The body at an address.
    pub fn get(&mut self, address: &str, caller: &mut dyn Caller) -> Result<Vec<u8>, Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            let (why, asked) = match self.attempt(address) {
                Ok(body) => return Ok(body),
                Err(Trouble::Lasting(why)) => return Err(self.stopped(&why)),
                Err(Trouble::Passing(why, asked)) => (why, asked),
            };
            if tries == TRIES {
                return Err(self.stopped(&format!("{why}, {TRIES} times in a row")));
            }
            let wait = asked.unwrap_or(Duration::from_secs(1 << (tries - 1).min(6)));
            if wait > LONGEST_WAIT {
                let minutes = wait.as_secs().div_ceil(60);
                return Err(self.stopped(&format!("{why} and asks for {minutes} minutes of patience")));
            }
            caller.tell(&Progress::Waiting(wait, why));
            caller.wait(wait);
        }
    }

    fn stopped(&self, why: &str) -> Error {
        Error::Usage(format!(
            "{} {why}; what was fetched so far is kept, and the same command goes on from there",
            self.base
        ))
    }

    fn attempt(&self, address: &str) -> Result<Vec<u8>, Trouble> {
        let mut request = self.agent.get(address);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let mut response = request.call().map_err(|error| match error {
            ureq::Error::HostNotFound => Trouble::Lasting("cannot be found: there is no such host".into()),
            ureq::Error::Tls(_) | ureq::Error::Rustls(_) => {
                Trouble::Lasting(format!("cannot be trusted ({error})"))
            }
            error => Trouble::Passing(format!("cannot be reached ({error})"), None),
        })?;
        self.judge(&response)?;
        let body = response.body_mut().with_config().limit(LARGEST_BODY).read_to_vec();
        body.map_err(|error| match error {
            ureq::Error::BodyExceedsLimit(_) => {
                Trouble::Lasting(format!("answered with more than {} MiB at once", LARGEST_BODY >> 20))
            }
            error => Trouble::Passing(format!("broke off in the middle of an answer ({error})"), None),
        })
    }

    fn judge(&self, response: &Response<Body>) -> Result<(), Trouble> {
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        let patience = patience(response.headers());
        let variable = self.service.token_variable();
        Err(match status {
            StatusCode::TOO_MANY_REQUESTS => Trouble::Passing("asks for patience".into(), patience),
            // GitHub's word for the same.
            StatusCode::FORBIDDEN if patience.is_some() => {
                Trouble::Passing("asks for patience".into(), patience)
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if self.has_token => {
                Trouble::Lasting(format!("does not accept the token in {variable} ({status})"))
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Trouble::Lasting(format!("wants a token ({status}): set {variable}"))
            }
            StatusCode::NOT_FOUND if !self.has_token => Trouble::Lasting(format!(
                "knows no such project, or shows it only with a token in {variable}"
            )),
            StatusCode::NOT_FOUND => {
                Trouble::Lasting("knows no such project, or the token may not see it".into())
            }
            status if status.is_redirection() => {
                let to =
                    response.headers().get("location").and_then(|to| to.to_str().ok()).unwrap_or("elsewhere");
                Trouble::Lasting(format!("leads to {to}; name that address, since a token is not sent on"))
            }
            status if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => {
                Trouble::Passing(format!("is in trouble ({status})"), patience)
            }
            status => Trouble::Lasting(format!("refuses the request ({status})")),
        })
    }
}

/// How long the service asks to wait: `Retry-After` in seconds or as a date, or the time at which a
/// spent limit is renewed. Dates are compared with the service's own clock.
pub(super) fn patience(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let now = || text("date").and_then(|date| rfc2822::parse(date).ok()).map(|date| date.timestamp());
    let until = |then: Timestamp| {
        let seconds = then.as_second() - now()?.as_second();
        Some(Duration::from_secs(seconds.max(0).cast_unsigned() + 1))
    };
    if let Some(after) = text("retry-after") {
        if let Ok(seconds) = after.parse() {
            return Some(Duration::from_secs(seconds));
        }
        return rfc2822::parse(after).ok().and_then(|date| until(date.timestamp()));
    }
    if text("x-ratelimit-remaining").or_else(|| text("ratelimit-remaining")) != Some("0") {
        return None;
    }
    let reset = text("x-ratelimit-reset").or_else(|| text("ratelimit-reset"))?;
    until(Timestamp::from_second(reset.parse().ok()?).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_is_as_long_as_the_service_says() {
        type Headers = &'static [(&'static str, &'static str)];
        let table: [(Headers, Option<u64>); 6] = [
            (&[], None),
            (&[("retry-after", "7")], Some(7)),
            (
                &[
                    ("date", "Mon, 23 Nov 2026 10:00:00 GMT"),
                    ("retry-after", "Mon, 23 Nov 2026 10:00:30 GMT"),
                ],
                Some(31),
            ),
            (&[("x-ratelimit-remaining", "12"), ("x-ratelimit-reset", "1795428060")], None),
            (
                &[
                    ("date", "Mon, 23 Nov 2026 10:00:00 GMT"),
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", "1795428060"),
                ],
                Some(61),
            ),
            (&[("retry-after", "soon")], None),
        ];
        for (given, wants) in table {
            let mut headers = HeaderMap::new();
            for (name, value) in given {
                headers.insert(*name, value.parse().unwrap());
            }
            assert_eq!(patience(&headers), wants.map(Duration::from_secs), "{given:?}");
        }
    }
}
