//! What happens in the window: a frame when there is something new, and what a person asks for.

use super::cards::model_cards;
use super::files;
use super::owned::Presence;
use super::{Instance, Shown};
#[cfg(target_os = "linux")]
use super::{dropped::Drops, keyboard::Keyboard};
use crate::export::{Order, formats, usual_parts};
use crate::params::{ChannelParam, ListenParam};
use earmark_editor::{
    Action, EditorView, ExportFormat, ExportJob, Facts, FileWork, Guard, ModelCard, Preview,
};
use earmark_engine::command::Command;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::snapshot::Snapshot;
use egui_baseview::Frame;
use egui_baseview::baseview::{HandlerError, WindowSize};
use nice_plug::context::gui::GuiContext;
use nice_plug::editor::dpi::LogicalSize;
use nice_plug::prelude::Param;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// One window's content. Lives on the host's GUI thread.
pub(super) struct App {
    instance: Instance,
    shown: Shown,
    view: EditorView,
    formats: Arc<[ExportFormat]>,
    models: Arc<[ModelCard]>,
    /// What the chosen export will be, and of what that was found out.
    preview: Option<(Previewed, Preview)>,
    context: GuiContext,
    /// By how much text is larger than usual, as the window library knows it.
    zoom: f32,
    /// Whether somebody writes, so that the keys are meant for this window.
    writing: bool,
    /// A panic here would end the host's GUI thread.
    guard: Guard,
    presence: Presence,
    #[cfg(target_os = "linux")]
    keyboard: Option<Keyboard>,
    #[cfg(target_os = "linux")]
    drops: Option<Drops>,
}

/// Of what a preview is: what is asked for, the track's name, and the notebook's revision.
type Previewed = (ExportJob, Option<String>, u64);

impl App {
    pub(super) fn new(instance: Instance, shown: Shown, context: GuiContext, presence: Presence) -> Self {
        let formats = formats()
            .map(|format| ExportFormat {
                name: format.name().to_uppercase(),
                purpose: format.describe().to_owned(),
                parts: usual_parts(format),
            })
            .collect();
        let view = EditorView::with_state(instance.shape.lock().view.clone());
        let models = model_cards();
        Self {
            instance,
            shown,
            view,
            formats,
            models,
            preview: None,
            context,
            zoom: 1.0,
            writing: false,
            guard: Guard::default(),
            presence,
            #[cfg(target_os = "linux")]
            keyboard: None,
            #[cfg(target_os = "linux")]
            drops: None,
        }
    }

    /// The file that is being analysed; what has become of one is told on the way.
    fn file(&mut self) -> Option<FileWork> {
        let state = self.view.state_mut();
        match self.instance.files.look() {
            files::State::Idle => return None,
            files::State::AtWork(work) => return Some(work),
            files::State::Done(work, words) => state.report_file(&work, words),
            files::State::Told(said) => self.say(said),
        }
        None
    }

    /// What the export that is being chosen will be; kept as long as it stays the same.
    fn preview(&mut self, snapshot: &Snapshot, facts: &Facts) -> Option<Preview> {
        let job = self.view.export_job(snapshot, facts)?;
        let key = (job, facts.track.clone(), snapshot.notebook_revision);
        if self.preview.as_ref().is_none_or(|(known, _)| *known != key) {
            let order = Order::new(&key.0, key.1.as_deref(), snapshot.notebook.settings())?;
            let preview = order.preview(&snapshot.notebook);
            self.preview = Some((key, preview));
        }
        self.preview.as_ref().map(|(_, preview)| preview.clone())
    }

    /// The export that is asked for.
    fn order(&self, job: &ExportJob, notebook: &Notebook) -> Result<Order, String> {
        let order = Order::new(job, self.instance.shape.lock().track.as_deref(), notebook.settings());
        order.ok_or_else(|| "This format is not offered; choose another".to_owned())
    }

    fn facts(&self, snapshot: &Snapshot, file: Option<FileWork>) -> Facts {
        let model = &snapshot.notebook.settings().model;
        Facts {
            bypassed: self.instance.params.bypass.value(),
            listen: self.instance.params.listen.value().into(),
            playing: snapshot.status.playing,
            playhead: snapshot.status.playhead,
            track: self.instance.shape.lock().track.clone(),
            model: earmark_models::card(model).map_or_else(|_| model.clone(), |card| card.title.clone()),
            formats: Arc::clone(&self.formats),
            models: Arc::clone(&self.models),
            channel: self.instance.params.channel.value().into(),
            cycle: self.instance.cycle.range(),
            file,
            ..Facts::default()
        }
    }

    fn frame(&mut self, ui: &mut egui::Ui, frame: &mut Frame) {
        let snapshot = self.instance.session.snapshot();
        let file = self.file();
        let mut facts = self.facts(&snapshot, file);
        facts.preview = self.preview(&snapshot, &facts);
        let mut actions = Vec::new();
        #[cfg(target_os = "linux")]
        if let Some(drops) = &self.drops {
            ui.input_mut(|input| drops.tell(&mut input.raw));
        }
        self.view.ui(ui, &snapshot, &facts, &mut actions);
        self.keep_size(ui.ctx());
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
        // The next window begins where this one ends, and a project may be saved while it is open.
        self.instance.shape.lock().view.clone_from(self.view.state_mut());
    }

    /// Has the window keep its size when text gets another one: the library would have it grow as the text does, but for
    /// a size that is asked for in the same frame.
    fn keep_size(&mut self, ctx: &egui::Context) {
        let zoom = ctx.zoom_factor();
        if zoom != self.zoom {
            self.zoom = zoom;
            let size = self.instance.shape.lock().size;
            let size = egui::vec2(size.width as f32, size.height as f32) / zoom;
            ctx.send_viewport_cmd(egui::ViewportCommand::InnerSize(size));
        }
    }

    fn carry_out(&mut self, action: Action, snapshot: &Snapshot, ctx: &egui::Context, frame: &Frame) {
        let sent = match action {
            Action::CopyTranscript { text } => {
                ctx.copy_text(text);
                self.view.state_mut().tell("Copied");
                Ok(())
            }
            Action::Export(job) => {
                let saved =
                    self.order(&job, &snapshot.notebook).and_then(|order| order.save(&snapshot.notebook));
                self.say(saved.map(|path| format!("Exported to {}", path.display())));
                Ok(())
            }
            Action::ExportAs(job) => {
                match self.order(&job, &snapshot.notebook) {
                    Ok(order) => {
                        let notebook = Arc::clone(&snapshot.notebook);
                        self.instance.files.save(order, notebook, frame.baseview_window());
                    }
                    Err(reason) => self.view.state_mut().complain(reason),
                }
                Ok(())
            }
            Action::CopyExport(job) => {
                let order = self.order(&job, &snapshot.notebook);
                let text = order.and_then(|order| order.text(&snapshot.notebook));
                self.say(text.map(|text| {
                    ctx.copy_text(text);
                    "Copied".to_owned()
                }));
                Ok(())
            }
            Action::AnalyseFile { at } => {
                self.instance.files.choose(at, frame.baseview_window());
                Ok(())
            }
            Action::AnalyseDropped { path, at } => {
                self.instance.files.begin(&path, at);
                Ok(())
            }
            Action::GiveUpFile => {
                self.instance.files.give_up();
                Ok(())
            }
            Action::Edit(edit) => self.instance.session.send(Command::Edit(edit)),
            Action::Set(settings) => self.instance.session.send(Command::Set(settings)),
            Action::Listen(listen) => {
                set(&self.context, &self.instance.params.listen, ListenParam::from(listen));
                Ok(())
            }
            Action::Channel(channel) => {
                set(&self.context, &self.instance.params.channel, ChannelParam::from(channel));
                Ok(())
            }
            Action::TryAgain => self.instance.session.send(Command::TryAgain),
            Action::UseCores(cores) => self.instance.session.send(Command::UseCores(cores)),
            Action::Undo => self.instance.session.send(Command::Undo),
            Action::Redo => self.instance.session.send(Command::Redo),
            // No plugin format lets a plugin move the host's playhead.
            Action::SelectUtterance { .. } => Ok(()),
        };
        if let Err(busy) = sent {
            self.view.state_mut().complain(busy.to_string());
        }
    }
}

impl App {
    /// Tells news that goes away by itself, or an error that stays.
    fn say(&mut self, said: Result<String, String>) {
        let state = self.view.state_mut();
        match said {
            Ok(news) => state.tell(news),
            Err(reason) => state.complain(reason),
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

impl egui_baseview::App for App {
    fn build(&mut self, _ctx: egui::Context, frame: &mut Frame) -> Result<(), HandlerError> {
        self.presence.announce();
        #[cfg(target_os = "linux")]
        {
            let (window, waker) = (frame.baseview_window(), frame.baseview_window().waker());
            self.keyboard = Keyboard::of(window);
            let id = self.keyboard.as_ref().map(Keyboard::window);
            self.drops = id.and_then(|id| Drops::on(id, move || waker.request_redraw()));
        }
        let waker = frame.baseview_window().waker();
        let shown = Arc::clone(&self.shown);
        self.instance.session.observe(Some(Arc::new(move || {
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
        let mut shape = self.instance.shape.lock();
        // The library counts the size of text in.
        let zoom = f64::from(self.zoom);
        shape.size = LogicalSize::new(size.logical.width * zoom, size.logical.height * zoom);
        shape.scale = size.scale_factor / zoom;
    }
}
