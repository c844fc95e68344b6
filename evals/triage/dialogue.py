"""Asking a reviewer about one entry, on the terminal."""

from dataclasses import dataclass
from typing import Literal

from assistant import Library
from assistant.errors import AssistantError
from evals.cases import KINDS, UNANSWERABLE, Gold
from evals.triage.queue import Entry


@dataclass(frozen=True, slots=True)
class DraftCase:
    """What the reviewer made of an entry: each gold quote stands in its page."""

    question: str
    kind: str
    gold: tuple[Gold, ...]
    key_facts: tuple[str, ...]


Decision = DraftCase | Literal["dismiss", "later", "quit"]


def decide(entry: Entry, library: Library) -> Decision:
    """Show an entry and ask until there is a decision. Raises EOFError where the input ends."""
    print(shown(entry))
    while True:
        match input("[c]ase, [d]ismiss, [l]ater, [q]uit? ").strip().lower()[:1]:
            case "c":
                return _draft(entry, library)
            case "d":
                return "dismiss"
            case "l":
                return "later"
            case "q":
                return "quit"


def line_of(entry: Entry) -> str:
    """An entry on one line."""
    return f"{plain(entry.id)}  {entry.thumb:<4}  {plain(entry.reason or '-'):<21}  {plain(entry.question)}"


def shown(entry: Entry) -> str:
    """An entry as the reviewer reads it."""
    lines = [f"Before: {plain(turn['question'])}" for turn in entry.history]
    lines += [f"Question: {plain(entry.question)}", f"Thumb {entry.thumb}, {plain(entry.reason or 'no reason given')}"]
    lines += [f"Comment: {plain(entry.comment)}"] if entry.comment else []
    lines.append(f"Answer ({plain(str(entry.answer.get('status')))}): {plain(str(entry.answer.get('text')))}")
    for citation in entry.answer.get("citations") or ():
        lines.append(
            f"  [{plain(str(citation['number']))}] {plain(str(citation['source']))}, page "
            f"{plain(str(citation['page']))}: {plain(str(citation['quote']))}"
        )
    return "\n".join(lines)


def plain(words: str) -> str:
    """On one line and without what a terminal would obey.

    >>> plain("red \\x1b[31m ink")
    'red ?[31m ink'
    """
    return "".join(c if c.isprintable() else "?" for c in " ".join(words.split()))


def _draft(entry: Entry, library: Library) -> DraftCase:
    question = input("The question, without names of persons (Enter: as it is): ").strip() or entry.question
    kind = _kind(_likeliest(entry))
    if kind in UNANSWERABLE:
        return DraftCase(question, kind, (), ())
    gold = _gold(library)
    facts = input("Key facts, parted by ';' (alternatives by '|'): ")
    return DraftCase(question, kind, gold, tuple(fact.strip() for fact in facts.split(";") if fact.strip()))


def _likeliest(entry: Entry) -> str:
    if entry.reason == "should-have-abstained":
        return "near-miss"
    return "follow-up" if entry.history else "explanation"


def _kind(likeliest: str) -> str:
    kinds = (*KINDS, *UNANSWERABLE)
    while True:
        kind = input(f"Kind: {', '.join(kinds)} (Enter: {likeliest}): ").strip() or likeliest
        if kind in kinds:
            return kind


def _gold(library: Library) -> tuple[Gold, ...]:
    """The places that answer, at least one; a quote is taken only where it stands in the page."""
    places: list[Gold] = []
    while True:
        source = input("Document that answers (Enter: no more): ").strip()
        if not source and places:
            return tuple(places)
        page, quote = input("Page: ").strip(), input("Quote: ").strip()
        if not quote or not _stands(source, page, quote, library):
            print("The quote does not stand there, word for word. Copy it from the viewer.")
        else:
            places.append(Gold(source, int(page), quote))


def _stands(source: str, page: str, quote: str, library: Library) -> bool:
    if not page.isdecimal():
        return False
    try:
        return quote in library.page(source, int(page)).text
    except (KeyError, AssistantError):
        return False
