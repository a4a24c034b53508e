//! Where the host's loop is, as the audio thread was told last.

use earmark_timeline::units::ProjectTime;
use nice_plug::prelude::Transport;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// Written by the audio thread, read by the window. Both ends are true by themselves; for a block one of them may be
/// that of another loop, which a window forgives.
pub(crate) struct Cycle {
    /// The bits of seconds.
    start: AtomicU64,
    end: AtomicU64,
}

impl Default for Cycle {
    fn default() -> Self {
        let none = || AtomicU64::new(f64::NAN.to_bits());
        Self { start: none(), end: none() }
    }
}

impl Cycle {
    /// Takes note of where the host loops. Beats alone are not enough: they would have to be guessed into seconds.
    ///
    /// # Realtime Safety
    /// Two relaxed stores.
    pub(crate) fn note(&self, host: &Transport) {
        let rate = f64::from(host.sample_rate);
        let samples = host.loop_range_samples.map(|(start, end)| (start as f64 / rate, end as f64 / rate));
        let (start, end) = host.loop_range_seconds.or(samples).unwrap_or((f64::NAN, f64::NAN));
        self.start.store(start.to_bits(), Ordering::Relaxed);
        self.end.store(end.to_bits(), Ordering::Relaxed);
    }

    /// Where it is, if there is one.
    pub(crate) fn range(&self) -> Option<Range<ProjectTime>> {
        let [start, end] = [&self.start, &self.end].map(|edge| f64::from_bits(edge.load(Ordering::Relaxed)));
        (start < end).then(|| ProjectTime::from_seconds(start)..ProjectTime::from_seconds(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_is_known_while_the_host_tells_it_in_seconds_or_samples() {
        let cycle = Cycle::default();
        let check = |tell: &dyn Fn(&mut Transport), expected: Option<[f64; 2]>| {
            let mut host = Transport::new(48_000.0);
            tell(&mut host);
            cycle.note(&host);
            let told = cycle.range().map(|range| [range.start.seconds(), range.end.seconds()]);
            assert_eq!(told, expected);
        };
        assert_eq!(cycle.range(), None);
        check(&|host| host.loop_range_seconds = Some((2.0, 4.5)), Some([2.0, 4.5]));
        check(&|host| host.loop_range_samples = Some((48_000, 96_000)), Some([1.0, 2.0]));
        check(&|host| host.loop_range_beats = Some((1.0, 2.0)), None);
        check(&|host| host.loop_range_seconds = Some((4.0, 4.0)), None);
        check(&|_| (), None);
    }
}
