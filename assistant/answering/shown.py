"""What a chat model is shown: the best passages, whole, or of each its best sentences where reading takes long."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answering.citations import one_line
from assistant.answering.orders import holds_orders
from assistant.records import Citation, Passage, Reading

if TYPE_CHECKING:
    from assistant.library import Library

_LEFT_OUT = "…"


@dataclass(frozen=True, slots=True)
class Room:
    """How much a model is shown: how many passages, and of the first and of each other at most how many characters."""

    passages: int
    first: int
    others: int


# About 2,000 tokens; and 600 for a model to which each token costs time.
MUCH, LITTLE = Room(passages=8, first=2000, others=2000), Room(passages=4, first=900, others=400)


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage and what the model reads of it."""

    passage: Passage
    text: str


def shown(readings: Sequence[Reading], quoted: Sequence[Citation], library: "Library", room: Room) -> list[Shown]:
    """The passages that are `quoted`, then the best of the others, as many as there is room for and none that gives
    orders to a model; of each the sentences that are quoted, then those that the reader scores best."""
    ids = dict.fromkeys([*(one.passage_id for one in quoted), *(reading.passage.id for reading in readings)])
    passages = library.passages(list(ids)[: 2 * room.passages])
    titles = {info.source: info.metadata.title for info in library.documents()}
    safe = [passage for passage in passages if not holds_orders(passage, titles[passage.source])]
    scores = {reading.passage.id: reading.sentence_scores for reading in readings}
    return [
        Shown(passage, _excerpt(passage, _worth(passage, scores, quoted), room.others if place else room.first))
        for place, passage in enumerate(safe[: room.passages])
    ]


def _worth(
    passage: Passage, scores: Mapping[str, Sequence[float]], quoted: Sequence[Citation]
) -> list[tuple[bool, float]]:
    """What speaks for each sentence; of a passage that the reader has not scored, its place."""
    quotes = [one_line(" ".join(s.text for s in one.spans)) for one in quoted if one.passage_id == passage.id]
    given = scores.get(passage.id) or [-float(place) for place in range(len(passage.sentences))]
    texts = [one_line(passage.sentence_text(sentence)) for sentence in passage.sentences]
    return [(any(text in quote for quote in quotes), score) for text, score in zip(texts, given, strict=True)]


def _excerpt(passage: Passage, worth: Sequence[tuple[bool, float]], most: int) -> str:
    """The best sentences in their order, with a mark for what is left out; at least one."""
    if len(passage.text) <= most:
        return passage.text
    lengths = [sentence.end - sentence.start for sentence in passage.sentences]
    taken: set[int] = set()
    for index in sorted(range(len(lengths)), key=lambda index: worth[index], reverse=True):
        if not taken or sum(lengths[other] for other in taken) + lengths[index] <= most:
            taken.add(index)
    return _joined(passage, taken)


def _joined(passage: Passage, taken: Collection[int]) -> str:
    parts: list[str] = []
    for index in sorted(taken):
        sentence = passage.sentences[index]
        parts.append("\n" if sentence.kind in ("item", "table") else " ")
        parts.append("" if not index or index - 1 in taken else f"{_LEFT_OUT} ")
        parts.append(one_line(passage.sentence_text(sentence)))
    return "".join(parts).strip()
