//! What raw HTML may hold, and which URL schemes a link may have.
//!
//! One list for both readers: `parse` reports what is not on it (`unsafe-html`, `unsafe-link`),
//! `render` removes it. Not here: the removing (`render::clean`).

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;

/// Elements that raw HTML may use.
pub const TAGS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "audio",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "nav",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "track",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

/// Elements that are removed with everything in them: scripts, and those whose start tag would make
/// a browser read the rest of the page as plain characters (GFM's tag filter).
pub const DROPPED: &[&str] = &[
    "applet",
    "embed",
    "frameset",
    "iframe",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "plaintext",
    "script",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "xmp",
];

/// Elements of HTML that are removed while their text stays. Any other name in angle brackets, say
/// `<your-host>`, is no HTML at all and is shown as text.
pub const UNWRAPPED: &[&str] = &[
    "area", "base", "basefont", "bgsound", "body", "button", "canvas", "data", "datalist", "dialog", "dir",
    "fieldset", "form", "frame", "head", "hgroup", "html", "image", "input", "keygen", "label", "legend",
    "link", "main", "map", "marquee", "menu", "menuitem", "meta", "meter", "nobr", "optgroup", "option",
    "output", "param", "portal", "progress", "search", "select", "slot",
];

/// Attributes that any allowed element may carry.
pub const ATTRIBUTES: &[&str] = &["aria-hidden", "aria-label", "class", "dir", "id", "lang", "title"];

/// Attributes that single elements may carry beyond [`ATTRIBUTES`].
pub const TAG_ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["download", "href", "name"]),
    ("audio", &["controls", "loop", "muted", "preload", "src"]),
    ("blockquote", &["cite"]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("del", &["cite", "datetime"]),
    ("details", &["open"]),
    ("img", &["alt", "height", "loading", "src", "width"]),
    ("ins", &["cite", "datetime"]),
    ("li", &["value"]),
    ("ol", &["reversed", "start", "type"]),
    ("q", &["cite"]),
    ("source", &["media", "src", "type"]),
    ("td", &["align", "colspan", "headers", "rowspan", "valign"]),
    ("th", &["abbr", "align", "colspan", "headers", "rowspan", "scope", "valign"]),
    ("time", &["datetime"]),
    ("tr", &["align", "valign"]),
    ("track", &["default", "kind", "label", "src", "srclang"]),
    ("video", &["controls", "height", "loop", "muted", "poster", "preload", "src", "width"]),
];

/// Attributes whose value is a URL.
pub const URL_ATTRIBUTES: &[&str] = &["cite", "href", "poster", "src"];

/// Schemes that a link may have; a link without one is relative and always may.
pub const SCHEMES: &[&str] = &[
    "callto", "facetime", "ftp", "ftps", "geo", "git", "http", "https", "irc", "ircs", "magnet", "mailto",
    "matrix", "msteams", "news", "nntp", "obsidian", "sftp", "sip", "sips", "slack", "sms", "ssh", "tel",
    "tg", "vscode", "webcal", "xmpp", "zoommtg", "zoomus",
];

/// Schemes that run code or reach into the reader's machine, however they are disguised.
const DANGEROUS: &[&str] = &[
    "about",
    "blob",
    "chrome",
    "data",
    "feed",
    "file",
    "filesystem",
    "jar",
    "javascript",
    "livescript",
    "mhtml",
    "mocha",
    "ms-its",
    "resource",
    "vbs",
    "vbscript",
    "view-source",
    "wyciwyg",
];

/// Image formats that a `data:` URL may show.
const DATA_IMAGES: &[&str] = &["image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"];

/// Elements whose end tag may be left out or that have none: they never stand in each other by
/// themselves.
const UNNESTED: &[&str] = &[
    "br", "caption", "col", "colgroup", "dd", "dt", "hr", "img", "li", "p", "rp", "rt", "source", "tbody",
    "td", "tfoot", "th", "thead", "tr", "track", "wbr",
];

/// Elements that a browser opens again where another element's end closed them.
const REOPENED: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"];

/// Whether raw HTML of this name stays open until its end tag, and so can nest.
pub fn tag_nests(name: &str) -> bool {
    tag_is_allowed(name) && !UNNESTED.contains(&name)
}

/// Whether the end of an element around it leaves it open.
pub fn tag_is_reopened(name: &str) -> bool {
    REOPENED.contains(&name)
}

/// Whether raw HTML may use the element; `name` in lower case.
pub fn tag_is_allowed(name: &str) -> bool {
    TAGS.binary_search(&name).is_ok()
}

/// Whether raw HTML may use the attribute on the element; both in lower case.
pub fn attribute_is_allowed(tag: &str, name: &str) -> bool {
    ATTRIBUTES.contains(&name) || TAG_ATTRIBUTES.iter().any(|(of, names)| *of == tag && names.contains(&name))
}

/// Whether a link may lead to `url`. Character references, control characters and percent-encoding
/// are seen through first, so that no spelling of `javascript:` passes.
pub fn scheme_is_safe(url: &str) -> bool {
    unsafe_scheme(url).is_none()
}

/// The scheme, in lower case, for which a link to `url` is refused.
pub fn unsafe_scheme(url: &str) -> Option<String> {
    if let Some(hidden) = hidden_scheme(url).filter(|scheme| DANGEROUS.contains(&scheme.as_str())) {
        return Some(hidden);
    }
    let scheme = written_scheme(url)?;
    (!SCHEMES.contains(&scheme.as_str())).then_some(scheme)
}

/// Whether an image may be shown from `url`: as for links, and `data:` of the usual formats.
pub fn image_is_safe(url: &str) -> bool {
    let data = url.trim_start().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:"));
    if !data {
        return scheme_is_safe(url);
    }
    let kind = url.trim_start()[5..].split([';', ',']).next().unwrap_or_default();
    DATA_IMAGES.iter().any(|image| kind.eq_ignore_ascii_case(image))
}

/// The scheme as a browser would read it: only what browsers skip is skipped.
fn written_scheme(url: &str) -> Option<String> {
    let url = decode_references(url);
    let url = url.trim_start_matches(|c: char| c <= ' ');
    let visible = url.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r'));
    let scheme = scheme_of(visible.clone())?;
    // `localhost:3000/x` is a host and a port that lacks its scheme, which is another fault.
    let rest: String = visible.skip(scheme.len() + 1).take_while(|c| !matches!(c, '/' | '?' | '#')).collect();
    let is_port = !rest.is_empty() && rest.len() <= 5 && rest.bytes().all(|byte| byte.is_ascii_digit());
    let is_host = scheme == "localhost" || scheme.contains('.');
    (!(is_port && is_host) || SCHEMES.contains(&scheme.as_str())).then_some(scheme)
}

/// The scheme under every disguise: references and percent-encoding decoded again and again,
/// control, blank and invisible characters dropped, look-alike forms folded.
fn hidden_scheme(url: &str) -> Option<String> {
    let mut url = Cow::Borrowed(url);
    for _ in 0..4 {
        let decoded = decode_references(&url);
        let decoded = percent_decode_str(&decoded).decode_utf8_lossy().into_owned();
        if decoded == url {
            break;
        }
        url = Cow::Owned(decoded);
    }
    scheme_of(url.nfkc().filter(|c| !is_unseen(*c)))
}

fn scheme_of(chars: impl Iterator<Item = char>) -> Option<String> {
    let mut scheme = String::new();
    for c in chars {
        match c {
            ':' => return (!scheme.is_empty()).then_some(scheme),
            'a'..='z' | 'A'..='Z' => scheme.push(c.to_ascii_lowercase()),
            '0'..='9' | '+' | '-' | '.' if !scheme.is_empty() => scheme.push(c),
            _ => return None,
        }
        if scheme.len() > 64 {
            return None;
        }
    }
    None
}

fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{FEFF}' | '\u{FFFD}')
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
        || matches!(c, '\\' | '\u{FE00}'..='\u{FE0F}')
}

/// Character references that can hide a scheme: numeric ones, with or without `;`, and the names
/// of the characters that matter here.
fn decode_references(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (decoded, length) = reference(rest).unwrap_or(('&', 1));
        out.push(decoded);
        rest = &rest[length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character that the reference at the start of `text` stands for, and the reference's length.
fn reference(text: &str) -> Option<(char, usize)> {
    const NAMED: &[(&str, char)] = &[
        ("colon;", ':'),
        ("Tab;", '\t'),
        ("NewLine;", '\n'),
        ("nbsp;", ' '),
        ("ZeroWidthSpace;", '\u{200B}'),
        ("zwnj;", '\u{200C}'),
        ("zwj;", '\u{200D}'),
        ("shy;", '\u{AD}'),
        ("sol;", '/'),
        ("bsol;", '\\'),
        ("percnt;", '%'),
        ("num;", '#'),
        ("semi;", ';'),
        ("amp;", '&'),
    ];
    let body = text.get(1..)?;
    if let Some(number) = body.strip_prefix('#') {
        let hex = number.starts_with(['x', 'X']);
        let digits = number.get(usize::from(hex)..)?;
        let radix = if hex { 16 } else { 10 };
        let width = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
        let significant = digits[..width].trim_start_matches('0');
        let code = u32::from_str_radix(significant, radix).ok()?;
        let length = 2 + usize::from(hex) + width;
        let closed = usize::from(text[length..].starts_with(';'));
        return Some((char::from_u32(code)?, length + closed));
    }
    NAMED.iter().find(|(name, _)| body.starts_with(name)).map(|(name, c)| (*c, 1 + name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way of writing a letter that some browser, parser or filter was once fooled by.
    fn spellings(scheme: &str) -> Vec<String> {
        let mut all = Vec::new();
        let rest = "alert(1)";
        let unseen = [
            "\t",
            "\n",
            "\r",
            "\0",
            "\u{1}",
            "\u{b}",
            "\u{c}",
            "\u{1f}",
            " ",
            "\u{7f}",
            "\u{a0}",
            "\u{ad}",
            "\u{200b}",
            "\u{200e}",
            "\u{202e}",
            "\u{2028}",
            "\u{2060}",
            "\u{feff}",
            "&#9;",
            "&#10;",
            "&#13;",
            "&#x9;",
            "&#xA;",
            "&#xD;",
            "&Tab;",
            "&NewLine;",
            "&ZeroWidthSpace;",
            "&shy;",
            "%09",
            "%0a",
            "%0D",
            "%00",
            "%20",
            "&#0009",
            "&#x000A;",
        ];
        for hidden in unseen {
            all.push(format!("{hidden}{scheme}:{rest}"));
            all.push(format!("{}{hidden}{}:{rest}", &scheme[..2], &scheme[2..]));
            all.push(format!("{scheme}{hidden}:{rest}"));
        }
        for colon in [
            "&colon;",
            "&#58;",
            "&#58",
            "&#x3a;",
            "&#X3A;",
            "&#0000058;",
            "%3a",
            "%3A",
            "&#37;3A",
            "%253a",
            "\u{ff1a}",
        ] {
            all.push(format!("{scheme}{colon}{rest}"));
            all.push(format!("{}{colon}{rest}", scheme.to_uppercase()));
        }
        let letters: Vec<char> = scheme.chars().collect();
        let each = |write: &dyn Fn(char) -> String| letters.iter().map(|c| write(*c)).collect::<String>();
        for name in [
            each(&|c| format!("&#{};", c as u32)),
            each(&|c| format!("&#{:07}", c as u32)),
            each(&|c| format!("&#x{:x};", c as u32)),
            each(&|c| format!("&#X{:04X}", c as u32)),
            each(&|c| format!("%{:02x}", c as u32)),
            each(&|c| format!("%25{:02x}", c as u32)),
            each(&|c| format!("&amp;#{};", c as u32)),
            each(&|c| format!("{c}\n")),
            each(&|c| format!("{c}\u{200b}")),
            each(&|c| char::from_u32(c as u32 + 0xfee0).unwrap().to_string()),
        ] {
            all.push(format!("{name}:{rest}"));
        }
        for at in 0..letters.len() {
            let one = |write: &dyn Fn(char) -> String| -> String {
                letters
                    .iter()
                    .enumerate()
                    .map(|(i, c)| if i == at { write(*c) } else { c.to_string() })
                    .collect()
            };
            all.push(format!("{}:{rest}", one(&|c| c.to_uppercase().to_string())));
            all.push(format!("{}:{rest}", one(&|c| format!("&#{}", c as u32))));
            all.push(format!("{}:{rest}", one(&|c| format!("%{:x}", c as u32))));
        }
        all.push(format!("{scheme}://%0aalert(1)"));
        all.push(format!("{}:{rest}", scheme.to_uppercase()));
        all.push(format!("  \n {scheme}:{rest}"));
        all.push(format!("{scheme}:void(0)"));
        all
    }

    #[test]
    fn no_spelling_of_a_scheme_that_runs_code_is_safe() {
        let javascript = spellings("javascript");
        assert!(javascript.len() >= 170, "{}", javascript.len());
        for url in javascript.into_iter().chain(spellings("vbscript")).chain(spellings("data")) {
            assert!(!scheme_is_safe(&url), "{url:?}");
        }
        for url in [
            "data:text/html,<script>",
            "file:///etc/passwd",
            "FILE://host/x",
            "view-source:http://x",
            "blob:x",
        ] {
            assert!(!scheme_is_safe(url), "{url}");
            assert!(!image_is_safe(url), "{url}");
        }
    }

    #[test]
    fn links_that_people_write_are_safe() {
        for url in [
            "",
            "#a",
            "a.md",
            "../a.md#b",
            "/handbook/#values",
            "//example.com/a",
            "?q=a:b",
            "a/b:c",
            "#a:b",
            "https://example.com/javascript:alert(1)",
            "https://example.com/?u=javascript%3Aalert(1)",
            "HTTP://example.com",
            "mailto:a@example.com",
            "tel:+4930123",
            "slack://channel?id=1",
            "Talk%3AFoo.md",
            "my file: notes.md",
            "localhost:3000/x",
            "wiki/C%2B%2B",
            "a&b",
            "a&amp;b=c",
        ] {
            assert!(scheme_is_safe(url), "{url}");
        }
        assert!(image_is_safe("data:image/png;base64,AAAA"));
        assert!(!image_is_safe("data:image/svg+xml,<svg onload=alert(1)>"));
    }

    #[test]
    fn only_a_name_that_looks_like_a_host_may_stand_before_a_port() {
        for (url, scheme) in [
            ("localhost:3000", None),
            ("localhost:3000/x", None),
            ("redis.example:6379", None),
            ("10.0.0.1:80", None),
            ("intent:1", Some("intent")),
            ("ms-msdt:1", Some("ms-msdt")),
            ("steam:80/x", Some("steam")),
            ("localhost:x", Some("localhost")),
            ("redis.example:999999", Some("redis.example")),
        ] {
            assert_eq!(unsafe_scheme(url).as_deref(), scheme, "{url}");
        }
    }

    #[test]
    fn an_unknown_scheme_is_named() {
        assert_eq!(unsafe_scheme("JaVaScRiPt:x").as_deref(), Some("javascript"));
        assert_eq!(unsafe_scheme("wtf://x").as_deref(), Some("wtf"));
    }

    #[test]
    fn the_list_of_tags_is_sorted_and_disjoint_from_the_dropped() {
        assert!(TAGS.is_sorted() && DROPPED.is_sorted() && UNWRAPPED.is_sorted());
        assert!(DROPPED.iter().chain(UNWRAPPED).all(|tag| !tag_is_allowed(tag)));
        assert!(TAG_ATTRIBUTES.iter().all(|(tag, _)| tag_is_allowed(tag)));
    }
}
