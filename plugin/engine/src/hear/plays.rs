//! What plays in a run and in each stretch of it, by what the models are asked for the classes of sound anyway.

use super::Shares;
use super::instruments::Evidence;
use super::role::{self, Groups};
use crate::infer::classify::{FrameClass, Second, Stretch, Yamnet};
use earmark_timeline::sound::{Role, Stem};
use std::sync::Arc;

/// Tells what plays from what was heard; a trait so that a test can stand in for YAMNet's names.
pub(crate) trait Roles: Send + Sync {
    /// What plays in a stretch and how probable that is, if it is sure.
    fn of_stretch(&self, stretch: &Stretch) -> Option<(Role, f32)>;
    /// What plays in all that was heard.
    fn of_run(&self, heard: &Evidence, shares: &Shares) -> Stem;
}

/// YAMNet's names, and those among them that roles are told by.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    pub(super) names: Vec<String>,
    pub(super) groups: Groups,
}

impl Vocabulary {
    /// That of a model.
    ///
    /// # Errors
    /// A sentence, if the model does not know the classes that roles are told by.
    pub(crate) fn of(yamnet: &Yamnet) -> Result<Self, String> {
        let names = yamnet.names().to_vec();
        let groups = Groups::find(&names);
        let groups = groups.ok_or("YAMNet lacks a class; fetch it again with `cargo xtask models`")?;
        Ok(Self { names, groups })
    }
}

impl Roles for Vocabulary {
    fn of_stretch(&self, stretch: &Stretch) -> Option<(Role, f32)> {
        let mut heard = Evidence::new();
        stretch.seconds.iter().filter_map(|second| second.scores.as_ref()).for_each(|patch| heard.add(patch));
        if heard.is_empty() {
            return None;
        }
        role::sure(&role::figures(&heard, &self.groups, &shares(&stretch.classes)))
    }

    fn of_run(&self, heard: &Evidence, shares: &Shares) -> Stem {
        role::stem(&role::figures(heard, &self.groups, shares), &self.names, heard.scores())
    }
}

/// What plays in a run, second after second.
pub(crate) struct Plays {
    roles: Arc<dyn Roles>,
    whole: Evidence,
    /// The run's last moment, which counts where there is nothing else.
    cut_short: Evidence,
}

impl Plays {
    /// Before anything was heard.
    pub(crate) fn new(roles: Arc<dyn Roles>) -> Self {
        Self { roles, whole: Evidence::new(), cut_short: Evidence::new() }
    }

    /// Takes a second.
    pub(crate) fn hear(&mut self, second: &Second) {
        let evidence = if second.is_whole { &mut self.whole } else { &mut self.cut_short };
        if let Some(patch) = &second.scores {
            evidence.add(patch);
        }
    }

    /// What plays in a stretch of the run.
    pub(crate) fn role(&self, stretch: &Stretch) -> Option<(Role, f32)> {
        self.roles.of_stretch(stretch)
    }

    /// What plays in what was heard so far, in which classes have these shares; `None` where nothing was heard.
    pub(crate) fn stem(&self, shares: &Shares) -> Option<Stem> {
        let heard = [&self.whole, &self.cut_short].into_iter().find(|evidence| !evidence.is_empty())?;
        Some(self.roles.of_run(heard, shares))
    }
}

/// How much of some cells each class fills.
fn shares(classes: &[FrameClass]) -> Shares {
    let mut shares = Shares::default();
    for cell in classes {
        shares[cell.class as usize] += 1.0 / classes.len() as f64;
    }
    shares
}
