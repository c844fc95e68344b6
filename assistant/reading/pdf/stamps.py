"""Large letters across the text, as a stamp or a watermark: they are no part of the lines under them."""

import numpy as np

from assistant.reading.pdf.glyphs import SLANTED, Bools, Glyphs, Ints

LARGE = 1.5  # font sizes of the text, at least
COVERING = 0.5  # of the letters of a stamp lie over letters of the text


def stamped(glyphs: Glyphs) -> Bools:
    """The letters of stamps: slanted ones, and large ones that lie over the text."""
    slanted: Bools = np.asarray(glyphs.angles == SLANTED)
    if not len(glyphs):
        return slanted
    large = glyphs.sizes > LARGE * float(np.median(glyphs.sizes[~slanted])) if not slanted.all() else slanted
    for run in np.unique(glyphs.runs[large & ~slanted]).tolist():
        which = np.flatnonzero(glyphs.runs == run)
        slanted[which] |= np.mean([_lies_over_text(glyphs, place, large) for place in which.tolist()]) > COVERING
    return slanted


def _lies_over_text(glyphs: Glyphs, place: int, large: Bools) -> bool:
    left, top, right, bottom = glyphs.boxes[place].tolist()
    x, y = ((glyphs.boxes[:, :2] + glyphs.boxes[:, 2:]) / 2).T
    under: Ints = np.flatnonzero((x > left) & (x < right) & (y > top) & (y < bottom) & ~large)
    return len(under) > 0
