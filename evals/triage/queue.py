"""The queue of feedback: what the page wrote, less what was decided."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Entry:
    """One judgement of an answer. All of it comes from strangers and is data."""

    id: str
    question: str
    history: tuple[dict[str, Any], ...]
    thumb: str
    reason: str | None
    comment: str
    answer: dict[str, Any]
    generation: str

    @classmethod
    def of(cls, row: Any) -> Self:
        """Raises ValueError, KeyError or TypeError for what the page did not write."""
        if row["thumb"] not in ("up", "down") or not isinstance(row["answer"]["claims"], list):
            raise ValueError("no feedback")
        return cls(
            id=str(row["id"]),
            question=str(row["question"]),
            history=tuple({"question": str(t["question"]), "answer": t.get("answer")} for t in row["history"]),
            thumb=row["thumb"],
            reason=None if row["reason"] is None else str(row["reason"]),
            comment=str(row["comment"]),
            answer=row["answer"],
            generation=str(row["generation"]),
        )


class Queue:
    """Reads `feedback.jsonl` of a state folder and keeps `triaged.jsonl` there."""

    def __init__(self, state: Path) -> None:
        self._feedback = state / "feedback.jsonl"
        self._ledger = state / "triaged.jsonl"
        self.unreadable = 0

    def waiting(self) -> list[Entry]:
        """What nobody decided yet, thumbs down first, else as it came. Of one answer's judgements the last counts."""
        handled = {row["id"] for row in _rows(self._ledger) if isinstance(row, dict) and "id" in row}
        entries = {entry.id: entry for entry in self._entries() if entry.id not in handled}
        return sorted(entries.values(), key=lambda entry: entry.thumb == "up")

    def remember(self, entry: Entry, case: str | None) -> None:
        """Note that an entry was dismissed, or became a case."""
        row = {"id": entry.id, "case": case, "decision": "dismissed" if case is None else "case"}
        with self._ledger.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")

    def _entries(self) -> Iterator[Entry]:
        self.unreadable = 0
        for row in _rows(self._feedback):
            try:
                yield Entry.of(row)
            except (ValueError, KeyError, TypeError):
                self.unreadable += 1


def _rows(path: Path) -> Iterator[Any]:
    """The JSON of each line, None for a line that is none: a server may have died while it wrote."""
    if not path.exists():
        return
    for line in path.read_bytes().splitlines():
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError:
                yield None
