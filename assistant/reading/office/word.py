"""Word documents: headings by style, lists with the numbers Word prints, tables, text boxes, drawings, notes.

Tracked changes are read as accepted; comments, tables of contents, struck-out and hidden text are left out. Of headers
and footers those of the first page are read, where a letter has its reference. A Word file has no pages until it is
printed, so all stands on page 1.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from assistant.reading.attributes import whole_number
from assistant.reading.blocks.above import Above
from assistant.reading.blocks.document import DocumentBuilder
from assistant.reading.blocks.endnotes import take_endnotes
from assistant.reading.blocks.flow import FlowBlock, Piece, paragraphs_in, write
from assistant.reading.blocks.formulas import apart, formula
from assistant.reading.blocks.front_page import LETTERHEAD_LINES, completed, metadata_of
from assistant.reading.blocks.headings import is_label
from assistant.reading.blocks.letterhead import names_file, with_letterhead
from assistant.reading.blocks.losses import Loss, Losses
from assistant.reading.blocks.numbering import Lists
from assistant.reading.blocks.saying import Setting, blocks_as_set, number_prose
from assistant.reading.blocks.tables import MOST_COLUMNS, is_frame, table_block
from assistant.reading.office.drawings import Drawings
from assistant.reading.office.inserted import parts_of_text
from assistant.reading.office.ooxml import MC, Package, R, W
from assistant.reading.office.word_styles import Numbering, Styles, is_on, value, written
from assistant.reading.refusals import Refused
from assistant.records import Document

DEEPEST_INSERTED = 3  # documents in one another
_LEFT_OUT = ("toc ", "toc heading", "table of figures", "index ")  # styles of what a program makes from the text
_THROUGH = frozenset(
    f"{W}{name}"
    for name in ("ins", "moveTo", "hyperlink", "smartTag", "sdt", "sdtContent", "customXml", "fldSimple", "bdo", "dir")
) | {f"{W}ruby", f"{W}rubyBase"}
_SAID = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}noBreakHyphen": "-"}
_HEX = re.compile("[0-9a-fA-F]{4}")
_OBJECT = "{urn:schemas-microsoft-com:office:office}"
_LEFT_OUT_RUNS: dict[Loss, tuple[str, ...]] = {"hidden": ("vanish",), "struck": ("strike", "dstrike")}
_MATHS = tuple(
    f"{{http://schemas.openxmlformats.org/officeDocument/2006/math}}{name}" for name in ("oMath", "oMathPara")
)


def read_word(data: bytes, source: str, sha256: str) -> Document:
    """Read a .docx (or .docm, .dotx) file; Refused as `damaged` or `too-large` when it cannot be opened."""
    package = Package(data)
    tree = package.part(package.main)
    body = tree.find(f"{W}body") if tree is not None else None
    if body is None:
        raise Refused("damaged", "has no text part in it. Save it again from Word.")
    walk = _Walk(package)
    walk.read(body)
    blocks, endnotes = take_endnotes(walk.finished())
    footer = [block for block in _first_page(package, body, "footer") if names_file(block.text)]
    blocks = with_letterhead(blocks, [*_first_page(package, body, "header"), *footer])
    builder = DocumentBuilder(source, sha256)
    walk.losses.tell(builder)
    write(builder, blocks, {**endnotes, **walk.notes}, reader="docx")
    title = next((block.text for block in blocks if block.kind == "heading"), None)
    first_page = metadata_of([block.text.strip() for block in blocks[:LETTERHEAD_LINES]], title)
    return builder.build(completed(package.metadata(), by=first_page))


@dataclass(slots=True)
class _Said:
    """What a paragraph says: its lines, the drawings anchored in it, and how much of it is bold."""

    paragraph: etree._Element
    lines: list[Piece] = field(default_factory=lambda: [Piece(1)])
    drawings: list[etree._Element] = field(default_factory=list)
    bold: int = 0
    plain: int = 0
    above: Above = field(default_factory=Above)
    instructs: list[bool] = field(default_factory=list)  # of each open field: is this its instruction, not its result?

    def say(self, text: str, *, bold: bool) -> None:
        if True in self.instructs:
            return
        self.lines[-1].text += text
        visible = len(text.strip())
        self.bold += visible if bold else 0
        self.plain += 0 if bold else visible

    def turn(self, mark: etree._Element, *, bold: bool) -> None:
        """A field begins, goes on from its instruction to its result, or ends."""
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self.say(_filled_in(mark), bold=bold)
            self.instructs.append(True)
        elif self.instructs:
            self.instructs.pop()
            self.instructs += [False] if kind == "separate" else []


class _Walk:
    """Goes through the document once, in order, since numbers and notes count as they come."""

    def __init__(self, package: Package, part: str = "", depth: int = 0) -> None:
        self.blocks: list[FlowBlock] = []
        self.notes: dict[str, str] = {}
        self.losses = Losses()
        self._package = package
        self._part = part or package.main
        self._depth = depth  # of documents inserted in one another
        self._drawings = Drawings(package, self._part, self.losses)
        self._styles = Styles(_first(package.related(package.main, "styles")))
        self._numbers = Numbering(_first(package.related(package.main, "numbering")))
        self._note_texts = {kind: _by_id(_first(package.related(package.main, f"{kind}s")), kind) for kind in _NOTES}
        self._typed = Lists()  # numbers that were typed and not set by Word
        self._of_list: dict[str, list[FlowBlock]] = defaultdict(list)
        self._carried: list[Piece] = []  # a paragraph without an end of its own goes on in the next

    def read(self, container: etree._Element) -> None:
        """Read the paragraphs and tables of the body, of a cell or of a text box."""
        for element in _blocks_in(container):
            if element.tag == f"{W}p":
                self._paragraph(element)
            elif element.tag == f"{W}altChunk":
                self.blocks += self._inserted(element)
            elif _is_layout(element):
                for cell in element.iter(f"{W}tc"):
                    if next(cell.iterancestors(f"{W}tbl")) is element:
                        self.read(cell)
            else:
                self._table(element)

    def finished(self) -> list[FlowBlock]:
        """All blocks; long paragraphs that Word numbered are numbered paragraphs and no list."""
        number_prose(self._of_list.values())
        return self.blocks

    def _paragraph(self, paragraph: etree._Element) -> None:
        said = self._said(paragraph)
        if self._carried:
            self._carried[-1].append(said.lines[0], glue="")
            said.lines[:1], self._carried = self._carried, []
        if _goes_on(paragraph):
            self._carried = said.lines
        else:
            self._add(paragraph, said)
        for drawing in said.drawings:
            self._drawing(drawing)

    def _drawing(self, drawing: etree._Element) -> None:
        """The text in the boxes of a drawing and the pictures beside them; of one without, what it shows."""
        boxes = _boxes_in(drawing)
        for box in boxes:
            self.read(box)
        if boxes:
            for shape in drawing.iter("{*}pic", "{*}graphicFrame"):
                if _box_of(shape) is _box_of(drawing):
                    self.blocks += self._drawings.blocks(shape)
        else:
            self.blocks += self._drawings.blocks(drawing)
            self.losses["object"] += drawing.find(f"{_OBJECT}OLEObject") is not None

    def _inserted(self, chunk: etree._Element) -> list[FlowBlock]:
        """A document of another kind that is shown in this place."""
        targets = self._package.targets(self._part)
        data = self._package.data(targets.get(chunk.get(f"{R}id", ""), ""))
        try:
            blocks, notes = self._parts_of(data)
        except Refused:
            self.losses["part"] += 1
            return []
        marks = {
            mark: self._add_note("footnote" if mark.isdigit() else "endnote", text) for mark, text in notes.items()
        }
        for piece in (piece for block in blocks for piece in block.pieces):
            piece.marks = [(marks[mark], offset) for mark, offset in piece.marks if mark in marks]
        return blocks

    def _parts_of(self, data: bytes) -> tuple[list[FlowBlock], dict[str, str]]:
        """The blocks and notes of an inserted document, whose notes count for themselves."""
        if not data.startswith(b"PK"):
            return parts_of_text(data, self.losses)
        if self._depth == DEEPEST_INSERTED:
            raise Refused("too-large", "has documents inserted in one another without end.")
        package = Package(data)
        tree = package.part(package.main)
        inner = _Walk(package, depth=self._depth + 1)
        if tree is not None:
            inner.read(next(tree.iter(f"{W}body"), tree))
        self.losses.update(inner.losses)
        return inner.finished(), inner.notes

    def _add(self, paragraph: etree._Element, said: _Said) -> None:
        style = self._styles.name(paragraph)
        level = self._styles.heading_level(paragraph)
        numbered = self._styles.numbering(paragraph)
        printed = self._numbers.next(*numbered) if numbered else None
        pieces = paragraphs_in(said.lines, always=level is not None)
        text = pieces[0].text.strip() if pieces else ""
        if not text or style.startswith(_LEFT_OUT):
            return
        is_label = self._is_label(paragraph, said, text)
        depth = numbered[1] + 1 if numbered else None
        setting = Setting(level, depth, printed or "", is_caption=style == "caption", is_label=is_label)
        blocks = blocks_as_set(pieces, setting, self._typed)
        if numbered and printed and depth == 1 and blocks[0].kind == "item":
            self._of_list[numbered[0]].append(blocks[0])
        self.blocks += blocks

    def _is_label(self, paragraph: etree._Element, said: _Said, text: str) -> bool:
        """Bold throughout and like a heading: one by hand."""
        return is_label(text) and said.bold > 0 and (not said.plain or self._styles.is_bold(paragraph))

    def _said(self, paragraph: etree._Element) -> _Said:
        said = _Said(paragraph)
        self._gather(paragraph, said, bold=False)
        return said

    def _gather(self, element: etree._Element, said: _Said, *, bold: bool) -> None:
        for child in element:
            tag = child.tag
            if tag == f"{W}r":
                if not self._is_left_out(child, said.paragraph):
                    self._run(child, said)
                else:  # a field may end in it
                    for mark in child.iterfind(f"{W}fldChar"):
                        said.turn(mark, bold=bold)
            elif tag in _THROUGH:
                self._gather(child, said, bold=bold)
            elif tag == f"{W}t":
                said.say(child.text or "", bold=bold)
            elif tag in _SAID:
                said.say(_SAID[tag], bold=bold)
            elif tag in (f"{W}br", f"{W}cr"):
                said.lines.append(Piece(1))
            elif tag == f"{W}sym":
                said.say(_symbol(child), bold=bold)
            elif tag == f"{W}fldChar":
                said.turn(child, bold=bold)
            elif tag in _NOTES.values():
                self._note(child, said)
            elif tag == f"{MC}AlternateContent":
                self._gather_alternative(child, said, bold=bold)
            elif tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
                said.drawings.append(child)
            elif tag in _MATHS:
                self._formula(child, said, bold=bold)

    def _formula(self, element: etree._Element, said: _Said, *, bold: bool) -> None:
        line = formula(element)
        self.losses["formula"] += line is None
        said.say(apart(said.lines[-1].text, line or ""), bold=bold)

    def _run(self, run: etree._Element, said: _Said) -> None:
        properties = run.find(f"{W}rPr")
        line, begin = said.lines[-1], len(said.lines[-1].text)
        self._gather(run, said, bold=is_on(properties, "b"))
        if said.lines[-1] is line and self._styles.run_is_raised(properties, said.paragraph):
            said.above.put(line, begin)

    def _is_left_out(self, run: etree._Element, paragraph: etree._Element) -> bool:
        """Is a run hidden or struck out? One that says something is counted. What asks to be filled in says nothing."""
        if is_on(next((control.find(f"{W}sdtPr") for control in run.iterancestors(f"{W}sdt")), None), "showingPlcHdr"):
            return True
        properties = run.find(f"{W}rPr")
        for loss, names in _LEFT_OUT_RUNS.items():
            if any(self._styles.run_is(name, properties, paragraph) for name in names):
                self.losses[loss] += bool("".join(map(str, run.itertext(f"{W}t"))).strip())
                return True
        return False

    def _gather_alternative(self, element: etree._Element, said: _Said, *, bold: bool) -> None:
        """The same thing stands here twice, for new and for old programs: the first that says something counts."""
        for alternative in element:
            before = len(said.drawings), len(said.lines), said.lines[-1].text
            self._gather(alternative, said, bold=bold)
            if before != (len(said.drawings), len(said.lines), said.lines[-1].text):
                return

    def _note(self, reference: etree._Element, said: _Said) -> None:
        kind = "footnote" if reference.tag == _NOTES["footnote"] else "endnote"
        note = self._note_texts[kind].pop(reference.get(f"{W}id"), None)
        if note is None:
            return
        texts = [line.text for paragraph in note.iter(f"{W}p") for line in self._said(paragraph).lines]
        said.lines[-1].mark(self._add_note(kind, " ".join(texts)))

    def _add_note(self, kind: str, text: str) -> str:
        """Keep a note, and give the mark that it has in the whole document."""
        number = sum(mark.isdigit() == (kind == "footnote") for mark in self.notes) + 1
        mark = str(number) if kind == "footnote" else written(number, "lowerRoman")
        self.notes[mark] = text
        return mark

    def _table(self, table: etree._Element) -> None:
        rows: list[list[Piece]] = []
        drawings: list[etree._Element] = []
        marked_header = 0
        for row in _rows_in(table):
            properties = row.find(f"{W}trPr")
            marked_header += marked_header == len(rows) and is_on(properties, "tblHeader")
            line = _columns(value(properties, "gridBefore"), 0)
            for cell in _cells_in(row):
                line += self._cell(cell, rows[-1] if rows else [], len(line), drawings)
            rows.append(line)
        if block := table_block(rows, marked_header or (_has_first_row(table) and len(rows) > 1)):
            self.blocks.append(block)
        for drawing in drawings:
            self._drawing(drawing)

    def _cell(
        self, cell: etree._Element, above: list[Piece], column: int, drawings: list[etree._Element]
    ) -> list[Piece]:
        """The cell, and an empty one for each further column it spans; a cell that goes on from above says the same."""
        properties = cell.find(f"{W}tcPr")
        piece = Piece(1)
        merged = properties.find(f"{W}vMerge") if properties is not None else None
        if merged is not None and merged.get(f"{W}val", "continue") == "continue":
            piece.text = above[column].text if column < len(above) else ""
        box = _box_of(cell)
        for element in cell.iter(f"{W}p", f"{W}altChunk"):
            if _box_of(element) is box:
                self._say_in_cell(element, piece, drawings)
        return [piece, *_columns(value(properties, "gridSpan"), 1)]

    def _say_in_cell(self, element: etree._Element, piece: Piece, drawings: list[etree._Element]) -> None:
        if element.tag == f"{W}altChunk":
            for said in (said for block in self._inserted(element) for said in block.pieces):
                piece.append(said)
            return
        paragraph = self._said(element)
        numbered = self._styles.numbering(element)
        printed = self._numbers.next(*numbered) if numbered else None
        piece.text += f" {printed} " if printed else " "
        for line in paragraph.lines:
            piece.append(line)
        drawings += paragraph.drawings


_NOTES = {"footnote": f"{W}footnoteReference", "endnote": f"{W}endnoteReference"}
_DELETED = (f"{W}del", f"{W}moveFrom")


def _first_page(package: Package, body: etree._Element, kind: str) -> list[FlowBlock]:
    """What stands in the header or footer of the first page."""
    section = next(body.iter(f"{W}sectPr"), None)
    if section is None:
        return []
    wanted = "first" if is_on(section, "titlePg") else "default"
    references = {each.get(f"{W}type"): each.get(f"{R}id") for each in section.iterfind(f"{W}{kind}Reference")}
    name = package.targets(package.main).get(references.get(wanted) or "", "")
    tree = package.part(name)
    if tree is None:
        return []
    walk = _Walk(package, name)
    walk.read(tree)
    return walk.finished()


def _columns(count: str | None, less: int) -> list[Piece]:
    """Empty cells for the columns that a row leaves out, or that a cell spans beside its first."""
    return [Piece(1) for _ in range(min(whole_number(count), MOST_COLUMNS) - less)]


def _first(trees: list[etree._Element]) -> etree._Element | None:
    return trees[0] if trees else None


def _by_id(notes: etree._Element | None, kind: str) -> dict[str | None, etree._Element]:
    """The notes themselves; what has a type is a line or a notice that Word draws between text and notes."""
    found = notes.iterfind(f"{W}{kind}") if notes is not None else ()
    return {note.get(f"{W}id"): note for note in found if note.get(f"{W}type", "normal") == "normal"}


def _blocks_in(container: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs and tables of a container, whatever is wrapped round them."""
    for child in container:
        if child.tag in (f"{W}p", f"{W}tbl", f"{W}altChunk"):
            yield child
        elif child.tag in _THROUGH:
            yield from _blocks_in(child)
        elif child.tag == f"{MC}AlternateContent" and len(child):
            yield from _blocks_in(child[0])


def _goes_on(paragraph: etree._Element) -> bool:
    """Does the next paragraph go on with this one: was its end deleted, or is it the large first letter of that?"""
    ends = (paragraph.find(f"{W}pPr/{W}rPr/{deleted}") for deleted in _DELETED)
    frame = paragraph.find(f"{W}pPr/{W}framePr")
    is_drop_cap = frame is not None and frame.get(f"{W}dropCap", "none") != "none"
    return is_drop_cap or any(end is not None for end in ends)


def _rows_in(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == f"{W}tr":
            if not any(child.find(f"{W}trPr/{deleted}") is not None for deleted in _DELETED):
                yield child
        elif child.tag in _THROUGH:
            yield from _rows_in(child)


def _cells_in(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        if child.tag == f"{W}tc":
            yield child
        elif child.tag in _THROUGH:
            yield from _cells_in(child)


def _is_layout(table: etree._Element) -> bool:
    return is_frame([[sum(map(len, cell.itertext(f"{W}t"))) for cell in _cells_in(row)] for row in _rows_in(table)])


def _has_first_row(table: etree._Element) -> bool:
    look = table.find(f"{W}tblPr/{W}tblLook")
    if look is None:
        return False
    bits = look.get(f"{W}val", "")
    return look.get(f"{W}firstRow") == "1" or (bool(_HEX.fullmatch(bits)) and bool(int(bits, 16) & 0x20))


def _boxes_in(element: etree._Element) -> list[etree._Element]:
    """The text boxes of a drawing; one inside another is read with the outer one."""
    boxes = list(element.iter(f"{W}txbxContent"))
    return [box for box in boxes if not any(outer in boxes for outer in box.iterancestors(f"{W}txbxContent"))]


def _filled_in(mark: etree._Element) -> str:
    """What stands on the page for a box or a list of an old form, which Word keeps outside the text."""
    box, choices = (mark.find(f"{W}ffData/{W}{kind}") for kind in ("checkBox", "ddList"))
    if box is not None:
        return "☒" if is_on(box, "default" if box.find(f"{W}checked") is None else "checked") else "☐"
    entries = [entry.get(f"{W}val", "") for entry in choices.iterfind(f"{W}listEntry")] if choices is not None else []
    place = whole_number(value(choices, "result") or value(choices, "default"))
    return entries[place] if place < len(entries) else ""


def _box_of(element: etree._Element) -> etree._Element | None:
    """The text box that an element stands in."""
    return next(element.iterancestors(f"{W}txbxContent"), None)


def _symbol(element: etree._Element) -> str:
    code = element.get(f"{W}char", "")
    return chr(int(code, 16)) if _HEX.fullmatch(code) else ""
