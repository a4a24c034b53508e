//! `earmark tag`: whole folders through the engine, and what was heard beside each recording.

mod metadata;
mod summary;

use crate::args::Tag;
use crate::listen::{self, Ears};
use crate::parallel::in_order;
use crate::progress::Progress;
use crate::recording::{Stamp, audio_sha256};
use crate::walk::{self, Found};
use crate::{complain, notes, print, say, stop};
use anyhow::{Result, anyhow, bail};
use earmark_archive::export::{self, Cost, Existing, Format, Options, Recording};
use earmark_archive::import::Imported;
use earmark_engine::decode;
use earmark_models::Store;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::settings::Settings;
use earmark_timeline::utterance::Origin;
use std::collections::{BTreeSet, HashMap};
use std::io::{self, IsTerminal as _};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
pub(crate) use summary::Summary;
use summary::Table;

/// What becomes of what is written down already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Earlier {
    /// It is left, and said to be there.
    Refuse,
    /// It is taken for the recording as long as that has the same audio, and replaced otherwise.
    Resume,
    /// It is replaced.
    Replace,
}

/// Listens to recordings, and writes down beside and into each what was heard.
pub(crate) struct Tagger {
    ears: Ears,
    store: Store,
    settings: Settings,
    earlier: Earlier,
    write_tags: bool,
}

/// A recording and what was heard in it.
pub(crate) struct Tagged {
    notebook: Arc<Notebook>,
    options: Options,
    /// Whether it was heard now, and not in an earlier run.
    is_new: bool,
}

/// Goes through all folders. What fails on one file is said, names it, and does not stop the rest; the answer is
/// whether nothing failed.
///
/// # Errors
/// What stops everything: no model, or nobody who reads standard output.
pub(crate) fn run(args: &Tag, tagger: &Tagger) -> Result<bool> {
    let Found { files, refused } = walk::recordings(&args.paths);
    refused.iter().for_each(complain);
    if tagger.earlier != Earlier::Resume || files.iter().any(|file| !walk::sidecar(file).exists()) {
        tagger.check_model()?;
    }
    stop::on_interrupt()?;
    let table = Table::new(&files);
    if !args.json {
        print(&table.head())?;
    }
    let mut tally = Tally { failed: refused.len(), ..Tally::default() };
    let overall = Overall::new(&files);
    let files = Vec::from_iter(files);
    let work =
        |file: &PathBuf| (!stop::requested()).then(|| overall.watch(file, |show| tagger.tag(file, show)));
    in_order(&files, args.jobs.get(), work, |file, outcome| {
        overall.progress.aside(|| match outcome {
            Some(Ok(tagged)) => {
                tally.count(&tagged);
                let told = if args.json { tagged.json(file) } else { Ok(table.row(file, &tagged.summary())) };
                // Without a reader all further work is in vain.
                told.and_then(|text| print(&text)).inspect_err(|_| stop::request())
            }
            Some(Err(error)) if !stop::requested() => {
                tally.failed += 1;
                complain(&error);
                Ok(())
            }
            _ => {
                tally.left += 1;
                Ok(())
            }
        })
    })?;
    drop(overall);
    say(&tally.sentence());
    Ok(tally.failed + tally.left == 0)
}

impl Tagger {
    /// Makes ready; loads no model.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub(crate) fn new(store: Store, settings: Settings, earlier: Earlier, write_tags: bool) -> Result<Self> {
        Ok(Self { ears: Ears::new(&store)?, store, settings, earlier, write_tags })
    }

    /// Looks whether the model that transcribes is there; says it if the one that tells what plays is not.
    ///
    /// # Errors
    /// If it is not.
    pub(crate) fn check_model(&self) -> Result<()> {
        self.store.find(&self.store.card(&self.settings.model)?)?;
        if let Err(reason) = self.ears.models().check() {
            complain(&anyhow!("it is not told what plays: {reason}"));
        }
        Ok(())
    }

    /// Listens to one recording, if need be, and writes down what was heard; shows how many seconds are worked off.
    ///
    /// # Errors
    /// A sentence that names the file and the remedy.
    pub(crate) fn tag(&self, file: &Path, show: impl FnMut(f64)) -> Result<Tagged> {
        // A fault of a library on one file must not end the others.
        panic::catch_unwind(AssertUnwindSafe(|| self.try_to_tag(file, show))).unwrap_or_else(|_| {
            Err(anyhow!("{}: it cannot be handled; export it again in another format", file.display()))
        })
    }

    fn try_to_tag(&self, file: &Path, show: impl FnMut(f64)) -> Result<Tagged> {
        let sidecar = walk::sidecar(file);
        let mut tagged = match self.heard_earlier(file, &sidecar)? {
            Some(tagged) => tagged,
            None => self.hear(file, &sidecar, show)?,
        };
        let summary = tagged.summary();
        if self.write_tags
            && let Some(known) = tagged.recording_mut()
            && metadata::write(file, &summary, &known.audio_sha256)?
        {
            *known = Stamp::of(file)?.with(std::mem::take(&mut known.audio_sha256));
            tagged.save(&sidecar)?;
        }
        Ok(tagged)
    }

    /// What an earlier run wrote down, if it may stand for the recording as it is now.
    fn heard_earlier(&self, file: &Path, sidecar: &Path) -> Result<Option<Tagged>> {
        if self.earlier == Earlier::Replace || sidecar.symlink_metadata().is_err() {
            return Ok(None);
        }
        let there = sidecar.display();
        if self.earlier == Earlier::Refuse {
            bail!("{there} is there already; add --resume to go on from it, or --force to replace it");
        }
        let mut tagged = Tagged::from(notes::read(sidecar)?);
        let stamp = Stamp::of(file)?;
        if let Some(known) = tagged.recording_mut() {
            if Stamp::known(known) == stamp {
                return Ok(Some(tagged));
            }
            if audio_sha256(decode::open(file)?)? == known.audio_sha256 {
                // Other tags or a copy: noted, so that the next run sees it without decoding.
                *known = stamp.with(std::mem::take(&mut known.audio_sha256));
                tagged.save(sidecar)?;
                return Ok(Some(tagged));
            }
        }
        if tagged.has_work_of_hands() {
            let file = file.display();
            bail!("{there} has what people wrote, but not of the audio in {file}; add --force to replace it");
        }
        Ok(None)
    }

    fn hear(&self, file: &Path, sidecar: &Path, mut show: impl FnMut(f64)) -> Result<Tagged> {
        let audio = decode::open(file)?;
        let heard = self.ears.listen(&self.settings, file, audio, |done, _| show(done))?;
        let source = file.file_name().map(|name| name.to_string_lossy().into_owned());
        let (made, sound) = (Some(heard.making(&self.store)), Some(heard.sound));
        let options = Options { source, made, sound, ..Options::default() };
        let notebook = Arc::clone(&heard.snapshot.notebook);
        let tagged = Tagged { notebook, options, is_new: true };
        tagged.save(sidecar)?;
        Ok(tagged)
    }
}

impl Tagged {
    /// What it comes to.
    pub(crate) fn summary(&self) -> Summary {
        Summary::new(&self.notebook, self.cost().map(|cost| cost.audio_ms), self.options.sound.clone())
    }

    /// Everything, as the sidecar has it, under the recording's whole name.
    fn json(&self, file: &Path) -> Result<String> {
        let options = Options { source: Some(file.display().to_string()), ..self.options.clone() };
        Ok(String::from_utf8(export::write(&self.notebook, Format::Json, &options)?)?)
    }

    fn save(&self, sidecar: &Path) -> Result<()> {
        Ok(export::export(&self.notebook, Format::Json, &self.options, sidecar, Existing::Replace)?)
    }

    fn cost(&self) -> Option<&Cost> {
        self.options.made.as_ref()?.cost.as_ref()
    }

    fn recording_mut(&mut self) -> Option<&mut Recording> {
        self.options.made.as_mut()?.recording.as_mut()
    }

    fn has_work_of_hands(&self) -> bool {
        let by_hand = self.notebook.utterances().iter().any(|said| said.origin != Origin::Machine);
        by_hand || self.notebook.marks().iter().any(|mark| mark.origin != Origin::Machine)
    }
}

impl From<Imported> for Tagged {
    fn from(imported: Imported) -> Self {
        let Imported { notebook, speakers, source, made, sound } = imported;
        let options = Options { source, speakers, made, sound, ..Options::default() };
        Self { notebook: Arc::new(notebook), options, is_new: false }
    }
}

/// The progress of all files together.
struct Overall {
    progress: Progress,
    /// Seconds and files.
    done: Mutex<(f64, usize)>,
    files: usize,
    /// In seconds, where they are known.
    lengths: HashMap<PathBuf, f64>,
}

impl Overall {
    fn new(files: &BTreeSet<PathBuf>) -> Self {
        // The lengths are there for the bar alone.
        let length = |file: &PathBuf| Some((file.clone(), decode::open(file).ok()?.duration()?.0));
        let is_seen = io::stderr().is_terminal();
        let lengths: HashMap<_, _> = files.iter().filter(|_| is_seen).filter_map(length).collect();
        let progress = Progress::new("tag", Some(lengths.values().sum()));
        Self { progress, done: Mutex::default(), files: files.len(), lengths }
    }

    /// Does the `work` on one file, which shows how many of its seconds are worked off.
    fn watch<T>(&self, file: &Path, work: impl FnOnce(&mut dyn FnMut(f64)) -> T) -> T {
        let mut before = 0.0;
        let result = work(&mut |seconds: f64| {
            self.add(seconds - before, 0);
            before = seconds;
        });
        self.add(self.lengths.get(file).map_or(0.0, |length| length - before), 1);
        result
    }

    fn add(&self, seconds: f64, files: usize) {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        *done = (done.0 + seconds, done.1 + files);
        self.progress.show(done.0, format!("{} of {} files", done.1, self.files));
    }
}

/// How everything ended.
#[derive(Default)]
struct Tally {
    new: usize,
    kept: usize,
    failed: usize,
    left: usize,
    cost: Cost,
}

impl Tally {
    fn count(&mut self, tagged: &Tagged) {
        if !tagged.is_new {
            self.kept += 1;
            return;
        }
        self.new += 1;
        if let Some(cost) = tagged.cost() {
            let sum = &mut self.cost;
            sum.measured = cost.measured && (sum.measured || sum.audio_ms == 0);
            sum.audio_ms += cost.audio_ms;
            sum.cpu_ms += cost.cpu_ms;
            sum.millijoules += cost.millijoules;
        }
    }

    fn sentence(&self) -> String {
        let mut parts = vec![format!("{} listened to", self.new)];
        let others = [(self.kept, "as they were"), (self.failed, "failed"), (self.left, "not reached")];
        parts.extend(others.iter().filter(|part| part.0 > 0).map(|(count, what)| format!("{count} {what}")));
        if self.new > 0 {
            parts.push(listen::cost(&self.cost));
        }
        parts.join(", ")
    }
}
