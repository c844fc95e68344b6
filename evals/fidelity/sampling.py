"""Which pages are measured: a random sample over all pages of all PDFs of a folder, the same at each run."""

import hashlib
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UsageError

SEED = 20061206


@dataclass(frozen=True, slots=True)
class Source:
    """A PDF: where it lies, its path within the folder, and the digest of its bytes."""

    path: Path
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Place:
    """A page of a source, from 1; `pages` is how many the source has."""

    source: Source
    page: int
    pages: int


def sources_in(folder: Path) -> list[Source]:
    """The PDFs below the folder that may be read, each content once, by name. UsageError where there is none."""
    found: dict[str, Source] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.casefold() == ".pdf" and path.is_file() and os.access(path, os.R_OK):
            source = Source(path, path.relative_to(folder).as_posix(), _digest(path))
            found.setdefault(source.sha256, source)
    if not found:
        raise UsageError(f"{folder} holds no PDF. Name a folder with PDF files.")
    return list(found.values())


def sample(page_counts: Sequence[tuple[Source, int]], size: int) -> list[Place]:
    """So many pages drawn from all, or all where `size` is 0, in the order of the sources."""
    every = [Place(source, page, pages) for source, pages in page_counts for page in range(1, pages + 1)]
    if size == 0 or size >= len(every):
        return every
    order = list(range(len(every)))
    random.Random(SEED).shuffle(order)  # a larger sample holds the smaller one
    return [every[place] for place in sorted(order[:size])]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
