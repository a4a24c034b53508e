//! What of a transcript is written, and how: the options that all commands which write one share.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use earmark_archive::export::{
    CaptionWidth, Format, FrameRate, Include, Options, Speech, StartTimecode, Tempo, TimeOrigin,
};
use earmark_archive::import::time;
use earmark_timeline::units::ProjectTime;
use std::path::PathBuf;

/// What is written, and how.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What is written")]
pub(crate) struct Shown {
    /// Leave out what comes before this time, such as 90, 1:30 or 0:01:30.5
    #[arg(long, value_name = "TIME", value_parser = parse_time, allow_hyphen_values = true)]
    from: Option<ProjectTime>,

    /// Leave out what comes at or after this time
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    to: Option<ProjectTime>,

    /// Which time the file calls zero: project (its start), first (the first thing written), or a time
    #[arg(long, value_name = "WHEN", default_value = "project", value_parser = parse_origin)]
    #[arg(allow_hyphen_values = true)]
    origin: TimeOrigin,

    /// Write these alone [default: what the format is usually for]
    #[arg(long, value_name = "PARTS", value_delimiter = ',')]
    #[arg(value_parser = ["utterances", "words", "classes", "marks"])]
    include: Vec<String>,

    /// Write what a machine or what a person made alone
    #[arg(long, value_name = "WHO", value_parser = ["machine", "hand"])]
    made_by: Option<String>,

    /// The longest line of captions, in characters
    #[arg(long, value_name = "CHARS", default_value = "42", value_parser = caption_width())]
    caption_width: CaptionWidth,

    /// The frame rate of the video (edl)
    #[arg(long, value_name = "RATE", default_value = FrameRate::default().name(), value_parser = frame_rate())]
    frame_rate: FrameRate,

    /// The timecode at which the video's timeline starts (edl)
    #[arg(long, value_name = "HH:MM:SS", default_value = "01:00:00", value_parser = parse_timecode)]
    start_timecode: StartTimecode,

    /// The tempo at which a MIDI file counts, in quarter notes a minute [default: the project's, or 120]
    #[arg(long, value_name = "BPM", value_parser = parse_tempo)]
    tempo: Option<Tempo>,

    /// The recording that is copied for wav [default: the one that is transcribed]
    #[arg(long, value_name = "WAV")]
    recording: Option<PathBuf>,
}

impl Shown {
    /// The options of an export in `format`.
    pub(crate) fn options(&self, format: Format) -> Options {
        let all = ProjectTime::from_ticks(i64::MIN)..ProjectTime::from_ticks(i64::MAX);
        let range = self.from.unwrap_or(all.start)..self.to.unwrap_or(all.end);
        Options {
            range: (range != all).then_some(range),
            origin: self.origin,
            include: Some(self.include(format)),
            captions: self.caption_width,
            frame_rate: self.frame_rate,
            start_timecode: self.start_timecode,
            tempo: self.tempo,
            recording: self.recording.clone(),
            ..Options::default()
        }
    }

    fn include(&self, format: Format) -> Include {
        let mut include = format.usual();
        if !self.include.is_empty() {
            let named = |name: &str| self.include.iter().any(|part| part == name);
            include.speech = match (named("words"), named("utterances")) {
                (true, _) => Speech::Words,
                (_, true) => Speech::Utterances,
                _ => Speech::Nothing,
            };
            (include.classes, include.marks) = (named("classes"), named("marks"));
            include.left_out = false;
        }
        match self.made_by.as_deref() {
            Some("machine") => include.hand = false,
            Some(_) => include.machine = false,
            None => {}
        }
        include
    }
}

fn parse_time(text: &str) -> Result<ProjectTime, String> {
    time(text).ok_or_else(|| "write it as seconds, minutes:seconds or hours:minutes:seconds".to_owned())
}

fn parse_origin(text: &str) -> Result<TimeOrigin, String> {
    match text {
        "project" => Ok(TimeOrigin::ProjectStart),
        "first" => Ok(TimeOrigin::First),
        _ => parse_time(text).map(TimeOrigin::At),
    }
}

fn parse_timecode(text: &str) -> Result<StartTimecode, String> {
    let seconds = time(text).map(|time| time.milliseconds()).filter(|ms| ms % 1_000 == 0);
    let seconds = seconds.and_then(|ms| u32::try_from(ms / 1_000).ok());
    seconds
        .and_then(StartTimecode::new)
        .ok_or_else(|| "write it as hours:minutes:seconds below 24 hours".to_owned())
}

fn parse_tempo(text: &str) -> Result<Tempo, String> {
    let tempo = text.parse().ok().and_then(Tempo::from_bpm);
    tempo.ok_or_else(|| "write a number from 4 to 1000".to_owned())
}

fn caption_width() -> impl clap::builder::TypedValueParser<Value = CaptionWidth> {
    PossibleValuesParser::new(["32", "42"])
        .map(|width| if width == "32" { CaptionWidth::Narrow } else { CaptionWidth::Wide })
}

fn frame_rate() -> impl clap::builder::TypedValueParser<Value = FrameRate> {
    PossibleValuesParser::new(FrameRate::ALL.map(FrameRate::name))
        .map(|name| FrameRate::from_name(&name).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Task};
    use clap::Parser as _;

    fn shown(line: &str) -> Result<Options, i32> {
        let line = format!("earmark export notes.json {line}");
        let cli = Cli::try_parse_from(line.split_whitespace()).map_err(|error| error.exit_code())?;
        let Task::Export(export) = cli.task else { panic!("{line}") };
        Ok(export.target.shown.options(Format::Csv))
    }

    fn check(line: &str, expected: Options) {
        let usual = |include: Option<Include>| include.or(Some(Format::Csv.usual()));
        assert_eq!(shown(line), Ok(Options { include: usual(expected.include), ..expected }), "{line}");
    }

    fn at(seconds: f64) -> ProjectTime {
        ProjectTime::from_seconds(seconds)
    }

    #[test]
    fn nothing_said_is_all_there_usually_is() {
        check("", Options::default());
    }

    #[test]
    fn a_range_and_its_origin_are_times() {
        let (range, origin) = (Some(at(60.0)..at(3_723.5)), TimeOrigin::At(at(60.0)));
        check("--from 1:00 --to 1:02:03.5 --origin 60", Options { range, origin, ..Options::default() });
        check("--origin first", Options { origin: TimeOrigin::First, ..Options::default() });
        let before = TimeOrigin::At(at(-2.0));
        check("--origin -2", Options { origin: before, ..Options::default() });
    }

    #[test]
    fn parts_and_makers_are_chosen() {
        let marks = Include { speech: Speech::Nothing, classes: false, ..Include::SPOKEN_AND_MARKED };
        check("--include marks", Options { include: Some(marks), ..Options::default() });
        let words = Include {
            speech: Speech::Words,
            classes: true,
            marks: false,
            machine: false,
            ..Include::SPOKEN_AND_MARKED
        };
        check(
            "--include words,classes --made-by hand",
            Options { include: Some(words), ..Options::default() },
        );
    }

    #[test]
    fn what_formats_need_is_understood() {
        check(
            "--caption-width 32 --frame-rate 29.97df --start-timecode 10:00:00 --tempo 97.5 --recording a.wav",
            Options {
                captions: CaptionWidth::Narrow,
                frame_rate: FrameRate::from_name("29.97df").expect("a rate"),
                start_timecode: StartTimecode::new(36_000).expect("a timecode"),
                tempo: Tempo::from_bpm(97.5),
                recording: Some("a.wav".into()),
                ..Options::default()
            },
        );
    }

    #[test]
    fn nonsense_is_not_understood() {
        for line in [
            "--from soon",
            "--origin last",
            "--include all",
            "--made-by me",
            "--caption-width 40",
            "--frame-rate 26",
            "--start-timecode 24:00:00",
            "--tempo 0",
        ] {
            assert_eq!(shown(line), Err(2), "{line}");
        }
    }
}
