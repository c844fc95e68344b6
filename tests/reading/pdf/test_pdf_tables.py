from reportlab.pdfgen.canvas import Canvas

from assistant.reading.pdf.reader import read_pdf
from tests.reading.laws import texts
from tests.reading.making.pdf import HEIGHT, Draw, columns, lines, pdf_of, rule, wrapped

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


def test_a_row_of_figures_may_lack_the_cells_that_the_row_before_has() -> None:
    rows = [("Liberia", "2003", "15,000"), ("Burundi", "2004", ""), ("Haiti", "", "7,500"), ("Chad", "2007", "5,200")]
    said = ["Mission | Year | Strength", "Liberia | 2003 | 15,000", "Burundi | 2004", "Haiti | | 7,500"]
    header = ("Mission", "Year", "Strength")
    assert table_of(columns(header, rows, (72, 200, 300), 120)) == [*said, "Chad | 2007 | 5,200"]


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


def framed(rows: list[list[list[str]]], lefts: tuple[float, ...], top: float = 120, bold: int = 0) -> Draw:
    """A table with a frame round each cell, whose lines are given one by one; the first `bold` rows in bold type."""

    def draw(canvas: Canvas) -> None:
        y = top
        for number, row in enumerate(rows):
            rule(canvas, lefts[0], lefts[-1], y)
            for cell, left in zip(row, lefts, strict=False):
                lines(canvas, cell, left + 5, y + 14, font="Times-Bold" if number < bold else "Times-Roman")
            y += 12 * max(map(len, row)) + 8
        rule(canvas, lefts[0], lefts[-1], y)
        for left in lefts:
            canvas.line(left, HEIGHT - top, left, HEIGHT - y)

    return draw


DATES = [
    [["Date"], ["Event"]],
    [["10 June 1999"], ["The Council creates the", "international presences"]],
    [["12 June 1999"], ["KFOR enters."]],
    [["March 2004"], ["Two days of riots", "overwhelm all."]],
]


def test_each_cell_with_a_frame_round_it_is_read_whole() -> None:
    document = read_pdf(pdf_of(framed(DATES, (72, 170, 300))), "a.pdf", "0")
    (table,) = (block for block in document.blocks if block.kind == "table")
    assert document.text[table.start : table.end].split("\n") == [
        "Date | Event",
        "10 June 1999 | The Council creates the international presences",
        "12 June 1999 | KFOR enters.",
        "March 2004 | Two days of riots overwhelm all.",
    ]
    assert table.header_rows == 1


def test_where_all_rows_have_frames_the_first_is_a_header_by_its_type_alone() -> None:
    rows = [[["Field"], ["Task"]], [["Police"], ["Train"]], [["Courts"], ["Build"]]]
    for bold in (0, 1):
        document = read_pdf(pdf_of(framed(rows, (72, 170, 300), bold=bold)), "a.pdf", "0")
        assert [block.header_rows for block in document.blocks] == [bold]


def test_a_cell_over_several_columns_and_rows_stands_in_the_first() -> None:
    def draw(canvas: Canvas) -> None:
        for left, right, top in ((72, 400, 100), (172, 400, 120), (72, 400, 140), (172, 400, 160), (72, 400, 180)):
            rule(canvas, left, right, top)
        for left, top, bottom in ((72, 100, 180), (172, 100, 180), (280, 120, 180), (400, 100, 180)):
            canvas.line(left, HEIGHT - top, left, HEIGHT - bottom)
        lines(canvas, ["Strength in the two years"], 180, 114)
        for left, top, text in ((180, 134, "2024"), (290, 134, "2025"), (80, 164, "Police"), (180, 154, "3 035")):
            lines(canvas, [text], left, top)
        for left, top, text in ((290, 154, "1 148"), (180, 174, "38"), (290, 174, "41")):
            lines(canvas, [text], left, top)

    assert table_of(draw) == ["| Strength in the two years", "| 2024 | 2025", "Police | 3 035 | 1 148", "| 38 | 41"]


def test_rows_that_no_rule_parts_within_a_frame_are_rows() -> None:
    names = ["Katrina", "Longwang", "Gamma"]
    rows = [[["Storm"], ["Place"]], [names, ["New Orleans", "Taiwan", "Florida"]]]
    assert table_of(framed(rows, (72, 170, 300))) == [
        "Storm | Place",
        "Katrina | New Orleans",
        "Longwang | Taiwan",
        "Gamma | Florida",
    ]


def test_a_frame_round_paragraphs_is_no_table() -> None:
    text = wrapped("The executive heads should review the policy by the end of the year and report on it. " * 2, 60)
    document = read_pdf(pdf_of(framed([[text], [text]], (72, 400))), "a.pdf", "0")
    assert texts(document, "table") == []


def test_the_squares_of_a_map_are_no_cells() -> None:
    def draw(canvas: Canvas) -> None:
        for place in (100, 250, 400):
            rule(canvas, 100, 400, place)
            canvas.line(place, HEIGHT - 100, place, HEIGHT - 400)
        for top in (130, 170, 210, 290, 330, 370):
            for left in (110, 180, 260, 330):
                lines(canvas, [f"Town {top + left}"], left, top)

    document = read_pdf(pdf_of(draw), "a.pdf", "0")
    assert "Town 240 Town 310" not in document.text


def test_turned_words_stand_in_the_cell_that_they_are_drawn_in() -> None:
    def draw(canvas: Canvas) -> None:
        rows = [[["Measure"] + [""] * 7, [""], [""]], [["Vetting"], ["x"], [""]], [["Training"], ["x"], ["x"]]]
        framed(rows, (72, 250, 280, 310))(canvas)
        for left, text in ((270, "Liberia"), (300, "Kosovo")):
            canvas.saveState()
            canvas.translate(left, HEIGHT - 210)
            canvas.rotate(90)
            canvas.drawString(0, 0, text)
            canvas.restoreState()

    assert table_of(draw) == ["Measure | Liberia | Kosovo", "Vetting | x", "Training | x | x"]


def ruled(rows: list[list[str]], lefts: tuple[float, ...], top: float, *between: int) -> Draw:
    """A table with rules above it, under its header, at its foot, and under the rows with these numbers."""

    def draw(canvas: Canvas) -> None:
        for number, row in enumerate(rows):
            for cell, left in zip(row, lefts, strict=True):
                lines(canvas, [cell], left, top + 14 + 18 * number)
        for number in (-1, 0, *between, len(rows) - 1):
            rule(canvas, 72, 480, top + 18 * (number + 1) + 2)

    return draw


def test_a_header_of_short_words_over_ruled_rows_is_the_header() -> None:
    rows = [
        ["Date", "What the Council and its members decided"],
        ["1994", "A force goes to the island with a mandate."],
    ]
    rows += [["1995", "The army of the country is dismantled."], ["1996", "Training of the police begins."]]
    document = read_pdf(pdf_of(ruled(rows, (72, 200), 120, 1, 2)), "a.pdf", "0")
    assert texts(document, "table") == ["\n".join(" | ".join(row) for row in rows)]


def test_a_heading_between_two_tables_parts_them() -> None:
    rows = [["Country", "Officers"], ["Spain", "14"], ["Sweden", "41"], ["Turkey", "134"]]

    def draw(canvas: Canvas) -> None:
        ruled(rows, (72, 400), 120)(canvas)
        lines(canvas, ["Composition of the police service"], 72, 215, size=14, font="Times-Bold")
        ruled(rows, (72, 400), 230)(canvas)

    document = read_pdf(pdf_of(draw), "a.pdf", "0")
    assert texts(document, "heading") == ["Composition of the police service"]
    assert len(texts(document, "table")) == 2


def test_the_last_word_of_a_tall_cell_stays_in_a_table_without_a_rule_at_its_foot() -> None:
    def draw(canvas: Canvas) -> None:
        for top in (120, 165):
            rule(canvas, 72, 480, top)
        lines(canvas, ["Name", "of the", "donor"], 72, 135)
        lines(canvas, ["Intended", "programme", "in 2000"], 380, 135)
        for number, programme in enumerate(
            (["Budget", "support"], ["Import", "costs of", "electricity"], ["Civil", "books"])
        ):
            lines(canvas, [("Norway", "France", "Canada")[number]], 72, (180, 214, 260)[number])
            lines(canvas, programme, 380, (180, 214, 260)[number])

    assert table_of(draw) == [
        "Name of the donor | Intended programme in 2000",
        "Norway | Budget support",
        "France | Import costs of electricity",
        "Canada | Civil books",
    ]


def test_names_of_columns_that_end_in_years_are_a_header_over_figures() -> None:
    rows = [
        [["Staff"], ["Approved", "2024/25"], ["Encumbered", "as at 30 June"]],
        [["Police"], ["108"], ["89"]],
        [["Experts"], ["1 823"], ["1 682"]],
    ]
    document = read_pdf(pdf_of(framed(rows, (72, 200, 330, 460))), "a.pdf", "0")
    [table] = document.blocks
    assert table.header_rows == 1
    data = read_pdf(pdf_of(framed([[["Police"], ["108"], ["89"]], *rows[2:]], (72, 200, 330, 460))), "a.pdf", "0")
    assert [block.header_rows for block in data.blocks] == [0]
