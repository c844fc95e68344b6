"""What a sentence exchanges where it follows its quotes: one name or number for another, two of them, a small word that
turns the meaning.

A sentence that a model copies but for one word is covered nearly all, so no measure of likeness sees the change. Its
words are laid beside those of the quotes, and what stands in the place of what is looked at.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from assistant.answering.gaps import countries
from assistant.grounding.words import NEGATIONS, STOP_WORDS, WORD, is_number, normal_form, opposite_words, root
from assistant.query.words import MONTHS, stem, word_set
from assistant.sentences import split_sentences

_WITHIN = re.compile(r"[\w,;:)’'\"”-][ -]?$")  # what stands before a word that does not begin a sentence
_AMERICAN_DATE = re.compile(rf"\b({'|'.join(MONTHS)}) (\d{{1,2}}),? (?=\d{{4}}\b)")
_SAME = {  # other words that mean the same, and that which is compared in their place
    re.compile(rf"\b(?:{others})\b", re.IGNORECASE): one
    for others, one in (
        ("more than", "over"),
        ("(?:less|fewer) than", "under"),
        ("(?:have|has|had) to", "must"),
        ("ought to", "should"),
        ("merely|solely", "only"),
        ("frequently", "often"),
    )
}
_TURNS = NEGATIONS | word_set(
    """may might can could should must shall all every everybody few most more less fewer only always often sometimes
    before after partly fully mainly"""
)  # small words that turn a meaning
_FOLLOWS = 0.75  # share of a sentence's telling words that one sentence of its quotes holds: then it follows that
_STRETCH = 5  # words: a longer one is a clause that was left out or put in, not a word exchanged
_IN_ORDER = 3  # places where the order breaks when one stretch of a sentence is moved
_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non", "mis")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word in its normal form, and whether it is of a name."""

    form: str
    is_name: bool

    @property
    def key(self) -> str:
        return stem(self.form)

    def is_like(self, other: "_Word") -> bool:
        return root(self.form) == root(other.form)


def exchanges(claim: str, quotes: str, around: str = "") -> bool:
    """Whether a claim has another name or number in the place of one in its quotes, a small word more, less or other
    that turns the meaning, or its parts in an order that no moved stretch explains. Words that `around` has in capitals
    within sentences are names.

    >>> exchanges("Kosovo trained 20 officers of Albania.", "Albania trained 20 officers of Kosovo.")
    True
    >>> exchanges("In 2006 Albania trained 20 officers.", "Albania trained 20 officers in 2006.")
    False
    """
    names = _names("\n".join([claim, quotes, around]))
    said = _words(claim, names)
    sentences = [_words(quotes[start:end], names) for start, end in split_sentences(quotes)]
    nearest = max(sentences, key=lambda one: _share(said, one), default=[])
    whole = _words(quotes, names)
    if _share(said, nearest) < _FOLLOWS:
        return any(map(_differ, _changes(said, whole)))
    return (
        any(_differ(change) or _takes_another(change, whole) for change in _changes(said, nearest))
        or _begins_otherwise(said, nearest, whole, leading_in=len(_words(claim.partition(",")[0], names)))
        or _turns_round(said, nearest)
    )


def _share(said: Sequence[_Word], there: Sequence[_Word]) -> float:
    """The share of the telling words of what is said that are there."""
    telling, known = [word.key for word in said if word.form not in STOP_WORDS], {word.key for word in there}
    return sum(key in known for key in telling) / max(1, len(telling))


def _names(text: str) -> set[str]:
    """The words that stand in capitals within sentences, and those of names of countries."""
    inside = {match[0] for match in re.finditer(r"(?<=[\w,;:)] )[A-Z][\w-]+", text)}
    return inside.union(part for name in countries(text) for part in name.split())


def _words(text: str, names: set[str]) -> list[_Word]:
    found = []
    text = _AMERICAN_DATE.sub(r"\2 \1 ", text)
    for others, one in _SAME.items():
        text = others.sub(one, text)
    for match in WORD.finditer(text):
        word = match[0].replace("’", "'")
        short = word.removesuffix("'s")
        begins = not _WITHIN.search(text[: match.start()])
        is_name = short[0].isupper() and (not begins or short in names or short[1:2].isupper())
        is_month = word == "May" and not begins
        found.append(_Word("may (month)" if is_month else normal_form(word.lower()), is_name))
    return found


@dataclass(frozen=True, slots=True)
class _Change:
    """A stretch that differs: what is said, what stands in its place in the quotes, and whether that is `old` as a
    whole, within the sentence and short enough to have been exchanged."""

    new: Sequence[_Word]
    old: Sequence[_Word]
    is_whole: bool


def _changes(said: Sequence[_Word], there: Sequence[_Word]) -> Iterator[_Change]:
    """The short stretches of what is said that differ from the quotes. What the quotes say before and behind the claim,
    and at length between two of its parts, is a clause left out: only what is put in its place counts."""
    matcher = SequenceMatcher(None, [word.key for word in said], [word.key for word in there], autojunk=False)
    for what, start, end, from_, to in matcher.get_opcodes():
        if what == "equal" or end - start > _STRETCH:
            continue
        new, old = said[start:end], there[from_:to]
        is_cut = end == len(said) or (start == 0 and (from_ > 0 or not new))
        if start == 0:
            old = old[-len(new) :] if new else ()
        elif end == len(said):
            old = old[: len(new)]
        yield _Change(new, old, is_whole=not is_cut and len(old) <= _STRETCH)


def _differ(change: _Change) -> bool:
    """Whether a change turns the meaning: another name or number, a small word more or less, a word's opposite."""
    names, others = ([word for word in words if word.is_name] for words in (change.new, change.old))
    if names and others and not _are_like(names, others):
        return True
    numbers, counted = ({word.form for word in words if is_number(word.form)} for words in (change.new, change.old))
    if numbers and counted and not numbers & counted:
        return True
    put, gone = {word.form for word in change.new}, {word.form for word in change.old}
    if (put - gone) & (_TURNS if len(change.old) <= _STRETCH else NEGATIONS):
        return True
    # "May hold" may go together; "may" alone turns what is left.
    if change.is_whole and (gone - put) & _TURNS and not gone - _TURNS - STOP_WORDS:
        return True
    return bool(opposite_words(put - gone, gone - put)) or any(
        long == prefix + short for one, other in ((put, gone), (gone, put)) for long in one for short in other
        for prefix in _PREFIXES
    )  # fmt: skip


def _takes_another(change: _Change, quotes: Sequence[_Word]) -> bool:
    """Whether one telling word stands where the quotes have another one, and elsewhere in them: two things that they
    speak of, one taken for the other."""
    put, gone = ([word.key for word in words if word.form not in STOP_WORDS] for words in (change.new, change.old))
    elsewhere = {word.key for word in quotes}
    return len(put) == len(gone) == 1 and put != gone and put[0] in elsewhere


def _begins_otherwise(said: Sequence[_Word], there: Sequence[_Word], quotes: Sequence[_Word], leading_in: int) -> bool:
    """Whether a claim copies a sentence behind a beginning of its own: who did it, and what, in words that the quotes
    have not, in the place of theirs. What is put before a whole sentence, or up to the first comma (`leading_in`
    words) or a "that", leads in."""
    matcher = SequenceMatcher(None, [word.key for word in said], [word.key for word in there], autojunk=False)
    first = next((block for block in matcher.get_matching_blocks() if block.size), None)
    if first is None or first.b == 0 or first.a == leading_in or said[first.a - 1].form == "that":
        return False
    known = {word.key for word in quotes}
    return sum(word.form not in STOP_WORDS and word.key not in known for word in said[: first.a]) > 1


def _are_like(names: Sequence[_Word], others: Sequence[_Word]) -> bool:
    """Whether one name is among the others, or is short for them."""
    initials = ["".join(word.form[0] for word in words) for words in (names, others)]
    short = any(word.form in initials[1] for word in names if len(word.form) > 1)
    return short or any(
        word.is_like(one) or (len(one.form) > 1 and one.form in initials[0]) for word in names for one in others
    )


def _turns_round(said: Sequence[_Word], there: Sequence[_Word]) -> bool:
    """Whether the words that both hold once, and names that both hold equally often, stand in an order that moving one
    stretch does not give. A passive turned active turns the order rightly."""
    keys = [[word.key for word in words if word.form not in STOP_WORDS] for words in (said, there)]
    of_said, of_there = map(Counter, keys)
    names = {word.key for word in said if word.is_name}
    numbered = [[(key, of[:at].count(key)) for at, key in enumerate(of)] for of in keys]
    shared = [
        (key, nth) for key, nth in numbered[0] if of_said[key] == of_there[key] and (of_said[key] == 1 or key in names)
    ]
    rank = {one: place for place, one in enumerate(sorted(shared, key=numbered[1].index))}
    order = [-1, *(rank[one] for one in shared), len(shared)]
    breaks = sum(after != before + 1 for before, after in pairwise(order))
    passives = [sum(word.form == "by" for word in words) for words in (said, there)]
    return breaks > _IN_ORDER and passives[0] == passives[1]
