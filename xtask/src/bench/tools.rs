//! What a measurement stands on: the program, a Python with the peers, their weights, the clips.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use earmark_models::{Artifact, Member, Role, card};

use super::{Measure, Options, corpus, invented, scripts};
use crate::fetch::Depot;
use crate::workspace::{self, cargo, run};
use crate::{fetch, fixtures};

/// Of a quick run, one clip in so many is heard.
const QUICK: usize = 5;

/// Everything that is prepared once a run.
pub(crate) struct Tools {
    python: PathBuf,
    program: PathBuf,
    /// The folder of everything that is kept between runs.
    bench: PathBuf,
    /// The folder of this kind of run, with the lists of clips and what was heard.
    here: PathBuf,
    has_corpus: bool,
}

impl Tools {
    /// Builds the program, makes the Python environment, and lists the clips.
    ///
    /// # Errors
    /// When one of them fails.
    pub(crate) fn prepare(options: &Options) -> Result<Self> {
        let target = workspace::target()?;
        let corpus = corpus(options.corpus.as_deref())?;
        if corpus.is_none() {
            fixtures::run()?;
        }
        let python = environment(&target)?;
        println!("building the program that is measured ({})", options.profile);
        let bin = ["build", "--quiet", "--package", "earmark-tests", "--bin", "bench-transcribe"];
        run(cargo().args(bin).args(["--profile", &options.profile]))?;
        let program = workspace::built(&options.profile, "bench-transcribe")?;
        let bench = target.join("bench");
        let here = bench.join(match options.every {
            _ if options.quick => "quick".to_owned(),
            0 | 1 => "full".to_owned(),
            every => format!("every-{every}"),
        });
        fs::create_dir_all(here.join("heard"))?;
        let tools = Self { python, program, bench, here, has_corpus: corpus.is_some() };
        let mut clips = tools.script("clips.py");
        clips.arg("--audio").arg(tools.bench.join("audio")).arg("--out").arg(&tools.here);
        match &corpus {
            Some(folder) => clips.arg("--corpus").arg(folder),
            None => clips.arg("--fixtures").arg(fixtures::folder()?),
        };
        clips.arg("--every").arg(if options.quick { QUICK } else { options.every.max(1) }.to_string());
        run(&mut clips)?;
        if options.wants(Measure::Invented) {
            let minutes = if options.quick { "1" } else { "10" };
            let mut sounds = tools.script("sounds.py");
            sounds.args(["--minutes", minutes]).arg("--audio").arg(tools.here.join("sounds"));
            sounds.arg("--out").arg(tools.clips(invented::SET));
            if let Some(folder) = &corpus {
                sounds.arg("--corpus").arg(folder);
            }
            run(&mut sounds)?;
        }
        Ok(tools)
    }

    /// Whether the clips are a corpus's, and not the fixtures.
    pub(crate) const fn has_corpus(&self) -> bool {
        self.has_corpus
    }

    /// A script of the Python half, to be given its arguments.
    pub(crate) fn script(&self, name: &str) -> Command {
        let mut python = Command::new(&self.python);
        python.arg(scripts().join(name));
        python
    }

    /// The measuring program, to be given its arguments.
    pub(crate) fn program(&self) -> Command {
        Command::new(&self.program)
    }

    /// The list of a set's clips.
    pub(crate) fn clips(&self, set: &str) -> PathBuf {
        self.here.join(format!("{set}.jsonl"))
    }

    /// Whether a set has clips.
    ///
    /// # Errors
    /// When its list cannot be read.
    pub(crate) fn has_clips(&self, set: &str) -> Result<bool> {
        let list = self.clips(set);
        Ok(fs::metadata(&list).with_context(|| format!("{} is missing", list.display()))?.len() > 0)
    }

    /// Where what an engine heard of a set is written.
    pub(crate) fn heard(&self, model: &str, set: &str, engine: &str) -> PathBuf {
        self.here.join("heard").join(format!("{model}-{set}-{engine}.jsonl"))
    }

    /// The folder with a model's CTranslate2 files, which its card's packages hold; made on first use.
    ///
    /// # Errors
    /// When a package cannot be fetched or is not what is pinned.
    pub(crate) fn peer_weights(&self, model: &str) -> Result<PathBuf> {
        let folder = self.bench.join("weights").join(model);
        let card = card(model)?;
        let Some(beside) = BESIDE.iter().find(|beside| beside.model == model) else {
            anyhow::bail!("{model} has no weights that faster-whisper reads; add --no-peers");
        };
        if folder.join("config.json").is_file() {
            return Ok(folder);
        }
        println!("fetching {model} as faster-whisper reads it");
        let depot = Depot::open(&folder, || println!("waiting for another run"))?;
        let mut weights = Vec::new();
        let mut rest = Vec::new();
        for artifact in &card.source.artifacts {
            let artifact = with_beside(artifact, beside);
            for (member, part) in artifact.members.iter().zip(depot.parts(&artifact)?) {
                let name = Path::new(&member.path).file_name().unwrap_or_default().to_string_lossy();
                if name.starts_with("model.bin") {
                    weights.extend_from_slice(&part.bytes);
                } else {
                    rest.push((name.into_owned(), part.bytes));
                }
            }
        }
        depot.put("model.bin", &weights)?;
        // The configuration comes last: it says that everything else is there.
        rest.sort_by_key(|(name, _)| name == "config.json");
        for (name, bytes) in &rest {
            depot.put(name, bytes)?;
        }
        depot.discard(&card.source.artifacts)?;
        Ok(folder)
    }
}

/// Files that lie beside a model's tokenizer in its package and that only the peer reads.
struct Beside {
    model: &'static str,
    files: [(&'static str, &'static str); 2],
}

const BESIDE: [Beside; 2] = [
    Beside {
        model: "whisper-tiny.en",
        files: [
            ("config.json", "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"),
            ("vocabulary.txt", "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"),
        ],
    },
    Beside {
        model: "whisper-base",
        files: [
            ("config.json", "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
            ("vocabulary.txt", "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
        ],
    },
];

/// The artifact with the peer's files among its members, if it is the one that holds the tokenizer.
fn with_beside(artifact: &Artifact, beside: &Beside) -> Artifact {
    let mut artifact = artifact.clone();
    let tokenizer = artifact.members.iter().find(|member| member.role == Role::Tokenizer);
    if let Some(folder) =
        tokenizer.and_then(|member| member.path.rsplit_once('/')).map(|(folder, _)| folder.to_owned())
    {
        artifact.members.extend(beside.files.iter().map(|(name, sha256)| Member {
            path: format!("{folder}/{name}"),
            sha256: (*sha256).to_owned(),
            role: Role::Weights,
        }));
    }
    artifact
}

/// The Python of an environment below the folder `target` that has what the scripts need; made on first use.
///
/// # Errors
/// When there is no Python, or a package cannot be fetched.
pub(crate) fn environment(target: &Path) -> Result<PathBuf> {
    let folder = &target.join("tools/bench-python");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let requirements = scripts().join("requirements.txt");
    let wanted = fs::read(&requirements).with_context(|| requirements.display().to_string())?;
    let stamp = folder.join("installed.txt");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    println!("installing the peers for Python into {} (about 300 MB)", folder.display());
    run(Command::new(fetch::python()?).args(["-m", "venv", "--clear"]).arg(folder))?;
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(&requirements))?;
    fs::write(stamp, wanted)?;
    Ok(python)
}

/// What a command prints, its messages going where ours go.
///
/// # Errors
/// When it fails.
pub(crate) fn output_of(command: &mut Command) -> Result<Vec<u8>> {
    let output = command.stderr(Stdio::inherit()).output()?;
    ensure!(output.status.success(), "{} failed", command.get_program().to_string_lossy());
    Ok(output.stdout)
}
