//! The palettes.

use super::{Look, Role};
use earmark_timeline::mark::Colour;
use egui::Color32;

/// The colours that a mark can be given, with their names: six of like brightness that stand out from
/// the timeline in both palettes.
pub const SWATCHES: [(&str, Colour); 6] = [
    ("Red", Colour([0xe0, 0x6c, 0x60])),
    ("Orange", Colour([0xc8, 0x7f, 0x2e])),
    ("Yellow", Colour([0xa8, 0x8e, 0x20])),
    ("Green", Colour([0x55, 0x9c, 0x62])),
    ("Blue", Colour([0x55, 0x92, 0xd0])),
    ("Violet", Colour([0xaa, 0x7f, 0xd0])),
];

/// A role's colour in a palette.
pub(super) const fn color(look: Look, role: Role) -> Color32 {
    match look {
        Look::Dark => dark(role),
        Look::Light => light(role),
    }
}

/// The dark palette: greys with a trace of blue, one accent, and class colours of like brightness that
/// remain apart for the common kinds of colour blindness.
const fn dark(role: Role) -> Color32 {
    let (r, g, b) = match role {
        Role::Background => (0x1b, 0x1d, 0x20),
        Role::Bar => (0x24, 0x26, 0x2a),
        Role::Well => (0x15, 0x16, 0x19),
        Role::Line => (0x33, 0x36, 0x3b),
        Role::Button => (0x34, 0x37, 0x3d),
        Role::Hover => (0x40, 0x44, 0x4b),
        Role::Selected => (0x2b, 0x3d, 0x47),
        Role::Found => (0x54, 0x48, 0x1c),
        Role::Text => (0xdc, 0xde, 0xe1),
        Role::TextDim => (0x9d, 0xa2, 0xa9),
        Role::TextFaint => (0x80, 0x85, 0x8c),
        Role::Accent => (0x5a, 0xb4, 0xcf),
        Role::OnAccent => (0x10, 0x14, 0x17),
        Role::Live => (0x6c, 0xc0, 0x8b),
        Role::Warning => (0xe0, 0xb0, 0x56),
        Role::Problem => (0xea, 0x7b, 0x6d),
        Role::Wave => (0x7d, 0x8a, 0x98),
        Role::Speech => (0x6f, 0xa8, 0xc8),
        Role::Singing => (0xc3, 0x90, 0xc9),
        Role::Music => (0xc9, 0xa9, 0x5c),
        Role::Other => (0x8b, 0x92, 0x9a),
        Role::Silence => (0x3a, 0x3e, 0x44),
        Role::Utterance => (0x3d, 0x5a, 0x68),
        Role::Mark => (0xe6, 0xa1, 0x5c),
        Role::Playhead => (0xf4, 0xf5, 0xf6),
    };
    Color32::from_rgb(r, g, b)
}

/// The light palette: the same colours, as dark as they have to be to be read on paper.
const fn light(role: Role) -> Color32 {
    let (r, g, b) = match role {
        Role::Background => (0xf1, 0xf2, 0xf4),
        Role::Bar => (0xe6, 0xe8, 0xeb),
        Role::Well => (0xfc, 0xfc, 0xfd),
        Role::Line => (0xc6, 0xca, 0xd0),
        Role::Button => (0xd6, 0xda, 0xde),
        Role::Hover => (0xc8, 0xcd, 0xd3),
        Role::Selected => (0xcb, 0xe1, 0xec),
        Role::Found => (0xf3, 0xdc, 0x8c),
        Role::Text => (0x1c, 0x1f, 0x23),
        Role::TextDim => (0x4c, 0x52, 0x5a),
        Role::TextFaint => (0x62, 0x68, 0x70),
        Role::Accent => (0x0d, 0x6a, 0x86),
        Role::OnAccent => (0xff, 0xff, 0xff),
        Role::Live => (0x1b, 0x6e, 0x40),
        Role::Warning => (0x7d, 0x52, 0x00),
        Role::Problem => (0xab, 0x24, 0x1c),
        Role::Wave => (0x6f, 0x7c, 0x8a),
        Role::Speech => (0x2b, 0x6c, 0x92),
        Role::Singing => (0x8a, 0x4a, 0x92),
        Role::Music => (0x7c, 0x62, 0x1c),
        Role::Other => (0x5d, 0x64, 0x6c),
        Role::Silence => (0xb4, 0xba, 0xc1),
        Role::Utterance => (0xb9, 0xd3, 0xdf),
        Role::Mark => (0xa4, 0x56, 0x0c),
        Role::Playhead => (0x10, 0x12, 0x14),
    };
    Color32::from_rgb(r, g, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance after WCAG 2.1.
    fn luminance(color: Color32) -> f64 {
        let linear = |channel: u8| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.040_45 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
        };
        let [r, g, b, _] = color.to_array().map(linear);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn contrast(front: Color32, back: Color32) -> f64 {
        let (a, b) = (luminance(front) + 0.05, luminance(back) + 0.05);
        a.max(b) / a.min(b)
    }

    fn check(front: Role, back: Role, least: f64) {
        for look in [Look::Dark, Look::Light] {
            let contrast = contrast(color(look, front), color(look, back));
            assert!(contrast >= least, "{look:?}: {front:?} on {back:?}: {contrast:.2} is below {least}");
        }
    }

    #[test]
    fn a_marks_colour_stands_out_from_the_timeline() {
        for (name, Colour([r, g, b])) in SWATCHES {
            for look in [Look::Dark, Look::Light] {
                let contrast = contrast(Color32::from_rgb(r, g, b), color(look, Role::Well));
                assert!(contrast >= 3.0, "{look:?}: {name}: {contrast:.2}");
            }
        }
    }

    /// WCAG 2.1 AA asks for 4.5 between text and what is behind it, and for 3 around signs.
    #[test]
    fn all_text_can_be_read_on_what_is_behind_it() {
        for back in [Role::Background, Role::Bar, Role::Well] {
            for front in [Role::Text, Role::TextDim, Role::Live, Role::Warning, Role::Problem, Role::Accent] {
                check(front, back, 4.5);
            }
            check(Role::TextFaint, back, 4.0);
        }
        for back in [Role::Button, Role::Hover, Role::Selected, Role::Found, Role::Utterance] {
            check(Role::Text, back, 4.5);
        }
        for back in [Role::Accent, Role::Speech, Role::Singing, Role::Music, Role::Other, Role::Mark] {
            check(Role::OnAccent, back, 4.5);
        }
        for front in [Role::Wave, Role::Mark, Role::Playhead, Role::Speech, Role::Singing, Role::Music] {
            check(front, Role::Well, 3.0);
        }
    }
}
