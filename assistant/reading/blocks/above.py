"""Raised text of a line that a program keeps in several runs is raised as one: 10 with "1", "." and "5" is 10^1.5."""

from dataclasses import dataclass

from assistant.reading.blocks.flow import Piece
from assistant.reading.blocks.superscripts import raised_after


@dataclass(slots=True)
class Above:
    """The raised text that a line ends with, as it was before it was written out."""

    _line: Piece | None = None
    _begin: int = 0
    _end: int = 0
    _raw: str = ""

    def put(self, line: Piece, begin: int) -> None:
        """Raise what the line says from `begin`, with the raised text that it goes on from."""
        text = line.text
        if line is self._line and begin == self._end and all(offset <= self._begin for _, offset in line.marks):
            raw, begin = self._raw + text[begin:], self._begin
        else:
            raw = text[begin:]
        line.text = text[:begin] + raised_after(text[:begin], raw)
        self._line, self._begin, self._end, self._raw = line, begin, len(line.text), raw
