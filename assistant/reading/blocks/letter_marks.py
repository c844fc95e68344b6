"""Raised letters behind figures are marks of notes, 62ᵃ, or the ends of ordinals and units: 1a, 2e, 5h.

Most letters can only be marks. Of the others the whole document decides: they are marks where a note begins with one.
Else they are written on the line, as ordinals are everywhere.
"""

import re
from collections.abc import Sequence

from assistant.reading.blocks.superscripts import lowered

_AMBIGUOUS = "ᵃᵈᵉᵍʰᵐᵒʳˢᵗ"  # 1ᵃ, 22ᵈ, 2ᵉ, 7ᵍ, 5ʰ, 3ᵐ, 1ᵒ, 1ʳ, 9ˢ, 4ᵗ
_BEHIND_FIGURE = re.compile(rf"(?<=[0-9%])[{_AMBIGUOUS}](?!\w)")
_NOTE = re.compile(rf"(?:\A|(?<=\n)|(?<= \| ))[{_AMBIGUOUS}](?!\w)")


def letters_settled(texts: Sequence[str]) -> list[str]:
    """The texts of a document, each as long as before, with those letters on the line that are no marks of notes.

    >>> letters_settled(["62ᵃ and 2ᵉ", "ᵃ Estimated."])
    ['62ᵃ and 2e', 'ᵃ Estimated.']
    """
    marks = {mark for text in texts for mark in _NOTE.findall(text)}
    return [_BEHIND_FIGURE.sub(lambda found: _settled(found[0], marks), text) for text in texts]


def _settled(letter: str, marks: set[str]) -> str:
    return letter if letter in marks else lowered(letter)
