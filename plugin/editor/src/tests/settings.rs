//! The settings page and the looks.

use super::clicks::{Window, open};
use super::fixture::{facts, filled};
use crate::theme::{Look, Role};
use crate::view_model::settings::{SettingsPage, with_written};
use crate::{Action, EditorView};
use earmark_timeline::rule::{Rule, Rules, Setting};
use earmark_timeline::settings::Settings;
use earmark_timeline::snapshot::Health;
use earmark_timeline::transport::{ChannelChoice, Listen};
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use std::sync::Arc;

fn base() -> Settings {
    Settings { model: "whisper-base".to_owned(), language: Some("de".to_owned()), ..Settings::default() }
}

fn window(settings: Settings) -> Harness<'static, Window> {
    let mut snapshot = filled();
    Arc::make_mut(&mut snapshot.notebook).set_settings(settings);
    // High enough that nothing has to be scrolled to.
    let mut window = open(snapshot, facts(), [900.0, 1_600.0]);
    window.get_by_label("Settings").click();
    window.run();
    window
}

/// Clicks something on the page and compares what was asked for.
fn check(settings: Settings, label: &str, expected: &[Action]) {
    let mut window = window(settings);
    window.get_by_label(label).click();
    window.run();
    assert_eq!(window.state().actions, expected, "{label}");
}

#[test]
fn every_choice_asks_for_what_it_says() {
    check(base(), "Always", &[Action::Listen(Listen::Always)]);
    check(base(), "While recording", &[Action::Listen(Listen::WhileRecording)]);
    check(base(), "Off", &[Action::Listen(Listen::Off)]);
    check(base(), "Left", &[Action::Channel(ChannelChoice::Left)]);
    check(base(), "Detect", &[Action::Set(Settings { language: None, ..base() })]);
    check(base(), "In English", &[Action::Set(Settings { translate: true, ..base() })]);
    check(base(), "3", &[Action::UseCores(3)]);
    check(base(), "Verbatim", &[Action::Set(Settings { verbatim: true, ..base() })]);
    check(base(), "Nobody", &[Action::Set(Settings { speaker: Some(String::new()), ..base() })]);
    // What is chosen already asks for nothing.
    check(base(), "As the track: Talkback", &[]);
    check(base(), "Deutsch", &[]);
}

#[test]
fn a_rule_is_switched_and_a_threshold_switches_it_on() {
    let set = |rule, is_on, threshold| {
        let rules = Rules::default().with(rule, Setting { is_on, threshold });
        Action::Set(Settings { rules, ..base() })
    };
    check(base(), "Clipping", &[set(Rule::Clipping, false, 3)]);
    check(base(), "Applause", &[set(Rule::Applause, true, 50)]);
    check(base(), "Section from 8 %", &[set(Rule::Section, true, 8)]);
    check(base(), "Silence from 30 s", &[set(Rule::Silence, true, 30)]);
}

#[test]
fn the_page_lists_the_keys() {
    let window = window(base());
    for name in ["Undo", "Redo", "Find and filter", "Add a mark at the playhead"] {
        assert!(window.query_all_by_label(name).next().is_some(), "{name}");
    }
}

#[test]
fn classes_that_are_missing_can_be_tried_again() {
    let mut window = window(base());
    assert!(window.query_by_label("Try again").is_none());
    window.state_mut().snapshot.status.classifier = Health::Unavailable("No library.".to_owned());
    window.run();
    window.get_by_label("No library.");
    window.get_by_label("Try again").click();
    window.run();
    assert_eq!(window.state().actions, [Action::TryAgain]);
}

#[test]
fn another_model_keeps_only_what_it_can_do() {
    let before = Settings { translate: true, verbatim: true, ..base() };
    let after = Settings { verbatim: true, ..Settings::default() };
    check(before, "Whisper tiny, English", &[Action::Set(after)]);
    check(Settings::default(), "Whisper base", &[Action::Set(Settings { language: None, ..base() })]);
}

#[test]
fn the_page_tells_what_is_known_of_the_model() {
    let note = |settings: Settings, title: &str| {
        let mut snapshot = filled();
        Arc::make_mut(&mut snapshot.notebook).set_settings(settings);
        let page = SettingsPage::new(&snapshot, &facts());
        let section = page.sections.into_iter().find(|section| section.title == title);
        section.map(|section| section.note)
    };
    assert_eq!(note(base(), "Model").as_deref(), Some("Version 1, 40 MB.\nFor: Whisper base."));
    let tiny = note(Settings::default(), "Model").expect("a note");
    let here = "\nOn this computer: 3.0 CPU s for each minute that was heard since this was opened";
    assert!(tiny.ends_with(here), "{tiny}");
    let unknown = Settings { model: "parrot".to_owned(), ..base() };
    assert_eq!(note(unknown, "Model").as_deref(), Some("parrot is not known to this Earmark."));
    let language = note(Settings::default(), "Language");
    assert_eq!(language.as_deref(), Some("The model knows one language: English."));
    assert_eq!(note(Settings::default(), "Written"), None);
}

#[test]
fn what_is_written_is_taken_over_when_one_leaves_it() {
    let check = |field: &str, text: &str, settings: Settings| {
        // By a key, and by closing the page.
        for leave in ["", "Settings"] {
            let mut window = window(base());
            window.get_by_label(field).focus();
            window.run();
            window.event(egui::Event::Text(text.to_owned()));
            window.run();
            match leave {
                "" => window.key_press_modifiers(Modifiers::NONE, Key::Escape),
                _ => window.get_by_label(leave).click(),
            }
            window.run();
            assert_eq!(window.state().actions, [Action::Set(settings.clone())], "{field}, {leave}");
        }
    };
    let glossary = vec!["Maria Kowalczyk".to_owned(), "ribbon mic".to_owned()];
    check("Terms", " Maria Kowalczyk\n\nribbon mic", Settings { glossary, ..base() });
    check("Speaker's name", " Anna ", Settings { speaker: Some("Anna".to_owned()), ..base() });
}

#[test]
fn a_name_that_is_taken_away_leaves_the_tracks() {
    let check = |before: Option<&str>, written: &str, after: Option<&str>| {
        let settings = |name: Option<&str>| Settings { speaker: name.map(str::to_owned), ..base() };
        assert_eq!(with_written(&settings(before), Some(written), None), settings(after), "{before:?}");
    };
    check(Some("Anna"), "", None);
    check(None, " ", None);
    check(Some(""), "", Some(""));
    check(Some(""), "Bob", Some("Bob"));
}

#[test]
fn a_window_is_light_or_dark_and_the_next_one_begins_as_it_was() {
    let mut window = open(filled(), facts(), EditorView::SIZE);
    let dark = Role::Background.color();
    for label in ["View", "Light"] {
        window.get_by_label(label).click();
        window.run();
    }
    assert_eq!(window.state_mut().view.state_mut().look, Look::Light);
    assert_ne!(Role::Background.color(), dark);
    assert_eq!(window.ctx.global_style().visuals.panel_fill, Role::Background.color());
    window.state_mut().view.state_mut().complain("The disk is full.");
    let mut next = EditorView::with_state(window.state_mut().view.state_mut().clone());
    assert_eq!((next.state_mut().look, next.state_mut().notices.len()), (Look::Light, 0));
}
