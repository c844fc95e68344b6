"""Forty answers, read and judged one by one: `python -m tests.answering.golden --update` writes them anew.

A line of golden.jsonl: question, history (earlier questions), answer, citations [{source, page}], judgement. An answer
that changes keeps its judgement with "TO READ: " before it, until somebody has read it again.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from assistant.assistant import Assistant
from assistant.records import Turn
from assistant.settings import Settings

GOLDEN = Path(__file__).with_name("golden.jsonl")
TO_READ = "TO READ: "


def rows() -> list[dict[str, Any]]:
    """The reviewed answers, in the order of the file."""
    return [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]


def given(row: dict[str, Any], assistant: Assistant) -> dict[str, Any]:
    """What the assistant answers now, in the form of the file, without judgement."""
    answer = assistant.ask(row["question"], [Turn(question) for question in row["history"]])
    citations = [{"source": citation.source, "page": citation.page} for citation in answer.citations]
    return {"answer": answer.text, "citations": citations}


def updated(row: dict[str, Any], assistant: Assistant) -> dict[str, Any]:
    """The row with the answer of now; its judgement is to be read again when the answer changed."""
    new = given(row, assistant)
    is_same = new == {name: row.get(name) for name in new}
    old = row["judgement"].removeprefix(TO_READ)
    return {**row, **new, "judgement": row["judgement"] if is_same else TO_READ + old}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.answering.golden", description=__doc__)
    parser.add_argument("--update", action="store_true", required=True, help="write the answers of the current library")
    parser.parse_args()
    assistant = Assistant.open(Settings(chat_model=None))
    lines = [json.dumps(updated(row, assistant), ensure_ascii=False) + "\n" for row in rows()]
    GOLDEN.write_text("".join(lines), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
