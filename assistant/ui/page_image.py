"""A page of a PDF as a picture, with the boxes of given characters marked on it."""

import threading
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw

from assistant.library import StoredPage

_SCALE = 1.7  # pixels a point: about 1,000 pixels for the width of an A4 page
_MARK = (255, 226, 122)  # multiplied onto the page, so that the words under it stay black
_PDFIUM = threading.Lock()  # the library is not thread-safe


def render(path: Path, page: StoredPage, marks: list[tuple[int, int]]) -> Image.Image | None:
    """The page with the characters at these offsets of its text marked; None when it cannot be drawn."""
    if page.boxes is None:
        return None
    try:
        with _PDFIUM, pdfium.PdfDocument(path) as document:
            picture = document[page.number - 1].render(scale=_SCALE).to_pil().convert("RGB")
    except pdfium.PdfiumError:
        return None
    layer = Image.new("RGB", picture.size, "white")
    draw = ImageDraw.Draw(layer)
    for start, end in marks:
        for left, top, right, bottom in line_boxes(page.boxes[start:end]):
            corners = [_SCALE * (left - 1), _SCALE * (top - 1), _SCALE * (right + 1), _SCALE * (bottom + 1)]
            draw.rounded_rectangle(corners, radius=3, fill=_MARK)
    return ImageChops.multiply(picture, layer)


def line_boxes(boxes: NDArray[np.float32]) -> list[tuple[float, float, float, float]]:
    """One box (left, top, right, bottom) for each run of characters that stand on one line.

    `boxes`: float32 array of shape (n_characters, 4), rows of NaN for characters that stand nowhere.
    """
    lines: list[tuple[float, float, float, float]] = []
    for left, top, right, bottom in boxes[~np.isnan(boxes).any(axis=1)].tolist():
        if lines and _same_line(lines[-1], (left, top, right, bottom)):
            before = lines[-1]
            lines[-1] = (min(before[0], left), min(before[1], top), max(before[2], right), max(before[3], bottom))
        else:
            lines.append((left, top, right, bottom))
    return lines


def _same_line(line: tuple[float, float, float, float], box: tuple[float, float, float, float]) -> bool:
    """Whether a box overlaps a line by half its height and follows it within three heights."""
    overlap = min(line[3], box[3]) - max(line[1], box[1])
    height = max(box[3] - box[1], 1.0)
    return overlap > 0.5 * min(height, line[3] - line[1]) and box[0] - line[2] < 3 * height
