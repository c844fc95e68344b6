"""Text that is struck out in a PDF is not in force and left out. On the marks of reviewers staff decide."""

import io

import pytest
from pypdf import PdfWriter
from pypdf.annotations import MarkupAnnotation
from pypdf.generic import ArrayObject, FloatObject, NameObject
from reportlab.pdfgen.canvas import Canvas

from assistant.reading.pdf.reader import read_pdf
from tests.reading.making.pdf import HEIGHT, LEFT, PITCH, TOP, lines, pdf_of, rule

FIRST, SECOND, THIRD = (
    "A carter of Avon pays two crowns at the bar of the bridge.",
    "A carter of Avon may pay in oats instead of two crowns.",
    "The bar is raised at dawn, and it is let down when the bell rings.",
)
LEFT_OUT = ("Struck-out text was left out in 1 place.",)


def _width(canvas: Canvas, text: str) -> float:
    return float(canvas.stringWidth(text, "Times-Roman", 10))


def _drawn(canvas: Canvas) -> None:
    lines(canvas, [FIRST, SECOND, THIRD])


def _form(canvas: Canvas) -> None:
    _drawn(canvas)
    canvas.acroForm.textfield(x=LEFT, y=HEIGHT - TOP - 100, width=200, height=20)


def test_a_sentence_with_a_line_drawn_through_it_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        _drawn(canvas)
        rule(canvas, LEFT, LEFT + _width(canvas, SECOND), TOP + PITCH - 2.5)

    document = read_pdf(pdf_of(draw), "a.pdf", "")
    assert (document.text, document.warnings) == (f"{FIRST}\n{THIRD}", LEFT_OUT)


def test_a_word_with_a_line_drawn_through_it_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        _drawn(canvas)
        start = LEFT + _width(canvas, "A carter of Avon ")
        rule(canvas, start, start + _width(canvas, "may pay"), TOP + PITCH - 2.5)

    document = read_pdf(pdf_of(draw), "a.pdf", "")
    assert document.text == f"{FIRST}\n{SECOND.replace('may pay ', '')}\n{THIRD}"


@pytest.mark.parametrize("struck", ["8", "§§", "a"])
def test_a_word_of_one_or_two_letters_is_struck_out(struck: str) -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, [f"Each hearth pays {struck} hens, and nothing else is asked of those who live there."])
        start = LEFT + _width(canvas, "Each hearth pays ")
        rule(canvas, start, start + _width(canvas, struck), TOP - 2.5)

    document = read_pdf(pdf_of(draw), "a.pdf", "")
    assert document.text == "Each hearth pays hens, and nothing else is asked of those who live there."
    assert document.warnings == LEFT_OUT


@pytest.mark.parametrize("sign", ["\x95", "m"])
def test_a_dash_through_a_bullet_or_a_letter_in_a_word_strikes_nothing_out(sign: str) -> None:
    before = "" if sign == "\x95" else "The peri"

    def draw(canvas: Canvas) -> None:
        lines(canvas, [f"{before}{sign}{' ' if not before else ''}eter of the camp"])
        start = LEFT + _width(canvas, before)
        rule(canvas, start, start + _width(canvas, sign), TOP - 2.5)

    document = read_pdf(pdf_of(draw), "a.pdf", "")
    assert (document.text.endswith("eter of the camp"), document.warnings) == (True, ())


def test_lines_under_the_text_and_borders_across_the_page_strike_nothing_out() -> None:
    def draw(canvas: Canvas) -> None:
        _drawn(canvas)
        rule(canvas, LEFT, LEFT + _width(canvas, SECOND), TOP + PITCH + 1.5)
        rule(canvas, LEFT - 30, LEFT + 450, TOP + 2 * PITCH - 2.5)

    document = read_pdf(pdf_of(draw), "a.pdf", "")
    assert (document.text, document.warnings) == (f"{FIRST}\n{SECOND}\n{THIRD}", ())


@pytest.mark.parametrize("is_form", [False, True])
def test_a_sentence_that_a_reviewer_marked_as_struck_out_is_read_and_told_of(*, is_form: bool) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(pdf_of(_form if is_form else _drawn)))
    left, right, base = LEFT, LEFT + 400, HEIGHT - TOP - PITCH
    mark = MarkupAnnotation()
    mark[NameObject("/Subtype")] = NameObject("/StrikeOut")
    mark[NameObject("/Rect")] = ArrayObject(map(FloatObject, (left, base - 2, right, base + 9)))
    corners = (left, base + 9, right, base + 9, left, base - 2, right, base - 2)
    mark[NameObject("/QuadPoints")] = ArrayObject(map(FloatObject, corners))
    writer.add_annotation(0, mark)
    written = io.BytesIO()
    writer.write(written)

    document = read_pdf(written.getvalue(), "a.pdf", "")
    assert document.text == f"{FIRST}\n{SECOND}\n{THIRD}"
    assert document.warnings == (
        "Text that a reviewer marked as struck out was read in 1 place: see whether it still holds.",
    )
