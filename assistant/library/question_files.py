"""The two files of questions that are written from the pages and by ingest: what staff keep, and what waits for them.

`corpus/questions/staff.jsonl` is a file of prepared questions like the others: the next ingest takes it in. What a chat
model proposes waits in `proposed_questions.jsonl` in the folder of the state, where no ingest looks, until staff accept
it. A file is replaced whole, by one writer at a time, and a line that is no question stays in it.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import LibraryError, UsageError
from assistant.library.generations import write_durably
from assistant.library.prepared import FOLDER, PreparedQuestion, find_quote, from_line, prepared_questions
from assistant.library.shelving import alone
from assistant.reading.blocks.cleaning import clean

if TYPE_CHECKING:
    from assistant.library import Library

LONGEST_QUESTION = 1000  # characters


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """A file of prepared questions, one JSON object a line. Its methods raise LibraryError when the disk fails."""

    path: Path

    def questions(self) -> list[PreparedQuestion]:
        """The questions, in the order in which they came in; none when there is no file."""
        return [one for line in _read(self.path) if (one := from_line(line))]

    def add(self, questions: Sequence[PreparedQuestion]) -> None:
        with _rewritten(self.path) as lines:
            lines += map(_line, questions)

    def remove(self, question: PreparedQuestion) -> None:
        """Take a question out; nothing where it has gone already."""
        with _rewritten(self.path) as lines:
            lines[:] = [line for line in lines if from_line(line) != question]


def staff_questions(corpus: Path) -> QuestionFile:
    """The prepared questions that staff keep."""
    return QuestionFile(corpus / FOLDER / "staff.jsonl")


def proposed_questions(state: Path) -> QuestionFile:
    """What a chat model has proposed and nobody has looked at yet."""
    return QuestionFile(state / "proposed_questions.jsonl")


def keep_prepared_question(corpus: Path, library: "Library", asked: PreparedQuestion) -> None:
    """Put a question into staff.jsonl, for the next ingest to take in.

    Raises UsageError for what is no prepared question of this library, or is one already; LibraryError when the corpus
    cannot be written.
    """
    question = " ".join(clean(asked.question).split())
    one = replace(asked, question=question, quote=" ".join(asked.quote.split()))
    _check(one, library)
    with _rewritten(staff_questions(corpus).path) as lines:
        known, _ = prepared_questions(corpus)
        if one.question.casefold() in {other.question.casefold() for other in known}:
            raise UsageError(f"“{one.question}” is a prepared question already. Word it otherwise, or leave it.")
        lines.append(_line(one))


def _check(one: PreparedQuestion, library: "Library") -> None:
    """Raises UsageError where a question says nothing, or its quote does not stand in its document."""
    if not one.question:
        raise UsageError("The question is empty. Write what somebody would ask.")
    if len(one.question) > LONGEST_QUESTION:
        raise UsageError(f"The question is longer than {LONGEST_QUESTION} characters. Shorten it.")
    if not one.quote:
        raise UsageError("No sentence is chosen. Tick those that answer the question.")
    try:
        document = library.full_document(one.source)
    except KeyError as error:
        raise UsageError(f"The library holds no {one.source} any more. Choose a place in another document.") from error
    if find_quote(document.text, one.quote) is None:
        raise UsageError(f"The quote does not stand in {one.source} as the library holds it. Choose the place anew.")


def _line(question: PreparedQuestion) -> str:
    return json.dumps(asdict(question), ensure_ascii=False)


def _read(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8-sig").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise LibraryError(f"{path} cannot be read ({error}). Nothing was changed.") from error


@contextmanager
def _rewritten(path: Path) -> Iterator[list[str]]:
    """The lines of a file, to be changed; it is replaced when the block ends well. Raises LibraryError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with alone(path.parent):
            lines = _read(path)
            before = list(lines)
            yield lines
            if lines != before:
                write_durably(path, "".join(f"{line}\n" for line in lines))
    except OSError as error:
        raise LibraryError(
            f"{path} cannot be written ({error}). Nothing was changed. Check the disk, and who may write there."
        ) from error
