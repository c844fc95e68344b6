"""What an ingest has to do: the corpus as it is now, held against the library as it is.

A file is read when its bytes are new, or the reader is; its text is split and embedded again when the splitter, the
model or its metadata is new; else it stays as it is. Nothing here reads more of a file than its digest.
"""

import json
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import TooManyWithdrawn
from assistant.library.catalogue import Catalogue
from assistant.library.corpus import CorpusFile, Descriptions, merged
from assistant.library.entries import Duplicate, Filed
from assistant.library.generations import write_durably
from assistant.reading import digest
from assistant.records import Refusal

MAY_GO = 3  # so many files may always be gone
SHARE_MAY_GO = 0.2  # of a larger library: more looks like a folder that was not mounted
_BY_OCR = "+ocr"  # after the version of a reader that also read scanned pages
_SETTLED_S = 2.0  # a file changed so shortly before may change again without a sign


@dataclass(frozen=True, slots=True)
class Versions:
    """What decides, besides the bytes of a file, whether its work can be taken over. `readers`: the version of each
    format's reader. `ocr`: scanned pages are read."""

    readers: Mapping[str, str]
    splitter: str
    encoder: str
    ocr: bool = False

    def reads_as(self, format_: str) -> str:
        """The version of a format's reader that is filed with what it reads now."""
        return f"{format_}:{self.readers[format_]}{_BY_OCR if self.ocr else ''}"

    def has_read(self, version: str, *, lacks_text: bool) -> bool:
        """Whether what a reader of that version made of a file need not be made again."""
        format_, _, reader = version.partition(":")
        if reader.removesuffix(_BY_OCR) != self.readers.get(format_):
            return False
        return reader.endswith(_BY_OCR) or not (self.ocr and lacks_text)


@dataclass(frozen=True, slots=True)
class Stored:
    """What the current library knows of its files; empty when there is none. `encoder` made its vectors;
    `lacking_text` are documents with pages that have none."""

    filed: Mapping[str, Filed] = field(default_factory=dict)
    refusals: Mapping[str, tuple[Refusal, str]] = field(default_factory=dict)
    duplicates: Mapping[str, Duplicate] = field(default_factory=dict)
    encoder: str = ""
    lacking_text: frozenset[str] = frozenset()

    @classmethod
    def of(cls, catalogue: Catalogue, encoder: str) -> "Stored":
        return cls(
            filed=catalogue.filed(),
            refusals={refusal.source: (refusal, version) for refusal, version in catalogue.refusals()},
            duplicates={duplicate.source: duplicate for duplicate in catalogue.duplicates()},
            encoder=encoder,
            lacking_text=frozenset(info.source for info in catalogue.documents() if info.pages_without_text),
        )

    def sha256_of(self, source: str) -> str:
        """Of a document or duplicate, the digest of its bytes when it was read."""
        return self.filed[source].sha256 if source in self.filed else self.duplicates[source].sha256


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with each source. `withdrawn`: documents that are gone; `dropped`: refused files that are gone."""

    unchanged: tuple[str, ...] = ()
    to_read: tuple[CorpusFile, ...] = ()
    to_split: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    withdrawn: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        return not (self.to_read or self.to_split or self.withdrawn or self.dropped)


class Digests:
    """The sha256 of files, taken from the last ingest where size and time are the same and the reader was of this
    `version`; with `afresh` always from the file. `changed_unseen`: files whose bytes are others all the same."""

    def __init__(self, path: Path, corpus: Path, version: str, *, afresh: bool = False) -> None:
        self._path = path
        self._says = {"corpus": str(corpus.resolve()), "reader": version}
        self._before: dict[str, list[object]] = {}
        self._trusted: dict[str, list[object]] = {}
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            cache = json.loads(path.read_text())
            self._before = cache["files"] if cache["corpus"] == self._says["corpus"] else {}
            self._trusted = self._before if cache.get("reader") == version else {}
        self._afresh = afresh
        self._found: dict[str, list[object]] = {}
        self.changed_unseen: list[str] = []

    def of(self, file: CorpusFile) -> str:
        """The sha256 of a file; "" when it cannot be read."""
        looks = [file.size, file.mtime_ns]
        trusted = [] if self._afresh else self._trusted.get(file.source, [])
        sha256 = str(trusted[2]) if trusted[:2] == looks else digest(file.path)
        before = self._before.get(file.source, [])
        if before[:2] == looks and before[2] != sha256:
            self.changed_unseen.append(file.source)
        if sha256:
            self._found[file.source] = [*looks, sha256]
        return sha256

    def save(self, *, whole_corpus: bool) -> None:
        """Remember the digests for the next ingest; after the whole corpus, only these."""
        settled = time.time_ns() - int(_SETTLED_S * 1e9)
        files = self._found if whole_corpus else {**self._trusted, **self._found}
        files = {source: entry for source, entry in files.items() if int(str(entry[1])) < settled}
        if files != self._trusted:
            write_durably(self._path, json.dumps({**self._says, "files": files}))


def make_plan(
    files: Mapping[str, CorpusFile],
    sha256: Mapping[str, str],
    stored: Stored,
    descriptions: Descriptions,
    versions: Versions,
    *,
    whole_corpus: bool,
    retry: bool,
) -> Plan:
    """Decide for every one of `files`, whose digests are `sha256`, and, when they are the whole corpus, for what is
    gone from it."""
    gone = {source for source in (*stored.filed, *stored.duplicates) if whole_corpus and source not in files}
    refused = {} if retry else _refused_again(sha256, stored, versions)
    reading = {source for source in files if source not in refused and not _is_known(source, sha256, stored, versions)}
    leaving = reading | gone
    # A duplicate has no text of its own: when the document that has it goes or changes, it is read again.
    reading |= {d.source for d in stored.duplicates.values() if d.source in files and d.same_as in leaving}
    staying = [source for source in stored.filed if source not in reading | gone]
    to_split = {source for source in staying if _must_be_split(source, files, stored, descriptions, versions)}
    return Plan(
        unchanged=tuple(s for s in staying if s in files and s not in to_split and s not in refused),
        to_read=tuple(files[source] for source in sorted(reading)),
        to_split=tuple(sorted(to_split)),
        refused=tuple(refused[source] for source in sorted(refused)),
        duplicates=tuple(d for d in stored.duplicates.values() if d.source in files and d.source not in reading),
        withdrawn=tuple(sorted(gone)),
        dropped=tuple(s for s in stored.refusals if whole_corpus and s not in files and s not in gone),
    )


def check_withdrawal(plan: Plan, stored: Stored, sha256: Mapping[str, str]) -> None:
    """Raise TooManyWithdrawn when so much is gone that it looks like a mistake. What only moved is not gone."""
    here = set(sha256.values())
    gone = [source for source in plan.withdrawn if stored.sha256_of(source) not in here]
    total = len(stored.filed) + len(stored.duplicates)
    if len(gone) > MAY_GO and len(gone) > SHARE_MAY_GO * total:
        raise TooManyWithdrawn(
            f"{len(gone)} of {total} documents are gone from the corpus ({', '.join(gone[:3])} ...). Nothing was "
            "changed. Put them back, or run again with --withdraw to take them out of the library."
        )


def _refused_again(sha256: Mapping[str, str], stored: Stored, versions: Versions) -> dict[str, Refusal]:
    """The remembered refusals of files that are still the same, by source."""
    return {
        source: refusal
        for source, (refusal, version) in stored.refusals.items()
        if refusal.sha256
        and sha256.get(source) == refusal.sha256
        and versions.has_read(version, lacks_text=refusal.reason == "no-text")
    }


def _is_known(source: str, sha256: Mapping[str, str], stored: Stored, versions: Versions) -> bool:
    """Whether these very bytes have been read by this very reader."""
    known = stored.filed.get(source) or stored.duplicates.get(source)
    return (
        known is not None
        and known.sha256 == sha256[source]
        and versions.has_read(known.reader_version, lacks_text=source in stored.lacking_text)
    )


def _must_be_split(
    source: str, files: Collection[str], stored: Stored, descriptions: Descriptions, versions: Versions
) -> bool:
    """Whether the passages of a stored document must be made again: vectors of two models never stand together."""
    filed = stored.filed[source]
    metadata = merged(descriptions.metadata.get(source), filed.own_metadata)
    return stored.encoder != versions.encoder or (
        source in files and (filed.splitter_version != versions.splitter or filed.metadata != metadata)
    )
