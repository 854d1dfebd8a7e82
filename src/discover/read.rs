//! Files → text, and findings about their bytes.
//!
//! In: what the walk found. Out: a [`SharedFile`] for each that is text, in the same order, and
//! what was wrong with its bytes. Not here: which files there are (`walk`).

use std::sync::Arc;

use rayon::prelude::*;

use super::jail::{Jail, Refusal};
use super::walk::{Found, about, refused};
use crate::diagnostic::rules::text;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{DecodeProblem, SharedFile, SourceFile};

/// Places named in one file; the rest is counted.
const MAX_PLACES: usize = 20;

/// How pages are read.
#[derive(Clone, Copy, Debug)]
pub struct ReadOptions {
    /// Largest page in bytes.
    pub max_bytes: u64,
    /// Keep pages with bytes that are not UTF-8.
    pub lossy: bool,
}

/// Reads pages side by side. A page that cannot be used is `None`; its findings say why.
pub fn read_pages(
    jail: &Jail,
    pages: &[Found],
    options: ReadOptions,
) -> Vec<(Option<SharedFile>, Vec<Diagnostic>)> {
    let mut read: Vec<_> = pages.par_iter().map(|page| jail.read(&page.real, options.max_bytes)).collect();
    for (page, bytes) in pages.iter().zip(&mut read) {
        // Where descriptors are few, one at a time is enough.
        if matches!(bytes, Err(Refusal::Io(error)) if is_out_of_descriptors(error)) {
            *bytes = jail.read(&page.real, options.max_bytes);
        }
    }
    pages
        .par_iter()
        .zip(read)
        .map(|(page, bytes)| match bytes {
            Ok(bytes) => decode(&page.path, bytes, options.lossy),
            Err(Refusal::TooLarge { size }) => (None, vec![too_large(&page.path, size, options.max_bytes)]),
            Err(refusal) => (None, vec![refused(&page.path, &refusal)]),
        })
        .collect()
}

fn too_large(path: &str, size: u64, max: u64) -> Diagnostic {
    let message = format!("`{path}` has {size} bytes; a page may have {max}");
    about(&text::PAGE_TOO_LARGE, path, message).help("split the page, or set `max_page_bytes` in docent.yaml")
}

/// Makes text of a file's bytes. `None`: the text would not be what the author wrote.
pub fn decode(path: &str, bytes: Vec<u8>, lossy: bool) -> (Option<SharedFile>, Vec<Diagnostic>) {
    let (file, problems) = SourceFile::decode(path, bytes);
    let file = Arc::new(file);
    let broken = problems.iter().any(|problem| match problem {
        DecodeProblem::NotUtf8 { .. } => !lossy,
        DecodeProblem::Utf16 => true,
        DecodeProblem::Nul { .. } => false,
    });
    let findings = report(&file, &problems, lossy);
    ((!broken).then_some(file), findings)
}

fn report(file: &SharedFile, problems: &[DecodeProblem], lossy: bool) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let (mut invalid, mut nul) = (0, 0);
    for problem in problems {
        match problem {
            DecodeProblem::Utf16 => {
                let message = format!("`{}` is UTF-16", file.path());
                findings.push(about(&text::UTF16, file.path(), message).help("save the file as UTF-8"));
            }
            DecodeProblem::NotUtf8 { span, bytes } => {
                invalid += 1;
                if invalid > MAX_PLACES {
                    continue;
                }
                let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
                let byte = file.position(span.start).byte;
                let message = format!("`{}` at byte {byte} is not UTF-8", hex.join(" "));
                let mut finding = Diagnostic::new(&text::INVALID_UTF8, message).at(file, *span, "");
                if lossy {
                    finding.severity = Severity::Warning;
                    finding = finding.help("save the file as UTF-8");
                } else {
                    finding = finding
                        .help("save the file as UTF-8, or keep the page as it is read here with `--lossy`");
                }
                findings.push(finding);
            }
            DecodeProblem::Nul { span } => {
                nul += 1;
                if nul <= MAX_PLACES {
                    let message = format!("NUL at byte {}", file.position(span.start).byte);
                    findings.push(
                        Diagnostic::new(&text::NUL_BYTE, message).at(file, *span, "").help("remove the byte"),
                    );
                }
            }
        }
    }
    for (rule, count) in [(&text::INVALID_UTF8, invalid), (&text::NUL_BYTE, nul)] {
        if count > MAX_PLACES {
            let last = findings.iter_mut().rev().find(|finding| std::ptr::eq(finding.rule, rule));
            if let Some(last) = last {
                last.help.push(format!("{} more places in this file are like this", count - MAX_PLACES));
            }
        }
    }
    findings
}

fn is_out_of_descriptors(error: &std::io::Error) -> bool {
    #[cfg(unix)]
    {
        use rustix::io::Errno;
        let few = [Errno::MFILE, Errno::NFILE].map(Errno::raw_os_error);
        error.raw_os_error().is_some_and(|code| few.contains(&code))
    }
    #[cfg(not(unix))]
    {
        error.kind() == std::io::ErrorKind::Other
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::discover::walk::{WalkRules, walk};

    #[test]
    fn what_changes_between_the_walk_and_the_read_is_named_and_never_mixed() {
        let dir = tempfile::tempdir().unwrap();
        let (kb, secret) = (dir.path().join("kb"), dir.path().join("secret"));
        std::fs::create_dir_all(&kb).unwrap();
        for name in ["gone.md", "grown.md", "link.md", "pipe.md", "same.md"] {
            std::fs::write(kb.join(name), "as found").unwrap();
        }
        std::fs::write(&secret, "outside!").unwrap();
        let jail = Jail::new(&kb).unwrap();
        let (tree, findings) = walk(&jail, &[""], &WalkRules::default());
        assert!(findings.is_empty() && tree.pages.len() == 5);
        for name in ["gone.md", "link.md", "pipe.md"] {
            std::fs::remove_file(kb.join(name)).unwrap();
        }
        std::fs::write(kb.join("grown.md"), "as found, and then some").unwrap();
        std::os::unix::fs::symlink(&secret, kb.join("link.md")).unwrap();
        let (pipe, mode) = (kb.join("pipe.md"), rustix::fs::Mode::RWXU);
        rustix::fs::mknodat(rustix::fs::CWD, pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        let read = read_pages(&jail, &tree.pages, ReadOptions { max_bytes: 100, lossy: false });
        let said: Vec<_> = read
            .iter()
            .map(|(file, findings)| match file {
                Some(file) => file.text().to_owned(),
                None => findings.iter().map(|finding| finding.rule.code).collect(),
            })
            .collect();
        assert_eq!(
            said,
            ["file-changed", "as found, and then some", "file-changed", "special-file", "as found"]
        );
    }

    #[test]
    fn a_file_that_is_rewritten_while_it_is_read_is_whole_or_refused() {
        use std::sync::atomic::{AtomicBool, Ordering};
        let dir = tempfile::tempdir().unwrap();
        let versions = [vec![b'a'; 700_000], vec![b'b'; 900_000]];
        let path = dir.path().join("a.md");
        std::fs::write(&path, &versions[0]).unwrap();
        let jail = Jail::new(dir.path()).unwrap();
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for version in versions.iter().cycle().take_while(|_| !stop.load(Ordering::Relaxed)) {
                    // Grown or cut in place, as an editor without a temporary file does.
                    std::fs::write(&path, version).unwrap();
                }
            });
            let (mut reads, mut refused) = (0, 0);
            while reads < 300 || (refused == 0 && reads < 100_000) {
                reads += 1;
                match jail.read(std::path::Path::new("a.md"), 1 << 20) {
                    Ok(bytes) => assert!(bytes.iter().all(|byte| *byte == bytes[0]), "two versions mixed"),
                    Err(Refusal::Changed) => refused += 1,
                    Err(other) => panic!("{other:?}"),
                }
            }
            stop.store(true, Ordering::Relaxed);
            assert!(refused > 0, "no read met a write");
        });
    }
}
