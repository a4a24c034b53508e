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
import sources

CLASSES = ("speech", "singing", "music", "other", "silence")
# The models whose CPU time the classes cost.
CLASSIFIERS = ("firered-aed", "yamnet")
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


def truth_class(segment):
    """Our class of a segment; speech over music or noise is speech."""
    kind = segment["kind"]
    if kind == "music":
        return "singing" if segment.get("label") == "vocals" else "music"
    return {"speech+music": "speech", "speech+noise": "speech", "noise": "other"}.get(kind, kind)


def known_sources(rows):
    """The recordings and folders from which the classes' table was learnt, as timelines name them."""
    fitted = [pathlib.Path(row["path"]) for row in rows if sources.is_fitted(row)]
    return {path.stem for path in fitted} | {path.parent.name for path in fitted if path.parts[0] == "speech"}


def is_known(segment, known):
    """Whether something was learnt from what is heard in a segment."""
    heard = map(pathlib.Path, segment["src"].split("|"))
    return any(path.stem in known or path.parent.name in known for path in heard)


def classes(timelines, known):
    """A confusion table over frames, and how far borders are from where they should be."""
    table, unknown, apart, missed = collections.Counter(), collections.Counter(), [], 0
    table_of = collections.defaultdict(collections.Counter)

    def found(heard):
        return heard["speech"] / max(sum(heard.values()), 1)

    for clip in timelines:
        truth = [(s["start"], s["end"], truth_class(s)) for s in clip["segments"]]
        ours = [(s["start"], s["end"], s["class"]) for s in clip["classes"]]
        frames = [frame_classes(spans, truth[-1][1]) for spans in (truth, ours)]
        table.update(zip(*frames))
        for segment in clip["segments"]:
            place = slice(*(round(segment[end] / FRAME_S) for end in ("start", "end")))
            table_of[segment["kind"]].update(frames[1][place])
            if segment.get("src") and not is_known(segment, known):
                unknown.update(zip(*(some[place] for some in frames)))
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
    right_of_unknown = sum(unknown[name, name] for name in CLASSES) / max(sum(unknown.values()), 1)
    spoken = [(ours, count) for (truth, ours), count in table.items() if truth == "speech"]
    recall = sum(count for ours, count in spoken if ours == "speech") / sum(count for _, count in spoken)
    median = statistics.median(apart) * 1_000
    costs = [clip["made"]["cost"] for clip in timelines]
    cpu = sum(model["cpu"] for cost in costs for model in cost["models"] if model["name"] in CLASSIFIERS)
    pace = sum(cost["audio"] for cost in costs) / cpu
    note = (
        f"{len(timelines)} timelines; speech over music or noise is speech, and silence at the ends of its clips counts as speech too. Frames right: "
        f"{right:.3f}; without silence and sources from which something was learnt, {right_of_unknown:.3f} of "
        f"{sum(unknown.values()) * FRAME_S:.0f} s. Speech found: {recall:.3f}. Borders: median {median:.0f} ms apart, {missed} of "
        f"{missed + len(apart)} have none within {BORDER_S:.0f} s. Classifying took a core for one {pace:.0f}th of the time. Speech over "
        f"music or noise was found in {found(table_of['speech+music']):.3f} and {found(table_of['speech+noise']):.3f}, alone in "
        f"{found(table_of['speech']):.3f}; what is transcribed is cut by Silero, not by these."
    )
    figures = {"frames right": right, "speech found": recall, "borders, median ms": median}
    figures["classes, times real time"] = pace
    return section("Classes of sound", ["truth \\ heard", "s", *CLASSES], rows, note, figures)


def frame_classes(spans, length):
    """The class of each frame, `None` where no span is."""
    frames = [None] * round(length / FRAME_S)
    for start, end, name in spans:
        first, last = round(start / FRAME_S), min(round(end / FRAME_S), len(frames))
        frames[first:last] = [name] * max(last - first, 0)
    return frames


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
        sections.append(classes(timelines, known_sources(rows)))
    sections += what_plays([clip for clip in every if clip["role"]])
    options.out.write_text(json.dumps(sections), encoding="utf-8")


if __name__ == "__main__":
    main()
