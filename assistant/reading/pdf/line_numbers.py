"""Numbers that count the lines in the margin of a law or a draft leave the text: they stand inside its sentences."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from assistant.reading.pdf.columns import baselines
from assistant.reading.pdf.glyphs import Glyphs, Ints
from assistant.reading.pdf.words import Words

FEWEST = 5  # numbers on a page: "1 loaf, 2 eggs" is a list
ALIGNED = 2.0  # points by which their edges may differ
MOST_SKIPPED = 2  # lines without a number, as headings are, for each that has one
SMALL_LETTERS = 0.2  # of the numbered lines go on with a small letter: they are no list


def line_numbers(words: Words, glyphs: Glyphs) -> Ints:
    """The places of the words that number lines."""
    rows = [row.tolist() for row in baselines(words, np.arange(len(words)))]
    numbered = [row for row in rows if len(row) > 1 and _number(row[0], words, glyphs) is not None]
    aligned = _aligned([row[0] for row in numbered], words)
    columns = [row for row in numbered if row[0] in aligned]
    numbers = [_number(row[0], words, glyphs) or 0 for row in columns]
    if len(columns) < FEWEST or not _counts(numbers) or len(rows) > (MOST_SKIPPED + 1) * len(columns) * _step(numbers):
        return np.zeros(0, np.int64)
    small = sum(chr(glyphs.codes[words.first[row[1]]]).islower() for row in columns)
    return np.array([row[0] for row in columns] if small >= SMALL_LETTERS * len(columns) else [], np.int64)


def _number(word: int, words: Words, glyphs: Glyphs) -> int | None:
    text = "".join(map(chr, glyphs.codes[words.first[word] : words.last[word]].tolist()))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def _aligned(places: Sequence[int], words: Words) -> set[int]:
    """The largest group of words whose right edges, or left ones, are one below the other."""
    best: set[int] = set()
    for side in (0, 2):
        edges = {place: round(float(words.boxes[place, side]) / ALIGNED) for place in places}
        edge = Counter(edges.values()).most_common(1)[0][0] if edges else 0
        best = max(best, {place for place in places if abs(edges[place] - edge) <= 1}, key=len)
    return best


def _step(numbers: Sequence[int]) -> int:
    return numbers[1] - numbers[0] if len(numbers) > 1 else 0


def _counts(numbers: Sequence[int]) -> bool:
    """Do the numbers rise by one step all the way?"""
    step = _step(numbers)
    return step > 0 and all(after - before == step for before, after in pairwise(numbers))
