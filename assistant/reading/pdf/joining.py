"""Lines of a paragraph become running text: words broken at a line end are made whole, real hyphens stay.

The document is the dictionary: "law-enforcement" keeps its hyphen where the document writes it so elsewhere, and
"enforcement" loses it. What the document writes nowhere else follows its habit: most files from word processors
never break a word, so that each hyphen at a line end is a real one; typeset books break many.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.reading.pdf.lines import Line

_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")
_COMPOUND = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
_BROKEN = re.compile(r"([^\W\d_]+)-\Z")
_CONTINUED = re.compile(r"[^\W\d_]+")
_OPEN_END = re.compile(r"(?:\w[—–/]|://\S*[/._=&-]|\bwww\.\S*[/._=&-])\Z")
_FIRST_PARTS = frozenset(("cross", "ex", "half", "high", "long", "low", "non", "post", "self", "short", "vice", "well"))
_SUSPENDING = frozenset(("and", "or", "to", "nor", "but", "et", "ou"))
_IDEOGRAPH = re.compile(r"[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]")


@dataclass(slots=True)
class Stretch:
    """What stands of a paragraph on one page: `places` are those of its characters in the page's Glyphs, or -1."""

    page: int
    text: str = ""
    places: list[int] = field(default_factory=list)
    marks: list[tuple[int, str]] = field(default_factory=list)

    def append(self, text: str, places: Sequence[int] | None = None) -> None:
        self.text += text
        self.places += [-1] * len(text) if places is None else places


class Joiner:
    """Joins lines as the whole document, which it has seen, writes its words."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._words: Counter[str] = Counter()
        self._compounds: Counter[str] = Counter()
        broken: list[tuple[str, str]] = []
        ended = ""
        for line in lines:
            text = line.text.lower()
            if ended and (start := _CONTINUED.match(text)):
                broken.append((ended, start[0]))
                text = text[start.end() :]
            found = _BROKEN.search(text)
            ended = found[1] if found else ""
            self._words.update(_WORD.findall(text[: found.start()] if found else text))
            self._compounds.update(_COMPOUND.findall(text))
        whole = sum(self._words[first + second] > 0 for first, second in broken)
        hyphened = sum(self._compounds[f"{first}-{second}"] > 0 for first, second in broken)
        self._breaks_words = whole > hyphened

    def join(self, lines: Sequence[Line]) -> list[Stretch]:
        """The text of a paragraph, page by page. A word broken by a page end stands whole on the first page."""
        stretches = [Stretch(lines[0].page)]
        for line in lines:
            here = stretches[-1]
            text, places, shift = line.text, line.places, 0
            if here.text:
                between, dropped = self.between(here.text, text)
                if dropped:
                    del here.places[-1]
                    here.text = here.text[:-1]
                if line.page != here.page:
                    if between != " ":
                        end = len(_first_word(text))
                        here.append(between + text[:end])
                        shift = end + (text[end : end + 1] == " ")
                        text, places = text[shift:], places[shift:]
                    stretches.append(here := Stretch(line.page))
                else:
                    here.append(between)
            begin = len(here.text)
            here.append(text, places)
            here.marks += [(max(0, place - shift) + begin, mark) for place, mark in line.marks]
        return [stretch for stretch in stretches if stretch.text.strip()]

    def between(self, before: str, after: str) -> tuple[str, bool]:
        """What stands between the end of a line and the next line, and whether the hyphen at the end goes."""
        if _IDEOGRAPH.match(before[-1]) and _IDEOGRAPH.match(after[0]):
            return "", False
        broken, continued = _BROKEN.search(before), _CONTINUED.match(after)
        if broken and continued:
            if continued[0].lower() in _SUSPENDING:
                return " ", False
            return "", not self._is_real_hyphen(broken[1], continued[0])
        if _OPEN_END.search(before) or (before[-1] == "-" and before[-2:-1].strip() and after[0].isalnum()):
            return "", False
        return " ", False

    def _is_real_hyphen(self, first: str, second: str) -> bool:
        whole = self._words[(first + second).lower()]
        compound = self._compounds[f"{first}-{second}".lower()]
        if whole or compound:
            return compound > whole
        if second[0].isupper() and not first.isupper():
            return True
        if first.lower() in _FIRST_PARTS:
            return True
        both_known = self._words[first.lower()] > 0 and self._words[second.lower()] > 0
        return both_known or not self._breaks_words


def _first_word(text: str) -> str:
    return text.split(" ", 1)[0]
