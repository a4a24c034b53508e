//! Faults on purpose, for `cargo xtask validate --planted`, which shows with them that each of its checks can fail.
//! Only builds with the feature `planted` have them, and `cargo xtask bundle` refuses to lay those out.

use earmark_capture::Tap;
use nice_plug::prelude::*;
use std::hint::black_box;
use std::net::UdpSocket;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The variable that names the fault; its name in a library tells that it has faults.
const VARIABLE: &str = "EARMARK_PLANTED_FAULT";
/// A usual delay of plugins that look ahead.
const DELAY_FRAMES: u32 = 64;

/// Whether this fault is asked for; `silent` and `windowless` are looked for where they are made.
pub(crate) fn is(fault: &str) -> bool {
    static ASKED: LazyLock<String> = LazyLock::new(|| std::env::var(VARIABLE).unwrap_or_default());
    *ASKED == fault
}

/// As an instance is made: `socket` opens one, `thread` leaves one behind.
pub(crate) fn begin() {
    if is("socket") {
        drop(UdpSocket::bind(("127.0.0.1", 0)));
    }
    if is("thread") {
        std::thread::spawn(|| {
            loop {
                std::thread::park();
            }
        });
    }
}

/// As an instance is activated: `late` tells of a delay that there is not, `deaf` hears nothing, `hasty` lets an
/// offline render run ahead.
pub(crate) fn activate<P: Plugin>(
    context: &impl ActivateContext<P>,
    tap: &mut Option<Tap>,
    offline: &mut bool,
) {
    if is("late") {
        context.set_latency_samples(DELAY_FRAMES);
    }
    if is("deaf") {
        *tap = None;
    }
    *offline &= !is("hasty");
}

/// As a block is processed: `sample` alters one by its last bit, `allocation` takes memory and gives it back.
pub(crate) fn process(buffer: &mut Buffer) {
    let sample = buffer.as_slice().first_mut().and_then(|channel| channel.first_mut());
    if let Some(sample) = sample.filter(|_| is("sample")) {
        *sample = f32::from_bits(sample.to_bits() ^ 1);
    }
    if is("allocation") {
        drop(black_box(Box::new(DELAY_FRAMES)));
    }
}

/// As a state is loaded: `forgetful` leaves the notebook out.
pub(crate) fn load(state: &mut PluginState) {
    if is("forgetful") {
        state.fields.clear();
    }
}

/// As a state is saved: `restless` never saves the same twice.
pub(crate) fn save(attic: String) -> String {
    static SAVED: AtomicU64 = AtomicU64::new(0);
    if is("restless") { format!("{attic}{}", SAVED.fetch_add(1, Ordering::Relaxed)) } else { attic }
}
