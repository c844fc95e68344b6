"""The catalogue of a generation: everything the library holds, in one SQLite file that is only read.

It is opened as immutable, so that it can lie on a read-only disk and be copied while it serves. One `Catalogue`
may be used by several threads at once (SQLite is built to serialise them; `open` makes sure).
"""

import hashlib
import json
import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import LibraryError, LibraryMismatch
from assistant.late_interaction import Pieces
from assistant.library.corpus import GlossaryEntry
from assistant.library.entries import DocumentInfo, Duplicate, Filed, Heading, StoredPage
from assistant.library.prepared import PreparedQuestion
from assistant.library.schema import SCHEMA_VERSION, UPGRADES, metadata_from_json, unpack_boxes
from assistant.records import Block, Document, Note, Page, Passage, PreparedPlace, Refusal, Sentence, Span

# BM25 weights: a heading says in few words what its passages are about; a title stands in all of a document's.
WEIGHTS = {"title": 1.0, "heading": 2.0, "text": 1.0, "notes": 0.5}
# What is stored of a passage's vectors, each as bytes: its own, its sentences', its word pieces', their sentences.
VectorRow = tuple[bytes, bytes, bytes, bytes]


class Catalogue:
    """A catalogue, for reading. `Catalogue.open` opens one; close it after use."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    @classmethod
    def open(cls, path: Path, *, to_upgrade: bool = False) -> "Catalogue":
        """Open a finished catalogue. Raises LibraryMismatch when another version made it (with `to_upgrade`: one whose
        catalogue cannot be upgraded), LibraryError when it cannot be read."""
        if sqlite3.threadsafety != 3:
            raise LibraryError("This Python's SQLite cannot be shared by threads. Use another build of Python.")
        try:
            uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
            found = connection.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.Error as error:
            raise LibraryError(f"{path} cannot be read ({error}). Run `python ingest.py` to make it anew.") from error
        if found != SCHEMA_VERSION and not (to_upgrade and found in UPGRADES):
            connection.close()
            raise LibraryMismatch(
                f"{path} was made by another version of the assistant (layout {found}, not {SCHEMA_VERSION}). "
                "Run `python ingest.py` to make it anew."
            )
        return cls(connection)

    def close(self) -> None:
        self._sql.close()

    # Documents

    def documents(self) -> list[DocumentInfo]:
        """All documents, ordered by source."""
        return self._infos("ORDER BY d.source")

    def document_info(self, source: str) -> DocumentInfo:
        """One document. Raises KeyError."""
        [info] = self._infos("WHERE d.id = ?", self._document_id(source))
        return info

    def _infos(self, which: str, *arguments: object) -> list[DocumentInfo]:
        rows = self._all(
            "SELECT d.source, d.sha256, d.metadata, d.warnings, "  # noqa: S608  constants only
            "(SELECT count(*) FROM pages WHERE document = d.id), "
            "(SELECT json_group_array(number) FROM pages WHERE document = d.id AND text = ''), "
            f"(SELECT count(*) FROM passages WHERE document = d.id) FROM documents d {which}",
            *arguments,
        )
        return [
            DocumentInfo(
                source=source,
                sha256=sha256,
                metadata=metadata_from_json(metadata),
                pages=pages,
                pages_without_text=tuple(sorted(json.loads(empty))),
                passages=passages,
                warnings=tuple(json.loads(warnings)),
            )
            for source, sha256, metadata, warnings, pages, empty, passages in rows
        ]

    def document(self, source: str) -> Document:
        """A document as it was read, with the file's own metadata and without boxes. Raises KeyError."""
        key = self._document_id(source)
        sha256, own, warnings = self._one("SELECT sha256, own_metadata, warnings FROM documents WHERE id = ?", key)
        pages, texts = [], []
        for row in self._all(
            'SELECT number, start, "end", label, reader, width, height, confidence, text '
            "FROM pages WHERE document = ? ORDER BY number",
            key,
        ):
            number, start, end, label, reader, width, height, confidence, text = row
            pages.append(Page(number, start, end, label, reader, width, height, None, confidence))
            texts.append(text)
        blocks = self._all(
            'SELECT kind, start, "end", level, number, header_rows FROM blocks WHERE document = ? ORDER BY position',
            key,
        )
        return Document(
            source=source,
            sha256=sha256,
            text="\n".join(texts),
            pages=tuple(pages),
            blocks=tuple(Block(*row) for row in blocks),
            metadata=metadata_from_json(own),
            notes=self._notes(key),
            warnings=tuple(json.loads(warnings)),
        )

    def filed(self) -> dict[str, Filed]:
        """By source, what decides whether a document must be read or split again."""
        rows = self._all(
            "SELECT source, sha256, text_sha256, metadata, own_metadata, reader_version, splitter_version "
            "FROM documents ORDER BY source"
        )
        return {
            source: Filed(sha, text, metadata_from_json(metadata), metadata_from_json(own), reader, splitter)
            for source, sha, text, metadata, own, reader, splitter in rows
        }

    def page(self, source: str, number: int) -> StoredPage:
        """A page with its boxes and notes. Raises KeyError when there is no such document or page."""
        key = self._document_id(source)
        rows = self._all(
            "SELECT text, label, reader, width, height, confidence, boxes FROM pages WHERE document = ? AND number = ?",
            key,
            number,
        )
        if not rows:
            raise KeyError(f"{source} has no page {number}")
        text, label, reader, width, height, confidence, boxes = rows[0]
        notes = self._notes(key, number)
        return StoredPage(number, text, label, reader, width, height, confidence, unpack_boxes(boxes), notes)

    def outline(self, source: str) -> tuple[Heading, ...]:
        """The headings of a document, in order. Raises KeyError."""
        rows = self._all(
            'SELECT b.start - g.start, b.level, g.number, substr(g.text, b.start - g.start + 1, b."end" - b.start) '
            'FROM blocks b JOIN pages g ON g.document = b.document AND b.start >= g.start AND b.start < g."end" '
            "WHERE b.document = ? AND b.kind = 'heading' ORDER BY b.position",
            self._document_id(source),
        )
        return tuple(Heading(" ".join(title.split()), level, page, start) for start, level, page, title in rows)

    def refusals(self) -> list[tuple[Refusal, str]]:
        """Files that could not be read, each with the version of the reader that refused it, ordered by source."""
        rows = self._all("SELECT source, sha256, reason, message, reader_version FROM refusals ORDER BY source")
        return [
            (Refusal(source, sha256, reason, message), version) for source, sha256, reason, message, version in rows
        ]

    def duplicates(self) -> list[Duplicate]:
        """Files that say the same as a document of the library, ordered by source."""
        return [
            Duplicate(*row)
            for row in self._all("SELECT source, sha256, same_as, reader_version FROM duplicates ORDER BY source")
        ]

    def glossary(self) -> list[GlossaryEntry]:
        """The entries of glossary.csv, in order."""
        rows = self._all("SELECT term, expansion, meaning, document FROM glossary ORDER BY position")
        return [GlossaryEntry(*row) for row in rows]

    def introduced_acronyms(self) -> dict[tuple[str, str], int]:
        """How often each (acronym, expansion) is introduced in the documents."""
        rows = self._all("SELECT acronym, expansion, sum(count) FROM acronyms GROUP BY 1, 2")
        return {(acronym, expansion): count for acronym, expansion, count in rows}

    def text_digests(self) -> dict[str, str]:
        """By source, the digest that a document's text had when it was read."""
        return dict(self._all("SELECT source, text_sha256 FROM documents"))

    def digests(self) -> list[tuple[str, str]]:
        """(source, digest of its content) of all documents, ordered by source."""
        return self._all("SELECT source, digest FROM documents ORDER BY source")

    # Passages

    def passages(self, keys: Iterable[str]) -> list[Passage]:
        """The passages with these ids, in the order given. Raises KeyError when one is not there."""
        wanted = list(keys)
        found = {p.id: p for p in self._passages("p.key IN (SELECT value FROM json_each(?))", json.dumps(wanted))}
        return [found[key] for key in wanted]

    def passages_of(self, source: str) -> list[Passage]:
        """All passages of a document, in order. Raises KeyError."""
        return list(self._passages("p.document = ?", self._document_id(source)))

    def passage_places(self) -> list[tuple[int, str, str, int]]:
        """(row, id, source, number of sentences) of all passages, in the order of the sentence matrix."""
        return self._all(
            "SELECT p.id, p.key, d.source, (SELECT count(*) FROM sentences s WHERE s.passage = p.id) FROM vectors v "
            "JOIN passages p ON p.id = v.passage JOIN documents d ON d.id = p.document ORDER BY v.passage"
        )

    def vectors(self, keys: Iterable[str]) -> dict[str, NDArray[np.float32]]:
        """By passage id, its vector: float32 array of shape (dimension,), of unit length."""
        rows = self._vector_rows("v.vector", keys)
        return {key: np.frombuffer(blob, np.float32) for key, blob in rows}

    def sentence_vectors(self, keys: Iterable[str]) -> dict[str, NDArray[np.float16]]:
        """By passage id, the vectors of its sentences: float16 array of shape (n_sentences, dimension)."""
        rows = self._vector_rows("length(v.vector) / 4, v.sentences", keys)
        return {key: np.frombuffer(blob, np.float16).reshape(-1, dimension) for key, dimension, blob in rows}

    def pieces(self, keys: Iterable[str]) -> dict[str, Pieces]:
        """By passage id, its word pieces."""
        rows = self._vector_rows("v.pieces, v.sentence_of", keys)
        return {key: Pieces.unpack(vectors, sentence_of) for key, vectors, sentence_of in rows}

    def all_vectors(self) -> Iterator[tuple[str, str, NDArray[np.float32]]]:
        """(passage id, source, vector) of every passage, in the order in which they came in."""
        rows = self._sql.execute(
            "SELECT p.key, d.source, v.vector FROM vectors v JOIN passages p ON p.id = v.passage "
            "JOIN documents d ON d.id = p.document ORDER BY v.passage"
        )
        for key, source, blob in rows:
            yield key, source, np.frombuffer(blob, np.float32)

    def some_vectors(self, count: int) -> list[tuple[str, str, NDArray[np.float32]]]:
        """(passage id, source, vector) of so many passages, evenly spread."""
        total = self.counts()["vectors"]
        places = sorted({total * place // count for place in range(count)}) if total else []
        rows = [
            self._one(
                "SELECT p.key, d.source, v.vector FROM passages p JOIN documents d ON d.id = p.document "
                "JOIN vectors v ON v.passage = p.id "
                "WHERE p.id = (SELECT passage FROM vectors ORDER BY passage LIMIT 1 OFFSET ?)",
                place,
            )
            for place in places
        ]
        return [(key, source, np.frombuffer(blob, np.float32)) for key, source, blob in rows]

    def all_sentence_vectors(self) -> Iterator[bytes]:
        """Of every passage, in the order of `passage_places`, the float16 vectors of its sentences as bytes."""
        for (blob,) in self._sql.execute("SELECT sentences FROM vectors ORDER BY passage"):
            yield blob

    def vectors_by_input(self, inputs: Collection[bytes]) -> dict[bytes, VectorRow]:
        """The stored vectors of what was embedded before, by the digest of what the model read."""
        found: dict[bytes, VectorRow] = {}
        for digest in inputs:
            rows = self._all(
                "SELECT v.vector, v.sentences, v.pieces, v.sentence_of FROM passages p "
                "JOIN vectors v ON v.passage = p.id "
                "WHERE p.input = ? LIMIT 1",
                digest,
            )
            if rows:
                found[digest] = rows[0]
        return found

    def inputs(self) -> dict[str, bytes]:
        """By passage id, the digest of what the model read of it."""
        return dict(self._all("SELECT key, input FROM passages"))

    # Prepared questions

    def prepared_questions(self) -> list[PreparedQuestion]:
        """As the corpus has them, in order."""
        return [PreparedQuestion(*r) for r in self._all("SELECT question, language, source, quote FROM questions")]

    def prepared_places(self) -> list[PreparedPlace]:
        """Where those questions lead whose quote was found, in the order of `question_vectors`."""
        rows = self._all(
            'SELECT q.question, q.source, q.start, q."end", (SELECT json_group_array(p.key) FROM passages p '
            'WHERE p.document = d.id AND p.start < q."end" AND p."end" > q.start) '
            "FROM questions q JOIN documents d ON d.source = q.source WHERE q.vector IS NOT NULL ORDER BY q.position"
        )
        return [PreparedPlace(question, source, a, b, tuple(json.loads(keys))) for question, source, a, b, keys in rows]

    def question_vectors(self) -> dict[str, bytes]:
        """The float32 vectors of prepared questions whose quote was found, by question, in order."""
        return dict(
            self._all(
                "SELECT q.question, q.vector FROM questions q JOIN documents d ON d.source = q.source "
                "WHERE q.vector IS NOT NULL ORDER BY q.position"
            )
        )

    def full_text(
        self, terms: Sequence[str], k: int, sources: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """The k passages that hold most of the terms (OR, BM25), as (id, score), higher is better; a term with
        spaces is a phrase. Ties go by id."""
        match = " OR ".join(quoted for term in terms if (quoted := quote(term)))
        if not match or k < 1:
            return []
        within = "" if sources is None else "AND d.source IN (SELECT value FROM json_each(?))"
        arguments = [] if sources is None else [json.dumps(sorted(sources))]
        weights = ", ".join(str(weight) for weight in WEIGHTS.values())
        return self._all(
            f"SELECT p.key, -bm25(passage_index, {weights}) AS score FROM passage_index "  # noqa: S608  constants only
            "JOIN passages p ON p.id = passage_index.rowid JOIN documents d ON d.id = p.document "
            f"WHERE passage_index MATCH ? {within} ORDER BY score DESC, p.key LIMIT ?",
            match,
            *arguments,
            k,
        )

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """For each term, in how many passages it stands, in any form that `full_text` finds; notes do not count."""
        sql = "SELECT count(*) FROM passage_index WHERE passage_index MATCH ?"
        within = "{title heading text} : "
        return {term: self._one(sql, within + quoted)[0] if (quoted := quote(term)) else 0 for term in terms}

    # Counts

    def counts(self) -> dict[str, int]:
        """How many documents, pages, passages and sentences there are, and in how many rows FTS5 and the vectors
        have them."""
        tables = {
            "documents": "documents",
            "pages": "pages",
            "passages": "passages",
            "sentences": "sentences",
            "vectors": "vectors",
            "indexed": "passage_index_docsize",
        }
        return {name: self._one(f"SELECT count(*) FROM {table}")[0] for name, table in tables.items()}  # noqa: S608

    # Parts of the above

    def _all(self, sql: str, *arguments: object) -> list[Any]:
        return self._sql.execute(sql, arguments).fetchall()

    def _one(self, sql: str, *arguments: object) -> Any:
        return self._sql.execute(sql, arguments).fetchone()

    def _document_id(self, source: str) -> int:
        rows = self._all("SELECT id FROM documents WHERE source = ?", source)
        if not rows:
            raise KeyError(f"{source} is not in the library")
        return int(rows[0][0])

    def _notes(self, document: int, page: int | None = None) -> tuple[Note, ...]:
        rows = self._all(
            "SELECT page, mark, text, anchor FROM notes WHERE document = ? AND page = coalesce(?, page) "
            "ORDER BY position",
            document,
            page,
        )
        return tuple(Note(*row) for row in rows)

    def notes_of(self, passage: str) -> tuple[Note, ...]:
        """The notes whose marks stand in a passage, in order."""
        rows = self._all(
            "SELECT n.page, n.mark, n.text, n.anchor FROM notes n JOIN passages p "
            "ON n.document = p.document AND n.passage = p.id WHERE p.key = ? ORDER BY n.position",
            passage,
        )
        return tuple(Note(*row) for row in rows)

    def _vector_rows(self, columns: str, keys: Iterable[str]) -> list[Any]:
        return self._all(
            f"SELECT p.key, {columns} FROM passages p JOIN vectors v ON v.passage = p.id "  # noqa: S608  a constant
            "WHERE p.key IN (SELECT value FROM json_each(?))",
            json.dumps(list(keys)),
        )

    def _passages(self, condition: str, argument: object) -> Iterator[Passage]:
        """The passages that fit, by document and place. Each page that they stand on is fetched once."""
        rows = self._all(
            'SELECT p.id, p.document, d.source, p.key, p.start, p."end", p.first_page, p.last_page, p.section, '  # noqa: S608
            "p.paragraph, p.context FROM passages p JOIN documents d ON d.id = p.document "
            f"WHERE {condition} ORDER BY p.document, p.start, p.id",
            argument,
        )
        ids = json.dumps([row[0] for row in rows])
        spans = _grouped(self._all(_SPANS, ids))
        sentences = _grouped(self._all(_SENTENCES, ids))
        for document, of_document in groupby(rows, key=lambda row: row[1]):
            together = list(of_document)
            pages = self._page_texts(document, min(row[6] for row in together), max(row[7] for row in together))
            numbers = list(pages)
            for key, _, source, name, start, end, first, last, section, paragraph, context in together:
                yield Passage(
                    id=name,
                    source=source,
                    start=start,
                    end=end,
                    text=_stretch([pages[n] for n in _between(numbers, first, last)], start, end),
                    spans=tuple(Span(page, a, b, pages[page][1][a:b]) for page, a, b in spans.get(key, ())),
                    section=tuple(json.loads(section)),
                    paragraph=paragraph,
                    context=context,
                    sentences=tuple(Sentence(a, b, kind) for a, b, kind in sentences.get(key, ())),
                )

    def _page_texts(self, document: int, first: int, last: int) -> dict[int, tuple[int, str]]:
        """(start, text) of a document's pages from `first` to `last`, by number, in order."""
        rows = self._all(
            "SELECT number, start, text FROM pages WHERE document = ? AND number BETWEEN ? AND ? ORDER BY number",
            document,
            first,
            last,
        )
        return {number: (start, text) for number, start, text in rows}


_SPANS = (
    'SELECT passage, page, start, "end" FROM spans WHERE passage IN (SELECT value FROM json_each(?)) '
    "ORDER BY passage, position"
)
_SENTENCES = (
    'SELECT passage, start, "end", kind FROM sentences WHERE passage IN (SELECT value FROM json_each(?)) '
    "ORDER BY passage, position"
)


def text_digest(text: str) -> str:
    """The sha256 of a text as UTF-8. Raises ValueError for a text that is not valid Unicode."""
    return hashlib.sha256(text.encode()).hexdigest()


def quote(term: str) -> str:
    """A term as an FTS5 string, in which nothing is an operator; "" for a term without a letter or digit.

    >>> quote("S/RES/2151")
    '"S/RES/2151"'
    """
    clean = term.replace('"', " ").replace("\0", " ").strip()
    return f'"{clean}"' if any(character.isalnum() for character in clean) else ""


def _grouped(rows: Iterable[Sequence[Any]]) -> Mapping[int, list[Sequence[Any]]]:
    return {key: [row[1:] for row in group] for key, group in groupby(rows, key=lambda row: row[0])}


def _between(numbers: Sequence[int], first: int, last: int) -> Sequence[int]:
    """The numbers from `first` to `last`, of numbers in order."""
    return numbers[bisect_left(numbers, first) : bisect_right(numbers, last)]


def _stretch(pages: Sequence[tuple[int, str]], start: int, end: int) -> str:
    """The stretch of a document's text that stands on consecutive pages, given as (start, text)."""
    joined = "\n".join(text for _, text in pages)
    return joined[start - pages[0][0] : end - pages[0][0]] if pages else ""
