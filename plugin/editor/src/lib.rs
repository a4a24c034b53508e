//! Earmark's window as a pure function: `(Snapshot, ViewState, Facts)` gives a [`ViewModel`] that decides
//! text, order and colour roles; the views paint it with egui and push [`Action`]s.
//!
//! No plugin framework is known here. A shell owns one [`EditorView`] a window, calls [`EditorView::ui`]
//! for every frame, carries out the actions, and asks [`EditorView::needs_repaint`] whether another frame
//! is worth painting.
#![forbid(unsafe_code)]

mod action;
mod editor;
mod facts;
mod view_model;
mod view_state;
mod views;

pub mod theme;

pub use action::Action;
pub use editor::EditorView;
pub use facts::{ExportFormat, Facts};
pub use view_model::ViewModel;
pub use view_model::banner::Banner;
pub use view_model::header::Header;
pub use view_model::status::StatusLine;
pub use view_model::timeline::{Block, Flag, Lane, Tick, Timeline};
pub use view_model::transcript::{Certainty, Empty, Piece, Row, RowKind, Transcript};
pub use view_state::{Framing, Notice, Stretch, ViewState};

#[cfg(test)]
mod tests;
