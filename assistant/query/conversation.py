"""What a conversation has spoken of, and what a word that points back into it may mean."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.query.deeds import event_of, relative_clause
from assistant.query.phrases import Phrase, bare, definite, is_plural, phrases_of, tokens_of
from assistant.query.recognition import Name, Names, find_years
from assistant.query.words import MONTHS, STOP_WORDS, word_set

_ASKED_FOR = re.compile(
    r"^(?P<before>(?:in|from|by|under|with|to|for|at|on) )?(?:which|what|how many)\s+"
    r"(?!(?:is|are|was|were|do|does|did|can|could|should|has|have|had|will|would|went|happened|about|if|of)\b)(?P<noun>.+)$",
    re.I,
)
_CAPITALS = re.compile(r"(?:[A-Z][\w’'-]+(?:\s+(?:(?:and|of|for|the|on)\s+)*(?=[A-Z]))?)+")
_MOST_TOPICS = 2
_OF_DATES = word_set("monday tuesday wednesday thursday friday saturday sunday") | {
    month.casefold() for month in MONTHS
}
_BODY = word_set(
    """mission council commission committee court nations union force forces agency office ministry fund group team
    resolution report agreement police army service corps republic policy programme framework party assembly
    document"""
)
_NO_PERSON = (
    _BODY
    | _OF_DATES
    | word_set(
        "peace security state states representative special general president minister act law united secretary-general"
    )
)
_PERSON = re.compile(
    r"(?:[^rt]er|[ts]or|man|ist|chief|head|representative|president|judge|envoy|secretary-general)$", re.I
)
_GENERAL = {  # what people call the bodies whose names the library knows
    "mission": word_set("mission operation"),
    "organisation": word_set("organisation organization body union alliance"),
    "country": word_set("country state nation place"),
}


@dataclass(frozen=True)
class Conversation:
    """The turns before a question. `standing` are their questions as completed, oldest first, at least one;
    `answers` the answers known, oldest first."""

    standing: tuple[str, ...]
    answers: tuple[str, ...]
    names: Names

    @property
    def question(self) -> str:
        """The question before, without its mark."""
        return self.standing[-1].rstrip(" ?.!")

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """What the question before speaks of, the likeliest to be meant first; places alone are left out."""
        return self._ordered(self.question)

    @cached_property
    def earlier(self) -> tuple[Phrase, ...]:
        """What the questions before that spoke of, the latest first."""
        return tuple(phrase for question in self.standing[-2::-1] for phrase in self._ordered(question))

    @cached_property
    def place(self) -> str | None:
        """The country that the question before names, as it names it."""
        found = [name for name in self.names.find(self.question) if name.kind == "country"]
        return self._as_named(found[0]) if found else None

    @cached_property
    def year(self) -> int | None:
        years = find_years(self.question)
        return years[0] if len(years) == 1 else None

    def _as_named(self, name: Name) -> str:
        """ "DRC" stays "DRC"; the adjective "Liberian" becomes the country's name."""
        before = self.question[: name.start].rstrip().removesuffix(" the").rpartition(" ")[2].casefold()
        text = self.question[name.start : name.end]
        is_noun = before in word_set("in of for to from on at about and") or before.startswith("(")
        return text if is_noun else name.canonical

    def _ordered(self, question: str) -> tuple[Phrase, ...]:
        """Those that were spoken of in several turns come first, then subjects, then what says little."""
        places = [(name.start, name.end) for name in self.names.find(question) if name.kind == "country"]
        asked_for = _ASKED_FOR.match(question)
        found = [phrase for phrase in phrases_of(question) if not _is_place(phrase, places)]
        if asked_for and found and found[0].start <= asked_for.start("noun") + 4:
            found = found[1:]
        return tuple(
            sorted(found, key=lambda p: (p.is_vague, -self._mentions(p), p.is_object and not _about(p, question)))
        )

    def _mentions(self, phrase: Phrase) -> int:
        return sum(phrase.head in question.casefold() for question in self.standing)

    def thing(self, may_be_role: bool = False) -> str | None:
        """What "it" may mean; a thing's role, cost or effects only where that is said to be possible."""
        asked_for = self.asked_for()
        if asked_for and not asked_for[1]:
            return asked_for[0]
        return self._first(lambda phrase: phrase.may_be_it, may_be_role)

    def things(self) -> str | None:
        """What "they" may mean."""
        asked_for = self.asked_for()
        if asked_for and asked_for[1]:
            return asked_for[0]
        return self._first(lambda phrase: phrase.is_plural or phrase.is_group) or self._first(
            lambda phrase: phrase.may_be_they
        )

    def _first(self, fits: Callable[[Phrase], bool], may_be_role: bool = False) -> str | None:
        for phrases in (self.phrases, self.earlier):
            for phrase in phrases:
                fitting = [
                    tail for tail in phrase.tails() if fits(tail) and not tail.is_vague and not self._is_country(tail)
                ]
                if fitting:
                    is_role = fitting[0].has_vague_head and len(fitting) > 1 and fitting[1].parts[0] == phrase.parts[1]
                    return definite(fitting[is_role and not may_be_role].text)
        return None

    def _is_country(self, phrase: Phrase) -> bool:
        found = self.names.find(phrase.text)
        is_whole = len(found) == 1 and found[0].end - found[0].start >= len(bare(phrase.text)) - 2
        return is_whole and found[0].kind == "country"

    def asked_for(self) -> tuple[str, bool] | None:
        """What the question before asked for, described by it, and whether that is several: "Which agreement ended
        the war?" gives "the agreement that ended the war". If the answer names it, its name comes first."""
        asked = _ASKED_FOR.match(self.question)
        if not asked or asked["before"]:
            return None
        nouns = [phrase for phrase in phrases_of(self.question) if phrase.start <= asked.start("noun") + 4]
        if not nouns or nouns[0].is_vague or self.question[nouns[0].end :].strip() == "":
            return None
        clause = relative_clause(self.question[nouns[0].end :].strip())
        described = f"the {bare(nouns[0].text)} {clause}"
        name = None if nouns[0].is_plural else self.name_in_answer()
        return (f"{name} ({described})" if name else described), nouns[0].is_plural

    def name_in_answer(self) -> str | None:
        """The first name in capitals that the last answer gives and the question did not."""
        if not self.answers:
            return None
        for match in _CAPITALS.finditer(self.answers[-1]):
            words = match[0].split()
            while words and words[0].casefold() in STOP_WORDS | _OF_DATES:
                words = words[1:]
            name = " ".join(words)
            if len(name) > 2 and name.casefold() not in self.question.casefold():
                return f"the {name}" if _BODY & {word.casefold() for word in words} else name
        return None

    def person(self) -> str | None:
        """Whom "he" or "she" may mean: a name in the last answer or in a question, or the one asked for."""
        for text in (*self.answers[:-2:-1], *reversed(self.standing)):
            for match in re.finditer(r"(?:[A-Z][\w’'-]+ ){1,3}[A-Z][\w’'-]+", text):
                words = {word.casefold() for word in match[0].split()}
                if not words & (_NO_PERSON | STOP_WORDS) and not self.names.find(match[0]):
                    return match[0]
        for phrase in self.phrases:
            for tail in phrase.tails():
                if _PERSON.search(tail.head) and not tail.is_plural:
                    return definite(tail.text)
        who = re.match(r"^who\s+(?P<clause>(?!(?:is|are|was|were)\b).+)$", self.question, re.I)
        return f"the person who {who['clause']}" if who else None

    def sort_of_thing(self, is_several: bool) -> str | None:
        """What "ones" in "the ones in Gao" may mean: a plain phrase without its article."""
        for phrase in self.phrases:
            if is_several == phrase.is_plural and not phrase.is_vague:
                return phrase.part_text(0)
        return None

    def event(self) -> str | None:
        """What the question before says that happened, as a noun: "the training of the police in Haiti"."""
        return event_of(self.question)

    def named(self, noun: str) -> str | None:
        """The whole name or description of what is now only called "the commission"."""
        noun = noun.casefold()
        return self._in_answer(noun) or self._described(noun) or self._by_sort(noun)

    def _described(self, noun: str) -> str | None:
        stem = noun.removesuffix("s")
        asked_for = self.asked_for()
        if asked_for and stem in asked_for[0].casefold().split():
            return asked_for[0]
        for phrase in (*self.phrases, *self.earlier):
            for tail in phrase.tails():
                words = tail.part_text(0).casefold().split()
                is_it = stem in {word.removesuffix("s") for word in words} and is_plural(tail.head) == is_plural(noun)
                if is_it and len(tail.text.split()) > (2 if tail.text[:4].casefold() == "the " else 1):
                    return definite(tail.text)
        return None

    def _in_answer(self, noun: str) -> str | None:
        for answer in reversed(self.answers[-2:]):
            found = re.findall(
                rf"(?:[A-Z][\w’'-]+\s+(?:(?:and|of|for|the|on)\s+)*){{1,6}}{noun.capitalize()}\b", answer
            )
            if found:
                return "the " + re.sub(r"^(?:The|A|An|This|That)\s+", "", found[-1])
        return None

    def _by_sort(self, noun: str) -> str | None:
        for question in reversed(self.standing):
            for name in self.names.find(question):
                if noun in _GENERAL.get(name.kind, ()):
                    return name.canonical if name.kind == "country" else question[name.start : name.end]
        return self.place if noun in _GENERAL["country"] else None

    def pair(self) -> tuple[str, str, str] | None:
        """Two things spoken of together, as first, second, and both: "MINUSMA", "MINUSCA", "MINUSMA and MINUSCA"."""
        for question in reversed(self.standing):
            for phrase in phrases_of(question):
                joined = re.search(r"\s+(?:and|or)\s+", phrase.text)
                if joined:
                    return _split_pair(phrase, *joined.span())
        return None

    def topic(self, covered: str) -> list[str]:
        """What the question before speaks of and `covered` does not say, the most telling first."""
        event = self.event()
        if event and not covers(covered, event) and len(phrases_of(event)[0].parts) > 2:
            return [event]
        asked_for = self.asked_for()
        if asked_for and not covers(covered, asked_for[0]):
            return [asked_for[0]]
        left = [phrase for phrase in self.phrases if not phrase.is_vague and not covers(covered, phrase.text)]
        if not left:
            left = [phrase for phrase in self.earlier if not phrase.is_vague and not covers(covered, phrase.text)][:1]
        chosen = sorted(left[:_MOST_TOPICS], key=lambda phrase: phrase.start)
        return [definite(phrase.text) for phrase in chosen]


def covers(text: str, phrase: str) -> bool:
    """Whether a text has all words of a phrase that say something."""
    words = {token.text.casefold() for token in tokens_of(text)}
    own = [token.text.casefold() for token in tokens_of(phrase) if token.kind == "noun"]
    return all(word in words or word.rstrip("s") in words for word in own)


def _about(phrase: Phrase, question: str) -> bool:
    """Whether "about" stands before a phrase: "Tell me about child soldiers" speaks of them."""
    return question[: phrase.start].casefold().rstrip().endswith(("about", "with", "to"))


def _is_place(phrase: Phrase, places: Sequence[tuple[int, int]]) -> bool:
    return all(any(start <= part[0] and part[1] <= end for start, end in places) for part in phrase.parts)


def _split_pair(phrase: Phrase, start: int, end: int) -> tuple[str, str, str]:
    """Both sides keep what they share: "the police in Haiti", "the police in Bosnia"."""
    text = phrase.text
    left = max((part for part in phrase.parts if part[1] - phrase.start <= start), default=phrase.parts[0])
    shared = text[: left[0] - phrase.start]
    right = text[end:]
    preposition = re.match(r"(?:in|of|for|on|by|with|to|from|at)\s+", right, re.I)
    if preposition:
        shared = re.sub(rf"{preposition[0].strip()}\s+(?:the\s+)?$", "", shared, flags=re.I)
    is_first = left[0] == phrase.parts[0][0]
    return text[:start], right if is_first and not preposition else shared + right, text
