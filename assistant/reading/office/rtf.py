"""RTF documents: headings by style, lists with the numbers that are printed, tables, text boxes, notes.

Tracked changes are read as accepted; comments, footers and tables of contents are left out. Of the headers that of the
first page is read, where a letter has its reference. An RTF file has no pages until it is printed, so all stands on
page 1.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from assistant.reading.blocks.descriptions import description
from assistant.reading.blocks.document import DocumentBuilder
from assistant.reading.blocks.endnotes import take_endnotes
from assistant.reading.blocks.flow import FlowBlock, Piece, paragraphs_in, write
from assistant.reading.blocks.front_page import LETTERHEAD_LINES, completed, metadata_of, title_by_hand
from assistant.reading.blocks.letterhead import with_letterhead
from assistant.reading.blocks.losses import Loss, Losses
from assistant.reading.blocks.numbering import Lists
from assistant.reading.blocks.saying import Said, Setting, as_printed, blocks_as_set, captions_once, number_prose
from assistant.reading.blocks.superscripts import lowered
from assistant.reading.office.rtf_groups import HEADERS, Event, Group, Groups
from assistant.reading.office.rtf_tables import Row, blocks_of
from assistant.reading.office.word_styles import written
from assistant.records import Document, Metadata

_CAPTURED = frozenset(("listtext", "pntext", "sn", "stylesheet", "sv", "title"))  # text that is about the document
_BOXES = ("dptxbxtext", "shptxt")
_HEADING = re.compile(r"heading (\d)\Z")
_LEFT_OUT = ("toc ", "table of figures", "index ", "contents ")  # styles of what a program makes from the text
_DEEPEST = 30  # styles in a chain; a longer one is a ring
_LONGEST_MARK = 4  # characters of a note's mark that was typed
_NO_TEXT = ("pict", "shpinst")
_LEFT_OUT_WHOLE: dict[str, Loss | None] = {"object": "object", "moMath": "formula", "nesttableprops": None}
_MERGED = ("clvmrg", "clmrg")


def read_rtf(data: bytes, source: str, sha256: str) -> Document:
    """Read an .rtf file; Refused as `damaged` when it is none."""
    walk, groups = _Walk(), Groups()
    for event in groups.events(data):
        walk.take(event)
    blocks, endnotes = take_endnotes(captions_once(walk.finished()))
    blocks = with_letterhead(blocks, walk.header)
    builder = DocumentBuilder(source, sha256)
    write(builder, blocks, {**endnotes, **walk.notes}, reader="rtf")
    if groups.is_cut:
        builder.warn("The file is cut off: its end is missing.")
    walk.losses.tell(builder)
    title = next((block.text for block in blocks if block.kind == "heading"), None)
    first_page = metadata_of([block.text.strip() for block in blocks[:LETTERHEAD_LINES]], title)
    return builder.build(completed(Metadata(title=title_by_hand(walk.title)), by=first_page))


def parts_of_rtf(data: bytes, losses: Losses) -> tuple[list[FlowBlock], dict[str, str]]:
    """The blocks and notes of an RTF text that stands in another document."""
    walk = _Walk()
    for event in Groups().events(data):
        walk.take(event)
    blocks = captions_once(walk.finished())
    losses.update(walk.losses)
    return blocks, walk.notes


@dataclass(slots=True)
class _Style:
    name: str = ""
    base: int = -1  # the style that it is based on
    level: int | None = None


@dataclass(slots=True)
class _Paragraph:
    """What the control words say of the paragraph that is open."""

    style: int = 0
    level: int | None = None
    list: int = 0
    depth: int = 1
    is_in_table: bool = False
    is_drop_cap: bool = False  # the large first letter of the next paragraph


@dataclass(slots=True)
class _Story:
    """A text of its own: the document, a note (with the mark that was typed before it) or a text box."""

    said: Said
    mark: str = ""
    is_endnote: bool = False
    blocks: list[FlowBlock] = field(default_factory=list)
    boxes: list[FlowBlock] = field(default_factory=list)  # to be read after the open paragraph
    paragraph: _Paragraph = field(default_factory=_Paragraph)
    printed: str = ""  # the number or bullet of the open paragraph
    rows: list[Row] = field(default_factory=list)
    row: Row = field(default_factory=Row)
    cell: list[FlowBlock] = field(default_factory=list)
    is_in_row: bool = False
    raised_from: int | None = None  # where the raised text begins that the line ends with
    typed: Lists = field(default_factory=Lists)


class _Walk:
    """Goes through the document once, in order, since numbers and notes count as they come."""

    def __init__(self, styles: dict[int, _Style] | None = None) -> None:
        self.notes: dict[str, str] = {}
        self.losses = Losses()
        self.title = ""
        self._stories = [_Story(Said(self.losses))]
        self._styles = defaultdict(_Style) if styles is None else styles
        self._style = 0  # of the table of styles, the one that is being read
        self._captured = self._property = self._description = ""
        self._shapes = 0  # that are open
        self._has_picture = False  # the shape that is open
        self._has_number = False  # the next note, given by the program
        self._numbers = {False: 0, True: 0}  # of the last footnote and endnote that the program numbers
        self._merged = ""  # the cell that is being defined
        self._of_list: dict[int, list[FlowBlock]] = defaultdict(list)
        self._headers: dict[str, list[FlowBlock]] = {}  # of the first section
        self._open_header: _Walk | None = None
        self._has_first_page = False  # with a header of its own
        self._is_first_section = True

    def take(self, event: Event) -> None:
        """Go on by one event."""
        if event.kind == "begin" and event.text in HEADERS:
            self._open_header = _Walk(self._styles)
        elif self._open_header is None:
            self._take(event)
        elif event.kind == "end" and event.text in HEADERS:
            if self._is_first_section:
                self._headers[event.text] = self._open_header.finished()
            self._open_header = None
        else:
            self._open_header.take(event)

    @property
    def header(self) -> list[FlowBlock]:
        """What stands in the header of the first page."""
        kinds = ("headerf",) if self._has_first_page else ("header", "headerr")
        return next((self._headers[kind] for kind in kinds if kind in self._headers), [])

    def _take(self, event: Event) -> None:
        destination = event.group.destination
        if event.kind == "begin":
            self._begin(event.text, event.group)
        elif event.kind == "end":
            self._end(event.text)
        elif destination == "stylesheet":
            self._describe_style(event)
        elif event.kind == "text" and destination in _CAPTURED:
            self._captured += event.text
        elif event.kind == "text" and destination not in _NO_TEXT and not event.group.is_deleted:
            self._say(event.text, event.group)
        elif event.kind == "word" and destination not in _CAPTURED:
            self._obey(event.text, event.number or 0, event.group)

    def finished(self) -> list[FlowBlock]:
        """All blocks; long paragraphs with the numbers of a list are numbered paragraphs and no list."""
        self._stories = self._stories[:1]  # others are open only where the file is cut off
        self._end_paragraph()
        self._end_table()
        number_prose(self._of_list.values())
        return self._story.blocks

    @property
    def _story(self) -> _Story:
        return self._stories[-1]

    def _say(self, text: str, group: Group) -> None:
        story = self._story
        if not group.is_raised:
            story.raised_from = None if text.strip() else story.raised_from
        elif story.raised_from is None:
            story.raised_from = len(story.said.lines[-1].text)
        story.said.say(text, group.look)

    def _begin(self, destination: str, group: Group) -> None:
        if destination in _CAPTURED:
            self._captured = ""
        elif destination in _LEFT_OUT_WHOLE or group.is_deleted:
            group.is_passed_over, group.begins = True, ""
            if kind := _LEFT_OUT_WHOLE.get(destination):
                self.losses[kind] += 1
        elif destination == "footnote" or destination in _BOXES:
            mark = self._typed_mark() if destination == "footnote" else ""
            self._stories.append(_Story(Said(self.losses), mark))
        elif destination == "shpinst":
            self._shapes, self._has_picture = self._shapes + 1, False

    def _end(self, destination: str) -> None:
        if destination in ("listtext", "pntext"):
            self._story.printed = as_printed(self._captured)
        elif destination == "title":
            self.title = self._captured
        elif destination == "sn":
            self._property = self._captured.strip()
        elif destination == "sv" and self._property == "wzDescription":
            self._description = description(self._captured)
        elif destination in ("pict", "shpinst"):
            self._end_picture(destination)
        elif destination == "footnote" or destination in _BOXES:
            self._end_story(destination)

    def _end_picture(self, destination: str) -> None:
        """A picture, alone or in a shape: its description stands for it as a caption, or it is counted."""
        if destination == "pict" and self._shapes:
            self._has_picture = True
            return
        if self._description:
            self._story.boxes.append(FlowBlock("caption", [Piece(1, self._description)]))
        elif destination == "pict" or self._has_picture:
            self.losses["picture"] += 1
        self._description, self._has_picture = "", False
        self._shapes -= destination == "shpinst"

    def _end_story(self, destination: str) -> None:
        self._end_paragraph()
        self._end_table()
        story = self._stories.pop()
        if destination in _BOXES:
            self._story.boxes += story.blocks
            return
        mark = story.mark
        while not mark or mark in self.notes:
            self._numbers[story.is_endnote] += 1
            mark = written(self._numbers[story.is_endnote], "lowerRoman" if story.is_endnote else "decimal")
        text = " ".join(block.text for block in story.blocks).strip()
        repeats_mark = bool(story.mark) and lowered(text).startswith(story.mark)
        self.notes[mark] = text[len(story.mark) :].lstrip(" .)") if repeats_mark else text
        self._story.said.lines[-1].mark(mark)

    def _typed_mark(self) -> str:
        """The mark before a note, where somebody typed it and no program numbers the notes. It leaves the text."""
        begin, line = self._story.raised_from, self._story.said.lines[-1]
        typed = lowered(line.text[begin:].strip()) if begin is not None and not self._has_number else ""
        self._has_number = False
        if not typed or len(typed) > _LONGEST_MARK:
            return ""
        line.text = line.text[:begin]
        return typed

    def _describe_style(self, event: Event) -> None:
        if event.kind == "text":
            name, end, _ = event.text.partition(";")
            self._styles[self._style].name += name.lower()
            self._style = 0 if end else self._style
        elif event.text == "s":
            self._style = event.number or 0
        elif event.text == "sbasedon":
            self._styles[self._style].base = event.number or 0
        elif event.text == "outlinelevel":
            self._styles[self._style].level = event.number

    def _obey(self, word: str, number: int, group: Group) -> None:
        paragraph = self._story.paragraph
        if word in ("par", "sect"):
            self._is_first_section &= word == "par"
            if not (group.is_deleted or paragraph.is_drop_cap):  # else it goes on in the next
                self._end_paragraph()
        elif word == "pard":
            self._story.paragraph = _Paragraph()
        elif word == "s":
            paragraph.style = number
        elif word == "outlinelevel":
            paragraph.level = number
        elif word == "ls":
            paragraph.list = number
        elif word == "ilvl":
            paragraph.depth = number + 1
        elif word == "intbl":
            paragraph.is_in_table = True
        elif word == "titlepg":
            self._has_first_page |= self._is_first_section
        elif word == "dropcapli":
            paragraph.is_drop_cap = True
        elif word in ("line", "lbr"):
            self._story.said.break_line()
        elif word == "chftn":
            self._has_number = len(self._stories) == 1  # in a note it repeats the mark
        elif word == "ftnalt":
            self._story.is_endnote = True
        else:
            self._obey_in_table(word, number)

    def _obey_in_table(self, word: str, number: int) -> None:
        story = self._story
        if word == "trowd":
            story.row, story.is_in_row = Row(story.row.cells), True
        elif word == "trhdr":
            story.row.is_header = True
        elif word in _MERGED:
            self._merged = word
        elif word == "cellx":
            story.row.edges.append(number)
            story.row.merged.append(self._merged)
            self._merged = ""
        elif word == "cell":
            story.is_in_row = True
            self._end_paragraph()
            story.row.cells.append(story.cell)
            story.cell = []
        elif word == "row":
            story.rows.append(story.row)
            story.row, story.is_in_row = story.row.next(), False
        elif word in ("nestcell", "nestrow"):
            story.said.say(" ")

    def _end_paragraph(self) -> None:
        story = self._story
        blocks = [*self._blocks(), *story.boxes]
        story.said, story.raised_from, story.printed, story.boxes = Said(self.losses), None, "", []
        if story.is_in_row or story.paragraph.is_in_table:
            story.cell += blocks
        else:
            self._end_table()
            story.blocks += blocks

    def _end_table(self) -> None:
        story = self._story
        if story.cell or story.row.cells:  # a row that does not end
            story.rows.append(Row([*story.row.cells, story.cell], story.row.edges, story.row.merged))
        rows, story.rows, story.row, story.cell, story.is_in_row = story.rows, [], Row(), [], False
        story.blocks += blocks_of(rows)

    def _blocks(self) -> list[FlowBlock]:
        """The paragraph that ends, as blocks."""
        story, paragraph = self._story, self._story.paragraph
        style = self._styles[paragraph.style].name.strip()
        level = self._heading_level(paragraph)
        pieces = paragraphs_in(story.said.lines, always=level is not None)
        if not pieces or not pieces[0].text.strip() or style.startswith(_LEFT_OUT):
            return []
        printed = story.printed if any(map(str.isalnum, story.printed)) and story.printed != "o" else ""
        depth = paragraph.depth if story.printed else None
        setting = Setting(level, depth, printed, is_caption=style == "caption", is_label=story.said.is_label())
        blocks = blocks_as_set(pieces, setting, story.typed)
        if printed and depth == 1 and blocks[0].kind == "item":
            self._of_list[paragraph.list].append(blocks[0])
        return blocks

    def _heading_level(self, paragraph: _Paragraph) -> int | None:
        """The depth of a heading from 1, None for a paragraph that is none."""
        level, number = paragraph.level, paragraph.style
        for _ in range(_DEEPEST):
            style = self._styles.get(number, _Style())
            if heading := _HEADING.match(style.name.strip()):
                return int(heading[1])
            if style.name.strip() == "title":
                return 1
            level, number = style.level if level is None else level, style.base
        return level + 1 if level is not None and 0 <= level < 9 else None
