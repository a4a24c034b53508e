//! A recording played into the plugin, and what the host sees of the notebook meanwhile.

mod listen;
mod player;

pub use listen::{Heard, PlaybackError, until_settled};
pub(crate) use player::wait_until;
pub use player::{Player, start};

use crate::audio::Clip;
use crate::host::{Plugin, Setup};
use crate::saved;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::utterance::Word;
use std::path::Path;

/// Plays `clip` from the project's start into a new instance of the plugin at `plugin`, in blocks of
/// `block` frames and `speed` times as fast as it sounds, and returns the notebook once it has settled.
///
/// # Errors
///
/// [`PlaybackError`] when the plugin fails or saves something else than a notebook.
pub fn notebook_of(plugin: &Path, clip: Clip, block: u32, speed: f64) -> Result<Notebook, PlaybackError> {
    let mut plugin = Plugin::load(plugin)?;
    let setup = Setup {
        rate_hz: f64::from(clip.rate_hz),
        min_block: 1,
        max_block: block,
        channels: clip.channels.len() as u32,
    };
    let player = start(plugin.activate(setup)?, clip, speed);
    until_settled(&mut plugin, &player, &mut |_| {})?;
    plugin.deactivate(player.stop()?);
    Ok(saved::read(&plugin.save()?)?)
}

/// Everything that was said, as one line.
pub fn text(notebook: &Notebook) -> String {
    notebook.utterances().iter().map(|utterance| utterance.text()).collect::<Vec<_>>().join(" ")
}

/// Every word, in the order of time.
pub fn words(notebook: &Notebook) -> impl Iterator<Item = &Word> {
    notebook.utterances().iter().flat_map(|utterance| &utterance.words)
}
