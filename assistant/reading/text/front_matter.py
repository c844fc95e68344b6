"""Front matter of a Markdown file, as Metadata: YAML between two lines of dashes, TOML between two of pluses."""

import dataclasses
import datetime
import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import cast, get_args

import yaml

from assistant.records import Kind, Metadata

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)
_TOML = re.compile(r"\A\ufeff?\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.S | re.M)
_NAMES = {field.name for field in dataclasses.fields(Metadata)}
_NAME = re.compile(r"[a-z][\w-]*")  # of a field that a program reads
_FIELD = re.compile(r"(?P<name>[A-Za-z][\w -]{0,40}):(?:\s+(?P<value>.*))?")
_WHOLE = re.compile(r"""(?!["'\[{]).*|"[^"]*"|'[^']*'""")  # not one that is quoted and goes on in the next line
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")


def split_front_matter(text: str) -> tuple[Metadata, str, str | None]:
    """The metadata, the text after the front matter, and a warning where the front matter is not what it should be.

    What stands between two rules and is no list of fields is text, and stays.
    """
    if toml := _TOML.match(text):
        return _split_toml(text, toml)
    found = _FRONT_MATTER.match(text)
    if found is None:
        return Metadata(), text, None
    rest = text[found.end() :]
    try:
        fields, warning = yaml.safe_load(found[1]), None
    except (yaml.YAMLError, RecursionError, ValueError):
        fields, warning = _line_by_line(found[1]), "The front matter is no valid YAML and was read line by line."
    if isinstance(fields, Mapping) and _are_names([str(name) for name in fields]):
        return metadata_from({str(name).lower(): value for name, value in fields.items()}), rest, warning
    if fields is None and warning is None:
        return Metadata(), rest, None
    return Metadata(), f"{text[: found.end(1)]}\n{text[found.end(1) :]}", None  # a rule under a line makes it a heading


def _split_toml(text: str, found: re.Match[str]) -> tuple[Metadata, str, str | None]:
    try:
        fields = tomllib.loads(found[1])
    except (ValueError, RecursionError):
        return Metadata(), text, "The front matter is no valid TOML and was read as text."
    return metadata_from({name.lower(): value for name, value in fields.items()}), text[found.end() :], None


def _are_names(names: Sequence[str]) -> bool:
    """Are these the names of fields, and not words before a colon in a text: "Warning: ...", "From: ..."?"""
    known = [name.lower() in _NAMES for name in names]
    likely = len(names) > 1 and all(known or _NAME.fullmatch(name) for known, name in zip(known, names, strict=True))
    return "title" in map(str.lower, names) or all(known) or likely


def _line_by_line(lines: str) -> dict[str, str] | None:
    """Fields of lines like "title: Lessons: the Marsh district", None where the first line is none."""
    found = [_FIELD.fullmatch(line) for line in lines.splitlines() if line.strip()]
    fields = {field["name"]: field["value"] or "" for field in found if field}
    whole = {name: value.strip("\"' ") for name, value in fields.items() if _WHOLE.fullmatch(value)}
    return whole if found and found[0] else None


def metadata_from(fields: Mapping[str, object]) -> Metadata:
    """Metadata from named values of any kind; what is missing, empty or not understood stays unknown.

    >>> metadata_from({"title": "Vetting", "country": "Liberia", "year": "2003", "kind": "poem"}).country
    ('Liberia',)
    """
    kind = _text(fields.get("kind"))
    return Metadata(
        title=_text(fields.get("title")),
        kind=cast(Kind, kind) if kind in get_args(Kind) else None,
        symbol=_text(fields.get("symbol")),
        publisher=_text(fields.get("publisher")),
        organisations=_texts(fields.get("organisations")),
        country=_texts(fields.get("country")),
        mission=_texts(fields.get("mission")),
        period=_text(fields.get("period")),
        year=_year(fields.get("year")) or _year(fields.get("date")),
        checked=_text(fields.get("checked")),
        edition=_text(fields.get("edition")),
        status=_text(fields.get("status")),
        licence=_text(fields.get("licence")),
    )


def _text(value: object) -> str | None:
    if isinstance(value, (str, int, float, datetime.date)) and not isinstance(value, bool):
        return str(value).strip() or None
    return None


def _texts(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, (list, tuple)) else [value]
    return tuple(text for text in map(_text, values) if text)


def _year(value: object) -> int | None:
    found = _YEAR.search(_text(value) or "")
    return int(found[1]) if found else None
