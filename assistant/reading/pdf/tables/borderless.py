"""Tables that only their white shows, inside a column: three lines or more whose cells stand one under the other."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.reading.pdf.glyphs import Floats
from assistant.reading.pdf.joining import Joiner
from assistant.reading.pdf.lines import Line
from assistant.reading.pdf.tables.cells import segments, table_of
from assistant.reading.pdf.tables.contents import contents, end_of_contents
from assistant.reading.pdf.tables.rows import FEWEST_ROWS, LOOSE
from assistant.reading.pdf.tables.table import Table

FARTHEST_ROW = 3.0  # font sizes between rows of a table without rules
WIDE_CELL_GAP = 1.2  # of the font size, once in a row without rules: justified lines have narrower gaps
ALIGNED = 2.5  # points
_NUMBER = re.compile(r"[(]?(?:[\dIVXLivxl]+|[A-Za-z])(?:[.-][\dIVXL]+)*[.)]*|\W{1,2}")  # of a paragraph; a bullet
_FIGURES = re.compile(r" [\d.,]*\d%?\Z")  # a figure in the last cell


def borderless_tables(lines: Sequence[Line], rules: Floats, joiner: Joiner) -> Iterator[Line | Table]:
    """Lines of a column with its tables made: cells one under the other, and the lines of a table of contents."""
    place = 0
    while place < len(lines):
        end = end_of_contents(lines, place)
        if end > place:
            yield Table(tuple(contents(lines[place:end])))
            place = end
            continue
        end = _end_of_cells(lines, place)
        if end > place:
            before, table = table_of(lines[place:end], rules, joiner)
            yield from before
            if table:
                yield table
            place = end
            continue
        yield lines[place]
        place += 1


def _end_of_cells(lines: Sequence[Line], begin: int) -> int:
    """Past the last of at least three lines with cells that begin here and stand one under the other."""
    if not _has_cells(lines[begin]):
        return begin
    last, full, rows = begin, begin, 1
    for place in range(begin + 1, len(lines)):
        far = FARTHEST_ROW * max(lines[place].size, lines[place - 1].size)
        if lines[place].base - lines[place - 1].base > far or place - last > 3:
            break
        if _has_cells(lines[place]):
            # A row of figures may lack the cells that the last one has, and have those of the last full one.
            above = (last, full) if _FIGURES.search(lines[place].text) else (last,)
            if not any(_stand_under(lines[row], lines[place]) for row in above):
                break
            last, rows = place, rows + 1
            full = place if len(segments(lines[place])) > 2 else full
    if rows < FEWEST_ROWS:
        return begin
    first = min(line.left for line in lines[begin : last + 1])
    while last + 1 < len(lines) and _is_rest_of_cell(lines[last], lines[last + 1], first):
        last += 1
    return last + 1


def _is_rest_of_cell(above: Line, below: Line, first: float) -> bool:
    """Does the line go on under a cell that is not the first of its row?"""
    near = below.base - above.base < LOOSE * above.size
    return (
        near
        and below.left > first + 2 * below.size
        and any(abs(below.left - cell.left) < ALIGNED for cell in above.cells)
    )


def _has_cells(line: Line) -> bool:
    """Cells side by side, not a number and what it numbers, and not a justified line with wide gaps."""
    cells = segments(line)
    if len(cells) < 2 or line.leader is not None:
        return False
    gaps = [after.left - before.right for before, after in pairwise(cells)]
    is_number = len(cells) == 2 and _NUMBER.fullmatch(line.text[cells[0].start : cells[0].end]) is not None
    return not is_number and max(gaps) > WIDE_CELL_GAP * line.size


def _stand_under(above: Line, below: Line) -> bool:
    """Does a cell after the first begin or end where one of a line above does?"""
    edges = [edge for cell in segments(above)[1:] for edge in ((0, cell.left), (1, cell.right))]
    return any(
        side == edge_side and abs(place - edge) < ALIGNED
        for cell in segments(below)[1:]
        for side, place in ((0, cell.left), (1, cell.right))
        for edge_side, edge in edges
    )
