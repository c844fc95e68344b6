"""Builds a `records.Document` page by page, so that every format keeps the same laws without thinking of them.

The laws: pages and blocks are in order and slice the text; between two pages stands one "\n" that belongs to
neither; blocks of a page are parted by "\n"; every character is clean (`cleaning`). A page may be empty. What holds no
language (`debris`) is left out of the text, and a warning says so.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.reading.blocks import debris, misread
from assistant.reading.blocks.cleaning import clean, clean_code, clean_with_map
from assistant.records import Block, BlockKind, Document, Metadata, Note, Page

Boxes = NDArray[np.float32]  # shape (n, 4): left, top, right, bottom; NaN where a character stands nowhere


@dataclass
class _OpenPage:
    page: Page
    boxes: list[Boxes]
    has_boxes: bool = False


class DocumentBuilder:
    """Takes pages, blocks and notes in reading order and gives the Document.

    >>> builder = DocumentBuilder("a.txt", sha256="")
    >>> builder.start_page(1)
    >>> builder.add("heading", "Aims", level=1)
    0
    >>> builder.add("paragraph", "Peace is")
    5
    >>> builder.start_page(2)
    >>> builder.add("paragraph", "the aim.", continues=True)
    14
    >>> builder.build(Metadata()).text
    'Aims\\nPeace is\\nthe aim.'
    """

    def __init__(self, source: str, sha256: str) -> None:
        self._source = source
        self._sha256 = sha256
        self._pieces: list[str] = []
        self._length = 0
        self._pages: list[Page] = []
        self._open: _OpenPage | None = None
        self._blocks: list[Block] = []
        self._notes: list[Note] = []
        self._warnings: list[str] = []
        self._left_out: list[int] = []  # characters of each stretch without language

    @property
    def length(self) -> int:
        """Characters of text so far: 0 means that nothing was found yet."""
        return self._length

    def start_page(
        self,
        number: int,
        *,
        label: str | None = None,
        reader: str = "",
        width: float | None = None,
        height: float | None = None,
        confidence: float | None = None,
    ) -> None:
        """Begin the page `number`, above that of the page before; the fields are those of `records.Page`."""
        self._close_page()
        if self._pages:
            if number <= self._pages[-1].number:
                raise ValueError(f"page {number} after page {self._pages[-1].number}")
            self._append("\n")
        page = Page(number, self._length, self._length, label, reader, width, height, None, confidence)
        self._open = _OpenPage(page, [])

    def add(
        self,
        kind: BlockKind,
        text: str,
        *,
        level: int = 0,
        number: str | None = None,
        header_rows: int = 0,
        boxes: Boxes | None = None,
        continues: bool = False,
    ) -> int:
        """Add a block to the open page and say at which offset of the document's text it begins.

        The text is cleaned here too; clean it before when offsets into it matter (anchors of notes). Text
        without anything to see adds nothing. `boxes` has a row for each character of `text`. `continues`:
        the first block of a page goes on with the last one of the page before, which then spans both.
        """
        text, boxes = self._without_debris(text, boxes)
        text, boxes = _cleaned(kind, text, boxes)
        if not text:
            return self._length
        page = self._opened()
        begins_page = self._length == page.page.start
        if continues and not (begins_page and self._blocks):
            raise ValueError("only the first block of a page can continue the block before it")
        if not begins_page:
            self._append("\n", page)
        start = self._length
        self._append(text, page, boxes)
        if continues:
            self._blocks[-1] = replace(self._blocks[-1], end=self._length)
        else:
            self._blocks.append(Block(kind, start, self._length, level, number, header_rows))
        return start

    def note(self, mark: str, text: str, *, anchor: int | None = None, page: int | None = None) -> None:
        """Keep a footnote or endnote outside the text; it stands on the open page unless `page` says otherwise.

        `anchor`: offset into the document's text where its mark stood (`add` says where a block begins).
        """
        number = page if page is not None else self._opened().page.number
        if cleaned := clean(text):
            self._notes.append(Note(number, clean(mark), cleaned, anchor))

    def warn(self, message: str) -> None:
        """Keep a sentence about something that was not read as it should be."""
        if message not in self._warnings:
            self._warnings.append(message)

    def build(self, metadata: Metadata) -> Document:
        """The Document of everything added so far."""
        self._close_page()
        if self._left_out:
            self.warn(debris.in_words(self._left_out))
        text = "".join(self._pieces)
        if spoilt := misread.in_words(text):
            self.warn(spoilt)
        return Document(
            source=self._source,
            sha256=self._sha256,
            text=text,
            pages=tuple(self._pages),
            blocks=tuple(self._blocks),
            metadata=metadata,
            notes=tuple(self._lawful(note) for note in self._notes),
            warnings=tuple(self._warnings),
        )

    def _without_debris(self, text: str, boxes: Boxes | None) -> tuple[str, Boxes | None]:
        for start, end in reversed(debris.without_language(text)):
            self._left_out.append(end - start)
            text = text[:start] + text[end:]
            boxes = None if boxes is None else np.delete(boxes, slice(start, end), axis=0)
        return text, boxes

    def _lawful(self, note: Note) -> Note:
        """A note whose anchor lies within the text, also where the text before it lost a stretch."""
        return note if note.anchor is None else replace(note, anchor=min(note.anchor, self._length))

    def _append(self, text: str, page: _OpenPage | None = None, boxes: Boxes | None = None) -> None:
        self._pieces.append(text)
        self._length += len(text)
        if page is not None:
            page.boxes.append(_nowhere(len(text)) if boxes is None else boxes)
            page.has_boxes |= boxes is not None

    def _opened(self) -> _OpenPage:
        if self._open is None:
            raise ValueError("start a page before adding to it")
        return self._open

    def _close_page(self) -> None:
        if self._open is None:
            return
        boxes = np.concatenate(self._open.boxes) if self._open.has_boxes else None
        self._pages.append(replace(self._open.page, end=self._length, boxes=boxes))
        self._open = None


def _cleaned(kind: BlockKind, text: str, boxes: Boxes | None) -> tuple[str, Boxes | None]:
    if kind == "code":
        return clean_code(text).strip("\n"), None
    if boxes is None:
        return clean(text).strip("\n"), None
    if len(boxes) != len(text):
        raise ValueError(f"{len(boxes)} boxes for {len(text)} characters")
    cleaned, index = clean_with_map(text)
    inner = cleaned.strip("\n")
    begin = cleaned.find(inner)
    return inner, np.asarray(boxes, np.float32)[index[begin : begin + len(inner)]].reshape(-1, 4)


def _nowhere(count: int) -> Boxes:
    return np.full((count, 4), np.nan, np.float32)
