"""Tables of every format as one kind of block: a row a line, cells parted by " | "."""

import re
from collections.abc import Sequence

from assistant.reading.blocks.flow import FlowBlock, Piece

MOST_COLUMNS = 100  # of a table, and that a cell may span
LONGEST_CELL = 1000  # characters; longer cells hold a page's layout, not data
_FIGURE = re.compile(r"[-–]?[$€£]?\d[\d.,]*\s?%?")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_ANY_SPACE = re.compile(r"\s")


def table_block(rows: Sequence[Sequence[Piece]], header_rows: int = 0) -> FlowBlock | None:
    """The block of a table, None when its cells say nothing. Rows and columns that are empty throughout are left out.

    A table that runs over pages stands on each page with its rows of that page.

    >>> rows = [[Piece(1, "Date"), Piece(1), Piece(1, "Event")], [Piece(1, "2003"), Piece(1), Piece(1, "UNMIL")]]
    >>> table_block(rows, header_rows=1).text
    'Date | Event\\n2003 | UNMIL'
    """
    columns = [column for column in range(max(map(len, rows), default=0)) if any(_says(row, column) for row in rows)]
    said = [bool(columns) and any(_says(row, column) for column in columns) for row in rows]
    pieces: list[Piece] = []
    for row, says in zip(rows, said, strict=True):
        if not says:
            continue
        line = _line(row, columns)
        if pieces and pieces[-1].page == line.page:
            pieces[-1].append(line, glue="\n")
        else:
            pieces.append(line)
    return FlowBlock("table", pieces, header_rows=sum(said[:header_rows])) if pieces else None


def names_columns(rows: Sequence[Sequence[Piece]]) -> bool:
    """Is the first row of a table a header, though its format does not say so: names above figures?

    >>> names_columns([[Piece(1, "Post"), Piece(1, "2009")], [Piece(1, "Quay"), Piece(1, "1,014")]])
    True
    """
    first = [cell.text.strip() for cell in rows[0]] if rows else []
    figures = [cell for cell in first if _FIGURE.fullmatch(cell) and not _YEAR.fullmatch(cell)]
    below = any(_FIGURE.fullmatch(cell.text.strip()) for row in rows[1:] for cell in row)
    return below and len(list(filter(None, first))) > 1 and not figures


def is_frame(rows: Sequence[Sequence[int]]) -> bool:
    """Is a table of one column or of very long cells, a frame round text? `rows`: the characters of each cell."""
    return max(map(len, rows), default=0) < 2 or max(map(max, filter(None, rows)), default=0) > LONGEST_CELL


def _says(row: Sequence[Piece], column: int) -> bool:
    return column < len(row) and bool(row[column].text.strip())


def _line(row: Sequence[Piece], columns: Sequence[int]) -> Piece:
    line = Piece(row[0].page)
    for place, column in enumerate(columns):
        cell = row[column] if column < len(row) else Piece(line.page)
        # every space becomes a blank of the same length, so that marks stay where they are
        line.append(Piece(cell.page, _ANY_SPACE.sub(" ", cell.text), cell.marks), glue=" | " if place else "")
    return line
