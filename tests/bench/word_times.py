"""Compares where Earmark's words are with a forced alignment by pocketsphinx, as one JSON object."""

import argparse
import json
import re

import numpy
from pocketsphinx import Decoder

from words import aligned

# Frames a second of pocketsphinx.
FRAMES = 100


def plain(word):
    """A word as the dictionary has it."""
    return re.sub(r"[^a-z']", "", word.lower()).strip("'")


def spoken(text):
    """The words of a text as the dictionary has them."""
    return [word for word in map(plain, text.replace("-", " ").split()) if word]


def truth(decoder, words, audio):
    """Each word's start and end in seconds; None where the words do not fit the audio."""
    decoder.set_align_text(" ".join(words))
    decoder.start_utt()
    decoder.process_raw((audio.clip(-1, 1) * 32767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    found = [part for part in decoder.seg() or () if part.word[0] not in "<["]
    # The dictionary marks a word's other pronunciations with a number.
    if [re.sub(r"\(\d+\)$", "", part.word) for part in found] != words:
        return None
    return [(part.start_frame / FRAMES, (part.end_frame + 1) / FRAMES) for part in found]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clips", required=True)
    parser.add_argument("--heard", required=True)
    options = parser.parse_args()
    with open(options.heard, encoding="utf-8") as file:
        heard = {result["id"]: result["words"] for result in map(json.loads, file)}
    decoder = Decoder(lm=None, loglevel="FATAL")
    starts, inner, ends, clips = [], [], [], 0
    with open(options.clips, encoding="utf-8") as file:
        for clip in map(json.loads, file):
            words = spoken(clip["text"])
            if not words or any(decoder.lookup_word(word) is None for word in words):
                continue
            times = truth(decoder, words, numpy.fromfile(clip["audio16"], dtype="<f4"))
            if times is None:
                continue
            clips += 1
            ours = heard[clip["id"]]
            texts = [plain(word["text"]) for word in ours]
            for r, h in aligned(words, texts):
                if r is None or h is None or words[r] != texts[h]:
                    continue
                starts.append(ours[h]["start"] - times[r][0])
                ends.append(ours[h]["end"] - times[r][1])
                # The first word's start is the voice detector's.
                if h > 0:
                    inner.append(starts[-1])
    sets = {"starts": starts, "inner": inner, "ends": ends}
    figures = {
        name: {
            "median": float(numpy.median(numpy.abs(found))),
            "p95": float(numpy.percentile(numpy.abs(found), 95)),
            "late": float(numpy.median(found)),
        }
        for name, found in sets.items()
    }
    print(json.dumps({"clips": clips, "words": len(starts), **figures}))


if __name__ == "__main__":
    main()
