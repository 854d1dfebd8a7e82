//! Claims about check_spec.
