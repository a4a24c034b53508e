//! Where waiting is allowed: a render that the host calls offline, and files.

use crate::Tap;
use earmark_timeline::units::Frames;

impl Tap {
    /// Waits until `frames` frames find room in the ring; `rest` passes a moment and says whether to go on
    /// waiting. Returns whether there is room.
    ///
    /// # Realtime Safety
    /// None: it waits. Never call it from a thread that somebody listens to.
    pub fn wait_for_room(&self, frames: Frames, mut rest: impl FnMut() -> bool) -> bool {
        while self.room() < frames {
            if !rest() {
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use crate::{BLOCK_FRAMES, tap_and_drain};
    use earmark_timeline::transport::{ChannelChoice, Listen, Transport};
    use earmark_timeline::units::{FramePos, Frames, SampleRate};

    #[test]
    fn it_waits_until_there_is_room_or_patience_ends() {
        let (mut tap, mut drain) = tap_and_drain(SampleRate::MODEL, FramePos(0));
        let block = Frames(BLOCK_FRAMES as u64);
        let mut project = 0;
        while tap.wait_for_room(block, || false) {
            let transport =
                Transport { playing: true, project: Some(FramePos(project)), ..Transport::default() };
            tap.process(
                &[[0.0f32; BLOCK_FRAMES]],
                BLOCK_FRAMES,
                transport,
                ChannelChoice::Mix,
                Listen::Always,
            );
            project += BLOCK_FRAMES as i64;
        }
        assert_eq!(tap.gauge().lost(), Frames(0));
        let mut rests = 0;
        let there_is_room = tap.wait_for_room(block, || {
            rests += 1;
            rests < 3 || drain.pop().is_some()
        });
        assert!(there_is_room && rests >= 3);
    }
}
