//! Claims about corpora.
