"""Writes a catalogue: a new one, or a copy of the one before with what has changed.

Nothing here need survive a crash: the file becomes part of the library only after it is finished, checked and
renamed, so it is written without a journal, and a failure throws it away.
"""

import hashlib
import json
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from assistant.library.catalogue import Catalogue, VectorRow, text_digest
from assistant.library.corpus import GlossaryEntry
from assistant.library.entries import Duplicate
from assistant.library.prepared import PreparedQuestion
from assistant.library.schema import (
    INDEX,
    PASSAGE_OF_NOTE,
    SCHEMA,
    SCHEMA_VERSION,
    UPGRADES,
    VECTORS,
    metadata_to_json,
    pack_boxes,
)
from assistant.records import Document, Metadata, Passage, Refusal


class CatalogueBuilder(Catalogue):
    """A catalogue that is being written. `start` begins one, `finish` makes the file whole."""

    @classmethod
    def start(cls, path: Path, previous: Path | None) -> "CatalogueBuilder":
        """Begin a catalogue at `path`, empty or as a copy of `previous`, which an older version may have made."""
        if previous is not None:
            shutil.copyfile(previous, path)
        connection = sqlite3.connect(path, isolation_level=None)
        connection.executescript("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;")
        connection.execute("PRAGMA cache_size = -65536")  # 64 MiB
        if previous is None:
            connection.executescript(
                f"PRAGMA page_size = 8192; {SCHEMA} {INDEX} {VECTORS} PRAGMA user_version = {SCHEMA_VERSION};"
            )
        elif upgrade := UPGRADES.get(connection.execute("PRAGMA user_version").fetchone()[0]):
            connection.executescript(upgrade)
        connection.execute("BEGIN")
        return cls(connection)

    def finish(self) -> None:
        """Write everything and close. Where a quarter or more of the file is left over, it is packed."""
        self._sql.execute("COMMIT")
        [free], [pages] = self._one("PRAGMA freelist_count"), self._one("PRAGMA page_count")
        if free * 4 > pages:
            self._sql.execute("VACUUM")
        self._sql.execute("PRAGMA journal_mode = DELETE")
        self.close()

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """What is written inside goes in as a whole, or not at all when an exception leaves it."""
        self._sql.execute("SAVEPOINT document")
        try:
            yield
        except BaseException:
            self._sql.execute("ROLLBACK TO document")
            raise
        finally:
            self._sql.execute("RELEASE document")

    def add_document(
        self, document: Document, metadata: Metadata, reader_version: str, acronyms: Mapping[tuple[str, str], int]
    ) -> None:
        """File a document without passages, in place of what stood under its source."""
        self.remove(document.source)
        added = self._sql.execute(
            "INSERT INTO documents (source, sha256, text_sha256, digest, title, symbol, metadata, own_metadata, "
            "warnings, reader_version, splitter_version) VALUES (?, ?, ?, '', ?, ?, ?, ?, ?, ?, '')",
            (
                document.source,
                document.sha256,
                text_digest(document.text),
                metadata.title,
                metadata.symbol,
                metadata_to_json(metadata),
                metadata_to_json(document.metadata),
                json.dumps(document.warnings, ensure_ascii=False),
                reader_version,
            ),
        )
        key = added.lastrowid
        self._sql.executemany(
            "INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    *(key, p.number, p.start, p.end, document.page_text(p), p.label, p.reader),
                    *(p.width, p.height, p.confidence, pack_boxes(p.boxes)),
                )
                for p in document.pages
            ),
        )
        self._sql.executemany(
            "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (key, position, b.kind, b.start, b.end, b.level, b.number, b.header_rows)
                for position, b in enumerate(document.blocks)
            ),
        )
        self._sql.executemany(
            "INSERT INTO notes VALUES (?, ?, ?, ?, ?, ?, NULL)",
            ((key, position, n.page, n.mark, n.text, n.anchor) for position, n in enumerate(document.notes)),
        )
        self._sql.executemany(
            "INSERT INTO acronyms VALUES (?, ?, ?, ?)",
            ((key, acronym, expansion, count) for (acronym, expansion), count in acronyms.items()),
        )

    def add_passages(
        self,
        source: str,
        metadata: Metadata,
        passages: Sequence[Passage],
        inputs: Sequence[bytes],
        splitter_version: str,
    ) -> None:
        """File the passages of a document that is filed, in place of those it had, with the digests of what the
        model reads of them; and the metadata, in place of what it had."""
        key = self._document_id(source)
        self._remove_passages(key)
        for passage, digest in zip(passages, inputs, strict=True):
            self._add_passage(key, passage, digest)
        self._sql.execute(f"{PASSAGE_OF_NOTE} WHERE document = ?", (key,))
        self._sql.execute(
            "UPDATE documents SET title = ?, symbol = ?, metadata = ?, splitter_version = ? WHERE id = ?",
            (metadata.title, metadata.symbol, metadata_to_json(metadata), splitter_version, key),
        )
        self._sql.execute("UPDATE documents SET digest = ? WHERE id = ?", (self._digest(source, metadata), key))
        self._sql.executemany(
            "INSERT INTO passage_index (rowid, title, heading, text, notes) VALUES (?, ?, ?, ?, ?)",
            self._index_rows(key),
        )

    def add_vectors(self, rows: Iterable[tuple[str, *VectorRow]]) -> None:
        """File vectors by passage id."""
        self._sql.executemany("INSERT INTO vectors SELECT id, ?2, ?3, ?4, ?5 FROM passages WHERE key = ?1", rows)

    def set_questions(self, rows: Iterable[tuple[PreparedQuestion, tuple[int, int] | None, bytes | None]]) -> None:
        """File the prepared questions in place of those before, each with its place and vector where it has one."""
        self._sql.execute("DELETE FROM questions")
        self._sql.executemany(
            "INSERT INTO questions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (position, q.question, q.language, q.source, q.quote, *(place or (None, None)), vector)
                for position, (q, place, vector) in enumerate(rows)
            ),
        )

    def remove(self, source: str) -> None:
        """Take a source out, whatever it is filed as."""
        for (key,) in self._all("SELECT id FROM documents WHERE source = ?", source):
            self._remove_passages(key)
            self._sql.execute("DELETE FROM documents WHERE id = ?", (key,))
        self.forget(source)

    def forget(self, source: str) -> None:
        """Take out what is remembered of a source besides the document: a refusal, a duplicate."""
        self._sql.execute("DELETE FROM refusals WHERE source = ?", (source,))
        self._sql.execute("DELETE FROM duplicates WHERE source = ?", (source,))

    def add_refusal(self, refusal: Refusal, reader_version: str) -> None:
        """Remember a refusal. A document that was filed under the source stays: it is the last version that could
        be read."""
        self.forget(refusal.source)
        self._sql.execute(
            "INSERT INTO refusals VALUES (?, ?, ?, ?, ?)",
            (refusal.source, refusal.sha256, refusal.reason, refusal.message, reader_version),
        )

    def add_duplicate(self, duplicate: Duplicate) -> None:
        """File a source as saying the same as a document, and point there what pointed to it."""
        self.remove(duplicate.source)
        self._sql.execute("UPDATE duplicates SET same_as = ? WHERE same_as = ?", (duplicate.same_as, duplicate.source))
        self._sql.execute(
            "INSERT INTO duplicates VALUES (?, ?, ?, ?)",
            (duplicate.source, duplicate.sha256, duplicate.same_as, duplicate.reader_version),
        )

    def twins(self, source: str, sha256: str, text_sha256: str) -> list[tuple[str, str]]:
        """(source, sha256) of the other documents with the same bytes or the same text, ordered by source."""
        return self._all(
            "SELECT source, sha256 FROM documents WHERE (sha256 = ? OR text_sha256 = ?) AND source != ? ORDER BY 1",
            sha256,
            text_sha256,
            source,
        )

    def set_glossary(self, entries: Sequence[GlossaryEntry]) -> None:
        self._sql.execute("DELETE FROM glossary")
        self._sql.executemany(
            "INSERT INTO glossary VALUES (?, ?, ?, ?, ?)",
            ((n, e.term, e.expansion, e.meaning, e.document) for n, e in enumerate(entries)),
        )

    def _add_passage(self, document: int, passage: Passage, digest: bytes) -> None:
        pages = [span.page for span in passage.spans]
        added = self._sql.execute(
            "INSERT INTO passages VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                passage.id,
                document,
                passage.start,
                passage.end,
                pages[0],
                pages[-1],
                json.dumps(passage.section, ensure_ascii=False),
                passage.paragraph,
                passage.context,
                " ".join([*passage.section, passage.context]),
                digest,
            ),
        )
        key = added.lastrowid
        self._sql.executemany(
            "INSERT INTO spans VALUES (?, ?, ?, ?, ?)",
            ((key, position, span.page, span.start, span.end) for position, span in enumerate(passage.spans)),
        )
        self._sql.executemany(
            "INSERT INTO sentences VALUES (?, ?, ?, ?, ?)",
            ((key, position, s.start, s.end, s.kind) for position, s in enumerate(passage.sentences)),
        )

    def _remove_passages(self, document: int) -> None:
        self._sql.executemany(
            "INSERT INTO passage_index (passage_index, rowid, title, heading, text, notes) "
            "VALUES ('delete', ?, ?, ?, ?, ?)",
            self._index_rows(document),
        )
        self._sql.execute("DELETE FROM passages WHERE document = ?", (document,))

    def _index_rows(self, document: int) -> list[tuple[int, str, str, str, str | None]]:
        """(row, title, heading, text, notes) of a document's passages, as the view `passage_texts` has them; each page
        is fetched once, where the view would fetch it for every passage."""
        [title, symbol] = self._one("SELECT title, symbol FROM documents WHERE id = ?", document)
        rows = self._all("SELECT key, id, heading FROM passages WHERE document = ?", document)
        filed = {key: (row, f"{title or ''} {symbol or ''}", heading) for key, row, heading in rows}
        noted = defaultdict[int, list[str]](list)
        for row, text in self._all("SELECT passage, text FROM notes WHERE document = ? ORDER BY position", document):
            noted[row].append(text)
        return [
            (*filed[passage.id], passage.text, "\n".join(noted[filed[passage.id][0]]) or None)
            for passage in self._passages("p.document = ?", document)
        ]

    def _digest(self, source: str, metadata: Metadata) -> str:
        """Digest of everything that is held of a document but vectors and boxes."""
        document = self.document(source)
        content = {
            "source": source,
            "sha256": document.sha256,
            "text": text_digest(document.text),
            "metadata": asdict(metadata),
            "pages": [(p.number, p.start, p.end, p.label, p.reader, p.width, p.height) for p in document.pages],
            "blocks": [(b.kind, b.start, b.end, b.level, b.number, b.header_rows) for b in document.blocks],
            "notes": [(n.page, n.mark, n.text, n.anchor) for n in document.notes],
            "warnings": document.warnings,
            "passages": [_described(passage) for passage in self.passages_of(source)],
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _described(passage: Passage) -> list[object]:
    return [
        passage.id,
        passage.section,
        passage.paragraph,
        passage.context,
        [(span.page, span.start, span.end) for span in passage.spans],
        [(sentence.start, sentence.end, sentence.kind) for sentence in passage.sentences],
    ]
