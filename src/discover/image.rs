//! Whether an SVG image would run code when opened.
//!
//! In: the bytes of an image. Out: yes, if anything in it could; a picture that merely looks odd to
//! this reader counts as yes. Not here: what to do about it (`check`).

use std::path::Path;

use html5gum::{Token, Tokenizer};

use super::jail::Jail;

/// A drawing of more bytes is not looked at, and not trusted.
const MAX_SVG_BYTES: u64 = 16 << 20;

/// Elements that run code, or hold HTML that may.
const ACTIVE: &[&[u8]] =
    &[b"script", b"foreignobject", b"iframe", b"embed", b"object", b"handler", b"listener", b"base", b"meta"];

/// Whether the path is an SVG image's.
pub fn is_svg(path: &str) -> bool {
    path.len() > 4
        && path.is_char_boundary(path.len() - 4)
        && path[path.len() - 4..].eq_ignore_ascii_case(".svg")
}

/// Whether the file carries code; also if it cannot be read.
pub fn is_scripted_file(jail: &Jail, real: &Path) -> bool {
    jail.read(real, MAX_SVG_BYTES).map_or(true, |bytes| is_scripted(&bytes))
}

/// Whether the image carries code. A browser reads it as XML, this as HTML without raw text: every
/// element that XML sees is seen here too (comments, CDATA and instructions end no later).
fn is_scripted(bytes: &[u8]) -> bool {
    // Other encodings, and entities that could stand for anything.
    if bytes.contains(&0) || bytes.starts_with(&[0xFE, 0xFF]) || bytes.starts_with(&[0xFF, 0xFE]) {
        return true;
    }
    if declares_entities(bytes) || names_odd_encoding(bytes) {
        return true;
    }
    Tokenizer::new(bytes).flatten().any(|token| match token {
        Token::StartTag(tag) => {
            ACTIVE.contains(&local_name(&tag.name))
                || tag.attributes.iter().any(|(name, value)| is_active(local_name(name), value))
        }
        _ => false,
    })
}

fn is_active(name: &[u8], value: &[u8]) -> bool {
    if name.starts_with(b"on") {
        return true;
    }
    // `<set attributeName="href" to="javascript:…">` carries it in another attribute.
    let plain: Vec<u8> = value.iter().filter(|byte| **byte > b' ').map(u8::to_ascii_lowercase).collect();
    let holds = |needle: &[u8]| plain.windows(needle.len()).any(|part| part == needle);
    holds(b"javascript:")
        || holds(b"vbscript:")
        || holds(b"data:text/html")
        || holds(b"data:image/svg")
        || (name == b"attributename" && plain.starts_with(b"on"))
}

/// A name without its namespace prefix.
fn local_name(name: &[u8]) -> &[u8] {
    name.rsplit(|byte| *byte == b':').next().unwrap_or(name)
}

fn declares_entities(bytes: &[u8]) -> bool {
    bytes.windows(8).any(|part| part.eq_ignore_ascii_case(b"<!entity"))
}

fn names_odd_encoding(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(200)];
    let Some(end) = start.windows(2).position(|part| part == b"?>") else { return false };
    let head = String::from_utf8_lossy(&start[..end]).to_ascii_lowercase();
    let known = ["utf-8", "us-ascii", "iso-8859-1", "utf8"];
    head.contains("encoding") && !known.iter().any(|encoding| head.contains(encoding))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_in_an_image_is_seen_in_every_disguise() {
        for svg in [
            "<svg><script>alert(1)</script></svg>",
            "<svg:svg xmlns:svg='http://www.w3.org/2000/svg'><svg:script>1</svg:script></svg:svg>",
            "<svg onload='alert(1)'/>",
            "<svg ONLOAD='alert(1)'/>",
            "<svg><foreignObject><b/></foreignObject></svg>",
            "<svg><a href='java&#x73;cript:alert(1)'/></svg>",
            "<svg><a xlink:href=' java\nscript:alert(1)'/></svg>",
            "<svg><animate attributeName='onclick' to='x'/></svg>",
            "<svg><set attributeName='href' to='javascript:1'/></svg>",
            "<svg><title><script>1</script></title></svg>",
            "<svg><style><script>1</script></style></svg>",
            "<svg><!-- --><script>1</script></svg>",
            "<!DOCTYPE svg [<!ENTITY x '<script>1</script>'>]><svg>&x;</svg>",
            "<?xml version='1.0' encoding='utf-7'?><svg/>",
            "<svg><image href='data:image/svg+xml;base64,AAAA'/></svg>",
        ] {
            assert!(is_scripted(svg.as_bytes()), "{svg}");
        }
        assert!(is_scripted(b"\xFF\xFE<\0s\0"));
    }

    #[test]
    fn a_drawing_is_not_suspected() {
        for svg in [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>",
            "<svg><style>.a{fill:red}</style><text>on script</text><a href='https://example.org/'/></svg>",
            "<svg><!-- <script> once stood here --><image href='data:image/png;base64,AAAA'/></svg>",
            "",
        ] {
            assert!(!is_scripted(svg.as_bytes()), "{svg}");
        }
    }
}
