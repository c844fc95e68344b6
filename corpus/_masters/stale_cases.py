"""Case studies whose facts were last checked more than 18 months ago, and which are not closed: exit 1 names each.

    python corpus/_masters/stale_cases.py [--today YYYY-MM]

`make check` runs it.
"""

import argparse
import sys
from datetime import date
from pathlib import Path

from list_sources import documents, front_matter

MONTHS = 18


def stale(today: date) -> dict[Path, str]:
    """The case studies that are too old, with the month to which each was checked."""
    found = {}
    for path, master in documents().items():
        front = front_matter(master)
        checked = date.fromisoformat(f"{front['checked']}-01")
        age = (today.year - checked.year) * 12 + today.month - checked.month
        if front["kind"] == "case-study" and front["status"] != "closed" and age > MONTHS:
            found[path] = front["checked"]
    return found


def main() -> int:
    """Name them; the exit code."""
    parser = argparse.ArgumentParser(description="Find case studies whose facts are too old.")
    parser.add_argument("--today", type=lambda month: date.fromisoformat(f"{month}-01"), default=date.today())
    found = stale(parser.parse_args().today)
    for path, checked in found.items():
        print(f"{path.name}: facts checked to {checked}, more than {MONTHS} months ago.")
    if found:
        print("Check each against newer sources and set `checked`, or `status: closed` where the case is finished.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
