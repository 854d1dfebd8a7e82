//! The one way to open a file of a knowledge base.
//!
//! In: a folder, and a path below it that holds no symbolic link. Out: the bytes of a regular file,
//! read whole and unchanged, or why not. A link is resolved by [`Jail::resolve`] first, and refused
//! if it leads outside; should the path be swapped for a link afterwards, the open fails, so no byte
//! from outside ever comes back. Pipes, sockets and devices never block. Not here: which files to
//! read (`walk`), what to say of a refusal (`read`).

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// A folder out of which no open leads.
#[derive(Debug)]
pub struct Jail {
    root: PathBuf,
    #[cfg(unix)]
    folder: rustix::fd::OwnedFd,
}

/// Why a file was not read.
#[derive(Debug)]
pub enum Refusal {
    /// It stands outside, or a link leads there.
    Outside,
    /// A link that leads to itself.
    Loop,
    /// Neither a file nor a folder.
    Special,
    /// More bytes than allowed; none were loaded.
    TooLarge {
        /// Its size.
        size: u64,
    },
    /// It was swapped, cut or grew meanwhile.
    Changed,
    /// The system's word.
    Io(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        // `FilesystemLoop` is what the system says to a link where none may be, too; those who
        // open (and not resolve) translate it themselves.
        if error.kind() == io::ErrorKind::NotFound || !is_loop(&error) { Self::Io(error) } else { Self::Loop }
    }
}

impl Jail {
    /// Makes a jail of a folder. Links in the way to the folder itself are followed: it was named by
    /// the user.
    pub fn new(root: &Path) -> io::Result<Self> {
        let root = root.canonicalize()?;
        #[cfg(unix)]
        {
            use rustix::fs::{Mode, OFlags};
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
            let folder = rustix::fs::open(&root, flags, Mode::empty())?;
            Ok(Self { root, folder })
        }
        #[cfg(not(unix))]
        Ok(Self { root })
    }

    /// The folder, absolute and without links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Follows the links in a path below the root: the same file's path without any.
    pub fn resolve(&self, path: &Path) -> Result<PathBuf, Refusal> {
        let real = self.root.join(path).canonicalize()?;
        real.strip_prefix(&self.root).map(Path::to_owned).map_err(|_| Refusal::Outside)
    }

    /// Follows the links in a path, then reads the file they lead to.
    pub fn read_linked(&self, path: &Path, limit: u64) -> Result<Vec<u8>, Refusal> {
        self.read(&self.resolve(path)?, limit)
    }

    /// Reads a regular file of at most `limit` bytes. Its path is relative and holds no link; if one
    /// stands there now, the file has changed since it was found.
    pub fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, Refusal> {
        let mut file = self.open(path)?;
        let before = file.metadata()?;
        if !before.is_file() {
            return Err(Refusal::Special);
        }
        if before.len() > limit {
            return Err(Refusal::TooLarge { size: before.len() });
        }
        let mut bytes = Vec::with_capacity(before.len() as usize + 1);
        // One byte more than is allowed, to notice a file that grows.
        (&mut file).take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != before.len() || !same(&before, &file.metadata()?) {
            return Err(Refusal::Changed);
        }
        Ok(bytes)
    }

    /// Opens a regular file of any size to be read as it streams. Its path is relative and holds no
    /// link.
    pub fn stream(&self, path: &Path) -> Result<Stream, Refusal> {
        let file = self.open(path)?;
        let before = file.metadata()?;
        if before.is_file() { Ok(Stream { file, before }) } else { Err(Refusal::Special) }
    }

    #[cfg(unix)]
    fn open(&self, path: &Path) -> Result<File, Refusal> {
        use rustix::fs::{Mode, OFlags};
        check_relative(path)?;
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::ResolveFlags;
            use rustix::io::Errno;
            let jailed = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
            match rustix::fs::openat2(&self.folder, path, flags, Mode::empty(), jailed) {
                Ok(file) => return Ok(file.into()),
                // An old kernel, or a sandbox that does not know the call.
                Err(Errno::NOSYS | Errno::PERM | Errno::OPNOTSUPP) => {}
                Err(error) => return Err(refuse_open(error)),
            }
        }
        self.open_stepwise(path, flags)
    }

    /// The same without `openat2`: folder by folder, none of which may be a link.
    #[cfg(unix)]
    fn open_stepwise(&self, path: &Path, flags: rustix::fs::OFlags) -> Result<File, Refusal> {
        use rustix::fs::{Mode, OFlags, openat};
        let step = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::DIRECTORY | OFlags::NOFOLLOW;
        let mut names: Vec<_> = path.components().collect();
        let Some(last) = names.pop() else { return Err(Refusal::Special) };
        let mut folder = None;
        for name in names {
            let parent = folder.as_ref().unwrap_or(&self.folder);
            folder = Some(openat(parent, name.as_os_str(), step, Mode::empty()).map_err(refuse_open)?);
        }
        let parent = folder.as_ref().unwrap_or(&self.folder);
        let file = openat(parent, last.as_os_str(), flags | OFlags::NOFOLLOW, Mode::empty());
        Ok(file.map_err(refuse_open)?.into())
    }

    #[cfg(not(unix))]
    #[expect(clippy::disallowed_methods, reason = "this is the one jailed open")]
    fn open(&self, path: &Path) -> Result<File, Refusal> {
        check_relative(path)?;
        let wanted = self.root.join(path);
        let file = File::open(&wanted)?;
        // Opened first, then looked at: a link that was swapped in shows in the resolved path.
        if wanted.canonicalize()? == wanted { Ok(file) } else { Err(Refusal::Changed) }
    }
}

/// A file that is read as it streams. That it changed meanwhile is an error at its end.
#[derive(Debug)]
pub struct Stream {
    file: File,
    before: Metadata,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        if read == 0 && !buffer.is_empty() && !same(&self.before, &self.file.metadata()?) {
            return Err(io::Error::other("it changed while it was read"));
        }
        Ok(read)
    }
}

/// Reads a file that the user named; links are followed.
pub fn read_named(path: &Path, limit: u64) -> Result<Vec<u8>, Refusal> {
    let real = path.canonicalize()?;
    match (real.parent(), real.file_name()) {
        (Some(folder), Some(name)) => Jail::new(folder)?.read(Path::new(name), limit),
        _ => Err(Refusal::Special),
    }
}

fn check_relative(path: &Path) -> Result<(), Refusal> {
    let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    if inside { Ok(()) } else { Err(Refusal::Outside) }
}

#[cfg(unix)]
fn refuse_open(error: rustix::io::Errno) -> Refusal {
    use rustix::io::Errno;
    match error {
        // A link, or a file in the place of a folder, where the walk saw none.
        Errno::LOOP | Errno::XDEV | Errno::NOTDIR | Errno::NOENT => Refusal::Changed,
        // A socket, or a device without a driver.
        Errno::NXIO | Errno::NODEV => Refusal::Special,
        error => Refusal::Io(error.into()),
    }
}

fn is_loop(error: &io::Error) -> bool {
    #[cfg(unix)]
    let is_loop = error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error());
    #[cfg(not(unix))]
    let is_loop = {
        let _ = error;
        false
    };
    is_loop
}

/// Whether a file is as it was before. Times are compared with themselves, never with a clock.
fn same(before: &Metadata, after: &Metadata) -> bool {
    before.len() == after.len() && before.modified().ok() == after.modified().ok()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn jail() -> (tempfile::TempDir, Jail) {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("kb/sub")).unwrap();
        std::fs::write(dir.path().join("secret"), "outside").unwrap();
        std::fs::write(dir.path().join("kb/sub/a.md"), "inside").unwrap();
        let jail = Jail::new(&dir.path().join("kb")).unwrap();
        (dir, jail)
    }

    /// Both ways to open, for every claim.
    fn open_both(jail: &Jail, path: &str) -> [Result<File, Refusal>; 2] {
        let flags = rustix::fs::OFlags::RDONLY | rustix::fs::OFlags::NONBLOCK;
        [jail.open(Path::new(path)), jail.open_stepwise(Path::new(path), flags)]
    }

    #[test]
    fn a_file_below_the_root_is_read_whole() {
        let (_dir, jail) = jail();
        assert_eq!(jail.read(Path::new("sub/a.md"), 6).unwrap(), b"inside");
        for file in open_both(&jail, "sub/a.md") {
            assert!(file.unwrap().metadata().unwrap().is_file());
        }
    }

    #[test]
    fn paths_that_leave_the_root_are_refused() {
        let (dir, jail) = jail();
        for path in ["../secret", "sub/../../secret", "/etc/passwd", "./sub/../../secret"] {
            assert!(matches!(jail.read(Path::new(path), 100), Err(Refusal::Outside)), "{path}");
        }
        symlink(dir.path().join("secret"), dir.path().join("kb/link.md")).unwrap();
        assert!(matches!(jail.resolve(Path::new("link.md")), Err(Refusal::Outside)));
        symlink("link2.md", dir.path().join("kb/link2.md")).unwrap();
        assert!(matches!(jail.resolve(Path::new("link2.md")), Err(Refusal::Loop)));
    }

    #[test]
    fn a_path_swapped_for_a_link_after_the_walk_gives_no_outside_byte() {
        let (dir, jail) = jail();
        let kb = dir.path().join("kb");
        std::fs::remove_file(kb.join("sub/a.md")).unwrap();
        symlink(dir.path().join("secret"), kb.join("sub/a.md")).unwrap();
        for file in open_both(&jail, "sub/a.md") {
            assert!(matches!(file, Err(Refusal::Changed)));
        }
        std::fs::remove_dir_all(kb.join("sub")).unwrap();
        symlink(dir.path(), kb.join("sub")).unwrap();
        for file in open_both(&jail, "sub/secret") {
            assert!(matches!(file, Err(Refusal::Changed)));
        }
    }

    #[test]
    fn a_file_over_the_limit_is_not_loaded() {
        let (dir, jail) = jail();
        // 1 TB of nothing: loading it would show.
        File::create(dir.path().join("kb/big.md")).unwrap().set_len(1 << 40).unwrap();
        let refusal = jail.read(Path::new("big.md"), 2 << 20);
        assert!(matches!(refusal, Err(Refusal::TooLarge { size }) if size == 1 << 40));
    }

    #[test]
    fn a_pipe_in_the_place_of_a_file_does_not_hang() {
        let (dir, jail) = jail();
        let (pipe, mode) = (dir.path().join("kb/pipe.md"), rustix::fs::Mode::RWXU);
        rustix::fs::mknodat(rustix::fs::CWD, pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        assert!(matches!(jail.read(Path::new("pipe.md"), 100), Err(Refusal::Special)));
        let _socket = std::os::unix::net::UnixListener::bind(dir.path().join("kb/socket.md")).unwrap();
        assert!(matches!(jail.read(Path::new("socket.md"), 100), Err(Refusal::Special)));
    }
}
