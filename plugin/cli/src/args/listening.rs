//! How audio is listened to, as the command line says it.

use clap::Args;
use earmark_timeline::rule::{Rule, Rules, Setting};
use earmark_timeline::settings::Settings;

/// How audio is listened to.
#[derive(Debug, Args)]
pub(crate) struct Listening {
    /// The model that transcribes; `earmark models` lists them
    #[arg(short, long, value_name = "NAME", default_value = Settings::DEFAULT_MODEL)]
    pub(crate) model: String,

    /// The language that is spoken, as an ISO 639-1 code such as en or de [default: the model finds out]
    #[arg(short, long, value_name = "CODE")]
    pub(crate) language: Option<String>,

    /// Write English, whatever language is spoken (multilingual models only)
    #[arg(long)]
    pub(crate) translate: bool,

    /// Write hesitations ("um") and false starts too, which are hidden otherwise
    #[arg(long)]
    pub(crate) verbatim: bool,

    /// Names and terms to spell right: a text file with one a line, or the words themselves with commas between
    #[arg(short, long, value_name = "FILE|WORDS")]
    pub(crate) glossary: Option<String>,

    /// What is marked by itself, with commas between: first-sound, section, silence, clipping, drop-out, applause, laughter,
    /// each with = and a threshold where another than the usual one is wanted (dB below full scale, per cent, seconds,
    /// samples, milliseconds, per cent, per cent); or off [default: clipping,drop-out]
    #[arg(long, value_name = "RULES", value_parser = rules)]
    pub(crate) marks: Option<Rules>,
}

/// The rules of `silence=10,clipping`; those that are not named are off.
fn rules(text: &str) -> Result<Rules, String> {
    let none: Rules =
        Rule::ALL.map(|rule| (rule, Setting { is_on: false, ..rule.usual() })).into_iter().collect();
    if text == "off" {
        return Ok(none);
    }
    text.split(',').try_fold(none, |rules, one| {
        let (name, threshold) =
            one.split_once('=').map_or((one, None), |(name, number)| (name, Some(number)));
        let rule = Rule::from_name(&name.replace('-', "_")).ok_or_else(|| {
            let known = Rule::ALL.map(|rule| rule.name().replace('_', "-")).join(", ");
            format!("there is no rule called \"{name}\"; known are {known}")
        })?;
        let (least, most) = rule.range();
        let number = threshold.map_or(Ok(rule.usual().threshold), str::parse);
        let threshold = number.ok().filter(|number| (least..=most).contains(number));
        let threshold = threshold
            .ok_or_else(|| format!("{name} takes a number from {least} to {most} ({})", rule.unit()))?;
        Ok(rules.with(rule, Setting { is_on: true, threshold }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_rules_that_are_named_are_on() {
        let check = |text: &str, expected: &[(Rule, u16)]| {
            let rules = rules(text).expect("understood");
            let on = Rule::ALL.into_iter().filter_map(|rule| Some((rule, rules.threshold(rule)?)));
            assert_eq!(on.collect::<Vec<_>>(), expected, "{text}");
        };
        check("off", &[]);
        check("silence=10,clipping", &[(Rule::Silence, 10), (Rule::Clipping, 3)]);
        check("section,drop-out=20", &[(Rule::Section, 12), (Rule::DropOut, 20)]);
        check("drop-out=20", &[(Rule::DropOut, 20)]);
    }

    #[test]
    fn what_is_not_understood_is_refused_with_what_is() {
        let check = |text: &str, about: &str| {
            let refusal = rules(text).expect_err("refused");
            assert!(refusal.contains(about), "{refusal}");
        };
        check("", "first-sound, section, silence");
        check("barking", "\"barking\"; known are");
        check("silence=", "from 2 to 600 (s)");
        check("silence=-1", "from 2 to 600");
        check("applause=99", "from 5 to 95 (%)");
    }
}
