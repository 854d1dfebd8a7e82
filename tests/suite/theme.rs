//! Claims about theme.
