"""The visible characters of a PDF page with their places, read in bulk through PDFium.

PDFium is asked four things of each character. Called in the usual way that costs 10 seconds for a million
characters; here the functions take addresses instead of ctypes objects and are driven by `map`, which costs
1.2 seconds. What belongs to a run of text (font, size, slope) is asked once for each text object.

Places are in points from the top left corner of the page as shown: after rotation, inside the crop box.
"""

import ctypes
import zlib
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Area = tuple[float, float, float, float]  # left, bottom, right, top in the coordinates of a page of the file

MOST_CHARACTERS = 200_000  # on one page; a full newspaper page has 30,000
MOST_OBJECTS = 20_000  # drawn on one page; maps have more, and their lines say nothing about text
MOST_SEGMENTS = 400  # of one path; tables have fewer, coastlines more
THICKEST_RULE, SHORTEST_RULE, SHORTEST_DASH = 3.0, 10.0, 3.0  # points
CELL_SPACING = 6.0  # points between the borders of neighbouring cells
STEEPEST, SLANTED = 15.0, -1  # degrees that a crooked scan may have; what is steeper is a watermark or a label
_SPACES = np.array([0, 9, 10, 13, 32, 0xA0, 0x2002, 0x2003, 0x2007, 0x2009, 0x200A, 0x202F, 0x3000])
_LINE_END_HYPHENS = np.array([0x02, 0xAD, 0xFFFE])  # as PDFium gives a hyphen that it takes for a soft one
_BOLD_NAME = ("bold", "black", "heavy", "semibold", "demi")
_ITALIC_NAME = ("italic", "oblique", "slanted")
_FLAG_ITALIC, _FLAG_FORCE_BOLD = 1 << 6, 1 << 18
_INVISIBLE = 3


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The visible characters of a page in the order of the file (logical order where text runs right to left).

    All arrays have one row a character. `space` says that white space stood before it in the file.
    """

    codes: Ints
    boxes: Floats  # (n, 4): left, top, right, bottom
    origins: Floats  # (n, 2): where the character stands on its baseline
    sizes: Floats  # font size as shown, points
    angles: Ints  # 0, 90, 180 or 270: how far the writing is turned clockwise, as shown; or SLANTED
    leanings: Floats  # degrees by which it is turned further
    bold: Bools
    italic: Bools
    space: Bools  # the file has white space before it
    fonts: Ints  # a number for each font, the same on all pages
    runs: Ints  # a number for each stretch that the file draws at once
    hidden: Bools  # drawn invisibly, as text recognition does behind a scan

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, which: Any) -> "Glyphs":
        """The characters at these places (an index or a mask)."""
        return Glyphs(*(getattr(self, name)[which] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as PDFium gives it: its size as shown, its characters, the straight lines drawn on it and the level ones
    too short for these, the fields of its form that are filled in, how many marks of reviewers strike text out."""

    width: float
    height: float
    glyphs: Glyphs
    rules: Floats  # (n, 4): left, top, right, bottom of horizontal and vertical lines
    dashes: Floats = field(default_factory=lambda: np.zeros((0, 4), np.float32))  # (n, 4), as rules
    fields: Floats = field(default_factory=lambda: np.zeros((0, 4), np.float32))  # (n, 4), as rules
    struck_by_reviewers: int = 0


def no_glyphs() -> Glyphs:
    """The characters of a page that has none."""
    return blank_glyphs(0)


def blank_glyphs(count: int) -> Glyphs:
    """So many characters, upright, thin and visible, of which nothing else is known yet."""

    def column(kind: type[np.generic], *width: int) -> Any:
        return np.zeros((count, *width), kind)

    return Glyphs(
        codes=column(np.int64),
        boxes=column(np.float32, 4),
        origins=column(np.float32, 2),
        sizes=column(np.float32),
        angles=column(np.int64),
        leanings=column(np.float32),
        bold=column(np.bool_),
        italic=column(np.bool_),
        space=column(np.bool_),
        fonts=column(np.int64),
        runs=column(np.int64),
        hidden=column(np.bool_),
    )


def joined(parts: Sequence[Glyphs]) -> Glyphs:
    """The characters of all parts, one after the other."""
    return Glyphs(*(np.concatenate([getattr(part, name) for part in parts]) for name in Glyphs.__slots__))


def middles_in(boxes: Floats, area: Sequence[float] | Floats, overhang: float = 0.0) -> Bools:
    """Which of the boxes (n, 4) have their middles in the area (left, top, right, bottom); `overhang`: points by which
    they may lie left or right of it."""
    x, y = ((boxes[:, :2] + boxes[:, 2:]) / 2).T
    left, top, right, bottom = area
    return np.asarray((x > left - overhang) & (x < right + overhang) & (y > top) & (y < bottom))


def read_page(page: Any, areas: Sequence[Area] = ()) -> RawPage:
    """Read an open `pypdfium2.PdfPage`. `areas` of it, in its own coordinates, are given as they lie when shown."""
    textpage = page.get_textpage()
    try:
        frame = _Frame.of(page)
        glyphs = _glyphs(textpage, frame)
        fields = frame.boxes(*np.array(areas, np.float64).reshape(-1, 4).T)
        return RawPage(frame.width, frame.height, glyphs, *_rules(page, frame), fields)
    finally:
        textpage.close()


@dataclass(frozen=True, slots=True)
class _Frame:
    """How the page lies: turns places of the PDF's own coordinates into places on the page as shown."""

    left: float
    bottom: float
    right: float
    top: float
    turned: int

    @classmethod
    def of(cls, page: Any) -> "_Frame":
        left, bottom, right, top = page.get_bbox()
        return cls(left, bottom, right, top, page.get_rotation() % 360)

    @property
    def width(self) -> float:
        return self.right - self.left if self.turned in (0, 180) else self.top - self.bottom

    @property
    def height(self) -> float:
        return self.top - self.bottom if self.turned in (0, 180) else self.right - self.left

    def points(self, x: NDArray[Any], y: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        match self.turned:
            case 90:
                return y - self.bottom, x - self.left
            case 180:
                return self.right - x, y - self.bottom
            case 270:
                return self.top - y, self.right - x
        return x - self.left, self.top - y

    def boxes(self, x0: NDArray[Any], y0: NDArray[Any], x1: NDArray[Any], y1: NDArray[Any]) -> Floats:
        (ax, ay), (bx, by) = self.points(x0, y0), self.points(x1, y1)
        corners = (np.minimum(ax, bx), np.minimum(ay, by), np.maximum(ax, bx), np.maximum(ay, by))
        return np.stack(corners, axis=1).astype(np.float32)


def _glyphs(textpage: Any, frame: _Frame) -> Glyphs:
    count = min(textpage.count_chars(), MOST_CHARACTERS)
    handle = ctypes.cast(textpage.raw, ctypes.c_void_p).value
    call = _entry_points()
    codes = np.fromiter(map(call.code, repeat(handle), range(count)), np.int64, count)
    runs = np.fromiter(map(call.text_object, repeat(handle), range(count)), np.uint64, count)
    white = np.isin(codes, _SPACES)
    white[white] = np.fromiter(map(call.is_generated, repeat(handle), np.flatnonzero(white).tolist()), np.int64) == 0
    visible = np.flatnonzero((runs != 0) & ~np.isin(codes, _SPACES) | np.isin(codes, _LINE_END_HYPHENS))
    box, origin = np.zeros((count, 4), np.float32), np.zeros((count, 2), np.float64)
    places = visible.tolist()
    deque(map(call.box, repeat(handle), places, (visible * 16 + box.ctypes.data).tolist()), maxlen=0)
    at = visible * 16 + origin.ctypes.data
    deque(map(call.origin, repeat(handle), places, at.tolist(), (at + 8).tolist()), maxlen=0)
    left, top, right, bottom = box[visible].T
    x, y = frame.points(*origin[visible].T)
    sizes, angles, leanings, bold, italic, hidden, fonts = _styles(textpage, visible, runs[visible])
    return Glyphs(
        codes=np.where(np.isin(codes[visible], _LINE_END_HYPHENS), ord("-"), codes[visible]),
        boxes=frame.boxes(left, bottom, right, top),
        origins=np.stack((x, y), axis=1).astype(np.float32),
        sizes=sizes,
        angles=np.where(angles == SLANTED, SLANTED, (angles + frame.turned) % 360),
        leanings=leanings,
        bold=bold,
        italic=italic,
        space=np.diff(np.cumsum(white)[visible], prepend=0) > 0,
        fonts=fonts,
        runs=_numbered(runs[visible]),
        hidden=hidden,
    )


def _numbered(runs: NDArray[np.uint64]) -> Ints:
    """For each character the place of the first of its run: PDFium tells runs by addresses, whose order is chance."""
    _, first, which = np.unique(runs, return_index=True, return_inverse=True)
    return np.asarray(first[which], np.int64)


def _styles(
    textpage: Any, places: Ints, runs: NDArray[np.uint64]
) -> tuple[Floats, Ints, Floats, Bools, Bools, Bools, Ints]:
    """Size, angle, leaning, bold, italic, hidden, font of each character: asked once for each run, given to all its
    own."""
    _, first, which = np.unique(runs, return_index=True, return_inverse=True)
    styles = np.array([_style(textpage, int(place)) for place in places[first]], np.float64).reshape(-1, 7)[which].T
    size, angle, leaning, bold, italic, hidden, font = styles
    return (
        size.astype(np.float32),
        angle.astype(np.int64),
        leaning.astype(np.float32),
        bold.astype(np.bool_),
        italic.astype(np.bool_),
        hidden.astype(np.bool_),
        font.astype(np.int64),
    )


def _style(textpage: Any, place: int) -> tuple[float, int, float, bool, bool, bool, int]:
    matrix, flags = raw.FS_MATRIX(), ctypes.c_int()
    raw.FPDFText_GetMatrix(textpage, place, matrix)
    name = ctypes.create_string_buffer(128)
    raw.FPDFText_GetFontInfo(textpage, place, name, 128, flags)
    font = name.value.decode("latin-1").lower()
    size = abs(raw.FPDFText_GetFontSize(textpage, place)) * float(np.hypot(matrix.c, matrix.d))
    turned = -float(np.degrees(np.arctan2(matrix.b, matrix.a)))
    upright = round(turned / 90) * 90
    leaning = turned - upright
    heavy = raw.FPDFText_GetFontWeight(textpage, place) >= 600 or bool(flags.value & _FLAG_FORCE_BOLD)
    mode = raw.FPDFTextObj_GetTextRenderMode(raw.FPDFText_GetTextObject(textpage, place))
    return (
        size,
        upright if abs(leaning) < STEEPEST else SLANTED,
        leaning,
        heavy or any(part in font for part in _BOLD_NAME),
        bool(flags.value & _FLAG_ITALIC) or any(part in font for part in _ITALIC_NAME),
        mode == _INVISIBLE,
        zlib.crc32(name.value),
    )


@dataclass(frozen=True, slots=True)
class _EntryPoints:
    code: Callable[..., int]
    is_generated: Callable[..., int]
    text_object: Callable[..., int]
    box: Callable[..., int]
    origin: Callable[..., int]


@cache
def _entry_points() -> _EntryPoints:
    """PDFium's own functions, called with plain addresses."""
    pointer, number = ctypes.c_void_p, ctypes.c_int

    def typed(function: Any, result: Any, *arguments: Any) -> Callable[..., int]:
        address = ctypes.cast(function, pointer).value
        return ctypes.CFUNCTYPE(result, *arguments)(address or 0)

    return _EntryPoints(
        code=typed(raw.FPDFText_GetUnicode, ctypes.c_uint, pointer, number),
        is_generated=typed(raw.FPDFText_IsGenerated, number, pointer, number),
        text_object=typed(raw.FPDFText_GetTextObject, ctypes.c_size_t, pointer, number),
        box=typed(raw.FPDFText_GetLooseCharBox, number, pointer, number, pointer),
        origin=typed(raw.FPDFText_GetCharOrigin, number, pointer, number, pointer, pointer),
    )


def _rules(page: Any, frame: _Frame) -> tuple[Floats, Floats]:
    """The straight lines drawn on the page: separators of footnotes, borders of tables; and the short level ones."""
    found: list[tuple[float, float, float, float]] = []
    for number in range(min(raw.FPDFPage_CountObjects(page), MOST_OBJECTS)):
        drawn = raw.FPDFPage_GetObject(page, number)
        if raw.FPDFPageObj_GetType(drawn) == raw.FPDF_PAGEOBJ_PATH:
            found += _straight_lines(drawn)
    lines = frame.boxes(*np.array(found, np.float64).reshape(-1, 4).T)
    wide, high = (lines[:, 2:] - lines[:, :2]).T
    is_rule = np.maximum(wide, high) >= SHORTEST_RULE
    return _joined(lines[is_rule]), lines[~is_rule & (wide > high)]


def _joined(lines: Floats) -> Floats:
    """Pieces that continue each other, as Word draws a border cell by cell, made one line."""
    flat = lines[:, 3] - lines[:, 1] <= THICKEST_RULE
    across = _joined_along(lines[flat])
    down = _joined_along(lines[~flat][:, [1, 0, 3, 2]])[:, [1, 0, 3, 2]]
    return np.concatenate((across, down))


def _joined_along(lines: Floats) -> Floats:
    """Join lines that run from left to right, at one height and without a gap between them."""
    heights = np.round(lines[:, 1] / 2)
    joined: list[list[float]] = []
    last = None
    for place in np.lexsort((lines[:, 0], heights)).tolist():
        left, top, right, bottom = lines[place].tolist()
        if joined and heights[place] == last and left <= joined[-1][2] + CELL_SPACING:
            joined[-1][2] = max(joined[-1][2], right)
        else:
            joined.append([left, top, right, bottom])
        last = heights[place]
    return np.array(joined, np.float32).reshape(-1, 4)


def _straight_lines(path: Any) -> list[tuple[float, float, float, float]]:
    """Left, bottom, right, top of each line of a path, a thin filled rectangle being one."""
    bounds = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(path, *bounds)
    left, bottom, right, top = (bound.value for bound in bounds)
    wide, high = right - left, top - bottom
    if min(wide, high) <= THICKEST_RULE:
        return [(left, bottom, right, top)] if max(wide, high) >= SHORTEST_DASH else []
    if raw.FPDFPath_CountSegments(path) > MOST_SEGMENTS:
        return []
    return _segments(path)


def _segments(path: Any) -> list[tuple[float, float, float, float]]:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(path, matrix)
    found, last = [], (0.0, 0.0)
    for number in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, number)
        x, y = ctypes.c_float(), ctypes.c_float()
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        here = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        wide, high = abs(here[0] - last[0]), abs(here[1] - last[1])
        is_line = raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_LINETO
        if is_line and min(wide, high) <= THICKEST_RULE and max(wide, high) >= SHORTEST_DASH:
            found.append((min(here[0], last[0]), min(here[1], last[1]), max(here[0], last[0]), max(here[1], last[1])))
        last = here
    return found
