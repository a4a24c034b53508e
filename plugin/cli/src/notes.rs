//! `earmark export` and `earmark merge`: transcripts that are there already, in another shape.

use crate::args::{Export, Merge, TargetArgs};
use crate::plan::{UsageError, format_for, is_stdout};
use crate::print_bytes;
use anyhow::{Result, anyhow, bail};
use earmark_archive::export::{self, Existing, Options, Speakers};
use earmark_archive::import::{self, Imported, Source};
use earmark_archive::merge::{self, Track};
use earmark_timeline::notebook::Notebook;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// Writes one transcript in another format.
///
/// # Errors
/// A sentence that names the file and the remedy; [`UsageError`] where the parts of the command line do not fit.
pub(crate) fn export(args: &Export) -> Result<()> {
    let imported = read(&args.notes)?;
    let Imported { notebook, speakers, source, made, sound } = imported;
    let options = Options { source, speakers, made, sound, ..Options::default() };
    write(&args.target, &[&args.notes], &notebook, options)
}

/// Writes several transcripts as one.
///
/// # Errors
/// As [`export`].
pub(crate) fn merge(args: &Merge) -> Result<()> {
    let named: Vec<(Option<&str>, &Path)> = args.notes.iter().map(|notes| named(notes)).collect();
    let mut tracks = Vec::new();
    for (name, path) in &named {
        let imported = read(path)?;
        let speaker = name.map(str::to_owned).unwrap_or_else(|| speaker(&imported, path));
        let Imported { notebook, mut speakers, .. } = imported;
        // One voice takes the name that is given; of several, each keeps its own.
        let voices: BTreeSet<_> = speakers.named.values().collect();
        if name.is_some() && voices.len() <= 1 {
            speakers = Speakers::default();
        }
        tracks.push(Track { speaker, notebook, speakers });
    }
    let merged = merge::merge(tracks);
    let inputs: Vec<&Path> = named.iter().map(|(_, path)| *path).collect();
    write(
        &args.target,
        &inputs,
        &merged.notebook,
        Options { speakers: merged.speakers, ..Options::default() },
    )
}

/// A file, and the speaker before it; a file whose own name has a `=` is found first.
fn named(notes: &str) -> (Option<&str>, &Path) {
    match notes.split_once('=') {
        Some((name, path)) if !name.is_empty() && !Path::new(notes).exists() => (Some(name), Path::new(path)),
        _ => (None, Path::new(notes)),
    }
}

/// The name of the recording, or of the file, without its ending.
fn speaker(imported: &Imported, path: &Path) -> String {
    let recording = imported.source.as_deref().map(Path::new).and_then(Path::file_stem);
    let name = recording.or(path.file_stem()).unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// Reads a transcript of any format that can be read.
///
/// # Errors
/// A sentence that names the file and the remedy.
pub(crate) fn read(path: &Path) -> Result<Imported> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let Some(source) = Source::from_extension(extension) else {
        bail!("{} is not a transcript; name a json, srt, vtt, txt or csv file", path.display());
    };
    let mut contents = Vec::new();
    // One byte more than is read shows that there is more.
    let most = import::LONGEST_FILE_BYTES as u64 + 1;
    File::open(path).and_then(|file| file.take(most).read_to_end(&mut contents)).map_err(|error| {
        anyhow!("{} cannot be read ({error}); check its name and permissions", path.display())
    })?;
    import::read(source, &contents).map_err(|error| anyhow!("{}: {error}", path.display()))
}

fn write(target: &TargetArgs, inputs: &[&Path], notebook: &Notebook, known: Options) -> Result<()> {
    let output = target.output.as_path();
    let format = format_for(target.format, output);
    let shown = target.shown.options(format);
    let Options { source, speakers, made, sound, .. } = known;
    let options = Options { source, speakers, made, sound, ..shown };
    if is_stdout(output) {
        if !format.is_text() {
            return Err(UsageError::Binary(format.name()).into());
        }
        return print_bytes(&export::write(notebook, format, &options)?);
    }
    let same = |input: &&Path| input.canonicalize().ok().zip(output.canonicalize().ok());
    if inputs.iter().filter_map(same).any(|(input, output)| input == output) {
        bail!("{} is what is read and is not replaced; choose another name", output.display());
    }
    if let Some(folder) = output.parent() {
        export::sweep(folder);
    }
    let existing = if target.force { Existing::Replace } else { Existing::Keep };
    Ok(export::export(notebook, format, &options, output, existing)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Task};
    use clap::Parser as _;
    use std::fs;

    const SRT: &str = "1\n00:00:01,000 --> 00:00:02,500\nHello there.\n\n";

    fn run(folder: &Path, line: &str) -> Result<String> {
        let words = line.split(' ').map(|word| word.replace('@', &format!("{}/", folder.display())));
        let cli = Cli::try_parse_from(["earmark".to_owned()].into_iter().chain(words))?;
        let output = match &cli.task {
            Task::Export(args) => {
                export(args)?;
                args.target.output.clone()
            }
            Task::Merge(args) => {
                merge(args)?;
                args.target.output.clone()
            }
            other => panic!("{other:?}"),
        };
        Ok(fs::read_to_string(output)?)
    }

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("anna.srt"), SRT).expect("written");
        fs::write(folder.path().join("bob.srt"), SRT.replace("01,0", "03,0").replace("02,5", "04,0"))
            .expect("written");
        folder
    }

    #[test]
    fn a_transcript_is_written_in_another_format_and_shape() {
        let folder = folder();
        let check = |line: &str, expected: &str| {
            assert_eq!(run(folder.path(), line).expect(line), expected, "{line}");
        };
        check("export @anna.srt -o @a.txt", "Hello there.\n");
        check("export @anna.srt -f audacity -o @b.txt", "1.000000\t2.500000\tHello there.\n");
        check(
            "export @anna.srt -f audacity -o @b.txt --force --origin first",
            "0.000000\t1.500000\tHello there.\n",
        );
        check("export @anna.srt -o @c.srt", SRT);
        run(folder.path(), "export @anna.srt -o @d.json").expect("written");
        check("export @d.json -o @e.srt", SRT);
    }

    #[test]
    fn several_transcripts_become_one_with_the_speakers_names() {
        let folder = folder();
        let merged = run(folder.path(), "merge @bob.srt Anna=@anna.srt -o @out.txt").expect("merged");
        assert_eq!(merged, "Anna: Hello there.\nbob: Hello there.\n");
        let again = |line: &str| run(folder.path(), line).expect(line);
        // A track's own speaker is one without a name before the file, and two are not renamed as one.
        again("merge Anna=@anna.srt -o @anna.json");
        assert_eq!(again("merge @anna.json -o @own.txt"), "Anna: Hello there.\n");
        assert_eq!(again("merge Ann=@anna.json -o @given.txt"), "Ann: Hello there.\n");
        again("merge @bob.srt Anna=@anna.srt -o @both.json");
        assert_eq!(again("merge Cleo=@both.json -o @both.txt"), merged);
    }

    #[test]
    fn what_cannot_be_done_is_said_and_nothing_is_replaced() {
        let folder = folder();
        fs::write(folder.path().join("broken.srt"), "1\nnow --> then\nx\n").expect("written");
        let check = |line: &str, expected: &str| {
            let error = run(folder.path(), line).expect_err(line).to_string();
            assert!(error.contains(expected), "{line}: {error}");
        };
        check("export @no.json -o @x.txt", "no.json cannot be read");
        check("export @a.doc -o @x.txt", "is not a transcript");
        check("export @broken.srt -o @x.txt", "broken.srt: line 2:");
        check("export @anna.srt -f midi", "name a file after --output");
        check("export @anna.srt -o @bob.srt", "is there already");
        check("export @anna.srt -o @anna.srt --force", "is what is read");
        check("export @anna.srt -o @x.wav", "name the WAV file");
        assert_eq!(fs::read_to_string(folder.path().join("anna.srt")).expect("kept"), SRT);
    }
}
