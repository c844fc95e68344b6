"""One generation, open for reading: its catalogue, its sentence matrix, its Chroma collection.

It closes when nobody holds it any more: a question that began with it ends with it, whatever has become current
since, and no handle is used after it was closed.
"""

import logging
import os
import shutil
import tempfile
import threading
import weakref
from collections.abc import Collection, Mapping
from contextlib import ExitStack, nullcontext, suppress
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import LibraryError
from assistant.library.acronyms import most_frequent
from assistant.library.catalogue import Catalogue
from assistant.library.entries import DocumentInfo
from assistant.library.generations import DIGESTED, Generations, Manifest
from assistant.library.sentence_matrix import SentenceMatrix
from assistant.library.vectors import IndexDamaged, VectorIndex, build_index, open_index
from assistant.records import PreparedPlace

logger = logging.getLogger(__name__)
_PROBES = 20  # passages that are searched for when the collection is opened


class OpenGeneration:
    """A generation that is being read; may be used by several threads at once. `close` closes it now."""

    def __init__(self, generations: Generations, name: str) -> None:
        """Open a generation. Raises LibraryError (NoLibrary when it is gone, LibraryMismatch when another version
        made it)."""
        self.name = name
        self._generations = generations
        self._folder = generations.folder(name)
        self._mutex = threading.Lock()
        self._index: VectorIndex | None = None
        with ExitStack() as stack:
            if lock := generations.lock_for_reading(name):
                stack.callback(lock.close)
            self.manifest = Manifest.read(self._folder)
            self.catalogue = Catalogue.open(self._folder / "catalogue.sqlite")
            stack.callback(self.catalogue.close)
            self._opened = stack.pop_all()
        self.close = weakref.finalize(self, self._opened.close)

    def nearest(self, vector: NDArray[np.float32], k: int, sources: Collection[str] | None) -> list[tuple[str, float]]:
        """The k nearest passages as (id, cosine), best first. A collection that fails is made again, once."""
        k = min(k, self.manifest.counts["passages"])
        try:
            return self._found(vector, k, sources)
        except IndexDamaged as error:
            with self._mutex:
                self._index = None
            logger.warning("The vector index of generation %s failed: %s.", self.name, error)
        try:
            return self._found(vector, k, sources)
        except IndexDamaged as error:
            raise LibraryError(
                f"The vector index cannot be read ({error}). Run `python ingest.py --rebuild-vectors`."
            ) from error

    @cached_property
    def documents(self) -> tuple[DocumentInfo, ...]:
        """All documents, ordered by source; every question looks at them several times."""
        return tuple(self.catalogue.documents())

    @cached_property
    def acronyms(self) -> Mapping[str, tuple[str, ...]]:
        """Acronym -> expansions: as glossary.csv has them, then the one that documents introduce most often."""
        found: dict[str, dict[str, str]] = {}
        stated = [(entry.term, entry.expansion) for entry in self.catalogue.glossary()]
        for acronym, expansion in [*stated, *most_frequent(self.catalogue.introduced_acronyms()).items()]:
            if expansion:
                found.setdefault(acronym, {}).setdefault(expansion.casefold(), expansion)
        return {acronym: tuple(expansions.values()) for acronym, expansions in found.items()}

    def nearest_sentences(
        self, vector: NDArray[np.float32], k: int, sources: Collection[str] | None
    ) -> list[tuple[str, int, float]]:
        """The k nearest sentences as (passage id, place of the sentence in it, cosine), best first."""
        return self._sentences.nearest(vector, k, sources)

    def nearest_questions(self, vector: NDArray[np.float32], k: int) -> list[tuple[PreparedPlace, float]]:
        """The k nearest prepared questions, with their cosines, best first."""
        places, vectors = self._questions
        cosines = vectors @ vector
        order = np.argsort(-cosines, kind="stable")[:k]
        return [(places[i], round(float(cosines[i]), 6)) for i in order]

    @cached_property
    def _questions(self) -> tuple[list[PreparedPlace], NDArray[np.float32]]:
        """Prepared questions with their vectors, row by row."""
        stored = b"".join(self.catalogue.question_vectors().values())
        return self.catalogue.prepared_places(), np.frombuffer(stored, np.float32).reshape(-1, self.manifest.dimension)

    @cached_property
    def _sentences(self) -> "_Sentences":
        return _Sentences(self.catalogue, SentenceMatrix(self._folder / "sentences.npy"))

    def _found(self, vector: NDArray[np.float32], k: int, sources: Collection[str] | None) -> list[tuple[str, float]]:
        hits = self._index_in_use().nearest(vector, k, sources)
        if sources is None and len(hits) < k:  # Chroma says nothing when its files are taken from under it
            raise IndexDamaged(f"it finds {len(hits)} passages where {k} are asked for")
        return hits

    def _index_in_use(self) -> VectorIndex:
        with self._mutex:
            if self._index is None:
                self._index = self._open_index()
                self._opened.callback(self._index.close)
            return self._index

    def _open_index(self) -> VectorIndex:
        """Open the collection; where it is not right, make it again from the catalogue."""
        count, probes = self.manifest.counts["passages"], self.catalogue.some_vectors(_PROBES)
        writable = os.access(self._folder, os.W_OK)
        folder = self._folder if writable else self._copy_to_write_to
        with suppress(IndexDamaged):
            return open_index(folder, count, probes)
        with self._generations.rebuilding(self.name) if writable else nullcontext():
            try:
                return open_index(folder, count, probes)  # another process may have made it meanwhile
            except IndexDamaged as error:
                build_index(folder, self.catalogue.all_vectors())
                logger.warning("The vector index of generation %s was made again: %s.", self.name, error)
            return open_index(folder, count, probes)

    @cached_property
    def _copy_to_write_to(self) -> Path:
        """A copy of the collection of a library on a read-only disk: Chroma writes even when it reads."""
        copy = self._opened.enter_context(tempfile.TemporaryDirectory(prefix="ssr-vectors-"))
        with suppress(OSError):
            leave_out = shutil.ignore_patterns(*DIGESTED, "manifest.json")
            shutil.copytree(self._folder, copy, ignore=leave_out, dirs_exist_ok=True)
        return Path(copy)


class _Sentences:
    """The sentence matrix with the place of each row."""

    def __init__(self, catalogue: Catalogue, matrix: SentenceMatrix) -> None:
        self._matrix = matrix
        places = catalogue.passage_places()
        counts = np.array([count for _, _, _, count in places], np.int64)
        self._keys = [key for _, key, _, _ in places]
        self._sources = np.array([source for _, _, source, _ in places], object)
        self._passage = np.repeat(np.arange(len(places)), counts)  # of each row
        self._first = np.cumsum(counts) - counts  # row of each passage

    def nearest(
        self, vector: NDArray[np.float32], k: int, sources: Collection[str] | None
    ) -> list[tuple[str, int, float]]:
        cosines = self._matrix.cosines(vector)
        if sources is not None:
            wanted = np.isin(self._sources, list(sources))
            cosines = np.where(wanted[self._passage], cosines, -np.inf)
        k = min(k, int(np.isfinite(cosines).sum()))
        if k < 1:
            return []
        limit = np.partition(cosines, -k)[-k]
        rows = np.flatnonzero(cosines >= limit)
        hits = [self._hit(int(row), float(cosines[row])) for row in rows]
        return sorted(hits, key=lambda hit: (-hit[2], hit[0], hit[1]))[:k]

    def _hit(self, row: int, cosine: float) -> tuple[str, int, float]:
        passage = int(self._passage[row])
        return self._keys[passage], row - int(self._first[passage]), round(cosine, 6)
