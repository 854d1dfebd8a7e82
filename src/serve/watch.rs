//! Whether anything changed.
//!
//! In: folders. Out: one wake-up for each burst of changes, however an editor saves. If the system has no watches left,
//! the folders are looked at every second instead. Not here: what changed; that is found out by reading.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{CreateKind, EventKind, ModifyKind};
use notify::{Config, ErrorKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

/// A burst is over when nothing happened for so long.
const QUIET: Duration = Duration::from_millis(25);
/// A burst that does not end is taken as over.
const LONGEST: Duration = Duration::from_secs(2);
/// How often folders are looked at that the system does not watch.
const POLL: Duration = Duration::from_secs(1);
/// How deep a new folder is entered.
const MAX_DEPTH: usize = 64;

type Happened = notify::Result<notify::Event>;

/// Folders under watch.
pub struct Watch {
    watcher: Box<dyn Watcher + Send>,
    sender: Sender<Happened>,
    events: Receiver<Happened>,
    folders: BTreeSet<PathBuf>,
    max: usize,
    polls: bool,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch")
            .field("folders", &self.folders.len())
            .field("polls", &self.polls)
            .finish_non_exhaustive()
    }
}

impl Watch {
    /// Begins to watch; with a note if the system cannot, because more than `max` folders or all of its watches are
    /// used.
    pub fn start(folders: &BTreeSet<PathBuf>, max: usize) -> (Self, Option<String>) {
        let (sender, events) = channel();
        let native = RecommendedWatcher::new(sender.clone(), Config::default());
        let (watcher, polls): (Box<dyn Watcher + Send>, bool) = match native {
            Ok(watcher) => (Box::new(watcher), false),
            Err(_) => (Box::new(notify::NullWatcher), false),
        };
        let mut watch = Self { watcher, sender, events, folders: BTreeSet::new(), max, polls };
        let note = watch.follow(folders);
        (watch, note)
    }

    /// Whether a folder that was watched is gone; its system's watch went with it.
    pub fn has_lost_a_folder(&self) -> bool {
        !self.polls && self.folders.iter().any(|folder| !folder.is_dir())
    }

    /// Watches these folders and no others; with a note if the system cannot any more.
    pub fn follow(&mut self, folders: &BTreeSet<PathBuf>) -> Option<String> {
        let gone: Vec<PathBuf> =
            self.folders.iter().filter(|it| !folders.contains(*it) || !it.is_dir()).cloned().collect();
        for folder in gone {
            // A folder that was removed is not watched any more by itself.
            let _ = self.watcher.unwatch(&folder);
            self.folders.remove(&folder);
        }
        let fresh: Vec<PathBuf> =
            folders.difference(&self.folders).filter(|it| it.is_dir()).cloned().collect();
        let notes: Vec<String> = fresh.into_iter().filter_map(|folder| self.add(folder)).collect();
        notes.into_iter().next()
    }

    fn add(&mut self, folder: PathBuf) -> Option<String> {
        if self.folders.contains(&folder) {
            return None;
        }
        let result = if self.folders.len() >= self.max && !self.polls {
            Err(notify::Error::new(ErrorKind::MaxFilesWatch))
        } else {
            self.watcher.watch(&folder, RecursiveMode::NonRecursive)
        };
        match result {
            Ok(()) => {
                self.folders.insert(folder);
                None
            }
            // It went in the same moment.
            Err(_) if self.polls || !folder.is_dir() => None,
            Err(error) => {
                self.folders.insert(folder);
                Some(self.poll(&error))
            }
        }
    }

    /// Looks at the folders every second from now on.
    fn poll(&mut self, why: &notify::Error) -> String {
        self.polls = true;
        // Times of files are told in seconds there; two edits in one would be taken for one.
        let config = Config::default().with_poll_interval(POLL).with_compare_contents(true);
        match PollWatcher::new(self.sender.clone(), config) {
            Ok(watcher) => self.watcher = Box::new(watcher),
            Err(error) => return format!("changes are not noticed: {error}"),
        }
        for folder in &self.folders {
            let _ = self.watcher.watch(folder, RecursiveMode::NonRecursive);
        }
        let why = match &why.kind {
            ErrorKind::MaxFilesWatch => {
                "the system's watches are used up (fs.inotify.max_user_watches)".to_owned()
            }
            _ => why.to_string(),
        };
        format!("{why}; changes are looked for every second instead")
    }

    /// Waits until a burst of changes is over. `false`: `timeout` is over, and nothing changed.
    #[expect(clippy::disallowed_methods, reason = "a burst ends by the clock")]
    pub fn wait(&mut self, timeout: Option<Duration>) -> bool {
        loop {
            let first = match timeout {
                Some(timeout) => self.events.recv_timeout(timeout),
                None => self.events.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match first {
                Ok(event) => {
                    if self.counts(event) {
                        break;
                    }
                }
                Err(_) => return false,
            }
        }
        let start = Instant::now();
        while let Ok(event) = self.events.recv_timeout(QUIET) {
            self.counts(event);
            if start.elapsed() > LONGEST {
                break;
            }
        }
        true
    }

    /// Whether an event may have changed a source. A new folder is watched at once: what is put into it next must
    /// not be missed.
    fn counts(&mut self, event: Happened) -> bool {
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                if !self.polls && matches!(error.kind, ErrorKind::MaxFilesWatch) {
                    self.poll(&error);
                }
                return true;
            }
        };
        if event.need_rescan() {
            return true;
        }
        let is_change = match event.kind {
            EventKind::Access(_) => false,
            EventKind::Modify(ModifyKind::Metadata(_)) => self.polls,
            _ => true,
        };
        let counted: Vec<&PathBuf> = event.paths.iter().filter(|path| is_source(path)).collect();
        if !is_change || (counted.is_empty() && !event.paths.is_empty()) {
            return false;
        }
        if matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))) {
            // The watch went with the folder; should one of this name be made again, it is a new one.
            let under = |it: &&PathBuf| counted.iter().any(|path| it.starts_with(path));
            let gone: Vec<PathBuf> = self.folders.iter().filter(under).cloned().collect();
            for folder in gone {
                let _ = self.watcher.unwatch(&folder);
                self.folders.remove(&folder);
            }
        }
        if matches!(
            event.kind,
            EventKind::Create(CreateKind::Folder | CreateKind::Any) | EventKind::Modify(ModifyKind::Name(_))
        ) {
            for path in counted {
                self.enter(path, 0);
            }
        }
        true
    }

    fn enter(&mut self, folder: &Path, depth: usize) {
        let is_folder = folder.symlink_metadata().is_ok_and(|data| data.is_dir());
        if !is_folder || depth > MAX_DEPTH {
            return;
        }
        self.add(folder.to_owned());
        for entry in folder.read_dir().into_iter().flatten().flatten() {
            if is_source(&entry.path()) {
                self.enter(&entry.path(), depth + 1);
            }
        }
    }
}

/// Whether a path may be a source: no file that an editor keeps for itself while it saves, and none of Docent's own.
/// Of git's folder only what says which commit is checked out.
fn is_source(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return true };
    let parent = path.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    if parent == Some(".git") {
        return matches!(name, "HEAD" | "packed-refs" | "index");
    }
    let endings =
        ["~", ".swp", ".swo", ".swx", ".tmp", ".lock", ".orig", ".bak", "___jb_tmp___", "___jb_old___"];
    let is_editors = name == "4913"
        || name.starts_with(".#")
        || (name.starts_with('#') && name.ends_with('#'))
        || endings.iter().any(|end| name.ends_with(end));
    let is_own = name.starts_with(".docent") && name != ".docent-baseline";
    !is_editors && !is_own && !matches!(name, ".git" | "node_modules" | ".DS_Store")
}
