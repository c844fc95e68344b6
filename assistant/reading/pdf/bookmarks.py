"""The bookmarks of a PDF: the titles that its author gave, and those of them that no page shows."""

from collections.abc import Iterator, Mapping, Set
from itertools import islice
from typing import Any

from assistant.reading.pdf.headings import outline_key

DEEPEST, MOST = 8, 2000  # levels; bookmarks
SHORTEST, LONGEST = 4, 200  # characters


def titles(document: Any) -> Set[str]:
    """All titles, as `outline_key` gives them."""
    return {key for _, title in _bookmarks(document) if len(key := outline_key(title)) > SHORTEST}


def titles_not_shown(document: Any, pages: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    """(index of the page, title) of the bookmarks whose title is not among the text of the page that they lead to, the
    first one where they lead nowhere: it is drawn there as a picture, or says more than the page. A name without a
    space was given by a program ("_Toc81", "OLE_LINK1")."""
    keys = {index: outline_key(text) for index, text in pages.items()}
    for target, title in _bookmarks(document):
        index = target if target in keys else 0
        key = outline_key(title)
        if " " in title and len(key) > SHORTEST and key not in keys[index]:
            yield index, title


def _bookmarks(document: Any) -> Iterator[tuple[int | None, str]]:
    """(index of the page or None, title) in their order."""
    entries = document.get_toc(max_depth=DEEPEST) if document else ()
    for entry in islice(entries, MOST):
        target = entry.get_dest()
        title = " ".join(entry.get_title().split())
        if len(title) <= LONGEST:
            yield target.get_index() if target else None, title
