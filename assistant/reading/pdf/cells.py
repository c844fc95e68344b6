"""The cells and rows of a table, from its lines.

A row becomes one Line whose text has " | " between its cells. Rows are parted by rules, by white, and by figures:
no row has two in one column.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from assistant.reading.pdf.glyphs import Floats
from assistant.reading.pdf.lines import Cell, Line

CELL_GAP = 0.75  # of the font size between two cells of a row, at least
TALLEST_HEADER = 7  # lines between the first two rules
ROW_PITCH = 1.22  # times the closest lines of a table: a new row where lines stand farther apart
PROSE_PITCH = 1.7  # font sizes between rows whose cells hold sentences
LOOSE = 1.35  # of the font size: lines as far apart as this are rows, not lines of one cell
PROSE_CELLS = 0.3  # of the cells of a line begin with a small letter where cells hold sentences
NARROWEST_WHITE = 2.0  # points between two columns
BETWEEN_CELLS = " | "


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a column: a Line for each row, the first `header_rows` of them its header."""

    rows: tuple[Line, ...]
    header_rows: int = 0


def table_of(lines: Sequence[Line], rules: Floats) -> tuple[Sequence[Line], Table | None]:
    """The lines before the table, and the table; all lines and None when no cells stand one under the other."""
    pieces = [segments(line) for line in lines]
    begin = next((place for place, cells in enumerate(pieces) if len(cells) > 1), None)
    if begin is None:
        return lines, None
    left = min(line.left for line in lines)
    while begin and (lines[begin - 1].left > left + 2 * lines[0].size or _is_one_cell(lines[begin - 1], lines[begin])):
        begin -= 1  # over some columns, or the first line of a cell: no caption of the table
    caption, lines, pieces = lines[:begin], lines[begin:], pieces[begin:]
    columns = _columns(pieces)
    if len(columns) < 2:
        return [*caption, *lines], None
    groups = _row_groups(lines, pieces, columns, rules)
    rows = [_row([(lines[place], pieces[place]) for place in group], columns) for group in groups]
    return caption, Table(tuple(rows), _header_rows(lines, groups, rules))


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
    full = [line for line in pieces if len(line) >= max(2, 0.6 * most)]
    covered = sorted((cell.left, cell.right) for line in full for cell in line)
    columns: list[tuple[float, float]] = []
    for left, right in covered:
        if columns and left < columns[-1][1] + NARROWEST_WHITE:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _row_groups(
    lines: Sequence[Line], pieces: list[list[Cell]], columns: list[tuple[float, float]], rules: Floats
) -> list[list[int]]:
    """Which lines make one row of the table."""
    ruled: list[list[int]] = [[0]]
    for place in range(1, len(lines)):
        if _is_ruled_off(lines[place - 1], lines[place], rules):
            ruled.append([])
        ruled[-1].append(place)
    header = ruled[:1] if len(ruled) > 1 and _is_header([(lines[at], pieces[at]) for at in ruled[0]]) else []
    return header + [row for group in ruled[len(header) :] for row in _rows(group, lines, pieces, columns)]


def _is_header(parts: list[tuple[Line, list[Cell]]]) -> bool:
    """Are these few lines mostly words, where the rows below hold figures?"""
    cells = [line.text[cell.start : cell.end] for line, pieces in parts for cell in pieces]
    return len(parts) <= TALLEST_HEADER and sum(map(_is_figure, cells)) < 0.5 * len(cells)


def _is_figure(cell: str) -> bool:
    return not any(character.isalpha() for character in cell) and any(character.isdigit() for character in cell)


def _rows(
    group: list[int], lines: Sequence[Line], pieces: list[list[Cell]], columns: list[tuple[float, float]]
) -> list[list[int]]:
    """The rows among lines that no rule parts: by the white between them, or by what their cells say."""
    pitches = {below: lines[below].base - lines[above].base for above, below in pairwise(group)}
    closest = min((pitch for pitch in pitches.values() if pitch > 0.5 * lines[group[0]].size), default=0.0)
    starts = [line.text[cell.start] for place in group for line in (lines[place],) for cell in pieces[place]]
    if sum(start.islower() for start in starts) > PROSE_CELLS * len(starts):
        return _split(group, lambda _, below: pitches[below] > PROSE_PITCH * lines[below].size)
    even = all(pitch <= ROW_PITCH * closest for pitch in pitches.values())

    def begins_row(row: list[int], below: int) -> bool:
        filled = {column for at in row for column in figures[at]}
        is_label = len(pieces[below]) == 1 and not _goes_on(lines[below], pieces[below], columns)
        if filled & figures[below] or (filled and is_label) or _is_bold_label(row[-1], below):
            return True
        if not even or pitches[below] > LOOSE * lines[below].size:
            return pitches[below] > min(ROW_PITCH * closest, LOOSE * lines[below].size)
        return not _goes_on(lines[below], pieces[below], columns)

    def _is_bold_label(above: int, below: int) -> bool:
        return len(pieces[above]) == 1 and lines[above].bold and not lines[below].bold

    figures = {place: _figure_columns(lines[place], pieces[place], columns) for place in group}
    return _split(group, begins_row)


def _figure_columns(line: Line, cells: list[Cell], columns: list[tuple[float, float]]) -> set[int]:
    """The columns after the first in which a line has a figure: no row has two in one column."""
    found = {_column_of(cell, columns) for cell in cells if _is_figure(line.text[cell.start : cell.end])}
    return found - {0}


def _split(group: list[int], begins_row: Callable[[list[int], int], bool]) -> list[list[int]]:
    rows = [group[:1]]
    for place in group[1:]:
        if begins_row(rows[-1], place):
            rows.append([])
        rows[-1].append(place)
    return rows


def _goes_on(line: Line, cells: list[Cell], columns: list[tuple[float, float]]) -> bool:
    """Does an evenly set line go on with the row above: its first cell empty or in mid-sentence?"""
    return cells[0].left > columns[0][1] or line.text[cells[0].start].islower()


def _is_ruled_off(above: Line, below: Line, rules: Floats) -> bool:
    left, right = min(above.left, below.left), max(above.right, below.right)
    middle = (rules[:, 1] + rules[:, 3]) / 2
    between = (middle > above.base - 0.2 * above.size) & (middle < below.base - 0.4 * below.size)
    wide = np.minimum(rules[:, 2], right) - np.maximum(rules[:, 0], left)
    return bool((between & (wide > 0.6 * (right - left))).any())


def _header_rows(lines: Sequence[Line], groups: list[list[int]], rules: Floats) -> int:
    """One when a rule stands under the first row, or when only the first row has no figures; else none."""
    if len(groups) < 2:
        return 0
    if _is_ruled_off(lines[groups[0][-1]], lines[groups[1][0]], rules):
        return 1
    figures = [any(character.isdigit() for place in group for character in lines[place].text) for group in groups]
    return int(not figures[0] and sum(figures[1:]) > 0.5 * len(figures))


def _row(parts: list[tuple[Line, list[Cell]]], columns: list[tuple[float, float]]) -> Line:
    """One Line of the cells of these lines, column by column, each cell read from top to bottom."""
    text, places, raised, marks = "", list[int](), list[tuple[int, int]](), list[tuple[int, str]]()
    for number in range(len(columns)):
        if number:
            text, places = text + BETWEEN_CELLS, places + [-1] * len(BETWEEN_CELLS)
        begin = len(text)
        for line, cells in parts:
            for cell in cells:
                if _column_of(cell, columns) != number:
                    continue
                if len(text) > begin:
                    text, places = text + " ", [*places, -1]
                shift = len(text) - cell.start
                raised += [(a + shift, b + shift) for a, b in line.raised if cell.start <= a and b <= cell.end]
                marks += [(place + shift, mark) for place, mark in line.marks if cell.start <= place <= cell.end]
                text, places = text + line.text[cell.start : cell.end], places + line.places[cell.start : cell.end]
    end = len(text.rstrip(" |"))
    text, places = text[:end], places[:end]
    first = parts[0][0]
    return replace(
        first,
        text=text,
        places=places,
        raised=raised,
        marks=marks,
        cells=[],
        left=min(line.left for line, _ in parts),
        right=max(line.right for line, _ in parts),
        bottom=parts[-1][0].bottom,
        base=parts[-1][0].base,
        bold=all(line.bold for line, _ in parts),
    )


def _column_of(cell: Cell, columns: list[tuple[float, float]]) -> int:
    """The column that a cell stands in; the first of several that it spans; the nearest when it is in none."""
    overlaps = [number for number, (left, right) in enumerate(columns) if cell.left < right and cell.right > left]
    if overlaps:
        return overlaps[0]
    middle = (cell.left + cell.right) / 2
    return min(range(len(columns)), key=lambda number: abs(sum(columns[number]) / 2 - middle))
