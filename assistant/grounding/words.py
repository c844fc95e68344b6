"""The words of a claim and of its evidence: their normal forms, their weight, and the small ones that turn a meaning.

No stemming: tried, and it changed nothing beside the comparison of word vectors, which sees forms of a word as near.
"""

import re
from collections.abc import Iterable
from math import log

WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|\d+\w+")
NAME = re.compile(r"\b[A-Z][\w’'-]+")
CITATION_MARK = re.compile(r"\s?\[\d+(?:,\s*\d+)*\]")

# The vocabulary of BERT lists its whole words from this number on, the commonest first: by Zipf's law the logarithm
# of the rank stands in for the inverse document frequency, and no table of frequencies need be shipped.
_FIRST_WORD, _RAREST = 1996, 29_000

_NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve"
_NUMBERS = {word: str(number) for number, word in enumerate(_NUMBER_WORDS.split())}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


STOP_WORDS = _set(
    """a an the and or but if then of in on at to from by for with about as into through over after before between out
    up down off above below under again is are was were be been being am do does did doing have has had having will
    would can could shall should may might must it its it's this that these those there here he she they them his her
    their theirs him i you we us our your my me who whom which what when where why how than so such too very s t not
    no nor only own same both each few more most other some any all also just"""
)
NEGATIONS = _set(
    """no not never none nobody nothing neither nor without cannot can't don't doesn't didn't won't wouldn't isn't
    aren't wasn't weren't hasn't haven't hadn't couldn't shouldn't lack lacks lacked lacking fail fails failed deny
    denies denied refuse refused hardly unable absence"""
)
HEDGES = _set(
    """may might could can possibly perhaps probably likely suggest suggests suggested appear appears appeared seem
    seems potential potentially sometimes some often usually should would if claim claims claimed alleged allegedly
    reportedly believe believes believed plan plans planned expected"""
)
_OPPOSITES = [
    (_set(one), _set(other))
    for one, other in (
        (
            """increase increases increased increasing rise rises rising rose higher high more up gain gains gained grow
            grew greater most larger majority""",
            """decrease decreases decreased decreasing reduce reduces reduced reduction decline declines declined fall
            fell falls lower low less down drop dropped drops loss lost shrink fewer least smaller minority""",
        ),
        ("before prior earlier first early", "after later following last final late"),
        (
            "win won wins beat victory success succeeded successful",
            "lose lost loses defeat defeated failure failed",
        ),
        (
            "positive good better best benefit beneficial improve improved improves",
            "negative bad worse worst harm harmful worsen worsened",
        ),
        (
            "accept accepted agree agreed approve approved support supported allow allowed permit",
            """reject rejected disagree disagreed refuse refused oppose opposed deny denied prevent prevented ban banned
            forbid prohibited""",
        ),
        ("true correct right", "false wrong incorrect"),
        (
            "start started begin began open opened opening",
            "end ended stop stopped finish finished cease ceased close closed",
        ),
        ("male man men boy father son brother husband", "female woman women girl mother daughter sister wife"),
        ("north northern", "south southern"),
        ("east eastern", "west western"),
        ("all every each always", "none no never some few"),
        ("present with", "absent without"),
        ("safe secure", "dangerous unsafe insecure"),
        ("dead died death killed", "alive survived living"),
        ("old older", "young younger new newer"),
        ("same similar identical", "different"),
        ("public", "private"),
        ("national local domestic internal", "international foreign external"),
        ("civilian", "military"),
        ("formal", "informal"),
        ("major main", "minor"),
        ("strong stronger", "weak weaker"),
        ("often frequently common", "rarely seldom rare"),
        ("include includes included including", "exclude excludes excluded excluding"),
        ("mandatory must shall required", "optional voluntary may"),
        ("inside", "outside"),
    )
]


def words(text: str) -> list[str]:
    """The words and numbers of a text, lower case, in order."""
    return [match[0].lower().replace("’", "'") for match in WORD.finditer(text)]


def normal_form(word: str) -> str:
    """One form for what means the same: "seven" and "7", "1,000" and "1000", "Liberia's" and "Liberia".

    >>> normal_form("1,000"), normal_form("liberia's"), normal_form("seven")
    ('1000', 'liberia', '7')
    """
    if word[:1].isdigit():
        return word.replace(",", "")
    return _NUMBERS.get(word, word.removesuffix("'s"))


def root(form: str) -> str:
    """The letters that a name and its adjective share: "Liberia" and "Liberian"."""
    return form[:5]


def is_number(form: str) -> bool:
    return form[:1].isdigit()


def name_forms(text: str) -> list[str]:
    """The capitalised words of a text as normal forms, the first word of a sentence among them unless it is common."""
    forms = (normal_form(match[0].lower().replace("’", "'")) for match in NAME.finditer(text))
    return [form for form in forms if form not in STOP_WORDS]


def piece_weight(number: int) -> float:
    """How much a word piece tells: the logarithm of its rank in the vocabulary."""
    return log(number - 1000) if number >= _FIRST_WORD else 1.0


RARE_WEIGHT = log(_RAREST)  # a word that the vocabulary does not hold in one piece


def opposite_words(some: Iterable[str], others: Iterable[str]) -> int:
    """How many of the first words stand against one of the others ("increased", "fell")."""
    first, second = set(some), set(others)
    return sum(
        any((word in one and second & other) or (word in other and second & one) for one, other in _OPPOSITES)
        for word in first
    )
