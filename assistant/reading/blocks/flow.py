"""Blocks on their way into a Document: text that may run over pages, with the places of its note marks.

Formats without a layout (all but PDF) gather these and hand them to `write`, which opens pages as they come,
cleans the text and carries each mark to its place in the clean text.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from assistant.reading.blocks.cleaning import clean_with_map
from assistant.reading.blocks.document import DocumentBuilder
from assistant.reading.blocks.letter_marks import letters_settled
from assistant.reading.text.lines import Line, goes_on
from assistant.records import BlockKind


@dataclass(slots=True)
class Piece:
    """What stands of a block on one page. `marks`: (mark of a note, offset in `text` where it stood)."""

    page: int
    text: str = ""
    marks: list[tuple[str, int]] = field(default_factory=list)

    def mark(self, mark: str) -> None:
        """A note's mark stands here. It leaves the text, and so does the space before it."""
        self.text = self.text.rstrip(" ")
        self.marks.append((mark, len(self.text)))

    def append(self, other: "Piece", glue: str = " ") -> None:
        """The other piece goes on after this one."""
        begin = len(self.text) + len(glue)
        self.text += glue + other.text
        self.marks += [(mark, begin + offset) for mark, offset in other.marks]

    def prepend(self, text: str) -> None:
        """Put text before the piece."""
        self.text = text + self.text
        self.marks = [(mark, len(text) + offset) for mark, offset in self.marks]


@dataclass(slots=True)
class FlowBlock:
    """A block of `records.Block`'s kinds, as pieces in the order of pages."""

    kind: BlockKind
    pieces: list[Piece]
    level: int = 0
    number: str | None = None
    header_rows: int = 0

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)


def paragraphs_in(lines: Sequence[Piece], *, always: bool = False) -> list[Piece]:
    """Lines parted by line breaks, as paragraphs: joined where a line goes on with the one before, or `always`."""
    paragraphs: list[Piece] = []
    gap = False
    for line in lines:
        if not line.text.strip():
            gap = True
            continue
        before = paragraphs[-1] if paragraphs else None
        if before and (always or goes_on(Line(before.text.strip()), Line(line.text.strip(), gap=gap), None)):
            before.append(line)
        else:
            paragraphs.append(line)
        gap = False
    return paragraphs


def write(
    builder: DocumentBuilder,
    blocks: Iterable[FlowBlock],
    notes: Mapping[str, str],
    reader: str = "",
    labels: Mapping[int, str] = MappingProxyType({}),
) -> None:
    """Add the blocks to the document and, for each mark in them, the note it names; notes without a mark come last.

    A note that is referred to in several places is there for each of them, with its anchor. `labels`: what the pages
    are called that have a name.
    """
    blocks = list(blocks)
    notes = _settled(blocks, notes)
    writer = _Writer(builder, notes, reader, labels)
    for block in blocks:
        writer.add(block)
    for mark, text in notes.items():
        if mark not in writer.used:
            builder.note(mark, text, page=max(writer.page, 1))


def _settled(blocks: Sequence[FlowBlock], notes: Mapping[str, str]) -> Mapping[str, str]:
    """The notes, with raised letters settled in them and in the blocks."""
    pieces = [piece for block in blocks for piece in block.pieces]
    texts = letters_settled([*(piece.text for piece in pieces), *notes.values()])
    for piece, text in zip(pieces, texts, strict=False):
        piece.text = text
    return dict(zip(notes, texts[len(pieces) :], strict=True))


class _Writer:
    def __init__(
        self, builder: DocumentBuilder, notes: Mapping[str, str], reader: str, labels: Mapping[int, str]
    ) -> None:
        self._builder = builder
        self._notes = notes
        self._reader = reader
        self._labels = labels
        self.page = 0
        self.used: set[str] = set()

    def add(self, block: FlowBlock) -> None:
        begun = False
        for piece in block.pieces:
            turned = piece.page > self.page  # a page mark that goes backwards turns nothing
            if turned:
                self.page = piece.page
                self._builder.start_page(self.page, label=self._labels.get(self.page), reader=self._reader)
            before = self._builder.length
            text, index = clean_with_map(piece.text.strip("\n")) if piece.marks else (piece.text, [])
            start = self._builder.add(
                block.kind,
                text,
                level=block.level,
                number=block.number,
                header_rows=block.header_rows,
                continues=begun and turned,
            )
            begun = begun or self._builder.length > before
            self._anchor(piece, start, index)

    def _anchor(self, piece: Piece, start: int, index: list[int]) -> None:
        for mark, offset in piece.marks:
            if mark in self._notes:
                self.used.add(mark)
                self._builder.note(mark, self._notes[mark], anchor=start + bisect_left(index, offset), page=self.page)
