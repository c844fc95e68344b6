"""Puts files into the corpus folder and takes them out, so that nothing is lost or overwritten on the way.

Ingest never writes to the corpus; this does, for staff, as question_files.py does. A file appears under its name in one
step, with its whole content. What is withdrawn is moved to `_withdrawn/<time>/`, which holds no documents by the rule
of names.
"""

import csv
import hashlib
import io
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from filelock import FileLock

from assistant.errors import UsageError
from assistant.library.corpus import decoded, is_document
from assistant.library.generations import write_durably
from assistant.reading.names import as_named, shown
from assistant.records import Metadata

WITHDRAWN = "_withdrawn"
LONGEST_NAME = 120  # bytes of UTF-8; most disks take 255
_NOT_IN_A_NAME = re.compile(r"[^\w .,()&'+-]")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # by Windows, where a copy may end up
_COLUMNS = ("path", *Metadata.__dataclass_fields__, "sha256")


def safe_name(name: str) -> str:
    """A name for a file that is a name everywhere: one part, no control or direction marks, not hidden, not too long.

    >>> safe_name("../../x.md"), safe_name("CON"), safe_name(".hidden.pdf")
    ('x.md', 'document-CON', 'hidden.pdf')
    """
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(letter for letter in name if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    name = " ".join(_NOT_IN_A_NAME.sub("-", name).split()).lstrip("._- ").rstrip(". ")
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > 10:
        stem, dot, suffix = name, "", ""
    room = LONGEST_NAME - len((dot + suffix).encode())
    stem = stem.encode()[:room].decode("utf-8", "ignore").strip(" .")
    name = f"{stem or 'document'}{dot}{suffix}"
    return f"document-{name}" if _RESERVED.fullmatch(name) or not is_document((name,)) else name


def folders_of(corpus: Path) -> list[str]:
    """The folders that documents may go into, "" for the top; links are not among them."""
    found = [""]
    for root, folders, _ in os.walk(corpus):
        folders[:] = sorted(f for f in folders if is_document((f,)) and not Path(root, f).is_symlink())
        found += [shown(Path(root, folder).relative_to(corpus).as_posix()) for folder in folders]
    return sorted(found)


def free_name(corpus: Path, folder: str, name: str, taken: Sequence[str] = ()) -> str:
    """The source that a file gets in a folder of the corpus: its safe name, numbered where that is taken."""
    stem, suffix = PurePosixPath(safe_name(name)).stem, PurePosixPath(safe_name(name)).suffix
    number = 1
    while True:
        numbered = f"{stem}{suffix}" if number == 1 else f"{stem} ({number}){suffix}"
        source = PurePosixPath(folder, numbered).as_posix()
        if source not in taken and not os.path.lexists(corpus / as_named(source)):
            return source
        number += 1


def put(corpus: Path, source: str, data: bytes, metadata: Metadata | None) -> Path:
    """Put a file into the corpus, whole or not at all, and what is said of it into sources.csv.

    Raises UsageError when there is a file of that name, or the name is none for a document; OSError when the disk
    fails. Whoever is killed in between leaves a row without a file, or a hidden file, which are not documents.
    """
    target = _place(corpus, source)
    hidden = target.parent / f".upload-{secrets.token_hex(8)}"
    try:
        with hidden.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if os.path.lexists(target):
            raise FileExistsError
        if metadata:
            describe(corpus, {source: metadata}, {source: hashlib.sha256(data).hexdigest()})
        _appear(hidden, target)
    except FileExistsError as error:
        raise UsageError(f"There is a file {source} in the corpus. Give the new one another name.") from error
    finally:
        hidden.unlink(missing_ok=True)
    _sync(target.parent)
    return target


def withdraw(corpus: Path, source: str) -> Path:
    """Move a document out of the corpus, to `_withdrawn/<time>/`; where it is now. Raises UsageError when it is not
    there."""
    path = _place(corpus, source)
    if not path.is_file():
        raise UsageError(f"{source} is not in the corpus folder any more.")
    target = corpus / WITHDRAWN / datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ") / as_named(source)
    target.parent.mkdir(parents=True)
    path.rename(target)
    _sync(target.parent)
    _sync(path.parent)
    return target


def put_back(corpus: Path, source: str, withdrawn: Path) -> None:
    """Undo `withdraw`, unless there is another file by now."""
    path = _place(corpus, source)
    if not os.path.lexists(path):
        withdrawn.rename(path)
        _sync(path.parent)


def withdrawn_sources(corpus: Path) -> set[str]:
    """The sources that files had which were moved out of the corpus."""
    folder = corpus / WITHDRAWN
    paths = (path.relative_to(folder).parts for path in folder.glob("*/**/*"))
    return {shown(PurePosixPath(*parts[1:]).as_posix()) for parts in paths}


def describe(corpus: Path, said: Mapping[str, Metadata], sha256: Mapping[str, str]) -> None:
    """Put rows for these sources into sources.csv, in place of those they had; the other rows stay as they are."""
    path = corpus / "sources.csv"
    with alone(corpus):
        existing = decoded(path.read_bytes()) if path.exists() else ""
        reader = csv.DictReader(io.StringIO(existing, newline=""))
        columns = list(reader.fieldnames or ())
        key = next((name for name in columns if name.strip().lower() in ("path", "source", "file")), "path")
        columns += [name for name in _COLUMNS if name not in columns and not (name == "path" and key in columns)]
        rows = [row for row in reader if (row.get(key) or "").replace("\\", "/").removeprefix("./") not in said]
        rows += [{key: source, **_cells(data), "sha256": sha256[source]} for source, data in said.items()]
        written = io.StringIO(newline="")
        writer = csv.DictWriter(written, columns, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        write_durably(path, written.getvalue())


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Be the one who rewrites a file of a folder. The lock is a hidden file: no document. Raises OSError when another
    writer does not come to an end."""
    with FileLock(folder / ".writing.lock", timeout=30):
        yield


def _cells(metadata: Metadata) -> dict[str, str]:
    values = asdict(metadata)
    return {
        name: "; ".join(value) if isinstance(value, tuple) else " ".join(str(value or "").split())
        for name, value in values.items()
    }


def _place(corpus: Path, source: str) -> Path:
    """Where a source stands. Raises UsageError for what would lie outside the corpus or be no document."""
    name = as_named(source)
    parts = PurePosixPath(name).parts
    path = corpus.joinpath(*parts)
    is_inside = bool(parts) and "\0" not in name and path.parent.resolve().is_relative_to(corpus.resolve())
    if not is_inside or not is_document(parts):
        raise UsageError(f"{source} is no name for a document of the corpus.")
    return path


def _appear(hidden: Path, target: Path) -> None:
    """Give a finished file its name. Raises FileExistsError rather than replace another."""
    try:
        os.link(hidden, target)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        hidden.rename(target)


def _sync(folder: Path) -> None:
    with suppress(OSError):  # not every disk can; what is lost then is the name, never the library
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
