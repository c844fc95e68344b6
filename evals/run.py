"""Ask the assistant every case and keep what it did: `python -m evals run`.

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
from typing import Any

from tqdm import tqdm

from assistant import Assistant
from assistant.answering.citations import answer_to_json
from assistant.settings import Settings
from evals import figures, report
from evals.alce import precise_citations
from evals.cases import Case, load, verify
from evals.compare import RUNS
from evals.floors import places, plain_answer

DEPTH = 50  # passages kept of each search
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
        "answer": data,
        "precise": precise_citations(answer, assistant.judge, assistant.library),
        "top_score": round(found[0].score, 4) if found else None,
        "found": [place for hit in found for place in places(hit.passage)],
        "plain": plain_answer(case, assistant, DEPTH),
    }
    return kept, timings


def run(cases: Sequence[Case], settings: Settings, target: Path) -> dict[str, Any]:
    """Ask all cases; write the run to `target`, replacing what is there; its figures."""
    assistant = Assistant.open(settings)
    verify(cases, assistant.library)
    pairs = [record(case, assistant) for case in tqdm(cases, unit="case", desc="asking")]
    digest = assistant.library.generation.rpartition("-")[2]
    records = [kept for kept, _ in pairs]
    measured = figures.measure(records)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    lines = "".join(json.dumps(kept, ensure_ascii=False, sort_keys=True) + "\n" for kept in records)
    (target / "records.jsonl").write_text(lines, "utf-8")
    about = {
        "library": digest,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "chat_model": settings.chat_model,
        "strict": settings.strict,
    }
    _write(target / "run.json", about)
    _write(target / "figures.json", measured)
    _write(target / "latency.json", figures.latency([timings for _, timings in pairs]))
    return measured


def select(split: str | None, kind: str | None, limit: int | None) -> list[Case]:
    """The cases of a split and a kind; with a limit, evenly spaced ones of each kind."""
    cases = [c for c in load() if (not split or c.split == split) and (not kind or c.kind == kind)]
    if limit is None or limit >= len(cases):
        return cases
    ordered = sorted(cases, key=lambda case: (case.kind, case.id))
    return [ordered[i * len(ordered) // limit] for i in range(limit)]


def _write(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", "utf-8")


def main(argv: list[str] | None = None) -> int:
    """Run, leave the report in the run's folder, and print the figures as a table."""
    parser = argparse.ArgumentParser(prog="python -m evals run", description="Ask every case and measure the answers.")
    parser.add_argument("--split", choices=["dev", "test"], help="only these cases")
    parser.add_argument("--slice", metavar="KIND", help="only cases of this kind")
    parser.add_argument("--limit", type=int, help="only so many cases, spread over the kinds")
    parser.add_argument("--model", help="a chat model, as in SSR_CHAT_MODEL")
    parser.add_argument("--corpus", type=Path, help="folder of documents")
    parser.add_argument("--library", type=Path, help="folder of generations")
    parser.add_argument("--out", type=Path, default=RUNS / "latest", help="folder of the run")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args(argv)
    given = {"chat_model": arguments.model, "corpus": arguments.corpus, "library": arguments.library}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    measured = run(select(arguments.split, arguments.slice, arguments.limit), settings, arguments.out)
    report.write(arguments.out, report.BASELINE, report.JUDGE, arguments.out / "report.html")
    print(json.dumps(measured, indent=1) if arguments.json else figures.as_table(measured))
    return 0
