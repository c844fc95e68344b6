"""JSON lines, plain or compressed with gzip."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.errors import UsageError


def read_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file with their line numbers from 1; empty lines are passed over.

    Raises UsageError when the file is missing or a line is no JSON object.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, _object(line, number, path)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}. Name a file of JSON lines, plain or .gz.") from error


def _object(line: str, number: int, path: Path) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}, line {number}: no JSON ({error.msg}).") from error
    if not isinstance(row, dict):
        raise UsageError(f"{path}, line {number}: an object {{...}} is needed.")
    return row
