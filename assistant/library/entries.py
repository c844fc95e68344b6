"""What a catalogue says of documents, pages and files: what its readers get beside the records of all rooms."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.records import Metadata, Note


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What the library holds of a document, without its text. `pages_without_text`: numbers of empty pages."""

    source: str
    sha256: str
    metadata: Metadata
    pages: int
    pages_without_text: tuple[int, ...]
    passages: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page as it is shown: its text, and for each character its box (see `records.Page`), where known."""

    number: int
    text: str
    label: str | None
    reader: str
    width: float | None
    height: float | None
    confidence: float | None
    boxes: NDArray[np.float32] | None = field(repr=False, compare=False)
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of a document's outline: a heading, its depth from 1, and the page and offset where it stands."""

    title: str
    level: int
    page: int
    start: int


@dataclass(frozen=True, slots=True)
class Filed:
    """How a document stands in the catalogue: what decides whether it must be read or split again."""

    sha256: str
    text_sha256: str
    metadata: Metadata
    own_metadata: Metadata
    reader_version: str
    splitter_version: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A file with the same bytes or the same text as the document `same_as`, which alone is in the library."""

    source: str
    sha256: str
    same_as: str
    reader_version: str
