"""What a question names and what kind of answer it wants: symbols, years, places, acronyms, terms, type."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.query.words import STOP_WORDS, WORD, word_set
from assistant.records import QuestionType

if TYPE_CHECKING:
    from assistant.library import Library


_SYMBOL = re.compile(
    r"\b(?P<body>[SA]/(?:RES|PRST|PV|AC|HRC|C|ES|CONF|BUR|INF|[0-9])[A-Z0-9./-]*\d(?:/(?:Add|Rev|Corr)\.\d+)?)"
)
_RESOLUTIONS = re.compile(
    r"\b(?:resolutions?|res\.|SCR|UNSCR)\s+(?P<list>\d{1,4}\b(?!/)(?:[^.?!;]{0,12}?\b\d{1,4}\b(?!/))*)", re.I
)
# The year of a resolution, which is no number of another: "253 (1968)", "253 of 1968", "253 of 29 May 1968".
_OF_YEAR = re.compile(r"\(\d{4}\)|\b(?:of|from|in|dated)\s+(?:\d{1,2}\s+)?(?:[A-Z][a-z]+\s+)?(?:19|20)\d\d\b")
_OF_PARAGRAPH = re.compile(r"\bOPs?\s*\d{1,2}\b[^.?!;]{0,20}? of (?P<number>\d{3,4})\b(?!/)", re.I)  # "OP 7 of 2151"
_ASSEMBLY = re.compile(r"\bresolutions?\s+(?P<number>\d{2}/\d{1,3})\b", re.I)
_STANDARD = re.compile(r"\bIDDRS\s+(?:module\s+)?(?P<number>\d\.\d{2})\b", re.I)
_YEAR = re.compile(r"(?<![\d/.-])(?:19|20)\d\d(?![\d/])")
_PARAGRAPH = re.compile(
    r"\b(?:operative\s+)?(?P<noun>paragraph|para|op|article|art|section|rule|principle|chapter|point)s?\.?\s+"
    r"(?P<number>\d+(?:[.-]\d+)*|\([a-z]\))",
    re.I,
)

# Words by which people and documents also call a country: what the name itself does not show.
_ALSO_CALLED = {
    "drc": "Democratic Republic of the Congo",
    "dr congo": "Democratic Republic of the Congo",
    "congo": "Democratic Republic of the Congo",
    "congolese": "Democratic Republic of the Congo",
    "east timor": "Timor-Leste",
    "timor": "Timor-Leste",
    "timorese": "Timor-Leste",
    "ivory coast": "Côte d'Ivoire",
    "ivorian": "Côte d'Ivoire",
    "cote d'ivoire": "Côte d'Ivoire",
    "bosnia": "Bosnia and Herzegovina",
    "bosnian": "Bosnia and Herzegovina",
    "bih": "Bosnia and Herzegovina",
    "gambia": "The Gambia",
    "gambian": "The Gambia",
    "salvadoran": "El Salvador",
    "salvadorian": "El Salvador",
    "car": "Central African Republic",
    "afghan": "Afghanistan",
    "kosovar": "Kosovo",
    "malian": "Mali",
    "haitian": "Haiti",
    "ukrainian": "Ukraine",
    "mozambican": "Mozambique",
    "nepalese": "Nepal",
    "nepali": "Nepal",
}
# What makes an adjective or a genitive of the name of a country.
DEMONYM = r"(?:n|an|ian|ean|ese|i|s)?(?:['’]s)?"


@dataclass(frozen=True, slots=True)
class Name:
    """A country, mission or organisation of the library where a text names it: `text[start:end]`."""

    kind: str
    canonical: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Names:
    """The countries, missions and organisations that the library's documents are about."""

    patterns: tuple[tuple[re.Pattern[str], str, str], ...]

    @classmethod
    def of(cls, library: "Library") -> "Names":
        return cls.known({kind: tuple(values) for kind, values in library.names().items()})

    @classmethod
    def known(cls, names: Mapping[str, tuple[str, ...]]) -> "Names":
        """`names`: kind ("country", "mission", "organisation") to the names as the documents' metadata has them."""
        patterns = [
            (_pattern(form, kind), kind, name)
            for kind, values in names.items()
            for name in values
            for form in _forms(name)
        ]
        return cls(tuple(sorted(patterns, key=lambda entry: -len(entry[0].pattern))))

    def find(self, text: str) -> list[Name]:
        """The names in a text, in order; the longest where several begin alike."""
        found: list[Name] = []
        for pattern, kind, name in self.patterns:
            for match in pattern.finditer(text):
                if not any(match.start() < other.end and other.start < match.end() for other in found):
                    found.append(Name(kind, name, match.start(), match.end()))
        return sorted(found, key=lambda name: name.start)


def _forms(name: str) -> Iterator[str]:
    yield name
    yield from (alias for alias, canonical in _ALSO_CALLED.items() if canonical.casefold() == name.casefold())


def _pattern(form: str, kind: str) -> re.Pattern[str]:
    """Acronyms match as written, so that "car" is no country; a country's name also as an adjective."""
    words = re.escape(form).replace(r"\ ", r"\s+").replace("'", "['’]")
    if (len(form) <= 4 and kind != "country") or form in ("car", "bih"):
        return re.compile(rf"(?<!\w){re.escape(form.upper() if form.islower() else form)}(?!\w)")
    return re.compile(rf"(?<!\w){words}{DEMONYM if kind == 'country' else ''}(?!\w)", re.IGNORECASE)


def find_symbols(text: str) -> tuple[str, ...]:
    """Document symbols without their year: "resolution 2151 (2014)" gives "S/RES/2151".

    >>> find_symbols("Do resolutions 1325 (2000) and 2151 follow S/2008/39?")
    ('S/2008/39', 'S/RES/1325', 'S/RES/2151')
    >>> find_symbols("What did resolution 253 of 1968 allow?")
    ('S/RES/253',)
    """
    found = [match["body"].rstrip("./-") for match in _SYMBOL.finditer(text)]
    found += [f"A/RES/{match['number']}" for match in _ASSEMBLY.finditer(text)]
    found += [f"S/RES/{match['number']}" for match in _OF_PARAGRAPH.finditer(text)]
    found += [f"IDDRS {match['number']}" for match in _STANDARD.finditer(text)]
    for match in _RESOLUTIONS.finditer(text):
        listed = _OF_YEAR.sub(" ", match["list"] + ")")
        found += [f"S/RES/{number}" for number in re.findall(r"\b\d{1,4}\b", listed)]
    return tuple(sorted(dict.fromkeys(found)))


def find_years(text: str) -> tuple[int, ...]:
    """Years named in a text, those inside document symbols left out."""
    rest = _RESOLUTIONS.sub(lambda match: match[0] if _OF_YEAR.search(match[0] + ")") else " ", _SYMBOL.sub(" ", text))
    return tuple(sorted({int(match[0]) for match in _YEAR.finditer(rest)}))


def find_paragraph(text: str) -> str | None:
    """The number of the paragraph, article or section that a question asks for."""
    found = _PARAGRAPH.search(text)
    return found["number"] if found else None


_OPERATIVE = re.compile(
    r"\b(?:OPs?|(?:operative )?para(?:graph)?s?\.?)\s*"
    r"(?P<list>\d{1,2}\b(?:\s*(?:,|and|&)\s*(?:OP\s*)?\d{1,2}\b(?!\d))*)",
    re.IGNORECASE,
)


def operative_paragraphs(text: str) -> tuple[str, ...]:
    """The numbers of all paragraphs of a resolution that a question asks for.

    >>> operative_paragraphs("What do OP 2 and OP 3 of resolution 2151 say?")
    ('2', '3')
    """
    found = [number for match in _OPERATIVE.finditer(text) for number in re.findall(r"\d+", match["list"])]
    return tuple(dict.fromkeys(found))


_ITS_WORDS = re.compile(
    r"\b(?:sa(?:y|ys|id)|asks?|states?|requires?|demands?|decides?|requests?|calls? (?:for|on|upon)|defines?|urges?"
    r"|encourages?|means?|contains?|text|wording|words|paragraphs?|op|article|according to)\b",
    re.IGNORECASE,
)
_OF_TEACHING = re.compile(
    r"\b(?:lessons? (?:sheets?|plans?|\d+)|exercises? (?:on|for|about|to)|role[- ]plays?|(?:questions )?to discuss"
    r"|course outlines?|in (?:my |the |a )?class(?:room)?|syllabus"
    r"|(?:i|we|trainers?|instructors?) (?:can |could |should )?(?:teach|explain|run))\b",
    re.IGNORECASE,
)


def asks_what_it_says(text: str) -> bool:
    """Whether a question on a text asks what stands in it, not when it was adopted or who voted for it."""
    return bool(_ITS_WORDS.search(text))


def asks_for_teaching(text: str) -> bool:
    """Whether a question is one of somebody who teaches: about lessons, exercises, courses."""
    return bool(_OF_TEACHING.search(text))


def asks_why(text: str) -> bool:
    return bool(re.match(r"(?:and |but |so )?why\b", text, re.I))


_AMOUNTS = "many|much|long|old|often|large|big|far|high|strong"  # after "how": a number is wanted


def asks_how(text: str) -> bool:
    """Whether a question asks in which way something is done, not how many or how long.

    >>> asks_how("How were they vetted?"), asks_how("How many were vetted?")
    (True, False)
    """
    return bool(re.match(rf"(?:and |but |so )?how (?!{_AMOUNTS})", text, re.I))


def find_heading(text: str) -> str | None:
    """The heading that a question asks for by its number; a paragraph or point has none.

    >>> find_heading("What does art. 37 of the code say?")
    'article 37'
    """
    found = _PARAGRAPH.search(text)
    if found is None or found["noun"].casefold() in ("paragraph", "para", "op", "point"):
        return None
    noun = found["noun"].casefold()
    return f"{'article' if noun == 'art' else noun} {found['number']}"


# "KD-4471-B", "M23"; "post 67", but not "67 posts" nor "article 37", which may be a heading.
_CODE = re.compile(r"(?<![\w/.-])(?=[\w/.-]*\d)(?=[\w/.-]*[A-Z])[A-Z0-9]+(?:[/.-][A-Z0-9]+)*(?![\w/-])")
_NUMBERED = re.compile(
    r"\b(?:posts?|forms?|circulars?|checkpoints?|rooms?|gates?|camps?|sites?|sectors?|battalions?|brigades?|units?|"
    r"routes?|orders?|decrees?|directives?|bulletins?|regulations?|cases?|files?)\s+(?:no\.?\s+|number\s+)?"
    r"(?P<number>\d{2,}[\w/-]*)(?!\s*(?:per cent|%|people|men|women))",
    re.I,
)


def find_identifiers(text: str) -> tuple[str, ...]:
    """What a question calls one thing among its like by: codes and numbers, no symbols of documents.

    >>> find_identifiers("How many litres does post 67 get by form KD-4471-B?")
    ('67', 'KD-4471-B')
    """
    symbols = find_symbols(text)
    found = [match["number"] for match in _NUMBERED.finditer(text)] + [match[0] for match in _CODE.finditer(text)]
    return tuple(sorted({one for one in found if not any(one in symbol for symbol in symbols)}))


_DEFINED = re.compile(
    r"^(?:please\s+)?(?:define|definition of|meaning of|explain the (?:term|concept)(?: of)?|"
    r"what(?:'s|’s| is| are| was| were)(?: meant by| the (?:meaning|definition) of)?|what does)\s+"
    r"(?:the (?:term|concept)\s+(?:of\s+)?)?(?:the |an? )?(?!(?:it|this|that|they|these|those|he|she)\b)"
    r"(?P<term>.+?)(?:\s+(?:mean|stand for|refer to))?[\s?.!]*$",
    re.I,
)


def defined_term(text: str) -> str | None:
    """What a question wants defined: "What is meant by vetting?" gives "vetting"."""
    found = _DEFINED.match(text)
    return found["term"].strip("\"“”'‘’ ") if found else None


_GENERIC = re.compile(
    r"\s+(?:polic(?:y|ies)|process(?:es)?|frameworks?|programmes?|systems?|standards?|principles?|approach|measures?|concept)$",
    re.I,
)


def forms_of(term: str, expansions: tuple[str, ...]) -> tuple[str, ...]:
    """How a document may call a term: as asked, without a last word like "policy", by its acronym, and with a part
    of it as acronym ("transitional weapons and ammunition management" as "transitional WAM")."""
    forms = [term, _GENERIC.sub("", term), *expansions]
    words = re.findall(r"[\w’'-]+", term)
    for acronym in (form for form in expansions if form.isupper()):
        for start in range(len(words)):
            for end in range(start + 2, len(words) + 1):
                initials = "".join(word[0] for word in words[start:end] if word.casefold() not in STOP_WORDS)
                if initials.casefold() == acronym.casefold():
                    forms.append(" ".join([*words[:start], acronym, *words[end:]]))
                    forms.append(" ".join([*words[:start], acronym]))
    return tuple(dict.fromkeys(form for form in forms if form))


# Acronyms that are also English words: only in capitals are they acronyms.
_WORDS_TOO = word_set("aid arms act car eu is it us un who sap map step team plan pact fact face care sites safe")


def expand(text: str, acronyms: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The other forms of what a text names by acronym or in full: "SSR" and "security sector reform".

    `acronyms`: acronym to its expansions. Lower case counts too ("what is ssr") unless it is an English word.
    """
    by_fold = {acronym.casefold(): acronym for acronym in acronyms}
    forms: list[str] = []
    for match in WORD.finditer(text):
        for word in (match[0], match[0].removesuffix("s")):
            acronym = by_fold.get(word.casefold())
            if acronym and (word == acronym or (word.islower() and word not in _WORDS_TOO | STOP_WORDS)):
                forms += acronyms[acronym]
                break
    folded = f" {' '.join(WORD.findall(text.casefold()))} "
    for acronym, expansions in acronyms.items():
        if any(f" {' '.join(WORD.findall(phrase.casefold()))} " in folded for phrase in expansions):
            forms.append(acronym)
    return tuple(form for form in dict.fromkeys(forms) if not re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text, re.I))


_LISTED = (
    "principles|elements|components|steps|stages|phases|tasks|challenges|types|kinds|forms|measures|actors|factors|"
    "lessons|examples|criteria|pillars|functions|objectives|goals|aims|priorities|risks|benefits|obstacles|problems|"
    "causes|reasons|results|outcomes|recommendations|tools|institutions|organi[sz]ations|countries|bodies|areas|"
    "requirements|conditions|characteristics|features|dimensions|responsibilities|duties|powers|activities|options|"
    "categories|groups|parts|indicators|standards|values|rules|ways|methods|means|criticisms|achievements|effects|"
    "criteria|yardsticks|questions|themes|topics|parts|sorts|points|items|circles|layers|levels|sources"
)
_FEW = "two|three|four|five|six|seven|eight|nine|ten"
_LIST = re.compile(
    r"^(?:(?:in|from|through|by|under|on|with|into|of|at) )?(?:what|which) "
    r"(?:(?:are|were) (?:some (?:of )?)?(?:the )?)?"
    rf"(?:(?:{_FEW}) (?:\w+[ -]){{0,2}}?(?P<counted>\w+s)|(?:\w+[ -]){{0,4}}?(?P<noun>{_LISTED}))\b(?!['’])",
    re.I,
)
_ASPECT = (
    "role|purpose|aim|goal|difference|relationship|relation|link|connection|importance|number|mandate|name|capital|"
    "status|impact|effect|result|outcome|position|task|cost|budget|size|strength|date|value|view|approach|strategy|"
    "reason|cause|basis|benefit|risk|lesson|process|procedure|structure|composition|best|main|key|state|situation|job|work|function|duty|use|"
    "point|problem|story|case|future|scope|content|success|failure"
)
# Greetings, thanks and what people ask of a machine before they ask of its library.
_SMALL_TALK = re.compile(
    r"(?:(?:hello|hi|hey|good (?:morning|afternoon|evening|day)|thanks?(?: you)?(?: (?:very|so) much| a lot)?"
    r"|(?:good)?bye|ok(?:ay)?|great|nice to meet you|how are you(?: today| doing)?|who are you"
    r"|(?:and )?what (?:can|do) you do|(?:are you|you are) (?:a )?(?:robot|human|bot|real|machine|person)\b.*"
    r"|(?:and )?(?:how many|which|what) (?:documents|files) (?:do you|does (?:the|your) library) (?:have|know|hold)"
    r"|sir|madam|friend|there|everyone|all"
    r"|bonjour|salut|merci(?: beaucoup)?|bonsoir|hola|buenos d[ií]as|buenas tardes|(?:muchas )?gracias)"
    r"[\s,.!?:;()-]*)+",
    re.I,
)
_TYPES: tuple[tuple[QuestionType, re.Pattern[str]], ...] = (
    (
        "comparison",
        re.compile(
            r"\b(compar\w+|differ(s|ed|ent|ence|ences)?|versus|vs\.?|similarit\w+|similar to|contrast\w*|"
            r"in common|distinguish\w*|unlike)\b",
            re.I,
        ),
    ),
    (
        "chronology",
        re.compile(
            r"\b(timeline|chronolog\w+|sequence of events|history of|step by step|evolve[ds]?|evolution|unfold\w*|"
            r"what happened (after|between|in|during|since)|main events|key dates|course of)\b",
            re.I,
        ),
    ),
    ("list", _LIST),
    ("list", re.compile(r"^(please\s+)?(list|name|enumerate|give (me )?(some |the |\w+ )?(examples|reasons))\b", re.I)),
    (
        "factoid",
        re.compile(
            r"^((and|so|but|then)\s+)?((by|in|on|at|of|from|to|for|with|under|since|until)\s+)?"
            rf"(who|whom|whose|when|where|which|how ({_AMOUNTS})|"
            r"what (year|date|day|month|number|percentage|share|proportion|size|age|symbol|country|city))\b",
            re.I,
        ),
    ),
    (
        "definition",
        re.compile(
            rf"^(please\s+)?(define\b|definition of\b|"
            r"(what|who) (is|are|was|were) (meant by|the (meaning|definition) of)\b|"
            rf"what does .{{1,60}} (mean|stand for)\b|(what(.s| is| are| was| were)|"
            rf"explain the (term|concept)( of)?)\s+"
            rf"(?!(the |an? )?(\w+ )?({_ASPECT})\b|(being )?(done|made|\w{{3,}}ed)\b)"
            rf"(?!.*(?:['’]s? (?:{_ASPECT})\b|\babout\W*$))(\S+\s+){{0,6}}\S+\s*\??$|meaning of\b)",
            re.I,
        ),
    ),
    (
        "yes-no",
        re.compile(
            r"^(is|are|was|were|do|does|did|can|could|should|may|must|has|have|had|will|would|isn't|aren't|didn't|doesn't)\b",
            re.I,
        ),
    ),
)


def listed_noun(text: str) -> str | None:
    """What a question wants a list of: "What are the main challenges of SSR?" gives "challenges"."""
    found = _LIST.match(text)
    return (found["noun"] or found["counted"]) if found else None


def question_type(text: str) -> QuestionType:
    """What kind of answer a question wants."""
    if _SMALL_TALK.fullmatch(text.strip()):
        return "small-talk"
    if find_paragraph(text) and (find_symbols(text) or re.search(r"\bsay|\bstate|\bread|\bcontain", text, re.I)):
        return "paragraph"
    asking = asking_clause(text)
    for name, pattern in _TYPES:
        if pattern.search(asking):
            return name
    return "explanation"


_CLAUSE = re.compile(r"(?<=[.?!;:])\s+|(?<=,)\s+(?:and\s+|but\s+|so\s+)?|\s+[-–—]\s+")
_SHORTEST = 3  # words of a question that is followed by another
_ASKS = re.compile(
    r"(?:(?:in|from|through|by|under|on|with|into|of|at|to|for|since|until) )?"
    r"(?:what|which|who|whom|whose|when|where|why|how)\b"
    r"|(?:is|are|was|were|do|does|did|can|could|should|may|must|has|have|had|will|would)\s+(?!be\b)\w",
    re.I,
)


# A verb begins a question of its own only after a sign: "the police are vetted and are paid" goes on.
_SECOND = re.compile(
    rf"(?:\?\s+(?:and\s+)?|,\s+and\s+)(?={_ASKS.pattern})"
    r"|\s+and\s+(?:then\s+)?(?=(?:\w+\s+)?(?:what|which|who|whom|whose|when|where|why|how)\b)",
    re.I,
)


def two_questions(text: str) -> tuple[str, str] | None:
    """The two questions of a text that asks two; None where it asks one.

    >>> two_questions("How many gave up their arms in 2023, and how many later?")
    ('How many gave up their arms in 2023', 'how many later?')
    """
    for joint in _SECOND.finditer(text):
        first, second = text[: joint.start()].strip(), text[joint.end() :].strip()
        if len(first.split()) >= _SHORTEST and len(second.split()) > 1 and asks(first):
            return first, second
    return None


def asks(text: str) -> bool:
    """Whether any part of a text begins as a question does."""
    return any(_ASKS.match(part) for part in _CLAUSE.split(text.strip()))


def asking_clause(text: str) -> str:
    """The part of a text that asks: "We pay late. Who must act?" gives "Who must act?".

    The last part that begins as a question does; the whole where none does.
    """
    parts = [part for part in _CLAUSE.split(text.strip()) if _ASKS.match(part)]
    return parts[-1] if parts else text.strip()
