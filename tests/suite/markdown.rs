//! Claims about markdown.
