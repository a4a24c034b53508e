//! What a program asked of the system, as strace wrote it down.

use std::collections::BTreeSet;

/// One file that was opened or changed, and how.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touched {
    /// The path as the program named it.
    pub path: String,
    /// Whether it was written, made, moved or deleted, rather than read.
    pub changed: bool,
}

/// The calls that [`touched`] and [`outward`] understand, for `strace -e trace=`.
pub const CALLS: &str = "open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,rmdir,link,linkat,\
                         symlink,symlinkat,truncate,execve,socket,connect,bind,listen,sendto,sendmsg,sendmmsg";

/// The calls of the trace that open a way to a network.
pub fn outward(trace: &str) -> Vec<&str> {
    trace.lines().filter(|call| call.contains("AF_INET") || call.contains("AF_NETLINK")).collect()
}

/// The files that were opened or changed with success, each once.
pub fn touched(trace: &str) -> BTreeSet<Touched> {
    trace.lines().filter_map(touch).flatten().collect()
}

fn touch(line: &str) -> Option<Vec<Touched>> {
    let (_, call) = line.split_once(char::is_whitespace)?;
    let (name, arguments) = call.trim_start().split_once('(')?;
    // What failed has touched nothing; a call that another thread interrupted is counted as if it succeeded.
    if arguments.contains(") = -1 ") {
        return None;
    }
    let paths = arguments.split('"').skip(1).step_by(2).map(str::to_owned);
    let changed = match name {
        "open" | "openat" => {
            ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].iter().any(|way| arguments.contains(way))
        }
        "creat" | "truncate" => true,
        name => ["mkdir", "rename", "unlink", "rmdir", "link", "symlink"]
            .iter()
            .any(|begin| name.starts_with(begin)),
    };
    let opens = matches!(name, "open" | "openat");
    (opens || changed).then(|| paths.map(|path| Touched { path, changed }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_opened_and_what_was_changed_is_told_apart() {
        let check = |line: &str, expected: &[(&str, bool)]| {
            let expected: BTreeSet<_> = expected
                .iter()
                .map(|(path, changed)| Touched { path: (*path).to_owned(), changed: *changed })
                .collect();
            assert_eq!(touched(line), expected, "{line}");
        };
        check(r#"7 openat(AT_FDCWD, "/a", O_RDONLY|O_CLOEXEC) = 3"#, &[("/a", false)]);
        check(r#"7 openat(AT_FDCWD, "/a", O_WRONLY|O_CREAT, 0666) = 3"#, &[("/a", true)]);
        check(r#"7 openat(AT_FDCWD, "/a", O_RDONLY) = -1 ENOENT (No such file or directory)"#, &[]);
        check(r#"7 rename("/a", "/b") = 0"#, &[("/a", true), ("/b", true)]);
        check(r#"7 unlinkat(AT_FDCWD, "/a", 0 <unfinished ...>"#, &[("/a", true)]);
        check(r#"7 socket(AF_UNIX, SOCK_STREAM, 0) = 3"#, &[]);
        assert_eq!(outward("7 socket(AF_UNIX, 1, 0) = 3\n7 socket(AF_INET6, 2, 0) = 4").len(), 1);
    }
}
