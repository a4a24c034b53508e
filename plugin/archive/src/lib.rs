//! What Earmark writes down: the [`state`] that a host keeps with its project, and the [`export`]s;
//! and what it reads of others, the [`import`]s. Several tracks become one transcript in [`merge`].
//!
//! Only this crate defines a persisted or exported format. Each has types of its own, so that the
//! vocabulary in `earmark-timeline` can change without changing a single file that exists.
#![forbid(unsafe_code)]

pub mod export;
pub mod import;
pub mod merge;
pub mod state;

#[cfg(test)]
mod sample;
