//! One source file, exchanged whole.

use std::io::Write;
use std::path::Path;

use crate::error::Error;

/// Writes new bytes into a file that is there. Whoever reads it meanwhile sees the old ones or the new
/// ones, and so does the next boot; its permissions stay.
pub fn replace_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let io = |source| Error::io("write", path, source);
    let folder = path.parent().unwrap_or(Path::new("."));
    let permissions = path.metadata().map_err(io)?.permissions();
    if permissions.readonly() {
        return Err(io(std::io::ErrorKind::PermissionDenied.into()));
    }
    let mut file = tempfile::Builder::new().prefix(".docent-").tempfile_in(folder).map_err(io)?;
    file.write_all(bytes).map_err(io)?;
    file.as_file().set_permissions(permissions).map_err(io)?;
    file.as_file().sync_all().map_err(io)?;
    file.persist(path).map(drop).map_err(|error| io(error.error))
}

/// Writes a file that may not be there yet, whole or not at all, with its folder.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    if path.exists() {
        return replace_file(path, bytes);
    }
    let io = |source| Error::io("write", path, source);
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(io)?;
    let mut file = tempfile::Builder::new().prefix(".docent-").tempfile_in(folder).map_err(io)?;
    file.write_all(bytes).map_err(io)?;
    readable(file.as_file()).map_err(io)?;
    file.persist(path).map(drop).map_err(|error| io(error.error))
}

/// A temporary file is its owner's alone; one that stays is not.
#[cfg(unix)]
fn readable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}
