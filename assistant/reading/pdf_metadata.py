"""What a PDF says about itself: its properties, the masthead of a UN document, its largest heading."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.reading.cleaning import clean
from assistant.reading.front_page import metadata_of
from assistant.reading.pdf_paragraphs import Measures, Paragraph
from assistant.records import Metadata

LONGEST_TITLE = 220  # characters
LARGER = 1.08  # times the usual font size: the type of a title
_SYMBOL = re.compile(
    r"(?<![\w/])((?:A|S|E|ST|JIU|CCPR|CEDAW|DP|TD)(?:/[A-Za-z0-9.-]+(?: ?\((?:Sect\.|19|20)[^)]*\))?){2,5})"
)
_DATE = re.compile(
    r"\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December) (\d{4})"
)
_YEAR_IN_SYMBOL = re.compile(r"/((?:19|20)\d\d)(?:/|\Z)")
_NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel)|untitled|document\d*\Z|etpu\Z|slide \d"
    r"|.*\.(?:docx?|pdf|rtf|indd|wpd|qxd|tex|pptx?|p65)\Z"
    r"|[\w.-]*\d[\w.-]*\Z|\(?(?:no|sin|sans) (?:title|título|titre)\)?\Z|title\Z|layout \d|print\b",
    re.I,
)


def metadata(
    properties: str, furniture: Sequence[str], paragraphs: Sequence[Paragraph], measures: Measures
) -> Metadata:
    """The metadata of a document.

    `properties` is the title in the file's properties; `furniture` the lines of page 1 and of the running heads,
    most frequent first; `paragraphs` those of the document.
    """
    first = [paragraph for paragraph in paragraphs if paragraph.lines[0].page == 0 and not paragraph.table]
    printed = _printed_title(first, measures)
    title = _sensible(properties) or printed
    texts = [paragraph.text for paragraph in first]
    known = metadata_of([*furniture, *texts], printed or title)
    symbol = known.symbol or _symbol(furniture)
    return replace(
        known,
        title=known.title if known.kind == "resolution" else title,
        kind=known.kind or ("report" if any(_is_report(text) for text in texts[:6]) else None),
        symbol=symbol,
        publisher=known.publisher or ("United Nations" if symbol else None),
        year=_year(furniture, symbol) or known.year,
    )


def _sensible(title: str) -> str | None:
    """The title of the properties, if a person wrote it."""
    title = clean(title).replace("\n", " ").strip()
    good = 8 <= len(title) <= LONGEST_TITLE and " " in title and not _NO_TITLE.match(title)
    return title if good else None


def _printed_title(first: Sequence[Paragraph], measures: Measures) -> str | None:
    """The paragraphs in the largest type of page 1, the first of them if several stand apart."""
    large = [paragraph for paragraph in first if paragraph.lines[0].size > LARGER * measures.size]
    if not large:
        return None
    largest = max(large, key=lambda paragraph: round(paragraph.lines[0].size))
    text = clean(largest.text)
    letters = sum(character.isalpha() for character in text)
    return text if letters > 4 and len(text) <= LONGEST_TITLE else None


def _is_report(text: str) -> bool:
    return re.match(r"(?:\w+ ){0,3}[Rr]eport of the |Report on ", text) is not None


def _symbol(furniture: Iterable[str]) -> str | None:
    found = Counter(symbol[1].strip() for line in furniture for symbol in _SYMBOL.finditer(line))
    return found.most_common(1)[0][0].rstrip(".*-") if found else None


def _year(furniture: Sequence[str], symbol: str | None) -> int | None:
    """The year in the symbol or in the date of the masthead."""
    if symbol and (found := _YEAR_IN_SYMBOL.search(symbol)):
        return int(found[1])
    dates = [found for line in furniture if (found := _DATE.search(line))]
    return int(dates[0][1]) if dates else None
