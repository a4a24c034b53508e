"""Scores the classes of sound that Earmark hears in a corpus's timelines, and how much of the speech in them it finds."""

import collections
import itertools
import pathlib
import statistics

import sources

CLASSES = ("speech", "singing", "music", "other", "silence")
# The models whose CPU time the classes cost.
CLASSIFIERS = ("firered-aed", "yamnet")
FRAME_S = 0.01
# How far from a border of the truth its twin among ours is looked for.
BORDER_S = 1.0
# What is so many decibels below a recording's loudest twentieth is not to be heard.
HEARD_DB = 30


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


def name_of(path):
    """What a recording is called both in the corpus and in a timeline: its folder and its stem."""
    path = pathlib.Path(path)
    return path.parent.name, path.stem


def speech_of(segment):
    """The recording of speech that fills a segment."""
    return name_of(segment["src"].split("|")[0])


def recordings(corpus, rows, timelines):
    """By name the recordings of speech in the timelines that the corpus has by themselves."""
    wanted = {speech_of(one) for clip in timelines for one in clip["segments"] if truth_class(one) == "speech"}
    files = {name_of(row["path"]): str(corpus / row["path"]) for row in rows if row["kind"] == "speech"}
    return {name: files[name] for name in sorted(wanted & files.keys())}


def is_heard(levels):
    """Which frames are not much below the loudest."""
    loud = sorted(levels)[int(len(levels) * 0.95)] if levels else 0
    return [level > loud - HEARD_DB for level in levels]


def spoken(levels, place, recording):
    """In which frames of a place somebody is to be heard: by the levels of the recording that was put there or, where
    they are not known, by those of the whole sound."""
    heard = is_heard(recording or levels[place])
    return [at < len(heard) and heard[at] for at in range(place.stop - place.start)]


def score(timelines, known, levels):
    """A confusion table over frames, how much speech is found, and how far borders are from where they should be."""
    table, unknown, apart, missed = collections.Counter(), collections.Counter(), [], 0
    table_of = collections.defaultdict(collections.Counter)
    heard_as, transcribed = collections.Counter(), collections.Counter()

    def found(heard):
        return heard["speech"] / max(sum(heard.values()), 1)

    for clip in timelines:
        truth = [(s["start"], s["end"], truth_class(s)) for s in clip["segments"]]
        ours = [(s["start"], s["end"], s["class"]) for s in clip["classes"]]
        frames = [frame_classes(spans, truth[-1][1]) for spans in (truth, ours)]
        given = frame_classes([(*ends, "speech") for ends in clip["listened"]["utterances"]], truth[-1][1])
        table.update(zip(*frames))
        for segment in clip["segments"]:
            place = slice(*(round(segment[end] / FRAME_S) for end in ("start", "end")))
            table_of[segment["kind"]].update(frames[1][place])
            if truth_class(segment) == "speech":
                audible = spoken(clip["listened"]["levels"], place, levels.get(speech_of(segment)))
                heard_as.update(itertools.compress(frames[1][place], audible))
                transcribed.update(itertools.compress(given[place], audible))
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
    recall = table["speech", "speech"] / sum(count for (truth, _), count in table.items() if truth == "speech")
    median = statistics.median(apart) * 1_000
    costs = [clip["made"]["cost"] for clip in timelines]
    cpu = sum(model["cpu"] for cost in costs for model in cost["models"] if model["name"] in CLASSIFIERS)
    pace = sum(cost["audio"] for cost in costs) / cpu
    heard, given = found(heard_as), found(transcribed)
    note = (
        f"{len(timelines)} timelines; speech over music or noise is speech. Frames right: {right:.3f}; without silence and "
        f"sources from which something was learnt, {right_of_unknown:.3f} of {sum(unknown.values()) * FRAME_S:.0f} s. Speech "
        f"found: {recall:.3f} of all frames that recordings of speech fill, silence within and around it too, and {heard:.3f} "
        f"of the {sum(heard_as.values()) * FRAME_S:.0f} s in which it is to be heard (at most {HEARD_DB} dB below the loudest "
        f"twentieth of the recording; where the corpus has it only within the timeline, of all that sounds there). Of these "
        f"{given:.3f} are transcribed: the utterances are cut by Silero, not by classes. Borders: median {median:.0f} ms "
        f"apart, {missed} of {missed + len(apart)} have none within {BORDER_S:.0f} s. Classifying took a core for one "
        f"{pace:.0f}th of the time. Speech over music or noise was found in {found(table_of['speech+music']):.3f} and "
        f"{found(table_of['speech+noise']):.3f}, alone in {found(table_of['speech']):.3f} of all frames."
    )
    figures = {
        "frames right": right,
        "speech found": recall,
        "audible speech found": heard,
        "audible speech transcribed": given,
        "borders, median ms": median,
        "classes, times real time": pace,
    }
    return ["truth \\ heard", "s", *CLASSES], rows, note, figures


def frame_classes(spans, length):
    """The class of each frame, `None` where no span is."""
    frames = [None] * round(length / FRAME_S)
    for start, end, name in spans:
        first, last = round(start / FRAME_S), min(round(end / FRAME_S), len(frames))
        frames[first:last] = [name] * max(last - first, 0)
    return frames
