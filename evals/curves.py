"""How far an answer can be trusted by its score: the curves of a run of questions, in `curves.html` beside it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape

from evals import plots

RELIABILITY = ("the assistant", "score of the best passage", "share of the questions that can be answered")
HELP = {
    "Reliability": "On the dotted line a score is the probability that the question can be answered. "
    "Each point is a tenth of the questions.",
    "Risk and coverage": "Questions answered surest first. An answer is right that says half of its key facts, or "
    "cites what refutes a false premise.",
    "Withheld": "What another bar on the score would withhold. The assistant also withholds for other reasons.",
}


def write(target: Path, measured: Mapping[str, Any]) -> None:
    """The curves of each file of questions, and of all together where there are several."""
    several = {"all": measured["all"]} if len(measured["files"]) > 1 else {}
    sections = {name: _drawn(name, part) for name, part in {**measured["files"], **several}.items()}
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape(default=True)
    )
    page = environment.get_template("curves.html.j2").render(sections=sections, help=HELP)
    (target / "curves.html").write_text(page, "utf-8")


def _drawn(name: str, part: Mapping[str, Any]) -> dict[str, Any]:
    drawn = {}
    if any(found["n"] for found in part["calibration"]):
        drawn["Reliability"] = plots.calibration(f"Reliability, {name}", part["calibration"], RELIABILITY)
    if part["risk_coverage"]:
        drawn["Risk and coverage"] = plots.risk_coverage(f"Risk and coverage, {name}", part["risk_coverage"])
    if part["trade_off"]:
        drawn["Withheld"] = plots.trade_off(f"Withheld, {name}", part["trade_off"], _stands(part["figures"]))
    return drawn


def _stands(figures: Mapping[str, Any]) -> tuple[float, float] | None:
    wrongly, rightly = figures["withheld wrongly"]["value"], figures["withheld rightly"]["value"]
    return None if None in (wrongly, rightly) else (wrongly, rightly)
