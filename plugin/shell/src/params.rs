//! What the host can automate, and the fields that it saves for us.

use crate::state::{AtticField, NotebookField, SavedState};
use crate::window::ShapeField;
use earmark_timeline::transport::{ChannelChoice, Listen};
use nice_plug::prelude::{BoolParam, Enum, EnumParam, Params};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The plugin's parameters. The audio thread reads their atomics and has no other inbox.
#[derive(Params)]
pub(crate) struct EarmarkParams {
    /// The host's bypass: audio passes in any case; bypassed, nothing is listened to.
    #[id = "bypass"]
    pub(crate) bypass: BoolParam,
    /// When to listen.
    #[id = "listen"]
    pub(crate) listen: EnumParam<ListenParam>,
    /// Which channels to listen to.
    #[id = "channel"]
    pub(crate) channel: EnumParam<ChannelParam>,
    /// Sets a mark at the playhead whenever it is switched on, so that a controller can.
    #[id = "mark"]
    pub(crate) mark: BoolParam,
    /// The notebook as one opaque line, which always deserialises; `archive` judges what is in it.
    #[persist = "notebook"]
    notebook: NotebookField,
    /// A notebook that this Earmark could not read, kept for one that can.
    #[persist = "attic"]
    attic: AtticField,
    /// The window's size, palette and unit.
    #[persist = "window"]
    pub(crate) window: ShapeField,
}

impl EarmarkParams {
    pub(crate) fn new(state: SavedState) -> Self {
        let state = Arc::new(state);
        Self {
            bypass: BoolParam::new("Bypass", false).make_bypass(),
            listen: EnumParam::new("Listen", ListenParam::WhilePlaying).non_automatable(),
            channel: EnumParam::new("Channels", ChannelParam::Mix).non_automatable(),
            mark: BoolParam::new("Add mark", false),
            notebook: NotebookField(Arc::clone(&state)),
            attic: AtticField(state),
            window: ShapeField(Arc::default()),
        }
    }

    /// How many states were loaded.
    ///
    /// # Realtime Safety
    /// Reads an atomic.
    pub(crate) fn loads(&self) -> u32 {
        self.notebook.0.loads.load(Ordering::Relaxed)
    }

    /// When to listen, bypass considered.
    ///
    /// # Realtime Safety
    /// Reads two atomics.
    pub(crate) fn listen_now(&self) -> Listen {
        if self.bypass.value() { Listen::Off } else { self.listen.value().into() }
    }
}

/// [`Listen`] as a parameter.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListenParam {
    #[id = "playing"]
    #[name = "While playing"]
    WhilePlaying,
    #[id = "recording"]
    #[name = "While recording"]
    WhileRecording,
    #[id = "always"]
    Always,
    #[id = "off"]
    Off,
}

impl From<ListenParam> for Listen {
    fn from(param: ListenParam) -> Self {
        match param {
            ListenParam::WhilePlaying => Self::WhilePlaying,
            ListenParam::WhileRecording => Self::WhileRecording,
            ListenParam::Always => Self::Always,
            ListenParam::Off => Self::Off,
        }
    }
}

impl From<Listen> for ListenParam {
    fn from(listen: Listen) -> Self {
        match listen {
            Listen::WhilePlaying => Self::WhilePlaying,
            Listen::WhileRecording => Self::WhileRecording,
            Listen::Always => Self::Always,
            Listen::Off => Self::Off,
        }
    }
}

/// [`ChannelChoice`] as a parameter.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChannelParam {
    #[id = "mix"]
    #[name = "Mix of all"]
    Mix,
    #[id = "left"]
    Left,
    #[id = "right"]
    Right,
}

impl From<ChannelParam> for ChannelChoice {
    fn from(param: ChannelParam) -> Self {
        match param {
            ChannelParam::Mix => Self::Mix,
            ChannelParam::Left => Self::Left,
            ChannelParam::Right => Self::Right,
        }
    }
}

impl From<ChannelChoice> for ChannelParam {
    fn from(channel: ChannelChoice) -> Self {
        match channel {
            ChannelChoice::Mix => Self::Mix,
            ChannelChoice::Left => Self::Left,
            ChannelChoice::Right => Self::Right,
        }
    }
}
