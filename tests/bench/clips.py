"""Writes the list of clips that the benchmark hears, and their audio at 16 kHz for the peers.

A corpus is a folder with an index.csv whose columns kind, lang, path, dur_s, ground_truth and text say what
each recording is; without one, every recording of the fixtures' folder that has a .txt beside it is taken.
"""

import argparse
import csv
import hashlib
import json
import pathlib
import sys

from faster_whisper import decode_audio

# Whisper's window: what is longer is no utterance.
LONGEST_UTTERANCE = 30.0
# Phrases of a talk, in seconds, and how many of them are played in real time for the delays.
PHRASE = (2.0, 8.0)
PHRASES = 10


def corpus(folder):
    """Every recording of a corpus whose words are known."""
    with open(folder / "index.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            is_speech = row["kind"] == "speech" or "transcript" in row["ground_truth"]
            if is_speech and row["text"].strip():
                yield {
                    "id": row["path"],
                    "path": str(folder / row["path"]),
                    "language": row["lang"],
                    "text": row["text"],
                    "seconds": float(row["dur_s"]),
                }


def fixtures(folder):
    """Every English recording of the fixtures' folder that has its text beside it."""
    for text in sorted(folder.glob("*.txt")):
        recording = next(path for path in folder.glob(text.stem + ".*") if path.suffix != ".txt")
        audio = decode_audio(str(recording), sampling_rate=16000)
        yield {
            "id": recording.name,
            "path": str(recording),
            "language": "en",
            "text": text.read_text(encoding="utf-8"),
            "seconds": len(audio) / 16000,
        }


def set_of(clip):
    """Which table a clip belongs to."""
    if clip["language"] != "en":
        return clip["language"]
    return "utterances" if clip["seconds"] <= LONGEST_UTTERANCE else "whole"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=pathlib.Path)
    parser.add_argument("--fixtures", type=pathlib.Path)
    parser.add_argument("--audio", type=pathlib.Path, required=True, help="the folder for the audio")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="the folder for the lists")
    parser.add_argument("--every", type=int, default=1, help="hear one clip in so many")
    options = parser.parse_args()
    if options.corpus and not (options.corpus / "index.csv").is_file():
        sys.exit(f"{options.corpus} holds no index.csv; name another folder with --corpus")
    found = corpus(options.corpus) if options.corpus else fixtures(options.fixtures)
    options.audio.mkdir(parents=True, exist_ok=True)
    sets = {}
    for clip in found:
        sets.setdefault(set_of(clip), []).append(clip)
    phrases = [clip for clip in sets.get("utterances", []) if PHRASE[0] <= clip["seconds"] <= PHRASE[1]]
    sets = {name: clips[:: options.every] for name, clips in sets.items()}
    sets["phrases"] = phrases[:: -(-len(phrases) // PHRASES) or 1]
    for name in ("utterances", "whole", "es", "fr", "phrases"):
        clips = sets.get(name, [])
        for clip in clips:
            raw = options.audio / (hashlib.sha256(clip["path"].encode()).hexdigest()[:16] + ".f32")
            if not raw.exists():
                raw.write_bytes(decode_audio(clip["path"], sampling_rate=16000).astype("<f4").tobytes())
            clip["audio16"] = str(raw)
        lines = (json.dumps(clip, ensure_ascii=False) + "\n" for clip in clips)
        (options.out / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
        print(f"{name}: {len(clips)} clips, {sum(clip['seconds'] for clip in clips):.0f} s")


if __name__ == "__main__":
    main()
