"""The cells of a table whose columns only their white shows."""

from collections.abc import Sequence

from assistant.reading.pdf.glyphs import Floats
from assistant.reading.pdf.joining import Joiner
from assistant.reading.pdf.lines import Cell, Line
from assistant.reading.pdf.tables.rows import LOOSE, header_rows, row_groups
from assistant.reading.pdf.tables.table import Piece, Table, row_of

CELL_GAP = 0.75  # of the font size between two cells of a row, at least
NARROWEST_WHITE = 2.0  # points between two columns
MOST_CELLS = 0.6  # of the cells of the fullest line: lines with so many show where the columns stand


def table_of(lines: Sequence[Line], rules: Floats, joiner: Joiner) -> tuple[Sequence[Line], Table | None]:
    """The lines before the table, and the table; all lines and None when no cells stand one under the other."""
    cells = [segments(line) for line in lines]
    begin = next((place for place, found in enumerate(cells) if len(found) > 1), None)
    if begin is None:
        return lines, None
    left = min(line.left for line in lines)
    while begin and (lines[begin - 1].left > left + 2 * lines[0].size or _is_one_cell(lines[begin - 1], lines[begin])):
        begin -= 1  # over some columns, or the first line of a cell: no caption of the table
    columns = _columns(cells[begin:])
    if len(columns) < 2:
        return lines, None
    pieces = [
        [Piece(line, cell, _column_of(cell, columns)) for cell in found]
        for line, found in zip(lines[begin:], cells[begin:], strict=True)
    ]
    groups = row_groups(pieces, columns[0][1], rules)
    rows = [row_of([piece for line in group for piece in line], joiner) for group in groups]
    return lines[:begin], Table(tuple(rows), header_rows(groups, rules))


def _is_one_cell(above: Line, below: Line) -> bool:
    near = below.base - above.base < LOOSE * above.size
    return near and above.bold == below.bold and abs(above.size - below.size) < 0.1 * above.size


def segments(line: Line) -> list[Cell]:
    """The cells of a line: its words, joined where the white between them is narrow."""
    joined = [line.cells[0]]
    for cell in line.cells[1:]:
        if cell.left - joined[-1].right < CELL_GAP * line.size and cell.start >= joined[-1].end:
            joined[-1] = Cell(joined[-1].start, cell.end, joined[-1].left, max(cell.right, joined[-1].right))
        else:
            joined.append(cell)
    return joined


def _columns(pieces: list[list[Cell]]) -> list[tuple[float, float]]:
    """Left and right of each column: what the lines with most cells leave white lies between columns."""
    most = max(len(line) for line in pieces)
    full = [line for line in pieces if len(line) >= max(2, MOST_CELLS * most)]
    covered = sorted((cell.left, cell.right) for line in full for cell in line)
    columns: list[tuple[float, float]] = []
    for left, right in covered:
        if columns and left < columns[-1][1] + NARROWEST_WHITE:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _column_of(cell: Cell, columns: list[tuple[float, float]]) -> int:
    """The column that a cell stands in; the first of several that it spans; the nearest when it is in none."""
    overlaps = [number for number, (left, right) in enumerate(columns) if cell.left < right and cell.right > left]
    if overlaps:
        return overlaps[0]
    middle = (cell.left + cell.right) / 2
    return min(range(len(columns)), key=lambda number: abs(sum(columns[number]) / 2 - middle))
