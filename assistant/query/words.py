"""Words of a question or a text: which carry content, and which are the same word in another form."""

import re
from functools import lru_cache

WORD = re.compile(r"[^\W_]+(?:['’./-][^\W_]+)*")


def word_set(words: str) -> frozenset[str]:
    """A set of words written out as a text."""
    return frozenset(words.split())


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
STOP_WORDS = word_set(
    """a about above after again all also am an and any are as at be became because become been before being between
    both but by can cannot could did do does doing down during each etc ever few for from further get give given
    gives had has have having he her here hers him his how however i if in into is it its itself just kind like made
    make many may me might more most much must my no nor not of off on once one only or other ought our out over own
    per please put same shall she should so some sort such take tell than that the their them then there these they
    thing things this those through to too under until up upon us use used very was we were what when where whether
    which while who whom whose why will with within without would you your according say says said mean means meant
    explain describe show know want need let concerning regarding related timeline chronology compare compared
    comparison difference differences differ differs different versus vs list define definition summary summarise
    summarize overview stand stands term concept meaning"""
)

_SUFFIX = re.compile(r"(?:ings?|ers?|ors?|ed|es|s|e|ly)$")
_STEM = 7  # letters: "integrated" and "integration", "parliament" and "parliamentary" share them


def content_terms(text: str) -> tuple[str, ...]:
    """The words of a question that carry its content, lower case, in order, each once."""
    words = (match[0].replace("’", "'").casefold().removesuffix("'s") for match in WORD.finditer(text))
    return tuple(dict.fromkeys(word for word in words if word not in STOP_WORDS and (len(word) > 1 or word.isdigit())))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What the forms of a word share, roughly.

    Coarser than the full text's Porter stems, and used only to see whether a sentence holds a word of the question.

    >>> {stem(word) for word in ("vetting", "vetted", "vets")}
    {'vet'}
    """
    word = word.casefold().replace("’", "'").removesuffix("'s")
    if not word.isalpha() or len(word) < 4:
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    shorter = _SUFFIX.sub("", word)
    word = shorter if len(shorter) >= 3 else word
    if len(word) > 3 and word[-1] == word[-2] and word[-1] != "s":
        word = word[:-1]
    return word[:_STEM]


def stems(text: str) -> frozenset[str]:
    """The stems of all words of a text; of words joined by hyphen or stroke also those of the parts."""
    found = set()
    for match in WORD.finditer(text):
        found.add(stem(match[0]))
        if not match[0].isalpha():
            found.update(stem(part) for part in re.findall(r"[^\W_]+", match[0]))
    return frozenset(found)
