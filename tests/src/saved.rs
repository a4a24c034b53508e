//! A plugin's saved state, taken apart the way a person debugging a project would.

use earmark_archive::state::{self, StateError};
use earmark_timeline::notebook::Notebook;
use serde_json::Value;

/// A state that is not what the plugin should write.
#[derive(Debug, thiserror::Error)]
pub enum SavedError {
    /// It is not the framework's frame around our field.
    #[error("The saved state is not a plugin's: {0}.")]
    Frame(String),
    /// Our field is not a notebook.
    #[error("The saved notebook cannot be read: {0}.")]
    Notebook(#[from] StateError),
}

/// The field that holds the notebook.
const FIELD: &str = "notebook";

/// Reads the bytes that [`crate::host::Instance::save`] returned: JSON, whose `fields` hold our text as a
/// JSON string.
///
/// # Errors
///
/// [`SavedError`] that says which layer is wrong.
pub fn read(bytes: &[u8]) -> Result<Notebook, SavedError> {
    let frame = |what: &str| SavedError::Frame(what.to_owned());
    let (_, json) = parts(bytes);
    let json: Value = serde_json::from_slice(json).map_err(|error| frame(&error.to_string()))?;
    let fields = json.get("fields").and_then(Value::as_object).ok_or_else(|| frame("it has no fields"))?;
    let field = fields.get(FIELD).and_then(Value::as_str).ok_or_else(|| frame("no field is a notebook"))?;
    let text: String = serde_json::from_str(field).map_err(|error| frame(&error.to_string()))?;
    Ok(state::decode(&text)?)
}

/// The saved `state` with other text where the notebook stands.
///
/// # Errors
///
/// [`SavedError::Frame`] when it is no plugin's state.
pub fn with_notebook(state: &[u8], text: &str) -> Result<Vec<u8>, SavedError> {
    let frame = |error: serde_json::Error| SavedError::Frame(error.to_string());
    let (length, json) = parts(state);
    let mut json: Value = serde_json::from_slice(json).map_err(frame)?;
    json["fields"][FIELD] = Value::String(serde_json::to_string(text).map_err(frame)?);
    let json = serde_json::to_vec(&json).map_err(frame)?;
    let length = length.map(|_| (json.len() as u64).to_le_bytes());
    Ok([length.as_ref().map_or(&[][..], |length| length), &json].concat())
}

/// The length that the framework writes first in CLAP, where nothing else tells it, and the JSON.
fn parts(state: &[u8]) -> (Option<u64>, &[u8]) {
    match state.split_first_chunk() {
        Some((length, json)) if u64::from_le_bytes(*length) == json.len() as u64 => {
            (Some(u64::from_le_bytes(*length)), json)
        }
        _ => (None, state),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(json: &str) -> Vec<u8> {
        [&(json.len() as u64).to_le_bytes()[..], json.as_bytes()].concat()
    }

    #[test]
    fn the_notebook_is_found_in_its_frame() {
        let text = serde_json::to_string(&state::encode(&Notebook::default())).expect("a string");
        let fields = serde_json::json!({ "notebook": text, "size": "[1,2]" });
        let json = serde_json::json!({ "version": "1", "params": {}, "fields": fields }).to_string();
        assert_eq!(read(&framed(&json)).expect("CLAP's reads"), Notebook::default());
        assert_eq!(read(json.as_bytes()).expect("VST3's reads"), Notebook::default());
    }

    #[test]
    fn what_is_wrong_is_told() {
        let check = |json: &str, expected: &str| {
            let text = read(&framed(json)).expect_err("it is wrong").to_string();
            assert!(text.contains(expected), "{json}: {text}");
        };
        check("", "not a plugin's");
        check("{}", "no fields");
        check(r#"{"fields":{"a":"1"}}"#, "no field is a notebook");
        check(r#"{"fields":{"notebook":"\"EARMARK1:zz\""}}"#, "cannot be read");
    }
}
