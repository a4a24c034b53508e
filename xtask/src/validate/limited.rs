//! Programs that may take so long and no longer.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// How a program ended.
pub(super) enum Ended {
    /// By itself.
    Itself {
        /// Whether it says that all went well.
        succeeded: bool,
        /// All that it wrote.
        said: String,
    },
    /// By us, for it took too long.
    Late,
}

/// How often is looked whether it has ended.
const GLANCE: Duration = Duration::from_millis(100);

/// Runs a program whose output goes to the file `log`; after `limit` it is ended, with all that it started.
///
/// # Errors
/// When it cannot be started or the file cannot be used.
pub(super) fn run(command: &mut Command, log: &Path, limit: Duration) -> Result<Ended> {
    let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let second = file.try_clone()?;
    command.stdin(Stdio::null()).stdout(file).stderr(second);
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command.spawn().with_context(|| format!("cannot start {name}"))?;
    let begin = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            let said = String::from_utf8_lossy(&fs::read(log)?).into_owned();
            return Ok(Ended::Itself { succeeded: status.success(), said });
        }
        if begin.elapsed() >= limit {
            end(&mut child)?;
            return Ok(Ended::Late);
        }
        std::thread::sleep(GLANCE);
    }
}

/// Ends a program and all that it started, which would keep its display and its sound server.
fn end(child: &mut Child) -> Result<()> {
    let (mut family, mut others) = (Vec::new(), vec![child.id()]);
    // Who is stopped starts nobody else; who came before that is found the next time.
    while !others.is_empty() {
        signal("STOP", &others)?;
        family.append(&mut others);
        let is_new = |(process, parent): &(u32, u32)| family.contains(parent) && !family.contains(process);
        others = parents().into_iter().filter(is_new).map(|(process, _)| process).collect();
    }
    signal("KILL", &family)?;
    child.wait()?;
    Ok(())
}

/// Sends a signal to processes; those that have ended meanwhile do not matter.
fn signal(name: &str, processes: &[u32]) -> Result<()> {
    // Every shell has a `kill` of its own, not every system the program.
    let mut shell = Command::new("sh");
    shell.args(["-c", "kill -$0 $@", name]).args(processes.iter().map(u32::to_string));
    shell.stderr(Stdio::null()).status().context("cannot start sh")?;
    Ok(())
}

/// Every process and the one that started it; none where the system does not list them.
fn parents() -> Vec<(u32, u32)> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers.filter_map(|process| Some((process, parent(process)?))).collect()
}

fn parent(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in brackets, may hold anything; a letter for the state comes after it, and then the parent.
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::{BufRead as _, BufReader, Read as _};

    use super::*;

    #[test]
    fn with_a_program_ends_all_that_it_started() {
        let mut shell = Command::new("sh");
        shell.args(["-c", "(sleep 60; echo late) & echo early; wait"]).stdout(Stdio::piped());
        let mut shell = shell.spawn().expect("there is a shell");
        let mut said = BufReader::new(shell.stdout.take().expect("it was asked for"));
        let mut early = String::new();
        said.read_line(&mut early).expect("it says so once it has started the other");
        end(&mut shell).expect("there is a program to kill");
        // The pipe ends with the last of those who have it.
        let mut late = String::new();
        said.read_to_string(&mut late).expect("the pipe ends");
        assert_eq!((early.as_str(), late.as_str()), ("early\n", ""));
    }

    #[test]
    fn what_ends_by_itself_is_told_with_what_it_said() {
        let log = std::env::temp_dir().join(format!("earmark-unlimited-{}", std::process::id()));
        let mut shell = Command::new("sh");
        let ended = run(shell.args(["-c", "echo out; echo err >&2; exit 3"]), &log, Duration::from_secs(600));
        fs::remove_file(&log).expect("it is ours");
        let Ok(Ended::Itself { succeeded, said }) = ended else { panic!("it ends at once") };
        assert_eq!((succeeded, said.as_str()), (false, "out\nerr\n"));
    }
}
