"""Bookmarks whose titles no page shows are kept as notes of their pages."""

from collections.abc import Callable

from reportlab.pdfgen.canvas import Canvas

from assistant.reading.pdf.reader import read_pdf
from tests.reading.making.pdf import lines, pdf_of


def _drawn(text: str, *titles: str) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        lines(canvas, [text, "The board sat in the capital and heard every officer."])
        for title in titles:
            canvas.bookmarkPage(title)
            canvas.addOutlineEntry(title, title, 0)

    return draw


def test_a_bookmark_of_what_the_page_shows_as_a_picture_is_a_note_of_the_page() -> None:
    data = pdf_of(_drawn("Vetting of the police", "1. Vetting of the Police"), _drawn("Second", "Chart of the ranks"))
    notes = read_pdf(data, "a.pdf", "").notes
    assert [(note.page, note.mark, note.text) for note in notes] == [(2, "bookmark", "Chart of the ranks")]


def test_names_that_a_program_gave_are_no_titles() -> None:
    assert read_pdf(pdf_of(_drawn("Vetting", "_Toc817263", "OLE_LINK1")), "a.pdf", "").notes == ()
