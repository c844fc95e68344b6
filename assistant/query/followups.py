"""A follow-up question completed from the conversation, by rules, so that it stands alone.

Three things are mended: ellipsis ("And in Liberia?", "What about the police?") takes the question before and puts
the new piece in the place of the old; a pronoun ("Who paid for it?") is replaced by what was spoken of; and a
question that names nothing of its own ("Who led the commission?") gets the topic of the conversation after it.
A question that stands alone is left as it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.query.recognition import Name, Names, find_symbols, find_years
from assistant.query.words import STOP_WORDS, word_set
from assistant.records import Turn

_OPENING = re.compile(
    r"^(?:(?:ok(?:ay)?|yes|no|well|right|thanks|thank you|sorry|interesting|great|hm+|oh|wow|i see|sure)\b[\s,.!-]*)+",
    re.I,
)
_ELLIPSIS = re.compile(
    r"^(?:(?:and|but|or|so|also|then)\s+)?(?P<ask>(?:what|how)\s+about\s+|what\s+of\s+|i\s+meant?\s+|rather\s+|instead\s+)?"
    r"(?P<rest>.+?)[\s?.!]*$",
    re.I,
)
_MORE = re.compile(
    r"^(?:(?:can|could|would) you (?:please )?)?(?:please )?(?:tell me more|more|go on|continue|elaborate|"
    r"explain(?: more| that)?|(?:give me )?more details?|say more|in more detail|any(?:thing)? (?:more|else))"
    r"(?P<about>\s+(?:about|on|of)\s+(?P<topic>.+?))?[\s?.!]*$",
    re.I,
)
_BARE = re.compile(
    r"^(?:and\s+)?(?P<word>why(?: not)?|how(?: so| come)?|when|where|who|by whom|for whom|since when|how many|how much|"
    r"how long|what else|which ones?|in what way|to what extent)[\s?.!]*$",
    re.I,
)
_QUESTION = re.compile(
    r"^(?:by |in |on |at |of |from |to |for |with |under )?(?:what|which|who|whom|whose|when|where|why|how)\b"
    r"|^(?:is|are|was|were|do|does|did|can|could|should|may|must|has|have|had|will|would)\b"
    r"|^(?:list|name|define|describe|explain|compare|tell|give|show|summari[sz]e)\b",
    re.I,
)
_PREPOSITIONS = "in|for|by|with|from|at|on|under|during|after|before|to|of|since|between|about|regarding|against"
_PREPOSITION = re.compile(rf"^(?P<word>{_PREPOSITIONS})\b", re.I)
_DO_THAT = re.compile(
    r"\b(?:do|doing|done|does|did)\s+(?:it|that|this|so)(?=\W*$|\s+(?:in|for|by|with|if|before|after)\b)", re.I
)
_DEFINITE = re.compile(r"\b(?:the|these|those|this|that)\s+[a-z]", re.I)

# Groups in order: a possessive, "this/that + noun", a bare pronoun, "there".
_PRONOUN = re.compile(
    r"\b(?:(?P<possessive>its|their|his|her)(?=\s+\w)"
    r"|(?P<pointing>this|that|these|those|such)\s+(?P<noun>(?!(?:is|are|was|were|do|does|did|has|have|had|can|could|would|"
    r"should|will|may|might|must|and|or|in|of|for|to|with|by|at|on|from|the|a|an|help|work|happen|mean|not|so|way)\b)[a-z-]{3,}(?<!ed)(?<!ing)\b)"
    r"|(?P<bare>it|they|them|he|she|him|this|that|these|those)(?![\w'’]|\s+(?:the|a|an)\b)"
    r"|(?P<place>there)(?!\s+(?:is|are|was|were|any|a|an|be|been|exist)))\b",
    re.I,
)
_BODY = re.compile(
    r"\bthe (?P<noun>commission|mission|council|committee|court|tribunal|ministry|agency|office|force|service|board|"
    r"unit)\b(?!\s+of\b)"
)
_EXPLETIVE = re.compile(
    r"\b(?:is|was|be|will|would)\s+it\s+(?:be\s+)?(?:not\s+)?(?:possible|necessary|important|true|likely|right|legal|hard|"
    r"easy|difficult|better|worth|useful|common|allowed)\s+(?:to|that)\b|\bdoes\s+it\s+(?:take|mean|cost)\s+(?:to|that|for)\b"
    r"|\bit\s+(?:is|was)\s+\w+\s+(?:to|that)\b|\b(?:is|are|was|were)\s+there\b|\bthere\s+(?:is|are|was|were)\b",
    re.I,
)
_BEFORE_POINTING = word_set(
    """in for by with from at on under during after before to of since between about against into over than as
    and or but is are was were do does did has have had can could should may will would not only all also then
    like why when where"""
)
_VERBS = word_set(
    """happen happened begin began started ended works worked changed go went come came led lead leads ran paid
    pay pays funded played affect affected helped supported include includes included involve involved differ
    differs compare compared adopt adopted reformed create created establish established set vetted trained
    built rebuild rebuilt protected ensure ensured apply applies decide decides decided contribute contributed
    occur occurred succeed succeeded fail failed think believe learn learnt learned exist exists existed
    require required makes recommend recommended propose proposed cause caused become see did done called
    define defined write wrote written address addressed achieve achieved implement implemented disband
    disbanded deploy deployed monitor oversee oversees overcome dissolve dissolved collapse collapsed stop
    stopped send sent join joined serve served say said says overseen criticised criticized linked tell give
    show know important possible necessary useful true needed"""
)
_VAGUE = word_set(
    """type types kind kinds form forms example examples way ways thing things part parts effect effects result
    results cause causes reason reasons difference differences step steps challenge challenges problem
    problems benefit benefits symptom symptoms advantage advantages disadvantage disadvantages role roles
    purpose goal goals aim aims lesson lessons impact importance significance history origin definition
    meaning risk risks cost costs number criticism criticisms member members main key principle principles
    element elements outcome outcomes detail details information side sides principal major different common
    important best other first second last wrong well badly right happy yes many much"""
)
_TOKEN = re.compile(r"[^\W_]+(?:['’./-][^\W_]+)*|[^\w\s]")
_ASKED_FOR = re.compile(
    r"^(?:(?:in|from|by|under|with|to|for|at) )?(?:which|what)\s+(?!(?:is|are|was|were|do|does|did|can|could|"
    r"should|has|have|had|will|would|went|happened|about)\b)",
    re.I,
)
_PARTICIPLE = re.compile(r"\w{3,}ed", re.I)
_PLURAL = re.compile(r"(?:[^s]s|people|police|women|men|children|forces|media)$", re.I)


@dataclass(frozen=True, slots=True)
class _Focus:
    """What a conversation is about: topics and names, the latest first."""

    topics: tuple[str, ...]
    names: tuple[Name, ...]
    question: str
    said: str


def complete(question: str, history: Sequence[Turn], names: Names) -> str:
    """The question as it would be asked with no conversation before it. `history` is oldest first."""
    if not history:
        return question
    standing: list[str] = []
    for turn in history:
        standing.append(_completed(turn.question, _focus(standing, history[: len(standing)], names), names))
    whole = _completed(question, _focus(standing, history, names), names)
    return whole if whole == question else whole[:1].upper() + whole[1:]


def _focus(standing: Sequence[str], history: Sequence[Turn], names: Names) -> _Focus | None:
    if not standing:
        return None
    topics = tuple(dict.fromkeys(topic for question in reversed(standing) for topic in _topics(question, names)))
    found = tuple(name for question in reversed(standing) for name in names.find(question))
    said = " ".join(turn.answer or "" for turn in history[-2:])
    return _Focus(topics, found, standing[-1].rstrip(" ?.!"), said)


def _completed(question: str, focus: _Focus | None, names: Names) -> str:
    if focus is None:
        return question
    text = _OPENING.sub("", question).strip() or question
    bare = _BARE.match(text)
    if bare:
        return _with_bare_word(bare["word"], focus)
    more = _MORE.match(text)
    if more:
        return _asked_for_more(more["topic"], focus, names)
    ellipsis = _ELLIPSIS.match(text)
    if ellipsis and _is_fragment(ellipsis, text) and _QUESTION.match(focus.question):
        return _with_fragment(ellipsis["rest"], focus, names)
    text = re.sub(r"^(?:and|but|so|then|also)\s+", "", text, flags=re.I)
    if _ASKED_FOR.match(focus.question) and _refers_back(text) and not _names_something(text, names):
        # "Which country leads the force?" - "What did it pay?": the answer is meant, which the question describes.
        return f"{text.rstrip(' ?.!')} ({_ASKED_FOR.sub('', focus.question)})?"
    resolved = _with_antecedents(text, focus)
    return _with_topic(resolved, text, focus, names)


def _refers_back(text: str) -> bool:
    return any((match["bare"] or match["possessive"]) and not _is_relative(match) for match in _PRONOUN.finditer(text))


def _is_fragment(ellipsis: re.Match[str], text: str) -> bool:
    if ellipsis["ask"]:
        return True
    rest = ellipsis["rest"]
    return len(rest.split()) <= 6 and not _QUESTION.match(rest) and not _has_verb(rest) and not find_symbols(text)


def _has_verb(text: str) -> bool:
    return any(word.casefold() in _VERBS or word.casefold() in ("is", "are", "was", "were") for word in text.split())


def _with_bare_word(word: str, focus: _Focus) -> str:
    """ "Why?" after "Did Liberia vet its police?" is "Why did Liberia vet its police?"."""
    before = focus.question
    clause = re.match(r"(?:is|are|was|were|do|does|did|can|could|should|has|have|had|will|would)\b", before, re.I)
    if not clause:
        clause = re.search(
            r"(?<=\s)(?:is|are|was|were|do|does|did|can|could|should|has|have|had|will|would)\b.*", before, re.I
        )
        before = clause[0] if clause else before
    return f"{word.capitalize()} {before[:1].lower()}{before[1:]}?" if clause else f"{before}: {word}?"


def _asked_for_more(topic: str | None, focus: _Focus, names: Names) -> str:
    if not topic or topic.casefold() in ("it", "this", "that", "them", "these", "those"):
        return f"{focus.question}?"
    return _with_topic(f"{_with_antecedents(topic, focus)}?", topic, focus, names)


def _with_fragment(rest: str, focus: _Focus, names: Names) -> str:
    """The question before, with the new piece in the place of the old piece of the same kind."""
    before = focus.question
    new = names.find(rest)
    bare = _PREPOSITION.sub("", rest).strip()
    old = [name for name in names.find(before) if new and name.kind == new[0].kind]
    if old:
        return _replaced(before, old[0].start, old[-1].end, bare) + "?"
    years = find_years(before)
    if find_years(rest) and years:
        return re.sub(rf"\b{years[0]}\b", bare, before, count=1) + "?"
    preposition = _PREPOSITION.match(rest)
    if preposition or find_years(rest):
        return (preposition and _with_new_object(before, preposition["word"], rest)) or f"{before} {rest}?"
    capital = _last_capitals(before) if rest[:1].isupper() else None
    if capital:
        return _replaced(before, *capital, bare) + "?"
    topics = _topics(before, names)
    if topics and not new:
        old_topic = topics[0].removeprefix("the ")
        at = before.find(old_topic)
        has_article = before[:at].casefold().endswith(("the ", " a ", " an "))
        new_topic = re.sub(r"^(?:the|a|an)\s+", "", bare, flags=re.I) if has_article else bare
        return _replaced(before, at, at + len(old_topic), new_topic) + "?"
    return f"{before} {'in ' if new and new[0].kind == 'country' else 'for '}{bare}?"


def _with_new_object(before: str, preposition: str, rest: str) -> str | None:
    """ "And about women?" after "What does it say about police?": the object of the same preposition is replaced."""
    found = re.search(rf"\b{preposition}\s+.+?(?=\s+(?:{_PREPOSITIONS})\b|$)", before, re.I)
    return _replaced(before, *found.span(), rest[0].lower() + rest[1:]) + "?" if found else None


def _last_capitals(text: str) -> tuple[int, int] | None:
    """Where the last name in capitals stands, its first word left out: that is capital anyway."""
    found = list(re.finditer(r"(?<=\s)[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*", text))
    return found[-1].span() if found else None


def _replaced(text: str, start: int, end: int, new: str) -> str:
    return f"{text[:start]}{new}{text[end:]}"


def _with_antecedents(text: str, focus: _Focus) -> str:
    """Pronouns replaced by what they stand for, the first of each kind only: the rest follow from it."""
    expletive = _EXPLETIVE.search(text)
    place = next((name.canonical for name in focus.names if name.kind == "country"), None)
    done: set[str] = set()

    def put(match: re.Match[str]) -> str:
        is_expletive = expletive and match.start() < expletive.end() and expletive.start() < match.end()
        if (is_expletive and (match["bare"] or match["place"])) or _is_relative(match):
            return match[0]
        antecedent = _antecedent(match, focus, place)
        if not antecedent or antecedent.casefold() in text.casefold() or antecedent in done:
            return match[0]
        done.add(antecedent)
        return _fitted(match, antecedent)

    return _PRONOUN.sub(put, text)


def _is_relative(match: re.Match[str]) -> bool:
    """Whether "that" or "those" belongs to the word before it: "the army that came", "say that", not "about that"."""
    word = match[0].split()[0].casefold()
    before = match.string[: match.start()].casefold().split()
    return word in ("that", "those") and bool(before) and before[-1] not in _BEFORE_POINTING


def _antecedent(match: re.Match[str], focus: _Focus, place: str | None) -> str | None:
    if match["place"]:
        return place
    plural = (match["possessive"] or match["bare"] or match["pointing"] or "").casefold()
    if plural in ("their", "they", "them", "these", "those"):
        for topic in focus.topics[:3]:
            if _PLURAL.search(topic):
                return topic
    if plural in ("he", "she", "his", "her", "him"):
        return next((topic for topic in focus.topics if topic[:1].isupper() and " " in topic), None)
    return focus.topics[0] if focus.topics else place


def _fitted(match: re.Match[str], antecedent: str) -> str:
    if match["place"]:
        return f"in {antecedent}"
    if match["possessive"]:
        return f"{antecedent}’" if antecedent.endswith("s") else f"{antecedent}’s"
    noun = match["noun"]
    if noun and noun.removesuffix("s").casefold() not in antecedent.casefold():
        return f"{'these' if match['pointing'].casefold() in ('these', 'those') else 'the'} {noun} ({antecedent})"
    return antecedent


def _with_topic(resolved: str, text: str, focus: _Focus, names: Names) -> str:
    """What a question needs of the conversation when it does not say it itself, put in brackets after it."""
    resolved = _with_full_names(resolved, focus)
    added: list[str] = []
    if _DO_THAT.search(text):
        resolved = text
        added.append(
            re.sub(
                r"^(?:who|what|which|how|when|where|why)\s+(?:(?:is|are|do|does|did|can)\s+)?",
                "",
                focus.question,
                flags=re.I,
            )
        )
    elif resolved == text:
        own = [topic for topic in _topics(resolved, names) if not _is_vague(topic)]
        if _names_something(resolved, names) or (own and _stands_alone(resolved)):
            return resolved
        if len(own) < 2 or _DEFINITE.search(resolved):
            added += [topic for topic in focus.topics if not _covers(resolved, topic)][:1]
    place = next((name.canonical for name in focus.names if name.kind == "country"), None)
    has_place = any(name.kind == "country" for name in names.find(" ".join([resolved, *added])))
    if place and not has_place and not _stands_alone(resolved):
        added.append(place)
    return f"{resolved.rstrip(' ?.!')} ({', '.join(added)})?" if added else resolved


def _stands_alone(question: str) -> bool:
    """Whether a question asks what something is, which needs no conversation: "What is gender-responsive reform?"."""
    return bool(re.match(r"^(?:what|who)\s+(?:is|are|was|were)\s+(?!the\b)(?:an?\s+)?[\w\s-]+\??$", question, re.I))


def _covers(text: str, topic: str) -> bool:
    words = {word.casefold() for word in _TOKEN.findall(text)}
    return all(word.casefold() in words for word in topic.removeprefix("the ").split())


def _with_full_names(text: str, focus: _Focus) -> str:
    """ "the commission" is the "Truth and Reconciliation Commission" where the conversation has named it."""

    def put(match: re.Match[str]) -> str:
        noun = match["noun"].capitalize()
        full = re.findall(
            rf"(?:[A-Z][\w’'-]+\s+(?:(?:and|of|for|the)\s+)*){{1,5}}{noun}\b", f"{focus.question}. {focus.said}"
        )
        return f"the {full[-1]}" if full else match[0]

    return _BODY.sub(put, text, count=1)


def _names_something(text: str, names: Names) -> bool:
    """Whether a question names a place, a body, a symbol or anything else in capitals."""
    if names.find(text) or find_symbols(text):
        return True
    words = _TOKEN.findall(text)
    return any(word.isupper() and len(word) > 1 for word in words) or any(
        word[0].isupper() and word.casefold() not in STOP_WORDS for word in words[1:]
    )


def _topics(question: str, names: Names) -> list[str]:
    """The noun phrases of a question, as they stand in it: those that say most first, else in order. Countries alone
    are no topics; in "Kosovo Protection Corps" or "army of Liberia" they are part of one."""
    places = [(name.start, name.end) for name in names.find(question) if name.kind == "country"]
    runs: list[list[tuple[int, int]]] = [[]]
    for match in _TOKEN.finditer(question):
        word = re.split(r"['’]", match[0].casefold())[0]
        joins = word in ("of", "for", "and") and runs[-1]
        if word[:1].isalnum() and word not in _VERBS and (word not in STOP_WORDS or joins):
            runs[-1].append(match.span())
        elif runs[-1]:
            runs.append([])
    phrases = [_phrase(question, run) for run in runs if not all(_within(span, places) for span in run)]
    return sorted((phrase for phrase in phrases if phrase and not _PARTICIPLE.fullmatch(phrase)), key=_is_vague)


def _within(span: tuple[int, int], places: Sequence[tuple[int, int]]) -> bool:
    return any(start <= span[0] < end for start, end in places)


def _phrase(question: str, run: list[tuple[int, int]]) -> str:
    """The words of a run with the article before them, without small words at its end."""
    while run and question[slice(*run[-1])].casefold() in ("of", "for", "and"):
        run = run[:-1]
    if not run:
        return ""
    phrase = question[run[0][0] : run[-1][1]]
    return f"the {phrase}" if question[: run[0][0]].casefold().endswith("the ") else phrase


def _is_vague(phrase: str) -> bool:
    return all(word.casefold() in _VAGUE for word in phrase.removeprefix("the ").split())
