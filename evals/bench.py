"""How fast documents go in and questions come out, beside the pipeline a user would write instead.

    python -m evals bench FOLDER [--runs N] [--write]

The two pipelines run in turn on the same copy of FOLDER, each in a process of its own, so that a machine whose
speed drifts treats both alike. Ours is timed as the whole command, start of Python and loading of the model
included; the plain one from its first file on.
"""

import argparse
import json
import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.settings import Settings

QUESTIONS = (
    "What is security sector reform?",
    "How are former combatants reintegrated?",
    "What did the Security Council decide about the police?",
    "Who oversees the armed forces?",
    "What are the benchmarks for the withdrawal of the mission?",
    "How many police officers were trained?",
    "What is the role of women in disarmament?",
    "Which laws govern weapons and ammunition?",
)
PERFORMANCE = Path("docs/performance.md")


def run_plain(corpus: Path, scratch: Path) -> dict[str, Any]:
    """The plain pipeline on a folder: its own figures."""
    command = [sys.executable, "-m", "evals.plain_pipeline", str(corpus), str(scratch / "plain")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    shutil.rmtree(scratch / "plain")
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def run_ingest(corpus: Path, library: Path) -> dict[str, Any]:
    """`ingest.py` on a folder: its report, with the seconds of the whole command."""
    command = [sys.executable, "ingest.py", "--json", "--corpus", str(corpus), "--library", str(library)]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        sys.exit(done.stderr)
    return {**json.loads(done.stdout), "seconds": time.perf_counter() - started}


def words_in(library: Path) -> int:
    """Words of body text in the current generation."""
    generation = (library / "current").read_text().strip()
    catalogue = library / "generations" / generation / "catalogue.sqlite"
    with closing(sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True)) as database:
        return sum(len(text.split()) for (text,) in database.execute("SELECT text FROM pages"))


def time_questions(library: Path) -> list[float]:
    """Milliseconds for each question, after one to warm up."""
    assistant = Assistant.open(Settings(library=library))
    assistant.ask(QUESTIONS[0])
    return [assistant.ask(question).timings_ms["total"] for question in QUESTIONS[1:]]


def table(plain: list[dict[str, Any]], ours: list[dict[str, Any]], again: float, asked: list[float]) -> str:
    """The figures as Markdown; medians over the runs."""
    slow, fast = (statistics.median(run["seconds"] for run in runs) for runs in (plain, ours))
    words, read = plain[0]["words"], ours[0]["words"]
    passages = sum(file["passages"] or 0 for file in ours[0]["files"])
    lines = [
        "| | plain pipeline | this assistant |",
        "| --- | ---: | ---: |",
        f"| files | {plain[0]['files']} | {len(ours[0]['files'])} |",
        f"| words in the library | {words:,} | {read:,} |",
        f"| chunks or passages | {plain[0]['chunks']:,} | {passages:,} |",
        f"| seconds | {slow:.0f} | {fast:.0f} |",
        f"| chunks or passages a second | {plain[0]['chunks'] / slow:.0f} | {passages / fast:.0f} |",
        f"| words a second | {words / slow:,.0f} | {read / fast:,.0f} ({read / fast * slow / words:.1f} times) |",
        f"| seconds for a second run, nothing changed | | {again:.1f} |",
        f"| ms for a question, median and 95th percentile (n = {len(asked)}) | "
        f"| {statistics.median(asked):.0f}, {statistics.quantiles(asked, n=20)[-1]:.0f} |",
        "",
        f"Measured on {os.cpu_count()} cores, {len(plain)} run(s) of each in turn.",
    ]
    return "\n".join(lines)


def write(figures: str, page: Path = PERFORMANCE) -> None:
    """Put the table between the marks of the page."""
    marked = re.compile(r"(<!-- bench -->\n).*?(\n<!-- /bench -->)", re.S)
    page.write_text(marked.sub(lambda found: found[1] + figures + found[2], page.read_text("utf-8")), "utf-8")


def main(argv: list[str] | None = None) -> int:
    """Run the comparison; print it, and with --write put it into docs/performance.md."""
    parser = argparse.ArgumentParser(prog="python -m evals bench", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="documents to ingest: PDF and text files")
    parser.add_argument("--runs", type=int, default=1, help="runs of each pipeline")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PERFORMANCE}")
    arguments = parser.parse_args(argv)
    plain, ours = [], []
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        for run in range(arguments.runs):
            plain.append(run_plain(arguments.folder, scratch))
            library = scratch / f"library-{run}"
            ours.append(run_ingest(arguments.folder, library) | {"words": words_in(library)})
        again = run_ingest(arguments.folder, library)["seconds"]
        figures = table(plain, ours, again, time_questions(library))
    print(figures)
    if arguments.write:
        write(figures)
    return 0
