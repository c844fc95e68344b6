"""What stands on a page besides its text, and is left out of the stored text on purpose.

Judged by what tesseract is sure to see and by the file's own text at the heads and feet of the pages around, without
asking our reader. Three kinds of lines: those whose letters return at head or foot of at least a third of the thirteen
pages around; lone page numbers and document codes among the first or last lines; the masthead of page 1.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from rapidfuzz import fuzz

from evals.fidelity.child import EDGE
from evals.fidelity.readings import Reading
from evals.fidelity.sight import SeenWord
from evals.fidelity.words import letters_of

LEAST_OFTEN = 1 / 3  # of the pages around
LEAST_ALIKE = 85  # percent: tesseract misreads a letter here and there
MOST_REST = 0.2  # of a line's letters may belong to no line that returns
FEWEST_LETTERS = 3
OUTERMOST = 2  # lines at either end of the page among which page numbers and codes stand
MASTHEAD = 0.36  # of the height of page 1
LINE_HEIGHT = 0.02  # of the page's height
_NUMBER = re.compile(r"[-–—\[(]*(?:\d{1,4}|[ivxl]{1,7})(?:/\d{1,4})?[-–—\])]*", re.I)
_CODE = re.compile(
    r"[A-Z]{1,5}(?:/[\w.()-]+)+\*{0,3}|(?:[A-Z]{1,2}\.?)?\d{2}-?\d{5}\*?|[*?/]*\d{6,7}[*?/]*|\(?[ACEFRS]\)?|/?[.…]{1,3}"
    r"|page|of|p\.|please|recycle|[^\w\s]+",
    re.I,
)
_MASTHEAD_WORDS = re.compile(
    "unitednations|securitycouncil|generalassembly|economicandsocialcouncil|distr|general|limited|restricted|original|"
    "english|french|spanish|arabic|russian|chinese|only|january|february|march|april|may|june|july|august|september|"
    "october|november|december"
)
STRAY_LETTERS = 2  # that tesseract sees in the emblem, or that are the organ's in a symbol


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as tesseract parts them, with the words that it is sure of."""

    number: int
    words: list[SeenWord]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def middle(self) -> float:
        """Its height on the page, from 0 at the top to 1."""
        return sum(word.box[1] + word.box[3] for word in self.words) / (2 * len(self.words))

    @property
    def is_at_edge(self) -> bool:
        return not EDGE < self.middle < 1 - EDGE


def furniture(reading: Reading, page: int) -> dict[int, str]:
    """The lines of page `page`, by number, that are no text of the document: what they say."""
    lines = _lines([word for word in reading.words if word.is_sure])
    from_top = sorted(lines, key=lambda line: line.middle)
    outermost = [*from_top[:OUTERMOST], *from_top[-OUTERMOST:]]
    returning = _returning(reading.around)
    found = [line for line in lines if line.is_at_edge and _returns(line, returning)]
    found += [line for line in outermost if line.is_at_edge and _is_code(line)]
    found += _masthead(lines) if page == 1 else []
    return {line.number: line.text for line in sorted(found, key=lambda line: line.number)}


def _lines(words: Sequence[SeenWord]) -> list[_Line]:
    lines: dict[int, list[SeenWord]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    return [_Line(number, words) for number, words in lines.items()]


def _returning(around: Sequence[Sequence[str]]) -> list[str]:
    """The letters of the lines that stand at head or foot of many pages, longest first."""
    often = Counter(letters for lines in around for letters in set(map(letters_of, lines)))
    fewest = max(2, ceil(LEAST_OFTEN * len(around)))
    found = [letters for letters, pages in often.items() if pages >= fewest and len(letters) >= FEWEST_LETTERS]
    return sorted(found, key=lambda letters: (-len(letters), letters))


def _returns(line: _Line, returning: Sequence[str]) -> bool:
    letters = rest = letters_of(line.text)
    if len(letters) < FEWEST_LETTERS:
        return False
    for known in returning:
        if letters in known or fuzz.ratio(letters, known) >= LEAST_ALIKE:
            return True
        rest = rest.replace(known, "")
    return len(rest) <= MOST_REST * len(letters)


def _is_code(line: _Line) -> bool:
    words = line.text.replace("(", " (").split()
    numbers = [word for word in words if _NUMBER.fullmatch(word)]
    others = [word for word in words if not _NUMBER.fullmatch(word)]
    return len(numbers) <= 1 and all(_CODE.fullmatch(word) for word in others)


def _masthead(lines: Sequence[_Line]) -> list[_Line]:
    """What stands above the title of a United Nations document: organ, symbol, distribution, date, language."""
    ends = [line.middle for line in lines if line.middle < MASTHEAD and re.search("distr|original:", line.text, re.I)]
    if not any("distr" in line.text.casefold() for line in lines if line.middle < MASTHEAD):
        return []
    above = [line for line in lines if line.middle < max(ends) + LINE_HEIGHT]
    return [line for line in above if len(_MASTHEAD_WORDS.sub("", letters_of(line.text))) <= STRAY_LETTERS]
