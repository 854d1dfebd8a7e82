//! Addresses of other sites → what is there.
//!
//! In: addresses. Out: one [`LinkResult`] for each. Hosts are asked side by side, the addresses of one
//! host one after the other; a host that asks for patience gets it, and one that gives no answer is left
//! alone. Nothing is sent but the request, and of an answer only its head is read. Not here: the file of
//! results (`external`).

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::civil::Date;
use rayon::prelude::*;
use ureq::Agent;
use ureq::http::{StatusCode, Uri};
use ureq::unversioned::transport::DefaultConnector;

use super::client::patience;
use super::guard::{Guard, Private};
use crate::error::Error;
use crate::external::{LinkResult, LinkState};

/// How often one address is asked.
const TRIES: u32 = 3;
/// Longest time that one host is waited for at once.
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// Addresses without an answer after which the rest of a host is left for another day.
const PATIENCE: u32 = 3;
/// Hosts that are asked at once.
const HOSTS: usize = 16;
/// How many other addresses one address may lead through.
const REDIRECTS: u32 = 10;

/// The result of a host that nobody knows.
pub const NO_HOST: &str = "there is no such host";

/// How to ask.
#[derive(Clone, Debug)]
pub struct AskOptions {
    /// The day that results carry.
    pub today: Date,
    /// Hosts of a private network that may be asked.
    pub private: Vec<String>,
    /// How long one answer may take.
    pub timeout: Duration,
    /// How long to wait before the second try; the third waits twice as long.
    pub pause: Duration,
}

impl AskOptions {
    /// As sites expect it.
    pub fn new(today: Date) -> Self {
        let (timeout, pause) = (Duration::from_secs(20), Duration::from_secs(1));
        Self { today, private: Vec::new(), timeout, pause }
    }
}

/// Asks for each address; `done` is called after each.
pub fn ask(
    urls: &[String],
    options: &AskOptions,
    done: &(dyn Fn() + Sync),
) -> Result<BTreeMap<String, LinkResult>, Error> {
    let config = Agent::config_builder()
        .timeout_global(Some(options.timeout))
        .http_status_as_error(false)
        .max_redirects(REDIRECTS)
        // Through a proxy nobody could say which machine is asked.
        .proxy(None)
        .user_agent(concat!("docent/", env!("CARGO_PKG_VERSION")))
        .build();
    let agent = Agent::with_parts(config, DefaultConnector::default(), Guard::new(&options.private));
    let mut hosts: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for url in urls {
        let host = url.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_ascii_lowercase));
        hosts.entry(host.unwrap_or_default()).or_default().push(url);
    }
    let threads = rayon::ThreadPoolBuilder::new().num_threads(HOSTS).build();
    let threads = threads.map_err(|error| Error::Internal(format!("cannot start threads: {error}")))?;
    let ask_host = |urls: &Vec<&String>| {
        let mut host = Host { agent: &agent, options, silent: 0 };
        let ask = |url: &&String| {
            let (state, why) = host.ask(url);
            done();
            ((*url).clone(), LinkResult { state, checked: Some(options.today), why })
        };
        urls.iter().map(ask).collect::<Vec<_>>()
    };
    let hosts: Vec<Vec<&String>> = hosts.into_values().collect();
    let results: Vec<_> =
        threads.install(|| hosts.par_iter().with_max_len(1).flat_map_iter(ask_host).collect());
    Ok(results.into_iter().collect())
}

/// One host while its addresses are asked.
struct Host<'a> {
    agent: &'a Agent,
    options: &'a AskOptions,
    /// Addresses in a row without an answer.
    silent: u32,
}

/// What one try gave.
enum Answer {
    /// It settles the matter.
    Settled(LinkState, String),
    /// Ask again, after this time if the host said so.
    Later(String, Option<Duration>),
}

impl Host<'_> {
    fn ask(&mut self, url: &str) -> (LinkState, String) {
        if self.silent >= PATIENCE {
            return (LinkState::Unanswered, "the host gave no answer to others and was left alone".into());
        }
        let mut pause = self.options.pause;
        for attempt in 1.. {
            let (why, asked) = match self.attempt(url) {
                Answer::Settled(state, why) => {
                    self.silent = 0;
                    return (state, why);
                }
                Answer::Later(why, asked) => (why, asked),
            };
            let wait = asked.unwrap_or(pause);
            if wait > LONGEST_WAIT {
                self.silent = PATIENCE;
                return (
                    LinkState::Unanswered,
                    format!("{why}, for {} minutes", wait.as_secs().div_ceil(60)),
                );
            }
            if attempt == TRIES {
                self.silent += 1;
                return (LinkState::Unanswered, format!("{why}, {TRIES} times in a row"));
            }
            std::thread::sleep(wait);
            pause *= 2;
        }
        (LinkState::Unanswered, String::new())
    }

    fn attempt(&self, url: &str) -> Answer {
        let response = match self.agent.get(url).header("accept", "*/*").call() {
            Ok(response) => response,
            Err(error) => return judge_error(&error),
        };
        let status = response.status();
        match status {
            StatusCode::NOT_FOUND | StatusCode::GONE => Answer::Settled(LinkState::Dead, status.to_string()),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY => {
                Answer::Later(format!("asks for patience ({status})"), patience(response.headers()))
            }
            status if status.is_server_error() => {
                Answer::Later(format!("is in trouble ({status})"), patience(response.headers()))
            }
            // Whoever wants a password, or no robots, has something to show.
            status => Answer::Settled(LinkState::Alive, status.to_string()),
        }
    }
}

fn judge_error(error: &ureq::Error) -> Answer {
    let dead = |why: &str| Answer::Settled(LinkState::Dead, why.to_owned());
    match error {
        ureq::Error::Other(other) => match other.downcast_ref::<Private>() {
            Some(private) => Answer::Settled(LinkState::Refused, private.to_string()),
            None => Answer::Later(format!("cannot be reached ({other})"), None),
        },
        ureq::Error::HostNotFound => dead(NO_HOST),
        ureq::Error::TooManyRedirects => dead("it leads in a circle"),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => dead("it is not an address"),
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => {
            Answer::Settled(LinkState::Unanswered, format!("its certificate is not valid ({error})"))
        }
        error => Answer::Later(format!("cannot be reached ({error})"), None),
    }
}
