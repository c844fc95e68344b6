"""Questions that leave out what was said before: "And in Liberia?", "Why?", "Any examples?", "What about the army?".

The question before is asked again, with the new piece in the place of the old piece of the same kind. Where no such
place is found, the new piece is asked about and the question before stands behind it in brackets.
"""

import re

from assistant.query.conversation import Conversation
from assistant.query.deeds import done_by_somebody
from assistant.query.phrases import PREPOSITIONS, Phrase, is_plural, phrases_of, tokens_of
from assistant.query.recognition import find_symbols, find_years
from assistant.query.verbs import participle
from assistant.query.words import MONTHS, word_set

_FRAGMENT = re.compile(
    r"^(?:(?:and|but|or|so|also|then)\s+)?(?P<ask>(?:what|how)\s+about\s+|what\s+of\s+|i\s+meant?\s+|rather\s+|"
    r"instead\s+|same\s+(?:question\s+)?for\s+)?(?P<rest>.+?)[\s?.!]*$",
    re.I,
)
_MORE = re.compile(
    r"^(?:(?:can|could|would) you (?:please )?)?(?:please )?(?:tell me more|more|go on|continue|elaborate|"
    r"explain(?: more| that)?|(?:give me )?more details?|say more|in more detail|any(?:thing)? (?:more|else))"
    r"(?P<about>\s+(?:about|on|of)\s+(?P<topic>.+?))?[\s?.!]*$",
    re.I,
)
_BARE = re.compile(
    r"^(?:and\s+|but\s+|so\s+)?(?P<word>why(?: not)?|how(?: so| come)?|when|where|who|by whom|for whom|to whom|"
    r"with whom|(?:since|until|by) when|how (?:many|much|long|often)(?: times)?|what else|which ones?|in what way|"
    r"(?:by|in|on|at|to|for|from|with|under|since) (?:which|what|whose|how many) [\w-]+(?: [\w-]+)?|"
    r"to what extent|under what conditions|at what cost)[\s?.!]*$",
    re.I,
)
_EXAMPLES = re.compile(
    r"^(?:and\s+)?(?P<ask>(?:(?:are|were|is) there\s+)?(?:any|some)\s+|(?:can|could) you (?:please )?"
    r"(?:give|name|show)\s+(?:me |us )?(?:an? |some |any )?|(?:please )?give (?:me |us )?(?:an? |some |any )?|for\s+)?"
    r"(?:concrete |good |other |more |real |specific )?(?P<noun>examples?|instances?|cases?|figures|"
    r"numbers|statistics|exceptions|limits)"
    r"(?:\s+(?P<rest>(?:of|from|in|for)\s+.+?))?[\s?.!]*$",
    re.I,
)
_POSSESSIVE = re.compile(
    r"^(?:and\s+|but\s+)?(?:(?:what|how)\s+about\s+)?(?P<owner>its|their|his|her)\s+(?P<rest>.+?)[\s?.!]*$", re.I
)
_ONE = re.compile(
    r"^(?:the\s+)?(?:ones?|those|that|the same)\s+(?P<rest>(?:in|on|for|of|from|about|by|with|under)\s+.+)$", re.I
)
_ORDINAL = r"first|second|third|fourth|fifth|last|next|final"
_NUMBERED = re.compile(r"^(?:the\s+)?(?P<noun>[a-z]+)\s+(?P<number>\d+(?:[./-]\d+)*(?:\s*\(\d{4}\))?)$", re.I)
_QUESTION = re.compile(
    r"^(?:(?:by|in|on|at|of|from|to|for|with|under|since|until) )?(?:what|which|who|whom|whose|when|where|why|how)\b"
    r"|^(?:is|are|was|were|do|does|did|can|could|should|may|must|has|have|had|will|would)\b"
    r"|^(?:list|name|define|describe|explain|compare|tell|give|show|summari[sz]e)\b",
    re.I,
)
_CLAUSE = re.compile(
    r"\b(?:is|are|was|were|do|does|did|can|could|should|must|has|have|had|will|would)\b.*", re.I | re.S
)
_ANY_PREPOSITION = "|".join(sorted(PREPOSITIONS))
_PREPOSITION = re.compile(rf"^(?P<word>{_ANY_PREPOSITION})\b\s*", re.I)
_CONDITION = re.compile(r"^(?:(?:and|but)\s+)?(?:what\s+)?(?P<if>if\s+[^,?]+?)[\s?.!]*$", re.I)
_POINTERS = word_set("it this that them these those")
_OF_CLAUSES = word_set("is are was were do does did can has have i you we they he she it what who how why")
_ACTORS = word_set(
    """police army military soldiers officers forces force navy gendarmerie guards guard troops judges courts prison
    prisons justice parliament government ministry women men children youth media society donors un eu au nato
    victims detainees prisoners juveniles minors foreigners refugees militias groups combatants police-officers
    intelligence services companies civilians"""
)


def filled_in(text: str, talk: Conversation) -> str | None:
    """The whole question that a piece of one stands for; None when the text is no piece."""
    bare = _BARE.match(text)
    if bare:
        return _with_bare_word(bare["word"], talk)
    condition = _CONDITION.match(text)
    if condition:
        return f"What {condition['if']} ({_lowered(talk.question)})?"
    more = _MORE.match(text)
    if more and (not more["topic"] or more["topic"].casefold() in _POINTERS):
        return f"{talk.question}?"
    examples = _EXAMPLES.match(text)
    if examples and not (examples["rest"] or "").startswith("of "):
        return _examples_of(examples, talk)
    possessive = _POSSESSIVE.match(text)
    if possessive and not _has_verb(possessive["rest"]):
        owner = talk.things() if possessive["owner"].casefold() == "their" else talk.thing()
        return f"What about the {possessive['rest']} of {owner}?" if owner else None
    fragment = _FRAGMENT.match(text)
    if fragment and _is_fragment(fragment, text) and _QUESTION.match(talk.question):
        return _with_fragment(fragment["rest"], talk)
    return None


def is_question(text: str) -> bool:
    """Whether a text begins as a question or an order does."""
    return bool(_QUESTION.match(text))


def _is_fragment(fragment: re.Match[str], text: str) -> bool:
    rest = fragment["rest"]
    if re.search(r"[?.!]\s", rest):
        return False
    if fragment["ask"]:
        return len(rest.split()) <= 12
    return len(rest.split()) <= 6 and not _QUESTION.match(rest) and not _has_verb(rest) and not find_symbols(text)


def _has_verb(text: str) -> bool:
    return any(token.kind == "verb" or token.text.casefold() in _OF_CLAUSES for token in tokens_of(text))


def _with_bare_word(word: str, talk: Conversation) -> str:
    """ "Why?" after "Did Liberia vet its police?" is "Why did Liberia vet its police?"."""
    before = talk.question
    clause = _CLAUSE.search(before)
    done = done_by_somebody(before)
    if done and not word.casefold().startswith(("who", "by whom")):
        verb = "were" if is_plural(phrases_of(done[0])[0].head) else "was"
        return f"{word.capitalize()} {verb} {done[0]} {participle(done[1])}{done[2]}?"
    asked_for = talk.asked_for()
    if asked_for and word.casefold() not in ("why", "how", "when", "where"):
        return f"{word.capitalize()} ({asked_for[0]})?"
    if not clause:
        return f"{before}: {word}?"
    if before.casefold().startswith("who ") and clause.start() == 4:
        return f"{word.capitalize()} {clause[0]}?"
    return f"{word.capitalize()} {_lowered(clause[0])}?"


def _examples_of(examples: re.Match[str], talk: Conversation) -> str | None:
    topic = talk.things() or talk.thing()
    if not topic:
        return None
    asked = (examples["ask"] or "").strip()
    opening = asked if re.match(r"can|could|give|please", asked, re.I) else "Are there any"
    rest = f" {examples['rest']}" if examples["rest"] else ""
    noun = examples["noun"] if opening != "Are there any" or examples["noun"].endswith("s") else f"{examples['noun']}s"
    return f"{opening} {noun} of {topic}{rest}?"


def _with_fragment(rest: str, talk: Conversation) -> str:
    """The question before, with the new piece in the place of the old piece of the same kind."""
    before = talk.question
    one = _ONE.match(rest)
    rest = one["rest"] if one else rest
    whole = (
        _with_other_number(before, rest)
        or _with_other_name(before, rest, talk)
        or _with_other_year(before, rest)
        or _with_other_object(before, rest)
        or _with_other_capitals(before, rest)
        or _with_other_phrase(before, rest, talk)
    )
    return whole or f"What about {rest} ({_lowered(before)})?"


def _with_other_number(before: str, rest: str) -> str | None:
    """ "And paragraph 14?", "And the second one?"."""
    numbered = _NUMBERED.match(rest)
    if numbered:
        return _put(before, re.search(rf"\b{numbered['noun']}\s+[\d./-]+(?:\s*\(\d{{4}}\))?", before, re.I), rest)
    ordinal = re.match(rf"^(?:the\s+)?(?P<word>{_ORDINAL})(?:\s+ones?)?$", rest, re.I)
    return _put(before, re.search(rf"\b(?:{_ORDINAL})\b", before, re.I), ordinal["word"]) if ordinal else None


def _with_other_name(before: str, rest: str, talk: Conversation) -> str | None:
    new = talk.names.find(rest)
    old = [name for name in talk.names.find(before) if new and name.kind == new[0].kind]
    if not old:
        return None
    bare = _PREPOSITION.sub("", rest).strip()
    if before[: old[0].start].casefold().endswith(" the "):
        bare = re.sub(r"^the\s+", "", bare, flags=re.I)
    return f"{before[: old[0].start]}{bare}{before[old[-1].end :]}?"


def _with_other_year(before: str, rest: str) -> str | None:
    """ "And until October 2021?" after "How many were there by early 2018?"."""
    old = re.search(
        rf"(?P<word>{_ANY_PREPOSITION})\s+(?:(?:early|late|mid|the end of|{'|'.join(MONTHS)})[\s-]*)*(?:19|20)\d\d\b",
        before,
        re.I,
    )
    if not find_years(rest) or not find_years(before):
        return None
    if not old:
        return _put(before, re.search(rf"\b{find_years(before)[0]}\b", before), _PREPOSITION.sub("", rest).strip())
    return _put(before, old, rest if _PREPOSITION.match(rest) else f"{old['word']} {rest}")


def _with_other_object(before: str, rest: str) -> str | None:
    """ "And about women?" after "What does it say about police?"; without such an object the piece is added."""
    preposition = _PREPOSITION.match(rest)
    if not preposition:
        return f"{before} in {rest}?" if find_years(rest) and len(rest.split()) == 1 else None
    found = re.search(rf"\b{preposition['word']}\s+.+?(?=\s+(?!of\b)(?:{_ANY_PREPOSITION})\b|$)", before, re.I)
    piece = rest[0].lower() + rest[1:]
    return _put(before, found, piece) or f"{before} {piece}?"


def _with_other_capitals(before: str, rest: str) -> str | None:
    """A name for a name, the last that is no place; the first word of a question is capital anyway."""
    if not re.match(r"(?:the\s+)?[A-Z]", rest):
        return None
    found = list(re.finditer(r"(?<=\s)[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*", before))
    no_places = [match for match in found if not re.search(r"\b(?:in|from|to|at)\s+$", before[: match.start()])]
    return _put(before, (no_places or found)[-1], rest) if found else None


def _with_other_phrase(before: str, rest: str, talk: Conversation) -> str | None:
    old = _replaceable(before, rest, talk)
    if not old:
        return None
    start, end = old
    has_article = before[:start].casefold().endswith(("the ", " a ", " an "))
    new = re.sub(r"^(?:the|a|an)\s+", "", rest, flags=re.I) if has_article else rest
    return f"{before[:start]}{new}{before[end:]}?"


def _replaceable(before: str, rest: str, talk: Conversation) -> tuple[int, int] | None:
    """The plain phrase whose place a new one takes: another body or group of people for one, else the first."""
    places = [(name.start, name.end) for name in talk.names.find(before) if name.kind == "country"]
    words = {word.casefold() for word in rest.split()}
    parts = [
        part
        for phrase in phrases_of(before)
        if not re.search(r"\b(?:what|which|how many)\s+$", before[: phrase.start], re.I) or words & _ACTORS
        for number, part in enumerate(phrase.parts)
        if not _says_little(phrase, number) and not any(start <= part[0] < end for start, end in places)
    ]
    if words & _ACTORS:
        parts = [part for part in parts if _ACTORS & set(before[slice(*part)].casefold().split())] or parts
    return parts[0] if parts and (len(parts) < 3 or words & _ACTORS) else None


def _says_little(phrase: Phrase, number: int) -> bool:
    tail = list(phrase.tails())[number]
    return len(phrase.parts) > number + 1 and tail.has_vague_head


def _lowered(question: str) -> str:
    return f"{question[:1].lower()}{question[1:]}"


def _put(text: str, where: re.Match[str] | None, new: str) -> str | None:
    return f"{text[: where.start()]}{new}{text[where.end() :]}?" if where else None
