"""Lines of text from the words of a column: marks that stand higher are kept with the line they belong to."""

import re
from dataclasses import dataclass, field, replace

import numpy as np

from assistant.reading.pdf_columns import baselines
from assistant.reading.pdf_glyphs import Glyphs, Ints
from assistant.reading.pdf_words import WORD_GAP, Words

SMALL = 0.85  # of the line's font size: a mark of a note, an index, an ordinal's letters
RAISED = 0.12  # of the line's font size above the baseline
TOUCHING = 0.8  # of the font size: between a note's mark and the note
IDEOGRAPH_GAP = 0.6  # of the font size: Chinese and Japanese set no spaces, but letters apart
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
    size: float
    bold: bool
    italic: bool
    cells: list[Cell]
    raised: list[tuple[int, int]] = field(default_factory=list)
    leader: int | None = None
    rtl: bool = False
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
            raised=[(moved(a), moved(b)) for a, b in self.raised if not (a < end and start < b)],
            marks=[(moved(place), mark) for place, mark in self.marks],
        )


def lines_of(words: Words, column: Ints, glyphs: Glyphs, page: int) -> list[Line]:
    """The lines that the words at the places `column` make, from top to bottom."""
    rows = _with_marks(words, baselines(words, column))
    return [line for row in rows if (line := _line(words, row, glyphs, page)).text]


def _with_marks(words: Words, rows: list[Ints]) -> list[Ints]:
    """Rows whose small raised or lowered words have joined the larger words that they touch."""
    if len(rows) < 2:
        return rows
    base = np.array([np.median(words.base[row]) for row in rows])
    size = np.array([words.size[row].max() for row in rows])
    kept: list[list[int]] = [[] for _ in rows]
    for number, row in enumerate(rows):
        near = [other for other in (number - 1, number + 1) if 0 <= other < len(rows)]
        near = [other for other in near if size[number] < SMALL * size[other] + 0.01]
        near = [other for other in near if -0.35 * size[other] < base[other] - base[number] < 0.75 * size[other]]
        for word in row.tolist():
            home = next((other for other in near if _touches(words, word, rows[other])), number)
            kept[home].append(word)
    joined = [np.array(row, np.int64) for row in kept if row]
    return [row[np.argsort(words.boxes[row, 0], kind="stable")] for row in joined]


def _touches(words: Words, word: int, row: Ints) -> bool:
    left, right = words.boxes[word, 0], words.boxes[word, 2]
    large = row[words.size[row] > words.size[word]]
    apart = np.maximum(words.boxes[large, 0] - right, left - words.boxes[large, 2])
    return bool((apart < TOUCHING * words.size[large]).any())


def _line(words: Words, row: Ints, glyphs: Glyphs, page: int) -> Line:
    size = float(np.median(np.repeat(words.size[row], words.last[row] - words.first[row])))
    base = float(np.median(words.base[row[words.size[row] > SMALL * size]]))
    row = _in_reading_order(words, row)
    places: list[int] = []
    cells: list[Cell] = []
    raised: list[tuple[int, int]] = []
    before: int | None = None
    for word in row.tolist():
        if before is not None and _is_space_between(words, before, word, glyphs):
            places.append(-1)
        start = len(places)
        places += range(int(words.first[word]), int(words.last[word]))
        cells.append(Cell(start, len(places), float(words.boxes[word, 0]), float(words.boxes[word, 2])))
        if words.base[word] < base - RAISED * size and words.size[word] < SMALL * size:
            raised.append((start, len(places)))
        before = word
    seen = [place for place in places if place >= 0]
    box = words.boxes[row[words.size[row] > SMALL * size]]
    line = Line(
        page=page,
        text="".join(chr(glyphs.codes[place]) if place >= 0 else " " for place in places),
        places=places,
        left=float(words.boxes[row, 0].min()),
        top=float(box[:, 1].min()),
        right=float(words.boxes[row, 2].max()),
        bottom=float(box[:, 3].max()),
        base=base,
        size=size,
        bold=bool(glyphs.bold[seen].mean() > 0.8),
        italic=bool(glyphs.italic[seen].mean() > 0.8),
        cells=cells,
        raised=_joined(raised),
        rtl=bool(words.rtl[row].mean() > 0.5),
    )
    return _without_leader(line)


def _in_reading_order(words: Words, row: Ints) -> Ints:
    """From left to right; a line of right-to-left writing in the order of the file, which PDFium makes logical."""
    if words.rtl[row].mean() > 0.5:
        return np.sort(row)
    return row


def _is_space_between(words: Words, before: int, word: int, glyphs: Glyphs) -> bool:
    apart = max(
        words.boxes[word, 0] - words.boxes[before, 2],
        words.boxes[before, 0] - words.boxes[word, 2],
    ) / max(min(words.size[word], words.size[before]), 0.1)
    ends = glyphs.codes[words.last[before] - 1], glyphs.codes[words.first[word]]
    if all(0x2E80 <= code < 0xD800 or 0xFF00 <= code < 0xFFF0 for code in ends):
        return bool(apart > IDEOGRAPH_GAP)
    follows = words.first[word] == words.last[before]
    return bool(apart > WORD_GAP or (words.space[word] and follows))


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
