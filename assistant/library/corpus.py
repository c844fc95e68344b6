"""The corpus folder: which of its files are documents, and what sources.csv and glossary.csv say of them.

Not documents: names beginning with "." or "_" (folders too), what other programs leave behind (Word's lock files,
Thumbs.db), README.md and the tables at the top (`AT_THE_TOP`), and prepared questions (questions/*.jsonl). Links to
folders are not followed, so that no loop and no stranger's folder comes in; `linked_folders` says which there are.
"""

import codecs
import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import get_args

from assistant.errors import LibraryError, UsageError
from assistant.library.prepared import FOLDER
from assistant.reading import shown
from assistant.records import Kind, Metadata

AT_THE_TOP = frozenset({"README.md", "sources.csv", "glossary.csv", "reading-list.csv"})
# Beside those that begin with "." (.DS_Store, ._x, .~lock.x#) or "_" (__MACOSX).
_LEFT_BEHIND = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini"})
_PATH_COLUMNS = ("path", "source", "file")
_LIKE = 0.75  # share of letters that a misspelt name has in common: "organization" and "titel" are such
_LISTS = frozenset({"organisations", "country", "mission"})


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file of the corpus: `source` is its path below the corpus with "/", as valid Unicode. `size` in bytes and
    `mtime_ns` are -1 for what cannot be looked at, such as a broken link."""

    source: str
    path: Path
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A row of glossary.csv: an acronym or term, what it stands for, its meaning, the document that explains it."""

    term: str
    expansion: str
    meaning: str
    document: str


@dataclass(frozen=True, slots=True)
class RowWithoutFile:
    """A row of sources.csv that describes no file of the corpus: its line, and the path that stands in it."""

    line: int
    path: str


@dataclass(frozen=True, slots=True)
class Descriptions:
    """What sources.csv says: the metadata and the expected sha256 by source, and sentences on rows that are wrong.

    `lines` says in which line each stands. `matching` fills the rest: `without_file` are rows that fit no file;
    `borrowed` maps a source without a row to that of the same bytes whose row describes it.
    """

    metadata: Mapping[str, Metadata]
    sha256: Mapping[str, str]
    complaints: tuple[str, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)
    without_file: tuple[RowWithoutFile, ...] = ()
    borrowed: Mapping[str, str] = field(default_factory=dict)


def files_of(corpus: Path) -> dict[str, CorpusFile]:
    """All documents of the corpus folder, by source, in order. Raises LibraryError when a folder cannot be listed:
    what stands in it would look as if it were gone."""
    found = (_corpus_file(corpus, path) for path in _walk(corpus, corpus))
    return {file.source: file for file in sorted(found, key=lambda file: file.source)}


def linked_folders(corpus: Path) -> list[str]:
    """The links to folders in the corpus, by their paths below it, in order: what is in them is left out."""
    found: list[str] = []
    for root, folders, _ in os.walk(corpus):
        below = Path(root).relative_to(corpus).parts
        folders[:] = [name for name in folders if is_document((*below, name))]
        found += [shown(Path(*below, name).as_posix()) for name in folders if Path(root, name).is_symlink()]
    return sorted(found)


def chosen_files(corpus: Path, paths: Iterable[Path]) -> dict[str, CorpusFile]:
    """The documents that the user named, files or folders. Raises UsageError for what is not a document of the
    corpus."""
    chosen: dict[str, CorpusFile] = {}
    for path in paths:
        inside = _inside(corpus, path)
        if _goes_through_a_link(corpus, inside):
            raise UsageError(
                f"{shown(str(path))} is, or lies in, a linked folder, and these are not followed. Put a copy of the "
                "folder itself into the corpus."
            )
        if inside.is_dir():
            found = list(_walk(corpus, inside))
        elif os.path.lexists(inside):
            found = [inside]
        else:
            raise UsageError(f"{shown(str(path))} does not exist. Check the name.")
        if not is_document(inside.relative_to(corpus).parts):
            raise UsageError(
                f"{shown(str(path))} is not a document: names beginning with '.', '_' or '~$', Thumbs.db, desktop.ini, "
                "the README.md, sources.csv, glossary.csv and reading-list.csv at the top and prepared questions are "
                "left out. Give it another name or place."
            )
        chosen.update((file.source, file) for file in (_corpus_file(corpus, found_path) for found_path in found))
    return dict(sorted(chosen.items()))


def descriptions(corpus: Path) -> Descriptions:
    """What sources.csv says, by the paths that stand in it. Raises UsageError when it is no table with a column
    `path`."""
    rows = list(table_rows(corpus / "sources.csv"))
    metadata: dict[str, Metadata] = {}
    lines: dict[str, int] = {}
    digests: dict[str, str] = {}
    complaints: list[str] = []
    for line, row in rows:
        column = next((name for name in _PATH_COLUMNS if name in row), None)
        if column is None:
            raise UsageError("sources.csv has no column `path`. Its first line must name the columns.")
        source = row[column].replace("\\", "/").removeprefix("./")
        if not source:
            continue
        if source in metadata:
            complaints.append(f"sources.csv, line {line}: {source} stands there twice; the later row counts.")
        metadata[source], lines[source] = _metadata(row, f"sources.csv, line {line}", complaints), line
        if row.get("sha256"):
            digests[source] = row["sha256"].lower()
    complaints += _misspelt_columns({name for _, row in rows for name in row})
    return Descriptions(metadata, digests, tuple(complaints), lines)


def merged(row: Metadata | None, own: Metadata) -> Metadata:
    """The file's own metadata with what the row of sources.csv says put over it; an empty cell says nothing."""
    said = {one.name: getattr(row, one.name) for one in fields(Metadata)} if row else {}
    return replace(own, **{name: value for name, value in said.items() if value})


def glossary(corpus: Path) -> list[GlossaryEntry]:
    """The entries of glossary.csv, in order; [] when there is none. Raises UsageError without its columns."""
    entries = []
    for _, row in table_rows(corpus / "glossary.csv"):
        if "term" not in row or "expansion" not in row:
            raise UsageError("glossary.csv needs the columns `term` and `expansion`. Its first line must name them.")
        if row["term"]:
            entries.append(
                GlossaryEntry(row["term"], row["expansion"], row.get("meaning", ""), row.get("document", ""))
            )
    return entries


def _walk(corpus: Path, folder: Path) -> Iterator[Path]:
    """The files below a folder that are documents."""

    def fail(error: OSError) -> None:
        raise LibraryError(f"The folder {error.filename} cannot be read ({error.strerror}). Nothing was changed.")

    for root, folders, names in os.walk(folder, onerror=fail):
        below = Path(root).relative_to(corpus).parts
        folders[:] = sorted(name for name in folders if is_document((*below, name)))
        yield from (Path(root, name) for name in sorted(names) if is_document((*below, name)))


def is_document(parts: tuple[str, ...]) -> bool:
    """Whether a file with this path below the corpus may be a document, by its names; a folder, whether it may hold
    any."""
    at_the_top = len(parts) == 1 and parts[0] in AT_THE_TOP
    prepared = len(parts) == 2 and parts[0] == FOLDER and parts[1].endswith(".jsonl")
    return not (at_the_top or prepared or any(map(_is_left_out, parts)))


def _is_left_out(name: str) -> bool:
    return name.startswith((".", "_", "~$")) or name.casefold() in _LEFT_BEHIND


def _inside(corpus: Path, path: Path) -> Path:
    """Where a named path stands in the corpus: as given (from the working folder), or counted from the corpus."""
    spellings = [path, corpus / path] if not path.is_absolute() else [path]
    candidates = [spelling for spelling in spellings if os.path.lexists(spelling)] or [path]
    for candidate in candidates:
        for base, name in ((_plain(corpus), _plain(candidate)), (corpus.resolve(), candidate.resolve())):
            if name.is_relative_to(base):
                return corpus / name.relative_to(base)
    raise UsageError(f"{shown(str(path))} is not in the corpus. Copy it into {corpus} and add it from there.")


def _goes_through_a_link(corpus: Path, inside: Path) -> bool:
    """Whether a folder on the way from the corpus to a path is a link, or the path itself is one to a folder."""
    steps = [inside, *inside.parents]
    return any(step.is_symlink() and step.is_dir() for step in steps[: steps.index(corpus)])


def _plain(path: Path) -> Path:
    return Path(os.path.normpath(path.absolute()))


def _corpus_file(corpus: Path, path: Path) -> CorpusFile:
    source = shown(path.relative_to(corpus).as_posix())
    try:
        status = path.stat()
    except OSError:
        return CorpusFile(source, path, -1, -1)
    return CorpusFile(source, path, status.st_size, status.st_mtime_ns)


def table_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, cells by lower-case column name) of a table; nothing when the file is not there."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise LibraryError(f"{path} cannot be read ({error.strerror}). Nothing was changed.") from error
    reader = _reader(decoded(data))
    try:
        for row in reader:
            cells = {key.strip().lower(): value for key, value in row.items() if isinstance(value, str) and key}
            yield reader.line_num, {key: " ".join(value.split()) for key, value in cells.items()}
    except csv.Error as error:
        raise UsageError(
            f"{path.name} is no table of comma-separated values ({error}). Save it again as CSV."
        ) from error


def _reader(text: str) -> "csv.DictReader[str]":
    """The rows of a table whose cells are parted by what parts its first line: Excel writes ";" in much of Europe."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep="):  # Excel's own line, which names the sign
        return csv.DictReader(io.StringIO(rest, newline=""), delimiter=first[4:5] or ",")
    return csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))


def decoded(data: bytes) -> str:
    """UTF-8, or what a spreadsheet on Windows writes."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").replace("\0", "")
    try:
        return data.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace").replace("\0", "")


def _misspelt_columns(names: Iterable[str]) -> list[str]:
    """A sentence for each column that is nearly named as a known one; others are notes of people."""
    known = [*_PATH_COLUMNS, "sha256", *(one.name for one in fields(Metadata))]
    meant = {name: get_close_matches(name, known, 1, _LIKE) for name in sorted(names) if name not in known}
    return [
        f"sources.csv: its column “{name}” is not read. If it is the {like[0]}, name it `{like[0]}`."
        for name, like in meant.items()
        if like
    ]


def _metadata(row: Mapping[str, str], place: str, complaints: list[str]) -> Metadata:
    """The fields of a row; a value that cannot be is complained of and taken as unknown."""
    values: dict[str, object] = {}
    for one in fields(Metadata):
        cell = row.get(one.name, "")
        if one.name in _LISTS:
            values[one.name] = tuple(part.strip() for part in cell.split(";") if part.strip())
        elif one.name == "kind" and cell and cell not in get_args(Kind):
            complaints.append(f"{place}: the kind “{cell}” is none of {', '.join(get_args(Kind))}.")
        elif one.name == "year" and cell:
            if cell.isdecimal():
                values["year"] = int(cell)
            else:
                complaints.append(f"{place}: the year “{cell}” is no number.")
        elif cell:
            values[one.name] = cell
    return replace(Metadata(), **values)  # type: ignore[arg-type]
