//! The product for wide processors (`plugin/engine/cmake/products.cpp`) against the one for all.

use std::ffi::c_void;

/// ggml's `struct ggml_compute_params` for work that one thread does.
#[repr(C)]
struct Parameters {
    thread: i32,
    threads: i32,
    work_size: usize,
    work: *mut c_void,
    pool: *mut c_void,
}

/// The parameters, rows, columns, blocks of depth, each matrix with its stride, and the three types.
macro_rules! products {
    ($type:ident: $($name:ident),*) => {
        products!(@ $type, [$($name),*], (*const Parameters, i64, i64, i64, *const c_void, i64, *const c_void, i64,
            *mut c_void, i64, i32, i32, i32));
    };
    (@ $type:ident, [$($name:ident),*], $of:tt) => {
        type $type = unsafe extern "C" fn $of -> bool;
        $(products!(@ $name, $of);)*
    };
    (@ $name:ident, ($($of:ty),*)) => {
        #[allow(unsafe_code, reason = "ggml's own symbols, which no crate declares")]
        unsafe extern "C" {
            fn $name($(_: $of),*) -> bool;
        }
    };
}

products!(Product: llamafile_sgemm, llamafile_sgemm_narrow);

/// ggml's numbers of its types.
const F32: i32 = 0;
const F16: i32 = 1;
/// Blocks of a 16-bit factor and 32 signed bytes.
const Q8_0: i32 = 8;
const BLOCK_BYTES: usize = 34;

/// Blocks whose factors, or floats that, are 0.5 to 2; a block's values are any.
fn numbers(kind: i32, count: usize, seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    let mut bytes = Vec::with_capacity(count * BLOCK_BYTES);
    for _ in 0..count {
        // Half precision: 0x3800 is 0.5, and each step of the highest byte's last three bits a quarter more or less.
        bytes.extend([next(), 0x38 + next() % 8]);
        if kind == Q8_0 {
            // From -127, as quantising gives them.
            bytes.extend((0..32).map(|_| (next() % 255).wrapping_sub(127)));
        }
    }
    bytes
}

fn product(by: Product, kind: i32, rows: usize, columns: usize, depth: usize) -> Option<Vec<f32>> {
    let (weights, activations) = (numbers(kind, rows * depth, 1), numbers(kind, columns * depth, 2));
    let mut products = vec![f32::NAN; rows * columns];
    let one = Parameters {
        thread: 0,
        threads: 1,
        work_size: 0,
        work: std::ptr::null_mut(),
        pool: std::ptr::null_mut(),
    };
    // SAFETY: the lengths are those of the vectors, in numbers of their kind.
    #[allow(unsafe_code, reason = "a function of ggml")]
    let done = unsafe {
        by(
            &raw const one,
            rows as i64,
            columns as i64,
            depth as i64,
            weights.as_ptr().cast(),
            depth as i64,
            activations.as_ptr().cast(),
            depth as i64,
            products.as_mut_ptr().cast(),
            rows as i64,
            kind,
            kind,
            F32,
        )
    };
    done.then_some(products)
}

#[test]
fn wide_and_narrow_products_are_the_same_but_for_rounding() {
    // Makes ggml's tables as well.
    super::interrupt::install();
    // Sizes of the encoder, some that fill no group of columns, and some that are left to the other.
    let sizes = [(32, 16, 1), (64, 17, 12), (96, 23, 5), (384, 448, 12), (384, 6, 12), (40, 64, 3)];
    for (rows, columns, depth) in sizes {
        let narrow = product(llamafile_sgemm_narrow, Q8_0, rows, columns, depth).expect("ggml's own");
        let found = product(llamafile_sgemm, Q8_0, rows, columns, depth).expect("the same");
        for (index, (found, narrow)) in found.iter().zip(&narrow).enumerate() {
            // Sums of up to 12 blocks of 32 products of bytes, at most 4 x 2^14 each, in 24 bits.
            let close = (found - narrow).abs() <= 32.0 * 65_536.0 * depth as f32 * f32::EPSILON;
            assert!(close, "{rows} x {columns} x {depth}: {index}: {found}, {narrow}");
        }
    }
}

#[test]
fn wide_products_of_floats_are_sums_of_products() {
    if !(is_x86_feature_detected!("avx512vnni") && is_x86_feature_detected!("avx512dq")) {
        // llamafile's own code asks for ggml's threads, which only a network has.
        return;
    }
    // The encoder's attention, its first convolution, and columns that fill no group.
    for (rows, columns, depth) in [(448, 448, 64), (64, 17, 448), (896, 384, 240), (32, 16, 16)] {
        let of = |count, seed| -> Vec<f64> {
            numbers(F16, count * depth, seed).as_chunks::<2>().0.iter().map(|bytes| half(*bytes)).collect()
        };
        let (weights, activations) = (of(rows, 1), of(columns, 2));
        let found = product(llamafile_sgemm, F16, rows, columns, depth).expect("taken by our own code");
        for (index, found) in found.into_iter().enumerate() {
            let (row, column) = (index % rows * depth, index / rows * depth);
            let (row, column) = (&weights[row..row + depth], &activations[column..column + depth]);
            let sum: f64 = row.iter().zip(column).map(|(weight, activation)| weight * activation).sum();
            // Sums of products below 4, in 24 bits.
            let close =
                (f64::from(found) - sum).abs() <= 4.0 * (depth * depth) as f64 * f64::from(f32::EPSILON);
            assert!(close, "{rows} x {columns} x {depth}: {index}: {found}, {sum}");
        }
    }
}

/// A normal number of half precision.
fn half(bytes: [u8; 2]) -> f64 {
    let bits = u16::from_le_bytes(bytes);
    let power = f64::from(bits >> 10 & 0x1f) - 15.0;
    let sign = if bits >> 15 == 0 { 1.0 } else { -1.0 };
    sign * (1.0 + f64::from(bits & 0x3ff) / 1024.0) * power.exp2()
}
