"""Whether the library comes near enough to a question, and what is said where it does not answer.

Each abstention has a named reason. What an answer would have to hold and lacks is looked for in gaps.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.answering.citations import Quote, spans_of
from assistant.answering.draft import Draft
from assistant.answering.quotable import is_quotable
from assistant.records import AbstentionReason, Metadata, Nearest, Query, Reading

if TYPE_CHECKING:
    from assistant.library import Library

# The reader's score (0 to 1) of the best passage below which the library does not answer (docs/decisions.md).
ANSWERS = 0.3
NEAREST = 3  # documents that an abstention names
_THINGS = {
    "date": "when",
    "count": "how many or how much",
    "share": "what share",
    "money": "how much money",
    "resolution": "which resolution",
    "vote": "how the vote went",
}


def small_talk(library: "Library") -> Draft:
    """What is said to a greeting or thanks: what can be asked here."""
    text = (
        f"Ask me about security sector reform. I answer only from the {_counted(library)} of this library, sentence by "
        "sentence, each with its place. I am a program, and say so when the library has no answer."
    )
    return Draft(text, reason="small-talk")


def is_near(readings: Sequence[Reading]) -> bool:
    """Whether any passage is likely enough to answer."""
    return bool(readings) and readings[0].score >= ANSWERS


def abstain(
    reason: AbstentionReason, query: Query, readings: Sequence[Reading], library: "Library", what: str = ""
) -> Draft:
    """Says plainly that the library does not answer, why, and what comes nearest. `what` is what is missing: a sort of
    thing, a year, a name or a paragraph. A document that the question names and the library lacks is a reason before
    any other."""
    documents = {info.source: info.metadata for info in library.documents()}
    unknown = [symbol for symbol in query.symbols if not _is_held(symbol, documents)]
    nearest = tuple(_nearest(readings, documents))
    if unknown and reason == "paragraph-missing":
        text = f"The library does not hold {' or '.join(unknown)} itself, and its notes do not tell of {what}."
    elif unknown:
        reason = "document-missing"
        text = f"The library does not hold {' or '.join(unknown)}, so it cannot answer this."
    elif reason == "thing-missing":
        text = f"The library comes near to this, but does not say {_THINGS[what]}."
    elif what:
        text = f"The library comes near to this, but what it says is not of {what}."
    else:
        text = f"The library does not answer this: nothing in its {_counted(library)} says it clearly enough to quote."
    if nearest:
        titles = dict.fromkeys(f"“{near.title or near.source}”" for near in nearest)
        text += f" The nearest passages are in {_enumerated(list(titles))}."
    if (allowed := library.select(query.filters)) is not None:
        text += f" The filters let through {len(allowed)} of its {_counted(library)}."
    text += " Try other words, or name a country, a mission or a document."
    return Draft(text, nearest=nearest, reason=reason)


def _counted(library: "Library") -> str:
    count = len(library.documents())
    return f"{count} document{'s' if count != 1 else ''}"


def _is_held(symbol: str, documents: Mapping[str, Metadata]) -> bool:
    return any(symbol in f"{data.symbol} {data.title}" for data in documents.values())


def _nearest(readings: Sequence[Reading], documents: Mapping[str, Metadata]) -> Iterator[Nearest]:
    """The best passage of each of the nearest documents."""
    seen: set[str] = set()
    for reading in readings:
        passage = reading.passage
        quotable = [i for i, s in enumerate(passage.sentences) if is_quotable(passage, s)]
        if passage.source in seen or not quotable:
            continue
        seen.add(passage.source)
        best = max(quotable, key=lambda i: reading.sentence_scores[i])
        span = spans_of(Quote(passage, best, best))[0]
        title = documents[passage.source].title
        yield Nearest(passage.source, title, span.page, passage.section, span.text, round(reading.score, 4))
        if len(seen) == NEAREST:
            return


def _enumerated(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
