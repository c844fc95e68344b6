"""What the tests of reading share: files made on the spot, and what became of them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.reading import read
from assistant.records import Document, Refusal


@pytest.fixture
def read_bytes(tmp_path: Path) -> Callable[[bytes, str], Document | Refusal]:
    """Write bytes under a name and read that file, as ingest would."""

    def read_named(data: bytes, name: str) -> Document | Refusal:
        path = tmp_path / name
        path.write_bytes(data)
        return read(path, name)

    return read_named


@pytest.fixture
def document_of(read_bytes: Callable[[bytes, str], Document | Refusal]) -> Callable[[bytes | str, str], Document]:
    """The same for files that must be read; text is written as UTF-8."""

    def read_named(data: bytes | str, name: str) -> Document:
        result = read_bytes(data.encode() if isinstance(data, str) else data, name)
        assert isinstance(result, Document), result
        return result

    return read_named
