"""Presentations: a page a slide, its title as heading, text, lists and tables, and the speaker's notes below.

Hidden slides are left out, as the audience never sees them; so are struck-out text, dates, footers and slide numbers.
"""

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from assistant.reading.attributes import whole_number
from assistant.reading.blocks.document import DocumentBuilder
from assistant.reading.blocks.flow import FlowBlock, Piece, paragraphs_in, write
from assistant.reading.blocks.formulas import apart, formula
from assistant.reading.blocks.front_page import completed, metadata_of
from assistant.reading.blocks.losses import Losses
from assistant.reading.blocks.numbering import Lists
from assistant.reading.blocks.saying import PLAIN, Look, Said, typed_block
from assistant.reading.blocks.tables import table_block
from assistant.reading.office.drawings import Drawings
from assistant.reading.office.ooxml import MC, A, P, Package, R
from assistant.reading.office.word_styles import written
from assistant.reading.refusals import Refused
from assistant.records import Document

NOTES = "Notes"  # what PowerPoint calls them; the heading they stand under
_TITLES = ("title", "ctrTitle")
_LISTS = ("", "body", "obj")  # kinds of placeholders whose text has bullets unless it says otherwise
_LEFT_OUT = ("dt", "ftr", "hdr", "sldNum", "sldImg")
_FIELDS_LEFT_OUT = ("slidenum", "datetime")
_FORMATS = {"arabic": "decimal", "alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman",
            "romanUc": "upperRoman"}  # fmt: skip
_STRUCK = ("sngStrike", "dblStrike")
_BREAK = re.compile(r"_x000[BD]_|[\v\r\n]")


def read_slides(data: bytes, source: str, sha256: str) -> Document:
    """Read a .pptx (or .pptm, .ppsx, .potx) file; Refused as `damaged` or `too-large` when it cannot be opened."""
    package = Package(data)
    show = package.part(package.main)
    if show is None:
        raise Refused("damaged", "has no slides part in it. Save it again from PowerPoint.")
    builder = DocumentBuilder(source, sha256)
    losses = Losses()
    blocks: list[FlowBlock] = []
    for number, name in enumerate(_slides(package, show), start=1):
        slide = package.part(name)
        blocks.append(FlowBlock("paragraph", [Piece(number)]))  # a slide without text is a page all the same
        if slide is None or slide.get("show") in ("0", "false"):
            builder.warn(f"Slide {number} is hidden or missing and was left out.")
        else:
            blocks += _Slide(package, name, slide, number, losses).blocks
    losses.tell(builder)
    write(builder, blocks, {}, reader="pptx")
    title = next((block.text.strip() for block in blocks if block.kind == "heading"), None)
    return builder.build(completed(package.metadata(), by=metadata_of([], title)))


def _slides(package: Package, show: etree._Element) -> Iterator[str]:
    """The names of the slides' parts in the order of the show."""
    targets = package.targets(package.main)
    for slide in show.iterfind(f"{P}sldIdLst/{P}sldId"):
        yield targets.get(slide.get(f"{R}id", ""), "")


class _Slide:
    """One slide as blocks: its title first, then its shapes in their order, then the notes."""

    def __init__(self, package: Package, name: str, tree: etree._Element, number: int, losses: Losses) -> None:
        self.blocks: list[FlowBlock] = []
        self._page = number
        self._losses = losses
        self._typed = Lists()  # numbers that were typed and not set by PowerPoint
        self._counted: dict[int, int] = {}  # depth of a numbered list -> its last number
        drawings = Drawings(package, name, losses)
        shapes = list(_shapes(tree.find(f"{P}cSld/{P}spTree")))
        for shape in sorted(shapes, key=lambda shape: _placeholder(shape) not in _TITLES):
            if (table := shape.find(f".//{A}tbl")) is not None:
                self._table(table)
            elif shape.tag in (f"{P}graphicFrame", f"{P}pic"):
                self.blocks += drawings.blocks(shape, number)
            elif _placeholder(shape) in _TITLES:
                self._title(shape)
            elif _placeholder(shape) not in _LEFT_OUT:
                self._text(shape, bulleted=_placeholder(shape) in _LISTS)
        for notes in package.related(name, "notesSlide"):
            self._notes(notes)

    def _title(self, shape: etree._Element) -> None:
        lines = [line for paragraph in shape.iter(f"{A}p") for line in self._lines(paragraph)]
        self.blocks += [FlowBlock("heading", [title], level=1) for title in paragraphs_in(lines, always=True)]

    def _text(self, shape: etree._Element | None, *, bulleted: bool) -> None:
        for paragraph in shape.iter(f"{A}p") if shape is not None else ():
            properties = paragraph.find(f"{A}pPr")
            depth = _depth(properties)
            for piece in paragraphs_in(self._lines(paragraph)):
                if _is_bulleted(properties, bulleted):
                    number = self._number(properties, depth)
                    if number:
                        piece.prepend(f"{number}. ")
                    self.blocks.append(FlowBlock("item", [piece], depth + 1, number))
                else:
                    self._counted.clear()
                    self.blocks.append(typed_block(piece, self._typed))

    def _number(self, properties: etree._Element | None, depth: int) -> str | None:
        """The number that PowerPoint prints before a paragraph, None for a bullet."""
        counted = properties.find(f"{A}buAutoNum") if properties is not None else None
        if counted is None:
            self._counted.pop(depth, None)
            return None
        self._counted[depth] = self._counted.get(depth, whole_number(counted.get("startAt"), 1) - 1) + 1
        kind = next((written for name, written in _FORMATS.items() if counted.get("type", "").startswith(name)), "")
        return written(self._counted[depth], kind)

    def _table(self, table: etree._Element) -> None:
        rows: list[list[Piece]] = []
        for row in table.iterfind(f"{A}tr"):
            line: list[Piece] = []
            for column, cell in enumerate(row.iterfind(f"{A}tc")):
                goes_on = cell.get("vMerge") in ("1", "true") and rows and column < len(rows[-1])
                line.append(rows[-1][column] if goes_on else self._cell(cell))
            rows.append(line)
        properties = table.find(f"{A}tblPr")
        headed = properties is not None and properties.get("firstRow") in ("1", "true")
        if block := table_block(rows, int(headed and len(rows) > 1)):
            self.blocks.append(block)

    def _cell(self, cell: etree._Element) -> Piece:
        said = Piece(self._page)
        for paragraph in cell.iter(f"{A}p"):
            for line in self._lines(paragraph):
                said.append(line)
        return said

    def _notes(self, notes: etree._Element) -> None:
        before = len(self.blocks)
        for shape in _shapes(notes.find(f"{P}cSld/{P}spTree")):
            if _placeholder(shape) == "body":
                self._text(shape, bulleted=False)
        if len(self.blocks) > before:
            self.blocks.insert(before, FlowBlock("heading", [Piece(self._page, NOTES)], level=2))

    def _lines(self, paragraph: etree._Element) -> list[Piece]:
        """The lines of a paragraph: text runs, parted by breaks."""
        said = Said(self._losses, self._page)
        for child in paragraph:
            if child.tag == f"{A}br":
                said.break_line()
            elif child.tag == f"{A}fld" and child.get("type", "").startswith(_FIELDS_LEFT_OUT):
                continue
            elif maths := [*child.iter("{*}oMath")]:
                self._formulas(maths, said)
            else:
                first, *others = _BREAK.split("".join(map(str, child.itertext(f"{A}t", "{*}t"))))
                look = _look(child.find(f"{A}rPr"))
                said.say(first, look)
                for other in others:
                    said.break_line()
                    said.say(other, look)
        return said.lines

    def _formulas(self, maths: Sequence[etree._Element], said: Said) -> None:
        for each in maths:
            line = formula(each)
            self._losses["formula"] += line is None
            said.say(apart(said.lines[-1].text, line or ""))


def _shapes(tree: etree._Element | None) -> Iterator[etree._Element]:
    """The shapes of a slide, out of their groups; of two drawings of one thing the first."""
    for child in tree if tree is not None else ():
        if child.tag in (f"{P}sp", f"{P}graphicFrame", f"{P}cxnSp", f"{P}pic"):
            yield child
        elif child.tag == f"{P}grpSp":
            yield from _shapes(child)
        elif child.tag == f"{MC}AlternateContent" and len(child):
            yield from _shapes(child[0])


def _placeholder(shape: etree._Element) -> str | None:
    """What kind of placeholder a shape is ("" when it does not say), None for one that is none."""
    placeholder = shape.find(f".//{P}nvPr/{P}ph")
    return placeholder.get("type", "") if placeholder is not None else None


def _look(properties: etree._Element | None) -> Look:
    if properties is None:
        return PLAIN
    return Look(is_struck=properties.get("strike") in _STRUCK, is_raised=whole_number(properties.get("baseline")) > 0)


def _depth(properties: etree._Element | None) -> int:
    return whole_number(properties.get("lvl")) if properties is not None else 0


def _is_bulleted(properties: etree._Element | None, default: bool) -> bool:
    if properties is not None:
        if properties.find(f"{A}buNone") is not None:
            return False
        if any(properties.find(f"{A}{kind}") is not None for kind in ("buChar", "buAutoNum", "buBlip")):
            return True
    return default
