"""How far a chat model's own "yes, the passages answer" can be trusted, measured on fifty shipped pairs.

Half of the pairs are a question and the passages that answer it, half a question that passages come near and do not
answer. The threshold below which a question is withheld is the highest that loses no more than one in twenty of the
first half. A model that does not tell the halves apart is not asked.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any

from assistant.answering.chat_model import ChatModel
from assistant.answering.prompts import answering
from assistant.answering.shown import Shown
from assistant.records import Metadata, Passage
from assistant.settings import Settings

PAIRS = Path(__file__).with_name("answerable_pairs.jsonl")
TOO_WEAK = 0.65  # told apart no better than this, the model's yes is worth less than the reader's score
_LOST = 0.05  # share of answerable questions that the threshold may withhold


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was measured of a model: the AUROC of its yes, the threshold, and seconds a question at the median."""

    told_apart: float
    threshold: float
    seconds: float

    @property
    def is_usable(self) -> bool:
        """Whether the model's yes tells answerable questions from others."""
        return self.told_apart > TOO_WEAK

    @property
    def in_words(self) -> str:
        """What was measured, and what follows."""
        found = f"it tells answerable questions from others with an AUROC of {self.told_apart:.2f}"
        if not self.is_usable:
            return f"{found}: too weak to be asked whether passages answer. Take a larger model."
        return f"{found}; below a yes of {self.threshold:.2f} a question is withheld"


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with the passages found for it, as a chat model is shown them."""

    question: str
    shown: tuple[Shown, ...]
    answerable: bool


def pairs() -> list[Pair]:
    """The shipped pairs."""
    return [_pair(json.loads(line)) for line in PAIRS.read_text("utf-8").splitlines()]


def calibrate(model: ChatModel, asked: Iterable[Pair]) -> Calibration | None:
    """Ask the model about each pair; None when its server does not tell how likely a word is. Raises ChatModelError."""
    said: list[tuple[float, bool]] = []
    spent: list[float] = []
    for pair in asked:
        start = monotonic()
        documents = {shown.passage.source: Metadata(title=shown.passage.source) for shown in pair.shown}
        asked_of = answering(pair.question, pair.shown, documents, may_decline=False)
        probability = model.probability_of_yes(asked_of.is_answered)
        if probability is None:
            return None
        spent.append(monotonic() - start)
        said.append((probability, pair.answerable))
    yes = sorted(probability for probability, answerable in said if answerable)
    no = [probability for probability, answerable in said if not answerable]
    above = sum((one > other) + (one == other) / 2 for one in yes for other in no)
    return Calibration(above / (len(yes) * len(no)), yes[int(_LOST * len(yes))], median(spent))


def kept(settings: Settings) -> Calibration | None:
    """What was measured of the model that the settings name; None where nothing was."""
    try:
        measured = json.loads(_file(settings).read_text("utf-8")).get(settings.chat_model)
    except (OSError, ValueError):
        return None
    return Calibration(**measured) if measured else None


def keep(settings: Settings, measured: Calibration) -> None:
    """Remember what was measured of the model that the settings name, beside what was measured of others."""
    file = _file(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        known = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        known = {}
    known[settings.chat_model] = asdict(measured)
    new = file.with_suffix(".new")
    new.write_text(json.dumps(known, indent=1) + "\n", "utf-8")
    new.replace(file)


def _file(settings: Settings) -> Path:
    return settings.state / "chat_models.json"


def _pair(row: Mapping[str, Any]) -> Pair:
    return Pair(row["question"], tuple(map(_shown, row["passages"])), row["answerable"])


def _shown(passage: Mapping[str, str]) -> Shown:
    text = passage["text"]
    return Shown(Passage("", passage["heading"], 0, len(text), text, ()), text)
