"""The parts of a book made ready for reading: notes brought to where they are referred to, the rest stripped.

A book has no menus and banners, so nothing is guessed: only what is marked as navigation or is never shown goes.
"""

import copy
import posixpath
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from lxml import html

from assistant.reading.archive import part_at
from assistant.reading.blocks.descriptions import description
from assistant.reading.blocks.losses import Losses
from assistant.reading.web.looks import Looks
from assistant.reading.web.maths import write_out_formulas
from assistant.reading.web.notes import LONGEST_NOTE

_NAVIGATION = frozenset(("toc", "landmarks", "page-list", "pagebreak", "doc-toc", "doc-pagelist", "doc-pagebreak"))
_NOTES = frozenset(("footnote", "endnote", "rearnote", "doc-footnote", "doc-endnote"))
_LONGEST_MARK = 4  # characters, brackets aside
_NEVER_SHOWN = frozenset(
    (
        *("head", "script", "style", "noscript", "template", "iframe", "embed", "canvas", "audio", "video", "map"),
        *("button", "select", "textarea", "input", "datalist", "dialog", "rp", "rt", "annotation", "annotation-xml"),
    )
)
_PICTURES = frozenset(("img", "image", "svg", "object"))
_HOLDS_TEXT = ("p", "li", "dd", "dt", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6")


def without_navigation(page: html.HtmlElement) -> None:
    """Take tables of contents, lists of pages and the like out of a part, and marks of printed pages."""
    _take_out(page, lambda element: element.tag == "nav" or bool(_types(element) & _NAVIGATION))


def without_struck_out(page: html.HtmlElement, looks: Looks, losses: Losses) -> None:
    """Take out what is struck out, in the text and in its notes."""
    losses["struck"] += _take_out(page, looks.is_struck)


def without_what_is_not_read(page: html.HtmlElement, looks: Looks, losses: Losses) -> None:
    """Take out what is hidden or no text. The description of a picture stands for it as a caption."""
    _take_out(page, lambda element: element.tag in _NEVER_SHOWN)
    for picture in [element for element in page.iter() if _local(element) in _PICTURES]:
        if not any(_local(outer) in _PICTURES for outer in picture.iterancestors()):
            _describe(picture, losses)
    _take_out(page, lambda element: _local(element) in _PICTURES)
    losses["hidden"] += _take_out(page, looks.is_hidden)
    write_out_formulas(page, losses)


def bring_notes(pages: Mapping[str, html.HtmlElement]) -> None:
    """Move each note that stands in a later part into the part that refers to it, so that both are read together.

    The mark before a note, which leads back to the text, goes.
    """
    places = {name: place for place, name in enumerate(pages)}
    named = {(name, key): found for name, page in pages.items() for found in page.iter() if (key := _key(found))}
    for name, page in pages.items():
        for note in [element for element in page.iter() if _types(element) & _NOTES]:
            _drop_link_back(note)
        for link in list(page.iter("a")):
            path, _, fragment = link.get("href", "").partition("#")
            part = part_at(posixpath.dirname(name), unquote(path))
            element = named.get((part, unquote(fragment)))
            if element is None or places[part] <= places[name] or not _is_mark(link):
                continue
            note = element.getparent() if element.tag in ("a", "span", "sup") else element
            if note is not None and _is_note(note, link):
                _bring(note, link, page, f"{part}#{fragment}")


def _bring(note: html.HtmlElement, link: html.HtmlElement, page: html.HtmlElement, key: str) -> None:
    brought = copy.deepcopy(note)  # another part may refer to it as well
    brought.tail = None
    _drop_link_back(brought)
    here = {_key(element) for element in (link, *link.iterancestors())} - {""}
    for back in [back for back in brought.iter("a") if back.get("href", "").partition("#")[2] in here]:
        back.drop_tree()
    for inner in brought.iter():
        inner.attrib.pop("id", None)
    brought.set("id", key)
    page.append(brought)
    link.set("href", f"#{key}")
    if note.getparent() is not None:
        note.drop_tree()


def _drop_link_back(note: html.HtmlElement) -> None:
    link = next((link for link in note.iter("a") if "#" in link.get("href", "")), None)
    if link is not None and _is_mark(link) and note.text_content().strip().startswith(link.text_content().strip()):
        link.drop_tree()


def _is_mark(link: html.HtmlElement) -> bool:
    return 0 < len(link.text_content().strip(" []()\n\t")) <= _LONGEST_MARK


def _is_note(element: html.HtmlElement, link: html.HtmlElement) -> bool:
    """A note says so, or begins with its mark, or leads back."""
    text = element.text_content().strip()
    if not text or len(text) > LONGEST_NOTE or element.tag in ("body", "html"):
        return False
    begins = text.strip("[( ").startswith(link.text_content().strip(" []()\n\t"))
    return begins or bool(_types(element) & _NOTES) or any("#" in back.get("href", "") for back in element.iter("a"))


def _describe(picture: html.HtmlElement, losses: Losses) -> None:
    """Put the description of a picture after the paragraph that it stands in; count a picture without one."""
    title = next((each.text_content() for each in picture.iter() if _local(each) == "title"), "")
    said = description(picture.get("alt") or title)
    if not said:
        losses["picture"] += 1
    else:
        caption = html.Element("figcaption")
        caption.text = said
        next(picture.iterancestors(*_HOLDS_TEXT), picture).addnext(caption)  # before the text that follows it


def _take_out(page: html.HtmlElement, unwanted: Callable[[html.HtmlElement], bool]) -> int:
    """Take elements out; how many of them, those inside another not counted, had text in them."""
    found = [element for element in page.iter() if isinstance(element.tag, str) and unwanted(element)]
    inside = {inner for element in found for inner in element.iterdescendants()}
    outermost = [element for element in found if element not in inside and element.getparent() is not None]
    with_text = sum(bool(element.text_content().strip()) for element in outermost)
    for element in outermost:
        element.drop_tree()  # keeps the text that follows the element
    return with_text


def _types(element: html.HtmlElement) -> frozenset[str]:
    said = (element.get("epub:type", ""), element.get("role", "")) if isinstance(element.tag, str) else ()
    return frozenset(" ".join(said).split())


def _local(element: html.HtmlElement) -> str:
    return element.tag.rpartition(":")[2] if isinstance(element.tag, str) else ""


def _key(element: html.HtmlElement) -> str:
    return (element.get("id") or element.get("name") or "") if isinstance(element.tag, str) else ""
