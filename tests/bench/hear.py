"""Scores what Earmark hears in a corpus's recordings: tempo, key, loudness, classes and roles, as its JSON says them.

The list index.csv says tempi and keys; beside each recording of a timeline lies `NAME.segments.json` with what fills
it from when to when. Loudness is held against ffmpeg's own meter.
"""

import argparse
import collections
import csv
import json
import pathlib
import re
import statistics
import subprocess

import imageio_ffmpeg

import roles
import spans

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
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostats", "-i", clip["file"], "-af", "ebur128=peak=true", "-f", "null", "-"]
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


def what_plays(clips):
    """A confusion table of roles, how often they are right, and whether probabilities are what they say."""
    judged = []
    for clip in clips:
        stem = clip["sound"]["stem"]
        likely = [one["role"] for one in stem["likely"]] if stem else []
        told = {"truth": clip["role"], "likely": likely, "role": stem and stem["role"]}
        judged.append(told | {"sure": stem["likely"][0]["probability"] if stem else 0.0})

    def right(some):
        return sum(one["likely"][:1] == [one["truth"]] for one in some) / max(len(some), 1)

    table = collections.Counter((one["truth"], *one["likely"][:1]) for one in judged)
    counts = collections.Counter(one["truth"] for one in judged)
    rows = []
    for truth in roles.ROLES:
        cells = [str(table[truth, other] or "") for other in roles.ROLES]
        rows.append([truth, str(counts[truth]), *cells])
    eleven = [one for one in judged if one["truth"] != "full mix"]
    surest = sorted(eleven, key=lambda one: -one["sure"])[: round(len(eleven) * (1 - roles.LEFT_OPEN))]
    settled = [one for one in eleven if one["role"]]
    unspoken = [one for one in eleven if one["truth"] != "speech"]
    by_role = [right([one for one in judged if one["truth"] == name]) for name in counts]
    top3 = sum(one["truth"] in one["likely"] for one in judged) / len(judged)
    costs = [clip["made"]["cost"] for clip in clips]
    cpu = sum(model["cpu"] for cost in costs for model in cost["models"] if model["name"] == "yamnet")
    share = cpu / sum(cost["audio"] for cost in costs)
    note = (
        f"{len(judged)} clips of sources from which no role was learnt, though of some the class of sound, whose shares "
        "are three of sixteen figures. The likeliest role is right in "
        f"{right(judged):.3f} of all and in {right(eleven):.3f} without full mixes, one of three in {top3:.3f}. Most are "
        f"speech; without it too, {right(unspoken):.3f} are right, and the mean over roles is "
        f"{statistics.fmean(by_role):.3f}. Of the surest four fifths of the eleven roles {right(surest):.3f} are right; "
        f"\"not sure\" is said of {1 - len(settled) / len(eleven):.3f}, and {right(settled):.3f} of the others are right. "
        f"Naming costs {share * 100:.2f} % of a core."
    )
    figures = {"role right, eleven roles": right(eleven), "role right, surest four fifths": right(surest)}
    for name in ("bass", "vocals"):
        figures[f"{name} right"] = right([one for one in judged if one["truth"] == name])
    confusion = section("What plays", ["truth \\ likeliest", "clips", *roles.ROLES], rows, note, figures)
    bins = [(0.0, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)]
    rows, apart = [], 0.0
    for low, high in bins:
        some = [one for one in judged if low <= one["sure"] < high]
        if some:
            said = statistics.fmean(one["sure"] for one in some)
            apart += abs(said - right(some)) * len(some) / len(judged)
            rows.append([f"{low:.1f} to {min(high, 1):.1f}", str(len(some)), f"{said:.2f}", f"{right(some):.2f}"])
    note = f"The probability of the likeliest role and how often that is right: {apart:.3f} apart in the mean."
    header = ["probability", "clips", "mean", "right"]
    return [confusion, section("What plays: probabilities", header, rows, note, {"apart": apart})]


def listen(program, files):
    """Of each file the level of each frame, and from when to when it is transcribed."""
    listed = "\n".join(files)
    told = subprocess.run([program, "speech"], input=listed, stdout=subprocess.PIPE, text=True, check=True).stdout
    return {line["path"]: line for line in map(json.loads, told.splitlines())}


def section(title, header, rows, note, figures):
    """A table as the bench keeps it."""
    made = {"model": "hearing", "title": title, "date": "", "machine": "", "command": ""}
    return {"header": header, "rows": rows, "notes": [note], "figures": figures, **made}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=pathlib.Path, required=True)
    parser.add_argument("--program", required=True, help="the program earmark")
    parser.add_argument("--listener", required=True, help="the program hearing-figures")
    parser.add_argument("--heard", type=pathlib.Path, required=True, help="the folder for what it writes")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="the tables")
    options = parser.parse_args()
    with open(options.corpus / "index.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        # What the table of roles was made from is no measure of it.
        row["role"] = None if roles.is_fitted(row) else roles.role(row)
    every = [row for row in rows if row["bpm"] or row["key"] or row["kind"] == "timeline" or row["role"]]
    folders = collections.defaultdict(list)
    for clip in every:
        clip["file"] = str(options.corpus / clip["path"])
        folders[options.heard / pathlib.Path(clip["path"]).parent].append(clip)
    for folder, inside in folders.items():
        folder.mkdir(parents=True, exist_ok=True)
        hear = [options.program, "transcribe", "--force", "--format", "json", "--output", str(folder)]
        subprocess.run([*hear, *(clip["file"] for clip in inside)], check=True)
        for clip in inside:
            heard = folder / (pathlib.Path(clip["path"]).stem + ".json")
            clip.update(json.loads(heard.read_text(encoding="utf-8")))
            segments = pathlib.Path(clip["file"]).with_suffix(".segments.json")
            clip["segments"] = json.loads(segments.read_text(encoding="utf-8")) if segments.exists() else []
    clips = [clip for clip in every if clip["bpm"] or clip["key"] or clip["segments"]]
    sections = [loudness(clips)]
    for told, table in (("bpm", tempo), ("key", key)):
        if any(clip[told] for clip in clips):
            sections.append(table(clips))
    timelines = [clip for clip in clips if clip["segments"]]
    if timelines:
        spoken = spans.recordings(options.corpus, rows, timelines)
        told = listen(options.listener, [clip["file"] for clip in timelines] + list(spoken.values()))
        levels = {name: told[file]["levels"] for name, file in spoken.items()}
        for clip in timelines:
            clip["listened"] = told[clip["file"]]
        sections.append(section("Classes of sound", *spans.score(timelines, spans.known_sources(rows), levels)))
    sections += what_plays([clip for clip in every if clip["role"]])
    options.out.write_text(json.dumps(sections), encoding="utf-8")


if __name__ == "__main__":
    main()
