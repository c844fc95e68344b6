"""One page as lines in the order in which a person reads them: columns, tables set apart, margins set apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from assistant.reading.pdf.charts import charts, in_charts, with_names_of_axes
from assistant.reading.pdf.columns import LONG_LINE, Fragments, fragments, reading_order
from assistant.reading.pdf.glyphs import SLANTED, Bools, Floats, Glyphs, Ints, RawPage, middles_in
from assistant.reading.pdf.initials import with_initials_set_down
from assistant.reading.pdf.line_numbers import line_numbers
from assistant.reading.pdf.lines import Cell, Line, lines_of
from assistant.reading.pdf.stamps import stamped
from assistant.reading.pdf.strikes import struck
from assistant.reading.pdf.tables.grids import TOUCHING, Grid, grids
from assistant.reading.pdf.tables.ruled import ruled_areas
from assistant.reading.pdf.words import Words, readable, turned, words_of, writing_angles

MARGIN_SIZE = 0.85  # of the page's usual font size: notes in the margin are smaller
MARGIN_GAP = 6.0  # points between them and the text
MARGIN_LETTERS = 3
OVERHANG = 3.0  # points by which the middle of a word may stand beside its table
UNDERLINED = 0.75  # of a line; the number of a heading is not


@dataclass(slots=True)
class TableArea:
    """A table between rules: its lines, not yet cells, and its grid when these are framed."""

    lines: list[Line]
    grid: Grid | None = None


@dataclass(slots=True)
class Sheet:
    """A page laid out.

    `columns` in reading order, each a list of lines and areas from top to bottom. `margin`: notes beside the
    text. `turned`: lines that run another way than most, sideways in the margin or along an axis.
    """

    index: int
    raw: RawPage
    height: float  # of the frame in which lines are upright
    rules: Floats  # in that frame
    columns: list[list[Line | TableArea]] = field(default_factory=list)
    margin: list[Line] = field(default_factory=list)
    turned: list[Line] = field(default_factory=list)
    charts: int = 0  # that were left out
    struck: int = 0  # places where text that is struck out was left out
    reader: str = "pypdfium2"
    is_stamped: bool = False  # words across the text were left out
    confidence: float | None = None  # of character recognition, 0 to 1

    def lines(self) -> Iterator[Line]:
        """All lines of the columns, those of tables among them."""
        for column in self.columns:
            for part in column:
                yield from part.lines if isinstance(part, TableArea) else (part,)

    def free_lines(self) -> list[Line]:
        """The lines of the columns that stand in no table."""
        return [part for column in self.columns for part in column if isinstance(part, Line)]

    def table_lines(self) -> list[Line]:
        """The lines of the tables between rules."""
        return [
            line for column in self.columns for part in column if isinstance(part, TableArea) for line in part.lines
        ]

    def keep(self, lines: set[int]) -> None:
        """Drop all lines but those with these ids (`id(line)`)."""
        for column in self.columns:
            for part in column:
                if isinstance(part, TableArea):
                    part.lines = [line for line in part.lines if id(line) in lines]
            column[:] = [part for part in column if (part.lines if isinstance(part, TableArea) else id(part) in lines)]
        self.columns = [column for column in self.columns if column]


def lay_out(raw: RawPage, index: int) -> Sheet:
    """The lines of a page, `index` from 0; a page without text has no columns."""
    stamps, strikes = stamped(raw), [*struck(raw.glyphs, np.concatenate((raw.rules, raw.dashes)))]
    wanted = ~stamps & (raw.glyphs.angles != SLANTED)
    wanted[np.concatenate([np.zeros(0, np.int64), *strikes])] = False
    glyphs = readable(raw.glyphs, wanted, raw.width, raw.height)
    raw = replace(raw, glyphs=glyphs)
    angles = writing_angles(glyphs)
    kinds, counts = np.unique(angles, return_counts=True)
    main = int(kinds[np.argmax(counts)]) if len(kinds) else 0
    height = raw.height if main in (0, 180) else raw.width
    rules = turned(raw.rules, main, raw.width, raw.height)
    sheet = Sheet(index, raw, height, rules, struck=len(strikes), is_stamped=bool(stamps.any()))
    words = words_of(glyphs, np.flatnonzero(angles == main), main, raw.width, raw.height)
    words = with_initials_set_down(words, glyphs)
    drawn = charts(words, glyphs, sheet.rules)
    sheet.charts = len(drawn)
    words = words.take(~in_charts(words.boxes, drawn))
    words = words.take(np.setdiff1d(np.arange(len(words)), line_numbers(words, glyphs)))
    _fill(sheet, words, glyphs)
    shown = turned(glyphs.boxes, main, raw.width, raw.height)
    for angle in kinds[kinds != main].tolist():
        others = words_of(glyphs, np.flatnonzero(angles == angle), angle, raw.width, raw.height)
        lines = lines_of(others, np.arange(len(others)), glyphs, index)
        hulls = np.array([_hull(shown[[place for place in line.places if place >= 0]]) for line in lines])
        named = in_charts(hulls.reshape(-1, 4), with_names_of_axes(drawn))
        for line, hull, is_name in zip(lines, hulls, named, strict=True):
            if not is_name and not _is_set_in_table(line, hull, sheet):
                sheet.turned.append(line)
    return sheet


def _is_set_in_table(line: Line, hull: Floats, sheet: Sheet) -> bool:
    """Does this turned line stand in a cell of a framed table? Then it is set there as if it were upright."""
    x, y = (hull[:2] + hull[2:]) / 2
    for area in (part for column in sheet.columns for part in column if isinstance(part, TableArea) and part.grid):
        left, top, right, bottom = area.grid.box if area.grid else hull
        if left < x < right and top < y < bottom:
            cells = [Cell(0, len(line.text), float(hull[0]), float(hull[2]))]
            sides = dict(zip(("left", "top", "right", "bottom"), hull.tolist(), strict=True))
            area.lines.append(replace(line, **sides, base=float(hull[3]), cells=cells))
            return True
    return False


def _hull(boxes: Floats) -> Floats:
    return np.concatenate((boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)))


def _fill(sheet: Sheet, words: Words, glyphs: Glyphs) -> None:
    framed = grids(words, sheet.rules)
    boxes = np.array([grid.box for grid in framed], np.float32).reshape(-1, 4)
    areas = np.concatenate((boxes, _areas_beside(boxes, words, sheet.rules, glyphs)))
    inside = _shared_out(words, areas)
    free = np.setdiff1d(np.arange(len(words)), np.concatenate([np.zeros(0, np.int64), *inside]))
    margin = free[_in_margin(words.take(free), sheet.height)]
    free = np.setdiff1d(free, margin)
    sheet.margin = lines_of(words, margin, glyphs, sheet.index)
    tables = [TableArea(lines_of(words, which, glyphs, sheet.index)) for which in inside]
    for table, grid in zip(tables, framed, strict=False):
        table.grid = grid
    for column in reading_order(words.take(free), sheet.rules, areas):
        parts: list[Line | TableArea] = [*lines_of(words, free[column.words], glyphs, sheet.index)]
        parts += [tables[number] for number in column.tables if tables[number].lines]
        sheet.columns.append(sorted(parts, key=_height))
    for line in sheet.lines():
        line.underlined = _is_underlined(line, sheet.rules)
        line.filled_in = _is_filled_in(line, sheet.raw)


def _areas_beside(boxes: Floats, words: Words, rules: Floats, glyphs: Glyphs) -> Floats:
    """The areas of tables between rules, without what is framed."""
    taken = np.concatenate([np.zeros(0, np.int64), *_shared_out(words, boxes)])
    middles = (rules[:, None, :2] + rules[:, None, 2:]) / 2
    framed = ((middles > boxes[:, :2] - TOUCHING) & (middles < boxes[:, 2:] + TOUCHING)).all(axis=2)
    return ruled_areas(
        words.take(np.setdiff1d(np.arange(len(words)), taken)), rules[~np.asarray(framed).any(axis=1)], glyphs
    )


def _shared_out(words: Words, areas: Floats) -> list[Ints]:
    """The words of each area; none stands in two."""
    free, found = np.arange(len(words)), []
    for area in areas:
        found.append(np.intersect1d(_inside(words, area), free))
        free = np.setdiff1d(free, found[-1])
    return found


def _is_underlined(line: Line, rules: Floats) -> bool:
    """Does a rule of about its length run right under it?"""
    under = (rules[:, 1] > line.base - 1) & (rules[:, 1] < line.base + 0.4 * line.size)
    covered = np.minimum(rules[under, 2], line.right) - np.maximum(rules[under, 0], line.left)
    beyond = (rules[under, 0] < line.left - line.size) | (rules[under, 2] > line.right + line.size)
    return bool(((covered > UNDERLINED * (line.right - line.left)) & ~beyond).any())


def _is_filled_in(line: Line, raw: RawPage) -> bool:
    """Does a part of it stand in a field of a form?"""
    boxes = raw.glyphs.boxes
    return any(middles_in(boxes[[place for place in line.places if place >= 0]], area).any() for area in raw.fields)


def _height(part: Line | TableArea) -> float:
    return part.lines[0].base if isinstance(part, TableArea) else part.base


def _inside(words: Words, area: Floats) -> Ints:
    return np.flatnonzero(middles_in(words.boxes, area, OVERHANG))


def _in_margin(words: Words, height: float) -> Ints:
    """Small words wholly beside the text, with text at their height: side notes of a law."""
    if not len(words):
        return np.zeros(0, np.int64)
    parts = fragments(words)
    usual = float(np.median(np.repeat(parts.sizes, parts.characters)))
    text = (parts.sizes > 0.95 * usual) & (parts.characters >= LONG_LINE)
    if text.sum() < 5:
        return np.zeros(0, np.int64)
    left, right = np.percentile(parts.boxes[text, 0], 2), np.percentile(parts.boxes[text, 2], 98)
    outside = (parts.boxes[:, 2] < left - MARGIN_GAP) | (parts.boxes[:, 0] > right + MARGIN_GAP)
    middle = (parts.boxes[:, 1] + parts.boxes[:, 3]) / 2
    outside &= (parts.sizes < MARGIN_SIZE * usual) & (middle > 0.1 * height) & (middle < 0.9 * height)
    outside &= parts.characters >= MARGIN_LETTERS
    inner = (parts.boxes[:, 0] > left - MARGIN_GAP) & (parts.boxes[:, 2] < right + MARGIN_GAP)
    inner &= parts.characters > MARGIN_LETTERS
    return np.concatenate([np.zeros(0, np.int64), *(parts.words[at] for at in _beside(parts, outside, inner))])


def _beside(parts: Fragments, outside: Bools, text: Bools) -> list[int]:
    top, bottom = parts.boxes[text, 1], parts.boxes[text, 3]
    places = np.flatnonzero(outside).tolist()
    return [at for at in places if ((top < parts.boxes[at, 3]) & (bottom > parts.boxes[at, 1])).any()]
