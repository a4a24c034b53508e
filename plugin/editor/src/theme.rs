//! Colours and sizes: the only place where either is written as a number.
//!
//! Everything else names a [`Role`] or a [`size`]. One palette is one function.

mod palette;
pub mod size;

pub use palette::SWATCHES;

use std::cell::Cell;

use earmark_timeline::mark::Colour;
use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, TextStyle, Vec2};

/// What a colour is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Behind everything.
    Background,
    /// Behind the header and the status line.
    Bar,
    /// Behind the timeline and the transcript.
    Well,
    /// A line between two things.
    Line,
    /// A button.
    Button,
    /// A button or row under the pointer.
    Hover,
    /// A chosen row.
    Selected,
    /// Behind text that was searched for.
    Found,
    /// What is to be read.
    Text,
    /// What may be read.
    TextDim,
    /// What is there for those who look for it.
    TextFaint,
    /// The one accent: the main button, what is chosen.
    Accent,
    /// Text on the accent, and on a class or an utterance.
    OnAccent,
    /// At work, as it should be.
    Live,
    /// Worth a look.
    Warning,
    /// Something does not work.
    Problem,
    /// The waveform.
    Wave,
    /// Somebody speaks.
    Speech,
    /// Somebody sings.
    Singing,
    /// Music.
    Music,
    /// Other sound.
    Other,
    /// Silence.
    Silence,
    /// An utterance on the timeline.
    Utterance,
    /// A mark.
    Mark,
    /// The playhead.
    Playhead,
}

/// Which palette a window is painted with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Look {
    /// Light on dark, as most hosts are.
    #[default]
    Dark,
    /// Dark on light.
    Light,
}

thread_local! {
    /// What the window that is being painted looks like. One thread paints one window at a time.
    static LOOK: Cell<Look> = const { Cell::new(Look::Dark) };
}

impl Role {
    /// The role's colour in the window that this thread paints.
    pub fn color(self) -> Color32 {
        palette::color(LOOK.get(), self)
    }

    /// A hairline of that colour.
    pub fn hairline(self) -> Stroke {
        Stroke::new(size::HAIRLINE, self.color())
    }
}

/// A colour that a person gave, for painting.
pub const fn colour_of(Colour([red, green, blue]): Colour) -> Color32 {
    Color32::from_rgb(red, green, blue)
}

/// Text that is read.
pub fn body() -> FontId {
    FontId::new(size::TEXT, FontFamily::Proportional)
}

/// Text beside what is read.
pub fn small() -> FontId {
    FontId::new(size::TEXT_SMALL, FontFamily::Proportional)
}

/// The product's name and the title of an empty window.
pub fn title() -> FontId {
    FontId::new(size::TEXT_TITLE, FontFamily::Proportional)
}

/// Times: figures of one width, so that they stand below each other and do not dance.
pub fn figures() -> FontId {
    FontId::new(size::TEXT_FIGURES, FontFamily::Monospace)
}

/// Times on the ruler.
pub fn small_figures() -> FontId {
    FontId::new(size::TEXT_RULER, FontFamily::Monospace)
}

/// Gives this frame its palette, and egui's own widgets in this and every later frame the theme's colours
/// and sizes, unless they have them.
pub fn apply(ui: &mut egui::Ui, look: Look) {
    LOOK.set(look);
    let ctx = ui.ctx().clone();
    let applied = egui::Id::unique("earmark-theme");
    if ctx.data(|data| data.get_temp::<Look>(applied)) == Some(look) {
        return;
    }
    ctx.data_mut(|data| data.insert_temp(applied, look));
    // A person chooses, and not the host's desktop, which says nothing of the host's own colours.
    ctx.set_theme(match look {
        Look::Dark => egui::Theme::Dark,
        Look::Light => egui::Theme::Light,
    });
    // The window has keys of its own for it, and remembers the size.
    ctx.options_mut(|options| options.zoom_with_keyboard = false);
    ctx.all_styles_mut(|style| {
        style.text_styles = [
            (TextStyle::Small, small()),
            (TextStyle::Body, body()),
            (TextStyle::Button, body()),
            (TextStyle::Heading, title()),
            (TextStyle::Monospace, figures()),
        ]
        .into();
        // A window beside a mixer is quiet, and a fading button costs repaints.
        style.animation_time = 0.0;
        style.spacing.item_spacing = Vec2::splat(size::GAP);
        style.spacing.button_padding = Vec2::new(size::BUTTON_PADDING, size::HAIRLINE);
        style.spacing.interact_size.y = size::BUTTON_HEIGHT;
        style.spacing.menu_margin = Margin::same(size::MENU_MARGIN);
        style.spacing.menu_width = size::MENU_WIDTH;
        style.spacing.tooltip_width = size::MENU_WIDTH;
        style.spacing.scroll = egui::style::ScrollStyle::solid();
        style.spacing.scroll.bar_width = size::SCROLL_BAR;
        style.spacing.scroll.bar_inner_margin = size::HAIRLINE;
        style.spacing.scroll.bar_outer_margin = 0.0;
        style.interaction.selectable_labels = false;
        colour(&mut style.visuals);
    });
    // This frame was begun with the old style.
    ui.reset_style();
}

/// How much larger than usual all is that is painted into a window of so many points, if text is to have `percent` of its
/// usual size: the least window must still hold what it holds.
pub fn zoom(percent: u16, window: Vec2) -> f32 {
    let [width, height] = size::WINDOW_LEAST;
    let room = (window.x / width).min(window.y / height);
    (f32::from(percent) / 100.0).min(room.max(1.0))
}

/// The size of text in per cent of the usual one.
pub fn percent(zoom: f32) -> u16 {
    (zoom * 100.0).round() as u16
}

fn colour(visuals: &mut egui::Visuals) {
    let radius = CornerRadius::same(size::RADIUS);
    visuals.panel_fill = Role::Background.color();
    visuals.window_fill = Role::Bar.color();
    visuals.window_stroke = Role::Line.hairline();
    visuals.window_corner_radius = radius;
    visuals.menu_corner_radius = radius;
    visuals.popup_shadow = Shadow {
        offset: [0, size::SHADOW],
        blur: size::SHADOW as u8 * 2,
        spread: 0,
        color: Color32::from_black_alpha(u8::MAX / 2),
    };
    visuals.extreme_bg_color = Role::Well.color();
    visuals.faint_bg_color = Role::Bar.color();
    visuals.warn_fg_color = Role::Warning.color();
    visuals.error_fg_color = Role::Problem.color();
    visuals.hyperlink_color = Role::Accent.color();
    visuals.selection.bg_fill = Role::Selected.color();
    visuals.selection.stroke = Role::Accent.hairline();
    let widgets = &mut visuals.widgets;
    let states = [
        (&mut widgets.noninteractive, Role::Bar, Role::Text),
        (&mut widgets.inactive, Role::Button, Role::Text),
        (&mut widgets.hovered, Role::Hover, Role::Text),
        (&mut widgets.active, Role::Selected, Role::Text),
        (&mut widgets.open, Role::Hover, Role::Text),
    ];
    for (widget, fill, text) in states {
        widget.bg_fill = fill.color();
        widget.weak_bg_fill = fill.color();
        widget.bg_stroke = Stroke::NONE;
        widget.fg_stroke = text.hairline();
        widget.corner_radius = radius;
        widget.expansion = 0.0;
    }
    widgets.noninteractive.bg_stroke = Role::Line.hairline();
}
