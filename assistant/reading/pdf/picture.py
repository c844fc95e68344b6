"""A page of a PDF as a picture of bounded size, to be drawn in a process of its own (`isolation`).

A page may be 14,400 points long and wide: at the usual scale 24,480 pixels each way, 7 GB. What a file draws on its
page may take any time and memory besides, which only the limits of another process can bound.
"""

import io
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path

import pypdfium2 as pdfium

SCALE = 1.7  # pixels a point: about 1,000 pixels for the width of an A4 page
MOST_PIXELS = 6_000_000  # four A4 pages; a larger page is drawn coarser
LONGEST_SIDE = 8_000  # pixels


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as PNG, `scale` pixels to a point."""

    png: bytes = field(repr=False)
    scale: float


def draw_page(path: Path, number: int) -> Picture | None:
    """The physical page `number` (from 1) of a PDF; None when it cannot be drawn."""
    try:
        with pdfium.PdfDocument(path) as document:
            document.init_forms()  # without it, what is filled into a form is not drawn
            page = document[number - 1]
            scale = scale_for(*page.get_size())
            picture = page.render(scale=scale).to_pil().convert("RGB")
    except (pdfium.PdfiumError, OSError, IndexError, MemoryError):
        return None
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    return Picture(file.getvalue(), scale)


def scale_for(width: float, height: float) -> float:
    """Pixels a point for a page of this size in points.

    >>> scale_for(595, 842), round(scale_for(14_400, 14_400), 2)
    (1.7, 0.17)
    """
    return min(SCALE, LONGEST_SIDE / max(width, height, 1.0), sqrt(MOST_PIXELS / max(width * height, 1.0)))
