//! The plugin's doors, one a format.
//!
//! They are the framework's own with one thing more: who the host is, which the framework keeps to itself, so that
//! it can be told of unsaved changes.
#![allow(unsafe_code, reason = "both formats are foreign interfaces, and every call crosses them")]

mod clap;
mod fork;
mod vst3;
