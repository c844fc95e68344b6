"""What the assistant knows: the current generation of a library, read only.

Opening is cheap: no model is loaded, and Chroma only for the first search by vector.
"""

import logging
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from assistant.errors import LibraryError, NoLibrary
from assistant.late_interaction import Pieces
from assistant.library.corpus import GlossaryEntry
from assistant.library.entries import DocumentInfo, Duplicate, Heading, StoredPage
from assistant.library.generations import Generations, Manifest
from assistant.library.open_generation import OpenGeneration
from assistant.library.prepared import PreparedQuestion
from assistant.records import Document, Filters, Metadata, Note, Passage, PreparedPlace, Refusal

__all__ = ["DocumentInfo", "Duplicate", "GlossaryEntry", "Heading", "Library", "Manifest", "StoredPage"]

logger = logging.getLogger(__name__)
_ATTEMPTS = 3  # a generation can be pruned between looking up its name and opening it


class Library:
    """The library in a folder; may be used by several threads at once.

    Each thread keeps to one generation until it calls `refresh`, so that a question is answered from one state of
    the library, even when an ingest switches to another meanwhile. Call it before each question.

    >>> with Library.open(Path("library")) as library:      # doctest: +SKIP
    ...     library.full_text(["vetting"], 3)
    [('3f1c...', 7.1), ('a204...', 6.8), ('77be...', 6.6)]
    """

    def __init__(self, folder: Path) -> None:
        self._generations = Generations(folder)
        self._mutex = threading.Lock()
        self._pinned = threading.local()
        self._stamp = self._generations.stamp()
        self._newest = self._open_current()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the current generation. Raises NoLibrary when there is none, LibraryMismatch when another version
        made it, LibraryError when it cannot be read."""
        return cls(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the library: no thread may use it any more."""
        self._here.close()
        self._newest.close()

    def refresh(self) -> bool:
        """Move this thread to the newest generation, at the cost of one stat; whether that changed anything. A
        generation that cannot be opened is passed over: the one before goes on serving."""
        before = self._here
        stamp = self._generations.stamp()
        if stamp != self._stamp and stamp is not None:
            with self._mutex:
                self._stamp = stamp
                try:
                    if self._generations.current() != self._newest.name:
                        self._newest = self._open_current()
                except LibraryError as error:
                    logger.warning("The library stays at generation %s: %s", self._newest.name, error)
        self._pinned.generation = self._newest
        return self._here is not before

    @property
    def generation(self) -> str:
        """The id of the generation that this thread reads."""
        return self._here.name

    @property
    def manifest(self) -> Manifest:
        """What the generation was made of: counts, versions, `encoder` and `precision` of the model."""
        return self._here.manifest

    # Documents

    def documents(self) -> list[DocumentInfo]:
        """All documents, ordered by source."""
        return list(self._here.documents)

    def document(self, source: str) -> DocumentInfo:
        """One document. Raises KeyError."""
        return self._here.catalogue.document_info(source)

    def full_document(self, source: str) -> Document:
        """A document as it was read: text, pages, blocks, notes. Raises KeyError."""
        return self._here.catalogue.document(source)

    def notes_of(self, passage: str) -> tuple[Note, ...]:
        """The footnotes and endnotes whose marks stand in the passage with this id, in order."""
        return self._here.catalogue.notes_of(passage)

    def page(self, source: str, number: int) -> StoredPage:
        """A page with its boxes and notes. Raises KeyError when there is no such document or page."""
        return self._here.catalogue.page(source, number)

    def outline(self, source: str) -> tuple[Heading, ...]:
        """The headings of a document, in order. Raises KeyError."""
        return self._here.catalogue.outline(source)

    def refusals(self) -> list[Refusal]:
        """The files of the corpus that could not be read, ordered by source."""
        return [refusal for refusal, _ in self._here.catalogue.refusals()]

    def duplicates(self) -> list[Duplicate]:
        """The files of the corpus that say the same as a document, ordered by source."""
        return self._here.catalogue.duplicates()

    # Passages

    def passages(self, ids: Iterable[str]) -> list[Passage]:
        """The passages with these ids, in the order given. Raises KeyError when one is not there."""
        return self._here.catalogue.passages(ids)

    def passages_of(self, source: str) -> list[Passage]:
        """All passages of a document, in order. Raises KeyError."""
        return self._here.catalogue.passages_of(source)

    def vectors(self, ids: Iterable[str]) -> dict[str, NDArray[np.float32]]:
        """By passage id, its vector: float32 array of shape (dimension,), of unit length."""
        return self._here.catalogue.vectors(ids)

    def sentence_vectors(self, ids: Iterable[str]) -> dict[str, NDArray[np.float16]]:
        """By passage id, the vectors of its sentences: float16 array of shape (n_sentences, dimension), rows of unit
        length (zeros for a sentence without words)."""
        return self._here.catalogue.sentence_vectors(ids)

    def pieces(self, ids: Iterable[str]) -> dict[str, Pieces]:
        """By passage id, its word pieces for late interaction."""
        return self._here.catalogue.pieces(ids)

    # Searching

    def prepared_questions(self) -> list[PreparedQuestion]:
        """The prepared questions, as the corpus had them at the last ingest and in its order."""
        return self._here.catalogue.prepared_questions()

    def prepared_places(self) -> list[PreparedPlace]:
        """Where those of them lead whose quote stands in a document."""
        return self._here.catalogue.prepared_places()

    def nearest_questions(self, vector: NDArray[np.float32], k: int) -> list[tuple[PreparedPlace, float]]:
        """The k prepared questions nearest to a question's vector, with their cosines, best first; exact."""
        return self._here.nearest_questions(vector, k)

    def nearest(
        self, vector: NDArray[np.float32], k: int, sources: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """The k passages nearest to a vector of unit length, as (id, cosine), best first; within `sources` if given."""
        return self._here.nearest(vector, k, sources)

    def nearest_sentences(
        self, vector: NDArray[np.float32], k: int, sources: Collection[str] | None = None
    ) -> list[tuple[str, int, float]]:
        """The k nearest sentences, as (passage id, place of the sentence in it, cosine), best first; exact."""
        return self._here.nearest_sentences(vector, k, sources)

    def full_text(
        self, match: Sequence[str], k: int, sources: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """The k best passages for words and phrases (terms with spaces), any of them, by BM25 over title, heading,
        text and notes: (id, score), higher is better."""
        return self._here.catalogue.full_text(match, k, sources)

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """For each word or phrase, in how many passages it stands, in any form that `full_text` finds."""
        return self._here.catalogue.frequencies(terms)

    def select(self, filters: Filters) -> frozenset[str] | None:
        """The sources that the filters let through; None when there is no filter. Capitals do not matter."""
        if filters == Filters():
            return None
        return frozenset(info.source for info in self.documents() if _passes(info.metadata, filters))

    # Words

    def glossary(self) -> list[GlossaryEntry]:
        """The entries of glossary.csv, in order."""
        return self._here.catalogue.glossary()

    def acronyms(self) -> Mapping[str, tuple[str, ...]]:
        """Acronym -> what it stands for: first as glossary.csv has it, then as the documents introduce it most
        often."""
        return self._here.acronyms

    def names(self) -> dict[str, tuple[str, ...]]:
        """The countries, missions and organisations that documents are about, under "country", "mission" and
        "organisation", each in order of the alphabet."""
        known = [info.metadata for info in self.documents()]
        return {
            "country": tuple(sorted({name for metadata in known for name in metadata.country})),
            "mission": tuple(sorted({name for metadata in known for name in metadata.mission})),
            "organisation": tuple(sorted({name for metadata in known for name in metadata.organisations})),
        }

    @property
    def _here(self) -> OpenGeneration:
        """The generation that this thread reads."""
        generation: OpenGeneration = getattr(self._pinned, "generation", self._newest)
        return generation

    def _open_current(self) -> OpenGeneration:
        for _ in range(_ATTEMPTS):
            try:
                return OpenGeneration(self._generations, self._generations.current())
            except NoLibrary as error:
                gone = error
        raise gone


def _passes(metadata: Metadata, filters: Filters) -> bool:
    """OR within a field, AND between fields; an unknown year is in no range."""
    year_fits = (filters.year_from is None and filters.year_to is None) or (
        metadata.year is not None
        and (filters.year_from is None or metadata.year >= filters.year_from)
        and (filters.year_to is None or metadata.year <= filters.year_to)
    )
    return (
        year_fits
        and _shares(filters.kind, (metadata.kind or "",))
        and _shares(filters.country, metadata.country)
        and _shares(filters.mission, metadata.mission)
        and _shares(filters.organisation, metadata.organisations)
    )


def _shares(wanted: tuple[str, ...], names: tuple[str, ...]) -> bool:
    return not wanted or not {name.casefold() for name in wanted}.isdisjoint(name.casefold() for name in names)
