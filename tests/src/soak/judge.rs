//! What a long run has to show, over plain figures, so that a test can plant wrong ones.

use std::fmt;

/// What the process held at a moment of rest: as many instances as ever, no window, nothing left to hear.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Seconds since the run began.
    pub at_s: f64,
    /// Memory that nobody asked for and that the allocator gave back when told to, in bytes.
    pub free: i64,
    /// Resident memory after that, in bytes.
    pub resident: i64,
    /// Memory asked for and not given back, in bytes.
    pub allocated: i64,
    /// Files, pipes and sockets.
    pub files: usize,
    /// Threads.
    pub threads: usize,
    /// How often a window was opened before.
    pub openings: u32,
}

/// All that a run has left to be judged.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// One look after each round.
    pub looks: Vec<Look>,
    /// Played and never heard, in seconds.
    pub lost_s: f64,
    /// Blocks that came out otherwise than they went in.
    pub altered: u64,
    /// What was wrong with a notebook, a window or an instance, in sentences.
    pub faults: Vec<String>,
    /// Words of the last pass that were compared with a first one's.
    pub compared: usize,
    /// Threads and files that were there after the last instance had gone, beyond those before the first.
    pub left: usize,
}

/// One line of the verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What was looked at.
    pub what: &'static str,
    /// What was found.
    pub found: String,
    /// What is allowed.
    pub allowed: String,
    /// Whether it is.
    pub holds: bool,
}

/// What every opening of a window may keep, in bytes: Mesa keeps the names of its functions and a display, 11 KB.
pub const KEPT_BY_AN_OPENING: i64 = 16_000;

/// By how much memory asked for may grow beyond that, in bytes: passes kept in notebooks are a few hundred
/// kilobytes at most, and an instance that was not given back is 5 MB.
const ALLOCATED: i64 = 3_000_000;

/// The same of resident memory, of which the allocator keeps pieces in an arena for each thread.
const RESIDENT: i64 = 24_000_000;

/// The same of what the allocator has free and resident until it is told to give it back: eight arenas a core, each with
/// some of what one thread has worked with.
const FREE: i64 = 100_000_000;

/// The share of the looks that comes before everything is there that is made once.
const WARM_UP: f64 = 0.25;

/// With fewer looks after the warm-up there is no slope.
const FEWEST: usize = 4;

/// Judges a run; it went well if every row holds.
pub fn judge(record: &Record) -> Vec<Row> {
    let looks = &record.looks[(record.looks.len() as f64 * WARM_UP) as usize..];
    let openings = looks.last().zip(looks.first()).map_or(0, |(last, first)| last.openings - first.openings);
    let kept = KEPT_BY_AN_OPENING * i64::from(openings);
    let megabytes = |bytes: f64| format!("{:.1} MB", bytes / 1e6);
    let grows = |what, of: fn(&Look) -> f64, most: f64, shown: &dyn Fn(f64) -> String| {
        let growth = growth(looks, of);
        let first = looks.first().map_or(0.0, of);
        Row {
            what,
            found: growth.map_or_else(
                || format!("{}, too few looks for a slope", shown(first)),
                |growth| format!("{} and {} more", shown(first), shown(growth)),
            ),
            allowed: format!("{} more", shown(most)),
            holds: growth.is_none_or(|growth| growth <= most),
        }
    };
    let none = |what, found: String, holds| Row { what, found, allowed: "none".to_owned(), holds };
    let count = |value: f64| format!("{value:.0}");
    vec![
        grows("memory asked for", |look| look.allocated as f64, (ALLOCATED + kept) as f64, &megabytes),
        grows("memory resident", |look| look.resident as f64, (RESIDENT + kept) as f64, &megabytes),
        grows("memory free and not given back", |look| look.free as f64, FREE as f64, &megabytes),
        // At rest they are the same each time; a slope of half a file over the whole run is rounding.
        grows("files", |look| look.files as f64, 0.5, &count),
        grows("threads", |look| look.threads as f64, 0.5, &count),
        none("threads and files left behind", record.left.to_string(), record.left == 0),
        none("audio lost", format!("{:.3} s", record.lost_s), record.lost_s <= 0.0),
        none("audio altered", format!("{} blocks", record.altered), record.altered == 0),
        none("faults", record.faults.len().to_string(), record.faults.is_empty()),
        Row {
            what: "words of the last pass that a first one has too",
            found: record.compared.to_string(),
            allowed: "some".to_owned(),
            holds: record.compared > 0,
        },
    ]
}

/// By how much a figure has grown from the first look to the last, by the median of the slopes between any two
/// (Theil and Sen): a single look that is off does not count.
fn growth(looks: &[Look], of: fn(&Look) -> f64) -> Option<f64> {
    let (first, last) = looks.first().zip(looks.last()).filter(|_| looks.len() >= FEWEST)?;
    let mut slopes = Vec::new();
    for (index, one) in looks.iter().enumerate() {
        let later = looks[index + 1..].iter().filter(|other| other.at_s > one.at_s);
        slopes.extend(later.map(|other| (of(other) - of(one)) / (other.at_s - one.at_s)));
    }
    slopes.sort_by(f64::total_cmp);
    Some(slopes.get(slopes.len() / 2)? * (last.at_s - first.at_s))
}

impl fmt::Display for Row {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.holds { "ok" } else { "FAILED" };
        write!(to, "{mark:<7} {:<48} {:<40} allowed: {}", self.what, self.found, self.allowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half an hour in which memory wavers by a megabyte and one look is far off.
    fn sound() -> Record {
        let look = |round: u32| Look {
            at_s: f64::from(round) * 15.0,
            free: 20_000_000 + i64::from(round % 11) * 3_000_000,
            resident: 300_000_000 + i64::from(round % 7) * 1_000_000 + i64::from(round == 60) * 90_000_000,
            allocated: 200_000_000 + i64::from(round % 5) * 200_000 + i64::from(round) * 11_000,
            files: 20 + usize::from(round == 60),
            threads: 11,
            openings: round,
        };
        Record { looks: (0..120).map(look).collect(), compared: 100, ..Record::default() }
    }

    /// Which rows do not hold once `plant` has been at work.
    fn check(plant: impl Fn(&mut Record), expected: &[&str]) {
        let mut record = sound();
        plant(&mut record);
        let rows = judge(&record).into_iter().filter(|row| !row.holds);
        assert_eq!(rows.map(|row| row.what).collect::<Vec<_>>(), expected);
    }

    fn each(record: &mut Record, plant: impl Fn(i64, &mut Look)) {
        record.looks.iter_mut().enumerate().for_each(|(round, look)| plant(round as i64, look));
    }

    #[test]
    fn a_sound_run_holds_although_it_wavers() {
        check(|_| (), &[]);
    }

    #[test]
    fn an_instance_left_every_tenth_round_is_a_leak() {
        check(|run| each(run, |round, look| look.allocated += round / 10 * 5_000_000), &["memory asked for"]);
    }

    #[test]
    fn a_keyboards_map_left_by_each_window_is_a_leak() {
        check(|run| each(run, |round, look| look.allocated += round * 80_000), &["memory asked for"]);
    }

    #[test]
    fn pages_that_pile_up_are_a_leak_although_nobody_asks_for_them() {
        check(|run| each(run, |round, look| look.resident += round * 500_000), &["memory resident"]);
    }

    #[test]
    fn pages_that_the_allocator_is_left_with_are_bounded() {
        check(
            |run| each(run, |round, look| look.free += round * 2_000_000),
            &["memory free and not given back"],
        );
    }

    #[test]
    fn a_file_or_a_thread_left_now_and_then_is_a_leak() {
        check(|run| each(run, |round, look| look.files += round as usize / 20), &["files"]);
        check(|run| each(run, |round, look| look.threads += round as usize / 20), &["threads"]);
        check(|run| run.left = 1, &["threads and files left behind"]);
    }

    #[test]
    fn a_single_lost_or_altered_sample_fails_the_run() {
        check(|run| run.lost_s = 1.0 / 48_000.0, &["audio lost"]);
        check(|run| run.altered = 1, &["audio altered"]);
    }

    #[test]
    fn a_fault_and_a_run_that_compares_nothing_fail() {
        check(|run| run.faults.push("Two utterances have one name.".to_owned()), &["faults"]);
        check(|run| run.compared = 0, &["words of the last pass that a first one has too"]);
    }

    #[test]
    fn a_run_too_short_for_a_slope_is_judged_by_the_rest() {
        check(|run| run.looks.truncate(1), &[]);
        check(|run| run.looks.clear(), &[]);
    }
}
