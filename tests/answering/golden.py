"""A hundred answers, read and judged one by one: `python -m tests.answering.golden --update corpus` writes them anew.

A line of golden.jsonl: set, question, history (earlier questions), answer, citations [{source, page}], judgement, and
for questions by other people `before`: the mark of the answer that was given on 23 November 2026. The sets `reports`
and `manuals` are asked of libraries of those documents, which SSR_LIBRARY names, and `corpus` of the shipped one. An
answer that changes keeps its judgement with "TO READ: " before it, until somebody has read it again.
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


def of_corpus() -> list[dict[str, Any]]:
    """Those that the shipped corpus gives."""
    return [row for row in rows() if row["set"] == "corpus"]


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
    parser.add_argument(
        "--update", choices=["corpus", "reports", "manuals"], required=True, help="the answers of a set"
    )
    wanted = parser.parse_args().update
    assistant = Assistant.open(Settings(chat_model=None))
    anew = [updated(row, assistant) if row["set"] == wanted else row for row in rows()]
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in anew]
    GOLDEN.write_text("".join(lines), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
