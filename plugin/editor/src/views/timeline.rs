//! The timeline: ruler, waveform, the lanes of what was heard, utterances, marks and playhead.

mod lanes;
mod pointer;

use super::{Rows, paint};
use crate::action::Action;
use crate::theme::{self, Role, size};
use crate::view_model::ViewModel;
use crate::view_model::timeline::Timeline;
use crate::view_state::ViewState;
use egui::epaint::Mesh;
use egui::{Align2, Painter, Pos2, Rect, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo};

/// Where the parts of the timeline are.
struct Parts {
    ruler: Rect,
    wave: Rect,
    /// Without height while nothing is known of it.
    loudness: Rect,
    classes: Rect,
    /// Without height while nothing is known of it.
    roles: Rect,
    utterances: Rect,
}

pub(super) fn show(
    ui: &mut Ui,
    rect: Rect,
    model: &ViewModel,
    state: &mut ViewState,
    rows: &mut Rows,
    actions: &mut Vec<Action>,
) {
    let timeline = &model.timeline;
    ui.painter().rect_filled(rect, 0.0, Role::Well.color());
    ui.painter().hline(rect.x_range(), rect.bottom(), Role::Line.hairline());
    let left = rect.left() + size::EDGE;
    let inner = Rect::from_min_max(
        Pos2::new(left, rect.top()),
        Pos2::new(left + state.width, rect.bottom() - size::GAP * 0.5),
    );
    let parts = Parts::new(inner, timeline);
    let painter = ui.painter_at(rect);
    let ruler_and_edges = parts.ruler.expand2(Vec2::new(size::EDGE, 0.0));
    painter.rect_filled(ruler_and_edges, 0.0, Role::Background.color());
    ruler(&painter, &parts, timeline);
    wave(&painter, parts.wave, timeline);
    lanes::missed(&painter, parts.wave, &timeline.missed);
    if let Some(columns) = &timeline.loudness {
        lanes::loudness(&painter, parts.loudness, columns);
    }
    lanes::classes(&painter, parts.classes, &timeline.classes);
    lanes::roles(&painter, parts.roles, timeline.roles.as_deref().unwrap_or_default());
    lanes::waiting(&painter, parts.utterances, &timeline.waiting);
    lanes::utterances(&painter, parts.utterances, &timeline.utterances);
    marks(&painter, &parts, timeline);
    if let Some(hint) = timeline.hint {
        let hint = painter.layout_no_wrap(hint.to_owned(), theme::small(), Role::TextFaint.color());
        let area = Align2::CENTER_CENTER.anchor_size(parts.wave.center(), hint.size());
        // A mark's pole would strike it through.
        painter.rect_filled(area.expand(size::GAP), 0.0, Role::Well.color());
        painter.galley(area.min, hint, Role::TextFaint.color());
    }
    playhead(&painter, &parts, timeline);

    let response = ui.interact(inner, ui.scope_id().with("timeline"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(egui::accesskit::Role::Canvas, true, &timeline.spoken));
    pointer::act(ui, &response, &parts, model, state, rows, actions);
}

impl Parts {
    fn new(rect: Rect, timeline: &Timeline) -> Self {
        let (ruler, rest) = rect.split_top_bottom_at_y(rect.top() + size::RULER);
        let (rest, utterances) = rest.split_top_bottom_at_y(rest.bottom() - size::UTTERANCE_LANE);
        let height = |is_known: bool, height: f32| if is_known { height } else { 0.0 };
        let roles = height(timeline.roles.is_some(), size::ROLE_LANE);
        let (rest, roles) = rest.split_top_bottom_at_y(rest.bottom() - roles);
        let (rest, classes) = rest.split_top_bottom_at_y(rest.bottom() - size::CLASS_LANE);
        let loudness = height(timeline.loudness.is_some(), size::LOUDNESS_LANE);
        let (wave, loudness) = rest.split_top_bottom_at_y(rest.bottom() - loudness);
        Self { ruler, wave, loudness, classes, roles, utterances }
    }
}

fn ruler(painter: &Painter, parts: &Parts, timeline: &Timeline) {
    let (ruler, body) = (parts.ruler, parts.wave.union(parts.utterances));
    for tick in &timeline.ticks {
        let x = painter.round_to_pixel_center(ruler.left() + tick.x);
        if tick.label.is_empty() {
            painter.vline(x, ruler.bottom() - size::SMALL_TICK..=ruler.bottom(), Role::Line.hairline());
            continue;
        }
        painter.vline(x, ruler.top()..=ruler.bottom(), Role::Line.hairline());
        painter.vline(x, body.y_range(), Stroke::new(size::HAIRLINE, Role::Background.color()));
        let font = theme::small_figures();
        let label = painter.layout_no_wrap(tick.label.clone(), font, Role::TextDim.color());
        let at = Pos2::new(x + size::GAP * 0.5, ruler.top() + size::HAIRLINE);
        // A label that would be cut by the edge is left out; the ticks still tell where it would be.
        if at.x + label.size().x <= ruler.right() {
            painter.galley(at, label, Role::TextDim.color());
        }
    }
}

/// One upright rectangle a point, as one mesh: thousands of shapes would each be tessellated on their own.
fn wave(painter: &Painter, rect: Rect, timeline: &Timeline) {
    let half = rect.height() * 0.5 - size::HAIRLINE;
    let mut mesh = Mesh::default();
    for (column, peak) in timeline.wave.iter().enumerate() {
        let Some(peak) = peak else { continue };
        let reach = (peak.powf(size::WAVE_CURVE) * half).max(size::HAIRLINE * 0.5);
        let x = rect.left() + column as f32;
        let center = Rect::from_min_max(
            Pos2::new(x, rect.center().y - reach),
            Pos2::new(x + size::HAIRLINE, rect.center().y + reach),
        );
        mesh.add_colored_rect(center, Role::Wave.color());
    }
    painter.add(Shape::mesh(mesh));
}

fn marks(painter: &Painter, parts: &Parts, timeline: &Timeline) {
    let (top, bottom) = (parts.wave.top(), parts.utterances.bottom());
    for (index, flag) in timeline.marks.iter().enumerate() {
        let [start, end] = flag.x.map(|x| painter.round_to_pixel_center(parts.wave.left() + x));
        let given = flag.colour.map_or(Role::Mark.color(), theme::colour_of);
        let color = if flag.selected { Role::Accent.color() } else { given };
        let width = if flag.selected { size::PLAYHEAD } else { size::HAIRLINE };
        let foot = if flag.crowded && !flag.selected { top + size::FLAG } else { bottom };
        painter.vline(start, top..=foot, Stroke::new(width, color));
        if end - start > size::HAIRLINE {
            painter.hline(start..=end, top, Stroke::new(size::PLAYHEAD, color));
        }
        let pole = Pos2::new(start, top);
        let cloth =
            vec![pole, pole + Vec2::new(size::FLAG, size::FLAG * 0.5), pole + Vec2::new(0.0, size::FLAG)];
        painter.add(Shape::convex_polygon(cloth, color, Stroke::NONE));
        let next =
            timeline.marks.get(index + 1).map_or(parts.wave.right(), |next| parts.wave.left() + next.x[0]);
        let room = next - start - size::FLAG * 2.0;
        let (at, ground) = (pole + Vec2::new(size::FLAG + size::HAIRLINE * 2.0, 0.0), Role::Well.color());
        lanes::text_on_ground(painter, at, room, &flag.label, ground, color);
    }
}

fn playhead(painter: &Painter, parts: &Parts, timeline: &Timeline) {
    let Some(x) = timeline.playhead else { return };
    let x = parts.ruler.left() + x;
    let color = Role::Playhead.color();
    painter.vline(x, parts.ruler.bottom()..=parts.utterances.bottom(), Stroke::new(size::PLAYHEAD, color));
    let handle = Pos2::new(x, parts.ruler.bottom() - size::TRIANGLE * 0.5);
    paint::triangle_down(painter, handle, size::TRIANGLE, color);
}
