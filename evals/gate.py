"""Close the gate when a figure fell by more than its noise: `python -m evals gate --baseline evals/baseline.json`.

The baseline holds, for a fixed subset of cases, the values of each case, so that the comparison is paired. A figure
fell when the upper end of the 95% interval of its paired difference lies below zero (above zero where less is
better), or when more than one case in ten flipped to lost without as many gained.
"""

import argparse
import json
import sys
from pathlib import Path

from assistant.settings import Settings
from evals import compare
from evals.cases import load
from evals.compare import RUNS, CaseValues
from evals.figures import LESS_IS_BETTER
from evals.run import run, select
from evals.statistics import bootstrap, mean

SUBSET = 60


def fallen(baseline: CaseValues, now: CaseValues) -> list[str]:
    """A line for each figure that fell beyond its noise; cases that only one side holds are named too."""
    lines = [f"{case}: in the baseline, not in this run" for case in sorted(baseline.keys() - now.keys())]
    cases = sorted(baseline.keys() & now.keys())
    for name in [*compare.VALUES, "kept"]:
        pairs = [(baseline[case][name], now[case][name]) for case in cases]
        differences = [after - before for before, after in pairs if before is not None and after is not None]
        if name in LESS_IS_BETTER:
            differences = [-difference for difference in differences]
        figure = bootstrap(mean(differences), list(range(len(differences))))
        if figure.high is not None and figure.high < 0:
            lines.append(f"{name}: fell by {abs(figure.value or 0):.3f} over {len(differences)} cases")
    return lines


def main(argv: list[str] | None = None) -> int:
    """Run the subset and compare; 1 when a figure fell. `--update` writes the baseline instead."""
    parser = argparse.ArgumentParser(prog="python -m evals gate", description="Exit 1 when a figure fell.")
    parser.add_argument("--baseline", type=Path, default=Path("evals/baseline.json"))
    parser.add_argument("--update", action="store_true", help="make this run the baseline")
    parser.add_argument("--corpus", type=Path, help="folder of documents")
    parser.add_argument("--library", type=Path, help="folder of generations")
    arguments = parser.parse_args(argv)
    given = {"corpus": arguments.corpus, "library": arguments.library}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    known = {} if arguments.update else json.loads(arguments.baseline.read_text("utf-8"))
    run([case for case in load() if case.id in known] or select("dev", None, SUBSET), settings, RUNS / "gate")
    now = compare.values(compare.read_records(RUNS / "gate"))
    if arguments.update:
        arguments.baseline.write_text(json.dumps(now, indent=1) + "\n", "utf-8")
        print(f"Baseline of {len(now)} cases written to {arguments.baseline}.")
        return 0
    lines = fallen(known, now)
    for line in lines:
        print(line, file=sys.stderr)
    print(
        f"{len(now)} cases, {sum(case['kept'] or 0 for case in now.values()):.0f} as they should be: "
        f"{'the gate is closed' if lines else 'nothing fell'}."
    )
    return int(bool(lines))
