"""Formulas on a web page, written in MathML, become text; one that no line says is left out and counted."""

from lxml import html

from assistant.reading.blocks.formulas import apart, formula
from assistant.reading.blocks.losses import Losses


def write_out_formulas(page: html.HtmlElement, losses: Losses) -> None:
    """Put the line of each formula in its place."""
    for element in list(page.iter("math", "m:math", "mml:math")):
        if element.getparent() is None:
            continue
        line = formula(element)
        losses["formula"] += line is None
        for child in list(element):
            element.remove(child)
        element.text = apart(_before(element), line or "")
        element.drop_tag()


def _before(element: html.HtmlElement) -> str:
    """The text right before an element."""
    neighbour, parent = element.getprevious(), element.getparent()
    said = neighbour.tail if neighbour is not None else parent.text if parent is not None else ""
    return said or ""
