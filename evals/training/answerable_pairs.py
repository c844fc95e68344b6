"""Makes the pairs that a chat model is calibrated on: `python -m evals.training.answerable_pairs --library DIR`.

Dev cases of `evals/cases`, asked of a library of the shipped corpus: 25 that the passages shown to a small chat model
answer, spread over the kinds, and 25 that they come near without answering.
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.answering.calibration import PAIRS
from assistant.answering.citations import one_line
from assistant.answering.prompts import heading
from assistant.answering.shown import LITTLE, Shown, shown
from assistant.records import Metadata
from assistant.settings import Settings
from evals.cases import KINDS, Case, load

EACH = 25
NOT_ANSWERED = ("out-of-scope", "near-miss")


def main(argv: list[str] | None = None) -> int:
    """Write the pairs into the package."""
    parser = argparse.ArgumentParser(prog="python -m evals.training.answerable_pairs", description=__doc__)
    parser.add_argument("--library", type=Path, required=True, help="a library made of the shipped corpus")
    assistant = Assistant.open(Settings(library=parser.parse_args(argv).library, chat_model=None))
    cases = [case for case in load() if case.split == "dev" and not case.history]
    rows = [
        *_rows(_in_turn(cases, KINDS), assistant, answerable=True),
        *_rows(_in_turn(cases, NOT_ANSWERED), assistant, answerable=False),
    ]
    PAIRS.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return 0


def _in_turn(cases: list[Case], kinds: tuple[str, ...]) -> Iterator[Case]:
    """One case of each kind after another."""
    of_kinds = [[case for case in cases if case.kind == kind] for kind in kinds]
    return (case for case in chain.from_iterable(zip_longest(*of_kinds)) if case)


def _rows(cases: Iterator[Case], assistant: Assistant, answerable: bool) -> list[dict[str, Any]]:
    documents = {info.source: info.metadata for info in assistant.library.documents()}
    rows: list[dict[str, Any]] = []
    while len(rows) < EACH and (case := next(cases, None)):
        quoted = assistant.ask(case.question).citations
        seen = shown(assistant.search(case.question, LITTLE.passages), quoted, assistant.library, LITTLE)
        if seen and (not answerable or _holds(case, seen)):
            passages = [{"heading": _heading(each, documents), "text": each.text} for each in seen]
            rows.append({"question": case.question, "passages": passages, "answerable": answerable})
    return rows


def _heading(seen: Shown, documents: Mapping[str, Metadata]) -> str:
    return "\n".join(heading(seen.passage, documents[seen.passage.source]))


def _holds(case: Case, seen: Iterable[Shown]) -> bool:
    """Whether what is shown says every key fact."""
    said = one_line("\n".join(each.text for each in seen)).casefold()
    return all(any(one.strip().casefold() in said for one in fact.split("|")) for fact in case.key_facts)


if __name__ == "__main__":
    raise SystemExit(main())
