from itertools import count

from reportlab.pdfgen.canvas import Canvas

from assistant.reading.pdf.reader import read_pdf
from assistant.records import Document
from tests.reading.laws import assert_lawful
from tests.reading.making.pdf import HEIGHT, Draw, lines, pdf_of, rule, wrapped

TEXT = wrapped(
    "The mission reports on the training of the police in each quarter of the year and on its costs. " * 2, 80
)


def chart(ticks: list[str], *, grid: bool = False, second: bool = False, pitch: float = 20) -> Draw:
    """A chart of two bars with numbers along its axis, and text above and below it."""

    def draw(canvas: Canvas) -> None:
        lines(canvas, ["Figure 2", "Officers trained"], 72, 100)
        for top, tick in zip(count(150, pitch), ticks, strict=False):
            canvas.drawRightString(100, HEIGHT - top - 3, tick)
            if second:
                lines(canvas, [tick], 412, top + 3)
            if grid:
                rule(canvas, 108, 400, top)
        foot = 150 + pitch * (len(ticks) - 1)
        if not grid:
            rule(canvas, 108, 400, foot)
            canvas.line(108, HEIGHT - 150, 108, HEIGHT - foot)
            canvas.line(402, HEIGHT - 150, 402, HEIGHT - foot)
        for left, value in ((150, "37"), (300, "52")):
            canvas.rect(left, HEIGHT - foot, 40, 30, fill=1)
            lines(canvas, [value], left + 15, foot - 34)
            lines(canvas, ["2024" if left == 150 else "2025", "(actual)"], left + 10, foot + 13)
        canvas.saveState()
        canvas.translate(76, HEIGHT - foot + 20)
        canvas.rotate(90)
        canvas.drawString(0, 0, "Number of officers")
        canvas.restoreState()
        lines(canvas, TEXT, 72, foot + 70)

    return draw


def read(draw: Draw) -> Document:
    document = read_pdf(pdf_of(draw), "a.pdf", "0")
    assert_lawful(document)
    return document


def test_the_numbers_of_a_chart_are_left_out_and_counted() -> None:
    for drawn in (chart(["60", "40", "20", "0"]), chart(["60", "40", "20", "0"], grid=True)):
        document = read(drawn)
        assert document.warnings == ("1 chart was not read.",)
        assert document.text == "\n".join(["Figure 2", "Officers trained", " ".join(TEXT)])


def test_a_chart_with_an_axis_on_each_side_is_one_chart() -> None:
    document = read(chart(["1,500", "1,000", "500", "0"], second=True))
    assert document.warnings == ("1 chart was not read.",)
    assert "1,000" not in document.text


def test_numbers_that_count_to_nought_in_a_table_or_unevenly_are_kept() -> None:
    def table(canvas: Canvas) -> None:
        for top, number in zip(count(150, 20), "3210", strict=False):
            rule(canvas, 72, 400, top)
            lines(canvas, [number], 80, top + 14)
            lines(canvas, ["Officers", "8"], 200, top + 14, pitch=0)

    for draw in (table, chart(["60", "45", "20", "0"])):
        document = read(draw)
        assert document.warnings == ()
        assert "20" in document.text or "Officers" in document.text
