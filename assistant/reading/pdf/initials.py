"""Initials that are set over several lines stand in the first of them: "T" before "he guard was raised"."""

import numpy as np

from assistant.reading.pdf.glyphs import Glyphs
from assistant.reading.pdf.words import Words

BESIDE = 1.5  # font sizes between an initial and the lines beside it, at most
FEWEST_LINES = 2  # beside an initial
LONGEST = 3  # characters: quotation mark, capital, apostrophe
_SIGNS = ".,;:\"'“”„‘’«»"
_WORDS_OF_ONE_LETTER = ("A", "I", "O")


def with_initials_set_down(words: Words, glyphs: Glyphs) -> Words:
    """The words, initials at the place, in the size and on the baseline of the word that they begin."""
    if not len(words):
        return words
    usual = float(np.median(np.repeat(words.size, words.last - words.first)))
    large = (words.size > usual) & (words.last - words.first <= LONGEST)
    lines = {
        initial: _beside(words, initial, usual)
        for initial in np.flatnonzero(large).tolist()
        if len(letter := _text(initial, words, glyphs)) == 1 and (letter.isupper() or letter.isdecimal())
    }
    begun = {
        initial: beside[0]
        for initial, beside in lines.items()
        if len(beside) >= FEWEST_LINES and _begins(_text(initial, words, glyphs), _text(beside[0], words, glyphs))
    }
    rest = np.setdiff1d(np.arange(len(words)), [*begun.values()]).tolist()
    others = {_text(other, words, glyphs).casefold() for other in rest}
    for initial, word in begun.items():
        joined = _is_joined(_text(initial, words, glyphs), _text(word, words, glyphs), others)
        _set_down(words, initial, word, joined=joined)
    return words


def _beside(words: Words, initial: int, usual: float) -> list[int]:
    """The first word of each line that begins right of an initial, within its height, from top to bottom.

    Its letters may reach into its box; a line that runs on under a raised initial is not beside it.
    """
    left, top, right, bottom = words.boxes.T
    middle, center = (top + bottom) / 2, (left[initial] + right[initial]) / 2
    near = (left < right[initial] + BESIDE * usual) & (words.size < words.size[initial])
    near &= (middle > top[initial]) & (middle < bottom[initial])
    under = words.base[near & (left < center) & (right > left[initial])]
    found: list[int] = np.flatnonzero(near & (left > center) & ~np.isin(words.base, under)).tolist()
    return sorted(found, key=lambda word: float(words.base[word]))


def _begins(letter: str, rest: str) -> bool:
    """Can it? A figure begins a year ("1" before "909"), else it numbers what stands beside it."""
    return letter.isupper() or rest.isdecimal()


def _is_joined(letter: str, rest: str, others: set[str]) -> bool:
    """Does the word go on from the initial? "A" and "soldier" do not where "soldier" stands elsewhere by itself."""
    if letter not in _WORDS_OF_ONE_LETTER:
        return True
    return f"{letter}{rest}".casefold() in others or (rest.casefold() not in others and rest.islower())


def _text(word: int, words: Words, glyphs: Glyphs) -> str:
    return words.text(word, glyphs).strip(_SIGNS)


def _set_down(words: Words, initial: int, word: int, *, joined: bool) -> None:
    right, top, _, bottom = words.boxes[word].tolist()
    words.boxes[initial] = (min(float(words.boxes[initial, 0]), right), top, right, bottom)
    words.base[initial], words.size[initial] = words.base[word], words.size[word]
    words.space[word] = not joined
