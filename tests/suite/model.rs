//! Claims about model.
