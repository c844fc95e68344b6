"""Passages for a question: dense, sentence and full-text rankings, fused by reciprocal rank.

Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009): cosine and BM25 live on different scales, ranks
do not. A document whose symbol stands in the question gets rankings of its own, so that its passages are read whatever
else there is; nothing is shut out by a symbol.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from numpy.typing import NDArray
from pydantic import ConfigDict

from assistant.encoder import Encoder, TokenVectors
from assistant.passages import item_number
from assistant.provenance import source_type
from assistant.query import understand
from assistant.query.recognition import asks_for_teaching, defined_term, find_heading, find_paragraph, forms_of
from assistant.query.words import stem, stems
from assistant.records import Filters, Hit, Metadata, Passage, PreparedPlace, Query

if TYPE_CHECKING:
    from assistant.library import Library

K = 60  # the paper's constant: how fast a rank's weight falls
DEPTH = 50  # passages of each ranking
NAMED_DEPTH = 20  # of a ranking among the documents of a symbol in the question
CANDIDATES = 100  # passages that the reader reads
WORDS_OF_A_PHRASE = 4  # fewer stand in many places by chance
MOST_WITH_PHRASE = 10  # passages; what stands in more tells nothing apart
PREPARED_DEPTH = 10  # prepared questions that are looked at
# Of questions by other hands, 12% have a prepared question nearer than .82, and of these .84 lead to the very passage;
# of near misses 2%, of questions on other things 0.1% (docs/decisions.md). From .7 on they are one ranking of several.
SAME_QUESTION = 0.82
NEAR_QUESTION = 0.70
_DEFINING_VERBS = ("is", "are", "means", "refers to", "is defined as", "describes")
# Words in capitals, but not the one that begins the question unless it is an acronym.
_NAME = re.compile(r"(?:(?<=\w )|(?<=[,;:(] ))[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*|\b[A-Z][A-Z-]+\b")
_UNDER_HEADING = 50  # passages that are looked through for a heading
_EVERYWHERE = 0.5  # a name that more than this share of the documents carry tells nothing apart


class HybridRetriever(BaseRetriever):
    """The passages nearest to a question, by meaning and by words.

    As a LangChain retriever it takes the question as text and gives `k` documents whose metadata hold source, page
    and passage id; `hits` takes a Query and gives records.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Any
    encoder: Encoder
    k: int = 10
    candidates: int = CANDIDATES
    with_prepared: bool = True

    def hits(self, query: Query, k: int = CANDIDATES) -> list[Hit]:
        """The k best passages or fewer, best first. Deterministic: ties go to the ranking that comes first."""
        allowed = self.library.select(query.filters)
        prepared = self._prepared(query, allowed) if self.with_prepared else {}
        rankings = {"prepared": list(prepared)} | dict(self._rankings(query, allowed))
        best = fuse(list(rankings.values()))[:k]
        places = {name: {key: rank for rank, key in enumerate(ids, 1)} for name, ids in rankings.items()}
        passages = self.library.passages([key for key, _ in best])
        left_out = self._left_out(query)
        return [
            Hit(passage, score, {name: ranks[key] for name, ranks in places.items() if key in ranks}, prepared.get(key))
            for passage, (key, score) in zip(passages, best, strict=True)
            if passage.source not in left_out
        ]

    def _left_out(self, query: Query) -> frozenset[str]:
        """The lesson sheets, unless teaching is asked about: their exercises tell of people and countries that are
        made up, and must not be quoted as facts."""
        if asks_for_teaching(query.text) or "lesson" in query.filters.kind:
            return frozenset()
        return frozenset(info.source for info in self.library.documents() if info.metadata.kind == "lesson")

    def _prepared(self, query: Query, allowed: Collection[str] | None) -> dict[str, PreparedPlace | None]:
        """By passage id, the places to which near prepared questions lead, best first; None for a question that is not
        near enough to be taken for the one that is asked."""
        vector = encoded_question(self.encoder, query.text).vector
        found: dict[str, PreparedPlace | None] = {}
        for place, cosine in self.library.nearest_questions(vector, PREPARED_DEPTH):
            if cosine >= NEAR_QUESTION and (allowed is None or place.source in allowed):
                for key in place.passages:
                    found.setdefault(key, place if cosine >= SAME_QUESTION else None)
        return found

    def _rankings(self, query: Query, allowed: Collection[str] | None) -> Iterator[tuple[str, list[str]]]:
        """Passage ids, best first, by the name of the ranking."""
        vector = encoded_question(self.encoder, query.text).vector
        match = [*query.terms, *query.expansions]
        if asked := asked_paragraph(query, self.library):
            yield "paragraph", [key for key in asked if allowed is None or self._source(key) in allowed]
        if phrase := _typed_out(query):
            found = [key for key, _ in self.library.full_text([phrase], MOST_WITH_PHRASE + 1, allowed)]
            yield "phrase", found if len(found) <= MOST_WITH_PHRASE else []
        if phrases := _defining_phrases(query):
            yield "definition", [key for key, _ in self.library.full_text(phrases, NAMED_DEPTH, allowed)]
        yield from self._of_sources("", vector, match, allowed, DEPTH)
        named = named_sources(query, self.library)
        for symbol in query.symbols:
            sources = named.get(symbol, frozenset())
            if within := sources if allowed is None else sources & frozenset(allowed):
                yield from self._of_sources(f" of {symbol}", vector, match, within, NAMED_DEPTH)

    def _of_sources(
        self,
        suffix: str,
        vector: NDArray[np.float32],
        match: Sequence[str],
        sources: Collection[str] | None,
        depth: int,
    ) -> Iterator[tuple[str, list[str]]]:
        yield f"dense{suffix}", [key for key, _ in self.library.nearest(vector, depth, sources)]
        sentences = self.library.nearest_sentences(vector, 2 * depth, sources)
        yield f"sentences{suffix}", list(dict.fromkeys(key for key, _, _ in sentences))[:depth]
        yield f"full text{suffix}", [key for key, _ in self.library.full_text(match, depth, sources)]

    def _source(self, key: str) -> str:
        [passage] = self.library.passages([key])
        return str(passage.source)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        return [
            LangChainDocument(
                id=hit.passage.id,
                page_content=hit.passage.text,
                metadata={
                    "source": hit.passage.source,
                    "page": hit.passage.spans[0].page,
                    "section": " > ".join(hit.passage.section),
                    "score": hit.score,
                },
            )
            for hit in self.hits(understand(query, (), Filters(), self.library), self.k)
        ]


def fuse(rankings: Sequence[Sequence[str]], k: int = K) -> list[tuple[str, float]]:
    """Merge rankings of passage ids, best first, into one list of (id, score), best first.

    An id missing from a ranking gets nothing from it. Ties keep the order of first appearance, so the same
    rankings always give the same list.

    >>> fuse([["a", "b"], ["b", "c"]])[0][0]
    'b'
    """
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, key in enumerate(ranking, start=1):
            scores[key] = scores.get(key, 0.0) + 1.0 / (k + rank)
    return sorted(scores.items(), key=lambda item: -item[1])


# What joins the names of a comparison, and goes with the one that is left out.
_JOINT = r",? (?:and|or|to|with|from|than|versus|vs\.?)(?: (?:in|of|the))*"


def without_others(query: Query, name: str) -> Query:
    """The question about one of the things it names, the other names left out: one side of a comparison."""
    text = query.text
    gone: set[str] = set()
    for other in query.names:
        if other != name:
            gone_with_it = rf"{re.escape(other)}(?:['’]s)?"
            text = re.sub(rf"{_JOINT} {gone_with_it}\b|\b{gone_with_it}(?:{_JOINT} |\b)", "", text, flags=re.IGNORECASE)
            gone |= stems(other) - stems(name)
    terms = tuple(term for term in query.terms if stem(term) not in gone)
    return replace(query, text=" ".join(text.split()), terms=terms)


@lru_cache(maxsize=64)
def encoded_question(encoder: Encoder, text: str) -> TokenVectors:
    """A question's vector and those of its word pieces. Retrieval and reader ask for the same ones."""
    return encoder.encode_query(text)


def _typed_out(query: Query) -> str | None:
    """The whole text where it may be words out of a document, which a person looks for, and no question."""
    return query.text if len(query.text.split()) >= WORDS_OF_A_PHRASE and "?" not in query.text else None


def _defining_phrases(query: Query) -> list[str]:
    """How a sentence that defines the term of the question would begin, as phrases for the full text."""
    term = defined_term(query.asking) if query.type == "definition" else None
    if term is None:
        return []
    names = forms_of(term, query.expansions)
    both = [f"{long} {short}" for long in names for short in names if " " in long and short.isupper()]
    return [f"{name} {verb}" for name in [*names, *both] for verb in _DEFINING_VERBS]


def named_sources(query: Query, library: "Library") -> Mapping[str, frozenset[str]]:
    """For each symbol, name and year in the question, the documents that carry it in their metadata or title."""
    documents = library.documents()
    found: dict[str, frozenset[str]] = {}
    long_forms = [form for form in query.expansions if " " in form]
    in_capitals = [match[0] for match in _NAME.finditer(query.text)]
    for name in dict.fromkeys([*query.symbols, *query.names, *map(str, query.years), *long_forms, *in_capitals]):
        sources = frozenset(info.source for info in documents if _carries(info.metadata, name))
        if sources and len(sources) <= max(1, _EVERYWHERE * len(documents)) and sources not in found.values():
            found[name] = sources
    return found


def _carries(metadata: Metadata, name: str) -> bool:
    if name in metadata.country or name in metadata.mission or name in metadata.organisations:
        return True
    if str(metadata.year) == name:
        return True
    stated = f"{metadata.symbol or ''} | {metadata.title or ''}"
    return bool(re.search(rf"(?<![\w/]){re.escape(name)}(?!\w)", stated, re.IGNORECASE))


def asked_paragraph(query: Query, library: "Library") -> list[str]:
    """The passages of the numbered paragraph that the question asks for, in the document that it names, or under the
    heading that it asks for ("Article 37"), in the document whose title is most like the question."""
    number = find_paragraph(query.text) if query.type == "paragraph" else None
    if number is None:
        return []
    named = named_sources(query, library)
    symbols = [name for name in named if name in query.symbols] or list(named)
    sources = frozenset.intersection(*(named[name] for name in symbols)) if named else frozenset[str]()
    if query.symbols:  # a note numbers its own paragraphs, not those of the text that it is about
        sources = frozenset(one for one in sources if source_type(library.document(one).metadata) != "note")
    if heading := find_heading(query.text):
        return [p.id for p in _under_heading(query, heading, library, sources)]
    wanted = number.strip("()")
    passages = [passage for source in sorted(sources) for passage in library.passages_of(source)]
    numbered = [p.id for p in passages if wanted in [n.strip("(). ") for n in (p.paragraph or "").split(",")]]
    return numbered or [p.id for p in passages if wanted in [item_number(p, i) for i in range(len(p.sentences))]]


def _is_under(passage: Passage, heading: str) -> bool:
    """Whether a passage stands under a heading of this noun and number: "article 37" under "Article 37. Escape"."""
    found = re.compile(rf"{re.escape(heading)}(?![\w-]|\.\d)", re.IGNORECASE)
    return any(found.match(one) for one in passage.section)


def _under_heading(query: Query, heading: str, library: "Library", sources: Collection[str]) -> list[Passage]:
    """The passages under the heading that a question asks for, in these sources, or where there are none in the
    documents whose titles share most words with it."""
    found = [key for key, _ in library.full_text([heading], _UNDER_HEADING, sources or None)]
    passages = [passage for passage in library.passages(found) if _is_under(passage, heading)]
    words = {
        source: len(stems(library.document(source).metadata.title or source) & stems(query.text))
        for source in {passage.source for passage in passages}
    }
    return [passage for passage in passages if words[passage.source] == max(words.values())]
