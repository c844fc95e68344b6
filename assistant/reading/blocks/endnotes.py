"""Endnotes that a plain copy has left as text: "reform (SSR).1 The" in the body, "1 See the report" at the end.

They become notes with anchors, so that the numbers do not stand in quotes and the notes do not stand as answers.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.reading.blocks.flow import FlowBlock, Piece
from assistant.reading.blocks.superscripts import is_exponent, lowered

SURE = 0.7  # share of notes whose marks are found, from which numbered lines at the end are notes without a heading
MOST_SKIPPED = 3  # marks in a row that a copy may have lost
MOST_NOTES, FEWEST_MARKS = 200, 3  # where the notes are lost: marks looked for, and marks that are no accident
_HEADING = re.compile(r"(?:end|foot)?-?notes:?\Z", re.I)
_NOTE = re.compile(r"(?:(?:(\d{1,3})\.?|\((\d{1,3})\)|\[(\d{1,3})\])\s+|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})\s*)(?=\S)")
_AFTER_TEXT = r"""(?:(?<=[^\W\d_][.,;:])|(?<=[)\]’”"'][.,;:])|(?<=[^\W\d_])|(?<=[)\]’”"]))"""
_MARK = re.compile(
    rf"(?<!Rev\.)(?<!Add\.)(?<!Corr\.)(?<!No\.){_AFTER_TEXT}(\d{{1,3}})(?![.,/-]?\w)"  # reform.1 The
    r"|(?<=[\w.,;:]) ?\((\d{1,3})\)"  # reform (1)
    r"|\[(\d{1,3})\](?!\()"  # reform[1]
    r"|(?<=\S)([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})"  # reform¹
)


def take_endnotes(blocks: Sequence[FlowBlock]) -> tuple[list[FlowBlock], dict[str, str]]:
    """The blocks without the endnotes and with the marks of these set, and the notes {mark: text}.

    Nothing changes when the end does not look like notes.
    """
    heading = _heading_of_notes(blocks)
    begin = _numbered_end(blocks) if heading is None else heading + 1
    notes, end = _notes_from(blocks, begin)
    if not notes:
        return _without_orphaned_marks(blocks, heading), {}
    body, found = _with_marks(blocks[: begin if heading is None else heading], notes)
    if heading is None and found < SURE * len(notes):
        return list(blocks), {}
    return [*body, *blocks[end:]], notes


def _without_orphaned_marks(blocks: Sequence[FlowBlock], heading: int | None) -> list[FlowBlock]:
    """The blocks without the marks of notes that a copy has lost: all that is left of these is their heading."""
    if heading is None:
        return list(blocks)
    body, found = _with_marks(blocks[:heading], dict.fromkeys(map(str, range(1, MOST_NOTES)), ""))
    return [*body, *blocks[heading:]] if found >= FEWEST_MARKS else list(blocks)


def _heading_of_notes(blocks: Sequence[FlowBlock]) -> int | None:
    headings = [place for place, block in enumerate(blocks) if block.kind == "heading"]
    return next((place for place in reversed(headings) if _HEADING.match(blocks[place].text.strip())), None)


def _numbered_end(blocks: Sequence[FlowBlock]) -> int:
    """Where the numbered blocks at the very end begin with a 1; the end where there are none."""
    above: int | None = None  # the number of the block below
    for place in range(len(blocks) - 1, -1, -1):
        number = _number(blocks[place])
        if blocks[place].kind == "heading" or (number is None and above is None):
            break
        if number is None or (above is not None and number[0] != above - 1):
            continue  # the second paragraph of a note
        if number[0] == 1:
            return place
        above = number[0]
    return len(blocks)


def _number(block: FlowBlock) -> tuple[int, int] | None:
    """The number of a note and where its text begins."""
    found = _NOTE.match(block.text) if block.kind != "heading" else None
    return (int(lowered(found[found.lastindex or 0])), found.end()) if found else None


def _notes_from(blocks: Sequence[FlowBlock], begin: int) -> tuple[dict[str, str], int]:
    """Notes in the order of their numbers, each with the unnumbered blocks before the next; and where they end."""
    notes: dict[str, str] = {}
    last, end = "", begin
    for place in range(begin, len(blocks)):
        if blocks[place].kind == "heading":
            break
        number = _number(blocks[place])
        if number and (not notes or number[0] == int(last) + 1):
            if notes:
                notes[last] = " ".join([notes[last], *(block.text for block in blocks[end:place])])
            last, end = str(number[0]), place + 1
            notes[last] = blocks[place].text[number[1] :]
    return notes, end


def _with_marks(blocks: Sequence[FlowBlock], notes: dict[str, str]) -> tuple[list[FlowBlock], int]:
    """Copies of the blocks with the notes' marks taken from the text; and how many of the notes have one."""
    marks = _Marks(notes)
    copies = [replace(block, pieces=[marks.taken_from(piece) for piece in block.pieces]) for block in blocks]
    return copies, len(marks.found)


class _Marks:
    """The marks of a document's notes. Bare numbers count only in their order, for most numbers are no marks."""

    def __init__(self, notes: dict[str, str]) -> None:
        self._notes = notes
        self._last = int(next(iter(notes))) - 1
        self.found: set[str] = set()

    def taken_from(self, piece: Piece) -> Piece:
        marked, begin = Piece(piece.page, "", list(piece.marks)), 0
        for found in _MARK.finditer(piece.text):
            mark = str(int(lowered(found[found.lastindex or 0])))
            before = piece.text[: found.start()]
            if (found[1] or found[4]) and (is_exponent(before, mark) or (found[1] and before[-1:].isupper())):
                continue  # km2, CO2, road B3
            if mark in self._notes and (found[3] or found[4] or self._last < int(mark) <= self._last + MOST_SKIPPED):
                marked.text += piece.text[begin : found.start()]
                marked.mark(mark)
                begin = found.end()
                self._last = max(self._last, int(mark))
                self.found.add(mark)
        marked.text += piece.text[begin:]
        return marked
