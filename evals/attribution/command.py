"""The command: trials drawn, each tied, and the shares as two tables, of what should be supported and what should not.

python -m evals attribution [--questions FILE.jsonl] [--limit N] [--library DIR] [--json] [--show]
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from assistant import Assistant
from assistant.grounding import Judge
from assistant.settings import Settings
from evals.attribution.pairs import trials_of_pairs
from evals.attribution.scenes import scenes_of
from evals.attribution.tying import Outcome, RememberingEncoder, tied
from evals.attribution.variants import VARIANTS, trials_of
from evals.cases import Case
from evals.judge import to_json
from evals.questions import Question, load
from evals.run import select
from evals.statistics import Figure, bootstrap, mean
from evals.tables import figures_table

Figures = dict[str, Figure]
_NAMES = frozenset(variant.name for variant in VARIANTS)
TITLES = {True: "Should be supported", False: "Should not be supported"}


def outcomes_of(assistant: Assistant, limit: int | None = None, questions: Path | None = None) -> Iterator[Outcome]:
    """The outcomes over the dev cases that are answered, or the questions of a file, and over the pairs of people; a
    limit holds for each."""
    asked: Sequence[Case | Question] = load(questions)[:limit] if questions else select("dev", None, limit)
    trials = trials_of(list(scenes_of(assistant, tqdm(asked, unit="question", desc="asking"))))
    trials += trials_of_pairs(assistant, limit)
    judge = Judge.load(encoder=RememberingEncoder())
    for trial in tqdm(trials, unit="sentence", desc="tying"):
        yield tied(trial, judge, assistant.library)


def measure(outcomes: Sequence[Outcome]) -> dict[str, Figures]:
    """By variant the share that is supported, and where it rests on passages the share that cites them."""
    tried = dict.fromkeys(outcome.trial.variant for outcome in outcomes)
    variants = [*(one.name for one in VARIANTS if one.name in tried), *(name for name in tried if name not in _NAMES)]
    return {name: _figures([one for one in outcomes if one.trial.variant == name]) for name in variants}


def _figures(outcomes: Sequence[Outcome]) -> Figures:
    figures = {"supported": _share([one.supported for one in outcomes], outcomes)}
    if all(one.trial.rests_on for one in outcomes):
        figures["its passage cited"] = _share([one.cites_its_passages for one in outcomes], outcomes)
    return figures


def _share(values: Sequence[bool], outcomes: Sequence[Outcome]) -> Figure:
    return bootstrap(mean(values), [one.trial.group for one in outcomes])


def main(argv: list[str] | None = None) -> int:
    """Print the shares, as tables or with --json as JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m evals attribution", description="How rightly a chat model's sentences are tied to passages."
    )
    parser.add_argument("--limit", type=int, help="only so many cases, spread over the kinds, and passages of pairs")
    parser.add_argument("--questions", type=Path, help="sentences that answer these questions instead of the dev cases")
    parser.add_argument("--library", type=Path, help="folder of generations")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--show", action="store_true", help="print each sentence that is tied wrongly")
    arguments = parser.parse_args(argv)
    assistant = Assistant.open(Settings(library=arguments.library) if arguments.library else Settings())
    outcomes = list(outcomes_of(assistant, arguments.limit, arguments.questions))
    if arguments.show:
        print("\n\n".join(_shown(one) for one in outcomes if not one.is_right), end="\n\n")
    print(json.dumps(_as_json(outcomes), ensure_ascii=False) if arguments.json else _tables(outcomes))
    return 0


def _tables(outcomes: Sequence[Outcome]) -> str:
    tables = []
    for is_true, title in TITLES.items():
        measured = measure([one for one in outcomes if one.trial.is_true == is_true])
        rows = {f"{name}, {_count(name, outcomes)}": figures for name, figures in measured.items()}
        tables.append(figures_table(title, rows))
    return "\n\n".join(tables)


def _as_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    is_true = {one.trial.variant: one.trial.is_true for one in outcomes}
    variants = {
        name: {"n": _count(name, outcomes), "is_true": is_true[name], **to_json(figures)}
        for name, figures in measure(outcomes).items()
    }
    return {"n": len(outcomes), "variants": variants}


def _count(variant: str, outcomes: Sequence[Outcome]) -> int:
    return sum(one.trial.variant == variant for one in outcomes)


def _shown(outcome: Outcome) -> str:
    """A sentence that was tied wrongly, above it what it was made of."""
    what = "supported" if outcome.supported else "not supported"
    if outcome.supported and outcome.trial.is_true:
        what = "tied to another passage"
    return f"{outcome.trial.variant}: {what}\n   {outcome.trial.original}\n   {outcome.trial.text}"
