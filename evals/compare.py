"""Two runs side by side: `python -m evals compare A B`. Which figures moved, which cases flipped.

The cases are paired, so the interval is that of the differences, not of two averages.
"""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals import figures
from evals.cases import UNANSWERABLE
from evals.figures import Record
from evals.statistics import Figure, bootstrap, mean

RUNS = Path("build/evals")  # a folder for each run
VALUES: dict[str, Callable[[Record], float | bool | None]] = {
    "right place cited": lambda r: figures.cites_gold(r) if r["gold"] else None,
    "key facts held": lambda r: figures.key_facts_held(r) if r["gold"] else None,
    "unanswerable abstained": lambda r: _abstained(r) if r["kind"] in UNANSWERABLE else None,
    "unanswerable right": lambda r: figures.is_right(r) if r["kind"] in UNANSWERABLE else None,
    "premise refuted": lambda r: r["refuted"] if r["kind"] in UNANSWERABLE else None,
    "answerable abstained": lambda r: _abstained(r) if r["gold"] else None,
    "claims supported": lambda r: _supported(r),
}
CaseValues = Mapping[str, Mapping[str, float | None]]


def read_records(run: Path) -> dict[str, Record]:
    """The records of a run by case id."""
    lines = (run / "records.jsonl").read_text("utf-8").splitlines()
    return {record["id"]: record for record in map(json.loads, lines)}


def values(records: Mapping[str, Record]) -> CaseValues:
    """For each case the value of each figure, None where it has none."""
    return {
        case: {name: _number(value(record)) for name, value in VALUES.items()} | {"kept": float(kept(record))}
        for case, record in sorted(records.items())
    }


def _number(value: float | bool | None) -> float | None:
    return None if value is None else round(float(value), 4)


def paired(before: CaseValues, after: Mapping[str, Record]) -> dict[str, tuple[Figure, int]]:
    """For each figure the mean difference after - before over cases where both are defined, and their number."""
    now, differences = values(after), {}
    for name in [*VALUES, "kept"]:
        pairs = [(case, before[case].get(name), now[case][name]) for case in now if case in before]
        known = [(after[case], y - x) for case, x, y in pairs if x is not None and y is not None]
        clusters = [record["gold"][0]["source"] if record["gold"] else record["id"] for record, _ in known]
        differences[name] = (bootstrap(mean([d for _, d in known]), clusters), len(known))
    return differences


def flipped(before: Sequence[Record], after: Sequence[Record]) -> tuple[list[str], list[str]]:
    """Ids of the cases that went from lost to kept, and from kept to lost."""
    gained = [b["id"] for a, b in zip(before, after, strict=True) if not kept(a) and kept(b)]
    lost = [b["id"] for a, b in zip(before, after, strict=True) if kept(a) and not kept(b)]
    return gained, lost


def kept(record: Record) -> bool:
    """Whether the case came out as it should."""
    return figures.first_lost(record) is None if record["gold"] else figures.is_right(record)


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
    differences = paired(values({r["id"]: r for r in before}), {r["id"]: r for r in after})
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
