//! What goes where, decided before anything is heard: a mistake shows at once and not after an hour.

use crate::args::{FormatArg, Listening, Transcribe};
use earmark_archive::export::{Format, Options};
use earmark_models::{Card, Kind};
use earmark_timeline::settings::Settings;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// All that a command line asks for.
#[derive(Debug, PartialEq)]
pub(crate) struct Plan {
    /// How everything is written.
    pub(crate) format: Format,
    /// What is written, and how.
    pub(crate) options: Options,
    /// The model and the language.
    pub(crate) settings: Settings,
    /// The folder that the transcripts go to, if they go to one; it may have to be made.
    pub(crate) folder: Option<PathBuf>,
    /// The files, in the order they were named.
    pub(crate) items: Vec<Item>,
}

/// One file and where its transcript goes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// The audio file.
    pub(crate) input: PathBuf,
    /// Where its transcript goes.
    pub(crate) target: Target,
}

/// Where a transcript goes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Standard output.
    Stdout,
    /// A file.
    File(PathBuf),
}

/// Why a command line cannot be carried out; the caller ends with exit status 2.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UsageError {
    #[error("several files cannot go into the one file {}; name a folder after --output", .0.display())]
    OneFile(PathBuf),
    #[error("several files do not make one file of this format; name a folder after --output")]
    NotOneFile,
    #[error("there is no letter in what is to be found; name a word or a class of sound")]
    NoWords,
    #[error("{0} is not text for a terminal; name a file after --output")]
    Binary(&'static str),
    #[error("two of the files would both be written to {}; transcribe them one by one", .0.display())]
    SameTarget(PathBuf),
    #[error("there is no model called \"{name}\"; known are {known}")]
    UnknownModel { name: String, known: String },
    #[error(
        "{0} writes English alone and cannot translate; choose a multilingual model such as whisper-base"
    )]
    NoTranslation(String),
    #[error("the glossary {} could not be read ({reason}); check the file's name", path.display())]
    Glossary { path: PathBuf, reason: String },
    #[error("{name} does not transcribe; choose one of {choice}")]
    WrongModel { name: String, choice: String },
    #[error(
        "{model} was not made for the language \"{code}\" but for {known}; choose another model or language"
    )]
    Language { model: String, code: String, known: String },
}

/// Decides where each transcript goes and which of the models of `cards` is asked; `is_folder` looks at the disk.
///
/// # Errors
/// [`UsageError`] if the parts of the command line do not fit each other.
pub(crate) fn plan(
    args: &Transcribe,
    cards: &[Card],
    is_folder: impl Fn(&Path) -> bool,
) -> Result<Plan, UsageError> {
    let output = args.output.as_path();
    let stdout = is_stdout(output);
    let folder =
        !stdout && (is_folder(output) || output.as_os_str().to_string_lossy().ends_with(['/', '\\']));
    let format = format_for(args.format, if folder { Path::new("") } else { output });
    let several = args.files.len() > 1;
    if stdout && !format.is_text() {
        return Err(UsageError::Binary(format.name()));
    }
    if several && stdout && !matches!(format, Format::Txt | Format::Json) {
        return Err(UsageError::NotOneFile);
    }
    if several && !stdout && !folder {
        return Err(UsageError::OneFile(output.to_owned()));
    }
    let target = |input: &Path| match (stdout, folder) {
        (true, _) => Target::Stdout,
        (_, true) => {
            let name =
                Path::new(input.file_name().unwrap_or(input.as_os_str())).with_extension(format.extension());
            Target::File(output.join(name))
        }
        _ => Target::File(output.to_owned()),
    };
    let items: Vec<Item> =
        args.files.iter().map(|input| Item { input: input.clone(), target: target(input) }).collect();
    let mut taken = HashSet::new();
    for item in &items {
        if let Target::File(path) = &item.target
            && !taken.insert(path)
        {
            return Err(UsageError::SameTarget(path.clone()));
        }
    }
    let folder = folder.then(|| output.to_owned());
    Ok(Plan {
        format,
        options: args.shown.options(format),
        settings: settings(&args.listening, cards)?,
        folder,
        items,
    })
}

/// Whether what is named after `--output` is standard output.
pub(crate) fn is_stdout(output: &Path) -> bool {
    output == Path::new("-")
}

/// The format that was chosen, or the one that the name of the output asks for, or plain text.
pub(crate) fn format_for(chosen: Option<FormatArg>, output: &Path) -> Format {
    let extension = output.extension().and_then(|extension| extension.to_str());
    chosen.map(|format| format.0).or(extension.and_then(Format::from_extension)).unwrap_or(Format::Txt)
}

/// How is listened, with one of the models of `cards`.
///
/// # Errors
/// [`UsageError`] if no such model transcribes that language, or the glossary cannot be read.
pub(crate) fn settings(args: &Listening, cards: &[Card]) -> Result<Settings, UsageError> {
    let names = |cards: &mut dyn Iterator<Item = &Card>| {
        cards.map(|card| card.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let transcribers = || cards.iter().filter(|card| card.kind == Kind::Transcriber);
    let Some(card) = cards.iter().find(|card| card.name == args.model) else {
        let (name, known) = (args.model.clone(), names(&mut transcribers()));
        return Err(UsageError::UnknownModel { name, known });
    };
    if card.kind != Kind::Transcriber {
        return Err(UsageError::WrongModel { name: card.name.clone(), choice: names(&mut transcribers()) });
    }
    let language = args.language.as_ref().map(|code| code.to_ascii_lowercase());
    if let Some(code) = language.as_ref().filter(|code| !card.languages.contains(code)) {
        let (model, code, known) = (card.name.clone(), code.clone(), card.languages.join(", "));
        return Err(UsageError::Language { model, code, known });
    }
    if args.translate && !card.languages.iter().any(|code| code != "en") {
        return Err(UsageError::NoTranslation(card.name.clone()));
    }
    let glossary = args.glossary.as_deref().map(glossary).transpose()?.unwrap_or_default();
    let (translate, verbatim) = (args.translate, args.verbatim);
    let rules = args.marks.clone().unwrap_or_default();
    Ok(Settings { model: card.name.clone(), language, translate, verbatim, glossary, speaker: None, rules })
}

/// The terms of a glossary: the lines of a file, if there is one of that name, or what stands between commas.
fn glossary(named: &str) -> Result<Vec<String>, UsageError> {
    let path = Path::new(named);
    let is_name = path.is_file() || (path.extension().is_some() && !named.contains([',', ' ']));
    let text = if is_name {
        std::fs::read_to_string(path)
            .map_err(|error| UsageError::Glossary { path: path.to_owned(), reason: error.to_string() })?
    } else {
        named.replace(',', "\n")
    };
    Ok(text.lines().map(str::trim).filter(|term| !term.is_empty()).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Task};
    use clap::Parser as _;
    use earmark_models::registry;

    /// Plans a command line on a disk where only the folder `out` exists.
    fn planned(line: &str) -> Result<Plan, UsageError> {
        let cli = Cli::try_parse_from(format!("earmark transcribe {line}").split(' ')).expect("understood");
        let Task::Transcribe(args) = cli.task else { panic!("{line}") };
        plan(&args, registry(), |path| path == Path::new("out"))
    }

    fn check(line: &str, expected: Result<(Format, &[&str]), UsageError>) {
        let seen = planned(line).map(|plan| {
            let name = |item: &Item| match &item.target {
                Target::Stdout => "-".to_owned(),
                Target::File(path) => path.to_string_lossy().replace('\\', "/"),
            };
            (plan.format, plan.items.iter().map(name).collect::<Vec<_>>())
        });
        let expected =
            expected.map(|(format, names)| (format, names.iter().map(|name| (*name).to_owned()).collect()));
        assert_eq!(seen, expected, "{line}");
    }

    #[test]
    fn a_transcript_goes_to_standard_output_unless_told() {
        check("a.wav", Ok((Format::Txt, &["-"])));
        check("a.wav -f srt -o -", Ok((Format::Srt, &["-"])));
        check("a.wav b.wav -f json", Ok((Format::Json, &["-", "-"])));
    }

    #[test]
    fn the_name_of_the_output_decides_the_format_unless_told() {
        check("a.wav -o b.vtt", Ok((Format::Vtt, &["b.vtt"])));
        check("a.wav -o b.vtt -f srt", Ok((Format::Srt, &["b.vtt"])));
        check("a.wav -o b.doc", Ok((Format::Txt, &["b.doc"])));
    }

    #[test]
    fn a_folder_gets_one_file_for_each() {
        check("x/a.wav b.c.mp3 -o out -f srt", Ok((Format::Srt, &["out/a.srt", "out/b.c.srt"])));
        check("a.wav -o new/", Ok((Format::Txt, &["new/a.txt"])));
    }

    #[test]
    fn what_does_not_fit_is_refused_before_the_work() {
        check("a.wav b.wav -o c.txt", Err(UsageError::OneFile("c.txt".into())));
        check("a.wav b.wav -f srt", Err(UsageError::NotOneFile));
        check("a.wav -f midi", Err(UsageError::Binary("midi")));
        check("x/a.wav y/a.flac -o out", Err(UsageError::SameTarget("out/a.txt".into())));
    }

    #[test]
    fn only_a_model_that_transcribes_the_language_is_taken() {
        let refusal = |line: &str| planned(line).expect_err("refused").to_string();
        let settings = |line: &str| planned(line).expect("planned").settings;
        assert_eq!(settings("a.wav"), Settings::default());
        assert_eq!(settings("a.wav -m whisper-base -l DE").language.as_deref(), Some("de"));
        assert!(refusal("a.wav -m whisper").contains("whisper-tiny.en"));
        let classifier = registry().iter().find(|card| card.kind == Kind::Classifier).expect("a classifier");
        assert!(refusal(&format!("a.wav -m {}", classifier.name)).contains("whisper-base"));
        assert!(refusal("a.wav -l de").contains("\"de\" but for en"));
        assert!(refusal("a.wav --translate").contains("whisper-base"));
        assert!(settings("a.wav -m whisper-base --translate --verbatim").translate);
    }

    #[test]
    fn a_glossary_is_words_with_commas_or_the_lines_of_a_file() {
        let terms = |line: &str| planned(line).map(|plan| plan.settings.glossary);
        assert_eq!(terms("a.wav"), Ok(vec![]));
        assert_eq!(terms("a.wav -g Earmark,,Gauß,"), Ok(vec!["Earmark".to_owned(), "Gauß".to_owned()]));
        let missing = terms("a.wav --glossary no-such-list.txt").expect_err("there is none").to_string();
        assert!(missing.contains("no-such-list.txt") && missing.contains("check"), "{missing}");
        let lines = terms(concat!("a.wav -g ", env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).expect("a file");
        assert!(lines.contains(&"[package]".to_owned()), "{lines:?}");
    }
}
