"""Front matter: the YAML between two lines of dashes at the head of a Markdown file, as Metadata."""

import datetime
import re
from collections.abc import Mapping
from typing import cast, get_args

import yaml

from assistant.records import Kind, Metadata

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")


def split_front_matter(text: str) -> tuple[Metadata, str, str | None]:
    """The metadata, the text after the front matter, and a warning where the front matter cannot be read.

    Broken front matter says nothing, and does not hide the text below it.
    """
    found = _FRONT_MATTER.match(text)
    if found is None:
        return Metadata(), text, None
    rest = text[found.end() :]
    try:
        fields = yaml.safe_load(found[1])
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return Metadata(), rest, f"The front matter is no valid YAML and was passed over ({type(error).__name__})."
    if not isinstance(fields, Mapping):
        return Metadata(), rest, "The front matter has no fields and was passed over." if fields else None
    return metadata_from({str(name).lower(): value for name, value in fields.items()}), rest, None


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
        year=_year(fields.get("year")),
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
