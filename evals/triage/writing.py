"""An accepted entry as a line of a case file."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from assistant import Library
from assistant.records import Turn
from evals import cases
from evals.cases import BadCase, Case, Split
from evals.triage.dialogue import DraftCase
from evals.triage.queue import Entry

CASES = Path(cases.__file__).parent / "feedback.jsonl"


def accept(draft: DraftCase, entry: Entry, library: Library, target: Path) -> Case:
    """Append the case to `target`. Raises BadCase when it is none, or is there already."""
    others = [*cases.load(), *(cases.load(target) if target.exists() and target != CASES else [])]
    case = _placed(draft, entry, others, library)
    if case.id in {other.id for other in others}:
        raise BadCase(f"{case.id} is a case already.")
    line = json.dumps({name: value for name, value in asdict(case).items() if value}, ensure_ascii=False)
    with target.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    return case


def _placed(draft: DraftCase, entry: Entry, others: Sequence[Case], library: Library) -> Case:
    """In dev; in test where its section of the document belongs to test cases, as the two share none."""
    sources = {gold.source for gold in draft.gold}
    near = [case for case in others if sources & {gold.source for gold in case.gold}]
    try:
        return _verified(draft, entry, "dev", near, library)
    except BadCase:
        return _verified(draft, entry, "test", near, library)


def _verified(draft: DraftCase, entry: Entry, split: Split, near: Sequence[Case], library: Library) -> Case:
    case = Case(
        id=f"f-{hashlib.sha256(entry.id.encode()).hexdigest()[:8]}",
        question=draft.question,
        kind=draft.kind,
        split=split,
        history=tuple(Turn(turn["question"], turn["answer"]) for turn in entry.history),
        gold=draft.gold,
        key_facts=draft.key_facts,
        note=f"feedback: {entry.reason}" if entry.reason else "feedback",
    )
    cases.verify([*near, case], library)
    return case
