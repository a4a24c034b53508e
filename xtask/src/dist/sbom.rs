//! What the archive is made of, as CycloneDX 1.5 (ECMA-424) in JSON.

use anyhow::Result;
use earmark_models::{Card, registry};
use serde_json::{Value, json};

use super::packages::{Package, Packages};

/// Writes the list for archives made of a commit of that time, in seconds since 1970.
///
/// # Errors
/// When it cannot be written as JSON.
pub(super) fn write(packages: &Packages, commit_time: u64) -> Result<String> {
    let libraries = packages.0.iter().map(library);
    let models = registry().iter().filter(|card| card.runs_here()).map(model);
    let graph = packages.0.iter().map(|package| {
        let links: Vec<_> = package.links.iter().map(|id| format!("pkg:cargo/{id}")).collect();
        json!({ "ref": url(package), "dependsOn": links })
    });
    let document = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": { "type": "application", "name": "earmark", "version": env!("CARGO_PKG_VERSION") },
            "properties": [{ "name": "earmark:commit-time", "value": commit_time.to_string() }],
        },
        "components": libraries.chain(models).collect::<Vec<_>>(),
        "dependencies": graph.collect::<Vec<_>>(),
    });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn url(package: &Package) -> String {
    format!("pkg:cargo/{}", package.id())
}

fn library(package: &Package) -> Value {
    let mut component = json!({ "type": "library", "bom-ref": url(package), "name": package.name, "version": package.version });
    if let Some(licence) = &package.licence {
        component["licenses"] = json!([{ "expression": licence }]);
    }
    if !package.is_own {
        component["purl"] = json!(url(package));
    }
    if let Some(sum) = &package.checksum {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": sum }]);
    }
    component
}

fn model(card: &Card) -> Value {
    let kind = if card.kind == earmark_models::Kind::Runtime { "library" } else { "machine-learning-model" };
    json!({
        "type": kind,
        "bom-ref": format!("model:{}", card.name),
        "name": card.name,
        "version": card.version,
        "description": card.title,
        "licenses": [{ "license": { "name": card.licence } }],
        "hashes": [{ "alg": "SHA-256", "content": card.sha256 }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn libraries_and_models_are_listed_with_terms_and_sums_and_every_link_leads_somewhere() {
        let package = |name: &str, links: &[&str]| Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: Some("MIT".to_owned()),
            folder: PathBuf::new(),
            is_own: false,
            checksum: Some("ab".to_owned()),
            links: links.iter().map(|link| (*link).to_owned()).collect(),
        };
        let packages = Packages(vec![package("one", &["two@1.0.0"]), package("two", &[])]);
        let written: Value = serde_json::from_str(&write(&packages, 1).expect("written")).expect("JSON");
        let components = written["components"].as_array().expect("a list");
        let refs: Vec<_> = components.iter().map(|component| &component["bom-ref"]).collect();
        for edge in written["dependencies"].as_array().expect("a list") {
            assert!(
                edge["dependsOn"].as_array().expect("a list").iter().all(|to| refs.contains(&to)),
                "{edge}"
            );
        }
        assert_eq!(components[0]["hashes"][0]["content"], "ab");
        let models = components.iter().filter(|component| component["type"] == "machine-learning-model");
        assert!(models.count() >= 4, "{written}");
        assert!(components.iter().all(|component| component["licenses"][0].is_object()), "{written}");
    }
}
