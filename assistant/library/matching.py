"""Which file of the corpus each row of sources.csv describes.

A path may be written otherwise than the file is named and still mean it: a Mac parts é into a letter and its accent,
Windows does not tell capitals. A row may also describe a file whose bytes stand in the corpus under another name.
"""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.library.corpus import Descriptions, RowWithoutFile, descriptions
from assistant.library.shelving import withdrawn_sources

_MOST_NAMED = 5  # rows named in one sentence


def descriptions_of(corpus: Path, sources: Collection[str]) -> Descriptions:
    """What sources.csv says of these sources, the files of the corpus. Raises UsageError when it is no table."""
    described = matched(descriptions(corpus), sources)
    if not described.without_file:
        return described
    waiting = withdrawn_sources(corpus)  # their rows stay for the day when they come back
    return replace(described, without_file=tuple(row for row in described.without_file if row.path not in waiting))


def matched(described: Descriptions, sources: Collection[str]) -> Descriptions:
    """The descriptions under the sources that they are of. A row that is a file's path but for Unicode form, capitals
    and spaces is taken for that file, where there is one such file and no row of its own."""
    alike: dict[str, list[str]] = {}
    for source in sources:
        if source not in described.metadata:
            alike.setdefault(_folded(source), []).append(source)
    names = {written: written for written in described.lines if written in sources}
    complaints: list[str] = []
    for written, line in described.lines.items():
        candidates = alike.get(_folded(written), [])
        meant = None if written in sources else _meant(written, candidates)
        if meant is not None:
            candidates.remove(meant)
            names[written] = meant
            how = "in another form of Unicode" if _nfc(meant) == _nfc(written) else "with other capitals or spaces"
            complaints.append(f"sources.csv, line {line}: “{written}” is taken for the file “{meant}”, written {how}.")
    return replace(
        described,
        metadata={names.get(written, written): said for written, said in described.metadata.items()},
        sha256={names.get(written, written): digest for written, digest in described.sha256.items()},
        complaints=(*described.complaints, *complaints),
        without_file=tuple(RowWithoutFile(n, path) for path, n in described.lines.items() if path not in names),
    )


def with_twins(described: Descriptions, sha256: Mapping[str, str]) -> Descriptions:
    """Descriptions also of files without a row, where one describes a file of the same bytes: only one of the two is
    kept, and it may be the one without. `sha256`: the digests of the files."""
    rows: dict[str, str] = {}
    for source in sorted(described.metadata):
        rows.setdefault(sha256.get(source, ""), source)
    rows.pop("", None)
    borrowed = {
        source: rows[digest] for source, digest in sha256.items() if digest in rows and source not in described.metadata
    }
    more = {source: described.metadata[lender] for source, lender in borrowed.items()}
    return replace(described, metadata={**described.metadata, **more}, borrowed=borrowed)


def rows_in_words(rows: Sequence[RowWithoutFile]) -> list[str]:
    """A sentence on rows that fit no file, where there are any."""
    if not rows:
        return []
    counted = "1 row that fits" if len(rows) == 1 else f"{len(rows)} rows that fit"
    named = ", ".join(f"{row.path} (line {row.line})" for row in rows[:_MOST_NAMED])
    more = f" and {len(rows) - _MOST_NAMED} more" if len(rows) > _MOST_NAMED else ""
    return [f"sources.csv has {counted} no file: {named}{more}. Check how the path is written."]


def _meant(written: str, alike: Sequence[str]) -> str | None:
    """The one of sources that read alike which a path means; None where there is none, or no telling."""
    found = [source for source in alike if _nfc(source) == _nfc(written)] or alike
    return found[0] if len(found) == 1 else None


def _nfc(path: str) -> str:
    return unicodedata.normalize("NFC", path)


def _folded(path: str) -> str:
    return _nfc(" ".join(_nfc(path.replace("\\", "/")).split()).casefold())
