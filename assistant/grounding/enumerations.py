"""Items of a list that runs on within a sentence: "The plan has three parts: (1) training; (2) vetting; and (3) pay."

An answer that lists them gives each a line of its own. Word for word as it stands, such an item says what the sentence
says; nothing else that is less than a sentence is taken so.
"""

import re

from assistant.grounding.words import NEGATIONS, words
from assistant.sentences import split_sentences

_ENUMERATOR = re.compile(r"(?:^|(?<=[\s:;,]))(?:\((?:\d{1,2}|[a-z]|[ivx]{2,4})\)|(?:\d{1,2}|[a-z])[.)])\s+")
_CLOSING = re.compile(r"[\s;,.:]+(?:and|or)?[\s;,.]*$")  # what joins an item to the next one
_FEWEST = 2  # items of a list


def is_item(claim: str, evidence: str) -> bool:
    """Whether a claim is an item of a numbered list within a sentence of the evidence, word for word. One that ends
    like a sentence is none, and a sentence that denies its items has none.

    >>> is_item("Pay of officers", "The plan has two parts: (1) training; and (2) pay of officers.")
    True
    >>> is_item("Pay of officers", "The plan lacks two parts: (1) training; and (2) pay of officers.")
    False
    """
    wanted = _plain(_ENUMERATOR.sub("", claim, count=1))
    if not wanted or claim.rstrip().endswith((".", "!", "?")):
        return False
    return any(wanted in _items(evidence[start:end]) for start, end in split_sentences(evidence))


def _items(sentence: str) -> list[str]:
    lead_in, *items = _ENUMERATOR.split(sentence)
    if len(items) < _FEWEST or NEGATIONS.intersection(words(lead_in)):
        return []
    return [_plain(item) for item in items]


def _plain(text: str) -> str:
    return _CLOSING.sub("", " ".join(text.split())).casefold()
