"""What was filled into the fields of a form, on the lines of the labels beside them.

PDFium keeps fields apart from the text until the page is flattened; then what stands in them is drawn with it.
"""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2.raw as raw

from assistant.reading.pdf.glyphs import Area, Bools, Floats, Glyphs, blank_glyphs, joined, middles_in

FARTHEST = 1.0  # font sizes by which a label may stand higher or lower than what is filled in
TICKED, UNTICKED = "☒", "☐"
MOST_OPTIONS, LONGEST_LABEL = 100, 500  # of a list; characters
_NOT_SHOWN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
_FILLED_IN = (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT)


@dataclass(frozen=True, slots=True)
class Field:
    """Where something is filled in, in the page's own coordinates. `chosen`: what a box with a tick, a button or a
    list says, None for what is written."""

    area: Area
    chosen: str | None


def flattened(document: Any, index: int) -> tuple[Any, list[Field]]:
    """The page `index`, with what was filled in or written over it made part of it; and these fields."""
    page = document[index]
    numbers = range(raw.FPDFPage_GetAnnotCount(page))
    fields = [field for number in numbers if (field := _field(document.formenv, page, number))]
    if fields:
        raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
        page.close()
        page = document[index]
    return page, fields


def _field(form: Any, page: Any, number: int) -> Field | None:
    annotation = raw.FPDFPage_GetAnnot(page, number)
    try:
        rect = raw.FS_RECTF()
        if raw.FPDFAnnot_GetSubtype(annotation) not in _FILLED_IN:
            return None
        if not raw.FPDFAnnot_GetRect(annotation, ctypes.byref(rect)):
            return None
        hidden = raw.FPDFAnnot_GetFlags(annotation) & _NOT_SHOWN
        chosen = _chosen(form, annotation) if form and not hidden else None
        return Field((rect.left, rect.bottom, rect.right, rect.top), chosen)
    finally:
        raw.FPDFPage_CloseAnnot(annotation)


def _chosen(form: Any, annotation: Any) -> str | None:
    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        return TICKED if raw.FPDFAnnot_IsChecked(form, annotation) else UNTICKED
    if kind != raw.FPDF_FORMFIELD_LISTBOX:
        return None
    options = range(min(raw.FPDFAnnot_GetOptionCount(form, annotation), MOST_OPTIONS))
    chosen = [option for option in options if raw.FPDFAnnot_IsOptionSelected(form, annotation, option)]
    labels = [_label(form, annotation, option) for option in chosen]
    return "; ".join(label for label in labels if label) or None


def _label(form: Any, annotation: Any, option: int) -> str:
    buffer = (raw.FPDF_WCHAR * LONGEST_LABEL)()
    written = raw.FPDFAnnot_GetOptionLabel(form, annotation, option, buffer, ctypes.sizeof(buffer))
    return bytes(buffer)[:written].decode("utf-16-le", "replace").strip("\0 ")


def with_choices(glyphs: Glyphs, areas: Floats, chosen: Sequence[str | None]) -> Glyphs:
    """The glyphs with what is chosen in these areas, as they lie on the page as shown, on the line beside each.

    It takes the place of what is drawn there: a tick drawn as a line is no text, and a list shows all that could be
    chosen.
    """
    kept, written = np.ones(len(glyphs), np.bool_), []
    for area, text in zip(areas.tolist(), chosen, strict=True):
        if text:
            inside = middles_in(glyphs.boxes, area)
            if text not in (TICKED, UNTICKED) or inside.sum() <= 1:  # else the label stands inside the area
                kept &= ~inside
            written.append(_written(text, area, glyphs, inside))
    return joined([glyphs.take(kept), *written])


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
