//! The settings page, in the place of timeline and transcript.

use super::keys::{SHORTCUTS, Shortcut};
use super::{paint, within};
use crate::action::Action;
use crate::theme::{self, Role, size};
use crate::view_model::settings::{Choice, RuleRow, Section, SettingsPage, with_written};
use crate::view_state::ViewState;
use earmark_timeline::settings::Settings;
use egui::{Align, Label, Layout, Rect, Response, RichText, ScrollArea, TextEdit, Ui, Vec2};

pub(super) fn show(
    ui: &mut Ui,
    rect: Rect,
    page: &SettingsPage,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let inner = rect.shrink2(Vec2::new(size::EDGE, size::GAP));
    within(ui, inner, "settings", Layout::top_down(Align::Min), |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.set_max_width(ui.available_width().min(size::READABLE));
            for section in &page.sections {
                title(ui, section.title);
                choices(ui, section, actions);
                note(ui, &section.note);
            }
            title(ui, "Marks");
            rules(ui, &page.rules, actions);
            note(
                ui,
                "What is marked by itself, each once in 10 seconds at most. Your own marks always stay.",
            );
            title(ui, page.speaker.title);
            choices(ui, &page.speaker, actions);
            speaker(ui, &page.settings, state, actions);
            note(ui, &page.speaker.note);
            title(ui, "Glossary");
            glossary(ui, &page.settings, state, actions);
            note(ui, "Names and terms whose spelling the model should know, a line each.");
            title(ui, "Keys");
            keys(ui);
            note(ui, "They work while this window has the keyboard. The space bar is always the host's.");
        });
    });
}

fn title(ui: &mut Ui, title: &str) {
    ui.add_space(size::GAP);
    ui.label(RichText::new(title).font(theme::title()));
}

fn note(ui: &mut Ui, note: &str) {
    for paragraph in note.lines() {
        let text = RichText::new(paragraph).font(theme::small()).color(Role::TextDim.color());
        ui.add(Label::new(text).wrap());
    }
}

/// A few choices stand beside each other, many in a menu.
fn choices(ui: &mut Ui, section: &Section, actions: &mut Vec<Action>) {
    if section.choices.is_empty() {
        return;
    }
    if section.choices.len() <= size::FEW_CHOICES {
        ui.horizontal_wrapped(|ui| entries(ui, &section.choices, true, actions));
        return;
    }
    let chosen = section.choices.iter().find(|choice| choice.chosen);
    let button = ui.button(chosen.map_or("Choose", |choice| &choice.name));
    let button = button.accessible_name(format!("Choose {}", section.title));
    paint::menu(&button).show(|ui| {
        ScrollArea::vertical().max_height(paint::menu_height(ui)).show(ui, |ui| {
            entries(ui, &section.choices, false, actions);
        });
    });
}

fn entries(ui: &mut Ui, choices: &[Choice], framed: bool, actions: &mut Vec<Action>) {
    for choice in choices {
        let entry = paint::choice(choice.chosen, &choice.name).frame_when_inactive(framed);
        if ui.add(entry).clicked() && !choice.chosen {
            actions.push(choice.action.clone());
        }
    }
}

/// Each rule with its switch and its thresholds.
fn rules(ui: &mut Ui, rows: &[RuleRow], actions: &mut Vec<Action>) {
    egui::Grid::new("rules").spacing(Vec2::splat(size::GAP)).show(ui, |ui| {
        for RuleRow { switch, thresholds, unit } in rows {
            let mut press = |ui: &mut Ui, choice: &Choice, name: String| {
                let button = ui.add(paint::choice(choice.chosen, &choice.name).frame_when_inactive(true));
                if button.accessible_name(name).clicked() {
                    actions.push(choice.action.clone());
                }
            };
            press(ui, switch, switch.name.clone());
            for threshold in thresholds.iter() {
                press(ui, threshold, format!("{} from {} {unit}", switch.name, threshold.name));
            }
            ui.label(RichText::new(*unit).color(Role::TextDim.color()));
            ui.end_row();
        }
    });
}

/// Each key and what it does.
fn keys(ui: &mut Ui) {
    egui::Grid::new("keys").spacing(Vec2::new(size::EDGE * 2.0, size::GAP * 0.5)).show(ui, |ui| {
        for Shortcut { keys, name, .. } in &SHORTCUTS {
            let keys = ui.ctx().format_shortcut(keys);
            ui.label(RichText::new(keys).font(theme::figures()).color(Role::TextDim.color()));
            ui.label(*name);
            ui.end_row();
        }
    });
}

/// The speaker's name in a field that is taken over when one leaves it.
fn speaker(ui: &mut Ui, settings: &Settings, state: &mut ViewState, actions: &mut Vec<Action>) {
    let mut name = state.speaker.clone().or(settings.speaker.clone()).unwrap_or_default();
    let field = TextEdit::singleline(&mut name).id_salt("speaker").hint_text("Anna");
    let response = field_of(ui, field, "Speaker's name");
    if response.changed() {
        state.speaker = Some(name);
    }
    if response.lost_focus() {
        commit_written(settings, state, actions);
    }
}

/// The same of the glossary's terms.
fn glossary(ui: &mut Ui, settings: &Settings, state: &mut ViewState, actions: &mut Vec<Action>) {
    let mut text = state.glossary.clone().unwrap_or_else(|| settings.glossary.join("\n"));
    let field =
        TextEdit::multiline(&mut text).id_salt("glossary").hint_text("Maria Kowalczyk").desired_rows(2);
    let response = field_of(ui, field, "Terms");
    if response.changed() {
        state.glossary = Some(text);
    }
    if response.lost_focus() {
        commit_written(settings, state, actions);
    }
}

fn field_of(ui: &mut Ui, field: TextEdit<'_>, name: &str) -> Response {
    ui.add(field.font(theme::body()).desired_width(size::EMPTY_WIDTH)).accessible_name(name)
}

/// Takes over what was written into the fields, if anything was.
pub(super) fn commit_written(settings: &Settings, state: &mut ViewState, actions: &mut Vec<Action>) {
    let written = (state.speaker.take(), state.glossary.take());
    if let (None, None) = written {
        return;
    }
    let after = with_written(settings, written.0.as_deref(), written.1.as_deref());
    if after != *settings {
        actions.push(Action::Set(after));
    }
}
