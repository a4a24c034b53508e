//! `cargo xtask tidy`: holds the arrows between the crates and the house rules that no lint knows.

mod look;
mod rules;

use anyhow::{Result, ensure};

/// Reads the workspace and says each violation in a sentence.
///
/// # Errors
/// When there is a violation, or the workspace cannot be read.
pub(crate) fn tidy() -> Result<()> {
    let violations = rules::violations(&look::workspace()?);
    for violation in &violations {
        println!("  {violation}");
    }
    ensure!(violations.is_empty(), "{} of the house's rules are broken", violations.len());
    println!("the house is tidy");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_keeps_the_house_rules() {
        let violations = rules::violations(&look::workspace().expect("cargo reads the workspace"));
        assert!(violations.is_empty(), "\n{}", violations.join("\n"));
    }
}
