//! The rules, over a small picture of the workspace, so that a test can draw a wrong one.

use std::collections::BTreeSet;

/// What the rules look at.
#[derive(Clone, Default)]
pub(crate) struct House {
    /// The workspace's packages.
    pub(crate) members: Vec<Member>,
    /// The packages that must not be linked into what people run; from `deny.toml`.
    pub(crate) banned: Vec<String>,
}

/// One package of the workspace.
#[derive(Clone, Default)]
pub(crate) struct Member {
    /// Its name.
    pub(crate) name: String,
    /// What its manifest names, of whatever kind.
    pub(crate) uses: Vec<Use>,
    /// Whether its manifest says `[lints] workspace = true`.
    pub(crate) inherits_lints: bool,
    /// Every package that is linked into it, however far away.
    pub(crate) linked: BTreeSet<String>,
    /// Its source files.
    pub(crate) files: Vec<SourceFile>,
}

/// One dependency in a manifest.
#[derive(Clone, Default)]
pub(crate) struct Use {
    /// The package.
    pub(crate) package: String,
    /// The features that it is used with; `default` among them unless it is switched off.
    pub(crate) features: Vec<String>,
}

/// One source file.
#[derive(Clone, Default)]
pub(crate) struct SourceFile {
    /// Its path in the workspace.
    pub(crate) path: String,
    /// How many lines it has.
    pub(crate) lines: usize,
    /// The tests in it that are switched off.
    pub(crate) ignored_tests: usize,
}

/// Which package of the workspace may use which others (ARCHITECTURE.md, "The tree").
const ARROWS: &[(&str, &[&str])] = &[
    (
        "earmark",
        &[
            "earmark-editor",
            "earmark-archive",
            "earmark-engine",
            "earmark-capture",
            "earmark-models",
            "earmark-timeline",
        ],
    ),
    ("earmark-cli", &["earmark-engine", "earmark-archive", "earmark-models", "earmark-timeline"]),
    ("earmark-engine", &["earmark-capture", "earmark-models", "earmark-timeline"]),
    ("earmark-editor", &["earmark-timeline"]),
    ("earmark-archive", &["earmark-timeline"]),
    ("earmark-capture", &["earmark-timeline"]),
    ("earmark-timeline", &[]),
    ("earmark-models", &[]),
    ("xkbcommon-dl", &[]),
    ("xtask", &["earmark-models"]),
];

/// The one package that may use all others, and that plays host to them.
const TESTS: &str = "earmark-tests";

/// Libraries that only some packages may know, by the beginning of their names, and those packages.
const KEEPERS: &[(&[&str], &[&str])] = &[
    (&["whisper-rs", "ort", "ort-", "rubato"], &["earmark-engine"]),
    (&["nice-plug"], &["earmark"]),
    (&["rfd"], &["earmark"]),
    (&["egui", "eframe", "baseview"], &["earmark-editor", "earmark"]),
];

/// What people run: nothing with a network in it may be linked in.
const SHIPPED: &[&str] = &["earmark", "earmark-cli"];

/// More lines than this and a file holds more than one thing.
const LONGEST_FILE: usize = 400;

/// Each broken rule in a sentence.
pub(crate) fn violations(house: &House) -> Vec<String> {
    let mut found = Vec::new();
    for member in &house.members {
        arrows(house, member, &mut found);
        keepers(member, &mut found);
        network(house, member, &mut found);
        if !member.inherits_lints {
            found.push(format!("{} does not say `[lints] workspace = true` in its manifest.", member.name));
        }
        for file in &member.files {
            if file.lines > LONGEST_FILE {
                found.push(format!("{} has {} lines; split it below {LONGEST_FILE}.", file.path, file.lines));
            }
            if file.ignored_tests > 0 {
                found.push(format!("{} switches tests off; every test runs.", file.path));
            }
        }
    }
    found
}

fn arrows(house: &House, member: &Member, found: &mut Vec<String>) {
    if member.name == TESTS {
        return;
    }
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == member.name) else {
        found.push(format!(
            "{} has no place in the tree; give it one in xtask/src/tidy/rules.rs.",
            member.name
        ));
        return;
    };
    for used in &member.uses {
        let package = used.package.as_str();
        let inside = house.members.iter().any(|other| other.name == package);
        if inside && !allowed.contains(&package) {
            found.push(format!("{} must not use {package}: no arrow goes there.", member.name));
        }
        // The audio thread's crate knows the part of the vocabulary that cannot allocate.
        let with_std = used.features.iter().any(|feature| feature == "default" || feature == "std");
        if member.name == "earmark-capture" && package == "earmark-timeline" && with_std {
            found.push("earmark-capture must use earmark-timeline without its std feature.".to_owned());
        }
    }
}

fn keepers(member: &Member, found: &mut Vec<String>) {
    for (libraries, keepers) in KEEPERS {
        if member.name == TESTS || keepers.contains(&member.name.as_str()) {
            continue;
        }
        for used in member.uses.iter().filter(|used| is_one_of(&used.package, libraries)) {
            found.push(format!(
                "{} must not know {}: only {} may.",
                member.name,
                used.package,
                keepers.join(" and ")
            ));
        }
    }
}

/// Short names stand for themselves, for much begins with them; longer ones for all that begins so.
fn is_one_of(package: &str, libraries: &[&str]) -> bool {
    libraries.iter().any(|library| package == *library || (library.len() > 3 && package.starts_with(library)))
}

fn network(house: &House, member: &Member, found: &mut Vec<String>) {
    if !SHIPPED.contains(&member.name.as_str()) {
        return;
    }
    for banned in house.banned.iter().filter(|banned| member.linked.contains(*banned)) {
        found.push(format!("{banned} is linked into {}: nothing leaves the machine.", member.name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, uses: &[&str]) -> Member {
        Member {
            name: name.to_owned(),
            uses: uses
                .iter()
                .map(|package| Use { package: (*package).to_owned(), features: Vec::new() })
                .collect(),
            inherits_lints: true,
            ..Member::default()
        }
    }

    /// A house that keeps every rule, with all arrows drawn.
    fn house() -> House {
        let mut members: Vec<Member> = ARROWS.iter().map(|(name, uses)| member(name, uses)).collect();
        members.push(member(TESTS, &["earmark", "earmark-engine", "egui_kittest"]));
        House { members, banned: vec!["reqwest".to_owned()] }
    }

    /// What is said after `change` was made to the member called `name`.
    fn check(name: &str, change: impl FnOnce(&mut Member), expected: &str) {
        let mut house = house();
        let member = house.members.iter_mut().find(|member| member.name == name).expect("a member");
        change(member);
        let found = violations(&house);
        assert!(found.len() == 1 && found[0].contains(expected), "{found:?}");
    }

    fn using(package: &str) -> impl FnOnce(&mut Member) {
        move |member| member.uses.push(Use { package: package.to_owned(), features: Vec::new() })
    }

    #[test]
    fn the_house_as_drawn_keeps_the_rules() {
        assert_eq!(violations(&house()), Vec::<String>::new());
    }

    #[test]
    fn an_arrow_that_is_not_drawn_is_caught() {
        check("earmark-editor", using("earmark-engine"), "must not use earmark-engine");
        check("earmark-timeline", using("earmark-models"), "must not use earmark-models");
        check("earmark-cli", using("earmark"), "must not use earmark:");
        check("earmark-engine", using("earmark-tests"), "must not use earmark-tests");
        check("xtask", using("earmark-timeline"), "must not use earmark-timeline");
    }

    #[test]
    fn a_library_outside_its_keeper_is_caught() {
        check("earmark-cli", using("whisper-rs-sys"), "only earmark-engine may");
        check("earmark", using("ort"), "only earmark-engine may");
        check("earmark-editor", using("nice-plug-egui"), "only earmark may");
        check("earmark-archive", using("egui_extras"), "only earmark-editor and earmark may");
    }

    #[test]
    fn a_network_crate_is_caught_where_people_run_it_and_nowhere_else() {
        check("earmark-cli", |cli| cli.linked = ["reqwest".to_owned()].into(), "reqwest is linked into");
        let mut tests_only = house();
        tests_only.members.iter_mut().filter(|m| m.name == TESTS).for_each(|m| {
            m.linked.insert("reqwest".to_owned());
        });
        assert!(violations(&tests_only).is_empty());
    }

    #[test]
    fn a_package_without_the_lints_is_caught() {
        check("earmark-archive", |archive| archive.inherits_lints = false, "[lints]");
    }

    #[test]
    fn a_package_without_a_place_is_caught() {
        check("earmark-archive", |archive| archive.name = "earmark-cloud".to_owned(), "no place in the tree");
    }

    #[test]
    fn a_file_that_is_too_long_and_a_test_that_is_off_are_caught() {
        let file = |lines, ignored_tests| SourceFile { path: "a.rs".to_owned(), lines, ignored_tests };
        check("earmark", |shell| shell.files.push(file(401, 0)), "401 lines");
        check("earmark", |shell| shell.files.push(file(400, 1)), "switches tests off");
    }

    #[test]
    fn the_audio_threads_crate_takes_the_vocabulary_without_std() {
        let with_std = |capture: &mut Member| capture.uses[0].features.push("default".to_owned());
        check("earmark-capture", with_std, "without its std feature");
    }
}
