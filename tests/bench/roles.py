"""Makes the table that roles are told by (plugin/engine/src/hear/role/table.rs) from half of a corpus's sources.

No source is in both halves, and each half has some of every role: organs, strings and winds come from two packages
alone, which decides most of it. The other half is for measuring (hear.py). How sure the table is was learnt from the
first half too, judged by a table of the other half: what judges recordings of its own sources is too sure of them, and
what lacks a source lacks roles that it alone has.
"""

import argparse
import collections
import csv
import itertools
import json
import math
import pathlib
import statistics
import subprocess

ROLES = "speech vocals drums bass guitar keys organ synth strings winds".split() + ["full mix", "effects"]
# Sources whose recordings the table is made of, by the beginnings of their names.
FITTED = (
    "apt:drascula",
    "apt:fretsonfire",
    "apt:frozen-bubble",
    "apt:hedgewars",
    "apt:lmms",
    "apt:minetest",
    "generated",
    "pypi:demucs",
)
# The corpus's labels where they are not ours.
LABELS = {"piano": "keys", "mix": "full mix"}
# Added to each spread: a role with three recordings would be drawn too narrow.
SPREAD_FLOOR = 0.3
# The share of recordings, each role counting the same, of which the role may be left open.
LEFT_OPEN = 0.2
TABLE = pathlib.Path(__file__).parents[2] / "plugin/engine/src/hear/role/table.rs"


def role(row):
    """The role that the corpus tells; `None` where there is none."""
    if row["kind"] == "noise":
        return None if row["label"] == "silence" else "effects"
    return LABELS.get(row["label"], row["label"]) if row["kind"] in ("music", "speech") else None


def is_fitted(row):
    """Whether the table is made of it."""
    return row["package"].startswith(FITTED)


def clips(corpus):
    """The recordings whose role is known, with that role."""
    with open(corpus / "index.csv", newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if role(row)]
    return [row | {"role": role(row), "file": str(corpus / row["path"])} for row in rows]


def mean(lists):
    """The mean of each place."""
    return [statistics.fmean(values) for values in zip(*lists)]


def fit(told):
    """The centre of each role and the spread within roles, each role counting the same."""
    by_role = collections.defaultdict(list)
    for name, figures in told:
        by_role[name].append(figures)
    centres = {name: mean(by_role[name]) for name in by_role}
    variances = [
        mean([[(value - middle) ** 2 for value, middle in zip(figures, centres[name])] for figures in lists])
        for name, lists in by_role.items()
    ]
    return centres, [math.sqrt(variance) + SPREAD_FLOOR for variance in mean(variances)]


def fits(figures, centres, spread):
    """How well each role fits, before the temperature."""
    return {
        name: -0.5 * sum(((f - c) / s) ** 2 for f, c, s in zip(figures, centre, spread))
        for name, centre in centres.items()
    }


def probabilities(fitting, temperature, astray):
    """What the fits come to, if in a share of recordings they lead astray."""
    best = max(fitting.values())
    shares = {name: math.exp((fit - best) / temperature) for name, fit in fitting.items()}
    even, whole = astray / len(shares), sum(shares.values())
    return {name: even + (1 - astray) * share / whole for name, share in shares.items()}


def doubt(told, centres, spread):
    """The temperature, how often fits lead astray, and the probability from which on a role is sure, of recordings judged
    by a table that saw none of their sources."""
    judged = [(name, fits(figures, centres, spread)) for name, figures in told]

    def likeliest(how):
        shares = [(name, probabilities(fitting, *how)) for name, fitting in judged]
        return [(name, *max((share, likely) for likely, share in some.items())) for name, some in shares]

    def apart(how):
        # Brier's score. The logarithm's is ruled by the few that are wrong by far, and the rest would be doubted for it.
        return sum((share - (likely == name)) ** 2 for name, share, likely in likeliest(how))

    how = min(itertools.product([step / 4 for step in range(2, 33)], [step / 100 for step in range(1, 21)]), key=apart)
    counts = collections.Counter(name for name, _ in told)
    best = [(share, 1 / counts[name]) for name, share, _ in likeliest(how)]
    share = 0.0
    for probability, weight in sorted(best):
        share += weight / len(counts)
        if share > LEFT_OPEN:
            return *how, probability
    raise ValueError("there is nothing to judge")


def table(centres, spread, temperature, astray, sure, count):
    """The Rust file."""

    def line(values):
        return "[" + ", ".join(f"{value:.3f}" for value in values) + "]"

    rows = "".join(f"    // {name}\n    {line(centres[name])},\n" for name in ROLES)
    return f"""//! Written by `tests/bench/roles.py` from {count} recordings, half of the corpus's sources; not by hand.

use super::Figures;
use earmark_timeline::sound::Role;

/// How much distances are worth less than a normal distribution would have it, so that probabilities are what they say.
pub(super) const TEMPERATURE: f32 = {temperature:.2f};

/// In so many recordings figures lead astray: in those any role is as probable as another.
pub(super) const ASTRAY: f32 = {astray:.2f};

/// From which probability on a role is sure: of those recordings a fifth is below it, each role counting the same.
pub(super) const SURE: f32 = {sure:.2f};

/// How far figures spread within a role.
pub(super) const SPREAD: Figures = {line(spread)};

/// What figures are in the mean, in the order of [`Role::ALL`].
pub(super) const CENTRES: [Figures; Role::ALL.len()] = [
{rows}];
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=pathlib.Path, required=True)
    parser.add_argument("--program", required=True, help="the program hearing-figures")
    options = parser.parse_args()
    known = {clip["file"]: clip for clip in clips(options.corpus)}
    listed = "\n".join(known)
    heard = subprocess.run([options.program], input=listed, stdout=subprocess.PIPE, text=True, check=True).stdout
    halves = {True: [], False: []}
    for line in map(json.loads, heard.splitlines()):
        if line["figures"]:
            clip = known[line["path"]]
            halves[is_fitted(clip)].append((clip["role"], line["figures"]))
    fitted, others = halves[True], halves[False]
    TABLE.write_text(table(*fit(fitted), *doubt(fitted, *fit(others)), len(fitted)), encoding="utf-8")
    subprocess.run(["rustfmt", "--edition", "2024", str(TABLE)], check=True)


if __name__ == "__main__":
    main()
