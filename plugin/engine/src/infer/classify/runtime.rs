//! Networks that the inference library runs: one input, one output, one thread.

use super::ClassifyError;
use crate::hub::outlive_statics;
use ort::environment::Environment;
use ort::session::Session;
use ort::value::TensorRef;
use std::path::Path;
use std::sync::{Mutex, Once, PoisonError};

/// What a network is called and what goes in and out; the converter writes the names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names {
    /// For people.
    pub(super) model: &'static str,
    pub(super) input: &'static str,
    pub(super) output: &'static str,
}

/// A network, ready to be asked.
#[derive(Debug)]
pub(super) struct Network {
    session: Session,
    names: Names,
}

impl Network {
    /// Loads a network from ONNX bytes.
    ///
    /// The library at `runtime_library`, an absolute path, is loaded by the first call that succeeds and stays
    /// for as long as the process lives: it keeps threads and tables that would not survive an unload. Later
    /// calls use that one, whatever path they give.
    ///
    /// # Errors
    /// [`ClassifyError::Library`] if the library is missing, too old or no library, [`ClassifyError::Model`] if
    /// the bytes are not a model with the expected input and output.
    pub(super) fn load(names: Names, runtime_library: &Path, model: &[u8]) -> Result<Self, ClassifyError> {
        let environment = environment(runtime_library)?;
        let session = session(&environment, model, names);
        let session = session.map_err(|reason| ClassifyError::Model { model: names.model, reason })?;
        static STATICS: Once = Once::new();
        STATICS.call_once(outlive_statics);
        Ok(Self { session, names })
    }

    /// A text that the converter wrote into the model.
    pub(super) fn metadata(&self, key: &str) -> Option<String> {
        self.session.metadata().ok()?.custom(key)
    }

    /// The network's answer to `input`, rows of `N` finite numbers, as many as `rows`.
    ///
    /// # Errors
    /// [`ClassifyError::Run`] if the library fails or answers something else.
    pub(super) fn run<const N: usize>(
        &mut self,
        shape: &[usize],
        input: &[f32],
        rows: usize,
    ) -> Result<Vec<[f32; N]>, ClassifyError> {
        let model = self.names.model;
        self.try_to_run(shape, input, rows).map_err(|reason| ClassifyError::Run { model, reason })
    }

    fn try_to_run<const N: usize>(
        &mut self,
        shape: &[usize],
        input: &[f32],
        rows: usize,
    ) -> Result<Vec<[f32; N]>, String> {
        let input = TensorRef::from_array_view((shape, input)).map_err(in_words)?;
        let outputs = self.session.run(ort::inputs![self.names.input => input]).map_err(in_words)?;
        let (shape, values) = outputs[self.names.output].try_extract_tensor::<f32>().map_err(in_words)?;
        let (answer, rest) = values.as_chunks::<N>();
        if answer.len() != rows || !rest.is_empty() {
            return Err(format!(
                "it answered with a tensor of shape {shape:?} instead of {rows} rows of {N}"
            ));
        }
        if values.iter().any(|value| !value.is_finite()) {
            return Err("it answered with values that are no numbers".to_owned());
        }
        Ok(answer.to_vec())
    }
}

/// The process's one inference environment. It is kept in a static so that the last classifier's end does
/// not tear it down.
fn environment(runtime_library: &Path) -> Result<Environment, ClassifyError> {
    static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);
    let failed = |reason: String| ClassifyError::Library { path: runtime_library.to_owned(), reason };
    let mut environment = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = &*environment {
        return Ok(environment.clone());
    }
    // A bare name would be looked up on the system's search path, where anything may lie.
    if !runtime_library.is_absolute() {
        return Err(failed("its path is not absolute".to_owned()));
    }
    if !runtime_library.is_file() {
        return Err(failed("there is no such file".to_owned()));
    }
    let builder = ort::init_from(runtime_library).map_err(|error| failed(error.to_string()))?;
    let built = builder
        .with_name("earmark")
        .with_telemetry(false)
        .build()
        .map_err(|error| failed(in_words(error)))?;
    Ok(environment.insert(built).clone())
}

/// One thread and no other: the hub runs several stretches side by side instead, and a second thread's
/// spinning would cost the host.
fn session(environment: &Environment, model: &[u8], names: Names) -> Result<Session, String> {
    let session = Session::builder(environment)
        .map_err(in_words)?
        .with_intra_threads(1)
        .map_err(in_words)?
        .with_inter_threads(1)
        .map_err(in_words)?
        .with_parallel_execution(false)
        .map_err(in_words)?
        .commit_from_memory(model)
        .map_err(in_words)?;
    let has = |outlets: &[ort::value::Outlet], name: &str| outlets.iter().any(|outlet| outlet.name() == name);
    let Names { input, output, .. } = names;
    if !has(session.inputs(), input) || !has(session.outputs(), output) {
        return Err(format!("it has no input `{input}` or no output `{output}`"));
    }
    Ok(session)
}

/// The library's message without its line breaks.
fn in_words<Recovery>(error: ort::Error<Recovery>) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
