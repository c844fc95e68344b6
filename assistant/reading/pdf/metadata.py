"""What a PDF says about itself: its properties, the masthead of a UN document, its largest heading."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.reading.blocks.cleaning import clean
from assistant.reading.blocks.front_page import metadata_of
from assistant.reading.pdf.headings import LARGER
from assistant.reading.pdf.paragraphs import Measures, Paragraph
from assistant.records import Metadata

LONGEST_TITLE = 320  # characters
LETTERS = 0.6  # of the characters of a title; the noise of text recognition has fewer
FIRST = 6  # paragraphs in which a document names itself
_PART_OF_SYMBOL = r"/[A-Za-z0-9.-]+(?: ?\((?:Sect\.|19|20)[^)]*\))?(?:(?<=Part) [A-Z])?"
_SYMBOL = re.compile(rf"(?<![\w/])((?:A|S|E|ST|JIU|CCPR|CEDAW|DP|TD)(?:{_PART_OF_SYMBOL}){{2,6}})")
_DATE = re.compile(
    r"\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December) (\d{4})"
)
_YEAR = re.compile(r"(?<![\d/])(?:19|20)\d\d(?![\d/])")
_YEAR_IN_SYMBOL = re.compile(r"/((?:19|20)\d\d)(?:/|\Z)")
_NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel)|untitled|document\d*\Z|etpu\Z|slide \d"
    r"|.*\.(?:docx?|pdf|rtf|indd|wpd|qxd|tex|pptx?|p65)\Z"
    r"|[\w.-]*\d[\w.-]*\Z|\(?(?:no|sin|sans) (?:title|título|titre)\)?\Z|title\Z|layout \d|print\b",
    re.I,
)
_NUMBERED = re.compile(r"(?:[IVX]+|[A-Z]|\d{1,2})\.\s|Chapter ")
_ORGANISATION = re.compile(
    r"United Nations|Security Council|General Assembly|Economic and Social Council|Joint Inspection Unit|World Bank.*"
    r"|Distr\..*|Contents|Annex.*|Introduction|(?:Executive )?Summary",
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
    printed = _printed_title([paragraph for paragraph in first if not paragraph.filled_in], measures)
    title = _sensible(properties) or printed
    texts = [paragraph.text for paragraph in first]
    known = metadata_of([*furniture, *texts], printed or title)
    symbol = known.symbol or _symbol(furniture)
    return replace(
        known,
        title=known.title if known.kind == "resolution" else title,
        kind=known.kind or ("report" if any(_is_report(text) for text in texts[:FIRST]) else None),
        symbol=symbol,
        publisher=known.publisher or ("United Nations" if symbol else None),
        year=_year(furniture, symbol) or known.year or _only_year(texts[:FIRST]),
    )


def _sensible(title: str) -> str | None:
    """The title of the properties, if a person wrote it."""
    title = clean(title).replace("\n", " ").strip()
    good = len(title) <= LONGEST_TITLE and " " in title and not _NO_TITLE.match(title)
    return title if good else None


def _printed_title(first: Sequence[Paragraph], measures: Measures) -> str | None:
    """The paragraphs in the largest type of page 1, the first of them if several stand apart."""
    large = [paragraph for paragraph in first if paragraph.lines[0].size > LARGER * measures.size]
    large = [paragraph for paragraph in large if not _ORGANISATION.fullmatch(paragraph.text)]
    large = [paragraph for paragraph in large if not _NUMBERED.match(paragraph.text)]
    if not large:
        capitals = [p for p in first if all(line.is_capitals for line in p.lines)]
        large = [p for p in capitals if not _ORGANISATION.fullmatch(p.text) and not _NUMBERED.match(p.text)][:1]
    if not large:
        return None
    largest = max(large, key=lambda paragraph: round(paragraph.lines[0].size))
    text = clean(largest.text)
    letters = sum(character.isalpha() for character in text)
    return text if letters > max(4, LETTERS * len(text)) and len(text) <= LONGEST_TITLE else None


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


def _only_year(texts: Sequence[str]) -> int | None:
    """The year that the first paragraphs name, when they name one only."""
    years = {int(year) for text in texts if len(text) <= LONGEST_TITLE for year in _YEAR.findall(text)}
    return years.pop() if len(years) == 1 else None
