"""Withholding an answer: what each bar on the best passage's score would cost and gain."""

from collections.abc import Sequence
from typing import Any

from evals.statistics import Statistic, auroc

Record = dict[str, Any]


def trade_off(records: Sequence[Record]) -> list[dict[str, float]]:
    """Share of the answerable and of the unanswerable that would be withheld, as the bar rises; [] where one of
    the two is missing. It ends where everything is withheld."""
    scored = scores(records)
    answerable = [score for score, has_gold in scored if has_gold]
    unanswerable = [score for score, has_gold in scored if not has_gold]
    if not answerable or not unanswerable:
        return []
    bars = sorted({score for score, _ in scored})
    return [_point(bar, answerable, unanswerable) for bar in bars] + [
        {"bar": 1.0, "answerable": 1.0, "unanswerable": 1.0}
    ]


def _point(bar: float, answerable: Sequence[float], unanswerable: Sequence[float]) -> dict[str, float]:
    return {
        "bar": bar,
        "answerable": round(sum(score < bar for score in answerable) / len(answerable), 4),
        "unanswerable": round(sum(score < bar for score in unanswerable) / len(unanswerable), 4),
    }


def scores(records: Sequence[Record]) -> list[tuple[float, bool]]:
    """The score of each case's best passage, and whether the library holds an answer."""
    return [(r["top_score"], bool(r["gold"])) for r in records if r.get("top_score") is not None]


def told_apart(records: Sequence[Record]) -> Statistic:
    """AUROC of the best passage's score: answerable against not. Over records that have a score."""
    scored = scores(records)
    return auroc([int(has_gold) for _, has_gold in scored], [score for score, _ in scored])
