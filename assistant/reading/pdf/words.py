"""Words with places from the characters of a page, after what was drawn twice has been undone.

Layout works in a frame in which the writing runs from left to right, whatever way the page lies: sideways
tables and vertical Japanese are turned first (`turned`). Boxes for the viewer stay those of the page as shown.
"""

from dataclasses import dataclass

import numpy as np

from assistant.reading.pdf.glyphs import Bools, Floats, Glyphs, Ints

SAME_PLACE = 0.12  # of the font size: closer copies of a letter are one letter; "ii" stand 0.22 apart
NEW_BASELINE = 0.12  # of the font size: a character that stands higher or lower begins another word
COVERED = 0.5  # of a hidden run or line, by visible letters or by the same text drawn before
SAME_LINE = 0.3  # of the height of a hidden run, to the middle of the next
WORD_GAP = 0.16  # of the font size: TeX sets words 0.22 apart at least, spaced letters stand 0.12 apart at most
_LAM, _ALEFS = 0x644, (0x622, 0x623, 0x625, 0x627)


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one page in the order of the file; `first` and `last` (past the end) are places in its Glyphs.

    `boxes`, `base` (the baseline) and `size` are in the frame of the layout. `space`: white space before it.
    """

    first: Ints
    last: Ints
    boxes: Floats
    base: Floats
    size: Floats
    space: Bools
    rtl: Bools

    def __len__(self) -> int:
        return len(self.first)

    def take(self, which: Ints | Bools) -> "Words":
        return Words(*(getattr(self, name)[which] for name in self.__slots__))

    def text(self, word: int, glyphs: Glyphs) -> str:
        """The letters of the word in this place."""
        return "".join(map(chr, glyphs.codes[self.first[word] : self.last[word]].tolist()))


def readable(glyphs: Glyphs, wanted: Bools, width: float, height: float) -> Glyphs:
    """The wanted letters, without what nobody sees or reads twice: those off the page, copies for boldness."""
    left, top, right, bottom = glyphs.boxes.T
    x, y = (left + right) / 2, (top + bottom) / 2
    kept = (x > 0) & (x < width) & (y > 0) & (y < height) & (glyphs.sizes > 0.5) & wanted
    glyphs = _taken(glyphs, kept & ~_read_twice(glyphs))
    return _with_ligatures_in_order(_taken(glyphs, ~_copies(glyphs)))


def _taken(glyphs: Glyphs, kept: Bools) -> Glyphs:
    """The characters kept; white space that stood before a dropped one stands before the next."""
    if kept.all():
        return glyphs
    spaces = np.cumsum(glyphs.space)[kept]
    taken = glyphs.take(kept)
    taken.space[:] = np.diff(spaces, prepend=0) > 0
    return taken


def _read_twice(glyphs: Glyphs) -> Bools:
    """The letters of runs that stand on the page again: hidden ones where visible text stands, and later copies."""
    twice = np.zeros(len(glyphs), np.bool_)
    if not glyphs.hidden.any():
        return twice
    visible = ~glyphs.hidden
    middles: Floats = np.asarray((glyphs.boxes[visible, :2] + glyphs.boxes[visible, 2:]) / 2, np.float32)
    widths = (glyphs.boxes[:, 2] - glyphs.boxes[:, 0])[visible]
    seen: dict[str, list[Floats]] = {}
    runs = _runs(glyphs)
    areas = np.array([_hull(glyphs.boxes[which]) for which in runs], np.float32)
    width = areas[:, 2] - areas[:, 0]
    covered = np.minimum([widths[_inside(middles, area)].sum() for area in areas], width)
    for line in _lines(areas):
        if covered[line].sum() > COVERED * width[line].sum():
            covered[line] = width[line]  # where the hidden layer drifts, letters stand beside their own
    for which, area, is_covered in zip(runs, areas, covered > COVERED * width, strict=True):
        text = "".join(map(chr, glyphs.codes[which].tolist()))
        twice[which] = is_covered or any(_overlap(area, other) > COVERED for other in seen.get(text, []))
        seen.setdefault(text, []).append(area)
    return twice


def _hull(boxes: Floats) -> Floats:
    return np.concatenate((boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)))


def _lines(areas: Floats) -> list[Ints]:
    """Areas that stand side by side, with no more white between them than an area is high."""
    middle, height = (areas[:, 1] + areas[:, 3]) / 2, areas[:, 3] - areas[:, 1]
    order = np.argsort(middle, kind="stable")
    lines = []
    for row in np.split(order, np.flatnonzero(np.diff(middle[order]) > SAME_LINE * height[order][1:]) + 1):
        row = row[np.argsort(areas[row, 0], kind="stable")]
        white = areas[row[1:], 0] - np.maximum.accumulate(areas[row, 2])[:-1]
        lines += np.split(row, np.flatnonzero(white > height[row[1:]]) + 1)
    return lines


def _runs(glyphs: Glyphs) -> list[Ints]:
    """The places of the letters of each hidden run."""
    hidden = np.flatnonzero(glyphs.hidden)
    order = hidden[np.argsort(glyphs.runs[hidden], kind="stable")]
    return np.split(order, np.flatnonzero(np.diff(glyphs.runs[order])) + 1)


def _inside(points: Floats, area: Floats) -> Bools:
    return np.asarray((points > area[:2]).all(axis=1) & (points < area[2:]).all(axis=1))


def _overlap(area: Floats, other: Floats) -> float:
    """The share of the smaller area that both have."""
    common = np.clip(np.minimum(area[2:], other[2:]) - np.maximum(area[:2], other[:2]), 0, None).prod()
    return float(common / max(min((area[2:] - area[:2]).prod(), (other[2:] - other[:2]).prod()), 1e-6))


def _copies(glyphs: Glyphs) -> Bools:
    """Later copies of a letter at nearly the same place: bold type made by drawing twice, shadows."""
    copies = np.zeros(len(glyphs), np.bool_)
    if len(glyphs) < 2:
        return copies
    x, y = glyphs.origins.T
    near = SAME_PLACE * glyphs.sizes
    for shift in (0.0, 0.5):  # letters astride a border between rows of one size are in one row of the other
        rows = np.floor(y / (4 * near) + shift)
        order = np.lexsort((np.arange(len(glyphs)), x, rows, glyphs.codes))
        before, after = order[:-1], order[1:]
        same = (glyphs.codes[before] == glyphs.codes[after]) & (rows[before] == rows[after])
        same &= (np.abs(x[before] - x[after]) < near[after]) & (np.abs(y[before] - y[after]) < near[after])
        copies[np.maximum(before, after)[same]] = True
    return copies & ~_in_ligature(glyphs)


def _in_ligature(glyphs: Glyphs) -> Bools:
    """The second and third letter of one shape ("ff", "ffi"): PDFium gives them all the origin of the whole."""
    found = np.zeros(len(glyphs), np.bool_)
    found[1:] = (glyphs.origins[1:] == glyphs.origins[:-1]).all(axis=1) & (glyphs.runs[1:] == glyphs.runs[:-1])
    return found


def _with_ligatures_in_order(glyphs: Glyphs) -> Glyphs:
    """Arabic lam with alef is one shape; PDFium turns its two letters round with the line, against their order."""
    same = (glyphs.boxes[1:] == glyphs.boxes[:-1]).all(axis=1) if len(glyphs) > 1 else np.zeros(0, np.bool_)
    reversed_at = np.flatnonzero(same & np.isin(glyphs.codes[:-1], _ALEFS) & (glyphs.codes[1:] == _LAM))
    glyphs.codes[reversed_at], glyphs.codes[reversed_at + 1] = _LAM, glyphs.codes[reversed_at].copy()
    return glyphs


def turned(boxes: Floats, angle: int, width: float, height: float) -> Floats:
    """Boxes of the page as shown, in the frame in which writing turned clockwise by `angle` stands upright."""
    left, top, right, bottom = boxes.T
    match angle:
        case 90:
            return np.stack((top, width - right, bottom, width - left), axis=1)
        case 180:
            return np.stack((width - right, height - bottom, width - left, height - top), axis=1)
        case 270:
            return np.stack((height - bottom, left, height - top, right), axis=1)
    return boxes


def words_of(glyphs: Glyphs, which: Ints, angle: int, width: float, height: float) -> Words:
    """The words that the characters at the places `which` make in the frame of `angle`."""
    boxes = turned(glyphs.boxes[which], angle, width, height)
    points = np.concatenate((glyphs.origins[which], glyphs.origins[which]), axis=1)
    _, base = turned(points, angle, width, height)[:, :2].T
    sizes, space = glyphs.sizes[which], glyphs.space[which].copy()
    space[1:] |= np.diff(which) > 1
    rtl = _right_to_left(glyphs.codes[which])
    starts = np.flatnonzero(_breaks(boxes, base, sizes, space, rtl))
    if not len(which):
        starts = np.zeros(0, np.int64)
    ends = np.append(starts[1:], len(which))
    whole = [np.minimum.reduceat(boxes[:, side], starts) for side in (0, 1)] if len(starts) else [np.zeros(0)] * 2
    whole += [np.maximum.reduceat(boxes[:, side], starts) for side in (2, 3)] if len(starts) else [np.zeros(0)] * 2
    return Words(
        first=which[starts],
        last=which[ends - 1] + 1 if len(starts) else starts,
        boxes=np.stack(whole, axis=1).astype(np.float32),
        base=base[starts],
        size=np.maximum.reduceat(sizes, starts) if len(starts) else sizes,
        space=space[starts],
        rtl=np.logical_or.reduceat(rtl, starts) if len(starts) else rtl,
    )


def _breaks(boxes: Floats, base: Floats, sizes: Floats, space: Bools, rtl: Bools) -> Bools:
    """True where a word begins: after white space, a change of baseline, a jump back or far ahead."""
    breaks = np.ones(len(sizes), np.bool_)
    size = np.maximum(sizes[1:], sizes[:-1])
    apart = np.maximum(boxes[1:, 0] - boxes[:-1, 2], boxes[:-1, 0] - boxes[1:, 2])
    leftwards = boxes[1:, 0] < boxes[:-1, 0] - 0.3 * size
    backwards = np.where(rtl[1:] | rtl[:-1], ~leftwards & (boxes[1:, 2] > boxes[:-1, 2] + 0.3 * size), leftwards)
    moved = np.abs(base[1:] - base[:-1]) > NEW_BASELINE * size
    breaks[1:] = space[1:] | moved | backwards | (apart > WORD_GAP * size)
    return breaks


def _right_to_left(codes: Ints) -> Bools:
    """Hebrew, Arabic and their neighbours, with their presentation forms."""
    return (
        ((codes >= 0x590) & (codes < 0x900))
        | ((codes >= 0xFB1D) & (codes < 0xFE00))
        | ((codes >= 0xFE70) & (codes < 0xFEFF))
    )


def writing_angles(glyphs: Glyphs) -> Ints:
    """How far each character's line is turned clockwise: as its letters are, but vertical writing runs at 90."""
    angles = glyphs.angles.copy()
    if len(glyphs) < 2:
        return angles
    ideographs = (glyphs.codes >= 0x3000) & (glyphs.codes < 0xA000)
    dx, dy = np.abs(np.diff(glyphs.origins, axis=0)).T
    below = (dx < 0.2 * glyphs.sizes[1:]) & (dy > 0.5 * glyphs.sizes[1:])
    if below[ideographs[1:]].sum() > 0.5 * len(glyphs):
        angles[:] = 90
    return angles
