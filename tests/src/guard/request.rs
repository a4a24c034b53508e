//! What a probe is asked to do, and what it answers, as words on a command line and numbers in a line.

use std::path::PathBuf;

/// What a probe shall do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What is put under guard.
    pub subject: Subject,
    /// How many blocks are processed.
    pub blocks: u64,
    /// Frames in a block.
    pub frames: u32,
    /// Whether nobody empties the tap's ring. A plugin's own ring fills when blocks are long and come as
    /// fast as they can.
    pub full: bool,
    /// A fault to make half-way through.
    pub fault: Option<Fault>,
    /// A recording that the plugin hears, ten times as fast as it sounds and over and over, while its editor
    /// is open on the display; without one it hears silence, as fast as it can, and nobody looks.
    pub recording: Option<PathBuf>,
}

/// What is put under guard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The capture crate's tap by itself.
    Tap,
    /// The `process` of the built plugin in that file, framework included.
    Plugin(PathBuf),
}

/// Something that the audio thread must not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Allocate and free.
    Allocation,
    /// Wait for a lock that another thread holds.
    Lock,
    /// Write to a file.
    Write,
}

/// What a probe saw from the inside.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// Blocks processed: as many as were asked for, or more until the recording was heard and drawn.
    pub blocks: u64,
    /// Allocations and releases inside the brackets.
    pub allocations: u64,
    /// Allocations and releases that the plugin made in one save of its state, which is the proof that
    /// those of its `process` would have been counted.
    pub seen_in_plugin: u64,
    /// What a full ring lost: frames of the tap, passages in the plugin's notebook.
    pub lost: u64,
    /// Utterances in the state that was saved while the blocks were processed.
    pub utterances: u64,
    /// How often the editor was found to show something else than before, while they were.
    pub repaints: u64,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Fault; 3] = [Self::Allocation, Self::Lock, Self::Write];

    const fn name(self) -> &'static str {
        match self {
            Self::Allocation => "allocation",
            Self::Lock => "lock",
            Self::Write => "write",
        }
    }
}

impl Request {
    /// The order of the program's arguments.
    pub const USAGE: &str = "tap|PLUGIN BLOCKS FRAMES full|drained allocation|lock|write|none [RECORDING]";

    /// Reads the program's arguments; `None` when they are not as [`Request::USAGE`] says.
    pub fn from_arguments(arguments: &[String]) -> Option<Self> {
        let (words, recording) = match arguments {
            [words @ .., recording] if words.len() == 5 => (words, Some(recording.into())),
            words => (words, None),
        };
        let [subject, blocks, frames, full, fault] = words else { return None };
        let fault = match fault.as_str() {
            "none" => None,
            name => Some(Fault::ALL.into_iter().find(|fault| fault.name() == name)?),
        };
        let subject = if subject == "tap" { Subject::Tap } else { Subject::Plugin(subject.into()) };
        Some(Self {
            subject,
            blocks: blocks.parse().ok()?,
            frames: frames.parse().ok()?,
            full: full == "full",
            fault,
            recording,
        })
    }

    pub(super) fn to_arguments(&self) -> Vec<String> {
        let subject = match &self.subject {
            Subject::Tap => "tap".to_owned(),
            Subject::Plugin(path) => path.display().to_string(),
        };
        let full = if self.full { "full" } else { "drained" };
        let fault = self.fault.map_or("none", Fault::name);
        let mut arguments = vec![subject, self.blocks.to_string(), self.frames.to_string()];
        arguments.extend([full.to_owned(), fault.to_owned()]);
        arguments.extend(self.recording.as_ref().map(|path| path.display().to_string()));
        arguments
    }
}

impl Seen {
    /// The line that the program prints.
    pub fn to_line(&self) -> String {
        let Self { blocks, allocations, seen_in_plugin, lost, utterances, repaints } = self;
        format!("{blocks} {allocations} {seen_in_plugin} {lost} {utterances} {repaints}")
    }

    pub(super) fn from_line(line: &str) -> Option<Self> {
        let mut numbers = line.split_whitespace().map(|number| number.parse().ok());
        let mut next = || numbers.next().flatten();
        Some(Self {
            blocks: next()?,
            allocations: next()?,
            seen_in_plugin: next()?,
            lost: next()?,
            utterances: next()?,
            repaints: next()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_survives_the_command_line() {
        let check = |request: Request| {
            assert_eq!(Request::from_arguments(&request.to_arguments()), Some(request));
        };
        let plain = Request {
            subject: Subject::Tap,
            blocks: 9,
            frames: 64,
            full: true,
            fault: None,
            recording: None,
        };
        check(plain.clone());
        check(Request { recording: Some("c d.mp3".into()), ..plain });
        let subject = Subject::Plugin("a b.clap".into());
        for fault in Fault::ALL {
            let subject = subject.clone();
            check(Request {
                subject,
                blocks: 1,
                frames: 1,
                full: false,
                fault: Some(fault),
                recording: None,
            });
        }
    }

    #[test]
    fn what_was_seen_survives_its_line() {
        let seen = Seen { blocks: 1, allocations: 2, seen_in_plugin: 3, lost: 4, utterances: 5, repaints: 6 };
        assert_eq!(Seen::from_line(&seen.to_line()), Some(seen));
        assert_eq!(Seen::from_line("1 2 3"), None);
    }
}
