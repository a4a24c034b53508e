//! One track with its instance of the plugin, and what a host does to it.

use super::book;
use super::track::{Order, Track};
use crate::audio::Clip;
use crate::demo::DemoError;
use crate::host::{Plugin, Setup};
use crate::noise::Random;
use crate::saved;
use earmark_archive::state;
use earmark_timeline::edit::Edit;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::utterance::Origin;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// An instance that plays.
pub(super) struct Seat {
    /// The main thread's half.
    pub(super) plugin: Plugin,
    path: PathBuf,
    clip: Arc<Clip>,
    track: Option<Track>,
    /// What a hand wrote, which no pass may touch.
    written: Vec<String>,
}

/// After how long in which nothing changed an instance is done that still waits for something: on a busy machine a
/// passage waits long for its words.
const PATIENCE: Duration = Duration::from_secs(180);

/// How long nothing may change for an instance to count as settled.
const STILL: Duration = Duration::from_millis(300);

/// The longest blocks that hosts ask for, in frames.
const LONGEST_BLOCKS: [u32; 5] = [64, 128, 512, 1_024, 8_192];

/// A person corrects few utterances, so that most of a pass is a machine's.
const MOST_WRITTEN: usize = 2;

impl Seat {
    /// A new instance on a track with `clip`, with `state` if it is to go on from one, whose transport does `first`.
    pub(super) fn open(
        path: &Path,
        clip: &Arc<Clip>,
        random: &mut Random,
        state: Option<&[u8]>,
        first: Order,
    ) -> Result<Self, DemoError> {
        let mut plugin = Plugin::load(path)?;
        if let Some(state) = state {
            plugin.restore(state)?;
        }
        let longest = LONGEST_BLOCKS[random.below(LONGEST_BLOCKS.len() as u32) as usize];
        let audio = plugin.activate(Setup::stereo(f64::from(clip.rate_hz), longest))?;
        let random = Random::from_seed(1 + random.below(u32::MAX - 1));
        let track = Some(Track::start(audio, Arc::clone(clip), random, first));
        Ok(Self { plugin, path: path.to_owned(), clip: Arc::clone(clip), track, written: Vec::new() })
    }

    /// Plays from a place by chance to the clip's end, or goes round after it.
    pub(super) fn play(&mut self, random: &mut Random, round: bool) {
        let rate = self.clip.rate_hz;
        let start = i64::from(random.below(self.clip.frames() as u32 - rate));
        let end = (start + i64::from(rate + random.below(8 * rate))).min(self.clip.frames() as i64);
        self.order(if round { Order::Round(start, end) } else { Order::From { frame: start, speed: 1.0 } });
    }

    /// Lets the transport stand.
    pub(super) fn stand(&mut self) {
        self.order(Order::Stand);
    }

    /// Whether the transport stands.
    pub(super) fn stands(&self) -> bool {
        self.track.as_ref().is_none_or(Track::stands)
    }

    fn order(&mut self, order: Order) {
        if let Some(track) = &mut self.track {
            track.order(order);
        }
    }

    /// The notebook as it would be saved now.
    pub(super) fn notebook(&mut self) -> Result<Notebook, DemoError> {
        Ok(saved::read(&self.plugin.save()?)?)
    }

    /// Waits, once the transport stands, until all that was played is heard; returns the state and its notebook, in
    /// which what is missed then was lost.
    pub(super) fn settled(&mut self) -> Result<(Vec<u8>, Notebook), DemoError> {
        let mut changed = Instant::now();
        let mut before = None;
        loop {
            let state = self.plugin.save()?;
            let notebook = saved::read(&state)?;
            let is_still = before.as_ref() == Some(&notebook);
            if !is_still {
                changed = Instant::now();
            }
            let is_done = self.stands() && notebook.missed().is_empty();
            if is_still && (is_done || changed.elapsed() > PATIENCE) {
                return Ok((state, notebook));
            }
            before = Some(notebook);
            self.plugin.pump(STILL);
        }
    }

    /// Corrects an utterance, as the project would hold it if somebody had, and has the instance load that. The
    /// transport has to stand. Returns what is wrong.
    pub(super) fn correct(&mut self, random: &mut Random) -> Result<Option<String>, DemoError> {
        let (state, mut notebook) = self.settled()?;
        let machine: Vec<_> = notebook.utterances().iter().filter(|said| said.origin.yields()).collect();
        if machine.is_empty() || self.written.len() >= MOST_WRITTEN {
            return Ok(None);
        }
        let utterance = machine[random.below(machine.len() as u32) as usize].id;
        let text = format!("What a hand wrote, number {}.", random.below(1_000_000));
        if notebook.edit(&Edit::Correct { utterance, text: text.clone() }).is_err() {
            return Ok(Some("An utterance that is there cannot be corrected.".to_owned()));
        }
        self.plugin.restore(&saved::with_notebook(&state, &state::encode(&notebook))?)?;
        self.written.push(text);
        let (_, loaded) = self.settled()?;
        let expected = state::decode(&state::encode(&notebook)).unwrap_or_default();
        Ok((loaded != expected).then(|| {
            let parts = book::differing(&loaded, &expected).join(", ");
            format!("What was loaded is not what is saved, by its {parts}.")
        }))
    }

    /// What is wrong with `notebook`, which is this instance's.
    pub(super) fn faults(&self, notebook: &Notebook) -> Vec<String> {
        let mut faults = book::faults(notebook);
        let stands = |text: &&String| {
            notebook.utterances().iter().any(|said| said.origin == Origin::Hand && said.text() == **text)
        };
        faults.extend(
            self.written.iter().filter(|text| !stands(text)).map(|text| format!("{text:?} is gone.")),
        );
        faults
    }

    /// Puts a new instance in its place, whose transport does `first`: as a project that is loaded again, or as a new
    /// one while the old one may be in the middle of something. Returns how many blocks of the old one's came out
    /// altered.
    pub(super) fn renew(
        mut self,
        random: &mut Random,
        goes_on: bool,
        first: Order,
    ) -> Result<(Self, u64), DemoError> {
        let (path, clip) = (self.path.clone(), Arc::clone(&self.clip));
        let (mut state, mut written) = (None, Vec::new());
        if goes_on {
            self.stand();
            state = Some(self.settled()?.0);
            written = std::mem::take(&mut self.written);
        }
        let altered = self.close()?;
        let new = Self::open(&path, &clip, random, state.as_deref(), first)?;
        Ok((Self { written, ..new }, altered))
    }

    /// Whether another instance that loads what this one saves would save the same, byte for byte. The transport has
    /// to stand.
    pub(super) fn loads_what_it_saves(&mut self) -> Result<bool, DemoError> {
        let (state, _) = self.settled()?;
        let mut other = Plugin::load(&self.path)?;
        other.restore(&state)?;
        other.pump(STILL);
        Ok(other.save()? == state)
    }

    /// Takes the instance away, whatever it is doing; returns how many blocks came out altered.
    pub(super) fn close(mut self) -> Result<u64, DemoError> {
        let Some((audio, altered)) = self.track.take().map(Track::stop).transpose()? else { return Ok(0) };
        self.plugin.deactivate(audio);
        Ok(altered)
    }
}
