//! Decoding one utterance: a quick pass, its language, and a second pass where the first is not to be believed.

use super::again;
use super::callbacks::{Bias, before_each_piece, is_cancelled, keep_encoded};
use super::{Effort, HeardWord, Hypothesis, Request, TranscribeError, Transcriber};
use crate::infer::confidence::calibrated;
use crate::infer::evidence::{NO_SPEECH, strip_descriptions};
use crate::infer::glossary::{Glossary, respell};
use crate::infer::interrupt::interruptible;
use crate::infer::language::Detection;
use crate::infer::timing::refine;
use crate::infer::words::{Token, words_from_tokens};
use earmark_timeline::units::SampleRate;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use whisper_rs::{FullParams, SamplingStrategy};

/// Encoder positions a second of audio.
const POSITIONS_PER_SECOND: f32 = 50.0;
/// Encoder positions beyond the audio's end that the decoder needs to find its own end. With fewer it
/// loops; with more it costs more for the same text (measured over 90 utterances).
const POSITIONS_MARGIN: f32 = 192.0;
/// Whole multiples of this many positions keep the matrix products at full speed.
const POSITIONS_STEP: f32 = 64.0;
/// Fewer positions than this hear short utterances worse ("Ask not" as "S not" with 320) and save little: over
/// 43 utterances, most below 4.5 s, word errors were 23.1 % with at least 256, 22.9 with 320, 22.6 with 384 and
/// 22.9 with 448, at 20, 20, 22 and 25 s of CPU with whisper-tiny.en, failures decoded again.
const POSITIONS_LEAST: f32 = 384.0;
/// With fewer than 448 positions the decoder loops on some short utterances: what failed is decoded with these. Many
/// more (768, 1500) cost more for no better words.
const POSITIONS_SAFE: f32 = 512.0;
/// The window that Whisper was trained on: 30 s.
const POSITIONS_MOST: f32 = 1500.0;
/// Hypotheses that are followed side by side where the single best one is doubted. Over 119 clips with
/// whisper-tiny.en, of 1481 words 250 were wrong with the single best ones, 230 with two, 228 with three, 226 with
/// five, which cost a twentieth more than three.
pub(super) const BEAM: i32 = 5;
/// Nobody says more pieces a second than this; a decoder that writes more is in a loop, which ends here.
const TOKENS_PER_SECOND: f32 = 10.0;
/// Pieces that even the shortest utterance may have, with its timestamps.
const TOKENS_LEAST: f32 = 16.0;
/// What makes Whisper write down hesitations, which it leaves out of its own accord: text that has some. Over nine
/// clips with 16 of them, whisper-tiny.en wrote 12 with it and none without, but also looped on one in nine.
const VERBATIM_PROMPT: &str = "Umm, let me think like, hmm... Okay, here's what I'm, uh, I'm thinking.";
/// Shorter audio is filled up with silence to a second, below which Whisper hears nothing.
const LEAST_SAMPLES: usize = SampleRate::MODEL.hz() as usize;

/// What stands in for the language where a model knows one alone, and where nothing is known yet.
const ENGLISH: &str = "en";
/// A term of more pieces than this is a sentence and no term.
const MOST_TERM_TOKENS: usize = 32;

impl Transcriber {
    /// Decodes one utterance, on this thread alone: two threads of ggml wait for each other in a spin
    /// loop, which on a busy machine costs ten times what it saves. Parallelism is over utterances.
    ///
    /// The encoder runs once; again only if the language turns out to be another than the one before, or
    /// if the first hypothesis cannot be believed at all. One that is doubted is compared with others from the same pass.
    ///
    /// # Errors
    /// [`TranscribeError::Cancelled`] once the flag is raised (after at most one pass of the encoder),
    /// [`TranscribeError::Decode`] if whisper.cpp fails.
    pub fn transcribe(&mut self, request: &Request<'_>) -> Result<Hypothesis, TranscribeError> {
        let mut padded = Vec::new();
        let audio = if request.audio.len() < LEAST_SAMPLES {
            padded.extend_from_slice(request.audio);
            padded.resize(LEAST_SAMPLES, 0.0);
            &padded[..]
        } else {
            request.audio
        };
        if self.glossary.0 != request.manner.glossary {
            let tokenize = |term: &str| self.model.context.tokenize(term, MOST_TERM_TOKENS).ok();
            let glossary = Glossary::new(&request.manner.glossary, tokenize);
            self.glossary = (Arc::clone(&request.manner.glossary), glossary);
        }
        let seconds = request.speech.end - request.speech.start;
        let multilingual = self.model.context.is_multilingual();
        let fixed = request.manner.language.as_deref().filter(|_| multilingual);
        let mut language = fixed.or(request.recent.filter(|_| multilingual)).unwrap_or(ENGLISH);
        let mut hypothesis = self.decode(audio, request, language, Search::Greedy)?;
        hypothesis.language_is_sure = true;
        if multilingual
            && fixed.is_none()
            && let Some(detection) = self.detect()?
        {
            let chosen = detection.choose(request.recent, seconds);
            if chosen != language {
                language = chosen;
                hypothesis = self.decode(audio, request, language, Search::Greedy)?;
            }
            hypothesis.language_is_sure = chosen == detection.best && detection.is_memorable(seconds);
        }
        // Where nobody speaks, looking again only finds more that is not there.
        if request.effort == Effort::Final && hypothesis.no_speech <= NO_SPEECH {
            if again::is_doubtful(&hypothesis, request.manner) {
                self.look_again(audio, request, language, &mut hypothesis)?;
            }
            self.hear_the_rest(request, language, &mut hypothesis)?;
        }
        Ok(hypothesis)
    }

    pub(super) fn decode(
        &mut self,
        audio: &[f32],
        request: &Request<'_>,
        language: &str,
        search: Search,
    ) -> Result<Hypothesis, TranscribeError> {
        let mut parameters = parameters(audio.len(), request, language, search);
        let context = &self.model.context;
        let bias = Bias {
            glossary: &self.glossary.1,
            end_of_text: context.token_eot(),
            vocabulary: usize::try_from(context.n_vocab()).unwrap_or(0),
        };
        // SAFETY: the callback reads what the pointer leads to and nothing else; it lives until the decoding
        // has returned, and whisper.cpp calls it on this thread alone.
        #[allow(unsafe_code, reason = "whisper-rs has no safe setter for it")]
        unsafe {
            parameters.set_filter_logits_callback(Some(before_each_piece));
            parameters.set_filter_logits_callback_user_data(std::ptr::from_ref(&bias).cast_mut().cast());
        }
        let result = interruptible(request.cancel, || self.state.full(parameters, audio));
        if request.cancel.load(Ordering::Relaxed) {
            return Err(TranscribeError::Cancelled);
        }
        result.map_err(TranscribeError::Decode)?;
        Ok(self.hypothesis(request, audio, language))
    }

    /// The language of what the encoder saw last: one step of the decoder, no second pass of the encoder.
    fn detect(&mut self) -> Result<Option<Detection<'static>>, TranscribeError> {
        let start = self.model.context.token_sot();
        self.state.decode(&[start], 0, 1).map_err(TranscribeError::Decode)?;
        let logits = self.state.get_logits().map_err(TranscribeError::Decode)?;
        let context = &self.model.context;
        let of_languages = (0..=whisper_rs::get_lang_max_id()).filter_map(|id| {
            let logit = logits.get(usize::try_from(context.token_lang(id)).ok()?)?;
            Some((whisper_rs::get_lang_str(id)?, *logit))
        });
        Ok(Detection::from_logits(of_languages))
    }

    fn hypothesis(&self, request: &Request<'_>, audio: &[f32], language: &str) -> Hypothesis {
        let end_of_text = self.model.context.token_eot();
        let mut tokens = Vec::new();
        let mut no_speech: f32 = 0.0;
        for segment in self.state.as_iter() {
            no_speech = no_speech.max(segment.no_speech_probability());
            for index in 0..segment.n_tokens() {
                let Some(token) = segment.get_token(index) else { continue };
                let data = token.token_data();
                // Ids from the end of text on are not text: timestamps, languages, tasks.
                if data.id >= end_of_text {
                    continue;
                }
                let bytes = token.to_bytes().unwrap_or_default().to_vec();
                // DTW tells where a token ends; without it, the far rougher segment-based estimate stands in.
                let end = if data.t_dtw >= 0 {
                    data.t_dtw as f32 / 100.0 - self.model.attention_lag
                } else {
                    data.t1 as f32 / 100.0
                };
                tokens.push(Token { bytes, end, logprob: data.plog });
            }
        }
        let mean_logprob = tokens.iter().map(|token| token.logprob).sum::<f32>() / tokens.len().max(1) as f32;
        let mut words = words_from_tokens(tokens, request.speech.clone());
        refine(&mut words, audio);
        let mut words: Vec<_> = words
            .into_iter()
            .map(|word| HeardWord {
                confidence: calibrated(word.logprob, mean_logprob),
                text: word.text,
                seconds: word.seconds,
            })
            .collect();
        strip_descriptions(&mut words);
        respell(&mut words, &request.manner.glossary);
        Hypothesis {
            words,
            no_speech,
            mean_logprob,
            language: Some(Arc::from(language)),
            language_is_sure: false,
            model: Arc::clone(&self.model.name),
        }
    }
}

/// How the decoder looks for the most probable text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Search {
    /// Piece by piece, always the most probable one.
    Greedy,
    /// Several hypotheses side by side, over what was encoded last.
    Beam,
    /// Several hypotheses side by side, over more of the window.
    BeamAnew,
}

fn parameters<'a>(
    samples: usize,
    request: &Request<'a>,
    language: &'a str,
    search: Search,
) -> FullParams<'a, 'a> {
    let mut parameters = FullParams::new(match search {
        Search::Greedy => SamplingStrategy::Greedy { best_of: 1 },
        Search::Beam | Search::BeamAnew => SamplingStrategy::BeamSearch { beam_size: BEAM, patience: -1.0 },
    });
    parameters.set_n_threads(1);
    parameters.set_audio_ctx(positions(samples, search) as i32);
    let seconds = samples as f32 / SampleRate::MODEL.hz() as f32;
    parameters.set_max_tokens((TOKENS_PER_SECOND * seconds + TOKENS_LEAST) as i32);
    // One window holds the utterance: without this, whisper.cpp hears its last silence again as a window of its own.
    parameters.set_single_segment(true);
    // Whether to decode again, and whether anybody spoke, is decided by the caller, who keeps what was dropped.
    parameters.set_temperature_inc(0.0);
    parameters.set_no_speech_thold(1.0);
    // What was said before re-seeds its own mistakes: every utterance stands for itself.
    parameters.set_no_context(true);
    parameters.set_language(Some(language));
    parameters.set_translate(request.manner.translate);
    // What such text leads into a loop is decoded again without it.
    if request.manner.verbatim && search == Search::Greedy {
        parameters.set_initial_prompt(VERBATIM_PROMPT);
    }
    parameters.set_suppress_blank(true);
    parameters.set_print_progress(false);
    parameters.set_print_realtime(false);
    parameters.set_print_timestamps(false);
    parameters.set_print_special(false);
    // SAFETY: the callback reads the flag behind the pointer and nothing else; the flag outlives the
    // parameters, which borrow the request. The safe setter of whisper-rs 0.16 calls a wrong closure.
    #[allow(unsafe_code, reason = "the only way to cancel an inference")]
    unsafe {
        parameters.set_abort_callback(Some(is_cancelled));
        parameters.set_abort_callback_user_data(std::ptr::from_ref(request.cancel).cast_mut().cast());
        if search == Search::Beam {
            parameters.set_start_encoder_callback(Some(keep_encoded));
        }
    }
    parameters
}

/// How many encoder positions audio of this many samples needs: few where a failure can still be mended.
fn positions(samples: usize, search: Search) -> f32 {
    let least = match search {
        Search::Greedy | Search::Beam => POSITIONS_LEAST,
        Search::BeamAnew => POSITIONS_SAFE,
    };
    let seconds = samples as f32 / SampleRate::MODEL.hz() as f32;
    let needed = (seconds * POSITIONS_PER_SECOND).ceil() + POSITIONS_MARGIN;
    ((needed / POSITIONS_STEP).ceil() * POSITIONS_STEP).clamp(least, POSITIONS_MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoder_sees_the_audio_and_a_margin_but_never_more_than_its_window() {
        let lengths =
            [(1.0, 384.0, 512.0), (5.0, 448.0, 512.0), (15.0, 960.0, 960.0), (30.0, 1500.0, 1500.0)];
        for (seconds, first, again) in lengths {
            let samples = (seconds * 16_000.0) as usize;
            assert_eq!(positions(samples, Search::Greedy), first, "{seconds} s");
            assert_eq!(positions(samples, Search::Beam), first, "{seconds} s, what is encoded");
            assert_eq!(positions(samples, Search::BeamAnew), again, "{seconds} s, again");
        }
    }
}
