"""Plain text: paragraphs, headings, numbered paragraphs and lists from nothing but lines."""

import re
from collections.abc import Sequence
from itertools import groupby

from assistant.reading.blocks.document import DocumentBuilder
from assistant.reading.blocks.endnotes import take_endnotes
from assistant.reading.blocks.flow import FlowBlock, Piece, write
from assistant.reading.blocks.front_page import FIRST_LINES, LETTERHEAD_LINES, metadata_of
from assistant.reading.blocks.headings import Heading, heading, numbers_are_of_headings, resolution_title
from assistant.reading.blocks.numbering import Lists, without_bullet
from assistant.reading.encodings import decode
from assistant.reading.text.lines import Line, joined, lines_of, paragraphs_of, with_underlined_headings
from assistant.reading.text.mending import Mender
from assistant.reading.text.printed_pages import sheets_of
from assistant.records import Document

_LINE_END = re.compile(r"\r*\n|\r|\x85|\u2028|\u2029|\x0b")
_SOFT_HYPHEN_BULLET = re.compile(r"(?m)^([ \t]*)\xad(?=[ \t])")


def read_plain(data: bytes, source: str, sha256: str) -> Document:
    """Read a text file in whatever encoding; Refused as `damaged` when it is no text."""
    text, _ = decode(data)
    text = _SOFT_HYPHEN_BULLET.sub(r"\1-", _LINE_END.sub("\n", text))
    sheets, starred = sheets_of(text)
    lines = with_underlined_headings(list(lines_of(sheets)))
    blocks, notes = take_endnotes(_blocks(paragraphs_of(lines), Mender(text)))
    for note in starred:
        mark, _, said = note.partition(" ")
        notes[mark] = said
        _set_starred(blocks[:FIRST_LINES], mark)
    builder = DocumentBuilder(source, sha256)
    write(builder, blocks, notes, reader="text")
    return builder.build(metadata_of([block.text.strip() for block in blocks[:LETTERHEAD_LINES]], _title(blocks)))


def _blocks(groups: Sequence[Sequence[Line]], mender: Mender) -> list[FlowBlock]:
    """Paragraphs with what they are: heading, numbered paragraph, item of a list, or plain."""
    pieces = [_pieces(group, mender) for group in groups]
    texts = [" ".join(piece.text for piece in of_group) for of_group in pieces]
    headings = _headings(groups, texts)
    blocks: list[FlowBlock] = []
    lists = Lists()
    for text, of_group, found in zip(texts, pieces, headings, strict=True):
        if found is not None:
            blocks.append(FlowBlock("heading", of_group, found.level, found.number))
        else:
            place = lists.place(text)
            if place.bullet:
                of_group[0].text = without_bullet(of_group[0].text)
            blocks.append(FlowBlock(place.kind, of_group, place.level, place.number))
    return blocks


def _headings(groups: Sequence[Sequence[Line]], texts: Sequence[str]) -> list[Heading | None]:
    found: list[Heading | None] = []
    named, numbered = False, numbers_are_of_headings(texts)
    for place, (group, text) in enumerate(zip(groups, texts, strict=True)):
        title = resolution_title(text) if not named and place < FIRST_LINES else None
        named = named or title is not None
        if title or group[0].level:
            found.append(title or Heading(group[0].level))
        else:
            before, after = texts[place - 1] if place else None, texts[place + 1] if place + 1 < len(texts) else None
            found.append(heading(text, before, after, numbered=numbered) if len(group) == 1 else None)
    return found


def _pieces(group: Sequence[Line], mender: Mender) -> list[Piece]:
    by_page = groupby(group, key=lambda line: line.page)
    return [Piece(page, mender.mend(joined(line.text for line in lines))) for page, lines in by_page]


def _set_starred(blocks: Sequence[FlowBlock], mark: str) -> None:
    """Take a star from the title lines: "S/RES/1857 (2008)*"."""
    for piece in (piece for block in blocks for piece in block.pieces):
        if piece.text.endswith(mark):
            piece.text = piece.text[: -len(mark)]
            piece.mark(mark)
            return


def _title(blocks: Sequence[FlowBlock]) -> str | None:
    return next((block.text for block in blocks[:FIRST_LINES] if block.kind == "heading"), None)
