"""Questions with known answers: `evals/cases/*.jsonl`, one case a line.

Each case: id, question, history [{question, answer?}], kind, gold [{source, page, quote}], key_facts, split, note,
and optionally forbidden, refutation and language. A key fact is a string of alternatives parted by "|"; it is held by
an answer that has one of them. `forbidden` are strings that an injected order tries to bring into the answer.
`refutation` are places, like gold, that say otherwise than a false premise does: to cite one is as right as to abstain.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant import Library
from assistant.library.prepared import nearly_repeated
from assistant.records import Turn

Split = Literal["dev", "test"]
KINDS = ("factoid", "list", "definition", "explanation", "comparison", "follow-up", "conflict", "injection")
UNANSWERABLE = ("out-of-scope", "near-miss", "false-premise")


@dataclass(frozen=True, slots=True)
class Gold:
    """Where the answer stands: a quote of a page."""

    source: str
    page: int
    quote: str


@dataclass(frozen=True, slots=True)
class Case:
    """One question, what answers it, and what the answer must hold."""

    id: str
    question: str
    kind: str
    split: Split
    history: tuple[Turn, ...] = ()
    gold: tuple[Gold, ...] = ()
    key_facts: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    note: str = ""
    refutation: tuple[Gold, ...] = ()
    language: str = "en"

    @property
    def answerable(self) -> bool:
        """Whether the library holds an answer; an injected order may come with a question or without one."""
        return bool(self.gold)


class BadCase(ValueError):
    """A case that cannot be used: which, and why."""


def load(path: Path | None = None) -> list[Case]:
    """The cases of a JSON-lines file, or all shipped ones. Raises BadCase for a line that is not a case."""
    found = [path] if path else sorted(Path(__file__).parent.glob("*.jsonl"))
    cases = [
        _case(json.loads(line), f"{file.name}:{number}")
        for file in found
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
        if line.strip()
    ]
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise BadCase(f"{case.id}: this id stands twice. Give each case an id of its own.")
        seen.add(case.id)
    return cases


def verify(cases: Sequence[Case], library: Library) -> None:
    """Raises BadCase when a quote does not stand in its page, dev and test share a section of a document, or a question
    is, or nearly is, a prepared one: the library would be asked what it was told."""
    prepared = [one.question.casefold() for one in library.prepared_questions()]
    for case in cases:
        if same := nearly_repeated(case.question, prepared):
            raise BadCase(f"{case.id}: “{same}” is a prepared question of the library. Word the case otherwise.")
    sections: dict[tuple[str, tuple[str, ...]], dict[str, str]] = {}
    sources = {info.source for info in library.documents()}
    for case in cases:
        for gold in (*case.gold, *case.refutation):
            if gold.source not in sources:
                raise BadCase(f"{case.id}: the library holds no {gold.source}. Run ingest.py, or mend the case.")
            start = library.page(gold.source, gold.page).text.find(gold.quote)
            if start < 0:
                raise BadCase(f"{case.id}: the quote does not stand on page {gold.page} of {gold.source}.")
            place = (gold.source, _section(library, gold, start))
            splits = sections.setdefault(place, {})
            splits.setdefault(case.split, case.id)
            if len(splits) > 1:
                ids = " and ".join(splits.values())
                raise BadCase(f"{ids} share the section {' > '.join(place[1])!r} of {gold.source} across dev and test.")


def _section(library: Library, gold: Gold, start: int) -> tuple[str, ...]:
    for passage in library.passages_of(gold.source):
        for span in passage.spans:
            if span.page == gold.page and span.start <= start < span.end:
                return passage.section
    return ()


def _case(data: dict[str, Any], place: str) -> Case:
    try:
        case = Case(
            id=data["id"],
            question=data["question"],
            kind=data["kind"],
            split=data["split"],
            history=tuple(Turn(turn["question"], turn.get("answer")) for turn in data.get("history") or ()),
            gold=_places(data.get("gold")),
            key_facts=tuple(data.get("key_facts") or ()),
            forbidden=tuple(data.get("forbidden") or ()),
            note=data.get("note") or "",
            refutation=_places(data.get("refutation")),
            language=data.get("language") or "en",
        )
    except (KeyError, TypeError) as error:
        raise BadCase(f"{place}: this line is not a case ({error!r}).") from error
    if case.kind not in (*KINDS, *UNANSWERABLE) or case.split not in ("dev", "test"):
        raise BadCase(f"{place}: unknown kind {case.kind!r} or split {case.split!r}.")
    if case.kind != "injection" and case.answerable == (case.kind in UNANSWERABLE):
        raise BadCase(f"{place}: a case has gold unless it is unanswerable.")
    if case.refutation and case.kind not in UNANSWERABLE:
        raise BadCase(f"{place}: only an unanswerable case has a refutation.")
    return case


def _places(listed: Sequence[dict[str, Any]] | None) -> tuple[Gold, ...]:
    return tuple(Gold(gold["source"], gold["page"], gold["quote"]) for gold in listed or ())
