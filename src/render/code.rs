//! Code blocks: syntect's scopes as the theme's six classes, remembered by hash.

/// What a code fence says after its language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FenceInfo {
    /// The language as written.
    pub language: String,
    /// `title=`.
    pub title: Option<String>,
    /// `on=`: where the command runs.
    pub on: Option<String>,
    /// `danger=`.
    pub danger: Option<String>,
    /// `wrap`.
    pub wrap: bool,
    /// `numbers`.
    pub numbers: Option<bool>,
    /// `lines=3-5,8`: marked lines, from 1.
    pub lines: Vec<(u32, u32)>,
}
