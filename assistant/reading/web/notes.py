"""Footnotes of web pages: a small link to a note further down, and the note, which links back.

Every site writes them in its own way; common to all is a link within the page whose text is a bare mark.
"""

import re
from collections.abc import Iterator

from lxml import html

from assistant.reading.blocks.losses import Losses
from assistant.reading.web.markup import NOTE_MARK, write_out_raised
from assistant.reading.web.maths import write_out_formulas

LONGEST_NOTE = 3000  # characters; what is longer is a section that a number links to
_MARK = re.compile(r"\[?\(?((?:note |n )?\d{1,3}|[a-z]|[ivx]{1,5}|[*†‡§]{1,3})\)?\]?\Z")
_PRINTED = re.compile(
    r"[\[(]?(?:[\d¹²³⁰⁴-⁹]{1,3}|[*†‡§]{1,3})[\])]?[.:]?\s+(?=\S)"
)  # the mark before the note's own text
_BACK = re.compile(r"back-?(?:link|ref)|reverse-?footnote|doc-backlink", re.I)
_NOTE_ELEMENTS = frozenset(("li", "p", "div", "aside", "dd", "td", "section", "span", "a", "cite"))


def take_notes(page: html.HtmlElement, losses: Losses) -> dict[str, str]:
    """Take the notes out of the page and put `NOTE_MARK` elements where their marks stand: {mark: text}."""
    notes: dict[str, str] = {}
    marks: dict[html.HtmlElement, str] = {}  # note on the page -> its mark
    for link, mark, target in list(_links_to_notes(page)):
        element = _note_element(target)
        if element not in marks:
            text = _text_of_note(element, link, losses) if mark not in notes else ""
            if not text:
                continue
            notes[mark], marks[element] = text, mark
        _set_mark(link, marks[element])
    for element in marks:
        if element.getparent() is not None:
            element.drop_tree()
    return notes


def _links_to_notes(page: html.HtmlElement) -> Iterator[tuple[html.HtmlElement, str, html.HtmlElement]]:
    """Links like <sup><a href="#name">1</a></sup>: the link, its mark, and what it leads to, further down the page.

    Links back from a note look the same but lead up.
    """
    elements = [element for element in page.iter() if isinstance(element.tag, str)]
    place = {element: position for position, element in enumerate(elements)}
    named = {name: element for element in elements if (name := element.get("id") or element.get("name"))}
    for link in elements:
        target = named.get(link.get("href", "").partition("#")[2]) if link.tag == "a" else None
        if target is None or place[target] < place[link] or target.tag not in _NOTE_ELEMENTS:
            continue
        if mark := _MARK.match(" ".join(link.text_content().split())):
            yield link, mark[1], target


def _text_of_note(element: html.HtmlElement, link: html.HtmlElement, losses: Losses) -> str:
    """What the note says without its links back, "" when it is no note."""
    if element is link or link in element.iterdescendants() or len(element.text_content()) > LONGEST_NOTE:
        return ""
    for back in [inner for inner in element.iterdescendants() if _BACK.search(_described(inner))]:
        if back.getparent() is not None:
            back.drop_tree()
    write_out_formulas(element, losses)
    write_out_raised(element)
    text: str = element.text_content().strip(" \n\t\r^↑↩\ufe0e")
    printed = _PRINTED.match(text)
    return text[printed.end() :] if printed else text


def _note_element(target: html.HtmlElement) -> html.HtmlElement:
    """The element that holds the note: the one with the name, or the paragraph round an empty anchor."""
    if target.tag in ("a", "span", "cite") and target.getparent() is not None:
        return target.getparent()
    return target


def _set_mark(link: html.HtmlElement, mark: str) -> None:
    """Make the link, with the <sup> round it, the mark of a note."""
    parent = link.getparent()
    element = parent if parent is not None and parent.tag == "sup" and len(parent) == 1 else link
    tail = element.tail
    for child in list(element):
        element.remove(child)
    element.tag, element.text, element.tail = NOTE_MARK, None, tail
    element.attrib.clear()
    element.set("mark", mark)


def _described(element: html.HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('role', '')} {element.get('rel', '')}"
