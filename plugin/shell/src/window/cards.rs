//! The models as the editor shows them.

use earmark_editor::ModelCard;
use earmark_models::{Card, Kind};
use std::sync::Arc;

/// The cards of all models that transcribe and run here.
pub(super) fn model_cards() -> Arc<[ModelCard]> {
    let fits = |card: &&Card| card.kind == Kind::Transcriber && card.runs_here();
    let cards = earmark_models::registry().iter().filter(fits);
    let shown = |card: &Card| ModelCard {
        name: card.name.clone(),
        title: card.title.clone(),
        languages: card.languages.clone(),
        text: text_of(card),
    };
    cards.map(shown).collect()
}

/// What is known about a model, a paragraph each.
fn text_of(card: &Card) -> String {
    let Card { version, licence, training_data, intended_use, accuracy, sha256, file, .. } = card;
    let megabytes = card.bytes as f64 / 1e6;
    let weaknesses = card.weaknesses.join(" ");
    [
        format!("Version {version}, {megabytes:.0} MB. Licence: {licence}"),
        format!("For: {intended_use}"),
        format!("Weak at: {weaknesses}"),
        format!("Trained on: {training_data}"),
        format!("Accuracy: {accuracy}"),
        format!("File: {file}, SHA-256 {sha256}"),
    ]
    .join("\n")
}
