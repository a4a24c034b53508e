//! The settings: every choice with what it does.

use crate::action::Action;
use crate::facts::{Facts, ModelCard};
use crate::view_model::status::COST_FROM;
use crate::view_model::words::counted;
use earmark_timeline::rule::{Rule, Setting};
use earmark_timeline::settings::Settings;
use earmark_timeline::snapshot::{Engine, Health, Snapshot, Usage};
use earmark_timeline::transport::{ChannelChoice, Listen};

/// Languages by their names for themselves where many speak them; others are told by their codes.
const LANGUAGES: [(&str, &str); 20] = [
    ("ar", "العربية"),
    ("cs", "Čeština"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("es", "Español"),
    ("fi", "Suomi"),
    ("fr", "Français"),
    ("hu", "Magyar"),
    ("it", "Italiano"),
    ("nl", "Nederlands"),
    ("no", "Norsk"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("sv", "Svenska"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
];

/// The settings page.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingsPage {
    /// What is chosen by clicks.
    pub sections: Vec<Section>,
    /// Who speaks; a name is written.
    pub speaker: Section,
    /// What is marked by itself.
    pub rules: Vec<RuleRow>,
    /// The settings as they are, for the fields to change.
    pub settings: Settings,
}

/// Choices that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// What is chosen.
    pub title: &'static str,
    /// What can be chosen; nothing if there is only the note.
    pub choices: Vec<Choice>,
    /// What one should know about it.
    pub note: String,
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What it is called.
    pub name: String,
    /// Whether it is chosen now.
    pub chosen: bool,
    /// What choosing it asks for.
    pub action: Action,
}

/// A rule that marks.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleRow {
    /// Has it mark, or no longer.
    pub switch: Choice,
    /// From when on it marks; choosing one switches it on.
    pub thresholds: Vec<Choice>,
    /// What thresholds count.
    pub unit: &'static str,
}

impl SettingsPage {
    pub(crate) fn new(snapshot: &Snapshot, facts: &Facts) -> Self {
        let (settings, status) = (snapshot.notebook.settings(), &snapshot.status);
        let card = facts.models.iter().find(|card| card.name == settings.model);
        let mut sections = vec![listen(facts.listen), channel(facts.channel)];
        sections.push(model(settings, card, &facts.models, &snapshot.usage));
        sections.push(language(settings, card));
        sections.extend(translation(settings, card));
        sections.push(words(settings));
        sections.extend(classes(&status.classifier));
        sections.extend(cores(&status.engine));
        let speaker = speaker(settings, facts.track.as_deref());
        let rules = Rule::ALL.map(|rule| RuleRow::new(rule, settings)).into();
        Self { sections, speaker, rules, settings: settings.clone() }
    }
}

impl RuleRow {
    fn new(rule: Rule, settings: &Settings) -> Self {
        let now = settings.rules.get(rule);
        let choice = |name: String, chosen: bool, set: Setting| Choice {
            name,
            chosen,
            action: Action::Set(Settings {
                rules: settings.rules.clone().with(rule, set),
                ..settings.clone()
            }),
        };
        let switch = choice(rule.label().to_owned(), now.is_on, Setting { is_on: !now.is_on, ..now });
        let threshold = |threshold: u16| {
            let set = Setting { is_on: true, threshold };
            choice(threshold.to_string(), now == set, set)
        };
        Self { switch, thresholds: rule.choices().map(threshold).into(), unit: rule.unit() }
    }
}

/// The settings with the speaker and the glossary as a person has written them, a term a line.
pub(crate) fn with_written(settings: &Settings, speaker: Option<&str>, glossary: Option<&str>) -> Settings {
    let mut settings = settings.clone();
    match (speaker.map(str::trim), settings.speaker.as_deref()) {
        // Who takes a name away wants the track's again; that nobody is named is chosen by a click.
        (Some(""), Some("")) | (None, _) => {}
        (Some(""), _) => settings.speaker = None,
        (Some(name), _) => settings.speaker = Some(name.to_owned()),
    }
    if let Some(text) = glossary {
        settings.glossary = terms_from_text(text);
    }
    settings
}

/// Who is named, if nobody's name is written.
fn speaker(settings: &Settings, track: Option<&str>) -> Section {
    let choice = |name: String, speaker: Option<&str>| Choice {
        name,
        chosen: settings.speaker.as_deref() == speaker,
        action: Action::Set(Settings { speaker: speaker.map(str::to_owned), ..settings.clone() }),
    };
    let choices = track
        .map(|track| [choice(format!("As the track: {track}"), None), choice("Nobody".to_owned(), Some(""))]);
    let note = "A name that is written here stands in all exports, that of the track only in those with a place for \
                it: WebVTT, JSON, CSV and podcast transcripts."
        .to_owned();
    Section { title: "Speaker", choices: choices.into_iter().flatten().collect(), note }
}

/// The glossary's terms.
fn terms_from_text(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|term| !term.is_empty()).map(str::to_owned).collect()
}

fn listen(now: Listen) -> Section {
    let all = [
        (Listen::WhilePlaying, "While playing"),
        (Listen::WhileRecording, "While recording"),
        (Listen::Always, "Always"),
        (Listen::Off, "Off"),
    ];
    let choice = |(listen, name): (Listen, &str)| Choice {
        name: name.to_owned(),
        chosen: listen == now,
        action: Action::Listen(listen),
    };
    let note = "A parameter of the plugin; audio passes unchanged in any case.".to_owned();
    Section { title: "Listen", choices: all.map(choice).into(), note }
}

fn channel(now: ChannelChoice) -> Section {
    let all =
        [(ChannelChoice::Mix, "Mix of all"), (ChannelChoice::Left, "Left"), (ChannelChoice::Right, "Right")];
    let choice = |(channel, name): (ChannelChoice, &str)| Choice {
        name: name.to_owned(),
        chosen: channel == now,
        action: Action::Channel(channel),
    };
    Section { title: "Channels", choices: all.map(choice).into(), note: String::new() }
}

fn model(settings: &Settings, card: Option<&ModelCard>, all: &[ModelCard], usage: &Usage) -> Section {
    let choice = |card: &ModelCard| Choice {
        name: card.title.clone(),
        chosen: card.name == settings.model,
        action: Action::Set(with_model(settings, card)),
    };
    let note = card.map_or_else(
        || format!("{} is not known to this Earmark.", settings.model),
        |card| card.text.clone(),
    );
    let here = usage.models.iter().find(|usage| *usage.model == *settings.model);
    let here = here.filter(|_| usage.audio.0 >= COST_FROM).map(|here| {
        let cost = here.cpu.0 * 60.0 / usage.audio.0;
        format!("\nOn this computer: {cost:.1} CPU s for each minute that was heard since this was opened")
    });
    let note = note + &here.unwrap_or_default();
    Section { title: "Model", choices: all.iter().map(choice).collect(), note }
}

/// The settings with another model, as far as it knows what they ask for.
pub(crate) fn with_model(settings: &Settings, card: &ModelCard) -> Settings {
    let knows = |language: &String| card.languages.contains(language);
    Settings {
        model: card.name.clone(),
        language: settings.language.clone().filter(knows),
        translate: settings.translate && card.languages.len() > 1,
        ..settings.clone()
    }
}

fn language(settings: &Settings, card: Option<&ModelCard>) -> Section {
    let mut languages: Vec<_> = card
        .into_iter()
        .flat_map(|card| &card.languages)
        .map(|code| (Some(code.clone()), name_of(code)))
        .collect();
    if let [(_, one)] = &languages[..] {
        let note = format!("The model knows one language: {one}.");
        return Section { title: "Language", choices: Vec::new(), note };
    }
    languages.sort_by(|a, b| a.1.cmp(&b.1));
    languages.insert(0, (None, "Detect".to_owned()));
    let choice = |(language, name): (Option<String>, String)| Choice {
        name,
        chosen: language == settings.language,
        action: Action::Set(Settings { language, ..settings.clone() }),
    };
    let note = "Choosing the language is surer than detecting it.".to_owned();
    Section { title: "Language", choices: languages.into_iter().map(choice).collect(), note }
}

/// What is written, for a model that knows several languages.
fn translation(settings: &Settings, card: Option<&ModelCard>) -> Option<Section> {
    let choice = |(name, translate): (&str, bool)| Choice {
        name: name.to_owned(),
        chosen: settings.translate == translate,
        action: Action::Set(Settings { translate, ..settings.clone() }),
    };
    let choices = [("As spoken", false), ("In English", true)].map(choice).into();
    let note = "The model can write English whatever is spoken.".to_owned();
    let several = card.is_some_and(|card| card.languages.len() > 1);
    several.then_some(Section { title: "Written", choices, note })
}

fn words(settings: &Settings) -> Section {
    let choice = |(name, verbatim): (&str, bool)| Choice {
        name: name.to_owned(),
        chosen: settings.verbatim == verbatim,
        action: Action::Set(Settings { verbatim, ..settings.clone() }),
    };
    let choices = [("Without hesitations", false), ("Verbatim", true)].map(choice).into();
    let note = "Hesitations such as “um” are hidden, not deleted; verbatim shows them.".to_owned();
    Section { title: "Words", choices, note }
}

/// Why there are no sound classes, and what to do about it.
fn classes(classifier: &Health) -> Option<Section> {
    let Health::Unavailable(why) = classifier else { return None };
    let choices = vec![Choice { name: "Try again".to_owned(), chosen: false, action: Action::TryAgain }];
    Some(Section { title: "Sound classes", choices, note: why.clone() })
}

/// How much of the computer the models may take; nothing until the engine has told what there is.
fn cores(engine: &Engine) -> Option<Section> {
    let choice = |count: usize| Choice {
        name: count.to_string(),
        chosen: count == engine.cores,
        action: Action::UseCores(count),
    };
    let note = format!(
        "How many of this computer's {} cores the models of all tracks may use together ({} now). \
         The host always goes first.",
        engine.cores_available,
        counted(engine.sessions, "track", "tracks"),
    );
    let choices = (1..=engine.cores_available).map(choice).collect();
    (engine.cores_available > 0).then_some(Section { title: "Cores", choices, note })
}

fn name_of(code: &str) -> String {
    LANGUAGES.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| name).to_owned()
}
