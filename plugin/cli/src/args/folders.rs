//! The commands for whole folders.

use super::Listening;
use clap::Args;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

/// Listen to whole folders, and write down beside each recording what was heard in it.
///
/// Goes through folders and all folders in them, and listens to every WAV, AIFF, FLAC, MP3, OGG Vorbis and M4A file.
/// What was said and heard is written beside each as NAME.earmark.json, which every other command reads and
/// `earmark find` searches. A table goes to standard output; messages, progress and a summary go to standard error.
/// A file that fails does not stop the others.
#[derive(Debug, Args)]
#[command(after_help = TAG_EXAMPLES)]
pub(crate) struct Tag {
    /// Folders of recordings, or recordings
    #[arg(required = true, value_name = "FOLDER|FILE")]
    pub(crate) paths: Vec<PathBuf>,

    /// Print all that was heard, one json document after the other, instead of the table
    #[arg(long)]
    pub(crate) json: bool,

    /// Go on where an earlier run ended: recordings that are as they were then are not listened to again
    #[arg(long, conflicts_with = "force")]
    pub(crate) resume: bool,

    /// Replace what is written down already
    #[arg(long)]
    pub(crate) force: bool,

    /// How many recordings are listened to at once; together they take the cores that models may use
    #[arg(short, long, value_name = "COUNT", default_value = "2")]
    pub(crate) jobs: NonZeroUsize,

    /// What is written into recordings.
    #[command(flatten)]
    pub(crate) written: Written,

    /// How they are listened to.
    #[command(flatten)]
    pub(crate) listening: Listening,
}

const TAG_EXAMPLES: &str = "\
A recording counts as it was if its size and time of change are the same or, where those differ, its decoded audio is.
What people wrote or corrected in a NAME.earmark.json is replaced only by --force.

Examples:
  earmark tag takes/
  earmark tag --resume --write-tags samples/ loops/
  earmark tag --json takes/ | jq -r 'select(.utterances == []) | .source'";

/// Listen to what is newly put into a folder, as `earmark tag` does, until Ctrl-C.
///
/// A recording is listened to once it has stopped growing; one that is written anew is listened to again. What lies in
/// the folder already is left alone: `earmark tag` is for that. Each recording gets a line on standard output.
#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// The folder, with all folders in it
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,

    /// How many seconds lie between two looks; a recording that is the same twice has stopped growing
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = parse_interval)]
    pub(crate) interval: Duration,

    /// What is written into recordings.
    #[command(flatten)]
    pub(crate) written: Written,

    /// How they are listened to.
    #[command(flatten)]
    pub(crate) listening: Listening,
}

/// What is written into recordings.
#[derive(Debug, Args)]
pub(crate) struct Written {
    /// Write what was heard into the recordings' own tags too: comment, description (of a WAV, the broadcast one too)
    /// and grouping, where those are empty or Earmark's. Audio stays as it is, bit for bit
    #[arg(long)]
    pub(crate) write_tags: bool,
}

/// Find words, or kinds of sound, in what `earmark tag` wrote down.
///
/// Prints file, time and context, with tabs between. Several words are found where they follow each other; upper and
/// lower case and punctuation do not matter. Marks are searched as well, and the classes speech, singing, music, other
/// and silence by their names.
#[derive(Debug, Args)]
#[command(after_help = FIND_EXAMPLES)]
pub(crate) struct Find {
    /// The words or the class
    #[arg(value_name = "WORDS")]
    pub(crate) words: String,

    /// The folders to search, with all folders in them
    #[arg(required = true, value_name = "FOLDER")]
    pub(crate) folders: Vec<PathBuf>,

    /// Find words that are spelled a little differently too: one letter of four to seven, two of more
    #[arg(long)]
    pub(crate) fuzzy: bool,
}

const FIND_EXAMPLES: &str = "\
Examples:
  earmark find \"take two\" takes/
  earmark find --fuzzy Gibraltar interviews/
  earmark find singing takes/ | cut -f 1 | sort -u";

fn parse_interval(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| (0.01..=86_400.0).contains(seconds));
    seconds.map(Duration::from_secs_f64).ok_or_else(|| "write seconds, from 0.01 to 86400".to_owned())
}
