"""Reads each export with a reader that is not Earmark's and prints what it found as JSON: a list of
[format, [[start in seconds, end in seconds or null, text], ...]]."""

import csv
import html
import json
import sys
import wave
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

import mido
import pycmx
import pysrt
import webvtt
from wavinfo import WavInfoReader

# Of DAWproject's schemas (Project.xsd and MetaData.xsd, 1.0) what they say of the elements that Earmark writes: the
# attributes, with a star where one must be there, and the children in their order, with a plus where there may be many.
# No package that could be pinned has the schemas themselves.
SCHEMA = {
    "Project": ("version*", "Application Transport Structure Arrangement Scenes"),
    "Application": ("name* version*", ""),
    "Transport": ("", "Tempo TimeSignature"),
    "Tempo": ("name color comment id parameterID max min unit* value", ""),
    "Arrangement": ("name color comment id", "Lanes Markers TempoAutomation TimeSignatureAutomation"),
    "Markers": ("name color comment id timeUnit track", "Marker+"),
    "Marker": ("name color comment time*", ""),
    "MetaData": ("", "Title Artist Album OriginalArtist Composer Songwriter Producer Arranger Year Genre Copyright "
                 "Website Comment"),
    "Title": ("", ""),
    "Comment": ("", ""),
}

folder = Path(sys.argv[1])
found = []


def clock(text):
    seconds = 0.0
    for field in text.split(":"):
        seconds = seconds * 60 + float(field)
    return seconds


def check_schema(element):
    attributes, children = (names.split() for names in SCHEMA[element.tag])
    known = {name.rstrip("*") for name in attributes}
    needed = {name.rstrip("*") for name in attributes if name.endswith("*")}
    order = [name.rstrip("+") for name in children]
    tags = [child.tag for child in element]
    many = {name for name in tags if tags.count(name) > 1}
    if not needed <= set(element.keys()) <= known or tags != sorted(tags, key=order.index):
        sys.exit(f"{element.tag} is not as the schema has it: {element.keys()}, {tags}")
    if not many <= {name.rstrip("+") for name in children if name.endswith("+")}:
        sys.exit(f"{element.tag} has too many of {many}")
    for child in element:
        check_schema(child)


def one_line(text):
    return " ".join(text.split())


cues = pysrt.open(str(folder / "srt.srt"), encoding="utf-8")
found.append(["srt", [[c.start.ordinal / 1000, c.end.ordinal / 1000, one_line(c.text)] for c in cues]])

# This reader takes tags out and leaves the named characters to whoever shows them.
captions = webvtt.read(str(folder / "vtt.vtt"))
found.append(["vtt", [[clock(c.start), clock(c.end), one_line(html.unescape(c.text))] for c in captions]])

with open(folder / "reaper.csv", encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))
found.append(["reaper", [[clock(r["Start"]), clock(r["End"] or r["Start"]), r["Name"]] for r in rows]])

with open(folder / "csv.csv", encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))
found.append(["csv", [[float(r["start"]), float(r["end"]), r["text"]] for r in rows]])

with open(folder / "audition.csv", encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
times = [(clock(r["Start"]), clock(r["Duration"]), r["Name"]) for r in rows]
found.append(["audition", [[start, start + length, name] for start, length, name in times]])

with open(folder / "audacity.txt", encoding="utf-8", newline="") as file:
    rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
found.append(["audacity", [[float(start), float(end), name] for start, end, name in rows]])

# A list of Resolve's markers: an event of one frame for each, whose name stands on the line after it.
with open(folder / "edl.edl", encoding="utf-8") as file:
    events = list(pycmx.parse_cmx3600(file).events)
times = []
for event in events:
    clocks = clock(event.edits[0].record_in[:8]) + int(event.edits[0].record_in[9:]) / 24
    note = " ".join(statement.content for statement in event.unrecognized_statements)
    times.append([clocks - 3600, None, note.split("|M:")[1].split(" |D:")[0]])
found.append(["edl", times])

with zipfile.ZipFile(folder / "dawproject.dawproject") as package:
    project = ElementTree.fromstring(package.read("project.xml"))
    check_schema(ElementTree.fromstring(package.read("metadata.xml")))
check_schema(project)
names = [element.get("id") for element in project.iter() if element.get("id")]
if len(names) != len(set(names)):
    sys.exit("two elements have one id")
markers = project.findall("./Arrangement/Markers[@timeUnit='seconds']/Marker")
found.append(["dawproject", [[float(m.get("time")), None, m.get("name")] for m in markers]])

now, times = 0.0, []
for message in mido.MidiFile(str(folder / "midi.mid")):
    now += message.time
    if message.type == "marker":
        times.append([now, None, message.text])
found.append(["midi", times])

transcript = json.loads((folder / "podcast-transcript.json").read_text(encoding="utf-8"))
segments = transcript["segments"]
found.append(["podcast-transcript", [[s["startTime"], s["endTime"], s["body"]] for s in segments]])

with wave.open(str(folder / "wav.wav")) as copy, wave.open(str(folder / "recording.wav")) as original:
    frames = copy.getnframes()
    if copy.getparams() != original.getparams() or copy.readframes(frames) != original.readframes(frames):
        sys.exit("the copy of the recording has other samples")
    rate = copy.getframerate()
marks = WavInfoReader(str(folder / "wav.wav")).cues
times = []
for cue in marks.each_cue():
    name, _ = marks.label_and_note(cue[0])
    start, length = cue[1], marks.range(cue[0]) or 0
    times.append([start / rate, (start + length) / rate, name])
found.append(["wav", times])

print(json.dumps(found))
