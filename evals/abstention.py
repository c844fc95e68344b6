"""Withholding an answer: what each bar on the best passage's score would cost and gain."""

from collections.abc import Sequence
from typing import Any

from evals.statistics import Statistic, auroc

Record = dict[str, Any]


def trade_off(scored: Sequence[tuple[float, bool]]) -> list[dict[str, float]]:
    """Share of the answerable and of the unanswerable that would be withheld, as the bar rises; [] where one of
    the two is missing. It ends where everything is withheld. `scored`: the score of each question's best passage and
    whether the question can be answered."""
    answerable = [score for score, has_gold in scored if has_gold]
    unanswerable = [score for score, has_gold in scored if not has_gold]
    if not answerable or not unanswerable:
        return []
    bars = sorted({score for score, _ in scored})
    return [_point(bar, answerable, unanswerable) for bar in bars] + [
        {"bar": 1.0, "answerable": 1.0, "unanswerable": 1.0}
    ]


def risk_coverage(answered: Sequence[tuple[float, bool]], questions: int) -> list[dict[str, float]]:
    """The share of answers that are not right (risk) as more questions are answered (coverage), surest first.
    `answered`: the score of each answer's best passage and whether the answer is right. El-Yaniv and Wiener, "On the
    Foundations of Noise-free Selective Classification", JMLR 2010."""
    points, wrong = [], 0
    for given, (_, is_right) in enumerate(sorted(answered, key=lambda one: -one[0]), start=1):
        wrong += not is_right
        points.append({"coverage": round(given / questions, 4), "risk": round(wrong / given, 4)})
    return points


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
