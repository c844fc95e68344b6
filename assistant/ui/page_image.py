"""A page of a PDF as a picture, with the boxes of given characters marked on it.

The page is drawn by another process, within limits of memory and time: this one serves everybody.
"""

import io
import threading
from functools import partial
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw

from assistant.errors import AssistantError
from assistant.library import StoredPage
from assistant.reading.isolation import Fault, IsolatedProcess
from assistant.reading.pdf.picture import Picture, draw_page
from assistant.settings import Settings

MOST_PATIENCE_S = 20.0  # somebody waits for the picture
_MARK = (255, 226, 122)  # multiplied onto the page, so that the words under it stay black


class Artist:
    """Draws pages one at a time in a process of its own, which it keeps for the next."""

    def __init__(self, settings: Settings) -> None:
        self._process = IsolatedProcess(min(settings.read_timeout_s, MOST_PATIENCE_S), settings.read_memory_mb)
        self._mutex = threading.Lock()

    def draw(self, path: Path, number: int) -> Picture | None:
        """The page `number` of a PDF; None when it cannot be drawn within the limits."""
        try:
            with self._mutex:
                return self._process.do(partial(draw_page, path, number))
        except (Fault, AssistantError):
            return None

    def close(self) -> None:
        self._process.close()


def render(path: Path, sha256: str, page: StoredPage, marks: list[tuple[int, int]]) -> Image.Image | None:
    """The page with the characters at these offsets of its text marked; None when it cannot be drawn. `sha256`: of the
    file as it is now."""
    if page.boxes is None:
        return None
    drawn = _drawn(path, sha256, page.number)
    return _marked(drawn, page.boxes, marks) if drawn else None


@st.cache_resource(show_spinner=False)
def _artist() -> Artist:
    return Artist(Settings())


# Also that a page cannot be drawn is remembered: each click in the viewer would wait for it again.
@st.cache_data(show_spinner=False, max_entries=64, ttl=600)
def _drawn(path: Path, sha256: str, number: int) -> Picture | None:
    return _artist().draw(path, number)


def _marked(drawn: Picture, boxes: NDArray[np.float32], marks: list[tuple[int, int]]) -> Image.Image:
    picture = Image.open(io.BytesIO(drawn.png))
    layer = Image.new("RGB", picture.size, "white")
    draw = ImageDraw.Draw(layer)
    for start, end in marks:
        for left, top, right, bottom in line_boxes(boxes[start:end]):
            corners = [drawn.scale * place for place in (left - 1, top - 1, right + 1, bottom + 1)]
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
