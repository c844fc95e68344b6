"""Tables of RTF: each row says where its cells end, so cells that span columns are known by their right edges."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.reading.blocks.flow import FlowBlock, Piece
from assistant.reading.blocks.tables import MOST_COLUMNS, is_frame, names_columns, table_block

SAME_EDGE = 100  # twentieths of a point: edges so close are one, drawn by hand


@dataclass(slots=True)
class Row:
    """The cells of a row, each as its paragraphs; `edges` and `merged` are those of its definition."""

    cells: list[list[FlowBlock]] = field(default_factory=list)
    edges: list[int] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)  # "clvmrg": goes on from above, "clmrg": from the left
    is_header: bool = False

    def next(self) -> "Row":
        """The row after this one, which is defined like it unless it says otherwise."""
        return Row([], self.edges, self.merged)


def blocks_of(rows: Sequence[Row]) -> list[FlowBlock]:
    """A table as a block; the paragraphs of its cells where it is a frame round text."""
    if is_frame([[sum(len(block.text) for block in cell) for cell in row.cells] for row in rows]):
        return [block for row in rows for cell in row.cells for block in cell]
    lines: list[list[Piece]] = []
    edges = _edges(rows)
    for row in rows:
        lines.append(_line(row, lines[-1] if lines else [], edges))
    header_rows = next((place for place, row in enumerate(rows) if not row.is_header), len(rows))
    block = table_block(lines, header_rows or int(names_columns(lines)))
    return [block] if block else []


def _edges(rows: Sequence[Row]) -> list[int]:
    """The right edges of all columns, from left to right."""
    edges: list[int] = []
    for edge in sorted(edge for row in rows for edge in row.edges):
        if not edges or edge > edges[-1] + SAME_EDGE:
            edges.append(edge)
    return edges[:MOST_COLUMNS]


def _line(row: Row, above: Sequence[Piece], edges: Sequence[int]) -> list[Piece]:
    """The cells, and an empty one for each further column that one spans; what goes on from above says the same."""
    line: list[Piece] = []
    for place, cell in enumerate(row.cells[:MOST_COLUMNS]):
        merged = row.merged[place] if place < len(row.merged) else ""
        column, said = len(line), Piece(1)
        if merged == "clvmrg" and column < len(above):
            said.text = above[column].text
        elif merged != "clmrg":
            for piece in (piece for block in cell for piece in block.pieces):
                said.append(piece)
        until = row.edges[place] if place < len(row.edges) else 0
        spanned = sum(edge <= until + SAME_EDGE for edge in edges) - column
        line += [said, *(Piece(1) for _ in range(spanned - 1))]
    return line
