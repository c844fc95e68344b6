"""Headings in text without any marking: by capitals, by number, or short and alone above what they head.

A wrong heading does more harm than a missing one, for it stands in the path of all that follows. So a line is one
only when its neighbours agree: text comes after it, and what came before it had ended.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.reading.blocks.numbering import number_of

LONGEST = 100  # characters
LONGEST_ALONE = 80  # characters of a heading with neither number nor capitals
LABEL_LEVEL = 6  # of headings that are only bold: below every heading that has a level
PROSE = 120  # characters from which a neighbour is prose
_RESOLUTION = re.compile(
    r"(?:Security Council )?resolution (?:S/RES/)?\d+ ?\(\d{4}\)|\d+ ?\(\d{4}\)\. Resolution of|\d+ Resolution of \d",
    re.I,
)
_PART = re.compile(
    r"(Annex|Appendix|Chapter|Part|Subchapter|Title|Section|Article)(?: [A-Z]\b| [IVXL]+\b| \d+\b|\Z)", re.I
)
_ROMAN = re.compile(r"([IVXL]{1,5})(?:\.|\Z)(?:\s+(?=[A-Z])|\Z)")
_LETTER = re.compile(r"([A-Z])(?:\.|\Z)(?:\s+(?=[A-Z])|\Z)")
_LETTERHEAD = re.compile(
    r"united nations|(?:the )?(?:security council|general assembly|economic and social council)|[a-z]|distr\..*"
    r"|original:.*|[A-Z]{1,3}/[\w/.]+(?: ?\(\d{4}\))?\*?",
    re.I,
)
_STOPS = tuple(".,;:!?…")


@dataclass(frozen=True, slots=True)
class Heading:
    """Depth from 1, and the printed number if it has one."""

    level: int
    number: str | None = None


def resolution_title(text: str) -> Heading | None:
    """The line by which a resolution of the Security Council names itself, in all the forms since 1946."""
    return Heading(1) if len(text) <= 2 * LONGEST and _RESOLUTION.match(text) else None


def is_label(text: str) -> bool:
    """Could a paragraph that is bold throughout be a heading without a style? Short, with letters, without a stop."""
    return _could_be(text) and any(map(str.isalpha, text))


def numbers_are_of_headings(texts: Iterable[str]) -> bool:
    """Do most of the numbers "1.", "2." of a document stand before headings, and not before paragraphs or items?"""
    numbered = [text for text in texts if (number := number_of(text)) and number.style == "paragraph"]
    return sum(_could_be(text) for text in numbered) * 2 > len(numbered)


def heading(text: str, before: str | None, after: str | None, *, numbered: bool = False) -> Heading | None:
    """The heading that `text` is, None if it is none. `before` and `after`: the paragraphs beside it.

    `numbered`: in this document "1." may stand before a heading.

    >>> heading("Political process", "Decides to extend the mandate;", "12. Requests the Secretary-General")
    Heading(level=2, number=None)
    """
    if after is None or not _could_be(text) or _LETTERHEAD.fullmatch(text):
        return None
    return _numbered(text, after, numbered) or _in_capitals(text) or _alone(text, before, after)


def _could_be(text: str) -> bool:
    return len(text) <= LONGEST and not text.endswith(_STOPS)


def _numbered(text: str, after: str, numbered: bool) -> Heading | None:
    if part := _PART.match(text):
        return Heading(2 if part[1].lower() in ("section", "article") else 1)
    if roman := _ROMAN.match(text):
        return Heading(1, roman[1])
    if letter := _LETTER.match(text):
        return Heading(2, letter[1])
    number = number_of(text)
    if number is None or number.printed is None or not text[number.end].isupper():
        return None
    if number.style == "section":
        return Heading(number.printed.count(".") + 1, number.printed)
    beside = number_of(after)
    in_a_list = beside is not None and beside.style == "paragraph" and len(after) < PROSE
    return Heading(1, number.printed) if numbered and number.style == "paragraph" and not in_a_list else None


def _in_capitals(text: str) -> Heading | None:
    letters = [character for character in text if character.isalpha()]
    return Heading(1) if len(letters) > 3 and text.upper() == text and text.lower() != text else None


def _alone(text: str, before: str | None, after: str) -> Heading | None:
    """Short, capitalised, no stop; something ended before it and prose or a numbered paragraph follows."""
    ended = before is None or before.endswith(_STOPS)
    heads = len(after) >= PROSE or number_of(after) is not None
    fits = len(text) <= LONGEST_ALONE and text[0].isupper() and number_of(text) is None and not after[0].islower()
    return Heading(2) if ended and heads and fits else None
