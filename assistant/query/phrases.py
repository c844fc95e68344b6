"""The noun phrases of a question, each as long as it goes: "the reform of the police in Haiti".

Prepositions, articles and auxiliaries are listed, verbs are in `verbs.py`, and all else counts as a noun or what
belongs to one. That is enough to say what a question speaks of, and it never fails on what a trainee types.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.query.verbs import PARTICLES, is_participle, is_verb
from assistant.query.words import STOP_WORDS, word_set

TOKEN = re.compile(r"[^\W_]+(?:['’./-][^\W_]+)*['’]?|[^\w\s]")
AUXILIARIES = word_set(
    "is are was were be been being do does did can could should has have had will would may might must shall"
)
PREPOSITIONS = word_set(
    """of in for by with from at on under during after before to since between about regarding against within inside
    into among across through towards toward over until concerning without behind beyond near following besides"""
)
_ARTICLES = word_set("the a an")
_JOINING = word_set("and or &")
_OTHER_SMALL = word_set(
    """now today yet often ever still already else though really actually maybe perhaps instead together please ok okay
    thanks yes well long far soon ago later first-ever everyone everybody someone anyone anything everything
    something nothing people's i'd i'm what's it's that's who's many much wrong badly right"""
)
_SMALL = (
    (STOP_WORDS | _OTHER_SMALL | AUXILIARIES)
    - PREPOSITIONS
    - _ARTICLES
    - _JOINING
    - word_set("term concept definition meaning summary timeline chronology own")
)
_VAGUE_ADJECTIVES = word_set(
    """main key principal major different common important best other first second third last wrong well badly right
    happy more most much many two three four five both latter former successful effective new old good bad
    expensive big bigger large larger small smaller better worse possible necessary useful true needed popular
    interesting distinct competitive young younger youngest binding legal similar typical"""
)
_VAGUE = _VAGUE_ADJECTIVES | word_set(
    """type types kind kinds form forms example examples way ways thing things part parts effect effects result results
    cause causes reason reasons difference differences step steps challenge challenges problem problems benefit
    benefits symptom symptoms advantage advantages disadvantage disadvantages role roles purpose goal goals aim
    aims lesson lessons impact importance significance history origin definition meaning risk risks cost costs
    number criticism criticisms member members principle principles element elements outcome outcomes detail
    details information side sides yes one ones case cases people relationship percent percentage fact"""
)
_SMALL_VERBS = word_set(
    "say says said give gives gave need needs want take takes make makes put get use used mean means know"
)
_MASS = word_set("police people women men children media military personnel staff troops data youth")
_SINGULAR_S = re.compile(r"(?:ss|us|is|ics|news|corps|series|united nations|['’]s?)$", re.I)
_CONTRACTED = re.compile(r"^(?:i|you|we|they|he|she|it|that|what|who|there|let)['’](?:m|ve|re|s|d|ll)$|n['’]t$")
_ADJECTIVE = re.compile(r"(?:ous|ful|ible|[a-z]{3}able|less|iest)$")
_COLLECTIVE = word_set(
    """panel commission committee council board mission team group force forces army police government parliament unit
    agency ministry court tribunal union nations organisation organization office service un eu au nato osce
    ecowas company party side country state"""
)
_POSSESSIVE = re.compile(r"^(?:of|its|their|his|her)$|['’]s?$", re.I)
_BEFORE_A_VERB = word_set("do does did can could should will would may might must who to")
_SUBJECTS = word_set("they he she it we you i")
_OWNERS = word_set("its their his her")
Kind = Literal["article", "noun", "preposition", "joining", "verb", "small"]


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign of a question: `question[start:end] == text`."""

    text: str
    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: `question[start:end] == text`. `parts` are the plain phrases in it that prepositions join, as
    offsets into the question; `is_object` says that a preposition stands before it."""

    text: str
    start: int
    end: int
    parts: tuple[tuple[int, int], ...]
    is_object: bool

    @property
    def head(self) -> str:
        """The noun that the phrase is about: "reform" of "the reform of the police"."""
        words = self.part_text(0).split()
        while len(words) > 1 and words[-1][:1].isdigit():
            words.pop()
        return words[-1].casefold().removesuffix("'s").removesuffix("’s")

    @property
    def is_plural(self) -> bool:
        joined = len(self.parts) > 1 and re.search(
            r"\b(?:and|or)\b", self.text[self.parts[0][1] - self.start : self.parts[1][0] - self.start]
        )
        return bool(joined) or is_plural(self.head)

    @property
    def may_be_they(self) -> bool:
        """Whether "they" may mean it: several, or a body of people."""
        return self.is_plural or self.head in _COLLECTIVE or self.head.isupper() or self.part_text(0).isupper()

    @property
    def is_group(self) -> bool:
        """Whether it is a body of several: "the panel of experts"."""
        return self.head in _COLLECTIVE and bool(re.match(r"\s+of\s", self.text[self.parts[0][1] - self.start :]))

    @property
    def may_be_it(self) -> bool:
        """Whether "it" may mean it: one thing, or a name whatever its ending."""
        return not self.is_plural or (len(self.parts) == 1 and self.text.split()[-1][:1].isupper())

    @property
    def is_vague(self) -> bool:
        small = _VAGUE | _ARTICLES | PREPOSITIONS | _JOINING
        return all(word in small or _ADJECTIVE.search(word) for word in TOKEN.findall(self.text.casefold()))

    @property
    def has_vague_head(self) -> bool:
        return self.head in _VAGUE

    def part_text(self, number: int) -> str:
        """The plain phrase at a place in `parts`."""
        start, end = self.parts[number]
        return self.text[start - self.start : end - self.start]

    def tails(self) -> Iterator["Phrase"]:
        """The phrase from each of its parts on: "a DDR programme" of "the elements of a DDR programme"."""
        for number, (start, _) in enumerate(self.parts):
            start = self._with_article(number, start)
            yield Phrase(self.text[start - self.start :], start, self.end, self.parts[number:], self.is_object)

    def _with_article(self, number: int, start: int) -> int:
        before = self.text[: start - self.start]
        article = re.search(r"(?:\b(?:the|an?)\s+)$", before, re.I)
        return start - len(article[0]) if article and number else (self.start if not number else start)


def is_plural(noun: str) -> bool:
    """Whether a noun is one of several, by its ending: "officers", "people"."""
    noun = noun.casefold()
    return noun in _MASS or (len(noun) > 3 and noun.endswith("s") and not _SINGULAR_S.search(noun))


def says_quality(word: str) -> bool:
    """Whether a lower-case word is an adjective that is no topic: "important", "dangerous"."""
    return word in _VAGUE_ADJECTIVES or bool(_ADJECTIVE.search(word))


def definite(phrase: str) -> str:
    """A phrase as one that is known: "a vetting board" becomes "the vetting board"."""
    return re.sub(r"^(?:an?|the)\s+", "the ", phrase, flags=re.I)


def bare(phrase: str) -> str:
    """A phrase without its article."""
    return re.sub(r"^(?:an?|the)\s+", "", phrase, flags=re.I)


def tokens_of(question: str) -> list[Token]:
    """The words and signs of a question with what each of them is."""
    matches = list(TOKEN.finditer(question))
    tokens: list[Token] = []
    is_due = False  # whether the next word that may be a verb is one
    has_subject = False
    for number, match in enumerate(matches):
        after = matches[number + 1][0] if number + 1 < len(matches) else ""
        further = matches[number + 2][0] if number + 2 < len(matches) else ""
        kind = _kind(match[0], tokens, after, is_due and has_subject)
        if kind == "joining" and _is_one_name(tokens, after, further):
            kind = "noun"
        word = match[0].casefold()
        if word in _BEFORE_A_VERB:
            is_due, has_subject = True, word in ("who", "to")
        elif word in ("which", "what") and not tokens[-1:]:
            is_due, has_subject = True, word == "what"
        elif word in AUXILIARIES | _SMALL_VERBS or (kind == "verb" and is_due):
            is_due = has_subject = False
        elif kind == "noun" or word in _SUBJECTS:
            has_subject = True
        tokens.append(Token(match[0], match.start(), match.end(), kind))
    return tokens


def _kind(text: str, before: list[Token], after: str, is_due: bool) -> Kind:
    word = text.casefold()
    last = before[-1] if before else None
    if word in _ARTICLES:
        return "article"
    if word in PREPOSITIONS:
        return "preposition"
    if word in _JOINING:
        return "joining"
    if word in PARTICLES and last and last.kind == "verb":
        return "verb"
    if word in _SMALL or not text[0].isalnum() or _CONTRACTED.search(word):
        return "small"
    if text[0].isupper() and before and not text.isupper():
        return "noun"
    if last and (last.kind == "article" or _POSSESSIVE.search(last.text)):
        return "noun"
    is_due = is_due and last is not None and last.kind in ("noun", "small") and after.casefold() not in AUXILIARIES
    if is_participle(word):
        return "noun" if _is_adjective(last, after, is_due) else "verb"
    is_due = is_due and not is_verb(after.casefold(), True)
    if not text[0].isupper() and (is_verb(word, is_due) or (is_due and _must_be_verb(word, last, after))):
        return "verb"
    return "noun"


def _is_one_name(before: list[Token], after: str, further: str) -> bool:
    """Whether "and" stands in a name: "Truth and Reconciliation Commission", "Law and Security Institutions"."""
    return bool(before) and all(word.istitle() for word in (before[-1].text, after, further))


def _must_be_verb(word: str, last: Token | None, after: str) -> bool:
    """Whether an unknown word after the subject is the verb due: "Why did the economy shrink?"."""
    is_last = not after[:1].isalnum() or after.casefold() in _ARTICLES | _OWNERS
    return is_last and last is not None and last.kind == "noun" and not is_plural(word)


def _is_adjective(last: Token | None, after: str, is_due: bool) -> bool:
    """Whether a participle belongs to the noun after it, as in "armed groups"."""
    word = after.casefold()
    is_noun_next = after[:1].isalnum() and word not in PREPOSITIONS | _ARTICLES | _SMALL | _JOINING
    return is_noun_next and not is_due and not (last and last.kind == "noun")


def phrases_of(question: str) -> list[Phrase]:
    """The noun phrases of a question in order. A year alone is none; one at a phrase's end is left out."""
    return [phrase for run in _runs(tokens_of(question)) if (phrase := _phrase(question, *run))]


def _runs(tokens: list[Token]) -> Iterator[tuple[list[Token], bool]]:
    """Neighbouring tokens that make up a phrase, and whether a preposition stands before them."""
    run: list[Token] = []
    is_object = False
    for number, token in enumerate(tokens):
        if token.kind in ("noun", "article"):
            if not run:
                is_object = number > 0 and tokens[number - 1].kind == "preposition"
            run.append(token)
        elif token.kind in ("preposition", "joining") and run and run[-1].kind in ("noun", "preposition", "joining"):
            run.append(token)
        else:
            yield run, is_object
            run = []
    yield run, is_object


def _phrase(question: str, run: list[Token], is_object: bool) -> Phrase | None:
    run = _trimmed(run)
    parts: list[tuple[int, int]] = []
    is_new = True
    for token in run:
        if token.kind == "noun":
            parts[-1:] = [(parts[-1][0], token.end)] if not is_new else [*parts[-1:], (token.start, token.end)]
        is_new = token.kind != "noun"
    if not parts:
        return None
    return Phrase(question[run[0].start : run[-1].end], run[0].start, run[-1].end, tuple(parts), is_object)


def _trimmed(run: list[Token]) -> list[Token]:
    """A run without small words at its end and without a time there: "in 2004"."""
    while run:
        is_adjective = len(run) > 1 and run[-2].kind == "noun" and says_quality(run[-1].text.casefold())
        if (
            is_adjective
            or run[-1].kind != "noun"
            or (_is_year(run[-1]) and (len(run) < 2 or run[-2].text.casefold() != "of"))
        ):
            run = run[:-1]
        else:
            break
    while run and run[0].kind in ("preposition", "joining"):
        run = run[1:]
    return run


def _is_year(token: Token) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", token.text))
