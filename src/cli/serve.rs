//! `docent serve`: the author's loop, and the site on a laptop.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::build::plural;
use super::run::Run;
use super::terminal::Terminal;
use super::{Failure, Global};
use crate::diagnostic::format::{Counts, Report};
use crate::discover::git::HistoryMemory;
use crate::pipeline::{Checked, Memory};
use crate::serve::{Event, ServeOptions, serve};

/// Shows the site in the browser and follows what is edited
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The knowledge base [default: the current folder]
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Listen at this port [default: 4000, or the next one that is free]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// Listen at this address; 0.0.0.0 lets others on the network read
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// Open the browser
    #[arg(long)]
    open: bool,
    /// Show drafts and expired pages too
    #[arg(long)]
    drafts: bool,
    /// Keep pages that are not UTF-8, with U+FFFD for the bytes that cannot be read
    #[arg(long)]
    lossy: bool,
    /// Watch at most so many folders, and look for changes every second if there are more
    #[arg(long, value_name = "N", hide = true, default_value_t = usize::MAX)]
    max_watched: usize,
}

#[expect(clippy::disallowed_methods, reason = "the command line is where the clock is")]
pub(super) fn run(options: &Options, global: &Global, terminal: &mut Terminal) -> Result<u8, Failure> {
    let mut run = Run::new(options.dir.as_deref(), global, terminal)?;
    run.options.discover.lossy = options.lossy;
    run.options.discover.history = Some(Arc::new(HistoryMemory::default()));
    run.options.model.drafts = options.drafts;
    run.options.memory = Some(Arc::new(Memory::default()));
    let index = run.index_folder(terminal)?;
    let asked = ServeOptions {
        pipeline: run.options.clone(),
        index: index.path.clone(),
        bind: options.bind,
        port: options.port,
        shown_prefix: terminal.shown_prefix(),
        max_watched: options.max_watched,
    };
    let mut start = std::time::Instant::now();
    let mut last: Option<Told> = None;
    let mut tell = |event: Event<'_>| {
        run.progress.clear();
        match event {
            Event::Building => start = std::time::Instant::now(),
            Event::Listening(address) => welcome(address, options, terminal),
            Event::Built(checked) => {
                let told = Told::of(checked);
                if last.as_ref() != Some(&told) {
                    show(checked, terminal);
                }
                let seconds = start.elapsed().as_secs_f64();
                let pages = plural(checked.site.pages.len(), "page");
                terminal.say(&format!("{pages}: {}, in {seconds:.2} s", Counts::of(&checked.findings)));
                last = Some(told);
            }
            Event::Failed(error) => terminal.failure(error),
            Event::Note(note) => terminal.note(&note),
        }
    };
    match serve(&asked, &mut tell) {
        Ok(never) => match never {},
        Err(error) => Err(error.into()),
    }
}

/// What was told of the last build; the same is not told again.
#[derive(PartialEq, Eq)]
struct Told(Vec<(String, String, u32)>);

impl Told {
    fn of(checked: &Checked) -> Self {
        let told = checked.findings.iter().map(|finding| {
            let (path, before, span, _, message) = finding.sort_key();
            (path.to_owned(), message.to_owned(), before + span.start)
        });
        Self(told.collect())
    }
}

fn show(checked: &Checked, terminal: &Terminal) {
    terminal.findings(&Report {
        findings: &checked.findings,
        today: &checked.site.today,
        pages: checked.site.pages.len(),
        shown_prefix: &terminal.shown_prefix(),
        repository_prefix: &checked.sources.git.prefix,
        style: terminal.err_style(),
    });
}

fn welcome(address: SocketAddr, options: &Options, terminal: &Terminal) {
    let own = match address.ip() {
        ip if ip.is_unspecified() => format!("http://localhost:{}/", address.port()),
        _ => format!("http://{address}/"),
    };
    terminal.say(&format!("Read it at {own}; Ctrl-C ends it"));
    if !address.ip().is_loopback() {
        let seen =
            if address.ip().is_unspecified() { own_address().unwrap_or(address.ip()) } else { address.ip() };
        let url = format!("http://{}/", SocketAddr::new(seen, address.port()));
        terminal.note(&format!("everybody on this network can read it, at {url}"));
        if let Some(code) = qr_code(&url) {
            terminal.say(&code);
        }
    }
    if options.open
        && let Err(error) = open::that_detached(&own)
    {
        terminal.note(&format!("the browser cannot be opened: {error}"));
    }
}

/// The address under which others see this machine. Nothing is sent: a datagram's socket only chooses its way.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

fn qr_code(url: &str) -> Option<String> {
    let code = qrcode::QrCode::new(url).ok()?;
    Some(code.render::<qrcode::render::unicode::Dense1x2>().quiet_zone(true).build())
}
