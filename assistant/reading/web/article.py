"""Which part of a web page is the article: not its menus, banners and comments.

trafilatura finds the sentences of an article well but leaves out a list or a table now and then. So it says where
the article is, and the whole element that holds it is read.
"""

import re
from collections.abc import Callable, Sequence

import trafilatura
from lxml import html

from assistant.reading.web.visibility import is_mostly_links

HELD = 0.9  # share of the article's characters that an element must hold to be taken for it
LONG_LINE, LOOKED_FOR = 40, 120  # characters: shorter lines stand in menus as well; the beginning is enough
MOST_LINES = 200  # that are looked for, taken evenly: in a book each of its thousands would cost a search of all
ENOUGH = 200  # characters that trafilatura must find to be believed
FEWEST_LINKS = 4  # of a menu
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|comments?|cookies?|disqus|mw-editsection|navbox|newsletter|noprint|pagination|related"
    r"|share|sharing|sidebar|skip-?link|social|sr-only|visually-?hidden|toc)(?:$|[\s_-])",
    re.I,
)
_BESIDE_ROLES = frozenset(("navigation", "banner", "search", "complementary", "dialog", "alert", "menu", "menubar"))
_WHOLE = frozenset(("p", "table", "ul", "ol", "dl", "blockquote", "pre", "tr", "li"))  # an article is more than one


def article_of(page: html.HtmlElement) -> html.HtmlElement:
    """The element that holds the article, freed of what is beside the point. Changes the page."""
    body = page.find("body")
    root = page if body is None else body
    lines = _lines_of_article(page)
    _strip(root, lambda element: _is_beside_the_point(element, lines))
    if sum(map(len, lines)) < ENOUGH:
        _strip(root, _is_menu)
        return root
    return _smallest_that_holds(lines, root)


def _strip(page: html.HtmlElement, unwanted: Callable[[html.HtmlElement], bool]) -> None:
    for element in list(page.iter()):
        if element is not page and element.getparent() is not None and unwanted(element):
            element.drop_tree()  # keeps the text that follows the element


def _is_beside_the_point(element: html.HtmlElement, lines: Sequence[str]) -> bool:
    if element.get("role", "").startswith("doc-"):  # footnotes and the like
        return False
    if element.tag == "nav" or element.get("role") in _BESIDE_ROLES:
        return True
    if element.tag in ("footer", "aside") and next(element.iterancestors("article", "blockquote"), None) is None:
        return True
    named = f"{element.get('class', '')} {element.get('id', '')}"
    return bool(lines and _BESIDE.search(named)) and not _held(lines, element)


def _is_menu(element: html.HtmlElement) -> bool:
    """A list or table of hardly anything but links."""
    if element.tag not in ("ul", "ol", "table"):
        return False
    return len(element.findall(".//a")) >= FEWEST_LINKS and is_mostly_links(element)


def _lines_of_article(page: html.HtmlElement) -> list[str]:
    """The beginnings of the longer lines of the article, without spaces."""
    page_text = html.tostring(page, encoding="unicode")
    try:
        found = trafilatura.extract(page_text, include_comments=False, include_tables=False, favor_recall=True)
    except Exception:  # noqa: BLE001  a guess by a stranger's code about a stranger's page: without it all is read
        found = None
    lines = [_squeezed(line)[:LOOKED_FOR] for line in (found or "").splitlines() if len(line) >= LONG_LINE]
    return lines[:: len(lines) // MOST_LINES + 1]


def _smallest_that_holds(lines: Sequence[str], root: html.HtmlElement) -> html.HtmlElement:
    wanted = HELD * _held(lines, root)
    while True:
        inner = next((child for child in root if child.tag not in _WHOLE and _held(lines, child) >= wanted), None)
        if inner is None or not wanted:
            return root
        root = inner


def _held(lines: Sequence[str], element: html.HtmlElement) -> int:
    """Characters of the article's lines in the element, as often as they stand there."""
    text = _squeezed(element.text_content())
    return sum(len(line) * text.count(line) for line in lines)


def _squeezed(text: str) -> str:
    return "".join(text.split())
