"""Text that is struck out: a line runs through its letters. What a reviewer marked so is counted, and stays."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pypdfium2.raw as raw

from assistant.reading.pdf.glyphs import Floats, Glyphs, Ints
from assistant.reading.pdf.words import WORD_GAP

LOWEST, HIGHEST = 0.12, 0.42  # of the font size above the baseline: where a line is drawn through letters
BEYOND = 0.5  # font sizes: a line that reaches further than the letters under it is the border of a table


def struck_by_reviewers(page: Any) -> int:
    """How many marks of reviewers strike text of an open `pypdfium2.PdfPage` out. The document still has that text."""
    found = 0
    for number in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, number)
        found += raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_STRIKEOUT
        raw.FPDFPage_CloseAnnot(annotation)
    return found


def struck(glyphs: Glyphs, rules: Floats) -> Iterator[Ints]:
    """The places of the letters that each line drawn through them strikes out. `rules` (n, 4): the lines of the page,
    short ones too, left, top, right, bottom."""
    upright = np.flatnonzero((glyphs.angles == 0) & ~glyphs.hidden)
    level = rules[rules[:, 2] - rules[:, 0] > rules[:, 3] - rules[:, 1]]
    if not len(upright) or not len(level):
        return
    order = upright[np.argsort(glyphs.origins[upright, 1], kind="stable")]
    bases, highest = glyphs.origins[order, 1], HIGHEST * float(glyphs.sizes[order].max())
    heights = (level[:, 1] + level[:, 3]) / 2
    ends = np.searchsorted(bases, np.stack((heights, heights + highest))).tolist()
    for rule, height, first, last in zip(level, heights.tolist(), *ends, strict=True):
        letters = _on_rule(glyphs, order[first:last], rule, height)
        is_word = len(letters) > 1 or (len(letters) == 1 and _stands_alone(glyphs, int(letters[0])))
        if is_word and _ends_with(glyphs, letters, rule):
            yield np.sort(letters)


def _on_rule(glyphs: Glyphs, near: Ints, rule: Floats, height: float) -> Ints:
    above = (glyphs.origins[near, 1] - height) / glyphs.sizes[near]
    middles = (glyphs.boxes[near, 0] + glyphs.boxes[near, 2]) / 2
    on_rule = (above > LOWEST) & (above < HIGHEST) & (middles > rule[0]) & (middles < rule[2])
    return np.asarray(near[on_rule], np.int64)


def _stands_alone(glyphs: Glyphs, letter: int) -> bool:
    """Is it a word of its own? What runs through a letter in a word is a border on a map, through a bullet a dash."""
    is_bullet = not chr(int(glyphs.codes[letter])).isalnum()
    return not is_bullet and _is_parted(glyphs, letter) and _is_parted(glyphs, letter + 1)


def _is_parted(glyphs: Glyphs, place: int) -> bool:
    """Is there white, or the end of a line, before this letter?"""
    if place in (0, len(glyphs)) or glyphs.space[place]:
        return True
    white = float(glyphs.boxes[place, 0] - glyphs.boxes[place - 1, 2])
    return abs(white) > WORD_GAP * float(glyphs.sizes[place])


def _ends_with(glyphs: Glyphs, letters: Ints, rule: Floats) -> bool:
    """Does the line begin and end where these letters do?"""
    left, right = float(glyphs.boxes[letters, 0].min()), float(glyphs.boxes[letters, 2].max())
    beyond = BEYOND * float(glyphs.sizes[letters].max())
    return left - beyond < float(rule[0]) and float(rule[2]) < right + beyond
