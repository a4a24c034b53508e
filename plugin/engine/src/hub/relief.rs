//! What is done about being behind.

use earmark_models::{Kind, registry};
use earmark_timeline::notebook::Notebook;
use earmark_timeline::snapshot::Relief;
use earmark_timeline::units::Seconds;

/// Words that settle this much later than their turn leave no time for any that do not: 3 s, twice what a
/// phrase takes on a machine that keeps up.
const WITHOUT_PARTIALS: Seconds = Seconds(3.0);
/// So far behind, doing without partials was not enough: 10 s, beyond which nobody reads along.
const SMALLER_MODEL: Seconds = Seconds(10.0);
/// So near, it keeps up again.
const CAUGHT_UP: Seconds = Seconds(1.0);

/// The relief for a session that is furthest `behind` with live words, after `relief` until now: what was
/// begun lasts until it has caught up.
pub(crate) fn relief_for(behind: Seconds, relief: Relief) -> Relief {
    let needed = match behind.0 {
        behind if behind > SMALLER_MODEL.0 => Relief::SmallerModel,
        behind if behind > WITHOUT_PARTIALS.0 => Relief::WithoutPartials,
        _ => Relief::None,
    };
    if behind.0 < CAUGHT_UP.0 { Relief::None } else { needed.max(relief) }
}

/// The largest model that is smaller than the one in use and knows the language that is chosen or spoken.
pub(crate) fn smaller_model(notebook: &Notebook) -> Option<&'static str> {
    let settings = notebook.settings();
    let spoken = notebook.utterances().last().and_then(|utterance| utterance.language.as_deref());
    let language = settings.language.as_deref().or(spoken)?;
    let transcribers = || registry().iter().filter(|card| card.kind == Kind::Transcriber);
    let now = transcribers().find(|card| card.name == settings.model)?;
    let knows = |languages: &[String]| languages.iter().any(|known| known == language);
    let smaller = transcribers().filter(|card| card.bytes < now.bytes && knows(&card.languages));
    smaller.max_by_key(|card| card.bytes).map(|card| card.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use earmark_timeline::settings::Settings;

    #[test]
    fn relief_comes_in_steps_and_lasts_until_it_has_caught_up() {
        let mut relief = Relief::None;
        for (behind, expected) in [
            (2.9, Relief::None),
            (3.1, Relief::WithoutPartials),
            (10.1, Relief::SmallerModel),
            (1.1, Relief::SmallerModel),
            (0.9, Relief::None),
            (2.0, Relief::None),
        ] {
            relief = relief_for(Seconds(behind), relief);
            assert_eq!(relief, expected, "{behind} s");
        }
    }

    #[test]
    fn only_a_smaller_model_of_the_language_is_offered() {
        let check = |model: &str, language: Option<&str>, expected: Option<&str>| {
            let mut notebook = Notebook::default();
            let (model, language) = (model.to_owned(), language.map(str::to_owned));
            notebook.set_settings(Settings { model, language, ..Settings::default() });
            assert_eq!(smaller_model(&notebook), expected);
        };
        check("whisper-base", Some("en"), Some("whisper-tiny.en"));
        check("whisper-base", Some("de"), None);
        check("whisper-base", None, None);
        check("whisper-tiny.en", Some("en"), None);
        check("whisper-colossal", Some("en"), None);
    }
}
