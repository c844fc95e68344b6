"""Questions that the library can answer: prepared ones near a question, then headings; each is checked by asking."""

import re
import time
from collections.abc import Iterable, Iterator, Sequence

import streamlit as st

from assistant.assistant import Assistant
from assistant.query.language import ENGLISH, language_of
from assistant.query.words import content_terms
from assistant.records import Answer, Filters
from assistant.retrieval import SAME_QUESTION, encoded_question

MOST = 3
_ASKS = 8  # candidates that are tried
_TIME_S = 1.5  # after it no further one is tried
_NEAR = 10  # passages whose headings are looked at
_ON_TOPIC = 0.5  # cosine of a prepared question that is worth suggesting
_WORDS = range(2, 13)  # of a heading that can be made into a question

_NUMBER = re.compile(r"^(?:[A-Z]?\d+(?:[.-]\d+)*[.):]?|[IVX]+\.|\([a-z]\)|Box \d+[.:]?)\s+")
_ASKS_ALREADY = re.compile(r"^(?:how|why|when|where|what|who|which)\b", re.I)
_INDIRECT = re.compile(
    r"^(?P<ask>how|why|when|where|what)\s+(?P<subject>[^,]+?)\s+"
    r"(?P<verb>is|are|was|were|can|could|should|must|may)(?!\s+to\b)\s+(?P<rest>[^,]+)$",
    re.I,
)
_MEANS = re.compile(r"^what\s+(?P<term>.+?)\s+(?:means?|meant)$", re.I)
_STARTS_WITH_VERB = re.compile(r"^(?:who|what|which \w+)\s+(?:is|are|was|were|did|does|do|happened|can|should)\b", re.I)
_NO_TOPIC = re.compile(
    r"^(?:annex|appendix|part|chapter|table|figure|box|introduction|conclusions?|contents|summary|references|"
    r"bibliography|further reading|foreword|preface|notes?|sources?|acknowledg\w+|see also)\b",
    re.I,
)


def question_from(heading: str) -> str | None:
    """A heading as a question; None where no plain question comes of it.

    >>> question_from("3.2 How the police was rebuilt"), question_from("What vetting means")
    ('How was the police rebuilt?', 'What does vetting mean?')
    >>> question_from("Vetting of police"), question_from("Annex B: forms")
    ('What do the documents say about “Vetting of police”?', None)
    """
    words = _NUMBER.sub("", " ".join(heading.split())).rstrip(" .:;")
    if words.endswith("?"):
        return words
    if len(words.split()) not in _WORDS or _NO_TOPIC.match(words) or not content_terms(words):
        return None
    if means := _MEANS.match(words):
        return f"What does {means['term']} mean?"
    if _STARTS_WITH_VERB.match(words):
        return f"{words}?"
    if indirect := _INDIRECT.match(words):
        return f"{indirect['ask']} {indirect['verb'].lower()} {indirect['subject']} {indirect['rest']}?"
    if _ASKS_ALREADY.match(words):
        return None
    return f"What do the documents say about “{words}”?"


def suggested_questions(answer: Answer, filters: Filters, asked: Sequence[str], assistant: Assistant) -> list[str]:
    """Up to three questions near an answer, none of them asked before, each of which the library answers now.

    Takes about as long as a handful of questions the first time, at most about two seconds; then nothing.
    """
    return _checked(answer.generation, answer.rewritten or answer.question, filters, tuple(asked), assistant)


@st.cache_data(show_spinner=False, max_entries=500)
def _checked(
    generation: str, question: str, filters: Filters, asked: tuple[str, ...], _assistant: Assistant
) -> list[str]:
    known = {_folded(one) for one in (*asked, question)}
    found: list[str] = []
    until = time.perf_counter() + _TIME_S
    for tried, (candidate, source) in enumerate(_candidates(question, filters, _assistant)):
        if tried == _ASKS or len(found) == MOST or time.perf_counter() > until:
            break
        if _folded(candidate) in known:
            continue
        known.add(_folded(candidate))
        answer = _assistant.ask(candidate, filters=filters, written=False)
        if answer.status == "answered" and source in {citation.source for citation in answer.citations}:
            found.append(candidate)
    return found


def _candidates(question: str, filters: Filters, assistant: Assistant) -> Iterator[tuple[str, str]]:
    """Prepared questions near this one; questions from the headings over the nearest passages, then from the headings
    after those; with the source."""
    vector = encoded_question(assistant.encoder, question).vector
    for place, cosine in assistant.library.nearest_questions(vector, _ASKS):
        if _ON_TOPIC <= cosine < SAME_QUESTION and language_of(place.question) == ENGLISH:
            yield place.question, place.source
    near = assistant.search(question, _NEAR, filters=filters)
    places = [(reading.passage.source, reading.passage.section[-1]) for reading in near if reading.passage.section]
    headings = dict.fromkeys([*places, *_next_headings(places, assistant)])
    for source, heading in headings:
        made = question_from(heading)
        if made and heading != assistant.library.document(source).metadata.title:
            yield made, source


def _next_headings(places: Iterable[tuple[str, str]], assistant: Assistant) -> Iterator[tuple[str, str]]:
    for source, heading in dict.fromkeys(places):
        titles = [entry.title for entry in assistant.library.outline(source)]
        if heading in titles[:-1]:
            yield source, titles[titles.index(heading) + 1]


def _folded(question: str) -> str:
    return " ".join(content_terms(question))
