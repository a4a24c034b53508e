//! What is kept from frame to frame.

use super::fixture::{at, facts, filled};
use crate::{ViewModel, ViewState};
use std::sync::Arc;

fn state() -> ViewState {
    ViewState { width: 880.0, ..ViewState::default() }
}

#[test]
fn news_goes_away_and_errors_stay() {
    let (snapshot, facts, mut state) = (filled(), facts(), state());
    state.tell("Copied");
    state.complain("The disk is full.");
    let banners = |state: &ViewState| {
        let model = ViewModel::new(&snapshot, state, &facts, None);
        model.banners.into_iter().map(|banner| banner.text).collect::<Vec<_>>()
    };
    assert_eq!(state.expire(), Some(ViewState::NEWS_SECONDS));
    assert_eq!(banners(&state), ["Copied", "The disk is full."]);
    state.now += ViewState::NEWS_SECONDS;
    assert_eq!(state.expire(), None);
    assert_eq!(banners(&state), ["The disk is full."]);
}

#[test]
fn the_transcript_is_kept_as_long_as_the_notebook_is() {
    let (mut snapshot, facts, state) = (filled(), facts(), state());
    let first = ViewModel::new(&snapshot, &state, &facts, None).transcript;
    snapshot.revision += 1;
    let second = ViewModel::new(&snapshot, &state, &facts, Some(&first)).transcript;
    assert!(Arc::ptr_eq(&first, &second));
    Arc::make_mut(&mut snapshot.notebook).settle(super::fixture::utterance(90, 56.0, "More."));
    let third = ViewModel::new(&snapshot, &state, &facts, Some(&second)).transcript;
    assert_eq!(third.len(), first.len() + 1);
}

#[test]
fn the_page_turns_when_the_playhead_leaves_it_and_not_before() {
    let mut state = state();
    let page = crate::Stretch { start: 0.0, length: 10.0 };
    state.zoom(page, 1.0, 0.0);
    state.turn_page(page, Some(at(9.9)));
    assert_eq!(state.visible, page);
    state.turn_page(page, Some(at(10.0)));
    assert_eq!(state.visible, crate::Stretch { start: 9.5, length: 10.0 });
    state.follow = false;
    state.turn_page(state.visible, Some(at(99.0)));
    assert_eq!(state.visible.start, 9.5);
}
