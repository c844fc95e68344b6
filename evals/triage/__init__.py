"""Feedback becomes cases: `python -m evals triage` shows what waits and asks what to do with each.

The page appends feedback to `feedback.jsonl` in the state folder and nothing else writes there. What was decided is
kept beside it in `triaged.jsonl`; an accepted case goes to `evals/cases/feedback.jsonl`. Questions may name people:
the reviewer words each one anew before it leaves the state folder.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from assistant import Library
from assistant.settings import Settings
from evals.cases import BadCase
from evals.triage.dialogue import Decision, decide, line_of
from evals.triage.queue import Entry, Queue
from evals.triage.writing import CASES, accept


def main(argv: list[str] | None = None) -> int:
    """Review the queue on the terminal, or list it."""
    parser = argparse.ArgumentParser(prog="python -m evals triage", description=__doc__.splitlines()[0])
    parser.add_argument("--list", action="store_true", help="print a line for each entry that waits")
    parser.add_argument("--json", action="store_true", help="print the entries that wait as JSON")
    parser.add_argument("--state", type=Path, help="folder of the page's records (SSR_STATE)")
    parser.add_argument("--library", type=Path, help="folder of generations (SSR_LIBRARY)")
    parser.add_argument("--cases", type=Path, default=CASES, help="file that accepted cases go to")
    arguments = parser.parse_args(argv)
    given = {"state": arguments.state, "library": arguments.library}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    queue = Queue(settings.state)
    waiting = queue.waiting()
    if queue.unreadable:
        print(f"{queue.unreadable} lines of the queue are no feedback and are passed over.", file=sys.stderr)
    if arguments.json:
        print(json.dumps([asdict(entry) for entry in waiting], ensure_ascii=False, indent=1))
    elif arguments.list:
        print("\n".join(map(line_of, waiting)) or "Nothing waits.")
    else:
        with Library.open(settings.library) as library:
            _review(waiting, queue, library, arguments.cases)
    return 0


def _review(waiting: Sequence[Entry], queue: Queue, library: Library, cases: Path) -> None:
    """Ask about each entry until the reviewer leaves."""
    for number, entry in enumerate(waiting, start=1):
        print(f"\n{number} of {len(waiting)}")
        try:
            decision = decide(entry, library)
        except EOFError:
            break
        if decision == "quit":
            break
        if decision != "later":
            _carry_out(decision, entry, queue, library, cases)
    print(f"{len(queue.waiting())} still wait.")


def _carry_out(decision: Decision, entry: Entry, queue: Queue, library: Library, cases: Path) -> None:
    if decision == "dismiss":
        queue.remember(entry, None)
        return
    assert not isinstance(decision, str)  # a draft of a case
    try:
        case = accept(decision, entry, library, cases)
    except BadCase as error:
        print(f"Not taken: {error} It waits for the next time.")
        return
    queue.remember(entry, case.id)
    print(f"Case {case.id} written to {cases}, split {case.split}.")
