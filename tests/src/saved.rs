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

/// What the text in our field begins with; the empty text is the empty notebook.
const MAGIC: &str = "EARMARK";

/// Reads the bytes that [`crate::host::Plugin::save`] returned: nice-plug writes eight bytes of length
/// and then JSON, whose `fields` hold our one text as a JSON string.
///
/// # Errors
///
/// [`SavedError`] that says which layer is wrong.
pub fn read(bytes: &[u8]) -> Result<Notebook, SavedError> {
    let frame = |what: &str| SavedError::Frame(what.to_owned());
    let json = bytes.get(8..).ok_or_else(|| frame("it is too short"))?;
    let json: Value = serde_json::from_slice(json).map_err(|error| frame(&error.to_string()))?;
    let fields = json.get("fields").and_then(Value::as_object).ok_or_else(|| frame("it has no fields"))?;
    let texts = fields.values().filter_map(Value::as_str);
    let mut strings = texts.filter_map(|text| serde_json::from_str::<String>(text).ok());
    let ours = strings.find(|text| text.is_empty() || text.starts_with(MAGIC));
    Ok(state::decode(&ours.ok_or_else(|| frame("no field is a notebook"))?)?)
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
        assert_eq!(read(&framed(&json)).expect("it reads"), Notebook::default());
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
        check(r#"{"fields":{"a":"\"EARMARK1:zz\""}}"#, "cannot be read");
    }
}
