"""PDFs made on the spot, drawn as the programs that make real ones draw them."""

import io
from collections.abc import Callable, Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
LEFT, TOP, PITCH = 72.0, 100.0, 12.0  # points; TOP is the first baseline from the top of the page
Draw = Callable[[Canvas], object]


def pdf_of(*pages: Draw, title: str | None = None, password: str | None = None, rotation: int = 0) -> bytes:
    """A PDF of these pages, each drawn by its function."""
    made = io.BytesIO()
    encryption = StandardEncryption(password, canPrint=1) if password is not None else None
    canvas = Canvas(made, pagesize=A4, encrypt=encryption)
    if title:
        canvas.setTitle(title)
    for draw in pages:
        canvas.setPageRotation(rotation)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def lines(
    canvas: Canvas,
    texts: Sequence[str],
    left: float = LEFT,
    top: float = TOP,
    size: float = 10,
    font: str = "Times-Roman",
    pitch: float = PITCH,
) -> float:
    """Draw lines one under the other; gives the baseline for a next line, from the top of the page."""
    canvas.setFont(font, size)
    for text in texts:
        canvas.drawString(left, HEIGHT - top, text)
        top += pitch
    return top


def raised(canvas: Canvas, text: str, left: float, top: float, size: float = 6.5, font: str = "Times-Roman") -> None:
    """Draw the mark of a note, higher and smaller than the line at `top`."""
    canvas.setFont(font, size)
    canvas.drawString(left, HEIGHT - top + 3.5, text)


def turned(canvas: Canvas, text: str, angle: float, left: float, top: float, size: float = 12) -> None:
    """Draw text that rises by so many degrees, as a stamp does."""
    canvas.saveState()
    canvas.translate(left, HEIGHT - top)
    canvas.rotate(angle)
    canvas.setFont("Courier-Bold", size)
    canvas.drawString(0, 0, text)
    canvas.restoreState()


def rule(canvas: Canvas, left: float, right: float, top: float) -> None:
    """Draw a horizontal line."""
    canvas.line(left, HEIGHT - top, right, HEIGHT - top)


def wrapped(text: str, width: int) -> list[str]:
    """The text as lines of at most `width` characters."""
    found = [""]
    for word in text.split():
        if len(found[-1]) + len(word) >= width:
            found.append("")
        found[-1] = f"{found[-1]} {word}".strip()
    return found


def columns(words: Sequence[str], rows: Sequence[Sequence[str]], lefts: Sequence[float], top: float) -> Draw:
    """A table without rules: `words` is its header, each row's cells stand at `lefts`."""

    def draw(canvas: Canvas) -> None:
        for number, row in enumerate([words, *rows]):
            for cell, left in zip(row, lefts, strict=True):
                lines(canvas, [cell], left, top + 15 * number)

    return draw
