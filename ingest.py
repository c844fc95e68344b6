"""`python ingest.py [PATH ...]`: bring the library up to what the corpus holds.

Exit codes: 0 done; 1 done, but some files were refused; 2 the command cannot be carried out as given; 3 nothing was
switched, and the library before is still in use.
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Never, TextIO

from tqdm import tqdm

from assistant.errors import AssistantError, UsageError
from assistant.library.indexing import ingest, rebuild_vectors, roll_back
from assistant.library.reports import IngestReport, Progress
from assistant.settings import Settings

REFUSED = 1
INTERRUPTED = 3
STAGES = {
    "looking": "Looking at the corpus",
    "reading": "Reading",
    "indexing": "Indexing",
    "checking": "Checking the new library",
    "switching": "Switching to the new library",
}
SHOWN = 20  # refused files listed on the screen; --json lists all


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        report = _run(options)
    except AssistantError as error:
        return _failed(options, str(error), error.exit_code)
    except KeyboardInterrupt:
        return _failed(options, "Stopped. Nothing was changed: the library before is still in use.", INTERRUPTED)
    _show(report, as_json=options.json)
    return REFUSED if report.counts["refused"] else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ingest.py", description="Bring the library up to what the corpus holds.", allow_abbrev=False
    )
    parser.add_argument("paths", metavar="PATH", nargs="*", type=Path, help="only these files or folders of the corpus")
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="the folder of documents (SSR_CORPUS, ./corpus)")
    parser.add_argument(
        "--library", type=Path, metavar="DIR", help="the folder of the library (SSR_LIBRARY, ./library)"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--retry", action="store_true", help="read files again that were refused before")
    parser.add_argument("--withdraw", action="store_true", help="let documents go even when many are gone")
    parser.add_argument("--ocr", action="store_true", help="read pages without text by character recognition")
    parser.add_argument("--rollback", action="store_true", help="go back to the generation before")
    parser.add_argument("--rebuild-vectors", action="store_true", help="make the vector index again from the catalogue")
    return parser


def _run(options: argparse.Namespace) -> IngestReport:
    given = {name: getattr(options, name) for name in ("corpus", "library") if getattr(options, name)}
    settings = Settings(**given)
    if options.withdraw and options.paths:
        raise UsageError("With a PATH nothing is withdrawn. Run `python ingest.py --withdraw` without it.")
    if options.rollback or options.rebuild_vectors:
        if options.paths or options.dry_run or (options.rollback and options.rebuild_vectors):
            raise UsageError("--rollback and --rebuild-vectors each stand alone, without PATH and --dry-run.")
        return roll_back(settings) if options.rollback else rebuild_vectors(settings)
    with _Display(sys.stderr) as display:
        return ingest(
            settings,
            options.paths,
            dry_run=options.dry_run,
            retry=options.retry,
            withdraw=options.withdraw,
            ocr=options.ocr,
            progress=display.show,
        )


class _Display:
    """Progress on stderr: a bar on a terminal, else a line for each stage."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bar: tqdm[Never] | None = None

    def __enter__(self) -> "_Display":
        return self

    def __exit__(self, *_: object) -> None:
        self._end_bar()

    def show(self, progress: Progress) -> None:
        if progress.stage == "reading" and self._stream.isatty():
            self._show_bar(progress)
        elif not progress.done:
            self._end_bar()
            files = f" {progress.total} files" if progress.total else ""
            print(f"{STAGES[progress.stage]}{files} ...", file=self._stream, flush=True)

    def _show_bar(self, progress: Progress) -> None:
        if self._bar is None:
            self._bar = tqdm(total=progress.total, unit="file", file=self._stream, dynamic_ncols=True, leave=False)
        self._bar.set_postfix_str(f"{progress.passages} passages, {Path(progress.source).name[:40]}", refresh=False)
        self._bar.update(progress.done - self._bar.n)

    def _end_bar(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _show(report: IngestReport, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(_as_json(report), ensure_ascii=False, indent=2))
        return
    for note in report.notes:
        print(note)
    if not report.files:
        return
    counts = ", ".join(f"{count} {status}" for status, count in report.counts.items() if count)
    refused = [file for file in report.files if file.status == "refused"]
    would = "Would be: " if report.dry_run else ""
    print(f"{would}{counts} ({report.seconds:.1f} s){':' if refused else ''}")
    for file in refused[:SHOWN]:
        print(f"  {file.path}: {file.reason}. {file.message}")
    if len(refused) > SHOWN:
        print(f"  ... and {len(refused) - SHOWN} more; --json lists all.")
    empty = [file for file in report.files if file.pages_without_text and file.status in ("added", "updated")]
    for file in empty[:SHOWN]:
        print(f"  {file.path}: {len(file.pages_without_text)} of {file.pages} pages have no text.")


def _as_json(report: IngestReport) -> dict[str, object]:
    return {
        "generation": report.generation,
        "switched": report.switched,
        "dry_run": report.dry_run,
        "counts": dict(report.counts),
        "files": [asdict(file) for file in report.files],
        "checked": asdict(report.checked) if report.checked else None,
        "notes": list(report.notes),
        "seconds": round(report.seconds, 3),
    }


def _failed(options: argparse.Namespace, message: str, code: int) -> int:
    if options.json:
        print(json.dumps({"error": message, "exit_code": code}, ensure_ascii=False))
    print(message, file=sys.stderr)
    return code


def _interrupt(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    sys.exit(main())
