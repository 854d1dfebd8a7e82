//! Claims about commonmark.
