//! Earmark's window as a pure function: `(Snapshot, ViewState, Facts)` gives a [`ViewModel`] that decides
//! text, order and colour roles; the views paint it with egui and push [`Action`]s.
//!
//! No plugin framework is known here. A shell owns one [`EditorView`] a window, calls [`EditorView::ui`]
//! for every frame and carries out the actions.
#![forbid(unsafe_code)]

mod action;
mod editor;
mod facts;
mod guard;
mod view_model;
mod view_state;
mod views;

pub mod theme;

pub use action::Action;
pub use editor::EditorView;
pub use facts::{ExportFormat, ExportParts, Facts, FileWork, ModelCard, Preview};
pub use guard::Guard;
pub use view_model::ViewModel;
pub use view_model::banner::{Banner, Dismiss, Offer, Remedy};
pub use view_model::export::ExportPage;
pub use view_model::file::FilePlace;
pub use view_model::header::Header;
pub use view_model::settings::{Choice, RuleRow, Section, SettingsPage};
pub use view_model::status::StatusLine;
pub use view_model::timeline::{Block, Flag, Gap, Lane, Tick, Timeline};
pub use view_model::tools::{Does, Pass, Tool};
pub use view_model::transcript::{Certainty, Empty, Lens, Piece, Row, RowId, RowKind, Sign, Transcript};
pub use view_model::units::{Measure, Unit, UnitChoice};
pub use view_state::{Draft, ExportJob, Exporting, Extent, Find, Framing, Notice, Show, Stretch, ViewState};
pub use views::DroppedPath;

#[cfg(test)]
mod tests;
