"""Lines of text from the words of a column: marks that stand higher are kept with the line they belong to."""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from statistics import median

import numpy as np

from assistant.reading.pdf.columns import baselines
from assistant.reading.pdf.glyphs import Glyphs, Ints
from assistant.reading.pdf.words import WORD_GAP, Words

SMALL = 0.85  # of the line's font size: a mark of a note, an index, an ordinal's letters
RAISED = 0.12  # of the line's font size above the baseline
LOWERED, LOWERED_FIGURES = 0.35, 0.55  # of the font size: the 2 of CO2 is set lower than letters are
TOUCHING = 0.8  # of the font size: between a note's mark and the note
IDEOGRAPH_GAP = 0.6  # of the font size: Chinese and Japanese set no spaces, but letters apart
MOSTLY = 0.8  # of the letters of a line are bold or slanted
_IDEOGRAPH = re.compile("[\u2e80-\ud7ff\uff00-\uffef]")
_APOSTROPHES = "'’"
_LEADER = re.compile(r"(?: ?[.…·_]){4,} ?|(?: \.){3,} ?")


@dataclass(frozen=True, slots=True)
class Cell:
    """A word of a line: `text[start:end]` of the line, and where it stands from left to right."""

    start: int
    end: int
    left: float
    right: float


@dataclass(slots=True)
class Line:
    """One line of a column, in the frame of its layout.

    `places[i]` is the place of `text[i]` in the Glyphs of the page, -1 for a space. `raised` are stretches of
    text that stand above the baseline. `page` is the index of the page. `leader`: the place of the space that
    stands for a row of dots, as in a table of contents. `marks`: where marks of notes stood that have left the
    text, and which.
    """

    page: int
    text: str
    places: list[int]
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float  # of most letters
    largest: float  # of any: a line of small capitals has both
    bold: bool
    italic: bool
    cells: list[Cell]
    raised: list[tuple[int, int]] = field(default_factory=list)
    leader: int | None = None
    rtl: bool = False
    underlined: bool = False
    filled_in: bool = False  # a part of it, in a field of a form
    marks: list[tuple[int, str]] = field(default_factory=list)

    @property
    def start(self) -> float:
        """The edge where reading begins, growing in the direction of reading."""
        return -self.right if self.rtl else self.left

    @property
    def end(self) -> float:
        return -self.left if self.rtl else self.right

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def is_capitals(self) -> bool:
        letters = [character for character in self.text if character.isalpha()]
        return len(letters) > 3 and sum(letter.isupper() for letter in letters) > 0.9 * len(letters)

    def cut(self, start: int, end: int) -> "Line":
        """The line without `text[start:end]`."""

        def moved(place: int) -> int:
            return place if place <= start else max(start, place - (end - start))

        cells = [replace(cell, start=moved(cell.start), end=moved(cell.end)) for cell in self.cells]
        return replace(
            self,
            text=self.text[:start] + self.text[end:],
            places=self.places[:start] + self.places[end:],
            cells=[cell for cell in cells if cell.start < cell.end],
            raised=[(moved(a), moved(b)) for a, b in self.raised if moved(a) < moved(b)],
            marks=[(moved(place), mark) for place, mark in self.marks],
            leader=None if self.leader is None else moved(self.leader),
        )


def lines_of(words: Words, column: Ints, glyphs: Glyphs, page: int) -> list[Line]:
    """The lines that the words at the places `column` make, from top to bottom."""
    setter = _Setter(words, glyphs, page)
    rows = setter.with_marks([row.tolist() for row in baselines(words, column)])
    return [line for row in rows if (line := setter.line(row)).text]


class _Setter:
    """Sets lines from words, in plain lists: for a dozen numbers at a time these are faster than arrays."""

    def __init__(self, words: Words, glyphs: Glyphs, page: int) -> None:
        self._page = page
        self._first: list[int] = words.first.tolist()
        self._last: list[int] = words.last.tolist()
        sides: list[list[float]] = words.boxes.T.tolist()
        self._left, self._top, self._right, self._bottom = sides
        self._base: list[float] = words.base.tolist()
        self._size: list[float] = words.size.tolist()
        self._space: list[bool] = words.space.tolist()
        self._rtl: list[bool] = words.rtl.tolist()
        self._letters = [chr(code) for code in glyphs.codes.tolist()]
        self._bold = np.concatenate(([0], np.cumsum(glyphs.bold))).tolist()
        self._italic = np.concatenate(([0], np.cumsum(glyphs.italic))).tolist()

    def with_marks(self, rows: list[list[int]]) -> list[list[int]]:
        """Rows whose small raised or lowered words have joined the larger words that they touch."""
        base = [median(self._base[word] for word in row) for row in rows]
        size = [max(self._size[word] for word in row) for row in rows]
        kept: list[list[int]] = [[] for _ in rows]
        for number, row in enumerate(rows):
            near = [other for other in (number - 1, number + 1) if 0 <= other < len(rows)]
            near = [other for other in near if size[number] < SMALL * size[other] + 0.01]
            lowest = LOWERED_FIGURES if all(map(self._is_figure, row)) else LOWERED
            near = [other for other in near if -lowest * size[other] < base[other] - base[number] < 0.75 * size[other]]
            apart = {other: abs(base[other] - base[number]) for other in near}
            near.sort(key=apart.__getitem__)
            for word in row:
                home = next((other for other in near if self._touches(word, rows[other])), number)
                kept[home].append(word)
        return [sorted(row, key=self._left.__getitem__) for row in kept if row]

    def _is_figure(self, word: int) -> bool:
        return all(map(str.isdecimal, self._letters[self._first[word] : self._last[word]]))

    def _touches(self, word: int, row: list[int]) -> bool:
        return any(
            self._size[other] > self._size[word]
            and self._apart(other, word) < TOUCHING * self._size[other]
            and not self._lies_under(word, other)
            for other in row
        )

    def _lies_under(self, word: int, other: int) -> bool:
        """Does it, as the lower half of a fraction does?"""
        middle = (self._left[word] + self._right[word]) / 2
        return self._base[word] > self._base[other] and self._left[other] < middle < self._right[other]

    def _apart(self, one: int, other: int) -> float:
        return max(self._left[one] - self._right[other], self._left[other] - self._right[one])

    def line(self, row: list[int]) -> Line:
        """The line of these words, which stand from left to right."""
        lengths = {word: self._last[word] - self._first[word] for word in row}
        size = self._usual_size(row, lengths)
        large = [word for word in row if self._size[word] > SMALL * size]
        base = median(self._base[word] for word in large)
        rtl = sum(self._rtl[word] for word in row) > 0.5 * len(row)
        places: list[int] = []
        cells: list[Cell] = []
        raised: list[tuple[int, int]] = []
        before: int | None = None
        for word in sorted(row) if rtl else row:  # PDFium makes the order of right-to-left writing logical
            if before is not None and self._is_space_between(before, word):
                places.append(-1)
            start = len(places)
            places += range(self._first[word], self._last[word])
            cells.append(Cell(start, len(places), self._left[word], self._right[word]))
            if self._base[word] < base - RAISED * size and self._size[word] < SMALL * size:
                raised.append((start, len(places)))
            before = word
        letters = sum(lengths.values())
        line = Line(
            page=self._page,
            text="".join(self._letters[place] if place >= 0 else " " for place in places),
            places=places,
            left=min(self._left[word] for word in row),
            top=min(self._top[word] for word in large),
            right=max(self._right[word] for word in row),
            bottom=max(self._bottom[word] for word in large),
            base=base,
            size=size,
            largest=max(self._size[word] for word in row),
            bold=self._count(self._bold, row) > MOSTLY * letters,
            italic=self._count(self._italic, row) > MOSTLY * letters,
            cells=cells,
            raised=_joined(raised),
            rtl=rtl,
        )
        return _without_leader(line)

    def _usual_size(self, row: list[int], lengths: dict[int, int]) -> float:
        """The size of the letter in the middle, all letters of the line in the order of their sizes."""
        half, seen = sum(lengths.values()) / 2, 0
        for word in sorted(row, key=self._size.__getitem__):
            seen += lengths[word]
            if seen >= half:
                break
        return self._size[word]

    def _count(self, counted: list[int], row: list[int]) -> int:
        return sum(counted[self._last[word]] - counted[self._first[word]] for word in row)

    def _is_space_between(self, before: int, word: int) -> bool:
        apart = self._apart(word, before) / max(min(self._size[word], self._size[before]), 0.1)
        if _IDEOGRAPH.match(self._letters[self._last[before] - 1]) and _IDEOGRAPH.match(
            self._letters[self._first[word]]
        ):
            return apart > IDEOGRAPH_GAP
        if unicodedata.combining(self._letters[self._first[word]]):
            return False
        follows = self._first[word] == self._last[before]
        if follows and not self._space[word] and self._is_elided(before):
            return False  # an initial in a frame: "L’", then white, then "escadron"
        return apart > WORD_GAP or (self._space[word] and follows)

    def _is_elided(self, word: int) -> bool:
        letters = self._letters[self._first[word] : self._last[word]]
        return len(letters) == 2 and letters[0].isalpha() and letters[1] in _APOSTROPHES


def _joined(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in stretches:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _without_leader(line: Line) -> Line:
    """The line with one space where dots led the eye; `leader` says where, when a page number follows."""
    found = _LEADER.search(line.text)
    if found is None:
        return line
    start, end = found.span()
    before, after = line.text[:start].rstrip(), line.text[end:].lstrip()
    if not before or not after:
        return line.cut(start, end)
    gap = len(before)
    shorter = line.cut(gap + 1, len(line.text) - len(after))
    shorter.text = f"{before} {after}"
    shorter.places[gap] = -1
    shorter.leader = gap
    return shorter
