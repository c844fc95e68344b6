"""Questions that other people wrote, with gold places and key facts, and the rules by which they are scored.

Each line is `{"id", "question", "kind", "answerable", "gold": [{"source", "page", "quote"}], "key_facts":
[[alternatives], ...]}`, and optionally `all` (every gold place is needed), `refutation` (the place that contradicts a
false premise), `best` (`[{"source", "section"}]`, where no quotes are given), `language`, `history`. Quotes were taken
from the files by another program than ours, so a place is recognised by runs of words and not by offsets.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Self

from assistant.errors import UsageError
from assistant.records import Citation, Passage, Turn
from evals.lines import read_lines

RUN = 4  # words
HELD = 0.6  # share of a quote's runs of four words that a right passage holds


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands. `page` is 0 where it is not given. `runs` are the quote's runs of four words."""

    source: str
    page: int
    quote: str
    runs: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, place: Mapping[str, Any]) -> Self:
        return cls(str(place["source"]), int(place.get("page") or 0), str(place["quote"]), runs(str(place["quote"])))

    def is_held_by(self, passage: Passage) -> bool:
        """Whether a passage is of the same file and holds at least .6 of the quote's runs of four words."""
        if not same_file(passage.source, self.source):
            return False
        held = runs(f"{passage.context} {passage.text}")
        return len(self.runs & held) >= HELD * len(self.runs)

    def is_on_pages_of(self, found: Passage | Citation) -> bool:
        """Whether a passage or a citation stands on the place's page, or one page to either side. Only PDFs have
        pages of their own; of any other file, every passage counts. Nothing does where the page is not known."""
        if not self.page or not same_file(found.source, self.source):
            return False
        is_pdf = self.source.casefold().endswith(".pdf")
        return not is_pdf or any(abs(span.page - self.page) <= 1 for span in found.spans)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the places that answer it, and the facts that a right answer holds: of each inner tuple any one."""

    id: str
    question: str
    kind: str
    answerable: bool
    language: str
    history: tuple[Turn, ...]
    gold: tuple[Place, ...]
    needs_all: bool
    refutation: Place | None
    key_facts: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, number: int, row: Mapping[str, Any]) -> Self:
        """Raises UsageError naming the line when a field is missing or wrong."""
        try:
            return cls(
                id=str(row.get("id", f"line {number}")),
                question=str(row["question"]),
                kind=str(row.get("kind", "")),
                answerable=bool(row["answerable"]),
                language=str(row.get("language", "en")),
                history=tuple(_turn(turn) for turn in row.get("history") or ()),
                gold=tuple(Place.of(place) for place in row.get("gold") or ()),
                needs_all=bool(row.get("all")),
                refutation=Place.of(row["refutation"]) if (row.get("refutation") or {}).get("quote") else None,
                key_facts=tuple(tuple(map(str, fact)) for fact in row.get("key_facts") or ()),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UsageError(
                f"Line {number} is no question ({error!r}): see evals/questions.py for its fields."
            ) from error

    @property
    def document(self) -> str:
        """What figures are clustered by: the document of the first place, else the question itself."""
        return self.gold[0].source if self.gold else self.id

    def rank(self, passages: Sequence[Passage]) -> int | None:
        """The rank, from 1, at which the question's place comes (the last of its places where all are needed)."""
        return self._rank([[place.is_held_by(passage) for passage in passages] for place in self.gold])

    def rank_of_page(self, found: Sequence[Passage | Citation]) -> int | None:
        """The same for the page of the place, one page to either side allowed."""
        return self._rank([[place.is_on_pages_of(one) for one in found] for place in self.gold])

    def facts_held(self, text: str) -> float | None:
        """The share of the key facts that a text holds; None where none are given."""
        facts = len(self.key_facts)
        return (facts - len(self.facts_missing(text))) / facts if facts else None

    def facts_missing(self, text: str) -> list[tuple[str, ...]]:
        """The key facts of which a text holds no alternative."""
        said = folded(text)
        return [fact for fact in self.key_facts if not any(folded(alternative) in said for alternative in fact)]

    def _rank(self, found: Sequence[Sequence[bool]]) -> int | None:
        ranks = [row.index(True) + 1 if True in row else None for row in found]
        known = [rank for rank in ranks if rank is not None]
        if self.needs_all:
            return max(known) if ranks and len(known) == len(ranks) else None
        return min(known, default=None)


def load(path: Path) -> list[Question]:
    """The questions of a file of JSON lines. Raises UsageError when it cannot be read."""
    return [Question.of(number, row) for number, row in read_lines(path)]


def runs(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of four words of a text, case folded; of a shorter text all its words as one run."""
    words = re.findall(r"\w+", text.casefold())
    return frozenset(zip(*(words[i:] for i in range(RUN)), strict=False)) or frozenset([tuple(words)])


def folded(text: str) -> str:
    """Case and white space folded."""
    return " ".join(text.casefold().split())


def same_file(one: str, other: str) -> bool:
    """Whether two paths name the same file, also where one is given from a folder further up."""
    parts, others = PurePosixPath(one).parts, PurePosixPath(other).parts
    count = min(len(parts), len(others))
    return parts[-count:] == others[-count:]


def _turn(turn: Mapping[str, Any] | str) -> Turn:
    return Turn(turn) if isinstance(turn, str) else Turn(str(turn["question"]), turn.get("answer"))
