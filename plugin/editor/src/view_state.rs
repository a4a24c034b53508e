//! What the window remembers between frames: where one looks and what is chosen.

mod draft;
mod exporting;
mod find;

pub use draft::Draft;
pub use exporting::{ExportJob, Exporting, Extent};
pub use find::{Find, Show};

use crate::facts::FileWork;
use crate::theme::{Look, Role, size};
use crate::view_model::transcript::RowId;
use crate::view_model::units::Unit;
use crate::view_model::words::{clock_from_time, counted};
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::ItemId;

/// The part of a frame that belongs to the window and not to the session.
#[derive(Debug, Clone, PartialEq)]
pub struct ViewState {
    /// How the visible stretch is chosen.
    pub framing: Framing,
    /// The visible stretch while [`Framing::Free`].
    pub visible: Stretch,
    /// Whether the timeline turns the page when the playhead leaves it.
    pub follow: bool,
    /// The row that is chosen.
    pub selected: Option<RowId>,
    /// The row up to which more are chosen, before or after that one.
    pub until: Option<RowId>,
    /// The word of that row that was clicked, as an index into [`Row::words`](crate::Row::words).
    pub word: Option<usize>,
    /// What is being written in a row's place.
    pub draft: Option<Draft>,
    /// What places are to be told in.
    pub unit: Unit,
    /// Whether what was dropped is shown.
    pub dropped: bool,
    /// Whether all words look alike, however sure the model is of them.
    pub plain: bool,
    /// What is searched for and which rows are shown, while that is open.
    pub find: Option<Find>,
    /// The palette.
    pub look: Look,
    /// How large text is, and all around it, in per cent of its usual size; less where the window is too small for it.
    pub text_percent: u16,
    /// Whether the settings are open.
    pub settings: bool,
    /// What is chosen on the export page, while that is open.
    pub export: Option<Exporting>,
    /// The speaker's name while it is being written.
    pub speaker: Option<String>,
    /// The glossary while it is being written, a term a line.
    pub glossary: Option<String>,
    /// How wide the timeline is, in points.
    pub width: f32,
    /// The window's clock in seconds, for notices that go away by themselves.
    pub now: f64,
    /// What the shell wants a person to know, oldest first.
    pub notices: Vec<Notice>,
    /// The standing banners that the person has read and does not want to see again.
    pub dismissed: Vec<String>,
}

/// How the timeline chooses its visible stretch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Framing {
    /// Everything there is.
    #[default]
    Fit,
    /// What the person zoomed or scrolled to.
    Free,
}

/// A stretch of the timeline in seconds. A view is never exact enough to need more than `f64`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// Where it starts.
    pub start: f64,
    /// How long it is; positive.
    pub length: f64,
}

/// A sentence that the shell wants to show.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// What to say.
    pub text: String,
    /// [`Role::Text`] for news, [`Role::Problem`] for an error.
    pub role: Role,
    /// When it goes, on [`ViewState::now`]'s clock; `None` for one that stays until it is dismissed.
    pub until: Option<f64>,
}

impl Default for ViewState {
    fn default() -> Self {
        Self {
            framing: Framing::Fit,
            visible: Stretch { start: 0.0, length: Stretch::LEAST_FIT },
            follow: true,
            selected: None,
            until: None,
            word: None,
            draft: None,
            unit: Unit::Time,
            dropped: false,
            plain: false,
            find: None,
            look: Look::Dark,
            text_percent: ViewState::TEXT_PERCENT[0],
            settings: false,
            export: None,
            speaker: None,
            glossary: None,
            width: 1.0,
            now: 0.0,
            notices: Vec::new(),
            dismissed: Vec::new(),
        }
    }
}

impl ViewState {
    /// The sizes of text, smallest first, in per cent.
    pub const TEXT_PERCENT: [u16; 6] = size::TEXT_PERCENT;
    /// How long news stays, in seconds: long enough to be read twice.
    pub const NEWS_SECONDS: f64 = 4.0;

    /// Chooses a row, or none.
    pub fn select(&mut self, row: Option<RowId>) {
        self.selected = row;
        self.until = None;
        self.word = None;
    }

    /// Chooses all rows from the chosen one to this one, or this one alone.
    pub fn extend(&mut self, row: RowId) {
        self.until = self.selected.is_some().then_some(row);
        self.selected = self.selected.or(Some(row));
        self.word = None;
    }

    /// The next larger or smaller size of the text.
    pub fn resize_text(&mut self, larger: bool) {
        let now = self.text_percent;
        let mut steps = size::TEXT_PERCENT.into_iter();
        let next = if larger { steps.find(|step| *step > now) } else { steps.rfind(|step| *step < now) };
        self.text_percent = next.unwrap_or(now);
    }

    /// The utterance or mark that is chosen.
    pub fn selected_item(&self) -> Option<ItemId> {
        match self.selected {
            Some(RowId::Item(id)) => Some(id),
            _ => None,
        }
    }

    /// Shows news that goes away by itself.
    pub fn tell(&mut self, text: impl Into<String>) {
        let until = Some(self.now + Self::NEWS_SECONDS);
        self.notices.push(Notice { text: text.into(), role: Role::Text, until });
    }

    /// Says that a file was analysed, until the person dismisses it: they may have been away.
    pub fn report_file(&mut self, file: &FileWork, words: usize) {
        let (place, words) = (clock_from_time(file.at, 1), counted(words, "word", "words"));
        let text = format!("{}: {words} from {place} on. Undo takes them out again.", file.name);
        self.notices.push(Notice { text, role: Role::Text, until: None });
    }

    /// Shows an error that stays until the person dismisses it.
    pub fn complain(&mut self, text: impl Into<String>) {
        self.notices.push(Notice { text: text.into(), role: Role::Problem, until: None });
    }

    /// Forgets notices whose time is over; tells in how many seconds the next one goes.
    pub fn expire(&mut self) -> Option<f64> {
        let now = self.now;
        self.notices.retain(|notice| notice.until.is_none_or(|until| until > now));
        self.notices.iter().filter_map(|notice| notice.until).map(|until| until - now).reduce(f64::min)
    }

    /// Zooms by `factor` (above 1 shows less) so that the time at `anchor` (0 to 1 of the width) stays.
    pub fn zoom(&mut self, shown: Stretch, factor: f64, anchor: f64) {
        let length = (shown.length / factor).clamp(Stretch::LEAST, Stretch::MOST);
        self.framing = Framing::Free;
        self.visible = Stretch { start: shown.start + (shown.length - length) * anchor, length };
    }

    /// Moves the view by `seconds`, and stops following, for the person now leads.
    pub fn scroll(&mut self, shown: Stretch, seconds: f64) {
        self.framing = Framing::Free;
        self.follow = false;
        self.visible = Stretch { start: shown.start + seconds, ..shown };
    }

    /// Shows the page that begins at the moving `playhead` once it has left the page that is shown.
    pub fn turn_page(&mut self, shown: Stretch, playhead: Option<ProjectTime>) {
        let Some(playhead) = playhead else { return };
        if self.follow && self.framing == Framing::Free && !shown.holds(playhead) {
            // A little of what came before stays in view.
            self.visible = Stretch { start: playhead.seconds() - shown.length / 20.0, ..shown };
        }
    }

    /// Brings `time` into view if it is not.
    pub fn reveal(&mut self, shown: Stretch, time: ProjectTime) {
        if !shown.holds(time) {
            self.framing = Framing::Free;
            self.follow = false;
            self.visible = Stretch { start: time.seconds() - shown.length / 3.0, ..shown };
        }
    }
}

impl Stretch {
    /// The shortest stretch worth looking at, in seconds: a fifth of a word.
    pub const LEAST: f64 = 0.05;
    /// The longest stretch, in seconds: two days.
    pub const MOST: f64 = 172_800.0;
    /// What an empty timeline shows, in seconds.
    pub const LEAST_FIT: f64 = 30.0;

    /// Where it ends.
    pub fn end(self) -> f64 {
        self.start + self.length
    }

    /// Whether `time` lies in it.
    pub fn holds(self, time: ProjectTime) -> bool {
        (self.start..self.end()).contains(&time.seconds())
    }

    /// Where `time` lies in it, in points, if all of it is `width` points wide.
    pub fn x_from_time(self, time: ProjectTime, width: f32) -> f32 {
        ((time.seconds() - self.start) / self.length * f64::from(width)) as f32
    }

    /// The time at `x` points of `width`.
    pub fn time_from_x(self, x: f32, width: f32) -> ProjectTime {
        ProjectTime::from_seconds(self.start + f64::from(x / width.max(1.0)) * self.length)
    }
}
