"""Where tables stand between rules: horizontal lines of one length with cells side by side between them."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from assistant.reading.pdf.columns import fragments
from assistant.reading.pdf.glyphs import Bools, Floats, Glyphs, Ints
from assistant.reading.pdf.tables.rows import FEWEST_ROWS, TALLEST_HEADER
from assistant.reading.pdf.words import Words

SAME_RULE = 4.0  # points: rules that begin and end so close to each other belong to one table
SHORTEST_RULE = 90.0  # points: of the rules above and below a table
TALLEST_BOX = 35  # font sizes: a frame round more than that is a page
ROW_GAP = 1.6  # font sizes of white between two rows of a table that has no rule at its foot
ALMOST_ALL = 0.8  # of the lines of a table without a header have cells side by side
MARKER_LENGTH = 4  # characters: "22." and "(iv)" are numbers of paragraphs, no cells
HEADING = 1.25  # times the size of a table's letters
LONG_CELL, PROSE_IN_CELLS = 30, 0.4  # characters of a stretch; share of a table's characters in such stretches

_Area = tuple[float, float, float, float]  # left, top, right, bottom


def ruled_areas(words: Words, rules: Floats, glyphs: Glyphs) -> Floats:
    """The boxes (n, 4) of tables that stand between rules, from top to bottom."""
    across = rules[
        (rules[:, 3] - rules[:, 1] < rules[:, 2] - rules[:, 0]) & (rules[:, 2] - rules[:, 0] > SHORTEST_RULE)
    ]
    if len(across) < 2 or not len(words):
        return np.zeros((0, 4), np.float32)
    parts = _Parts.of(words, glyphs)
    size = float(np.median(words.size))
    areas = [area for group in _same_rules(across) for area in _areas(parts, group, size)]
    return np.array(_outermost(areas), np.float32).reshape(-1, 4)


def _outermost(areas: list[_Area]) -> list[_Area]:
    """The areas from top to bottom, without those that overlap a taller one."""
    kept: list[_Area] = []
    for area in sorted(areas, key=lambda area: area[1] - area[3]):
        if not any(area[0] < b[2] and b[0] < area[2] and area[1] < b[3] - 3 and b[1] < area[3] - 3 for b in kept):
            kept.append(area)
    return sorted(kept, key=lambda area: area[1])


def _same_rules(across: Floats) -> list[Floats]:
    """Rules of one length and place, from top to bottom, for each length that occurs twice."""
    left = across[across[:, 1].argsort(kind="stable")]
    groups = []
    while len(left):
        same = (np.abs(left[:, [0, 2]] - left[0, [0, 2]]) < SAME_RULE).all(axis=1)
        groups.append(left[same])
        left = left[~same]
    return [group for group in groups if len(group) > 1]


def _areas(parts: "_Parts", rules: Floats, size: float) -> list[_Area]:
    """Chains of spaces between neighbouring rules that all hold cells side by side."""
    spaces = [_Space.between(parts, above, below) for above, below in pairwise(rules)]
    chains: list[list[_Space]] = [[]]
    for space in spaces:
        if chains[-1] and (space.holds_cells or (space.is_row and not _is_heading(space, chains[-1]))):
            chains[-1].append(space)
        elif space.begins_table:
            chains.append([space])
        else:
            chains.append([])
    tables = [chain for chain in map(_trimmed, chains) if _is_table(chain, size)]
    return [(chain[0].left, chain[0].top, chain[0].right, _foot(chain, parts, size)) for chain in tables]


def _is_heading(space: "_Space", chain: "list[_Space]") -> bool:
    """Are its letters larger than all of the table above? So it is the heading of the next table."""
    return space.tall > HEADING * max(above.tall for above in chain)


def _foot(chain: "list[_Space]", parts: "_Parts", size: float) -> float:
    """Where the table ends: at its last rule, or, when only its header is ruled, with the last row of cells."""
    foot = chain[-1].bottom
    if sum(len(space.rows) for space in chain) > TALLEST_HEADER:
        return foot
    below = (parts.boxes[:, 1] > foot - 2) & (parts.boxes[:, 0] > chain[0].left - SAME_RULE)
    boxes, middle = parts.boxes[below & ~parts.short], (chain[0].left + chain[0].right) / 2
    for row in _lines_of_boxes(boxes):
        is_text = len(row) == 1 and row[0, 0] < middle < row[0, 2]
        is_heading = (row[:, 3] - row[:, 1]).max() > HEADING * max(space.tall for space in chain)
        if is_text or is_heading or row[:, 1].min() > foot + ROW_GAP * size:
            break
        foot = float(row[:, 3].max())
    return foot + 1


def _lines_of_boxes(boxes: Floats) -> list[Floats]:
    """Boxes whose feet are at one height, from top to bottom."""
    ordered = boxes[np.argsort(boxes[:, 3], kind="stable")]
    return np.split(ordered, np.flatnonzero(np.diff(ordered[:, 3]) > 2) + 1) if len(boxes) else []


def _trimmed(chain: "list[_Space]") -> "list[_Space]":
    """Without what follows the last cells: a line of text between a table and the next."""
    last = max((place for place, space in enumerate(chain) if space.holds_cells), default=-1)
    return chain[: last + 1]


@dataclass(frozen=True, slots=True)
class _Parts:
    """The stretches of text on a page, and which of them are as short as the number of a paragraph or a bullet."""

    boxes: Floats
    characters: Ints
    short: Bools

    @classmethod
    def of(cls, words: Words, glyphs: Glyphs) -> "_Parts":
        parts = fragments(words)
        short = parts.characters <= MARKER_LENGTH
        for place in np.flatnonzero(short).tolist():
            part = parts.words[place]
            codes = [code for word in part for code in glyphs.codes[words.first[word] : words.last[word]].tolist()]
            short[place] = len(codes) < MARKER_LENGTH or not "".join(map(chr, codes)).isalnum()  # no "Date", no "1994"
        return cls(parts.boxes, parts.characters, short)

    def are_numbers(self, which: Ints) -> Bools:
        """Are they short and the first of their line, with one stretch to their right? Two such would be cells."""
        boxes, found = self.boxes[which], np.zeros(len(which), np.bool_)
        for place in np.flatnonzero(self.short[which]):
            level = np.abs(boxes[:, 3] - boxes[place, 3]) <= 2
            after = level & (boxes[:, 0] > boxes[place, 0])
            found[place] = after.sum() == 1 and not (level & (boxes[:, 2] < boxes[place, 0])).any()
        return found


@dataclass(frozen=True, slots=True)
class _Space:
    """What stands between two rules: how many fragments in each line."""

    left: float
    top: float
    right: float
    bottom: float
    rows: tuple[int, ...]
    prose: float  # share of its characters that stand in long stretches
    tall: float  # points, of its largest letters

    @classmethod
    def between(cls, parts: _Parts, above: Floats, below: Floats) -> "_Space":
        left, top, right, bottom = float(above[0]), float(above[1]), float(above[2]), float(below[3])
        x, y = (parts.boxes[:, :2] + parts.boxes[:, 2:]).T / 2
        inside = np.flatnonzero((x > left) & (x < right) & (y > top) & (y < bottom))
        rows = _lines_of_boxes(parts.boxes[inside[~parts.are_numbers(inside)]])
        heights = parts.boxes[inside, 3] - parts.boxes[inside, 1]
        characters = parts.characters[inside]
        prose = characters[characters >= LONG_CELL].sum() / max(characters.sum(), 1)
        tall = float(heights.max(initial=0))
        return cls(left, top, right, bottom, tuple(len(row) for row in rows), float(prose), tall)

    @property
    def holds_cells(self) -> bool:
        return bool(self.rows) and sum(count > 1 for count in self.rows) >= 0.4 * len(self.rows)

    @property
    def begins_table(self) -> bool:
        """A header, or the rows of a table without one: a page of text may have lists in it, but not only lists."""
        cells = sum(count > 1 for count in self.rows)
        return self.holds_cells and (len(self.rows) <= TALLEST_HEADER or cells > ALMOST_ALL * len(self.rows))

    @property
    def is_row(self) -> bool:
        """Few lines or none: a heading inside a table, or the white of a double rule."""
        return len(self.rows) <= 3


def _is_table(chain: list[_Space], size: float) -> bool:
    rows = sum(len(space.rows) for space in chain)
    if rows < 2:
        return False
    filled = [space for space in chain if space.rows]
    if len(filled) > 1 and len(filled[0].rows) <= TALLEST_HEADER:
        return True
    if max(space.prose for space in filled) > PROSE_IN_CELLS:
        return chain[-1].bottom - chain[0].top < TALLEST_BOX * size and rows >= FEWEST_ROWS
    return rows >= FEWEST_ROWS
