//! Everything between the ring and the notebook.
//!
//! A [`hub::Hub`] is there once a process. Its listener thread drains the rings of all sessions, resamples
//! to 16 kHz, finds where somebody speaks and cuts it into utterances; its inference threads transcribe
//! and classify; what they answer is placed on the project's timeline and published as one immutable
//! [`Snapshot`](earmark_timeline::snapshot::Snapshot) a session. Only this crate knows the inference
//! libraries and the resampler.

pub mod command;
pub mod decode;
pub mod hear;
pub mod hub;
pub mod infer;
pub mod pages;
mod resample;
pub mod segment;
pub mod session;
