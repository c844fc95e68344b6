"""From the corpus to a new generation: plan, read, split, embed, build, check, switch.

The generation before serves throughout. What is new is built beside it, as a copy of its catalogue with what has
changed; only when that has proved itself does it become current. An ingest that changes nothing loads neither the
model nor Chroma.
"""

import errno
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.encoder import Encoder, find
from assistant.errors import LibraryError, NoLibrary, TooManyWithdrawn, UsageError
from assistant.library.catalogue import Catalogue
from assistant.library.checking import Checked, check_generation
from assistant.library.corpus import (
    CorpusFile,
    Descriptions,
    GlossaryEntry,
    chosen_files,
    files_of,
    glossary,
    linked_folders,
)
from assistant.library.generations import Generations
from assistant.library.matching import descriptions_of, rows_in_words, with_twins
from assistant.library.new_generation import NewGeneration, Previous
from assistant.library.planning import Digests, Plan, Stored, Versions, check_withdrawal, make_plan
from assistant.library.prepared import PreparedQuestion, prepared_questions
from assistant.library.reading_ahead import reading_ahead
from assistant.library.reports import FileReport, IngestReport, Listener, Progress, Status
from assistant.library.schema import SCHEMA_VERSION
from assistant.library.vectors import IndexDamaged, build_index, open_index
from assistant.passages import SPLITTER_VERSION
from assistant.reading import reader_versions
from assistant.reading.names import as_named
from assistant.reading.pdf.ocr import INSTALL, is_installed
from assistant.settings import Settings

NO_OCR = f"Scanned pages are listed and not read, for tesseract is not here. {INSTALL}"
NOT_OPENED = "Files to add or update were not opened: one that cannot be read will be refused."
_MOST_NAMED = 5  # paths named in one sentence
_DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# How SQLite and Chroma say it. A file-size limit (EFBIG) reaches them as an I/O error.
_DISK_FULL_WORDS = ("disk is full", "disk i/o error", "no space left", "file too large", "quota exceeded")


@dataclass(frozen=True, slots=True)
class _Request:
    """What the caller of `ingest` asked for."""

    paths: Sequence[Path]
    dry_run: bool
    retry: bool
    withdraw: bool
    ocr: bool


@dataclass(frozen=True, slots=True)
class _Task:
    """An ingest that has been thought through: what is there, and what is to be done. `encoder` is None only in
    the rehearsal of a first ingest, which needs no model."""

    settings: Settings
    previous: Previous | None
    files: Mapping[str, CorpusFile]
    descriptions: Descriptions
    glossary: Sequence[GlossaryEntry]
    questions: Sequence[PreparedQuestion]
    stored: Stored
    encoder: Encoder | None
    versions: Versions
    plan: Plan
    linked_folders: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def is_described_as_before(self) -> bool:
        """Whether glossary and prepared questions are those of the library before."""
        if self.previous is None or self.previous.manifest.layout != SCHEMA_VERSION:
            return False
        before = self.previous.catalogue
        return self.glossary == before.glossary() and self.questions == before.prepared_questions()


def ingest(
    settings: Settings,
    paths: Sequence[Path] = (),
    *,
    dry_run: bool = False,
    retry: bool = False,
    withdraw: bool = False,
    ocr: bool = False,
    verify: bool = False,
    progress: Listener = lambda _: None,
) -> IngestReport:
    """Make the library hold what the corpus holds, or, with `paths`, take in those files and folders of it.

    `retry` reads remembered refusals again. `withdraw` lets many documents go. `ocr` reads pages without text by
    character recognition, also those of documents taken in before; a note says where that is not installed. `verify`
    takes every file's digest from its bytes, as for those named, though size and time are the same as before. With
    `dry_run` nothing is read or written: the report says what would be done. Raises UsageError for a request that
    cannot be carried out; LibraryError (and its kinds) or ModelError when nothing was switched, and the library
    before still serves.
    """
    start = time.perf_counter()
    if settings.library.resolve().is_relative_to(settings.corpus.resolve()):
        raise UsageError(f"The library {settings.library} lies inside the corpus. Choose another with --library.")
    request = _Request(paths, dry_run, retry, withdraw, ocr and is_installed())
    generations = Generations(settings.library)
    digests = Digests(
        settings.library / "seen.json", settings.corpus, reader_versions()[""], afresh=verify or bool(paths)
    )
    notes = [NO_OCR] if ocr and not request.ocr else []
    with _explaining(settings.library), ExitStack() as stack:
        if not dry_run:
            stack.enter_context(generations.writing())
            if generations.sweep():
                notes.append("An ingest before was interrupted or rolled back; what it left was swept.")
        progress(Progress("looking"))
        if previous := _open_previous(generations, notes):
            stack.enter_context(closing(previous))
        task = _planned(settings, previous, request, digests, notes)
        if dry_run:
            report = _rehearsed(task)
        else:
            report = _carried_out(task, generations, progress)
            with suppress(OSError):  # a cache: without it the next ingest takes a little longer
                digests.save(whole_corpus=not paths)
    return replace(report, seconds=time.perf_counter() - start, dry_run=dry_run)


def rebuild_vectors(settings: Settings) -> IngestReport:
    """Make the Chroma collection of the current generation again from its catalogue; nothing is read or embedded."""
    start = time.perf_counter()
    generations = Generations(settings.library)
    with _explaining(settings.library), generations.writing(), closing(Previous(generations)) as current:
        count = current.manifest.counts["passages"]
        with generations.rebuilding(current.generation):
            build_index(current.folder, current.catalogue.all_vectors())
        open_index(current.folder, count, list(current.catalogue.all_vectors())).close()
    note = f"The vector index of {count} passages was made again from the catalogue."
    return IngestReport(current.generation, (), time.perf_counter() - start, notes=(note,))


def roll_back(settings: Settings) -> IngestReport:
    """Make the generation before the current one current. Raises LibraryError when there is none."""
    start = time.perf_counter()
    generations = Generations(settings.library)
    with _explaining(settings.library), generations.writing():
        generation = generations.roll_back()
    note = f"Back to generation {generation}. The next ingest starts from it."
    return IngestReport(generation, (), time.perf_counter() - start, switched=True, notes=(note,))


def _open_previous(generations: Generations, notes: list[str]) -> Previous | None:
    """The current generation, to start from; None when there is none that can be used."""
    try:
        return Previous(generations, to_upgrade=True)
    except NoLibrary:
        return None
    except LibraryError as error:
        notes.append(f"Everything is read again, for the library before cannot be used: {error}")
        return None


def _planned(
    settings: Settings, previous: Previous | None, request: _Request, digests: Digests, notes: Sequence[str]
) -> _Task:
    """Look at the corpus and decide what to do. Raises UsageError, ModelError or TooManyWithdrawn."""
    stored = Stored.of(previous.catalogue, previous.manifest.encoder) if previous else Stored()
    files = _files(settings.corpus, request, stored)
    sha256 = {source: digests.of(file) for source, file in files.items()}
    described = _described(settings.corpus, request, stored, sha256)
    questions, complaints = prepared_questions(settings.corpus)
    linked = linked_folders(settings.corpus)
    encoder = None
    if previous or not request.dry_run:
        encoder = Encoder.load(settings, _precision(settings, previous))
    identity = encoder.identity if encoder else ""
    made_by = Versions(reader_versions(), SPLITTER_VERSION, identity, ocr=request.ocr)
    plan = make_plan(files, sha256, stored, described, made_by, whole_corpus=not request.paths, retry=request.retry)
    if not request.withdraw:
        check_withdrawal(plan, stored, sha256)
    return _Task(
        settings=settings,
        previous=previous,
        files=files,
        descriptions=described,
        glossary=glossary(settings.corpus),
        questions=questions,
        stored=stored,
        encoder=encoder,
        versions=made_by,
        plan=plan,
        linked_folders=tuple(linked),
        notes=(
            *notes,
            *_changed_unseen(digests.changed_unseen),
            *_not_followed(linked),
            *described.complaints,
            *rows_in_words(described.without_file),
            *complaints,
            *_other_files(described, sha256),
        ),
    )


def _precision(settings: Settings, previous: Previous | None) -> str | None:
    """That of the library before, where the same model made it: its vectors can then be taken over."""
    if previous is None or previous.manifest.encoder.split("/")[0] != find(settings.encoder).name:
        return None
    return previous.manifest.precision


def _files(corpus: Path, request: _Request, stored: Stored) -> dict[str, CorpusFile]:
    """The files to look at: those named, with what is in the library only as their duplicate, or all."""
    if request.paths:
        files = chosen_files(corpus, request.paths)
        for duplicate in stored.duplicates.values():
            path = corpus.absolute() / as_named(duplicate.source)
            if duplicate.same_as in files and path.is_file():
                files.update(chosen_files(corpus, [path]))
        return files
    files = files_of(corpus) if corpus.is_dir() else {}
    if not files and not request.withdraw:
        what = "has no documents in it" if corpus.is_dir() else "does not exist"
        raise TooManyWithdrawn(
            f"The corpus folder {corpus} {what}. Nothing was changed. Put documents there, name another folder with "
            "--corpus, or empty the library with --withdraw."
        )
    return files


def _changed_unseen(sources: Sequence[str]) -> list[str]:
    """A sentence on files that changed without a sign, where there are any."""
    if not sources:
        return []
    return [f"The content changed since the last ingest, though size and time did not: {_named(sources)}."]


def _not_followed(linked: Sequence[str]) -> list[str]:
    """A sentence on links to folders, where there are any."""
    if not linked:
        return []
    return [
        f"Linked folders are not followed: {_named(linked)}. To have the documents in them, put a copy of the folder "
        "itself into the corpus."
    ]


def _named(paths: Sequence[str]) -> str:
    """The first of these paths, and how many more there are."""
    more = f" and {len(paths) - _MOST_NAMED} more" if len(paths) > _MOST_NAMED else ""
    return ", ".join(paths[:_MOST_NAMED]) + more


def _described(corpus: Path, request: _Request, stored: Stored, sha256: Mapping[str, str]) -> Descriptions:
    """What sources.csv says of the files at hand and, where they are not the whole corpus, of those in the library."""
    if not request.paths:
        return with_twins(descriptions_of(corpus, sha256.keys()), sha256)
    stood = {source: stored.sha256_of(source) for source in (*stored.filed, *stored.duplicates)}
    known = {**stood, **sha256}
    return with_twins(replace(descriptions_of(corpus, known.keys()), without_file=()), known)


def _other_files(described: Descriptions, sha256: Mapping[str, str]) -> list[str]:
    """Complaints about files that are not those that sources.csv describes."""
    return [
        f"{source} is not the file that sources.csv describes: its sha256 is another."
        for source, expected in described.sha256.items()
        if sha256.get(source, expected) != expected
    ]


def _borrowed(task: _Task, catalogue: Catalogue) -> tuple[str, ...]:
    """Sentences on documents that are described by the row of a file with the same bytes."""
    twins = {(twin.same_as, twin.source) for twin in catalogue.duplicates()}
    return tuple(
        f"{lender} has the same content as {source}, which stands for both: what sources.csv says of {lender} is said "
        f"of {source}."
        for source, lender in sorted(task.descriptions.borrowed.items())
        if (source, lender) in twins and source in task.files
    )


def _rehearsed(task: _Task) -> IngestReport:
    """What an ingest would do, as far as it shows without reading."""
    reading = {file.source for file in task.plan.to_read}
    known = task.previous.catalogue if task.previous else None
    files = [FileReport(source, "updated" if source in task.stored.filed else "added") for source in sorted(reading)]
    if known:
        files += [report for report in _reports(task, known, {}) if report.path not in reading]
    generation = task.previous.generation if task.previous else None
    report = _report(task, generation, tuple(sorted(files, key=lambda file: file.path)), known)
    return replace(report, notes=(*report.notes, NOT_OPENED)) if reading else report


def _carried_out(task: _Task, generations: Generations, progress: Listener) -> IngestReport:
    """Build, check and switch; or nothing, where nothing has changed."""
    previous, plan = task.previous, task.plan
    if previous and plan.changes_nothing and task.is_described_as_before:
        return _report(task, previous.generation, _reports(task, previous.catalogue, {}), previous.catalogue)
    assert task.encoder is not None
    if previous:
        previous.manifest.verify(previous.folder)  # nothing is built on a file that has gone bad
    folder = generations.begin()
    try:
        new = NewGeneration(folder, generations, previous, task.encoder, task.versions, task.descriptions)
        seconds = _filled(new, task, progress)
        files = _reports(task, new.catalogue, seconds)
        report = replace(_report(task, None, files, new.catalogue), switched=True)
        progress(Progress("indexing"))
        new.set_questions(task.questions)
        report = replace(report, notes=(*report.notes, *_unplaced(new.catalogue)))
        manifest = new.finish({str(status): count for status, count in report.counts.items()})
        progress(Progress("checking"))
        checked = check_generation(folder, manifest, new.digest_of_input)
        progress(Progress("switching"))
        generations.finish(folder, manifest.generation)
        generations.switch_to(manifest.generation)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    with suppress(OSError):  # what is left is pruned the next time
        generations.prune()
    notes = (*report.notes, *_lost_to_vectors(checked))
    return replace(report, generation=manifest.generation, checked=checked, notes=notes)


def _filled(new: NewGeneration, task: _Task, progress: Listener) -> dict[str, float]:
    """Put into a new generation what has changed; the seconds that each file took."""
    plan = task.plan
    for source in (*plan.withdrawn, *plan.dropped):
        new.withdraw(source)
    new.set_glossary(task.glossary)
    seconds: dict[str, float] = {}
    total = len(plan.to_read) + len(plan.to_split)
    progress(Progress("reading", 0, total))
    for source in plan.to_split:
        start = time.perf_counter()
        new.split_again(source)
        seconds[source] = time.perf_counter() - start
        progress(Progress("reading", len(seconds), total, source, new.passages))
    still_to_read = {file.source for file in plan.to_read}
    with reading_ahead(plan.to_read, task.settings, ocr=task.versions.ocr) as results:
        for read in results:
            still_to_read.discard(read.file.source)
            new.take(read, still_to_read)
            seconds[read.file.source] = read.seconds
            progress(Progress("reading", len(seconds), total, read.file.source, new.passages))
    return seconds


def _report(
    task: _Task, generation: str | None, files: tuple[FileReport, ...], catalogue: Catalogue | None
) -> IngestReport:
    """The report on these files, with what is to be said besides."""
    notes = (*task.notes, *(_borrowed(task, catalogue) if catalogue else ()))
    return IngestReport(
        generation,
        files,
        0,
        notes=notes,
        rows_without_file=task.descriptions.without_file,
        linked_folders=task.linked_folders,
    )


def _reports(task: _Task, catalogue: Catalogue, seconds: Mapping[str, float]) -> tuple[FileReport, ...]:
    """What became of each file, as the catalogue now has it."""
    infos = {info.source: info for info in catalogue.documents()}
    refusals = {refusal.source: refusal for refusal, _ in catalogue.refusals()}
    same_as = {duplicate.source: duplicate.same_as for duplicate in catalogue.duplicates()}
    reports = []
    for source in sorted({*task.files, *task.plan.withdrawn}):
        info, refusal = infos.get(source), refusals.get(source)
        status = _status(task, source, is_refused=refusal is not None, is_duplicate=source in same_as)
        kept = " The version read before stays in the library." if refusal and info else ""
        reports.append(
            FileReport(
                path=source,
                status=status,
                reason=refusal.reason if refusal else None,
                message=refusal.message + kept if refusal else None,
                same_as=same_as.get(source),
                pages=info.pages if info else None,
                pages_without_text=info.pages_without_text if info else (),
                passages=info.passages if info else None,
                seconds=round(seconds.get(source, 0.0), 3),
                warnings=info.warnings if info else (),
            )
        )
    return tuple(reports)


def _unplaced(catalogue: Catalogue) -> list[str]:
    """A sentence on the prepared questions whose quote stands in no document of the library."""
    placed = {place.question for place in catalogue.prepared_places()}
    lost = [one for one in catalogue.prepared_questions() if one.question not in placed]
    if not lost:
        return []
    counted = "1 prepared question has" if len(lost) == 1 else f"{len(lost)} prepared questions have"
    return [f"{counted} a quote that stands in no document, “{lost[0].question}” of {lost[0].source} first."]


def _lost_to_vectors(checked: Checked) -> list[str]:
    """A sentence on the passages that the vector index does not find by their own vector."""
    if not checked.lost_to_vectors:
        return []
    return [
        f"{checked.lost_to_vectors} of {checked.searched} passages searched for are found by their words and sentences "
        "only. Documents with hundreds of nearly equal pages do this to the vector index."
    ]


def _status(task: _Task, source: str, *, is_refused: bool, is_duplicate: bool) -> Status:
    if source in task.plan.withdrawn:
        return "withdrawn"
    if is_refused:
        return "refused"
    if is_duplicate:
        return "duplicate"
    if source in task.plan.unchanged:
        return "unchanged"
    return "updated" if source in task.stored.filed or source in task.stored.duplicates else "added"


@contextmanager
def _explaining(library: Path) -> Iterator[None]:
    """Turns what goes wrong on the disk into a LibraryError that says what to do."""
    try:
        yield
    except (OSError, sqlite3.Error, IndexDamaged) as error:
        words = str(error).lower()
        full = isinstance(error, OSError) and error.errno in _DISK_FULL
        if full or any(phrase in words for phrase in _DISK_FULL_WORDS):
            free = ""
            with suppress(OSError):
                free = f" ({shutil.disk_usage(library).free >> 20} MiB are free)"
            message = f"The disk that holds {library} is full{free}. Free some space and run this again."
        else:
            message = f"The library {library} cannot be written ({error}). Check the disk, and who may write there."
        raise LibraryError(f"{message} Nothing was changed: the library before is still in use.") from error
