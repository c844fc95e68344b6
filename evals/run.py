"""Ask the assistant every case and keep what it did: `python -m evals run`.

    python -m evals run [--split dev|test] [--slice KIND] [--limit N]
    python -m evals run --questions FILE.jsonl ... [--library DIR]      questions by other people (see answers.py)

A run is a folder: `records.jsonl` (one line a case: what was asked, the answer, the passages found), `run.json`
(versions, settings, digest of the library), `figures.json`, and `latency.json`. All but the last are the same
bytes when nothing changed, on the same kind of processor: on another, sums differ in their last digits.
"""

import argparse
import json
import platform
import shutil
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from tqdm import tqdm

from assistant import Assistant, Library
from assistant.answering.citations import answer_to_json
from assistant.records import Answer
from assistant.settings import Settings
from evals import answers, curves, figures, questions, report
from evals.alce import precise_citations
from evals.cases import Case, load, verify
from evals.compare import RUNS
from evals.figures import Record
from evals.floors import places, plain_answer
from evals.questions import Question

LATEST, QUESTIONS = RUNS / "latest", RUNS / "questions"  # where a run is kept that names no folder
DEPTH = 50  # passages kept of each search
Asked = TypeVar("Asked", Case, Question)
PACKAGES = ("chromadb", "langchain", "sentence-transformers", "torch")


def record(case: Case, assistant: Assistant) -> tuple[dict[str, Any], dict[str, float]]:
    """What the assistant did with a case, and apart from it how long it took (ms)."""
    answer = assistant.ask(case.question, case.history)
    found = assistant.search(case.question, DEPTH, case.history)
    data = answer_to_json(answer)
    timings = data.pop("timings_ms")
    data.pop("generation")
    kept = {
        "id": case.id,
        "kind": case.kind,
        "split": case.split,
        "question": case.question,
        "history": [turn.question for turn in case.history],
        "gold": [{"source": gold.source, "page": gold.page, "quote": gold.quote} for gold in case.gold],
        "key_facts": case.key_facts,
        "forbidden": case.forbidden,
        "language": case.language,
        "refuted": refutes(answer, case, assistant.library),
        "answer": data,
        "precise": precise_citations(answer, assistant.judge, assistant.library),
        "top_score": round(found[0].score, 4) if found else None,
        "found": [place for hit in found for place in places(hit.passage)],
        "plain": plain_answer(case, assistant, DEPTH),
    }
    return kept, timings


def refutes(answer: Answer, case: Case, library: Library) -> bool | None:
    """Whether a citation quotes words of a place that refutes the case's premise; None where no place is known to."""
    if not case.refutation:
        return None
    for place in case.refutation:
        start = library.page(place.source, place.page).text.find(place.quote)
        for span in (span for c in answer.citations if c.source == place.source for span in c.spans):
            if span.page == place.page and span.start < start + len(place.quote) and span.end > start:
                return True
    return False


def run(cases: Sequence[Case], settings: Settings, target: Path) -> dict[str, Any]:
    """Ask all cases; write the run to `target`, replacing what is there; its figures."""
    assistant = Assistant.open(settings)
    verify(cases, assistant.library)
    pairs = [record(case, assistant) for case in tqdm(cases, unit="case", desc="asking")]
    records = [kept for kept, _ in pairs]
    measured, times = figures.measure(records), figures.latency([timings for _, timings in pairs])
    _keep(target, records, measured, times, _about(assistant, settings))
    return measured


def run_questions(
    files: Sequence[Path], limit: int | None, settings: Settings, target: Path
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ask the questions of files; write the run to `target`, replacing what is there; its figures, and its times."""
    asked = [(path.name, question) for path in files for question in _spread(questions.load(path), limit)]
    assistant = Assistant.open(settings)
    pairs = [answers.record(one, file, assistant) for file, one in tqdm(asked, unit="question", desc="asking")]
    records = [kept for kept, _ in pairs]
    measured, times = answers.measure(records), answers.latency(pairs)
    _keep(target, records, measured, times, _about(assistant, settings))
    return measured, times


def _about(assistant: Assistant, settings: Settings) -> dict[str, Any]:
    return {
        "library": assistant.library.generation.rpartition("-")[2],
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "chat_model": settings.chat_model,
        "strict": settings.strict,
    }


def _keep(
    target: Path, records: Sequence[Record], measured: dict[str, Any], times: dict[str, Any], about: dict[str, Any]
) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    lines = "".join(json.dumps(kept, ensure_ascii=False, sort_keys=True) + "\n" for kept in records)
    (target / "records.jsonl").write_text(lines, "utf-8")
    _write(target / "run.json", about)
    _write(target / "figures.json", measured)
    _write(target / "latency.json", times)


def select(split: str | None, kind: str | None, limit: int | None) -> list[Case]:
    """The cases of a split and a kind; with a limit, evenly spaced ones of each kind."""
    cases = [c for c in load() if (not split or c.split == split) and (not kind or c.kind == kind)]
    return _spread(cases, limit)


def _spread(asked: list[Asked], limit: int | None) -> list[Asked]:
    """All, or with a limit evenly spaced ones of each kind."""
    if limit is None or limit >= len(asked):
        return asked
    ordered = sorted(asked, key=lambda one: (one.kind, one.id))
    return [ordered[i * len(ordered) // limit] for i in range(limit)]


def _write(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", "utf-8")


def main(argv: list[str] | None = None) -> int:
    """Run, print the figures as a table, and for cases leave the report in the run's folder."""
    parser = argparse.ArgumentParser(prog="python -m evals run", description="Ask every case and measure the answers.")
    parser.add_argument(
        "--questions", type=Path, nargs="+", metavar="FILE", help="ask these files instead of the cases"
    )
    parser.add_argument("--split", choices=["dev", "test"], help="only these cases")
    parser.add_argument("--slice", metavar="KIND", help="only cases of this kind")
    parser.add_argument(
        "--limit", type=int, help="only so many cases, or questions of each file, spread over the kinds"
    )
    parser.add_argument("--model", help="a chat model, as in SSR_CHAT_MODEL")
    parser.add_argument("--corpus", type=Path, help="folder of documents")
    parser.add_argument("--library", type=Path, help="folder of generations")
    parser.add_argument("--out", type=Path, help=f"folder of the run ({LATEST}, or {QUESTIONS})")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args(argv)
    if arguments.questions and (arguments.split or arguments.slice):
        parser.error("--split and --slice choose among the cases of evals/cases: leave them out with --questions.")
    given = {"chat_model": arguments.model, "corpus": arguments.corpus, "library": arguments.library}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    if arguments.questions:
        target = arguments.out or QUESTIONS
        measured, times = run_questions(arguments.questions, arguments.limit, settings, target)
        curves.write(target, measured)
        table = answers.as_table(measured, times)
    else:
        target = arguments.out or LATEST
        measured = run(select(arguments.split, arguments.slice, arguments.limit), settings, target)
        report.write(target, report.BASELINE, report.JUDGE, target / "report.html")
        table = figures.as_table(measured)
    print(json.dumps(measured, indent=1) if arguments.json else table)
    return 0
