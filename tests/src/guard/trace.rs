//! Reading what strace wrote.

/// A system call where there must be none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The block in which it was made, from 0.
    pub block: u64,
    /// The call as strace shows it.
    pub call: String,
}

/// The marker before a block and the one after it; the probe makes them, nobody else does.
const OPENS: &str = "getppid";
const CLOSES: &str = "getegid";

/// Reads a trace of `strace -f -o`: how many brackets there were, and what the thread that made the
/// bracket called inside.
pub fn findings(trace: &str) -> (u64, Vec<Finding>) {
    let mut guarded = None;
    let mut open = false;
    let mut brackets = 0;
    let mut findings = Vec::new();
    for line in trace.lines() {
        let Some((thread, call)) = line.split_once(char::is_whitespace) else { continue };
        let call = call.trim_start();
        let name = call.split('(').next().unwrap_or_default();
        // "<... read resumed>" is the end of a call whose beginning was read already; "+++" is an exit.
        if call.starts_with('<') || call.starts_with('+') || call.starts_with('-') {
            continue;
        }
        if name == OPENS {
            guarded = Some(thread);
            open = true;
        } else if guarded == Some(thread) && open {
            if name == CLOSES {
                open = false;
                brackets += 1;
            } else {
                findings.push(Finding { block: brackets, call: call.to_owned() });
            }
        }
    }
    (brackets, findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_guarded_thread_does_inside_a_bracket_is_found() {
        let check = |trace: &str, brackets, calls: &[(u64, &str)]| {
            let (found_brackets, found) = findings(trace);
            let found: Vec<(u64, &str)> =
                found.iter().map(|finding| (finding.block, finding.call.as_str())).collect();
            assert_eq!((found_brackets, found.as_slice()), (brackets, calls), "{trace}");
        };
        check("", 0, &[]);
        check("7 getppid() = 1\n7 getegid() = 1\n", 1, &[]);
        check("7 write(1) = 1\n7 getppid() = 1\n7 getegid() = 1\n7 futex(0) = 0\n", 1, &[]);
        check("7 getppid() = 1\n8 futex(0) = 0\n7 getegid() = 1\n", 1, &[]);
        check(
            "7 getppid() = 1\n7 getegid() = 1\n7 getppid() = 1\n7 futex(0 <unfinished ...>\n8 read() = 1\n\
             7 <... futex resumed>) = 0\n7 getegid() = 1\n",
            2,
            &[(1, "futex(0 <unfinished ...>")],
        );
    }
}
