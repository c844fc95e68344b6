"""Paragraphs become the blocks of a Document, with the boxes of their characters and the anchors of their notes."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from assistant.reading.blocks.cleaning import clean_with_map
from assistant.reading.blocks.document import Boxes, DocumentBuilder
from assistant.reading.blocks.numbering import Lists, without_bullet
from assistant.reading.pdf.glyphs import Glyphs
from assistant.reading.pdf.headings import Heading, captions_of
from assistant.reading.pdf.joining import Joiner, Stretch
from assistant.reading.pdf.layout import Sheet
from assistant.reading.pdf.lines import Line
from assistant.reading.pdf.notes import PageNote
from assistant.reading.pdf.paragraphs import HANGING_NUMBER, Paragraph, begins_with_number
from assistant.records import BlockKind

FEWEST_SCATTERED = 5  # short lines one after the other: labels of a map or a chart, no sentences
LONGEST_LABEL = 30  # characters
CITED_AGAIN = 0.25  # of the notes: more than the few whose numbers are those of exponents ("m2")
LETTERS_OF_TEXT = 0.4  # of the characters of a paragraph; figures alone are a part of a chart


def _cites_again(notes: Sequence[PageNote], anchors: Mapping[str, Sequence[int]]) -> bool:
    """Whether the marks of a document's notes stand in several places each, as a rule, so that all mean their note."""
    marks = {note.mark for note in notes}
    repeated = [mark for mark in marks if mark.isdigit() and len(anchors.get(mark, ())) > 1]
    return len(marks) == len(notes) and len(repeated) > CITED_AGAIN * len(notes)


@dataclass(frozen=True, slots=True)
class _Part:
    """What a block has on one page; `continues` the block of the page before."""

    kind: BlockKind
    stretch: Stretch
    level: int = 0
    number: str | None = None
    header_rows: int = 0
    continues: bool = False


class Writer:
    """Writes the paragraphs of one document, page after page, into a builder.

    Call `page` for each page in turn, then `finish` for the notes.
    """

    def __init__(
        self,
        builder: DocumentBuilder,
        sheets: Sequence[Sheet],
        joiner: Joiner,
        paragraphs: Sequence[Paragraph],
        notes: Sequence[PageNote],
        headings: Mapping[int, Heading],
    ) -> None:
        self._builder = builder
        self._sheets = {sheet.index: sheet for sheet in sheets}
        self._joiner = joiner
        self._notes = notes
        self._anchors: dict[tuple[int, str], list[int]] = defaultdict(list)
        self._parts: dict[int, list[_Part]] = defaultdict(list)
        for part in self._parts_of(paragraphs, headings):
            self._parts[part.stretch.page].append(part)

    def page(self, index: int) -> None:
        """Write what stands on the page `index`, which the builder has just begun."""
        sheet = self._sheets[index]
        parts = self._parts[index]
        if sheet.turned:
            before = len(parts) - self._goes_on(index)  # a last paragraph that goes on must stay the last
            if before > 0 or not (parts and parts[0].continues):
                parts[before:before] = _rows(sheet.turned)
        self._write(index, *parts)
        for lines in _near_each_other(sheet.margin):
            self._builder.note("", self._text_of(lines))

    def _goes_on(self, index: int) -> bool:
        """Does the last paragraph of this page go on on the next page that has text?"""
        after = next((self._parts[later] for later in sorted(self._parts) if later > index and self._parts[later]), [])
        return bool(after) and after[0].continues

    def _write(self, index: int, *parts: _Part) -> None:
        sheet = self._sheets[index]
        for part in parts:
            text, places = clean_with_map(part.stretch.text)
            boxes = None
            if len(sheet.raw.glyphs):
                boxes = boxes_of(sheet.raw.glyphs, [part.stretch.places[place] for place in places])
            start = self._builder.add(
                part.kind,
                text,
                level=part.level,
                number=part.number,
                header_rows=part.header_rows,
                boxes=boxes,
                continues=part.continues,
            )
            for place, mark in part.stretch.marks:
                self._anchors[index, mark].append(start + min(bisect_left(places, place), len(text)))

    def finish(self) -> None:
        """Write the notes, each anchored where its mark stood; where a document cites the same note again and again,
        one for each place."""
        everywhere: dict[str, list[int]] = defaultdict(list)
        for (_, mark), anchors in sorted(self._anchors.items()):
            everywhere[mark] += anchors
        cites_again = _cites_again(self._notes, everywhere)
        for note in self._notes:
            on_page = self._anchors.get((note.page, note.mark)) or self._anchors.get((note.page - 1, note.mark))
            found: Sequence[int | None] = on_page or (everywhere[note.mark] if note.mark.isdigit() else [])
            for anchor in (everywhere[note.mark] if cites_again else found[:1]) or [None]:
                self._builder.note(note.mark, self._text_of(note.lines), anchor=anchor, page=note.page + 1)

    def _text_of(self, lines: Sequence[Line]) -> str:
        return " ".join(stretch.text for stretch in self._joiner.join(lines))

    def _parts_of(self, paragraphs: Sequence[Paragraph], headings: Mapping[int, Heading]) -> Iterator[_Part]:
        lists, captions = Lists(), captions_of(paragraphs)
        place = 0
        while place < len(paragraphs):
            paragraph, heading = paragraphs[place], headings.get(place)
            labels = _end_of_labels(paragraphs, headings.keys() | captions, place)
            if labels > place:
                yield from _rows([line for label in paragraphs[place:labels] for line in label.lines])
            elif paragraph.table:
                yield from _rows(paragraph.table.rows, paragraph.table.header_rows)
            elif heading:
                yield from _spread("heading", self._joiner.join(paragraph.lines), heading.level, heading.number)
            elif place in captions:
                yield from _spread("caption", self._joiner.join(paragraph.lines))
            else:
                yield from self._running_text(paragraph, lists)
            place = max(place + 1, labels)

    def _running_text(self, paragraph: Paragraph, lists: Lists) -> Iterator[_Part]:
        stretches = self._joiner.join(paragraph.lines)
        text = clean_with_map(stretches[0].text)[0]
        if hanging := HANGING_NUMBER.match(text):
            yield from _spread("paragraph", stretches, number=hanging[1])
            return
        place = lists.place(text)
        if place.bullet:
            _drop_bullet(stretches[0])
        yield from _spread(place.kind, stretches, place.level, place.number)


def _spread(kind: BlockKind, stretches: list[Stretch], level: int = 0, number: str | None = None) -> Iterator[_Part]:
    for place, stretch in enumerate(stretches):
        yield _Part(kind, stretch, level, number, continues=place > 0)


def _rows(rows: Sequence[Line], header_rows: int = 0) -> Iterator[_Part]:
    stretch = Stretch(rows[0].page)
    for row in rows:
        if stretch.text:
            stretch.append("\n")
        stretch.marks += [(place + len(stretch.text), mark) for place, mark in row.marks]
        stretch.append(row.text, row.places)
    yield _Part("table", stretch, header_rows=header_rows)


def _drop_bullet(stretch: Stretch) -> None:
    gone = len(stretch.text) - len(without_bullet(stretch.text))
    stretch.text, stretch.places = stretch.text[gone:], stretch.places[gone:]
    stretch.marks = [(max(0, place - gone), mark) for place, mark in stretch.marks]


def _end_of_labels(paragraphs: Sequence[Paragraph], named: Set[int], begin: int) -> int:
    """Past the last of many short lines that begin here, all on one page: the words of a map or a chart."""
    end = begin
    while end < len(paragraphs) and end not in named and _is_label(paragraphs[end]):
        if paragraphs[end].lines[0].page != paragraphs[begin].lines[0].page:
            break
        end += 1
    few = end - begin < FEWEST_SCATTERED
    return begin if few and not all(map(_is_figures, paragraphs[begin:end])) else end


def _is_label(paragraph: Paragraph) -> bool:
    if paragraph.table or begins_with_number(paragraph.text):
        return False
    return _is_figures(paragraph) or (len(paragraph.text) <= LONGEST_LABEL and paragraph.text[-1] not in ".:;?!")


def _is_figures(paragraph: Paragraph) -> bool:
    letters = sum(character.isalpha() for character in paragraph.text)
    return letters < LETTERS_OF_TEXT * len(paragraph.text) and len(paragraph.text) <= 2 * LONGEST_LABEL


def _near_each_other(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines of the margin, those of one note together."""
    group: list[Line] = []
    for line in lines:
        if group and line.base - group[-1].base > 1.5 * line.size:
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def boxes_of(glyphs: Glyphs, places: Sequence[int]) -> Boxes:
    """A box for each character, NaN for one that is not on the page; a space spans the gap between its neighbours."""
    at = np.array(places, np.int64).reshape(-1)
    boxes = np.full((len(at), 4), np.nan, np.float32)
    seen = at >= 0
    boxes[seen] = glyphs.boxes[at[seen]]
    gaps = np.flatnonzero(~seen[1:-1] & seen[:-2] & seen[2:]) + 1
    left, right = boxes[gaps - 1], boxes[gaps + 1]
    on_line = (np.abs(left[:, 3] - right[:, 3]) < 2) & (left[:, 2] <= right[:, 0])
    gaps, left, right = gaps[on_line], left[on_line], right[on_line]
    boxes[gaps] = np.stack((left[:, 2], left[:, 1], right[:, 0], left[:, 3]), axis=1)
    return boxes
