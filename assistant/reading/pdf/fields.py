"""What was filled into the fields of a form, on the lines of the labels beside them.

PDFium keeps fields apart from the text until the page is flattened; then what stands in them is drawn with it.
"""

import ctypes
from typing import Any

import numpy as np
import pypdfium2.raw as raw

from assistant.reading.pdf.glyphs import Area, Floats, Glyphs

FARTHEST = 1.0  # font sizes by which a label may stand higher or lower than what is filled in
_FILLED_IN = (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT)


def flattened(document: Any, index: int) -> tuple[Any, list[Area]]:
    """The page `index`, with what was filled in or written over it made part of it; and where that is, as left,
    bottom, right, top in the page's own coordinates."""
    page = document[index]
    found = [_area(page, number) for number in range(raw.FPDFPage_GetAnnotCount(page))]
    areas = [area for area in found if area]
    if areas:
        raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
        page.close()
        page = document[index]
    return page, areas


def _area(page: Any, number: int) -> Area | None:
    annotation = raw.FPDFPage_GetAnnot(page, number)
    try:
        rect = raw.FS_RECTF()
        if raw.FPDFAnnot_GetSubtype(annotation) not in _FILLED_IN:
            return None
        return _sides(rect) if raw.FPDFAnnot_GetRect(annotation, ctypes.byref(rect)) else None
    finally:
        raw.FPDFPage_CloseAnnot(annotation)


def _sides(rect: Any) -> Area:
    return rect.left, rect.bottom, rect.right, rect.top


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
