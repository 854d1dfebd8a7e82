//! Claims about discover.
