//! earmark
