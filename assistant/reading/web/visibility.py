"""What a web page does not show, or shows as struck out, leaves the tree before it is read.

Folded panels are read: a reader opens them. Whatever else is hidden stays hidden, for it may be there to deceive.
"""

from lxml import html

from assistant.reading.blocks.losses import Losses
from assistant.reading.web.looks import Looks, is_hidden, looks_of

PROSE = 40  # characters of hidden text from which its loss is counted; menus and labels have fewer
MOSTLY_LINKS = 0.8  # of the characters of a menu
_NEVER_SHOWN = frozenset(
    (
        *("script", "style", "noscript", "template", "head", "iframe", "object", "embed", "svg", "canvas", "audio"),
        *("video", "map", "select", "textarea", "input", "datalist", "dialog", "rp", "rt"),
    )
)
_OPENERS = ("aria-controls", "data-target", "data-bs-target", "href")


def keep_what_is_shown(page: html.HtmlElement, losses: Losses) -> None:
    """Take out of the page what is never shown or struck out; what of it said something is counted."""
    opened, looks = _opened(page), looks_of(page)
    looks.name_raised(page)
    for element in list(page.iter()):
        if element is page or element.getparent() is None or not _is_unseen(element, opened, looks):
            continue
        if isinstance(element.tag, str) and looks.is_struck(element):
            losses["struck"] += bool(_said(element))
        elif element.tag not in _NEVER_SHOWN and isinstance(element.tag, str):
            losses["hidden"] += len(_said(element)) >= PROSE and not is_mostly_links(element)
        element.drop_tree()  # keeps the text that follows the element


def is_mostly_links(element: html.HtmlElement) -> bool:
    """Is an element hardly anything but links, as a menu is?"""
    linked = sum(len(_said(link)) for link in element.iter("a"))
    return linked >= MOSTLY_LINKS * len(_said(element))


def _is_unseen(element: html.HtmlElement, opened: set[str], looks: Looks) -> bool:
    if not isinstance(element.tag, str) or element.tag in _NEVER_SHOWN:  # comments and instructions have no name
        return True
    if element.tag == "button":
        return "aria-expanded" not in element.attrib  # one that folds a panel out is its heading
    return looks.is_struck(element) or (is_hidden(element) and not _is_panel(element, opened))


def _is_panel(element: html.HtmlElement, opened: set[str]) -> bool:
    """Is a hidden element one that a reader folds out, and no menu?"""
    named = element.get("id") in opened or element.get("hidden") == "until-found"
    return (named or element.get("role") == "tabpanel") and not is_mostly_links(element)


def _opened(page: html.HtmlElement) -> set[str]:
    """The ids of what buttons and links of the page open."""
    openers = page.xpath(".//*[@aria-expanded or @role='tab' or @data-toggle or @data-bs-toggle]")
    named = (opener.get(name, "") for opener in openers for name in _OPENERS)
    return {each.lstrip("#") for names in named for each in names.split()}


def _said(element: html.HtmlElement) -> str:
    return "".join(element.text_content().split())
