from reportlab.pdfgen.canvas import Canvas

from assistant.reading.pdf.reader import read_pdf
from tests.reading.laws import outline
from tests.reading.making.pdf import LEFT, PITCH, TOP, lines, pdf_of

FULL = "workforces of the province, an account of the reasons for each transfer and of the steps"


def paragraphs_of(*under: str) -> list[str]:
    """A provision whose first line is indented and whose others begin at one edge, these lines among them."""

    def draw(canvas: Canvas) -> None:
        lines(canvas, ["(C) In the case of a transfer of functions between the civilian and military"], left=LEFT + 20)
        lines(canvas, [FULL, *under], top=TOP + PITCH)

    return [text for _, text in outline(read_pdf(pdf_of(draw), "a.pdf", "0"))]


def test_a_lettered_provision_after_a_full_stop_is_a_paragraph() -> None:
    found = paragraphs_of(
        "that have been taken to control the overall cost of the function to the Department.’’.",
        "(b) CONFORMING AMENDMENTS.",
    )
    assert found[1:] == ["(b) CONFORMING AMENDMENTS."]


def test_a_letter_in_the_midst_of_a_sentence_begins_no_paragraph() -> None:
    found = paragraphs_of(
        "that have been taken to control the cost of it, namely (a) those of the province, and",
        "(b) Those of the Department itself.",
    )
    assert len(found) == 1
