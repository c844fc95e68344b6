"""What the drawings of an Office file say: a chart as a table, a diagram as a list, a picture by its description.

Charts and diagrams are parts of their own, to which the drawing is tied; a chart keeps the values that it shows beside
the workbook they came from.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from lxml import etree

from assistant.reading.attributes import whole_number
from assistant.reading.blocks.descriptions import described, description
from assistant.reading.blocks.flow import FlowBlock, Piece
from assistant.reading.blocks.losses import Loss, Losses
from assistant.reading.blocks.tables import table_block
from assistant.reading.office.ooxml import A, Package, R

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_CHARTEX = "{http://schemas.microsoft.com/office/drawing/2014/chartex}chart"  # kinds of Word 2016, not read
_D = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_FIRST_DAY = date(1899, 12, 30)  # day 0 of the dates that a workbook counts
_MOST_DAYS = 200_000
_DEEPEST = 30  # points of a diagram below one another


class Drawings:
    """Reads the drawings of one part of a package, and counts those that say nothing."""

    def __init__(self, package: Package, part: str, losses: Losses) -> None:
        self._package = package
        self._targets = package.targets(part)
        self._losses = losses

    def blocks(self, drawing: etree._Element, page: int = 1) -> list[FlowBlock]:
        """The blocks of a drawing; the text in its boxes is not among them."""
        blocks: list[FlowBlock] = []
        for chart in drawing.iter(f"{_C}chart"):
            blocks += self._counted("chart", chart_blocks(self._part(chart, f"{R}id"), page))
        for diagram in drawing.iter(f"{_D}relIds"):
            blocks += self._counted("diagram", diagram_blocks(self._part(diagram, f"{R}dm"), page))
        self._losses["chart"] += sum(1 for _ in drawing.iter(_CHARTEX))
        text = _description(drawing)
        if text and not any(text.split() == block.text.split() for block in blocks):
            return [described(text, page), *blocks]
        if not blocks and _is_picture(drawing):
            self._losses["picture"] += 1
        return blocks

    def _part(self, element: etree._Element, reference: str) -> etree._Element | None:
        return self._package.part(self._targets.get(element.get(reference, ""), ""))

    def _counted(self, kind: Loss, blocks: list[FlowBlock]) -> list[FlowBlock]:
        self._losses[kind] += not blocks
        return blocks


def chart_blocks(space: etree._Element | None, page: int) -> list[FlowBlock]:
    """The title of a chart as caption, and its values as a table: a row a category, a column a series."""
    chart = space.find(f"{_C}chart") if space is not None else None
    if chart is None:
        return []
    series = [(_text(each.find(f"{_C}tx")), _points(each)) for each in chart.iter(f"{_C}ser")]
    categories = list(dict.fromkeys(category for _, points in series for category in points))
    axis = next((_text(axis.find(f"{_C}title")) for axis in chart.iter(f"{_C}catAx", f"{_C}dateAx")), "")
    rows = [[axis, *(name for name, _ in series)]]
    rows += [[category, *(points.get(category, "") for _, points in series)] for category in categories]
    table = table_block([[Piece(page, cell) for cell in row] for row in rows], header_rows=1)
    if table is None or not categories:
        return []
    title = _text(chart.find(f"{_C}title"))
    return [*([FlowBlock("caption", [Piece(page, title)])] if title else []), table]


def _points(series: etree._Element) -> dict[str, str]:
    """The values of a series by their category; of points in a plane, y by x."""
    values = _cached(_first(series, "val", "yVal"))
    named = _cached(_first(series, "cat", "xVal"))
    return {named.get(at, str(at + 1)): value for at, value in values.items()}


def _first(parent: etree._Element, *names: str) -> etree._Element | None:
    return next((found for name in names if (found := parent.find(f"{_C}{name}")) is not None), None)


def _cached(source: etree._Element | None) -> dict[int, str]:
    """The values that a chart keeps, by their place. Of names in several levels the outer ones come first and hold
    until the next."""
    if source is None:
        return {}
    levels = list(source.iter(f"{_C}lvl"))
    if not levels:
        return dict(_values(source, source.findtext(f".//{_C}formatCode") or ""))
    inner, *outer = [dict(_values(level, "")) for level in levels]
    return {at: " ".join([*(_held(level, at) for level in reversed(outer)), name]) for at, name in inner.items()}


def _held(level: dict[int, str], at: int) -> str:
    return next((level[before] for before in range(at, -1, -1) if before in level), "")


def _values(source: etree._Element, format_: str) -> Iterator[tuple[int, str]]:
    for point in source.iter(f"{_C}pt"):
        at, value = whole_number(point.get("idx"), -1), " ".join((point.findtext(f"{_C}v") or "").split())
        if at >= 0 and value:
            yield at, _shown(value, point.get("formatCode", format_)) if format_ else value


def _shown(value: str, format_: str) -> str:
    """A number as the chart shows it: a share in per cent, a counted day as a date.

    >>> _shown("0.25", "0%"), _shown("42370", "mmm yyyy"), _shown("841.0", "General")
    ('25%', '1 January 2016', '841')
    """
    try:
        number = float(value)
    except ValueError:
        return value
    if "%" in format_:
        return f"{_plain(number * 100)}%"
    if "y" in format_.lower() and 0 < number < _MOST_DAYS:
        day = _FIRST_DAY + timedelta(days=int(number))
        return str(day.year) if not re.search("[dm]", format_, re.I) else f"{day.day} {day:%B %Y}"
    return _plain(number)


def _plain(number: float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".")


def _text(element: etree._Element | None) -> str:
    """What a title or the name of a series says."""
    if element is None:
        return ""
    paragraphs = ["".join(map(str, p.itertext(f"{A}t"))) for p in element.iter(f"{A}p")]
    return " ".join(" ".join(paragraphs or map(str, element.itertext(f"{_C}v"))).split())


def diagram_blocks(model: etree._Element | None, page: int) -> list[FlowBlock]:
    """The points of a diagram as items of a list, each below the one that it hangs on."""
    if model is None:
        return []
    points = {point.get("modelId", ""): point for point in model.iter(f"{_D}pt")}
    depths = dict.fromkeys([key for key, point in points.items() if point.get("type") == "doc"], 0)
    below = _below(model)
    hanging = [(key, 1) for root in reversed(depths) for key in reversed(below.get(root, []))]
    while hanging:
        key, depth = hanging.pop()
        if key not in depths and depth <= _DEEPEST:
            depths[key] = depth
            hanging += [(each, depth + 1) for each in reversed(below.get(key, []))]
    placed = {key: depths.get(key, 1) for key in [*depths, *points] if key in points}
    texts = {key: _text(points[key]) for key in placed if points[key].get("type", "node") in ("node", "asst")}
    return [FlowBlock("item", [Piece(page, text)], placed[key]) for key, text in texts.items() if text]


def _below(model: etree._Element) -> dict[str, list[str]]:
    """What hangs on each point of a diagram, in its order."""
    ties = [tie for tie in model.iter(f"{_D}cxn") if tie.get("type", "parOf") == "parOf"]
    below: dict[str, list[str]] = {}
    for tie in sorted(ties, key=lambda tie: whole_number(tie.get("srcOrd"))):
        below.setdefault(tie.get("srcId", ""), []).append(tie.get("destId", ""))
    return below


def _description(drawing: etree._Element) -> str:
    """What somebody wrote to describe a picture; nothing where it is decoration."""
    if any(mark.get("val") in ("1", "true") for mark in drawing.iter(_DECORATIVE)):
        return ""
    found = (element.get("descr") or element.get("alt") for element in drawing.iter("{*}docPr", "{*}cNvPr", "{*}shape"))
    return next(filter(None, map(description, found)), "")


def _is_picture(drawing: etree._Element) -> bool:
    return next(drawing.iter(f"{A}blip", "{urn:schemas-microsoft-com:vml}imagedata"), None) is not None
