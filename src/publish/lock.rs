//! One build at a time into one folder.
//!
//! In: the place of a build. Out: a lock that lasts until it is dropped. The system frees it when
//! its holder dies, however it dies. Not here: locks on anything else.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::target::Place;
use crate::error::Error;

/// How often and how long to wait for another build: three seconds.
const TRIES: u32 = 60;
const PAUSE: Duration = Duration::from_millis(50);

/// The held lock.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    file: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Still held here: whoever opened the file before it went finds that it is no longer the
        // one at this path, and opens again.
        let _ = std::fs::remove_file(&self.path);
    }
}

impl Lock {
    /// Takes the lock of a place, waiting a few seconds for another build to end.
    pub fn take(place: &Place) -> Result<Self, Error> {
        let path = &place.lock;
        let io = |error| Error::io("lock", path, error);
        let mut file = open(path).map_err(io)?;
        for attempt in 0..TRIES {
            if attempt > 0 {
                std::thread::sleep(PAUSE);
                file = open(path).map_err(io)?;
            }
            match file.try_lock() {
                Ok(()) if is_at(&file, path) => {
                    // Ours from here: dropped, and so removed, if the disk is too full for the pid.
                    let mut lock = Self { path: path.clone(), file };
                    lock.file.set_len(0).map_err(io)?;
                    write!(lock.file, "{}", std::process::id()).map_err(io)?;
                    return Ok(lock);
                }
                Ok(()) | Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(io(error)),
            }
        }
        Err(Error::Locked { message: describe_holder(&mut file, &place.target) })
    }
}

fn open(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    options.open(path)
}

/// Whether the file is still the one at the path: its last holder removes it.
fn is_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let (Ok(held), Ok(named)) = (file.metadata(), path.symlink_metadata()) else { return false };
        (held.dev(), held.ino()) == (named.dev(), named.ino())
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        path.exists()
    }
}

fn describe_holder(file: &mut File, target: &Path) -> String {
    let mut pid = String::new();
    let known = file.take(20).read_to_string(&mut pid).is_ok() && pid.parse::<u32>().is_ok();
    let who = if known { format!("pid {pid}") } else { "an unknown process".to_owned() };
    let since = file.metadata().and_then(|metadata| metadata.modified()).ok();
    let since = since.and_then(|time| jiff::Timestamp::try_from(time).ok());
    let since = since.map(|time| format!(" since {}", time.strftime("%Y-%m-%d %H:%M:%S UTC")));
    let target = target.display();
    format!("another build holds the lock of `{target}`: {who}{}", since.unwrap_or_default())
}
