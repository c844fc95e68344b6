"""The tables of a catalogue, and how its columns hold what SQLite has no type for.

Text is stored once, by page. Passages are offsets into it, and the full-text index reads them through the view
`passage_texts` (FTS5 "external content"; such a view may use no table-valued function), so that nothing stands
there twice. JSON holds what is read as a whole.
"""

import json
import zlib
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.records import Metadata

SCHEMA_VERSION = 3  # another version, and the library is made anew, from its stored texts where UPGRADES knows how

SCHEMA = """
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL,            -- of the bytes of the file
    text_sha256 TEXT NOT NULL,       -- of the text as UTF-8
    digest TEXT NOT NULL,            -- of everything the library holds of it but vectors and boxes
    title TEXT,
    symbol TEXT,
    metadata TEXT NOT NULL,          -- JSON: sources.csv over what the file itself says
    own_metadata TEXT NOT NULL,      -- JSON: what the file itself says
    warnings TEXT NOT NULL,          -- JSON
    reader_version TEXT NOT NULL,
    splitter_version TEXT NOT NULL
);
CREATE INDEX documents_by_sha256 ON documents (sha256);
CREATE INDEX documents_by_text ON documents (text_sha256);

CREATE TABLE pages (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    start INTEGER NOT NULL,          -- offsets into the document's text: the pages joined by one "\\n"
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    label TEXT,
    reader TEXT NOT NULL,
    width REAL,
    height REAL,
    confidence REAL,
    boxes BLOB,                      -- see pack_boxes
    PRIMARY KEY (document, number)
);

CREATE TABLE blocks (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    level INTEGER NOT NULL,
    number TEXT,
    header_rows INTEGER NOT NULL,
    PRIMARY KEY (document, position)
) WITHOUT ROWID;

CREATE TABLE notes (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    page INTEGER NOT NULL,
    mark TEXT NOT NULL,
    text TEXT NOT NULL,
    anchor INTEGER,
    passage INTEGER,                 -- the one that its mark stands in, see PASSAGE_OF_NOTE
    PRIMARY KEY (document, position)
) WITHOUT ROWID;

CREATE TABLE passages (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,        -- the passage's id in records.Passage
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    start INTEGER NOT NULL,          -- offsets into the document's text
    "end" INTEGER NOT NULL,
    first_page INTEGER NOT NULL,
    last_page INTEGER NOT NULL,
    section TEXT NOT NULL,           -- JSON: the heading path
    paragraph TEXT,
    context TEXT NOT NULL,
    heading TEXT NOT NULL,           -- section and context as words to be searched
    input BLOB NOT NULL              -- digest of what the model read of it
);
CREATE INDEX passages_by_document ON passages (document, start);
CREATE INDEX passages_by_input ON passages (input);

CREATE TABLE spans (
    passage INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    page INTEGER NOT NULL,
    start INTEGER NOT NULL,          -- offsets into the page's text
    "end" INTEGER NOT NULL,
    PRIMARY KEY (passage, position)
) WITHOUT ROWID;

CREATE TABLE sentences (
    passage INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    start INTEGER NOT NULL,          -- offsets into the document's text
    "end" INTEGER NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (passage, position)
) WITHOUT ROWID;

CREATE TABLE refusals (
    source TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    reason TEXT NOT NULL,
    message TEXT NOT NULL,
    reader_version TEXT NOT NULL
);

CREATE TABLE duplicates (
    source TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    same_as TEXT NOT NULL,
    reader_version TEXT NOT NULL
);

CREATE TABLE glossary (
    position INTEGER PRIMARY KEY,
    term TEXT NOT NULL,
    expansion TEXT NOT NULL,
    meaning TEXT NOT NULL,
    document TEXT NOT NULL
);

CREATE TABLE acronyms (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    acronym TEXT NOT NULL,
    expansion TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (document, acronym, expansion)
) WITHOUT ROWID;
"""

INDEX = """
CREATE VIEW passage_texts (id, title, heading, text, notes) AS
SELECT p.id,
    coalesce(d.title, '') || ' ' || coalesce(d.symbol, ''),
    p.heading,
    (SELECT group_concat(piece, char(10)) FROM (
        SELECT substr(g.text, max(p.start - g.start, 0) + 1,
                      min(p."end", g."end") - max(p.start, g.start)) AS piece
        FROM pages g
        WHERE g.document = p.document AND g.number BETWEEN p.first_page AND p.last_page
        ORDER BY g.number)),
    (SELECT group_concat(text, char(10)) FROM (
        SELECT n.text FROM notes n WHERE n.document = p.document AND n.passage = p.id ORDER BY n.position))
FROM passages p JOIN documents d ON d.id = p.document;

CREATE VIRTUAL TABLE passage_index USING fts5 (
    title, heading, text, notes,
    content = 'passage_texts', content_rowid = 'id',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
"""


VECTORS = """
CREATE TABLE vectors (
    passage INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
    vector BLOB NOT NULL,            -- float32 (dimension,), of unit length
    sentences BLOB NOT NULL,         -- float16 (n sentences, dimension), rows of unit length
    pieces BLOB NOT NULL,            -- int8 (n word pieces, width), see late_interaction
    sentence_of BLOB NOT NULL        -- int16 (n word pieces,): the sentence of each, -1 outside
);

CREATE TABLE questions (             -- as in the corpus; the last three are NULL where the quote was not found
    position INTEGER PRIMARY KEY,
    question TEXT NOT NULL,
    language TEXT NOT NULL,
    source TEXT NOT NULL,
    quote TEXT NOT NULL,
    start INTEGER,                   -- offsets into the document's text
    "end" INTEGER,
    vector BLOB                      -- float32 (dimension,), of unit length
);
"""

# The first passage that ends no earlier than the note's mark stands (a mark in a heading: what follows it); without a
# mark, the last one that begins on the note's page or before.
PASSAGE_OF_NOTE = """
UPDATE notes SET passage = coalesce(
    (SELECT p.id FROM passages p WHERE p.document = notes.document AND p."end" >= notes.anchor
        ORDER BY p.start LIMIT 1),
    (SELECT p.id FROM passages p WHERE p.document = notes.document AND p.first_page <= notes.page
        ORDER BY p.start DESC LIMIT 1),
    (SELECT p.id FROM passages p WHERE p.document = notes.document ORDER BY p.start LIMIT 1))
"""

_WITH_NOTES = f"""
ALTER TABLE notes ADD COLUMN passage INTEGER; {PASSAGE_OF_NOTE};
DROP TABLE passage_index; DROP VIEW passage_texts; {INDEX}
INSERT INTO passage_index (passage_index) VALUES ('rebuild');
PRAGMA user_version = {SCHEMA_VERSION};
"""  # noqa: S608  constants only
# By an older version, what makes its tables those of today. Vectors go: they are made again from the stored texts.
UPGRADES = {1: f"DROP TABLE vectors; {VECTORS} {_WITH_NOTES}", 2: _WITH_NOTES}


def metadata_to_json(metadata: Metadata) -> str:
    return json.dumps(asdict(metadata), ensure_ascii=False, sort_keys=True)


def metadata_from_json(text: str) -> Metadata:
    values: dict[str, Any] = json.loads(text)
    values |= {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
    return Metadata(**values)


def pack_boxes(boxes: NDArray[np.float32] | None) -> bytes | None:
    """Boxes of shape (n, 4) as compressed differences of hundredths of a point: a third of the size of the floats,
    true to 0.005 points, which no screen shows."""
    if boxes is None:
        return None
    nowhere = np.isnan(boxes)
    hundredths = np.round(np.where(nowhere, 0, boxes) * 100).astype(np.int32)
    hundredths[nowhere] = np.iinfo(np.int32).min
    return zlib.compress(np.diff(hundredths.T, axis=1, prepend=np.int32(0)).tobytes(), level=1)


def unpack_boxes(packed: bytes | None) -> NDArray[np.float32] | None:
    """The boxes that `pack_boxes` packed; rows of NaN for characters that stand nowhere."""
    if packed is None:
        return None
    differences = np.frombuffer(zlib.decompress(packed), np.int32).reshape(4, -1)
    hundredths = np.cumsum(differences, axis=1, dtype=np.int32).T
    boxes = hundredths.astype(np.float32) / np.float32(100)
    boxes[hundredths == np.iinfo(np.int32).min] = np.nan
    return boxes
