"""Lines become paragraphs: where one ends, where it goes on in the next column or on the next page.

What parts paragraphs: more white than between lines, another type, an indentation, a number or bullet, and a line
that ended although the next word would have fitted.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from assistant.reading.blocks.numbering import number_of
from assistant.reading.pdf.joining import Joiner
from assistant.reading.pdf.layout import Sheet, TableArea
from assistant.reading.pdf.lines import Line
from assistant.reading.pdf.tables.borderless import borderless_tables
from assistant.reading.pdf.tables.cells import table_of
from assistant.reading.pdf.tables.table import Table

EXTRA_WHITE = 1.28  # times the usual distance of lines of that size: a new paragraph
USUAL_PITCH = 1.2  # font sizes, where a document does not show it
OTHER_SIZE = 0.08  # of the font size
INDENT = 0.7  # font sizes
FEWEST_NUMBERED = 5  # paragraphs of a document that numbers them
SAME_EDGE = 2.0  # points: lines that begin so close to each other begin at one edge
FULL = 3.0  # font sizes from the edge: a line that ends nearer goes on
ENDS_SENTENCE = re.compile(r"""[.!?:;。！？：][)\]"'”’»]*\Z""")
HANGING_NUMBER = re.compile(r"(\d{1,2}(?:\.(?:[IVXL]+|\d{1,3}))+)\.?\s+(?=\S)")
_SECTION = re.compile(r"(?:SEC|Sec|ART|Art|Article|Section|Rule)\.? \d{1,4}[A-Z]?\.\s")
_STOP_AT_END = re.compile(r"""\.[)\]"'”’»]*\Z""")
_IN_BRACKETS = re.compile(r"\([a-zA-Z]\)\s+(?=[A-Z])")
_HYPHEN_AT_END = re.compile(r"[^\W\d_]-\Z")


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together, in reading order; several columns or pages may share them.

    `table` stands for lines where they are rows. `white`: more white stands above it than between lines.
    """

    lines: list[Line]
    table: Table | None = None
    white: bool = True

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def filled_in(self) -> bool:
        """Is a part of it filled into a form?"""
        return any(line.filled_in for line in self.lines)

    @property
    def last(self) -> Line:
        return self.lines[-1]


@dataclass(frozen=True, slots=True)
class Measures:
    """What is usual in a document: font size of its text, distance of lines by font size, numbered paragraphs."""

    size: float
    pitches: dict[int, float] = field(default_factory=dict)
    is_numbered: bool = False

    @classmethod
    def of(cls, sheets: Sequence[Sheet]) -> "Measures":
        sizes: Counter[float] = Counter()
        pitches: dict[int, Counter[float]] = {}
        numbered = 0
        for column in (column for sheet in sheets for column in sheet.columns):
            lines = [part for part in column if isinstance(part, Line)]
            for line in lines:
                sizes[round(line.size * 2) / 2] += len(line.text)
                numbered += number_of(line.text) is not None
            for above, below in pairwise(lines):
                pitch = below.base - above.base
                if abs(above.size - below.size) < 0.5 and 0.8 * above.size < pitch < 2.5 * above.size:
                    pitches.setdefault(round(above.size), Counter())[round(pitch * 2) / 2] += 1
        usual = {size: _usual(counts) for size, counts in pitches.items() if counts.total() > 2}
        return cls(sizes.most_common(1)[0][0] if sizes else 10.0, usual, numbered >= FEWEST_NUMBERED)

    def pitch(self, size: float) -> float:
        return self.pitches.get(round(size), USUAL_PITCH * size)


def _usual(counts: Counter[float]) -> float:
    """The closest of the distances that occur often: in short paragraphs the white between them is as frequent."""
    often = 0.3 * max(counts.values())
    return min(pitch for pitch, count in counts.items() if count >= often)


def paragraphs_of(sheets: Sequence[Sheet], measures: Measures, joiner: Joiner) -> list[Paragraph]:
    """All paragraphs of a document in reading order, tables among them."""
    found: list[Paragraph] = []
    for sheet in sheets:
        for column in sheet.columns:
            new = list(_of_column(column, sheet, measures, joiner))
            if found and new and _continues_over(found[-1], new[0], column, measures):
                found[-1].lines += new.pop(0).lines
            found += new
    return [paragraph for paragraph in found if any(character.isalnum() for character in paragraph.text)]


def _of_column(column: list[Line | TableArea], sheet: Sheet, measures: Measures, joiner: Joiner) -> Iterator[Paragraph]:
    edges = _Edges.of([part for part in column if isinstance(part, Line)], measures)
    open_paragraph: Paragraph | None = None
    for part in _with_tables(column, sheet, joiner):
        if isinstance(part, Table):
            if open_paragraph:
                yield open_paragraph
            open_paragraph = None
            yield Paragraph(list(part.rows), part)
        elif open_paragraph and _goes_on(open_paragraph, part, edges, measures):
            open_paragraph.lines.append(part)
        else:
            white = open_paragraph is None or _has_white(open_paragraph.last, part, measures)
            if open_paragraph:
                yield open_paragraph
            open_paragraph = Paragraph([part], white=white)
    if open_paragraph:
        yield open_paragraph


def _with_tables(column: list[Line | TableArea], sheet: Sheet, joiner: Joiner) -> Iterator[Line | Table]:
    """The column with its tables made: those between rules, and those that only their white shows."""
    free: list[Line] = []
    for part in column:
        if isinstance(part, Line):
            free.append(part)
            continue
        yield from borderless_tables(free, sheet.rules, joiner)
        free = []
        if part.grid:
            yield part.grid.table_of(part.lines, joiner)
            continue
        before, table = table_of(part.lines, sheet.rules, joiner)
        yield from before
        if table:
            yield table
    yield from borderless_tables(free, sheet.rules, joiner)


@dataclass(frozen=True, slots=True)
class _Edges:
    """Where the text of a column begins and ends, in the direction of reading."""

    start: float
    end: float

    @classmethod
    def of(cls, lines: Sequence[Line], measures: Measures) -> "_Edges":
        usual = [line for line in lines if abs(line.size - measures.size) < 1 and len(line.text) > 15]
        text = [line for line in usual if not line.bold] or usual or list(lines)
        if not text:
            return cls(0.0, 0.0)
        starts, ends = sorted(line.start for line in text), sorted(line.end for line in text)
        return cls(starts[len(starts) // 20], ends[-1 - len(ends) // 20])


def _goes_on(paragraph: Paragraph, line: Line, edges: _Edges, measures: Measures) -> bool:
    """Does this line of the same column belong to the paragraph?"""
    last = paragraph.last
    if _is_other_type(last, line) or _has_white(last, line, measures) or line.leader or last.leader:
        return False
    if (last.is_capitals and line.is_capitals) or (
        _is_heading_type(last, measures) and _is_heading_type(line, measures)
    ):
        return not begins_with_number(line.text)
    if begins_with_number(line.text) and _may_begin(paragraph, line, edges):
        return False
    if _ended_early(last, line, edges):
        return False
    return not _is_indented(paragraph, line)


def _is_other_type(last: Line, line: Line) -> bool:
    return min(abs(line.size - last.size), abs(line.largest - last.largest)) > OTHER_SIZE * last.size


def _has_white(last: Line, line: Line, measures: Measures) -> bool:
    pitch = line.base - last.base
    return pitch > EXTRA_WHITE * measures.pitch(last.size) or pitch < 0


def _is_heading_type(line: Line, measures: Measures) -> bool:
    """Larger than the text, or bold: such lines end before the edge for no reason but their sense."""
    return line.size > 1.1 * measures.size or line.bold


def begins_with_number(text: str) -> bool:
    """Does a numbered paragraph, an item or a bullet begin so?"""
    text = text.lstrip("“‘\"'«")
    return any(found.match(text) for found in (HANGING_NUMBER, _SECTION)) or number_of(text) is not None


def _may_begin(paragraph: Paragraph, line: Line, edges: _Edges) -> bool:
    """A number at the start of a line begins a paragraph, unless the line stands in the midst of one.

    It does stand there when the line before is full and both begin at one edge: "... (a) one; (b) two" in a run.
    After a full stop, "(b)" is no part of such a run.
    """
    first, last = paragraph.lines[0], paragraph.last
    if last.end < edges.end - FULL * last.size or line.start > last.start + SAME_EDGE:
        return True
    if len(paragraph.lines) > 1 and abs(line.start - last.start) < SAME_EDGE:
        if _STOP_AT_END.search(last.text) and _IN_BRACKETS.match(line.text):
            return True
        return begins_with_number(first.text) and _style_of(first.text) == _style_of(line.text)
    ends = ENDS_SENTENCE.search(last.text) is not None or last.text.endswith((",", " and", " or"))
    return ends or (begins_with_number(first.text) and abs(line.start - first.start) < SAME_EDGE)


def _style_of(text: str) -> str:
    """The shape of a number: "(a)" for "(c)", "0." for "12."."""
    number = text.lstrip("“‘\"'«").split(" ", 1)[0]
    return re.sub(r"[a-z]+", "a", re.sub(r"\d+", "0", number))


def _ended_early(last: Line, line: Line, edges: _Edges) -> bool:
    """Would the next word have fitted on the last line? Three where no sentence ended: typists keep dates whole."""
    if not last.cells or not line.cells or _HYPHEN_AT_END.search(last.text):
        return False
    words = line.cells[::-1] if line.rtl else line.cells
    next_word = words[0] if ENDS_SENTENCE.search(last.text) else words[min(2, len(words) - 1)]
    width = abs(next_word.left - words[0].right) if line.rtl else next_word.right - words[0].left
    return last.end + min(width, 12 * line.size) + 0.6 * line.size < edges.end


def _is_indented(paragraph: Paragraph, line: Line) -> bool:
    """Does the line begin elsewhere than the lines of this paragraph do after its first?"""
    first = paragraph.lines[0]
    if len(paragraph.lines) > 1:
        is_below_initial = abs(line.start - first.start) < SAME_EDGE and line.text[0].islower()
        return abs(line.start - paragraph.last.start) > INDENT * line.size and not is_below_initial
    is_hanging = begins_with_number(first.text)
    return (
        line.start > first.start + INDENT * line.size
        and not is_hanging
        and ENDS_SENTENCE.search(first.text) is not None
    )


def _continues_over(paragraph: Paragraph, new: Paragraph, column: list[Line | TableArea], measures: Measures) -> bool:
    """Does a paragraph go on at the top of the next column or page?"""
    if paragraph.table or new.table or not isinstance(column[0], Line):
        return False
    last, line = paragraph.last, new.lines[0]
    if _is_other_type(last, line):
        return False
    if line.text[0].islower() and not begins_with_number(line.text):
        return True
    if _HYPHEN_AT_END.search(last.text):
        return True
    if begins_with_number(line.text) or _is_heading(new, measures) or _is_heading(paragraph, measures):
        return False
    if _is_slanted_heading(new, last):
        return False
    if not ENDS_SENTENCE.search(last.text):
        return len(paragraph.text) > 60
    edges = _Edges.of([part for part in column if isinstance(part, Line)], measures)
    return measures.is_numbered and paragraph_is_full(paragraph) and line.start < edges.start + INDENT * line.size


def paragraph_is_full(paragraph: Paragraph) -> bool:
    """Does its last line reach as far as the longest?"""
    ends = [line.end for line in paragraph.lines]
    return len(ends) > 1 and ends[-1] > max(ends) - paragraph.last.size


def _is_heading(paragraph: Paragraph, measures: Measures) -> bool:
    return all(_is_heading_type(line, measures) for line in paragraph.lines)


def _is_slanted_heading(paragraph: Paragraph, last: Line) -> bool:
    """Slanted and set off by white, after a line that is upright: the end of a paragraph is seldom slanted alone."""
    is_slanted = all(line.italic for line in paragraph.lines) and not last.italic
    return is_slanted and ENDS_SENTENCE.search(paragraph.text) is None
