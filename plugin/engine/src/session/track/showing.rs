//! What a session shows: the newest state to everybody, and what is only known beside it.

use super::Track;
use super::tickets::Matter;
use crate::hub::smaller_model;
use earmark_capture::Drain;
use earmark_timeline::snapshot::{Engine, Relief};
use earmark_timeline::units::{SampleRate, Seconds, time_from_frames};
use std::time::Duration;

impl Track {
    /// Shows the newest state to everybody, with what the `engine` is doing, if it changed; says whether it did.
    pub(crate) fn publish(&mut self, engine: &Engine) -> bool {
        self.look_at_the_gauge();
        self.look_at_the_engine(engine);
        self.news = false;
        if !std::mem::take(&mut self.changed) {
            return false;
        }
        let pending = self.tickets.values().filter(|ticket| !matches!(ticket.matter, Matter::Partial { .. }));
        let speech = pending.clone().filter(|ticket| matches!(ticket.matter, Matter::Speech(_)));
        let waiting = speech.map(|ticket| self.heard().saturating_sub(ticket.heard)).max().unwrap_or(0);
        let behind = waiting.max(self.spooled() - self.queued_samples as u64);
        let behind = Seconds(behind as f64 / f64::from(SampleRate::MODEL.hz()));
        let count = pending.count();
        self.state.backlog = self.backlog();
        let status = &mut self.state.status;
        let kept_up = self.state.backlog.is_empty();
        status.behind_at_most = if kept_up { behind } else { Seconds(status.behind_at_most.0.max(behind.0)) };
        status.behind = behind;
        status.pending = count;
        self.state.revision += 1;
        self.shared.publish(self.state.clone());
        true
    }

    /// Takes note of what a round of listening has cost; nothing worth showing by itself.
    pub(crate) fn spent(&mut self, cpu: Duration) {
        let power = self.state.status.engine.power;
        self.state.usage.listen(Seconds(cpu.as_secs_f64()), power);
    }

    /// Shows a person one sentence, or none.
    pub(crate) fn tell(&mut self, notice: Option<String>) {
        self.state.status.notice = notice;
        self.changed = true;
    }

    /// Takes over what all sessions share. How busy it is, and how far behind, is only worth showing beside
    /// something else.
    fn look_at_the_engine(&mut self, engine: &Engine) {
        let status = &mut self.state.status;
        let shown = &status.engine;
        self.changed |=
            (engine.cores, engine.sessions, engine.relief) != (shown.cores, shown.sessions, shown.relief);
        status.engine.clone_from(engine);
        let offered = engine.relief == Relief::SmallerModel;
        let smaller = if offered { smaller_model(&self.state.notebook) } else { None };
        if status.smaller_model.as_deref() != smaller {
            status.smaller_model = smaller.map(str::to_owned);
            self.changed = true;
        }
    }

    /// Takes over what the audio thread shows of itself.
    fn look_at_the_gauge(&mut self) {
        let mut status = self.state.status.clone();
        if let Some(drain) = self.drains.front() {
            let playhead = drain.gauge().playhead();
            status.playing = playhead.playing;
            status.playhead = playhead.project.map(|project| time_from_frames(project, drain.rate()));
        } else {
            status.playing = false;
        }
        status.lost = self.lost_now();
        status.rate = self.drains.front().map(Drain::rate).or(status.rate);
        (status.undo, status.redo) = (self.history.next_undo(), self.history.next_redo());
        let settled = self.tickets.is_empty() && self.closed.is_empty();
        let finished = if settled { self.ended } else { self.state.finished };
        if status != self.state.status || finished != self.state.finished {
            self.state.status = status;
            self.state.finished = finished;
            self.changed = true;
        }
    }
}
