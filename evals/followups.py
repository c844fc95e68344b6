"""Follow-up questions: what our rewrite holds of the one that a person wrote.

    python -m evals followups --data FILE.jsonl[.gz] ... [--split dev|test] [--library DIR] [--json] [--show]

Each line is `{"history": [question or {"question", "answer"?}, ...], "last_turn" or "question", "rewrite"?, "gold"?,
"group"?, "split"?, "prev_response"?}`, history oldest first. Lines without a history are left out. A conversation
without a split belongs to dev or test by its name's digest. Lines with a human rewrite are compared with it word by
word; for those with gold places (`{"source", "quote"}`) the library is searched too.
"""

import argparse
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tqdm import tqdm

from assistant import Assistant, Library
from assistant.errors import UsageError
from assistant.query import understand
from assistant.query.words import content_terms, stem
from assistant.records import Filters, Turn
from assistant.settings import Settings
from evals.judge import to_json
from evals.lines import read_lines
from evals.questions import Place
from evals.statistics import Figure, bootstrap, mean
from evals.tables import figures_table

DEPTH = 5  # passages: recall@5

Figures = dict[str, Figure]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The last turn of a conversation, with what a person made of it and where its answer stands, if known."""

    question: str
    history: tuple[Turn, ...]
    rewrite: str | None
    gold: tuple[tuple[str, str], ...]
    group: str
    split: str

    @classmethod
    def of(cls, number: int, row: Mapping[str, Any]) -> Self:
        """Raises UsageError naming the line when a field is missing or wrong."""
        try:
            group = str(row.get("group") or row.get("id") or f"line {number}")
            return cls(
                str(row["last_turn"] if "last_turn" in row else row["question"]),
                _turns(row.get("history") or (), str(row.get("prev_response") or "")),
                row.get("rewrite"),
                tuple((str(place["source"]), str(place["quote"])) for place in row.get("gold") or ()),
                group,
                str(row.get("split") or _split_of(group)),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"Line {number} must hold a history and a last turn or question.") from error


def _turns(history: Sequence[Any], last_answer: str) -> tuple[Turn, ...]:
    turns = [
        Turn(turn) if isinstance(turn, str) else Turn(str(turn["question"]), turn.get("answer")) for turn in history
    ]
    if turns and last_answer:
        turns[-1] = Turn(turns[-1].question, last_answer)
    return tuple(turns)


def _split_of(group: str) -> str:
    return "test" if hashlib.sha256(group.encode()).digest()[0] % 2 else "dev"


def load(paths: Sequence[Path], split: str | None = None) -> list[FollowUp]:
    """The follow-ups of files, or those of one split. Raises UsageError when a file cannot be read."""
    rows = [FollowUp.of(number, row) for path in paths for number, row in read_lines(path)]
    return [row for row in rows if row.history and split in (None, row.split)]


def texts_of(row: FollowUp, library: Library) -> dict[str, str]:
    """What is compared with the human rewrite, by name; the last two bound what can be carried at all."""
    asked = [turn.question for turn in row.history]
    answers = [turn.answer or "" for turn in row.history]
    return {
        "last turn as asked": row.question,
        "our rewrite": understand(row.question, row.history, Filters(), library).text,
        "with all questions before": " ".join([row.question, *asked]),
        "with questions and answers": " ".join([row.question, *asked, *answers]),
    }


def content_words(text: str) -> frozenset[str]:
    """The content words of a text without their endings."""
    return frozenset(stem(word) for word in content_terms(text))


def held(text: str, rewrite: str) -> float | None:
    """The share of the human rewrite's content words that a text holds; None where it has none.

    >>> held("Who led the commission?", "Who led the commission on land?")
    0.6666666666666666
    """
    wanted = content_words(rewrite)
    return len(wanted & content_words(text)) / len(wanted) if wanted else None


def added(text: str, rewrite: str) -> float:
    """The share of a text's content words that the human rewrite does not have; 0 for a text without any."""
    words = content_words(text)
    return len(words - content_words(rewrite)) / len(words) if words else 0.0


def compare(rows: Sequence[FollowUp], library: Library) -> dict[str, Figures]:
    """By text: words held over all rows, over those whose last turn lacks some, and words added."""
    compared: dict[str, list[tuple[FollowUp, str]]] = {}
    for row in rows:
        if row.rewrite and content_words(row.rewrite):
            for name, text in texts_of(row, library).items():
                compared.setdefault(name, []).append((row, text))
    return {name: _figures(texts) for name, texts in compared.items()}


def _figures(compared: Sequence[tuple[FollowUp, str]]) -> Figures:
    rows = [(row.group, text, row.question, row.rewrite or "") for row, text in compared]
    incomplete = [row for row in rows if held(row[2], row[3]) != 1.0]
    return {
        "held": _mean([(group, held(text, rewrite)) for group, text, _, rewrite in rows]),
        f"held, {len(incomplete)} incomplete": _mean(
            [(group, held(text, rewrite)) for group, text, _, rewrite in incomplete]
        ),
        "added": _mean([(group, added(text, rewrite)) for group, text, _, rewrite in rows]),
    }


def _mean(values: Sequence[tuple[str, float | None]]) -> Figure:
    return bootstrap(mean([value or 0.0 for _, value in values]), [group for group, _ in values])


def recall(rows: Sequence[FollowUp], assistant: Assistant) -> dict[str, Figures]:
    """Recall@5 of the gold passages by what is searched; the human rewrite only where there is one."""
    found: dict[str, list[tuple[str, float]]] = {}
    for row in tqdm([row for row in rows if row.gold], unit="question"):
        gold = [Place.of({"source": source, "quote": quote}) for source, quote in row.gold]
        for name, question, history in _searches(row):
            passages = [reading.passage for reading in assistant.search(question, DEPTH, history)]
            is_found = any(place.is_held_by(passage) for place in gold for passage in passages)
            found.setdefault(name, []).append((row.group, float(is_found)))
    return {name: {f"recall@{DEPTH}": _mean(values)} for name, values in found.items()}


def _searches(row: FollowUp) -> Iterator[tuple[str, str, tuple[Turn, ...]]]:
    yield "last turn as asked", row.question, ()
    yield "our rewrite", row.question, row.history
    if row.rewrite:
        yield "human rewrite", row.rewrite, ()


def _show(rows: Sequence[FollowUp], library: Library) -> None:
    for row in rows:
        ours = texts_of(row, library)["our rewrite"]
        share = held(ours, row.rewrite) if row.rewrite else None
        print(*(f"  {turn.question}" for turn in row.history), f"  > {row.question}", sep="\n")
        print(
            f"{'' if share is None else f'{share:.2f}'} ours:  {ours}",
            f"     human: {row.rewrite}",
            sep="\n",
            end="\n\n",
        )


def main(argv: list[str] | None = None) -> int:
    """Print the figures, as tables or with --json as JSON."""
    parser = argparse.ArgumentParser(prog="python -m evals followups", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="JSON lines, also compressed (.gz)")
    parser.add_argument("--split", choices=("dev", "test"), help="only this half of the conversations")
    parser.add_argument("--library", type=Path, help="folder of generations")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--show", action="store_true", help="print each follow-up with both rewrites")
    arguments = parser.parse_args(argv)
    rows = load(arguments.data, arguments.split)
    assistant = Assistant.open(Settings(library=arguments.library) if arguments.library else Settings())
    if arguments.show:
        _show(rows, assistant.library)
    words = compare(rows, assistant.library)
    found = recall(rows, assistant)
    if arguments.json:
        print(json.dumps({"n": len(rows), "words": to_json(words), "recall": to_json(found)}, ensure_ascii=False))
        return 0
    written = sum(bool(row.rewrite) for row in rows)
    for title, figures in ((f"{written} follow-ups with a human rewrite", words), (f"{len(rows)} follow-ups", found)):
        if figures:
            print(figures_table(title, figures))
    return 0
