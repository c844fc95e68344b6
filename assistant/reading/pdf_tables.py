"""Tables: where they are on a page, which words make a cell, which lines make a row.

Found in two ways: between horizontal rules of one length with cells side by side between them, as most printed
tables have; and, inside a column, where the white between words stands one under the other over several lines.
A row becomes one Line whose text has " | " between its cells.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from assistant.reading.pdf_columns import Fragments, fragments
from assistant.reading.pdf_glyphs import Bools, Floats, Ints
from assistant.reading.pdf_lines import Cell, Line
from assistant.reading.pdf_words import Words

CELL_GAP = 0.75  # of the font size between two cells of a row, at least
SAME_RULE = 4.0  # points: rules that begin and end so close to each other belong to one table
SHORTEST_RULE = 90.0  # points: of the rules above and below a table
FEWEST_ROWS = 3  # of a table without rules
TALLEST_HEADER = 7  # lines between the first two rules
TALLEST_BOX = 35  # font sizes: a frame round more than that is a page
ROW_GAP = 1.6  # font sizes of white between two rows of a table that has no rule at its foot
ALMOST_ALL = 0.8  # of the lines of a table without a header have cells side by side
MARKER_LENGTH = 4  # characters: "22." is the number of a paragraph, no cell
ROW_PITCH = 1.22  # times the closest lines of a table: a new row where lines stand farther apart
PROSE_PITCH = 1.7  # font sizes between rows whose cells hold sentences
LOOSE = 1.35  # of the font size: lines as far apart as this are rows, not lines of one cell
PROSE_CELLS = 0.3  # of the cells of a line begin with a small letter where cells hold sentences
LONG_CELL, PROSE_IN_CELLS = 30, 0.4  # characters of a stretch; share of a table's characters in such stretches
NARROWEST_WHITE = 2.0  # points between two columns
MOST_LINES_OF_TITLE = 3  # in a table of contents
FARTHEST_ROW = 3.0  # font sizes between rows of a table without rules
WIDE_CELL_GAP = 1.2  # of the font size, once in a row without rules: justified lines have narrower gaps
ALIGNED = 2.5  # points
BETWEEN_CELLS = " | "
_NUMBER = re.compile(r"[(]?(?:[\dIVXLivxl]+|[A-Za-z])(?:[.-][\dIVXL]+)*[.)]*|\W{1,2}")  # of a paragraph; a bullet

_Area = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a column: a Line for each row, the first `header_rows` of them its header."""

    rows: tuple[Line, ...]
    header_rows: int = 0

    @property
    def top(self) -> float:
        return self.rows[0].top


def ruled_areas(words: Words, rules: Floats) -> Floats:
    """The boxes (n, 4) of tables that stand between rules, from top to bottom."""
    across = rules[
        (rules[:, 3] - rules[:, 1] < rules[:, 2] - rules[:, 0]) & (rules[:, 2] - rules[:, 0] > SHORTEST_RULE)
    ]
    if len(across) < 2 or not len(words):
        return np.zeros((0, 4), np.float32)
    parts = fragments(words)
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


def _areas(parts: Fragments, rules: Floats, size: float) -> list[_Area]:
    """Chains of spaces between neighbouring rules that all hold cells side by side."""
    spaces = [_Space.between(parts, above, below) for above, below in pairwise(rules)]
    chains: list[list[_Space]] = [[]]
    for space in spaces:
        if chains[-1] and (space.holds_cells or space.is_row):
            chains[-1].append(space)
        elif space.begins_table:
            chains.append([space])
        else:
            chains.append([])
    tables = [chain for chain in map(_trimmed, chains) if _is_table(chain, size)]
    return [(chain[0].left, chain[0].top, chain[0].right, _foot(chain, parts, size)) for chain in tables]


def _foot(chain: "list[_Space]", parts: Fragments, size: float) -> float:
    """Where the table ends: at its last rule, or, when only its header is ruled, with the last row of cells."""
    foot = chain[-1].bottom
    if sum(len(space.rows) for space in chain) > TALLEST_HEADER:
        return foot
    below = (parts.boxes[:, 1] > foot - 2) & (parts.boxes[:, 0] > chain[0].left - SAME_RULE)
    boxes = parts.boxes[below & (parts.characters > MARKER_LENGTH)]
    for row in _lines_of_boxes(boxes):
        is_text = len(row) == 1 and row[0, 2] > (chain[0].left + chain[0].right) / 2
        if is_text or row[:, 1].min() > foot + ROW_GAP * size:
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
class _Space:
    """What stands between two rules: how many fragments in each line."""

    left: float
    top: float
    right: float
    bottom: float
    rows: tuple[int, ...]
    prose: float  # share of its characters that stand in long stretches

    @classmethod
    def between(cls, parts: Fragments, above: Floats, below: Floats) -> "_Space":
        left, top, right, bottom = float(above[0]), float(above[1]), float(above[2]), float(below[3])
        x, y = (parts.boxes[:, :2] + parts.boxes[:, 2:]).T / 2
        inside = np.flatnonzero((x > left) & (x < right) & (y > top) & (y < bottom))
        cells = inside[~_is_marker(parts, inside)]
        rows = _lines_of_boxes(parts.boxes[cells])
        characters = parts.characters[inside]
        prose = characters[characters >= LONG_CELL].sum() / max(characters.sum(), 1)
        return cls(left, top, right, bottom, tuple(len(row) for row in rows), float(prose))

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


def _is_marker(parts: Fragments, which: Ints) -> Bools:
    """Is it a number or a bullet with text to its right, the first of its line? Two such are no cells."""
    boxes, short = parts.boxes[which], parts.characters[which] <= MARKER_LENGTH
    found = np.zeros(len(which), np.bool_)
    for place in np.flatnonzero(short):
        level = np.abs(boxes[:, 3] - boxes[place, 3]) <= 2
        others = boxes[level & (boxes[:, 0] > boxes[place, 0])]
        found[place] = len(others) == 1 and not (level & (boxes[:, 2] < boxes[place, 0])).any()
    return found


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


def loose_tables(lines: Sequence[Line], rules: Floats) -> Iterator[Line | Table]:
    """Lines of a column with its tables made: cells one under the other, and the lines of a table of contents."""
    place = 0
    while place < len(lines):
        end = _end_of_contents(lines, place)
        if end > place:
            yield Table(tuple(_contents(lines[place:end])))
            place = end
            continue
        end = _end_of_cells(lines, place)
        if end > place:
            before, table = table_of(lines[place:end], rules)
            yield from before
            if table:
                yield table
            place = end
            continue
        yield lines[place]
        place += 1


def _end_of_contents(lines: Sequence[Line], begin: int) -> int:
    """Past the last of several lines with leaders that begin here; a title may take up to two lines more."""
    if lines[begin].leader is None and not _is_title_of(lines, begin):
        return begin
    end, last, found = begin, begin, 0
    while end < len(lines) and end - last <= MOST_LINES_OF_TITLE:
        if lines[end].leader is not None:
            last, found = end + 1, found + 1
        end += 1
    return last if found > 1 else begin


def _is_title_of(lines: Sequence[Line], place: int) -> bool:
    """Does the line go on in the next one, which has the leader?"""
    if place + 1 >= len(lines):
        return False
    line, below = lines[place], lines[place + 1]
    near = below.base - line.base < LOOSE * max(line.size, below.size)
    return near and line.leader is None and (below.leader is not None or _is_title_of(lines, place + 1))


def _contents(lines: Sequence[Line]) -> Iterator[Line]:
    """A row for each title with its page."""
    title: list[Line] = []
    for place, line in enumerate(lines):
        title.append(line)
        if not _is_title_of(lines, place):
            yield _title_row(title)
            title = []


def _title_row(lines: Sequence[Line]) -> Line:
    last = lines[-1]
    text = "".join(line.text + " " for line in lines[:-1])
    places = [place for line in lines[:-1] for place in (*line.places, -1)]
    if last.leader is None:
        return replace(last, text=text + last.text, places=places + last.places, cells=[], raised=[], marks=[])
    marks = [(place + len(text), mark) for place, mark in last.marks if place <= last.leader]
    text += last.text[: last.leader] + BETWEEN_CELLS + last.text[last.leader + 1 :]
    places += last.places[: last.leader] + [-1] * len(BETWEEN_CELLS) + last.places[last.leader + 1 :]
    return replace(last, text=text, places=places, marks=marks, cells=[], raised=[], leader=None)


def _end_of_cells(lines: Sequence[Line], begin: int) -> int:
    """Past the last of at least three lines with cells that begin here and stand one under the other."""
    if not _has_cells(lines[begin]):
        return begin
    last, rows = begin, 1
    for place in range(begin + 1, len(lines)):
        far = FARTHEST_ROW * max(lines[place].size, lines[place - 1].size)
        if lines[place].base - lines[place - 1].base > far or place - last > 3:
            break
        if _has_cells(lines[place]):
            if not _stand_under(lines[last], lines[place]):
                break
            last, rows = place, rows + 1
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
    """Does a cell after the first begin or end where one of the line above does?"""
    edges = [edge for cell in segments(above)[1:] for edge in ((0, cell.left), (1, cell.right))]
    return any(
        side == edge_side and abs(place - edge) < ALIGNED
        for cell in segments(below)[1:]
        for side, place in ((0, cell.left), (1, cell.right))
        for edge_side, edge in edges
    )
