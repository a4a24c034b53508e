//! SubRip and WebVTT: cues, found by the arrow between their times.

use super::audacity::excerpt;
use super::{Gathered, ImportError, Imported, text};
use earmark_timeline::units::ProjectTime;

const ARROW: &str = "-->";

pub(super) fn read_srt(text: &str) -> Result<Imported, ImportError> {
    read(text, |lines| (lines.join(" "), None))
}

pub(super) fn read_vtt(text: &str) -> Result<Imported, ImportError> {
    let (_, head) = text::lines(text).next().unwrap_or((1, ""));
    if head != "WEBVTT" && !head.starts_with("WEBVTT ") && !head.starts_with("WEBVTT\t") {
        let remedy = "choose a WebVTT file, or its format if it is another";
        return Err(ImportError::at(1, "the file does not begin with WEBVTT", remedy));
    }
    read(text, |lines| untagged(&lines.join(" ")))
}

/// Reads the cues; `said` makes the words and the speaker of a cue's lines.
fn read(text: &str, said: impl Fn(&[&str]) -> (String, Option<String>)) -> Result<Imported, ImportError> {
    let mut gathered = Gathered::default();
    let mut open: Option<(usize, ProjectTime, ProjectTime)> = None;
    let mut block: Vec<&str> = Vec::new();
    let close = |gathered: &mut Gathered, open: &mut Option<_>, block: &mut Vec<&str>| {
        let cue = open.take();
        let lines = std::mem::take(block);
        let Some((line, start, end)) = cue else { return Ok(()) };
        let (words, speaker) = said(&lines);
        gathered.cue(line, start, end, &words, speaker)
    };
    for (number, line) in text::lines(text) {
        if line.trim().is_empty() {
            close(&mut gathered, &mut open, &mut block)?;
        } else if let Some((start, end)) = line.split_once(ARROW) {
            // Some programs leave the empty line out: then what is open so far ends here.
            close(&mut gathered, &mut open, &mut block)?;
            // WebVTT may have settings behind the second time.
            let end = end.split_whitespace().next().unwrap_or_default();
            open = Some((number, time(number, start)?, time(number, end)?));
        } else if open.is_some() {
            block.push(line.trim());
        }
    }
    close(&mut gathered, &mut open, &mut block)?;
    if gathered.count == 0 && text.lines().any(|line| !line.trim().is_empty() && !line.starts_with("WEBVTT"))
    {
        let remedy = "choose a caption file, or its format if it is another";
        return Err(ImportError::whole("there is no cue with text in the file", remedy));
    }
    Ok(gathered.finish())
}

fn time(line: usize, text: &str) -> Result<ProjectTime, ImportError> {
    text::time(text).ok_or_else(|| {
        let problem = format!("\"{}\" is no time", excerpt(text.trim()));
        ImportError::at(line, problem, "write times as hours:minutes:seconds with three decimals")
    })
}

/// The text of a cue without its tags, and the voice that one of them names.
fn untagged(cue: &str) -> (String, Option<String>) {
    let mut said = String::new();
    let mut speaker = None;
    let mut rest = cue;
    while let Some(at) = rest.find('<') {
        said.push_str(&rest[..at]);
        let (tag, after) = rest[at + 1..].split_once('>').unwrap_or((&rest[at + 1..], ""));
        let is_voice = tag == "v" || tag.starts_with("v ") || tag.starts_with("v.");
        if let Some((_, name)) = tag.split_once(char::is_whitespace).filter(|_| is_voice) {
            speaker =
                Some(unescaped(name.trim())).filter(|name| !name.is_empty() && speaker.is_none()).or(speaker);
        }
        rest = after;
    }
    said.push_str(rest);
    (unescaped(&said), speaker)
}

/// The named characters of WebVTT (section 4.2.2); others stay as they are.
fn unescaped(text: &str) -> String {
    let names = [("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&lrm;", ""), ("&rlm;", ""), ("&amp;", "&")];
    names.iter().fold(text.to_owned(), |text, (name, letter)| text.replace(name, letter))
}
