"""Scores what the engines heard: word error, cost, language and calibration, as one JSON object."""

import argparse
import collections
import json
import random

from words import errors, normalised, right_words

# Resampled sets of clips for the interval of a difference.
ROUNDS = 1000


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def scored(clips, heard):
    """One engine's figures over the clips, and its errors clip by clip."""
    by_id = {result["id"]: result for result in heard}
    lacking = [clip["id"] for clip in clips if clip["id"] not in by_id]
    if lacking:
        raise SystemExit(f"{len(lacking)} clips were not heard, {lacking[0]} first; run the engine again")
    counts, kinds, told = [], collections.Counter(), collections.Counter()
    for clip in clips:
        result = by_id[clip["id"]]
        reference = normalised(clip["text"], clip["language"])
        wrong, more, missing = errors(reference, normalised(result["text"], clip["language"]))
        counts.append((wrong + more + missing, len(reference)))
        kinds.update(wrong=wrong, more=more, missing=missing, words=len(reference))
        if clip["seconds"] > 2:
            told.update(of=1, right=int(result["language"] == clip["language"]))
    seconds = sum(clip["seconds"] for clip in clips)
    results = [by_id[clip["id"]] for clip in clips]
    figures = {
        "clips": len(clips),
        "seconds": seconds,
        **kinds,
        "wer": 100 * rate(counts),
        "model_rtf": sum(result["model_cpu"] for result in results) / seconds,
        "rtf": sum(result["cpu"] for result in results) / seconds,
        "peak_mb": max(result["peak_mb"] for result in results),
        "language_right": told["right"],
        "language_of": told["of"],
    }
    return figures, counts


def rate(counts):
    wrong, words = (sum(column) for column in zip(*counts))
    return wrong / max(words, 1)


def difference(ours, theirs):
    """Ours less theirs in points, with the interval that holds 95 % of resampled sets of clips."""
    chance = random.Random(1)
    found = []
    for _ in range(ROUNDS):
        picks = chance.choices(range(len(ours)), k=len(ours))
        found.append(100 * (rate([ours[at] for at in picks]) - rate([theirs[at] for at in picks])))
    found.sort()
    points = 100 * (rate(ours) - rate(theirs))
    return [points, found[int(0.025 * ROUNDS)], found[int(0.975 * ROUNDS)]]


def calibration(clips, heard):
    """A row for each tenth of confidence: words, their mean confidence, the share that is right."""
    by_id = {result["id"]: result for result in heard}
    bins = [[] for _ in range(10)]
    for clip in clips:
        words = by_id[clip["id"]].get("words", [])
        right = right_words(clip["text"], [word["text"] for word in words], clip["language"])
        for word, fits in zip(words, right):
            if fits is not None:
                bins[min(int(word["confidence"] * 10), 9)].append((word["confidence"], fits))
    rows = []
    for number, found in enumerate(bins):
        count = len(found)
        confidence = sum(confidence for confidence, _ in found) / max(count, 1)
        share = sum(fits for _, fits in found) / max(count, 1)
        rows.append({"from": number / 10, "words": count, "confidence": confidence, "right": share})
    total = max(sum(row["words"] for row in rows), 1)
    error = sum(row["words"] * abs(row["confidence"] - row["right"]) for row in rows) / total
    return {"bins": rows, "expected_error": error}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clips", required=True)
    parser.add_argument("--heard", nargs="+", required=True, help="NAME=FILE of each engine, Earmark's first")
    options = parser.parse_args()
    clips = lines(options.clips)
    rows, ours = [], None
    for named in options.heard:
        name, path = named.split("=", 1)
        heard = lines(path)
        figures, counts = scored(clips, heard)
        if ours is None:
            ours = counts
            figures["calibration"] = calibration(clips, heard)
        else:
            figures["difference"] = difference(ours, counts)
        rows.append({"engine": name, **figures})
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
