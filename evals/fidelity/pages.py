"""Each page of a sample compared: what tesseract saw on it, what our reader stored of it, and what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from tqdm import tqdm

from assistant.reading.isolation import ReadingWorker
from assistant.records import Document, Refusal
from assistant.settings import Settings
from evals.fidelity.comparing import Comparison, compare
from evals.fidelity.furniture import furniture
from evals.fidelity.readings import Reading, Readings
from evals.fidelity.sampling import Place
from evals.fidelity.sides import Stored, seen_side, stored_side

FEWEST_WORDS = 20  # that tesseract is sure of and that count: with fewer, a page is undefined (maps, covers)
LEAST_SURE = 0.5  # of the words on a page: with less, tesseract cannot read it (another script, turned text)
MOST_WORDS = 20_000  # on either side; no page that is read has so many, and comparing them takes too long

State = Literal["compared", "refused", "not drawn", "few words", "too many words"]


@dataclass(frozen=True, slots=True)
class ComparedPage:
    """A page and what became of it; all but `place` and `state` are None where it was not compared.

    `left_out`: the lines by number that count as furniture, with what they say.
    """

    place: Place
    state: State
    reading: Reading | None = None
    left_out: dict[int, str] | None = None
    stored: Stored | None = None
    comparison: Comparison | None = None


def compare_pages(places: Sequence[Place], readings: Readings, settings: Settings) -> list[ComparedPage]:
    """Read each document once, in the isolated reader, and compare the pages of the sample."""
    by_source = [(source, list(of_source)) for source, of_source in groupby(places, lambda place: place.source)]
    pages: list[ComparedPage] = []
    with ReadingWorker(settings.read_timeout_s, settings.read_memory_mb, settings.max_file_mb) as worker:
        for source, of_source in tqdm(by_source, unit="document", desc="comparing"):
            document = worker.read(source.path, source.name)
            pages += [_compared(place, readings.of(place), document) for place in of_source]
    return pages


def _compared(place: Place, reading: Reading | None, document: Document | Refusal) -> ComparedPage:
    if isinstance(document, Refusal):
        return ComparedPage(place, "refused")
    if reading is None:
        return ComparedPage(place, "not drawn")
    left_out = furniture(reading, place.page)
    page = next((page for page in document.pages if page.number == place.page), None)
    stored = stored_side(document, page) if page else Stored()
    seen = seen_side(reading.words, left_out, stored)
    if max(len(seen), len(stored.tokens)) > MOST_WORDS:
        return ComparedPage(place, "too many words")
    sure = sum(word.is_sure for word in reading.words)
    if sum(token.counted for token in seen) < FEWEST_WORDS or sure < LEAST_SURE * len(reading.words):
        return ComparedPage(place, "few words")
    return ComparedPage(place, "compared", reading, left_out, stored, compare(seen, stored.tokens))
