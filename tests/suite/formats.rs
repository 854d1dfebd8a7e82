//! Claims about formats.
