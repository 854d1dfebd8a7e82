//! Claims about links.
