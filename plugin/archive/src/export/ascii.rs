//! Text for formats whose readers agree on ASCII alone.

/// The text in printable ASCII: letters of other scripts are written out ("Straße" is "Strasse"), and
/// what has no such spelling is a question mark.
pub(super) fn ascii(text: &str) -> String {
    let spelled = deunicode::deunicode_with_tofu(text, "?");
    let printable = |letter: char| if letter.is_ascii_control() { ' ' } else { letter };
    spelled.chars().map(printable).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(ascii(text), expected);
    }

    #[test]
    fn every_script_becomes_printable_ascii() {
        check("Take 2, \"good\"", "Take 2, \"good\"");
        check("Straße, naïve – “ok” …", "Strasse, naive - \"ok\" ...");
        check("東京", "Dong Jing");
        check("Привет", "Privet");
        check("a\tb\n", "a b");
        check("\u{e000}", "?");
    }
}
