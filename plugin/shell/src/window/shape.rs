//! What a window leaves to the next one, and what of it the project keeps.

use earmark_editor::theme::Look;
use earmark_editor::{EditorView, Unit, ViewState};
use nice_plug::editor::dpi::LogicalSize;
use nice_plug::params::persist::PersistentField;
use parking_lot::Mutex;
use std::sync::Arc;

/// The window's size and view, kept from one opening to the next.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    /// In logical pixels.
    pub(super) size: LogicalSize<f64>,
    /// Physical pixels in a logical one.
    pub(super) scale: f64,
    /// The track's name, if the host says.
    pub(super) track: Option<String>,
    /// Where one looked and what one wanted to see.
    pub(super) view: ViewState,
}

/// The field with the window's size, palette, unit and size of text, as words.
pub(crate) struct ShapeField(pub(crate) Arc<Mutex<Shape>>);

/// The largest side that is believed, in logical pixels: twice that of the largest screen that is sold.
const MOST: f64 = 16_384.0;

/// How palettes and units are called in a project, whatever they are called in the window.
const LOOKS: [(&str, Look); 2] = [("dark", Look::Dark), ("light", Look::Light)];
const UNITS: [(&str, Unit); 3] = [("time", Unit::Time), ("samples", Unit::Samples), ("bars", Unit::Bars)];

impl Default for Shape {
    fn default() -> Self {
        let [width, height] = EditorView::SIZE.map(f64::from);
        let size = LogicalSize::new(width, height);
        Self { size, scale: 1.0, track: None, view: ViewState::default() }
    }
}

impl Shape {
    fn text(&self) -> String {
        let look = LOOKS.iter().find(|(_, look)| *look == self.view.look).map_or("", |(name, _)| name);
        let unit = UNITS.iter().find(|(_, unit)| *unit == self.view.unit).map_or("", |(name, _)| name);
        let percent = self.view.text_percent;
        format!("{:.0}x{:.0} {look} {unit} {percent}%", self.size.width, self.size.height)
    }

    /// Takes over what is understood, in any order; what is not may be a newer version's.
    fn read(&mut self, text: &str) {
        for word in text.split(' ') {
            let side = |side: &str, least: f32| Some(side.parse::<f64>().ok()?.clamp(least.into(), MOST));
            let [least_width, least_height] = EditorView::LEAST_SIZE;
            let size = word.split_once('x').and_then(|(width, height)| {
                Some(LogicalSize::new(side(width, least_width)?, side(height, least_height)?))
            });
            self.size = size.filter(|it| !it.width.is_nan() && !it.height.is_nan()).unwrap_or(self.size);
            let percent = word.strip_suffix('%').and_then(|percent| percent.parse().ok());
            let percent = percent.filter(|percent| ViewState::TEXT_PERCENT.contains(percent));
            self.view.text_percent = percent.unwrap_or(self.view.text_percent);
            let named = |name: &str| name == word;
            let look = LOOKS.iter().find(|(name, _)| named(name));
            self.view.look = look.map_or(self.view.look, |(_, look)| *look);
            let unit = UNITS.iter().find(|(name, _)| named(name));
            self.view.unit = unit.map_or(self.view.unit, |(_, unit)| *unit);
        }
    }
}

impl<'a> PersistentField<'a, String> for ShapeField {
    fn set(&self, new_value: String) {
        self.0.lock().read(&new_value);
    }

    fn map<F, R>(&self, f: F) -> R
    where
        F: Fn(&String) -> R,
    {
        let text = self.0.lock().text();
        f(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut shape = Shape::default();
        shape.read(text);
        assert_eq!(shape.text(), expected, "{text}");
    }

    #[test]
    fn a_project_keeps_size_palette_unit_and_text_and_what_it_does_not_know_changes_nothing() {
        check("", "900x560 dark time 100%");
        check("1200x800 light bars", "1200x800 light bars 100%");
        check("1200x800 light bars 150%", "1200x800 light bars 150%");
        check("samples zoomed light 90% 1e9% %", "900x560 light samples 100%");
        check("1x99999999", "480x16384 dark time 100%");
        check("NaNxinf axb x", "900x560 dark time 100%");
    }
}
