from reportlab.pdfgen.canvas import Canvas

from assistant.reading.pdf.reader import read_pdf
from tests.reading.making.pdf import PITCH, TOP, lines, pdf_of

NAMES = (
    "Review of the whole question",
    "The Peacebuilding Commission",
    "Strengthening the capacity",
    "Special subjects",
)


def listed(canvas: Canvas, numbers: list[str], left: float, top: float) -> None:
    lines(canvas, numbers, left=left, top=top, size=8.5)
    lines(canvas, NAMES[: len(numbers)], left=left + 75, top=top, size=8.5)


def test_a_heading_over_a_new_pair_of_lists_ends_the_pair_above_it() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, ["General Assembly resolutions"], font="Times-Italic")
        listed(canvas, ["49/37", "60/180", "61/279", "72/262"], left=60, top=TOP + 20)
        listed(canvas, ["79/1", "79/53", "80/11", "80/74"], left=312, top=TOP + 20)
        under = TOP + 20 + 5 * PITCH
        lines(canvas, ["Security Council resolutions"], left=60, top=under, font="Times-Italic")
        listed(canvas, ["1325", "1612", "1894", "2151"], left=60, top=under + 20)
        listed(canvas, ["2436", "2447", "2518", "2553"], left=312, top=under + 20)

    text = read_pdf(pdf_of(draw), "a.pdf", "0").text
    order = ["General Assembly", "72/262", "79/1", "80/74", "Security Council", "1325", "2151", "2436", "2553"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
