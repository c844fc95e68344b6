"""Prepared questions: what people ask, each with the words of a document that answer it.

They stand in `corpus/questions/*.jsonl`, one JSON object a line: `question`, `language`, `source` (the document's path
below the corpus) and `quote` (words that stand in it, white space aside). An ingest finds each quote in its document
and keeps the question with the place and a vector; a question close to a prepared one is led to that place first.
Nothing is trained on them, and the answer is still the document's own words.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from assistant.errors import LibraryError

FOLDER = "questions"  # below the corpus; no document of the library
ALIKE = 85.0  # token sort ratio (0 to 100) from which one question nearly repeats another


@dataclass(frozen=True, slots=True)
class PreparedQuestion:
    """A question, and the quote of a document that answers it."""

    question: str
    language: str
    source: str
    quote: str


def prepared_questions(corpus: Path) -> tuple[list[PreparedQuestion], list[str]]:
    """The prepared questions of a corpus, each once, and sentences on lines that are none. Raises LibraryError when a
    file cannot be read."""
    found: dict[str, PreparedQuestion] = {}
    complaints = []
    for path, number, line in _lines(corpus / FOLDER):
        if one := from_line(line):
            found.setdefault(one.question.casefold(), one)
        else:
            complaints.append(
                f"{FOLDER}/{path.name}, line {number}: no prepared question. It needs question, language, source and "
                "quote, all text."
            )
    return list(found.values()), complaints


def from_line(line: str) -> PreparedQuestion | None:
    """The prepared question of a line; None where it is none."""
    try:
        row = json.loads(line)
        return PreparedQuestion(*(_text(row, name) for name in ("question", "language", "source", "quote")))
    except (ValueError, TypeError, KeyError):
        return None


def nearly_repeated(question: str, known: Sequence[str]) -> str | None:
    """Of known questions, in small letters, the one that a question nearly repeats in its wording."""
    found = process.extractOne(question.casefold(), known, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
    return found[0] if found else None


def find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """Where a quote stands in a text, white space aside; None where it does not."""
    words = quote.split()
    found = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    return found.span() if found else None


def _lines(folder: Path) -> Iterator[tuple[Path, int, str]]:
    for path in sorted(folder.glob("*.jsonl")) if folder.is_dir() else ():
        try:
            lines = path.read_text("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise LibraryError(f"{path} cannot be read ({error}). Nothing was changed.") from error
        yield from ((path, number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _text(row: dict[str, object], name: str) -> str:
    value = row[name]
    if not isinstance(value, str) or not value.strip():
        raise TypeError(name)
    return " ".join(value.split())
