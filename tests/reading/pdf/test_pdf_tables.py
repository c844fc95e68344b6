from reportlab.pdfgen.canvas import Canvas

from assistant.reading.pdf.reader import read_pdf
from tests.reading.laws import texts
from tests.reading.making.pdf import Draw, columns, lines, pdf_of, rule, wrapped

LEFTS = (72.0, 250.0, 340.0, 430.0)
HEADER = ("Mission", "Police", "Troops", "Total")
ROWS = (
    ("Liberia", "1 148", "13 841", "14 989"),
    ("Kosovo", "3 035", "38", "3 073"),
    ("Haiti", "1 600", "7 000", "8 600"),
)


def table_of(draw: Draw) -> list[str]:
    document = read_pdf(pdf_of(draw), "a.pdf", "0")
    return [row for table in texts(document, "table") for row in table.split("\n")]


def test_cells_that_stand_one_under_the_other_are_a_table() -> None:
    assert table_of(columns(HEADER, ROWS, LEFTS, 120)) == [" | ".join(row) for row in (HEADER, *ROWS)]


def test_a_ruled_table_has_its_header_and_whole_cells() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, wrapped("The strength of the missions is shown in the table that follows this paragraph.", 80))
        for top in (130, 160, 260):
            rule(canvas, 70, 480, top)
        lines(canvas, ["Contribution", "of the State"], 72, 140)
        lines(canvas, ["Pledged"], 300, 152)
        lines(canvas, ["Paid"], 400, 152)
        lines(canvas, ["Support to the training of the", "new police service"], 72, 175)
        lines(canvas, ["500"], 300, 187)
        lines(canvas, ["200"], 400, 187)
        lines(canvas, ["Vehicles"], 72, 215)
        lines(canvas, ["40"], 300, 215)

    document = read_pdf(pdf_of(draw), "a.pdf", "0")
    (table,) = (block for block in document.blocks if block.kind == "table")
    assert document.text[table.start : table.end].split("\n") == [
        "Contribution of the State | Pledged | Paid",
        "Support to the training of the new police service | 500 | 200",
        "Vehicles | 40",
    ]
    assert table.header_rows == 1


def test_a_caption_names_its_table() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, ["Table 3"], top=90)
        lines(canvas, ["Strength of the missions"], top=102, font="Times-Bold")
        columns(HEADER, ROWS, LEFTS, 125)(canvas)

    document = read_pdf(pdf_of(draw), "a.pdf", "0")
    assert texts(document, "caption") == ["Table 3", "Strength of the missions"]


def test_a_table_of_contents_is_rows_of_title_and_page() -> None:
    dots = " ." * 40

    def draw(canvas: Canvas) -> None:
        for number, title in enumerate(("Introduction", "The police", "The courts")):
            lines(canvas, [f"{number + 1}. {title}{dots} {10 * number + 3}"], top=120 + 20 * number)

    assert table_of(draw) == ["1. Introduction | 3", "2. The police | 13", "3. The courts | 23"]


def test_hanging_numbers_and_justified_gaps_are_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(5):
            lines(canvas, [f"5.{number + 1}"], 72, 120 + 30 * number)
            lines(
                canvas,
                ["The programme trains inspectors for the new service", "in each province."],
                110,
                120 + 30 * number,
            )

    document = read_pdf(pdf_of(draw), "a.pdf", "0")
    assert texts(document, "table") == []
    assert [block.number for block in document.blocks] == [f"5.{number + 1}" for number in range(5)]


def test_a_word_broken_in_a_cell_is_joined_as_the_text_writes_it() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, ["The missions need counter-unmanned aircraft systems, and their training is planned."], 72, 90)
        for top in (130, 150, 260):
            rule(canvas, 70, 480, top)
        lines(canvas, ["2025"], 72, 144)
        lines(canvas, ["2026"], 300, 144)
        lines(canvas, ["Guidance on counter-", "unmanned aircraft systems"], 72, 170)
        lines(canvas, ["The missions plan more train-", "ing for 2004-", "2005"], 300, 170)

    assert table_of(draw)[1] == (
        "Guidance on counter-unmanned aircraft systems | The missions plan more training for 2004-2005"
    )
