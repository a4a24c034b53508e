"""Writes recordings in which nobody speaks, and their list: noise that is made, and a corpus's sounds over and over.

Without a corpus there is only what can be made. Of singing and of whole mixes words may come, if they are the song's.
"""

import argparse
import csv
import json
import pathlib
import random
import wave

import numpy
from faster_whisper import decode_audio

RATE = 16000
# Each time round, a corpus's sounds are played at another level, in decibels.
LEVELS = (0, -12, -24)
# A corpus's music by its labels.
INSTRUMENTS = ("bass", "guitar", "organ", "piano", "strings", "synth", "winds")
LOOPED = {
    "applause and crowds": ("noise", ("crowd",)),
    "drums": ("music", ("drums",)),
    "instrumental music": ("music", INSTRUMENTS),
    "whole mixes, some with song": ("music", ("mix",)),
    "singing": ("music", ("vocals",)),
}


def made(length):
    """Every kind of noise that can be made, by its name."""
    chance = numpy.random.default_rng(1)
    white = chance.standard_normal(length)
    yield "silence", numpy.zeros(length)
    yield "hum, 50 Hz", decibels(hum(length), -30)
    yield "white noise", decibels(white, -20)
    # A third of an octave's power is the same everywhere: amplitude falls with the root of frequency.
    spectrum = numpy.fft.rfft(white)
    spectrum[1:] /= numpy.sqrt(numpy.arange(1, len(spectrum)))
    spectrum[0] = 0
    yield "pink noise", decibels(numpy.fft.irfft(spectrum, length), -20)


def hum(length):
    """Mains with its overtones, each at a half of the one before."""
    time = numpy.arange(length) / RATE
    return sum(0.5**number * numpy.sin(2 * numpy.pi * 50 * (number + 1) * time) for number in range(6))


def decibels(audio, level):
    """The audio at that mean level below full scale."""
    return audio * 10 ** (level / 20) / numpy.sqrt(numpy.mean(audio**2))


def looped(folder, kind, labels, length):
    """A corpus's sounds of these labels, shuffled anew each time round."""
    with open(folder / "index.csv", newline="", encoding="utf-8") as file:
        paths = [row["path"] for row in csv.DictReader(file) if row["kind"] == kind and row["label"] in labels]
    clips = [decode_audio(str(folder / path), sampling_rate=RATE) for path in paths]
    chance, parts, count = random.Random(1), [], 0
    while clips and count < length:
        level = LEVELS[len(parts) // len(clips) % len(LEVELS)]
        for clip in chance.sample(clips, len(clips)):
            parts.append(clip * 10 ** (level / 20))
            count += len(clip)
    return numpy.concatenate(parts)[:length] if parts else None


def sounds(folder, length):
    """Every kind of sound by its name."""
    yield from made(length)
    for name, (kind, labels) in LOOPED.items() if folder else ():
        audio = looped(folder, kind, labels, length)
        if audio is not None:
            yield name, audio


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=pathlib.Path)
    parser.add_argument("--minutes", type=int, required=True)
    parser.add_argument("--audio", type=pathlib.Path, required=True, help="the folder for the recordings")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="the list")
    options = parser.parse_args()
    options.audio.mkdir(parents=True, exist_ok=True)
    seconds = options.minutes * 60
    with open(options.out, "w", encoding="utf-8") as out:
        for number, (name, audio) in enumerate(sounds(options.corpus, seconds * RATE)):
            path = options.audio / f"{number}.wav"
            with wave.open(str(path), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(RATE)
                file.writeframes((audio.clip(-1, 1) * 32767).astype("<i2").tobytes())
            clip = {"id": name, "path": str(path), "audio16": str(path), "language": "en", "seconds": seconds}
            out.write(json.dumps(clip) + "\n")


if __name__ == "__main__":
    main()
