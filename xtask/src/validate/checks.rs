//! What is checked, and by which program.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};

use super::limited::{self, Ended};
use crate::bundle::{self, Bundle};
use crate::test::Tally;
use crate::workspace::{self, cargo};
use crate::{fixtures, setup};

/// One line of the table.
pub(super) struct Check {
    /// What the command line and the table call it.
    pub(super) name: &'static str,
    /// What is checked.
    pub(super) what: &'static str,
    means: Means,
    /// What is planted to see that the check can fail; the plugin's module `planted` says what each is.
    fault: &'static str,
}

/// How a check is made.
enum Means {
    /// By a test program of ours, and what it is told besides.
    Tests(&'static str, &'static [&'static str]),
    /// By `earmark-daw` in a host that takes this format.
    Host(Format),
}

enum Format {
    Clap,
    Vst3,
}

use Means::{Host, Tests};

/// The test that valgrind watches, which is a check of its own.
const WATCHED: &str = "instances_that_come_and_go_touch_only_their_own_memory_and_give_it_back";

/// Every check, in the order of the table, with the fault that shows that it can fail.
pub(super) const CHECKS: &[Check] = &[
    check(
        "host",
        "our CLAP and VST3 hosts: bit-exact audio, layouts, modes, parameters, states",
        Tests("host", &[]),
        "sample",
    ),
    check("anything", "our hosts: whatever is done in whatever order", Tests("anything", &[]), "deaf"),
    check("unsaved", "our hosts: they are told of unsaved changes", Tests("unsaved", &[]), "silent"),
    check("bounce", "our hosts: a bounce hears what a performance does", Tests("bounce", &[]), "hasty"),
    check("window", "our CLAP host: the window's life", Tests("window", &[]), "windowless"),
    check(
        "lifecycle",
        "many instances come and go; a host unloads, ends, forks",
        Tests("lifecycle", &["--skip", WATCHED]),
        "thread",
    ),
    check("memcheck", "valgrind over sessions that come and go", Tests("lifecycle", &[WATCHED]), "leak"),
    check(
        "realtime",
        "memory, system calls, RealtimeSanitizer, all at work",
        Tests("realtime", &[]),
        "allocation",
    ),
    check("network", "no way to a network in a whole session", Tests("privacy", &[]), "socket"),
    check("pedalboard", "VST3: bit-exact; a large state, in new processes", Host(Format::Vst3), "late"),
    check("minihost", "VST3: the same, with a transport", Host(Format::Vst3), "sample"),
    check("dawdreamer", "VST3: the same, in a graph", Host(Format::Vst3), "restless"),
    check("qtractor", "CLAP: play, edit, unsaved changes, save, load anew", Host(Format::Clap), "silent"),
    check("tour", "CLAP: captions in five clicks, all panels; Qtractor", Host(Format::Clap), "windowless"),
    check("ardour", "VST3: record, play, save, load anew, bit-exact export", Host(Format::Vst3), "forgetful"),
];

const fn check(name: &'static str, what: &'static str, means: Means, fault: &'static str) -> Check {
    Check { name, what, means, fault }
}

/// Longer than any check takes on a machine with much other work; what hangs is ended with all that it started.
const LIMIT: Duration = Duration::from_secs(30 * 60);

impl Check {
    /// Makes the check on `bundle` and returns what was seen; what its programs say goes to a file named after the
    /// check in `folder`.
    ///
    /// # Errors
    /// When the check fails or cannot be made; the message says why and what to do.
    pub(super) fn perform(&self, bundle: &Bundle, folder: &Path) -> Result<String> {
        self.verdict(bundle, folder, None)?
    }

    /// Makes the check on a `bundle` with a fault, which it has to see; returns what it said of it.
    ///
    /// # Errors
    /// When the check cannot be made, or passes.
    pub(super) fn catch(&self, bundle: &Bundle, folder: &Path) -> Result<String> {
        match self.verdict(bundle, folder, Some(self.fault))? {
            Err(reason) => Ok(format!("{}: {reason:#}", self.fault)),
            Ok(seen) => bail!("{}: {seen}", self.fault),
        }
    }

    /// What the check says, if it can be made.
    fn verdict(&self, bundle: &Bundle, folder: &Path, fault: Option<&str>) -> Result<Result<String>> {
        let own = folder.join(self.name);
        bundle::remove(&own)?;
        fs::create_dir_all(&own)?;
        let mut command = match &self.means {
            Tests(program, arguments) => tests(program, arguments, bundle)?,
            Host(format) => {
                setup::host(self.name)
                    .with_context(|| format!("{0} cannot be brought; --skip {0} leaves it out", self.name))?;
                host(self.name, format, bundle, &own)?
            }
        };
        let log = folder.join(self.name).with_extension("log");
        let told = match limited::run(command.envs(fault.map(|fault| (bundle::FAULTS, fault))), &log, LIMIT)?
        {
            Ended::Late => Err(anyhow!("not done within {} minutes", LIMIT.as_secs() / 60)),
            Ended::Itself { succeeded, said } => match self.means {
                Tests(..) => tallied(&said, succeeded),
                Host(_) => last_line(&said, succeeded),
            },
        };
        Ok(told)
    }
}

fn tests(program: &str, arguments: &[&str], bundle: &Bundle) -> Result<Command> {
    let mut cargo = cargo();
    cargo.args(["test", "--package", "earmark-tests", "--test", program, "--"]).args(arguments);
    cargo.env(fixtures::VARIABLE, fixtures::folder()?);
    cargo.env("EARMARK_PLUGIN", &bundle.library).env("EARMARK_VST3", &bundle.vst3);
    Ok(cargo)
}

fn host(name: &str, format: &Format, bundle: &Bundle, folder: &Path) -> Result<Command> {
    let plugin = match format {
        Format::Clap => &bundle.clap,
        Format::Vst3 => &bundle.vst3,
    };
    let mut program = Command::new(workspace::built("dev", "earmark-daw")?);
    program.arg(name).arg("--plugin").arg(plugin);
    program.arg("--speech").arg(fixtures::folder()?.join("jfk.wav")).arg("--folder").arg(folder);
    Ok(program)
}

/// How many tests passed, or else which did not.
fn tallied(said: &str, succeeded: bool) -> Result<String> {
    let mut tally = Tally::default();
    said.lines().for_each(|line| tally.add(line));
    let name = |line: &str| Some(line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?.to_owned());
    let failed: Vec<_> = said.lines().filter_map(name).collect();
    if let [first, others @ ..] = &failed[..] {
        bail!("{first} and {} more", others.len());
    }
    // Also where it does not build, or a host takes the test program down.
    ensure!(succeeded && tally.passed > 0, "the test program came to no end");
    Ok(format!("{} tests", tally.passed))
}

fn last_line(said: &str, succeeded: bool) -> Result<String> {
    let line = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it said nothing").to_owned();
    if succeeded { Ok(line) } else { bail!(line) }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_check_has_a_name_of_its_own() {
        assert_eq!(CHECKS.iter().map(|check| check.name).collect::<HashSet<_>>().len(), CHECKS.len());
    }

    fn expect(said: &str, succeeded: bool, expected: Result<&str, &str>) {
        let told = tallied(said, succeeded).map_err(|error| error.to_string());
        assert_eq!(told.as_deref().map_err(String::as_str), expected, "{said}");
    }

    #[test]
    fn tests_are_counted_and_those_that_fail_named() {
        let result = "test result: ok. 3 passed; 0 failed; 0 ignored";
        expect(result, true, Ok("3 tests"));
        expect(result, false, Err("the test program came to no end"));
        expect("", true, Err("the test program came to no end"));
        expect(&format!("test a::b ... FAILED\ntest c ... ok\n{result}"), false, Err("a::b and 0 more"));
    }
}
