"""What Writer keeps outside the text: what a style does to it, and which number stands before an item or a heading."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from assistant.reading.attributes import whole_number
from assistant.reading.blocks.saying import PLAIN, Look, as_printed
from assistant.reading.office.word_styles import written

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_RAISED = re.compile(r"super|[1-9]")  # a position above the line, by name or in per cent
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_DEEPEST = 30  # styles in a chain; a longer one is a ring
_MOST_LEVELS = 10  # of a list, which is what the format has
_FORMATS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


class Styles:
    """The styles of a document, those of its text and those that they are based on."""

    def __init__(self, *trees: etree._Element | None) -> None:
        self._styles: dict[tuple[str, str], etree._Element] = {}
        self._lists: dict[str, etree._Element] = {}
        self.outline: etree._Element | None = None  # the list style of the headings
        kinds = f"{STYLE}style", f"{TEXT}list-style", f"{TEXT}outline-style"
        for element in (element for tree in trees if tree is not None for element in tree.iter(*kinds)):
            name = element.get(f"{STYLE}name", "")
            if element.tag == f"{STYLE}style":
                self._styles[element.get(f"{STYLE}family", ""), name] = element
            elif element.tag == f"{TEXT}list-style":
                self._lists[name] = element
            else:
                self.outline = element

    def names(self, paragraph: str) -> list[str]:
        """The name of a paragraph's style and of those that it is based on, in small letters: built-in styles have
        English names everywhere."""
        chain = self._chain("paragraph", paragraph)
        return [paragraph.lower(), *(style.get(f"{STYLE}parent-style-name", "").lower() for style in chain)]

    def look(self, family: str, name: str, round_it: Look = PLAIN) -> Look:
        """How text in a style looks that stands in text that looks so."""
        said: dict[str, str] = {}
        for style in self._chain(family, name):
            for properties in style.iterfind(f"{STYLE}text-properties"):
                said = {**{str(key): str(value) for key, value in properties.attrib.items()}, **said}
        line = said.get(f"{STYLE}text-line-through-type", said.get(f"{STYLE}text-line-through-style"))
        weight, display = said.get(f"{_FO}font-weight"), said.get(f"{TEXT}display")
        position = said.get(f"{STYLE}text-position")
        return Look(
            is_struck=round_it.is_struck if line is None else line != "none",
            is_hidden=round_it.is_hidden if display is None else display == "none",
            is_bold=round_it.is_bold if weight is None else weight in ("bold", "600", "700", "800", "900"),
            is_raised=round_it.is_raised if position is None else bool(_RAISED.match(position)),
        )

    def list_style(self, name: str) -> etree._Element | None:
        """The list style of that name."""
        return self._lists.get(name)

    def list_of_paragraph(self, paragraph: str) -> str | None:
        """The name of the list style that a paragraph's style brings ("": none at all), None where it says nothing."""
        said = (style.get(f"{STYLE}list-style-name") for style in self._chain("paragraph", paragraph))
        return next((name for name in said if name is not None), None)

    def page_of_paragraph(self, paragraph: str) -> str:
        """The name of the page style with which a paragraph of that style begins a page."""
        said = (style.get(f"{STYLE}master-page-name") for style in self._chain("paragraph", paragraph))
        return next(filter(None, said), "Standard")

    def _chain(self, family: str, name: str) -> Iterator[etree._Element]:
        for _ in range(_DEEPEST):
            style = self._styles.get((family, name))
            if style is None:
                return
            yield style
            name = style.get(f"{STYLE}parent-style-name", "")


@dataclass(slots=True)
class Counter:
    """Where the numbers of a list stand, level by level from 1."""

    at: dict[int, int] = field(default_factory=dict)

    def next(self, style: etree._Element | None, depth: int, start: str | None = None) -> str | None:
        """The number that Writer prints before the next item at a depth, None for a bullet.

        `start`: the number that the item itself asks for.
        """
        level = _level(style, depth)
        self.at[depth] = whole_number(start) or (self.at[depth] + 1 if depth in self.at else _start(level))
        for deeper in [at for at in self.at if at > depth]:
            del self.at[deeper]
        if level is None or not level.get(f"{STYLE}num-format"):
            return None
        shown = min(whole_number(level.get(f"{TEXT}display-levels")) or 1, depth)
        numbers = [self._number(style, at) for at in range(depth - shown + 1, depth + 1)]
        affixes = level.get(f"{STYLE}num-prefix", ""), level.get(f"{STYLE}num-suffix", "")
        return as_printed(f"{affixes[0]}{'.'.join(filter(None, numbers))}{affixes[1]}") or None

    def _number(self, style: etree._Element | None, depth: int) -> str:
        level = _level(style, depth)
        format_ = level.get(f"{STYLE}num-format", "") if level is not None else ""
        return written(self.at.get(depth, _start(level)), _FORMATS.get(format_, "decimal")) if format_ else ""


def _level(style: etree._Element | None, depth: int) -> etree._Element | None:
    levels = style if style is not None else ()
    return next((level for level in levels if level.get(f"{TEXT}level") == str(min(depth, _MOST_LEVELS))), None)


def _start(level: etree._Element | None) -> int:
    """The first number of a level."""
    return (whole_number(level.get(f"{TEXT}start-value")) if level is not None else 0) or 1
