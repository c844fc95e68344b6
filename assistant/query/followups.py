"""A follow-up question completed from the conversation, by rules, so that it stands alone.

Three things are mended: a piece of a question ("And in Liberia?") takes the rest from the one before (`ellipsis.py`);
a word that points back ("Who paid for it?", "that mission", "the former") is replaced by what it means
(`conversation.py`); and a question that names nothing of its own ("What lessons were learned?") gets the topic of the
conversation in brackets. A question that stands alone is left as it is.
"""

import re
from collections.abc import Sequence

from assistant.query.conversation import Conversation, covers
from assistant.query.ellipsis import filled_in, is_question
from assistant.query.phrases import AUXILIARIES, Phrase, definite, phrases_of, says_quality, tokens_of
from assistant.query.recognition import Names, find_symbols, find_years
from assistant.query.verbs import base_of, is_verb
from assistant.query.words import STOP_WORDS, word_set
from assistant.records import Turn

_OPENING = re.compile(
    r"^(?:(?:ok(?:ay)?|yes|no|well|right|thanks|thank you|sorry|interesting|great|hm+|oh|wow|i see|sure|cool|awesome|"
    r"good|now|please)\b[\s,.!-]*)+(?=\S)",
    re.I,
)
_OTHER_TOPIC = re.compile(
    r"^(?:and |but |now )*(?:(?:now )?something (?:else|different)|(?:an?)?other question|"
    r"(?:a )?different (?:question|topic)|(?:a )?new (?:question|topic)|"
    r"(?:to )?chang(?:e|ing) (?:of |the )?(?:subject|topic)|on another (?:note|topic)|by the way|unrelated)[\s,.:;!-]+",
    re.I,
)
# "Define vetting", "list the phases of DDR": whole, whatever was asked before. "List them" and "explain why" are not.
_COMMAND = re.compile(
    r"^(?:please )?(?:define|(?:the )?difference betw\w+|compare"
    r"|(?:explain|describe|list|name|outline|summari[sz]e)(?=.* of ))\s+"
    r"(?!(?:it|this|that|these|those|them|both)\b)(?=\S*\w{3})",
    re.I,
)
_NOT_NOUNS = (
    r"is|are|was|were|do|does|did|has|have|had|can|could|would|should|will|may|might|must|and|or|in|of|for|to|with|by|"
    r"at|on|from|the|a|an|been|being|help|work|happen|mean|sounds|seems|looks|means|makes|"
    r"helps|not|so|way|also|still|who|which|that|about|after|before|during"
)
_PAIR = (
    r"(?:the )?(?:former|latter)|both(?: of (?:them|these|those))?(?!\s+(?:the|[a-z]+ and))|the (?:first|second) one"
    r"|(?:the )?two of them|the two(?=\s*(?:of them)?\W*(?:$|(?:is|are|was|were|has|have|do|did|in|differ)\b))"
)
_KNOWN = (
    rf"the (?P<known>(?!(?:{_NOT_NOUNS})\b)[a-z-]{{3,}})"
    r"(?!\s+(?:of|for|on|against|between)\b|-|['’]|\s+(?:[a-z]+\s+)?(?:that|which|who)\b)"
)
_POINTER = re.compile(
    rf"\b(?:(?P<pair>{_PAIR})\b"
    r"|(?P<possessive>its|their|his|her)(?=\s+\w)"
    rf"|(?P<pointing>this|that|these|those|such)\s+(?P<noun>(?!(?:{_NOT_NOUNS})\b)[a-z-]{{3,}}(?<!ed)(?<!ing)\b)"
    r"|(?P<bare>it|they|them|he|she|him|this|that|these|those)(?![\w'’]|\s+(?:the|a|an)\b)"
    r"|(?P<place>there)(?!\s+(?:is|are|was|were|any|a|an|be|been|exist))"
    rf"|{_KNOWN})\b",
    re.I,
)
_EXPLETIVE = re.compile(
    r"\b(?:is|was|be|will|would)\s+it\s+(?:be\s+)?(?:not\s+)?(?:possible|necessary|important|true|likely|right|legal|hard|"
    r"easy|difficult|better|worth|useful|common|allowed)\s+(?:to|that)\b|\bdoes\s+it\s+(?:take|mean|cost)\s+(?:to|that|for)\b"
    r"|\bit\s+(?:is|was)\s+\w+\s+(?:to|that)\b|\b(?:is|are|was|were)\s+there\b|\bthere\s+(?:is|are|was|were)\b",
    re.I,
)
_BEFORE_POINTING = word_set(
    """in for by with from at on under during after before to of since between about against into over than as and or
    but is are was were do does did has have had can could should may will would not only all also then like why
    when where if"""
)
_DO_THAT = re.compile(
    r"^(?P<before>.*?\b)(?P<do>do|doing|done|does|did)\s+(?:it|that|this|so)(?=\W*$|\s+(?:in|for|by|with|if|before|after)\b)",
    re.I,
)
_OF_AN_EVENT = re.compile(
    r"\b(?:pa(?:y|ys|id)|fund(?:s|ed)?|financ(?:e|es|ed)|le(?:d|ads?)|oversee[sn]?|oversaw|organi[sz]e[ds]?|supervise[ds]?|"
    r"take|took|succe\w+|fail\w*|successful|effective|cost|oppose[ds]?|resist(?:ed|s)?|criticis\w+|criticiz\w+|happen\w*|"
    r"responsible|start(?:ed)?|beg[iau]n|finished|end(?:ed)?|stop(?:ped)?|help(?:ed)?|necessary|difficult|delayed)\b",
    re.I,
)
_ONES = re.compile(r"\b(?P<before>the(?= ones)|which) ones?\b(?!\s+of\b)", re.I)
_HEADLESS = re.compile(r"^(?P<ask>how many|which)\s+(?=(?:is|are|was|were|do|did|does|has|have|had|can|could)\b)", re.I)
_SEVERAL = word_set("their they them these those")
_OWNER = "\x00"  # marks an owner until what is owned is known to stand before it
_ALWAYS_KNOWN = word_set(
    """world law police army government state military population war country united president minister past future end
    public people field same other first most best main media press ground whole beginning international general
    rule"""
)


def complete(question: str, history: Sequence[Turn], names: Names) -> str:
    """The question as it would be asked with no conversation before it. `history` is oldest first."""
    standing: list[str] = []
    for number, turn in enumerate(history):
        standing.append(_completed(turn.question, _conversation(standing, history[:number], names)))
    whole = _completed(question, _conversation(standing, history, names))
    return whole if whole == question else _as_sentence(whole)


def _as_sentence(text: str) -> str:
    ended = text if text[-1:] in ".?!" or not is_question(text) else f"{text}?"
    return ended[:1].upper() + ended[1:]


def _conversation(standing: Sequence[str], history: Sequence[Turn], names: Names) -> Conversation | None:
    if not standing:
        return None
    answers = tuple(re.sub(r"\s*\[\d+\]", "", turn.answer) for turn in history if turn.answer)
    return Conversation(tuple(standing), answers, names)


def _completed(question: str, talk: Conversation | None) -> str:
    if talk is None:
        return question
    text = _OPENING.sub("", question).strip() or question
    if _OTHER_TOPIC.match(text):
        return _OTHER_TOPIC.sub("", text) or question
    if _COMMAND.match(text):
        return _with_antecedents(text, talk)
    filled = filled_in(text, talk)
    if filled:
        return filled
    text = re.sub(r"^(?:and|but|so|then|also)\s+(?=\S)", "", text, flags=re.I)
    resolved = _with_headless(_with_antecedents(_with_ones(_with_deed(text, talk), talk), talk), talk)
    return _with_topic(resolved, text, talk)


def _with_antecedents(text: str, talk: Conversation) -> str:
    """Words that point back replaced by what they stand for, each meaning once: the rest follows from it."""
    done: set[str] = set()

    def put(match: re.Match[str]) -> str:
        if _points_at_nothing(match):
            return match[0]
        meant = _meant(match, talk)
        if not meant or meant in done or meant.casefold() in text.casefold():
            return match[0]
        done.add(meant)
        return _fitted(match, meant)

    return _owned(_POINTER.sub(put, text))


def _points_at_nothing(match: re.Match[str]) -> bool:
    """Whether a word only seems to point back: "it is possible", "the army that came", "the EU and its missions"."""
    text = match.string
    if match["bare"] or match["place"]:
        expletive = _EXPLETIVE.search(text)
        if expletive and match.start() < expletive.end() and expletive.start() < match.end():
            return True
    word = match[0].split()[0].casefold()
    before = text[: match.start()].casefold().split()
    if word in ("that", "those") and before and before[-1].strip(",") not in _BEFORE_POINTING:
        return True
    if match["possessive"] or re.search(r",|\b(?:if|because|when|and|that|who)\b", text[: match.start()][1:]):
        own = [phrase for phrase in phrases_of(text[: match.start()]) if not phrase.is_vague]
        is_several = word in _SEVERAL
        if match["possessive"] or match["bare"]:
            return any((phrase.may_be_they if is_several else not phrase.is_plural) for phrase in own)
    return False


def _meant(match: re.Match[str], talk: Conversation) -> str | None:
    if match["pair"]:
        return _of_pair(match["pair"].casefold(), talk)
    if match["place"]:
        return talk.place
    if match["known"]:
        noun = match["known"].casefold()
        return None if noun in _ALWAYS_KNOWN | STOP_WORDS else talk.named(noun)
    if match["noun"] and not _is_pronoun(match):
        return talk.named(match["noun"]) or talk.things() or talk.thing()
    word = (match["possessive"] or match["bare"] or match["pointing"]).casefold()
    if word in ("he", "she", "his", "her", "him"):
        return talk.person()
    if word in _SEVERAL:
        return talk.things() or (talk.thing() if word != "these" else None)
    if not match["possessive"] and (word in ("this", "that") or _OF_AN_EVENT.search(match.string)):
        event = talk.event()
        if event or re.search(r"\bhappen", match.string):
            return event
    return talk.thing(may_be_role=word in ("this", "that")) or talk.things() or talk.place


def _is_pronoun(match: re.Match[str]) -> bool:
    """Whether the word after "those" is no noun: "What did those contain?", "this one"."""
    is_verb_due = re.search(r"\b(?:do|does|did|can|could|will|should)\s+$", match.string[: match.start()], re.I)
    return match["noun"] in ("one", "ones") or is_verb(match["noun"].casefold(), bool(is_verb_due))


def _of_pair(word: str, talk: Conversation) -> str | None:
    pair = talk.pair()
    if "last" in word or not pair:
        return None
    first, second, both = (definite(text) for text in pair)
    if "two" in word:
        return f"the two ({pair[2]})"
    return first if "former" in word or "first" in word else second if "latter" in word or "second" in word else both


def _fitted(match: re.Match[str], meant: str) -> str:
    if match["place"]:
        return f"in {meant}"
    if match["possessive"]:
        return f"{_OWNER}{meant}{_OWNER}"
    noun = match["noun"]
    if noun and _is_pronoun(match):
        return meant if noun.startswith("one") else f"{meant} {noun}"
    if noun and noun.removesuffix("s").casefold() not in meant.casefold() and not meant[4:5].isupper():
        return f"{'these' if match['pointing'].casefold() in ('these', 'those') else 'the'} {noun} ({meant})"
    return meant


def _owned(text: str) -> str:
    """ "its main tasks" as "the main tasks of UNMIL"."""
    marked = re.search(rf"{_OWNER}(?P<owner>.+?){_OWNER}\s+", text)
    if not marked:
        return text
    after = text[marked.end() :]
    end = 0
    for token in tokens_of(f"the {after}")[1:]:
        if token.kind != "noun":
            break
        end = token.end - 4
    owned = after[:end] or after.split()[0]
    return f"{text[: marked.start()]}the {owned} of {marked['owner']}{after[len(owned) :]}"


def _with_deed(text: str, talk: Conversation) -> str:
    """ "How can parliament do that?" after "Who oversees the services?": "How can parliament oversee the services?"."""
    asked = _DO_THAT.match(text)
    if not asked:
        return text
    before = tokens_of(talk.question)
    verb = next((token for token in before if token.kind == "verb"), None)
    base = base_of(verb.text.casefold()) if verb else None
    if not verb or not base:
        return text
    return f"{asked['before']}{base}{talk.question[verb.end :]}{text[asked.end() :]}"


def _with_ones(text: str, talk: Conversation) -> str:
    """ "the ones in Gao" as "the MOC patrols in Gao"."""
    ones = _ONES.search(text)
    if ones and ones["before"].casefold() == "which" and talk.things():
        return f"{text[: ones.start()]}{ones['before']} of {talk.things()}{text[ones.end() :]}"
    meant = ones and talk.sort_of_thing(is_several=ones[0].endswith("ones"))
    return f"{text[: ones.start()]}{ones['before']} {meant}{text[ones.end() :]}" if ones and meant else text


def _with_headless(text: str, talk: Conversation) -> str:
    """ "How many were there?" as "How many child soldiers in Nepal were there?"."""
    headless = _HEADLESS.match(text)
    meant = talk.things() if headless else None
    if not headless or not meant or covers(text, meant):
        return text
    if headless["ask"].casefold() == "which":
        return f"Which of {meant} {text[headless.end() :]}"
    return f"{headless['ask']} {meant.removeprefix('the ')} {text[headless.end() :]}"


def _with_topic(resolved: str, text: str, talk: Conversation) -> str:
    """What a question needs of the conversation when it does not say it itself, put in brackets after it."""
    added: list[str] = []
    is_pointed = resolved != text and not (talk.place and resolved == re.sub(r"\bthere\b", f"in {talk.place}", text))
    if not is_pointed and not _stands_alone(text, talk):
        added += talk.topic(resolved)
    so_far = " ".join([resolved, *added])
    has_place = any(name.kind == "country" for name in talk.names.find(so_far))
    if (
        talk.place
        and not has_place
        and not _is_definition(text)
        and (added or resolved != text or not _names_something(text, talk.names))
    ):
        added.append(talk.place)
    if talk.year and re.search(r"\bthen\W*$|\bat (?:that|the) time\b", text, re.I) and not find_years(so_far):
        added.append(str(talk.year))
    return f"{resolved.rstrip(' ?.!')} ({', '.join(added)})?" if added else resolved


def _stands_alone(text: str, talk: Conversation) -> bool:
    own = [phrase for phrase in phrases_of(text) if not phrase.is_vague]
    if _lacks_object(text):
        return False
    if _names_something(text, talk.names) or (own and _is_definition(text)):
        return not _has_bare_definite(own, text)
    return len(own) > 2 and not _has_bare_definite(own, text)


def _lacks_object(text: str) -> bool:
    """Whether a question breaks off after its verb: "Has China signed?"."""
    tokens = [token for token in tokens_of(text) if token.text[0].isalnum()]
    is_yes_or_no = re.match(r"(?:has|have|had|did|do|does|will|can)\b", text, re.I)
    return bool(tokens) and tokens[-1].kind == "verb" and bool(is_yes_or_no)


def _has_bare_definite(phrases: Sequence[Phrase], text: str) -> bool:
    """Whether a question speaks of something as known that it does not describe: "the recommendations"."""
    return any(
        re.fullmatch(r"(?:the|these|those|this|that)\s+[a-z-]+", phrase.text, re.I)
        and phrase.head not in _ALWAYS_KNOWN
        and len(phrase.parts) == 1
        for phrase in phrases
    )


def _is_definition(question: str) -> bool:
    """Whether a question asks what something is, which needs no conversation: "What is gender-responsive reform?"."""
    is_vague = any(says_quality(word) for word in re.findall(r"\w+", question.casefold()))
    return not is_vague and bool(
        re.match(
            r"^(?:what|who)\s+(?:is|are|was|were)\s+(?!(?:the|in|at|on|for|to|it|they|he|she)\b)(?:an?\s+)?[\w\s-]+\??$",
            question,
            re.I,
        )
    )


def _names_something(text: str, names: Names) -> bool:
    """Whether a question names a place, a body, a symbol or anything else in capitals."""
    if names.find(text) or find_symbols(text):
        return True
    words = [token.text for token in tokens_of(text) if token.text[0].isalnum()]
    return any(word.isupper() and len(word) > 1 for word in words) or any(
        word[0].isupper() and word.casefold() not in STOP_WORDS | AUXILIARIES for word in words[1:]
    )
