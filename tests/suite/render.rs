//! Claims about render.
