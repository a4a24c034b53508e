//! Small things that several views paint.

use crate::theme::{Role, size};
use egui::text::TextFormat;
use egui::{Button, Color32, FontId, Painter, Popup, Pos2, Response, Shape, Stroke, Style, Ui, Vec2};

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

/// A button with a triangle that says that it opens a menu.
pub(super) fn menu_button(ui: &mut Ui, name: &str, role: Role) -> Response {
    let triangle = egui::IdSalt::new("triangle");
    let room = Vec2::splat(size::TRIANGLE * 2.0);
    let button = Button::new((name, egui::Atom::custom(triangle, room))).atom_ui(ui);
    if let Some(rect) = button.rect(triangle) {
        triangle_down(ui.painter(), rect.center(), size::TRIANGLE, role.color());
    }
    button.response
}

/// The menu below its button.
pub(super) fn menu(button: &Response) -> Popup<'_> {
    Popup::menu(button).style(menu_style)
}

/// A menu's own style, with room around its entries, for the chosen ones have an outline.
pub(super) fn menu_style(style: &mut Style) {
    egui::containers::menu::menu_style(style);
    style.spacing.button_padding.x = size::GAP;
}

/// How high a menu may be that is scrolled beyond.
pub(super) fn menu_height(ui: &Ui) -> f32 {
    ui.ctx().content_rect().height() * size::MENU_PART
}

/// One of several buttons that are chosen or not, which its outline says and not its colour alone.
pub(super) fn choice<'a>(chosen: bool, name: impl egui::IntoAtoms<'a>) -> Button<'a> {
    // As wide when it is not chosen, so that its neighbours stay where they are.
    let outline = Role::Accent.color().gamma_multiply(if chosen { 1.0 } else { 0.0 });
    Button::selectable(chosen, name).stroke(Stroke::new(size::HAIRLINE, outline))
}
