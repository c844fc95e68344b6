"""Footnotes and notes under tables: taken out of the text, and their marks with them.

A note is set smaller than the text and begins with its mark, raised, a star, or a figure under the short line
that parts notes from text. A raised figure in the text whose note is nowhere stays, and so does an exponent.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.reading.blocks.letter_marks import letters_settled
from assistant.reading.blocks.superscripts import is_exponent, lowered, raised, raised_after
from assistant.reading.pdf.glyphs import Floats
from assistant.reading.pdf.layout import Sheet, TableArea
from assistant.reading.pdf.lines import Line
from assistant.reading.pdf.paragraphs import OTHER_SIZE, Paragraph

SMALLER = 0.95  # of the usual font size
NEXT_LINE = 1.7  # font sizes from a line of a note to its next, at most
SEPARATOR_MAX = 0.45  # of the page's width: the line above notes is short
SEPARATOR_INDENT = 2.0  # points by which that line may begin right of the note: those over sums in tables do
_STAR_SIGNS = "*∗†‡§¶#"
_MARK = re.compile(r"\d{1,3}|[a-z]{1,2}|[*∗†‡§¶#]{1,5}")
_STARS = re.compile(r"([*∗†‡§¶]{1,5}) ?(?=[^\s*])")
_FIGURE = re.compile(r"(\d{1,3})\.? +(?=[^\W\d_]|[“\"‘(])")
_TYPED_NOTE = re.compile(r"_?(\d{1,3}|[a-z])/\s+(?=\S)")
_TYPED_MARK = re.compile(r"(?<=[\w.,;:)”\"’]) _?(\d{1,3}|[a-z])/(?=[\s.,;:)]|\Z)")
_NOTES = re.compile(r"(?:foot|end)?notes:?", re.I)


@dataclass(slots=True)
class PageNote:
    """A note where it was printed: `page` is the index of its page."""

    page: int
    mark: str
    lines: list[Line] = field(default_factory=list)


def take_notes(sheets: Sequence[Sheet], usual_size: float) -> list[PageNote]:
    """Take the notes out of the sheets, and their marks out of the lines, which keep them in `Line.marks`."""
    notes: list[PageNote] = []
    for sheet in sheets:
        found = list(_notes_of(sheet, usual_size))
        taken = {id(line) for note in found for line in note.lines}
        sheet.keep({id(line) for line in sheet.lines()} - taken)
        notes += found
    numbered = {note.mark for note in notes if note.mark.isdigit()}
    for sheet in sheets:
        marks = {note.mark for note in notes if note.page == sheet.index}
        later = {note.mark for note in notes if note.page == sheet.index + 1 and note.mark.isalpha()}  # of a long table
        _take_marks(sheet, marks | numbered | later)
    for note in notes:
        note.lines[0] = _without_mark(note.lines[0], note.mark)
    lines = [line for sheet in sheets for line in sheet.lines()]
    for line, text in zip(lines, letters_settled([line.text for line in lines]), strict=True):
        line.text = text
    return notes


def take_typed_notes(paragraphs: Sequence[Paragraph]) -> tuple[list[Paragraph], list[PageNote]]:
    """The paragraphs without notes as typewriters set them, "1/ See S/1994/561.", and those notes.

    Their marks, "the groups, 1/ the Government", leave the lines, which keep them in `Line.marks`.
    """
    used = {mark for paragraph in paragraphs for line in paragraph.lines for mark in _TYPED_MARK.findall(line.text)}
    kept, notes = [], list[PageNote]()
    for paragraph in paragraphs:
        found = _TYPED_NOTE.match(paragraph.text)
        if found is None or found[1] not in used or paragraph.table:
            kept.append(paragraph)
            continue
        first = paragraph.lines[0].cut(0, found.end())
        notes.append(PageNote(first.page, found[1], [first, *paragraph.lines[1:]]))
    marks = {note.mark for note in notes}
    for paragraph in kept:
        paragraph.lines = [_without_typed_marks(line, marks) for line in paragraph.lines]
    return [paragraph for paragraph in kept if not (notes and _NOTES.fullmatch(paragraph.text))], notes


def _without_typed_marks(line: Line, marks: set[str]) -> Line:
    for found in reversed(list(_TYPED_MARK.finditer(line.text))):
        if found[1] in marks:
            line = line.cut(*found.span())
            line.marks = sorted([*line.marks, (found.start(), found[1])])
    return line


def _notes_of(sheet: Sheet, usual_size: float) -> Iterator[PageNote]:
    for sequence in _sequences(sheet):
        note: PageNote | None = None
        last: Line | None = None
        for line in sequence:
            under_rule = _is_under_separator(line, sheet)
            small = line.size < SMALLER * usual_size
            mark = _mark_of(line, small, under_rule, follows_note=note is not None)
            if mark and mark[0] in _STAR_SIGNS and not under_rule and note is None and not _is_used(mark, sheet):
                mark = None  # a list whose items begin with a star
            if mark:
                if note:
                    yield note
                note = PageNote(sheet.index, mark, [line])
            elif note and last and _goes_on(last, line):
                note.lines.append(line)
            elif note:
                yield note
                note = None
            last = line
        if note:
            yield note


def _sequences(sheet: Sheet) -> Iterable[list[Line]]:
    """Lines that may follow each other in a note: those of a column, those of a table."""
    for column in sheet.columns:
        yield [part for part in column if isinstance(part, Line)]
        yield from (part.lines for part in column if isinstance(part, TableArea))


def _mark_of(line: Line, small: bool, under_rule: bool, *, follows_note: bool) -> str | None:
    """The mark with which this line begins a note, None when it begins none."""
    if line.raised and line.raised[0][0] == 0 and (small or under_rule or follows_note):
        mark = line.text[: line.raised[0][1]].strip()
        if _MARK.fullmatch(mark) and len(line.text) > len(mark):
            return mark
    if (small or under_rule) and (stars := _STARS.match(line.text)):
        return stars[1]
    if line.text[0] in "¹²³⁴⁵⁶⁷⁸⁹" and small:
        return lowered(re.match(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+", line.text)[0])  # type: ignore[index]
    if small and under_rule and (figure := _FIGURE.match(line.text)):
        return figure[1]
    return None


def _is_used(mark: str, sheet: Sheet) -> bool:
    """Does the mark stand at the end of a word of this page?"""
    used = re.compile(rf"(?<=[^\s*]){re.escape(mark)}(?![*\w])")
    return any(used.search(line.text) for line in sheet.lines())


def _goes_on(last: Line, line: Line) -> bool:
    near = 0 < line.base - last.base < NEXT_LINE * last.size
    return near and abs(line.size - last.size) < OTHER_SIZE * last.size and not line.bold


def _is_under_separator(line: Line, sheet: Sheet) -> bool:
    """Does a short line stand above it, at the edge where this text begins, and no text between them?"""
    rules: Floats = sheet.rules
    width = sheet.raw.width + sheet.raw.height - sheet.height
    near = (rules[:, 3] < line.base) & (rules[:, 2] - rules[:, 0] < SEPARATOR_MAX * width)
    near &= rules[:, 0] < line.left + SEPARATOR_INDENT
    if not near.any():
        return False
    rule = float(rules[near, 3].max())
    return not any(rule < other.base < line.base - 1 for other in sheet.lines() if other.left < line.right)


def _without_mark(line: Line, mark: str) -> Line:
    end = len(mark)
    while end < len(line.text) and line.text[end] in " .":
        end += 1
    return line.cut(0, end)


def _take_marks(sheet: Sheet, marks: set[str]) -> None:
    for column in sheet.columns:
        for place, part in enumerate(column):
            if isinstance(part, TableArea):
                part.lines = [_without_marks(line, marks) for line in part.lines]
            else:
                column[place] = _without_marks(part, marks)


def _without_marks(line: Line, marks: set[str]) -> Line:
    """The line without the marks that have a note, which move to its `marks`."""
    for start, end in reversed(_mark_places(line, marks)):
        found = re.findall(_MARK, lowered(line.text[start:end]))
        if start > 0 and line.text[start - 1] == " " and (end == len(line.text) or line.text[end] in " .,;:)"):
            start -= 1
        line = line.cut(start, end)
        line.marks += [(start, mark) for mark in found]
    line.marks.sort()
    for start, end in line.raised:
        text = line.text[start:end]
        said = raised_after(line.text[:start], text)  # each letter has its place on the page, "^" would have none
        line.text = line.text[:start] + (said if len(said) == len(text) else raised(text)) + line.text[end:]
    return line


def _mark_places(line: Line, marks: set[str]) -> list[tuple[int, int]]:
    places = []
    for start, end in line.raised:
        start = _behind_exponent(line.text, start, end, marks)
        parts = re.split(r"[,; ]+", line.text[start:end].strip(" ,;"))
        if all(part in marks for part in parts):
            places.append((start, end))
    for found in re.finditer(r"(?<=[^\s*])([*∗†‡§¶]{1,5}|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})(?=[\s.,;:)\]”\"]|$)", line.text):
        if lowered(found[1]) in marks and not any(a < found.end() and found.start() < b for a, b in places):
            places.append(found.span())
    return sorted(places)


def _behind_exponent(text: str, start: int, end: int, marks: set[str]) -> int:
    """Where the raised figures `text[start:end]` may be the mark of a note: after an exponent, "km²" and note 4."""
    before, figures = text[:start], text[start:end]
    if is_exponent(before, figures):
        return end
    return start + 1 if figures not in marks and is_exponent(before, figures[0]) else start
