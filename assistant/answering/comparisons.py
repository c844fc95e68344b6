"""Answers to comparisons: what is said of each side, and on which side nothing is said."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.answering.excerpts import Excerpt, around
from assistant.answering.selection import WORDS, added, ordered, repeats
from assistant.answering.stretches import onward
from assistant.query.words import stems
from assistant.records import NoteOnAnswer, Query

if TYPE_CHECKING:
    from assistant.library import Library

WORDS_OF_SIDE = 60  # of the first quote on each side


def sides_of(query: Query) -> list[str]:
    """What a question compares: the names in it, else the two things around "and", "from" or "versus"."""
    if len(query.names) > 1:
        return list(query.names)
    words = query.text.rstrip(" ?.!")
    for start in ("between ", "compare ", "do ", "does ", "is ", "are "):
        if start in words:
            words = words.split(start, 1)[1]
            break
    for joint in (" and ", " from ", " versus ", " vs. ", " vs ", " with ", " to "):
        if joint in words:
            left, right = words.split(joint, 1)
            return [left.strip(), " ".join(w for w in right.split() if w.casefold() not in ("differ", "different"))]
    return []


def compared(
    sides: Sequence[str], candidates: Sequence[Excerpt], query: Query, library: "Library"
) -> tuple[list[Excerpt], tuple[NoteOnAnswer, ...]]:
    """Excerpts side by side, those that name all sides first; a side of which nothing is said is named in a note."""
    both = [e for e in candidates if not e.is_list and all(_names(e.text, side) for side in sides)]
    chosen = added([onward(max(both, key=lambda e: e.score), WORDS_OF_SIDE)], both, WORDS // 2) if both else []
    missing = []
    for side in sides:
        own = [e for e in candidates if not e.is_list and _is_of_side(e, side, sides, library)]
        own = [e for e in own if not any(repeats(e, other) for other in chosen)]
        own = [e for e in own if not e.is_row_or_step] or own
        if own:
            best = onward(max(own, key=lambda e: e.score), WORDS_OF_SIDE)
            chosen += ordered(added([best], own, WORDS // 2))
        elif not both:
            missing.append(side)
    if len(missing) == len(sides):
        best = max(candidates, key=lambda e: e.score)
        return ordered(added([best], candidates, WORDS)), ()
    notes = tuple(
        NoteOnAnswer("side-missing", f"On {side}, the library has nothing that answers this.")
        for side in missing
        if side in query.names
    )
    return chosen, notes


def _names(text: str, side: str) -> bool:
    return stems(side) <= stems(text)


def _is_of_side(excerpt: Excerpt, side: str, sides: Sequence[str], library: "Library") -> bool:
    """Whether an excerpt speaks of one side alone: by its own words, else by its section or document."""
    named = [other for other in sides if _names(excerpt.text, other)]
    if named:
        return named == [side]
    its_place = around(excerpt, library)
    return [other for other in sides if _names(its_place, other)] == [side]
