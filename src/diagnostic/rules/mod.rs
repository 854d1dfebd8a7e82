//! The one table of rules, by family.
//!
//! A new rule is one `static` in its family's file, one entry in [`ALL`] and one literate spec
//! `tests/check/<code>.md`; `docent explain`, the manual, the config and SARIF follow by themselves.

pub mod config;
pub mod files;
pub mod freshness;
pub mod front_matter;
pub mod links;
pub mod markdown;
pub mod text;
pub mod tickets;

use super::Rule;

/// Every rule, by family.
pub static ALL: &[&Rule] = &[
    &text::INVALID_UTF8,
    &text::UTF16,
    &text::NUL_BYTE,
    &text::HIDDEN_DIRECTION,
    &text::INVISIBLE_CHARACTER,
    &text::EMPTY_PAGE,
    &text::NO_BODY,
    &text::PAGE_TOO_LARGE,
    &text::LONG_LINE,
    &front_matter::FRONT_MATTER_UNCLOSED,
    &front_matter::FRONT_MATTER_TOML,
    &front_matter::FRONT_MATTER_SYNTAX,
    &front_matter::DUPLICATE_KEY,
    &front_matter::WRONG_TYPE,
    &front_matter::MISSING_FIELD,
    &front_matter::UNKNOWN_KEY,
    &front_matter::UNKNOWN_KIND,
    &front_matter::UNKNOWN_LAYOUT,
    &front_matter::INVALID_DATE,
    &front_matter::INVALID_TAG,
    &markdown::TEMPLATE_TAG,
    &markdown::UNCLOSED_FENCE,
    &markdown::UNKNOWN_LANGUAGE,
    &markdown::UNKNOWN_FENCE_WORD,
    &markdown::TOO_DEEP,
    &markdown::OUTPUT_TOO_LARGE,
    &markdown::UNSAFE_HTML,
    &markdown::UNSAFE_LINK,
    &markdown::RESERVED_ID,
    &markdown::DUPLICATE_ID,
    &markdown::SEVERAL_H1,
    &markdown::NO_TITLE,
    &markdown::IMAGE_ALT,
    &markdown::TABLE_TOO_WIDE,
    &markdown::TASK_MARKER,
    &markdown::UNDEFINED_REFERENCE,
    &markdown::MATH_SYNTAX,
    &links::BROKEN_LINK,
    &links::BROKEN_FRAGMENT,
    &links::BROKEN_IMAGE,
    &links::UNSAFE_IMAGE,
    &links::LINK_CASE,
    &links::LINK_NO_SLASH,
    &links::LINK_UNBALANCED,
    &links::LINK_NESTED,
    &links::LINK_EMPTY,
    &links::LINK_NO_SCHEME,
    &links::LINK_SPACE,
    &links::LINK_TWO_SCHEMES,
    &links::LINK_DOUBLE_SLASH,
    &links::LINK_TO_FOLDER,
    &links::LINK_TO_DRAFT,
    &links::LINK_OUTSIDE,
    &links::LINK_TO_PRIVATE,
    &links::AMBIGUOUS_LINK,
    &links::INVALID_ALIAS,
    &links::ALIAS_LOOP,
    &links::ALIAS_CHAIN,
    &links::ORPHAN_PAGE,
    &files::URL_COLLISION,
    &files::FILE_NAME_NOT_UTF8,
    &files::FILE_NAME_NOT_PORTABLE,
    &files::PATH_TOO_LONG,
    &files::FOLDER_TOO_DEEP,
    &files::SYMLINK_LOOP,
    &files::SYMLINK_OUTSIDE,
    &files::SPECIAL_FILE,
    &files::UNREADABLE_FILE,
    &files::FILE_CHANGED,
    &files::UNREADABLE_HISTORY,
    &files::SHALLOW_HISTORY,
    &files::INVALID_OWNERS,
    &tickets::UNREADABLE_EXPORT,
    &tickets::INVALID_TICKET,
    &tickets::MAYBE_LIMITED,
    &freshness::COVERS_GONE,
    &freshness::SUPERSEDED,
    &freshness::UNKNOWN_OWNER,
    &freshness::MISSING_STEP,
    &freshness::TICKET_SURGE,
    &freshness::OUTCOME,
    &freshness::FLAG,
    &freshness::SOURCE_CHANGED,
    &freshness::REFERENCE_GONE,
    &freshness::STANDS_ON,
    &freshness::OVERDUE,
    &freshness::NEVER_CONFIRMED,
    &freshness::NO_TICKET_DATA,
    &freshness::DEAD_TICKET_TAG,
    &config::CONFIG_SYNTAX,
    &config::UNKNOWN_CONFIG_KEY,
    &config::INVALID_CONFIG,
    &config::TEMPLATE_ERROR,
    &config::TEMPLATE_AUTOESCAPE,
    &config::UNUSED_THEME_FILE,
];

/// The rule with this code.
pub fn find(code: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.code == code)
}
