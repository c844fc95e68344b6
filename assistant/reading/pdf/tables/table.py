"""A table, row by row: a row is one Line whose text has " | " between its cells."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.reading.pdf.joining import Joiner
from assistant.reading.pdf.lines import Cell, Line

BETWEEN_CELLS = " | "


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a column: a Line for each row, the first `header_rows` of them its header."""

    rows: tuple[Line, ...]
    header_rows: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """What a line has in one cell: `cell` of the line stands in the column with this number."""

    line: Line
    cell: Cell
    column: int

    @property
    def text(self) -> str:
        return self.line.text[self.cell.start : self.cell.end]


def row_of(pieces: Sequence[Piece], joiner: Joiner) -> Line:
    """One Line of these pieces, column by column, each cell read from top to bottom."""
    written, column = _Writing(joiner), 0
    for piece in sorted(pieces, key=lambda piece: piece.column):  # stable: from top to bottom in each
        while column < piece.column:
            written.begin_cell()
            column += 1
        written.append(piece)
    lines = [piece.line for piece in pieces]
    return replace(
        lines[0],
        text=written.text,
        places=written.places,
        raised=written.raised,
        marks=written.marks,
        cells=[],
        left=min(line.left for line in lines),
        right=max(line.right for line in lines),
        bottom=lines[-1].bottom,
        base=lines[-1].base,
        bold=all(line.bold for line in lines),
    )


@dataclass(slots=True)
class _Writing:
    """The text of a row as far as it is written; `begin` is where its last cell begins."""

    joiner: Joiner
    text: str = ""
    places: list[int] = field(default_factory=list)
    raised: list[tuple[int, int]] = field(default_factory=list)
    marks: list[tuple[int, str]] = field(default_factory=list)
    begin: int = 0
    last: Line | None = None

    def begin_cell(self) -> None:
        self._add(BETWEEN_CELLS)
        self.begin, self.last = len(self.text), None

    def append(self, piece: Piece) -> None:
        line, start, end = piece.line, piece.cell.start, piece.cell.end
        if self.last is not None:
            self._join(piece, is_new_line=line is not self.last)
        shift = len(self.text) - start
        self.raised += [(a + shift, b + shift) for a, b in line.raised if start <= a and b <= end]
        self.marks += [(place + shift, mark) for place, mark in line.marks if start <= place <= end]
        self._add(piece.text, line.places[start:end])
        self.last = line

    def _join(self, piece: Piece, is_new_line: bool) -> None:
        between, dropped = self.joiner.between(self.text[self.begin :], piece.text) if is_new_line else (" ", False)
        if dropped:
            self.text = self.text[:-1]
            del self.places[-1]
        self._add(between)

    def _add(self, text: str, places: Sequence[int] | None = None) -> None:
        self.text += text
        self.places += [-1] * len(text) if places is None else places
