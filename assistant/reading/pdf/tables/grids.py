"""Tables whose cells are framed: each word stands in the cell of the nearest rule above it and to the left of it.

So a cell may span rows and columns, and nothing has to be guessed from white or from figures. The rules of a grid
touch each other; its frame is closed on the left and on the right.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.reading.pdf.columns import Fragments, fragments
from assistant.reading.pdf.glyphs import Bools, Floats, Ints, middles_in
from assistant.reading.pdf.joining import Joiner
from assistant.reading.pdf.lines import Cell, Line
from assistant.reading.pdf.tables.rows import Row, header_rows
from assistant.reading.pdf.tables.table import Piece, Table, row_of
from assistant.reading.pdf.words import Words

TOUCHING = 3.0  # points: rules so close meet; both lines of a double rule are one border
MOSTLY = 0.5  # of the height or width of a grid is a border that parts its columns or rows; ticks are short
MARKER_LENGTH = 3  # characters: "(a)" before the text of a cell, a bullet
MOST_PARTED = 0.05  # of the lines of all cells have wide gaps: none has in tables, one in ten on maps
MOST_CROSSINGS = 250_000  # of the rules of a page, to be looked at: the hatching of a map has more
X_HEIGHT = 0.3  # of the font size above the baseline: there a line is in its cell, whatever its letters touch


@dataclass(frozen=True, slots=True)
class Grid:
    """Rules that touch each other: `across` and `down` are (n, 4), left, top, right, bottom."""

    across: Floats
    down: Floats

    @property
    def box(self) -> Floats:
        return np.concatenate((self.across[:, :2].min(axis=0), self.across[:, 2:].max(axis=0)))

    @property
    def is_framed(self) -> bool:
        """Is it closed on all sides, with borders between? Not so the bars on an axis, or a map with ticks."""
        return _closes(self.down[:, [0, 1, 3]], self.across[:, [1, 0, 2]]) and _closes(
            self.across[:, [1, 0, 2]], self.down[:, [0, 1, 3]]
        )

    def cells_at(self, x: Floats, y: Floats) -> Ints:
        """The row and the column, (n, 2), of the cell at each of these places."""
        return np.stack((_nearest(self.across[:, [1, 0, 2]], y, x), _nearest(self.down[:, [0, 1, 3]], x, y)), axis=1)

    def holds_cells(self, words: Words) -> bool:
        """Do two rows or more have cells side by side, and is what a cell says one text?

        Not so the squares of a map, nor a frame round tables that have no rules of their own.
        """
        x, y = (words.boxes[:, :2] + words.boxes[:, 2:]).T / 2
        inside = middles_in(words.boxes, self.box)
        filled = np.unique(self.cells_at(x[inside], y[inside]), axis=0)
        several = np.unique(filled[:, 0], return_counts=True)[1] > 1
        return bool(several.sum() > 1) and self._parted(fragments(words.take(inside))) <= MOST_PARTED

    def _parted(self, parts: Fragments) -> float:
        """The share of the lines of cells that have wide gaps, but for the gap after a bullet or a number."""
        x, y = (parts.boxes[:, :2] + parts.boxes[:, 2:]).T / 2
        lines: dict[tuple[int, ...], list[int]] = {}
        for (row, column), foot, characters in zip(
            self.cells_at(x, y).tolist(),
            parts.boxes[:, 3].round().astype(int).tolist(),
            parts.characters.tolist(),
            strict=True,
        ):
            lines.setdefault((row, column, foot), []).append(characters)
        parted = [len(line) > 2 or (len(line) == 2 and line[0] > MARKER_LENGTH) for line in lines.values()]
        return sum(parted) / max(len(parted), 1)

    def table_of(self, lines: Sequence[Line], joiner: Joiner) -> Table:
        """The table that these lines fill."""
        rows: dict[int, Row] = {}
        for line in lines:
            for number, pieces in self._pieces(line):
                rows.setdefault(number, []).append(pieces)
        groups = [group for number in sorted(rows) for group in _parted_rows(rows[number])]
        groups = _without_empty_columns(groups)
        made = [row_of([piece for line in group for piece in line], joiner) for group in groups]
        return Table(tuple(made), header_rows(groups, self.across))

    def _pieces(self, line: Line) -> Iterator[tuple[int, list[Piece]]]:
        """What a line has in the cells of each row."""
        x = np.array([(word.left + word.right) / 2 for word in line.cells], np.float32)
        y = np.full(len(x), line.base - X_HEIGHT * line.size, np.float32)
        found: dict[int, list[Piece]] = {}
        for word, (row, column) in zip(line.cells, self.cells_at(x, y).tolist(), strict=True):
            pieces = found.setdefault(row, [])
            if pieces and pieces[-1].column == column and word.start >= pieces[-1].cell.end:
                cell = pieces.pop().cell
                word = Cell(cell.start, word.end, cell.left, max(cell.right, word.right))
            pieces.append(Piece(line, word, column))
        yield from found.items()


def _parted_rows(band: Row) -> list[Row]:
    """What stands between two rules, line by line where every line fills the same cells and begins anew."""
    filled = {tuple(sorted({piece.column for piece in line})) for line in band}
    goes_on = any(piece.text[0].islower() for line in band[1:] for piece in line)
    return [band] if len(filled) > 1 or len(filled.pop()) < 2 or goes_on else [[line] for line in band]


def _without_empty_columns(rows: list[Row]) -> list[Row]:
    """The rows with their columns counted from 0, those that hold anything."""
    used = sorted({piece.column for row in rows for line in row for piece in line})
    numbers = {column: number for number, column in enumerate(used)}
    return [[[replace(piece, column=numbers[piece.column]) for piece in line] for line in row] for row in rows]


def grids(words: Words, rules: Floats) -> list[Grid]:
    """The framed tables of a page."""
    flat = rules[:, 3] - rules[:, 1] < rules[:, 2] - rules[:, 0]
    across, down = rules[flat], rules[~flat]
    if not len(words) or len(across) * len(down) > MOST_CROSSINGS:
        return []
    found = [Grid(across[rows], down[columns]) for rows, columns in _connected(_touch(across, down))]
    return [grid for grid in found if grid.is_framed and grid.holds_cells(words)]


def _touch(across: Floats, down: Floats) -> Bools:
    """Which rules across (rows) and which rules down (columns) meet."""
    x, y = down[:, 0], across[:, 1, None]
    level = (down[:, 1] < y + TOUCHING) & (down[:, 3] > y - TOUCHING)
    return np.asarray(level & (across[:, 0, None] < x + TOUCHING) & (across[:, 2, None] > x - TOUCHING))


def _connected(touch: Bools) -> Iterator[tuple[Ints, Ints]]:
    """The rows and columns of each part that hangs together."""
    left: Bools = np.asarray(touch.any(axis=1))
    while left.any():
        rows = np.flatnonzero(left)[:1]
        while True:
            columns = touch[rows].any(axis=0)
            grown = np.flatnonzero(touch[:, columns].any(axis=1))
            if len(grown) == len(rows):
                break
            rows = grown
        left[rows] = False
        yield rows, np.flatnonzero(columns)


def _nearest(rules: Floats, place: Floats, beside: Floats) -> Ints:
    """The number of the last border before each `place`: of the rules (place, begin, end) that reach `beside` it."""
    reaches = (rules[:, 1] - TOUCHING < beside[:, None]) & (rules[:, 2] + TOUCHING > beside[:, None])
    before = reaches & (rules[:, 0] < place[:, None])
    nearest = np.where(before, rules[:, 0], -np.inf).max(axis=1)
    return np.asarray(np.searchsorted(_borders(rules[:, 0]), nearest, side="right"), np.int64)


def _closes(rules: Floats, others: Floats) -> bool:
    """Do rules (place, begin, end) that run most of the way stand at both ends of the others, and between?"""
    begin, end = others[:, 1].min(), others[:, 2].max()
    way = rules[:, 1].min(), rules[:, 2].max()
    borders = _borders(rules[:, 0])
    which = np.searchsorted(borders, rules[:, 0], side="right") - 1
    run = np.bincount(which, rules[:, 2] - rules[:, 1])
    long = borders[run > MOSTLY * (way[1] - way[0])]
    return len(long) > 2 and long[0] < begin + TOUCHING and long[-1] > end - TOUCHING


def _borders(places: Floats) -> Floats:
    """Where the borders are, double rules once."""
    ordered = np.sort(places)
    return ordered[np.diff(ordered, prepend=-np.inf) > TOUCHING]
