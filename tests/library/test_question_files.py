"""What staff keep and what waits for them: nothing is lost, nothing wrong comes in, the next ingest leads there."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from catalogues import DISARMAMENT, VETTING

from assistant.assistant import Assistant
from assistant.errors import LibraryError, UsageError
from assistant.library import Library
from assistant.library.indexing import ingest
from assistant.library.prepared import PreparedQuestion, prepared_questions
from assistant.library.question_files import keep_prepared_question, proposed_questions, staff_questions
from assistant.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
Put = Callable[[str, str], Path]
ASKED = PreparedQuestion("Can I stay a cop?", "en", "a.txt", "A vetting commission\ndecides who may serve.")
KEPT = replace(ASKED, quote="A vetting commission decides who may serve.")


@pytest.fixture
def made(settings: Settings, put: Put) -> Settings:
    """A library of two documents."""
    put("a.txt", VETTING)
    put("b.txt", DISARMAMENT)
    ingest(settings)
    return settings


@pytest.fixture
def library(made: Settings) -> Iterator[Library]:
    with Library.open(made.library) as opened:
        yield opened


def keep(settings: Settings, library: Library, **said: str) -> None:
    keep_prepared_question(settings.corpus, library, replace(ASKED, **said))


def test_what_is_kept_is_led_to_its_place_by_the_next_ingest(made: Settings, library: Library) -> None:
    assert Assistant.open(made).ask(ASKED.question).status == "abstained"
    keep(made, library, question="  Can I\x00 stay\na cop? ")
    assert staff_questions(made.corpus).questions() == [KEPT]
    assert library.prepared_questions() == []
    report = ingest(made)
    assert report.switched and report.notes == ()
    answer = Assistant.open(made).ask(ASKED.question)
    assert answer.claims[0].text == KEPT.quote
    assert [note.code for note in answer.notes] == ["prepared-question"]
    assert KEPT.question in answer.notes[0].message
    staff_questions(made.corpus).remove(KEPT)
    ingest(made)
    assert Assistant.open(made).ask(ASKED.question).status == "abstained"


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"quote": " "}, "No sentence is chosen"),
        ({"question": "\n"}, "The question is empty"),
        ({"question": "why " * 300}, "longer than 1000"),
        ({"quote": "A vetting commission decides who may go."}, "does not stand in a.txt"),
        ({"source": "gone.txt"}, "holds no gone.txt"),
        ({"question": "WHO HANDS IN rifles?"}, "a prepared question already"),
    ],
)
def test_what_is_no_prepared_question_is_refused_in_words(
    made: Settings, library: Library, put: Put, said: dict[str, str], message: str
) -> None:
    put("questions/mine.jsonl", json.dumps(asdict(replace(ASKED, question="Who hands in rifles?"))))
    with pytest.raises(UsageError, match=message):
        keep(made, library, **said)
    assert staff_questions(made.corpus).questions() == []


def test_a_corpus_that_cannot_be_written_is_said_in_words(made: Settings, library: Library) -> None:
    (made.corpus / "questions").write_text("a file where the folder should be")
    with pytest.raises(LibraryError, match=r"staff\.jsonl cannot be written .* Nothing was changed"):
        keep(made, library)


def test_the_other_lines_of_the_file_stay_as_they_are(made: Settings, library: Library, put: Put) -> None:
    written = put("questions/staff.jsonl", "a note by hand\n")
    keep(made, library)
    keep(made, library, question="Who may serve?")
    staff_questions(made.corpus).remove(KEPT)
    note, row = written.read_text("utf-8").splitlines()
    assert note == "a note by hand" and "Who may serve?" in row
    assert [path.name for path in (made.corpus / "questions").glob("[!.]*")] == ["staff.jsonl"]


MANY = 40
WRITER = f"""
import sys
from pathlib import Path
from assistant.errors import UsageError
from assistant.library import Library
from assistant.library.question_files import PreparedQuestion, keep_prepared_question
refused = 0
with Library.open(Path(sys.argv[2])) as library:
    for number in range({MANY}):
        try:
            one = PreparedQuestion(f"Question {{number}}?", "en", "a.txt", "{KEPT.quote}")
            keep_prepared_question(Path(sys.argv[1]), library, one)
        except UsageError:
            refused += 1
print(refused)
"""


def test_two_writers_at_once_lose_nothing_and_keep_nothing_twice(made: Settings) -> None:
    command = [sys.executable, "-c", WRITER, str(made.corpus), str(made.library)]
    writers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    refused = [int(writer.communicate()[0]) for writer in writers]
    questions, complaints = prepared_questions(made.corpus)
    assert complaints == []
    assert sorted(one.question for one in questions) == sorted(f"Question {number}?" for number in range(MANY))
    assert len(staff_questions(made.corpus).questions()) == MANY
    assert sum(refused) == MANY  # of two that keep the same question one is told so


def test_what_is_proposed_waits_where_no_ingest_looks(made: Settings, tmp_path: Path) -> None:
    waiting = proposed_questions(tmp_path / "state")
    assert waiting.questions() == []
    waiting.remove(KEPT)
    waiting.add([KEPT, replace(KEPT, question="Who may serve?")])
    assert not ingest(made).switched
    waiting.remove(KEPT)
    assert [one.question for one in waiting.questions()] == ["Who may serve?"]
