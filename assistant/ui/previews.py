"""Files that staff have dragged in, read by the isolated worker before they come near the library."""

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.library import DocumentInfo
from assistant.library.shelving import safe_name
from assistant.reading.isolation import ReadingWorker
from assistant.records import Document, Metadata
from assistant.settings import Settings

_BEGINNING = 600  # characters of text shown


@dataclass(frozen=True, slots=True)
class Preview:
    """What became of a file on trial. `refused`: why it cannot go in, and the way out. `same_as`: the document of
    the library with the same bytes."""

    name: str
    refused: str | None = None
    metadata: Metadata = field(default_factory=Metadata)
    pages: int = 0
    pages_without_text: int = 0
    warnings: tuple[str, ...] = ()
    beginning: str = ""
    same_as: str | None = None


def previews_of(
    files: Mapping[str, tuple[str, bytes]], known: Sequence[DocumentInfo], settings: Settings, *, ocr: bool
) -> dict[str, Preview]:
    """Read files, given as (name, bytes) by any key, one after another, in a folder that is gone afterwards."""
    same = {info.sha256: info.source for info in known}
    timeout_s = settings.ocr_timeout_s if ocr else settings.read_timeout_s
    with (
        tempfile.TemporaryDirectory(prefix="ssr-preview-") as folder,
        ReadingWorker(timeout_s, settings.read_memory_mb, settings.max_file_mb, ocr=ocr) as worker,
    ):
        return {key: _preview(Path(folder), name, data, same, worker) for key, (name, data) in files.items()}


def _preview(folder: Path, name: str, data: bytes, same: Mapping[str, str], worker: ReadingWorker) -> Preview:
    name = safe_name(name)
    path = folder / name
    path.write_bytes(data)
    result = worker.read(path, name)
    path.unlink()
    if not isinstance(result, Document):
        return Preview(name, refused=result.message)
    return Preview(
        name=name,
        metadata=result.metadata,
        pages=len(result.pages),
        pages_without_text=sum(page.start == page.end for page in result.pages),
        warnings=result.warnings,
        beginning=result.text[:_BEGINNING],
        same_as=same.get(hashlib.sha256(data).hexdigest()),
    )
