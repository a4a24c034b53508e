//! Sentences across the window that a person should not miss.

use super::settings::with_model;
use super::units::Measure;
use super::words::{clock_from_time, counted, words_from_length};
use crate::action::Action;
use crate::facts::Facts;
use crate::theme::Role;
use crate::view_state::ViewState;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::snapshot::{Activity, Health, Snapshot};
use earmark_timeline::units::{ProjectTime, Seconds};

/// A sentence across the window.
#[derive(Debug, Clone, PartialEq)]
pub struct Banner {
    /// What it says.
    pub text: String,
    /// How grave it is.
    pub role: Role,
    /// What one click does about it.
    pub offer: Option<Offer>,
    /// How it can be dismissed, if it can.
    pub dismiss: Option<Dismiss>,
}

/// What one click does about what a sentence says.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// What the button is called.
    pub name: String,
    /// What it does.
    pub remedy: Remedy,
}

/// What an offer does.
#[derive(Debug, Clone, PartialEq)]
pub enum Remedy {
    /// Asks for something.
    Ask(Action),
    /// Brings a place into view.
    Show(ProjectTime),
}

/// How a banner is dismissed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dismiss {
    /// By forgetting one of [`ViewState::notices`].
    Notice(usize),
    /// By remembering its text in [`ViewState::dismissed`] for as long as it is true.
    Standing,
}

/// All banners of a frame, the gravest first.
pub(crate) fn banners(snapshot: &Snapshot, state: &ViewState, facts: &Facts) -> Vec<Banner> {
    let mut banners = standing(snapshot, state, facts);
    banners.retain(|banner| !state.dismissed.contains(&banner.text));
    banners.extend(state.notices.iter().enumerate().map(|(index, notice)| Banner {
        text: notice.text.clone(),
        role: notice.role,
        offer: None,
        dismiss: Some(Dismiss::Notice(index)),
    }));
    banners
}

/// What is to be said for as long as it is true, dismissed or not.
pub(crate) fn standing(snapshot: &Snapshot, state: &ViewState, facts: &Facts) -> Vec<Banner> {
    let status = &snapshot.status;
    let warning = |text: String, offer: Option<Offer>| Banner {
        text,
        role: Role::Warning,
        offer,
        dismiss: Some(Dismiss::Standing),
    };
    let mut banners = Vec::new();
    // An empty transcript says it in the middle of the window already.
    if let (Health::Unavailable(why), false) = (&status.transcriber, snapshot.notebook.is_empty()) {
        let (text, offer) = (format!("Model missing: {why}"), Some(Offer::try_again()));
        banners.push(Banner { text, role: Role::Problem, offer, dismiss: None });
    }
    if let Some(notice) = &status.notice {
        let stopped = status.activity == Activity::Stopped;
        banners.push(warning(notice.clone(), stopped.then(Offer::try_again)));
    }
    banners.extend(smaller_model(snapshot, facts).map(|(text, offer)| warning(text, Some(offer))));
    let measure = Measure::new(state.unit, snapshot);
    banners.extend(missed(&snapshot.notebook, measure).map(|(text, offer)| warning(text, Some(offer))));
    banners
}

impl Offer {
    /// Has the engine look again for what it could not load.
    pub(crate) fn try_again() -> Self {
        Self { name: "Try again".to_owned(), remedy: Remedy::Ask(Action::TryAgain) }
    }

    /// Analyses a file from the playhead on.
    pub(crate) fn analyse_file(facts: &Facts) -> Self {
        let at = facts.playhead.unwrap_or_default();
        let name = match at {
            ProjectTime::ZERO => "Analyse a file".to_owned(),
            at => format!("Analyse a file from {} on", clock_from_time(at, 1)),
        };
        Self { name, remedy: Remedy::Ask(Action::AnalyseFile { at }) }
    }
}

/// A model that keeps up, while the one in use does not.
fn smaller_model(snapshot: &Snapshot, facts: &Facts) -> Option<(String, Offer)> {
    let name = snapshot.status.smaller_model.as_deref()?;
    let card = facts.models.iter().find(|card| card.name == name)?;
    let text = format!("{} cannot keep up here. {} is faster, and less accurate.", facts.model, card.title);
    let remedy = Remedy::Ask(Action::Set(with_model(snapshot.notebook.settings(), card)));
    Some((text, Offer { name: format!("Use {}", card.title), remedy }))
}

/// What was played and not heard, and how to have it heard.
fn missed(notebook: &Notebook, measure: Measure) -> Option<(String, Offer)> {
    let missed = notebook.missed();
    let first = missed.first()?.start;
    let length = missed.iter().map(|range| range.end.minus(range.start).seconds()).sum();
    let (length, place) = (words_from_length(Seconds(length)), measure.place(first, notebook.tempo()));
    let text = match missed.len() {
        1 => format!("Not analysed: {length} from {place} on. Play that passage again to have it heard."),
        count => {
            let places = counted(count, "place", "places");
            format!(
                "Not analysed: {length} in {places}, the first at {place}. Play them again to have them heard."
            )
        }
    };
    Some((text, Offer { name: "Show".to_owned(), remedy: Remedy::Show(first) }))
}
