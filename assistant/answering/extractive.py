"""An answer from verbatim sentences: chosen, ordered, each cited.

Nothing is written by a model. The place that answers best is quoted first, as its author wrote it; other places follow
while they add something, each with what makes it worth quoting. The same library and question give the same answer.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answering.abstention import abstain, is_near, small_talk
from assistant.answering.arrangement import IN_THE_CASES, by_date, doctrine_first, first_case, remarks
from assistant.answering.citations import Quote, cite, one_line, text_of
from assistant.answering.comparisons import compared, sides_of
from assistant.answering.draft import Draft
from assistant.answering.excerpts import Excerpt, bears, defines, excerpts, is_of, places_of, whole_list
from assistant.answering.gaps import gap
from assistant.answering.premises import OTHERWISE, denial
from assistant.answering.second_hand import texts_themselves
from assistant.answering.selection import WORDS, WORTH, WORTH_ELSEWHERE, added, ordered, repeats
from assistant.answering.sorts import number_of
from assistant.answering.stretches import onward, stretch
from assistant.answering.told_paragraphs import told_paragraphs, untold
from assistant.passages import gives_reasons, item_number, paragraph_at
from assistant.query.recognition import asks_why, find_heading, find_paragraph
from assistant.records import Citation, Claim, Metadata, NoteOnAnswer, Passage, PreparedPlace, Query, Reading
from assistant.retrieval import asked_paragraph, named_sources
from assistant.rows import header_of, is_header, read_out

if TYPE_CHECKING:
    from assistant.library import Library

PASSAGES = 5  # best passages that are quoted from; of 3 to 10, most facts held on the dev cases
PASSAGES_OF_DENIAL = 3  # best passages in which a premise may be denied
WORDS_OF_FIRST = 100  # of the first quote
WORDS_OF_FACT, WORDS_OF_FIRST_FACT = 130, 70  # of an answer and of its first quote, where one thing is asked for
WORDS_OF_PART = 45  # of what is put to an answer for one of two questions asked in one
LIST_WORDS = 300  # of a list; a longer one is cut to its best part
_NEAR = 0.25  # share of the best passage's score that another needs to be quoted from

Read = tuple[Query, Sequence[Reading]]  # a question with what was read for it


def compose(query: Query, readings: Sequence[Reading], library: "Library", parts: Sequence[Read] = ()) -> Draft:
    """An answer to the question from the passages that were read, best first. `parts`: the two questions of a text that
    asks two, each with what was read for it."""
    if query.type == "small-talk":
        return small_talk(library)
    documents = {info.source: info.metadata for info in library.documents()}
    if query.type == "paragraph":
        if found := _paragraph(query, library) or told_paragraphs(query, library):
            return _draft([found], library)
        if named_sources(query, library):
            return abstain("paragraph-missing", query, readings, library)
    if not is_near(readings) or not _names_symbols(query, readings[:PASSAGES], documents):
        return abstain("nothing-near", query, readings, library)
    if query.type == "paragraph" and (missing := untold(query, readings[:PASSAGES])):
        return abstain("paragraph-missing", query, readings, library, missing)
    if place := readings[0].prepared:
        leading = _prepared(query, readings, place, library)
        note = NoteOnAnswer("prepared-question", f"Matches the prepared question “{place.question}”.")
        return _draft([leading], library, (note,))
    candidates = _candidates(query, readings, library)
    best_passages = {reading.passage.id for reading in readings[:PASSAGES_OF_DENIAL]}
    if denying := denial(query, [e for e in candidates if e.passage.id in best_passages]):
        draft = _draft([[onward(denying, WORDS_OF_FIRST_FACT)]], library, opening=OTHERWISE)
        return replace(draft, reason="premise-denied")
    chosen, notes = _chosen(query, candidates, library)
    chosen, lacking = _with_parts(chosen, parts, library)
    if not chosen:
        return abstain("nothing-quotable", query, readings, library)
    is_partly_answered = len(lacking) < len(parts)
    if not is_partly_answered and (lack := gap(query, readings[0], chosen, library)):
        return abstain(lack.reason, query, readings, library, lack.what)
    chosen = doctrine_first(query, chosen, documents)
    at = first_case(query, chosen, documents)
    kinds = [chosen] if at is None else [chosen[:at], chosen[at:]]
    return _draft(kinds, library, (*notes, *lacking, *remarks(query, chosen)))


def _chosen(
    query: Query, candidates: Sequence[Excerpt], library: "Library"
) -> tuple[list[Excerpt], tuple[NoteOnAnswer, ...]]:
    """What is quoted, in the order of the answer."""
    if not candidates:
        return [], ()
    if query.type == "comparison" and len(sides := sides_of(query)) > 1:
        return compared(sides, candidates, query, library)
    best = max(candidates, key=lambda excerpt: excerpt.score)
    if best.is_list and query.type in ("list", "chronology"):
        return _listed(best, library)
    if asks_why(query.asking) and gives_reasons(candidates[0].passage):
        best = replace(_opening(candidates), score=best.score)
    is_fact = query.type in ("factoid", "definition", "yes-no")
    if query.type == "definition":
        candidates = [e for e in candidates if e.passage.id == best.passage.id or defines(query, e)]
    grown = onward(best, WORDS_OF_FIRST_FACT) if is_fact else stretch(best, WORDS_OF_FIRST)
    first = best if best.is_list else grown
    is_single = is_fact and len(query.names) < 2
    chosen = added([first], candidates, WORDS_OF_FACT if is_fact else WORDS, WORTH_ELSEWHERE if is_single else WORTH)
    if query.type == "chronology":
        return by_date(chosen), ()
    return ordered(chosen, first=first), ()


def _opening(candidates: Sequence[Excerpt]) -> Excerpt:
    """The first excerpt of the section that answers best: one that gives reasons begins with the first of them."""
    lead = candidates[0].passage
    own = [e for e in candidates if (e.passage.source, e.passage.section) == (lead.source, lead.section)]
    return min(own, key=lambda excerpt: (excerpt.passage.start, excerpt.indices[0]))


def _candidates(query: Query, readings: Sequence[Reading], library: "Library") -> list[Excerpt]:
    """What can be quoted from the best passages: of the country or mission that the question names, out of the text
    whose words it asks for, and with the code or number that it names, where there is any such."""
    read = [reading for reading in readings[:PASSAGES] if reading.score >= _NEAR * readings[0].score]
    found = [excerpt for reading in read for excerpt in excerpts(query, reading)]
    places = places_of(query, library)
    found = [excerpt for excerpt in found if is_of(excerpt, places, library)] or found
    texts = texts_themselves(query, library)
    found = [excerpt for excerpt in found if excerpt.passage.source in texts] or found
    return [excerpt for excerpt in found if bears(excerpt, query.identifiers, library)] or found


def _with_parts(
    chosen: list[Excerpt], parts: Sequence[Read], library: "Library"
) -> tuple[list[Excerpt], list[NoteOnAnswer]]:
    """What answers each part best put to the chosen excerpts, where they do not say it already; a part that nothing
    answers is named in a note."""
    notes = []
    for query, readings in parts:
        candidates = [e for e in _candidates(query, readings, library) if not e.is_list]
        best = max(candidates, key=lambda excerpt: excerpt.score, default=None)
        if best and _answers(query, readings, [best], library):
            best = onward(best, WORDS_OF_PART)
            if not any(repeats(best, other) for other in chosen):
                chosen = ordered([*chosen, best], first=chosen[0] if chosen else best)
        elif not _answers(query, readings, chosen, library):
            notes.append(NoteOnAnswer("part-missing", f"The library does not clearly answer “{query.question}”."))
    return chosen, notes


def _answers(query: Query, readings: Sequence[Reading], chosen: Sequence[Excerpt], library: "Library") -> bool:
    return bool(chosen) and is_near(readings) and gap(query, readings[0], chosen, library) is None


def _prepared(query: Query, readings: Sequence[Reading], place: PreparedPlace, library: "Library") -> list[Excerpt]:
    """The sentences to which a prepared question leads, then what would be quoted without it, while there is room."""
    chosen = []
    for passage in library.passages(place.passages):
        indices = tuple(i for i, s in enumerate(passage.sentences) if s.start < place.end and s.end > place.start)
        is_list = any(passage.sentences[i].kind in ("item", "table") for i in indices)
        chosen.append(Excerpt(passage, indices, indices[0], 0.0, is_list))
    for excerpt in _chosen(query, _candidates(query, readings, library), library)[0]:
        fits = sum(e.words for e in chosen) + excerpt.words <= WORDS
        if fits and not any(repeats(excerpt, other) for other in chosen):
            chosen.append(excerpt)
    return ordered(chosen, first=chosen[0])


def _listed(best: Excerpt, library: "Library") -> tuple[list[Excerpt], tuple[NoteOnAnswer, ...]]:
    """A list whole, or where that is too long the part of it that answers, with how many of its items these are."""
    parts = whole_list(best, library.passages_of(best.passage.source))
    if sum(part.words for part in parts) <= LIST_WORDS or len(parts) == 1:
        return parts, ()
    shown, every = best.items, sum(part.items for part in parts)
    return [best], (NoteOnAnswer("list-part", f"{shown} of the {every} items of this list are quoted."),)


def _names_symbols(query: Query, readings: Sequence[Reading], documents: Mapping[str, Metadata]) -> bool:
    """Whether a passage is of a text that the question names by its symbol, or names it by its number; true where the
    question names none. What stands on another resolution is no answer."""
    numbers = [re.escape(number_of(symbol)) for symbol in query.symbols]
    named = re.compile(rf"(?<!\d)(?:{'|'.join(numbers)})(?!\d)")
    return not numbers or any(
        named.search(f"{data.symbol} {data.title} {passage.text}")
        for passage in (reading.passage for reading in readings)
        for data in [documents[passage.source]]
    )


def _paragraph(query: Query, library: "Library") -> list[Excerpt]:
    """The paragraph that the question names, whole, or what stands under the heading that it names."""
    heading = find_heading(query.text)
    wanted = (find_paragraph(query.text) or "").strip("()")
    found = []
    for passage in library.passages(asked_paragraph(query, library)):
        number_at = paragraph_at if passage.paragraph else item_number
        numbers = [(number_at(passage, i) or "").strip("(). ") for i in range(len(passage.sentences))]
        indices = tuple(i for i, number in enumerate(numbers) if heading or number == wanted)
        if indices:
            found.append(Excerpt(passage, indices, indices[0], 1.0, is_list=True))
    return found


def _draft(
    parts: Sequence[Sequence[Excerpt]],
    library: "Library",
    notes: tuple[NoteOnAnswer, ...] = (),
    opening: str = "",
) -> Draft:
    """Claims and citations of the excerpts: one citation for each contiguous quote. The second part is of cases;
    `opening` is said before the first."""
    claims = [Claim(opening, state="no_claim")] if opening else []
    citations: list[Citation] = []
    for number_of_part, part in enumerate(parts):
        if number_of_part:
            claims.append(Claim(IN_THE_CASES, state="no_claim", opens_paragraph=True))
        before = None
        for quote, is_list in _quotes(part):
            number = len(citations) + 1
            citations.append(cite(number, quote, library))
            opens = before not in (None, quote.passage.id)
            for index in range(quote.first, quote.last + 1):
                sentence = quote.passage.sentences[index]
                text = one_line(quote.passage.sentence_text(sentence))
                is_row = sentence.kind == "table" or _stands_over_rows(quote.passage, index)
                if is_row and sentence.kind == "heading" and is_header(text):
                    continue  # read out with each row
                if is_row:
                    text = read_out(text, header_of(quote.passage, index))
                is_item = is_row or (is_list and sentence.kind in ("item", "heading"))
                claims.append(Claim(text, (number,), item=is_item, opens_paragraph=opens))
                opens = False
            before = quote.passage.id
    return Draft(text_of(claims), tuple(claims), tuple(citations), notes=notes)


def _stands_over_rows(passage: Passage, index: int) -> bool:
    """Whether a sentence stands as header over the rows of a table."""
    following = passage.sentences[index + 1 : index + 2]
    return passage.sentences[index].kind == "heading" and bool(following) and following[0].kind == "table"


def _quotes(chosen: Sequence[Excerpt]) -> Iterator[tuple[Quote, bool]]:
    """Runs of neighbouring sentences, across excerpts that follow one another in a passage, each with whether it is
    from a list quoted whole."""
    open_: tuple[Quote, bool] | None = None
    for excerpt in chosen:
        for index in excerpt.indices:
            if open_ and open_[0].passage.id == excerpt.passage.id and index == open_[0].last + 1:
                quote = Quote(excerpt.passage, open_[0].first, index)
            else:
                if open_:
                    yield open_
                quote = Quote(excerpt.passage, index, index)
            open_ = (quote, excerpt.is_list)
    if open_:
        yield open_
