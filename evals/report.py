"""A run as one self-contained HTML page, `python -m evals report`: figures, plots, and each failed case.

Beside it lies `report.json`, the same as data, which the assistant's quality page shows.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import matplotlib
from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup

from evals import compare, figures
from evals.figures import Record
from evals.run import RUNS

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "report"  # the same bytes every time
matplotlib.rcParams["svg.fonttype"] = "none"

from matplotlib import pyplot as plt  # noqa: E402 - the backend comes first

BY_KIND = ("recall@5", "right place cited", "key facts held", "unanswerable abstained", "answerable abstained")


def render(run: Path, baseline: Path | None) -> str:
    """The page for a run, its figures beside those of a baseline run where one is given."""
    data = summary(run, baseline)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape(default=True)
    )
    return environment.get_template("report.html.j2").render(
        **data, plots=_plots(data), show=lambda value: "undefined" if value is None else f"{value:.3f}"
    )


def summary(run: Path, baseline: Path | None) -> dict[str, Any]:
    """All that the page says, as JSON has it."""
    records = list(compare.read_records(run).values())
    return {
        "measured": _read(run / "figures.json"),
        "about": _read(run / "run.json"),
        "latency": _read(run / "latency.json"),
        "differences": _differences(baseline, run) if baseline else {},
        "by_kind": BY_KIND,
        "kept_by_kind": _kept_by_kind(records),
        "trade_off": _trade_off(records),
        "failed": [record | {"lost": what_went_wrong(record)} for record in records if not compare.kept(record)],
    }


def _read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return data


def what_went_wrong(record: Record) -> str:
    """The first step that lost an answerable case; or that an answer was given where there is none."""
    return figures.first_lost(record) or "answered though the library does not hold it"


def _differences(baseline: Path, run: Path) -> dict[str, str]:
    before, after = compare.common(baseline, run)
    return {name: f"{figure} (n {n})" for name, (figure, n) in compare.paired(before, after).items()}


def _plots(data: dict[str, Any]) -> list[tuple[str, Markup]]:
    plots = [
        ("First step that lost the answer, number of cases", _bars(data["measured"]["lost_at"])),
        ("Share of cases as they should be, by kind", _bars(data["kept_by_kind"])),
        ("Abstention trade-off: answers withheld when the bar is the score of the best passage", _steps(data)),
    ]
    if data["latency"]:
        medians = {step: times["median"] for step, times in data["latency"].items()}
        plots.append(("Median milliseconds by step", _bars(medians)))
    return plots


def _kept_by_kind(records: Sequence[Record]) -> dict[str, float]:
    total = Counter(record["kind"] for record in records)
    kept = Counter(record["kind"] for record in records if compare.kept(record))
    return {kind: round(kept[kind] / total[kind], 3) for kind in sorted(total)}


def _bars(values: dict[str, float]) -> Markup:
    figure, axes = plt.subplots(figsize=(8, 0.45 * max(len(values), 2) + 0.6))
    bars = axes.barh(list(values), list(values.values()), color="#0b5cad")
    axes.bar_label(bars, padding=3)
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
    return _svg(figure)


def _trade_off(records: Sequence[Record]) -> list[dict[str, float]]:
    """Share of the unanswerable abstained against share of the answerable abstained, as the bar rises."""
    scored = [(record["top_score"], bool(record["gold"])) for record in records if record.get("top_score") is not None]
    answerable = [score for score, has_gold in scored if has_gold]
    unanswerable = [score for score, has_gold in scored if not has_gold]
    if not answerable or not unanswerable:
        return []
    return [
        {
            "bar": bar,
            "answerable": sum(score < bar for score in answerable) / len(answerable),
            "unanswerable": sum(score < bar for score in unanswerable) / len(unanswerable),
        }
        for bar in sorted({score for score, _ in scored})
    ]


def _steps(data: dict[str, Any]) -> Markup:
    figure, axes = plt.subplots(figsize=(6, 4))
    points = data["trade_off"]
    if points:
        axes.step([p["answerable"] for p in points], [p["unanswerable"] for p in points], where="post", color="#0b5cad")
    axes.set(xlabel="answerable, abstained", ylabel="unanswerable, abstained", xlim=(0, 1), ylim=(0, 1))
    return _svg(figure)


def _svg(figure: Any) -> Markup:
    target = StringIO()
    figure.tight_layout()
    figure.savefig(target, format="svg", metadata={"Date": None})
    plt.close(figure)
    drawn = target.getvalue()
    return Markup(drawn[drawn.index("<svg") :])  # noqa: S704 - our own drawing; kinds and steps are fixed names


def main(argv: list[str] | None = None) -> int:
    """Write the page."""
    parser = argparse.ArgumentParser(prog="python -m evals report", description="Write a run as one HTML page.")
    parser.add_argument("--run", type=Path, default=RUNS / "latest", help="folder of the run")
    parser.add_argument("--baseline", type=Path, help="folder of a run to compare with")
    parser.add_argument("--out", type=Path, help="file to write (default: report.html in the run's folder)")
    arguments = parser.parse_args(argv)
    target = arguments.out or arguments.run / "report.html"
    target.write_text(render(arguments.run, arguments.baseline), "utf-8")
    data = json.dumps(summary(arguments.run, arguments.baseline), ensure_ascii=False, sort_keys=True)
    target.with_suffix(".json").write_text(data + "\n", "utf-8")
    print(f"Written: {target}")
    return 0
