"""Where the generations of a library lie, which one is current, and who may touch them.

    library/current                  the id of the current generation; replaced by one atomic rename
    library/generations/<id>/        catalogue.sqlite, sentences.npy, manifest.json: never changed; chroma*: derived
    library/generations/.building-*/ what an ingest is making
    library/locks/                   one writer for the library, shared locks of the readers of each generation
    library/seen.json                size and time of the files at the last ingest: a cache

An id is a time and a digest of the content, so ids sort by time. What a killed process leaves behind is never
current, and is swept by the next writer.
"""

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock, ReadWriteLock, Timeout

from assistant.errors import LibraryError, LibraryLocked, LibraryMismatch, NoLibrary
from assistant.library.schema import SCHEMA_VERSION, UPGRADES

KEEP = 3  # generations, the current one among them
DIGESTED = ("catalogue.sqlite", "sentences.npy")
_RENAMED = {"embedding": "encoder"}  # fields of manifests of layout 1
_TIME = "%Y%m%dT%H%M%S.%fZ"
_ID = re.compile(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is. `files` maps the name of each file that never changes to its sha256.

    `content` digests what the library holds: texts and passages, not vectors, so the same corpus gives
    the same on every machine. `index_changes`
    counts the passages that came and went in the Chroma collection since it was last built whole.
    """

    generation: str
    previous: str | None
    created: str
    layout: int
    content: str
    encoder: str
    precision: str
    dimension: int
    reader_version: str
    splitter_version: str
    chromadb_version: str
    counts: Mapping[str, int]
    changes: Mapping[str, int]
    index_changes: int
    files: Mapping[str, str]

    def write(self, folder: Path) -> None:
        write_durably(folder / "manifest.json", json.dumps(asdict(self), indent=2) + "\n")

    @classmethod
    def read(cls, folder: Path, *, to_upgrade: bool = False) -> "Manifest":
        """Raises NoLibrary when there is no generation, LibraryMismatch when another version made it (with
        `to_upgrade`: one whose library cannot be upgraded), LibraryError when the manifest is none."""
        try:
            said = json.loads((folder / "manifest.json").read_text())
            layout = said["layout"]
            if layout == SCHEMA_VERSION or (to_upgrade and layout in UPGRADES):
                return cls(**{_RENAMED.get(name, name): value for name, value in said.items()})
        except FileNotFoundError as error:
            raise NoLibrary(f"The library has no generation {folder.name}. Run `python ingest.py`.") from error
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise LibraryError(
                f"The generation {folder.name} of the library has no valid manifest ({error}). "
                "Run `python ingest.py`, or `python ingest.py --rollback` to use the one before."
            ) from error
        raise LibraryMismatch(
            f"The library was made by another version of the assistant (layout {layout}, not {SCHEMA_VERSION}). "
            "Run `python ingest.py` to make it anew."
        )

    def verify(self, folder: Path) -> None:
        """Raises LibraryError when a file of the generation is not what it was."""
        for name, sha256 in self.files.items():
            if digest_of(folder / name) != sha256:
                raise LibraryError(
                    f"{folder / name} has been changed or damaged. "
                    "Run `python ingest.py --rollback` to use the generation before."
                )


class Generations:
    """The generations of one library folder."""

    def __init__(self, library: Path) -> None:
        self.library = library
        self._folder = library / "generations"
        self._locks = library / "locks"

    def folder(self, generation: str) -> Path:
        return self._folder / generation

    def all(self) -> list[str]:
        """The ids of all finished generations, oldest first."""
        if not self._folder.is_dir():
            return []
        return sorted(path.name for path in self._folder.iterdir() if _ID.fullmatch(path.name))

    def current(self) -> str:
        """The id of the current generation. Raises NoLibrary when there is none."""
        with suppress(FileNotFoundError, NotADirectoryError):
            if name := (self.library / "current").read_text().strip():
                return name
        raise NoLibrary(f"There is no library in {self.library} yet. Run `python ingest.py` to make it.")

    def stamp(self) -> tuple[int, int] | None:
        """Changes whenever another generation becomes current; costs one stat. None when there is no library."""
        try:
            status = (self.library / "current").stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino

    def next_id(self, content: str) -> str:
        """An id for a new generation with this content: later than every other, even if the clock went back."""
        now = datetime.now(UTC)
        if taken := self.all():
            latest = datetime.strptime(taken[-1].partition("-")[0], _TIME).replace(tzinfo=UTC)
            now = max(now, latest + timedelta(microseconds=1))
        return f"{now.strftime(_TIME)}-{content[:8]}"

    def switch_to(self, generation: str) -> None:
        """Make a finished generation current, durably, in one rename."""
        write_durably(self.library / "current", generation + "\n")

    def begin(self) -> Path:
        """A new folder in which to make a generation. Its name has never been used: Chroma remembers folders."""
        folder = self._folder / f".building-{time.time_ns()}"
        folder.mkdir()
        return folder

    def finish(self, folder: Path, generation: str) -> None:
        """Put what was made in a folder in its place; it is not current yet."""
        for path in [*folder.rglob("*"), folder]:
            _sync(path)
        folder.rename(self.folder(generation))
        _sync(self._folder)

    def roll_back(self) -> str:
        """Make the generation before the current one current. Raises LibraryError when there is none."""
        current = self.current()
        earlier = [name for name in self.all() if name < current]
        if not earlier:
            raise LibraryError(f"There is no generation before {current} to go back to.")
        self.switch_to(earlier[-1])
        return earlier[-1]

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer. Raises LibraryLocked when there is another."""
        self._locks.mkdir(parents=True, exist_ok=True)
        self._folder.mkdir(exist_ok=True)
        try:
            with FileLock(self._locks / "writer.lock", timeout=0):
                yield
        except Timeout as error:
            raise LibraryLocked(
                f"Another ingest is working on {self.library}. Wait until it has ended, then run this again."
            ) from error

    def lock_for_reading(self, generation: str) -> ReadWriteLock | None:
        """A shared lock on a generation, which keeps it from being pruned until `close`. None where locks cannot
        be written: such a disk is not pruned from here either. Raises NoLibrary when it is being pruned."""
        if not os.access(self._locks, os.W_OK):
            return None
        lock = ReadWriteLock(self._locks / f"{generation}.lock", is_singleton=False)
        try:
            lock.acquire_read(timeout=0)
        except Timeout as error:
            raise NoLibrary(f"The generation {generation} is being removed.") from error
        return lock

    @contextmanager
    def rebuilding(self, generation: str) -> Iterator[None]:
        """Be the only one who rebuilds the Chroma collection of a generation; others wait their turn."""
        self._locks.mkdir(parents=True, exist_ok=True)
        with FileLock(self._locks / f"{generation}.chroma.lock"):
            yield

    def sweep(self) -> list[str]:
        """Remove what killed writers left, and generations newer than the current one: they were never switched
        to, or were rolled back from. For the writer only. Says what was removed."""
        debris = [path.name for path in self._folder.iterdir() if path.name.startswith(".")]
        for name in debris:
            shutil.rmtree(self._folder / name, ignore_errors=True)
        with suppress(NoLibrary):
            current = self.current()
            debris += [name for name in self.all() if name > current and self._remove(name)]
        return debris

    def prune(self) -> None:
        """Keep the current generation and the newest, `KEEP` in all, and those that somebody reads."""
        current = self.current()
        others = [name for name in self.all() if name != current]
        for name in others[: -(KEEP - 1)]:
            self._remove(name)

    def _remove(self, generation: str) -> bool:
        """Remove a generation unless somebody reads it."""
        lock = ReadWriteLock(self._locks / f"{generation}.lock", is_singleton=False)
        try:
            lock.acquire_write(timeout=0)
            removed = self._folder / f".removed-{generation}"
            self.folder(generation).rename(removed)
            shutil.rmtree(removed, ignore_errors=True)
        except Timeout:
            return False
        finally:
            lock.close()
        for name in (f"{generation}.lock", f"{generation}.chroma.lock"):
            (self._locks / name).unlink(missing_ok=True)
        return True


def write_durably(path: Path, text: str) -> None:
    """Replace a file in one step: whoever reads it finds the old text or the new, even after a loss of power."""
    new = path.with_name(f".{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    _sync(path.parent)


def digest_of(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
