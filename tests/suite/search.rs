//! Claims about search.
