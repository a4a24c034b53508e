//! The palettes.

use super::Role;
use egui::Color32;

/// The dark palette: greys with a trace of blue, one accent, and class colours of like brightness that
/// remain apart for the common kinds of colour blindness.
pub(super) const fn dark(role: Role) -> Color32 {
    let (r, g, b) = match role {
        Role::Background => (0x1b, 0x1d, 0x20),
        Role::Bar => (0x24, 0x26, 0x2a),
        Role::Well => (0x15, 0x16, 0x19),
        Role::Line => (0x33, 0x36, 0x3b),
        Role::Button => (0x34, 0x37, 0x3d),
        Role::Hover => (0x40, 0x44, 0x4b),
        Role::Selected => (0x2b, 0x3d, 0x47),
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance after WCAG 2.1.
    fn luminance(role: Role) -> f64 {
        let linear = |channel: u8| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.040_45 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
        };
        let [r, g, b, _] = dark(role).to_array().map(linear);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn check(front: Role, back: Role, least: f64) {
        let (a, b) = (luminance(front) + 0.05, luminance(back) + 0.05);
        let contrast = a.max(b) / a.min(b);
        assert!(contrast >= least, "{front:?} on {back:?}: {contrast:.2} is below {least}");
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
        for back in [Role::Button, Role::Hover, Role::Selected, Role::Utterance] {
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
