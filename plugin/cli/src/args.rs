//! The command line, which is also the manual: what stands here is what `--help` shows.

mod folders;
mod listening;

pub(crate) use folders::{Find, Tag, Watch};
pub(crate) use listening::Listening;

use crate::shown::Shown;
use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use earmark_archive::export::Format;
use std::path::PathBuf;

/// Writes down what is said in audio recordings, on this machine alone.
///
/// Earmark listens to audio files, or as a plugin to the tracks of a DAW, and leaves marks: what was said,
/// what was heard, and where. It has no network code: no audio and no text leaves this machine.
#[derive(Debug, Parser)]
#[command(name = "earmark", version, max_term_width = 100, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) task: Task,
}

const AFTER_HELP: &str = "\
Exit status:
  0  everything was done
  1  something failed; standard error names each file and says what to do
  2  the command line was not understood

Environment:
  EARMARK_MODELS  a folder to look for models in before all others";

/// What the program can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Task {
    // Documented at their types: clap would show a text from here instead of the whole manual there.
    Transcribe(Transcribe),
    Tag(Tag),
    Watch(Watch),
    Find(Find),
    Export(Export),
    Merge(Merge),
    Models(Models),
    /// Write the completions of a shell to standard output
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the manual's page, or that of one command, to standard output
    Man {
        /// The command
        command: Option<String>,
        /// Write all pages into this folder instead
        #[arg(long, conflicts_with = "command")]
        folder: Option<PathBuf>,
    },
}

/// Write down what is said in audio files.
///
/// Reads WAV, AIFF, FLAC, MP3, OGG Vorbis and M4A (AAC, ALAC) at any sample rate with any number of channels,
/// which are mixed down. The transcript goes to standard output unless --output says otherwise; messages and
/// the progress bar, which shows on a terminal only, go to standard error. A file that fails does not stop the others.
///
/// Silence, noise and music give no words; the json format says what was left out, and why.
#[derive(Debug, Args)]
#[command(after_help = TRANSCRIBE_EXAMPLES)]
pub(crate) struct Transcribe {
    /// The audio files
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// How to write it down [default: what the name after --output ends in, otherwise txt]
    #[arg(short, long, value_name = "FORMAT")]
    pub(crate) format: Option<FormatArg>,

    /// How it is listened to.
    #[command(flatten)]
    pub(crate) listening: Listening,

    /// Where to write: a file, a folder (one file for each FILE, named after it), or - for standard output
    #[arg(short, long, value_name = "PATH", default_value = "-")]
    pub(crate) output: PathBuf,

    /// Replace files that are there already
    #[arg(long)]
    pub(crate) force: bool,

    /// What is written, and how.
    #[command(flatten)]
    pub(crate) shown: Shown,
}

const TRANSCRIBE_EXAMPLES: &str = "\
Several files on standard output follow each other: as txt each below a line with its name, as json one document \
after the other. Every other format of several files needs a folder.

Examples:
  earmark transcribe interview.wav
  earmark transcribe interview.flac --output interview.srt
  earmark transcribe --format vtt --output captions/ episode-*.mp3
  earmark transcribe --model whisper-base --language de gespraech.m4a
  earmark transcribe --model whisper-base --translate entrevista.wav
  earmark transcribe --verbatim --glossary \"Earmark, Ménière\" interview.wav
  earmark transcribe --format json talk.wav | jq -r '.utterances[] | \"\\(.start) \\(.text)\"'";

/// Write a transcript in another format.
///
/// Reads Earmark's json, SubRip (srt), WebVTT (vtt), Audacity's labels (txt) and REAPER's markers (csv), told apart
/// by how the file's name ends, and writes any format of `earmark transcribe`.
#[derive(Debug, Args)]
#[command(after_help = EXPORT_EXAMPLES)]
pub(crate) struct Export {
    /// The transcript
    #[arg(value_name = "NOTES")]
    pub(crate) notes: PathBuf,

    /// Where and how to write.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

const EXPORT_EXAMPLES: &str = "\
Examples:
  earmark export interview.json --format reaper --output markers.csv
  earmark export interview.json -o captions.srt --caption-width 32 --from 1:00 --to 12:30 --origin 1:00
  earmark export interview.json -o marked.wav --recording interview.wav
  earmark export interview.json --format edl --frame-rate 25 --made-by hand -o markers.edl";

/// Make one transcript of several, one a microphone.
///
/// Each file is what one track of a project heard. The transcript has all utterances in time order with the names of
/// their speakers; words that two microphones heard at once appear once, where they were heard best.
#[derive(Debug, Args)]
#[command(after_help = MERGE_EXAMPLES)]
pub(crate) struct Merge {
    /// The transcripts, each as FILE or NAME=FILE with the name of its speaker [default: the one that it names, or the recording's name]
    #[arg(required = true, value_name = "[NAME=]FILE")]
    pub(crate) notes: Vec<String>,

    /// Where and how to write.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

const MERGE_EXAMPLES: &str = "\
Examples:
  earmark merge Anna=mic1.json Bob=mic2.json --output episode.vtt
  earmark merge mic*.json --format json --output episode.json";

/// Where and how one transcript is written.
#[derive(Debug, Args)]
pub(crate) struct TargetArgs {
    /// How to write it down [default: what the name after --output ends in, otherwise txt]
    #[arg(short, long, value_name = "FORMAT")]
    pub(crate) format: Option<FormatArg>,

    /// Where to write: a file, or - for standard output
    #[arg(short, long, value_name = "PATH", default_value = "-")]
    pub(crate) output: PathBuf,

    /// Replace a file that is there already
    #[arg(long)]
    pub(crate) force: bool,

    /// What is written, and how.
    #[command(flatten)]
    pub(crate) shown: Shown,
}

/// List the models, show what is known about one, check their files, or bring your own.
///
/// The list says of each model whether its file is there. Missing files are fetched by `cargo xtask models` in
/// Earmark's source folder, never by this program.
///
/// A model is looked for in the folder that EARMARK_MODELS names, then in the user's, then in the system's, and
/// last beside the program or plugin; which model it is, the session or --model says before all of these.
#[derive(Debug, Args)]
pub(crate) struct Models {
    /// What to do instead of listing.
    #[command(subcommand)]
    pub(crate) task: Option<ModelsTask>,
}

/// What there is to know of models.
#[derive(Debug, Subcommand)]
pub(crate) enum ModelsTask {
    /// List all models (the default)
    List,
    /// Show a model's card: licence, training data, what it is for and what it is bad at; and check its file
    Show {
        /// The model's name, as the list has it
        name: String,
    },
    /// Read the files of all models and compare them with what their cards say
    Verify,
    /// Take a ggml Whisper file of your own into the models' folder, with a card of what is known of it
    Add {
        /// The file, as made for whisper.cpp; it is copied
        file: PathBuf,
    },
    /// Delete a model that was added
    Remove {
        /// The model's name, as the list has it
        name: String,
    },
}

/// An export format as a value on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FormatArg(pub(crate) Format);

impl ValueEnum for FormatArg {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: [FormatArg; Format::ALL.len()] = {
            let mut all = [FormatArg(Format::Txt); Format::ALL.len()];
            let mut index = 0;
            while index < all.len() {
                all[index] = FormatArg(Format::ALL[index]);
                index += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name()).help(self.0.describe()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    fn check(line: &str, expected: Result<(), i32>) {
        let seen = Cli::try_parse_from(line.split(' ')).map(drop).map_err(|error| error.exit_code());
        assert_eq!(seen, expected, "{line}");
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn what_is_not_understood_exits_with_two() {
        check("earmark", Err(2));
        check("earmark transcribe", Err(2));
        check("earmark transcribe --format doc a.wav", Err(2));
        check("earmark transcribe --speed a.wav", Err(2));
        check("earmark models show", Err(2));
        check("earmark sing a.wav", Err(2));
        check("earmark merge", Err(2));
        check("earmark export a.json b.json", Err(2));
        check("earmark tag", Err(2));
        check("earmark tag takes --resume --force", Err(2));
        check("earmark watch takes --interval 0", Err(2));
        check("earmark find word", Err(2));
        check("earmark completions cmd", Err(2));
        check("earmark man tag --folder man1", Err(2));
    }

    #[test]
    fn what_the_manual_shows_is_understood() {
        check("earmark --help", Err(0));
        check("earmark --version", Err(0));
        check("earmark transcribe --help", Err(0));
        check("earmark transcribe a.wav", Ok(()));
        check("earmark transcribe a.wav b.flac -f json -m whisper-base -l de -o out --force", Ok(()));
        check("earmark transcribe a.wav --translate --verbatim --glossary names.txt", Ok(()));
        check("earmark models", Ok(()));
        check("earmark export a.json -f reaper -o a.csv --force", Ok(()));
        check("earmark merge Anna=a.json b.json -o out.vtt --caption-width 32", Ok(()));
        check("earmark models list", Ok(()));
        check("earmark tag takes a.wav --jobs 2 --resume --write-tags -m whisper-base", Ok(()));
        check("earmark watch takes --interval 0.5 --write-tags", Ok(()));
        check("earmark find music takes --fuzzy", Ok(()));
        check("earmark completions zsh", Ok(()));
        check("earmark man tag", Ok(()));
        check("earmark man --folder man1", Ok(()));
        check("earmark models show whisper-tiny.en", Ok(()));
        check("earmark models verify", Ok(()));
        check("earmark models add ggml-small.bin", Ok(()));
        check("earmark models remove own-ggml-small", Ok(()));
    }

    #[test]
    fn every_format_can_be_chosen_and_is_explained() {
        let help = Cli::command().find_subcommand_mut("transcribe").expect("a command").render_long_help();
        assert!(help.to_string().contains("Silence, noise and music give no words"), "{help}");
        for format in Format::ALL {
            check(&format!("earmark transcribe -f {} a.wav", format.name()), Ok(()));
            assert!(help.to_string().contains(format.name()), "{format:?} is not in the manual");
        }
    }
}
