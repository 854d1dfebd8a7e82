//! Width and height of an image, so that a page keeps room for it before it is there.
//!
//! In: the first bytes of a PNG, GIF, JPEG or WebP file. Out: its size in pixels. Not here: drawings, which have none.

use std::io::Read;
use std::path::Path;

use super::jail::Jail;

/// The size stands in the first bytes, but in a JPEG behind whatever the camera had to say.
const HEAD: u64 = 256 << 10;

/// The size of an image on disk.
pub(super) fn of_file(jail: &Jail, path: &str, real: &Path) -> Option<(u32, u32)> {
    let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    if !matches!(ending.as_str(), "png" | "gif" | "jpg" | "jpeg" | "webp") {
        return None;
    }
    let mut head = Vec::new();
    jail.stream(real).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
    of(&head).filter(|(width, height)| *width > 0 && *height > 0)
}

fn of(bytes: &[u8]) -> Option<(u32, u32)> {
    let big = |at: usize| Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    let little = |at: usize| Some(u32::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        let word = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        return Some((word(16)?, word(20)?));
    }
    if bytes.starts_with(b"GIF8") {
        return Some((little(6)?, little(8)?));
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return match bytes.get(12..16)? {
            b"VP8 " => Some((little(26)? & 0x3fff, little(28)? & 0x3fff)),
            b"VP8L" => {
                let bits = u32::from_le_bytes(bytes.get(21..25)?.try_into().ok()?);
                Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
            }
            b"VP8X" => {
                let three = |at: usize| Some(little(at)? | u32::from(*bytes.get(at + 2)?) << 16);
                Some((three(24)? + 1, three(27)? + 1))
            }
            _ => None,
        };
    }
    if !bytes.starts_with(&[0xff, 0xd8]) {
        return None;
    }
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1).filter(|_| bytes.get(at) == Some(&0xff))?;
        match marker {
            // A frame begins; tables among these numbers do not.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some((big(at + 7)?, big(at + 5)?));
            }
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            _ => at += 2 + big(at + 2)? as usize,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_of_each_kind_tell_their_size() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x03\xe8\0\0\0\xc8";
        let jpeg = b"\xff\xd8\xff\xe0\0\x04\0\0\xff\xc2\0\x11\x08\0\xc8\x03\xe8";
        let lossy = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\0\0\0\xe8\x03\xc8\0";
        for (bytes, size) in [
            (&png[..], Some((1000, 200))),
            (&jpeg[..], Some((1000, 200))),
            (b"GIF89a\xe8\x03\xc8\0", Some((1000, 200))),
            (&lossy[..], Some((1000, 200))),
            (b"<svg width=\"1\"/>", None),
            (&png[..18], None),
            (b"\xff\xd8\xff\xe0\0", None),
            (b"", None),
        ] {
            assert_eq!(of(bytes), size, "{bytes:?}");
        }
    }
}
