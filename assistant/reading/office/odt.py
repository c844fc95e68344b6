"""OpenDocument text, as Writer saves it: headings, lists with the numbers Writer prints, tables, text boxes, notes.

Tracked changes are read as accepted; comments, footers and tables of contents are left out. Of the headers that of the
first page is read, where a letter has its reference. Like a Word file it has no pages until it is printed, so all
stands on page 1.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from assistant.reading.archive import Parts
from assistant.reading.attributes import whole_number
from assistant.reading.blocks.descriptions import description
from assistant.reading.blocks.document import DocumentBuilder
from assistant.reading.blocks.endnotes import take_endnotes
from assistant.reading.blocks.flow import FlowBlock, Piece, paragraphs_in, write
from assistant.reading.blocks.front_page import LETTERHEAD_LINES, completed, metadata_of, title_by_hand
from assistant.reading.blocks.letterhead import with_letterhead
from assistant.reading.blocks.losses import Loss, Losses
from assistant.reading.blocks.numbering import Lists
from assistant.reading.blocks.saying import Look, Said, Setting, blocks_as_set, captions_once, number_prose
from assistant.reading.blocks.tables import is_frame, names_columns, table_block
from assistant.reading.office.odt_styles import OFFICE, STYLE, TEXT, Counter, Styles
from assistant.reading.refusals import Refused
from assistant.reading.safe_xml import tree_of
from assistant.records import Document, Metadata

MOST_REPEATED = 100  # times that a cell says that it stands there again
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_MANIFEST = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_PARAGRAPHS = (f"{TEXT}p", f"{TEXT}h")
_THROUGH = frozenset(f"{TEXT}{name}" for name in ("section", "numbered-paragraph", "bibliography", "index-body"))
_LEFT_OUT = frozenset(
    (
        *(f"{OFFICE}{name}" for name in ("annotation", "annotation-end", "event-listeners")),
        *(f"{TEXT}{name}" for name in ("hidden-text", "placeholder", "ruby-text", "script", "tracked-changes")),
    )
)
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_GROUPS_OF_ROWS = frozenset(f"{_TABLE}{name}" for name in ("table-header-rows", "table-rows", "table-row-group"))
_WATERMARK = "PowerPlusWaterMark"  # what Word and Writer call a word across the page, kept in its header
_EXTENDED = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
_ASKS = f"{_EXTENDED}showing-place-holder"  # to be filled in
_SPACES = re.compile(r"[ \t\r\n]+")


def read_odt(data: bytes, source: str, sha256: str) -> Document:
    """Read an .odt (or .ott) file; Refused as `encrypted`, `damaged` or `too-large` when it cannot be opened."""
    parts = Parts(data)
    manifest = parts.read("META-INF/manifest.xml")
    if b"encryption-data" in manifest:
        raise Refused("encrypted", "is protected by a password. Save a copy without it and add that.")
    tree = _tree(parts, "content.xml")
    body = tree.find(f"{OFFICE}body/{OFFICE}text") if tree is not None else None
    if body is None:
        raise Refused("damaged", "has no text part in it. Save it again from the program that made it.")
    pages = _tree(parts, "styles.xml")
    styles = Styles(pages, tree)
    walk = _Walk(styles, _types_of_objects(manifest))
    walk.read(body)
    blocks, endnotes = take_endnotes(captions_once(walk.finished()))
    blocks = with_letterhead(blocks, _header(pages, styles, body))
    builder = DocumentBuilder(source, sha256)
    write(builder, blocks, {**endnotes, **walk.notes}, reader="odt")
    walk.losses.tell(builder)
    title = next((block.text for block in blocks if block.kind == "heading"), None)
    first_page = metadata_of([block.text.strip() for block in blocks[:LETTERHEAD_LINES]], title)
    return builder.build(completed(_metadata(_tree(parts, "meta.xml")), by=first_page))


def _tree(parts: Parts, name: str) -> etree._Element | None:
    data = parts.read(name)
    tree = tree_of(data) if data else None
    for element in tree.iter(f"{_EXTENDED}*") if tree is not None else ():
        local = element.tag.removeprefix(_EXTENDED)
        if local.startswith("table"):  # Writer calls tables so in the boxes of shapes
            element.tag = f"{_TABLE}{local}"
    return tree


def _header(pages: etree._Element | None, styles: Styles, body: etree._Element) -> list[FlowBlock]:
    """What stands in the header of the first page."""
    first = next(body.iter(*_PARAGRAPHS), None)
    wanted = styles.page_of_paragraph(first.get(f"{TEXT}style-name", "")) if first is not None else ""
    for page in pages.iter(f"{STYLE}master-page") if pages is not None else ():
        of_page = next(page.iter("{*}header-first"), page.find(f"{STYLE}header"))
        if page.get(f"{STYLE}name") == wanted and of_page is not None and of_page.get(f"{STYLE}display") != "false":
            walk = _Walk(styles, {})
            walk.read(of_page)
            return walk.finished()
    return []


def _types_of_objects(manifest: bytes) -> dict[str, str]:
    """What kind of document each embedded one is, by its folder."""
    entries = tree_of(manifest).iter(f"{_MANIFEST}file-entry") if manifest else ()
    return {
        entry.get(f"{_MANIFEST}full-path", "").strip("/"): entry.get(f"{_MANIFEST}media-type", "") for entry in entries
    }


def _metadata(properties: etree._Element | None) -> Metadata:
    title = properties.findtext(f"{OFFICE}meta/{_DC}title") if properties is not None else None
    return Metadata(title=title_by_hand(title))


@dataclass(frozen=True, slots=True)
class _Item:
    """That a paragraph begins an item of a list: how deep, with which number, and in which style of lists."""

    depth: int
    printed: str | None
    style: str


class _Walk:
    """Goes through the document once, in order, since numbers and notes count as they come."""

    def __init__(self, styles: Styles, types_of_objects: dict[str, str]) -> None:
        self.blocks: list[FlowBlock] = []
        self.notes: dict[str, str] = {}
        self.losses = Losses()
        self._styles = styles
        self._types_of_objects = types_of_objects
        self._outline = Counter()
        self._lists: dict[str, Counter] = {}  # by the id of a list and by the style of the last one that has it
        self._of_list: dict[str, list[FlowBlock]] = defaultdict(list)
        self._typed = Lists()  # numbers that were typed and not set by Writer

    def read(self, container: etree._Element) -> None:
        """Read the paragraphs, lists and tables of the body, of a section, a cell, a note or a text box."""
        for child in container:
            if child.tag in _PARAGRAPHS:
                self._paragraph(child)
            elif child.tag == f"{TEXT}list":
                self._list(child, 1, "", None)
            elif child.tag == f"{_TABLE}table":
                self._table(child)
            elif child.tag in _THROUGH and child.get(f"{TEXT}display") == "none":
                self.losses["hidden"] += 1
            elif child.tag in _THROUGH:
                self.read(child)
            elif _is_drawn(child):
                self._shape(child)

    def finished(self) -> list[FlowBlock]:
        """All blocks; long paragraphs that Writer numbered are numbered paragraphs and no list."""
        number_prose(self._of_list.values())
        return self.blocks

    def _list(self, element: etree._Element, depth: int, outer: str, counter: Counter | None) -> None:
        name = element.get(f"{TEXT}style-name", outer)
        counter = counter or self._counter(element, name)
        for item in element:
            begins = len(item) > 0 and item[0].tag in _PARAGRAPHS
            counts = begins and item.tag == f"{TEXT}list-item"
            start = item.get(f"{TEXT}start-value")
            printed = counter.next(self._styles.list_style(name), depth, start) if counts else None
            for place, child in enumerate(item):
                if child.tag in _PARAGRAPHS:
                    self._paragraph(child, _Item(depth, printed, name) if counts and place == 0 else None)
                elif child.tag == f"{TEXT}list":
                    self._list(child, depth + 1, name, counter)

    def _counter(self, element: etree._Element, style: str) -> Counter:
        """Where the numbers of a list begin: anew, unless it goes on from another."""
        before = element.get(f"{TEXT}continue-list")
        if before is None and element.get(f"{TEXT}continue-numbering") == "true":
            before = style
        counter = self._lists.get(before) if before else None
        counter = counter or Counter()
        for name in filter(None, (style, element.get(_ID))):
            self._lists[name] = counter
        return counter

    def _paragraph(self, paragraph: etree._Element, item: _Item | None = None) -> None:
        said = Said(self.losses)
        drawn: list[etree._Element] = []
        look = self._styles.look("paragraph", paragraph.get(f"{TEXT}style-name", ""))
        self._gather(paragraph, said, look, drawn)
        self._add(paragraph, said, item)
        for shape in drawn:
            self._shape(shape)

    def _add(self, paragraph: etree._Element, said: Said, item: _Item | None) -> None:
        style = paragraph.get(f"{TEXT}style-name", "")
        names = self._styles.names(style)
        level = _heading_level(paragraph, names)
        printed = item.printed if item else self._number_of_heading(paragraph, style)
        pieces = paragraphs_in(said.lines, always=level is not None)
        if not pieces or not pieces[0].text.strip() or "index" in names:  # the style under all tables of contents
            return
        depth = item.depth if item else None
        setting = Setting(level, depth, printed or "", is_caption="caption" in names, is_label=said.is_label())
        blocks = blocks_as_set(pieces, setting, self._typed)
        if item and printed and depth == 1 and blocks[0].kind == "item":
            self._of_list[item.style].append(blocks[0])
        self.blocks += blocks

    def _number_of_heading(self, paragraph: etree._Element, style: str) -> str | None:
        """The number that Writer prints before a heading outside lists."""
        if paragraph.tag != f"{TEXT}h" or paragraph.get(f"{TEXT}is-list-header") == "true":
            return None
        name = self._styles.list_of_paragraph(style)
        list_style = self._styles.list_style(name) if name else self._styles.outline
        level = whole_number(paragraph.get(f"{TEXT}outline-level")) or 1
        counter = self._lists.setdefault(name, Counter()) if name and list_style is not None else self._outline
        printed = counter.next(list_style, level, paragraph.get(f"{TEXT}start-value"))
        return None if name == "" else printed

    def _gather(self, element: etree._Element, said: Said, look: Look, drawn: list[etree._Element]) -> None:
        said.say(_SPACES.sub(" ", element.text or ""), look)
        for child in element:
            if isinstance(child.tag, str):
                self._inline(child, said, look, drawn)
            said.say(_SPACES.sub(" ", child.tail or ""), look)

    def _inline(self, child: etree._Element, said: Said, look: Look, drawn: list[etree._Element]) -> None:
        if child.tag in (f"{TEXT}s", f"{TEXT}tab"):
            said.say(" ", look)
        elif child.tag == f"{TEXT}line-break":
            said.break_line()
        elif child.tag == f"{TEXT}note":
            if not (look.is_struck or look.is_hidden):
                self._note(child, said)
        elif child.tag == f"{TEXT}span":
            self._gather(child, said, self._styles.look("text", child.get(f"{TEXT}style-name", ""), look), drawn)
        elif _is_drawn(child) and child.tag != f"{_DRAW}a":
            drawn.append(child)
        elif child.tag not in _LEFT_OUT and child.get(_ASKS) != "true":
            self._gather(child, said, look, drawn)

    def _note(self, note: etree._Element, said: Said) -> None:
        """A footnote or endnote under the mark that is printed; under another where the marks begin anew."""
        mark = "".join(map(str, note.itertext(f"{TEXT}note-citation"))).strip()
        number = len(self.notes) + 1
        while not mark or mark in self.notes:
            mark, number = str(number), number + 1
        self.notes[mark] = ""  # the place is taken: a note may have notes in it
        body = note.find(f"{TEXT}note-body")
        self.notes[mark] = self._apart(body).text if body is not None else ""
        said.lines[-1].mark(mark)

    def _apart(self, container: etree._Element) -> Piece:
        """All that a cell or note says, on one line."""
        outside = self.blocks, self._typed
        self.blocks, self._typed = [], Lists()
        self.read(container)
        said = Piece(1)
        for piece in (piece for block in self.blocks for piece in block.pieces):
            said.append(piece)
        self.blocks, self._typed = outside
        return said

    def _table(self, table: etree._Element) -> None:
        if _is_layout(table):
            for cell in (cell for row, _ in _rows_in(table) for cell in row.iterchildren(_CELLS[0])):
                self.read(cell)
            return
        rows: list[list[Piece]] = []
        header_rows, going_down = 0, dict[int, tuple[int, str]]()
        for row, is_header in _rows_in(table):
            header_rows += is_header
            rows.append(self._row(row, going_down))
        header_rows = header_rows or int(self._is_headed(table) or names_columns(rows))
        if block := table_block(rows, header_rows):
            self.blocks.append(block)

    def _row(self, row: etree._Element, going_down: dict[int, tuple[int, str]]) -> list[Piece]:
        """The cells of a row. One that spans rows says the same in each; `going_down`: {column: (rows left, text)}."""
        line: list[Piece] = []
        for cell in row.iterchildren(*_CELLS):
            most = 1 if cell.find(f".//{_TABLE}table") is not None else MOST_REPEATED
            for _ in range(min(whole_number(cell.get(f"{_TABLE}number-columns-repeated")) or 1, most)):
                left, text = going_down.pop(len(line), (0, ""))
                if cell.tag == _CELLS[0]:
                    said = self._apart(cell)
                    left, text = whole_number(cell.get(f"{_TABLE}number-rows-spanned")) or 1, said.text
                else:
                    said = Piece(1, text)
                if left > 1:
                    going_down[len(line)] = left - 1, text
                line.append(said)
        return line

    def _is_headed(self, table: etree._Element) -> bool:
        """Has its first row the style of headings, though Writer was not told to repeat it?"""
        first = next(_rows_in(table))[0]
        styles = [paragraph.get(f"{TEXT}style-name", "") for paragraph in first.iter(f"{TEXT}p")]
        return bool(styles) and all("table_20_heading" in self._styles.names(style) for style in styles)

    def _shape(self, shape: etree._Element) -> None:
        """A text box, a picture or what else is drawn. Of several drawings of one thing the first counts."""
        if shape.get(f"{_DRAW}name", "").startswith(_WATERMARK):
            return
        if shape.tag in (f"{_DRAW}g", f"{_DRAW}a"):
            self._describe(shape)
            for child in filter(_is_drawn, shape):
                self._shape(child)
        elif shape.tag != f"{_DRAW}frame":
            self._describe(shape)
            self.read(shape)
        elif (inside := next((child for child in shape if _is_drawn(child)), None)) is not None:
            if inside.tag == f"{_DRAW}text-box":
                self.read(inside)
            elif not self._describe(shape):
                self.losses[self._kind(inside)] += 1

    def _describe(self, shape: etree._Element) -> bool:
        """The description of a picture, if it has one, stands for it as a caption."""
        described = description(shape.findtext(f"{_SVG}desc") or shape.findtext(f"{_SVG}title"))
        self.blocks += [FlowBlock("caption", [Piece(1, described)])] if described else []
        return bool(described)

    def _kind(self, inside: etree._Element) -> Loss:
        if inside.tag == f"{_DRAW}image":
            return "picture"
        type_ = self._types_of_objects.get(inside.get(_HREF, "").removeprefix("./").strip("/"), "")
        return "chart" if "chart" in type_ else "formula" if "formula" in type_ else "object"


def _is_drawn(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and element.tag.startswith(_DRAW)


def _heading_level(paragraph: etree._Element, names: list[str]) -> int | None:
    if paragraph.tag == f"{TEXT}h":
        return whole_number(paragraph.get(f"{TEXT}outline-level")) or 1
    return 1 if "title" in names else None


def _rows_in(group: etree._Element, *, is_header: bool = False) -> Iterator[tuple[etree._Element, bool]]:
    """The rows that are shown, each with whether it is a header."""
    for child in group:
        if child.tag in _GROUPS_OF_ROWS:
            yield from _rows_in(child, is_header=is_header or child.tag == f"{_TABLE}table-header-rows")
        elif child.tag == f"{_TABLE}table-row" and child.get(f"{_TABLE}visibility", "visible") == "visible":
            yield child, is_header  # once, though it may be repeated: only empty rows are


def _is_layout(table: etree._Element) -> bool:
    rows = (row.iterchildren(*_CELLS) for row, _ in _rows_in(table))
    return is_frame([[sum(map(len, cell.itertext())) for cell in row] for row in rows])
