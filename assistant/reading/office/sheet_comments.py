"""Comments on the cells of a sheet become notes, each tied to its cell; one on a cell that is not read is counted."""

import re
from collections.abc import Iterator

from assistant.reading.blocks.losses import Losses
from assistant.reading.office.ooxml import Package, S
from assistant.reading.office.sheet_cells import Sheet

# what Excel puts before the words of a conversation, for programs that know none
_NOTICE = re.compile(r"\A\[[^\]]{1,60}\].{0,600}?(?:https?://\S+)\s+\S+\s*:\s*", re.S)


def take_comments(package: Package, part: str, name: str, sheet: Sheet, losses: Losses) -> dict[str, str]:
    """Mark the cells of the sheet in a part that are commented on: {mark: what the comment says}."""
    notes: dict[str, str] = {}
    for place, text in _comments(package, part):
        mark = f"{name}!{place}"
        if text and sheet.mark(place, mark):
            notes[mark] = text
        else:
            losses["comment"] += bool(text)
    return notes


def _comments(package: Package, part: str) -> Iterator[tuple[str, str]]:
    """The place of each cell that is commented on, and what the comment says."""
    for tree in package.related(part, "comments"):
        for comment in tree.iter(f"{S}comment"):
            said = " ".join("".join(map(str, comment.itertext(f"{S}t"))).split())
            yield comment.get("ref", ""), _NOTICE.sub("", said)
