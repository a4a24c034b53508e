//! What is marked without anybody asking each time: rules that a person switches and sets.

use crate::mark::Mark;

/// What a rule looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The earliest sound that was heard so far; from so many dB below full scale on.
    FirstSound,
    /// A section that sounds different from what was before: by so many percent at least what is on one side is more like
    /// itself than like the other side.
    Section,
    /// Silence between two sounds, of so many seconds at least.
    Silence,
    /// A wave that was cut off: so many samples in a row at full scale.
    Clipping,
    /// Digital zeros in the middle of a sound, for so many milliseconds at least.
    DropOut,
    /// Applause, heard with so many percent at least.
    Applause,
    /// Laughter, heard with so many percent at least.
    Laughter,
}

/// Whether a rule is on, and from when on it marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Whether it marks at all.
    pub is_on: bool,
    /// From when on, in the rule's unit.
    pub threshold: u16,
}

/// All rules as a person set them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules([Setting; Rule::ALL.len()]);

impl Rule {
    /// Every rule, in the order of menus.
    pub const ALL: [Self; 7] = [
        Self::FirstSound,
        Self::Section,
        Self::Silence,
        Self::Clipping,
        Self::DropOut,
        Self::Applause,
        Self::Laughter,
    ];

    /// What its marks say.
    pub const fn label(self) -> &'static str {
        match self {
            Self::FirstSound => "First sound",
            Self::Section => "Section",
            Self::Silence => "Silence",
            Self::Clipping => "Clipping",
            Self::DropOut => "Drop-out",
            Self::Applause => "Applause",
            Self::Laughter => "Laughter",
        }
    }

    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FirstSound => "first_sound",
            Self::Section => "section",
            Self::Silence => "silence",
            Self::Clipping => "clipping",
            Self::DropOut => "drop_out",
            Self::Applause => "applause",
            Self::Laughter => "laughter",
        }
    }

    /// What its threshold counts.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::FirstSound => "dB below full scale",
            Self::Silence => "s",
            Self::Clipping => "samples",
            Self::DropOut => "ms",
            Self::Section | Self::Applause | Self::Laughter => "%",
        }
    }

    /// Thresholds to choose from, the usual one first.
    pub const fn choices(self) -> [u16; 3] {
        match self {
            Self::FirstSound => [50, 60, 40],
            Self::Section => [12, 8, 20],
            Self::Silence => [10, 5, 30],
            Self::Clipping => [3, 6, 12],
            Self::DropOut => [5, 2, 20],
            Self::Applause | Self::Laughter => [50, 30, 70],
        }
    }

    /// The lowest and the highest threshold.
    pub const fn range(self) -> (u16, u16) {
        match self {
            Self::FirstSound => (20, 80),
            Self::Section => (3, 60),
            Self::Silence => (2, 600),
            Self::Clipping => (2, 1_000),
            Self::DropOut => (1, 500),
            Self::Applause | Self::Laughter => (5, 95),
        }
    }

    /// What it is unless a person sets it. Faults are marked; what somebody may have wanted is not.
    pub const fn usual(self) -> Setting {
        let is_on = matches!(self, Self::Clipping | Self::DropOut);
        Setting { is_on, threshold: self.choices()[0] }
    }

    /// The rule of a name in files.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }

    /// Whether `mark` says what this rule's marks say.
    pub(crate) fn is_of(self, mark: &Mark) -> bool {
        mark.label == self.label()
    }
}

impl Rules {
    /// How a rule is set.
    pub const fn get(&self, rule: Rule) -> Setting {
        self.0[rule as usize]
    }

    /// The same with a rule set otherwise, its threshold within its range.
    #[must_use]
    pub fn with(mut self, rule: Rule, setting: Setting) -> Self {
        let (least, most) = rule.range();
        self.0[rule as usize] = Setting { threshold: setting.threshold.clamp(least, most), ..setting };
        self
    }

    /// The rules that are set otherwise than usual.
    pub fn unusual(&self) -> impl Iterator<Item = (Rule, Setting)> {
        Rule::ALL.into_iter().map(|rule| (rule, self.get(rule))).filter(|(rule, set)| *set != rule.usual())
    }

    /// The threshold of a rule that is on.
    pub fn threshold(&self, rule: Rule) -> Option<u16> {
        let Setting { is_on, threshold } = self.get(rule);
        is_on.then_some(threshold)
    }
}

impl FromIterator<(Rule, Setting)> for Rules {
    /// The usual ones, but for these.
    fn from_iter<T: IntoIterator<Item = (Rule, Setting)>>(set: T) -> Self {
        set.into_iter().fold(Self::default(), |rules, (rule, setting)| rules.with(rule, setting))
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self(Rule::ALL.map(Rule::usual))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_own_name_and_is_set_by_itself_within_its_range() {
        for rule in Rule::ALL {
            assert_eq!(Rule::from_name(rule.name()), Some(rule));
            let (least, most) = rule.range();
            assert!(rule.choices().iter().all(|choice| (least..=most).contains(choice)), "{rule:?}");
            let set = Rules::default().with(rule, Setting { is_on: true, threshold: u16::MAX });
            assert_eq!(set.threshold(rule), Some(most));
            assert_eq!(set.with(rule, rule.usual()), Rules::default());
        }
    }
}
