//! The tracks together, and what chance has done to them.

use super::Options;
use super::book;
use super::judge::{Look, Record};
use super::screen::Screen;
use super::seat::Seat;
use super::track::Order;
use crate::audio::Clip;
use crate::demo::DemoError;
use crate::host::{open_files, threads, threads_ended};
use crate::lifecycle::{allocated_bytes, resident_bytes, trim};
use crate::noise::Random;
use crate::playback::words;
use earmark_timeline::utterance::Word;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// All tracks, and what was found so far.
pub(super) struct Stage {
    path: PathBuf,
    clips: Vec<Arc<Clip>>,
    /// What a first pass over each clip said.
    first: Vec<Vec<Word>>,
    seats: Vec<Seat>,
    screen: Screen,
    random: Random,
    record: Record,
    begun: Instant,
    /// Threads and files while no instance is there.
    empty: (usize, usize),
    deeds: u32,
    comings: u32,
}

/// The first and the last pass, each from an instance's first block on: a pass that begins elsewhere in the stream may
/// cut its speech a few milliseconds elsewhere, and a doubtful word may then be another.
const WHOLE: Order = Order::From { frame: 0, speed: 4.0 };

/// Silence after each recording, so that its last words end.
const TAIL_S: f64 = 2.0;

/// What is done in a round.
const DEEDS: u32 = 10;

/// How long everything goes on after each of them: at least, and by chance as much more, in milliseconds.
const BETWEEN_MS: (u32, u32) = (300, 1_500);

/// A turn of each instance's main thread.
const TURN: Duration = Duration::from_millis(10);

/// How long what goes may take to be gone.
const PATIENCE: Duration = Duration::from_secs(5);

impl Stage {
    /// Lets each track's clip be played once from its start to its end to an instance of its own, and what is made
    /// once be made.
    pub(super) fn open(options: &Options) -> Result<Self, DemoError> {
        let read = |file: &PathBuf| Ok(Arc::new(Clip::read(file)?.with_channels(2).padded(0.0, TAIL_S)));
        let clips = options.files.iter().map(read).collect::<Result<Vec<_>, DemoError>>()?;
        let mut stage = Self {
            path: options.plugin.clone(),
            clips,
            first: Vec::new(),
            seats: Vec::new(),
            screen: Screen::default(),
            random: Random::from_seed(options.seed),
            record: Record::default(),
            begun: Instant::now(),
            empty: (0, 0),
            deeds: 0,
            comings: 0,
        };
        stage.come(WHOLE)?;
        stage.open_window(0)?;
        stage.screen.close(&mut stage.seats)?;
        stage.rest()?;
        for seat in &mut stage.seats {
            let notebook = seat.notebook()?;
            stage.first.push(words(&notebook).cloned().collect());
        }
        stage.go()?;
        threads_ended(1);
        stage.empty = (threads(), open_files());
        stage.come(Order::Stand)?;
        Ok(stage)
    }

    /// Does a number of things by chance while all tracks play, then lets them rest, and looks.
    pub(super) fn round(&mut self) -> Result<(), DemoError> {
        self.all_play();
        for _ in 0..DEEDS {
            self.deed()?;
            self.deeds += 1;
            let more = self.random.below(BETWEEN_MS.1);
            self.pump(Duration::from_millis((BETWEEN_MS.0 + more).into()));
        }
        self.screen.close(&mut self.seats)?;
        self.all_stand();
        self.rest()?;
        let one = self.any();
        if !self.seats[one].loads_what_it_saves()? {
            self.fault("Another instance does not save what it loaded.");
        }
        self.look();
        Ok(())
    }

    /// Has all instances go, at rest or not, and looks whether anything is left of them; then new ones come.
    pub(super) fn all_go_and_come(&mut self) -> Result<(), DemoError> {
        self.go()?;
        self.come(Order::Stand)
    }

    /// Loads each project again for a last pass over its clip from its start to its end, which is compared with the
    /// first; then all go.
    pub(super) fn close(mut self) -> Result<Record, DemoError> {
        for index in 0..self.seats.len() {
            self.renew(index, true, WHOLE)?;
        }
        self.rest()?;
        for index in 0..self.seats.len() {
            let notebook = self.seats[index].notebook()?;
            match book::compare(&notebook, &self.first[index]) {
                Ok(same) => self.record.compared += same,
                Err(fault) => self.fault(&fault),
            }
        }
        self.go()?;
        Ok(self.record)
    }

    /// What was wrong so far.
    pub(super) fn faults(&self) -> &[String] {
        &self.record.faults
    }

    /// What is known so far, in a line.
    pub(super) fn figures(&self) -> String {
        let Some(look) = self.record.looks.last() else { return String::new() };
        format!(
            "{} deeds, {} windows, {} instances; {:.1} MB asked for, {:.1} MB resident and {:.1} free, {} files, {} threads; lost \
             {:.3} s, altered {}, faults {}",
            self.deeds,
            self.screen.openings(),
            self.comings,
            look.allocated as f64 / 1e6,
            look.resident as f64 / 1e6,
            look.free as f64 / 1e6,
            look.files,
            look.threads,
            self.record.lost_s,
            self.record.altered,
            self.record.faults.len()
        )
    }

    fn deed(&mut self) -> Result<(), DemoError> {
        let one = self.any();
        match self.random.below(12) {
            0..=2 => self.seats[one].play(&mut self.random, false),
            3..=4 => self.seats[one].play(&mut self.random, true),
            5 => self.seats[one].stand(),
            6 => self.check(one)?,
            7 if self.screen.whose().is_some() => self.screen.close(&mut self.seats)?,
            7..=8 => self.open_window(one)?,
            9 => self.mark(one)?,
            10 => {
                self.all_stand();
                let fault = self.seats[one].correct(&mut self.random)?;
                fault.into_iter().for_each(|fault| self.fault(&fault));
                self.all_play();
            }
            _ => {
                let goes_on = self.random.below(2) == 0;
                if goes_on {
                    self.all_stand();
                }
                self.renew(one, goes_on, Order::Stand)?;
                // Before anything was played nobody knows where the playhead is, and no mark can be set.
                self.all_play();
            }
        }
        Ok(())
    }

    fn all_play(&mut self) {
        for seat in &mut self.seats {
            seat.play(&mut self.random, false);
        }
    }

    /// Whoever waits for a track's words has all stand, as a host's one transport does: on a machine too busy for what
    /// the others go on to play the words might never come.
    fn all_stand(&mut self) {
        self.seats.iter_mut().for_each(Seat::stand);
    }

    /// Saves and looks at the notebook while the track plays.
    fn check(&mut self, one: usize) -> Result<(), DemoError> {
        let notebook = self.seats[one].notebook()?;
        for fault in self.seats[one].faults(&notebook) {
            self.fault(&fault);
        }
        Ok(())
    }

    fn renew(&mut self, one: usize, goes_on: bool, first: Order) -> Result<(), DemoError> {
        if self.screen.whose() == Some(one) {
            self.screen.close(&mut self.seats)?;
        }
        let (seat, altered) = self.seats.remove(one).renew(&mut self.random, goes_on, first)?;
        self.seats.insert(one, seat);
        self.record.altered += altered;
        self.comings += 1;
        Ok(())
    }

    fn open_window(&mut self, one: usize) -> Result<(), DemoError> {
        let fault = self.screen.open(one, &mut self.seats)?;
        fault.into_iter().for_each(|fault| self.fault(fault));
        Ok(())
    }

    fn mark(&mut self, one: usize) -> Result<(), DemoError> {
        if self.screen.whose().is_none() {
            self.open_window(one)?;
        }
        let faults = self.screen.mark(&mut self.random, &mut self.seats)?;
        faults.into_iter().for_each(|fault| self.fault(fault));
        Ok(())
    }

    /// Waits until every track stands and all is heard, and notes what is lost or wrong then.
    fn rest(&mut self) -> Result<(), DemoError> {
        while !self.seats.iter().all(Seat::stands) {
            self.pump(TURN);
        }
        for index in 0..self.seats.len() {
            let (_, notebook) = self.seats[index].settled()?;
            self.record.lost_s += book::missed_s(&notebook);
            for fault in self.seats[index].faults(&notebook) {
                self.fault(&fault);
            }
        }
        Ok(())
    }

    fn look(&mut self) {
        // A window's thread may outlive its window for a moment.
        if let Some(before) = self.record.looks.last() {
            let (threads_before, files_before) = (before.threads, before.files);
            let ends = Instant::now() + PATIENCE;
            while (threads() > threads_before || open_files() > files_before) && Instant::now() < ends {
                self.pump(TURN);
            }
        }
        self.record.looks.push(Look {
            at_s: self.begun.elapsed().as_secs_f64(),
            free: trim(),
            resident: resident_bytes(),
            allocated: allocated_bytes(),
            files: open_files(),
            threads: threads(),
            openings: self.screen.openings(),
        });
    }

    fn come(&mut self, first: Order) -> Result<(), DemoError> {
        for clip in &self.clips {
            self.seats.push(Seat::open(&self.path, clip, &mut self.random, None, first)?);
            self.comings += 1;
        }
        Ok(())
    }

    /// Takes all away and notes what is left of them, once it is known what is there without them.
    fn go(&mut self) -> Result<(), DemoError> {
        self.screen.close(&mut self.seats)?;
        for seat in self.seats.drain(..) {
            self.record.altered += seat.close()?;
        }
        let (threads_before, files_before) = self.empty;
        if threads_before > 0 {
            threads_ended(threads_before);
            let left = threads().saturating_sub(threads_before) + open_files().saturating_sub(files_before);
            self.record.left += left;
        }
        Ok(())
    }

    fn pump(&mut self, duration: Duration) {
        let end = Instant::now() + duration;
        while Instant::now() < end {
            self.seats.iter_mut().for_each(|seat| seat.plugin.pump(TURN));
        }
    }

    fn any(&mut self) -> usize {
        self.random.below(self.seats.len() as u32) as usize
    }

    fn fault(&mut self, fault: &str) {
        let minutes = self.begun.elapsed().as_secs_f64() / 60.0;
        self.record.faults.push(format!("After {minutes:.1} min: {fault}"));
    }
}
