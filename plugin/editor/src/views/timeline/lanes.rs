//! The lanes: how loud it is, classes of sound, what plays, and utterances.

use crate::theme::{Role, size};
use crate::view_model::timeline::{Block, Gap, Lane};
use earmark_timeline::course::RoleSpan;
use earmark_timeline::tag::{ClassSpan, SoundClass};
use egui::epaint::Mesh;
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, FontId, Galley, Painter, Pos2, Rect, Shape, Stroke, Vec2};
use std::sync::Arc;

/// How loud it is as a height over the lane's ground, under the unit's name; one mesh, as the waveform is.
pub(super) fn loudness(painter: &Painter, rect: Rect, columns: &[Option<i8>]) {
    painter.hline(rect.x_range(), rect.bottom(), Role::Line.hairline());
    let [low, high] = size::LOUDNESS_SPAN;
    let mut mesh = Mesh::default();
    for (column, lufs) in columns.iter().enumerate() {
        let Some(lufs) = lufs else { continue };
        let part = ((f32::from(*lufs) - low) / (high - low)).clamp(0.0, 1.0);
        let height = (part * (rect.height() - size::HAIRLINE)).max(size::HAIRLINE);
        let left = rect.left() + column as f32;
        let top = Pos2::new(left, rect.bottom() - height);
        let bar = Rect::from_min_max(top, Pos2::new(left + size::HAIRLINE, rect.bottom()));
        mesh.add_colored_rect(bar, Role::Utterance.color());
        mesh.add_colored_rect(bar.with_max_y(top.y + size::HAIRLINE), Role::Wave.color());
    }
    painter.add(Shape::mesh(mesh));
    text_on_ground(painter, rect.left_top(), rect.width(), "LUFS", Role::Well.color(), Role::TextDim.color());
}

/// What plays has its name where there is room, and a line where it begins; all roles have one colour.
pub(super) fn roles(painter: &Painter, rect: Rect, lanes: &[Lane<RoleSpan>]) {
    for lane in lanes {
        let [left, right] = lane.x.map(|x| rect.left() + x);
        let area = Rect::from_x_y_ranges(
            left..=(right - size::HAIRLINE).max(left + size::HAIRLINE),
            rect.top()..=rect.bottom() - size::HAIRLINE,
        );
        painter.rect_filled(area, 0.0, Role::Button.color());
        painter.vline(area.left(), area.y_range(), Role::TextFaint.hairline());
        let at = Pos2::new(area.left() + size::GAP * 0.5, area.top());
        text(painter, at, area.width() - size::GAP, lane.label, Role::Text.color());
    }
}

/// Each class has a colour, a pattern and, where there is room, its name: never the colour alone.
pub(super) fn classes(painter: &Painter, rect: Rect, lanes: &[Lane<ClassSpan>]) {
    let painter = painter.with_clip_rect(rect);
    for lane in lanes {
        let left = rect.left() + lane.x[0];
        // A hairline of distance, unless nothing would be left.
        let right = (rect.left() + lane.x[1] - size::HAIRLINE).max(left + size::HAIRLINE);
        let area =
            Rect::from_x_y_ranges(left..=right, rect.top() + size::HAIRLINE..=rect.bottom() - size::HAIRLINE);
        if lane.span.class == SoundClass::Silence {
            painter.hline(area.x_range(), area.center().y, Role::Silence.hairline());
            continue;
        }
        painter.rect_filled(area, 0.0, role_of(lane.span.class).color());
        pattern(&painter.with_clip_rect(area.intersect(rect)), area, lane.span.class);
        let at = Pos2::new(area.left() + size::GAP * 0.5, area.top());
        let (ground, color) = (role_of(lane.span.class).color(), Role::OnAccent.color());
        text_on_ground(&painter, at, area.width() - size::GAP, lane.label, ground, color);
    }
}

/// What was not analysed is hatched, and named where there is room.
pub(super) fn missed(painter: &Painter, rect: Rect, gaps: &[Gap]) {
    for gap in gaps {
        let [left, right] = gap.x.map(|x| rect.left() + x);
        let area = Rect::from_x_y_ranges(left..=right.max(left + size::PLAYHEAD), rect.y_range());
        let stroke =
            Stroke::new(size::HAIRLINE, Role::Warning.color().gamma_multiply(size::PATTERN_STRENGTH));
        let painter = painter.with_clip_rect(area.intersect(painter.clip_rect()));
        hatch(&painter, area, area.height(), stroke);
        painter.vline(area.left(), area.y_range(), Role::Warning.hairline());
        let at = Pos2::new(area.left() + size::GAP * 0.5, area.bottom() - size::UTTERANCE_LANE);
        // Half the words would say the opposite.
        if area.width() >= size::GAP_NAME {
            let (ground, color) = (Role::Well.color(), Role::Warning.color());
            text_on_ground(&painter, at, area.width() - size::GAP, "not analysed", ground, color);
        }
    }
}

/// Where words are still to come, a dotted line runs in their lane.
pub(super) fn waiting(painter: &Painter, rect: Rect, gaps: &[Gap]) {
    for gap in gaps {
        let [left, right] = gap.x.map(|x| rect.left() + x);
        let painter = painter.with_clip_rect(Rect::from_x_y_ranges(left..=right, rect.y_range()));
        dots(&painter, rect.center().y, Role::TextFaint.color());
    }
}

/// Each utterance is a block with as much of its text as there is room for.
pub(super) fn utterances(painter: &Painter, rect: Rect, blocks: &[Block]) {
    for block in blocks {
        let left = rect.left() + block.x[0];
        let right = (rect.left() + block.x[1] - size::HAIRLINE).max(left + size::HAIRLINE);
        let area = Rect::from_x_y_ranges(left..=right, rect.top() + size::HAIRLINE..=rect.bottom());
        let (fill, front) =
            if block.selected { (Role::Accent, Role::OnAccent) } else { (Role::Utterance, Role::Text) };
        painter.rect_filled(area, f32::from(size::RADIUS) * 0.5, fill.color());
        let at = Pos2::new(area.left() + size::GAP * 0.5, area.top() + size::HAIRLINE);
        text(painter, at, area.width() - size::GAP, &block.text, front.color());
    }
}

/// One line of small text that ends with an ellipsis where `room` does; nothing if no letter has room.
pub(super) fn text(painter: &Painter, at: Pos2, room: f32, text: &str, color: Color32) {
    if let Some(galley) = lay(painter, room, text, color) {
        painter.galley(at, galley, color);
    }
}

/// The same on a ground of its own, for where there is something else below it.
pub(super) fn text_on_ground(
    painter: &Painter,
    at: Pos2,
    room: f32,
    text: &str,
    ground: Color32,
    color: Color32,
) {
    if let Some(galley) = lay(painter, room, text, color) {
        let area = Rect::from_min_size(at, galley.size()).expand2(Vec2::new(size::HAIRLINE, 0.0));
        painter.rect_filled(area, 0.0, ground);
        painter.galley(at, galley, color);
    }
}

fn lay(painter: &Painter, room: f32, text: &str, color: Color32) -> Option<Arc<Galley>> {
    if text.is_empty() || room < size::LETTER * 2.0 {
        return None;
    }
    let most = (room / size::LETTER * 2.0) as usize;
    let text: String = text.chars().take(most).collect();
    let font = FontId::proportional(size::TEXT_LANE);
    let mut job = LayoutJob::single_section(text, TextFormat::simple(font, color));
    job.wrap = TextWrapping::truncate_at_width(room);
    Some(painter.layout_job(job))
}

fn role_of(class: SoundClass) -> Role {
    match class {
        SoundClass::Speech => Role::Speech,
        SoundClass::Singing => Role::Singing,
        SoundClass::Music => Role::Music,
        SoundClass::Other => Role::Other,
        SoundClass::Silence => Role::Silence,
    }
}

/// Speech is plain, singing slanted, music upright, other sound dotted.
fn pattern(painter: &Painter, area: Rect, class: SoundClass) {
    let stroke = Stroke::new(size::HAIRLINE, Role::OnAccent.color().gamma_multiply(size::PATTERN_STRENGTH));
    let slant = match class {
        SoundClass::Speech | SoundClass::Silence => return,
        SoundClass::Singing => area.height(),
        SoundClass::Music | SoundClass::Other => 0.0,
    };
    if class != SoundClass::Other {
        return hatch(painter, area, slant, stroke);
    }
    dots(painter, area.center().y, stroke.color);
}

/// A dotted line at a height.
fn dots(painter: &Painter, y: f32, color: Color32) {
    for x in pattern_places(painter, 0.0) {
        let dot = Rect::from_center_size(Pos2::new(x, y), Vec2::splat(size::HAIRLINE * 2.0));
        painter.rect_filled(dot, 0.0, color);
    }
}

/// Lines over an area, each `slant` further right at its head.
fn hatch(painter: &Painter, area: Rect, slant: f32, stroke: Stroke) {
    for x in pattern_places(painter, slant) {
        let (foot, head) = (Pos2::new(x, area.bottom()), Pos2::new(x + slant, area.top()));
        painter.add(Shape::line_segment([foot, head], stroke));
    }
}

/// Where a pattern's lines stand, from the window's origin and not the stretch's, so that it stands still
/// as the stretch grows.
fn pattern_places(painter: &Painter, slant: f32) -> impl Iterator<Item = f32> + use<> {
    let visible = painter.clip_rect().x_range();
    let first = ((visible.min - slant) / size::PATTERN).floor() as i64;
    let last = (visible.max / size::PATTERN).ceil() as i64;
    (first..=last).map(|count| count as f32 * size::PATTERN)
}
