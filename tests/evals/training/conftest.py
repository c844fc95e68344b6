"""What is trained on, in small: a few questions of every public set, encoded once."""

import gzip
import json
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.settings import Settings
from evals.training.reader_data import LEFT_OUT, TRAIN, Example, load

TOPICS = {
    "Vetting": ("Vetting checks the past of officers.", "It takes place before they are hired.", "Boards decide."),
    "Customs": ("Customs officers watch goods at the border.", "They collect duties.", "Goods wait in sheds."),
    "Prisons": ("Prisons hold people after a sentence.", "Guards are trained for a year.", "Visits are on Sunday."),
    "Courts": ("Courts hear cases in public.", "Judges are named by a council.", "An appeal takes a month."),
}


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Public sets in small: of every set the same four questions, over the same four passages."""
    folder = tmp_path_factory.mktemp("qa")
    rows = [
        {
            "group": title,
            "title": title,
            "question": f"What do we know of {title.lower()}?",
            "sentences": sentences,
            "labels": [1, 0, 0],
            "answers": [],
        }
        for title, sentences in TOPICS.items()
    ]
    for name in (*TRAIN, *LEFT_OUT):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as lines:
            lines.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


@pytest.fixture(scope="session")
def examples(
    data: Path, asked_settings: Settings, assistant: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> list[Example]:
    cache = tmp_path_factory.mktemp("cache")
    return load(data, asked_settings.library, cache, assistant.encoder, limit=None)
