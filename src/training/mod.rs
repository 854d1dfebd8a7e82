//! `Site` + verdicts + completions → how training stands.
//!
//! In: the site with its graph, how far each page can be trusted, who completed what. Out: how long
//! things take, paths with their steps, how a job is learned, who knows what. Everything that checks,
//! pages and commands say of training is computed here, once. Not here: the graph itself (`model`).

pub mod completions;
pub mod learning;
pub mod opening;
pub mod people;
pub mod report;
pub mod time;
