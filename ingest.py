"""`python ingest.py [PATH ...]`: bring the library up to what the corpus holds.

With `--propose-questions` a chat model then proposes questions on what is new, for staff to confirm.

Exit codes: 0 done; 1 done, but some files were refused, or the chat model did not come to its end; 2 the command cannot
be carried out as given; 3 nothing was switched, and the library before is still in use.
"""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Never, TextIO

from tqdm import tqdm

from assistant.errors import AssistantError, UsageError
from assistant.library import Library
from assistant.library.indexing import ingest, rebuild_vectors, roll_back
from assistant.library.reports import FileReport, IngestReport, Progress
from assistant.reading.names import escaped
from assistant.settings import Settings
from assistant.terminal import open_terminal, to_json

if TYPE_CHECKING:
    from assistant.answering.proposing import Proposer

NOT_ALL = 1
INTERRUPTED = 3
STAGES = {
    "looking": "Looking at the corpus",
    "reading": "Reading",
    "indexing": "Indexing",
    "checking": "Checking the new library",
    "switching": "Switching to the new library",
}
SHOWN = 20  # files of a sort that are listed on the screen; --json lists all
SHOWN_WARNINGS = 5  # of one file


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    open_terminal()
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        report, is_whole = _run(options)
    except AssistantError as error:
        return _failed(options, str(error), error.exit_code)
    except KeyboardInterrupt:
        return _failed(options, "Stopped. Nothing was changed: the library before is still in use.", INTERRUPTED)
    _show(report, as_json=options.json)
    return 0 if is_whole and not report.counts["refused"] else NOT_ALL


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
    parser.add_argument(
        "--verify", action="store_true", help="look at the bytes of every file, also where size and time are the same"
    )
    parser.add_argument("--withdraw", action="store_true", help="let documents go even when many are gone")
    parser.add_argument("--ocr", action="store_true", help="read pages without text by character recognition")
    parser.add_argument(
        "--propose-questions",
        action="store_true",
        help="have the chat model (SSR_CHAT_MODEL) propose questions on what was added or updated",
    )
    parser.add_argument("--rollback", action="store_true", help="go back to the generation before")
    parser.add_argument("--rebuild-vectors", action="store_true", help="make the vector index again from the catalogue")
    return parser


def _run(options: argparse.Namespace) -> tuple[IngestReport, bool]:
    """The report, and whether a chat model that was asked for questions came to its end."""
    given = {name: getattr(options, name) for name in ("corpus", "library") if getattr(options, name)}
    settings = Settings(**given)
    if options.withdraw and options.paths:
        raise UsageError("With a PATH nothing is withdrawn. Run `python ingest.py --withdraw` without it.")
    if options.propose_questions and (options.rollback or options.rebuild_vectors or options.dry_run):
        raise UsageError("--propose-questions goes with an ingest, not with --rollback, --rebuild-vectors, --dry-run.")
    if options.rollback or options.rebuild_vectors:
        others = options.paths or options.dry_run or options.verify
        if others or (options.rollback and options.rebuild_vectors):
            raise UsageError("--rollback and --rebuild-vectors each stand alone, without PATH, --dry-run and --verify.")
        return roll_back(settings) if options.rollback else rebuild_vectors(settings), True
    proposer = _proposer(settings) if options.propose_questions else None
    with _Display(sys.stderr) as display:
        report = ingest(
            settings,
            options.paths,
            dry_run=options.dry_run,
            retry=options.retry,
            withdraw=options.withdraw,
            ocr=options.ocr,
            verify=options.verify,
            progress=display.show,
        )
    return _with_proposals(report, settings, proposer) if proposer else (report, True)


def _proposer(settings: Settings) -> "Proposer":
    """What asks the chat model of the settings. Raises UsageError where they name none; ChatModelError or LibraryError
    where it cannot begin."""
    if not settings.chat_model:
        raise UsageError(
            "--propose-questions needs a chat model. Set SSR_CHAT_MODEL, for example to ollama:llama3.1 "
            "(docs/chat-models.md), and run this again."
        )
    from assistant.answering.proposing import Proposer  # imports LangChain, which others need not wait for

    return Proposer.open(settings)


def _with_proposals(report: IngestReport, settings: Settings, proposer: "Proposer") -> tuple[IngestReport, bool]:
    """The report with what a chat model proposes on the documents that are new, and whether it came to its end. Each
    proposal is written down at once, so that none is lost when the model fails or the command is stopped."""
    sources = [file.path for file in report.files if file.status in ("added", "updated")]
    if not sources:
        note = "No document was added or updated, so no questions were proposed."
        return replace(report, notes=(*report.notes, note)), True
    trouble = ""
    try:
        _ask_about(sources, settings, proposer)
    except AssistantError as error:
        trouble = str(error)
    except KeyboardInterrupt:
        trouble = "Stopped."
    notes = [f"Questions proposed: {proposer.proposed}. They wait on the page Manage until staff accept them."]
    if proposer.bad_lines or proposer.near_copies:
        notes.append(
            f"Left out: lines of the model that are no proposal: {proposer.bad_lines}; questions that nearly repeat a "
            f"known one: {proposer.near_copies}."
        )
    if trouble:
        notes.append(f"{trouble} The library is up to date, and what was proposed before is kept.")
    return replace(report, notes=(*report.notes, *notes), proposed=proposer.proposed), not trouble


def _ask_about(sources: Sequence[str], settings: Settings, proposer: "Proposer") -> None:
    """Ask about the documents passage by passage, with a bar on a terminal."""
    from assistant.answering.proposing import passages_to_ask_about

    with Library.open(settings.library) as library:
        asked = passages_to_ask_about(library, sources)
    print(f"Asking {proposer.model.name} for questions on {len(asked)} sections ...", file=sys.stderr, flush=True)
    for passage, data in tqdm(asked, unit="section", dynamic_ncols=True, leave=False, disable=None):
        proposer.ask(passage, data)


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
        print(to_json(_as_json(report), indent=2))
        return
    for note in report.notes:
        _say(note)
    if not report.files:
        return
    counts = ", ".join(f"{count} {status}" for status, count in report.counts.items() if count)
    refused = [file for file in report.files if file.status == "refused"]
    would = "Would be: " if report.dry_run else ""
    _say(f"{would}{counts} ({report.seconds:.1f} s){':' if refused or report.newly_warned else ''}")
    for file in refused[:SHOWN]:
        _say(f"  {file.path}: {file.reason}. {file.message}")
    if len(refused) > SHOWN:
        _say(f"  ... and {len(refused) - SHOWN} more; --json lists all.")
    empty = [file for file in report.files if file.pages_without_text and file.status in ("added", "updated")]
    for file in empty[:SHOWN]:
        _say(f"  {file.path}: {len(file.pages_without_text)} of {file.pages} pages have no text.")
    _show_warnings(report.newly_warned)


def _show_warnings(files: Sequence[FileReport]) -> None:
    for file in files[:SHOWN]:
        counted = "1 warning" if len(file.warnings) == 1 else f"{len(file.warnings)} warnings"
        _say(f"  {file.path}: {file.status}, {counted}")
        for warning in file.warnings[:SHOWN_WARNINGS]:
            _say(f"    {warning}")
        if len(file.warnings) > SHOWN_WARNINGS:
            _say(f"    ... and {len(file.warnings) - SHOWN_WARNINGS} more; --json lists all.")
    if len(files) > SHOWN:
        _say(f"  ... and {len(files) - SHOWN} more files with warnings; --json lists all.")


def _say(line: str) -> None:
    print(escaped(line))


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
        "proposed": report.proposed,
        "linked_folders": list(report.linked_folders),
        "rows_without_file": [asdict(row) for row in report.rows_without_file],
    }


def _failed(options: argparse.Namespace, message: str, code: int) -> int:
    if options.json:
        print(to_json({"error": message, "exit_code": code}))
    print(escaped(message), file=sys.stderr)
    return code


def _interrupt(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    sys.exit(main())
