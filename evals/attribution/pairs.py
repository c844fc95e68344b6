"""Claims that people wrote about passages of the library, true ones in words of their own, and near-misses.

`evals/judge_pairs/ssr.jsonl` names no question, so the passage of a claim is shown with those that a search for the
first claim about it finds.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.answering.citations import one_line
from assistant.answering.shown import MUCH
from assistant.records import Passage
from evals.attribution.variants import Trial
from evals.lines import read_lines

PAIRS = Path(__file__).parent.parent / "judge_pairs" / "ssr.jsonl"
Row = Mapping[str, Any]


def trials_of_pairs(assistant: Assistant, limit: int | None = None) -> Iterator[Trial]:
    """A trial for each claim whose passage stands whole in the library, of at most so many passages."""
    groups: dict[object, list[Row]] = {}
    for _, row in read_lines(PAIRS):
        groups.setdefault(row["passage"], []).append(row)
    chosen = list(groups.values())
    if limit is not None and limit < len(chosen):
        chosen = [chosen[i * len(chosen) // limit] for i in range(limit)]
    sources = {info.source for info in assistant.library.documents()}
    for rows in chosen:
        source = rows[0]["group"]
        passages = assistant.library.passages_of(source) if source in sources else []
        homes = [passage for passage in passages if one_line(rows[0]["premise"]) in one_line(passage.text)]
        if homes:
            shown = _shown(assistant, rows[0]["claim"], homes)
            rests_on = (frozenset(passage.id for passage in homes),)
            yield from (_trial(row, rests_on, shown) for row in rows)


def _shown(assistant: Assistant, claim: str, homes: list[Passage]) -> tuple[Passage, ...]:
    found = {passage.id: passage for passage in homes}
    found |= {reading.passage.id: reading.passage for reading in assistant.search(claim, MUCH.passages)}
    return tuple(found.values())[: MUCH.passages]


def _trial(row: Row, rests_on: tuple[frozenset[str], ...], shown: tuple[Passage, ...]) -> Trial:
    is_true = row["label"] == 1
    name = f"by people: {row['kind'].replace('-', ' ')}"
    return Trial(name, is_true, row["claim"], row["premise"], rests_on, shown, row["group"])
