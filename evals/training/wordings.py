"""How a true sentence is said in other words by rule, and the tables of words that rules turn (`wordings.json`).

Rules see words and commas and no grammar: they leave a sentence alone where they are not sure.
"""

import csv
import json
import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path

GLOSSARY = Path(__file__).parents[2] / "corpus" / "glossary.csv"
_TABLES = json.loads(Path(__file__).with_name("wordings.json").read_text("utf-8"))


def _table(name: str) -> dict[str, list[str]]:
    """What may stand in the place of each word."""
    return {word: others.split("/") for word, others in _TABLES[name].items()}


def _both_ways(table: Mapping[str, list[str]]) -> dict[str, list[str]]:
    back: dict[str, list[str]] = {}
    for one, others in table.items():
        for other in others:
            back.setdefault(other, []).append(one)
    return {key: list(dict.fromkeys([*table.get(key, []), *back.get(key, [])])) for key in {**table, **back}}


def _any(words: str) -> str:
    """A pattern for one of these words."""
    return rf"(?:{'|'.join(words.split())})\b"


SAME = _both_ways(_table("same")) | _table("same_one_way")  # one way where the other word means other things too
OPPOSITES = _both_ways(_table("opposites"))
MODALS, SCOPES = _table("modals"), _table("scopes")
COUNTRIES, PEOPLES = tuple(_TABLES["countries"]), tuple(_TABLES["peoples"])

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = dict(enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2))
_SPELT = {number: word for number, word in enumerate(_UNITS) if number > 1} | {10 * n: ten for n, ten in _TENS.items()}
_SPELT |= {10 * n + unit: f"{ten}-{_UNITS[unit]}" for n, ten in _TENS.items() for unit in range(1, 10)}
_NUMBER_WORDS = {word: number for number, word in _SPELT.items()}
_NUMBERED = "resolution Resolution Article article Chapter Protocol Phase Track paragraph Goal SDG No. UNSCR"
_MONTH = "|".join(MONTHS)
NUMBER = re.compile(
    "".join(rf"(?<!\b{word} )" for word in _NUMBERED.split())
    + r"(?<![\w./,–-])(?:(?:\d{1,3}(?:,\d{3})+|\d{1,3}|\d{5,})(?![\w/–-]|[.,]\d)"
    + rf"(?! (?:{_MONTH})\b|, \d{{4}}| (?:fifths|thirds|quarters|tenths))"
    + rf"|(?:{'|'.join(sorted(_NUMBER_WORDS, key=len, reverse=True))})(?![\w-]| (?:fifths|thirds|quarters|tenths)))"
)
# A year that another would make false: not "since 1999", which a later year would leave true.
YEAR = re.compile(
    r"(?<!since )(?<!before )(?<!after )(?<!until )(?<!by )(?<![–/\d-])(?<! to )(?<! and )\b(?:19|20)\d\d\b(?![–/\w-])"
)
MONTH_OF_A_DATE = re.compile(rf"\b(?:{_MONTH})\b(?=,? \d)")
BOUND = {  # before a number: what only a larger one, or only a smaller one, makes false
    "more": re.compile(r"(?:more than|over|at least|above|exceed\w*|beyond|minimum of)(?: \w+)? $"),
    "less": re.compile(r"(?:less than|fewer than|under|at most|below|up to|within|maximum of)(?: \w+)? $"),
}

ON_OTHERS: dict[str, str] = _TABLES["done_to_others"]  # what one body does to another: the past and its plain form
BASES: dict[str, str] = ON_OTHERS | _TABLES["done_to_things"]
_PARTICIPLES = {past: past for past in BASES} | _TABLES["participles"]
PASTS = {participle: past for past, participle in _PARTICIPLES.items()}
_VERBS = "|".join(sorted(BASES, key=len, reverse=True))
_TIME_OR_PLACE = "in on at during after before under until through between since when"
_LEADS_ON = f"{_TIME_OR_PLACE} to and with for from as that which who by into but or than against over"
_REST = rf"(?P<rest>(?:,| {_any(_TIME_OR_PLACE)})[^;]*\.|\.)"
ACTIVE = re.compile(
    rf"(?P<one>(?!{_any('In On By At After Before During From When As Of Under For With To Since')})(?:The |A |An )?"
    rf"[A-Z]?[\w’'-]+(?: (?!{_VERBS}|{_any('and that which who in was were')})[\w’'-]+){{0,5}}) (?P<verb>{_VERBS}) "
    rf"(?P<other>(?!{_any('by to in on for with from that as out up off down at under not it them')})"
    rf"(?:the |a |an |its |[A-Z]|\d|(?!\w+ly\b)(?=\w+ \w*s\b))[\w’'-]*(?: (?!{_any(_LEADS_ON)})[\w’'-]+){{0,5}}){_REST}"
)
PASSIVE = re.compile(
    rf"(?P<one>[A-Z][\w’'-]*(?: (?!{_any('that which who')})[\w’'-]+){{0,6}}) (?:was|were) (?P<verb>{'|'.join(PASTS)}) "
    rf"by (?P<other>(?:the |a |an |[A-Z])[\w’'-]*(?: (?!{_any(_LEADS_ON)})[\w’'-]+){{0,5}}){_REST}"
)
SUBJECT = re.compile(
    rf"(?P<one>(?!{_any('In By On At From After Before During For With Under To When If Since As While')})[A-Z][\w’'-]*"
    rf"(?: (?!{_any('that which who if when and')})[\w’'-]+){{0,7}}?) "
    rf"(?P<verb>is|are|was|were|has|have|had|should|must|may|can|could|will|would|shall|{_VERBS})\b"
)

Rewording = Callable[[str, random.Random], str | None]


def lower_first(text: str) -> str:
    """Without the capital of a sentence's beginning, which a name and an acronym keep."""
    first = text.split(" ", 1)[0]
    common = first.lower() in _BEGINNINGS or (
        len(first) > 3 and first.endswith(("s", "ing", "ion")) and first[1:].islower()
    )
    keeps = first in COUNTRIES or first in PEOPLES or "’" in first or "'" in first or re.match(r"\w+ [A-Z]", text)
    return text[:1].lower() + text[1:] if common and not (keeps and first.lower() not in _BEGINNINGS) else text


_BEGINNINGS = frozenset(
    """the a an in on at by for from with without under over after before during when while if as all some many most
    several every each no not both few half about only once since until because although training vetting reform police
    national international local female women men children former armed ex-combatants external parliament judges civil
    donors good new old more less one two three four five six seven eight nine ten other any public political""".split()  # noqa: SIM905
)


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def number_value(text: str) -> int | None:
    """What a number says that `NUMBER` finds; None for 0, 1 and what is none."""
    value = _NUMBER_WORDS.get(text) or (int(text.replace(",", "")) if text[:1].isdigit() else 0)
    return value if value > 1 else None


def written_like(value: int, model: str) -> str:
    """A number in the form of another: words for words where there is a word."""
    return f"{value:,}" if model[:1].isdigit() or value not in _SPELT else _SPELT[value]


def names(text: str) -> list[str]:
    """The proper names of a text, the first word of a sentence left out where nothing but its place makes it one."""
    found = []
    for one in re.finditer(r"\b[A-Z][\w-]*(?: (?:of |for |the )*[A-Z][\w-]*)*", text):
        opens = one.start() == 0 or text[: one.start()].endswith((". ", "? ", ": "))
        first, _, rest = one[0].partition(" ")
        name = rest if opens and first.lower() in _BEGINNINGS else one[0]
        if not opens or " " in name or name.isupper() or name in COUNTRIES:
            found.append(name)
    return [one for one in dict.fromkeys(found) if len(one) > 2 and one not in _NO_NAMES and one not in PEOPLES]


_NO_NAMES = {*MONTHS, "State", "States", "Member States", "Parliament", "Council", "Government", "DDR", "SSR", "HIV",
             "IDDRS", "The", "In"}  # fmt: skip


def _read_glossary() -> dict[str, str]:
    with GLOSSARY.open(encoding="utf-8") as lines:
        rows = [(row["term"], row["expansion"]) for row in csv.DictReader(lines)]
    return {term: full for term, full in rows if re.fullmatch(r"[A-Z][A-Z0-9-]+", term) and full}


_ACRONYMS = _read_glossary()


def expand(text: str) -> str:
    """The text with what its acronyms stand for after it, so that a name can be looked up in either form."""
    return " ".join([text, *(full for term, full in _ACRONYMS.items() if re.search(rf"\b{term}\b", text)),
                     *(term for term, full in _ACRONYMS.items() if full in text)])  # fmt: skip


_same_words = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, SAME), key=len, reverse=True))})\b(?! of\b)")
_HOLDS_BACK = re.compile(
    r"\b(?:not|no|never|only|if|unless|except|neither|without|cannot|few|three|four|five|six|both)\b", re.I
)


def _other_words(claim: str, rng: random.Random) -> str | None:
    """Some words for words that mean the same."""
    found = list(_same_words.finditer(lower_first(claim)))
    text = lower_first(claim)
    chosen = rng.sample(found, min(len(found), rng.randint(1, 4)))
    for one in sorted(chosen, key=re.Match.start, reverse=True):
        text = text[: one.start()] + rng.choice(SAME[one[0]]) + text[one.end() :]
    text = re.sub(r"\ban (?=[b-df-gj-np-tv-z][a-z])", "a ", re.sub(r"\ba (?=[aeio][a-z](?!ro|e\b))", "an ", text))
    return upper_first(text) if found else None


def _aside_dropped(claim: str, rng: random.Random) -> str | None:
    """Without a bracket, a relative clause between commas, or a second main clause."""
    for pattern in (r" \([^()]*\)", r", (?:which|who|whose|where) [^,;()]+(?=[,.]$|,)", r"; [^;]*(?=\.$)",
                    r", (?:but|while|whereas|although|so|because|since) [^,;]+(?=\.$)"):  # fmt: skip
        found = re.search(pattern, claim)
        if found and not re.search(r"\b(?:not|no|only|if|unless|neither)\b", claim[: found.start()]):
            rest = claim[: found.start()] + claim[found.end() :].replace(",", "", found[0].startswith(", wh"))
            return rest if len(rest.split()) > 5 else None
    return None


_LIST = re.compile(
    r"(?<=\w), (?P<b>[\w’'-]+(?: [\w’'-]+){0,2}),? and (?P<c>[\w’'-]+(?: [\w’'-]+)?)"
    rf"(?=[.,;]| {_any('in on by at during after were are have had should must may can will shall')})"
)


def _list(claim: str) -> re.Match[str] | None:
    """The end of a list of names or of things, which is no part of a name itself."""
    found = None if re.match(r"(?:As|When|If|In|Since|Although|While|After|Before)\b", claim) else _LIST.search(claim)
    alike = found and any(all(map(fits, (found["b"], found["c"]))) for fits in (_is_plural, _is_name))
    return found if found and alike and not any(found[0] in full for full in _ACRONYMS.values()) else None


def _is_plural(words: str) -> bool:
    return words.endswith("s") and words.islower()


def _is_name(words: str) -> bool:
    return all(word[0].isupper() for word in words.split())


def _list_in_other_order(claim: str, rng: random.Random) -> str | None:
    found = _list(claim)
    joined = f", {found['c']} and {found['b']}" if found else ""
    return claim[: found.start()] + joined + claim[found.end() :] if found else None


def _item_dropped(claim: str, rng: random.Random) -> str | None:
    found = None if _HOLDS_BACK.search(claim) else _list(claim)
    return f"{claim[: found.start()]} and {found['c']}{claim[found.end() :]}" if found else None


def _number_in_other_form(claim: str, rng: random.Random) -> str | None:
    if found := re.search(r"\babout (?=\d)", claim):
        return claim.replace(found[0], rng.choice(("some ", "roughly ", "approximately ")), 1)
    for found in NUMBER.finditer(claim):
        value = number_value(found[0]) or 0
        other = str(value) if found[0] in _NUMBER_WORDS else _SPELT.get(value, str(value))
        if other != found[0] and value > 1:
            return claim[: found.start()] + other + claim[found.end() :]
    return None


_DAY = re.compile(rf"\b(?:on )?(?P<day>\d\d?) (?P<month>{_MONTH}) (?P<year>\d{{4}})")


def _date_in_other_form(claim: str, rng: random.Random) -> str | None:
    """The month before the day, or no day, or no month."""
    if found := _DAY.search(claim):
        day, month, year, on = found["day"], found["month"], found["year"], found[0].startswith("on")
        ways = [f"{'on ' * on}{month} {day}, {year}", f"in {month} {year}" if on else "", f"in {year}" if on else ""]
        return claim[: found.start()] + rng.choice([way for way in ways if way]) + claim[found.end() :]
    if found := re.search(rf"\b([Ii]n) (?:{_MONTH}) (\d{{4}})", claim):
        return claim[: found.start()] + f"{found[1]} {found[2]}" + claim[found.end() :]
    return None


def _acronym(claim: str, rng: random.Random) -> str | None:
    """An acronym written out, or a name shortened to its acronym."""
    ways = []
    for term, full in _ACRONYMS.items():
        padded = f" {claim} "
        if f" {term} " in padded and full not in claim:
            ways.append(re.sub(rf"\b{term}\b(?!-)", full, claim, count=1))
        elif f" {full} " in padded and f"({term}" not in claim:
            ways.append(claim.replace(full, term, 1))
    return rng.choice(ways) if ways else None


def _opening_moved(claim: str, rng: random.Random) -> str | None:
    """Time and place from the beginning to the end, or from the end to the beginning."""
    where = rf"(?:{'|'.join(COUNTRIES)})"
    when = rf"(?:(?:{_MONTH}) )?\d{{4}}"
    if found := re.match(rf"(In (?:{when}|{where})),? (?!and\b|to\b|or\b)([^,;]+)\.$", claim):
        if rng.random() < 0.3 and found[1][-1].isdigit():
            return f"It was {lower_first(found[1])} that {lower_first(found[2])}."
        return f"{upper_first(found[2])} {lower_first(found[1])}."
    if found := re.match(rf"([A-Z][^,;]+) (in (?:{when}|{where}))\.$", claim):
        return f"{upper_first(found[2])}, {lower_first(found[1])}."
    return None


def _framed(claim: str, rng: random.Random) -> str | None:
    frame = rng.choice(("According to the text, {}.", "The passage says that {}.", "It is stated that {}.",
                        "As the document puts it, {}.", "We read that {}."))  # fmt: skip
    return frame.format(lower_first(claim[:-1])) if rng.random() < 0.3 else None


def _voice(claim: str, rng: random.Random) -> str | None:
    """Active for passive and passive for active."""
    if found := PASSIVE.fullmatch(claim):
        return f"{upper_first(found['other'])} {PASTS[found['verb']]} {lower_first(found['one'])}{found['rest']}"
    if found := ACTIVE.fullmatch(claim):
        plural = re.search(r"(?:\w[^s]s|people|women|men|children|police)$", found["other"])
        be = "were" if plural and not re.match(r"a |an |[A-Z]", found["other"]) else "was"
        done = f"{be} {_PARTICIPLES[found['verb']]}"
        return f"{upper_first(found['other'])} {done} by {lower_first(found['one'])}{found['rest']}"
    return None


def _possessive(claim: str, rng: random.Random) -> str | None:
    countries = "|".join(one for one in COUNTRIES if " " not in one)
    if found := re.search(rf"\b[Tt]he ([a-z]+) of ({countries})\b", claim):
        return claim[: found.start()] + f"{found[2]}'s {found[1]}" + claim[found.end() :]
    if found := re.search(
        rf"\b({countries})['’]s ([a-z]+)(?= (?:is|are|was|were|has|have|had|in|on|with|to)\b|[.,])", claim
    ):
        return upper_first(claim[: found.start()] + f"the {found[2]} of {found[1]}" + claim[found.end() :])
    return None


REWORDINGS: tuple[Rewording, ...] = (
    _other_words, _aside_dropped, _list_in_other_order, _item_dropped, _number_in_other_form, _date_in_other_form,
    _acronym, _opening_moved, _framed, _voice, _possessive,
)  # fmt: skip


def reword(claim: str, changes: int, rng: random.Random) -> str:
    """The claim after at most so many operations that keep its meaning; itself where none fits."""
    for rewording in rng.sample(REWORDINGS, len(REWORDINGS)):
        if changes and (other := rewording(claim, rng)):
            claim, changes = other, changes - 1
    return claim
