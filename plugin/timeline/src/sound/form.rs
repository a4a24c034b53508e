//! What a recording is made for, and how a guitar sounds.

/// What a recording is made for, as far as its course tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Something that sounds once and dies away.
    OneShot,
    /// Whole bars that go on where they began.
    Loop,
}

impl Form {
    const ALL: [Self; 2] = [Self::OneShot, Self::Loop];

    /// Its name in English, lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OneShot => "one-shot",
            Self::Loop => "loop",
        }
    }

    /// The form of a name as [`Form::name`] gives it.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }
}

/// How a guitar's amplifier is driven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drive {
    /// The strings as they are.
    Clean,
    /// With the overtones of an amplifier that is overdriven.
    Distorted,
}

impl Drive {
    const ALL: [Self; 2] = [Self::Clean, Self::Distorted];

    /// Its name in English, lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Distorted => "distorted",
        }
    }

    /// The drive of a name as [`Drive::name`] gives it.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|drive| drive.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_found_by_its_name() {
        assert!(Form::ALL.into_iter().all(|form| Form::from_name(form.name()) == Some(form)));
        assert!(Drive::ALL.into_iter().all(|drive| Drive::from_name(drive.name()) == Some(drive)));
        assert_eq!((Form::from_name("song"), Drive::from_name("")), (None, None));
    }
}
