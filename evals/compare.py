"""Two runs side by side: `python -m evals compare A B`. Which figures moved, which cases flipped.

The cases are paired, so the interval is that of the differences, not of two averages.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from evals import figures
from evals.cases import UNANSWERABLE
from evals.figures import Record
from evals.statistics import Figure, bootstrap, mean

VALUES: dict[str, Callable[[Record], float | bool | None]] = {
    "right place cited": lambda r: figures.cites_gold(r) if r["gold"] else None,
    "key facts held": lambda r: figures.key_facts_held(r) if r["gold"] else None,
    "unanswerable abstained": lambda r: _abstained(r) if r["kind"] in UNANSWERABLE else None,
    "answerable abstained": lambda r: _abstained(r) if r["gold"] else None,
    "claims supported": lambda r: _supported(r),
}


def read_records(run: Path) -> dict[str, Record]:
    """The records of a run by case id."""
    lines = (run / "records.jsonl").read_text("utf-8").splitlines()
    return {record["id"]: record for record in map(json.loads, lines)}


def paired(before: Sequence[Record], after: Sequence[Record]) -> dict[str, tuple[Figure, int]]:
    """For each figure the mean difference after - before over cases where both are defined, and their number."""
    differences = {}
    for name, value in VALUES.items():
        pairs = [(a, value(a), value(b)) for a, b in zip(before, after, strict=True)]
        known = [(a, float(y) - float(x)) for a, x, y in pairs if x is not None and y is not None]
        clusters = [a["gold"][0]["source"] if a["gold"] else a["id"] for a, _ in known]
        differences[name] = (bootstrap(mean([d for _, d in known]), clusters), len(known))
    return differences


def flipped(before: Sequence[Record], after: Sequence[Record]) -> tuple[list[str], list[str]]:
    """Ids of the cases that went from lost to kept, and from kept to lost."""
    gained = [b["id"] for a, b in zip(before, after, strict=True) if not kept(a) and kept(b)]
    lost = [b["id"] for a, b in zip(before, after, strict=True) if kept(a) and not kept(b)]
    return gained, lost


def kept(record: Record) -> bool:
    """Whether the case came out as it should."""
    return figures.first_lost(record) is None if record["gold"] else _abstained(record)


def _abstained(record: Record) -> bool:
    return bool(record["answer"]["status"] == "abstained")


def _supported(record: Record) -> float | None:
    judged = [claim["supported"] for claim in record["answer"]["claims"] if claim["supported"] is not None]
    return sum(judged) / len(judged) if judged else None


def common(first: Path, second: Path) -> tuple[list[Record], list[Record]]:
    """The records of the cases that both runs hold, in one order."""
    before, after = read_records(first), read_records(second)
    ids = sorted(before.keys() & after.keys())
    return [before[i] for i in ids], [after[i] for i in ids]


def main(argv: list[str] | None = None) -> int:
    """Print the paired differences and the cases that flipped."""
    parser = argparse.ArgumentParser(prog="python -m evals compare", description="Compare two runs case by case.")
    parser.add_argument("before", type=Path, help="folder of a run")
    parser.add_argument("after", type=Path, help="folder of a run")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args(argv)
    before, after = common(arguments.before, arguments.after)
    differences = paired(before, after)
    gained, lost = flipped(before, after)
    if arguments.json:
        moved: dict[str, Any] = {name: {**figure.to_json(), "n": n} for name, (figure, n) in differences.items()}
        print(json.dumps({"cases": len(before), "differences": moved, "gained": gained, "lost": lost}, indent=1))
        return 0
    print(f"{len(before)} cases in both runs; differences after - before with 95% intervals")
    for name, (figure, n) in differences.items():
        print(f"{name:<26} {figure}  n {n}")
    print(f"gained {len(gained)}: {' '.join(gained)}\nlost {len(lost)}: {' '.join(lost)}")
    return 0
