"""What the page writes down for those who keep the library: feedback, and which questions got an answer.

One JSON object a line, appended with one write, so that several servers may share the files. Neither file says who
asked or in which conversation.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.answering.citations import answer_to_json
from assistant.records import Answer, Filters, Turn

Thumb = Literal["up", "down"]
Fault = Literal["wrong-source", "not-supported", "outdated", "should-have-abstained", "should-have-answered"]


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody thinks of an answer. `id` is the same each time the same answer is judged again."""

    id: str
    answer: Answer
    history: Sequence[Turn]
    filters: Filters
    thumb: Thumb
    reason: Fault | None = None
    comment: str = ""


def write_feedback(state: Path, feedback: Feedback) -> None:
    """Append to the queue that `python -m evals triage` reads. Raises OSError."""
    record = {
        "id": feedback.id,
        "question": feedback.answer.question,
        "history": [asdict(turn) for turn in feedback.history],
        "filters": asdict(feedback.filters),
        "answer": answer_to_json(feedback.answer),
        "thumb": feedback.thumb,
        "reason": feedback.reason,
        "comment": feedback.comment,
        "generation": feedback.answer.generation,
    }
    _append(state / "feedback.jsonl", record)


def write_question(state: Path, answer: Answer) -> None:
    """Append to the log from which the overview counts. Raises OSError."""
    sources = list(dict.fromkeys(citation.source for citation in answer.citations))
    question = answer.rewritten or answer.question
    _append(state / "questions.jsonl", {"question": question, "status": answer.status, "sources": sources})


def _append(path: Path, record: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(record, ensure_ascii=False) + "\n"
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line.encode("utf-8", "replace"))
    finally:
        os.close(handle)
