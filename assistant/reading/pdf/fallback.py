"""Pages read by pypdf, where PDFium fails: their text without places."""

import io
import logging
from collections.abc import Iterator

import numpy as np
import pypdf

from assistant.reading.pdf.glyphs import RawPage, no_glyphs
from assistant.reading.pdf.layout import Sheet
from assistant.reading.pdf.lines import Cell, Line

LINE_PT, LETTER_PT = 12.0, 5.0  # a line and a letter of the page that the text is thought to stand on
WIDTH, HEIGHT = 612.0, 792.0

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports each defect of a file; we report the page


class Fallback:
    """pypdf on a file, opened when first needed. Whatever goes wrong in it means that it cannot help."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._reader: pypdf.PdfReader | None = None

    def page_count(self) -> int:
        """How many pages it finds; 0 when it finds no document."""
        try:
            return len(self._opened().pages)
        except Exception:  # noqa: BLE001  a stranger's broken file: pypdf raises whatever it stumbles over
            return 0

    def text(self, index: int) -> str:
        """The text of a page, "" when it has none or cannot be read."""
        try:
            return self._opened().pages[index].extract_text()
        except Exception:  # noqa: BLE001  as above
            return ""

    def _opened(self) -> pypdf.PdfReader:
        if self._reader is None:
            self._reader = pypdf.PdfReader(io.BytesIO(self._data))
            if self._reader.is_encrypted:
                self._reader.decrypt("")
        return self._reader


def sheet_of(text: str, index: int) -> Sheet:
    """The text of a page laid out as if typed, so that paragraphs and running heads can be found in it."""
    rules = np.zeros((0, 4), np.float32)
    raw = RawPage(WIDTH, HEIGHT, no_glyphs(), rules)
    return Sheet(index, raw, HEIGHT, rules, columns=[list(_lines(text, index))], reader="pypdf")


def _lines(text: str, index: int) -> Iterator[Line]:
    rows = text.split("\n")
    pitch = min(LINE_PT, HEIGHT / max(len(rows), 1))
    for number, row in enumerate(rows, start=1):
        if not (line := " ".join(row.split())):
            continue
        base = number * pitch
        right = len(line) * LETTER_PT
        yield Line(
            page=index,
            text=line,
            places=[-1] * len(line),
            left=0.0,
            top=base - pitch,
            right=right,
            bottom=base,
            base=base,
            size=10.0,
            largest=10.0,
            bold=False,
            italic=False,
            cells=list(_cells(line)),
        )


def _cells(line: str) -> Iterator[Cell]:
    start = 0
    for word in line.split(" "):
        yield Cell(start, start + len(word), start * LETTER_PT, (start + len(word)) * LETTER_PT)
        start += len(word) + 1
