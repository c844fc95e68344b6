"""Printed numbers: what "17.", "1-64.", "(a)", "2.1" or a bullet at the start of a paragraph says about it.

Numbers stay in the text, for people quote "paragraph 17"; bullets leave it, for they say nothing.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from assistant.records import BlockKind

Style = Literal["paragraph", "section", "item", "bullet"]

_PARAGRAPH = re.compile(r"(\d{1,3}(?:-\d{1,3})?)[.)]\s+(?=\S)")
_SECTION = re.compile(r"((?:\d{1,2}|[A-Z])(?:\.\d{1,3})+)\.?\s+(?=[^\sa-z])")
_ITEM = re.compile(r"(\((?:[ivx]{1,5}|[a-z]{1,2}|[A-Z]|[IVX]{1,5}|\d{1,3})\)|(?:[ivx]{1,5}|[a-z])[.)])\s+(?=\S)")
_BULLET = re.compile(r"[•▪◦‣●○■□➢✓·*＊–—-]\s+(?=\S)")
_ROMAN = re.compile(r"[ivx]+\Z")


@dataclass(frozen=True, slots=True)
class Number:
    """The number at the start of a paragraph: how it is printed, and where the text after it begins."""

    style: Style
    printed: str | None
    end: int


def number_of(text: str) -> Number | None:
    """The number or bullet that a paragraph starts with, None where there is none.

    >>> number_of("17. Requests the Secretary-General")
    Number(style='paragraph', printed='17', end=4)
    >>> number_of("(a) The protection of civilians").printed
    '(a)'
    """
    styles: tuple[tuple[Style, re.Pattern[str]], ...] = (
        ("section", _SECTION),
        ("paragraph", _PARAGRAPH),
        ("item", _ITEM),
        ("bullet", _BULLET),
    )
    for style, pattern in styles:
        if found := pattern.match(text):
            return Number(style, None if style == "bullet" else found[1], found.end())
    return None


def without_bullet(text: str) -> str:
    """The text after its bullet, if it has one."""
    found = _BULLET.match(text)
    return text[found.end() :] if found else text


@dataclass(frozen=True, slots=True)
class Place:
    """What a paragraph is by its number: of which kind, how deep, and whether its bullet should leave the text."""

    kind: BlockKind = "paragraph"
    level: int = 0
    number: str | None = None
    bullet: bool = False


@dataclass(slots=True)
class Lists:
    """Follows the lists of a document from paragraph to paragraph: (a) holds (i) holds (1).

    "1." begins a list where the paragraph before it ends with a colon, else it numbers a paragraph of the document.
    """

    _open: list[tuple[str, str]] = field(default_factory=list)  # (kind of number, last number of that kind)
    _expects: int | None = None  # the next number of a list of the form "1."
    _after_colon: bool = False

    def place(self, text: str) -> Place:
        """The place of the next paragraph; call it for each in turn (headings left out)."""
        number = number_of(text)
        place = self._place(number)
        self._after_colon = text.endswith(":")
        if place.kind == "paragraph":
            self._open.clear()
            self._expects = None
        return place

    def _place(self, number: Number | None) -> Place:
        if number is None:
            return Place()
        if number.style in ("item", "bullet"):
            printed = number.printed or "•"
            return Place("item", self._level(printed), number.printed, number.style == "bullet")
        goes_on = number.printed == str(self._expects) or (self._after_colon and number.printed == "1")
        if number.style == "paragraph" and number.printed and goes_on:
            self._expects = int(number.printed) + 1
            return Place("item", self._level(f"{number.printed}."), number.printed)
        return Place(number=number.printed)

    def _level(self, printed: str) -> int:
        kind = self._kind(printed)
        kinds = [open_kind for open_kind, _ in self._open]
        depth = kinds.index(kind) if kind in kinds else len(kinds)
        self._open[depth:] = [(kind, printed)]
        return depth + 1

    def _kind(self, printed: str) -> str:
        core = printed.strip("().")
        around = printed.replace(core, "")
        if core.isdigit():
            return "1" + around
        if not core.isalpha():
            return core
        if _ROMAN.match(core.lower()) and not self._follows_in_the_alphabet(core):
            return ("I" if core.isupper() else "i") + around
        return ("A" if core.isupper() else "a") + around

    def _follows_in_the_alphabet(self, core: str) -> bool:
        """Is this "(i)" the letter after an "(h)" of the open list, and no Roman one?"""
        letters = [last.strip("().") for kind, last in self._open if kind[0] in "aA"]
        return any(len(letter) == 1 == len(core) and ord(core) - ord(letter) == 1 for letter in letters)
