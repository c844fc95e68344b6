"""A sentence put otherwise by rule, its meaning kept: cut, opened, reworded.

Rules reach only so far: a sentence reworded here keeps most of its words. What people make of passages in words of
their own is in pairs.py.
"""

import math
import re
from random import Random

from assistant.grounding.words import NEGATIONS, STOP_WORDS
from assistant.query.words import MONTHS, WORD, word_set
from evals.attribution.scenes import Scene, Sentence

OPENINGS = ("In short", "In addition", "According to the documents", "As the library says", "Notably", "To begin with")
_KEPT = 2 / 3  # of the words of a sentence that is cut
_FEWEST_TO_CUT = 9  # words
_FEWEST_EDITS = 2  # of a sentence that counts as reworded

_SMALL = STOP_WORDS | word_set("because although since while during under until")  # no names, where they begin a text
_MONTH = rf"(?:{'|'.join(MONTHS)})"
_DATE = rf"(?:(?:\d{{1,2}} )?{_MONTH} )?(?:19|20)\d\d"
# Clauses whose order can be turned without a change of meaning: pattern and what it becomes, {0}, {1} the parts of it.
# A capital C before the brace begins the sentence there, a small c goes on in it.
_ORDERS = (
    (re.compile(r"(When|If|Because|Although|While|Before|After|Since) ([^,;:]+), ([^,;:]+)\."), "{C2} {c0} {1}."),
    (re.compile(r"([^,;:]+?),? because ([^,;:]+)\."), "Because {c1}, {c0}."),
    (re.compile(r"([^,;:]+), but ([^,;:]+)\."), "Although {c0}, {1}."),
    (re.compile(rf"(In|On|By|Since|Until|From) ({_DATE}),? ([^,;:]+)\."), "{C2} {c0} {1}."),
    (re.compile(rf"([^,;:]+) (in|on|by|since|until) ({_DATE})\."), "{C1} {2}, {c0}."),
    (
        re.compile(r"(In|During|Under|At|For|With|After|Before) ([^,;:]{3,60}), (?!and |but |or |so )([^,;:]+)\."),
        "{C2} {c0} {1}.",
    ),
)
# Words and what stands for them: one way each, and no outcome is a word of a later line.
_SYNONYMS = [
    (re.compile(rf"\b{old}(?!\w)"), new)
    for old, new in (
        (r"(?<=s )must", "have to"),
        ("must", "has to"),
        ("should", "ought to"),
        ("began", "started"),
        (r"about(?= \d)", "some"),
        (r"more than(?= \d)", "over"),
        ("per cent", "percent"),
        ("(?:set up|created)", "established"),
        ("paid for", "financed"),
        ("money", "funds"),
        ("weapons", "arms"),
        ("soldiers", "troops"),
        ("police officers", "members of the police"),
        ("received", "got"),
        ("gave", "provided"),
        ("kept", "retained"),
        ("asked", "requested"),
        ("chose", "selected"),
        ("often", "frequently"),
        ("many", "numerous"),
        ("only", "merely"),
        ("showed", "demonstrated"),
        ("shows", "demonstrates"),
        ("needs", "requires"),
        ("need", "require"),
        ("built", "constructed"),
        ("people", "persons"),
        ("although", "even though"),
        ("(?:such as|for example)", "for instance"),
        ("in order to", "to"),
        ("rules", "regulations"),
        ("jobs", "tasks"),
        ("job", "task"),
        ("big", "large"),
        ("whole", "entire"),
        ("almost", "nearly"),
        ("the United Nations", "the UN"),
        ("five", "5"),
        ("six", "6"),
        ("seven", "7"),
        ("eight", "8"),
        ("ten", "10"),
        ("twelve", "12"),
    )
]
_WRITTEN_DATE = re.compile(rf"\b(\d{{1,2}}) ({_MONTH}) ((?:19|20)\d\d)")


def as_it_stands(sentence: Sentence, scene: Scene, draw: Random) -> str | None:
    return sentence.text


def cut(sentence: Sentence, scene: Scene, draw: Random) -> str | None:
    """The first two thirds of its words, so far as they end in a word that carries content."""
    words = sentence.text.rstrip(".").split()
    if len(words) < _FEWEST_TO_CUT:
        return None
    kept = words[: math.ceil(_KEPT * len(words))]
    while kept[-1].lower() in STOP_WORDS - NEGATIONS:
        kept.pop()
    return None if kept[-1].lower() in NEGATIONS else " ".join(kept).rstrip(",;:–-") + "."


def opened(sentence: Sentence, scene: Scene, draw: Random) -> str | None:
    """An opening put before it."""
    return f"{draw.choice(OPENINGS)}, {inner(sentence.text, scene)}"


def reworded(sentence: Sentence, scene: Scene, draw: Random) -> str | None:
    """Its clauses in another order, some words by others, dates in another form; None where too little of it is."""
    ordered = _reordered(sentence.text, scene)
    dated, dates = _WRITTEN_DATE.subn(r"\2 \1, \3", ordered)
    text, words = _with_synonyms(dated)
    return text if (ordered != sentence.text) + dates + words >= _FEWEST_EDITS else None


def inner(text: str, scene: Scene) -> str:
    """A sentence as it goes on behind other words: its first word begins small unless it is a name."""
    first = WORD.search(text)
    is_word = first and first[0].lower() in _SMALL | scene.small_words
    return text[:1].lower() + text[1:] if is_word else text


def _reordered(text: str, scene: Scene) -> str:
    for pattern, order in _ORDERS:
        if found := pattern.fullmatch(text):
            parts = {f"C{i}": part[:1].upper() + part[1:] for i, part in enumerate(found.groups())}
            parts |= {f"c{i}": inner(part, scene) for i, part in enumerate(found.groups())}
            return order.format(*found.groups(), **parts)
    return text


def _with_synonyms(text: str) -> tuple[str, int]:
    count = 0
    for pattern, new in _SYNONYMS:
        text, replaced = pattern.subn(new, text)
        count += replaced
    return text, count
