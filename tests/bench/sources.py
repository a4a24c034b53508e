"""Which of a corpus's sources the table of classes is made of (classes.py) and which are left for measuring (hear.py)."""

# Sources from which nothing is learnt, by the beginnings of their names.
MEASURED = (
    "apt:drascula",
    "apt:fluid-soundfont",
    "apt:fretsonfire",
    "apt:frozen-bubble",
    "apt:hedgewars",
    "apt:minetest",
    "apt:singularity",
    "pypi:dcase_util",
    "pypi:demucs",
)


def is_fitted(row):
    """Whether the table is made of it."""
    return not row["package"].startswith(MEASURED)
