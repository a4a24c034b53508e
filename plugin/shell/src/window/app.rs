//! What happens in the window: a frame when there is something new, and what a person asks for.

use super::cards::model_cards;
use super::files::{self, Files};
#[cfg(target_os = "linux")]
use super::keyboard::Keyboard;
use super::owned::Presence;
use super::{Shape, Shown};
use crate::export::export;
use crate::params::{ChannelParam, EarmarkParams, ListenParam};
use earmark_archive::export::Format;
use earmark_editor::{Action, EditorView, ExportFormat, Facts, FileWork, Guard, ModelCard};
use earmark_engine::command::Command;
use earmark_engine::session::Session;
use earmark_timeline::snapshot::Snapshot;
use egui_baseview::Frame;
use egui_baseview::baseview::{HandlerError, WindowSize};
use nice_plug::context::gui::GuiContext;
use nice_plug::prelude::Param;
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// One window's content. Lives on the host's GUI thread.
pub(super) struct App {
    session: Arc<Session>,
    params: Arc<EarmarkParams>,
    files: Arc<Files>,
    shape: Arc<Mutex<Shape>>,
    shown: Shown,
    view: EditorView,
    formats: Arc<[ExportFormat]>,
    models: Arc<[ModelCard]>,
    context: GuiContext,
    /// Whether somebody writes, so that the keys are meant for this window.
    writing: bool,
    /// A panic here would end the host's GUI thread.
    guard: Guard,
    presence: Presence,
    #[cfg(target_os = "linux")]
    keyboard: Option<Keyboard>,
}

impl App {
    pub(super) fn new(
        session: Arc<Session>,
        params: Arc<EarmarkParams>,
        files: Arc<Files>,
        shape: Arc<Mutex<Shape>>,
        shown: Shown,
        context: GuiContext,
        presence: Presence,
    ) -> Self {
        let formats = formats()
            .map(|format| ExportFormat {
                name: format.name().to_uppercase(),
                purpose: format.describe().to_owned(),
            })
            .collect();
        let view = EditorView::with_state(shape.lock().view.clone());
        let models = model_cards();
        Self {
            session,
            params,
            files,
            shape,
            shown,
            view,
            formats,
            models,
            context,
            writing: false,
            guard: Guard::default(),
            presence,
            #[cfg(target_os = "linux")]
            keyboard: None,
        }
    }

    /// The file that is being analysed; what has become of one is told on the way.
    fn file(&mut self) -> Option<FileWork> {
        let state = self.view.state_mut();
        match self.files.look() {
            files::State::Idle => return None,
            files::State::AtWork(work) => return Some(work),
            files::State::Done(work, words) => state.report_file(&work, words),
            files::State::Failed(reason) => state.complain(reason),
        }
        None
    }

    fn facts(&self, snapshot: &Snapshot, file: Option<FileWork>) -> Facts {
        let model = &snapshot.notebook.settings().model;
        Facts {
            bypassed: self.params.bypass.value(),
            listen: self.params.listen.value().into(),
            playing: snapshot.status.playing,
            playhead: snapshot.status.playhead,
            track: self.shape.lock().track.clone(),
            model: earmark_models::card(model).map_or_else(|_| model.clone(), |card| card.title.clone()),
            formats: Arc::clone(&self.formats),
            models: Arc::clone(&self.models),
            channel: self.params.channel.value().into(),
            file,
            ..Facts::default()
        }
    }

    fn frame(&mut self, ui: &mut egui::Ui, frame: &mut Frame) {
        let snapshot = self.session.snapshot();
        let file = self.file();
        let facts = self.facts(&snapshot, file);
        let mut actions = Vec::new();
        self.view.ui(ui, &snapshot, &facts, &mut actions);
        let writing = ui.text_edit_focused();
        if writing && !self.writing {
            // A display that refuses the keyboard leaves it to the host; the mouse does all the rest.
            let _granted = frame.baseview_window().focus();
        }
        self.writing = writing;
        #[cfg(target_os = "linux")]
        if let Some(keyboard) = &mut self.keyboard {
            let pressed = ui.input(|input| input.pointer.any_pressed());
            keyboard.settle(frame.baseview_window().has_focus(), pressed, writing);
        }
        let asked = !actions.is_empty();
        for action in actions {
            self.carry_out(action, &snapshot, ui.ctx(), frame);
        }
        if asked {
            ui.ctx().request_repaint();
        }
    }

    fn carry_out(&mut self, action: Action, snapshot: &Snapshot, ctx: &egui::Context, frame: &Frame) {
        let sent = match action {
            Action::CopyTranscript { text } => {
                ctx.copy_text(text);
                self.view.state_mut().tell("Copied");
                Ok(())
            }
            Action::Export { format } => {
                let track = self.shape.lock().track.clone();
                let Some(format) = formats().nth(format) else { return };
                match export(&snapshot.notebook, format, track.as_deref()) {
                    Ok(path) => self.view.state_mut().tell(format!("Exported to {}", path.display())),
                    Err(reason) => self.view.state_mut().complain(reason),
                }
                Ok(())
            }
            Action::AnalyseFile { at } => {
                self.files.choose(at, frame.baseview_window());
                Ok(())
            }
            Action::GiveUpFile => {
                self.files.give_up();
                Ok(())
            }
            Action::Edit(edit) => self.session.send(Command::Edit(edit)),
            Action::Set(settings) => self.session.send(Command::Set(settings)),
            Action::Listen(listen) => {
                set(&self.context, &self.params.listen, ListenParam::from(listen));
                Ok(())
            }
            Action::Channel(channel) => {
                set(&self.context, &self.params.channel, ChannelParam::from(channel));
                Ok(())
            }
            Action::TryAgain => self.session.send(Command::TryAgain),
            Action::UseCores(cores) => self.session.send(Command::UseCores(cores)),
            Action::Undo => self.session.send(Command::Undo),
            Action::Redo => self.session.send(Command::Redo),
            // No plugin format lets a plugin move the host's playhead.
            Action::SelectUtterance { .. } => Ok(()),
        };
        if let Err(busy) = sent {
            self.view.state_mut().complain(busy.to_string());
        }
    }
}

/// Sets a parameter as a person does it, so that the host knows.
fn set<P: Param>(context: &GuiContext, param: &P, value: P::Plain) {
    let setter = context.param_setter();
    setter.begin_set_parameter(param);
    setter.set_parameter(param, value);
    setter.end_set_parameter(param);
}

impl Drop for App {
    /// The next window begins where this one ended.
    fn drop(&mut self) {
        self.shape.lock().view = self.view.state_mut().clone();
    }
}

impl egui_baseview::App for App {
    fn build(&mut self, _ctx: egui::Context, frame: &mut Frame) -> Result<(), HandlerError> {
        self.presence.announce();
        #[cfg(target_os = "linux")]
        {
            self.keyboard = Keyboard::of(frame.baseview_window());
        }
        let waker = frame.baseview_window().waker();
        let shown = Arc::clone(&self.shown);
        self.session.observe(Some(Arc::new(move || {
            if shown.load(Ordering::Relaxed) {
                waker.request_redraw();
            }
        })));
        Ok(())
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut Frame) {
        // Taken out, for what it guards is all the rest.
        let mut guard = std::mem::take(&mut self.guard);
        guard.show(ui, |ui| self.frame(ui, frame));
        self.guard = guard;
    }

    fn resized(&mut self, size: WindowSize) {
        let mut shape = self.shape.lock();
        shape.size = size.logical;
        shape.scale = size.scale_factor;
    }
}

/// The formats that the window offers: a track has no recording of its own that could be copied.
fn formats() -> impl Iterator<Item = Format> {
    Format::ALL.into_iter().filter(|format| !format.needs().recording)
}
