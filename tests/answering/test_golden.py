from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.library.indexing import ingest
from assistant.settings import Settings
from tests.answering.golden import TO_READ, given, of_corpus, rows

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shipped() -> Iterator[Assistant]:
    """Asks the library that `python ingest.py` makes of the shipped corpus, made here where it is missing or old."""
    settings = Settings(corpus=ROOT / "corpus", library=ROOT / "library", chat_model=None)
    ingest(settings)
    assistant = Assistant.open(settings)
    yield assistant
    assistant.library.close()


@pytest.mark.slow
def test_the_shipped_corpus_still_gives_the_answers_that_were_read(shipped: Assistant) -> None:
    reviewed = of_corpus()
    now = [given(row, shipped) for row in reviewed]
    assert now == [{"answer": row["answer"], "citations": row["citations"]} for row in reviewed]


def test_every_one_of_the_hundred_answers_was_read() -> None:
    assert len(rows()) == 100
    assert not [row["question"] for row in rows() if not row["judgement"] or row["judgement"].startswith(TO_READ)]
