//! From blocks to jobs: runs begin, are listened to and end.

use super::Track;
use super::passes::Pass;
use super::tickets::Matter;
use crate::hear::Watch;
use crate::infer::{Inference, Task, Urgency, Voice};
use crate::session::ear::{Ear, Heard};
use earmark_capture::Block;
use earmark_timeline::clock::{Run, RunId};
use earmark_timeline::meter::TempoPoint;
use earmark_timeline::snapshot::{Activity, Health};
use earmark_timeline::units::{FramePos, Frames, ProjectTime, SampleRate, time_from_frames};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A run without a new block for this long is over. Only a host that stops processing without saying so
/// gets here; blocks of the slowest offline render come far more often.
const STALL: Duration = Duration::from_secs(2);

/// Frames (of 32 ms) looked through in one round: about 10 ms of work, so that rings are drained in between.
const ROUND_FRAMES: usize = 32;

/// Jobs that may wait before looking through goes on: a job holds a copy of its audio, what was not
/// looked through is there once.
const QUEUED_JOBS: usize = 64;

/// Samples that one peak of the overview stands for: 10 ms.
const PEAK_SAMPLES: usize = 160;

/// The run that is being heard.
pub(super) struct Open {
    pub(super) ear: Ear,
    watch: Watch,
    /// The session's samples heard before this run.
    pub(super) base: u64,
    epoch: u32,
    /// The capture position that goes on without a hole.
    next: FramePos,
    /// When its newest block came.
    touched: Instant,
    /// Where its newest block starts, up to which the host told of its bars.
    bars_until: ProjectTime,
    begun: Instant,
    /// It came faster than it sounds: nobody listens to it now.
    bounced: bool,
}

/// A run is a bounce once it is this much longer than the time it took at one and a half times its pace: the
/// ring's content, which may come all at once, is no more.
const HEAD_START: Duration = Duration::from_secs(10);

impl Open {
    fn look_at_the_clock(&mut self) {
        let sounds = self.ear.heard() as f64 / f64::from(SampleRate::MODEL.hz());
        let took = self.begun.elapsed().as_secs_f64();
        self.bounced |= sounds > HEAD_START.as_secs_f64() + 1.5 * took;
    }
}

impl Track {
    /// Takes in the next block of the ring that is being drained.
    pub(super) fn hear(&mut self, block: &Block, rate: SampleRate, inference: &mut dyn Inference) {
        let follows =
            self.open.as_ref().is_some_and(|open| open.epoch == block.epoch && open.next == block.capture);
        if !follows {
            self.note_hole_before(block);
            self.close_run();
            if !block.samples().is_empty() {
                self.open_run(block, rate, inference);
            }
        }
        self.note_bars(block, rate);
        if let Some(open) = &mut self.open {
            let before = open.ear.heard();
            open.ear.push(block.samples());
            let mut found = Vec::new();
            open.watch.push(block.samples(), &self.state.notebook.settings().rules, &mut found);
            open.next = block.capture.plus(block.frames());
            open.touched = Instant::now();
            open.look_at_the_clock();
            let fresh = open.ear.since(before);
            self.state.usage.audio.0 += fresh.len() as f64 / f64::from(SampleRate::MODEL.hz());
            let run = *open.ear.run();
            for (index, cell) in fresh.chunks(PEAK_SAMPLES).enumerate() {
                let peak = cell.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
                let place = FramePos((before as usize + index * PEAK_SAMPLES) as i64);
                for overview in [&mut self.state.overview, &mut self.recordings.played] {
                    overview.note(run.time_from_model(place), peak);
                }
            }
            self.state.status.heard_until = Some(run.time_from_model(FramePos(open.ear.heard() as i64)));
            self.changed = true;
            self.mark(&run, found);
        }
        if block.last {
            self.close_run();
        }
    }

    /// Writes down where the host's bars lie, if it told something new with `block`.
    fn note_bars(&mut self, block: &Block, rate: SampleRate) {
        let (Some(open), Some(project)) = (&self.open, block.transport.project) else { return };
        let start = time_from_frames(project, rate);
        let Some(point) = TempoPoint::from_transport(start, &block.transport) else { return };
        let since = open.bars_until;
        if self.state.notebook.tempo().is_news(since, &point) {
            self.write(|notebook| notebook.tempo_mut().note(since, point));
        }
        if let Some(open) = &mut self.open {
            open.bars_until = start;
        }
    }

    /// Writes down what the ring had no room for, between the block before and this one.
    fn note_hole_before(&mut self, block: &Block) {
        let Some(open) = self.open.as_ref() else { return };
        let gap = block.capture.since(open.next);
        // Between two epochs there may be frames that nobody wanted to hear; the gauge knows how many were lost.
        let length = if open.epoch == block.epoch { gap } else { gap.min(self.unexplained()) };
        self.note_hole(length);
    }

    /// Writes down what a ring that is gone had no room for at its end.
    fn note_hole_at_the_end(&mut self) {
        self.note_hole(self.unexplained());
    }

    /// Lost frames whose place is not written down yet.
    fn unexplained(&self) -> Frames {
        Frames(self.lost_now().0.saturating_sub(self.explained.0))
    }

    /// Writes down that `length` frames after the open run's newest block were never heard.
    fn note_hole(&mut self, length: Frames) {
        let Some(open) = self.open.as_ref().filter(|_| length.0 > 0) else { return };
        let run = open.ear.run();
        let start = time_from_frames(open.next, run.rate)
            .minus(time_from_frames(run.capture, run.rate))
            .plus(run.time_from_model(FramePos(0)));
        let end = start.plus(time_from_frames(FramePos(length.0 as i64), run.rate));
        self.explained.0 += length.0;
        self.write(|notebook| notebook.miss(start..end));
    }

    /// Begins a run at `block`.
    fn open_run(&mut self, block: &Block, rate: SampleRate, inference: &mut dyn Inference) {
        let run = Run { id: RunId(self.runs), rate, capture: block.capture, transport: block.transport };
        self.runs += 1;
        let voice = self.voice(inference);
        if voice.is_some() && self.state.status.transcriber != Health::Ready {
            self.load_transcriber(run);
        }
        self.state.status.activity = Activity::Listening;
        self.state.status.clock = run.source();
        self.passes.push(Pass { run, settled: 0, end: None });
        self.open = Some(Open {
            ear: Ear::new(run, block.channels, voice),
            watch: Watch::new(rate),
            base: self.heard(),
            epoch: block.epoch,
            next: block.capture,
            touched: Instant::now(),
            begun: Instant::now(),
            bounced: false,
            bars_until: run.time_from_model(FramePos(0)),
        });
    }

    /// A detector for a new run, or what to show because there is none.
    fn voice(&mut self, inference: &mut dyn Inference) -> Option<Box<dyn Voice>> {
        inference.voice().map_err(|reason| self.state.status.transcriber = Health::Unavailable(reason)).ok()
    }

    /// Has the transcriber be there before there is anything to transcribe.
    fn load_transcriber(&mut self, run: Run) {
        self.state.status.transcriber = Health::Loading;
        let model = Arc::from(self.state.notebook.settings().model.as_str());
        self.enqueue(run, self.heard(), Matter::Preparation, Urgency::Speech, Task::Prepare { model });
    }

    /// Tries again to get what the run that is being heard could not be given, so that nobody need stop and
    /// start for it.
    pub(super) fn prepare(&mut self, inference: &mut dyn Inference) {
        let Some(run) = self.open.as_ref().map(|open| *open.ear.run()) else { return };
        let voice = self.voice(inference);
        if voice.is_some() {
            self.load_transcriber(run);
        }
        if let Some(open) = &mut self.open {
            open.ear.give_voice(voice);
        }
    }

    /// Whether the run came faster than it sounds.
    pub(super) fn came_fast(&self, run: RunId) -> bool {
        let found = self.closed.iter().chain(&self.open).find(|open| open.ear.run().id == run);
        found.is_some_and(|open| open.bounced)
    }

    /// Ends the run that is being heard, if any.
    fn close_run(&mut self) {
        let Some(mut open) = self.open.take() else { return };
        self.drop_partial();
        open.ear.end();
        self.closed.push_back(open);
        self.state.status.activity = Activity::Waiting;
        self.changed = true;
    }

    /// Looks through a part of what was heard, oldest first, while there is room for what it finds; says
    /// whether there is more to look through.
    pub(super) fn analyse(&mut self) -> bool {
        if self.queue.len() >= QUEUED_JOBS {
            return false;
        }
        let Some(current) = self.closed.front_mut().or(self.open.as_mut()) else { return false };
        let mut found = Vec::new();
        let before = current.ear.analysed();
        let more = current.ear.analyse(ROUND_FRAMES, &mut found);
        let (run, heard) = (*current.ear.run(), current.base + current.ear.analysed());
        let analysed = current.ear.analysed();
        for found in found {
            if let Heard::Sound { range, .. } = &found {
                self.write_loudness(&run, range);
            }
            self.enqueue_heard(run, heard, found);
        }
        self.tell_reading(before..analysed);
        if self.closed.front().is_some_and(|closed| closed.ear.is_done())
            && let Some(done) = self.closed.pop_front()
        {
            self.heard_before = done.base + done.ear.heard();
            self.readings.end(&done.ear);
            if let Some(pass) = self.passes.iter_mut().find(|pass| pass.run.id == done.ear.run().id) {
                pass.end = Some(done.ear.heard());
            }
            self.changed = true;
            return true;
        }
        more
    }

    /// Makes a job of what was found in `run` when the session's sample `heard` was looked at.
    fn enqueue_heard(&mut self, run: Run, heard: u64, found: Heard) {
        match found {
            Heard::Pause { segment, audio } => self.foresee(run, heard, segment, audio),
            Heard::Resumed => self.drop_early(),
            Heard::Speech { segment, audio } => self.close_speech(run, heard, segment, audio),
            Heard::Sound { range, audio, keep } => {
                self.expect_sound(&run, range.start);
                let task = Task::Classify { audio, keep };
                self.enqueue(run, heard, Matter::Sound(range), Urgency::Sound, task);
            }
        }
    }

    /// A host that stopped calling without a word will not close the run; then time does.
    pub(super) fn close_stalled_run(&mut self) {
        if self.open.as_ref().is_some_and(|open| open.touched.elapsed() > STALL) {
            // A full ring has lost the block that ends the run as well, and nothing may come after it.
            self.note_hole_at_the_end();
            self.close_run();
        }
    }

    /// Leaves the first ring, whose tap is gone and which is empty.
    pub(super) fn leave_finished_drain(&mut self) {
        self.note_hole_at_the_end();
        self.close_run();
        if let Some(drain) = self.drains.pop_front() {
            self.lost_before.0 += drain.gauge().lost().0;
        }
        self.ended += 1;
        self.changed = true;
    }
}
