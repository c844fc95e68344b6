"""Files that are broken, odd or hostile on purpose: does each end as its manifest expects?

`python -m evals torture --files DIR --manifest CSV` reads every file of the manifest in the isolated reader and
compares. Columns of the manifest: path, expected ("indexed", "refused:REASON", "either"), must_contain,
must_not_contain; other columns are ignored. Where a refusal is expected, any named reason is right.
"""

import argparse
import csv
import sys
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from assistant.reading.isolation import ReadingWorker
from assistant.records import Document, Refusal
from assistant.settings import Settings

LEAST_AS_EXPECTED, LEAST_WITH_PHRASE = 0.97, 0.95
_BIDI_AND_SOFT_HYPHEN = dict.fromkeys((0xAD, 0x200E, 0x200F, 0x61C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))


@dataclass(frozen=True, slots=True)
class Case:
    """A line of the manifest."""

    path: str
    expected: str
    must_contain: str
    must_not_contain: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file. `has_phrase` is None where none is asked for or the file was rightly refused."""

    case: Case
    ended: str
    as_expected: bool
    has_phrase: bool | None
    seconds: float


def main(argv: Sequence[str] | None = None) -> int:
    """Run the files, print those that ended otherwise and the totals; 1 below the floors, else 0."""
    parser = argparse.ArgumentParser(prog="python -m evals torture", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", type=Path, required=True, help="folder that the paths of the manifest lie in")
    parser.add_argument("--manifest", type=Path, required=True, help="CSV file: path, expected, must_contain, ...")
    arguments = parser.parse_args(argv)
    outcomes = run(arguments.files, read_manifest(arguments.manifest), Settings())
    return report(outcomes)


def read_manifest(path: Path) -> list[Case]:
    """The cases of a manifest, in its order."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [Case(*(row.get(name) or "" for name in Case.__slots__)) for row in rows]


def run(files: Path, cases: Sequence[Case], settings: Settings) -> list[Outcome]:
    """Read every file in one worker, as ingest does."""
    with ReadingWorker(settings.read_timeout_s, settings.read_memory_mb, settings.max_file_mb) as worker:
        return [_run_one(worker, files, case) for case in cases]


def report(outcomes: Sequence[Outcome]) -> int:
    """Print what is not as expected and the totals."""
    console = Console(width=160 if not sys.stdout.isatty() else None)
    failed = [outcome for outcome in outcomes if not outcome.as_expected or outcome.has_phrase is False]
    if failed:
        table = Table("file", "expected", "ended as", "phrase", "seconds", title="Not as expected")
        for outcome in failed:
            phrase = {None: "", True: "found", False: f"missing: {outcome.case.must_contain}"}[outcome.has_phrase]
            table.add_row(
                outcome.case.path, outcome.case.expected, outcome.ended, phrase, f"{outcome.seconds:.1f}", style=None
            )
        console.print(table)
    with_phrase = [outcome.has_phrase for outcome in outcomes if outcome.has_phrase is not None]
    expected, phrases = sum(outcome.as_expected for outcome in outcomes), sum(with_phrase)
    console.print(f"as expected {expected} of {len(outcomes)} (floor {LEAST_AS_EXPECTED:.0%})")
    console.print(f"phrase found {phrases} of {len(with_phrase)} (floor {LEAST_WITH_PHRASE:.0%})")
    console.print(f"{sum(outcome.seconds for outcome in outcomes):.1f} seconds")
    good = expected >= LEAST_AS_EXPECTED * len(outcomes) and phrases >= LEAST_WITH_PHRASE * len(with_phrase)
    return 0 if good else 1


def comparable(text: str) -> str:
    """Text for comparing phrases: NFKC, without bidi marks and soft hyphens, spaces collapsed (removed for CJK)."""
    text = " ".join(unicodedata.normalize("NFKC", text).translate(_BIDI_AND_SOFT_HYPHEN).split())
    return text.replace(" ", "") if any("\u3000" <= character <= "\u9fff" for character in text) else text


def _run_one(worker: ReadingWorker, files: Path, case: Case) -> Outcome:
    begin = time.perf_counter()
    result = worker.read(_located(files, case.path), case.path)
    seconds = time.perf_counter() - begin
    refused = isinstance(result, Refusal)
    ended = f"refused:{result.reason}" if isinstance(result, Refusal) else "indexed"
    as_expected = case.expected == "either" or refused == case.expected.startswith("refused")
    has_phrase = None
    if isinstance(result, Document) and (case.must_contain or case.must_not_contain):
        has_phrase = _has_phrases(result, case)
    elif case.must_contain and case.expected == "indexed":
        has_phrase = False
    return Outcome(case, ended, as_expected, has_phrase, seconds)


def _located(files: Path, path: str) -> Path:
    """The manifest may name the folder itself as the first part of the path."""
    return files / path if (files / path).exists() or not path.startswith(f"{files.name}/") else files.parent / path


def _has_phrases(document: Document, case: Case) -> bool:
    stored = "\n".join([document.text, *(note.text for note in document.notes)])
    has_wanted = not case.must_contain or _contains(stored, case.must_contain)
    return has_wanted and not (case.must_not_contain and _contains(stored, case.must_not_contain))


def _contains(stored: str, phrase: str) -> bool:
    wanted = comparable(phrase)
    text = comparable(stored)
    return wanted in (text if " " in wanted else text.replace(" ", "")) or wanted in text


if __name__ == "__main__":
    sys.exit(main())
