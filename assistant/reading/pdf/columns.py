"""In which order the parts of a page are read: columns found by the white gutters between them.

After Breuel, "Two geometric algorithms for layout analysis" (DAS 2002): first the tall white rectangles that
have running text on both sides, then lines that never cross one. A gutter of a table has short cells beside
it, not running text, and is no border of reading: its rows are read across.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from assistant.reading.pdf.glyphs import Bools, Floats, Ints
from assistant.reading.pdf.words import Words

WIDE_GAP = 0.6  # of the font size: where a line may be parted by a gutter
HANGING = (0.15, 0.45)  # font sizes: how far a quotation mark or a list's number may stick out into a gutter
ALIGNED = 1.5  # points: lines that begin so close to each other begin at one edge
FEWEST_LINES = 4  # beside a gutter, on each side
FEWEST_CHARACTERS = 18  # of a long line beside a gutter: the narrowest newspaper column has 25, cells have fewer
MOSTLY = 0.6  # of the characters beside a gutter stand in long lines
WIDEST_WORD_GAP = 1.2  # of the font size, in most lines of a justified column
LONGEST_NUMBER = 16  # characters: "61/279; 65/290"
LONG_LINE = 25  # characters of a line of running text, at least; labels and the names on a map are shorter
SHORT_CELL, FEWEST_ROWS = 12, 3  # characters; lines
ROWS_OF_CELLS = 0.4  # of the lines over a strip have cells: a table of several columns, no columns of text
LEAST_WIDE = 0.5  # of the widest line is the median one
TALLEST_TABLE = 35  # font sizes between two rules; taller is a page between the lines of its head and foot
SAME_FOOT = 2.0  # points
LARGER = 1.08  # times the type of the columns: a heading over a new pair of them


@dataclass(frozen=True, slots=True)
class Fragments:
    """Stretches of words on one baseline without a wide gap; `words[i]` are places in the page's Words.

    `sizes[i]` is the font size of the largest word.
    """

    boxes: Floats
    sizes: Floats
    characters: Ints
    words: list[Ints]

    def __len__(self) -> int:
        return len(self.words)


@dataclass(frozen=True, slots=True)
class Column:
    """What is read in one go: places in the page's Words, and which of its tables stand among them."""

    words: Ints
    tables: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Gutter:
    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


def reading_order(words: Words, rules: Floats, tables: Floats) -> list[Column]:
    """The columns of a page in the order in which they are read; one for a page that has none.

    `tables` (n, 4) are the boxes of tables whose words are not among `words`: text stands round them.
    """
    text = fragments(words)
    none: list[Ints] = [np.zeros(0, np.int64) for _ in tables]
    parts = Fragments(
        boxes=np.concatenate((text.boxes, tables)),
        sizes=np.append(text.sizes, np.zeros(len(tables), np.float32)),
        characters=np.append(text.characters, [0] * len(tables)),
        words=text.words + none,
    )
    if not len(parts):
        return []
    right_to_left = len(words) > 0 and bool(words.rtl.mean() > 0.5)
    size = float(np.median(words.size)) if len(words) else 10.0
    columns = _columns(parts, np.arange(len(parts)), rules, size, right_to_left)
    return [
        Column(
            words=np.concatenate([np.zeros(0, np.int64), *(parts.words[place] for place in column)]),
            tables=tuple(int(place) - len(text) for place in column if place >= len(text)),
        )
        for column in columns
    ]


def fragments(words: Words) -> Fragments:
    """Words of a page as stretches of line, from top to bottom and left to right."""
    rows = baselines(words, np.arange(len(words)))
    pieces = [piece for row in rows for piece in np.split(row, np.flatnonzero(_gaps(words, row) > WIDE_GAP) + 1)]
    boxes = [
        (*words.boxes[piece, :2].min(axis=0).tolist(), *words.boxes[piece, 2:].max(axis=0).tolist()) for piece in pieces
    ]
    lengths = words.last - words.first
    return Fragments(
        boxes=np.array(boxes, np.float32).reshape(-1, 4),
        sizes=np.array([words.size[piece].max() for piece in pieces], np.float32),
        characters=np.array([lengths[piece].sum() for piece in pieces], np.int64),
        words=pieces,
    )


def baselines(words: Words, which: Ints) -> list[Ints]:
    """The words at the places `which`, grouped by baseline from top to bottom, each group from left to right."""
    if not len(which):
        return []
    order = which[np.argsort(words.base[which], kind="stable")]
    base, size = words.base[order], words.size[order]
    near = 0.3 * np.minimum(size[1:], size[:-1])
    cuts = np.flatnonzero(np.diff(base) > near) + 1
    return [row[np.argsort(words.boxes[row, 0], kind="stable")] for row in np.split(order, cuts)]


def _gaps(words: Words, row: Ints) -> Floats:
    """The white before each word of a row but the first, in font sizes."""
    white = words.boxes[row[1:], 0] - np.maximum.accumulate(words.boxes[row, 2])[:-1]
    return np.asarray(white / np.minimum(words.size[row[1:]], words.size[row[:-1]]), np.float32)


def _columns(parts: Fragments, region: Ints, rules: Floats, size: float, right_to_left: bool) -> list[Ints]:
    gutter = max(_gutters(parts, region, rules, size), key=lambda found: found.height, default=None)
    if gutter is None:
        return [region] if len(region) else []
    x, y = (parts.boxes[region, :2] + parts.boxes[region, 2:]).T / 2
    above, below = y < gutter.top, y > gutter.bottom
    left = ~above & ~below & (x < (gutter.left + gutter.right) / 2)
    right = ~above & ~below & ~left
    first, second = (right, left) if right_to_left else (left, right)
    tops = [float("-inf"), *_tops_of_pairs(parts, region[first], region[second]), float("inf")]
    pairs = [side & (y > top) & (y < bottom) for top, bottom in pairwise(tops) for side in (first, second)]
    found = []
    for side in (above, *pairs, below):
        found += _columns(parts, region[side], rules, size, right_to_left)
    return found


def _tops_of_pairs(parts: Fragments, first: Ints, second: Ints) -> list[float]:
    """Where a heading in the first of two columns stands over a new pair of them, as over the next of two lists.

    It is larger than their type, stands beside white, and both columns begin under it at one height.
    """
    usual = float(np.median(parts.sizes[first]))
    boxes, others = parts.boxes[first], parts.boxes[second]
    found = []
    for top, bottom in boxes[parts.sizes[first] > LARGER * usual][:, [1, 3]].tolist():
        beside = (others[:, 1] < bottom) & (others[:, 3] > top)
        under, opposite = boxes[boxes[:, 1] > bottom, 3], others[others[:, 1] > bottom, 3]
        if beside.any() or not len(under) or not len(opposite) or not (others[:, 3] < top).any():
            continue
        if abs(under.min() - opposite.min()) < SAME_FOOT:
            found.append(top)
    return sorted(found)


def _gutters(parts: Fragments, region: Ints, rules: Floats, size: float) -> Iterator[_Gutter]:
    for edge in _edges(parts.boxes[region, 0]):
        for hanging in HANGING:
            strip = (edge - (hanging + WIDE_GAP) * size, edge - hanging * size)
            yield from _gutters_at(strip, edge, parts, region, rules, size)


def _gutters_at(
    strip: tuple[float, float], edge: float, parts: Fragments, region: Ints, rules: Floats, size: float
) -> Iterator[_Gutter]:
    """The stretches of this strip, just left of an edge, that no text and no rule crosses and text stands beside."""
    boxes = parts.boxes[region]
    across = _rules_across(rules, strip)
    beside = ~_crosses(boxes, strip)
    y = (boxes[:, 1] + boxes[:, 3]) / 2
    for top, bottom in _free(np.concatenate((boxes[~beside], across)), boxes):
        inside = beside & (y > top) & (y < bottom)
        left, right = inside & (boxes[:, 2] <= strip[1]), inside & (boxes[:, 0] >= strip[0])
        if (right & (boxes[:, 0] < edge + ALIGNED)).sum() < FEWEST_LINES or _is_table_body(across, top, bottom, size):
            continue
        if _is_list_of_numbers(parts, region[left]) and _is_list_of_numbers(parts, region[right]):
            yield _Gutter(*strip, top, float(boxes[right, 3].max()) + 1)
        if _has_rows_of_cells(parts, region[inside], strip, size):
            continue
        if _is_running_text(parts, region[left], size, last=True) and _is_running_text(parts, region[right], size):
            yield _Gutter(*strip, top, bottom)


def _edges(left: Floats) -> list[float]:
    """Where several lines begin, from left to right, without the leftmost, which has nothing before it."""
    ordered = np.sort(left)
    groups = np.split(ordered, np.flatnonzero(np.diff(ordered) > ALIGNED) + 1)
    edges = [float(group.min()) for group in groups if len(group) >= FEWEST_LINES]
    return [edge for edge in edges if edge > ordered[0]]


def _crosses(boxes: Floats, strip: tuple[float, float]) -> Bools:
    crosses: Bools = (boxes[:, 0] < strip[1]) & (boxes[:, 2] > strip[0])
    return crosses


def _rules_across(rules: Floats, strip: tuple[float, float]) -> Floats:
    return rules[(rules[:, 0] < strip[0]) & (rules[:, 2] > strip[1])]


def _is_table_body(across: Floats, top: float, bottom: float, size: float) -> bool:
    """Is this height closed above and below by two rules of one length, and no taller than a table may be?"""
    above, below = across[np.abs(across[:, 3] - top) < 1], across[np.abs(across[:, 1] - bottom) < 1]
    if not len(above) or not len(below) or bottom - top > TALLEST_TABLE * size:
        return False
    return bool(np.abs(above[0, [0, 2]] - below[0, [0, 2]]).max() < 2 * ALIGNED)


def _free(obstacles: Floats, boxes: Floats) -> list[tuple[float, float]]:
    """The heights between obstacles, from the top of the region to its foot."""
    top, bottom = float(boxes[:, 1].min()) - 1, float(boxes[:, 3].max()) + 1
    free = []
    for obstacle in obstacles[np.argsort(obstacles[:, 1])]:
        if obstacle[1] > top:
            free.append((top, float(obstacle[1])))
        top = max(top, float(obstacle[3]))
    return [*free, (top, bottom)] if bottom > top else free


def _is_running_text(parts: Fragments, which: Ints, size: float, last: bool = False) -> bool:
    """Are the first (or last) stretches of these lines, up to the white of a next column, long and of a width?"""
    stretches = [_stretch(parts, line, size, last) for line in _lines(parts, which)]
    if len(stretches) < FEWEST_LINES:
        return False
    characters = np.array([parts.characters[stretch].sum() for stretch in stretches])
    long = characters >= FEWEST_CHARACTERS
    if long.sum() < FEWEST_LINES or characters[long].sum() < MOSTLY * characters.sum():
        return False
    boxes = [parts.boxes[stretch] for stretch, is_long in zip(stretches, long, strict=True) if is_long]
    widths = np.array([box[:, 2].max() - box[:, 0].min() for box in boxes])
    return bool(np.median(widths) > LEAST_WIDE * widths.max())


def _has_rows_of_cells(parts: Fragments, which: Ints, strip: tuple[float, float], size: float) -> bool:
    """Does the strip part a column of short cells from what follows, as numbers are parted from titles?"""
    over = cells = 0
    for line in _lines(parts, which):
        boxes = parts.boxes[line]
        if boxes[0, 0] > strip[0] or boxes[-1, 2] < strip[1]:
            continue
        before = line[boxes[:, 2] <= strip[1]]
        over += 1
        cells += len(before) > 0 and parts.characters[_stretch(parts, before, size, last=True)].sum() < SHORT_CELL
    return cells >= FEWEST_ROWS and cells > ROWS_OF_CELLS * over


def _is_list_of_numbers(parts: Fragments, which: Ints) -> bool:
    """Short numbers at one edge and what they name at another: two such lists side by side are two columns."""
    lines = _lines(parts, which)
    if len(lines) < FEWEST_LINES:
        return False
    edge = min(float(parts.boxes[line[0], 0]) for line in lines)
    numbered = [
        line
        for line in lines
        if len(line) > 1 and parts.boxes[line[0], 0] < edge + ALIGNED and parts.characters[line[0]] < LONGEST_NUMBER
    ]
    names = [parts.boxes[line[1], 0] for line in numbered if parts.characters[line[1:]].sum() >= SHORT_CELL]
    if len(names) < FEWEST_ROWS:
        return False
    aligned = [line for line in lines if np.abs(parts.boxes[line, 0] - np.median(names)).min() < ALIGNED]
    return len(aligned) >= max(FEWEST_LINES, ROWS_OF_CELLS * len(lines))


def _lines(parts: Fragments, which: Ints) -> list[Ints]:
    """Fragments side by side, those whose feet are at one height, each line from left to right."""
    if not len(which):
        return []
    foot = parts.boxes[which, 3]
    order = np.argsort(foot, kind="stable")
    lines = np.split(which[order], np.flatnonzero(np.diff(foot[order]) > SAME_FOOT) + 1)
    return [line[np.argsort(parts.boxes[line, 0], kind="stable")] for line in lines]


def _stretch(parts: Fragments, line: Ints, size: float, last: bool) -> Ints:
    cuts = np.flatnonzero(parts.boxes[line[1:], 0] - parts.boxes[line[:-1], 2] > WIDEST_WORD_GAP * size) + 1
    return np.split(line, cuts)[-1 if last else 0]
