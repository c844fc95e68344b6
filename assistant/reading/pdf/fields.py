"""What was filled into the fields of a form, on the lines of the labels beside them.

PDFium keeps fields apart from the text until the page is flattened; then what stands in them is drawn with it.
"""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pypdfium2.raw as raw

from assistant.reading.pdf.glyphs import Area, Bools, Floats, Glyphs, blank_glyphs, joined, middles_in

FARTHEST = 1.0  # font sizes by which a label may stand higher or lower than what is filled in
TICKED, UNTICKED = "☒", "☐"
MOST_OPTIONS, LONGEST_LABEL, LONGEST_REMARK = 100, 500, 5000  # of a list; characters
_NOT_SHOWN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
_FILLED_IN = (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT)


@dataclass(frozen=True, slots=True)
class Field:
    """Where something is filled in, in the page's own coordinates.

    `said`: what a box with a tick, a button or a list says, or a remark that nothing draws; None for what is drawn as
    it is written. `is_list`: all that could be chosen is drawn there.
    """

    area: Area
    said: str | None = None
    is_list: bool = False


def flattened(document: Any, page: Any, index: int) -> tuple[Any, list[Field]]:
    """The page `index`, open as `page`, with what was filled in or written over it made part of it, so that it has no
    annotations any more; and these fields."""
    numbers = range(raw.FPDFPage_GetAnnotCount(page))
    fields = [field for number in numbers for field in _fields(document.formenv, page, number)]
    if fields:
        raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
        page.close()
        page = document[index]
    return page, fields


def _fields(form: Any, page: Any, number: int) -> list[Field]:
    annotation = raw.FPDFPage_GetAnnot(page, number)
    try:
        rect, kind = raw.FS_RECTF(), raw.FPDFAnnot_GetSubtype(annotation)
        if kind not in _FILLED_IN or not raw.FPDFAnnot_GetRect(annotation, ctypes.byref(rect)):
            return []
        area = (rect.left, rect.bottom, rect.right, rect.top)
        if raw.FPDFAnnot_GetFlags(annotation) & _NOT_SHOWN:
            return [Field(area)]
        if kind == raw.FPDF_ANNOT_WIDGET:
            return [_chosen(form, annotation, area) if form else Field(area)]
        return [Field(area)] if raw.FPDFAnnot_HasKey(annotation, b"AP") else _remark(annotation, area)
    finally:
        raw.FPDFPage_CloseAnnot(annotation)


def _remark(annotation: Any, area: Area) -> list[Field]:
    """The lines of a remark that the file holds without a drawing of it."""
    buffer = (raw.FPDF_WCHAR * LONGEST_REMARK)()
    text = _text(buffer, raw.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, ctypes.sizeof(buffer)))
    lines, (left, bottom, right, top) = text.splitlines(), area
    edges = pairwise(np.linspace(top, bottom, len(lines) + 1).tolist())
    return [
        Field((left, below, right, above), line.strip() or None)
        for line, (above, below) in zip(lines, edges, strict=True)
    ]


def _chosen(form: Any, annotation: Any, area: Area) -> Field:
    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        return Field(area, TICKED if raw.FPDFAnnot_IsChecked(form, annotation) else UNTICKED)
    if kind != raw.FPDF_FORMFIELD_LISTBOX:
        return Field(area)
    options = range(min(raw.FPDFAnnot_GetOptionCount(form, annotation), MOST_OPTIONS))
    chosen = [option for option in options if raw.FPDFAnnot_IsOptionSelected(form, annotation, option)]
    labels = [_label(form, annotation, option) for option in chosen]
    return Field(area, "; ".join(label for label in labels if label) or None, is_list=True)


def _label(form: Any, annotation: Any, option: int) -> str:
    buffer = (raw.FPDF_WCHAR * LONGEST_LABEL)()
    return _text(buffer, raw.FPDFAnnot_GetOptionLabel(form, annotation, option, buffer, ctypes.sizeof(buffer)))


def _text(buffer: Any, length: int) -> str:
    """The text of `length` bytes that PDFium has written, or would have written into a longer buffer."""
    return bytes(buffer)[:length].decode("utf-16-le", "replace").strip("\0 ")


def with_choices(glyphs: Glyphs, areas: Floats, fields: Sequence[Field]) -> Glyphs:
    """The glyphs with what these fields say, on the line beside each. `areas`: theirs, on the page as shown.

    It takes the place of what is drawn there: a tick drawn as a line is no text, and a list shows all that could be
    chosen.
    """
    kept, written = np.ones(len(glyphs), np.bool_), []
    for area, field in zip(areas.tolist(), fields, strict=True):
        if field.said:
            inside = middles_in(glyphs.boxes, area)
            is_tick = field.said in (TICKED, UNTICKED) and inside.sum() <= 1  # else the label stands inside the area
            if field.is_list or is_tick:
                kept &= ~inside
            written.append(_written(field.said, area, glyphs, inside))
    return joined([glyphs.take(kept), *written]) if written else glyphs


def _written(text: str, area: Sequence[float], glyphs: Glyphs, inside: Bools) -> Glyphs:
    """The text spread over the area, on the line of the nearest letter at its height that is not inside."""
    left, top, right, bottom = area
    right = min(right, left + (bottom - top) * len(text))
    y = (glyphs.boxes[:, 1] + glyphs.boxes[:, 3]) / 2
    apart = np.maximum(glyphs.boxes[:, 0] - right, left - glyphs.boxes[:, 2])
    apart[(y < top) | (y > bottom) | inside] = np.inf
    near = int(np.argmin(apart)) if np.isfinite(apart).any() else None
    base = bottom if near is None else float(glyphs.origins[near, 1])
    size = bottom - top if near is None else float(glyphs.sizes[near])
    places = [place for place, letter in enumerate(text) if not letter.isspace()]
    edges = np.linspace(left, right, len(text) + 1, dtype=np.float32)
    made = blank_glyphs(len(places))
    made.codes[:] = [ord(text[place]) for place in places]
    made.space[:] = [place == 0 or text[place - 1].isspace() for place in places]
    made.boxes[:] = [(edges[place], top, edges[place + 1], bottom) for place in places]
    made.origins[:] = [(edges[place], base) for place in places]
    made.sizes[:] = size
    made.runs[:] = glyphs.runs.max(initial=0) + 1
    return made


def set_beside_labels(glyphs: Glyphs, areas: Floats) -> None:
    """Put what stands in each area on the line of the text to the left of it, where that is at the same height.

    `areas`: float array of shape (n, 4), left, top, right, bottom in the frame of the page as shown.
    """
    x, y = ((glyphs.boxes[:, :2] + glyphs.boxes[:, 2:]) / 2).T
    for left, top, right, bottom in areas.tolist():
        at_height = (y > top) & (y < bottom)
        inside = np.flatnonzero(at_height & (x > left) & (x < right))
        labels = np.flatnonzero(at_height & (x < left))
        if not len(inside) or not len(labels):
            continue
        label = labels[np.argmax(x[labels])]
        shift = glyphs.origins[label, 1] - glyphs.origins[inside[0], 1]
        if abs(float(shift)) < FARTHEST * float(glyphs.sizes[label]):
            glyphs.origins[inside, 1] += shift
