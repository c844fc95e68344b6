from reportlab.pdfgen.canvas import Canvas

from assistant.reading.pdf.reader import read_pdf
from assistant.records import Document
from tests.reading.laws import outline
from tests.reading.making.pdf import LEFT, PITCH, TOP, Draw, lines, pdf_of, rule, wrapped

TRAVEL = (
    "The resources for official travel rise by a fifth, and the committee was informed that the cost of each trip has "
    "grown with the price of tickets, while the number of trips fell. It recommends that meetings be held online."
)


def document_of(*pages: Draw) -> Document:
    return read_pdf(pdf_of(*pages), "a.pdf", "0")


def staff_table(canvas: Canvas, top: float) -> None:
    for below in (0, 15, 62):
        rule(canvas, LEFT, LEFT + 400, top + below)
    for number, row in enumerate([("Category", "2025"), ("Men", "5 910"), ("Women", "954"), ("Total", "6 864")]):
        lines(canvas, [row[0]], left=LEFT, top=top + 12 + 15 * number)
        lines(canvas, [row[1]], left=LEFT + 300, top=top + 12 + 15 * number)


def test_a_numbered_heading_over_a_table_is_a_heading() -> None:
    def draw(canvas: Canvas) -> None:
        end = lines(canvas, wrapped(f"1. {TRAVEL}", 80))
        lines(canvas, ["2."], left=LEFT - 24, top=end + 12, font="Times-Bold")
        lines(canvas, ["Civilian personnel"], top=end + 12, font="Times-Bold")
        staff_table(canvas, end + 24)

    assert ("heading", "2. Civilian personnel") in outline(document_of(draw))


def test_a_bold_row_of_headers_over_a_table_is_no_heading() -> None:
    def draw(canvas: Canvas) -> None:
        end = lines(canvas, wrapped(f"1. {TRAVEL}", 80))
        lines(canvas, ["Category"], top=end + 12, font="Times-Bold")
        lines(canvas, ["Staff of 2025"], left=LEFT + 280, top=end + 12, font="Times-Bold")
        staff_table(canvas, end + 24)

    assert "heading" not in [kind for kind, _ in outline(document_of(draw))]


def test_a_slanted_heading_at_the_head_of_a_page_is_not_the_end_of_the_page_before() -> None:
    def first(canvas: Canvas) -> None:
        lines(canvas, wrapped(TRAVEL.removesuffix("."), 80), top=600)

    def second(canvas: Canvas) -> None:
        lines(canvas, ["Facilities and infrastructure"], font="Times-Italic")
        lines(canvas, wrapped(TRAVEL, 80), top=TOP + 2 * PITCH)

    assert outline(document_of(first, second))[1] == ("heading", "Facilities and infrastructure")


def test_slanted_words_at_the_head_of_a_page_end_the_sentence_begun_before() -> None:
    def first(canvas: Canvas) -> None:
        lines(canvas, wrapped(f"{TRAVEL} Its judges have read the", 80), top=600)

    def second(canvas: Canvas) -> None:
        lines(canvas, ["Handbook of the International Tribunal."], font="Times-Italic")
        lines(canvas, wrapped(TRAVEL, 80), top=TOP + 2 * PITCH)

    assert "read the\nHandbook of the International Tribunal." in outline(document_of(first, second))[0][1]


def test_the_sizes_of_covers_take_no_level_from_the_headings_of_the_text() -> None:
    def cover(canvas: Canvas) -> None:
        for number, size in enumerate((30, 26, 23, 20, 17)):
            lines(canvas, [f"Review of the practices of {'ABCDE'[number]}lba"], top=TOP + 100 * number, size=size)
            lines(canvas, ["Prepared in the capital"], top=TOP + 100 * number + 40)

    def text(canvas: Canvas) -> None:
        top = TOP
        for title, size in (("I. Introduction", 14), ("A. Context", 12), ("1. Key frameworks", 11)):
            lines(canvas, [title], top=top, size=size, font="Times-Bold")
            top = lines(canvas, wrapped(TRAVEL * 3, 80), top=top + 24) + 24

    document = document_of(cover, cover, text)
    levels = {document.text[block.start : block.end]: block.level for block in document.blocks}
    assert [levels[title] for title in ("I. Introduction", "A. Context", "1. Key frameworks")] == [1, 2, 3]
