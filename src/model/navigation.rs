//! Sections, their order, previous and next.
