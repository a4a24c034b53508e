//! Which rows a filter leaves.

use super::Certainty;
use super::row;
use crate::view_state::Show;
use earmark_timeline::mark::Mark;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::sound::Role;
use earmark_timeline::tag::SoundClass;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::Utterance;

/// A filter over a notebook.
#[derive(Clone, Copy)]
pub(super) struct Filter<'a> {
    pub(super) show: Show,
    pub(super) notebook: &'a Notebook,
}

impl Filter<'_> {
    pub(super) fn leaves_speech(self, said: &Utterance) -> bool {
        match self.show {
            Show::All | Show::Speech => true,
            Show::Marks | Show::MarksByHand | Show::MarksByMachine => false,
            Show::Unsure => row::least_certainty(said) != Certainty::Sure,
            Show::Doubtful => row::least_certainty(said) == Certainty::Doubtful,
            Show::Corrected => !said.origin.yields(),
            Show::In(class) => self.class_at(said.middle()) == Some(class),
            Show::While(role) => self.role_at(said.middle()) == Some(role),
        }
    }

    pub(super) fn leaves_mark(self, mark: &Mark) -> bool {
        match self.show {
            Show::All | Show::Marks => true,
            Show::Speech | Show::Unsure | Show::Doubtful | Show::Corrected => false,
            Show::MarksByHand => !mark.origin.yields(),
            Show::MarksByMachine => mark.origin.yields(),
            Show::In(class) => self.class_at(mark.start) == Some(class),
            Show::While(role) => self.role_at(mark.start) == Some(role),
        }
    }

    /// Whether what lies at `time` and is neither stays.
    pub(super) fn leaves_place(self, time: ProjectTime) -> bool {
        match self.show {
            Show::In(class) => self.class_at(time) == Some(class),
            Show::While(role) => self.role_at(time) == Some(role),
            _ => true,
        }
    }

    fn class_at(self, time: ProjectTime) -> Option<SoundClass> {
        let spans = self.notebook.spans();
        let span = spans.get(spans.partition_point(|span| span.end <= time))?;
        (span.start <= time).then_some(span.class)
    }

    fn role_at(self, time: ProjectTime) -> Option<Role> {
        let spans = self.notebook.roles();
        let span = spans.get(spans.partition_point(|span| span.end <= time))?;
        (span.start <= time).then_some(span.role)
    }
}

impl Show {
    /// Whether what is being said is shown: nobody knows yet what it will be.
    pub(super) const fn leaves_unsettled(self) -> bool {
        matches!(self, Self::All | Self::Speech)
    }
}
