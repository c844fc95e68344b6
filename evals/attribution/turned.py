"""A sentence turned round by rule: a "not" put in or lost, two things exchanged, a choice made a duty, an opposite."""

import re
from itertools import pairwise
from random import Random

from evals.attribution.details import DATE, NUMBER, Place, country_places, names, names_differ, opening_name
from evals.attribution.scenes import Scene, Sentence

_PARTICIPLE = r"(?:\w+(?:ed|en|wn|ught|ung)|been|had|made|kept|led|held|lost|paid|put|set|sent|spent|told|won)"
_AUXILIARY = re.compile(
    r" (?:is|are|was|were|can|could|will|would|may|might|should|must|shall"
    rf"|(?:has|have|had)(?= {_PARTICIPLE}\b))(?= (?!not\b|no\b|never\b)\w)"
)
_NEGATIONS = (
    (re.compile(r"\b[Cc]an ?not\b"), "can"),
    (re.compile(r" (?:not(?! only\b)|never)(?= )"), ""),
    (re.compile(r"\bno longer\b"), "still"),
    (re.compile(r"\b(?:nobody|no one)\b"), "everybody"),
    (re.compile(r"\bNobody\b|\bNo one\b"), "Everybody"),
    (re.compile(r"\bnone\b"), "all"),
    (re.compile(r"\bNone\b"), "All"),
    (re.compile(r"\bno (?=[a-z])"), "some "),
    (re.compile(r"\bNo (?=[a-z])"), "Some "),
    (re.compile(r"\bwithout\b"), "with"),
    (re.compile(r"\bWithout\b"), "With"),
)
_MODALS = {
    "may": "must",
    "might": "must",
    "can": "must",
    "could": "had to",
    "must": "may",
    "shall": "may",
    "should": "must not",
    "need to": "may",
    "needs to": "may",
    "have to": "may",
    "has to": "may",
    "had to": "could",
}
_MODAL = re.compile(rf"(?<= )(?:{'|'.join(_MODALS)})(?= (?!not\b)[a-z])")
_PAIRS = """increased/decreased increase/decrease rose/fell grew/shrank more/less higher/lower larger/smaller
    before/after first/last began/ended started/stopped opened/closed won/lost succeeded/failed accepted/rejected
    approved/refused supported/opposed allowed/forbade civilian/military public/secret national/foreign
    local/foreign formal/informal strong/weak often/seldom all/few most/few many/few always/never early/late
    north/south east/west northern/southern eastern/western better/worse good/bad easy/hard cheap/costly
    safe/dangerous inside/outside voluntary/compulsory permanent/temporary joined/left strengthened/weakened
    men/women rich/poor"""
_OPPOSITES = {
    one: other for pair in _PAIRS.split() for a, b in [pair.split("/")] for one, other in ((b, a), (a, b))
}  # a word of several pairs has the opposite of the last
_OPPOSITE = re.compile(rf"\b(?<!\bat )(?:{'|'.join(_OPPOSITES)})\b")
# Who can act, besides those that have a name.
_ACTORS = """army police mission donors parliament government president minister ministry commission court courts judges
    prosecutors soldiers troops officers recruits trainees rebels guerrillas fighters militia militias citizens
    villagers people civilians victims ministers generals experts advisers inspectors prisoners women commanders"""
_ACTOR = re.compile(
    rf"(?:^|(?<=\bthe )|(?<=\bits )|(?<=\btheir )|(?<=\bmany ))(?:{'|'.join(_ACTORS.split())})\b", re.IGNORECASE
)
_ACTS = re.compile(
    r"\b(?:\w+ed|gave|sent|led|took|told|paid|ran|built|left|beat|held|caught|by|over|under|trains?|pays?|leads?|helps?"
    r"|advises?|supports?|owes?|asks?|reports? to|obeys?|protects?|controls?|oversees?)\b"
)
# What is done together is true of both, and what stands between commas or behind "of" acts on neither.
_NO_ACT = re.compile(
    r"[,;:()]| (?:and|or|with|than|that|who|which|of|in) |\b(?:met|signed|agreed|joined|shared|called)\b"
)
_NO_SUBJECT = re.compile(r"(?:\b(?:in|of|at|for|with|from|to|by|on|and|or|as)|,)(?: the| a| an)? $", re.IGNORECASE)
_LISTED = re.compile(r" ?(?:,|and|or|to|–|-)(?: (?:in|to|of|by|on|from|and))? ?")
_LONGEST_BETWEEN = 60  # characters between two of which one acts on the other


def not_put_in(sentence: Sentence, scene: Scene, draw: Random) -> str | None:
    """A "not" behind its first auxiliary verb."""
    found = _AUXILIARY.search(sentence.text)
    return f"{sentence.text[: found.end()]} not{sentence.text[found.end() :]}" if found else None


def not_lost(sentence: Sentence, scene: Scene, draw: Random) -> str | None:
    """Its first negation taken back."""
    found = [(match, new) for pattern, new in _NEGATIONS if (match := pattern.search(sentence.text))]
    if not found:
        return None
    match, new = min(found, key=lambda one: one[0].start())
    return sentence.text[: match.start()] + new + sentence.text[match.end() :]


def modal_changed(sentence: Sentence, scene: Scene, draw: Random) -> str | None:
    """What may be must be, what should be must not be."""
    return _first_replaced(_MODAL, _MODALS, sentence.text)


def opposite(sentence: Sentence, scene: Scene, draw: Random) -> str | None:
    """The first of its words that has an opposite in a small table turned into that."""
    return _first_replaced(_OPPOSITE, _OPPOSITES, sentence.text)


def roles_swapped(sentence: Sentence, scene: Scene, draw: Random) -> str | None:
    """Two who can act, one of which does something to the other, in each other's place."""
    text = sentence.text
    for one, other in pairwise(_actors(text, scene)):
        between = text[one[1] : other[0]]
        acts = _ACTS.search(between) and not _NO_ACT.search(between) and len(between) <= _LONGEST_BETWEEN
        is_subject = not _NO_SUBJECT.search(text[: one[0]]) and not text[other[1] :].startswith((" (", "'", "’"))
        if acts and is_subject and names_differ(text[slice(*one)], text[slice(*other)], scene):
            return _swapped(text, one, other)
    return None


def _actors(text: str, scene: Scene) -> list[Place]:
    """The names of a sentence, its countries and others who can act, in order; of two that overlap the longer."""
    found = {match.span() for match in _ACTOR.finditer(text)}
    found |= {*opening_name(text, scene), *names(text, scene), *country_places(text, scene)}
    kept: list[Place] = []
    for start, end in sorted(found, key=lambda place: (place[0] - place[1], place)):
        if all(end <= other or start >= last for other, last in kept):
            kept.append((start, end))
    return sorted(kept)


def figures_swapped(sentence: Sentence, scene: Scene, draw: Random) -> str | None:
    """Two numbers in each other's place, or two years; none that are listed side by side."""
    text = sentence.text
    for detail in (NUMBER, DATE):
        places = [(a, b) for a, b in detail.places(text, scene) if text[a].isdigit()]
        for one, other in pairwise(places):
            if text[slice(*one)] != text[slice(*other)] and not _LISTED.fullmatch(text[one[1] : other[0]]):
                return _swapped(text, one, other)
    return None


def _swapped(text: str, one: Place, other: Place) -> str:
    """What stands in two places exchanged; a word that begins the sentence begins with a capital, and only there."""
    first, second = text[slice(*one)], text[slice(*other)]
    if not one[0]:
        first, second = first.lower() if _ACTOR.fullmatch(first) else first, second[:1].upper() + second[1:]
    return text[: one[0]] + second + text[one[1] : other[0]] + first + text[other[1] :]


def _first_replaced(pattern: re.Pattern[str], new: dict[str, str], text: str) -> str | None:
    found = pattern.search(text)
    return text[: found.start()] + new[found[0]] + text[found.end() :] if found else None
