"""Which lines make one row of a table: rows are parted by rules, by white, and by figures.

No row has two figures in one column.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from assistant.reading.pdf.glyphs import Floats
from assistant.reading.pdf.lines import Line
from assistant.reading.pdf.tables.table import Piece

FEWEST_ROWS = 3  # of a table that no frame shows
TALLEST_HEADER = 7  # lines between the first two rules
ROW_PITCH = 1.22  # times the closest lines of a table: a new row where lines stand farther apart
PROSE_PITCH = 1.7  # font sizes between rows whose cells hold sentences
THICKER = 0.3  # points: the rule under a header than those under other rows
HAIRLINE = 0.1  # points: a rule drawn without thickness is one too
LOOSE = 1.35  # of the font size: lines as far apart as this are rows, not lines of one cell
PROSE_CELLS = 0.3  # of the cells of a line begin with a small letter where cells hold sentences

Row = list[list[Piece]]  # line by line


def row_groups(lines: Sequence[list[Piece]], edge: float, rules: Floats) -> list[Row]:
    """The rows among the lines of a table, whose first column ends at `edge`."""
    ruled: list[Row] = [[lines[0]]]
    for above, below in pairwise(lines):
        if _thickest_rule(above[0].line, below[0].line, rules):
            ruled.append([])
        ruled[-1].append(below)
    header = ruled[:1] if len(ruled) > 1 and _is_header(ruled[0]) else []
    return header + [row for group in ruled[len(header) :] for row in _rows(group, edge)]


def header_rows(rows: list[Row], rules: Floats) -> int:
    """One when a rule stands under the first row that not all rows have, or when the first row alone has no figures
    (in its first line, where it names several columns: "Approved 2024/25" may go on below) or is bold; else none."""
    if len(rows) < 2:
        return 0
    under = [_thickest_rule(above[-1][0].line, below[0][0].line, rules) for above, below in pairwise(rows)]
    has_figures = any(map(_is_figure, rows[0][0]))
    is_set_off = under[0] > max(under[1:], default=0.0) + THICKER or (under[0] and not all(under))
    if is_set_off and (len(rows) > 2 or not has_figures):  # between two rows a rule says nothing of the first
        return 1
    figures = [any(character.isdigit() for line in row for character in line[0].line.text) for row in rows]
    names = len(rows[0][0]) > 1 and not has_figures
    bold = [all(piece.line.bold for line in row for piece in line) for row in rows]
    is_bold = bold[0] and not all(bold) and _is_header(rows[0])
    return int(is_bold or ((names or not figures[0]) and sum(figures[1:]) > 0.5 * len(figures)))


def _thickest_rule(above: Line, below: Line, rules: Floats) -> float:
    """Of the rules that part two lines; 0 where none does."""
    left, right = min(above.left, below.left), max(above.right, below.right)
    middle = (rules[:, 1] + rules[:, 3]) / 2
    between = (middle > above.base - 0.2 * above.size) & (middle < below.base - 0.4 * below.size)
    wide = np.minimum(rules[:, 2], right) - np.maximum(rules[:, 0], left)
    found = rules[between & (wide > 0.6 * (right - left))]
    return max((float(thick) for thick in found[:, 3] - found[:, 1] + HAIRLINE), default=0.0)


def _is_header(lines: Row) -> bool:
    """Are these few lines mostly words, where the rows below hold figures?"""
    figures = [_is_figure(piece) for line in lines for piece in line]
    return len(lines) <= TALLEST_HEADER and sum(figures) < 0.5 * len(figures)


def _is_figure(piece: Piece) -> bool:
    return not any(map(str.isalpha, piece.text)) and any(map(str.isdigit, piece.text))


def _rows(group: Row, edge: float) -> list[Row]:
    """The rows among lines that no rule parts: by the white between them, or by what their cells say."""
    starts = [piece.text[0] for line in group for piece in line]
    if sum(map(str.islower, starts)) > PROSE_CELLS * len(starts):
        return _split(group, lambda row, below: _pitch(row[-1], below) > PROSE_PITCH * below[0].line.size)
    pitches = [_pitch(above, below) for above, below in pairwise(group)]
    closest = min((pitch for pitch in pitches if pitch > 0.5 * group[0][0].line.size), default=0.0)
    even = all(pitch <= ROW_PITCH * closest for pitch in pitches)

    def begins_row(row: Row, below: list[Piece]) -> bool:
        filled = {column for line in row for column in _figure_columns(line)}
        goes_on = below[0].cell.left > edge or below[0].text[0].islower()
        is_label = len(below) == 1 and not goes_on
        if filled & _figure_columns(below) or (filled and is_label) or _is_bold_label(row[-1], below):
            return True
        pitch, loose = _pitch(row[-1], below), LOOSE * below[0].line.size
        if not even or pitch > loose:
            return pitch > min(ROW_PITCH * closest, loose)
        return not goes_on

    return _split(group, begins_row)


def _pitch(above: list[Piece], below: list[Piece]) -> float:
    return below[0].line.base - above[0].line.base


def _is_bold_label(above: list[Piece], below: list[Piece]) -> bool:
    return len(above) == 1 and above[0].line.bold and not below[0].line.bold


def _figure_columns(line: list[Piece]) -> set[int]:
    """The columns after the first in which a line has a figure."""
    return {piece.column for piece in line if piece.column and _is_figure(piece)}


def _split(group: Row, begins_row: Callable[[Row, list[Piece]], bool]) -> list[Row]:
    rows = [group[:1]]
    for line in group[1:]:
        if begins_row(rows[-1], line):
            rows.append([])
        rows[-1].append(line)
    return rows
