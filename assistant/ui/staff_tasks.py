"""What staff do to the library, each as one piece of work: the corpus folder changed, then the same ingest as ever."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.errors import AssistantError
from assistant.library.corpus import descriptions
from assistant.library.indexing import ingest, roll_back
from assistant.library.matching import matched
from assistant.library.reports import IngestReport, Listener
from assistant.library.shelving import put, put_back, withdraw
from assistant.reading.names import as_named
from assistant.records import Metadata
from assistant.settings import Settings
from assistant.ui.work import Task


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to add as `source`. `metadata` is what staff said of it, None where they left what the file says."""

    source: str
    data: bytes = field(repr=False)
    metadata: Metadata | None


def adding(settings: Settings, files: Sequence[NewFile], shown: Sequence[Metadata], *, ocr: bool) -> Task:
    """Put files into the corpus and take them in. `shown`: for each, what the preview showed of it, which is written
    down where an older row of sources.csv would say otherwise."""

    def task(listener: Listener) -> IngestReport:
        described = matched(descriptions(settings.corpus), [file.source for file in files]).metadata
        for file, metadata in zip(files, shown, strict=True):
            put(settings.corpus, file.source, file.data, file.metadata or (described.get(file.source) and metadata))
        paths = [settings.corpus / as_named(file.source) for file in files]
        return ingest(settings, paths, ocr=ocr, progress=listener)

    return task


def withdrawing(settings: Settings, source: str) -> Task:
    """Move a document out of the corpus and out of the library; where the library cannot follow, it is put back."""

    def task(listener: Listener) -> IngestReport:
        moved = withdraw(settings.corpus, source) if (settings.corpus / as_named(source)).is_file() else None
        try:
            return ingest(settings, progress=listener)
        except AssistantError:
            if moved:
                put_back(settings.corpus, source, moved)
            raise

    return task


def updating(settings: Settings, *, ocr: bool) -> Task:
    """Make the library hold what the corpus holds."""
    return lambda listener: ingest(settings, ocr=ocr, progress=listener)


def rolling_back(settings: Settings) -> Task:
    """Go back to the generation before."""
    return lambda _: roll_back(settings)
