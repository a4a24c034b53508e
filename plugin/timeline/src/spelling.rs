//! How far two spellings are apart.

/// How many letters of `one` must be changed, added or left out to make it `other` (Levenshtein 1966).
pub fn edits(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, other) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != other);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(one: &str, other: &str, expected: usize) {
        let letters = |word: &str| word.chars().collect::<Vec<_>>();
        assert_eq!(edits(&letters(one), &letters(other)), expected, "{one}, {other}");
        assert_eq!(edits(&letters(other), &letters(one)), expected, "{other}, {one}");
    }

    #[test]
    fn each_letter_that_differs_counts_once() {
        check("", "", 0);
        check("", "abc", 3);
        check("tower", "tower", 0);
        check("tower", "power", 1);
        check("tower", "towers", 1);
        check("kitten", "sitting", 3);
        check("Gauß", "Gaus", 1);
    }
}
