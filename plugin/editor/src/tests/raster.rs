//! Paints a frame without a graphics card: the triangles that egui asks a card for, pixel by pixel.

use egui::epaint::{Mesh, Primitive, Vertex};
use egui::{Color32, ColorImage, Context, FullOutput, Rect};

/// Into how many parts a pixel is divided. Corners lie on this grid, so that a pixel between two triangles
/// belongs to one of them, whatever the processor.
const PARTS: i64 = 256;

/// What a window of that many points would look like.
pub(super) fn picture(ctx: &Context, output: &FullOutput, points: [f32; 2]) -> ColorImage {
    let scale = output.pixels_per_point;
    let size = points.map(|length| (length * scale).round() as usize);
    let mut image = ColorImage::filled(size, Color32::BLACK);
    let letters = ctx.fonts(|fonts| fonts.image());
    for clipped in ctx.tessellate(output.shapes.clone(), scale) {
        let Primitive::Mesh(mesh) = clipped.primitive else { panic!("the window paints nothing by itself") };
        paint(&mut image, &mesh, clipped.clip_rect * scale, scale, &letters);
    }
    image
}

fn paint(image: &mut ColorImage, mesh: &Mesh, clip: Rect, scale: f32, letters: &ColorImage) {
    let least = clip.min.max(egui::Pos2::ZERO).round();
    let most = clip.max.round().min(egui::pos2(image.size[0] as f32, image.size[1] as f32));
    for corners in mesh.indices.as_chunks::<3>().0 {
        let corners = corners.map(|index| mesh.vertices[index as usize]);
        let [a, b, c] = corners
            .map(|corner| [corner.pos.x, corner.pos.y].map(|at| (at * scale * PARTS as f32).round() as i64));
        let area = cross(a, b, c);
        // Which way round the corners are named says nothing.
        let ([b, c], corners) = match area {
            0 => continue,
            1.. => ([b, c], corners),
            _ => ([c, b], [corners[0], corners[2], corners[1]]),
        };
        let reach = |axis: usize, least: f32, most: f32| {
            let all = [a[axis], b[axis], c[axis]].map(|at| at.div_euclid(PARTS));
            let first = all.into_iter().fold(i64::MAX, i64::min).max(least as i64);
            first..(all.into_iter().fold(i64::MIN, i64::max) + 1).min(most as i64)
        };
        for y in reach(1, least.y, most.y) {
            for x in reach(0, least.x, most.x) {
                let at = [x, y].map(|pixel| pixel * PARTS + PARTS / 2);
                let parts = [(b, c), (c, a), (a, b)].map(|(from, to)| inside(from, to, at));
                if let [Some(first), Some(second), Some(third)] = parts {
                    let weights = [first, second, third].map(|part| part as f32 / area.abs() as f32);
                    let pixel = &mut image.pixels[y as usize * image.size[0] + x as usize];
                    *pixel = pixel.blend(color(&corners, weights, letters));
                }
            }
        }
    }
}

/// Twice the area of the triangle, negative if its corners go round the other way.
fn cross(a: [i64; 2], b: [i64; 2], c: [i64; 2]) -> i64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// How far inside of an edge a point lies; a point on the edge belongs to the triangle below or right of it.
fn inside(from: [i64; 2], to: [i64; 2], at: [i64; 2]) -> Option<i64> {
    let far = cross(from, to, at);
    let owns_edge = to[1] < from[1] || (to[1] == from[1] && to[0] > from[0]);
    (far > 0 || (far == 0 && owns_edge)).then_some(far)
}

/// The corners' colours and their places in the letters' picture, each in its part.
fn color(corners: &[Vertex; 3], weights: [f32; 3], letters: &ColorImage) -> Color32 {
    let mix = |of: &dyn Fn(&Vertex) -> f32| -> f32 {
        corners.iter().zip(weights).map(|(corner, weight)| of(corner) * weight).sum()
    };
    let [width, height] = letters.size;
    let texel = |part: f32, length: usize| ((part * length as f32) as usize).min(length - 1);
    let (x, y) = (texel(mix(&|corner| corner.uv.x), width), texel(mix(&|corner| corner.uv.y), height));
    let [r, g, b, a] =
        [0, 1, 2, 3].map(|channel| mix(&|corner| f32::from(corner.color.to_array()[channel])).round() as u8);
    Color32::from_rgba_premultiplied(r, g, b, a) * letters.pixels[y * width + x]
}
