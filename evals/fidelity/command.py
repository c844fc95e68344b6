"""`python -m evals fidelity DIR [--pages N] [--out FOLDER]`: the command, from a folder of PDFs to figures.

The folder holds what comes out: `pages.jsonl` (a line a page), `figures.json`, `fidelity.html` with the worst pages,
and `readings`, what tesseract saw, which a later run takes up.
"""

import argparse
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tqdm import tqdm

from assistant.errors import UsageError
from assistant.settings import Settings
from evals.compare import RUNS
from evals.fidelity import figures, report
from evals.fidelity.pages import ComparedPage, compare_pages
from evals.fidelity.readings import Readings
from evals.fidelity.sampling import Place, sample, sources_in

PAGES = 300


def main(argv: list[str] | None = None) -> int:
    """Measure a folder, print the figures as a table and write them to `--out`."""
    parser = argparse.ArgumentParser(
        prog="python -m evals fidelity", description="How faithfully the stored text of PDF pages says what they show."
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of PDF files, searched with its subfolders")
    parser.add_argument("--pages", type=int, default=PAGES, help=f"how many, drawn from all (default {PAGES}; 0: all)")
    parser.add_argument("--out", type=Path, default=RUNS / "fidelity", help="folder to write to")
    arguments = parser.parse_args(argv)
    if arguments.pages < 0:
        raise UsageError("--pages takes a number from 0 (all pages).")
    measured = run(arguments.folder, arguments.pages, arguments.out, Settings())
    print(figures.as_table(measured))
    print(f"Written: {arguments.out / 'fidelity.html'}")
    return 0


def run(folder: Path, size: int, out: Path, settings: Settings) -> dict[str, Any]:
    """Read the sample by tesseract where that is not done yet, compare it, write all to `out`; the figures."""
    readings = Readings(out / "readings")
    counted = [
        (source, readings.page_count(source)) for source in tqdm(sources_in(folder), unit="document", desc="opening")
    ]
    places = sample(counted, size)
    _read(places, readings)
    pages = compare_pages(places, readings, settings)
    measured = {**figures.measure(pages), "not opened": [source.name for source, pages in counted if not pages]}
    (out / "figures.json").write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
    (out / "pages.jsonl").write_text("".join(json.dumps(_line(page)) + "\n" for page in pages), "utf-8")
    report.write(out / "fidelity.html", measured, pages)
    return measured


def _read(places: Sequence[Place], readings: Readings) -> None:
    """Have tesseract read the pages that it has not read, several at once where there are cores to spare."""
    unread = [place for place in places if not readings.has(place)]
    pool = ThreadPoolExecutor(max(1, (os.cpu_count() or 1) - 1))
    try:
        for _ in tqdm(pool.map(readings.of, unread), total=len(unread), unit="page", desc="reading by tesseract"):
            pass
    finally:
        pool.shutdown(cancel_futures=True)


def _line(page: ComparedPage) -> dict[str, Any]:
    place, made = page.place, page.comparison
    line: dict[str, Any] = {
        "source": place.source.name,
        "sha256": place.source.sha256,
        "page": place.page,
        "state": page.state,
    }
    if made is None or page.left_out is None:
        return line
    values = {name: round(part / whole, 4) if whole else None for name, (part, whole) in figures.shares(made).items()}
    words = {name: [token.text for token in getattr(made, name)] for name in ("missing", "added", "parted")}
    changed = [[before.text, after.text] for before, after in made.changed]
    return {**line, **values, **words, "changed": changed, "left_out": list(page.left_out.values())}
