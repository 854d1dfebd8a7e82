//! Claims about publish.
