"""Makes a corpus of the fixtures, for where there is no other: the recordings, and one of all of them with what fills it.

Of what plays it knows each role, of tempo and key nothing.
"""

import argparse
import csv
import json
import pathlib
import shutil
import wave

import numpy
from faster_whisper import decode_audio

# Each recording with its kind and label, as a corpus's list says them.
RECORDINGS = {
    "jfk.wav": ("speech", "speech"),
    "band.mp3": ("music", "mix"),
    "sonnet1.mp3": ("speech", "speech"),
    "singing.wav": ("music", "vocals"),
}
RATE = 16000
# The silence around each recording of the timeline, and the most of a recording that it has, in seconds.
SILENCE, LONGEST = 2, 15
COLUMNS = ("kind", "label", "lang", "path", "dur_s", "package", "bpm", "key")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--fixtures", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="the corpus's folder")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    silence = numpy.zeros(SILENCE * RATE, numpy.float32)
    rows, audio, segments, now = [], [silence], [], SILENCE
    segments.append({"start": 0, "end": now, "kind": "silence"})
    for name, (kind, label) in RECORDINGS.items():
        samples = decode_audio(str(options.fixtures / name), sampling_rate=RATE)
        # What is heard of a corpus goes where its own paths say.
        shutil.copy(options.fixtures / name, options.out / name)
        rows.append({"kind": kind, "label": label, "path": name, "dur_s": len(samples) / RATE, "package": name})
        part = samples[: LONGEST * RATE]
        end = now + len(part) / RATE
        segments.append({"start": now, "end": end, "kind": kind, "label": label, "src": name})
        segments.append({"start": end, "end": end + SILENCE, "kind": "silence"})
        audio += [part, silence]
        now = end + SILENCE
    timeline = options.out / "timeline.wav"
    with wave.open(str(timeline), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((numpy.concatenate(audio).clip(-1, 1) * 32767).astype("<i2").tobytes())
    timeline.with_suffix(".segments.json").write_text(json.dumps(segments), encoding="utf-8")
    rows.append({"kind": "timeline", "label": "timeline", "path": timeline.name, "dur_s": now, "package": "fixtures"})
    with open(options.out / "index.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
