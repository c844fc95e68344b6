"""Spreadsheets: a page a sheet, its name as heading, its tables with the row that names their columns, its captions.

Values are read as they are shown, formulas by the value they had when the file was saved. Hidden sheets, rows and
columns are left out, for whoever looks at the sheet does not see them.
"""

from collections.abc import Iterator, Sequence

from assistant.reading.blocks.document import DocumentBuilder
from assistant.reading.blocks.flow import FlowBlock, Piece, write
from assistant.reading.blocks.losses import Losses
from assistant.reading.blocks.tables import table_block
from assistant.reading.office.drawings import Drawings
from assistant.reading.office.ooxml import MC, A, Package, R, S
from assistant.reading.office.sheet_cells import Cell, Row, Workbook
from assistant.reading.office.sheet_comments import take_comments
from assistant.reading.refusals import Refused
from assistant.records import Document

_XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"


def read_spreadsheet(data: bytes, source: str, sha256: str) -> Document:
    """Read an .xlsx (or .xlsm, .xltx) file; Refused as `damaged` or `too-large` when it cannot be opened."""
    package = Package(data)
    tree = package.part(package.main)
    if tree is None:
        raise Refused("damaged", "has no workbook in it. Save it again from Excel.")
    builder, losses = DocumentBuilder(source, sha256), Losses()
    workbook = Workbook(package, tree, losses)
    targets = package.targets(package.main)
    blocks: list[FlowBlock] = []
    names: dict[int, str] = {}
    notes: dict[str, str] = {}
    for page, entry in enumerate(tree.iterfind(f"{S}sheets/{S}sheet"), start=1):
        names[page], part = entry.get("name", ""), targets.get(entry.get(f"{R}id", ""), "")
        blocks.append(FlowBlock("paragraph", [Piece(page)]))  # a sheet without text is a page all the same
        if entry.get("state", "visible") != "visible":
            losses["sheet"] += 1
            continue
        sheet = workbook.read(part)
        notes |= take_comments(package, part, names[page], sheet, losses)
        said = [*_blocks_of(list(sheet.rows.values()), page), *_drawn_beside(package, part, page, losses)]
        if said:
            blocks += [FlowBlock("heading", [Piece(page, names[page])], level=1), *said]
        if sheet.is_cut:
            read = f"{len(sheet.rows):,} rows and {len(sheet.columns):,} columns"
            builder.warn(f"The sheet “{names[page]}” is very large: only its first {read} were read.")
    write(builder, blocks, notes, reader="xlsx", labels=names)
    losses.tell(builder)
    return builder.build(package.metadata())


def _blocks_of(rows: Sequence[Row], page: int) -> Iterator[FlowBlock]:
    """The tables of a sheet, what stands alone above them as captions, and what stands alone elsewhere."""
    table: list[Row] = []
    for stretch in _stretches(rows):
        alone = next((place for place, row in enumerate(stretch) if len(row.cells) > 1), len(stretch))
        if table and not alone and not _begins_anew(table, stretch):
            table += stretch
            continue
        yield from _table(table, page)
        for place, row in enumerate(stretch[:alone], start=1):
            is_caption = place == alone < len(stretch)
            yield FlowBlock("caption" if is_caption else "paragraph", [_alone(row, page)])
        table = stretch[alone:]
    yield from _table(table, page)


def _stretches(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows with no empty row between them."""
    stretch: list[Row] = []
    for row in rows:
        if row.gap and stretch:
            yield stretch
            stretch = []
        stretch.append(row)
    if stretch:
        yield stretch


def _begins_anew(table: Sequence[Row], stretch: Sequence[Row]) -> bool:
    """Is what follows an empty row another table? It has other columns, or names its own above figures."""
    columns = {column for row in table for column in row.cells}
    others = not columns.issuperset(stretch[0].cells)
    return _names_columns(stretch) and (others or any(cell.is_figure for cell in stretch[1].cells.values()))


def _names_columns(rows: Sequence[Row]) -> bool:
    """Is the first row a header: names and no figures, above other rows?"""
    return len(rows) > 1 and len(rows[0].cells) > 1 and not any(cell.is_figure for cell in rows[0].cells.values())


def _table(rows: Sequence[Row], page: int) -> Iterator[FlowBlock]:
    columns = sorted({column for row in rows for column in row.cells})
    empty = Piece(page)
    lines = [[_piece(row.cells[at], page) if at in row.cells else empty for at in columns] for row in rows]
    if block := table_block(lines, int(_names_columns(rows))):
        yield block


def _alone(row: Row, page: int) -> Piece:
    """What a row says that is none of a table."""
    said = Piece(page)
    for cell in row.cells.values():
        said.append(_piece(cell, page), glue=" " if said.text else "")
    return said


def _piece(cell: Cell, page: int) -> Piece:
    text = " ".join(cell.text.split())
    return Piece(page, text, [(cell.mark, len(text))] if cell.mark else [])


def _drawn_beside(package: Package, part: str, page: int, losses: Losses) -> Iterator[FlowBlock]:
    """The texts of the boxes drawn on a sheet, its charts, and what describes its pictures."""
    for tie in package.relationships(part):
        tree = package.part(tie.target) if tie.type == "drawing" else None
        drawings = Drawings(package, tie.target, losses)
        for shape in (
            tree.iter(*(f"{_XDR}{name}" for name in ("sp", "pic", "graphicFrame"))) if tree is not None else ()
        ):
            if next(shape.iterancestors(f"{MC}Fallback"), None) is not None:
                continue
            yield from drawings.blocks(shape, page)
            for paragraph in shape.iterfind(f"{_XDR}txBody/{A}p"):
                yield FlowBlock("paragraph", [Piece(page, "".join(map(str, paragraph.itertext(f"{A}t"))))])
