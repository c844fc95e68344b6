"""What stands on a page besides its text: running heads and feet, page numbers, the masthead of a UN document.

Running heads are what returns at one height on several pages, whatever its figures are. The masthead of page 1
does not return; it is known by its words.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.reading.pdf.lines import Line

EDGE = 0.145  # of the page's height: where running heads and feet stand
SAME_HEIGHT = 4.0  # points
LEAST_OFTEN = 0.2  # of the pages have some running head at a height where there are any
MOST_BARE = 0.5  # of the pages may hold nothing but running heads
FEWEST_PAGES = 3  # on which a running head stands; on two it may be chance
_PAGE_NUMBER = re.compile(r"[-–—\[( ]*(?:page |p\. ?)?(?:\d{1,4}|[ivxl]{1,7})(?: ?(?:/|of) ?\d{1,4})?[-–—\]) ]*", re.I)
_FIGURE = r"(?:[ivxl]+|\d{1,3}(?:/\d{1,3})?)"
_JOB_NUMBER = re.compile(
    rf"{_FIGURE}? *(?:GE\.|V\.|N)? ?\d{{2}}-\d{{5}}\*?(?: *\([A-Z]\))?(?: *\d{{6}})*(?: *{_FIGURE})?(?: */\.\.\.)?"
    r"|[*?/]+\d{7}[*?/]+|/\.\.\.|Please recycle.*"
)
_SYMBOL = r"[A-Z]{1,5}(?:/[\w.()-]+(?: \([^)]*\))?(?: [A-Z])?)+\*{0,3}"
_SYMBOL_LINE = re.compile(_SYMBOL)
_MASTHEAD = re.compile(
    r"(?:United(?: Nations(?: [SAE])?)?|Nations(?: [SAE]| Unies)?|Security Council|General Assembly|"
    rf"Economic and Social Council|{_SYMBOL}|"
    r"Distr\.?:? ?(?:GENERAL|LIMITED|RESTRICTED)?|(?:GENERAL|LIMITED)|ORIGINAL:?(?: ?[A-Z]+)?|ENGLISH|"
    r"\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4}|UN|S|A)"
    r"(?:[ /]*(?:ORIGINAL: ?[A-Z]+|ENGLISH ONLY|ENGLISH))?",
    re.I,
)

_Sign = tuple[str, int, int]  # words, distance of a figure from the place of the page, height


@dataclass(frozen=True, slots=True)
class SheetLines:
    """The lines of a page in whatever order, those in tables apart, and its height in their frame."""

    lines: Sequence[Line]
    height: float
    in_tables: Sequence[Line] = ()


def furniture(sheets: Sequence[SheetLines]) -> set[int]:
    """The ids (`id(line)`) of the lines that are no text of the document.

    Pages that are all alike have nothing but such lines: then these are the text.
    """
    found = _furniture(sheets)
    filled = [sheet for sheet in sheets if sheet.lines]
    bare = sum(all(id(line) in found for line in sheet.lines) for sheet in filled)
    return found if bare < MOST_BARE * len(filled) else set()


def _furniture(sheets: Sequence[SheetLines]) -> set[int]:
    found = _running(sheets)
    for sheet in sheets:
        rest = [line for line in sheet.lines if id(line) not in found]
        codes = [line for line in (*rest, *sheet.in_tables) if _at_edge(line, sheet.height) and _is_code(line.text)]
        found |= {id(line) for line in codes}
        found |= _page_numbers([line for line in rest if id(line) not in found], sheet.height)
    if sheets:
        found |= {id(line) for line in masthead(sheets[0])}
    return found


def _is_code(text: str) -> bool:
    return _JOB_NUMBER.fullmatch(text) is not None or _SYMBOL_LINE.fullmatch(text) is not None


def _running(sheets: Sequence[SheetLines]) -> set[int]:
    """Lines at the edges whose words return at their height on other pages, with other page numbers perhaps.

    At their height there is such a line on many pages: the header of a long table returns on a few only.
    """
    pages: dict[_Sign, set[int]] = defaultdict(set)
    lines = [(page, line) for page, sheet in enumerate(sheets) for line in sheet.lines if _at_edge(line, sheet.height)]
    for page, line in lines:
        for sign in _signs(page, line):
            pages[sign].add(page)
    found = [(page, line) for page, line in lines if _returns(pages, page, line)]
    heights: dict[int, set[int]] = defaultdict(set)
    for page, line in found:
        for near in (-1, 0, 1):
            heights[round(line.base / SAME_HEIGHT) + near].add(page)
    often = LEAST_OFTEN * len(sheets)
    return {id(line) for _, line in found if len(heights[round(line.base / SAME_HEIGHT)]) >= often}


def _returns(pages: dict[_Sign, set[int]], page: int, line: Line) -> bool:
    return any(len(_with_neighbours(pages, sign)) >= FEWEST_PAGES for sign in _signs(page, line))


def _signs(page: int, line: Line) -> Iterator[_Sign]:
    """By what a line is known again: its text; its words and how far its figures are from the number of the page."""
    height = round(line.base / SAME_HEIGHT)
    yield line.text, 0, height
    words = re.sub(r"\d+|\b[ivxl]+\b", "0", line.text)
    for away in _page_figures(page, line):
        yield words, away, height


def _with_neighbours(pages: dict[_Sign, set[int]], sign: _Sign) -> set[int]:
    text, away, height = sign
    none: set[int] = set()
    return none.union(*(pages.get((text, away, near), none) for near in (height - 1, height, height + 1)))


def _page_figures(page: int, line: Line) -> set[int]:
    """By how much each figure of the line exceeds the place of its page: the same on all pages for a page number."""
    figures = [int(figure) for figure in re.findall(r"\d{1,9}", line.text)]
    romans = [_roman(figure) for figure in re.findall(r"\b[ivxl]+\b", line.text)]
    return {figure - page for figure in figures + romans}


def _roman(numeral: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10, "l": 50}[letter] for letter in numeral]
    return sum(-a if a < b else a for a, b in pairwise([*values, 0]))


def _at_edge(line: Line, height: float) -> bool:
    return line.bottom < EDGE * height or line.top > (1 - EDGE) * height


def _page_numbers(lines: Sequence[Line], height: float) -> set[int]:
    """A page number by itself at the very top or foot of the page."""
    if not lines:
        return set()
    ends = (min(lines, key=lambda line: line.base), max(lines, key=lambda line: line.base))
    return {id(line) for line in ends if _at_edge(line, height) and _PAGE_NUMBER.fullmatch(line.text)}


def masthead(sheet: SheetLines) -> list[Line]:
    """The lines above the title of a United Nations document: organ, symbol, distribution, date, language."""
    if not any("distr" in line.text.casefold() for line in sheet.lines):
        return []
    return [line for line in sheet.lines if all(_MASTHEAD.fullmatch(part) for part in stretches(line))]


def stretches(line: Line) -> Iterable[str]:
    """The parts of a line that stand well apart from each other."""
    start = 0
    for before, after in pairwise(line.cells):
        if after.left - before.right > 1.5 * line.size:
            yield line.text[start : before.end]
            start = after.start
    yield line.text[start:]


def printed_labels(furniture_texts: Sequence[Sequence[str]]) -> list[str | None]:
    """The page numbers as printed, from the running heads and feet of each page; None where none is clear.

    A number counts when it runs with its neighbours: the same distance from the place of the page on three pages.
    """
    found = [next((label for text in texts if (label := _label_of(text))), None) for texts in furniture_texts]
    away = [None if label is None else (label.isdigit(), _value(label) - place) for place, label in enumerate(found)]
    often = Counter(distance for distance in away if distance is not None)
    return [
        label if distance and often[distance] >= FEWEST_PAGES else None
        for label, distance in zip(found, away, strict=True)
    ]


def _label_of(text: str) -> str | None:
    """The page number in a line such as "26-04885 3/20" or "Page iv"."""
    rest = re.sub(r"(?:GE\.|V\.|N)? ?\d{2}-\d{5}\*?|\bpage\b|[-–—\[\]()]", " ", text, flags=re.I).strip()
    label = re.fullmatch(r"(\d{1,4}|[ivxl]{1,7})(?: ?(?:/|of) ?\d{1,4})?", rest)
    return label[1] if label else None


def _value(label: str) -> int:
    return int(label) if label.isdigit() else _roman(label)
