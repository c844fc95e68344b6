"""Charts drawn on a page: the numbers along an axis, and what stands between and under them, are no text.

An axis is sure to be one when evenly spaced numbers stand one under the other, count down by equal steps to nought,
and have the lines of a drawing beside them, none of which reaches over them as the rules of a table would.
"""

import re
from collections.abc import Iterable, Iterator

import numpy as np

from assistant.reading.pdf.columns import Fragments, fragments
from assistant.reading.pdf.glyphs import Bools, Floats, Glyphs, Ints, middles_in
from assistant.reading.pdf.words import Words

FEWEST_TICKS = 4  # numbers along an axis; a table may have three such by chance
ALIGNED = 2.5  # points: the numbers end at one edge
EVEN = 1.0  # points that the distances of the numbers may differ
BESIDE = 2.0  # font sizes between the numbers and the lines of the drawing: as wide as a tick
WIDEST_NAME = 20.0  # points to the left of the numbers: one turned line
LINE = 1.35  # font sizes from the axis to its labels, and between their lines
_Box = tuple[float, float, float, float]  # left, top, right, bottom
LONGEST_NUMBER = 12  # characters
_NUMBER = re.compile(r"\d[\d,.]*%?")


def charts(words: Words, glyphs: Glyphs, rules: Floats) -> Floats:
    """The boxes (n, 4) of the charts on a page: the numbers of the axis, what is drawn, the labels under it."""
    if not len(rules) or not len(words):
        return np.zeros((0, 4), np.float32)
    parts = fragments(words)
    found = [_box(parts.boxes, ticks, rules) for ticks in _axes(parts.boxes, _values(words, glyphs, parts))]
    return np.array(_joined(box for box in found if box is not None), np.float32).reshape(-1, 4)


def in_charts(boxes: Floats, areas: Floats) -> Bools:
    """Which of these boxes have their middles in one of the areas."""
    found = np.zeros(len(boxes), np.bool_)
    for area in areas:
        found |= middles_in(boxes, area)
    return found


def with_names_of_axes(areas: Floats) -> Floats:
    """The areas of charts with the strip to their left, in which the name of an axis stands turned."""
    return areas - np.array([WIDEST_NAME, 0, 0, 0], np.float32)


def _values(words: Words, glyphs: Glyphs, parts: Fragments) -> Floats:
    """The number that each stretch of text is, NaN for other text."""
    found = []
    for part, characters in zip(parts.words, parts.characters.tolist(), strict=True):
        text = "".join(words.text(word, glyphs) for word in part) if characters < LONGEST_NUMBER else ""
        is_number = _NUMBER.fullmatch(text) and text.count(".") < 2
        found.append(float(re.sub("[,%]", "", text)) if is_number else np.nan)
    return np.array(found, np.float32)


def _axes(boxes: Floats, values: Floats) -> Iterator[Ints]:
    """The numbers of each axis, from top to bottom, which end at one edge, or begin at one on the other side."""
    numbers = np.flatnonzero(~np.isnan(values))
    for side in (2, 0):
        by_edge = numbers[np.argsort(boxes[numbers, side], kind="stable")]
        for group in np.split(by_edge, np.flatnonzero(np.diff(boxes[by_edge, side]) > ALIGNED) + 1):
            column = group[np.argsort(boxes[group, 3], kind="stable")]
            for end in np.flatnonzero(values[column] == 0):
                ticks = column[_first_tick(values[column], boxes[column, 3], int(end)) : end + 1]
                if len(ticks) >= FEWEST_TICKS:
                    yield ticks


def _first_tick(values: Floats, feet: Floats, end: int) -> int:
    """The first of the numbers that go down to `end` by equal steps at equal distances."""
    first = end
    while first and values[first - 1] > values[first]:
        step, pitch = values[end - 1] - values[end], feet[end] - feet[end - 1]
        if not np.isclose(values[first - 1] - values[first], step, rtol=1e-3):
            break
        if abs(feet[first] - feet[first - 1] - pitch) > EVEN:
            break
        first -= 1
    return first


def _box(boxes: Floats, ticks: Ints, rules: Floats) -> _Box | None:
    """What the lines of the drawing beside these numbers span, with the labels under it."""
    left, top = (float(side) for side in boxes[ticks, :2].min(axis=0))
    edge, foot = (float(side) for side in boxes[ticks, 2:].max(axis=0))
    size = float(boxes[ticks[0], 3] - boxes[ticks[0], 1])
    level = rules[(rules[:, 3] > top) & (rules[:, 1] < foot)]
    if ((level[:, 0] < left) & (level[:, 2] > edge)).any():
        return None
    to_right = level[(level[:, 0] > edge - 1) & (level[:, 0] < edge + BESIDE * size)]
    to_left = level[(level[:, 2] < left + 1) & (level[:, 2] > left - BESIDE * size)]
    for beside in (to_right, to_left):
        is_axis = (beside[:, 3] - beside[:, 1]).max(initial=0) > foot - top - 2 * size
        if is_axis or len(beside) >= len(ticks) - 1:  # or lines across at the height of the numbers
            sides = min(left, float(beside[:, 0].min())) - size, max(edge, float(beside[:, 2].max())) + size
            return sides[0], top - size, sides[1], _foot_of_labels(boxes, sides, foot, size)
    return None


def _joined(boxes: Iterable[_Box]) -> list[_Box]:
    """The boxes, those that overlap made one: a chart may have an axis on each side."""
    joined: list[_Box] = []
    for box in boxes:
        same = [
            other
            for other in joined
            if box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
        ]
        joined = [other for other in joined if other not in same]
        every = np.array([box, *same])
        joined.append((*every[:, :2].min(axis=0).tolist(), *every[:, 2:].max(axis=0).tolist()))
    return joined


def _foot_of_labels(boxes: Floats, sides: tuple[float, float], foot: float, size: float) -> float:
    """Where the lines end that stand close under the axis."""
    middles = (boxes[:, 0] + boxes[:, 2]) / 2
    feet = boxes[(middles > sides[0]) & (middles < sides[1]) & (boxes[:, 3] > foot + 1), 3]
    for below in np.sort(feet).tolist():
        if below > foot + LINE * size:
            break
        foot = below
    return foot + 1
