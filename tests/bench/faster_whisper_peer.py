"""Runs faster-whisper over a list of clips and writes what it said and cost, one JSON object a line."""

import argparse
import json
import os
import resource
import sys
import time

# Set before the libraries are loaded: one thread each, and no network.
os.environ.update(OMP_NUM_THREADS="1", HF_HUB_OFFLINE="1")

import numpy  # noqa: E402
from faster_whisper import WhisperModel  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--weights", required=True, help="the folder with the CTranslate2 files")
    parser.add_argument("--model", required=True)
    parser.add_argument("--clips", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--beam", type=int, required=True)
    parser.add_argument("--detect", action="store_true")
    options = parser.parse_args()
    with open(options.clips, encoding="utf-8") as file:
        clips = [json.loads(line) for line in file]
    model = WhisperModel(options.weights, device="cpu", compute_type="int8", cpu_threads=1, num_workers=1)
    with open(options.out, "w", encoding="utf-8") as out:
        for number, clip in enumerate(clips, 1):
            audio = numpy.fromfile(clip["audio16"], dtype="<f4")
            before = time.process_time()
            language = None if options.detect else clip["language"]
            segments, info = model.transcribe(audio, beam_size=options.beam, language=language)
            text = "".join(segment.text for segment in segments).strip()
            cpu = time.process_time() - before
            heard = {
                "id": clip["id"],
                "seconds": clip["seconds"],
                "text": text,
                "language": info.language,
                "model_cpu": cpu,
                "cpu": cpu,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
            }
            out.write(json.dumps(heard, ensure_ascii=False) + "\n")
            out.flush()
            if number % 25 == 0 or number == len(clips):
                label = f"{options.model} by faster-whisper, beam {options.beam}"
                print(f"{label}: {number} of {len(clips)}", file=sys.stderr)


if __name__ == "__main__":
    main()
