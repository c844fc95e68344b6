"""Pages that are pictures of text, read by tesseract: words with places and confidence, laid out like any others.

Tesseract is a program of the system, not a package; where it is missing, scanned pages stay without text and are
listed. It is run on a picture of the page, with list arguments and a time limit, by the process that reads files.
"""

import csv
import io
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from math import sqrt
from statistics import mean, median
from typing import Any

import numpy as np
import pypdfium2 as pdfium

from assistant.reading.pdf.glyphs import Glyphs, RawPage
from assistant.reading.pdf.layout import Sheet, lay_out

INSTALL = "Install tesseract to have them read (on Debian or Ubuntu: apt-get install tesseract-ocr)."
DPI = 300
MOST_PIXELS = 40_000_000  # an A1 poster; a larger page is drawn coarser
PAGE_TIMEOUT_S = 90.0
LANGUAGES = ("eng", "fra")  # those of them that are installed
FEWEST_SHADES = 16  # between the lightest and the darkest point: less is an empty page
LEAST_CONFIDENCE = 0.5  # for a "word" without a letter or digit: below, it is a speck of dust
_TALL = frozenset("bdfhijklt0123456789") | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DEEP = frozenset("gjpqy,;()")
_SHARE_OF_SIZE = {(True, True): 0.93, (True, False): 0.72, (False, True): 0.70, (False, False): 0.5}


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as tesseract found it; places in pixels from the top left corner, confidence 0 to 1."""

    paragraph: tuple[str, str]
    line: tuple[str, str, str]
    left: float
    top: float
    width: float
    height: float
    confidence: float
    text: str

    @property
    def size(self) -> float:
        """The font size that a word of these letters and this height has."""
        tall, deep = not _TALL.isdisjoint(self.text), not _DEEP.isdisjoint(self.text)
        return self.height / _SHARE_OF_SIZE[tall, deep]


def is_installed() -> bool:
    """Whether scanned pages can be read here."""
    return shutil.which("tesseract") is not None


def recognise(document: Any, index: int) -> Sheet | None:
    """The page `index` (from 0) of an open `pypdfium2.PdfDocument`, laid out from what tesseract sees on it; None
    when that is nothing, or tesseract fails."""
    try:
        page = document[index]
        width, height = page.get_size()
        scale = min(DPI / 72, sqrt(MOST_PIXELS / max(width * height, 1.0)))
        picture = page.render(scale=scale, grayscale=True).to_pil()
    except pdfium.PdfiumError:
        return None
    low, high = picture.getextrema()
    if high - low < FEWEST_SHADES:
        return None
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    words = list(_words(_table(file.getvalue(), round(scale * 72))))
    if not words:
        return None
    glyphs = _glyphs(words, width / picture.width)
    sheet = lay_out(RawPage(width, height, glyphs, np.zeros((0, 4), np.float32)), index)
    sheet.reader = "ocr"
    sheet.confidence = round(mean(word.confidence for word in words), 4)
    return sheet


def _table(picture: bytes, dpi: int) -> str:
    """What tesseract says of a picture, as tab-separated values; "" when it fails or takes too long."""
    command = ["tesseract", "stdin", "stdout", "-l", _languages(), "--dpi", str(dpi), "tsv"]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # on two processors its threads only wait for each other
    try:
        done = subprocess.run(
            command, input=picture, capture_output=True, timeout=PAGE_TIMEOUT_S, check=True, env=environment
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace")


@cache
def _languages() -> str:
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, timeout=30, check=False)
    found = [language for language in LANGUAGES if language in listed.stdout.split()]
    return "+".join(found or LANGUAGES[:1])


def _words(table: str) -> Iterator[_Word]:
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip()
        if row["level"] != "5" or not text:
            continue
        confidence = float(row["conf"]) / 100
        if confidence < LEAST_CONFIDENCE and not any(letter.isalnum() for letter in text):
            continue
        paragraph = (row["block_num"], row["par_num"])
        yield _Word(
            paragraph=paragraph,
            line=(*paragraph, row["line_num"]),
            left=float(row["left"]),
            top=float(row["top"]),
            width=float(row["width"]),
            height=float(row["height"]),
            confidence=max(confidence, 0.0),
            text="".join(text.split()),
        )


def _glyphs(words: Sequence[_Word], points: float) -> Glyphs:
    """The letters of the words, each with an even share of its word's box; `points` is the size of a pixel."""
    sizes = {key: median(w.size for w in group) for key, group in groupby(words, lambda w: w.paragraph)}
    bases = {key: _baseline(list(group)) for key, group in groupby(words, lambda w: w.line)}
    boxes, origins, size, first, runs = [], [], [], [], []
    lines = {key: number for number, key in enumerate(bases)}
    for word in words:
        step = word.width / len(word.text)
        for place in range(len(word.text)):
            left = word.left + place * step
            boxes.append((left, word.top, left + step, word.top + word.height))
            origins.append((left, bases[word.line]))
            size.append(sizes[word.paragraph])
            first.append(place == 0)
            runs.append(lines[word.line])
    count = len(boxes)
    no, zero = np.zeros(count, np.bool_), np.zeros(count, np.int64)
    return Glyphs(
        codes=np.array([ord(letter) for word in words for letter in word.text], np.int64),
        boxes=np.array(boxes, np.float32) * np.float32(points),
        origins=np.array(origins, np.float32) * np.float32(points),
        sizes=np.array(size, np.float32) * np.float32(points),
        angles=zero,
        leanings=zero.astype(np.float32),
        bold=no,
        italic=no,
        space=np.array(first, np.bool_),
        fonts=zero,
        runs=np.array(runs, np.int64),
        hidden=no,
    )


def _baseline(line: Sequence[_Word]) -> float:
    """Where the words of a line stand: most have no letter that goes below."""
    flat = [word.top + word.height for word in line if _DEEP.isdisjoint(word.text)]
    return median(flat or [word.top + word.height - 0.2 * word.size for word in line])
