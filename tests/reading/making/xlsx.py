"""Spreadsheets whose sheets are filled by functions."""

import io
from collections.abc import Callable
from typing import Any

import xlsxwriter

Fill = Callable[[xlsxwriter.Workbook, Any], None]


def xlsx(*sheets: Fill | None, name: str = "Sheet") -> bytes:
    """A workbook whose sheets are filled so."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": "Police strength"})
    for number, fill in enumerate(sheets, start=1):
        sheet = book.add_worksheet(f"{name} {number}")
        if fill:
            fill(book, sheet)
    book.close()
    return buffer.getvalue()
