//! Enums of the vocabulary and their twins in this format, one to one.

use earmark_timeline::{tag, utterance};
use serde::{Deserialize, Serialize};

macro_rules! twin {
    ($twin:ident of $original:path { $($variant:ident),* }) => {
        #[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub(in crate::state) enum $twin { $($variant),* }

        impl From<$original> for $twin {
            fn from(value: $original) -> Self {
                use $original as Original;
                match value { $(Original::$variant => Self::$variant),* }
            }
        }

        impl From<$twin> for $original {
            fn from(value: $twin) -> Self {
                match value { $($twin::$variant => Self::$variant),* }
            }
        }
    };
}

twin!(Origin of utterance::Origin { Machine, Chosen, Hand });
twin!(SoundClass of tag::SoundClass { Speech, Singing, Music, Other, Silence });
twin!(DropReason of utterance::DropReason { TooShort, NoSpeech, NonSpeech, Repetition, TooFast, Failed });
