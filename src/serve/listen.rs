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
    let open = |port| TcpListener::bind(SocketAddr::new(bind, port));
    let Some(port) = port else {
        let free = (FIRST..FIRST + TRIED).chain([0]).find_map(|port| match open(port) {
            Err(error) if error.kind() == ErrorKind::AddrInUse => None,
            opened => Some(opened),
        });
        let opened = free.unwrap_or_else(|| Err(ErrorKind::AddrInUse.into()));
        return opened.map_err(|error| Error::io("listen at", bind.to_string(), error));
    };
    open(port).map_err(|error| match error.kind() {
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
    })
}
