//! Sentences across the window that a person should not miss.

use super::words::{counted, words_from_length};
use crate::theme::Role;
use crate::view_state::ViewState;
use earmark_timeline::snapshot::{Health, Snapshot};
use earmark_timeline::units::Seconds;

/// A sentence across the window.
#[derive(Debug, Clone, PartialEq)]
pub struct Banner {
    /// What it says.
    pub text: String,
    /// How grave it is.
    pub role: Role,
    /// Which of [`ViewState::notices`] it is, if it can be dismissed.
    pub notice: Option<usize>,
}

/// All banners of a frame, the gravest first.
pub(crate) fn banners(snapshot: &Snapshot, state: &ViewState) -> Vec<Banner> {
    let status = &snapshot.status;
    let standing = |text: String, role| Banner { text, role, notice: None };
    let mut banners = Vec::new();
    // An empty transcript says it in the middle of the window already.
    if let (Health::Unavailable(why), false) = (&status.transcriber, snapshot.notebook.is_empty()) {
        banners.push(standing(format!("Model missing: {why}"), Role::Problem));
    }
    if let Some(notice) = &status.notice {
        banners.push(standing(notice.clone(), Role::Warning));
    }
    if status.lost.0 > 0 {
        let lost = match status.rate {
            Some(rate) => words_from_length(Seconds(status.lost.0 as f64 / f64::from(rate.hz()))),
            None => counted(status.lost.0 as usize, "sample", "samples"),
        };
        let text = format!("Not analysed: {lost}. The computer was too busy; play that passage again.");
        banners.push(standing(text, Role::Warning));
    }
    banners.extend(state.notices.iter().enumerate().map(|(index, notice)| Banner {
        text: notice.text.clone(),
        role: notice.role,
        notice: Some(index),
    }));
    banners
}
