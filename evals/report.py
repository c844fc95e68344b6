"""A run as one self-contained HTML page, `python -m evals report`: figures, plots, and each failed case.

Beside it lies `report.json`, the same as data, which the assistant's quality page shows.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup

from evals import compare, plots
from evals.compare import RUNS
from evals.failures import by_step, explained
from evals.figures import LESS_IS_BETTER, RANKING, STEPS, Record

BY_KIND = ("recall@5", "right place cited", "key facts held", "unanswerable right", "answerable abstained")
HEADLINES = {
    "right place cited": "of answerable questions get an answer that cites the right page",
    "key facts held": "of the key facts are in the answer",
    "claims supported": "of the claims are supported by what they cite",
    "unanswerable right": "of unanswerable questions are turned down, or their false premise is refuted",
}
ORDER = (  # as a question travels
    *RANKING,
    "right place cited",
    "citations on gold pages",
    "key facts held",
    "claims supported",
    "answers fully supported",
    "citation recall",
    "citation precision",
    "answerable abstained",
    "unanswerable abstained",
    "unanswerable right",
    "premise refuted",
    "abstentions right",
    "withheld or answered rightly",
    "answerable told apart",
    "orders ignored",
)
OF_JUDGE = ("judge", "probability of support, by the judge", "supported, by the labels")
TIMES = ("query", "retrieve", "read", "compose", "ground", "write", "total")
BASELINE = Path("evals/baseline.json")
JUDGE = RUNS / "judge.json"


def render(data: dict[str, Any]) -> str:
    """The page of what `summary` gives."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(
        **data,
        headlines=HEADLINES,
        less_is_better=LESS_IS_BETTER,
        plots=_plots(data),
        failed_by_step=by_step(data["failed"]),
        show=lambda value: "undefined" if value is None else f"{value:.3f}",
        percent=lambda value: "–" if value is None else f"{100 * value:.0f}%",
    )


def summary(run: Path, baseline: Path | None, judge: Path | None) -> dict[str, Any]:
    """All that the page says, as JSON has it. `baseline`: a run's folder, or the file of the gate; `judge`: what
    `evals judge --out` wrote. One that is not there is left out."""
    records = compare.read_records(run)
    measured = _read(run / "figures.json")
    measured |= {"figures": _ordered(measured["figures"], ORDER), "lost_at": _ordered(measured["lost_at"], STEPS)}
    return {
        "measured": measured,
        "about": _read(run / "run.json"),
        "latency": _ordered(_read(run / "latency.json"), TIMES),
        "differences": _differences(baseline, records) if baseline and baseline.exists() else {},
        "judge": _read(judge) if judge and judge.exists() else None,
        "by_kind": BY_KIND,
        "kept_by_kind": _kept_by_kind(list(records.values())),
        "trade_off": measured["trade_off"],
        "failed": [explained(record) for record in records.values() if not compare.kept(record)],
    }


def _read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return data


def _ordered(values: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The values in the order of the names, others last."""
    return {name: values[name] for name in [*names, *values] if name in values}


def _differences(baseline: Path, records: dict[str, Record]) -> dict[str, str]:
    before = compare.values(compare.read_records(baseline)) if baseline.is_dir() else _read(baseline)
    return {name: f"{figure} (n {n})" for name, (figure, n) in compare.paired(before, records).items() if n}


def _kept_by_kind(records: Sequence[Record]) -> dict[str, float]:
    total = Counter(record["kind"] for record in records)
    kept = Counter(record["kind"] for record in records if compare.kept(record))
    return {kind: round(kept[kind] / total[kind], 3) for kind in sorted(total)}


def _plots(data: dict[str, Any]) -> list[tuple[str, str, Markup]]:
    """Title, explanation and drawing of each picture for which there is something to draw."""
    lost, kept = "Where answers are lost", "Cases as they should be, by kind"
    drawn = [
        (lost, LOST_HELP, plots.bars(lost, data["measured"]["lost_at"], "cases")),
        (kept, "Answered with the right page and all key facts, or rightly withheld.",
         plots.bars(kept, data["kept_by_kind"], "share of the cases")),
    ]  # fmt: skip
    if data["trade_off"]:
        title = "What abstaining costs"
        drawn.append((title, TRADE_OFF_HELP, plots.trade_off(title, data["trade_off"], _stands(data))))
    if data["judge"]:
        title = "Is the judge's probability right?"
        drawn.append(
            (title, _of_judge(data["judge"]), plots.calibration(title, data["judge"]["calibration"], OF_JUDGE))
        )
    if data["latency"]:
        title = "Time of each step"
        drawn.append((title, "After the first question.", plots.latency(title, data["latency"])))
    return drawn


LOST_HELP = (
    "The first step that lost an answerable case: the gold page not found (retrieval), found but ranked too low "
    "(reading), the answer withheld (abstaining), or the fact or the page left out of it (composing)."
)
TRADE_OFF_HELP = (
    "If answers were withheld below a bar on the best passage's score alone: as the bar rises, more unanswerable "
    "questions are turned down, and more answerable ones with them. High and left is better."
)


def _stands(data: dict[str, Any]) -> tuple[float, float] | None:
    figures = data["measured"]["figures"]
    answerable, unanswerable = (figures[f"{name} abstained"]["value"] for name in ("answerable", "unanswerable"))
    return None if answerable is None or unanswerable is None else (answerable, unanswerable)


def _of_judge(judge: dict[str, Any]) -> str:
    auroc, error = judge["claims"]["auroc"], judge["claims"]["ece"]
    if auroc["value"] is None:
        return f"{judge['n']} pairs of one label."
    return (
        f"{judge['n']} claims labelled by reading: AUROC {auroc['value']:.3f} [{auroc['low']:.3f}, "
        f"{auroc['high']:.3f}], calibration error {error['value']:.3f}."
    )


def write(run: Path, baseline: Path | None, judge: Path | None, target: Path) -> None:
    """The page to `target`, and its data beside it."""
    data = summary(run, baseline, judge)
    target.write_text(render(data), "utf-8")
    target.with_suffix(".json").write_text(json.dumps(data, ensure_ascii=False) + "\n", "utf-8")


def main(argv: list[str] | None = None) -> int:
    """Write the page."""
    parser = argparse.ArgumentParser(prog="python -m evals report", description="Write a run as one HTML page.")
    parser.add_argument("--run", type=Path, default=RUNS / "latest", help="folder of the run")
    parser.add_argument("--baseline", type=Path, default=BASELINE, help="a run to compare with, or the gate's file")
    parser.add_argument("--judge", type=Path, default=JUDGE, help="what `evals judge --out` wrote")
    parser.add_argument("--out", type=Path, help="file to write (default: report.html in the run's folder)")
    arguments = parser.parse_args(argv)
    target = arguments.out or arguments.run / "report.html"
    write(arguments.run, arguments.baseline, arguments.judge, target)
    print(f"Written: {target}")
    return 0
