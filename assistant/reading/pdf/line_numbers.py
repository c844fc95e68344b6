"""Numbers that count the lines in the margin of a law or a draft leave the text: they stand inside its sentences.

They stand one below the other where no text is, and rise by one step. What else may be counted, the provisions of a
law or the rows of a table, begins with capitals, or has more or fewer lines than its numbers say.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from assistant.reading.pdf.columns import baselines
from assistant.reading.pdf.glyphs import Glyphs, Ints
from assistant.reading.pdf.words import Words

FEWEST = 5  # numbers on a page: "1 loaf, 2 eggs" is a list
FEWEST_OF_STEPS, LARGE_STEP = 2, 5  # "5", "10", with five lines from one to the other, are enough
ALIGNED = 2.0  # points by which their edges may differ
MOSTLY = 0.8  # of what stands at one edge counts; lines of footnotes are counted by themselves
MOST_SKIPPED = 2  # lines without a number, as headings are, for each that has one
SMALL_LETTERS = 0.2  # of the numbered lines go on with a small letter: they are no list
INDENT = 60.0  # points from the edge of the text within which a line begins


@dataclass(frozen=True, slots=True)
class _Count:
    """Numbers one below the other, from top to bottom: `places` are those of their words.

    `values` are those that rise by `step`: nearly all, but the lines of footnotes are counted by themselves.
    """

    places: Ints
    values: Sequence[int]
    step: int


def line_numbers(words: Words, glyphs: Glyphs) -> Ints:
    """The places of the words that number lines."""
    found: list[_Count] = []
    for count in sorted(_counts(words, glyphs), key=lambda count: float(words.boxes[count.places, 0].min())):
        if _counts_lines(count, words, glyphs, found):
            found.append(count)
    return np.unique(np.concatenate([np.zeros(0, np.int64), *(count.places for count in found)]))


def _counts(words: Words, glyphs: Glyphs) -> Iterator[_Count]:
    """The longest count at each edge where numbers stand one below the other."""
    numbers = _numbers(words, glyphs)
    for side in (0, 2):
        ordered = numbers[np.argsort(words.boxes[numbers, side], kind="stable")]
        for group in np.split(ordered, np.flatnonzero(np.diff(words.boxes[ordered, side]) > ALIGNED) + 1):
            if len(group) >= FEWEST_OF_STEPS:
                places = group[np.argsort(words.base[group], kind="stable")]
                values = [int(words.text(place, glyphs)) for place in places.tolist()]
                counted, step = _longest_count(values)
                if len(counted) >= max(FEWEST_OF_STEPS, MOSTLY * len(places)):
                    yield _Count(places, [values[place] for place in counted], step)


def _numbers(words: Words, glyphs: Glyphs) -> Ints:
    digits = np.concatenate(([0], np.cumsum((glyphs.codes >= ord("0")) & (glyphs.codes <= ord("9")))))
    length = words.last - words.first
    return np.flatnonzero((digits[words.last] - digits[words.first] == length) & (length < 5))


def _longest_count(values: Sequence[int]) -> tuple[list[int], int]:
    """The places of the longest series of values that rises by the step that is most frequent, and that step."""
    steps = Counter(after - before for before, after in pairwise(values) if after > before)
    if not steps:
        return [], 0
    step = steps.most_common(1)[0][0]
    series: dict[int, list[int]] = {}  # by their last value
    for place, value in enumerate(values):
        if value - step in series:
            series[value] = series.pop(value - step)
            series[value].append(place)
        else:
            series.setdefault(value, [place])
    return max(series.values(), key=len), step


def _counts_lines(count: _Count, words: Words, glyphs: Glyphs, others: Sequence[_Count]) -> bool:
    left, right = float(words.boxes[count.places, 0].min()), float(words.boxes[count.places, 2].max())
    top, bottom = float(words.boxes[count.places[0], 1]), float(words.boxes[count.places[-1], 3])
    taken = np.concatenate([count.places, *(other.places for other in others)])
    rest = np.setdiff1d(np.flatnonzero((words.boxes[:, 3] > top) & (words.boxes[:, 1] < bottom)), taken)
    before, after = rest[words.boxes[rest, 2] <= left], rest[words.boxes[rest, 0] >= right]
    if len(rest) - len(before) - len(after) > (1 - MOSTLY) * len(count.places):
        return False  # they stand among text
    if len(before) and len(after) and not any(_follows(count, other) for other in others):
        return False
    lines = _firsts_of_lines(after if len(after) else before, words)
    beside = [_beside(place, lines, words) for place in count.places.tolist()]
    small = sum(line is not None and words.text(int(lines[line]), glyphs)[0].islower() for line in beside)
    if small < SMALL_LETTERS * len(beside) or len(lines) > (MOST_SKIPPED + 1) * len(beside) * count.step:
        return False
    return len(count.values) >= FEWEST or _are_so_many_lines_apart(beside, count)


def _follows(count: _Count, other: _Count) -> bool:
    """Do the numbers of a second column of text go on from those of the first?"""
    return count.step == other.step and count.values[0] == other.values[-1] + other.step


def _firsts_of_lines(which: Ints, words: Words) -> Ints:
    """The first word of each line of the column that begins where the first of these words stands."""
    if not len(which):
        return which
    edge = float(words.boxes[which, 0].min())
    return np.array([row[0] for row in baselines(words, which[words.boxes[which, 0] < edge + INDENT])], np.int64)


def _beside(number: int, lines: Ints, words: Words) -> int | None:
    """Which of the lines stands at the height of the number."""
    middle = float(words.boxes[number, 1] + words.boxes[number, 3]) / 2
    at_height = np.flatnonzero((words.boxes[lines, 1] < middle) & (words.boxes[lines, 3] > middle))
    return int(at_height[0]) if len(at_height) else None


def _are_so_many_lines_apart(beside: Sequence[int | None], count: _Count) -> bool:
    if count.step < LARGE_STEP or count.values[0] % count.step:
        return False
    return all(
        before is not None and after is not None and after - before == count.step for before, after in pairwise(beside)
    )
