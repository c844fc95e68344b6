"""Words as they are compared: levelled, so that what only looks different to a program is the same.

Compatible forms are opened (NFKD), case and accents folded, quotes and dashes levelled, invisible characters dropped.
Words without a digit lose hyphens and dots within ("peace-keeping", "peacekeeping") and are parted at "/" and at long
dashes. What holds a digit is a number and is kept whole: "1,325", "12.5%", "s/res/1325", "2005-2006", "km2". The "I" of
"5.I.35" is a "1", since tesseract takes it for one.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_QUOTES = dict.fromkeys(map(ord, "‘’‚‛′`´ʼ"), "'") | dict.fromkeys(map(ord, "“”„‟″«»"), '"')
_DASHES = dict.fromkeys(map(ord, "‐‑‒–−"), "-") | dict.fromkeys(map(ord, "—―"), " ") | {ord("⁄"): "/"}
_UNSEEN = dict.fromkeys((0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)))
_LEVEL = _QUOTES | _DASHES | _UNSEEN
_CHUNK = re.compile(r"\S+")
_PIECE = re.compile(r"[\w.,/:'%$€£-]+")
_DOTTED = re.compile(r"\d+(?:\.[a-z]{1,4})+(?:\.\d+)+")  # "5.I.35"
_ROMAN_ONES = re.compile(r"(?<=\.)[il]+(?=\.)")
_NOT_WITHIN_NUMBER = re.compile(r"(?<!\d)[.,:']+|[.,:']+(?!\d)")
_PARTS_WORDS = re.compile(r"[/,:%$€£_]+")
_WITHIN_WORD = re.compile(r"[.-]+")
_OUTER = "./,:'-_"


@dataclass(frozen=True, slots=True)
class Token:
    """A levelled word.

    `start` and `end` say where it comes from: characters of the stored text, or words seen. One that is not `counted`
    may match, and is held against nobody when it does not. `in_order`: its place among the others means something.
    `foreign`: letters that English does not have, in the chunk as printed. `broken`: a hyphen ends it as printed, so
    that it may be the beginning of a longer word.
    """

    text: str
    start: int
    end: int
    counted: bool = True
    in_order: bool = True
    foreign: int = 0
    broken: bool = False

    @property
    def is_number(self) -> bool:
        return has_digit(self.text)


def level(text: str) -> str:
    """The text with differences gone that nobody reads.

    >>> level("Côte d’Ivoire – ﬁrst")
    "cote d'ivoire - first"
    """
    folded = unicodedata.normalize("NFKD", text.translate(_LEVEL)).translate(_LEVEL).casefold()
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def words_in(chunk: str) -> list[str]:
    """The words and numbers of a stretch of text without blanks.

    >>> words_in("peace-keeping,")
    ['peacekeeping']
    >>> words_in("(S/RES/1325(2000)),3")
    ['s/res/1325', '2000', '3']
    """
    return [word for piece in _PIECE.findall(level(chunk)) for word in _words_of(piece) if any(map(str.isalnum, word))]


def tokens_of(text: str, start: int = 0) -> Iterator[Token]:
    """The words of a text with the places, from `start`, of the chunks between blanks that they stand in."""
    for chunk in _CHUNK.finditer(text):
        foreign = sum(letter.isalpha() and not letter.isascii() for letter in chunk[0])
        for word in words_in(chunk[0]):
            yield Token(word, start + chunk.start(), start + chunk.end(), foreign=foreign)


def letters_of(text: str) -> str:
    """Only the letters of a text, levelled: what a running head shares on pages with different numbers."""
    return "".join(letter for letter in level(text) if letter.isalpha())


def has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _words_of(piece: str) -> Iterator[str]:
    if not has_digit(piece):
        yield from (_WITHIN_WORD.sub("", word).strip("'") for word in _PARTS_WORDS.split(piece))
        return
    if _DOTTED.fullmatch(piece.strip(_OUTER)):
        yield _ROMAN_ONES.sub(lambda ones: "1" * len(ones[0]), piece.strip(_OUTER))
        return
    for part in _NOT_WITHIN_NUMBER.split(piece):
        if has_digit(part):
            yield part.strip(_OUTER)
        else:
            yield from _words_of(part)
