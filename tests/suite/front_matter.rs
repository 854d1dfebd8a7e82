//! Claims about front_matter.
