"""Stretches of a text that hold no language: pictures as base64, keys, dumps of bytes, one word without an end.

They are left out before a text is stored: a picture of 70,000 letters made 447 passages that nobody can ask for, and
stood between sentences that people do ask for. Told by words, not by length alone: Chinese and Thai write without
spaces, and a long address, the name of a protein or a row of numbers is something that people look for.
"""

import re
from collections.abc import Callable, Iterator, Sequence

LEAST = 300  # characters: what is shorter does little harm
LONGEST_WORD = 2000  # letters: the longest in print, the name of a protein, has 1,909
LONGEST_ADDRESS = 2000  # characters
LONGEST_NUMBER = 15  # digits
LONGEST_CAPITALS = 60  # letters of a word written in capitals
# Of random letters and digits parted by spaces, 16 at a time, one in a thousand looks like words by half; of 64 none.
_TOKEN = re.compile(r"\S{16,}")
_PIECE = re.compile(r"[^\W_]+")
# Scripts without spaces between words: Thai, Lao, Tibetan, Burmese, Khmer, Chinese, Japanese; and Korean.
_SPACELESS = re.compile("[\u0e00-\u109f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_BYTES = re.compile(r"(?<!\S)(?:(?:[0-9a-f]{2}\s+){8,}|(?:[0-9a-f]{4}\s+){6,}|(?:[0-9a-f]{8}\s+){4,})", re.IGNORECASE)
_BETWEEN_BYTES = 40  # characters: the letters at the end of a line of a dump, and the place at the head of the next
_MIXED = re.compile(r"\b(?:\d+[a-f]|[a-f]+\d)", re.IGNORECASE)
_FEWEST_MIXED = 0.1  # of the groups of a dump: a table of numbers has none

Span = tuple[int, int]


def without_language(text: str) -> list[Span]:
    """The stretches of a text, as (start, end) in order, that are long and hold no language.

    >>> without_language("See " + "9bFlIkpYt5Hf+/" * 50 + " above.")
    [(4, 704)]
    """
    if len(text) < LEAST:
        return []
    words = (found.span() for found in _TOKEN.finditer(text) if not _is_language(found[0]))
    bytes_ = (found.span() for found in _BYTES.finditer(text))
    runs = [
        *_joined(words, lambda start, end: text[start:end].isspace()),
        *(run for run in _joined(bytes_, lambda a, b: b - a <= _BETWEEN_BYTES) if _is_dump(text[slice(*run)])),
    ]
    long = sorted(run for run in runs if run[1] - run[0] >= LEAST)
    return list(_joined(long, lambda start, end: start >= end))


def in_words(lengths: Sequence[int]) -> str:
    """A sentence on stretches of these lengths that were left out."""
    if len(lengths) == 1:
        return f"1 stretch of {lengths[0]:,} characters without words was left out."
    return f"{len(lengths)} stretches without words were left out, {sum(lengths):,} characters in all."


def _is_language(token: str) -> bool:
    """Whether at least half of the letters and digits of a stretch without spaces are those of words and numbers."""
    if ("://" in token or token.startswith("www.")) and len(token) <= LONGEST_ADDRESS:
        return True
    rest, spaceless = _SPACELESS.subn(" ", token)
    pieces = _PIECE.findall(rest)
    said = spaceless + sum(len(piece) for piece in pieces if _is_word(piece))
    total = spaceless + sum(map(len, pieces))
    return total > 0 and 2 * said >= total


def _is_word(piece: str) -> bool:
    if piece.isdecimal():
        return len(piece) <= LONGEST_NUMBER
    if piece.isupper():
        return piece.isalpha() and len(piece) <= LONGEST_CAPITALS
    is_cased_as_a_word = piece.lower() == piece.upper() or piece[1:].islower()
    return piece.isalpha() and is_cased_as_a_word and len(piece) <= LONGEST_WORD


def _is_dump(text: str) -> bool:
    """Whether groups of hexadecimal digits are bytes: in some, digits and letters stand side by side."""
    return len(_MIXED.findall(text)) >= _FEWEST_MIXED * len(text.split())


def _joined(spans: Iterator[Span] | Sequence[Span], may_join: Callable[[int, int], bool]) -> Iterator[Span]:
    """Spans in order, those put together between which is only what `may_join`, or nothing."""
    last: Span | None = None
    for span in spans:
        if last and (span[0] <= last[1] or may_join(last[1], span[0])):
            last = (last[0], max(last[1], span[1]))
            continue
        if last:
            yield last
        last = span
    if last:
        yield last
