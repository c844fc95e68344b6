"""Letters across the text, as of a stamp or a watermark: they are no part of the lines under them."""

import numpy as np

from assistant.reading.pdf.columns import LONG_LINE, fragments
from assistant.reading.pdf.glyphs import SLANTED, Bools, Floats, Glyphs, Ints, RawPage
from assistant.reading.pdf.words import words_of

LARGE = 1.5  # font sizes of the text, at least
CROOKED = 1.0  # degrees between a stamp and most letters of the page, at least
COVERING = 0.5  # of the letters of a stamp lie over letters of running text
TOUCHING = 0.2  # of the crooked ones do: some fall between its lines
CAPITAL = 0.75  # of the font size: the height of capitals


def stamped(raw: RawPage) -> Bools:
    """The letters of stamps: slanted, crooked and large ones that lie over running text. On a map, nothing does."""
    glyphs = raw.glyphs
    slanted: Bools = np.asarray(glyphs.angles == SLANTED)
    if slanted.all():
        return np.zeros(len(glyphs), np.bool_)
    large = slanted | (glyphs.sizes > LARGE * float(np.median(glyphs.sizes[~slanted])))
    straight = float(np.median(glyphs.leanings[~slanted]))
    crooked = ~large & ~glyphs.hidden & (np.abs(glyphs.leanings - straight) > CROOKED)
    if not (large | crooked).any():
        return large
    running = _in_running_text(raw, np.flatnonzero(~(large | crooked)))
    return _over_text(glyphs, large, glyphs.runs, running, COVERING) | _over_text(
        glyphs, crooked, np.round(glyphs.leanings).astype(np.int64), running, TOUCHING
    )


def _over_text(glyphs: Glyphs, which: Bools, groups: Ints, text: Ints, least: float) -> Bools:
    """Those groups of the letters `which` of which more than this share lies over the letters of the text."""
    found = np.zeros(len(glyphs), np.bool_)
    places = np.flatnonzero(which)
    middles: Floats = np.asarray((glyphs.boxes[text, :2] + glyphs.boxes[text, 2:]) / 2, np.float32)
    middles = middles[np.argsort(middles[:, 1])]
    over = np.array([_lies_over(glyphs, place, middles) for place in places.tolist()], np.float64)
    _, group = np.unique(groups[places], return_inverse=True)
    found[places] = (np.bincount(group, over) > least * np.bincount(group))[group]
    return found


def _in_running_text(raw: RawPage, which: Ints) -> Ints:
    """The places of those letters that stand in long lines."""
    glyphs = raw.glyphs
    kinds, counts = np.unique(glyphs.angles[which], return_counts=True)
    main = int(kinds[np.argmax(counts)])
    words = words_of(glyphs, which[glyphs.angles[which] == main], main, raw.width, raw.height)
    parts = fragments(words)
    lines = [parts.words[number] for number in np.flatnonzero(parts.characters >= LONG_LINE).tolist()]
    letters = [np.arange(words.first[word], words.last[word]) for line in lines for word in line.tolist()]
    return np.concatenate([np.zeros(0, np.int64), *letters])


def _lies_over(glyphs: Glyphs, place: int, middles: Floats) -> bool:
    """Is one of these points, sorted from top to bottom, within the letter?"""
    left, top, right, bottom = glyphs.boxes[place].tolist()
    if glyphs.angles[place] == 0 and abs(glyphs.leanings[place]) < CROOKED:
        # an initial has lines above and below it within its box, but none within its ink
        base = float(glyphs.origins[place, 1])
        top, bottom = max(top, base - CAPITAL * float(glyphs.sizes[place])), min(bottom, base)
    first, last = np.searchsorted(middles[:, 1], (top, bottom))
    x = middles[first:last, 0]
    return bool(((x > left) & (x < right)).any())
