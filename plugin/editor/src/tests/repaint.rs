//! A frame is painted when it would look different, and only then.

use super::clicks::open;
use super::fixture::{facts, filled};
use crate::{EditorView, Facts};

#[test]
fn an_idle_window_asks_for_no_frame() {
    let mut window = open(filled(), Facts { playing: false, ..facts() }, EditorView::SIZE);
    window.run_steps(8);
    let delay = &window.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    assert_eq!(*delay, std::time::Duration::MAX);
}
