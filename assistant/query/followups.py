"""A follow-up question with what the conversation says of it, so that it stands alone.

The follow-up stays as it was asked, and the questions that it follows stand behind it in brackets: "Who paid? (How was
the army of Sierra Leone rebuilt)". Only a piece that names another country, year or number than the question before
("And in Liberia?") is put into that question. A question that stands alone is left as it is. Measured against rewriting
by grammar in docs/decisions.md.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass

from assistant.query.language import ENGLISH, language_of
from assistant.query.recognition import Names, asking_clause, asks, find_symbols, find_years, question_type
from assistant.query.words import MONTHS, WORD, content_terms, word_set
from assistant.records import Turn

LATEST = 2  # questions in the brackets, beside the first of the thread
# Content words from which on a question stands alone: with a name of the library or a symbol in it, with another word
# in capitals, without; and whatever it points to.
_KNOWN, _NAMING, _PLAIN, _LONG = 3, 4, 6, 9
_LONG_WORD = 5  # letters from which on a word counts as one of content in another language than English
_MOST_OF_PIECE = 6  # words
_ENOUGH_BEFORE = 25  # words of an earlier question; of a longer one, those of what it asks

_OPENING = re.compile(
    r"^(?:(?:ok(?:ay)?|yes|no|well|right|thanks|thank you|sorry|interesting|great|hm+|oh|ah|wow|sure|"
    r"i (?:see|understand)|cool|awesome|good|fine|now|please|d'accord|merci|vale|gracias|bien)\b[\s,.!:;-]*)+(?=\S)",
    re.I,
)
_OTHER_TOPIC = re.compile(
    r"^(?:clear\W+)?(?:and |but |now )*(?:(?:now )?something (?:else|different)|"
    r"(?:an?)?other (?:question|subject|topic)|(?:a )?different (?:question|topic)|(?:a )?new (?:question|topic)|"
    r"(?:to )?chang(?:e|ing) (?:of |the )?(?:subject|topic)|on another (?:note|topic)|by the way|unrelated|"
    r"autre (?:question|sujet)|otra (?:pregunta|cosa))[\s,.:;!-]+",
    re.I,
)
# "Define vetting", "list the phases of DDR": whole, whatever was asked before. "List them" and "explain why" are not.
_COMMAND = re.compile(
    r"^(?:please )?(?:define|(?:(?:what (?:is|are) )?the )?differences? betw\w+|compare"
    r"|(?:explain|describe|list|name|outline|summari[sz]e)(?=.* of ))\s+"
    r"(?!(?:it|this|that|these|those|them|both)\b)(?=\S*\w{3})",
    re.I,
)
_GOING_ON = re.compile(
    r"^\W*(?:(?:and|but|so|then|also|or|(?:what|how) about|what of|(?:the )?same(?: question)?(?= for\b)|i meant?|"
    r"et|mais|alors|donc|y|pero|entonces)\b\W*)+",
    re.I,
)
_POINTING = word_set(
    """it its they them their theirs this these those there he him his she her such same former latter one ones
    other others another else then il elle ils elles leur leurs lui cela ça ceci ceux celle celles celui y là-dessus
    él ella ellos ellas eso esa ese esto aquello su sus entonces"""
)
# "that" mostly joins clauses, "it" and "there" may point to nothing.
_THAT = re.compile(
    r"\b(?:of|in|on|by|to|for|after|about|before|with|from|like|did|does|do|was|is)\s+that\b|\bthat\W*$", re.I
)
_NOT_POINTING = re.compile(
    r"\b(?:is|was|be|does) it (?:\w+ )?(?:to|that)\b|\bit (?:is|was) (?:\w+ )?(?:to|that)\b"
    r"|\bthere (?:is|are|was|were)\b|\b(?:is|are|was|were) there\b|\bil (?:y a|faut)\b",
    re.I,
)
_NO_TOPIC = word_set("i un us security secretary-general council government parliament president army police") | {
    *MONTHS
}
_PREPOSITION = re.compile(
    r"^(?:(?:in|on|about|for|of|by|from|during|until|since|after|with|to|en|au|aux|à|dans|pour|para)\s+)?(?:the\s+)?",
    re.I,
)
_CORRECTED = re.compile(r",?\s+(?:and )?not\s.*$", re.I)  # "I mean Liberia, not Kosovo"
_NUMBERED = re.compile(r"^(?:the\s+)?(?P<noun>[a-z]+)\s+(?P<number>\d+(?:[./-]\d+)*(?:\s*\(\d{4}\))?)$", re.I)


@dataclass(frozen=True, slots=True)
class Completed:
    """A question as one that stands alone (`text`), its own words (`said`), and the question that says what kind of
    answer is wanted (`asking`): another one where it is only a piece."""

    text: str
    said: str
    asking: str


def complete(question: str, history: Sequence[Turn], names: Names) -> Completed:
    """The question as it would be asked with no conversation before it. `history` is oldest first."""
    thread: list[Completed] = []  # what belongs together, latest last
    for turn in history:
        if question_type(turn.question) != "small-talk":
            thread = _next(thread, turn.question, names)
    return _next(thread, question, names)[-1]


def _next(thread: list[Completed], question: str, names: Names) -> list[Completed]:
    """The questions that belong together, with a further one; one that names its own topic begins anew."""
    text = _OPENING.sub("", question).strip() or question
    if not thread or _OTHER_TOPIC.match(text):
        text = _OTHER_TOPIC.sub("", text) or text
        return [Completed(text if thread else question, text, text)]
    if swapped := _swapped(thread, text, names):
        return swapped
    if _stands_alone(text, thread, names):
        is_new = _defines(text) or _is_known(text, names) or _has_capitals(text)
        return [*([] if is_new else thread), Completed(text, text, text)]
    said = list(dict.fromkeys(_shortened(earlier.said) for earlier in reversed(thread)))
    before = [*said[:LATEST], *said[LATEST:][-1:]]  # the first of a thread mostly names its topic
    bare = _GOING_ON.sub("", text)
    asking = bare if asks(bare) else thread[-1].asking
    return [*thread, Completed(f"{_unmarked(text)}? ({'; '.join(before)})", text, asking)]


def _stands_alone(text: str, thread: Sequence[Completed], names: Names) -> bool:
    """Whether a question says by itself what it is about, as one does that names what the thread has not named. Where
    that is not sure it does not: earlier questions behind one that stands alone do less harm than a topic that is
    missing."""
    if _COMMAND.match(text):
        return True
    if _GOING_ON.match(text):
        return False
    content = _content(text)
    if len(content) >= _LONG:
        return True
    if _points_back(text):
        return False
    named = {name.canonical for turn in thread for name in names.find(turn.text)}
    if any(name.canonical not in named for name in names.find(text)):
        return True
    enough = _KNOWN if _is_known(text, names) else _NAMING if _has_capitals(text) else _PLAIN
    return len(content) >= enough or _defines(text)


def _points_back(text: str) -> bool:
    """Whether a word of a question stands for something said before: "it", "that mission", "the other one"."""
    words = WORD.findall(_NOT_POINTING.sub(" ", text))
    return bool(_THAT.search(text)) or any(word.casefold() in _POINTING for word in words)


def _defines(text: str) -> bool:
    """Whether a question asks what something is that the conversation need not have spoken of: "What is vetting?"."""
    return question_type(text) == "definition" and not re.search(r"\bthe\b", text, re.I)


def _content(text: str) -> list[str]:
    """The words of a question that say what it is about; in another language than English, those that are long."""
    is_english = language_of(text) == ENGLISH
    return [term for term in content_terms(text) if is_english or len(term) >= _LONG_WORD]


def _is_known(text: str, names: Names) -> bool:
    """Whether a question names what the library's documents are about, or a document by its symbol."""
    return bool(names.find(text) or find_symbols(text))


def _has_capitals(text: str) -> bool:
    """Whether a word in capitals names a topic; the first word is in capitals anyway."""
    return any(word[0].isupper() and not {word, word.casefold()} & _NO_TOPIC for word in WORD.findall(text)[1:])


def _swapped(thread: Sequence[Completed], text: str, names: Names) -> list[Completed]:
    """The questions before with another country, year or number in the place of theirs, where a piece is no more than
    that: "And in Liberia?". None where they have no such thing, or several."""
    piece = _PREPOSITION.sub("", _CORRECTED.sub("", _GOING_ON.sub("", _unmarked(text))))
    if not piece or len(piece.split()) > _MOST_OF_PIECE:
        return []
    swapped = [Completed(*(_with(said, piece, names) for said in astuple(turn))) for turn in thread]
    return swapped if swapped[-1].text != thread[-1].text else []


def _with(text: str, piece: str, names: Names) -> str:
    """A question with a piece in the place of the one thing of its kind; as it is where there is none, or several."""
    places = [(match.start(), match.end()) for match in _others(text, piece)]
    named = names.find(piece)
    if len(named) == 1 and named[0].end - named[0].start >= len(piece) - 2:
        places = [(name.start, name.end) for name in names.find(text) if name.kind == named[0].kind]
    if len({text[start:end] for start, end in places}) != 1:
        return text
    for start, end in reversed(places):
        text = f"{text[:start]}{piece}{text[end:]}"
    return text


def _others(text: str, piece: str) -> Iterator[re.Match[str]]:
    """Where a question has a number or year of the kind that a piece is."""
    numbered = _NUMBERED.match(piece)
    if numbered:
        yield from re.finditer(rf"\b{numbered['noun']}\s+[\d./-]+(?:\s*\(\d{{4}}\))?", text, re.I)
    elif re.fullmatch(r"\d{3,4}", piece) and find_symbols(text):
        yield from re.finditer(r"(?<=resolution )\d{3,4}(?:\s*\(\d{4}\))?", text, re.I)
    elif [piece] == [str(year) for year in find_years(piece)] and len(find_years(text)) == 1:
        yield from re.finditer(rf"\b{find_years(text)[0]}\b", text)


def _shortened(question: str) -> str:
    """An earlier question as it stands in brackets; of a long one, what it asks."""
    is_long = len(question.split()) > _ENOUGH_BEFORE
    return _unmarked(asking_clause(question) if is_long else question)


def _unmarked(question: str) -> str:
    return question.rstrip(" ?.!")
