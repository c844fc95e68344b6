"""What a paragraph says while it is put together: struck-out and hidden text stays out of it and is counted.

OpenDocument, RTF and PowerPoint share this, Word parts of it. A law with its struck-out words in it would be quoted
wrongly.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from assistant.reading.blocks.above import Above
from assistant.reading.blocks.cleaning import clean
from assistant.reading.blocks.flow import FlowBlock, Piece
from assistant.reading.blocks.headings import LABEL_LEVEL, is_label
from assistant.reading.blocks.losses import Loss, Losses
from assistant.reading.blocks.numbering import Lists, without_bullet

PROSE = 200  # mean characters of the items of a list from which it numbers the paragraphs of the document


@dataclass(frozen=True, slots=True)
class Look:
    """What matters of how text looks."""

    is_struck: bool = False
    is_hidden: bool = False
    is_bold: bool = False
    is_raised: bool = False


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Setting:
    """How a program sets a paragraph: the depth of a heading or of an item of a list, from 1, None for what is neither;
    the number that is printed before it, or ""."""

    heading: int | None
    item: int | None
    printed: str
    is_caption: bool
    is_label: bool  # like a heading made by hand


@dataclass(slots=True)
class Said:
    """The lines of a paragraph, and how much of it is bold."""

    losses: Losses
    page: int = 1
    lines: list[Piece] = field(default_factory=list)
    above: Above = field(default_factory=Above)
    _bold: int = 0
    _plain: int = 0
    _leaving_out: Loss | None = None  # what was left out where the paragraph has come to

    def __post_init__(self) -> None:
        self.break_line()

    def say(self, text: str, look: Look = PLAIN) -> None:
        """Add text that looks so."""
        visible = len(text.strip())
        kind: Loss | None = "struck" if look.is_struck else "hidden" if look.is_hidden else None
        if visible and kind and kind != self._leaving_out:
            self.losses[kind] += 1
        if visible:
            self._leaving_out = kind
        if kind is None:
            begin = len(self.lines[-1].text)
            self.lines[-1].text += text
            if look.is_raised:
                self.above.put(self.lines[-1], begin)
            self._bold += visible if look.is_bold else 0
            self._plain += 0 if look.is_bold else visible

    def break_line(self) -> None:
        self.lines.append(Piece(self.page))

    def is_label(self) -> bool:
        """Is it bold throughout and like a heading: one made by hand?"""
        return self._bold > 0 and not self._plain and is_label(self.lines[0].text.strip())


def as_printed(number: str) -> str:
    """The number that a program sets before a paragraph, as it will stand in the clean text."""
    return " ".join(clean(number).split())


def captions_once(blocks: Sequence[FlowBlock]) -> list[FlowBlock]:
    """The blocks without those that say again what a caption beside them says, as descriptions of pictures do."""
    return [*blocks[:1], *(block for before, block in pairwise(blocks) if not _says_again(before, block))]


def typed_block(piece: Piece, lists: Lists) -> FlowBlock:
    """The block of a paragraph that no list of the program numbers: its number or bullet was typed, if it has one."""
    begin = len(piece.text) - len(piece.text.lstrip())
    place = lists.place(piece.text.strip())
    if place.bullet:
        begin = len(piece.text) - len(without_bullet(piece.text.lstrip()))
    marks = [(mark, max(offset - begin, 0)) for mark, offset in piece.marks]
    return FlowBlock(place.kind, [Piece(piece.page, piece.text[begin:], marks)], place.level, place.number)


def blocks_as_set(pieces: Sequence[Piece], setting: Setting, typed: Lists) -> list[FlowBlock]:
    """The blocks of a paragraph, which is set so; the pieces after the first were parted from it by empty lines."""
    first, *others = pieces
    number = setting.printed.rstrip(".") or None
    if setting.heading is not None:
        block = FlowBlock("heading", [first], setting.heading, number)
    elif setting.is_caption:
        block = FlowBlock("caption", [first])
    elif setting.item is not None:
        block = FlowBlock("item", [first], setting.item, number)
    elif setting.is_label and not others:
        block = FlowBlock("heading", [first], LABEL_LEVEL)
    else:
        block = typed_block(first, typed)
    if setting.printed:
        first.prepend(f"{setting.printed} ")
    return [block, *(typed_block(other, typed) for other in others)]


def number_prose(lists: Iterable[Sequence[FlowBlock]]) -> None:
    """Make numbered paragraphs of the document of the items of each list that are as long as these."""
    for blocks in lists:
        if sum(len(block.text) for block in blocks) > PROSE * len(blocks):
            for block in blocks:
                block.kind, block.level = "paragraph", 0


def _says_again(before: FlowBlock, block: FlowBlock) -> bool:
    is_beside_caption = "caption" in (before.kind, block.kind) and not any(piece.marks for piece in block.pieces)
    return is_beside_caption and before.text.split() == block.text.split()
