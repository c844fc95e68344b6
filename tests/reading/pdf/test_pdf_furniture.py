from reportlab.pdfgen.canvas import Canvas

from assistant.reading.pdf.furniture import printed_labels
from assistant.reading.pdf.reader import read_pdf
from tests.reading.making.pdf import HEIGHT, WIDTH, Draw, lines, pdf_of, wrapped

PROSE = "The commission examined every officer, and it published what it had found in each of the provinces. " * 3


def test_printed_page_numbers_are_read_from_the_feet_of_the_pages() -> None:
    texts = [
        [],
        ["25-10679 iii"],
        ["iv 25-10679"],
        ["JIU/REP/2025/2", "v"],
        ["1/38 25-10679"],
        ["Page 2"],
        ["3"],
        ["1994"],
    ]
    assert printed_labels(texts) == [None, "iii", "iv", "v", "1", "2", "3", None]


def test_chapter_titles_at_the_top_of_pages_stay() -> None:
    def page(number: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            lines(canvas, ["S/2009/504"], top=40, size=8)
            if number % 2:
                lines(canvas, [f"Chapter {'I' * (number // 2 + 1)}"], top=80, size=14, font="Times-Bold")
            lines(canvas, wrapped(f"{number}. {PROSE}", 80), top=130)
            lines(canvas, [f"{number}/9 09-52536"], left=WIDTH - 150, top=HEIGHT - 30, size=7)

        return draw

    document = read_pdf(pdf_of(*(page(number) for number in range(1, 8))), "a.pdf", "0")
    assert [document.text.count(chapter) for chapter in ("Chapter I\n", "Chapter II\n", "Chapter III\n")] == [1, 1, 1]
    assert "09-52536" not in document.text
    assert [page.label for page in document.pages] == [str(number) for number in range(1, 8)]


def test_slanted_watermarks_are_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, wrapped(PROSE, 80))
        canvas.translate(200, 400)
        canvas.rotate(45)
        lines(canvas, ["DRAFT"], left=0, top=HEIGHT, size=60)

    assert read_pdf(pdf_of(draw), "a.pdf", "0").text == PROSE.strip()


def test_notes_in_the_margin_of_a_law_leave_its_sentences_whole() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, wrapped(PROSE * 3, 60), left=180)
        lines(canvas, ["10 USC 2304", "note."], left=100, top=124, size=7, pitch=8)

    document = read_pdf(pdf_of(draw), "a.pdf", "0")
    assert document.text == (PROSE * 3).strip()
    assert [note.text for note in document.notes] == ["10 USC 2304 note."]
