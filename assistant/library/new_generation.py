"""A generation in the making: documents come in one by one, passages are embedded many at a time.

A file costs itself alone, whatever is wrong with it: what cannot be taken in whole is refused whole.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from assistant.encoder import Encoder, PassageInput
from assistant.errors import AssistantError
from assistant.late_interaction import LateInteraction
from assistant.library.acronyms import acronyms_in
from assistant.library.builder import CatalogueBuilder
from assistant.library.catalogue import Catalogue, VectorRow, text_digest
from assistant.library.checking import broken_law_of_document, broken_law_of_passages
from assistant.library.corpus import Descriptions, GlossaryEntry, merged
from assistant.library.entries import Duplicate
from assistant.library.generations import DIGESTED, Generations, Manifest, digest_of
from assistant.library.planning import Versions
from assistant.library.prepared import PreparedQuestion, find_quote
from assistant.library.reading_ahead import ReadFile
from assistant.library.schema import SCHEMA_VERSION
from assistant.library.sentence_matrix import write_matrix
from assistant.library.vectors import IndexDamaged, Row, build_index, copy_index, open_index
from assistant.passages import embedded_text, split_into_passages
from assistant.records import Document, Metadata, Passage, Refusal

EMBEDDED_AT_ONCE = 256  # passages: enough to sort them by length, few enough to see progress
_MOST_INDEX_CHANGES = 0.2  # of the collection: beyond, it is built anew, for HNSW keeps what is deleted in its graph
_COUNTS_KEPT = 10_000  # texts whose word pieces have been counted: titles and headings come again and again
_PROBES = 200  # passages that are searched for in a changed copy of the collection


class Previous:
    """The generation that a new one starts from."""

    def __init__(self, generations: Generations, *, to_upgrade: bool = False) -> None:
        """Open the current generation; with `to_upgrade` also one that an older version made. Raises NoLibrary, or
        LibraryError when it cannot be used."""
        self.generation = generations.current()
        self.folder = generations.folder(self.generation)
        self.manifest = Manifest.read(self.folder, to_upgrade=to_upgrade)
        self.catalogue = Catalogue.open(self.folder / "catalogue.sqlite", to_upgrade=to_upgrade)

    def close(self) -> None:
        self.catalogue.close()


class NewGeneration:
    """Made in `folder`; `finish` makes it whole. `passages` counts those that have been embedded."""

    def __init__(
        self,
        folder: Path,
        generations: Generations,
        previous: Previous | None,
        encoder: Encoder,
        versions: Versions,
        descriptions: Descriptions,
    ) -> None:
        self.folder = folder
        self._generations = generations
        self._previous = previous
        self._encoder = encoder
        self._versions = versions
        self._descriptions = descriptions
        self._count_tokens = lru_cache(_COUNTS_KEPT)(encoder.count_tokens)
        self._late = LateInteraction.of(encoder)
        self._waiting: list[tuple[str, bytes, PassageInput]] = []
        self.passages = 0
        copied = previous.folder / "catalogue.sqlite" if previous else None
        self._builder = CatalogueBuilder.start(self.folder / "catalogue.sqlite", copied)

    @property
    def catalogue(self) -> Catalogue:
        """What has been filed so far."""
        return self._builder

    def withdraw(self, source: str) -> None:
        """Take a source out."""
        self._builder.remove(source)

    def split_again(self, source: str) -> None:
        """Make the passages of a stored document anew, from its stored text."""
        document = self._builder.document(source)
        metadata = merged(self._descriptions.metadata.get(source), document.metadata)
        if refusal := self._guarded(document, lambda: self._file_passages(document, metadata)):
            self._builder.remove(source)
            self._builder.add_refusal(refusal, self._versions.reads_as(refusal.format))
        self._embed_many()

    def take(self, read: ReadFile, still_to_read: set[str]) -> None:
        """File what became of a file. Twins among `still_to_read` do not count: they may change."""
        result = read.result
        if isinstance(result, Document):
            document = result
            refusal = self._guarded(document, lambda: self._file(document, still_to_read))
        else:
            refusal = result
        if refusal:
            self._builder.add_refusal(refusal, self._versions.reads_as(refusal.format))
        self._embed_many()

    def set_glossary(self, entries: Sequence[GlossaryEntry]) -> None:
        self._builder.set_glossary(entries)

    def set_questions(self, questions: Sequence[PreparedQuestion]) -> None:
        """File the prepared questions with their places; call it when all documents are in."""
        held = set(self._builder.filed())
        wanted = {one.source for one in questions} & held
        texts = {source: self._builder.document(source).text for source in wanted}
        places = [find_quote(texts.get(one.source, ""), one.quote) for one in questions]
        same = self._with_same_vectors
        before = same.catalogue.question_vectors() if same else {}
        found = [one.question for one, place in zip(questions, places, strict=True) if place]
        new = [text for text in found if text not in before]
        vectors = before | {
            text: one.vector.tobytes() for text, one in zip(new, self._encoder.encode_queries(new), strict=True)
        }
        self._builder.set_questions(
            (one, place, vectors[one.question] if place else None) for one, place in zip(questions, places, strict=True)
        )

    def finish(self, changes: dict[str, int]) -> Manifest:
        """Embed what waits, write the files, describe them in the manifest."""
        self._embed()
        content = _content_digest(self._builder)
        counts = self._builder.counts()
        vectors = self._builder.all_sentence_vectors()
        write_matrix(self.folder / "sentences.npy", counts["sentences"], self._encoder.dimension, vectors)
        self._builder.finish()
        index_changes = self._make_index(counts["passages"])
        manifest = Manifest(
            generation=self._generations.next_id(content),
            previous=self._previous.generation if self._previous else None,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            layout=SCHEMA_VERSION,
            content=content,
            encoder=self._versions.encoder,
            precision=self._encoder.precision,
            dimension=self._encoder.dimension,
            reader_version=self._versions.readers[""],
            splitter_version=self._versions.splitter,
            chromadb_version=version("chromadb"),
            counts=counts,
            changes=changes,
            index_changes=index_changes,
            files={name: digest_of(self.folder / name) for name in DIGESTED},
        )
        manifest.write(self.folder)
        return manifest

    def digest_of_input(self, passage: Passage, title: str | None) -> bytes:
        """Digest of what the model reads of a passage."""
        return digest_of_input(passage, title, self._count_tokens, self._encoder.room)

    def _guarded(self, document: Document, file: Callable[[], None]) -> Refusal | None:
        """File a document as a whole, or say why not."""
        try:
            with self._builder.all_or_nothing():
                file()
        except (AssistantError, OSError, sqlite3.OperationalError):
            raise
        except Exception as error:  # noqa: BLE001  a stranger's file found a fault of ours: it must not cost the others
            name = PurePosixPath(document.source).name
            message = f"{name} could not be taken in ({error}). This is a fault of the assistant: please report it."
            return Refusal(document.source, document.sha256, "damaged", message, document.format)
        return None

    def _file(self, document: Document, still_to_read: set[str]) -> None:
        if law := broken_law_of_document(document):
            raise ValueError(law)
        version = self._versions.reads_as(document.format)
        twins = self._builder.twins(document.source, document.sha256, text_digest(document.text))
        twins = [(source, sha256) for source, sha256 in twins if source not in still_to_read]
        # The first in the alphabet stands for all, whichever came first: the same corpus gives the same library.
        if twins and twins[0][0] < document.source:
            self._builder.add_duplicate(Duplicate(document.source, document.sha256, twins[0][0], version))
            return
        metadata = merged(self._descriptions.metadata.get(document.source), document.metadata)
        self._builder.add_document(document, metadata, version, acronyms_in(document.text))
        for source, sha256 in twins:
            self._builder.add_duplicate(Duplicate(source, sha256, document.source, version))
        self._file_passages(document, metadata)

    def _file_passages(self, document: Document, metadata: Metadata) -> None:
        passages = split_into_passages(document, self._count_tokens, self._encoder.room)
        if law := broken_law_of_passages(document, passages):
            raise ValueError(law)
        inputs = [_input(passage, metadata.title, self._count_tokens, self._encoder.room) for passage in passages]
        digests = [_digest_of_input(text) for text in inputs]
        self._builder.add_passages(document.source, metadata, passages, digests, self._versions.splitter)
        self._waiting += zip((p.id for p in passages), digests, inputs, strict=True)

    def _embed_many(self) -> None:
        if len(self._waiting) >= EMBEDDED_AT_ONCE:
            self._embed()

    def _embed(self) -> None:
        """Give the waiting passages their vectors: those of the library before, where the model read the same."""
        known = self._known_vectors([digest for _, digest, _ in self._waiting])
        new = [entry for entry in self._waiting if entry[1] not in known]
        rows = [(key, *known[digest]) for key, digest, _ in self._waiting if digest in known]
        if new:
            inputs = [text for _, _, text in new]
            encoded = self._encoder.encode_passages(inputs)
            rows += [
                (key, vector.tobytes(), sentences.tobytes(), *self._late.pieces(tokens, given).packed())
                for (key, _, given), vector, sentences, tokens in zip(
                    new, encoded.vectors, encoded.sentence_vectors, encoded.tokens, strict=True
                )
            ]
        self._builder.add_vectors(rows)
        self.passages += len(self._waiting)
        self._waiting = []

    def _known_vectors(self, digests: Sequence[bytes]) -> dict[bytes, VectorRow]:
        same = self._with_same_vectors
        return same.catalogue.vectors_by_input(digests) if same else {}

    @property
    def _with_same_vectors(self) -> Previous | None:
        """The generation before, where its vectors can stand beside new ones."""
        same = self._previous and self._previous.manifest.encoder == self._versions.encoder
        return self._previous if same else None

    def _make_index(self, count: int) -> int:
        """Make the Chroma collection, from the one before where little has changed; how many changes it has seen."""
        catalogue = Catalogue.open(self.folder / "catalogue.sqlite")
        try:
            if (changes := self._copied_index(catalogue, count)) is not None:
                return changes
            build_index(self.folder, catalogue.all_vectors())
            return 0
        finally:
            catalogue.close()

    def _copied_index(self, catalogue: Catalogue, count: int) -> int | None:
        """The changes that the copy of the collection before has seen with these; None when there is no good copy."""
        previous = self._with_same_vectors
        if previous is None:
            return None
        before, now = previous.catalogue.inputs(), catalogue.inputs()
        removed = {key for key, digest in before.items() if now.get(key) != digest}
        added = {key for key, digest in now.items() if before.get(key) != digest}
        changes = previous.manifest.index_changes + len(removed) + len(added)
        if changes > _MOST_INDEX_CHANGES * count:
            return None
        rows: list[Row] = [row for row in catalogue.all_vectors() if row[0] in added]
        try:
            copy_index(previous.folder, self.folder, removed, rows)
            open_index(self.folder, count, rows[-_PROBES:]).close()
        except IndexDamaged:
            return None
        return changes


def digest_of_input(passage: Passage, title: str | None, count_tokens: Callable[[str], int], room: int) -> bytes:
    """Digest of what the model reads of a passage of a document with this title."""
    return _digest_of_input(_input(passage, title, count_tokens, room))


def _input(passage: Passage, title: str | None, count_tokens: Callable[[str], int], room: int) -> PassageInput:
    header, text = embedded_text(passage, title, count_tokens, room)
    sentences = tuple((s.start - passage.start, s.end - passage.start) for s in passage.sentences)
    return PassageInput(header, text, sentences)


def _digest_of_input(text: PassageInput) -> bytes:
    return hashlib.sha256(json.dumps([text.header, text.text, text.sentences]).encode()).digest()[:16]


def _content_digest(catalogue: Catalogue) -> str:
    """Digest of what the library holds: the documents and the glossary, in order."""
    glossary = [[entry.term, entry.expansion, entry.meaning, entry.document] for entry in catalogue.glossary()]
    return hashlib.sha256(json.dumps([catalogue.digests(), glossary]).encode()).hexdigest()
