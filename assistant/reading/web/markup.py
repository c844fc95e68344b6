"""HTML elements become blocks: one walk over the tree in reading order, for web pages and for HTML in Markdown.

The walk is flat: a page nested ten thousand deep costs no more than another.
"""

import re

from lxml import etree, html

from assistant.reading.attributes import whole_number
from assistant.reading.blocks.descriptions import described, description
from assistant.reading.blocks.flow import FlowBlock, Piece, paragraphs_in
from assistant.reading.blocks.headings import LABEL_LEVEL, is_label
from assistant.reading.blocks.numbering import Lists, number_of
from assistant.reading.blocks.superscripts import raised_after
from assistant.reading.blocks.tables import LONGEST_CELL, MOST_COLUMNS, table_block
from assistant.reading.refusals import Refused
from assistant.records import BlockKind

NOTE_MARK = "note-mark"  # the name that an element gets when it is the mark of a note (attribute `mark`)
MOST_ROWS = 1000  # that a cell spans
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BOLD = ("b", "strong")
_LISTS = ("ul", "ol", "menu", "dir", "dl")
_KINDS: dict[str, BlockKind] = {"li": "item", "dd": "item", "dt": "item", "figcaption": "caption", "caption": "caption"}
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "center", "details", "div", "fieldset", "figure"),
        *("footer", "form", "header", "hr", "html", "legend", "main", "p", "section", "summary", "table", "tbody"),
        *("td", "tfoot", "th", "thead", "tr", *_HEADINGS, *_LISTS, *_KINDS),
    )
)
_LOOKS = frozenset(("a", "b", "em", "font", "i", "small", "span", "strong", "u", "var"))
_BEFORE = 20  # characters before what is raised that say what it is
_PROLOGUE = re.compile(r"\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>", re.I)
_SPACES = re.compile(r"[ \t\n\r\f]+")


def parse(text: str) -> html.HtmlElement:
    """The tree of a page; Refused as `no-text` when nothing is in it.

    The parser loads nothing, expands no entity and runs nothing.
    """
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    data = _DOCTYPE.sub("", _PROLOGUE.sub("", text, count=1), count=1).encode("utf-8", "replace")
    try:
        return html.document_fromstring(data, parser=parser)
    except etree.ParserError as error:
        raise Refused("no-text", "has no text in it. Save the page again.") from error


def parse_part(text: str) -> html.HtmlElement:
    """The tree of HTML that stands in a text of another kind: lone end tags and comments are an empty one."""
    return parse(f"<body>{text}")


def blocks_of(root: html.HtmlElement, page: int = 1) -> list[FlowBlock]:
    """The blocks that an element holds: headings, paragraphs, items, tables, captions, code."""
    write_out_raised(root)
    walk = _Walk(page)
    steps = etree.iterwalk(root, events=("start", "end"))
    for event, element in steps:
        if not isinstance(element.tag, str):
            continue
        if event == "end":
            walk.leave(element)
        elif walk.enter(element):
            steps.skip_subtree()
        if event == "end" and element is not root:
            walk.say(element.tail)
    walk.flush()
    return walk.blocks


def write_out_raised(root: html.HtmlElement) -> None:
    """Write what stands above the line as raised, whatever elements stand in the <sup>."""
    for above in list(root.iter("sup")):
        _make_plain(above)
    before, above_at = "", 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        before = "" if element.tag in _BLOCKS or element.tag == "br" else before
        above_at += (1 if event == "start" else -1) * (element.tag == "sup")
        if event == "start" and above_at and element.text:
            element.text = raised_after(before, element.text)
        said = element.text if event == "start" else element.tail
        before = _SPACES.sub(" ", before + (said or ""))[-_BEFORE:]


def _make_plain(above: html.HtmlElement) -> None:
    """Of what stands above the line only the words are left, where nothing but looks and links stands in it."""
    inner = list(above.iterdescendants())
    if all(element.tag in _LOOKS for element in inner):
        for element in inner:
            element.drop_tag()


class _Walk:
    """What is open at a place in the tree: the text said so far, what it will become, the lists round it."""

    def __init__(self, page: int) -> None:
        self.blocks: list[FlowBlock] = []
        self._page = page
        self._lines = [Piece(page)]  # a <br> begins another
        self._pictures: list[str] = []
        self._kind: BlockKind = "paragraph"
        self._level = 0
        self._number: str | None = None
        self._lists: list[_List] = []
        self._numbering = Lists()
        self._bold = 0  # elements round the text that make it bold
        self._said_bold = self._said_plain = False

    def enter(self, element: html.HtmlElement) -> bool:
        """Begin an element; True when it is done with and need not be walked through."""
        tag = element.tag
        if tag in _BLOCKS or tag == "pre":
            self.flush()
        self._bold += tag in _BOLD
        if tag in _LISTS:
            self._lists.append(_List(element))
        elif tag in _HEADINGS:
            self._kind, self._level = "heading", _HEADINGS[tag]
        elif tag in _KINDS:
            self._kind, self._level = _KINDS[tag], len(self._lists)
            self._number = self._lists[-1].next_number(element) if tag == "li" and self._lists else None
        return self._is_read_whole(element) or self.say(element.text)

    def leave(self, element: html.HtmlElement) -> None:
        """End an element."""
        self._bold -= element.tag in _BOLD
        if element.tag in _BLOCKS:
            self.flush()
            self._kind, self._level, self._number = "paragraph", 0, None
        if element.tag in _LISTS and self._lists:
            self._lists.pop()

    def say(self, text: str | None) -> bool:
        """Add text to the open block; always False."""
        if text:
            said = _SPACES.sub(" ", text)
            self._said_bold |= bool(self._bold and said.strip())
            self._said_plain |= bool(not self._bold and said.strip())
            line = self._lines[-1]
            line.text += said.lstrip(" ") if not line.text or line.text.endswith(" ") else said
        return False

    def flush(self) -> None:
        """End the open block; what pictures in it show comes after it."""
        pictures, self._pictures = self._pictures, []
        self._end_block()
        self.blocks += [described(text, self._page) for text in pictures]

    def _end_block(self) -> None:
        lines, self._lines = self._lines, [Piece(self._page)]
        all_bold, self._said_bold, self._said_plain = self._said_bold and not self._said_plain, False, False
        if not any(line.text.strip() for line in lines):
            return
        if all_bold and self._kind == "paragraph" and len(lines) == 1 and is_label(lines[0].text.strip()):
            self.blocks.append(FlowBlock("heading", lines, LABEL_LEVEL))
            return
        pieces = paragraphs_in(lines, always=self._kind in ("heading", "caption"))
        for piece in pieces:
            self._add(piece)
            if self._kind == "item":
                self._kind, self._level, self._number = "paragraph", 0, None

    def _is_read_whole(self, element: html.HtmlElement) -> bool:
        if element.tag == "br":
            self._lines.append(Piece(self._page))
        elif element.tag == NOTE_MARK:
            self._lines[-1].mark(element.get("mark", ""))
        elif element.tag == "img":
            self._pictures += filter(None, [description(element.get("alt"))])
        elif element.tag == "pre":
            self.blocks.append(FlowBlock("code", [Piece(self._page, element.text_content())]))
        elif element.tag == "table" and _holds_data(element):
            self._add_table(element)
        else:
            return False
        return True

    def _add(self, piece: Piece) -> None:
        if self._kind == "paragraph":
            place = self._numbering.place(piece.text.strip())
            self.blocks.append(FlowBlock(place.kind, [piece], place.level, place.number))
            return
        number = number_of(piece.text)
        printed = number.printed if number else None
        if self._kind == "item" and self._number and number is None:
            piece.prepend(f"{self._number} ")
            printed = self._number.rstrip(".")
        self.blocks.append(FlowBlock(self._kind, [piece], self._level, printed))

    def _add_table(self, table: html.HtmlElement) -> None:
        caption = table.find("caption")
        if caption is not None and (said := " ".join(caption.text_content().split())):
            self.blocks.append(FlowBlock("caption", [Piece(self._page, said)]))
        rows, header_rows = _rows(table, self._page)
        if block := table_block(rows, header_rows):
            self.blocks.append(block)


class _List:
    """A list and the number of its next item."""

    def __init__(self, element: html.HtmlElement) -> None:
        self._ordered = element.tag == "ol"
        self._letters = element.get("type") in ("a", "A")
        self._next = whole_number(element.get("start"), 1)

    def next_number(self, item: html.HtmlElement) -> str | None:
        """What a browser prints before the item: "3.", None before items of lists without numbers."""
        if not self._ordered:
            return None
        number = whole_number(item.get("value"), self._next)
        self._next = number + 1
        return f"{chr(96 + number)}." if self._letters and 0 < number <= 26 else f"{number}."


def _holds_data(table: html.HtmlElement) -> bool:
    """Rows and columns of short cells; other tables lay out a page."""
    if table.find(".//table") is not None:
        return False
    rows, _ = _rows(table, 1)
    cells = [cell.text for row in rows for cell in row]
    return len(rows) > 1 and max(map(len, rows)) > 1 and max(map(len, cells), default=0) <= LONGEST_CELL


def _rows(table: html.HtmlElement, page: int) -> tuple[list[list[Piece]], int]:
    """The cells of each row, those that span rows in each of them; and how many rows are headers."""
    rows: list[list[Piece]] = []
    header_rows, spanning = 0, dict[int, tuple[int, Piece]]()
    group = None
    for row in sorted(table.iter("tr"), key=_place_of_group):
        if row.getparent() is not group:  # no cell spans rows of another group
            group = row.getparent()
            spanning.clear()
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        line: list[Piece] = []
        for cell in cells:
            _fill(line, spanning)
            down, across = _spans(cell)
            for said in (_said(cell, page), *(Piece(page) for _ in range(across - 1))):
                if down > 1:
                    spanning[len(line)] = (down - 1, said)
                line.append(said)
        _fill(line, spanning)
        headed = row.getparent().tag == "thead" or bool(cells and all(cell.tag == "th" for cell in cells))
        header_rows += headed and header_rows == len(rows)
        rows.append(line)
    return rows, header_rows


def _place_of_group(row: html.HtmlElement) -> int:
    """Headers stand above and footers below, wherever the page writes them."""
    return {"thead": 0, "tfoot": 2}.get(row.getparent().tag, 1)


def _spans(cell: html.HtmlElement) -> tuple[int, int]:
    """How many rows and columns a cell spans."""
    down, across = (max(whole_number(cell.get(name), 1), 1) for name in ("rowspan", "colspan"))
    return min(down, MOST_ROWS), min(across, MOST_COLUMNS)


def _fill(line: list[Piece], spanning: dict[int, tuple[int, Piece]]) -> None:
    """Put in the cells that span down from rows above, as far as they come next."""
    while len(line) in spanning:
        left, said = spanning.pop(len(line))
        if left > 1:
            spanning[len(line)] = (left - 1, said)
        line.append(said)


def _said(cell: html.HtmlElement, page: int) -> Piece:
    """The text of a cell; blocks and line breaks in it are spaces."""
    said = Piece(page)
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if element.tag == "br" or element.tag in _BLOCKS:
            said.text += " "
        if event == "start" and element.tag == NOTE_MARK:
            said.mark(element.get("mark", ""))
        text = element.text if event == "start" else element.tail if element is not cell else None
        said.text += _SPACES.sub(" ", text or "")
    return said
