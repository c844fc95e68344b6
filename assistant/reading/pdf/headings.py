"""Which paragraphs of a PDF are headings, how deep they stand, and which are captions of tables and figures.

A wrong heading does more harm than a missing one: it stands in the path of all that follows.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence, Set
from dataclasses import dataclass

from assistant.reading.blocks.numbering import number_of
from assistant.reading.pdf.paragraphs import ENDS_SENTENCE, Measures, Paragraph
from assistant.reading.pdf.tables.cells import segments

LONGEST = 400  # characters of a heading or a caption: those of benchmarks in reports have 300
LONGEST_SENTENCE = 40  # characters of a heading that ends as a sentence does
LARGER = 1.08  # times the usual font size
FEWEST_LETTERS, LETTERS = 3, 0.5  # in a heading; of its characters: formulas and codes have fewer
DEEPEST = 6
_CAPTION = re.compile(
    r"(?:Table|Figure|Box|Chart|Map|Graph|Tableau|Annex table)\s+(?:\d|[IVXL]+\b|[A-Z]?\.?\d)[\w.-]*", re.I
)
_PART = re.compile(
    r"(?:(?:ANNEX|Annex|APPENDIX|Appendix|CHAPTER|Chapter|PART|Part|TITLE|Title|DIVISION|Division|Enclosure|ENCLOSURE)"
    r"(?:\s+(?:[IVXLC]+|[A-Z]|\d{1,3})\b.*)?)\Z"
)
_ROMAN = re.compile(r"([IVXLC]+)\.\s+(?=\S)")
_LETTER = re.compile(r"([A-Z])\.\s+(?=\S)")
_FIGURE = re.compile(r"(\d{1,2})\.\s+(?=[^\W\d_])")
_DECIMAL = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,4})\.?\s+(?=[^\W\d_])")
_CLASSES = ((0, _PART), (1, _ROMAN), (2, _LETTER), (3, _FIGURE), (4, _DECIMAL))
_ROMAN_CLASS, _LETTERED, _NO_CLASS = 1, 2, 5
_NO_FIRST_ROMANS = "CDLM"  # no document has a hundred chapters


@dataclass(frozen=True, slots=True)
class Heading:
    """A paragraph that is a heading: its depth from 1 and its printed number."""

    level: int
    number: str | None


def headings_of(
    paragraphs: Sequence[Paragraph], measures: Measures, outline: Set[str] = frozenset()
) -> dict[int, Heading]:
    """The headings among the paragraphs of a document, by their places.

    `outline` holds the titles of the file's own table of contents, each as `outline_key` gives it.
    """
    captions = captions_of(paragraphs)
    places = [
        place
        for place, paragraph in enumerate(paragraphs)
        if place not in captions
        and (_is_in_outline(paragraph, outline) or _is_heading(paragraph, measures))
        and _heads(paragraphs, place)
        and not _is_header_row(paragraphs, place)
    ]
    title = _title_block(paragraphs, places)
    body = places[len(title) :]
    ranks = _ranks([paragraphs[place] for place in body], _length_of_cover(paragraphs, body))
    found = {place: Heading(1, None) for place in title}
    found |= {place: Heading(level, _number(paragraphs[place].text)) for place, level in zip(body, ranks, strict=True)}
    return found


def outline_key(title: str) -> str:
    """A title as it is compared: its letters, without its number.

    >>> outline_key("2.1 General Information")
    'generalinformation'
    """
    return "".join(character for character in title.casefold() if character.isalpha())


def _length_of_cover(paragraphs: Sequence[Paragraph], places: Sequence[int]) -> int:
    """How many of these headings stand before the first that is numbered or has text under it, as inner covers do."""
    for length, place in enumerate(places):
        under = paragraphs[place + 1] if place + 1 < len(paragraphs) else None
        has_text = under is not None and not under.table and len(under.text) > LONGEST
        if has_text or any(pattern.match(paragraphs[place].text) for _, pattern in _CLASSES):
            return length
    return 0


def _is_in_outline(paragraph: Paragraph, outline: Set[str]) -> bool:
    return not paragraph.table and len(paragraph.text) <= LONGEST and outline_key(paragraph.text) in outline


def _title_block(paragraphs: Sequence[Paragraph], places: Sequence[int]) -> list[int]:
    """The headings at the head of page 1, before the first that is numbered or has text under it.

    They name the document, whatever their sizes are, and head no part of it.
    """
    block: list[int] = []
    for place in places:
        under = paragraphs[place + 1] if place + 1 < len(paragraphs) else None
        if paragraphs[place].lines[0].page > 0 or _number(paragraphs[place].text):
            break
        block.append(place)
        if under and len(under.text) > LONGEST:
            break
    return block if len(places) > len(block) or len(block) == 1 else []


def captions_of(paragraphs: Sequence[Paragraph]) -> set[int]:
    """The places of captions; a bare "Table 3" makes a caption of the short paragraph under it, too."""
    found: set[int] = set()
    for place, paragraph in enumerate(paragraphs):
        above = paragraphs[place - 1] if place else None
        is_named = above is not None and place - 1 in found and _CAPTION.fullmatch(above.text.rstrip(" .:")) is not None
        if is_caption(paragraph) or (is_named and not paragraph.table and len(paragraph.text) <= LONGEST):
            found.add(place)
    return found


def is_caption(paragraph: Paragraph) -> bool:
    """Does it name a table or a figure, rather than speak of one?"""
    found = _CAPTION.match(paragraph.text)
    if found is None or len(paragraph.text) > LONGEST:
        return False
    rest = paragraph.text[found.end() :].lstrip(" .:–—-")
    return not rest or rest[0].isupper() or rest[0].isdigit() or rest[0] in "(“"


def _is_heading(paragraph: Paragraph, measures: Measures) -> bool:
    text, lines = paragraph.text, paragraph.lines
    letters = sum(character.isalpha() for character in text)
    if paragraph.table or len(text) > LONGEST or letters < max(FEWEST_LETTERS, LETTERS * len(text.replace(" ", ""))):
        return False
    ends = ENDS_SENTENCE.search(text) is not None
    if _PART.match(text) and not ends:
        return True
    if paragraph.filled_in or any(len(segments(line)) > 2 for line in lines if line.cells):
        return False  # or the header of a table
    if text.endswith((",", ";", ":")) or text[0].islower() or _is_item(text) or (text[0] == "(" and text[-1] == ")"):
        return False
    if all(line.size > LARGER * measures.size for line in lines) or all(line.bold for line in lines):
        return not ends or lines[0].is_capitals or len(text) < LONGEST_SENTENCE
    return not ends and paragraph.white and _is_plain_heading(paragraph)


def _is_plain_heading(paragraph: Paragraph) -> bool:
    """Capitals, slope or a chapter's number, where type and size are those of the text."""
    lines = paragraph.lines
    if all(line.is_capitals for line in lines) or all(line.underlined for line in lines):
        return True
    if all(line.italic for line in lines):
        return True
    return len(lines) == 1 and (_ROMAN.match(paragraph.text) or _LETTER.match(paragraph.text)) is not None


def _is_item(text: str) -> bool:
    number = number_of(text)
    return number is not None and number.style in ("item", "bullet")


def _heads(paragraphs: Sequence[Paragraph], place: int) -> bool:
    """Does something follow that it can head? The last lines of a document are signatures and imprints."""
    return place + 1 < len(paragraphs) or place == 0


def _is_header_row(paragraphs: Sequence[Paragraph], place: int) -> bool:
    """Is it the row of headers of the table under it, "Date | Event", set apart from it by its bold type?

    The white after the number of a bold heading, as in "2.   Civilian personnel", parts no cells; where it is not
    bold, the line may be a row of a table of contents.
    """
    under = paragraphs[place + 1] if place + 1 < len(paragraphs) else None
    [first, *rest] = paragraphs[place].lines
    if under is None or not under.table or rest:
        return False
    numbered = first.bold and any(pattern.match(first.text) for _, pattern in _CLASSES[1:])
    return len(segments(first)) > (2 if numbered else 1)


def _number(text: str) -> str | None:
    for _, pattern in _CLASSES[1:]:
        if found := pattern.match(text):
            return found[1]
    return None


def _ranks(headings: Sequence[Paragraph], cover: int) -> list[int]:
    """The level of each heading: larger type stands higher, then the order I, A, 1, then what has no number.

    The styles of the first `cover` headings take no level from those of the text: each stands as high as the next
    lower one.
    """
    styles, last_letter = [], ""
    for paragraph in headings:
        kind = _class_of(paragraph.text, last_letter)
        if kind == _LETTERED:
            last_letter = paragraph.text[0]
        styles.append(_style(paragraph, kind))
    order = sorted(set(styles[cover:]))
    return [min(1 + bisect_left(order, style), DEEPEST) for style in styles]


def _class_of(text: str, last_letter: str) -> int:
    """The kind of number that a heading has. "C." is a letter, and so is "I." after "H."."""
    kind = next((kind for kind, pattern in _CLASSES if pattern.match(text)), _NO_CLASS)
    if kind == _ROMAN_CLASS and (found := _LETTER.match(text)):
        follows = last_letter != "" and ord(found[1]) - ord(last_letter) == 1
        return _LETTERED if follows or found[1] in _NO_FIRST_ROMANS else kind
    return kind


def _style(paragraph: Paragraph, kind: int) -> tuple[float, int, bool, bool]:
    line, text = paragraph.lines[0], paragraph.text
    if kind == 0:
        return (float("-inf"), 0, False, False)
    size = max(line.size for line in paragraph.lines)
    depth = text.split()[0].count(".") if _DECIMAL.match(text) else 0
    return (-round(size), kind + depth, not line.bold, line.italic)
