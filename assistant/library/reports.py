"""What an ingest says while it works and when it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from assistant.library.checking import Checked
from assistant.library.corpus import RowWithoutFile
from assistant.records import Reason

Status = Literal["added", "updated", "unchanged", "withdrawn", "refused", "duplicate"]
Stage = Literal["looking", "reading", "indexing", "checking", "switching"]

STATUSES: tuple[Status, ...] = ("added", "updated", "unchanged", "withdrawn", "refused", "duplicate")


@dataclass(frozen=True, slots=True)
class Progress:
    """A stage begins, or `done` of its `total` files are done; `passages` have been embedded so far."""

    stage: Stage
    done: int = 0
    total: int = 0
    source: str = ""
    passages: int = 0


Listener = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of a file. `seconds`: reading and splitting it. `message`: for a refusal, what to do about it.
    `warnings`: what its reader could not read as it should be, also where that was at an earlier ingest."""

    path: str
    status: Status
    reason: Reason | None = None
    message: str | None = None
    same_as: str | None = None
    pages: int | None = None
    pages_without_text: tuple[int, ...] = ()
    passages: int | None = None
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did. `generation` is current now; `switched` says whether it is new. `notes`: sentences on
    what a person should know besides. `proposed`: questions that a chat model proposed on what is new.
    `rows_without_file`: rows of sources.csv that fit no file, where the whole corpus was looked at.
    `linked_folders`: links to folders in the corpus, which were not followed."""

    generation: str | None
    files: tuple[FileReport, ...]
    seconds: float
    switched: bool = False
    dry_run: bool = False
    checked: Checked | None = None
    notes: tuple[str, ...] = ()
    proposed: int = 0
    rows_without_file: tuple[RowWithoutFile, ...] = ()
    linked_folders: tuple[str, ...] = ()

    @property
    def newly_warned(self) -> tuple[FileReport, ...]:
        """The files that were read now and have warnings."""
        return tuple(file for file in self.files if file.warnings and file.status in ("added", "updated"))

    @property
    def counts(self) -> Mapping[Status, int]:
        """How many files have each status."""
        return {status: sum(file.status == status for file in self.files) for status in STATUSES}
