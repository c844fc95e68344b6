"""Acronyms as documents introduce them: "security sector reform (SSR)".

The words before the bracket are matched letter by letter from the acronym, after Schwartz and Hearst (PSB 2003),
more strictly: every word but the small ones must give its first letter, and may go on giving the letters that
follow ("Kosovo Force (KFOR)"). What does not fit is left out: a wrong expansion misleads every search for it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

_BRACKET = re.compile(r"\(([A-Z][A-Za-z0-9&/.-]{1,11})\)")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_BREAK = re.compile(r"[.;:!?()\[\]\"“”]")
_SMALL = frozenset(
    (
        *("a", "an", "and", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "with"),
        *("de", "des", "du", "et", "la", "le", "les", "pour"),
    )
)
_HYPHENS = ("-", "‐", "‑")
_LONGEST = 90  # characters between the first word and the bracket


def acronyms_in(text: str) -> Counter[tuple[str, str]]:
    """How often each (acronym, expansion) is introduced in a text.

    >>> acronyms_in("Disarmament, demobilization and reintegration (DDR) and reform (AIR).")
    Counter({('DDR', 'Disarmament, demobilization and reintegration'): 1})
    """
    found: Counter[tuple[str, str]] = Counter()
    for bracket in _BRACKET.finditer(text):
        acronym = bracket[1].rstrip("s") if bracket[1][:-1].isupper() else bracket[1]
        if sum(letter.isupper() for letter in acronym) < 2:
            continue
        before = text[max(0, bracket.start() - _LONGEST) : bracket.start()]
        if expansion := _expansion(before, acronym):
            found[acronym, " ".join(expansion.split())] += 1
    return found


def most_frequent(counts: Mapping[tuple[str, str], int]) -> dict[str, str]:
    """For each acronym the expansion that stands most often, capitals apart; ties go to the alphabet."""
    totals: dict[str, Counter[str]] = {}
    spelling: dict[str, Counter[str]] = {}
    for (acronym, expansion), count in counts.items():
        totals.setdefault(acronym, Counter())[expansion.casefold()] += count
        spelling.setdefault(expansion.casefold(), Counter())[expansion] += count
    best = {acronym: _first(counter) for acronym, counter in sorted(totals.items())}
    return {acronym: _first(spelling[folded]) for acronym, folded in best.items()}


def _first(counter: Counter[str]) -> str:
    return min(counter.items(), key=lambda item: (-item[1], item[0]))[0]


def _expansion(before: str, acronym: str) -> str | None:
    """The shortest run of two or more words up to the end of `before` whose letters make the acronym."""
    clause = before[max((found.end() for found in _BREAK.finditer(before)), default=0) :]
    letters = re.sub(r"[^a-z0-9]", "", acronym.lower())
    words = list(_WORD.finditer(clause))
    for start in reversed(range(len(words) - 1)):
        first = words[start]
        if first[0].lower() in _SMALL or clause[first.start() - 1 : first.start()] in _HYPHENS:
            continue
        if _fits([word[0].lower() for word in words[start:]], letters):
            return clause[first.start() :].strip(" ,-–—")
    return None


def _fits(words: list[str], letters: str) -> bool:
    """Whether the letters can be read off the words in order, each word but the small ones giving its first."""
    read = {0}  # how many letters may have been read after the words so far
    for word in words:
        going_on = {count + taken for count in read for taken in _takeable(word, letters[count:])}
        read = going_on | read if word in _SMALL else going_on
    return len(letters) in read


def _takeable(word: str, letters: str) -> Iterator[int]:
    """How many letters the word can give: its first, and then any that follow in it in order."""
    taken = 0
    for position, letter in enumerate(word):
        if taken < len(letters) and letter == letters[taken] and (taken or position == 0):
            taken += 1
            yield taken
        elif position == 0:
            return
