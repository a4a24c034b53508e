//! Small things that several views paint.

use crate::theme::Role;
use egui::text::TextFormat;
use egui::{Color32, FontId, Painter, Pos2, Shape, Stroke, Vec2};

/// Text in a role's colour.
pub(super) fn format(font: FontId, role: Role) -> TextFormat {
    TextFormat::simple(font, role.color())
}

/// A triangle of the given half-width, pointing down.
pub(super) fn triangle_down(painter: &Painter, center: Pos2, half: f32, color: Color32) {
    let up = -half * 0.5;
    let points =
        vec![center + Vec2::new(-half, up), center + Vec2::new(half, up), center + Vec2::new(0.0, -up)];
    painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
}
