"""Sentences that deny what a question takes for granted: "How many crimes did the trial prevent?", "it prevented none".

By words alone, so seldom: it finds about one false premise in twenty, and takes one true one in three hundred for
false (docs/decisions.md).
"""

import re
from collections.abc import Sequence

from assistant.answering.excerpts import Excerpt
from assistant.query import typed_plainly
from assistant.query.language import ENGLISH
from assistant.query.words import WORD, content_terms, stem
from assistant.records import Query

OTHERWISE = "The documents say otherwise:"  # said before the sentence that denies a premise
_DENYING = r"not|never|no|none|nor|without|neither|refused|excluded?|excluding|rejected|declined|didn[’']t|wasn[’']t"
_DENIES = re.compile(rf"(?:{_DENYING})", re.IGNORECASE)
# A question that doubts by itself takes nothing for granted.
_DOUBTS = re.compile(rf"\b(?:{_DENYING}|fail\w*|lack\w*|missing|only|unable|against)\b", re.IGNORECASE)
# No denials: "the Member States, not the UN" (which of two), "people whom no court can judge" (which people).
_CONTRAST = re.compile(
    r"(?:,|\band|\bbut) not\b|\bnot (?:only|just|yet)\b|\b(?:who|whom|whose|which|that|where) (?:no|not|never|none)\b",
    re.IGNORECASE,
)
# What a text is called says nothing of its matter: "No paragraph of resolution 2151 gives money" shares nothing with a
# question on what that resolution asks.
_OF_TEXTS = frozenset(map(stem, ("resolution", "paragraph", "document", "report", "text", "note", "article")))
_REACH = 3  # words after a denial within which a word of the question stands
_SHARED, _FEWEST = 0.5, 3  # share of the question's words that the sentence holds, and how many they are at least
_LONGEST = 60  # words; in longer sentences a denial is mostly of something else


def denial(query: Query, candidates: Sequence[Excerpt]) -> Excerpt | None:
    """The excerpt that denies what the question takes for granted; None where none does. A question that can be
    answered by no takes nothing for granted; a piece of one ("and women?") has too few words of its own."""
    is_own = query.asking in typed_plainly(query.question)  # and not that of a question before
    if not is_own or query.type == "yes-no" or query.language != ENGLISH or _DOUBTS.search(query.text):
        return None
    asked = {stem(term) for term in content_terms(query.asking)}
    denying = [(share, excerpt) for excerpt in candidates if (share := _denied(asked, excerpt)) >= _SHARED]
    return max(denying, key=lambda found: (found[0], found[1].score))[1] if denying else None


def _denied(asked: set[str], excerpt: Excerpt) -> float:
    """The share of the question's words in the sentence, where one of them is denied; else 0."""
    passage = excerpt.passage
    words = WORD.findall(_CONTRAST.sub(" ", passage.sentence_text(passage.sentences[excerpt.best])))
    if len(words) > _LONGEST or excerpt.is_list:
        return 0.0
    said = [stem(word) for word in words]
    is_denied = any(
        _DENIES.fullmatch(word) and asked & set(said[place + 1 : place + 1 + _REACH])
        for place, word in enumerate(words)
    )
    claimed = {word for word in asked - _OF_TEXTS if not word.isdigit()}
    shared = len(claimed & set(said))
    return shared / len(claimed) if is_denied and shared >= _FEWEST else 0.0
