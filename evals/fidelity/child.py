"""The process in which PDFium opens files of strangers: `child.py MEMORY_MB TIMEOUT_S WHAT FILE [...]`.

WHAT is `count` (prints how many pages), `edges FIRST LAST` (prints the lines at head and foot of these pages, from 1,
as JSON), or `picture PAGE DPI MOST_PIXELS FORMAT` (writes the page as PNG or JPEG). It is run by its path, so that it
loads nothing but what it needs.
"""

import io
import json
import resource
import signal
import sys
from math import sqrt
from typing import Any

import pypdfium2 as pdfium

EDGE = 0.15  # of the page's height, at the head and at the foot
_MB = 1 << 20


def edges(document: Any, first: str, last: str) -> str:
    """For each page the lines of its text layer that begin or end within the edges."""
    return json.dumps([_edge_lines(document[number - 1]) for number in range(int(first), int(last) + 1)])


def picture(document: Any, page: str, dpi: str, most_pixels: str, kind: str) -> bytes:
    """The page in grey, as shown; with fewer dots to the inch where it would be too large."""
    shown = document[int(page) - 1]
    width, height = shown.get_size()
    scale = min(int(dpi) / 72, sqrt(int(most_pixels) / max(width * height, 1.0)))
    drawn = shown.render(scale=scale, grayscale=True).to_pil()
    file = io.BytesIO()
    drawn.save(file, kind, quality=60, compress_level=1)
    return file.getvalue()


def _edge_lines(page: Any) -> list[str]:
    left, bottom, right, top = page.get_bbox()
    wide, high = (right - left) * EDGE, (top - bottom) * EDGE
    if page.get_rotation() in (90, 270):
        strips = ((left, bottom, left + wide, top), (right - wide, bottom, right, top))
    else:
        strips = ((left, top - high, right, top), (left, bottom, right, bottom + high))
    text = page.get_textpage()
    return [line for strip in strips for line in text.get_text_bounded(*strip).splitlines() if line.strip()]


def _limit(memory_mb: int, timeout_s: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * _MB, memory_mb * _MB))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(timeout_s)  # ends it even when the parent that should have done so is gone


if __name__ == "__main__":
    memory_mb, timeout_s, what, file, *rest = sys.argv[1:]
    _limit(int(memory_mb), int(timeout_s))
    document = pdfium.PdfDocument(file)
    if what == "picture":
        sys.stdout.buffer.write(picture(document, *rest))
    else:
        print(edges(document, *rest) if what == "edges" else len(document))
