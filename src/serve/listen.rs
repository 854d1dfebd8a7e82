//! An address to listen at.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener};

use crate::error::Error;

/// The port that is tried first.
const FIRST: u16 = 4000;
/// Ports that are tried after it.
const TRIED: u16 = 100;

/// Opens a port: the one that was asked for, or else the first that is free.
pub(super) fn listen(bind: IpAddr, port: Option<u16>) -> Result<TcpListener, Error> {
    if let Some(port) = port {
        return open(bind, port).map_err(|error| refused(bind, port, error));
    }
    for port in FIRST..FIRST + TRIED {
        match open(bind, port) {
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            opened => return opened.map_err(|error| refused(bind, port, error)),
        }
    }
    open(bind, 0).map_err(|error| refused(bind, 0, error))
}

fn open(bind: IpAddr, port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind(SocketAddr::new(bind, port))
}

fn refused(bind: IpAddr, port: u16, error: std::io::Error) -> Error {
    match error.kind() {
        ErrorKind::AddrInUse => Error::Usage(format!(
            "port {port} of {bind} is taken; leave `--port` out, and the next free one is used"
        )),
        ErrorKind::PermissionDenied => {
            Error::Usage(format!("port {port} may not be used by this user; ports from 1024 on may"))
        }
        ErrorKind::AddrNotAvailable => Error::Usage(format!(
            "`{bind}` is no address of this machine; `--bind 0.0.0.0` listens at all of them"
        )),
        _ => Error::io("listen at", SocketAddr::new(bind, port).to_string(), error),
    }
}
