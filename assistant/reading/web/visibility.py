"""What a web page does not show, or shows as struck out, leaves the tree before it is read.

Folded panels are read: a reader opens them. Whatever else is hidden stays hidden, for it may be there to deceive.
"""

import re

from lxml import html

from assistant.reading.blocks.losses import Losses
from assistant.reading.text.lines import ends
from assistant.reading.web.controls import write_out_controls
from assistant.reading.web.looks import Looks, is_hidden, looks_of
from assistant.reading.web.maths import write_out_formulas

PROSE = 40  # characters of hidden text from which its loss is counted; menus and labels have fewer
FEWEST_WORDS = 3  # of a shorter sentence that is counted
HOLDERS = 3  # elements one in another that hold nothing but a button
MOSTLY_LINKS = 0.8  # of the characters of a menu
_NEVER_SHOWN = frozenset(
    (
        *("script", "style", "noscript", "template", "head", "iframe", "object", "embed", "svg", "canvas", "audio"),
        *("video", "map", "select", "textarea", "input", "datalist", "dialog", "rp", "rt"),
    )
)
_OPENERS = (
    ".//*[@aria-expanded or @role='tab' or @data-toggle or @data-bs-toggle or (@onclick and starts-with(@href, '#'))]"
)
_TAG = re.compile(r"<[^<>]*>")  # written out, as browsers save what stands in a <noscript>
_NAME_PANELS = ("aria-controls", "data-target", "data-bs-target", "href")


def keep_what_is_shown(page: html.HtmlElement, losses: Losses) -> None:
    """Take out of the page what is never shown or struck out; what of it said something is counted."""
    write_out_controls(page)
    panels, looks = _panels(page), looks_of(page)
    looks.name_raised(page)
    gone: set[html.HtmlElement] = set()
    for element in list(page.iter()):
        parent = element.getparent()
        if parent in gone:
            gone.add(element)
        elif parent is not None and _is_unseen(element, panels, looks):
            gone.add(element)
            if isinstance(element.tag, str):
                struck = looks.is_struck(element)
                losses["struck" if struck else "hidden"] += bool(_said(element)) if struck else _is_prose(element)
            element.drop_tree()  # keeps the text that follows the element
    write_out_formulas(page, losses)


def is_mostly_links(element: html.HtmlElement) -> bool:
    """Is an element hardly anything but links, as a menu is?"""
    linked = sum(len(_said(link)) for link in element.iter("a"))
    return linked >= MOSTLY_LINKS * len(_said(element))


def _is_unseen(element: html.HtmlElement, panels: set[html.HtmlElement], looks: Looks) -> bool:
    if not isinstance(element.tag, str) or element.tag in _NEVER_SHOWN:  # comments and instructions have no name
        return True
    if element.tag == "button":
        return not _folds_out(element)
    return looks.is_struck(element) or (is_hidden(element) and not _is_panel(element, panels))


def _is_prose(element: html.HtmlElement) -> bool:
    """Would a reader miss what an element says? Not a menu, a label, or a request to switch scripts on."""
    if element.tag in _NEVER_SHOWN and element.tag != "noscript":
        return False
    said = _TAG.sub(" ", " ".join(element.xpath(".//text()[not(parent::script or parent::style)]")))
    if element.tag == "noscript" and "javascript" in said.lower():
        return False
    words = said.split()
    is_sentence = len(words) >= FEWEST_WORDS and ends(words[-1])
    return (is_sentence or sum(map(len, words)) >= PROSE) and not is_mostly_links(element)


def _folds_out(button: html.HtmlElement) -> bool:
    """Does a button fold a panel out? Then it is the panel's heading."""
    return "aria-expanded" in button.attrib or "collapse" in (button.get("data-toggle"), button.get("data-bs-toggle"))


def _is_panel(element: html.HtmlElement, panels: set[html.HtmlElement]) -> bool:
    """Is a hidden element one that a reader folds out, and no menu?"""
    named = element in panels or element.get("hidden") == "until-found"
    return (named or element.get("role") == "tabpanel") and not is_mostly_links(element)


def _panels(page: html.HtmlElement) -> set[html.HtmlElement]:
    """What buttons and links of the page open: what they name, or what stands behind those that name nothing."""
    with_ids = page.xpath(".//*[@id]")
    ids = {element.get("id") for element in with_ids}
    named: set[str] = set()
    behind: set[html.HtmlElement] = set()
    for opener in page.xpath(_OPENERS):
        names = {each.lstrip("#") for name in _NAME_PANELS for each in opener.get(name, "").split()} & ids
        named |= names
        if not names and "aria-expanded" in opener.attrib:
            behind.add(_behind(opener))
    return {element for element in with_ids if element.get("id") in named} | behind


def _behind(opener: html.HtmlElement) -> html.HtmlElement | None:
    """What stands next to an opener, or to the heading that holds nothing else."""
    for _ in range(HOLDERS):
        holder = opener.getparent()
        if holder is None or len(holder) > 1 or (holder.text or "").strip() or (opener.tail or "").strip():
            break
        opener = holder
    return opener.getnext()


def _said(element: html.HtmlElement) -> str:
    return "".join(element.text_content().split())
