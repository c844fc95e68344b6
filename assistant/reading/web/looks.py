"""How an element looks by its name, its own style and the style sheets: struck out, hidden, above the line.

Of a sheet those rules count that name classes, ids and elements, alone or inside one another ("tr.old td").
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml import html

LONGEST_SHEET = 500_000  # characters of a style sheet that are looked at
MOST_SELECTORS = 100  # that say one thing; books and pages have a few
OUTERMOST = 30  # elements round one that a selector looks at
_STRUCK = ("del", "s", "strike")
_STRUCK_BY_STYLE = re.compile(r"text-decoration(?:-line)?\s*:[^;]{0,200}line-through", re.I)
_HIDDEN_BY_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:opacity|font-size)\s*:\s*0(?:\.0*)?(?:px|pt|em|rem|%)?\s*(?:;|!|\Z)"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,}",
    re.I,
)
_RAISED_BY_STYLE = re.compile(r"vertical-align\s*:\s*super", re.I)
_WITHIN_LINES = ("b", "em", "font", "i", "small", "span", "strong", "u")
_OF_SCREENS = re.compile(r"@media[^{]{0,200}\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|/\*.*?(?:\*/|\Z)|<!--|-->", re.S)
_COMPOUND = re.compile(r"[\w-]*(?:[.#][\w-]+)*")
_PARTS = re.compile(r"[.#]?[\w-]+")

_Compound = frozenset[str]  # {"tr", ".old", "#first"}


@dataclass(slots=True)
class _Selectors:
    """Selectors of one kind of rule, found by a part of what they name last."""

    _by_part: dict[str, list[tuple[_Compound, ...]]] = field(default_factory=dict)
    _count: int = 0

    def add(self, selector: str) -> None:
        """Take in a selector; others than of classes, ids and elements inside one another do not count."""
        words = selector.split()
        named = "." in selector or "#" in selector
        if named and self._count < MOST_SELECTORS and all(map(_COMPOUND.fullmatch, words)):
            compounds = tuple(frozenset(_PARTS.findall(word)) for word in words)
            self._by_part.setdefault(min(compounds[-1]), []).append(compounds)  # an id or a class before a name
            self._count += 1

    def match(self, element: html.HtmlElement) -> bool:
        """Does one of the selectors match the element?"""
        parts = _parts_of(element) if self._by_part else frozenset()
        found = [each for part in parts for each in self._by_part.get(part, ()) if each[-1] <= parts]
        round_it = [_parts_of(outer) for outer in islice(element.iterancestors(), OUTERMOST)] if found else []
        return any(_stand_round(selector[:-1], round_it) for selector in found)


@dataclass(slots=True)
class Looks:
    """What is struck out, hidden or above the line in a book or on a page."""

    _struck: _Selectors = field(default_factory=_Selectors)
    _hidden: _Selectors = field(default_factory=_Selectors)
    _raised: _Selectors = field(default_factory=_Selectors)

    def learn(self, sheet: str) -> None:
        """Take in a style sheet; rules for single screens do not count."""
        for selectors, style in _rules(sheet):
            for pattern, kind in (
                (_STRUCK_BY_STYLE, self._struck),
                (_HIDDEN_BY_STYLE, self._hidden),
                (_RAISED_BY_STYLE, self._raised),
            ):
                for selector in selectors.split(",") if pattern.search(style) else ():
                    kind.add(selector)

    def is_struck(self, element: html.HtmlElement) -> bool:
        """Is an element struck out?"""
        by_itself = element.tag in _STRUCK or bool(_STRUCK_BY_STYLE.search(element.get("style", "")))
        return by_itself or self._struck.match(element)

    def is_hidden(self, element: html.HtmlElement) -> bool:
        """Is an element hidden, by a style sheet too?"""
        return is_hidden(element) or self._hidden.match(element)

    def name_raised(self, page: html.HtmlElement) -> None:
        """Make a <sup> of what only its style puts above the line."""
        for element in list(page.iter(*_WITHIN_LINES)):
            if _RAISED_BY_STYLE.search(element.get("style", "")) or self._raised.match(element):
                element.tag = "sup"


def looks_of(page: html.HtmlElement) -> Looks:
    """The looks that the style sheets in a page give to it."""
    looks = Looks()
    for sheet in page.iter("style"):
        looks.learn(sheet.text or "")
    return looks


def is_hidden(element: html.HtmlElement) -> bool:
    """Is an element hidden by an attribute or its own style?"""
    hidden = "hidden" in element.attrib or element.get("aria-hidden") == "true"
    return hidden or bool(_HIDDEN_BY_STYLE.search(element.get("style", "")))


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """The rules of a sheet: their selectors, and the style that these give."""
    for rule in _OF_SCREENS.sub("", sheet[:LONGEST_SHEET]).split("}"):
        selectors, _, style = rule.rpartition("{")
        yield selectors.rpartition(";")[2], style  # an @import ends so


def _stand_round(wanted: Sequence[_Compound], round_it: Sequence[_Compound]) -> bool:
    """Are elements like the wanted ones, the last of them innermost, among those round one, innermost first?"""
    left = list(wanted)
    for outer in round_it:
        if left and left[-1] <= outer:
            left.pop()
    return not left


def _parts_of(element: html.HtmlElement) -> _Compound:
    classes = (f".{name}" for name in element.get("class", "").split())
    return frozenset((element.tag, f"#{element.get('id')}", *classes))
