"""The pictures of the report: drawings in the page's own colours, light or dark, that fetch nothing."""

import re
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

import matplotlib
from markupsafe import Markup, escape

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "report"  # the same bytes every time
matplotlib.rcParams["svg.fonttype"] = "none"

from matplotlib import pyplot as plt  # noqa: E402 - the backend comes first

# Stand-ins: each becomes a variable of the page's style sheet.
COLOURS = {"#010101": "var(--ink)", "#020202": "var(--accent)", "#030303": "var(--muted)", "#040404": "var(--warm)"}
INK, ACCENT, MUTED, WARM = COLOURS
plt.rcParams |= dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), INK)
plt.rcParams |= {"axes.edgecolor": MUTED, "axes.spines.top": False, "axes.spines.right": False, "font.size": 11}
WIDE, SQUARE = 7.2, (5.2, 4.2)


def bars(title: str, values: Mapping[str, float], unit: str) -> Markup:
    """One bar a name, its value at the end."""
    figure, axes = plt.subplots(figsize=(WIDE, 0.4 * len(values) + 1.0))
    drawn = axes.barh(list(values), list(values.values()), color=ACCENT, height=0.62)
    axes.bar_label(drawn, padding=3, fmt="%g")
    axes.set_xlabel(unit)
    axes.margins(x=0.12)
    axes.invert_yaxis()
    return _svg(figure, title)


def latency(title: str, steps: Mapping[str, Mapping[str, float]]) -> Markup:
    """Median as a bar and the 95th percentile as a whisker, for each step."""
    names = list(steps)
    medians = [steps[name]["median"] for name in names]
    above = [max(0.0, steps[name]["p95"] - steps[name]["median"]) for name in names]
    figure, axes = plt.subplots(figsize=(WIDE, 0.4 * len(names) + 1.0))
    axes.barh(names, medians, color=ACCENT, height=0.62)
    axes.errorbar(medians, names, xerr=[[0.0] * len(names), above], fmt="none", ecolor=WARM, capsize=4)
    for name, median, more in zip(names, medians, above, strict=True):
        axes.annotate(f" {median:g} / {median + more:g}", (median + more, name), va="center", textcoords="data")
    axes.set_xlabel("milliseconds: median / 95th percentile")
    axes.margins(x=0.18)
    axes.invert_yaxis()
    return _svg(figure, title)


def trade_off(title: str, points: Sequence[Mapping[str, float]], stands: tuple[float, float] | None) -> Markup:
    """Withheld of the unanswerable against withheld of the answerable. The diagonal is chance; `stands` is where
    the assistant is."""
    figure, axes = plt.subplots(figsize=SQUARE)
    axes.plot([0, 1], [0, 1], color=MUTED, linestyle=":", label="no skill")
    xs, ys = [p["answerable"] for p in points], [p["unanswerable"] for p in points]
    axes.step(xs, ys, where="post", color=ACCENT, label="bar on the best passage's score")
    if stands:
        axes.plot(*stands, marker="o", color=WARM, linestyle="none", label="the assistant")
    axes.set(xlabel="answerable, withheld", ylabel="unanswerable, withheld", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    axes.legend(frameon=False, loc="lower right")
    return _svg(figure, title)


def risk_coverage(title: str, points: Sequence[Mapping[str, float]]) -> Markup:
    """The share of answers that are not right against the share of questions answered, surest first."""
    figure, axes = plt.subplots(figsize=SQUARE)
    axes.plot([p["coverage"] for p in points], [p["risk"] for p in points], color=ACCENT)
    axes.plot(
        points[-1]["coverage"], points[-1]["risk"], marker="o", color=WARM, linestyle="none", label="the assistant"
    )
    axes.set(xlabel="coverage: questions answered", ylabel="risk: answers not right", xlim=(0, 1.02), ylim=(0, 1.02))
    axes.legend(frameon=False, loc="lower right")
    return _svg(figure, title)


def calibration(
    title: str,
    bins: Sequence[Mapping[str, Any]],
    labels: tuple[str, str, str],
) -> Markup:
    """The share that is so against the probability given; `labels`: who gave it, what it is, and the share."""
    who, given, share = labels
    figure, axes = plt.subplots(figsize=SQUARE)
    axes.plot([0, 1], [0, 1], color=MUTED, linestyle=":", label="right")
    filled = [found for found in bins if found["n"]]
    axes.plot([b["probability"] for b in filled], [b["share"] for b in filled], color=ACCENT, marker="o", label=who)
    for found in filled:
        axes.annotate(
            f"n {found['n']}", (found["probability"], found["share"]), xytext=(6, -12), textcoords="offset points"
        )
    axes.set(xlabel=given, ylabel=share, xlim=(0, 1), ylim=(0, 1.02))
    axes.legend(frameon=False, loc="upper left")
    return _svg(figure, title)


def _svg(figure: Any, title: str) -> Markup:
    target = StringIO()
    figure.tight_layout()
    figure.savefig(target, format="svg", metadata={"Date": None}, transparent=True)
    plt.close(figure)
    drawn = target.getvalue()
    drawn = re.sub(r"<metadata>.*?</metadata>", "", drawn[drawn.index("<svg") :], flags=re.DOTALL)
    for stand_in, variable in COLOURS.items():
        drawn = drawn.replace(stand_in, variable)
    label = f'<svg role="img" aria-label="{escape(title)}" '
    return Markup(drawn.replace("<svg ", label, 1))  # noqa: S704 - our own drawing; names in it are escaped by it
