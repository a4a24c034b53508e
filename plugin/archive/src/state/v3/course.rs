//! What plays and how loud it is, in the course of time.

use super::words::{from_thousandths, thousandths};
use earmark_timeline::course::{LoudnessSpan, RoleSpan};
use earmark_timeline::sound::Role;
use earmark_timeline::units::ProjectTime;
use serde::{Deserialize, Serialize};

/// A stretch of one role, by its name.
#[derive(Serialize, Deserialize)]
pub(in crate::state) struct Part {
    start: i64,
    end: i64,
    role: String,
    thousandths: u16,
}

/// Stretches of one length, each after the other without a gap, in whole LUFS.
#[derive(Serialize, Deserialize)]
pub(in crate::state) struct Level {
    start: i64,
    length: i64,
    lufs: Vec<i8>,
}

impl From<&RoleSpan> for Part {
    fn from(span: &RoleSpan) -> Self {
        Self {
            start: span.start.ticks(),
            end: span.end.ticks(),
            role: span.role.name().to_owned(),
            thousandths: thousandths(span.probability),
        }
    }
}

impl Part {
    /// What this version has no name for it does not tell.
    pub(super) fn revive(self) -> Option<RoleSpan> {
        Some(RoleSpan {
            start: ProjectTime::from_ticks(self.start),
            end: ProjectTime::from_ticks(self.end),
            role: Role::from_name(&self.role)?,
            probability: from_thousandths(self.thousandths),
        })
    }
}

impl Level {
    pub(super) fn of(spans: &[LoudnessSpan]) -> Vec<Self> {
        let length = |span: &LoudnessSpan| span.end.minus(span.start);
        let alike = |a: &LoudnessSpan, b: &LoudnessSpan| a.end == b.start && length(a) == length(b);
        let level = |run: &[LoudnessSpan]| Self {
            start: run[0].start.ticks(),
            length: length(&run[0]).ticks(),
            lufs: run.iter().map(|span| span.lufs).collect(),
        };
        spans.chunk_by(alike).map(level).collect()
    }

    pub(super) fn revive(self) -> impl Iterator<Item = LoudnessSpan> {
        let length = ProjectTime::from_ticks(self.length);
        let mut end = ProjectTime::from_ticks(self.start);
        self.lufs.into_iter().map(move |lufs| {
            let start = end;
            end = start.plus(length);
            LoudnessSpan { start, end, lufs }
        })
    }
}
