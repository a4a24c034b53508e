"""Makes the table that classes of sound are told by (plugin/engine/src/infer/classify/fuse/table.rs).

From the recordings of half of a corpus's sources timelines are put together as chance has it: speech alone, over music
and over noise, singing, music, noise. Where something is to be heard, a linear softmax is fitted to the figures of
its cells. The sources of the other half are left for measuring (hear.py).
"""

import argparse
import collections
import json
import pathlib
import random
import subprocess
import tempfile
import wave

import numpy
from faster_whisper import decode_audio

import roles
import sources

CLASSES = ("speech", "singing", "music", "other")
# How often what comes; what is after the plus lies under speech.
SCENES = {"speech": 5, "speech+music": 2.5, "speech+other": 1.5, "music": 5, "singing": 3, "other": 3}
TIMELINES, SCENES_EACH = 14, 20
# The longest scene, silence before and after, and the shortest recording, in seconds.
LONGEST, SILENCE, SHORTEST = 11, 2, 0.8
# Levels of scenes, and how far below speech lies what is under it, in decibels.
LEVELS, BELOW = (-34, -17), (5, 16)
# What is this much below a recording's loudest is no longer heard.
HEARD = 30
RATE, CELL = 16000, 160
# Each class counts the same, but speech, which is not to be missed, four fifths more, and other sounds, the first to be
# taken for it, a fifth more; with more of that, short loops of drums became other sounds.
WORTH = (1.8, 1, 1, 1.2)
# Each fifth cell is enough. The penalty on weights of standardised figures, and the steps of the descent.
EVERY, PENALTY, STEPS = 5, 0.01, 500
TABLE = pathlib.Path(__file__).parents[2] / "plugin/engine/src/infer/classify/fuse/table.rs"


def sound(row):
    """The class of a recording whose role is known."""
    name = {"speech": "speech", "vocals": "singing", "effects": "other"}.get(row["role"], "music")
    return CLASSES.index(name)


def levels(audio):
    """The level of each cell in decibels of full scale."""
    cells = audio[: len(audio) // CELL * CELL].reshape(-1, CELL)
    return 10 * numpy.log10(numpy.maximum((cells**2).mean(1), 1e-12))


def heard(audio):
    """Which cells of a recording are not much below its loudest."""
    told = levels(audio)
    return told > numpy.quantile(told, 0.95) - HEARD


def recordings(corpus):
    """By class, and within it by label or maker, recordings at a level of 0 dB where they are heard."""
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in roles.clips(corpus):
        if sources.is_fitted(row) and float(row["dur_s"]) >= SHORTEST:
            audio = decode_audio(row["file"], sampling_rate=RATE)
            power = 10 ** (levels(audio)[heard(audio)] / 10)
            alike = row["package"] + row["lang"] if row["role"] in ("speech", "vocals") else row["label"]
            found[sound(row)][alike].append(audio / numpy.sqrt(power.mean()))
    return found


def timeline(found, chance):
    """A recording put together of others, and the class of each cell, -1 where none is to be heard."""
    silence = numpy.zeros(SILENCE * RATE)
    audio, truth = [silence], [numpy.full(SILENCE * RATE // CELL, -1)]

    def pick(kind):
        alike = found[CLASSES.index(kind)]
        return chance.choice(alike[chance.choice(sorted(alike))])

    for _ in range(SCENES_EACH):
        above, _, below = chance.choices(list(SCENES), list(SCENES.values()))[0].partition("+")
        scene = pick(above)
        start = chance.randrange(max(len(scene) - LONGEST * RATE, 0) + 1)
        scene = scene[start : start + LONGEST * RATE]
        scene = scene[: len(scene) // CELL * CELL]
        truth.append(numpy.where(heard(scene), CLASSES.index(above), -1))
        if below:
            scene = scene + numpy.resize(pick(below), len(scene)) * 10 ** (-chance.uniform(*BELOW) / 20)
        audio.append(scene * 10 ** (chance.uniform(*LEVELS) / 20))
    return numpy.concatenate([*audio, silence]), numpy.concatenate(truth)


def figures(timelines, program):
    """The figures of cells in which something is to be heard, and their classes."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [pathlib.Path(folder, f"{number}.wav") for number in range(len(timelines))]
        for path, (audio, _) in zip(paths, timelines):
            with wave.open(str(path), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(RATE)
                file.writeframes((audio.clip(-1, 1) * 32767).astype("<i2").tobytes())
        listed = "\n".join(map(str, paths))
        told = subprocess.run([program, "cells"], input=listed, stdout=subprocess.PIPE, text=True, check=True).stdout
    cells, classes = [], []
    for line, (_, truth) in zip(told.splitlines(), timelines):
        line = json.loads(line)
        count = min(len(line["levels"]), len(truth))
        # -60 dB is the engine's own border of silence.
        wanted = (truth[:count] >= 0) & (numpy.array(line["levels"][:count]) > -60)
        wanted[numpy.arange(count) % EVERY > 0] = False
        cells.append(numpy.array(line["figures"])[:count][wanted])
        classes.append(truth[:count][wanted])
    return numpy.concatenate(cells), numpy.concatenate(classes)


def softmax(sums):
    """Shares that add up to one."""
    shares = numpy.exp(sums - sums.max(1, keepdims=True))
    return shares / shares.sum(1, keepdims=True)


def fit(cells, classes):
    """Weights and biases by gradient descent (Adam) from nought, which is always the same."""
    worth = (numpy.array(WORTH) / numpy.bincount(classes, minlength=len(CLASSES)))[classes]
    worth /= worth.sum()
    middle = worth @ cells
    spread = numpy.sqrt(worth @ (cells - middle) ** 2)
    # The last row is the bias.
    known = numpy.hstack([(cells - middle) / spread, numpy.ones((len(cells), 1))])
    truth = numpy.eye(len(CLASSES))[classes]
    weights = numpy.zeros((known.shape[1], len(CLASSES)))
    penalty = numpy.full_like(weights, PENALTY)
    penalty[-1] = 0
    slope, square = numpy.zeros_like(weights), numpy.zeros_like(weights)
    for step in range(1, STEPS + 1):
        gradient = known.T @ ((softmax(known @ weights) - truth) * worth[:, None]) + penalty * weights
        slope = 0.9 * slope + 0.1 * gradient
        square = 0.99 * square + 0.01 * gradient**2
        weights -= 0.05 * slope / (1 - 0.9**step) / (numpy.sqrt(square / (1 - 0.99**step)) + 1e-8)
    bias = weights[-1] - (middle / spread) @ weights[:-1]
    return weights[:-1] / spread[:, None], bias


def table(weights, bias, seconds):
    """The Rust file."""

    def line(values):
        return "[" + ", ".join(f"{value:.4f}" for value in values) + "]"

    rows = "".join(f"    {line(row)},\n" for row in weights)
    return f"""//! Written by `tests/bench/classes.py` from {seconds:.0f} s of half of the corpus's sources; not by hand.

use super::{{FIGURES, KINDS}};

/// What each kind has beforehand.
pub(super) const BIAS: [f32; KINDS] = {line(bias)};

/// What each figure counts for each kind.
pub(super) const WEIGHTS: [[f32; KINDS]; FIGURES] = [
{rows}];
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=pathlib.Path, required=True)
    parser.add_argument("--program", required=True, help="the program hearing-figures")
    options = parser.parse_args()
    found, chance = recordings(options.corpus), random.Random(7)
    timelines = [timeline(found, chance) for _ in range(TIMELINES)]
    fitted = fit(*figures(timelines, options.program))
    TABLE.write_text(table(*fitted, sum(len(audio) for audio, _ in timelines) / RATE), encoding="utf-8")
    subprocess.run(["rustfmt", "--edition", "2024", str(TABLE)], check=True)


if __name__ == "__main__":
    main()
