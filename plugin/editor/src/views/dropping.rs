//! A file that is dragged over the window, and dropped on it.

use crate::action::Action;
use crate::theme::{self, Role, size};
use crate::view_model::header::Header;
use crate::view_state::ViewState;
use egui::{DroppedFile, Id, LayerId, Order, RichText, StrokeKind, Ui, UiBuilder};
use std::path::{Path, PathBuf};

/// A file of this computer that was dropped, for [`egui::RawInput::dropped_files`].
#[derive(Debug)]
pub struct DroppedPath(pub PathBuf);

impl DroppedFile for DroppedPath {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

/// Has what was dropped be analysed where the first entry of the menu puts a file; while something is dragged over the
/// window, says so across all of it.
pub(super) fn act(ui: &mut Ui, header: &Header, state: &mut ViewState, actions: &mut Vec<Action>) {
    let Some(place) = header.file_places.first() else { return };
    let (hovers, dropped) =
        ui.input(|input| (!input.raw.hovered_files.is_empty(), input.raw.dropped_files.clone()));
    match &dropped[..] {
        [] => {}
        [file] => actions.push(Action::AnalyseDropped { path: file.path().to_owned(), at: place.at }),
        _ => state.complain("Several files were dropped and none was taken; drop one at a time"),
    }
    if hovers {
        veil(
            ui,
            if header.has_file { "A file is being analysed; wait for it or cancel it" } else { &place.name },
        );
    }
}

/// Says something over everything else.
fn veil(ui: &mut Ui, text: &str) {
    let (window, layer) = (ui.max_rect(), LayerId::new(Order::Foreground, Id::unique("drop")));
    ui.scope_builder(UiBuilder::new().layer_id(layer).max_rect(window), |ui| {
        ui.painter().rect_filled(window, 0.0, Role::Background.color().gamma_multiply(size::VEIL));
        let edge = window.shrink(size::GAP);
        ui.painter().rect_stroke(edge, size::RADIUS, Role::Accent.hairline(), StrokeKind::Inside);
        ui.centered_and_justified(|ui| ui.label(RichText::new(text).font(theme::title())));
    });
}
