"""Words made alike, and which word of one text answers which of another."""

from whisper_normalizer.basic import BasicTextNormalizer
from whisper_normalizer.english import EnglishTextNormalizer

_ENGLISH = EnglishTextNormalizer()
_OTHERS = BasicTextNormalizer()


def normalised(text, language):
    """The words of a text as Whisper's own normaliser for its language writes them."""
    normaliser = _ENGLISH if language == "en" else _OTHERS
    return normaliser(text).split()


def aligned(reference, heard):
    """Pairs (reference index or None, heard index or None) on a way with the fewest errors."""
    # Levenshtein's table; each cell counts the errors that remain from there on.
    rows, columns = len(reference), len(heard)
    left = [[0] * (columns + 1) for _ in range(rows + 1)]
    for r in range(rows, -1, -1):
        for h in range(columns, -1, -1):
            if r == rows or h == columns:
                left[r][h] = rows - r + columns - h
            else:
                differs = reference[r] != heard[h]
                left[r][h] = min(left[r + 1][h + 1] + differs, left[r + 1][h] + 1, left[r][h + 1] + 1)
    pairs, r, h = [], 0, 0
    while r < rows or h < columns:
        if r < rows and h < columns:
            if left[r][h] == left[r + 1][h + 1] + (reference[r] != heard[h]):
                pairs.append((r, h))
                r, h = r + 1, h + 1
                continue
        if r < rows and left[r][h] == left[r + 1][h] + 1:
            pairs.append((r, None))
            r += 1
        else:
            pairs.append((None, h))
            h += 1
    return pairs


def errors(reference, heard):
    """How many words are wrong, too many and missing."""
    wrong = more = missing = 0
    for r, h in aligned(reference, heard):
        if r is None:
            more += 1
        elif h is None:
            missing += 1
        elif reference[r] != heard[h]:
            wrong += 1
    return wrong, more, missing


def right_words(text, words, language):
    """For each heard word, whether its place in the reference text holds the same word.

    Words are normalised one by one, so that each keeps its own tokens; one that normalises to nothing, such
    as a pause filler, is None.
    """
    reference = [token for word in text.split() for token in normalised(word, language)]
    tokens, owners = [], []
    for index, word in enumerate(words):
        for token in normalised(word, language):
            tokens.append(token)
            owners.append(index)
    right = [None] * len(words)
    for r, h in aligned(reference, tokens):
        if h is not None:
            fits = r is not None and reference[r] == tokens[h]
            right[owners[h]] = fits and right[owners[h]] is not False
    return right
