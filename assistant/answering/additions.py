"""What a sentence says otherwise than its evidence: a number, a name, a "not", as far as words tell.

The judge measures how far a claim is covered, and a sentence that is copied but for one word is covered nearly all. So
these are looked up word by word: whether they stand in what is quoted, and numbers beside the same words.
`python -m evals attribution` counts what that sees and what it does not.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from rapidfuzz.distance import LCSseq

from assistant.grounding.words import NEGATIONS, STOP_WORDS, is_number, normal_form, root, words
from assistant.query.words import stem, word_set
from assistant.sentences import split_sentences

_SMALL = frozenset({"zero", "one", "two"})  # "one of the reasons" counts nothing
_ENUMERATOR = re.compile(r"^(?:\(?[a-z\d]{1,2}[.)])\s+", re.IGNORECASE)
_NAME = re.compile(r"(?<=[\w,;:)’'\"”] )[A-Z][\w’'-]+")  # a word in capitals that does not begin the sentence
_NUMBER = re.compile(r"(?<![\w.,])(?P<number>\d[\d,.]*\d|\d)(?![\w])")
_BOUND = re.compile(
    rf"\b(?:over|under|(?:more|less|fewer) than|at (?:least|most)|up to) {_NUMBER.pattern}", re.IGNORECASE
)
_FIGURES = re.compile(r"\W{0,2}\d")  # how a cell of figures begins
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_A_SIDE = 2  # words of a claim on each side of a small word in its quote: it speaks across it
_MODALS = tuple(
    word_set(listed)
    for listed in (
        "may might can could able possible possibly",
        "should ought recommend recommends recommended",
        "must shall required requires obliged necessary mandatory needs",
    )
)
_HAVE_TO = re.compile(r"\b(?:have|has|had) to\b")
_WEIGHTY = word_set("may might should must shall")  # without it a rule or a chance becomes a fact
_COUNTED = 3  # words behind a number that say what is counted
_CELLS = " | "  # between the cells of a row


def adds(claim: str, quotes: str, about: str, around: str, acronyms: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a claim holds a number that stands neither in its `quotes` nor in what is known `about` their documents
    (titles, years, headings), or stands beside other words there; a name that stands nowhere, `around` the quotes
    neither; or a negation, a "may", "should" or "must" where the quotes have none, or none where they have one.

    >>> adds("It closed in 2006.", "It closed in 2005.", "", "", {})
    True
    """
    said = words(_ENUMERATOR.sub("", claim))
    held = {normal_form(word) for word in words(f"{quotes} {about}")}
    numbers = {normal_form(word) for word in said if is_number(normal_form(word)) and word not in _SMALL}
    negated = NEGATIONS.intersection(said) and not NEGATIONS.intersection(words(quotes))
    return bool(
        numbers - held
        or negated
        or _loses(NEGATIONS, said, quotes)
        or _moves_modal(claim, quotes)
        or _moves_number(said, quotes)
        or _drops_bound(claim, quotes)
        or _mixes_columns(said, quotes)
        or _new_names(claim, "\n".join([quotes, about, around]), acronyms)
    )


def share_in_order(claim: str, quotes: str) -> float:
    """The share of a claim's telling words and numbers that stand in its quotes in the same order (the longest common
    subsequence).

    >>> share_in_order("225 candidates were selected.", "It had 257 posts, for which 225 candidates had been selected.")
    1.0
    """
    said, there = (
        [stem(normal_form(word)) for word in words(text) if word not in STOP_WORDS] for text in (claim, quotes)
    )
    return LCSseq.similarity(said, there) / max(1, len(said))


def _loses(small: Collection[str], said: Sequence[str], quotes: str) -> bool:
    """Whether the words of a claim that has none of these small ones stand on both sides of one in the nearest
    sentence, and the word that follows it there is among them."""
    if any(word in small for word in said):
        return False
    wanted = set(_telling(said))
    sentences = [words(quotes[start:end]) for start, end in split_sentences(quotes)]
    nearest = max(sentences, key=lambda one: len(wanted.intersection(_telling(one))), default=[])
    return any(
        len(wanted.intersection(_telling(nearest[:at]))) >= _A_SIDE
        and len(wanted.intersection(_telling(nearest[at + 1 :]))) >= _A_SIDE
        and next(_telling(nearest[at + 1 :])) in wanted
        for at, word in enumerate(nearest)
        if word in small
    )


def _moves_modal(claim: str, quotes: str) -> bool:
    """Whether a claim says "may", "should" or "must" where the quotes do not, or says as a fact what there only may or
    should be."""
    claim, quotes = (_HAVE_TO.sub("must", text.replace("May ", " ")) for text in (claim, quotes))  # May: the month
    said, there = words(claim), words(quotes)
    put_in = any(modals.intersection(said) and not modals.intersection(there) for modals in _MODALS)
    return put_in or (not any(modals.intersection(said) for modals in _MODALS) and _loses(_WEIGHTY, said, quotes))


def _moves_number(said: Sequence[str], quotes: str) -> bool:
    """Whether a number of a claim counts another thing than in the quotes: no word behind it is the same."""
    there = words(quotes)
    return any(
        is_number(form := normal_form(word))
        and not _YEAR.fullmatch(form)
        and (counted := _behind(said, at))
        and (counts := [_behind(there, place) for place, other in enumerate(there) if normal_form(other) == form])
        and not any(counted & count for count in counts if count)
        and all(counts)
        for at, word in enumerate(said)
    )


def _behind(said: Sequence[str], at: int) -> set[str]:
    """The telling words that follow a place."""
    return set(list(_telling(said[at + 1 :]))[:_COUNTED])


def _drops_bound(claim: str, quotes: str) -> bool:
    """Whether a number that is a bound wherever the quotes have it ("over 130") is said as if it had been counted."""
    said, bound, all_said = (
        {normal_form(match["number"]) for match in pattern.finditer(text)}
        for pattern, text in ((_NUMBER, claim), (_BOUND, quotes), (_BOUND, claim))
    )
    free = {normal_form(match["number"]) for match in _NUMBER.finditer(_BOUND.sub("", quotes))}
    return bool((said & bound) - free - all_said)


def _mixes_columns(said: Sequence[str], quotes: str) -> bool:
    """Whether a claim takes a number or a year out of a row with several: of which column each is, is not told."""
    rows = [line for line in quotes.splitlines() if _CELLS in line]
    several = [row for row in rows if sum(bool(_FIGURES.match(cell)) for cell in row.split(_CELLS)) > 1]
    elsewhere = set(words("\n".join(line for line in quotes.splitlines() if line not in several)))
    figures = {word for word in words("\n".join(several)) if is_number(normal_form(word))}
    return bool((figures - elsewhere).intersection(said))


def _telling(said: Iterable[str]) -> Iterator[str]:
    return (stem(word) for word in said if word not in STOP_WORDS and not is_number(normal_form(word)))


def _new_names(claim: str, around: str, acronyms: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The names of a claim that are not there, in any form: "UN" for "United Nations", "Liberian" for "Liberia"."""
    forms = [normal_form(word) for word in words(around)]
    known = {root(form) for form in [*forms, *_spelt_out(re.findall(r"[A-Z][\w-]+", around), acronyms)]}
    names = {part for match in _NAME.finditer(claim) for part in re.split(r"[-’']s?\b", match[0]) if len(part) > 1}
    return {
        name
        for name in names
        if root(normal_form(name.lower())) not in known
        and not any(known.issuperset(_roots(long)) for long in acronyms.get(name, ()))
    }


def _spelt_out(found: Iterable[str], acronyms: Mapping[str, tuple[str, ...]]) -> set[str]:
    return {normal_form(word) for short in set(found) for long in acronyms.get(short, ()) for word in words(long)}


def _roots(text: str) -> set[str]:
    return {root(normal_form(word)) for word in words(text)}
