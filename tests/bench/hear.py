"""Scores what Earmark hears in a corpus's recordings: tempo, key, loudness and classes, as its JSON says them.

The list index.csv says tempi and keys; beside each recording of a timeline lies `NAME.segments.json` with what fills
it from when to when. Loudness is held against ffmpeg's own meter, if there is an ffmpeg.
"""

import argparse
import collections
import csv
import json
import pathlib
import re
import shutil
import statistics
import subprocess

CLASSES = ("speech", "singing", "music", "other", "silence")
FRAME_S = 0.01
# How far from a border of the truth its twin among ours is looked for.
BORDER_S = 1.0
OURS_BY_FFMPEG = {"integrated": "I", "range": "LRA", "true_peak": "Peak"}


def tempo(clips):
    """How often the tempo is right within 4 %, and with half and twice of it allowed."""
    rows, right = [], collections.Counter()
    known = [(clip, float(clip["bpm"])) for clip in clips if clip["bpm"]]
    for clip, truth in known:
        told = clip["sound"]["tempo"]
        near = [told and abs(told["bpm"] * times / truth - 1) < 0.04 for times in (1, 2, 0.5)]
        right.update(exact=bool(near[0]), octave=any(near), told=told is not None)
        if not near[0]:
            said = f"{told['bpm']:.1f} ({told['confidence']:.2f})" if told else "none"
            rows.append([pathlib.Path(clip["path"]).stem, f"{truth:.1f}", said])
    count = len(known)
    note = (
        f"Of {count} clips {right['exact']} are right within 4 % and {right['octave']} with half and twice allowed; of "
        f"{count - right['told']} no tempo is told. The table has the others."
    )
    figures = {"tempo right": right["exact"] / count, "tempo right or half or twice": right["octave"] / count}
    return section("Tempo", ["clip", "beats a minute", "told (confidence)"], rows, note, figures)


def key(clips):
    """How often the key is right, or a fifth or the relative away."""
    names = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]
    rows, right, near = [], 0, 0
    known = [clip for clip in clips if clip["key"]]
    for clip in known:
        tonic, _, mode = clip["key"].partition(" ")
        told = clip["sound"]["key"]
        if told:
            told_tonic, told_mode = told["scale"].split(" ")
            up = (names.index(told_tonic) - names.index(tonic)) % 12
            same = not mode or told_mode == mode
            if up == 0 and same:
                right, near = right + 1, near + 1
                continue
            relative = not same and up == (9 if mode == "major" else 3)
            near += relative or (same and up in (5, 7))
        said = f"{told['scale']} ({told['confidence']:.2f}), {told['tuning_cents']:+.0f} cents" if told else "none"
        rows.append([pathlib.Path(clip["path"]).stem, clip["key"], said])
    note = (
        f"Of {len(known)} clips {right} are right and {near} right or a fifth or the relative away; where only a note is "
        "known, any mode upon it is right. The table has the others."
    )
    figures = {"key right": right / len(known), "key right or near": near / len(known)}
    return section("Key", ["clip", "key", "told (confidence)"], rows, note, figures)


def loudness(clips):
    """How far our levels are from ffmpeg's."""
    apart = collections.defaultdict(list)
    for clip in clips:
        command = ["ffmpeg", "-nostats", "-i", clip["file"], "-af", "ebur128=peak=true", "-f", "null", "-"]
        summary = subprocess.run(command, capture_output=True, text=True, check=True).stderr.split("Summary:")[-1]
        for ours, theirs in OURS_BY_FFMPEG.items():
            said = re.search(rf"^\s*{theirs}:\s+(\S+) (?:LUFS|LU|dBFS)", summary, re.MULTILINE)
            value = clip["sound"]["loudness"][ours]
            # ffmpeg says -70 where nothing is above the gate.
            if said and value is not None and float(said[1]) > -70:
                apart[ours].append(abs(value - float(said[1])))
    rows = [
        [name.replace("_", " "), str(len(values)), f"{statistics.median(values):.2f}", f"{max(values):.2f}"]
        for name, values in apart.items()
    ]
    note = (
        "Differences in LU or dB from ffmpeg's ebur128, which rounds to tenths and looks for true peaks at 192 kHz. It "
        "reads the range ten times a second and not once, and from windows that have only begun: short clips differ."
    )
    figures = {f"{name}, most apart": max(values) for name, values in apart.items()}
    return section("Loudness", ["", "clips", "median apart", "most apart"], rows, note, figures)


def truth_class(segment):
    """Our class of a segment; speech over music is speech."""
    kind = segment["kind"]
    if kind == "music":
        return "singing" if segment.get("label") == "vocals" else "music"
    return {"speech+music": "speech", "noise": "other"}.get(kind, kind)


def classes(timelines):
    """A confusion table over frames, and how far borders are from where they should be."""
    table, apart, missed = collections.Counter(), [], 0
    for clip in timelines:
        truth = [(s["start"], s["end"], truth_class(s)) for s in clip["segments"]]
        ours = [(s["start"], s["end"], s["class"]) for s in clip["classes"]]
        frames = [frame_classes(spans, truth[-1][1]) for spans in (truth, ours)]
        table.update(zip(*frames))
        borders = [[two[0] for one, two in zip(spans, spans[1:]) if one[2] != two[2]] for spans in (truth, ours)]
        for border in borders[0]:
            nearest = min((abs(border - other) for other in borders[1]), default=BORDER_S)
            if nearest < BORDER_S:
                apart.append(nearest)
            else:
                missed += 1
    rows = []
    for row in CLASSES:
        count = sum(table[row, column] for column in (*CLASSES, None))
        shares = [f"{table[row, column] / count:.3f}" if count else "n/a" for column in CLASSES]
        rows.append([row, f"{count * FRAME_S:.0f}", *shares])
    right = sum(table[name, name] for name in CLASSES) / sum(table.values())
    spoken = [(ours, count) for (truth, ours), count in table.items() if truth == "speech"]
    recall = sum(count for ours, count in spoken if ours == "speech") / sum(count for _, count in spoken)
    median = statistics.median(apart) * 1_000
    note = (
        f"{len(timelines)} timelines; speech over music is speech, and pauses in a clip of speech are too. Frames right: "
        f"{right:.3f}. Speech found: {recall:.3f}. Borders: median {median:.0f} ms apart, {missed} of "
        f"{missed + len(apart)} have none within {BORDER_S:.0f} s."
    )
    figures = {"frames right": right, "speech found": recall, "borders, median ms": median}
    return section("Classes of sound", ["truth \\ heard", "s", *CLASSES], rows, note, figures)


def frame_classes(spans, length):
    """The class of each frame, `None` where no span is."""
    frames = [None] * round(length / FRAME_S)
    for start, end, name in spans:
        first, last = round(start / FRAME_S), min(round(end / FRAME_S), len(frames))
        frames[first:last] = [name] * max(last - first, 0)
    return frames


def section(title, header, rows, note, figures):
    """A table as the bench keeps it."""
    made = {"model": "hearing", "title": title, "date": "", "machine": "", "command": ""}
    return {"header": header, "rows": rows, "notes": [note], "figures": figures, **made}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=pathlib.Path, required=True)
    parser.add_argument("--program", required=True, help="the program earmark")
    parser.add_argument("--heard", type=pathlib.Path, required=True, help="the folder for what it writes")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="the tables")
    options = parser.parse_args()
    with open(options.corpus / "index.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    clips = [row for row in rows if row["bpm"] or row["key"] or row["kind"] == "timeline"]
    for clip in clips:
        clip["file"] = str(options.corpus / clip["path"])
    options.heard.mkdir(parents=True, exist_ok=True)
    hear = [options.program, "transcribe", "--force", "--format", "json", "--output", str(options.heard)]
    subprocess.run([*hear, *(clip["file"] for clip in clips)], check=True)
    for clip in clips:
        heard = options.heard / (pathlib.Path(clip["path"]).stem + ".json")
        clip.update(json.loads(heard.read_text(encoding="utf-8")))
        segments = pathlib.Path(clip["file"]).with_suffix(".segments.json")
        clip["segments"] = json.loads(segments.read_text(encoding="utf-8")) if segments.exists() else []
    sections = [tempo(clips), key(clips)]
    if shutil.which("ffmpeg"):
        sections.append(loudness(clips))
    timelines = [clip for clip in clips if clip["segments"]]
    if timelines:
        sections.append(classes(timelines))
    options.out.write_text(json.dumps(sections), encoding="utf-8")


if __name__ == "__main__":
    main()
