"""What tesseract sees in a picture: words with their confidence, their line and their place.

Of tables it may miss a third. Where it is not sure of some words, it looks again, for words wherever they stand; those
that it is then sure of take the place of what it was not sure of, or of nothing.
"""

import csv
import io
import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from assistant.errors import UsageError
from assistant.reading.pdf.ocr import LANGUAGES, PAGE_TIMEOUT_S, is_installed

SUREST = 0.9  # confidence of a word to build on: below, of twenty words one is wrong, above, of four hundred
LEAST_UNSURE = 0.05  # of the words, for a second look
AS_TEXT, WHEREVER = "3", "11"  # ways of parting a page, tesseract's --psm
Box = tuple[float, float, float, float]  # left, top, right, bottom, as shares of the picture's width and height


@dataclass(frozen=True, slots=True)
class SeenWord:
    """A word as printed; `line` and `block` count those of the page in the order in which tesseract reads them."""

    text: str
    confidence: float
    line: int
    block: int
    box: Box

    @property
    def is_sure(self) -> bool:
        return self.confidence >= SUREST


def version() -> str:
    """Which tesseract reads, and in which languages; UsageError where there is none."""
    if not is_installed():
        raise UsageError("tesseract is missing: apt-get install tesseract-ocr")
    return f"{_said('--version').split()[1]}-{_languages()}"


def look(picture: bytes, dpi: int) -> list[str] | None:
    """What tesseract says of a picture at one look or two, as tables of tab-separated values; None when it fails."""
    first = _table_of(picture, dpi, AS_TEXT)
    if first is None:
        return None
    words = list(_words(first))
    unsure = sum(not word.is_sure for word in words)
    second = _table_of(picture, dpi, WHEREVER) if unsure > LEAST_UNSURE * len(words) else None
    return [first] if second is None else [first, second]


def words_of(tables: Sequence[str]) -> list[SeenWord]:
    """The words of such tables, in the order of the first."""
    words, *again = (list(_words(table)) for table in tables)
    return _merged(words, again[0]) if again else words


def _table_of(picture: bytes, dpi: int, parting: str) -> str | None:
    command = ["tesseract", "stdin", "stdout", "-l", _languages(), "--psm", parting, "--dpi", str(dpi), "tsv"]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # pages are read beside each other instead
    try:
        done = subprocess.run(
            command, input=picture, capture_output=True, timeout=PAGE_TIMEOUT_S, check=True, env=environment
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace")


def _words(table: str) -> Iterator[SeenWord]:
    lines: dict[tuple[int, str, str], int] = {}
    width = height = 1.0
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == "1":
            width, height = max(float(row["width"]), 1.0), max(float(row["height"]), 1.0)
        text = "".join((row.get("text") or "").split())
        if row["level"] != "5" or not text:
            continue
        block = int(row["block_num"])
        line = lines.setdefault((block, row["par_num"], row["line_num"]), len(lines))
        left, top = float(row["left"]), float(row["top"])
        right, bottom = left + float(row["width"]), top + float(row["height"])
        box = (left / width, top / height, right / width, bottom / height)
        yield SeenWord(text, float(row["conf"]) / 100, line, block, box)


def _merged(words: Sequence[SeenWord], again: Sequence[SeenWord]) -> list[SeenWord]:
    """The words, and of a second look those that it is sure of where it was not before."""
    better: dict[int, list[SeenWord]] = {}
    new: dict[int, list[SeenWord]] = {}
    for word in filter(lambda word: word.is_sure, again):
        under = [place for place, before in enumerate(words) if _overlap(before.box, word.box)]
        if not under:
            new.setdefault(_left_of(word, words), []).append(word)
        elif not any(words[place].is_sure for place in under):
            better.setdefault(under[0], []).append(word)
            for place in under[1:]:
                better.setdefault(place, [])
    merged = []
    for place, before in enumerate(words):
        found = [*better.get(place, [before]), *new.pop(place, [])]
        merged += [replace(word, line=before.line, block=before.block) for word in found]
    last_line, last_block = max((w.line for w in words), default=-1), max((w.block for w in words), default=-1)
    alone = [word for rest in new.values() for word in rest]
    return merged + [replace(w, line=last_line + 1 + w.line, block=last_block + 1 + w.block) for w in alone]


def _left_of(word: SeenWord, words: Sequence[SeenWord]) -> int:
    """The nearest word on the left in the same row, -1 where there is none."""
    left, top, _, bottom = word.box
    row = [
        (other.box[2], place)
        for place, other in enumerate(words)
        if other.box[1] < (top + bottom) / 2 < other.box[3] and other.box[2] <= left
    ]
    return max(row, default=(0.0, -1))[1]


def _overlap(one: Box, other: Box) -> bool:
    """Does the middle of one lie in the other?"""
    return _holds(one, other) or _holds(other, one)


def _holds(outer: Box, inner: Box) -> bool:
    across, down = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= across <= outer[2] and outer[1] <= down <= outer[3]


@cache
def _languages() -> str:
    listed = _said("--list-langs").split()
    return "+".join([language for language in LANGUAGES if language in listed] or LANGUAGES[:1])


def _said(option: str) -> str:
    return subprocess.run(["tesseract", option], capture_output=True, text=True, timeout=30, check=False).stdout
