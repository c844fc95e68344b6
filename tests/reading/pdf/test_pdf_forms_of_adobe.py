"""Forms that only Adobe Reader shows hold a notice instead of their text."""

import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, StreamObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from assistant.reading.pdf.reader import read_pdf
from assistant.reading.refusals import Refused
from tests.reading.making.pdf import lines, pdf_of

NOTICE = "To view the full contents of this document, you need a later version of the PDF viewer."


def xfa(text: str, *, is_dynamic: bool) -> bytes:
    def draw(canvas: Canvas) -> None:
        lines(canvas, [text])

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_of(draw))))
    template = StreamObject()
    template.set_data(b"<template/>")
    parts = ArrayObject([TextStringObject("template"), writer._add_object(template)])
    form = DictionaryObject({NameObject("/Fields"): ArrayObject(), NameObject("/XFA"): parts})
    writer.root_object[NameObject("/AcroForm")] = form
    if is_dynamic:
        writer.root_object[NameObject("/NeedsRendering")] = BooleanObject(True)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


@pytest.mark.parametrize(("text", "is_dynamic"), [("Please wait...", True), (NOTICE, False), (NOTICE, True)])
def test_a_notice_that_another_program_is_needed_is_refused(text: str, is_dynamic: bool) -> None:
    with pytest.raises(Refused, match="Adobe Reader"):
        read_pdf(xfa(text, is_dynamic=is_dynamic), "a.pdf", "")


def test_a_form_whose_page_holds_the_text_is_read() -> None:
    text = "The licence is held by the widow Bannerman for five years."
    assert read_pdf(xfa(text, is_dynamic=False), "a.pdf", "").text == text
