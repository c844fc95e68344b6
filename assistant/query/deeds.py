"""What a question says that somebody did, as a noun or as a clause that describes a thing.

"Who paid for it?" after "How was the army trained?" asks about the training, not about the army.
"""

import re

from assistant.query.phrases import PREPOSITIONS, Token, definite, phrases_of, tokens_of
from assistant.query.verbs import PARTICLES, base_of, deed, is_participle, past
from assistant.query.words import word_set

_OPENING = re.compile(
    r"^(?:(?:(?:by|in|on|at|to|for|from|with|under|since|until) )?(?:why|how|when|where|what \w+|which \w+)\s+)?"
    r"(?P<aux>is|are|was|were|do|does|did|has|have|had|can|could|may|must|should|will|would)\s+",
    re.I,
)
_NO_DEEDS = word_set(
    """allow come go get give have do ask tell work need differ behave look belong consist exist cost want be happen
    call mean say know think include attempt try"""
)
_LONGEST = 14  # words: a longer noun is no help to the reader


def event_of(question: str) -> str | None:
    """What a question says that happened: "How was the army trained?" gives "the training of the army".

    None for questions that name no deed, and where a bracket already explains what is meant.
    """
    question = question.rstrip(" ?.!")
    if "(" in question:
        return None
    event = _deed_of_somebody(question) if question.casefold().startswith("who ") else _deed_of_subject(question)
    return event if event and len(event.split()) <= _LONGEST else None


def done_by_somebody(question: str) -> tuple[str, str, str] | None:
    """Of "Who set up the court in 2004?" what was done: to what, the verb, and its particle after a space."""
    tokens = tokens_of(question)
    if len(tokens) < 3 or tokens[0].text.casefold() != "who" or tokens[1].kind != "verb":
        return None
    verb, particle = tokens[1], _particle(tokens[2:])
    done_to = question[verb.end + len(particle) :].strip()
    is_thing = bool(done_to) and tokens_of(done_to)[0].kind in ("article", "noun")
    return (done_to, verb.text.casefold(), particle) if is_thing else None


def relative_clause(clause: str) -> str:
    """The rest of a question as a relative clause: "did UNAMID have in Darfur" becomes "that UNAMID had in Darfur"."""
    asked = re.match(r"(?:do|does|did)\s+", clause, re.I)
    if not asked:
        return f"that {clause}"
    rest = clause[asked.end() :]
    verb = next((token for token in tokens_of(clause) if token.start >= asked.end() and _is_verb(token)), None)
    if not verb or asked[0].strip().casefold() != "did":
        return f"that {rest}"
    word = verb.text.casefold()
    return f"that {clause[asked.end() : verb.start]}{past(base_of(word) or word)}{clause[verb.end :]}"


def _deed_of_somebody(question: str) -> str | None:
    done = done_by_somebody(question)
    return f"the {deed(done[1])}{done[2]} of {done[0]}" if done else None


def _deed_of_subject(question: str) -> str | None:
    opening = _OPENING.match(question)
    subject = next((p for p in phrases_of(question) if opening and p.start >= opening.end() - 1), None)
    following = [token for token in tokens_of(question) if subject and token.start >= subject.end]
    verb = next((token for token in following if token.kind == "verb"), None)
    if not subject or not verb:
        return None
    word, after = verb.text.casefold(), [token for token in following if token.start > verb.start]
    base = base_of(word)
    if base in _NO_DEEDS or not (base or is_participle(word)) or (after and after[-1].kind == "preposition"):
        return None
    particle = _particle(after)
    tail = question[verb.end + len(particle) :].strip()
    if tail.startswith("to "):
        return None
    action = f"the {deed(word)}{particle}"
    if is_participle(word) or not tail or tail.split()[0].casefold() in PREPOSITIONS:
        return f"{action} of {definite(subject.text)} {tail}".strip()
    return f"{action} of {tail} by {definite(subject.text)}"


def _particle(after: list[Token]) -> str:
    return f" {after[0].text}" if after and after[0].text.casefold() in PARTICLES else ""


def _is_verb(token: Token) -> bool:
    word = token.text.casefold()
    return token.kind == "verb" or (token.kind == "small" and (base_of(word) is not None or word in ("have", "do")))
