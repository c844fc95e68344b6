"""Letters across the text, as of a stamp or a watermark: they are no part of the lines under them."""

import numpy as np

from assistant.reading.pdf.glyphs import SLANTED, Bools, Glyphs, Ints

LARGE = 1.5  # font sizes of the text, at least
CROOKED = 1.0  # degrees between a stamp and most letters of the page, at least
COVERING = 0.5  # of the large letters of a stamp lie over letters of the text
TOUCHING = 0.2  # of the crooked ones do: some fall between its lines


def stamped(glyphs: Glyphs) -> Bools:
    """The letters of stamps: slanted ones, and large or crooked ones that lie over the text."""
    slanted: Bools = np.asarray(glyphs.angles == SLANTED)
    if not len(glyphs) or slanted.all():
        return slanted
    large = ~slanted & (glyphs.sizes > LARGE * float(np.median(glyphs.sizes[~slanted])))
    straight = float(np.median(glyphs.leanings[~slanted]))
    crooked = ~slanted & ~glyphs.hidden & (np.abs(glyphs.leanings - straight) > CROOKED)
    other = large | crooked | slanted
    return (
        slanted
        | _over_text(glyphs, large, glyphs.runs, other, COVERING)
        | _over_text(glyphs, crooked & ~large, np.round(glyphs.leanings).astype(np.int64), other, TOUCHING)
    )


def _over_text(glyphs: Glyphs, which: Bools, groups: Ints, other: Bools, least: float) -> Bools:
    """Those groups of the letters `which` of which more than this share lies over letters that are not `other`."""
    found = np.zeros(len(glyphs), np.bool_)
    for group in np.unique(groups[which]).tolist():
        places = np.flatnonzero(which & (groups == group))
        found[places] = np.mean([_lies_over_text(glyphs, place, other) for place in places.tolist()]) > least
    return found


def _lies_over_text(glyphs: Glyphs, place: int, other: Bools) -> bool:
    left, top, right, bottom = glyphs.boxes[place].tolist()
    x, y = ((glyphs.boxes[:, :2] + glyphs.boxes[:, 2:]) / 2).T
    under: Ints = np.flatnonzero((x > left) & (x < right) & (y > top) & (y < bottom) & ~other)
    return len(under) > 0
