"""What Word keeps outside the text: which style is a heading, and which number stands before a paragraph."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from assistant.reading.attributes import whole_number
from assistant.reading.office.ooxml import W

_DEEPEST = 30  # styles in a chain; a longer one is a ring
_HEADING = re.compile(r"heading (\d)\Z")
_PLACE = re.compile(r"%(\d)")
_ROMANS = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
           (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def value(parent: etree._Element | None, name: str) -> str | None:
    """The `w:val` of a property, None when it is not there."""
    child = parent.find(f"{W}{name}") if parent is not None else None
    return child.get(f"{W}val") if child is not None else None


def is_on(parent: etree._Element | None, name: str) -> bool:
    """Is a property that is either on or off on?"""
    child = parent.find(f"{W}{name}") if parent is not None else None
    return child is not None and child.get(f"{W}val", "1") not in ("0", "false", "off", "none")


class Styles:
    """The styles of a document: what they are called, and what they pass on to those based on them."""

    def __init__(self, tree: etree._Element | None) -> None:
        found = list(tree.iterfind(f"{W}style")) if tree is not None else []
        self._styles = {style.get(f"{W}styleId", ""): style for style in found}
        of_paragraphs = [style for style in found if style.get(f"{W}type") == "paragraph"]
        default = [style for style in of_paragraphs if style.get(f"{W}default") in ("1", "true", "on")]
        self._default = default[0].get(f"{W}styleId", "") if default else ""

    def name(self, paragraph: etree._Element) -> str:
        """What the paragraph's style is called, in small letters: built-in styles have English names everywhere."""
        style = next(self._chain(paragraph), None)
        return (value(style, "name") or "").lower()

    def heading_level(self, paragraph: etree._Element) -> int | None:
        """The depth of a heading from 1, None for a paragraph that is none."""
        for style in self._chain(paragraph):
            name = (value(style, "name") or "").lower()
            if heading := _HEADING.match(name):
                return int(heading[1])
            if name == "title":
                return 1
        outline = next(filter(None, (value(own, "outlineLvl") for own in self._properties(paragraph))), None)
        depth = whole_number(outline, 9)
        return depth + 1 if depth < 9 else None

    def numbering(self, paragraph: etree._Element) -> tuple[str, int] | None:
        """Which list (id) at which depth from 0 numbers the paragraph, None for one outside lists."""
        list_id = depth = None
        for properties in self._properties(paragraph):
            numbered = properties.find(f"{W}numPr")
            list_id = list_id or value(numbered, "numId")
            depth = depth or value(numbered, "ilvl")
        if not list_id or list_id == "0":
            return None
        return list_id, whole_number(depth)

    def is_bold(self, paragraph: etree._Element) -> bool:
        """Does the style make its text bold?"""
        return any(is_on(style.find(f"{W}rPr"), "b") for style in self._chain(paragraph))

    def run_is(self, name: str, properties: etree._Element | None, paragraph: etree._Element) -> bool:
        """Is a property on for a run?"""
        return is_on(self._deciding(name, properties, paragraph), name)

    def run_is_raised(self, properties: etree._Element | None, paragraph: etree._Element) -> bool:
        """Does a run stand above the line: as superscript, or higher by so many points and smaller?"""
        if value(self._deciding("vertAlign", properties, paragraph), "vertAlign") == "superscript":
            return True
        return whole_number(value(properties, "position")) > 0 and value(properties, "sz") is not None

    def _deciding(
        self, name: str, properties: etree._Element | None, paragraph: etree._Element
    ) -> etree._Element | None:
        """What says a property of a run: the run itself, else its style, else that of its paragraph."""
        of_run = self._based(value(properties, "rStyle") or "")
        held = [properties, *(style.find(f"{W}rPr") for style in (*of_run, *self._chain(paragraph)))]
        return next((each for each in held if each is not None and each.find(f"{W}{name}") is not None), None)

    def _properties(self, paragraph: etree._Element) -> Iterator[etree._Element]:
        """The paragraph's own properties, then those of its style and of the styles below."""
        for holder in (paragraph, *self._chain(paragraph)):
            properties = holder.find(f"{W}pPr")
            if properties is not None:
                yield properties

    def _chain(self, paragraph: etree._Element) -> Iterator[etree._Element]:
        first = next(iter(paragraph), None)  # a paragraph may have very many runs behind it, each of which asks
        properties = first if first is not None and first.tag == f"{W}pPr" else None
        return self._based(value(properties, "pStyle") or self._default)

    def _based(self, name: str) -> Iterator[etree._Element]:
        """The style of that name and those it is based on."""
        for _ in range(_DEEPEST):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = value(style, "basedOn") or ""


@dataclass(slots=True)
class _Level:
    format: str
    text: str
    start: int


@dataclass(slots=True)
class _Counter:
    """Where the numbers of a list stand, level by level."""

    levels: dict[int, _Level]
    at: dict[int, int] = field(default_factory=dict)

    def next(self, depth: int) -> str | None:
        level = self.levels.get(depth, _Level("decimal", f"%{depth + 1}.", 1))
        self.at[depth] = self.at.get(depth, level.start - 1) + 1
        for deeper in [at for at in self.at if at > depth]:
            del self.at[deeper]
        if level.format in ("bullet", "none"):
            return None
        return _PLACE.sub(lambda place: self._number(int(place[1]) - 1), level.text).strip() or None

    def _number(self, depth: int) -> str:
        level = self.levels.get(depth, _Level("decimal", "", 1))
        return written(self.at.get(depth, level.start), level.format)


class Numbering:
    """The lists of a document, which count as the document is read."""

    def __init__(self, tree: etree._Element | None) -> None:
        found = list(tree) if tree is not None else []
        abstract = {each.get(f"{W}abstractNumId"): each for each in found if each.tag == f"{W}abstractNum"}
        linked = {value(each, "styleLink"): id_ for id_, each in abstract.items() if value(each, "styleLink")}
        self._counters = {id_: _Counter(dict(map(_level, each.iterfind(f"{W}lvl")))) for id_, each in abstract.items()}
        self._lists: dict[str, str | None] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        for each in found:
            if each.tag == f"{W}num":
                id_, base = each.get(f"{W}numId", ""), value(each, "abstractNumId")
                link = value(abstract.get(base), "numStyleLink")
                self._lists[id_] = linked.get(link, base) if link else base
                self._restarts[id_] = dict(_overrides(each))

    def next(self, list_id: str, depth: int) -> str | None:
        """The number that Word prints before the next paragraph of a list, None for a bullet."""
        counter = self._counters.get(self._lists.get(list_id))
        if counter is None:
            return None
        for level, start in self._restarts.pop(list_id, {}).items():
            counter.at[level] = start - 1
        return counter.next(depth)


def _level(element: etree._Element) -> tuple[int, _Level]:
    start = whole_number(value(element, "start"), 1)
    level = _Level(value(element, "numFmt") or "decimal", value(element, "lvlText") or "", start)
    return whole_number(element.get(f"{W}ilvl")), level


def _overrides(element: etree._Element) -> Iterator[tuple[int, int]]:
    for override in element.iterfind(f"{W}lvlOverride"):
        start = whole_number(value(override, "startOverride"), -1)
        if start >= 0:
            yield whole_number(override.get(f"{W}ilvl")), start


def written(number: int, format_: str) -> str:
    """A number as Word writes it: 3, c, C, iii or III.

    >>> written(4, "lowerRoman"), written(28, "upperLetter")
    ('iv', 'BB')
    """
    if format_.endswith("Roman") and 0 < number < 4000:
        written = ""
        for value_, letters in _ROMANS:
            count, number = divmod(number, value_)
            written += letters * count
    elif format_.endswith("Letter") and 0 < number < 4000:
        written = chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1)
    else:
        return str(number)
    return written.upper() if format_.startswith("upper") else written
