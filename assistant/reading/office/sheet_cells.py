"""The cells of a sheet as they are shown, row by row, without those that are hidden or struck out.

A sheet may have a million rows, so it is read as a stream, up to a limit.
"""

import contextlib
import datetime
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from assistant.reading.attributes import whole_number
from assistant.reading.blocks.above import Above
from assistant.reading.blocks.flow import Piece
from assistant.reading.blocks.losses import Losses
from assistant.reading.office.cell_formats import BUILT_IN, is_date, shown
from assistant.reading.office.ooxml import Package, S

MOST_CELLS = 100_000  # of one sheet; they make some 2,000 passages
MOST_COLUMNS = 200  # of one sheet that say something
MOST_MERGED = 100_000  # rows of a sheet that its merged cells go through, all together
_LAST_COLUMN = 16_384
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows. `is_figure`: a number that is no date and could be no year. `mark`: of a comment on it."""

    text: str
    is_figure: bool = False
    mark: str = ""


@dataclass(slots=True)
class Row:
    """The cells of a row that say something, by column from 1. `gap`: a row that says nothing stands before it."""

    cells: dict[int, Cell]
    gap: bool = False


@dataclass(slots=True)
class Sheet:
    """The rows that say something, by number from 1. `is_cut`: the sheet has more than is read of it."""

    rows: dict[int, Row] = field(default_factory=dict)
    columns: set[int] = field(default_factory=set)
    is_cut: bool = False
    _cells: int = 0
    _merged: int = 0

    @property
    def is_full(self) -> bool:
        return self._cells >= MOST_CELLS

    def add(self, number: int, row: Row) -> None:
        room = MOST_COLUMNS - len(self.columns)
        self.columns.update(sorted(row.cells.keys() - self.columns)[:room])
        self.is_cut |= not self.columns.issuperset(row.cells)
        row.cells = {column: cell for column, cell in row.cells.items() if column in self.columns}
        if row.cells:
            self.rows[number] = row
        self._cells += len(row.cells)

    def mark(self, place: str, mark: str) -> bool:
        """Put the mark of a comment on the cell at a place ("B7"); False where no such cell is read."""
        found = _PLACE.fullmatch(place)
        row = self.rows.get(int(found[2])) if found else None
        column = _column(found[1]) if found else 0
        if row is None or column not in row.cells:
            return False
        row.cells[column] = replace(row.cells[column], mark=mark)
        return True

    def repeat_downwards(self, area: str) -> None:
        """Cells that are merged say the same in each row that says something, as in tables of every format."""
        places = _PLACE.findall(area)
        if len(places) != 2:
            return
        column, (first, last) = _column(places[0][0]), (int(row) for _, row in places)
        cell = self.rows[first].cells.get(column) if first in self.rows else None
        self._merged += max(last - first, 0)
        if cell is None or self._merged > MOST_MERGED:
            return
        for number in range(first + 1, last + 1):
            if number in self.rows:
                self.rows[number].cells.setdefault(column, cell)


class Workbook:
    """What the sheets of a workbook share: its texts, its formats, the day from which it counts."""

    def __init__(self, package: Package, tree: etree._Element, losses: Losses) -> None:
        properties = tree.find(f"{S}workbookPr")
        self._from_1904 = properties is not None and _is_on(properties.get("date1904"))
        self._package = package
        self._losses = losses
        related = {tie.type: tie.target for tie in package.relationships(package.main)}
        strings = package.elements(related.get("sharedStrings", ""), f"{S}si")
        self._strings = [_text_of(string) for string in strings]
        self._formats = list(_formats(package.part(related.get("styles", ""))))

    def read(self, name: str) -> Sheet:
        """The sheet in the part of that name."""
        sheet, hidden, said_in_hidden = Sheet(), frozenset[int](), set[int]()
        number = last_said = 0
        for element in self._package.elements(name, f"{S}cols", f"{S}row", f"{S}mergeCell"):
            if element.tag == f"{S}cols":
                hidden = _hidden_columns(element)
            elif element.tag == f"{S}mergeCell":
                sheet.repeat_downwards(element.get("ref", ""))
            elif sheet.is_full:
                sheet.is_cut = True
                break
            else:
                number = whole_number(element.get("r"), number + 1)
                cells = dict(self._cells(element))
                said_in_hidden |= cells.keys() & hidden
                if _is_on(element.get("hidden")):
                    self._losses["row"] += bool(cells)
                elif seen := {column: cell for column, cell in cells.items() if cell.text and column not in hidden}:
                    sheet.add(number, Row(seen, gap=number > last_said + 1))
                last_said = number if cells else last_said
        self._losses["column"] += len(said_in_hidden)
        return sheet

    def _cells(self, row: etree._Element) -> Iterator[tuple[int, Cell]]:
        column = 0
        for element in row.iterfind(f"{S}c"):
            place = _PLACE.match(element.get("r", ""))
            column = _column(place[1]) if place else column + 1
            cell = self._cell(element)
            if cell is not None and column <= _LAST_COLUMN:
                yield column, cell

    def _cell(self, element: etree._Element) -> Cell | None:
        """What a cell shows, "" where that is left out, None where nothing stands in it."""
        style = whole_number(element.get("s"))
        code, is_struck = self._formats[style] if style < len(self._formats) else ("General", False)
        value = element.findtext(f"{S}v")
        if value == "" and element.get("t") != "str":  # nothing: programs that calculate nothing write it
            value = None
        if element.get("t") == "e":
            self._losses["error"] += 1
        elif value is None and element.find(f"{S}f") is not None:
            self._losses["uncalculated"] += 1
        elif is_struck and value is not None:
            self._losses["struck"] += 1
        else:
            cell = self._said(element, value, code)
            return cell if cell and cell.text.strip() else None
        return Cell("")

    def _said(self, element: etree._Element, value: str | None, code: str) -> Cell | None:
        kind = element.get("t", "n")
        if kind == "inlineStr":
            return self._text(*_text_of(element.find(f"{S}is")))
        if value is None:
            return None
        if kind == "s":
            place = whole_number(value, len(self._strings))
            return self._text(*self._strings[place]) if place < len(self._strings) else None
        if kind == "b":
            return Cell("TRUE" if value == "1" else "FALSE")
        if kind in ("str", "d"):
            return Cell(_unescaped(value) if kind == "str" else _written_date(value))
        number = _number(value)
        if number is None:
            return Cell(value)
        text = shown(number, code, from_1904=self._from_1904)
        return Cell(text, not is_date(code) and not _YEAR.fullmatch(text))

    def _text(self, text: str, has_struck: bool) -> Cell:
        self._losses["struck"] += has_struck
        return Cell(text)


def _text_of(element: etree._Element | None) -> tuple[str, bool]:
    """The text of a cell or shared string without what is struck out in it, and whether something is."""
    if element is None:
        return "", False
    runs = list(element.iterfind(f"{S}r"))
    struck = [run for run in runs if _is_struck(run.find(f"{S}rPr"))]
    said = [element, *(run for run in runs if run not in struck)]
    line, above = Piece(1), Above()
    for run in said:
        begin = len(line.text)
        line.text += _unescaped(run.findtext(f"{S}t") or "")
        position = run.find(f"{S}rPr/{S}vertAlign")
        if position is not None and position.get("val") == "superscript":
            above.put(line, begin)
    return line.text, bool(struck)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _formats(styles: etree._Element | None) -> Iterator[tuple[str, bool]]:
    """For each style of cells: how it shows numbers, and whether it strikes them out."""
    if styles is None:
        return
    codes = {each.get("numFmtId"): each.get("formatCode", "") for each in styles.iterfind(f"{S}numFmts/{S}numFmt")}
    struck = [_is_struck(font) for font in styles.iterfind(f"{S}fonts/{S}font")]
    for style in styles.iterfind(f"{S}cellXfs/{S}xf"):
        number, font = style.get("numFmtId", "0"), whole_number(style.get("fontId"))
        yield codes.get(number) or BUILT_IN.get(whole_number(number), "General"), font < len(struck) and struck[font]


def _is_struck(properties: etree._Element | None) -> bool:
    strike = properties.find(f"{S}strike") if properties is not None else None
    return strike is not None and _is_on(strike.get("val", "1"))


def _hidden_columns(columns: etree._Element) -> frozenset[int]:
    hidden: set[int] = set()
    for column in columns:
        if _is_on(column.get("hidden")) and len(hidden) < _LAST_COLUMN:
            first, last = (whole_number(column.get(name), 1) for name in ("min", "max"))
            hidden.update(range(first, min(last, _LAST_COLUMN) + 1))
    return frozenset(hidden)


def _written_date(text: str) -> str:
    """A date that is stored as one, with the name of its month; as it stands when it is none."""
    with contextlib.suppress(ValueError):
        day = datetime.datetime.fromisoformat(text)
        return f"{day.day} {day:%B %Y}" + (f" {day:%H:%M}" if day.time() != datetime.time() else "")
    return text


def _number(value: str) -> float | None:
    """The number that is stored, None where something else is."""
    with contextlib.suppress(ValueError):
        number = float(value)
        return number if math.isfinite(number) else None
    return None


def _column(letters: str) -> int:
    """The number of a column: 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _is_on(value: str | None) -> bool:
    return value in ("1", "true", "on")
