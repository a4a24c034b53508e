//! Which scripts put spaces between words.

/// Joins words to one line of text, with a space wherever the script has one.
///
/// Whisper writes Japanese, Chinese, Thai, Lao, Burmese and Khmer without spaces, and so do their readers.
pub fn join<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for word in words {
        if has_space_between(&text, word) {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// Cuts text into words: at white space, and between any two letters of scripts without spaces. Joined
/// again, they are the text with single spaces.
pub fn split(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for mut rest in text.split_whitespace() {
        let mut letters = rest.char_indices().zip(rest.chars().skip(1));
        let mut from = 0;
        for ((at, left), right) in &mut letters {
            if is_unspaced(left) && is_unspaced(right) {
                let end = at + left.len_utf8() - from;
                words.push(&rest[..end]);
                (rest, from) = (&rest[end..], from + end);
            }
        }
        words.push(rest);
    }
    words
}

/// Whether a space stands between two neighbouring words; never at a text's beginning or end.
pub fn has_space_between(left: &str, right: &str) -> bool {
    match (left.chars().next_back(), right.chars().next()) {
        (Some(left), Some(right)) => !(is_unspaced(left) && is_unspaced(right)),
        _ => false,
    }
}

/// Whether the character belongs to a script that is written without spaces between words.
pub const fn is_unspaced(letter: char) -> bool {
    // Blocks of the Unicode standard. Hangul is not among them: Korean has spaces.
    matches!(letter,
        '\u{0E00}'..='\u{0EFF}'        // Thai, Lao
        | '\u{1000}'..='\u{109F}'      // Myanmar
        | '\u{1780}'..='\u{17FF}'      // Khmer
        | '\u{3000}'..='\u{30FF}'      // CJK punctuation, Hiragana, Katakana
        | '\u{31F0}'..='\u{31FF}'      // Katakana extensions
        | '\u{3400}'..='\u{4DBF}'      // CJK ideographs, extension A
        | '\u{4E00}'..='\u{9FFF}'      // CJK ideographs
        | '\u{F900}'..='\u{FAFF}'      // CJK compatibility ideographs
        | '\u{FF00}'..='\u{FFEF}'      // Full-width forms
        | '\u{20000}'..='\u{323AF}'    // CJK ideographs, extensions B to H
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &[&str], expected: &str) {
        assert_eq!(join(words.iter().copied()), expected);
    }

    #[test]
    fn what_was_joined_is_cut_into_words_again() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(split(text), expected);
            assert_eq!(join(split(text)), text);
        };
        check("", &[]);
        check("So I said.", &["So", "I", "said."]);
        check("我们去 Berlin 吧", &["我", "们", "去", "Berlin", "吧"]);
    }

    #[test]
    fn words_join_as_their_script_is_written() {
        check(&[], "");
        check(&["So", "I", "said."], "So I said.");
        check(&["今日", "は", "天気", "が", "いい。"], "今日は天気がいい。");
        check(&["我", "们", "去", "Berlin", "吧"], "我们去 Berlin 吧");
        check(&["สวัส", "ดี"], "สวัสดี");
        check(&["안녕", "하세요"], "안녕 하세요");
    }
}
