//! Addresses in the config: checked and brought into one form.
//!
//! In: what the user wrote. Out: an address, or what is wrong with it and what was meant.

/// Why an address cannot be used, and the way out.
pub(super) struct BadUrl {
    pub message: String,
    pub help: String,
}

fn bad<T>(message: String, help: impl Into<String>) -> Result<T, BadUrl> {
    Err(BadUrl { message, help: help.into() })
}

/// Where a site will live, with a slash at the end: `https://kb.example/docs/`.
pub(super) fn base_url(written: &str) -> Result<String, BadUrl> {
    let url = written.trim();
    let (scheme, rest) = split(url, "base_url", true)?;
    if url.contains(['?', '#']) {
        let clean = &url[..url.find(['?', '#']).unwrap_or(url.len())];
        return bad(
            format!("`base_url` cannot hold a query or a fragment, `{url}` does"),
            format!("write `{}`", slashed(clean)),
        );
    }
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let parts = path.split('/').filter(|part| !part.is_empty());
    if parts.clone().any(|part| part == "." || part == "..") {
        return bad(
            format!("`base_url` cannot hold `.` or `..`, `{url}` does"),
            "write the address as a browser shows it",
        );
    }
    let mut whole = format!("{}://{}/", scheme.to_ascii_lowercase(), host.to_lowercase());
    for part in parts {
        whole.push_str(part);
        whole.push('/');
    }
    Ok(whole)
}

/// The address of another site, without a slash at the end: `https://about.example`.
pub(super) fn site_url(written: &str, key: &str) -> Result<String, BadUrl> {
    let url = written.trim();
    split(url, key, false)?;
    Ok(url.trim_end_matches('/').to_owned())
}

/// A bare host name in lower case: `about.example`.
pub(super) fn host(written: &str) -> Result<String, BadUrl> {
    let name = written.trim();
    let after_scheme = name.find("://").map_or(name, |at| &name[at + 3..]);
    let bare = after_scheme.split(['/', '?', '#']).next().unwrap_or_default().to_lowercase();
    if bare.is_empty() || bare.contains(|c: char| c.is_whitespace() || c == '*' || c == '@') {
        return bad(
            format!("`{name}` is not the name of a host"),
            "write a name such as `about.example.com`",
        );
    }
    if bare != name.to_lowercase() {
        return bad(format!("`{name}` is an address, not the name of a host"), format!("write `{bare}`"));
    }
    Ok(bare)
}

fn split<'u>(url: &'u str, key: &str, may_be_file: bool) -> Result<(&'u str, &'u str), BadUrl> {
    if url.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return bad(format!("`{key}` cannot hold a blank, `{url}` does"), "write blanks as `%20`");
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        let rest = url.trim_start_matches('/');
        let host = rest.split('/').next().unwrap_or_default();
        if url.starts_with('/') && !url.starts_with("//") || !host.contains(['.', ':']) && host != "localhost"
        {
            let path = if rest.is_empty() { String::new() } else { slashed(rest) };
            return bad(
                format!("`{key}` needs a scheme and a host, `{url}` has none"),
                format!("write something like `https://kb.example.com/{path}`"),
            );
        }
        return bad(
            format!("`{key}` needs a scheme, `{url}` has none"),
            format!("did you mean `https://{}`?", slashed(rest)),
        );
    };
    let scheme_is = |word: &str| scheme.eq_ignore_ascii_case(word);
    let known = scheme_is("https") || scheme_is("http") || (may_be_file && scheme_is("file"));
    if !known {
        return bad(format!("`{key}` cannot begin with `{scheme}://`"), "write `https://` or `http://`");
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() && !scheme_is("file") {
        return bad(
            format!("`{key}` names no host in `{url}`"),
            "write something like `https://kb.example.com/`",
        );
    }
    if host.contains(['@', '\\', '<', '>', '"']) {
        return bad(
            format!("`{host}` in `{key}` is not the name of a host"),
            "write something like `https://kb.example.com/`",
        );
    }
    Ok((scheme, rest))
}

fn slashed(url: &str) -> String {
    format!("{}/", url.trim_end_matches('/'))
}
