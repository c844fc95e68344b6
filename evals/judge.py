"""The grounding judge against pairs labelled by people.

    python -m evals judge --pairs FILE.jsonl[.gz] [--json] [--out FILE.json]

Each line is `{"premise", "claim", "label": 0/1, "group"?, "source"?, "response"?}`. Rows of a group are drawn
together in the bootstrap; rows of a response are one answer, as weak as its weakest claim.
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from scipy.stats import rankdata

from assistant.errors import UsageError
from assistant.grounding import Judge
from assistant.grounding.features import Measured
from evals import statistics
from evals.lines import read_lines
from evals.statistics import Figure, bootstrap
from evals.tables import figures_table

Figures = dict[str, Figure]
FLOORS = {"word_overlap": "word_recall", "sentence_cosine": "sentence_cosine"}  # a floor and the feature that it is


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """A claim and its premise with a person's label: 1 fully supported, 0 anything else."""

    premise: str
    claim: str
    label: int
    group: str
    source: str
    response: str | None

    @classmethod
    def of(cls, number: int, row: Mapping[str, Any]) -> Self:
        """Raises UsageError naming the line when a field is missing or wrong."""
        premise, claim, label = (row.get(name) for name in ("premise", "claim", "label"))
        if not isinstance(premise, str) or not isinstance(claim, str) or label not in (0, 1):
            raise UsageError(f"Line {number} must hold premise and claim as text and label as 0 or 1.")
        response = row.get("response")
        return cls(
            premise,
            claim,
            int(label),
            str(row.get("group", f"line {number}")),
            str(row.get("source", "unnamed")),
            None if response is None else str(response),
        )


def load_pairs(path: Path) -> list[LabelledPair]:
    """The rows of a file. Raises UsageError when it cannot be read."""
    return [LabelledPair.of(number, row) for number, row in read_lines(path)]


def figures_of(labels: Sequence[int], scores: Sequence[float], threshold: float, clusters: Sequence[str]) -> Figures:
    """All figures of one set of scores in 0..1; a claim counts as supported from the threshold on."""
    supported = [score >= threshold for score in scores]
    is_true = [label == 1 for label in labels]
    is_false = [not true for true in is_true]
    measures = {
        "auroc": statistics.auroc(labels, scores),
        "balanced_accuracy": statistics.balanced_accuracy(labels, supported),
        "f1_unsupported": statistics.f1(labels, supported, positive=0),
        "ece": statistics.calibration_error(labels, scores),
        "false_acceptance": statistics.share(supported, is_false),
        "false_warning": statistics.share([not said for said in supported], is_true),
    }
    return {name: bootstrap(measure, clusters) for name, measure in measures.items()}


def evaluate(judge: Judge, pairs: Sequence[LabelledPair]) -> dict[str, Any]:
    """Figures of the judge and of its floors, as nested mappings of `Figure`s; `responses` None without answers."""
    measured = judge.measure([(pair.premise, pair.claim) for pair in pairs])
    scores = judge.score(measured).tolist()
    sources = {pair.source: [i for i, other in enumerate(pairs) if other.source == pair.source] for pair in pairs}
    per_source = {name: _figures(pairs, scores, judge.threshold, rows) for name, rows in sources.items()}
    return {
        "n": len(pairs),
        "claims": _figures(pairs, scores, judge.threshold),
        "responses": _responses(pairs, scores, judge.threshold),
        "per_source": per_source,
        "macro": {name: _macro([figures[name] for figures in per_source.values()]) for name in MEASURES},
        "floors": {
            name: _figures(pairs, floor, threshold)
            for name, (floor, threshold) in _floors(measured, judge.floor_thresholds).items()
        },
        "calibration": statistics.calibration([pair.label for pair in pairs], scores),
    }


MEASURES = ("auroc", "balanced_accuracy", "f1_unsupported", "ece", "false_acceptance", "false_warning")


def _figures(
    pairs: Sequence[LabelledPair], scores: Sequence[float], threshold: float, rows: Sequence[int] | None = None
) -> Figures:
    chosen = range(len(pairs)) if rows is None else rows
    kept = [pairs[i] for i in chosen]
    return figures_of(
        [pair.label for pair in kept], [scores[i] for i in chosen], threshold, [pair.group for pair in kept]
    )


def _responses(pairs: Sequence[LabelledPair], scores: Sequence[float], threshold: float) -> Figures | None:
    """An answer is supported when all its claims are; its score is that of its weakest claim."""
    answers: dict[str, list[int]] = {}
    for i, pair in enumerate(pairs):
        if pair.response is not None:
            answers.setdefault(pair.response, []).append(i)
    if not answers:
        return None
    return figures_of(
        [min(pairs[i].label for i in rows) for rows in answers.values()],
        [min(scores[i] for i in rows) for rows in answers.values()],
        threshold,
        [pairs[rows[0]].group for rows in answers.values()],
    )


def _macro(figures: Sequence[Figure]) -> Figure:
    """The mean over sources in which the figure is defined. Sources are few and not a sample: no interval."""
    values = [figure.value for figure in figures if figure.value is not None]
    return Figure(float(np.mean(values)) if values else None, None, None)


def _floors(measured: Sequence[Measured], thresholds: Mapping[str, float]) -> dict[str, tuple[list[float], float]]:
    """Scores in 0..1 and threshold of what needs no training. Ranks are taken within the file."""
    floors = {
        name: (np.clip([pair.features[feature] for pair in measured], 0, 1).tolist(), thresholds[name])
        for name, feature in FLOORS.items()
    }
    ranks = np.mean([rankdata(scores) for scores, _ in floors.values()], axis=0) / max(1, len(measured))
    return {**floors, "mean_rank": (ranks.tolist(), 0.5), "always_unsupported": ([0.0] * len(measured), 0.5)}


def to_json(report: Any) -> Any:
    """The report with each figure as {value, low, high}."""
    if isinstance(report, Figure):
        return report.to_json()
    return {name: to_json(part) for name, part in report.items()} if isinstance(report, dict) else report


def main(argv: list[str] | None = None) -> int:
    """Score a file and print the figures, as tables or with --json as JSON."""
    parser = argparse.ArgumentParser(prog="python -m evals judge", description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=Path, required=True, help="JSON lines, also compressed (.gz)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--out", type=Path, help="keep the JSON in this file, for `evals report --judge`")
    arguments = parser.parse_args(argv)
    pairs, judge = load_pairs(arguments.pairs), Judge.load()
    judge.support([("", "Load the model.")])
    started = time.perf_counter()
    report = evaluate(judge, pairs)
    seconds = time.perf_counter() - started
    as_json = json.dumps(to_json(report), ensure_ascii=False)
    if arguments.out:
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        arguments.out.write_text(as_json + "\n", "utf-8")
    if arguments.json:
        print(as_json)
        return 0
    rows = {"judge": report["claims"], **{f"floor: {name}": floor for name, floor in report["floors"].items()}}
    rows |= {"responses": report["responses"]} if report["responses"] else {}
    rows |= {f"source: {name}": figures for name, figures in report["per_source"].items()}
    print(figures_table(f"{len(pairs)} claims, {1000 * seconds / max(1, len(pairs)):.0f} ms each", rows))
    return 0
