"""Tables of contents: lines with dots to a page number become rows of a title and its page."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.reading.pdf.lines import Line
from assistant.reading.pdf.tables.rows import LOOSE
from assistant.reading.pdf.tables.table import BETWEEN_CELLS

MOST_LINES_OF_TITLE = 3


def end_of_contents(lines: Sequence[Line], begin: int) -> int:
    """Past the last of several lines with leaders that begin here; a title may take up to two lines more."""
    if lines[begin].leader is None and not _is_title_of(lines, begin):
        return begin
    end, last, found = begin, begin, 0
    while end < len(lines) and end - last <= MOST_LINES_OF_TITLE:
        if lines[end].leader is not None:
            last, found = end + 1, found + 1
        end += 1
    return last if found > 1 else begin


def _is_title_of(lines: Sequence[Line], place: int) -> bool:
    """Does the line go on in the next one, which has the leader?"""
    if place + 1 >= len(lines):
        return False
    line, below = lines[place], lines[place + 1]
    near = below.base - line.base < LOOSE * max(line.size, below.size)
    return near and line.leader is None and (below.leader is not None or _is_title_of(lines, place + 1))


def contents(lines: Sequence[Line]) -> Iterator[Line]:
    """A row for each title with its page."""
    title: list[Line] = []
    for place, line in enumerate(lines):
        title.append(line)
        if not _is_title_of(lines, place):
            yield _title_row(title)
            title = []


def _title_row(lines: Sequence[Line]) -> Line:
    last = lines[-1]
    text = "".join(line.text + " " for line in lines[:-1])
    places = [place for line in lines[:-1] for place in (*line.places, -1)]
    if last.leader is None:
        return replace(last, text=text + last.text, places=places + last.places, cells=[], raised=[], marks=[])
    marks = [(place + len(text), mark) for place, mark in last.marks if place <= last.leader]
    text += last.text[: last.leader] + BETWEEN_CELLS + last.text[last.leader + 1 :]
    places += last.places[: last.leader] + [-1] * len(BETWEEN_CELLS) + last.places[last.leader + 1 :]
    return replace(last, text=text, places=places, marks=marks, cells=[], raised=[], leader=None)
