"""The Chroma collection of a generation: nearest passages by vector. The only place that knows Chroma.

It is derived: the catalogue holds every vector. Chroma writes to its folder when it only reads, can lose what was
added last (chroma #6975), and can leave an index that no later process reads (#7090). So each opening counts, and
searches for passages that should be found; whoever finds it wrong builds it again, beside the old one, under a new
name: Chroma remembers the folders that failed for as long as the process lives.
"""

import os
import shutil
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.types import Where

COLLECTION = "passages"
# Nearer than this, two passages are near copies, and either may come first: the index is approximate, and among
# hundreds of them (a form of 500 pages) it does not find each by its own vector.
NEAR_COPY = 0.02
# Of the passages searched for, so many may be lost without the index being damaged: where one document has hundreds of
# near copies, an index of this kind loses some of the rest. Words and sentences find them still.
MOST_LOST = 0.05
_HNSW: "CreateHNSWConfiguration" = {
    "space": "cosine",
    # With 32, 200 and 400, 572 near copies in one document made 73 passages of 1,344 unfindable; with these none.
    "max_neighbors": 64,
    "ef_construction": 800,
    "ef_search": 1000,
    # Everything is on disk after each `add`: what waits in Chroma's log is indexed anew by every process that
    # opens the collection, and has been lost (#6975).
    "sync_threshold": 2,
    "batch_size": 2,
}
_BATCH = 5000  # Chroma takes 5,461 at once
_QUERIES = 100  # asked at once when proving

Row = tuple[str, str, NDArray[np.float32]]  # passage id, source, vector of unit length


class IndexDamaged(Exception):
    """The collection cannot be opened, read or written, or does not hold what the catalogue holds."""


class VectorIndex:
    """An open collection. Methods raise IndexDamaged when Chroma fails. Close it after use: a closed one is dead."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        import chromadb
        from chromadb.config import Settings

        with _telling():
            client = chromadb.PersistentClient(folder, Settings(anonymized_telemetry=False))
            self._client = cast("Client", client)
        try:
            with _telling():
                if create:
                    self._client.create_collection(COLLECTION, embedding_function=None, configuration={"hnsw": _HNSW})
                self._collection = self._client.get_collection(COLLECTION, embedding_function=None)
        except IndexDamaged:
            self.close()
            raise

    def close(self) -> None:
        self._client.close()

    def count(self) -> int:
        with _telling():
            return self._collection.count()

    def add(self, rows: Iterable[Row]) -> None:
        """Add passages that are not there yet."""
        left = iter(rows)
        while batch := list(islice(left, _BATCH)):
            with _telling():
                self._collection.add(
                    ids=[passage for passage, _, _ in batch],
                    embeddings=np.stack([vector for _, _, vector in batch]),
                    metadatas=[{"source": source} for _, source, _ in batch],
                )

    def remove(self, passages: Iterable[str]) -> None:
        """Take passages out, by id."""
        left = iter(passages)
        while batch := list(islice(left, _BATCH)):
            with _telling():
                self._collection.delete(ids=batch)

    def nearest(
        self, vector: NDArray[np.float32], k: int, sources: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """The k nearest passages as (id, cosine), best first, of these sources only. Ties go by id."""
        if k < 1 or (sources is not None and not sources):
            return []
        with _telling():
            found = self._collection.query(
                query_embeddings=vector.reshape(1, -1),
                n_results=k,
                where=None if sources is None else _within(sources),
                include=["distances"],
            )
        distances = found["distances"] or [[]]
        cosines = [round(1.0 - distance, 6) for distance in distances[0]]
        return sorted(zip(found["ids"][0], cosines, strict=True), key=lambda hit: (-hit[1], hit[0]))

    def lost(self, rows: Iterable[Row]) -> Iterator[str]:
        """The ids of those passages that their own vector does not find first, near copies apart."""
        left = iter(rows)
        while batch := list(islice(left, _QUERIES)):
            with _telling():
                found = self._collection.query(
                    query_embeddings=np.stack([vector for _, _, vector in batch]), n_results=1, include=[]
                )
            for (passage, _, vector), first in zip(batch, found["ids"], strict=True):
                if first != [passage] and not self._is_a_copy(first[0] if first else "", passage, vector):
                    yield passage

    def _is_a_copy(self, first: str, passage: str, vector: NDArray[np.float32]) -> bool:
        """Whether the passage found in the place of another is a near copy: both have nearly this vector."""
        with _telling():
            held = self._collection.get(ids=[first, passage], include=["embeddings"])["embeddings"]
        if held is None or len(held) != 2:
            return False
        vectors = np.asarray(held, np.float32)
        cosines = vectors @ vector / (np.linalg.norm(vectors, axis=1) * np.linalg.norm(vector))
        return bool((1 - cosines < NEAR_COPY).all())

    def prove(self, count: int, probes: Sequence[Row]) -> None:
        """Raise IndexDamaged unless the collection holds `count` passages and finds the probes, but for `MOST_LOST`."""
        if (found := self.count()) != count:
            raise IndexDamaged(f"it holds {found} passages, the catalogue {count}")
        if len(missing := list(self.lost(probes))) > MOST_LOST * len(probes):
            raise IndexDamaged(f"it does not find passage {missing[0]}")


def _within(sources: Collection[str]) -> "Where":
    """Chroma's condition for passages of these sources."""
    return cast("Where", {"source": {"$in": sorted(sources)}})


def open_index(generation: Path, count: int, probes: Sequence[Row]) -> VectorIndex:
    """Open the collection of a generation, which must hold `count` passages and find the probes."""
    folder = _folders(generation)[-1:]
    if not folder or not (folder[0] / "chroma.sqlite3").is_file():
        raise IndexDamaged("it is not there")  # Chroma would make an empty one
    index = VectorIndex(folder[0])
    try:
        index.prove(count, probes)
    except IndexDamaged:
        index.close()
        raise
    return index


def build_index(generation: Path, rows: Iterable[Row]) -> None:
    """Make the collection of a generation, in place of any that is there. Readers of the old one notice."""
    old = _folders(generation)
    building = generation / f".chroma-{time.time_ns()}"
    index = VectorIndex(building, create=True)
    try:
        index.add(rows)
    finally:
        index.close()
    building.rename(generation / (f"chroma-{_number(old[-1]) + 1}" if old else "chroma"))
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)


def copy_index(previous: Path, generation: Path, removed: Iterable[str], added: Iterable[Row]) -> None:
    """Make the collection of a generation from that of the one before and what has changed."""
    folders = _folders(previous)
    if not folders:
        raise IndexDamaged("it is not there")
    shutil.copytree(folders[-1], generation / "chroma")
    index = VectorIndex(generation / "chroma")
    try:
        index.remove(removed)
        index.add(added)
    finally:
        index.close()


def _folders(generation: Path) -> list[Path]:
    """The folders of a generation's collection, the newest last."""
    return sorted((path for path in generation.glob("chroma*") if path.is_dir()), key=_number)


def _number(folder: Path) -> int:
    return int(folder.name.partition("-")[2] or 0)


@contextmanager
def _telling() -> Iterator[None]:
    """Turns whatever Chroma throws into IndexDamaged."""
    try:
        yield
    except IndexDamaged:
        raise
    except Exception as error:  # of many kinds, ValueError and AttributeError among them
        raise IndexDamaged(str(error)) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # its Rust part gave up
            raise IndexDamaged(str(error)) from error
        raise
