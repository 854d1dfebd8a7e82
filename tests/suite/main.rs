//! One integration binary: claims about the program as its users see it.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stderr)]
// Expectations are rewritten by snapbox, which always writes the hashes.
#![allow(clippy::needless_raw_string_hashes)]

mod support;

mod backtest;
mod bad_input;
mod baseline;
mod branch;
mod check_spec;
mod cli;
mod cli_build;
mod commands;
mod commonmark;
mod completions;
mod config;
mod corpora;
mod discover;
mod equality;
mod eval;
mod events;
mod exports;
mod external;
mod fixes;
mod formats;
mod front_matter;
mod links;
mod manual;
mod markdown;
mod model;
mod mutations;
mod path_exports;
mod publish;
mod pull;
mod render;
mod reviews;
mod sample;
mod schemas;
mod search;
mod search_client;
mod search_golden;
mod search_parity;
mod search_quality;
mod serve;
mod states;
mod theme;
mod tickets;
mod training;
mod trust;
mod verdicts;
