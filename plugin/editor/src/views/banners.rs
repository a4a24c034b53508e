//! Sentences across the window.

use super::within;
use crate::action::Action;
use crate::theme::{self, Role, size};
use crate::view_model::banner::{Banner, Dismiss, Offer, Remedy};
use crate::view_state::{Stretch, ViewState};
use egui::{Align, Button, Label, Layout, Pos2, Rect, Response, ScrollArea, Sense, Ui, Vec2};

/// Shows the banners at the top of `rect`, at most `most` points of them at a time, and returns what is
/// left of it. `shown` is what the timeline shows.
pub(super) fn show(
    ui: &mut Ui,
    rect: Rect,
    banners: &[Banner],
    most: f32,
    shown: Stretch,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) -> Rect {
    if banners.is_empty() {
        return rect;
    }
    let area = rect.with_max_y(rect.top() + most);
    let painted = within(ui, area, "banners", Layout::top_down(Align::Min), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().auto_shrink([false, true]).max_height(most).show(ui, |ui| {
            for banner in banners {
                show_one(ui, banner, shown, state, actions);
            }
        });
    });
    rect.with_min_y(painted.response.rect.bottom())
}

fn show_one(ui: &mut Ui, banner: &Banner, shown: Stretch, state: &mut ViewState, actions: &mut Vec<Action>) {
    // Laid out before it is placed, for its lines decide its height.
    let width = ui.available_width();
    let button = banner.offer.as_ref().map_or(0.0, |offer| button_width(ui, offer) + size::GAP);
    let room = width - size::EDGE * 2.0 - size::ROW_BUTTON - button;
    let text = ui.painter().layout(banner.text.clone(), theme::body(), Role::Text.color(), room);
    let height = (text.size().y + size::GAP).max(size::BANNER).ceil();
    let (rect, _) = ui.allocate_exact_size(Vec2::new(width, height), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, Role::Bar.color());
    ui.painter().hline(rect.x_range(), rect.bottom(), Role::Line.hairline());
    let edge = rect.with_max_x(rect.left() + size::GAP * 0.5);
    ui.painter().rect_filled(edge, 0.0, banner.role.color());
    let place = Rect::from_min_size(
        Pos2::new(rect.left() + size::EDGE, rect.center().y - text.size().y * 0.5),
        text.size(),
    );
    ui.place(place, Label::new(text));
    let (rest, corner) = rect.split_left_right_at_x(rect.right() - size::ROW_BUTTON);
    if let Some(offer) = &banner.offer {
        let place = Rect::from_center_size(
            Pos2::new(rest.right() - (button - size::GAP) * 0.5 - size::GAP, rest.center().y),
            Vec2::new(button - size::GAP, size::BUTTON_HEIGHT),
        );
        if ui.place(place, Button::new(&offer.name)).clicked() {
            carry_out(offer, shown, state, actions);
        }
    }
    if let Some(dismiss) = banner.dismiss {
        let close = Button::new("×").frame(false);
        if ui.place(corner, close).accessible_name("Dismiss").on_hover_text("Dismiss").clicked() {
            match dismiss {
                Dismiss::Notice(index) => drop(state.notices.remove(index)),
                Dismiss::Standing => state.dismissed.push(banner.text.clone()),
            }
        }
    }
}

/// A button for an offer.
pub(super) fn offer(
    ui: &mut Ui,
    offer: &Offer,
    shown: Stretch,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) -> Response {
    let button = ui.button(&offer.name);
    if button.clicked() {
        carry_out(offer, shown, state, actions);
    }
    button
}

fn carry_out(offer: &Offer, shown: Stretch, state: &mut ViewState, actions: &mut Vec<Action>) {
    match &offer.remedy {
        Remedy::Ask(action) => actions.push(action.clone()),
        Remedy::Show(time) => state.reveal(shown, *time),
    }
}

fn button_width(ui: &Ui, offer: &Offer) -> f32 {
    let name = ui.painter().layout_no_wrap(offer.name.clone(), theme::body(), Role::Text.color());
    (name.size().x + size::BUTTON_PADDING * 2.0).ceil()
}
