"""What a document says about itself on its first lines: title, symbol, year, kind. What is not clear stays unknown.

Documents of the United Nations name themselves in fixed ways; others have a title at most.
"""

import re
from collections.abc import Sequence
from dataclasses import fields, replace

from assistant.records import Metadata

FIRST_LINES = 12  # where a document names itself; below, it names others
LETTERHEAD_LINES = 40  # where a resolution says who speaks; some copies have a library's card before it
LONGEST_TITLE = 200  # characters
_RESOLUTION = re.compile(
    r"(?:(?:Distr\.?:? \w+ )?S/RES/|(?:Security Council )?resolution (?:S/RES/)?)(\d{1,4}) ?\((\d{4})\)", re.I
)
_EARLY_RESOLUTION = re.compile(r"(\d{1,3})(?: ?\(\d{4}\)\.)? Resolution of \d{1,2} \w+ (\d{4})", re.I)
_COUNCIL = re.compile(r"[\"“]?(?:The |UN )?Security\s+Council(?:[,.]|\s*\Z)")
_SYMBOL = re.compile(r"(?:A|S|E|A/HRC|S/PRST|A/RES|JIU/REP)/(?:\d{2,4}/)+[A-Z]?\.?\d+(?:/(?:Add|Rev|Corr)\.\d+)*")
_YEAR = re.compile(r"/((?:19|20)\d\d)/")
_NO_TITLE = re.compile(
    r"microsoft word|(?:powerpoint )?presentation\d*\Z|(?:word )?document\d*\Z|untitled"
    r"|.*\.(?:docx?|pptx?|dotx?|rtf|xlsx?|odt|ott|epub)\Z",
    re.I,
)
_GENERAL = re.compile(r"(?:table of )?contents|references|introduction|foreword|preface|(?:executive )?summary", re.I)


def metadata_of(lines: Sequence[str], title: str | None = None) -> Metadata:
    """The metadata that the first paragraphs of a document make clear. `title`: its first heading, if it has one.

    >>> metadata_of(["S/RES/1509 (2003)", "The Security Council,"]).title
    'Security Council resolution 1509 (2003)'
    """
    first = [line for line in lines[:FIRST_LINES] if len(line) <= LONGEST_TITLE]
    early = next(filter(None, map(_EARLY_RESOLUTION.match, first)), None)
    by_council = any(map(_COUNCIL.match, lines[:LETTERHEAD_LINES]))
    named = next(filter(None, map(_RESOLUTION.match, first)), None) if by_council else None
    if found := early or named:
        return _resolution(int(found[1]), int(found[2]))
    symbol = next((line for line in first if _SYMBOL.fullmatch(line)), None)
    year = _YEAR.search(symbol) if symbol else None
    return Metadata(
        title=title if title and len(title) <= LONGEST_TITLE and not _GENERAL.fullmatch(title) else None,
        kind="report" if title and title.lower().startswith("report of the ") else None,
        symbol=symbol,
        publisher="United Nations" if symbol else None,
        year=int(year[1]) if year else None,
    )


def title_by_hand(title: str | None) -> str | None:
    """The title in a file's properties on one line, None when there is none or a program put it there.

    >>> title_by_hand("Police reform\\n in Kosovo"), title_by_hand("Microsoft Word - report.doc")
    ('Police reform in Kosovo', None)
    """
    said = " ".join((title or "").split())
    return said if said and not _NO_TITLE.match(said) else None


def completed(metadata: Metadata, by: Metadata) -> Metadata:
    """The metadata with what it leaves open taken from another, which knows less surely."""
    names = [field.name for field in fields(Metadata)]
    return replace(by, **{name: getattr(metadata, name) for name in names if getattr(metadata, name)})


def _resolution(number: int, year: int) -> Metadata:
    return Metadata(
        title=f"Security Council resolution {number} ({year})",
        kind="resolution",
        symbol=f"S/RES/{number} ({year})",
        publisher="United Nations",
        year=year,
    )
