//! Docent builds a static knowledge base for support and SRE teams.
//!
//! A build is a pure function from sources in memory to a site; disk, clock and environment exist
//! only at the two ends (`discover` and `cli` in, `publish` out). The rooms below are in the order
//! of the data; a room may import those above it and none below. `pipeline` is the page to read
//! first, `ARCHITECTURE.md` the map.

pub mod source;

pub mod diagnostic;
pub mod error;

pub mod yaml;

pub mod config;

pub mod tickets;

pub mod external;

pub mod discover;

pub mod parse;

pub mod model;

pub mod freshness;

pub mod training;

pub mod check;
pub mod render;
pub mod search;

pub mod export;
pub mod publish;
pub mod pull;

pub mod pipeline;

pub mod serve;

pub mod cli;
